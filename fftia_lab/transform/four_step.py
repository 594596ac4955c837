"""Bailey's four steps: one long transform as many short ones, with two trips through memory.

Leaves out every length that is no power of two.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .iterative import check_power_of_two
from .reference import Complexes, as_complex, dft_matrix, roots_of_unity


def fft_four_step(x: ArrayLike) -> Complexes:
    """Return the discrete Fourier transform along the last axis over a square-like grid.

    With N = rows·columns and sample j = columns·r + c: transform the columns of the grid, weigh
    entry (k, c) with e^{-2πi kc/N}, transform the rows, and read the grid by columns.

    Args:
        x: numbers of shape (..., N), N a power of two.

    Returns:
        complex array of the shape of x; complex64 for half or single precision, else complex128.

    Raises:
        TypeError: if x does not hold numbers.
        ValueError: if N is no power of two.

    Source: Bailey (1990), doi:10.1007/BF00162341.

    >>> fft_four_step([0.0, 1.0, 0.0, 0.0]).round(3) + 0
    array([ 1.+0.j,  0.-1.j, -1.+0.j,  0.+1.j])
    """
    x = as_complex(x)
    size = x.shape[-1]
    check_power_of_two(size)
    rows = 1 << (size.bit_length() - 1) // 2
    columns = size // rows
    grid = x.reshape(*x.shape[:-1], rows, columns)
    grid = dft_matrix(rows).astype(x.dtype) @ grid
    turns = np.outer(np.arange(rows), np.arange(columns))
    grid = grid * roots_of_unity(turns, size, x.dtype)
    grid = grid @ dft_matrix(columns).astype(x.dtype)
    return np.swapaxes(grid, -1, -2).reshape(x.shape)
