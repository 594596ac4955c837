"""The FFT as it is derived: two half transforms, and one butterfly for every pair of outputs.

Leaves out speed, and every length that is no power of two.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .iterative import check_power_of_two
from .reference import Complexes, as_complex, twiddles


def fft_recursive(x: ArrayLike) -> Complexes:
    """Return the discrete Fourier transform along the last axis by splitting even from odd.

    X_k = E_k + w^k O_k and X_{k+N/2} = E_k - w^k O_k, with E and O the transforms of the even and
    odd samples and w = e^{-2πi/N}.

    Args:
        x: numbers of shape (..., N), N a power of two.

    Returns:
        complex array of the shape of x; complex64 for half or single precision, else complex128.

    Raises:
        TypeError: if x does not hold numbers.
        ValueError: if N is no power of two.

    Source: Cooley and Tukey (1965), doi:10.1090/S0025-5718-1965-0178586-1.

    >>> fft_recursive([0.0, 1.0, 0.0, 0.0]).round(3) + 0
    array([ 1.+0.j,  0.-1.j, -1.+0.j,  0.+1.j])
    """
    x = as_complex(x)
    check_power_of_two(x.shape[-1])
    return _split(x)


def _split(x: Complexes) -> Complexes:
    size = x.shape[-1]
    if size == 1:
        return x
    even, odd = _split(x[..., ::2]), _split(x[..., 1::2])
    turned = twiddles(size).astype(x.dtype) * odd
    return np.concatenate([even + turned, even - turned], axis=-1)
