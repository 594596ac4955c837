"""Short causal filters in Triton, as products of Toeplitz blocks with chunks of tokens.

Chunks as long as the filter leave two products a chunk: with what it holds, and with what the one
before holds. A filter longer than a chunk takes one product more for every chunk that it reaches.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from ..arguments import as_choice
from .bilinear import differentiate
from .configuration import POINTERS, Configuration
from .machine import on_device_of, require
from .short_filter_kernels import convolve, weigh_taps
from .spectral_mixing import check_signal

PRECISIONS = "ieee", "tf32x3", "tf32"
MOST_TAPS = 128
CHUNKS = 32  # that a program holds
ITEMS = 16  # times as many, over which a program sums a filter's gradient


def short_convolution(x: Tensor, kernel: Tensor, precision: str = "ieee") -> Tensor:
    """Convolve each channel with a short kernel of its own; no token hears a later one.

    y[i] = Σ_t kernel[t] x[i - t] over 0 ≤ t ≤ i.

    Args:
        x: float32, float16 or bfloat16 (batch, n, channels) on a GPU, with any strides.
        kernel: float32 (taps, channels), at lags 0, 1, …, at most 128; rounded to the type of x.
        precision: of products in float32: "ieee", "tf32x3" or "tf32". Sums are float32.

    Returns:
        shape and type of x. Derivatives of every order are defined.

    What is infinite or missing spoils its own chunk and those that hear it.

    Raises:
        RuntimeError: if x is not on a GPU and Triton does not interpret.
        TypeError: if a type is none of these.
        ValueError: if a shape does not fit, or there are more taps.

    Source: Ku et al. (2025), StripedHyena 2, for the two stages of blocks.

    >>> blocks_of(16, torch.bfloat16), blocks_of(128, torch.bfloat16)
    ((16, 2), (32, 5))
    """
    n = check_signal(x, "x", kernel, "kernel", torch.float32)
    as_choice("precision", precision, PRECISIONS)
    taps = kernel[:n]
    if len(taps) > MOST_TAPS:
        raise ValueError(
            f"kernel has {len(taps)} taps; blocks take up to {MOST_TAPS}: use causal_convolution"
        )
    require(x)
    if not x.numel() or not len(taps):
        return torch.zeros_like(x)
    found: Tensor = convolved(x, taps, precision)
    return found


def blocks_of(taps: int, dtype: torch.dtype) -> tuple[int, int]:
    """Return how long chunks are, and how many Toeplitz blocks so many taps have.

    Products in float32, which no tensor core takes, would not fit in registers with longer chunks.
    """
    chunk = 16 if taps <= 17 or dtype == torch.float32 else 32
    return chunk, 1 + -(-(taps - 1) // chunk)


@torch.library.custom_op("fftia_lab::convolved", mutates_args=())
def convolved(x: Tensor, kernel: Tensor, precision: str) -> Tensor:
    """Return y[i] = Σ_t kernel[t] x[i - t] over t ≤ i."""
    return _convolve(x, kernel, precision, reverse=False)


@torch.library.custom_op("fftia_lab::convolved_adjoint", mutates_args=())
def convolved_adjoint(gradient: Tensor, kernel: Tensor, precision: str) -> Tensor:
    """Return Σ_t kernel[t] gradient[j + t] over t < n - j."""
    return _convolve(gradient, kernel, precision, reverse=True)


@torch.library.custom_op("fftia_lab::convolved_weigh", mutates_args=())
def convolved_weigh(x: Tensor, gradient: Tensor, taps: int, precision: str) -> Tensor:
    """Return the gradient of the kernel, Σ over batch and i of gradient[i] x[i - t]."""
    batch, n, channels = x.shape
    chunk, stages = blocks_of(taps, x.dtype)
    kernel = configuration(weigh_taps, taps, x.dtype, precision)
    blocks, groups = -(-channels // kernel.constants["C"]), -(-n // (chunk * CHUNKS))
    splits = -(-batch * groups // ITEMS)
    shape = splits, stages, 2 * chunk - 1, channels
    total = x.new_empty(shape, dtype=torch.float32)
    with on_device_of(x):
        kernel.launch(
            (splits * stages * blocks,),
            **dict(x=x, gradient=gradient, total=total, batch=batch, tokens=n, channels=channels),
            **dict(blocks=blocks, groups=groups),
            **_strides(x=x, gradient=gradient),
        )
    found = x.new_zeros((chunk * (stages + 1) - 1, channels), dtype=torch.float32)
    for stage, sums in enumerate(total.sum(0)):  # of lags from stage·chunk - (chunk - 1)
        found[stage * chunk : stage * chunk + len(sums)] += sums
    return found[chunk - 1 : chunk - 1 + taps].clone()


def _convolve(x: Tensor, taps: Tensor, precision: str, reverse: bool) -> Tensor:
    batch, n, channels = x.shape
    chunk, _ = blocks_of(len(taps), x.dtype)
    kernel = configuration(convolve, len(taps), x.dtype, precision, REVERSED=reverse)
    blocks, groups = -(-channels // kernel.constants["C"]), -(-n // (chunk * CHUNKS))
    y = torch.empty(x.shape, dtype=x.dtype, device=x.device)
    with on_device_of(x):
        kernel.launch(
            (batch * groups * blocks,),
            **dict(x=x, y=y, kernel=taps, tokens=n, channels=channels, taps=len(taps)),
            **dict(blocks=blocks, groups=groups),
            **dict(kernel_tap=taps.stride(0), kernel_channel=taps.stride(1)),
            **_strides(x=x, y=y),
        )
    return y


def configuration(
    function: Any, taps: int, dtype: torch.dtype, precision: str, **flags: bool
) -> Configuration:
    """Return the launch of one of the two kernels.

    Args:
        function: the kernel.
        taps: of the filter.
        dtype: of the signal.
        precision: of products in float32.
        flags: its constants besides.
    """
    kind = str(dtype).removeprefix("torch.")
    chunk, stages = blocks_of(taps, dtype)
    signals = dict.fromkeys(("x", "y", "gradient"), POINTERS[kind])
    types = {name: "i32" for name in function.arg_names if name.islower() and len(name) > 1}
    types |= {name: one for name, one in signals.items() if name in function.arg_names}
    types |= {name: POINTERS["float32"] for name in ("kernel", "total") if name in types}
    constants = dict(B=chunk, C=256 // chunk, G=CHUNKS, STAGES=stages, PRECISION=precision, **flags)
    if function is weigh_taps:
        constants["ITEMS"] = ITEMS
    label = f"{function.__name__}, chunks of {chunk}, {stages} blocks, {kind} {precision}"
    cores = kind != "float32" or precision != "ieee"
    return Configuration(
        ", ".join([label, *(name for name in flags if flags[name])]),
        *(function, types, constants),
        warps=8,
        tensor_cores=cores,
    )


def _strides(**signals: Tensor) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, signal in signals.items():
        axes = f"{name}_batch", f"{name}_token", f"{name}_channel"
        found |= dict(zip(axes, signal.stride(), strict=True))
    return found


@convolved.register_fake
@convolved_adjoint.register_fake
def _(signal: Tensor, weight: Tensor, precision: str) -> Tensor:
    return signal.new_empty(signal.shape)


@convolved_weigh.register_fake
def _(x: Tensor, gradient: Tensor, taps: int, precision: str) -> Tensor:
    return x.new_empty((taps, x.shape[2]), dtype=torch.float32)


differentiate(convolved, convolved_adjoint, convolved_weigh)


def shipped() -> list[Configuration]:
    """Return the launches that a user can get: chunks of both lengths, few blocks and many."""
    kinds = [(torch.float32, precision) for precision in PRECISIONS]
    kinds += [(torch.float16, "ieee"), (torch.bfloat16, "ieee")]
    found = []
    for dtype, precision in kinds:
        for taps in (16,) if dtype == torch.float32 else (16, MOST_TAPS):
            found.append(configuration(convolve, taps, dtype, precision, REVERSED=False))
            found.append(configuration(weigh_taps, taps, dtype, precision))
    return found
