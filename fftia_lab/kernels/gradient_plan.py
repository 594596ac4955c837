"""Which stages one launch of the backward pass takes; needs no Triton.

A stage back holds a state and its gradient where a stage forward holds a state, so that tiles are
smaller and have more warps than those of the forward pass. Both passes may be cut differently: the
backward one runs the stages again by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..schedule import PrefixSchedule, Schedule
from .plan import LARGEST_TILE, LEAST_TILE, Launch, width


@dataclass(frozen=True)
class Room:
    """What a program of the backward pass is given.

    Args:
        tile: places it holds at most.
        stages: that one launch takes at most: each state is made again from the launch's input,
            so that k stages take k (k - 1) / 2 stages without a product.
        warps: that share the tile.
    """

    tile: int
    stages: int
    warps: int


def room_of(dim_head: int, wide: bool) -> Room:
    """Return what a program is given for a head; `wide` says whether numbers have 32 bits.

    >>> room_of(64, wide=False)
    Room(tile=64, stages=6, warps=8)
    """
    channels = width(dim_head)
    if wide:
        return Room(32, 4, 4) if channels <= 32 else Room(32, 3, 8)
    if channels <= 64:
        return Room(64, 6, 4 if channels <= 32 else 8)
    return Room(32, 4, 8)


def tile_of(schedule: Schedule, n: int, dim_head: int, wide: bool) -> int:
    """Return how many places a program holds: few, but all that whom a prefix wiring hears.

    >>> from fftia_lab import ButterflySchedule, PrefixSchedule
    >>> tile_of(ButterflySchedule(1024), 1024, 64, wide=False)
    64
    >>> tile_of(PrefixSchedule(200), 200, 64, wide=False)
    256
    """
    places = 1 << max(schedule.places(n) - 1, 0).bit_length()
    most = LARGEST_TILE if isinstance(schedule, PrefixSchedule) else room_of(dim_head, wide).tile
    return max(min(places, most), LEAST_TILE)


def warps_of(tile: int, dim_head: int, wide: bool) -> int:
    """Return how many warps share a tile, so that each has as much as in a room.

    >>> [warps_of(tile, 64, wide=False) for tile in (32, 64, 256)]
    [4, 8, 16]
    """
    room = room_of(dim_head, wide)
    return min(max(room.warps * tile // room.tile, 4), 16)


def weighing_warps(dim_head: int) -> int:
    """Return how many warps sum the gradient of a weight: they hold it, and one state.

    With fewer than 16 a head of 64 channels spills somewhere, and Triton would round factors of
    exact products in fp32 on Blackwell, where a product has 64 rows.

    >>> weighing_warps(32), weighing_warps(64), weighing_warps(128)
    (4, 16, 8)
    """
    return {16: 4, 32: 4, 64: 16, 128: 8}[width(dim_head)]


def parts(plan: list[Launch], dim_head: int, wide: bool) -> list[Launch]:
    """Return launches of no more stages than a room has, on the same tiles; two on larger tiles.

    >>> from fftia_lab import BenesSchedule
    >>> from fftia_lab.kernels.plan import launches
    >>> plan = launches(BenesSchedule(64), 64, 64, tile=64)
    >>> [part.strides for part in parts(plan, 64, wide=False)]
    [(1, 2, 4, 8, 16, 32), (16, 8, 4, 2, 1)]
    """
    room, found = room_of(dim_head, wide), list[Launch]()
    for launch in plan:
        most = room.stages if launch.tile <= room.tile else 2
        for start in range(0, len(launch.strides), most):
            strides = launch.strides[start : start + most]
            found.append(replace(launch, first=launch.first + start, strides=strides))
    return found
