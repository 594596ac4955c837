"""Checkers of chapter 15: a device behind the processor's back, and a slope with its interval."""

import numpy as np
import pytest
from scipy import stats

from fftia_lab.exercises import check_seconds, check_slope
from fftia_lab.exercises.measuring import DEVICES


def timing(warm=True, calls=1000, each=False, wait=True, divide=True):
    """A patient clock, and hasty ones."""

    def seconds(launch, wait_for_it, clock):
        if warm:
            launch(), wait_for_it()
        began = clock()
        for _ in range(calls):
            launch()
            if each:
                wait_for_it()
        if wait:
            wait_for_it()
        return (clock() - began) / (calls if divide else 1)

    return seconds


def endless(launch, wait, clock):
    while True:
        launch()


def swallowing(launch, wait, clock):
    while True:
        try:
            launch()
        except Exception:
            return 400.0


MISTAKES = [
    (timing(calls=1, wait=False), "You find 5 µs: that is how long it takes to hand a job over."),
    (timing(wait=False, warm=False), "Wait before you look"),
    (timing(divide=False), "That is the time of all 1001 calls: divide."),
    (timing(warm=False, calls=20), "call once, and forget that"),
    (timing(calls=1), "so many calls that a step of the clock is nothing"),
    (timing(each=True), "wait once, after the last call"),
    (lambda launch, wait, clock: launch() or 400.0, "Wait before you look"),
    (lambda launch, wait, clock: 400.0, "It launches nothing."),
    (lambda launch, wait, clock: "400", "It returned str, not a number"),
    (lambda launch, wait, clock: 2 * timing()(launch, wait, clock), "that takes 400 µs you find"),
    (endless, "20,000 calls are enough"),
    (swallowing, "20,000 calls are enough"),
]


@pytest.mark.parametrize(("mistake", "hint"), MISTAKES)
def test_hints_of_seconds(mistake, hint):
    verdict = check_seconds(mistake)
    assert not verdict and hint in verdict.message, verdict


def test_patience_is_right():
    assert check_seconds(timing())
    assert check_seconds(timing(warm=False, calls=20_000 - 1)), "so many forget the first as well"
    for times in (0.9, 1.1):
        assert not check_seconds(lambda *given, by=times: by * timing()(*given))


@pytest.mark.parametrize(("made", "hint"), DEVICES)
def test_a_device_does_one_job_after_another(made, hint):
    device = made()
    for _ in range(3):
        device.launch()
    begun = device.now
    assert begun == 1000 + 15 + device.compiling, "nobody waits when work is handed over"
    device.wait()
    first = 1000 + 5 + device.compiling
    assert device.now == first + 3 * device.job + device.waiting
    assert device.clock() <= device.now < device.clock() + device.tick


# ---- slopes ------------------------------------------------------------------------------------


def by_scipy(sizes, times, t):
    found = stats.linregress(np.log(sizes), np.log(times))
    return found.slope, t * found.stderr


def changed(change):
    return lambda sizes, times, t: change(sizes, times, t, *by_scipy(sizes, times, t))


SLOPE_MISTAKES = [
    (lambda n, y, t: stats.linregress(n, y)[0] * np.ones(2), "take logarithms of both"),
    (lambda n, y, t: by_scipy(y, n, t), "the size as a power of the time"),
    (changed(lambda n, y, t, k, half: (half, k)), "the slope comes first"),
    (changed(lambda n, y, t, k, half: (k + 1, half)), "The slope should be"),
    (changed(lambda n, y, t, k, half: (k, half / t)), "one standard error: times t"),
    (changed(lambda n, y, t, k, half: (k, 2 * half)), "that is the whole interval"),
    (
        changed(lambda n, y, t, k, half: (k, half * np.sqrt((len(n) - 2) / len(n)))),
        "a line has used up two of the points",
    ),
    (
        changed(lambda n, y, t, k, half: (k, half * np.sqrt((len(n) - 2) / (len(n) - 1)))),
        "a line has used up two of the points",
    ),
    (
        changed(lambda n, y, t, k, half: (k, half * np.log(n).std() * np.sqrt(len(n)))),
        "how far sizes lie apart is missing",
    ),
    (changed(lambda n, y, t, k, half: (k, 0.0)), "it is 0."),
    (changed(lambda n, y, t, k, half: k), "It returned shape ()"),
]


@pytest.mark.parametrize(("mistake", "hint"), SLOPE_MISTAKES)
def test_hints_of_slopes(mistake, hint):
    verdict = check_slope(mistake)
    assert not verdict and hint in verdict.message, verdict


def test_scipy_is_right():
    assert check_slope(by_scipy)
    assert not check_slope(changed(lambda n, y, t, k, half: (k, half * (1 + 1e-6))))


@pytest.mark.parametrize(("points", "t"), [(5, 3.182), (11, 2.262), (4, 4.303)])
def test_quantiles_are_students(points, t):
    assert stats.t.ppf(0.975, points - 2) == pytest.approx(t, abs=5e-4)
