"""Causal convolution along the tokens: through the FFT, tap by tap, or in blocks."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import pad

from ..arguments import as_choice
from ..implementations import CONVOLUTIONS
from .checks import check_tokens, wide
from .transforms import rfft

# Up to so many taps "direct" takes less time than "fft", without and with gradients: the suite
# "mixing" measures where they meet. Nothing has been measured on other devices.
DIRECT_TO = {"cpu": (256, 32)}


def causal_convolution(x: Tensor, kernel: Tensor, method: str = "auto") -> Tensor:
    """Convolve each channel with a kernel of its own; no token hears a later one.

    y[i] = Σ_t kernel[t] x[i - t] over 0 ≤ t ≤ i.

    Args:
        x: floating point (batch, tokens, channels).
        kernel: real (taps, channels), at lags 0, 1, …; what is longer than the tokens is not used.
        method: "fft", with both padded by zeros to twice the tokens; "direct", tap by tap;
            "blocks", as products with two Toeplitz blocks, for what is in a token's own chunk and
            for what is in the one before; "auto", which on a processor is direct up to 256 taps,
            or 32 where gradients are wanted, and otherwise the FFT: what takes less time in the
            suite "mixing". Blocks take the least nowhere there.

    Returns:
        shape and type of x; computed in float32, or float64 for float64.

    An infinite or missing number spoils what is near, and through the FFT everything.

    Raises:
        TypeError: if x or the kernel is no tensor of real floating point.
        ValueError: if a shape does not fit, or there is no such method.

    Source: Ku et al. (2025), StripedHyena 2, arXiv:2503.01868, for the two stages of blocks.

    >>> x = torch.arange(4.0).reshape(1, 4, 1)
    >>> causal_convolution(x, torch.tensor([[0.0], [1.0]]), method="blocks").ravel()
    tensor([0., 0., 1., 2.])
    """
    check_tokens("causal_convolution", x, None)
    _check_kernel(kernel, x.shape[2])
    as_choice("method", method, ("auto", *CONVOLUTIONS))
    taps = kernel[: x.shape[1]]
    if not x.numel() or not taps.shape[0]:
        return torch.zeros_like(x)
    if method == "auto":
        wants = torch.is_grad_enabled() and (x.requires_grad or kernel.requires_grad)
        method = "direct" if taps.shape[0] <= DIRECT_TO.get(x.device.type, (0, 0))[wants] else "fft"
    convolve = {"fft": by_fft, "direct": by_taps, "blocks": by_blocks}[method]
    signal = wide(x)
    return convolve(signal, taps.to(signal.dtype)).to(x.dtype)


def _check_kernel(kernel: Any, channels: int) -> None:
    if not isinstance(kernel, Tensor) or not kernel.is_floating_point():
        kind = kernel.dtype if isinstance(kernel, Tensor) else type(kernel).__name__
        raise TypeError(f"kernel must be a floating point tensor; got {kind}: call .float()")
    if kernel.dim() != 2 or kernel.shape[1] != channels:
        raise ValueError(
            f"kernel must have shape (taps, channels) with channels = {channels}, as x has; "
            f"got {tuple(kernel.shape)}"
        )


def by_taps(x: Tensor, kernel: Tensor) -> Tensor:
    """Return the convolution by PyTorch's own, with each channel a group: tap by tap.

    Args:
        x: float32 or float64 (batch, n, channels), n at least 1.
        kernel: of the same type, (taps, channels), 1 to n taps.

    Returns:
        shape and type of x.

    >>> by_taps(torch.ones(1, 2, 1), torch.tensor([[2.0], [1.0]])).ravel()
    tensor([2., 3.])
    """
    taps, channels = kernel.shape
    padded = pad(x.transpose(1, 2), (taps - 1, 0))
    weight = kernel.flip(0).T[:, None]  # PyTorch's slides without turning round
    return torch.nn.functional.conv1d(padded, weight, groups=channels).transpose(1, 2)


def by_fft(x: Tensor, kernel: Tensor) -> Tensor:
    """Return the convolution by three FFTs over twice the tokens, so that nothing comes round.

    Args:
        x: float32 or float64 (batch, n, channels), n at least 1.
        kernel: of the same type, (taps, channels), 1 to n taps.

    Returns:
        shape and type of x.

    >>> by_fft(torch.ones(1, 2, 1), torch.tensor([[2.0], [1.0]])).ravel()
    tensor([2., 3.])
    """
    n = x.shape[1]
    spectrum = rfft(x.transpose(1, 2), 2 * n, 2) * rfft(kernel.T, 2 * n, 1)
    return torch.fft.irfft(spectrum, 2 * n, dim=2)[..., :n].transpose(1, 2)


def by_blocks(x: Tensor, kernel: Tensor) -> Tensor:
    """Return the convolution by matrix products over chunks, each as long as the kernel.

    With x cut into chunks, y_c = T₀ x_c + T₁ x_{c-1}, where T₀[i, j] = kernel[i - j] is what stays
    in a chunk, and T₁[i, j] = kernel[i - j + chunk] what comes from the one before.

    Args:
        x: float32 or float64 (batch, n, channels), n at least 1.
        kernel: of the same type, (taps, channels), 1 to n taps.

    Returns:
        shape and type of x.

    >>> by_blocks(torch.ones(1, 2, 1), torch.tensor([[2.0], [1.0]])).ravel()
    tensor([2., 3.])
    """
    batch, n, _ = x.shape
    chunk = max(kernel.shape[0], min(16, n))
    count = -(-n // chunk)
    padded = pad(x, (0, 0, 0, count * chunk - n))
    chunks = torch.unflatten(padded, 1, (count, chunk)).permute(3, 2, 0, 1)
    before = pad(chunks[..., :-1], (1, 0))
    inside, across = _toeplitz(kernel, chunk)
    mixed = inside @ chunks.flatten(2) + across @ before.flatten(2)
    return torch.unflatten(mixed, 2, (batch, count)).permute(2, 3, 1, 0).flatten(1, 2)[:, :n]


def _toeplitz(kernel: Tensor, chunk: int) -> tuple[Tensor, Tensor]:
    """Return T₀ and T₁, each (channels, chunk, chunk).

    Row i is a window on the kernel read backwards, and moves by one from row to row.
    """
    zeros = chunk - 1, 2 * chunk - kernel.shape[0]
    backwards = pad(kernel.T, zeros).flip(1)
    windows = backwards.unfold(1, chunk, 1).flip(1)
    return windows[:, :chunk], windows[:, chunk:]
