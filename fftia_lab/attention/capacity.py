"""What a wiring can do with its gates set by hand: which permutations, how near to a given matrix.

Leaves out training: no queries and keys, only gates. Notebook: 08-butterfly-attention.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import ArrayLike

from ..arguments import as_floats, as_integer, as_list
from ..schedule import Booleans, Integers, Schedule, ShiftSchedule
from .checks import check_schedule
from .matrices.arrays import Floats, attention_matrix, stage_matrices

LARGEST = 8  # 8! = 40,320 permutations; 10! would be 3.6 million
CLOSE = 1e-12


def routable_permutations(schedule: Schedule, order: Sequence[int] | None = None) -> Integers:
    """Return every permutation that gates of 0 and 1 can make, by trying all of them.

    A product of stages permutes the tokens only if every stage does, so those who meet in a circle
    all move or all keep themselves; in a butterfly, where circles are pairs, both swap or neither.

    Args:
        schedule: the wiring, of at most 8 positions.
        order: the stages to run, first to last; None for each once. Stages may repeat.

    Returns:
        int64 array of shape (permutations, size), sorted by row: token i ends with the value of
        token row[i].

    Raises:
        ValueError: if there are more than 8 positions.
        IndexError: if the order names a stage that is none.

    Source: Beneš (1964), doi:10.1002/j.1538-7305.1964.tb04103.x, for the mirrored order.

    >>> from fftia_lab import BenesSchedule, ButterflySchedule
    >>> [len(routable_permutations(wiring(4))) for wiring in (ButterflySchedule, BenesSchedule)]
    [16, 24]
    """
    check_schedule(schedule)
    if schedule.size > LARGEST:
        raise ValueError(
            f"{schedule.size} tokens have too many permutations to try; take at most {LARGEST}"
        )
    stages = range(schedule.depth) if order is None else as_list("order", order)
    reached = np.arange(schedule.size)[None]
    for stage in stages:
        settings = _settings(schedule.partners(stage))
        reached = np.unique(reached[:, settings].reshape(-1, schedule.size), axis=0)
    return reached


def _settings(partners: Integers) -> Integers:
    """Return the permutations of one stage: each circle of partners moves as a whole, or not."""
    circles, own = [], np.arange(len(partners))
    for start in own.tolist():
        circle = [start]
        while (following := int(partners[circle[-1]])) not in circle:
            circle.append(following)
        if following == start == min(circle) and len(circle) > 1:
            circles.append(circle)
    found = np.tile(own, (1 << len(circles), 1))
    for row, moves in zip(found, product((False, True), repeat=len(circles)), strict=True):
        for circle, moved in zip(circles, moves, strict=True):
            if moved:
                row[circle] = partners[circle]
    return found


@dataclass(frozen=True)
class Fit:
    """Gates of the product found nearest to a matrix, and what it still misses.

    Args:
        gates: shape (stages, n), each in 0 to 1.
        error: Frobenius norm of the difference, divided by that of the matrix.
    """

    gates: Floats
    error: float


def fit_gates(target: ArrayLike, schedule: Schedule, sweeps: int = 50) -> Fit:
    """Return gates whose product of stages is near to a row-stochastic matrix.

    First the gates are read off, last stage first: the block of the rows that hear token u and the
    columns that u has heard is replaced by its nearest matrix of rank 1. That is exact if the
    matrix is a product. Then each gate in turn is set to its best value in 0 to 1 with all others
    held, which never makes the error larger. Deterministic. The minimum may be a local one: Beneš
    can make every permutation, and this does not find the gates of most.

    Args:
        target: shape (n, n) with n the schedule's size, no entry negative, rows that sum to 1.
        schedule: the wiring.
        sweeps: how many times every gate is set again.

    Returns:
        the gates and the relative error.

    Raises:
        TypeError: if sweeps is not an integer.
        ValueError: if the matrix does not fit the schedule or is not row-stochastic.

    Source: the reading-off follows Zheng, Riccietti and Gribonval (2021), arXiv:2110.01230.

    >>> from fftia_lab import ButterflySchedule
    >>> shifted = np.eye(8)[(np.arange(8) + 1) % 8]
    >>> bool(fit_gates(shifted, ButterflySchedule(8)).error < 1e-9)
    True
    """
    check_schedule(schedule)
    matrix = _stochastic(target, schedule)
    sweeps = as_integer("sweeps", sweeps, least=0)
    gates = read_gates(matrix, schedule)
    for _ in range(sweeps):
        _sweep(gates, matrix, schedule)
    missing = np.linalg.norm(attention_matrix(gates, schedule) - matrix)
    return Fit(gates, float(missing / np.linalg.norm(matrix)))


def _stochastic(target: ArrayLike, schedule: Schedule) -> Floats:
    matrix, size = as_floats("target", target), schedule.size
    if matrix.shape != (size, size):
        raise ValueError(f"{schedule} fits matrices of shape ({size}, {size}); got {matrix.shape}")
    if not (matrix.min() >= 0 and np.abs(matrix.sum(axis=1) - 1).max() <= 1e-6):
        raise ValueError("the matrix must have no negative entry, no NaN, and rows that sum to 1")
    return matrix


def read_gates(target: ArrayLike, schedule: Schedule) -> Floats:
    """Read gates off a matrix, last stage first, each block taken as one of rank 1.

    Where stages beyond some first ones open a second way between tokens, as the second half of
    Beneš does, those later stages are closed and only the first ones are read.

    Args:
        target: shape (n, n), row-stochastic.
        schedule: the wiring of n positions.

    Returns:
        float64 array of shape (stages, n).

    Raises:
        TypeError: if the matrix holds something else than real numbers, or the schedule is none.
        ValueError: if the matrix does not fit the schedule or is not row-stochastic.

    >>> from fftia_lab import ButterflySchedule
    >>> read_gates(np.array([[0.75, 0.25], [0.5, 0.5]]), ButterflySchedule(2)).round(9)
    array([[0.25, 0.5 ]])
    """
    check_schedule(schedule)
    matrix = _stochastic(target, schedule)
    heard = [np.eye(schedule.size, dtype=bool)]
    for stage in range(schedule.depth):
        partners = schedule.partners(stage)
        other = heard[-1][partners]
        if (heard[-1] & other)[partners != np.arange(schedule.size)].any():
            break
        heard.append(heard[-1] | other)
    gates = np.zeros((schedule.depth, schedule.size))
    for stage in range(len(heard) - 2, -1, -1):
        partners = schedule.partners(stage)
        gates[stage], matrix = _peel(matrix, partners, heard[stage])
    return gates


def _peel(target: Floats, partners: Integers, heard: Booleans) -> tuple[Floats, Floats]:
    """Split a matrix into the gates of its last stage and the matrix before it."""
    own = np.arange(len(target))
    before, share = np.zeros_like(target), np.zeros((2, len(target)))
    for u in own:
        columns = np.flatnonzero(heard[u])
        listeners = np.flatnonzero((partners == u) & (own != u))
        rows = np.concatenate([[u], listeners])
        left, values, right = np.linalg.svd(target[np.ix_(rows, columns)], full_matrices=False)
        profile = np.abs(right[0]) if values[0] > CLOSE else np.ones(len(columns))
        before[u, columns] = profile / profile.sum()
        weights = np.abs(left[:, 0]) * values[0] * profile.sum()
        share[0, u], share[1, listeners] = weights[0], weights[1:]
    total = share.sum(axis=0)
    return np.where(total > CLOSE, share[1] / np.maximum(total, CLOSE), 0.0), before


def _sweep(gates: Floats, target: Floats, schedule: Schedule) -> None:
    """Set every gate once to its best value with the others held, stage by stage, in place."""
    own = np.eye(schedule.size)
    for stage in range(schedule.depth):
        matrices = stage_matrices(gates, schedule)
        before, after = own, own
        for matrix in matrices[:stage]:
            before = matrix @ before
        for matrix in matrices[stage + 1 :]:
            after = matrix @ after
        # P = A B + Σ_i g_i A[:, i] D[i, :], linear in the gates of this stage
        moved = before[schedule.partners(stage)] - before
        curve = (after.T @ after) * (moved @ moved.T)
        pull = np.einsum("ri,rc,ic->i", after, target - after @ before, moved, optimize=True)
        for i in np.flatnonzero(curve.diagonal() > CLOSE):
            best = gates[stage, i] + (pull[i] - curve[i] @ gates[stage]) / curve[i, i]
            gates[stage, i] = min(max(best, 0.0), 1.0)


def translations(schedule: Schedule) -> Integers:
    """Return the moves of all tokens that leave every meeting a meeting.

    Token i goes to i XOR t, or for a shift to (i + t) mod n. A layer that sees no positions gives
    moved tokens the moved result. Only staying is left once the future is forbidden.

    Args:
        schedule: the wiring.

    Returns:
        int64 array of shape (moves, size); row t holds where each token goes.

    >>> from fftia_lab import ShiftSchedule
    >>> translations(ShiftSchedule(3))
    array([[0, 1, 2],
           [1, 2, 0],
           [2, 0, 1]])
    """
    check_schedule(schedule)
    own = np.arange(schedule.size)
    steps = own[:, None]
    moves = (own + steps) % schedule.size if isinstance(schedule, ShiftSchedule) else own ^ steps
    for stage in range(schedule.depth):
        partners = schedule.partners(stage)
        moves = moves[(moves[:, partners] == partners[moves]).all(axis=1)]
    return moves


def symmetry_error(
    layer: Callable[[Floats], Floats], values: ArrayLike, moves: Integers, axis: int = -2
) -> float:
    """Return by how much moving the tokens and then mixing differs from mixing and then moving.

    max over moves and entries of |layer(x moved) - layer(x) moved|: zero up to rounding if the
    layer cannot tell the places apart, and NaN if it returns one.

    Args:
        layer: takes an array like the values, returns one with the same tokens along `axis`.
        values: what to try it on.
        moves: shape (moves, n), as `translations` returns them.
        axis: where the tokens are.

    Raises:
        TypeError: if the values are no real numbers.
        ValueError: if the moves are no permutations of the tokens.

    >>> symmetry_error(lambda x: 2 * x, [[1.0], [5.0]], np.array([[0, 1], [1, 0]]))
    0.0
    """
    x = as_floats("values", values)
    axis = as_integer("axis", axis)
    tokens = np.arange(x.shape[axis])
    if np.ndim(moves) != 2 or any(sorted(move) != tokens.tolist() for move in np.asarray(moves)):
        raise ValueError(f"each row of moves must name each of {len(tokens)} tokens once")
    mixed = layer(x)
    worst = 0.0
    for move in moves:
        moved = layer(np.take(x, move, axis=axis))
        worst = np.maximum(worst, np.abs(moved - np.take(mixed, move, axis=axis)).max())
    return float(worst)
