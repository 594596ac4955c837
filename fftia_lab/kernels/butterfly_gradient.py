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
    check,
    contiguous_channels,
    contiguous_weights,
    empty_result,
    next_state,
    plan_of,
)
from .gradient_kernels import keep_gates, walk_back, weigh_stages
from .gradient_launches import configuration
from .gradient_plan import parts, tile_of
from .machine import on_device_of
from .plan import WIDEST, Launch

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
    plan = _plan(x, bilinear, schedule, real, precision, tile)
    check_gradient(to_y, x)
    x, to_y = contiguous_channels(x), contiguous_channels(to_y)
    mask = None if real is None else real.contiguous().view(torch.uint8)
    to_bilinear = bilinear.new_zeros(bilinear.shape)
    if not plan or not x.numel():
        to_x = empty_result(x).copy_(to_y)
        return to_x if real is None else to_x.where(real[:, None, :, None], 0), to_bilinear
    with on_device_of(x):
        passages = [*_run_again(x, contiguous_weights(bilinear), schedule, mask, plan, precision)]
        while passages:  # each is let go when it has been walked
            passage = passages.pop()
            slopes = torch.empty_like(passage.gates)
            to_x = passage.walk_back(to_y, mask, slopes)
            to_bilinear[passage.launch.first :][: slopes.shape[1]] = passage.weigh(slopes)
            to_y, mask = to_x, None
    return to_y, to_bilinear


def _plan(
    x: Tensor,
    bilinear: Tensor,
    schedule: Schedule,
    real: Tensor | None,
    precision: str,
    tile: int | None,
) -> list[Launch]:
    """Return the launches of the backward pass, in the order of the stages."""
    check(x, bilinear, schedule, real, precision)
    n, d, wide = x.shape[2], x.shape[3], x.dtype == torch.float32
    if tile is None and d <= WIDEST and schedule.size >= n:
        tile = tile_of(schedule, n, d, wide)
    return parts(plan_of(x, bilinear, schedule, real, precision, tile), d, wide)


def check_gradient(to_y: Tensor, x: Tensor) -> None:
    """Refuse a gradient that is not one of x.

    Raises:
        ValueError: if its shape, type or device is another.
    """
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
        if launch is plan[-1]:
            passage.keep_gates(None)
        else:
            after = next_state(launch, schedule, state)
            passage.keep_gates(after)
            state = after
        yield passage


@dataclass(frozen=True)
class _Passage:
    """A launch on what it reads.

    Args:
        launch: the stages.
        before: the state that it reads.
        gates: fp32 of shape (tiles, stages, tile): of each program and stage first those of the
            lower rows, then of the upper ones.
        bilinear: Mᵀ of the launch's stages and perhaps more.
        schedule: who meets whom.
        precision: of fp32 products.
    """

    launch: Launch
    before: State
    gates: Tensor
    bilinear: Tensor
    schedule: Schedule
    precision: str

    @classmethod
    def of(
        cls, launch: Launch, schedule: Schedule, before: State, bilinear: Tensor, precision: str
    ) -> _Passage:
        """Return a launch that has not run yet."""
        batch, heads, places, _ = before.x.shape
        tiles = batch * heads * launch.programs(places)
        shape = tiles, len(launch.strides), launch.tile
        gates = before.x.new_empty(shape, dtype=torch.float32)
        return cls(launch, before, gates, bilinear[launch.first :], schedule, precision)

    def keep_gates(self, after: State | None) -> None:
        """Run the launch: write the gates, and the state after it if somebody asks."""
        fresh = after is not None and after.holds is not self.before.holds
        self._run(
            keep_gates,
            len(self.gates),
            **self._weights(),
            **_placed("after", after.x if after else None),
            **_mask("holds_after", after.holds if after and fresh else None),
            places_after=after.x.shape[2] if after else 0,
        )

    def walk_back(self, to_after: Tensor, real: Tensor | None, slopes: Tensor) -> Tensor:
        """Return the gradient before the launch, of that after it; write the slopes."""
        to_x = empty_result(self.before.x)
        self._run(
            walk_back,
            len(self.gates),
            **self._weights(),
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
        _, heads, _, d = self.before.x.shape
        tiles, stages, _ = slopes.shape
        split = min(max(PROGRAMS // (heads * stages), 1), tiles // heads)
        shares = slopes.new_empty(split, stages, heads, d, d)
        given = {"slopes": slopes, "shares": shares, "split": split, "of_head": tiles // heads}
        self._run(weigh_stages, split * stages * heads, **given)
        return shares.sum(0)

    def _weights(self) -> dict[str, Any]:
        stage, head, *_ = self.bilinear.stride()
        return {"bilinear": self.bilinear, "w_stage": stage, "w_head": head}

    def _run(self, kernel: Any, programs: int, **more: Any) -> None:
        """Launch a kernel with what all three are given, and more."""
        x = self.before.x
        given = {
            **_placed("x", x),
            **_mask("holds", self.before.holds),
            "gates": self.gates,
            "places": x.shape[2],
            "programs": self.launch.programs(x.shape[2]),
            "heads": x.shape[1],
            "step": self.launch.step,
            **more,
        }
        kind = configuration(
            kernel,
            str(x.dtype).removeprefix("torch."),
            x.shape[3],
            self.launch.tile,
            self.launch.distances,
            masked=self.before.masked(self.launch),
            absent=tuple(name for name, value in given.items() if value is None),
            causal=self.schedule.causal,
            prefix=isinstance(self.schedule, PrefixSchedule),
            relay=self.schedule.padding == "relay",
            precision=self.precision,
        )
        there = {name: value for name, value in given.items() if value is not None}
        kind.launch((programs,), **there)


def _placed(name: str, tensor: Tensor | None) -> dict[str, Any]:
    """Return a tensor of (batch, heads, places, d), or none, and its strides as a kernel's."""
    strides = (0, 0, 0) if tensor is None else tensor.stride()[:3]
    axes = (f"{name}_batch", f"{name}_head", f"{name}_place")
    return {name: tensor, **dict(zip(axes, strides, strict=True))}


def _mask(name: str, mask: Tensor | None) -> dict[str, Any]:
    return {name: mask, f"{name}_batch": 0 if mask is None else mask.stride(0)}
