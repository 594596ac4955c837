"""The transform by definition: the law that every fast algorithm must obey.

Leaves out speed. Notebook: 01-dft-by-definition.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..arguments import as_array, as_integer

Complexes = NDArray[np.complexfloating]

QUARTERS = np.array([1, -1j, -1, 1j]) + 0  # no part of which is -0


def as_complex(x: ArrayLike) -> Complexes:
    """Return x as complex with at least one axis: complex64 from half or single, else complex128.

    Raises:
        TypeError: if x does not hold numbers.
        ValueError: if x is a single number, ragged, or its last axis is empty.
    """
    x = as_array("x", x)
    if x.ndim == 0 or x.shape[-1] == 0:
        raise ValueError(f"a transform needs at least one sample on its last axis; got {x.shape}")
    single = x.dtype in (np.float16, np.float32, np.complex64)
    return x.astype(np.complex64 if single else np.complex128)


def roots_of_unity(turns: ArrayLike, size: int, dtype: Any = np.complex128) -> Complexes:
    """Return the point 1 after so many size-th parts of a clockwise turn.

    w^k = e^{-2πi k/size} for each k of turns. What is left of it besides whole quarters of a turn
    is found among the integers, so cos and sin meet no angle above an eighth of a turn, whose
    rounding would cost digits; the quarters are exact.

    Args:
        turns: integers k of any shape.
        size: how many steps make a whole turn, at least 1.
        dtype: complex64, complex128 or clongdouble.

    Returns:
        array of the shape of turns; in complex128 each part is off by less than 2^-52.

    Raises:
        TypeError: if turns or size are not integers, or the dtype is another.
        ValueError: if size is below 1 or not below 2^60.

    >>> roots_of_unity([0, 1, 2, 3], 4)
    array([ 1.+0.j,  0.-1.j, -1.+0.j,  0.+1.j])
    """
    turns, size = as_array("turns", turns), as_integer("size", size)
    if turns.dtype.kind not in "iu":
        raise TypeError(f"turns must be integers; got an array of dtype {turns.dtype}")
    if not 1 <= size < 1 << 60:
        raise ValueError(f"size must lie in 1 to 2^60 for roots of unity; got {size}")
    if dtype not in (np.complex64, np.complex128, np.clongdouble):
        raise TypeError(f"dtype must be complex64, complex128 or clongdouble; got {dtype!r}")
    real: Any = np.longdouble if dtype == np.clongdouble else np.float64
    quadruple = 4 * (turns.astype(np.int64) % size)
    quarters = (quadruple + size // 2) // size
    angle = 2 * np.arctan(real(1)) * ((quadruple - quarters * size).astype(real) / real(size))
    root = np.cos(angle) - 1j * np.sin(angle)
    return (QUARTERS[quarters % 4] * root).astype(dtype, copy=False)


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
    return _table(size)[: size // 2].copy()


@lru_cache(maxsize=64)
def _table(size: int) -> Complexes:
    """All roots of unity of one size, for callers that ask for them again and again."""
    return roots_of_unity(np.arange(size), size)


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
    return _table(size)[np.outer(index, index) % size]


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
