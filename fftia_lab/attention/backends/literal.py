"""Butterfly attention as published, repaired: queries, keys, an index and a softmax over two.

It takes every wiring, and four times the products of the pair form. Here to be compared with.
"""

from __future__ import annotations

import torch
from torch import Tensor

from ...tensors import widened
from . import blocks
from .job import Job
from .layout import gathers_of
from .stages import across


def attend(job: Job) -> tuple[Tensor, list[Tensor]]:
    """Return x after all stages, and the gates of each, shape (batch, heads, tokens).

    Of groups, the weights of all members, shape (batch, heads, places, radix).
    """
    if job.schedule.wide:
        return blocks.run(job, blocks.by_softmax)
    n, gates = job.x.shape[2], []
    x = widened(job.padded(job.schedule.places(n)))
    w_q, w_k = (job.per_stage(w.to(x.dtype)) for w in (job.w_q, job.w_k))
    real = x.new_ones(1, n, dtype=torch.bool) if job.real is None else job.real
    stages = gathers_of(job.schedule, x.shape[2], real, x.device)
    for number, stage in enumerate(stages):
        weights = (w[number] for w in (w_q, w_k))
        query, key = (across(x, w) if job.mix_heads else x @ w for w in weights)
        keys = torch.stack((key, stage.partner(key)), 3)
        scores = (query.unsqueeze(3) * keys).sum(-1) * x.shape[-1] ** -0.5
        (side,) = stage.sides or ()
        gate = side.settle(scores.softmax(-1)[..., 1:])
        mixed = (1 - gate) * x + gate * stage.partner(x)
        x = mixed.where(side.hears, x)
        gates.append(gate.squeeze(-1))
    return x.to(job.x.dtype), gates
