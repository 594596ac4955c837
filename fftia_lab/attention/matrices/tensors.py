"""The matrices that butterfly attention multiplies by, from its gates, in PyTorch.

The layer never makes them: they are what it does, for eyes and tests.
"""

from __future__ import annotations

import torch
from torch import Tensor

from ...schedule import Schedule, ShiftSchedule
from ..backends.stages import gathers_of


def _partners(gates: Tensor, schedule: Schedule, mask: Tensor | None) -> list[Tensor]:
    """Return whom each token hears, (batch or 1, n) a stage; anybody where its gate is 0."""
    n = gates.shape[-1]
    size = n if isinstance(schedule, ShiftSchedule) else schedule.size
    real = mask
    if real is not None:
        real = torch.nn.functional.pad(real, (0, size - n))
    stages = gathers_of(schedule, size, real, gates.device)
    return [stage.index[:, :n].clamp(max=n - 1) for stage in stages]


def stage_matrices(gates: Tensor, schedule: Schedule, mask: Tensor | None = None) -> Tensor:
    """Return the matrix of every stage: row i holds 1 - g_i at i, and g_i at its partner.

    Args:
        gates: shape (stages, batch, heads, n), as `butterfly_attention` returns them.
        schedule: the wiring.
        mask: bool of shape (batch, n), true for a real token.

    Returns:
        shape (stages, batch, heads, n, n).

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

    A ← (1 - g) A + g A[partner]: n numbers a token and stage instead of n².

    Args:
        gates, schedule, mask: as in `stage_matrices`.

    Returns:
        shape (batch, heads, n, n), not negative; every row sums to 1.

    >>> from fftia_lab import ButterflySchedule
    >>> attention_matrix(torch.full((2, 1, 1, 4), 0.5), ButterflySchedule(4))[0, 0, 0]
    tensor([0.2500, 0.2500, 0.2500, 0.2500])
    """
    _, batch, heads, n = gates.shape
    heard = torch.eye(n, dtype=gates.dtype, device=gates.device).expand(batch, heads, n, n)
    for gate, partner in zip(gates, _partners(gates, schedule, mask), strict=True):
        index = partner[:, None, :, None].expand(heard.shape)
        heard = torch.lerp(heard, heard.gather(2, index), gate.unsqueeze(-1))
    return heard
