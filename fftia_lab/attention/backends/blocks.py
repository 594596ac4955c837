"""Butterfly attention of any radix: PyTorch's dense attention on the groups that meet.

With M = W_q W_kᵀ/√d the scores of a group are x M xᵀ, so that inside heads one product makes its
queries and the members are keys and values as they stand. With radix 2 it is slower than the pair
form; with the radix of all tokens it is dense attention.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor
from torch.nn.functional import pad, scaled_dot_product_attention

from ...schedule import ButterflySchedule
from ...tensors import widened
from .job import Job
from .stages import across

FUSED = 64  # groups from which on the fused kernel is faster, forwards and with gradients

Mix = Callable[[Tensor, Tensor, Tensor, Tensor | None], tuple[Tensor, Tensor | None]]


def attend(job: Job) -> tuple[Tensor, list[Tensor]]:
    """Return x after all stages, and no gates."""
    return run(job, _dense)


def run(job: Job, mix: Mix) -> tuple[Tensor, list[Tensor]]:
    """Return x after all stages, and what members weigh if `mix` says so.

    Args:
        job: whose schedule is a butterfly.
        mix: from scaled queries, keys and values, (batch, heads, groups, width, d), and a mask, to
            the mixed values and the weights.
    """
    assert isinstance(job.schedule, ButterflySchedule)  # nothing else can be wide
    schedule, n = job.schedule, job.x.shape[2]
    x, found = job.x, []
    ask = _asking(job)
    sizes = _whole_blocks(schedule, n)
    for number, hears in enumerate(_hears(job, sizes)):
        stride, width = schedule.strides[number], schedule.widths[number]
        x = pad(x, (0, 0, 0, max(sizes[number] - x.shape[2], 0)))
        query, key, value = (_grouped(part, width, stride) for part in (*ask(x, number), x))
        mixed, weights = mix(query, key, value, _dropped(hears, value, job.dropout))
        x = _placed(mixed, width, stride)
        if weights is not None:
            if hears is not None:
                weights = weights.where(hears.any(-1, keepdim=True), 0)
            found.append(_listed(weights, schedule, stride))
    return x, found


def _whole_blocks(schedule: ButterflySchedule, n: int) -> list[int]:
    """Return how many places each stage works on: whole blocks, up to the last that holds any."""
    blocks = (a * b for a, b in zip(schedule.strides, schedule.widths, strict=True))
    return [-(-m // size) * size for m, size in zip(schedule.visited(n), blocks, strict=True)]


def _asking(job: Job) -> Callable[[Tensor, int], tuple[Tensor, Tensor]]:
    """Return what makes scaled queries and keys of x in a stage."""
    if not job.mix_heads:
        bilinear = job.bilinear().mT
        return lambda x, number: (x @ bilinear[number], x)
    scaled = widened(job.w_q) * job.x.shape[-1] ** -0.5
    w_q, w_k = (job.per_stage(w.to(job.x.dtype)) for w in (scaled, job.w_k))
    return lambda x, number: (across(x, w_q[number]), across(x, w_k[number]))


def _hears(job: Job, sizes: list[int]) -> Iterator[Tensor | None]:
    """Yield whom each member of a group hears, (batch or 1, 1, groups, width, width), or None."""
    schedule, n = job.schedule, job.x.shape[2]
    assert isinstance(schedule, ButterflySchedule)
    if job.real is None and n == schedule.size and not schedule.causal:
        yield from [None] * schedule.depth
        return
    real = job.x.new_ones(1, n, dtype=torch.bool) if job.real is None else job.real
    real = pad(real, (0, schedule.size - n))
    for size, (hears, _) in zip(sizes, schedule.gatherings(real, torch), strict=True):
        yield hears[:, None, : size // hears.shape[-1]]


def _grouped(x: Tensor, width: int, stride: int) -> Tensor:
    """Return (batch, heads, places, d) as (batch, heads, groups, width, d)."""
    return torch.unflatten(x, 2, (-1, width, stride)).transpose(3, 4).flatten(2, 3)


def _placed(x: Tensor, width: int, stride: int) -> Tensor:
    """Return what `_grouped` was given."""
    return torch.unflatten(x, 2, (-1, stride)).transpose(3, 4).flatten(2, 4)


def _dropped(hears: Tensor | None, value: Tensor, dropout: float) -> Tensor | None:
    """Return the mask that softmax wants, with members skipped, and never an empty row."""
    own = torch.eye(value.shape[3], dtype=torch.bool, device=value.device)
    if dropout:
        kept = torch.rand((*value.shape[:4], value.shape[3]), device=value.device) >= dropout
        # whoever holds nothing skips nobody: else nothing would be there to hear
        asks = True if hears is None else (hears & own).any(-1, keepdim=True)
        kept = kept | own | torch.as_tensor(asks, device=value.device).logical_not()
        hears = kept if hears is None else hears & kept
    return None if hears is None else hears | (own & ~hears.any(-1, keepdim=True))


def _dense(query: Tensor, key: Tensor, value: Tensor, hears: Tensor | None) -> tuple[Tensor, None]:
    if value.shape[3] < FUSED:
        return scaled_dot_product_attention(query, key, value, attn_mask=hears, scale=1.0), None
    # PyTorch's fused kernels take four axes and no more: groups become heads
    shape = value.shape[:4]
    if hears is not None:
        hears = hears.expand(*shape, shape[3]).flatten(1, 2)
    query, key, value = (part.flatten(1, 2) for part in (query, key, value))
    mixed = scaled_dot_product_attention(query, key, value, attn_mask=hears, scale=1.0)
    return torch.unflatten(mixed, 1, shape[1:3]), None


def by_softmax(
    query: Tensor, key: Tensor, value: Tensor, hears: Tensor | None
) -> tuple[Tensor, Tensor]:
    """Mix by the definition, and return the weights too."""
    kind, (query, key, value) = value.dtype, map(widened, (query, key, value))
    scores = query @ key.mT
    if hears is not None:
        scores = scores.masked_fill(~hears, -torch.inf)
    weights = scores.softmax(-1)
    return (weights @ value).to(kind), weights


def _listed(weights: Tensor, schedule: ButterflySchedule, stride: int) -> Tensor:
    """Return weights of groups as those of places, (batch, heads, size, radix)."""
    width = weights.shape[-1]
    placed = _placed(weights, width, stride)
    return pad(placed, (0, schedule.radix - width, 0, schedule.size - placed.shape[2]))
