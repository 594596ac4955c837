"""Checkers of notebook 15-measuring-honestly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._answer import one_number, real_numbers
from ._trial import attempt
from ._verdict import Verdict, differing

Reals = NDArray[np.float64]
TOLERANCE = 0.05
PATIENCE = 20_000  # calls


class TooManyCalls(RuntimeError):
    """The reader's function calls for ever."""


@dataclass
class Device:
    """A device that works behind the processor's back; times in microseconds.

    Args:
        job: what one call takes it.
        compiling: what the first call takes the processor.
        waiting: what it costs to ask whether all is done.
        tick: the clock moves in steps of this.
    """

    job: float
    compiling: float = 0.0
    waiting: float = 0.0
    tick: float = 0.001
    handing: float = 5.0
    now: float = 1000.0
    done: float = 0.0
    calls: int = 0
    waits: int = 0

    def launch(self) -> None:
        """Hand a job over, and go on."""
        if self.calls >= PATIENCE:
            raise TooManyCalls(f"{PATIENCE:,} calls")
        self.now += self.handing + self.compiling * (not self.calls)
        self.done = max(self.done, self.now) + self.job
        self.calls += 1

    def wait(self) -> None:
        """Wait until all is done."""
        self.now = max(self.now, self.done) + self.waiting
        self.waits += 1

    def clock(self) -> float:
        """Return the time, as far as this clock tells it."""
        return float(np.floor(self.now / self.tick) * self.tick)


DEVICES: list[tuple[Callable[[], Device], str]] = [
    (lambda: Device(400.0), "On a device that takes {wanted:g} µs you find {found:.4g}."),
    (
        lambda: Device(400.0, compiling=300_000.0),
        "Where the first call is compiled you find {found:.4g} µs instead of {wanted:g}: call "
        "once, and forget that.",
    ),
    (
        lambda: Device(150.0, tick=1000.0),
        "By a clock that moves every 1,000 µs you find {found:.4g} instead of {wanted:g}: time so "
        "many calls that a step of the clock is nothing.",
    ),
    (
        lambda: Device(150.0, waiting=40.0),
        "Where each wait costs 40 µs you find {found:.4g} instead of {wanted:g}: wait once, after "
        "the last call.",
    ),
]


def check_seconds(seconds: Callable[[Any, Any, Any], Any]) -> Verdict:
    """Check how a reader times a job on a device that works behind the processor's back.

    Args:
        seconds: takes `launch`, which hands a job over and returns at once, `wait`, which returns
            when all is done, and a clock in microseconds; returns the microseconds of a job.

    >>> def hasty(launch, wait, clock):
    ...     began = clock(); launch(); return clock() - began
    >>> check_seconds(hasty)
    Not yet. You find 5 µs: that is how long it takes to hand a job over. Wait before you look.
    """
    for made, hint in DEVICES:
        device = made()
        result = attempt(seconds, (device.launch, device.wait, device.clock))
        if device.calls >= PATIENCE:
            return Verdict(False, f"It does not come to an end: {PATIENCE:,} calls are enough.")
        found = result if isinstance(result, Verdict) else one_number(result)
        if isinstance(found, Verdict):
            return found
        if not device.calls:
            return Verdict(False, "It launches nothing.")
        if not abs(found / device.job - 1) <= TOLERANCE:
            early = _early(found, device)
            return Verdict(False, early or hint.format(found=found, wanted=device.job))
    return Verdict(True, "Cold, coarse or slow to answer: you find what the device takes.")


def _early(found: float, device: Device) -> str:
    """Recognise who looks before the device is done, or forgets to divide; nothing if neither."""
    if abs(found / device.handing - 1) <= TOLERANCE or not device.waits:
        return (
            f"You find {found:.4g} µs: that is how long it takes to hand a job over. "
            "Wait before you look."
        )
    if device.calls > 1 and abs(found / device.job / device.calls - 1) <= 2 * TOLERANCE:
        return f"That is the time of all {device.calls} calls: divide."
    return ""


# ---- slopes ------------------------------------------------------------------------------------


def check_slope(slope: Callable[[Reals, Reals, float], Any]) -> Verdict:
    """Check a reader's slope on doubly logarithmic paper, and how far it is to be believed.

    Args:
        slope: takes sizes, times, and Student's t for so many points; returns the slope k of
            times ~ sizes^k by least squares, and half the width of its interval: t times the
            slope's standard error, √(Σ residual² / (points - 2) / Σ (x - mean x)²), x = log size.

    >>> check_slope(lambda sizes, seconds, t: np.polyfit(np.log(sizes), np.log(seconds), 1))
    Not yet. The slope is right. For 5 points half the interval should be 0.166; it is -13.9.
    """
    rng = np.random.default_rng(15)
    for points, t in ((5, 3.182), (11, 2.262), (4, 4.303)):
        sizes: Reals = np.exp2(np.arange(7.0, 7 + points))
        noise = rng.normal(0, 0.2, points)
        seconds: Reals = np.exp(rng.uniform(0.8, 2.2) * np.log(sizes) + noise - 13)
        result = attempt(slope, (sizes, seconds, t))
        answer = result if isinstance(result, Verdict) else real_numbers(result)
        if isinstance(answer, Verdict):
            return answer
        if answer.shape != (2,):
            return Verdict(
                False, f"It returned shape {answer.shape}, not a slope and half a width."
            )
        trouble = _slope_trouble(answer, sizes, seconds, t)
        if trouble:
            return Verdict(False, trouble)
    return Verdict(True, "A slope, and how far to believe it.")


def _fitted(x: Reals, y: Reals) -> tuple[float, float, float]:
    """Return the slope of least squares, the sum of squared residuals, and that of x."""
    across = x - x.mean()
    spread = float(across @ across)
    k = float(across @ y) / spread
    left = y - y.mean() - k * across
    return k, float(left @ left), spread


def _slope_trouble(answer: Reals, sizes: Reals, seconds: Reals, t: float) -> str:
    """Return what is wrong with a slope and its interval, or nothing."""
    k, left, spread = _fitted(np.log(sizes), np.log(seconds))
    points = len(sizes)
    half = t * np.sqrt(left / (points - 2) / spread)
    if not len(differing(answer, np.array([k, half]))):
        return ""
    found = answer[0]
    if len(differing(answer[:1], np.array([k]))):
        straight = _fitted(sizes, seconds)[0]
        turned = _fitted(np.log(seconds), np.log(sizes))[0]
        for mistake, hint in (
            (straight, "that is a slope on plain paper: take logarithms of both."),
            (turned, "that is the size as a power of the time."),
            (half, "that is the interval: the slope comes first."),
        ):
            if np.isclose(found, mistake, rtol=1e-9):
                return f"The slope should be {k:.3f}; it is {found:.3g}: {hint}"
        return f"The slope should be {k:.3f}; it is {found:.3g}."
    said = f"The slope is right. For {points} points half the interval should be {half:.3g}"
    for mistake, hint in (
        (half / t, "that is one standard error: times t."),
        (half * 2, "that is the whole interval."),
        (half * np.sqrt((points - 2) / points), "a line has used up two of the points."),
        (half * np.sqrt((points - 2) / (points - 1)), "a line has used up two of the points."),
        (half * np.sqrt(spread), "how far sizes lie apart is missing."),
    ):
        if np.isclose(answer[1], mistake, rtol=1e-9):
            return f"{said}; {hint}"
    return f"{said}; it is {answer[1]:.3g}."
