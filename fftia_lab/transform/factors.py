"""The DFT matrix as a product of sparse matrices, one a stage.

Leaves out speed: the factors are dense arrays, to be looked at. Notebook: 03-the-butterfly.
"""

from __future__ import annotations

import numpy as np

from ..arguments import as_integer
from ..schedule import ButterflySchedule
from .iterative import check_decimation, check_power_of_two, fft_stage
from .reference import Complexes


def butterfly_factors(size: int, decimation: str = "time") -> list[Complexes]:
    """Return the factors of the DFT matrix, in the order in which they act on a signal.

    time:       F = B_L ··· B_2 B_1 P;    frequency:  F = P B_1ᵀ B_2ᵀ ··· B_Lᵀ,
    with P the bit reversal and B_s the butterflies of the s-th stage, stage s - 1 of the schedule:
    two entries a row.

    Args:
        size: number of samples N, a power of two.
        decimation: "time" or "frequency".

    Returns:
        log2 N + 1 complex128 arrays of shape (N, N); the first acts first.

    Raises:
        TypeError: if size is not an integer.
        ValueError: if size is no power of two, or the decimation is unknown.

    Source: Van Loan (1992), doi:10.1137/1.9781611970999, section 1.3.

    >>> sort, first, second = butterfly_factors(4)
    >>> [int(np.count_nonzero(factor)) for factor in (sort, first, second)]
    [4, 8, 8]
    """
    check_decimation(decimation)
    check_power_of_two(as_integer("size", size))
    schedule = ButterflySchedule(size, decreasing=decimation == "frequency")
    identity = np.eye(schedule.size, dtype=np.complex128)
    sort = identity[schedule.bit_reversal()]
    # A stage acts along the last axis, so pushing the identity through gives its transpose.
    stages = [fft_stage(identity, stride, decimation).T for stride in schedule.strides]
    return [sort, *stages] if decimation == "time" else [*stages, sort]
