"""The matrix that butterfly attention is: its stages, its product, its freedom, its rank-1 blocks.

Leaves out speed: matrices are dense, to be looked at. Notebook: 08-butterfly-attention.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ...arguments import as_floats, as_integer
from ...schedule import Booleans, Integers, Schedule
from ..checks import check_schedule

Floats = NDArray[np.float64]
Block = tuple[Integers, Integers]


def stage_matrices(gates: ArrayLike, schedule: Schedule, mask: ArrayLike | None = None) -> Floats:
    """Return the matrix of every stage: two entries a row, which sum to 1.

    P_s[i, i] = 1 - g_i and P_s[i, j] = g_i, with j the partner of i at stage s; the row of a token
    that meets nobody is that of the identity.

    Args:
        gates: shape (stages, ..., n), as `reference.butterfly_attention` returns them.
        schedule: the wiring of at least n positions; positions from n on are padding.
        mask: bool of shape (n,), or (batch, n) for gates of shape (stages, batch, ..., n); true for
            a real token, None if all places hold one. Where padding relays, tokens may be fewer
            than the gates' places, and a place that has nothing copies, whatever its gate says.

    Returns:
        float64 array of shape (stages, ..., n, n), a row for every place; the first stage acts
        first.

    Raises:
        TypeError: if the mask is not bool.
        ValueError: if a shape does not fit, or a gate is not in 0 to 1.

    >>> from fftia_lab import ButterflySchedule
    >>> stage_matrices([[0.25, 0.5]], ButterflySchedule(2))[0]
    array([[0.75, 0.25],
           [0.5 , 0.5 ]])
    """
    checked, partners = _settled(gates, schedule, mask)
    own = np.eye(checked.shape[-1])
    return own + checked[..., None] * (own[partners] - own)


def apply_gates(
    gates: ArrayLike, values: ArrayLike, schedule: Schedule, mask: ArrayLike | None = None
) -> Floats:
    """Push values through the stages with gates that are given: one addition a token and stage.

    v_i ← v_i + g_i (v_j - v_i). Linear in the values, because the gates no longer depend on them.

    Args:
        gates: shape (stages, ..., n).
        values: shape (..., n, d).
        schedule: the wiring of at least n positions.
        mask: as in `stage_matrices`.

    Returns:
        float64 array of shape (..., n, d).

    Raises:
        TypeError: if the mask is not bool.
        ValueError: if a shape does not fit, or a gate is not in 0 to 1.

    >>> from fftia_lab import ButterflySchedule
    >>> apply_gates(np.full((1, 2), 0.5), [[0.0], [4.0]], ButterflySchedule(2)).ravel()
    array([2., 2.])
    """
    checked, partners = _settled(gates, schedule, mask)
    result = as_floats("values", values).copy()
    if result.shape[:-1] != checked.shape[1:]:
        raise ValueError(
            f"gates of shape {checked.shape} weigh values of shape (..., n, d) = "
            f"{(*checked.shape[1:], 'd')}; got {result.shape}"
        )
    for gate, partner in zip(checked, partners, strict=True):
        met = np.take_along_axis(result, partner[..., None], axis=-2)
        result += gate[..., None] * (met - result)
    return result


def attention_matrix(gates: ArrayLike, schedule: Schedule, mask: ArrayLike | None = None) -> Floats:
    """Return the matrix P = P_L ··· P_2 P_1 for which the layer's core gives y = P x.

    The identity is pushed through the stages: N² log2 N operations, no product of matrices.

    Args:
        gates: shape (stages, ..., n), as `reference.butterfly_attention` returns them.
        schedule: the wiring of at least n positions.
        mask: as in `stage_matrices`.

    Returns:
        float64 array of shape (..., n, n) for the n tokens; no entry is negative and every row sums
        to 1. A masked token keeps itself, whatever its place relayed.

    Raises:
        TypeError: if the mask is not bool.
        ValueError: if a shape does not fit, or a gate is not in 0 to 1.

    >>> from fftia_lab import ButterflySchedule
    >>> attention_matrix(np.full((2, 4), 0.5), ButterflySchedule(4))[0]
    array([0.25, 0.25, 0.25, 0.25])
    """
    checked = _gates(gates, schedule)
    size = checked.shape[-1]
    identity = np.broadcast_to(np.eye(size), (*checked.shape[1:], size))
    product = apply_gates(checked, identity, schedule, mask)
    if mask is None:
        return product
    real = np.asarray(mask)
    n = real.shape[-1]
    real = real.reshape(*real.shape[:-1], *(1,) * (product.ndim - real.ndim - 1), n, 1)
    return np.where(real, product[..., :n, :n], np.eye(n))


def row_entropy(matrix: ArrayLike) -> Floats:
    """Return how widely each row spreads its 1, in bits.

    -Σ_j P_ij log2 P_ij: 0 for a token that hears one, log2 N for the mean of all.

    Args:
        matrix: shape (..., n, n), no entry negative, rows that sum to 1.

    Returns:
        float64 array of shape (..., n).

    Raises:
        ValueError: if an entry is negative or a row does not sum to 1.

    Source: Shannon (1948), doi:10.1002/j.1538-7305.1948.tb01338.x.

    >>> row_entropy([[1.0, 0.0], [0.5, 0.5]])
    array([0., 1.])
    """
    rows = as_floats("matrix", matrix)
    if not rows.min(initial=0.0) >= 0:
        raise ValueError(f"weights must not be negative or NaN; the smallest is {rows.min():.3g}")
    worst = np.abs(rows.sum(axis=-1) - 1).max(initial=0.0)
    if not worst <= 1e-6:
        raise ValueError(f"every row must sum to 1; one is off by {worst:.3g}: divide by its sum")
    surprise = -np.log2(rows, where=rows > 0, out=np.zeros_like(rows))
    return np.asarray((rows * surprise).sum(axis=-1))


def rank_one_blocks(
    schedule: Schedule, stages: int, mask: ArrayLike | None = None, n: int | None = None
) -> list[Block]:
    """Return the blocks of rank at most 1 that each product on this wiring has, one for each place.

    Cut after the first `stages` stages: P = A B. What place u holds there reaches the rows that
    hear u in the rest, and was made from the columns that u has heard, so that

    P = Σ_u A[:, u] B[u, :],

    a sum of matrices of rank 1. Where one way leads from each token to each other, no two of them
    overlap, and the block (rows of u, columns of u) of P itself has rank 1.

    For the butterfly the rows are i ≡ u mod 2^stages, the columns those in the same run of
    2^stages as u.

    Args:
        schedule: the wiring.
        stages: where to cut, 0 to depth.
        mask: bool of shape (n,), true for a real token; None for all.
        n: number of tokens, if fewer than the schedule has positions and there is no mask.

    Returns:
        for each place u, two int64 arrays: rows and columns among the tokens. Where padding relays,
        masked tokens follow, each alone: what their places pass on is not theirs.

    Raises:
        TypeError: if stages is not an integer, or the mask is not bool.
        ValueError: if stages or a shape does not fit, or some pair of tokens has two ways, as in
            Beneš; then the sum overlaps and its blocks have no rank to speak of.

    Source: the blocks of Zheng, Riccietti and Gribonval (2021), arXiv:2110.01230.

    >>> from fftia_lab import ButterflySchedule
    >>> [(rows.tolist(), columns.tolist()) for rows, columns in
    ...     rank_one_blocks(ButterflySchedule(4), 1)][:2]
    [([0, 2], [0, 1]), ([1, 3], [0, 1])]
    """
    check_schedule(schedule)
    stages = as_integer("stages", stages)
    if not 0 <= stages <= schedule.depth:
        raise ValueError(f"stages must lie in 0 to {schedule.depth}; got {stages}")
    n = schedule.size if n is None else as_integer("n", n)
    real = np.ones(n, dtype=bool) if mask is None else np.asarray(mask)
    n, relays = len(real), schedule.padding == "relay"
    shape = schedule.depth, schedule.places(n)
    partners, _ = _meetings(shape, schedule, real)
    tokens = np.diag(np.pad(real, (0, shape[1] - n)) | (not relays))
    before = _ways(tokens, partners[:stages])
    after = _ways(np.eye(shape[1], dtype=bool), partners[stages:])
    listens = np.flatnonzero(real | (not relays))
    if (_ways(tokens, partners)[listens] > 1).any():
        raise ValueError(
            f"on {schedule} some tokens hear each other in more than one way, so no blocks of "
            f"rank 1 are certain; take a butterfly, or a shift of 2^k tokens or a causal one"
        )
    alone = [(np.array([u]), np.array([u])) for u in np.flatnonzero(~real)] if relays else []
    return [
        *((listens[after[listens, u] > 0], np.flatnonzero(before[u])) for u in range(shape[1])),
        *alone,
    ]


def _ways(start: Booleans, partners: Integers) -> Integers:
    """Count the ways from j to i through some stages, from those j that have something to say."""
    own = np.arange(len(start))
    ways = start.astype(np.int64)
    for partner in partners:
        ways = ways + (partner != own)[:, None] * ways[partner]
    return ways


def distance_from_blocks(matrix: ArrayLike, blocks: list[Block]) -> float:
    """Return how far a matrix is from having rank 1 in each block and nothing outside them.

    The root of the squares that the blocks' best rank-1 forms leave over (Eckart and Young) and of
    the entries in no block, divided by the matrix's Frobenius norm: no product of stages can be
    nearer to it.

    Args:
        matrix: shape (n, n).
        blocks: blocks that do not overlap, from `rank_one_blocks`.

    Returns:
        0 for a product of stages, at most 1.

    Raises:
        IndexError: if a block names a row or column that is none.
        ValueError: if the matrix is not square, not finite, or zero, or blocks overlap.

    Source: Eckart and Young (1936), doi:10.1007/BF02288367.

    >>> from fftia_lab import ButterflySchedule
    >>> blocks = rank_one_blocks(ButterflySchedule(4), 1)
    >>> distance_from_blocks(np.eye(4), blocks)
    0.0
    >>> round(distance_from_blocks(np.eye(4)[[0, 2, 1, 3]], blocks), 3)
    0.707
    """
    dense = as_floats("matrix", matrix)
    if dense.ndim != 2 or dense.shape[0] != dense.shape[1]:
        raise ValueError(f"the matrix must be square; got shape {dense.shape}")
    norm = float(np.linalg.norm(dense))
    if norm == 0 or not np.isfinite(norm):
        raise ValueError(f"the matrix must be finite and not zero; its norm is {norm:.3g}")
    outside, left = dense.copy(), 0.0
    taken = np.zeros(dense.shape, dtype=bool)
    for rows, columns in blocks:
        cells = np.ix_(rows, columns)
        if taken[cells].any():
            raise ValueError("two blocks hold the same entry; take them from rank_one_blocks")
        taken[cells] = True
        left += float((np.linalg.svd(dense[cells], compute_uv=False)[1:] ** 2).sum())
        outside[cells] = 0
    return float(np.sqrt(left + (outside**2).sum())) / norm


def gate_jacobian(gates: ArrayLike, schedule: Schedule, mask: ArrayLike | None = None) -> Floats:
    """Return how every entry of the product moves with every gate.

    With A the stages after s, B those before it and j the partner of i at stage s,
    ∂P/∂g_s[i] = A[:, i] (B[j, :] - B[i, :]).

    Args:
        gates: shape (stages, n).
        schedule: the wiring of at least n positions.
        mask: as in `stage_matrices`.

    Returns:
        float64 array of shape (n, n, stages, places): first the entry, then the gate. A gate that
        only copies moves nothing.

    Raises:
        TypeError: if the mask is not bool.
        ValueError: if a shape does not fit, or a gate is not in 0 to 1.

    >>> from fftia_lab import ButterflySchedule
    >>> gate_jacobian([[0.5, 0.5]], ButterflySchedule(2))[0, :, 0, 0]
    array([-1.,  1.])
    """
    stages = stage_matrices(gates, schedule, mask)
    if stages.ndim != 3:
        raise ValueError(f"gates must have shape (stages, n); got {np.shape(gates)}")
    size = stages.shape[-1]
    real = np.ones(size, dtype=bool) if mask is None else np.asarray(mask)
    partners, holds = _meetings((schedule.depth, size), schedule, real)
    after = [np.eye(size)]
    for stage in stages[:0:-1]:
        after.append(after[-1] @ stage)
    before, slopes = np.eye(size), np.zeros((size, size, schedule.depth, size))
    for number, stage in enumerate(stages):
        moved = np.where(holds[number][:, None], before[partners[number]] - before, 0)
        slopes[:, :, number] = np.einsum("ri,ic->rci", after[-1 - number], moved)
        before = stage @ before
    return np.where(real[:, None, None, None], slopes[: len(real), : len(real)], 0)


def degrees_of_freedom(gates: ArrayLike, schedule: Schedule, mask: ArrayLike | None = None) -> int:
    """Return in how many independent directions the product moves when the gates do.

    The rank of `gate_jacobian`: N log2 N for a butterfly with gates strictly between 0 and 1; a
    row-stochastic matrix has N (N - 1).

    Args:
        gates: shape (stages, n).
        schedule: the wiring of at least n positions.
        mask: as in `stage_matrices`.

    Raises:
        TypeError: if the mask is not bool.
        ValueError: if a shape does not fit, or a gate is not in 0 to 1.

    >>> from fftia_lab import ButterflySchedule
    >>> degrees_of_freedom(np.random.default_rng(0).uniform(size=(3, 8)), ButterflySchedule(8))
    24
    """
    slopes = gate_jacobian(gates, schedule, mask)
    size = slopes.shape[0]
    return int(np.linalg.matrix_rank(slopes.reshape(size * size, -1))) if slopes.size else 0


def _settled(
    gates: ArrayLike, schedule: Schedule, mask: ArrayLike | None
) -> tuple[Floats, Integers]:
    """Return the gates, 1 where a place copies, and whom each place hears, in their shape."""
    checked = _gates(gates, schedule)
    real = np.ones(checked.shape[-1], dtype=bool) if mask is None else np.asarray(mask)
    partners, holds = _meetings(checked.shape, schedule, real)
    return np.where(holds | (partners == np.arange(checked.shape[-1])), checked, 1.0), partners


def _gates(gates: ArrayLike, schedule: Schedule) -> Floats:
    check_schedule(schedule)
    checked = as_floats("gates", gates)
    size = checked.shape[-1] if checked.ndim else 0
    fits = size <= schedule.size and schedule.places(size) == size
    if checked.ndim < 2 or len(checked) != schedule.depth or not fits:
        up_to = "n up to" if schedule.places(1) == 1 else "a place each, n ="
        raise ValueError(
            f"gates for {schedule} must have shape ({schedule.depth}, ..., n) with {up_to} "
            f"{schedule.size}; got {checked.shape}"
        )
    if not ((checked >= 0) & (checked <= 1)).all():
        raise ValueError(
            f"gates must lie in 0 to 1; got {checked.min():.3g} to {checked.max():.3g}"
        )
    return checked


def _meetings(
    shape: tuple[int, ...], schedule: Schedule, real: NDArray[Any]
) -> tuple[Integers, Booleans]:
    """Return whom each place hears, and which hold something before it, in the gates' shape."""
    if real.dtype != np.bool_:
        raise TypeError(f"mask must be bool, True for a real token; got {real.dtype}")
    size, n = shape[-1], real.shape[-1] if real.ndim else 0
    leading = {(), shape[1:2]} if len(shape) > 2 else {()}
    if real.shape[:-1] not in leading or n > size or schedule.places(n) != size:
        wanted = f"({size},)" + (f" or {(*shape[1:2], size)}" if len(shape) > 2 else "")
        raise ValueError(f"mask must have shape {wanted}; got {real.shape}")
    rows = np.atleast_2d(real)
    rows = np.pad(rows, ((0, 0), (0, schedule.size - n)))
    found = np.zeros((2, schedule.depth, len(rows), size), dtype=np.int64)
    for stage, each in enumerate(schedule.meetings(rows)):
        found[:, stage] = [part[:, :size] for part in each]
    between = (1,) * max(len(shape) - 3, 0)
    found = found.reshape(2, schedule.depth, len(rows), *between, size)
    found = np.broadcast_to(found if len(shape) > 2 else found[:, :, 0], (2, *shape))
    return found[0], found[1].astype(bool)
