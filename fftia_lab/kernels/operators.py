"""Butterfly attention as operators of PyTorch: what autograd and compilers see of the kernels.

An operator takes tensors and plain values alone, so a schedule goes in as its fields.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from ..schedule import BenesSchedule, ButterflySchedule, PrefixSchedule, Schedule, ShiftSchedule
from . import shift_attention, shift_gradient
from .batched import one_by_one
from .butterfly_attention import empty_result, forward
from .butterfly_gradient import gradient

Fields = tuple[str, int, bool, bool, str]
KINDS = ("butterfly", "benes", "shift", "prefix")  # that are fused


def butterfly_attention(
    x: Tensor,
    bilinear: Tensor,
    schedule: Schedule,
    real: Tensor | None = None,
    *,
    precision: str = "ieee",
) -> Tensor:
    """Return x after all stages, as `butterfly_attention.forward` does, with gradients.

    x_i ← x_i + σ(x_i M_s (x_j - x_i)ᵀ) (x_j - x_i) for every stage s and the partner j of i.

    Args:
        x: fp32, fp16 or bf16, shape (batch, heads, n, d), with any strides.
        bilinear: Mᵀ = W_k W_qᵀ/√d of every stage and head, shape (stages, heads, d, d), in the type
            of x.
        schedule: a butterfly of radix 2, a Beneš network, a shift, or a prefix wiring that fits a
            tile.
        real: bool of shape (batch, n), true for a real token; None if all are, as a shift wants it.
        precision: of fp32 products, "ieee" or "tf32".

    Returns:
        y of the shape and type of x, 0 where a token is not real.

    Raises:
        RuntimeError: if x is not on a GPU and Triton does not interpret, or if the gradient is to
            be differentiated again.
        TypeError: if a type is none of these.
        ValueError: if a shape does not fit, or the schedule cannot be fused.

    Source: Tantisukarom (2025), FFT-Inspired Attention, with its update V_i = P_i V_{i-1}.
    """
    return _forward(x, bilinear, real, *fields_of(schedule), precision)


def fields_of(schedule: Schedule) -> Fields:
    """Return what makes a schedule of two that meet: kind, size, causal, decreasing, padding.

    Raises:
        ValueError: if the schedule is of another kind.

    >>> fields_of(ButterflySchedule(8))
    ('butterfly', 8, False, False, 'relay')
    """
    decreasing = isinstance(schedule, ButterflySchedule) and schedule.decreasing
    if schedule.wide or schedule.kind not in KINDS:
        raise ValueError(
            f"the fused kernels take a butterfly of radix 2, a Beneš network, a shift or a prefix "
            f"wiring; got {schedule}"
        )
    return schedule.kind, schedule.size, schedule.causal, decreasing, schedule.padding


def schedule_of(kind: str, size: int, causal: bool, decreasing: bool, padding: str) -> Schedule:
    """Return the schedule of which `fields_of` gave these.

    >>> schedule_of("benes", 4, True, False, "keep")
    BenesSchedule(size=4, causal=True, padding='keep')
    """
    if kind == "butterfly":
        return ButterflySchedule(size, causal, decreasing, padding=padding)
    if kind == "benes":
        return BenesSchedule(size, causal, padding=padding)
    if kind == "shift":
        return ShiftSchedule(size, causal, padding=padding)
    return PrefixSchedule(size, padding=padding)


@torch.library.custom_op("fftia_lab::butterfly_attention", mutates_args=())
def _forward(
    x: Tensor,
    bilinear: Tensor,
    real: Tensor | None,
    kind: str,
    size: int,
    causal: bool,
    decreasing: bool,
    padding: str,
    precision: str,
) -> Tensor:
    schedule = schedule_of(kind, size, causal, decreasing, padding)
    if kind == "shift":
        _check_all_real(real)
        return shift_attention.forward(x, bilinear, schedule, precision=precision)
    return forward(x, bilinear, schedule, real, precision=precision)


@torch.library.custom_op("fftia_lab::butterfly_attention_gradient", mutates_args=())
def _gradient(
    to_y: Tensor,
    x: Tensor,
    bilinear: Tensor,
    real: Tensor | None,
    kind: str,
    size: int,
    causal: bool,
    decreasing: bool,
    padding: str,
    precision: str,
) -> tuple[Tensor, Tensor]:
    schedule = schedule_of(kind, size, causal, decreasing, padding)
    if kind == "shift":
        _check_all_real(real)
        return shift_gradient.gradient(to_y, x, bilinear, schedule, precision=precision)
    return gradient(to_y, x, bilinear, schedule, real, precision=precision)


def _check_all_real(real: Tensor | None) -> None:
    if real is not None:
        raise ValueError(
            "a shift is fused where all tokens are real: leave the mask out, or use the per-stage "
            "path"
        )


@_forward.register_fake
def _(x: Tensor, *_: Any) -> Tensor:
    return empty_result(x)


@_gradient.register_fake
def _(to_y: Tensor, x: Tensor, bilinear: Tensor, *_: Any) -> tuple[Tensor, Tensor]:
    return empty_result(x), bilinear.new_empty(bilinear.shape)


def _keep(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
    x, bilinear, real, *ctx.rest = inputs
    ctx.save_for_backward(x, bilinear, real)


def _back(ctx: Any, to_y: Tensor) -> tuple[Tensor | None, ...]:
    to_x, to_bilinear = _gradient(to_y, *ctx.saved_tensors, *ctx.rest)
    return to_x, to_bilinear, None, *(None for _ in ctx.rest)


def _refuse(ctx: Any, *_: Tensor) -> None:
    raise RuntimeError(
        "the gradient of the fused kernel cannot be differentiated again: use backend='plain'"
    )


_forward.register_autograd(_back, setup_context=_keep)
_gradient.register_autograd(_refuse)
_gradient.register_vmap(one_by_one(_gradient))
