"""Butterfly attention, hand-derived: one product of differences a stage, in place, own gradient.

With M = W_q W_kᵀ/√d and δ = x_partner - x_own, the gate σ(q·(k_partner - k_own)/√d) is σ(x_own·v)
for v = δ Mᵀ. Of a pair that hears each other the second gate is σ(-x_partner·v): one product of N/2
rows serves all N gates. The gradient follows from the same differences; who wants to differentiate
it again gets the gradient of the plain form, which PyTorch can.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor

from ...tensors import widened
from . import plain
from .job import Job
from .layout import Layout
from .stages import Stage

CACHE = 4 << 20  # bytes: what is worked on at a time should stay in a processor's cache


def attend(job: Job) -> tuple[Tensor, list[Tensor]]:
    """Return x after all stages, and no gates."""
    bilinear, layout = job.bilinear(job.working), job.layout()
    if torch.is_grad_enabled() and (job.x.requires_grad or bilinear.requires_grad):
        x = job.padded(layout.places)
        return _Attend.apply(x, bilinear, layout), []  # type: ignore[no-untyped-call]
    y = _with_room(job.x, layout.room)
    for rows, heads in _portions(y):
        for step in layout.steps(_at_once(y)):
            _meet(step.stage.of(rows), y[rows, heads, step.after], bilinear[step.number, heads])
    return y.to(job.x.dtype), []


def _with_room(x: Tensor, room: int) -> Tensor:
    """Return a copy of x, followed by zeros, to work in; of 16 bits in float32."""
    batch, heads, places, d = x.shape
    working = torch.promote_types(x.dtype, torch.float32)
    y = x.new_empty(batch, heads, room, d, dtype=working)
    y[:, :, :places] = x
    y[:, :, places:] = 0
    return y


def _at_once(x: Tensor) -> int:
    """Return how many places of a head fit into the cache; on a GPU all that there are."""
    size = x.shape[3] * x.element_size()
    return CACHE // size if x.device.type == "cpu" else x.shape[2]


def _portions(x: Tensor) -> Iterator[tuple[slice, slice]]:
    """Yield slices of batch and heads small enough for the cache; on a GPU all at once."""
    batch, heads, tokens, d = x.shape
    size = tokens * d * x.element_size() if x.device.type == "cpu" else 0
    at_once = CACHE // size if size else batch * heads
    wide = min(max(at_once, 1), heads)
    tall = max(at_once // heads, 1)
    for row in range(0, batch, tall):
        for head in range(0, heads, wide):
            yield slice(row, row + tall), slice(head, head + wide)


def _meet(stage: Stage, x: Tensor, bilinear: Tensor) -> list[Tensor]:
    """Let the tokens of x meet, in place; return their gates."""
    own, partner = stage.both(x)  # (b, h, …, d), views
    delta, v = _differences(stage, x, own, bilinear)
    other = [] if partner is None else [_dot(partner, v).neg_().sigmoid_()]
    gates = [_sum(v.mul_(own)).sigmoid_(), *other]  # in place: v is not read again
    if stage.sides is not None:
        gates = [side.settle(gate) for side, gate in zip(stage.sides, gates, strict=True)]
    if partner is not None:
        partner.addcmul_(gates[1], delta, value=-1)
    own.addcmul_(gates[0], delta)
    if stage.rest:
        x[:, :, stage.size : stage.size + stage.rest] = _last(stage, x)
    return gates


def _last(stage: Stage, x: Tensor) -> Tensor:
    """Return the places that are doubled after a stage."""
    return x[:, :, stage.size - stage.rest : stage.size]


def _differences(stage: Stage, x: Tensor, own: Tensor, bilinear: Tensor) -> tuple[Tensor, Tensor]:
    """Return δ and v = δ Mᵀ in the shape of the rows that hear; 0 where nobody meets."""
    delta = torch.empty_like(own, memory_format=torch.contiguous_format)  # (b, h, …, d)
    stage.subtract(x, delta)
    rows = delta.flatten(2, -2)  # (b, h, r, d), a view
    if stage.met is not None:
        rows.masked_fill_(~stage.met, 0)
    return delta, (rows @ bilinear).view(delta.shape)  # (b, h, r, d) @ (h, d, d)


def _dot(first: Tensor, second: Tensor) -> Tensor:
    """Return the products of matching rows, with one channel."""
    return _sum(first * second)


def _sum(products: Tensor) -> Tensor:
    return products.sum(-1, keepdim=True)  # (b, h, …, 1)


class _Attend(torch.autograd.Function):
    """All stages with their gradient; keeps the input of every stage and the gates."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, bilinear: Tensor, layout: Layout) -> Tensor:
        batch, heads_, places, d = x.shape
        stages = layout.stages
        states = [x.new_empty(batch, heads_, stage.size, d) for stage in stages[1:]]
        y = _with_room(x, layout.room)
        gates = []
        for rows, heads in _portions(y):
            for step in layout.steps(_at_once(y)):
                if step.number:
                    state = states[step.number - 1]
                    state[rows, heads, step.before] = y[rows, heads, step.before]
                part = y[rows, heads, step.after]
                gates += _meet(step.stage.of(rows), part, bilinear[step.number, heads])
        ctx.save_for_backward(x, bilinear, *states, *gates)
        ctx.layout = layout
        return y[:, :, :places].to(x.dtype)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, Tensor | None, None]:
        x, bilinear, *kept = ctx.saved_tensors
        stages = ctx.layout.stages
        before, gates = [x, *kept[: len(stages) - 1]], kept[max(len(stages) - 1, 0) :]
        if torch.is_grad_enabled() or _is_batch(gradient):
            return *_through_plain(x, bilinear, stages, gradient, ctx.needs_input_grad), None
        places = x.shape[2]
        gradient = _with_room(gradient, ctx.layout.room)
        weights = torch.zeros_like(bilinear)
        steps = [*ctx.layout.steps(_at_once(gradient))]
        for rows, heads in reversed([*_portions(gradient)]):
            for step in reversed(steps):
                stage = step.stage.of(rows)
                state = widened(before[step.number][rows, heads, step.before])
                part = gradient[rows, heads, step.after]
                both = [gates.pop() for _ in range(1 + stage.mutual)][::-1]
                if stage.rest:
                    _last(stage, part).add_(part[:, :, stage.size :])
                slope = _back(stage, state, bilinear[step.number, heads], both, part)
                weights[step.number, heads] += slope
        return gradient[:, :, :places].to(x.dtype), weights, None


