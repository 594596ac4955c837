"""Published numbers with their sources, beside what a run of the suite "published" measured."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from .record import Record, Spread, spread

EAGER, SDPA = "attention, eager", "attention, SDPA"
REACHED, LESS, ALIKE, REVERSED = "as published", "by less", "alike", "the other way round"
# Where a figure is measured again besides its own series: as PyTorch ran it for the source, and on
# equal terms to the last projection.
ALSO = {"speed": ("recorded", "projected")}


@dataclass(frozen=True)
class Figure:
    """One published number: how many times as much the rival takes as the subject.

    Args:
        series: of the suite "published", in which it is measured again.
        tokens: in a sequence.
        unit: "s" or "B".
        subject, rival: what was published of each; None where only a comparison was.
        times: how many times as much the rival took, as published.
        source: who, where, on what.
        quote: the words, where there is no table.
    """

    series: str
    tokens: int
    unit: str
    subject: float | None
    rival: float | None
    times: float
    source: str
    quote: str = ""


@dataclass(frozen=True)
class Verdict:
    """A published number beside a measured one.

    Args:
        figure: what was published.
        series: where it was measured; "recorded" is speed while PyTorch prepares gradients,
            "projected" is speed with projections on both sides.
        rival: with which attention, eager as published or SDPA.
        measured: how many times as much that took, with quartiles.
        verdict: "as published" if that many or more; "by less" if above 1 and fewer; "alike" if 1
            lies between the quartiles; "the other way round" if below.
    """

    figure: Figure
    series: str
    rival: str
    measured: Spread
    verdict: str


@cache
def published_figures() -> tuple[Figure, ...]:
    """Return what was published, table by table.

    >>> [(one.tokens, one.times) for one in published_figures() if one.series == "speed"][-1]
    (2048, 215.3)
    """
    said = json.loads((files(__package__) / "published.json").read_text("utf-8"))
    sources = said["sources"]
    return tuple(Figure(**row | {"source": sources[row["source"]]}) for row in said["figures"])


def verdicts(record: Record) -> Iterator[Verdict]:
    """Yield each published number beside what a run measured, against eager attention and SDPA.

    A run on another machine repeats no seconds; how many times as much is compared. What the run
    does not hold, as a quick one, is passed over.

    Raises:
        ValueError: if the record is of another suite.
    """
    if record["name"] != "published":
        raise ValueError(f'a run of the suite "published" is wanted; got {record["name"]!r}')
    for figure in published_figures():
        for series in (figure.series, *ALSO.get(figure.series, ())):
            for rival in (EAGER, SDPA):
                measured = _measured(record, figure, series, rival)
                if measured is not None:
                    yield Verdict(figure, series, rival, measured, judged(figure.times, measured))


def judged(times: float, measured: Spread) -> str:
    """Return what a measured ratio says of a published one.

    >>> judged(2.5, {"median": 1.6, "lower": 1.5, "upper": 1.7})
    'by less'
    """
    if measured["lower"] <= 1 <= measured["upper"]:
        return ALIKE
    if measured["upper"] < 1:
        return REVERSED
    return REACHED if measured["upper"] >= times else LESS


def _measured(record: Record, figure: Figure, series: str, rival: str) -> Spread | None:
    where = series, figure.tokens, rival
    if figure.unit == "B":
        for peak in record.get("memory", []):
            if (peak["series"], peak["shape"][-1], peak["contender"]) == where:
                return spread((peak["ratio"],))
        return None
    for one in record["entries"]:
        if (one["series"], one["shape"][-1], one["contender"]) == where:
            return one["ratio"]
    return None
