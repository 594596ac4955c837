"""Binary digits of positions."""

from __future__ import annotations

import numpy as np

from ..arguments import as_integer
from .base import Integers


def is_power_of_two(size: int) -> bool:
    """Whether a size is 1, 2, 4, …"""
    return size >= 1 and size & (size - 1) == 0


def bit_reversal(size: int) -> Integers:
    """Return the order that reads every index with its binary digits reversed.

    Position i of the result holds rev(i), for log2(size) binary digits.

    Args:
        size: number of positions, a power of two.

    Returns:
        int64 array of shape (size,); a permutation that is its own inverse.

    Raises:
        TypeError: if size is not an integer.
        ValueError: if size is not a power of two.

    >>> bit_reversal(8)
    array([0, 4, 2, 6, 1, 5, 3, 7])
    """
    size = as_integer("size", size)
    if not is_power_of_two(size):
        raise ValueError(f"bit reversal needs a size that is a power of two; got {size}")
    order = np.zeros(1, dtype=np.int64)
    while len(order) < size:
        order = np.concatenate([2 * order, 2 * order + 1])
    return order
