"""Which stages of a shift one launch of the backward pass takes; needs no Triton.

A row's gradient comes from who is heard and from who hears: halos at both ends.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..schedule import Schedule
from .plan import LEAST_TILE, checked_tile, power_of_two, width
from .shift_plan import Window, groups, tile_of, window

STAGES = 2  # of a launch at most: three spill somewhere


@dataclass(frozen=True)
class Passage:
    """One launch of the backward pass, as each of its kernels holds it.

    Args:
        again: the stages run again, which keeps their gates.
        back: a gradient walked back through them.
        weights: the states made again from the gates, for the gradient of weights.
    """

    again: Window
    back: Window
    weights: Window


def passages(
    schedule: Schedule, n: int, dim_head: int, tile: int | None = None, *, element: int = 2
) -> list[Passage]:
    """Return the launches of the backward pass, in the order of the stages.

    Args:
        schedule, n, dim_head, tile, element: as `shift_plan.windows` takes them.

    Raises:
        TypeError: if the tile is no integer.
        ValueError: if a head is too wide, or the tile no such power of two.

    >>> from fftia_lab import ShiftSchedule
    >>> [(one.back.first, one.back.stages) for one in passages(ShiftSchedule(999), 999, 64)]
    [(0, 2), (2, 2), (4, 2), (6, 2), (8, 2)]
    """
    forward = tile_of(n, dim_head, element) if tile is None else checked_tile(tile)
    rows = tile_of_gradient(n, dim_head, element) if tile is None else checked_tile(tile)
    most = rows.bit_length() - 4  # two halos of 2^most - 1 rows, up to a quarter of the tile
    return [
        Passage(
            window(schedule, n, first, stages, forward),
            window(schedule, n, first, stages, rows, back=True),
            window(schedule, n, first, stages, rows),
        )
        for first, stages in groups(schedule, n, rows, min(most, STAGES), closed=STAGES)
    ]


def tile_of_gradient(n: int, dim_head: int, element: int = 2) -> int:
    """Return how many rows a program holds: a state and its gradient.

    >>> tile_of_gradient(1000, 64), tile_of_gradient(1000, 128), tile_of_gradient(1000, 64, 4)
    (64, 32, 32)
    """
    most = 64 if element == 2 and width(dim_head) <= 64 else 32
    return max(min(power_of_two(n), most), LEAST_TILE)
