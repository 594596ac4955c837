"""A transform taken digit by digit, and the tables that it needs; needs no Triton.

With N = 16 · 16 · … · r, a DFT of N numbers is one product with a DFT matrix for each digit, and a
twiddle between two digits (README.md, "A transform in digits"). A last digit r below 16 is taken as
a product too, of 16/r short transforms at once: its matrix is F_r ⊗ I.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RADIX = 16  # what a dot of Triton multiplies at least


@dataclass(frozen=True)
class Digits:
    """How many numbers a transform has, a power of two, and what its digits are.

    Args:
        size: N, from 2.
        radix: of all digits but perhaps the last.

    >>> digits = Digits(2048)
    >>> digits.stages, digits.last
    (3, 8)
    """

    size: int
    radix: int = RADIX

    @property
    def stages(self) -> int:
        """How many digits there are."""
        bits, width = self.size.bit_length() - 1, self.radix.bit_length() - 1
        return -(-bits // width)

    @property
    def last(self) -> int:
        """How many values the last digit has."""
        return self.size // self.radix ** (self.stages - 1)

    def tables(self) -> NDArray[np.float32]:
        """Return the matrix of a digit, that of the last one, and the twiddles after each digit.

        Everything is complex, kept as real parts followed by imaginary parts: two matrices of
        radix · radix numbers, then for each digit but the last a table of size numbers, of which
        the twiddle of digit k and rest j stands at j · radix + k.
        """
        spare = np.eye(self.radix // self.last)
        parts = [_dft(self.radix), np.kron(_dft(self.last), spare)]
        for stage in range(self.stages - 1):
            length = self.size // self.radix**stage
            table = np.zeros(self.size, dtype=complex)
            rest, digit = np.arange(length // self.radix)[:, None], np.arange(self.radix)
            table[:length] = _roots(rest * digit, length).ravel()
            parts.append(table)
        planes = [plane.ravel() for part in parts for plane in (part.real, part.imag)]
        return np.concatenate(planes).astype(np.float32)


def fine_of(order: int) -> int:
    """Return how many roots of unity the first of two tables has: at least √order.

    >>> fine_of(1 << 11)
    64
    """
    return 1 << order.bit_length() // 2


def root_tables(order: int) -> NDArray[np.float32]:
    """Return two tables whose products are all roots of unity of an order, a power of two.

    exp(-2πi m/order) = fine[m mod f] · coarse[m div f] with f = fine_of(order): about 2√order
    numbers instead of order, for one complex multiplication. Real parts come before imaginary ones.

    >>> root_tables(16).size
    16
    """
    fine = fine_of(order)
    tables = _roots(np.arange(fine), order), _roots(np.arange(order // fine) * fine, order)
    planes = [plane for table in tables for plane in (table.real, table.imag)]
    return np.concatenate(planes).astype(np.float32)


def _dft(size: int) -> NDArray[np.complex128]:
    return _roots(np.outer(np.arange(size), np.arange(size)), size)


def _roots(turns: NDArray[np.integer], order: int) -> NDArray[np.complex128]:
    """Return exp(-2πi turns/order), exact at quarter turns."""
    quarters, rest = np.divmod(turns * 4 % (4 * order), order)
    angle = 2 * np.pi * rest / (4 * order)
    return np.exp(-1j * angle) * np.array([1, -1j, -1, 1j])[quarters]
