"""The transform by definition: the law that every fast algorithm must obey.

Leaves out speed. Notebook: 01-dft-by-definition.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..schedule import as_integer

Complexes = NDArray[np.complexfloating]


def as_complex(x: ArrayLike) -> Complexes:
    """Return x as complex with at least one axis: complex64 from half or single, else complex128.

    Raises:
        TypeError: if x does not hold numbers.
        ValueError: if x is a single number or its last axis is empty.
    """
    x = np.asarray(x)
    if x.dtype.kind not in "biufc":
        raise TypeError(f"a transform needs numbers; got an array of dtype {x.dtype}")
    if x.ndim == 0 or x.shape[-1] == 0:
        raise ValueError(f"a transform needs at least one sample on its last axis; got {x.shape}")
    single = x.dtype in (np.float16, np.float32, np.complex64)
    return x.astype(np.complex64 if single else np.complex128)


def twiddles(size: int) -> Complexes:
    """Return the first half of the size-th roots of unity, one weight a butterfly.

    w_k = e^{-2πi k/size} for k = 0 .. size/2 - 1.

    Args:
        size: how many positions one group of butterflies spans, even, at least 2.

    Returns:
        complex128 array of shape (size / 2,).

    Raises:
        TypeError: if size is not an integer.
        ValueError: if size is odd or below 2.

    >>> twiddles(4).round(3) + 0
    array([1.+0.j, 0.-1.j])
    """
    size = as_integer("size", size)
    if size < 2 or size % 2:
        raise ValueError(f"twiddles come in halves of an even size, at least 2; got {size}")
    return np.exp(-2j * np.pi * np.arange(size // 2) / size)


def dft_matrix(size: int) -> Complexes:
    """Return the matrix of the discrete Fourier transform.

    F[k, j] = e^{-2πi jk/size}; F x is the spectrum of x, as `numpy.fft.fft` gives it.

    Args:
        size: number of samples, at least 1.

    Returns:
        complex128 array of shape (size, size), symmetric; F times its conjugate is size·identity.

    Raises:
        TypeError: if size is not an integer.
        ValueError: if size is below 1.

    >>> dft_matrix(2).real
    array([[ 1.,  1.],
           [ 1., -1.]])
    """
    size = as_integer("size", size)
    if size < 1:
        raise ValueError(f"a transform needs at least one sample; got size={size}")
    index = np.arange(size)
    # jk mod size keeps the angle small, so that large sizes lose no digits in cos and sin.
    return np.exp(-2j * np.pi * (np.outer(index, index) % size) / size)


def dft(x: ArrayLike) -> Complexes:
    """Return the discrete Fourier transform along the last axis, by its definition.

    X_k = Σ_j x_j e^{-2πi jk/N}: N² multiplications for N samples.

    Args:
        x: numbers of shape (..., N), any N of at least 1.

    Returns:
        complex array of shape (..., N); complex64 for half or single precision, else complex128.

    Raises:
        TypeError: if x does not hold numbers.
        ValueError: if the last axis is empty.

    >>> dft([1.0, 0.0, 0.0, 0.0]).real
    array([1., 1., 1., 1.])
    """
    x = as_complex(x)
    return x @ dft_matrix(x.shape[-1]).astype(x.dtype)
