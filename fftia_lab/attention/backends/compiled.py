"""Butterfly attention with one compiled meeting for all lengths, strides and wirings.

A loop over stages that is compiled as a whole is compiled anew for every depth. Here rows that hear
and rows that are heard are laid side by side, so that all stages look alike.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import torch
from torch import Tensor

from ...tensors import widened
from .job import Job
from .stages import Side, Stage, met


def meet(
    own: Tensor, partner: Tensor, bilinear: Tensor, sides: tuple[Side, Side] | None
) -> tuple[Tensor, Tensor]:
    """Let rows hear their partners, and their partners hear them; all (batch, heads, rows, d)."""
    delta, v = _differences(own, partner, bilinear, sides)
    gate, back = (own * v).sum(-1, keepdim=True), -(partner * v).sum(-1, keepdim=True)
    gate, back = gate.sigmoid(), back.sigmoid()
    if sides is not None:
        gate, back = sides[0].settle(gate), sides[1].settle(back)
    return own + gate * delta, partner - back * delta


def hear(own: Tensor, partner: Tensor, bilinear: Tensor, sides: tuple[Side] | None) -> Tensor:
    """Let rows hear partners that need not hear them."""
    delta, v = _differences(own, partner, bilinear, sides)
    gate = (own * v).sum(-1, keepdim=True).sigmoid()
    return own + (gate if sides is None else sides[0].settle(gate)) * delta


def _differences(
    own: Tensor, partner: Tensor, bilinear: Tensor, sides: tuple[Side, ...] | None
) -> tuple[Tensor, Tensor]:
    delta = partner - own
    if sides is not None:
        delta = delta.where(met(sides), 0)
    return delta, delta @ bilinear


Compiled = Callable[..., Any]


@cache
def compiled(meeting: Compiled) -> Compiled:
    """Return the meeting compiled for every length; the first call takes seconds."""
    return torch.compile(meeting, dynamic=True, fullgraph=True)


def attend(job: Job) -> tuple[Tensor, list[Tensor]]:
    """Return x after all stages, and no gates."""
    bilinear, layout = job.bilinear(job.working), job.layout()
    x = widened(job.padded(layout.places))
    for number, stage in enumerate(layout.stages):
        if stage.rows:
            own, partner = stage.own(x), stage.partner(x)
            sides = own, partner.expand(own.shape)
            # one layout, one compilation
            own_rows, heard = (side.flatten(2, -2).contiguous() for side in sides)
            own, partner = _after(stage, own_rows, heard, bilinear[number], own.shape)
        x = stage.join(x, own, partner)
    return x.to(job.x.dtype), []


def _after(
    stage: Stage, own: Tensor, partner: Tensor, bilinear: Tensor, shape: torch.Size
) -> tuple[Tensor, Tensor]:
    if not stage.mutual:
        own = compiled(hear)(own, partner, bilinear, stage.sides)
    else:
        own, partner = compiled(meet)(own, partner, bilinear, stage.sides)
    return own.view(shape), partner.view(shape)
