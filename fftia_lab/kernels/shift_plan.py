"""Which stages of a shift one launch runs, and on which places; needs no Triton.

In a stage of stride s place i hears i + s, or i - s if causal. A launch that begins with stride S
moves along chains of places S apart. A program holds `tile` neighbours of a chain, and in the
launch's stages a row hears the row 1, 2, 4, … further. The rows at the end hear what the program
does not hold: they are computed for the others and not stored. So no length has to divide another.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..schedule import Schedule
from .plan import LEAST_TILE, checked_tile, power_of_two, width

LONGEST = 1 << 25  # tokens: up to 32 times as many must be a number of 32 bits

Groups = list[tuple[int, int]]  # of each launch its first stage, and how many


@dataclass(frozen=True)
class Window:
    """Consecutive stages that run on chip between one load and one store.

    Args:
        first: the number of its first stage; its stride 2^first is the distance of two neighbours.
        stages: how many it runs.
        tile: rows of a program.
        halo: rows at an end that are not stored; 0 if whole chains lie in a tile.
        circle: rows after which a chain begins again; the tile if none does.
        before: how many rows lie before the first that is stored.
        kept: how many are stored.

    >>> window = Window(first=5, stages=5, tile=128, halo=31, circle=128, before=0, kept=97)
    >>> window.step, window.programs(10_000)
    (32, 128)
    """

    first: int
    stages: int
    tile: int
    halo: int
    circle: int
    before: int
    kept: int

    @property
    def step(self) -> int:
        """The distance between two rows."""
        return 1 << self.first

    def programs(self, n: int) -> int:
        """Return how many programs cover so many places of one head."""
        return -(-n // (self.step * self.kept)) * self.step


def windows(
    schedule: Schedule, n: int, dim_head: int, tile: int | None = None, *, element: int = 2
) -> list[Window]:
    """Return the launches of a shift for n tokens that are all real.

    As few as can be with a halo of at most a quarter of the tile; of those the ones with least of
    it, so stages are spread evenly, and the last launch takes all that are left when whole chains
    fit into a tile.

    Args:
        schedule: a shift of at least n places.
        n: number of tokens.
        dim_head: channels of a head.
        tile: rows a program holds, a power of two from 32 to 256; None for `tile_of`.
        element: bytes of a number of x.

    Raises:
        TypeError: if the tile is no integer.
        ValueError: if a head is too wide, or the tile no such power of two.

    >>> from fftia_lab import ShiftSchedule
    >>> for window in windows(ShiftSchedule(1000), 1000, 64):
    ...     print(window)
    Window(first=0, stages=3, tile=128, halo=7, circle=128, before=0, kept=121)
    Window(first=3, stages=7, tile=128, halo=0, circle=125, before=0, kept=125)
    """
    tile = tile_of(n, dim_head, element) if tile is None else checked_tile(tile)
    most = tile.bit_length() - 3  # a halo of 2^most - 1 rows, up to a quarter of the tile
    return [
        window(schedule, n, first, stages, tile)
        for first, stages in groups(schedule, n, tile, most, closed=tile)
    ]


def tile_of(n: int, dim_head: int, element: int = 2) -> int:
    """Return how many rows a program holds: what registers allow, and no more than there are.

    >>> tile_of(1000, 64), tile_of(1000, 128), tile_of(1000, 64, element=4), tile_of(40, 64)
    (128, 32, 32, 64)
    """
    most = 128 if element == 2 and width(dim_head) <= 64 else 32
    return max(min(power_of_two(n), most), LEAST_TILE)


def warps(dim_head: int) -> int:
    """Return how many warps share a tile: a thread holds 32 numbers of it, or less."""
    return 8 if width(dim_head) > 32 else 4


def groups(schedule: Schedule, n: int, tile: int, most: int, closed: int) -> Groups:
    """Return of each launch its first stage and how many it runs.

    Args:
        schedule: a shift.
        n: number of tokens.
        tile: rows of a program.
        most: stages of a launch with a halo.
        closed: stages of a launch without.

    >>> from fftia_lab import ShiftSchedule
    >>> groups(ShiftSchedule(1001), 1001, 128, most=5, closed=7)  # an odd circle never closes
    [(0, 5), (5, 5)]
    """
    count = sum(stride < n for stride in schedule.strides)
    alone = -(-count // most)
    opening = next((s for s in range(count) if closes(schedule, n, s, tile)), count)
    rest = count - opening
    parts = -(-opening // most) + -(-rest // closed)
    if parts <= alone:
        return [*_even(0, opening, most), *_even(opening, rest, closed)]
    return _even(0, count, most)


def _even(first: int, count: int, most: int) -> Groups:
    """Return so many stages from the first on in as few launches as can be, evenly."""
    found: Groups = []
    for parts in range(-(-count // most), 0, -1):
        stages = -(-count // parts)
        found.append((first, stages))
        first, count = first + stages, count - stages
    return found


def closes(schedule: Schedule, n: int, first: int, tile: int) -> bool:
    """Whether whole chains of places 2^first apart lie in a tile.

    Chains of a causal shift end. Those of a circle meet themselves again if the step divides it;
    else all are one chain.
    """
    step = 1 << first
    return n <= step * tile and (schedule.causal or n % step == 0)


def window(
    schedule: Schedule, n: int, first: int, stages: int, tile: int, back: bool = False
) -> Window:
    """Return a launch; `back` says that the hearers of its rows count as well as who is heard.

    >>> from fftia_lab import ShiftSchedule
    >>> window(ShiftSchedule(1000, causal=True), 1000, 0, 3, 64, back=True)
    Window(first=0, stages=3, tile=64, halo=7, circle=64, before=7, kept=50)
    """
    if closes(schedule, n, first, tile):
        circle = tile if schedule.causal else n >> first
        return Window(first, stages, tile, 0, circle, 0, circle)
    halo = (1 << stages) - 1
    before = halo if schedule.causal or back else 0
    return Window(first, stages, tile, halo, tile, before, tile - halo * (2 if back else 1))
