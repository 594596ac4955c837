"""Two runs of one suite, contender by contender: how many times as long, and whether that counts.

On two devices it is compared how many times the baseline each takes; on one device seconds, and a
contender differs if that ratio, too, differs: what slows a whole contest is another program. For
the same reason seconds reach from a run's fastest round, where it is known, to the upper quartile.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from .machine import same
from .record import Entry, Record, Spread
from .report import provenance, table

# Where a process finds its arrays and code differs from run to run, and that alone moves a time by
# some percent, which no number of rounds in one process shows. Source: Mytkowicz et al. (2009).
BETWEEN_PROCESSES = 0.05

SAME, LONGER, SHORTER = "same", "longer", "shorter"
Key = tuple[str, tuple[int, ...], str, str]


class Difference(NamedTuple):
    """One contender in two runs.

    Args:
        key: series, shape, dtype and contender.
        times: how many times as much the second run took, a ratio of medians.
        lower, upper: that of the ends of the two spreads which are nearest, and farthest apart.
        verdict: "same" if 1 lies between them, or so near that another process explains it, or if
            the contest as a whole has moved.
    """

    key: Key
    times: float
    lower: float
    upper: float
    verdict: str


def differences(first: Record, second: Record) -> list[Difference]:
    """Return how the contenders that are in both runs differ.

    Raises:
        ValueError: if the runs are of two suites, or have nobody in common.
    """
    if first["name"] != second["name"]:
        raise ValueError(
            f"runs of one suite are compared; got {first['name']} and {second['name']}"
        )
    found = [*_times(first, second), *_peaks(first, second)]
    if not found:
        raise ValueError(f"the two runs of {first['name']} have no contender in common")
    return found


def _peaks(first: Record, second: Record) -> list[Difference]:
    """Return how peaks of memory differ: bytes are compared, on whatever device."""
    before, after = _peaks_by_key(first), _peaks_by_key(second)
    return [_difference(key, one, after[key]) for key, one in before.items() if key in after]


def _times(first: Record, second: Record) -> list[Difference]:
    """Return how times differ: seconds that moved with their ratios, or ratios on two devices."""
    before, after = _by_key(first), _by_key(second)
    shared = [key for key in before if key in after]
    if quantity(first, second) == "ratio":
        return [_difference(key, before[key]["ratio"], after[key]["ratio"]) for key in shared]
    moved = {key: _difference(key, before[key]["ratio"], after[key]["ratio"]) for key in shared}
    found = [_difference(key, _from_least(before[key]), _from_least(after[key])) for key in shared]
    return [
        one if _alone(one, moved, after[one.key]) else one._replace(verdict=SAME) for one in found
    ]


def _alone(one: Difference, moved: Mapping[Key, Difference], entry: Entry) -> bool:
    """Whether a contender has moved by itself, and not with its contest.

    Its ratio to the baseline has moved the same way. A baseline, whose ratio is 1, has if those of
    at least half of the others have moved.
    """
    if entry["contender"] != entry["baseline"]:
        return moved[one.key].verdict == one.verdict
    contest = one.key[:3]
    others = [other for key, other in moved.items() if key[:3] == contest and key != one.key]
    return 2 * sum(other.verdict != SAME for other in others) >= len(others)


def quantity(first: Record, second: Record) -> str:
    """Return what is compared: "seconds" on one device, the "ratio" to the baseline on two."""
    return "seconds" if same(first["device"], second["device"]) else "ratio"


def comparison(first: Record, second: Record) -> str:
    """Return the differences as text, those that count first; arguments as in `differences`."""
    found = differences(first, second)
    what = "seconds" if quantity(first, second) == "seconds" else "times the baseline"
    head = ("series", "size", "contender", f"B / A, {what} or bytes", "spread", "verdict")
    rows = [_row(one) for one in sorted(found, key=lambda one: one.verdict == SAME)]
    count = sum(one.verdict != SAME for one in found)
    lines = [f"A  {provenance(first)}", f"B  {provenance(second)}", ""]
    lines += table([head, *rows])
    lines += [
        "",
        f"{count} of {len(found)} differ by more than their spread and {BETWEEN_PROCESSES:.0%}.",
    ]
    for letter, one, other in (("A", first, second), ("B", second, first)):
        there, elsewhere = (_by_key(run) | _peaks_by_key(run) for run in (one, other))
        if alone := [key for key in there if key not in elsewhere]:
            said = "; ".join(
                f"{who} in {series} at {_size(shape)}" for series, shape, _, who in alone
            )
            lines.append(f"Only in {letter}: {said}.")
    return "\n".join(lines)


def _difference(key: Key, before: Spread, after: Spread) -> Difference:
    times = after["median"] / before["median"]
    lower, upper = after["lower"] / before["upper"], after["upper"] / before["lower"]
    return Difference(key, times, lower, upper, _verdict(times, lower, upper))


def _verdict(times: float, lower: float, upper: float) -> str:
    """Return whether a ratio with its spread says more than that another process ran.

    >>> _verdict(1.2, 1.1, 1.3), _verdict(1.2, 0.9, 1.5), _verdict(1.04, 1.03, 1.05)
    ('longer', 'same', 'same')
    """
    if lower > 1 and times > 1 + BETWEEN_PROCESSES:
        return LONGER
    if upper < 1 and times < 1 / (1 + BETWEEN_PROCESSES):
        return SHORTER
    return SAME


def _by_key(record: Record) -> dict[Key, Entry]:
    return {
        (one["series"], tuple(one["shape"]), one["dtype"], one["contender"]): one
        for one in record["entries"]
    }


def _peaks_by_key(record: Record) -> dict[Key, Spread]:
    return {
        (f"memory, {one['series']}", tuple(one["shape"]), one["dtype"], one["contender"]): (
            one["bytes"]
        )
        for one in record.get("memory", [])
    }


def _from_least(one: Entry) -> Spread:
    """Return the seconds of a contender, from its fastest round on where that is known."""
    seconds = one["seconds"]
    return {**seconds, "lower": one.get("least", seconds["lower"])}


def _row(one: Difference) -> tuple[str, ...]:
    series, shape, _, who = one.key
    spread = f"{one.lower:.3g} to {one.upper:.3g}"
    return series, _size(shape), who, f"{one.times:.3g}", spread, one.verdict


def _size(shape: tuple[int, ...]) -> str:
    return "x".join(map(str, shape))
