"""What the figure of benchmarks has to choose from: boards, and recorded runs as curves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ...bench.record import Record, Spread, recorded

RECORDS = "attention", "mixing", "fft"  # which every figure shows if it is not told
OF_TAPS = "convolution"  # series whose sizes are not those of a sequence
LENGTHS = [256, 512, 1024, 2048, 4096, 8192, 16384]
# What this page's GPU can measure; a test compares it with contests.js.
PAGE: Mapping[str, tuple[str, str, list[str]]] = {
    "attention": (
        "attention alone, float32",
        "dense",
        ["butterfly", "butterfly, a launch a stage"],
    ),
    "fft": ("64 sequences, complex64", "fft, a launch a pass", ["fft"]),
}


def benchmark_tables(records: Iterable[str | Record], lengths: list[int]) -> dict[str, Any]:
    """Return {"boards": …, "runs": …}: what can be shown, and the recorded runs as curves.

    A board is a series of a suite: its baseline, who is compared with it, the sizes, and which runs
    have it. Those of this page's GPU come last.

    Args:
        records: runs, or names of runs that came with the book.
        lengths: the sizes that this page's GPU is to measure.
    """
    runs = [curves(recorded(one) if isinstance(one, str) else one) for one in records]
    boards: dict[str, dict[str, Any]] = {}
    for number, run in enumerate(runs):
        for series, held in run["series"].items():
            if _is_a_contest(held) and not series.startswith(OF_TAPS):
                _add(boards, number, run["suite"], series, held)
    for suite, (series, baseline, rivals) in PAGE.items():
        boards[f"{suite}: {series}"] = {
            "suite": suite,
            "series": series,
            "baseline": baseline,
            "rivals": rivals,
            "sizes": lengths,
            "runs": [],
        }
    return {"boards": boards, "runs": runs}


def _add(
    boards: dict[str, dict[str, Any]], number: int, suite: str, series: str, held: dict[str, Any]
) -> None:
    """Let a run have its part of a board."""
    board = boards.setdefault(
        f"{suite}: {series}",
        {
            "suite": suite,
            "series": series,
            "baseline": held["baseline"],
            "rivals": [],
            "sizes": [],
            "runs": [],
        },
    )
    if board["baseline"] != held["baseline"]:
        return
    by_length = sorted(held["contenders"], key=lambda name: -len(held["contenders"][name]))
    names = dict.fromkeys([*board["rivals"], *by_length])
    board["rivals"] = [name for name in names if name != board["baseline"]]
    board["sizes"] = sorted({*board["sizes"], *_sizes(held)})
    board["runs"].append(number)


def _sizes(held: dict[str, Any]) -> set[int]:
    return {point[0] for points in held["contenders"].values() for point in points}


def _is_a_contest(held: dict[str, Any]) -> bool:
    """Whether a series has two contenders, one of them the baseline, at two sizes at least."""
    enough = len(held["contenders"]) > 1 and len(_sizes(held)) > 1
    return enough and held["baseline"] in held["contenders"]


def curves(record: Record) -> dict[str, Any]:
    """Return a record as curves, as `curves.js` does.

    >>> sorted(curves(recorded("fft"))["series"]["real"]["contenders"])
    ['numpy.fft.rfft', 'rfft']
    """
    device, series = record["device"], dict[str, dict[str, Any]]()
    for one in record["entries"]:
        held = series.setdefault(one["series"], {"baseline": one["baseline"], "contenders": {}})
        point = [one["shape"][-1], *_parts(one["seconds"]), *_parts(one["ratio"])]
        held["contenders"].setdefault(one["contender"], []).append(point)
    for held in series.values():
        for points in held["contenders"].values():
            points.sort(key=lambda point: point[0])
    return {
        "suite": record["name"],
        "device": {
            "kind": device["kind"],
            "name": device["name"],
            "threads": device["threads"],
        },
        "date": record["date"],
        "complete": record["complete"],
        "series": series,
    }


def _parts(spread: Spread) -> list[float]:
    return [spread["lower"], spread["median"], spread["upper"]]
