"""The checker of the third exercise of notebook 04: time two programs on machines with one vice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ._verdict import Verdict

Vice = Callable[["Machine", str, float], float]
SECONDS = {"first": 3.0, "second": 1.0}
TIMES = SECONDS["first"] / SECONDS["second"]
TOLERANCE = 0.05
PATIENCE = 20_000  # calls


class TooManyCalls(RuntimeError):
    """The reader's function calls for ever."""


class Machine:
    """Two programs and a clock that moves only while one of them runs.

    Args:
        vice: how long the next call takes, from the machine so far, the name of the program that
            is called and the seconds that it takes on a quiet machine.
    """

    def __init__(self, vice: Vice) -> None:
        self.calls: list[str] = []
        self.now = 0.0
        self.vice = vice

    def clock(self) -> float:
        return self.now

    def first(self) -> None:
        self._run("first")

    def second(self) -> None:
        self._run("second")

    def _run(self, name: str) -> None:
        if len(self.calls) >= PATIENCE:
            raise TooManyCalls(f"{PATIENCE:,} calls")
        self.now += self.vice(self, name, SECONDS[name])
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


VICES: list[tuple[Vice, str]] = [
    (_quiet, "Even on a quiet machine the answer should be {wanted:g}; it is {found:.4g}."),
    (
        _cold,
        "Where the first call of each is slow you say {found:.3g} instead of {wanted:g}: "
        "warm up, and forget that.",
    ),
    (
        _interrupted,
        "Where every seventh call is interrupted you say {found:.3g} instead of {wanted:g}: "
        "take the median of many, not the mean.",
    ),
    (
        _tiring,
        "On a machine that slows down you say {found:.3g} instead of {wanted:g}: "
        "take turns, and compare in pairs.",
    ),
    (
        _sticky,
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
    for vice, hint in VICES:
        machine = Machine(vice)
        try:
            found = fair(machine.first, machine.second, machine.clock)
        except TooManyCalls:
            return Verdict(False, f"It does not come to an end: {PATIENCE:,} calls are enough.")
        except Exception as error:
            return Verdict(False, f"It stopped with {type(error).__name__}: {error}.")
        early = _not_a_ratio(found, machine)
        if early:
            return Verdict(False, early)
        if not abs(found / TIMES - 1) <= TOLERANCE:
            return Verdict(False, hint.format(found=float(found), wanted=TIMES))
    return Verdict(True, "Quiet, cold, interrupted, tiring or sticky: you find the same ratio.")


def _not_a_ratio(found: Any, machine: Machine) -> str | None:
    """Recognise an answer that is no ratio, or not the one asked for; None if it may be right."""
    if found is None:
        return "It returned None: return how many times longer the first takes."
    try:
        number = float(found)
    except (TypeError, ValueError):
        return f"It returned {type(found).__name__}, not a number."
    if not {"first", "second"} <= set(machine.calls):
        return "It does not run both programs."
    if machine.vice is _quiet:
        if abs(number * TIMES - 1) <= TOLERANCE:
            return "Upside down: divide the first's time by the second's."
        if abs(number - (TIMES - 1)) <= TOLERANCE:
            return "That is a difference in seconds: divide."
    return None
