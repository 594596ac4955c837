"""One scale for all: what a matrix costs in bytes, and how wrong it is, kept in different ways."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from numpy.typing import ArrayLike

from ...arguments import as_integer
from . import alternatives
from .alternatives import Reals, Stored
from .checks import check_sparsity

SHARES = (0.02, 0.05, 0.1, 0.2, 0.5)
ADAPTER = "low-rank adapter"


@dataclass(frozen=True)
class Row:
    """One way to keep a matrix.

    Args:
        method: the way.
        setting: how much of what it keeps.
        nbytes: every byte that is kept.
        ratio: the bytes of the matrix in float32 over these.
        error: relative, in the Frobenius norm.
        note: what is to be known besides.
    """

    method: str
    setting: str
    nbytes: int
    ratio: float
    error: float
    note: str = ""


def compare(
    matrix: ArrayLike, shares: Sequence[float] = SHARES, adapter_rank: int = 8
) -> list[Row]:
    """Return error against bytes for every way to keep this matrix.

    Shares are of the entries of the spectrum, of the numbers (pruning), and of as many numbers as
    both factors hold (SVD, Monarch). INT8, float16 and butterflies have one size only; a butterfly
    needs a square matrix of a power of two and is left out elsewhere. A low-rank adapter is no way
    to keep a matrix: it adds a correction to a base that must be kept as well, and starts at 0. It
    has a row of its own, the bytes of both and the error of the base, none.

    Args:
        matrix: real numbers, shape (m, n), not all 0.
        shares: how much to keep, each above 0 and at most 1.
        adapter_rank: of the adapter, and of the correction of INT8.

    Raises:
        TypeError: if the matrix holds no real numbers, or a share is no number.
        ValueError: if it has other than two axes, is 0 or not finite, or a share is out of range.

    >>> import numpy as np
    >>> rows = compare(np.random.default_rng(0).normal(size=(64, 64)), shares=[0.2])
    >>> for row in rows[:3]:
    ...     print(f"{row.method:17} {row.setting:4} {row.nbytes:6} bytes, error {row.error:.2f}")
    spectrum, float32 0.2    3593 bytes, error 0.70
    spectrum, float16 0.2    1953 bytes, error 0.70
    pruning, float32  0.2    3812 bytes, error 0.60
    """
    numbers = alternatives.as_matrix(matrix)
    dense = 4 * numbers.size
    rows = []
    for method, setting, stored in _all(numbers, shares, adapter_rank):
        rows.append(
            Row(method, setting, stored.nbytes, dense / stored.nbytes, stored.error(numbers))
        )
    both = dense + 4 * as_integer("adapter_rank", adapter_rank, least=1) * sum(numbers.shape)
    note = "a correction to a base, which must be kept: it compresses nothing"
    return [*rows, Row(ADAPTER, f"rank {adapter_rank}", both, dense / both, 0.0, note)]


def _all(
    matrix: Reals, shares: Sequence[float], adapter_rank: int
) -> Iterator[tuple[str, str, Stored]]:
    """Yield method, setting and what is stored."""
    m, n = matrix.shape
    for share in map(check_sparsity, shares):
        yield "spectrum, float32", f"{share:g}", alternatives.spectral(matrix, share)
        yield "spectrum, float16", f"{share:g}", alternatives.spectral(matrix, share, half=True)
        for method, setting, stored in _factored(matrix, share):
            yield f"{method}, float32", setting, stored
            yield f"{method}, float16", setting, alternatives.halved(stored)
    if m == n and m > 1 and m & (m - 1) == 0:
        yield "butterfly", f"{m.bit_length() - 1} factors", alternatives.butterfly(matrix)
    yield "float16", "all", alternatives.rounded(matrix)
    yield "INT8 per tensor", "all", alternatives.int8(matrix, "tensor")
    yield "INT8 per row", "all", alternatives.int8(matrix, "row")
    corrected = alternatives.corrected_int8(matrix, adapter_rank)
    yield "INT8 and correction", f"rank {adapter_rank}", corrected


def _factored(matrix: Reals, share: float) -> Iterator[tuple[str, str, Stored]]:
    """Yield what keeps a share of numbers: those that are largest, and factors of some rank."""
    yield "pruning", f"{share:g}", alternatives.pruned(matrix, share)
    rank = int(share * matrix.size / sum(matrix.shape))
    if rank:
        yield "SVD", f"rank {rank}", alternatives.truncated_svd(matrix, rank)
    rank = int(share * 4 * matrix.size / alternatives.monarch(matrix).nbytes)
    if rank:
        yield "Monarch", f"rank {rank}", alternatives.monarch(matrix, rank)


def as_table(rows: Sequence[Row]) -> str:
    """Return rows as lines of text, the smallest first.

    >>> print(as_table([Row("INT8 per row", "all", 1088, 3.76, 0.008)]))
    method               setting         bytes  ratio    error
    INT8 per row         all             1,088   3.76  0.00800
    """
    lines = [f"{'method':20} {'setting':10} {'bytes':>10}  {'ratio':>5}  {'error':>7}"]
    for row in sorted(rows, key=lambda row: row.nbytes):
        numbers = f"{row.nbytes:10,}  {row.ratio:5.2f}  {row.error:7.5f}"
        lines.append(f"{row.method:20} {row.setting:10} {numbers}  {row.note}".rstrip())
    return "\n".join(lines)
