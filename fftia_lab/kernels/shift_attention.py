"""Butterfly attention on a shift by fused kernels: forward, one launch after another."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from ..schedule import Schedule
from .butterfly_attention import (
    check,
    contiguous_channels,
    contiguous_weights,
    empty_result,
    strides,
)
from .machine import on_device_of, require
from .shift_kernels import run_window
from .shift_launches import configuration
from .shift_plan import LONGEST, Window, windows


def forward(
    x: Tensor,
    bilinear: Tensor,
    schedule: Schedule,
    *,
    precision: str = "ieee",
    tile: int | None = None,
) -> Tensor:
    """Return x after all stages; without a gradient.

    x_i ← x_i + σ(x_i M_s (x_j - x_i)ᵀ) (x_j - x_i) for every stage s and the place j that i hears.

    Args:
        x: fp32, fp16 or bf16, shape (batch, heads, n, d), with any strides, all tokens real. Copied
            first if its channels are not contiguous.
        bilinear: Mᵀ = W_k W_qᵀ/√d of every stage and head, shape (stages, heads, d, d), in the type
            of x; stages is the schedule's depth.
        schedule: a shift.
        precision: of fp32 products, "ieee" or "tf32", which rounds factors to 10 bits on a GPU.
        tile: places a program holds; None for the plan's choice, which does not spill.

    Returns:
        y of the shape and type of x.

    Raises:
        RuntimeError: if x is not on a GPU and Triton does not interpret.
        TypeError: if a type is none of these.
        ValueError: if a shape does not fit, a head has more than 128 channels, or the schedule is
            no shift.

    Source: Tantisukarom (2025), FFT-Inspired Attention, with its update V_i = P_i V_{i-1}.
    """
    check_shift(x, bilinear, schedule, precision)
    plan = windows(schedule, x.shape[2], x.shape[3], tile, element=x.element_size())
    x, bilinear = contiguous_channels(x), contiguous_weights(bilinear)
    if not plan or not x.numel():
        return empty_result(x).copy_(x)
    state, result = x, empty_result(x)
    for window in plan:
        after = result if window is plan[-1] else x.new_empty(x.shape)
        run(window, schedule, state, after, bilinear, precision)
        state = after
    return result


def check_shift(x: Tensor, bilinear: Tensor, schedule: Schedule, precision: str) -> None:
    """Refuse what no kernel of shifts takes.

    Raises:
        RuntimeError, TypeError, ValueError: as `forward` says.
    """
    require(x)
    check(x, bilinear, schedule, None, precision)
    if schedule.kind != "shift":
        raise ValueError(f"these kernels take a shift; got {schedule}")
    if x.shape[2] > LONGEST:
        raise ValueError(f"these kernels take up to {LONGEST} tokens; got {x.shape[2]}")
    if schedule.size < x.shape[2]:
        raise ValueError(f"a schedule of {schedule.size} places cannot hold n={x.shape[2]} tokens")


def run(
    window: Window,
    schedule: Schedule,
    x: Tensor,
    y: Tensor | None,
    bilinear: Tensor,
    precision: str,
    gates: Tensor | None = None,
) -> None:
    """Run a launch: write the state after it, and the gates of its stages, as far as asked."""
    states = {"y": y, "gates": gates}
    weights = bilinear[window.first :]
    kind = configuration(
        run_window,
        str(x.dtype).removeprefix("torch."),
        x.shape[3],
        window.tile,
        window.stages,
        absent=tuple(name for name, one in states.items() if one is None),
        causal=schedule.causal,
        precision=precision,
    )
    with on_device_of(x):
        kind.launch(
            (window.programs(x.shape[2]) * x.shape[0] * x.shape[1],),
            bilinear=weights,
            **{name: one for name, one in states.items() if one is not None},
            **strides("y", x if y is None else y),
            w_stage=weights.stride(0),
            w_head=weights.stride(1),
            **given(window, x),
        )


def given(window: Window, x: Tensor) -> dict[str, Any]:
    """Return what all kernels of a launch are given."""
    return {
        "x": x,
        **strides("x", x),
        "places": x.shape[2],
        "programs": window.programs(x.shape[2]),
        "heads": x.shape[1],
        "rows": x.shape[0] * x.shape[1],
        "step": window.step,
        "before": window.before,
        "kept": window.kept,
        "circle": window.circle,
    }
