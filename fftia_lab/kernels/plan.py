"""Which stages one launch of the fused kernel runs, and on which places; needs no Triton.

A program holds a tile of places on chip, `step` apart: block · tile · step + offset + step · k for
k = 0 … tile - 1. Partners lie in one tile if their distance is step · 2^k below tile · step, so a
launch can run all stages whose largest stride is less than `tile` times their smallest, in any
order. A butterfly of 2^L places takes ⌈L / log2(tile)⌉ launches where one a stage would take L.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..arguments import as_integer
from ..schedule import BenesSchedule, ButterflySchedule, PrefixSchedule, Schedule

WIDEST = 128  # channels of a head
NARROWEST = 16  # channels that a program holds at least: `tl.dot` wants so many
LEAST_TILE = 32  # a stage multiplies half a tile, and `tl.dot` wants 16 rows
LARGEST_TILE = 256
# For GPUs from Blackwell on Triton (3.7 at least) makes tf32 of an "ieee" product of 64 rows or
# more, without a word. Half of this tile is less.
EXACT_TILE = 64


@dataclass(frozen=True)
class Launch:
    """Consecutive stages of a schedule that run on chip between one load and one store.

    Args:
        first: the number of its first stage in the schedule.
        strides: the schedule's strides of the stages that it runs, in order.
        tile: how many places a program holds, a power of two.
        step: the distance between two neighbours in a tile, a power of two; 1 is contiguous.

    >>> launch = Launch(first=7, strides=(128, 256), tile=128, step=4)
    >>> launch.span, launch.distances, launch.programs(1000)
    (512, (32, 64), 8)
    """

    first: int
    strides: tuple[int, ...]
    tile: int
    step: int

    @property
    def stages(self) -> range:
        """The numbers of its stages in the schedule."""
        return range(self.first, self.first + len(self.strides))

    @property
    def distances(self) -> tuple[int, ...]:
        """How many rows of the tile lie between partners, one number a stage."""
        return tuple(stride // self.step for stride in self.strides)

    @property
    def span(self) -> int:
        """How many places a block has; its `step` programs divide them among themselves."""
        return self.tile * self.step

    def programs(self, places: int) -> int:
        """Return how many programs cover so many places of one head."""
        return -(-places // self.span) * self.step

    def reached(self, schedule: Schedule, places: int) -> int:
        """Return how many places may hold something after it, if so many may before it.

        An empty place relays what it hears, and then counts. Where nobody hears a later place, as
        in causal wirings, those after the last token need not: no token hears them again.
        """
        if schedule.causal or schedule.padding == "keep":
            return places
        return min(-(-places // self.span) * self.span, schedule.size)


def launches(
    schedule: Schedule,
    n: int,
    dim_head: int,
    tile: int | None = None,
    *,
    element: int = 2,
    tight: bool = False,
) -> list[Launch]:
    """Return the launches of a schedule for n tokens, as few as can be.

    Only stages in which somebody may meet are run, and stages between two of them: a prefix wiring
    of n tokens has none of stride n or more. What cannot be fused is missing; `unfused` names it.

    Args:
        schedule: the wiring of at least n places. Butterflies of radix 2 and Beneš networks are
            fused whole, of a prefix wiring the strides below the tile, of others nothing.
        n: number of tokens.
        dim_head: channels of a head.
        tile: places a program holds, a power of two from 32 to 256. None means that of `tiles`
            with which the fewest launches are needed, the smallest if several; less for few places.
        element: bytes of a number of x.
        tight: whether registers are short.

    Raises:
        TypeError: if a number is no integer.
        ValueError: if a head is too wide, the schedule too small, or the tile no such power of two.

    >>> from fftia_lab import ButterflySchedule
    >>> for launch in launches(ButterflySchedule(1024), 1024, 64):
    ...     print(launch)
    Launch(first=0, strides=(1, 2, 4, 8, 16, 32, 64), tile=128, step=1)
    Launch(first=7, strides=(128, 256, 512), tile=128, step=8)
    """
    n, choice = as_integer("n", n, least=0), tiles(dim_head, element, tight)
    if schedule.size < n:
        raise ValueError(f"a schedule of {schedule.size} places cannot hold n={n} tokens")
    if tile is not None:
        return _cut(schedule, n, checked_tile(tile))
    largest = max(power_of_two(schedule.places(n)), LEAST_TILE)
    plans = [_cut(schedule, n, tile) for tile in sorted({min(tile, largest) for tile in choice})]
    return min(plans, key=lambda plan: len(plan) + len(unfused(schedule, n, plan)))


def unfused(schedule: Schedule, n: int, fused: list[Launch]) -> range:
    """Return the numbers of the stages that come after these launches, and run one by one.

    >>> from fftia_lab import PrefixSchedule
    >>> wiring = PrefixSchedule(1024)
    >>> unfused(wiring, 1024, launches(wiring, 1024, 64))
    range(8, 10)
    """
    stages = _meeting(schedule, n)
    return range(fused[-1].stages.stop if fused else stages.start, stages.stop)


def width(dim_head: int) -> int:
    """Return how many channels a program holds: the next power of two, and 16 at least.

    >>> width(8), width(64), width(80)
    (16, 64, 128)
    """
    dim_head = as_integer("dim_head", dim_head, least=1)
    if dim_head > WIDEST:
        raise ValueError(
            f"the fused kernel holds heads of 1 to {WIDEST} channels on chip; got {dim_head}: "
            f"use more heads, or the per-stage path"
        )
    return max(power_of_two(dim_head), NARROWEST)


def tiles(dim_head: int, element: int = 2, tight: bool = False) -> tuple[int, ...]:
    """Return the tiles whose launches keep all states in registers, as the compiled table shows.

    In fp32 none is larger than `EXACT_TILE`.

    Args:
        dim_head: channels of a head.
        element: bytes of a number of x; fp32 weights take twice the registers.
        tight: whether other things take registers, as masks and prefix wirings do.

    >>> tiles(64), tiles(64, tight=True), tiles(64, element=4), tiles(128)
    ((128, 256), (64,), (64,), (64,))
    """
    room = width(dim_head)
    if element > 2:
        return (EXACT_TILE if room <= 64 else 32,)
    if room > 64:
        return (32 if tight else 64,)
    return (64,) if tight and room == 64 else (128, 256)


def warps(tile: int, dim_head: int, element: int = 2) -> int:
    """Return how many warps share a tile, so that its numbers and a weight fit their registers."""
    room = width(dim_head)
    if element > 2:
        return max(room // 8, 4)
    return 8 if tile * room > (64 * 64 if room > 64 else 128 * 64) else 4


def checked_tile(tile: Any) -> int:
    """Return a tile that was asked for, or say which there are."""
    tile = as_integer("tile", tile)
    if not LEAST_TILE <= tile <= LARGEST_TILE or tile != power_of_two(tile):
        raise ValueError(
            f"tile must be a power of two from {LEAST_TILE} to {LARGEST_TILE}; got {tile}"
        )
    return tile


def power_of_two(number: int) -> int:
    """Return the next power of two."""
    return 1 << max(number - 1, 0).bit_length()


def _meeting(schedule: Schedule, n: int) -> range:
    """Return the numbers of the stages from the first to the last in which somebody may meet."""
    places = schedule.places(n)
    found = [number for number, stride in enumerate(schedule.strides) if stride < places]
    return range(found[0], found[-1] + 1) if found else range(0)


def _cut(schedule: Schedule, n: int, tile: int) -> list[Launch]:
    """Return launches that each take as many of the next stages as a tile can hold."""
    stages, found = _meeting(schedule, n), list[Launch]()
    if not isinstance(schedule, (ButterflySchedule, BenesSchedule, PrefixSchedule)):
        return found
    if schedule.wide:
        return found
    strides = schedule.strides[stages.start : stages.stop]
    if isinstance(schedule, PrefixSchedule):  # whom a block hears lies outside a strided tile
        strides = tuple(stride for stride in strides if stride < tile)
    first = 0
    for end in range(1, len(strides) + 1):
        following = strides[first : end + 1]
        if end == len(strides) or max(following) >= tile * min(following):
            run = strides[first:end]
            step = max(2 * max(run) // tile, 1)
            found.append(Launch(stages.start + first, run, tile, step))
            first = end
    return found
