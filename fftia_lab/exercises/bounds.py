"""Checkers of notebook 15-measuring-honestly: bounds, and where one falls below another."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ._answer import one_number
from ._trial import attempt
from ._verdict import Verdict

RATE, BANDWIDTH = 100e9, 25e9


def check_bound(bound: Callable[[float, float, float, float], float]) -> Verdict:
    """Check a reader's bound: the longer of what products and what bytes take, in seconds.

    Args:
        bound: takes operations, bytes, operations a second and bytes a second.

    >>> check_bound(lambda products, moved, rate, bandwidth: products / rate)
    Not yet. 1e+09 operations and 1e+09 bytes: 0.04 s, for the bytes take longer than the products.
    """
    rng = np.random.default_rng(15)
    given = [(1e9, 1e9), (1e11, 1e6), *(10 ** rng.uniform(3, 12, (40, 2)))]
    for products, moved in given:
        call = float(products), float(moved), RATE, BANDWIDTH
        found = attempt(bound, call)
        seconds = found if isinstance(found, Verdict) else one_number(found, "a time in seconds")
        if isinstance(seconds, Verdict):
            return seconds
        trouble = _bound_trouble(seconds, call[0] / RATE, call[1] / BANDWIDTH)
        if trouble:
            named = f"{products:.4g} operations and {moved:.4g} bytes"
            return Verdict(False, f"{named}: {trouble}")
    return Verdict(True, f"It is the longer of two times, {len(given)} times over.")


def _bound_trouble(seconds: float, products: float, memory: float) -> str:
    """Return what is wrong with a bound, or nothing."""
    least = max(products, memory)
    if np.isclose(seconds, least, rtol=1e-9, atol=0):
        return ""
    if np.isclose(seconds, products + memory, rtol=1e-9, atol=0):
        return (
            "that is their sum. A device may multiply while it copies: only the longer one binds."
        )
    if np.isclose(seconds, products, rtol=1e-9, atol=0):
        return f"{memory:.3g} s, for the bytes take longer than the products."
    if np.isclose(seconds, memory, rtol=1e-9, atol=0):
        return f"{products:.3g} s, for the products take longer than the bytes."
    return f"it says {seconds:.3g} s, and at least {least:.3g} s are needed."


def check_crossing(crossing: Callable[[list[int], list[float], list[float]], int]) -> Verdict:
    """Check a reader's crossing: the first length from which on one cost is below another.

    Args:
        crossing: takes lengths, rising, and two lists of costs, one a length; returns the first
            length such that the first cost is less there and at all that follow, or 0.

    >>> check_crossing(lambda lengths, one, other: lengths[0])
    Not yet. Costs 3, 2, 1 against 1, 2, 3 at 16, 32, 64: it says 16, and it is 64.
    """
    rng = np.random.default_rng(16)
    cases = [([3, 2, 1], [1, 2, 3]), ([1, 3, 1, 1], [2, 2, 2, 2]), ([1, 1], [2, 2])]
    cases += [([1, 3], [2, 2]), ([2, 2], [2, 2])]
    cases += [tuple(rng.integers(1, 4, (2, 6)).tolist()) for _ in range(60)]
    for one, other in cases:
        lengths = [16 << i for i in range(len(one))]
        answer = attempt(crossing, (lengths, one, other))
        found = answer if isinstance(answer, Verdict) else one_number(answer, "a length")
        if isinstance(found, Verdict):
            return found
        trouble = _crossing_trouble(found, lengths, one, other)
        if trouble:
            costs = f"{_listed(one)} against {_listed(other)} at {_listed(lengths)}"
            return Verdict(False, f"Costs {costs}: {trouble}")
    return Verdict(True, f"It finds {len(cases)} crossings, and says where there is none.")


def _crossing_trouble(found: float, lengths: list[int], one: list[int], other: list[int]) -> str:
    """Return what is wrong with a crossing, or nothing."""
    below = [a < b for a, b in zip(one, other, strict=True)]
    wanted = next((n for i, n in enumerate(lengths) if all(below[i:])), 0)
    if found not in (0, *lengths):
        return f"it returned {found:.4g}, neither one of the lengths nor 0."
    if found == wanted:
        return ""
    first = next((n for n, less in zip(lengths, below, strict=True) if less), None)
    if found == first:
        return f"at {found:.0f} it is less, and later not: from there on means at all that follow."
    equal = [a <= b for a, b in zip(one, other, strict=True)]
    if found == next((n for i, n in enumerate(lengths) if all(equal[i:])), None):
        return f"at {found:.0f} both are equal, and equal is not less."
    return f"it says {found:.0f}, and it is {wanted}."


def _listed(values: list[int]) -> str:
    return ", ".join(map(str, values))
