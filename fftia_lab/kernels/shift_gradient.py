"""The gradient of butterfly attention on a shift: one launch after another, the last first.

Nothing but the input is kept from the forward pass. Its launches are run again, which gives the
state before each and the gates of all stages; then each is walked back. README.md says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from ..schedule import Schedule
from .butterfly_attention import contiguous_channels, contiguous_weights, empty_result, strides
from .butterfly_gradient import PROGRAMS, check_gradient
from .machine import on_device_of
from .shift_attention import check_shift, given, run
from .shift_gradient_plan import Passage, passages
from .shift_kernels import walk_window_back, weigh_window
from .shift_launches import configuration
from .shift_plan import Window


def gradient(
    to_y: Tensor,
    x: Tensor,
    bilinear: Tensor,
    schedule: Schedule,
    *,
    precision: str = "ieee",
    tile: int | None = None,
) -> tuple[Tensor, Tensor]:
    """Return the gradients of `shift_attention.forward`'s x and Mᵀ, of that of its result.

    Of a place i that hears j, with δ = x_j - x_i, v = δ Mᵀ, gate g, slope t = (G_i·δ) g (1 - g) and
    D_i = g G_i + t x_i M: G_i + t v - D_i plus D_l of who hears i, and δᵀ t x_i for Mᵀ.

    Args:
        to_y: of the shape and type of x, with any strides.
        x: as `shift_attention.forward` takes it, as are the others.
        bilinear: Mᵀ of every stage and head.
        schedule: a shift.
        precision: of fp32 products, "ieee" or "tf32".
        tile: rows a program holds; None for the plan's choice.

    Returns:
        the gradient of x, and that of Mᵀ, of the shape and type of `bilinear`. Two runs give the
        same bits.

    Raises:
        RuntimeError, TypeError, ValueError: as `shift_attention.forward` does; ValueError also if
            to_y does not fit x.
    """
    check_shift(x, bilinear, schedule, precision)
    check_gradient(to_y, x)
    plan = passages(schedule, x.shape[2], x.shape[3], tile, element=x.element_size())
    x, to_y = contiguous_channels(x), contiguous_channels(to_y)
    to_bilinear = bilinear.new_zeros(bilinear.shape)
    if not plan or not x.numel():
        return empty_result(x).copy_(to_y), to_bilinear
    weights, kept = contiguous_weights(bilinear), list[_Kept]()
    for passage in plan:
        asked = passage is not plan[-1]
        gates = x.new_empty(passage.again.stages, *x.shape[:3], dtype=torch.float32)
        after = x.new_empty(x.shape) if asked else None
        run(passage.again, schedule, x, after, weights, precision, gates)
        kept.append(_Kept(passage, x, gates, weights, schedule, precision))
        x = x if after is None else after
    while kept:  # each is let go when it has been walked
        one = kept.pop()
        to_y, slopes = one.walk_back(to_y)
        stages = one.passage.back.stages
        to_bilinear[one.passage.back.first :][:stages] = one.weigh(slopes)
    return to_y, to_bilinear


@dataclass(frozen=True)
class _Kept:
    """What the walk through a launch needs.

    Args:
        passage: its stages.
        x: the state before it.
        gates: fp32 of shape (stages, batch, heads, n).
        bilinear: Mᵀ of all stages.
        schedule: a shift.
        precision: of fp32 products.
    """

    passage: Passage
    x: Tensor
    gates: Tensor
    bilinear: Tensor
    schedule: Schedule
    precision: str

    def walk_back(self, to_after: Tensor) -> tuple[Tensor, Tensor]:
        """Return the gradient before the launch, of that after it, and the slopes."""
        window, slopes = self.passage.back, torch.empty_like(self.gates)
        to_x, weights = empty_result(self.x), self.bilinear[window.first :]
        self._run(
            walk_window_back,
            window,
            window.programs(self.x.shape[2]) * self.x.shape[0] * self.x.shape[1],
            to_after=to_after,
            to_x=to_x,
            bilinear=weights,
            slopes=slopes,
            **strides("to_after", to_after),
            **strides("to_x", to_x),
            w_stage=weights.stride(0),
            w_head=weights.stride(1),
        )
        return to_x, slopes

    def weigh(self, slopes: Tensor) -> Tensor:
        """Return the gradient of the launch's Mᵀ, fp32 of shape (stages, heads, d, d).

        Shares of the tiles are summed by one program each, and the shares here: always in the same
        order, so that two runs agree to the last bit.
        """
        window, (batch, heads, n, d) = self.passage.weights, self.x.shape
        tiles = batch * window.programs(n)
        split = min(max(PROGRAMS // (heads * window.stages), 1), tiles)
        shares = slopes.new_empty(split, window.stages, heads, d, d)
        more = {"slopes": slopes, "shares": shares, "split": split, "of_head": tiles}
        self._run(weigh_window, window, split * window.stages * heads, **more)
        return shares.sum(0)

    def _run(self, kernel: Any, window: Window, programs: int, **more: Any) -> None:
        """Launch a kernel with what both are given, and more."""
        kind = configuration(
            kernel,
            str(self.x.dtype).removeprefix("torch."),
            self.x.shape[3],
            window.tile,
            window.stages,
            causal=self.schedule.causal,
            precision=self.precision,
        )
        with on_device_of(self.x):
            kind.launch(
                (programs,),
                gates=self.gates,
                **given(window, self.x),
                **more,
            )
