"""What a suite consists of: cases, which are contests, and peaks of memory; made one at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from numpy.typing import ArrayLike

from .measure import Contenders
from .record import Memory, Skipped, Work


@dataclass(frozen=True)
class Case:
    """Contenders that do the same job with one input.

    Args:
        series: which line of the chart this is a point of.
        shape, dtype: of the input.
        contenders: name -> callable without arguments.
        baseline: the name of the contender that the others are divided by.
        wanted: the right answer, or one for each contender.
        limit: the largest relative error that counts as right.
        skipped: who was left out, and why.
        rounds: how many samples each contender gives at most; None as many as all.
        jobs: how many times a contender does its job when it is called once.
        work: what contenders cannot do without, of those for whom it was counted.
        remember: whether to take peaks of memory too, where the device tells them.
        may_refuse: who may say that it cannot run on this device, and is left out with its words.
    """

    series: str
    shape: tuple[int, ...]
    dtype: str
    contenders: Contenders
    baseline: str
    wanted: ArrayLike | Mapping[str, ArrayLike]
    limit: float
    skipped: list[Skipped] = field(default_factory=list)
    rounds: int | None = None
    jobs: int = 1
    work: Mapping[str, Work] = field(default_factory=dict)
    remember: bool = False
    may_refuse: frozenset[str] = frozenset()

    def made(self) -> Case:
        """Return the case."""
        return self


@dataclass(frozen=True)
class Planned:
    """A case that is made when its turn comes: one that was measured before costs nothing.

    Args:
        series, shape: of the case.
        make: returns it; a case without contenders only says who was skipped.
    """

    series: str
    shape: tuple[int, ...]
    make: Callable[[], Case]

    def made(self) -> Case:
        """Make and return the case."""
        return self.make()


@dataclass(frozen=True)
class Peaks:
    """Peaks of memory at one size, taken when their turn comes, each in a process of its own.

    Args:
        series, shape: of the contest.
        take: returns the peaks, and who was left out and why.
    """

    series: str
    shape: tuple[int, ...]
    take: Callable[[], tuple[list[Memory], list[Skipped]]]


def left_out(series: str, shape: tuple[int, ...], why: Mapping[str, str]) -> list[Skipped]:
    """Return what a record says of those who were left out, contender -> why.

    >>> left_out("single", (8,), {"dft": "no time"})
    [{'series': 'single', 'contender': 'dft', 'shape': [8], 'why': 'no time'}]
    """
    return [
        {"series": series, "contender": name, "shape": list(shape), "why": reason}
        for name, reason in why.items()
    ]


def too_long(
    series: str, shape: tuple[int, ...], longest: Mapping[str, int | None]
) -> list[Skipped]:
    """Return who is left out because nobody should wait for it at the last size of a shape.

    Args:
        series, shape: of the case.
        longest: contender -> the largest size that it takes; None for any.
    """
    why = {
        name: f"longer than {limit}, set by fftia_lab.implementations"
        for name, limit in longest.items()
        if limit and shape[-1] > limit
    }
    return left_out(series, shape, why)
