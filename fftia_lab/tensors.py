"""What attention, mixing and kernels ask of PyTorch alike; needs PyTorch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import torch
from torch import Tensor

from .arguments import check_mask

F = TypeVar("F", bound=Callable[..., Any])
# Asked once: a compiler of PyTorch 2.11 cannot read the question.
AUTOCAST = tuple(
    kind for kind in ("cpu", "cuda", "mps", "xpu") if torch.amp.is_autocast_available(kind)
)


def constant_when_compiled(function: F) -> F:
    """Let torch.compile call a function itself while it reads, and keep what it returns.

    As torch.compiler.assume_constant_result, which imports the compiler, and that Triton: a second
    for who compiles nothing, and too early for who asks for Triton's interpreter afterwards.
    """
    function._dynamo_marked_constant = True  # type: ignore[attr-defined]
    return function


def check_floating(name: str, value: Any) -> None:
    """Refuse what is no tensor of real floating point.

    Raises:
        TypeError: naming what was given, and what makes of it what is wanted.
    """
    wanted = f"{name} must be a floating point tensor"
    if not isinstance(value, Tensor):
        raise TypeError(f"{wanted}; got {type(value).__name__}: use torch.as_tensor")
    if value.is_complex():
        raise TypeError(
            f"{wanted}; got {value.dtype}: .float() would drop the imaginary part; give .real, or "
            f"both parts as channels, torch.view_as_real({name}).flatten(-2)"
        )
    if not value.is_floating_point():
        raise TypeError(f"{wanted}; got {value.dtype}: call .float()")


def under_autocast(x: Tensor) -> bool:
    """Whether autocast chooses the precision of products where x lies."""
    return x.device.type in AUTOCAST and torch.is_autocast_enabled(x.device.type)


def widened(x: Tensor) -> Tensor:
    """Return x in float32 if it has 16 bits, else x itself: what scores and sums are made of.

    A product of two float16 numbers may be beyond float16, and a sum of such inf - inf.
    """
    return x if x.element_size() > 2 else x.float()


def check_real(mask: Any, batch: int, n: int) -> None:
    """Refuse a mask that is neither None nor a bool tensor of shape (batch, n).

    Raises:
        TypeError: if it is no tensor, or not bool.
        ValueError: if its shape does not fit.
    """
    if mask is None:
        return
    if not isinstance(mask, Tensor):
        kind = type(mask).__name__
        raise TypeError(f"mask must be a bool tensor; got {kind}: use torch.as_tensor(mask)")
    check_mask(mask, mask.dtype == torch.bool, batch, n)
