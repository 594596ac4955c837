"""Whom each token meets when some tokens are padding: the rule that every form obeys.

Two tokens meet only if both are real; else each keeps itself. The circle of a shift closes after
the last real token of its own row, so that padding on the right changes nothing.
"""

from __future__ import annotations

import numpy as np

from ..schedule import Booleans, Integers, Schedule, ShiftSchedule
from .checks import check_mask, check_schedule


def meetings(schedule: Schedule, stage: int, real: Booleans) -> Integers:
    """Return whom each token meets at `stage`; itself where it meets nobody.

    Args:
        schedule: the wiring.
        stage: 0 to depth - 1.
        real: bool of shape (batch, schedule.size), true for a real token.

    Returns:
        int64 array of shape (batch, schedule.size).

    Raises:
        TypeError: if the schedule is none, or what is real not bool.
        ValueError: if what is real does not fit the schedule.
        IndexError: if the stage is out of range.

    >>> from fftia_lab import ButterflySchedule, ShiftSchedule
    >>> meetings(ButterflySchedule(4), 1, np.array([[True, True, True, False]]))
    array([[2, 1, 0, 3]])
    >>> meetings(ShiftSchedule(4), 0, np.array([[True, True, True, False]]))
    array([[1, 2, 0, 3]])
    """
    check_schedule(schedule)
    real = np.asarray(real)
    check_mask(real, real.dtype == np.bool_, len(np.atleast_1d(real)), schedule.size)
    own = np.broadcast_to(np.arange(schedule.size), real.shape)
    partner = np.broadcast_to(schedule.partners(stage), real.shape)
    if isinstance(schedule, ShiftSchedule) and not schedule.causal:
        partner = _on_the_circle(own, schedule.strides[stage], real)
    met = real & np.take_along_axis(real, partner, axis=1)
    return np.where(met, partner, own)


def _on_the_circle(own: Integers, stride: int, real: Booleans) -> Integers:
    """(i + stride) mod the row's last real position + 1; i itself once the stride goes round."""
    circle = lengths(real)[:, None]
    onward = (own + stride) % np.maximum(circle, 1)
    return np.where((own < circle) & (stride < circle), onward, own)


def lengths(real: Booleans) -> Integers:
    """Return each row's last real position + 1, and 0 for a row without any.

    >>> lengths(np.array([[True, False, True, False], [False] * 4]))
    array([3, 0])
    """
    positions = np.where(real, np.arange(1, real.shape[1] + 1), 0)
    return positions.max(axis=1, initial=0)


def reach(schedule: Schedule, real: Booleans) -> Booleans:
    """Return who hears whom in one row after all stages, by the rule of `meetings`.

    Differs from `Schedule.reach` in two ways: a masked token hears nobody, and a shift closes its
    circle after the last real token.

    Args:
        schedule: the wiring.
        real: bool of shape (schedule.size,), true for a real token.

    Returns:
        bool array of shape (schedule.size, schedule.size); entry [i, j] is true if i hears j.

    >>> from fftia_lab import ShiftSchedule
    >>> reach(ShiftSchedule(4), np.array([True, True, True, False])).astype(int)
    array([[1, 1, 1, 0],
           [1, 1, 1, 0],
           [1, 1, 1, 0],
           [0, 0, 0, 1]])
    """
    heard = np.eye(schedule.size, dtype=bool)
    for stage in range(schedule.depth):
        heard = heard | heard[meetings(schedule, stage, real[None])[0]]
    return heard
