"""Blocks on a butterfly's wiring that multiply to matrices with a name, in NumPy.

Who meets is the schedule's; a block says how those who meet are weighed. One array a stage, shape
(groups, width, width), groups in the schedule's order. Leaves out speed and learning, which are in
`learned`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..arguments import as_array, as_boolean
from ..schedule import BenesSchedule, ButterflySchedule
from ..schedule.digits import bit_reversal
from ..transform.reference import roots_of_unity

Blocks = list[NDArray[Any]]
Wiring = ButterflySchedule | BenesSchedule


def meetings(schedule: Wiring) -> list[tuple[int, int]]:
    """Return (stride, width) of every stage: how far apart those are who meet, and how many.

    Raises:
        TypeError: if the schedule's places do not meet in groups: of a shift, a prefix.

    >>> meetings(ButterflySchedule(8, radix=4)), meetings(BenesSchedule(4))
    ([(1, 4), (4, 2)], [(1, 2), (2, 2), (1, 2)])
    """
    if isinstance(schedule, ButterflySchedule):
        return list(zip(schedule.strides, schedule.widths, strict=True))
    if isinstance(schedule, BenesSchedule):
        return [(stride, 2) for stride in schedule.strides]
    raise TypeError(
        "schedule must be a ButterflySchedule or a BenesSchedule, where whoever hears is heard; "
        f"got {schedule!r}"
    )


def places(schedule: Wiring, stage: int) -> NDArray[np.int64]:
    """Return which places meet at a stage, one group a row, in the order of the blocks.

    >>> places(BenesSchedule(4), 1)
    array([[0, 2],
           [1, 3]])
    """
    stride, width = meetings(schedule)[stage]
    whole = np.arange(schedule.size).reshape(-1, width, stride)
    return whole.swapaxes(1, 2).reshape(-1, width)


def apply_blocks(x: ArrayLike, blocks: Blocks, schedule: Wiring) -> NDArray[Any]:
    """Return x after all stages along the last axis: in every group, y = block x.

    Args:
        x: numbers of shape (..., size).
        blocks: one array a stage, shape (groups, width, width).
        schedule: who meets.

    >>> apply_blocks(np.eye(2), [np.array([[[1, 2], [3, 4]]])], ButterflySchedule(2)).T
    array([[1., 2.],
           [3., 4.]])
    """
    y = as_array("x", x)
    for block, (stride, width) in zip(blocks, meetings(schedule), strict=True):
        met = y.reshape(*y.shape[:-1], -1, width, stride)
        shaped = np.reshape(block, (-1, stride, width, width))
        y = np.einsum("bkqp,...bpk->...bqk", shaped, met).reshape(y.shape)
    return y


def factors(blocks: Blocks, schedule: Wiring) -> list[NDArray[Any]]:
    """Return every stage as a dense matrix of shape (size, size); the first acts first.

    >>> factors(hadamard_blocks(ButterflySchedule(4)), ButterflySchedule(4))[1].astype(int)
    array([[ 1,  0,  1,  0],
           [ 0,  1,  0,  1],
           [ 1,  0, -1,  0],
           [ 0,  1,  0, -1]])
    """
    found = []
    for stage, block in enumerate(blocks):
        group = places(schedule, stage)
        dense = np.zeros((schedule.size, schedule.size), dtype=block.dtype)
        dense[group[:, :, None], group[:, None, :]] = block
        found.append(dense)
    return found


def blocks_of(stages: ArrayLike, schedule: Wiring) -> Blocks:
    """Return the blocks of dense stages: what `factors` undoes.

    So that a stage of any origin, the FFT's or one that attention made, can be held as blocks.

    Args:
        stages: shape (stages, size, size); the first acts first.
        schedule: who meets.

    Raises:
        ValueError: if a shape does not fit, or an entry weighs two that do not meet.

    >>> schedule = ButterflySchedule(4)
    >>> blocks_of(factors(hadamard_blocks(schedule), schedule), schedule)[0].tolist()
    [[[1.0, 1.0], [1.0, -1.0]], [[1.0, 1.0], [1.0, -1.0]]]
    """
    given = as_array("stages", stages)
    wanted = len(meetings(schedule)), schedule.size, schedule.size
    if given.shape != wanted:
        raise ValueError(f"stages must have shape {wanted} for {schedule}; got {given.shape}")
    found = []
    for number, stage in enumerate(given):
        group = places(schedule, number)
        block = stage[group[:, :, None], group[:, None, :]]
        if np.count_nonzero(stage) != np.count_nonzero(block):
            raise ValueError(f"stage {number} weighs two that do not meet there on {schedule}")
        found.append(block)
    return found


def identity_blocks(schedule: Wiring) -> Blocks:
    """Return blocks that change nothing."""
    return [
        np.broadcast_to(np.eye(width), (schedule.size // width, width, width)).copy()
        for _, width in meetings(schedule)
    ]


def hadamard_blocks(schedule: ButterflySchedule) -> Blocks:
    """Return the blocks of `scipy.linalg.hadamard(size)`: sums and differences, every stage.

    Raises:
        TypeError: if the schedule is no butterfly.
    """
    _require_butterfly(schedule, "Hadamard's matrix")
    found = []
    for _, width in meetings(schedule):
        one = np.ones((1, 1))
        while len(one) < width:
            one = np.block([[one, one], [one, -one]])
        found.append(np.broadcast_to(one, (schedule.size // width, width, width)).copy())
    return found


def dft_blocks(schedule: ButterflySchedule, inverse: bool = False) -> Blocks:
    """Return the blocks of the DFT matrix but for its sorting: F = B_L ⋯ B_1 P.

    With P the bit reversal, which is no butterfly. In the group that begins k places into its run,
    B[q, p] = w^{rev(p) (k + q·stride)} with w = e^{-2πi/(width·stride)} and rev the reversal of
    width's digits. With `decreasing` the blocks are transposed and sorting comes last: F = P B_L ⋯.

    Args:
        schedule: a butterfly of any radix.
        inverse: the blocks of F⁻¹, which has the same sorting.

    Raises:
        TypeError: if the schedule is no butterfly.
        ValueError: if it is causal: every output of a DFT hears every sample.

    Source: Van Loan (1992), doi:10.1137/1.9781611970999, section 1.3; Dao et al. (2019),
    arXiv:1903.05895.

    >>> schedule = ButterflySchedule(8, radix=4)
    >>> ramp = np.arange(8.0)
    >>> found = apply_blocks(ramp[schedule.bit_reversal()], dft_blocks(schedule), schedule)
    >>> np.allclose(found, np.fft.fft(ramp))
    True
    """
    _require_butterfly(schedule, "the DFT")
    found = []
    for stride, width in meetings(schedule):
        offset = np.arange(schedule.size // width) % stride
        row = offset[:, None] + stride * np.arange(width)
        turns = row[:, :, None] * bit_reversal(width)
        block = roots_of_unity(turns % (width * stride), width * stride)
        found.append(block.swapaxes(1, 2) if schedule.decreasing else block)
    if as_boolean("inverse", inverse):
        return [block.conj() / block.shape[1] for block in found]
    return found


def dct_blocks(schedule: ButterflySchedule) -> Blocks:
    """Return blocks of which the product's real part, on samples sorted anew, is the DCT-II.

    X_k = 2 Σ_n x_n cos(πk(2n + 1)/2N) = Re(2 e^{-iπk/2N} V_k), with V the DFT of the even samples
    followed by the odd ones backwards: `dct_order`. The factor is taken into the last stage.

    Raises:
        TypeError: if the schedule is no butterfly.
        ValueError: if it is causal, or its strides fall.

    Source: Makhoul (1980), doi:10.1109/TASSP.1980.1163351.
    """
    blocks = dft_blocks(schedule)
    if schedule.decreasing:
        raise ValueError("the DCT-II is held with rising strides: leave decreasing out")
    if not blocks:  # one sample, which no block can double
        raise ValueError("the DCT-II needs at least two samples")
    turns = places(schedule, -1)
    blocks[-1] = 2 * roots_of_unity(turns, 4 * schedule.size)[..., None] * blocks[-1]
    return blocks


def dct_order(size: int) -> NDArray[np.int64]:
    """Return which sample stands at which place before the stages of `dct_blocks`.

    >>> dct_order(4)
    array([0, 3, 2, 1])
    """
    samples = np.concatenate([np.arange(0, size, 2), np.arange(1, size, 2)[::-1]])
    return samples[bit_reversal(size)]


def circulant_blocks(c: ArrayLike) -> Blocks:
    """Return blocks on a Beneš wiring of C = F⁻¹ diag(F c) F, but for sorting before and after.

    The DFT's stages, a stage that is its last one, the diagonal and the inverse's first one in
    one, and the inverse's other stages backwards: 2 log2(N) - 1, and C = P B_L ⋯ B_1 P with P the
    bit reversal.

    Args:
        c: the first column, shape (N,), N a power of two of at least 2.

    Raises:
        TypeError: if c does not hold numbers.
        ValueError: if its shape does not fit.

    Source: Dao et al. (2020), Kaleidoscope, arXiv:2012.14966: circulants in B B*.
    """
    column = as_array("c", c)
    size = column.size
    if column.ndim != 1 or size < 2 or size & (size - 1):
        raise ValueError(
            f"c must have shape (N,), N a power of two of at least 2; got {column.shape}"
        )
    schedule = ButterflySchedule(size)
    there = dft_blocks(schedule)
    back = [block.conj().swapaxes(1, 2) / 2 for block in there]
    diagonal = np.fft.fft(column)[places(schedule, -1)]
    middle = back[-1] @ (diagonal[..., None] * there[-1])
    return [*there[:-1], middle, *back[-2::-1]]


def _require_butterfly(schedule: Any, name: str) -> None:
    if not isinstance(schedule, ButterflySchedule):
        raise TypeError(f"{name} is held on a ButterflySchedule; got {schedule!r}")
    if schedule.causal:
        raise ValueError(f"every output of {name} hears every sample: leave causal out")
