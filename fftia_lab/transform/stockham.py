"""The Stockham FFT: the same stages, written so that nothing is ever sorted.

Leaves out every length that is no power of two. Notebook: 03-the-butterfly.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ..schedule import ButterflySchedule
from .iterative import check_power_of_two
from .reference import Complexes, as_complex, twiddles


def fft_stockham(x: ArrayLike) -> Complexes:
    """Return the discrete Fourier transform along the last axis, in natural order throughout.

    Every stage reads its pairs N/2 apart and writes the two results 1, then 2, then 4 … apart;
    log2 N such stages do the sorting that bit reversal does at once.

    Args:
        x: numbers of shape (..., N), N a power of two.

    Returns:
        complex array of the shape of x; complex64 for half or single precision, else complex128.

    Raises:
        TypeError: if x does not hold numbers.
        ValueError: if N is no power of two.

    Source: Cochran et al. (1967), doi:10.1109/PROC.1967.5957, credits T. G. Stockham.

    >>> fft_stockham([0.0, 1.0, 0.0, 0.0]).round(3) + 0
    array([ 1.+0.j,  0.-1.j, -1.+0.j,  0.+1.j])
    """
    x = as_complex(x)
    size = x.shape[-1]
    check_power_of_two(size)
    batch = x.shape[:-1]
    for stride in ButterflySchedule(size, decreasing=True).strides:
        # (2, stride, groups): a half, a position in it, and which transform it belongs to.
        halves = x.reshape(*batch, 2, stride, size // (2 * stride))
        a, b = halves[..., 0, :, :], halves[..., 1, :, :]
        twiddle = twiddles(2 * stride).astype(x.dtype)[:, None]
        x = np.stack([a + b, (a - b) * twiddle], axis=-2).reshape(*batch, size)
    return x
