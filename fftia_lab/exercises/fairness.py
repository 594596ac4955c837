"""The checker of the third exercise of notebook 04: time two programs on machines with one vice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ._answer import one_number
from ._trial import attempt
from ._verdict import Verdict

Vice = Callable[["Machine", str, float], float]
TOLERANCE = 0.05
PATIENCE = 20_000  # calls


class TooManyCalls(RuntimeError):
    """The reader's function calls for ever."""


class Machine:
    """Two programs and a clock that moves only while one of them runs.

    Args:
        vice: how long the next call takes, from the machine so far, the name of the program that
            is called and the seconds that it takes on a quiet machine.
        times: how many times longer the first takes there.
    """

    def __init__(self, vice: Vice, times: float) -> None:
        self.calls: list[str] = []
        self.now = 0.0
        self.vice = vice
        self.seconds = {"first": times, "second": 1.0}

    def clock(self) -> float:
        return self.now

    def first(self) -> None:
        self._run("first")

    def second(self) -> None:
        self._run("second")

    def _run(self, name: str) -> None:
        if len(self.calls) >= PATIENCE:
            raise TooManyCalls(f"{PATIENCE:,} calls")
        self.now += self.vice(self, name, self.seconds[name])
        self.calls.append(name)


def _quiet(machine: Machine, name: str, seconds: float) -> float:
    return seconds


def _cold(machine: Machine, name: str, seconds: float) -> float:
    return seconds + 400.0 * (name not in machine.calls)


def _interrupted(machine: Machine, name: str, seconds: float) -> float:
    return seconds + 100.0 * (len(machine.calls) % 7 == 6)


def _tiring(machine: Machine, name: str, seconds: float) -> float:
    return seconds * (1.0 + 0.02 * len(machine.calls))


def _sticky(machine: Machine, name: str, seconds: float) -> float:
    stuck = name == "second" and machine.calls[-1:] == ["first"]
    return seconds * (1.08 if stuck else 1.0)


VICES: list[tuple[Vice, float, str]] = [
    (_quiet, 3.0, "Even on a quiet machine the answer should be {wanted:g}; it is {found:.4g}."),
    (_quiet, 0.4, "For another pair the answer should be {wanted:g}; it is {found:.4g}."),
    (
        _cold,
        3.0,
        "Where the first call of each is slow you say {found:.3g} instead of {wanted:g}: "
        "warm up, and forget that.",
    ),
    (
        _interrupted,
        3.0,
        "Where every seventh call is interrupted you say {found:.3g} instead of {wanted:g}: "
        "take the median of many, not the mean.",
    ),
    (
        _tiring,
        3.0,
        "On a machine that slows down you say {found:.3g} instead of {wanted:g}: "
        "take turns, and compare in pairs.",
    ),
    (
        _sticky,
        3.0,
        "Where `first` slows down the `second` after it you say {found:.3g} instead of "
        "{wanted:g}: let each go first as often as the other.",
    ),
]


def check_fair(fair: Callable[[Callable[[], None], Callable[[], None], Any], Any]) -> Verdict:
    """Check how a reader compares two programs, on a quiet machine and on four that are not.

    Args:
        fair: takes two callables and a clock; returns how many times longer the first takes.

    >>> def hasty(first, second, clock):
    ...     began = clock(); first(); between = clock(); second()
    ...     return (between - began) / (clock() - between)
    >>> check_fair(hasty)
    Not yet. Where the first call of each is slow you say 1 instead of 3: warm up, and forget that.
    """
    for vice, times, hint in VICES:
        machine = Machine(vice, times)
        result = attempt(fair, (machine.first, machine.second, machine.clock))
        if len(machine.calls) >= PATIENCE:
            return Verdict(False, f"It does not come to an end: {PATIENCE:,} calls are enough.")
        found = result if isinstance(result, Verdict) else one_number(result)
        if isinstance(found, Verdict):
            return found
        if not abs(found / times - 1) <= TOLERANCE:
            early = _not_a_ratio(found, machine, times)
            return Verdict(False, early or hint.format(found=found, wanted=times))
        if not {"first", "second"} <= set(machine.calls):
            return Verdict(False, "It does not run both programs.")
    return Verdict(True, "Quiet, cold, interrupted, tiring or sticky: you find the same ratio.")


def _not_a_ratio(found: float, machine: Machine, times: float) -> str:
    """Recognise an answer that is no ratio, or not the one asked for; nothing if it may be one."""
    if not {"first", "second"} <= set(machine.calls):
        return "It does not run both programs."
    if machine.vice is _quiet:
        if abs(found * times - 1) <= TOLERANCE:
            return "Upside down: divide the first's time by the second's."
        if abs(found - (times - 1)) <= TOLERANCE:
            return "That is a difference in seconds: divide."
    return ""