def _is_batch(gradient: Tensor) -> bool:
    """Whether vmap asks for many gradients at once, which in-place work cannot give."""
    kinds = torch._C._functorch
    return kinds.is_batchedtensor(gradient) or kinds.is_legacy_batchedtensor(gradient)


def _through_plain(
    x: Tensor, bilinear: Tensor, stages: Sequence[Stage], gradient: Tensor, wanted: Sequence[bool]
) -> tuple[Tensor | None, Tensor | None]:
    """Return the gradients of x and Mᵀ by PyTorch, which can differentiate and batch them."""
    again = torch.is_grad_enabled()
    with torch.enable_grad():
        y = plain.run(x, bilinear, stages)[0][:, :, : x.shape[2]]
    leaves = [leaf for leaf, want in zip((x, bilinear), wanted, strict=False) if want]
    found = iter(torch.autograd.grad(y, leaves, gradient, create_graph=again))
    first, second = (next(found) if want else None for want in wanted[:2])
    return first, second


def _back(
    stage: Stage, x: Tensor, bilinear: Tensor, gates: list[Tensor], gradient: Tensor
) -> Tensor:
    """Turn the gradient of a stage's output into that of its input, in place; return that of Mᵀ.

    With s and t the slopes of both scores: the gradient of v is w = s x_own + t x_partner, that of
    δ is w M + g G_own - h G_partner, and that of Mᵀ is δᵀ w. Derived in README.md beside this file.
    """
    own, partner = stage.both(x)  # (b, h, …, d), views, as are the next two
    to_own, to_partner = stage.both(gradient)
    delta, v = _differences(stage, x, own, bilinear)
    slope = _dot(to_own, delta).mul_(gates[0] * (1 - gates[0]))  # (b, h, …, 1)
    to_v = slope * own
    to_delta = gates[0] * to_own
    if partner is not None and to_partner is not None:
        other = _dot(to_partner, delta).mul_(gates[1] * (1 - gates[1]))
        to_v.addcmul_(other, partner)
        to_delta.addcmul_(gates[1], to_partner, value=-1)
        to_partner.addcmul_(other, v)
    to_rows = to_v.flatten(2, -2)  # (b, h, r, d)
    to_delta.view(to_rows.shape).add_(to_rows @ bilinear.mT)
    if stage.met is not None:
        to_delta.view(to_rows.shape).masked_fill_(~stage.met, 0)
    to_own.addcmul_(slope, v).sub_(to_delta)
    stage.give(gradient, to_delta)
    return (delta.view(to_rows.shape).mT @ to_rows).sum(0)  # (h, d, d)
