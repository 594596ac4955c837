"""What products ask of tensors that are no rows of tokens, and in which precision they compute."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor


def working(dtype: torch.dtype) -> torch.dtype:
    """Return the precision to compute in: float32 for halves, which no FFT takes everywhere.

    >>> working(torch.bfloat16), working(torch.float64)
    (torch.float32, torch.float64)
    """
    return torch.promote_types(dtype, torch.float32)


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
