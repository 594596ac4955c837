"""The matrices that butterfly attention multiplies by, from its gates, in PyTorch.

The layer never makes them: they are what it does, for eyes and tests.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from ...schedule import ButterflySchedule, Schedule
from ..backends.layout import gathers_of


def _settled(
    gates: Tensor, schedule: Schedule, mask: Tensor | None
) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield the gates of each stage, 1 where a place copies, and whom each place hears."""
    stages = gathers_of(schedule, gates.shape[-1], mask, gates.device)
    for gate, stage in zip(gates, stages, strict=True):
        (side,) = stage.sides or ()
        yield side.settle(gate.unsqueeze(-1)).squeeze(-1), stage.index


def stage_matrices(gates: Tensor, schedule: Schedule, mask: Tensor | None = None) -> Tensor:
    """Return the matrix of every stage: row i holds 1 - g_i at i, and g_i at its partner.

    Args:
        gates: shape (stages, batch, heads, places), as `butterfly_attention` returns them; where
            more than two meet, (stages, batch, heads, places, radix).
        schedule: the wiring.
        mask: bool of shape (batch, n), true for a real token; None if all places hold one.

    Returns:
        shape (stages, batch, heads, places, places).

    >>> from fftia_lab import ButterflySchedule
    >>> stage_matrices(torch.full((1, 1, 1, 2), 0.25), ButterflySchedule(2))[0, 0, 0]
    tensor([[0.7500, 0.2500],
            [0.2500, 0.7500]])
    """
    if isinstance(schedule, ButterflySchedule) and schedule.wide:
        return _of_groups(gates, schedule)
    matrices = gates.new_zeros(*gates.shape, gates.shape[-1])
    for stage, (gate, partner) in enumerate(_settled(gates, schedule, mask)):
        index = partner[:, None, :, None].expand(*gate.shape, 1)
        matrices[stage] = torch.diag_embed(1 - gate).scatter_add(3, index, gate.unsqueeze(-1))
    return matrices


def attention_matrix(gates: Tensor, schedule: Schedule, mask: Tensor | None = None) -> Tensor:
    """Return the product of all stages, last times … times first, by pushing the identity through.

    A ← (1 - g) A + g A[partner]: n numbers a token and stage instead of n². A masked token keeps
    itself, whatever its place relayed.

    Args:
        gates, schedule, mask: as in `stage_matrices`.

    Returns:
        shape (batch, heads, n, n), not negative; every row sums to 1.

    >>> from fftia_lab import ButterflySchedule
    >>> attention_matrix(torch.full((2, 1, 1, 4), 0.5), ButterflySchedule(4))[0, 0, 0]
    tensor([0.2500, 0.2500, 0.2500, 0.2500])
    """
    _, batch, heads, places = gates.shape[:4]
    heard = torch.eye(places, dtype=gates.dtype, device=gates.device)
    heard = heard.expand(batch, heads, places, places)
    if schedule.wide:
        for stage in stage_matrices(gates, schedule, mask):
            heard = stage @ heard
        return _of_tokens(heard, mask)
    for gate, partner in _settled(gates, schedule, mask):
        index = partner[:, None, :, None].expand(heard.shape)
        heard = torch.lerp(heard, heard.gather(2, index), gate.unsqueeze(-1))
    return _of_tokens(heard, mask)


def _of_tokens(heard: Tensor, mask: Tensor | None) -> Tensor:
    """Return what tokens have heard, of what places have."""
    if mask is None:
        return heard
    n = mask.shape[1]
    own = torch.eye(n, dtype=heard.dtype, device=heard.device)
    return heard[..., :n, :n].where(mask[:, None, :, None], own)


def _of_groups(weights: Tensor, schedule: ButterflySchedule) -> Tensor:
    """Return stage matrices from the weights of members, (stages, batch, heads, size, radix)."""
    matrices = weights.new_zeros(*weights.shape[:4], weights.shape[3])
    for stage, width in enumerate(schedule.widths):
        groups = torch.from_numpy(schedule.groups(stage)).to(weights.device)
        members = weights[stage][:, :, groups, :width]
        matrices[stage][:, :, groups[:, :, None], groups[:, None, :]] = members
    return matrices
