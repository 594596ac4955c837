"""What the layers of this room ask of their input, in words of the reader's own call."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from ..tensors import check_real
from .domain import DomainError, FrequencySignal, TimeSignal

PRECISIONS = torch.float16, torch.bfloat16, torch.float32, torch.float64


def check_tokens(layer: str, x: Any, mask: Any, embed_dim: int | None = None) -> None:
    """Refuse what is no real signal of shape (batch, tokens, embed_dim), or a mask of another.

    Raises:
        DomainError: a TypeError, if x is a signal in frequency, or a spectrum.
        TypeError: if x is no tensor of real floating point, or the mask not bool.
        ValueError: if a shape does not fit.

    >>> check_tokens("SpectralMixingLayer", torch.zeros(1, 5, 4, dtype=torch.complex64), None)
    Traceback (most recent call last):
    fftia_lab.mixing.domain.DomainError: SpectralMixingLayer takes a signal in time \
and x holds complex numbers, as a spectrum does: use torch.fft.irfft first, or x.real
    """
    if isinstance(x, FrequencySignal | TimeSignal):
        values = "x.values" if isinstance(x, TimeSignal) else "x.to_time().values"
        raise DomainError(
            f"{layer} takes a tensor of values in time; got a {x.domain} signal: give it {values}"
        )
    if not isinstance(x, Tensor):
        kind = type(x).__name__
        raise TypeError(
            f"{layer} takes a floating point tensor; got {kind}: use torch.as_tensor(x)"
        )
    if x.is_complex():
        raise DomainError(
            f"{layer} takes a signal in time and x holds complex numbers, as a spectrum does: "
            f"use torch.fft.irfft first, or x.real"
        )
    if x.dtype not in PRECISIONS:
        raise TypeError(f"x must be a floating point tensor; got {x.dtype}: call .float()")
    if x.dim() != 3 or embed_dim not in (None, x.shape[2]):
        wanted = "" if embed_dim is None else f" with embed_dim = {embed_dim}"
        raise ValueError(
            f"x must have shape (batch, tokens, embed_dim){wanted}; got {tuple(x.shape)}"
        )
    check_real(mask, x.shape[0], x.shape[1])


def silence(x: Tensor, mask: Tensor | None) -> Tensor:
    """Return x with 0 at masked tokens, whatever stood there; 0 · NaN would be NaN."""
    return x if mask is None else x.where(mask[..., None], 0)


def wide(x: Tensor) -> Tensor:
    """Return x in the precision of its spectrum: float32, or float64 for float64."""
    return x.to(torch.promote_types(x.dtype, torch.float32))
