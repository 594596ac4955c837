"""From a few learned numbers at frequencies to a filter for any length, in two meanings.

A knot is a complex number at one frequency. Knots per sample stand at equal distances from 0 to
1/2 cycle per sample, and the response is drawn through them by straight lines: the same filter at
every length. Knots per sequence stand at 0, 1, 2 … cycles per sequence: they stretch with it.
"""

from __future__ import annotations

import torch
from torch import Tensor


def response_per_sample(knots: Tensor, n: int) -> Tensor:
    """Return the response at the bins of n samples: straight lines between the knots.

    H(f) at f = j/n for j = 0 … ⌊n/2⌋, with H(k / 2(K - 1)) = knots[k].

    Args:
        knots: complex (K, channels), the first and the last real; one knot is a constant.
        n: number of samples, at least 1.

    Returns:
        complex (n // 2 + 1, channels).

    >>> response_per_sample(torch.tensor([[1 + 0j], [0j]]), 4).real.ravel()
    tensor([1.0000, 0.5000, 0.0000])
    """
    last = len(knots) - 1
    steps = torch.arange(n // 2 + 1, device=knots.device) * (2 * last)
    low, part = steps // n, (steps % n).to(knots.real.dtype) / n
    rows = torch.view_as_real(knots).flatten(1)
    below = rows.index_select(0, low)
    above = rows.index_select(0, (low + 1).clamp(max=last))
    found = torch.lerp(below, above, part[:, None])
    return torch.view_as_complex(torch.unflatten(found, 1, (-1, 2)))


def response_per_sequence(knots: Tensor, n: int) -> Tensor:
    """Return the response at the bins of n samples: knot k is bin k, and further bins pass as 1.

    Args:
        knots: complex (K, channels), the first real. Knots beyond the last bin are left out, and of
            one at half the sampling rate the real part is taken.
        n: number of samples, at least 1.

    Returns:
        complex (n // 2 + 1, channels).

    >>> response_per_sequence(torch.tensor([[3 + 0j], [2j], [2j]]), 4).ravel()
    tensor([3.+0.j, 0.+2.j, 0.+0.j])
    """
    bins = torch.arange(n // 2 + 1, device=knots.device)
    rows = torch.view_as_real(knots).flatten(1)
    held = rows.index_select(0, bins.clamp(max=len(knots) - 1))
    known = torch.view_as_complex(torch.unflatten(held, 1, (-1, 2)))
    return without_turns(known.where((bins < len(knots))[:, None], 1), n, 0)


def without_turns(spectrum: Tensor, n: int, dim: int) -> Tensor:
    """Return a half spectrum whose bins at 0 and at half the sampling rate are real.

    In a real signal of n samples those two cannot turn; not every FFT leaves out what is not.

    Args:
        spectrum: complex, n // 2 + 1 bins along the axis.
        n: number of samples in time.
        dim: the axis of the bins.

    >>> without_turns(torch.tensor([1j, 2j, 3j]), 4, 0)
    tensor([0.+0.j, 0.+2.j, 0.+0.j])
    """
    bins = torch.arange(n // 2 + 1, device=spectrum.device)
    turns = (bins > 0) & (bins * 2 != n)
    turns = turns.view(-1, *[1] * (spectrum.dim() - 1 - dim))
    return torch.complex(spectrum.real, spectrum.imag * turns)


def kernel_per_sample(knots: Tensor, lags: int) -> Tensor:
    """Return the impulse response of knots per sample at the lags 0, 1, … of an endless signal.

    With M = 2(K - 1) and g the inverse DFT of the knots over M samples,
    h[t] = sinc²(t/M) · g[t mod M]: a straight line between knots is a sum of triangles, and a
    triangle in frequency is a squared sinc in time. At negative lags g[t mod M] is what differs.

    Args:
        knots: complex (K, channels), the first and the last real.
        lags: how many.

    Returns:
        real (lags, channels).

    >>> kernel_per_sample(torch.tensor([[1 + 0j], [0j]]), 2).ravel()  # 1/2 and 2/π²
    tensor([0.5000, 0.2026])
    """
    period = max(2 * (len(knots) - 1), 1)
    once = torch.fft.irfft(knots, period, dim=0).contiguous()
    lag = torch.arange(lags, device=knots.device)
    window = torch.sinc(lag.to(once.dtype) / period).square()
    return once.index_select(0, lag % period) * window[:, None]
