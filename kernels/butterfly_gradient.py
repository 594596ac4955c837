"""The gradient of butterfly attention by fused kernels: one launch after another, the last first.

Nothing but the input is kept from the forward pass. Its launches are run again, which gives the
state before each and the gates of all stages; then each is walked back. README.md says why.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from ..schedule import PrefixSchedule, Schedule
from .butterfly_attention import (
    State,
    _next_state,
    contiguous_channels,
    contiguous_weights,
    empty_result,
    plan_of,
)
from .gradient_kernels import keep_gates, walk_back, weigh_stages
from .machine import on_device_of
from .plan import Launch, warps, width

PROGRAMS = 1024  # that share the sums for the weights of a launch, about, whatever the GPU


def gradient(
    to_y: Tensor,
    x: Tensor,
    bilinear: Tensor,
    schedule: Schedule,
    real: Tensor | None = None,
    *,
    precision: str = "ieee",
    tile: int | None = None,
) -> tuple[Tensor, Tensor]:
    """Return the gradients of `forward`'s x and Mᵀ, of that of its result.

    Of a pair with Δ = x_j - x_i, v = Δ Mᵀ, gates g, h and slopes s = (G_i·Δ) g (1 - g),
    t = (G_j·Δ) h (1 - h): w = s x_i + t x_j and D = w M + g G_i - h G_j give G_i + s v - D,
    G_j + t v + D, and Δᵀ w for Mᵀ.

    Args:
        to_y: of the shape and type of x, with any strides. Not read where a token is not real.
        x: as `forward` takes it, as are the others.
        bilinear: Mᵀ of every stage and head.
        schedule: the wiring.
        real: bool of shape (batch, n), true for a real token; None if all are.
        precision: of fp32 products, "ieee" or "tf32".
        tile: places a program holds; None for the plan's choice.

    Returns:
        the gradient of x, 0 where a token is not real, and that of Mᵀ, of the shape and type of
        `bilinear`. Two runs give the same bits.

    Raises:
        RuntimeError, TypeError, ValueError: as `forward` does; ValueError also if to_y does not
            fit x.
    """
    plan = plan_of(x, bilinear, schedule, real, precision, tile)
    _check(to_y, x)
    x, to_y = contiguous_channels(x), contiguous_channels(to_y)
    mask = None if real is None else real.contiguous().view(torch.uint8)
    to_bilinear = bilinear.new_zeros(bilinear.shape)
    if not plan or not x.numel():
        to_x = to_y.clone() if real is None else to_y.where(real[:, None, :, None], 0)
        return to_x, to_bilinear
    with on_device_of(x):
        passages = [*_run_again(x, contiguous_weights(bilinear), schedule, mask, plan, precision)]
        while passages:  # what is done with is let go
            passage = passages.pop()
            slopes = torch.empty_like(passage.gates)
            to_x = passage.walk_back(to_y, mask, slopes)
            to_bilinear[passage.launch.first :][: slopes.shape[1]] = passage.weigh(slopes)
            to_y, mask = to_x, None
    return to_y, to_bilinear


def _check(to_y: Tensor, x: Tensor) -> None:
    if (to_y.shape, to_y.dtype, to_y.device) != (x.shape, x.dtype, x.device):
        raise ValueError(
            f"the gradient of y must be {x.dtype} of shape {tuple(x.shape)} on {x.device} as x is; "
            f"got {to_y.dtype} of shape {tuple(to_y.shape)} on {to_y.device}"
        )


def _run_again(
    x: Tensor,
    bilinear: Tensor,
    schedule: Schedule,
    mask: Tensor | None,
    plan: list[Launch],
    precision: str,
) -> Iterator[_Passage]:
    """Yield all launches, run again for the gates of their stages."""
    state = State(x, mask)
    for launch in plan:
        passage = _Passage.of(launch, schedule, state, bilinear, precision)
        after = _next_state(launch, schedule, state)
        passage.keep_gates(after, is_last=launch is plan[-1])
        yield passage
        state = after


@dataclass(frozen=True)
class _Passage:
    """A launch on what it reads, and what is kept of it.

    Args:
        launch: the stages.
        before: what it reads.
        gates: fp32 of shape (tiles, stages, tile): of each program and stage first those of the
            lower rows, then of the upper ones.
        weights: what its three kernels are given of the weights.
        shared: what all three are given.
    """

    launch: Launch
    before: State
    gates: Tensor
    weights: dict[str, Any]
    shared: dict[str, Any]
    relays: bool

    @classmethod
    def of(
        cls, launch: Launch, schedule: Schedule, before: State, bilinear: Tensor, precision: str
    ) -> _Passage:
        """Return a launch that has not run yet."""
        batch, heads, places, d = before.x.shape
        programs = launch.programs(places)
        tiles = batch * heads * programs
        gates = before.x.new_empty(tiles, len(launch.strides), launch.tile, dtype=torch.float32)
        bilinear = bilinear[launch.first :]
        weights = {"bilinear": bilinear}
        weights |= {"w_stage": bilinear.stride(0), "w_head": bilinear.stride(1)}
        shared = {
            **_placed("x", before.x),
            **_mask("holds", before.holds),
            "gates": gates,
            "places": places,
            "programs": programs,
            "heads": heads,
            "step": launch.step,
            "DISTANCES": launch.distances,
            "CHANNELS": d,
            "WIDTH": width(d),
            "TILE": launch.tile,
            "MASKED": before.masked(launch),
            "CAUSAL": schedule.causal,
            "PREFIX": isinstance(schedule, PrefixSchedule),
            "PRECISION": precision,
            "num_warps": warps(launch.tile, d),
        }
        return cls(launch, before, gates, weights, shared, schedule.padding == "relay")

    def keep_gates(self, after: State, is_last: bool) -> None:
        """Run the launch: write the gates, and unless it is the last the state after it."""
        holds = None if is_last or after.holds is self.before.holds else after.holds
        keep_gates[(len(self.gates),)](
            **self.shared,
            **self.weights,
            **_placed("after", None if is_last else after.x),
            **_mask("holds_after", holds),
            places_after=after.x.shape[2],
            RELAY=self.relays,
        )

    def walk_back(self, to_after: Tensor, real: Tensor | None, slopes: Tensor) -> Tensor:
        """Return the gradient before the launch, of that after it; write the slopes."""
        to_x = empty_result(self.before.x)
        walk_back[(len(self.gates),)](
            **self.shared,
            **self.weights,
            **_placed("to_after", to_after),
            **_placed("to_x", to_x),
            **_mask("real", real),
            slopes=slopes,
            places_after=to_after.shape[2],
        )
        return to_x

    def weigh(self, slopes: Tensor) -> Tensor:
        """Return the gradient of the launch's Mᵀ, fp32 of shape (stages, heads, d, d).

        Shares of the tiles are summed by one program each, and the shares here: always in the same
        order, so that two runs agree to the last bit.
        """
        batch, heads, _, d = self.before.x.shape
        of_head, stages = batch * self.shared["programs"], slopes.shape[1]
        count = min(max(PROGRAMS // (heads * stages), 1), of_head)
        shares = slopes.new_empty(count, stages, heads, d, d)
        weigh_stages[(count * stages * heads,)](
            **self.shared, slopes=slopes, shares=shares, of_head=of_head, split=count
        )
        return shares.sum(0)


def _placed(name: str, tensor: Tensor | None) -> dict[str, Any]:
    """Return a tensor of (batch, heads, places, d), or none, and its strides as a kernel's."""
    strides = (0, 0, 0) if tensor is None else tensor.stride()[:3]
    axes = (f"{name}_batch", f"{name}_head", f"{name}_place")
    return {name: tensor, **dict(zip(axes, strides, strict=True))}


def _mask(name: str, mask: Tensor | None) -> dict[str, Any]:
    return {name: mask, f"{name}_batch": 0 if mask is None else mask.stride(0)}
