"""Butterfly attention with one compiled stage for all lengths and all strides.

A loop over stages that is compiled as a whole is compiled anew for every depth. Here the tokens are
shuffled so that all stages look alike: neighbours 2i and 2i + 1 meet, and go to i and i + N/2.
After log2(N) rising strides everyone is home; falling strides run the shuffle backwards.

Source: Pease (1968), doi:10.1145/321450.321457.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import torch
from torch import Tensor

from .job import Job
from .stages import Pairs


def neighbours(x: Tensor, real: Tensor, bilinear: Tensor, causal: bool) -> tuple[Tensor, Tensor]:
    """Let tokens 2i and 2i + 1 meet; they go to i and i + N/2."""
    first, second = x[:, :, 0::2], x[:, :, 1::2]
    real_first, real_second = real[:, 0::2], real[:, 1::2]
    both = _meet(first, second, bilinear, real_first & real_second, causal)
    return torch.cat(both, 2), torch.cat((real_first, real_second), 1)


def halves(x: Tensor, real: Tensor, bilinear: Tensor, causal: bool) -> tuple[Tensor, Tensor]:
    """Let tokens i and i + N/2 meet; they go to 2i and 2i + 1."""
    first, second = x.chunk(2, 2)
    real_first, real_second = real.chunk(2, 1)
    both = _meet(first, second, bilinear, real_first & real_second, causal)
    return torch.stack(both, 3).flatten(2, 3), torch.stack((real_first, real_second), 2).flatten(1)


def hear(own: Tensor, partner: Tensor, bilinear: Tensor, met: Tensor) -> Tensor:
    """Let each token hear a partner that need not hear it."""
    delta = (partner - own).where(met, 0)
    return own + (own * (delta @ bilinear)).sum(-1, keepdim=True).sigmoid() * delta


def _meet(
    first: Tensor, second: Tensor, bilinear: Tensor, met: Tensor, causal: bool
) -> tuple[Tensor, Tensor]:
    delta = (second - first).where(met[:, None, :, None], 0)
    v = delta @ bilinear
    back = (-second * v).sum(-1, keepdim=True).sigmoid()
    if causal:
        return first, second - back * delta
    gate = (first * v).sum(-1, keepdim=True).sigmoid()
    return first + gate * delta, second - back * delta


Compiled = Callable[..., Any]


@cache
def compiled(stage: Compiled) -> Compiled:
    """Return the stage compiled for every length; the first call takes seconds."""
    return torch.compile(stage, dynamic=True, fullgraph=True)


def attend(job: Job) -> tuple[Tensor, list[Tensor]]:
    """Return x after all stages, and no gates."""
    x, bilinear, stages = job.x, job.bilinear(), job.stages()
    if stages and isinstance(stages[0], Pairs):
        return _pairs(job, bilinear), []
    for number, stage in enumerate(stages):
        own, partner = stage.own(x), stage.partner(x)
        met = stage.met
        if met is None:
            met = x.new_ones(1, 1, own.shape[2], 1, dtype=torch.bool)
        own = compiled(hear)(own, partner, bilinear[number], met)
        x = stage.join(x, own, partner)
    return x, []


def _pairs(job: Job, bilinear: Tensor) -> Tensor:
    x, real, strides = job.x, job.real, job.schedule.strides
    if real is None:
        real = x.new_ones(len(x), x.shape[2], dtype=torch.bool)
    falling = len(strides) > 1 and strides[0] > strides[1]
    for number, stride in enumerate(strides):
        if number and stride < strides[number - 1] and not falling:
            # a Beneš network turns round: its last shuffle is taken back
            falling = True
            x = torch.stack(x.chunk(2, 2), 3).flatten(2, 3)
            real = torch.stack(real.chunk(2, 1), 2).flatten(1)
        stage = compiled(halves if falling else neighbours)
        x, real = stage(x, real, bilinear[number], job.schedule.causal)
    return x
