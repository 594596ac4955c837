"""The checkers of chapter 15 pass right answers, fail the empty one, and name typical mistakes."""

import pytest

from fftia_lab.exercises import check_bound, check_crossing

BOUND_MISTAKES = [
    (lambda *given: None, "It returned None"),
    (lambda *given: "fast", "It returned str, not a time in seconds"),
    (lambda products, moved, rate, bandwidth: 1 / 0, "ZeroDivisionError"),
    (lambda products, moved, rate, bandwidth: products / rate, "0.04 s, for the bytes take longer"),
    (lambda products, moved, rate, bandwidth: moved / bandwidth, "1 s, for the products take"),
    (lambda p, m, rate, bandwidth: p / rate + m / bandwidth, "that is their sum"),
    (lambda p, m, rate, bandwidth: min(p / rate, m / bandwidth), "the bytes take longer"),
    (lambda p, m, rate, bandwidth: max(p / bandwidth, m / rate), "at least 1 s are needed"),
    (lambda p, m, rate, bandwidth: max(rate / p, bandwidth / m), "it says 100 s"),
]


@pytest.mark.parametrize(("mistake", "hint"), BOUND_MISTAKES)
def test_bound_hints(mistake, hint):
    verdict = check_bound(mistake)
    assert not verdict and hint in verdict.message, verdict


def test_a_bound_is_the_longer_time():
    assert check_bound(lambda p, m, rate, bandwidth: max(p / rate, m / bandwidth))


def crossing(lengths, one, other):
    """From the end back, where the solution in the chapter goes forward."""
    found = 0
    for n, a, b in reversed(list(zip(lengths, one, other, strict=True))):
        if a >= b:
            return found
        found = n
    return found


def first_below(lengths, one, other):
    return next((n for n, a, b in zip(lengths, one, other, strict=True) if a < b), 0)


def not_above(lengths, one, other):
    return crossing(lengths, [a - 0.5 for a in one], other)


CROSSING_MISTAKES = [
    (lambda *given: None, "It returned None"),
    (lambda *given: 0, "it says 0, and it is 64"),
    (lambda *given: 1 / 0, "ZeroDivisionError"),
    (lambda *given: 17, "it returned 17, neither one of the lengths nor 0"),
    (lambda lengths, one, other: 1, "it returned 1, neither one of the lengths nor 0"),
    (first_below, "at 16 it is less, and later not"),
    (not_above, "at 32 both are equal, and equal is not less"),
    (lambda lengths, one, other: crossing(lengths, other, one), "it says 0, and it is 64"),
    (lambda lengths, *costs: crossing(lengths, *costs) or lengths[-1], "it says 32"),
]


@pytest.mark.parametrize(("mistake", "hint"), CROSSING_MISTAKES)
def test_crossing_hints(mistake, hint):
    verdict = check_crossing(mistake)
    assert not verdict and hint in verdict.message, verdict


def test_there_may_be_no_crossing():
    assert check_crossing(crossing)
