"""A learned butterfly in NumPy: free numbers on a schedule's wires, found by gradient descent.

Stage s turns x_i into blocks[s, 0, i] x_i + blocks[s, 1, i] x_partner: a free 2x2 block a pair. The
mean squared error over examples depends on them through two matrices only, sum x x* and sum y x*,
so that a step costs the same for ten examples as for ten thousand.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..schedule import Schedule

Numbers = NDArray[Any]  # float64 or complex128
RATE, MEMORY, CAUTION = 0.05, 0.9, 0.99  # of Adam (Kingma and Ba, 2015); the rate falls to 0


def factors_of(blocks: Numbers, schedule: Schedule) -> list[Numbers]:
    """Return the matrix of every stage, the first to act first; who meets nobody keeps itself.

    Args:
        blocks: own and partner's numbers, shape (depth, 2, size).
        schedule: who meets whom.
    """
    own, factors = np.arange(schedule.size), []
    for stage, (kept, taken) in enumerate(blocks):
        partner = schedule.partners(stage)
        factor = np.zeros((schedule.size, schedule.size), dtype=blocks.dtype)
        factor[own, partner] = taken
        factor[own, own] = kept
        factors.append(factor)
    return factors


def product_of(blocks: Numbers, schedule: Schedule) -> Numbers:
    """Return the matrix that all stages make together, shape (size, size).

    >>> from fftia_lab.schedule import ButterflySchedule
    >>> product_of(np.ones((2, 2, 4)), ButterflySchedule(4))[0]
    array([1., 1., 1., 1.])
    """
    product = np.eye(schedule.size, dtype=blocks.dtype)
    for factor in factors_of(blocks, schedule):
        product = factor @ product
    return product


def start(rng: np.random.Generator, schedule: Schedule, dtype: type) -> Numbers:
    """Return random numbers to begin with, real around the identity or complex around 0."""
    shape = (schedule.depth, 2, schedule.size)
    if np.issubdtype(dtype, np.complexfloating):
        return 0.7 * (rng.normal(size=shape) + 1j * rng.normal(size=shape))
    blocks = 0.2 * rng.normal(size=shape)
    blocks[:, 0] += 1
    return blocks


def slopes(blocks: Numbers, schedule: Schedule, given: Numbers, wanted: Numbers) -> Numbers:
    """Return the gradient of half the mean squared error, shape (depth, 2, size).

    Args:
        blocks: where.
        schedule: who meets whom.
        given: mean of x x* over the examples.
        wanted: mean of y x*.
    """
    factors, own = factors_of(blocks, schedule), np.arange(schedule.size)
    before = [np.eye(schedule.size, dtype=blocks.dtype)]
    for factor in factors:
        before.append(factor @ before[-1])
    after, found = before[-1] @ given - wanted, np.zeros_like(blocks)
    for stage in reversed(range(schedule.depth)):
        partner = schedule.partners(stage)
        slope = after @ before[stage].conj().T
        found[stage, 0] = slope[own, own]
        found[stage, 1] = np.where(partner == own, 0, slope[own, partner])
        after = factors[stage].conj().T @ after
    return found


def learn(
    rng: np.random.Generator, schedule: Schedule, x: Numbers, y: Numbers, steps: int
) -> Numbers:
    """Find blocks whose product turns every example's x into its y, as nearly as they can.

    Args:
        rng: where the first numbers come from.
        schedule: who meets whom.
        x, y: examples in rows, shape (count, size), real or complex.
        steps: of Adam.

    Returns:
        blocks, shape (depth, 2, size), of the examples' kind.
    """
    given, wanted = (array.T @ x.conj() / len(x) for array in (x, y))
    blocks = start(rng, schedule, x.dtype.type)
    mean, spread = np.zeros_like(blocks), np.zeros(blocks.shape)
    for step in range(1, steps + 1):
        slope = slopes(blocks, schedule, given, wanted)
        mean = MEMORY * mean + (1 - MEMORY) * slope
        spread = CAUTION * spread + (1 - CAUTION) * np.abs(slope) ** 2
        scale = np.sqrt(spread / (1 - CAUTION**step)) + 1e-12
        rate = RATE * (1 + np.cos(np.pi * step / steps)) / 2
        blocks = blocks - rate * mean / (1 - MEMORY**step) / scale
    return blocks
