"""What the arguments of sparse spectra must look like."""

from __future__ import annotations

from numbers import Real
from typing import Any

import torch
from torch import Tensor

FLOATS = (torch.float32, torch.float16, torch.bfloat16, torch.float64)  # files number them
NAMES = ", ".join(str(dtype) for dtype in FLOATS)


def check_float(name: str, value: Any) -> Tensor:
    """Return a floating point tensor.

    Raises:
        TypeError: naming what was given and the fix.
    """
    if not isinstance(value, Tensor):
        kind = type(value).__name__
        raise TypeError(f"{name} must be a torch tensor; got {kind}: use torch.as_tensor")
    if value.dtype not in FLOATS:
        raise TypeError(f"{name} must hold one of {NAMES}; got {value.dtype}: call .float()")
    return value


def check_data(data: Any) -> Tensor:
    """Return a tensor that has a spectrum: 1 to 4 axes, none empty, of finite numbers.

    Raises:
        TypeError: if it is no floating point tensor.
        ValueError: if it has other axes, or a number is nan or infinite.
    """
    checked = check_float("data", data).detach()
    check_shape(tuple(checked.shape))
    if not checked.isfinite().all():
        raise ValueError("data must hold finite numbers; look for nan or inf in it")
    return checked


def check_shape(shape: tuple[int, ...]) -> None:
    """Refuse a shape that has not 1 to 4 axes of at least one number.

    Raises:
        ValueError: naming the shape.
    """
    if not 1 <= len(shape) <= 4 or min(shape) < 1:
        raise ValueError(f"data must have 1 to 4 axes of at least one number; got shape {shape}")


def check_sparsity(sparsity: Any) -> float:
    """Return the share of the entries to keep.

    Raises:
        TypeError: if it is no number.
        ValueError: if it is not above 0 and at most 1.
    """
    if isinstance(sparsity, bool) or not isinstance(sparsity, Real):
        raise TypeError(f"sparsity must be a number, such as 0.05; got {sparsity!r}")
    if not 0 < float(sparsity) <= 1:
        raise ValueError(
            f"sparsity is the share of entries to keep, above 0 and at most 1; got {sparsity}"
        )
    return float(sparsity)


def check_coefficients(dtype: Any, data: torch.dtype) -> torch.dtype:
    """Return the dtype in which to keep coefficients; None means that of the data.

    Raises:
        TypeError: if it is no floating point dtype.
    """
    if dtype is None:
        return data
    if dtype not in FLOATS:
        raise TypeError(f"coefficients must be None or one of {NAMES}; got {dtype!r}")
    kept: torch.dtype = dtype
    return kept


def check_scalar(value: Any) -> float:
    """Return a finite real number.

    Raises:
        TypeError: if it is no real number.
        ValueError: if it is nan or infinite.
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"a sparse spectrum is multiplied by a real number; got {value!r}")
    number = float(value)
    if not abs(number) < float("inf"):
        raise ValueError(f"a sparse spectrum is multiplied by a finite number; got {value!r}")
    return number


def check_spectrum(entries: Tensor) -> Tensor:
    """Return the entries of a spectrum, which may overflow where the data does not.

    Raises:
        ValueError: if one is nan or infinite.
    """
    if not entries.isfinite().all():
        raise ValueError(f"the spectrum overflows {entries.real.dtype}: scale the data down")
    return entries


def check_product(x: Any, shape: tuple[int, ...], device: torch.device) -> Tensor:
    """Return x, whose last axis a matrix of this shape takes.

    Raises:
        TypeError: if x is no floating point tensor.
        ValueError: if the matrix is none, or x does not fit or lies on another device.
    """
    checked = check_float("x", x)
    if len(shape) != 2:
        raise ValueError(f"w must be a matrix, of shape (inputs, outputs); got shape {shape}")
    if checked.dim() < 1 or checked.shape[-1] != shape[0]:
        raise ValueError(
            f"x must have shape (..., inputs) with inputs = {shape[0]}, for w has shape {shape}; "
            f"got {tuple(checked.shape)}"
        )
    if checked.device != device:
        raise ValueError(
            f"x and w must lie on one device; got {checked.device} and {device}: use .to()"
        )
    return checked


def check_right(other: Any, shape: tuple[int, ...], device: torch.device) -> Tensor:
    """Return the right factor of a matrix of this shape.

    Raises:
        TypeError, ValueError: as `check_product`.
    """
    checked = check_float("other", other)
    if len(shape) != 2 or checked.dim() < 2 or checked.shape[-2] != shape[1]:
        raise ValueError(
            f"a matrix of shape {shape} multiplies one of shape (..., {shape[-1]}, columns); "
            f"got {tuple(checked.shape)}"
        )
    if checked.device != device:
        raise ValueError(
            f"both factors must lie on one device; got {device} and {checked.device}: use .to()"
        )
    return checked
