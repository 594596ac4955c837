"""What the layers of this room ask of tensors, and in which precision they compute."""

from __future__ import annotations

from numbers import Real
from typing import Any

import torch
from torch import Tensor

HALVES = torch.float16, torch.bfloat16


def working(dtype: torch.dtype) -> torch.dtype:
    """Return the precision to compute in: float32 for halves, which no FFT takes everywhere.

    >>> working(torch.bfloat16), working(torch.float64)
    (torch.float32, torch.float64)
    """
    return torch.float32 if dtype in HALVES else dtype


def check_numbers(name: str, value: Any) -> None:
    """Refuse what is no tensor of real or complex floating point numbers.

    Raises:
        TypeError: naming the argument, what it was and the fix.
    """
    if not isinstance(value, Tensor):
        kind = type(value).__name__
        raise TypeError(f"{name} must be a torch tensor; got {kind}: use torch.as_tensor")
    if not (value.is_floating_point() or value.is_complex()):
        raise TypeError(f"{name} must hold floating point numbers; got {value.dtype}: use .float()")


def check_reals(name: str, value: Any) -> None:
    """Refuse what is no tensor of real floating point numbers.

    Raises:
        TypeError: naming the argument, what it was and the fix.
    """
    check_numbers(name, value)
    if value.is_complex():
        raise TypeError(f"{name} must be real; got {value.dtype}: use .real, or abs")


def check_tokens(x: Any, dim: int, name: str = "dim") -> None:
    """Refuse what is no floating point tensor of shape (batch, tokens, dim).

    Raises:
        TypeError: if it is no real floating point tensor.
        ValueError: if its shape does not fit.
    """
    check_reals("x", x)
    if x.dim() != 3 or x.shape[2] != dim:
        raise ValueError(
            f"x must have shape (batch, tokens, {name}) with {name} = {dim}; got {tuple(x.shape)}"
        )


def check_mask(mask: Any, batch: int, tokens: int) -> None:
    """Refuse a mask that is neither None nor a bool tensor of shape (batch, tokens).

    Raises:
        TypeError: if it is no tensor, or not bool.
        ValueError: if its shape does not fit.
    """
    if mask is None:
        return
    if not isinstance(mask, Tensor):
        kind = type(mask).__name__
        raise TypeError(f"mask must be a bool tensor; got {kind}: use torch.as_tensor(mask)")
    if mask.dtype != torch.bool:
        raise TypeError(
            f"mask must be bool, True for a real token; got {mask.dtype}: write mask != 0"
        )
    if tuple(mask.shape) != (batch, tokens):
        raise ValueError(
            f"mask must have shape (batch, tokens) = ({batch}, {tokens}); got {tuple(mask.shape)}"
        )


def check_probability(name: str, value: Any) -> None:
    """Refuse what is no probability below 1.

    Raises:
        TypeError: if it is no number.
        ValueError: if it does not lie in 0 to 1, 1 excluded.
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} must be a number, 0.0 for none; got {value!r}")
    if not 0 <= float(value) < 1:
        raise ValueError(f"{name} must lie in 0 to 1, 1 excluded; got {value}")
