"""The FFT of a real signal, with a gradient that costs as much as the transform itself."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor


def rfft(x: Tensor, n: int, dim: int) -> Tensor:
    """Return what `torch.fft.rfft` returns, with a gradient by one inverse real FFT.

    PyTorch's own takes a complex FFT over all n bins, of which half say nothing new. The gradient
    is x[t] = Re Σ_k G[k] exp(2πi kt/n) over the n // 2 + 1 bins that there are; an inverse real FFT
    sums the inner ones twice, so they are halved.

    Args:
        x: float32 or float64.
        n: length of the transform, at least that of x, which is padded by zeros.
        dim: the axis, counted from the start.

    Returns:
        complex, n // 2 + 1 bins along the axis.

    >>> rfft(torch.tensor([1.0, 2.0]), 4, 0)
    tensor([ 3.+0.j,  1.-2.j, -1.+0.j])
    """
    if torch.compiler.is_compiling():  # which takes no forward mode that is written by hand
        return torch.fft.rfft(x, n, dim=dim)
    found: Tensor = _RealFFT.apply(x, n, dim)  # type: ignore[no-untyped-call]
    return found


class _RealFFT(torch.autograd.Function):
    generate_vmap_rule = True

    @staticmethod
    def forward(x: Tensor, n: int, dim: int) -> Tensor:
        return torch.fft.rfft(x, n, dim=dim)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor, int, int], output: Tensor) -> None:
        x, ctx.n, ctx.dim = inputs
        ctx.length = x.shape[ctx.dim]

    @staticmethod
    def backward(ctx: Any, *slopes: Tensor) -> tuple[Tensor, None, None]:
        (slope,) = slopes
        bins = torch.arange(ctx.n // 2 + 1, device=slope.device)
        once = (bins == 0) | (bins * 2 == ctx.n)
        weight = once.to(slope.real.dtype).add(1).div(2)
        halved = slope * weight.view(-1, *[1] * (slope.dim() - 1 - ctx.dim))
        summed = torch.fft.irfft(halved, ctx.n, dim=ctx.dim, norm="forward")
        return summed.narrow(ctx.dim, 0, ctx.length), None, None

    @staticmethod
    def jvp(ctx: Any, *tangents: Any) -> Tensor:
        return torch.fft.rfft(tangents[0], ctx.n, dim=ctx.dim)
