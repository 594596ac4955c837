"""What a run tells while it lasts: to a person as lines, to a program as JSON, one object each."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Collection, Sequence
from typing import Any, Protocol

from .record import Entry, Memory, Record, Skipped

Size = tuple[int, ...]


class Listener(Protocol):
    """Who hears of a run: of its beginning, of each case, of its end."""

    def begins(self, record: Record, cases: int) -> None:
        """Hear what runs where, what was measured before, and how many cases there are."""

    def measured(
        self, entries: Sequence[Entry], peaks: Sequence[Memory], skipped: Sequence[Skipped]
    ) -> None:
        """Hear what a case gave."""

    def goes_on(self, done: int, cases: int, seconds_left: float | None) -> None:
        """Hear how far the run is; the time left is None until one case was measured."""

    def ends(self, record: Record) -> None:
        """Hear that it is complete."""


class Lines:
    """Results as lines on stdout; how far the run is on stderr."""

    def begins(self, record: Record, cases: int) -> None:
        said = f"{record['name']}: {cases} cases on {record['device']['name']}"
        print(said, file=sys.stderr, flush=True)

    def measured(
        self, entries: Sequence[Entry], peaks: Sequence[Memory], skipped: Sequence[Skipped]
    ) -> None:
        for line in (*map(_line, entries), *map(_peak_line, peaks), *map(_left_line, skipped)):
            print(line, flush=True)

    def goes_on(self, done: int, cases: int, seconds_left: float | None) -> None:
        left = "" if not seconds_left else f", about {duration(seconds_left)} left"
        print(f"{done} of {cases}{left}", file=sys.stderr, flush=True)

    def ends(self, record: Record) -> None:
        pass


class JsonLines:
    """Everything as one JSON object a line, its "kind" first; decision 19 lists the kinds.

    Args:
        say: takes a line.
    """

    def __init__(self, say: Callable[[str], object] = lambda line: print(line, flush=True)) -> None:
        self.say = say

    def _say(self, kind: str, **what: Any) -> None:
        self.say(json.dumps({"kind": kind, **what}))

    def begins(self, record: Record, cases: int) -> None:
        self._say("begins", record=record, cases=cases)

    def measured(
        self, entries: Sequence[Entry], peaks: Sequence[Memory], skipped: Sequence[Skipped]
    ) -> None:
        for entry in entries:
            self._say("entry", entry=entry)
        for peak in peaks:
            self._say("memory", memory=peak)
        for left in skipped:
            self._say("skipped", skipped=left)

    def goes_on(self, done: int, cases: int, seconds_left: float | None) -> None:
        self._say("progress", done=done, cases=cases, seconds_left=seconds_left)

    def ends(self, record: Record) -> None:
        self._say("ends", record=record)


def time_left(done: Sequence[tuple[Size, float]], open_: Collection[Size]) -> float | None:
    """Return how many seconds the open cases will take, about.

    A case takes as long as the last one of its size did, and one of a new size as long as the
    longest so far: lengths grow within a series.

    Args:
        done: size and seconds of each case, in order.
        open_: sizes of those that are still to be measured.

    >>> time_left([((8,), 1.0), ((64,), 5.0), ((8,), 2.0)], [(8,), (64,), (512,)])
    12.0
    >>> time_left([], [(8,)]) is None
    True
    """
    if not done:
        return None
    latest, longest = dict(done), max(seconds for _, seconds in done)
    return sum(latest.get(size, longest) for size in open_)


def duration(seconds: float) -> str:
    """Return a time as people say it.

    >>> duration(3.2), duration(200), duration(7300)
    ('3 s', '3 min', '2.0 h')
    """
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _line(one: Entry) -> str:
    ratio = one["ratio"]
    return (
        f"{_who(one)}{one['seconds']['median'] * 1e6:13,.1f} µs {ratio['median']:9.2f} times the "
        f"baseline, {ratio['lower']:.2f} to {ratio['upper']:.2f}"
    )


def _peak_line(one: Memory) -> str:
    mebibytes = one["bytes"]["median"] / 2**20
    return f"{_who(one)}{mebibytes:13,.2f} MiB {one['ratio']:8.3f} times the baseline"


def _left_line(one: Skipped) -> str:
    return f"{_who(one)}     left out: {one['why']}"


def _who(one: Entry | Memory | Skipped) -> str:
    return f"{one['series']:14} {'x'.join(map(str, one['shape'])):>9} {one['contender']:28}"
