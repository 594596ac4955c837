"""A transform taken digit by digit, and the roots of unity that it needs; needs no Triton.

With N = 8 · 8 · … · r a DFT of N numbers is a DFT of 8 for each digit, and a twiddle between two of
them; the last digit r may be 2, 4 or 8 (README.md, "A transform in digits").
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RADIX = 8


def stages_of(size: int) -> int:
    """Return how many digits a power of two has.

    >>> stages_of(4096), stages_of(128)
    (4, 3)
    """
    return -(-(size.bit_length() - 1) // 3)


def last_of(size: int) -> int:
    """Return how many values its last digit has.

    >>> last_of(4096), last_of(128)
    (8, 2)
    """
    return size >> 3 * (stages_of(size) - 1)


def roots(size: int) -> NDArray[np.float32]:
    """Return exp(-2πi m/size) for m = 0 … size - 1: all real parts, then all imaginary ones."""
    return _planes(_roots(np.arange(size), size))


def fine_of(order: int) -> int:
    """Return how many roots of unity the first of two tables has: at least √order.

    >>> fine_of(1 << 11)
    64
    """
    return 1 << order.bit_length() // 2


def root_tables(order: int, fine: int) -> NDArray[np.float32]:
    """Return two tables whose products are all roots of unity of an order, a power of two.

    exp(-2πi m/order) = first[m mod fine] · second[m div fine]. With fine = fine_of(order) they have
    about 2√order numbers instead of order, for one complex multiplication. Real parts come before
    imaginary ones.

    >>> root_tables(16, 4).size
    16
    """
    tables = np.arange(fine), np.arange(order // fine) * fine
    return np.concatenate([_planes(_roots(turns, order)) for turns in tables])


def _planes(numbers: NDArray[np.complex128]) -> NDArray[np.float32]:
    return np.concatenate([numbers.real, numbers.imag]).astype(np.float32)


def _roots(turns: NDArray[np.integer], order: int) -> NDArray[np.complex128]:
    """Return exp(-2πi turns/order), exact at quarter turns."""
    quarters, rest = np.divmod(turns * 4 % (4 * order), order)
    return np.exp(-0.5j * np.pi * rest / order) * np.array([1, -1j, -1, 1j])[quarters]
