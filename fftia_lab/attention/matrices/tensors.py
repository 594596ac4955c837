"""The matrices that butterfly attention multiplies by, from its gates, in PyTorch.

The layer never makes them: they are what it does, for eyes and tests.
"""

from __future__ import annotations

import torch
from torch import Tensor

from ...schedule import Schedule
from ..backends.layout import gathers_of


def _partners(gates: Tensor, schedule: Schedule, mask: Tensor | None) -> list[Tensor]:
    """Return whom each place hears, (batch or 1, places) a stage."""
    stages = gathers_of(schedule, gates.shape[-1], mask, gates.device)
    return [stage.index for stage in stages]


def stage_matrices(gates: Tensor, schedule: Schedule, mask: Tensor | None = None) -> Tensor:
    """Return the matrix of every stage: row i holds 1 - g_i at i, and g_i at its partner.

    Args:
        gates: shape (stages, batch, heads, places), as `butterfly_attention` returns them.
        schedule: the wiring.
        mask: bool of shape (batch, n), true for a real token; None if all places hold one.

    Returns:
        shape (stages, batch, heads, places, places).

    >>> from fftia_lab import ButterflySchedule
    >>> stage_matrices(torch.full((1, 1, 1, 2), 0.25), ButterflySchedule(2))[0, 0, 0]
    tensor([[0.7500, 0.2500],
            [0.2500, 0.7500]])
    """
    matrices = torch.diag_embed(1 - gates)
    partners = _partners(gates, schedule, mask)
    if not partners:
        return matrices
    index = torch.stack(partners)[:, :, None, :, None].expand(*gates.shape, 1)
    return matrices.scatter_add(4, index, gates.unsqueeze(-1))


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
    _, batch, heads, places = gates.shape
    heard = torch.eye(places, dtype=gates.dtype, device=gates.device)
    heard = heard.expand(batch, heads, places, places)
    for gate, partner in zip(gates, _partners(gates, schedule, mask), strict=True):
        index = partner[:, None, :, None].expand(heard.shape)
        heard = torch.lerp(heard, heard.gather(2, index), gate.unsqueeze(-1))
    if mask is None:
        return heard
    n = mask.shape[1]
    own = torch.eye(n, dtype=gates.dtype, device=gates.device)
    return heard[..., :n, :n].where(mask[:, None, :, None], own)
