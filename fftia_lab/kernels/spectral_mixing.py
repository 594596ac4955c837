"""Spectral mixing in Triton: transform, filter, transform back, without a spectrum in memory.

Signals are real, filters are those of `fftia_lab.mixing`; README.md says how a real signal becomes
complex rows, why causality needs no padding, and what a transform is on chip.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import torch
from torch import Tensor

from ..arguments import as_boolean
from .bilinear import differentiate
from .machine import require
from .spectral_configuration import LONGEST, Form
from .spectral_launch import mixed, weighed

DTYPES = torch.float32, torch.float16, torch.bfloat16


def spectral_mixing(x: Tensor, response: Tensor, causal: bool = False) -> Tensor:
    """Filter each channel along the tokens.

    y[i] = Σ_j h[(i - j) mod n] x[j] with h the inverse DFT of the response; or, causal,
    y[i] = Σ_{j ≤ i} h[i - j] x[j] with h the inverse DFT over 2n samples, of which the first n are
    kept: the others are negative lags.

    Args:
        x: float32, float16 or bfloat16 (batch, n, channels) on a GPU, with any strides; n up to
            2²¹, or 2²² if it is a power of two or causal.
        response: complex64 (n // 2 + 1, channels), or (n + 1, channels) if causal; imaginary parts
            at 0 and at half the rate are not read.
        causal: whether no token hears a later one.

    Returns:
        shape and type of x. Derivatives of every order are defined.

    Raises:
        RuntimeError: if x is not on a GPU and Triton does not interpret.
        TypeError: if a type is none of these.
        ValueError: if a shape does not fit, or a row is longer.

    Source: Fu et al. (2023), FlashFFTConv, for a filter between two transforms in one launch;
    Crandall and Fagin (1994), doi:10.1090/S0025-5718-1994-1185244-1, for transforms that need no
    zeros.

    >>> from fftia_lab.kernels.spectral_mixing import Form
    >>> Form.causal(1000).size, Form.circular(1000).size
    (1024, 2048)
    """
    causal = as_boolean("causal", causal)
    n = check_signal(x, "x", response, "response", torch.complex64)
    bins = n + 1 if causal else n // 2 + 1
    if response.shape[0] != bins:
        raise ValueError(
            f"response must have shape ({bins}, {x.shape[2]}), as x has {n} tokens and "
            f"causal={causal}; got {tuple(response.shape)}"
        )
    if causal and x.numel():
        return causal_convolution(x, torch.fft.irfft(response, 2 * n, dim=0))
    _ready(x, Form.circular(n))
    if not x.numel():
        return torch.zeros_like(x)
    found: Tensor = circular(x, response)
    return found


def causal_convolution(x: Tensor, kernel: Tensor) -> Tensor:
    """Convolve each channel with a kernel of its own, through the FFT; no token hears a later one.

    y[i] = Σ_t kernel[t] x[i - t] over 0 ≤ t ≤ i.

    Args:
        x: as in `spectral_mixing`.
        kernel: float32 (taps, channels), at lags 0, 1, …; what is longer than the tokens is not
            used.

    Returns:
        shape and type of x. Derivatives of every order are defined.

    Raises:
        RuntimeError, TypeError, ValueError: as `spectral_mixing`.
    """
    n = check_signal(x, "x", kernel, "kernel", torch.float32)
    _ready(x, Form.causal(n))
    if not x.numel() or not len(kernel):
        return torch.zeros_like(x)
    found: Tensor = causal(x, kernel[:n])
    return found


def check_signal(x: Any, name: str, weight: Any, weight_name: str, kind: torch.dtype) -> int:
    """Return how many tokens there are, if signal and filter have types and shapes that fit."""
    for label, value, kinds in ((name, x, DTYPES), (weight_name, weight, (kind,))):
        if not isinstance(value, Tensor) or value.dtype not in kinds:
            given = value.dtype if isinstance(value, Tensor) else type(value).__name__
            wanted = ", ".join(str(one).removeprefix("torch.") for one in kinds)
            raise TypeError(
                f"{label} must be a tensor of {wanted}; got {given}: convert it, or use "
                f"fftia_lab.mixing for other precisions"
            )
    if x.dim() != 3:
        raise ValueError(f"{name} must have shape (batch, tokens, channels); got {tuple(x.shape)}")
    if weight.dim() != 2 or weight.shape[1] != x.shape[2]:
        raise ValueError(
            f"{weight_name} must have two axes, of which the last has {x.shape[2]} channels, as "
            f"{name} has; got shape {tuple(weight.shape)}"
        )
    if weight.device != x.device:
        raise ValueError(
            f"{name} and {weight_name} must lie on one device; got {x.device} and {weight.device}"
        )
    return x.shape[1]


def _ready(x: Tensor, form: Form) -> None:
    """Refuse rows that the kernels cannot take, here or at all."""
    require(x)
    if form.size > LONGEST:
        raise ValueError(
            f"{x.shape[1]} tokens need a transform of {form.size} numbers; the kernels go to "
            f"{LONGEST}: use fftia_lab.mixing"
        )


@lru_cache
def _quarter_turn(count: int, size: int, device: torch.device) -> Tensor:
    """Return exp(-iπt/2N) for t below count, complex64 (count, 1): a quarter turn over N."""
    angles = torch.arange(count, dtype=torch.float64) * (-torch.pi / (2 * size))
    turns = torch.polar(torch.ones_like(angles), angles)
    return turns.to(torch.complex64).to(device)[:, None]


def _spectrum(response: Tensor, n: int, form: Form) -> Tensor:
    """Return the half spectrum of a circular filter at the frequencies of a form."""
    if not form.periodic:
        return response
    return torch.fft.rfft(torch.fft.irfft(response, n, dim=0), form.size, dim=0)


def _quarter_spectrum(kernel: Tensor, form: Form) -> Tensor:
    """Return the spectrum of a causal filter a quarter of a bin above the frequencies of a form."""
    turned = kernel * _quarter_turn(len(kernel), form.size, kernel.device)
    return torch.fft.fft(turned, form.size, dim=0)


@torch.library.custom_op("fftia_lab::circular", mutates_args=())
def circular(x: Tensor, response: Tensor) -> Tensor:
    """Return y[i] = Σ_j h[(i - j) mod n] x[j]."""
    form = Form.circular(x.shape[1])
    return mixed(x, _spectrum(response, x.shape[1], form), form, False)


@torch.library.custom_op("fftia_lab::circular_adjoint", mutates_args=())
def circular_adjoint(gradient: Tensor, response: Tensor) -> Tensor:
    """Return Σ_i h[(i - j) mod n] gradient[i]."""
    form = Form.circular(gradient.shape[1])
    return mixed(gradient, _spectrum(response, gradient.shape[1], form), form, True)


@torch.library.custom_op("fftia_lab::circular_weigh", mutates_args=())
def circular_weigh(x: Tensor, gradient: Tensor, bins: int) -> Tensor:
    """Return the gradient of the response."""
    n = x.shape[1]
    form = Form.circular(n)
    total = weighed(x, gradient, form)
    if not form.periodic:
        return _folded(total)
    taps = torch.fft.ifft(total, dim=0)[:n].real.contiguous()
    found = torch.fft.rfft(taps, dim=0).contiguous() * (2 / n)
    found[0] /= 2
    if n % 2 == 0:
        found[-1] /= 2
    return found


def _folded(total: Tensor) -> Tensor:
    """Return the gradient of a half spectrum, of which the other half are conjugates."""
    size = len(total)
    found = total[: size // 2 + 1] / size
    found[1:-1] += total[size // 2 + 1 :].flip(0).conj_physical() / size
    found[0].imag.zero_()
    found[-1].imag.zero_()
    return found


@torch.library.custom_op("fftia_lab::causal", mutates_args=())
def causal(x: Tensor, kernel: Tensor) -> Tensor:
    """Return y[i] = Σ_t kernel[t] x[i - t] over t ≤ i."""
    form = Form.causal(x.shape[1])
    return mixed(x, _quarter_spectrum(kernel, form), form, False)


@torch.library.custom_op("fftia_lab::causal_adjoint", mutates_args=())
def causal_adjoint(gradient: Tensor, kernel: Tensor) -> Tensor:
    """Return Σ_t kernel[t] gradient[j + t] over t < n - j."""
    form = Form.causal(gradient.shape[1])
    return mixed(gradient, _quarter_spectrum(kernel, form), form, True)


@torch.library.custom_op("fftia_lab::causal_weigh", mutates_args=())
def causal_weigh(x: Tensor, gradient: Tensor, taps: int) -> Tensor:
    """Return the gradient of the kernel, Σ over batch and i of gradient[i] x[i - t]."""
    form = Form.causal(x.shape[1])
    total = torch.fft.ifft(weighed(x, gradient, form), dim=0)[:taps]
    return (total * _quarter_turn(taps, form.size, x.device).conj_physical()).real.contiguous()


@circular.register_fake
@circular_adjoint.register_fake
@causal.register_fake
@causal_adjoint.register_fake
def _(signal: Tensor, weight: Tensor) -> Tensor:
    return signal.new_empty(signal.shape)


@circular_weigh.register_fake
def _(x: Tensor, gradient: Tensor, bins: int) -> Tensor:
    return x.new_empty((bins, x.shape[2]), dtype=torch.complex64)


@causal_weigh.register_fake
def _(x: Tensor, gradient: Tensor, taps: int) -> Tensor:
    return x.new_empty((taps, x.shape[2]), dtype=torch.float32)


differentiate(circular, circular_adjoint, circular_weigh)
differentiate(causal, causal_adjoint, causal_weigh)
