"""A recorded run: time, or times the baseline, over size; each point with its quartiles.

Takes a record as plain data, as `fftia_lab.bench` writes it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from html import escape
from typing import Any

import plotly.graph_objects as go

from ..arguments import as_texts
from .loglog import TOP, names_at_ends, room_for, size_axis
from .theme import LIGHT, figure

Record = Mapping[str, Any]
Points = list[Mapping[str, Any]]

HEIGHT, BOTTOM, NOTE = 300, 52, 54
OURS = ("fft", "rfft", "butterfly", "mixing")


def timing_figure(
    record: Record,
    series: str,
    *,
    title: str,
    alt: str,
    quantity: str = "seconds",
    xlabel: str = "samples",
    only: Collection[str] | None = None,
    mine: Record | None = None,
    floors: Mapping[str, Mapping[int, float]] | None = None,
) -> go.Figure:
    """Return one series of a recorded run, both axes logarithmic, with its device and date.

    Args:
        record: a finished run, as `fftia_lab.bench.load` returns it.
        series: which of its series.
        title: of the figure.
        alt: what the figure shows, in a sentence.
        quantity: "seconds" a call, or the "ratio" to the baseline of the series.
        xlabel: what the sizes count.
        only: which contenders; None draws all.
        mine: a second run of the same suite, drawn over the first as open circles.
        floors: contender -> size -> seconds below which it cannot be, of those that are drawn, from
            `fftia_lab.bench.floors_of`; dotted, and of seconds alone.

    Raises:
        ValueError: if a record has nothing of this to draw, `only` names a contender that it has
            not, or the quantity is another.
    """
    if not isinstance(quantity, str) or quantity not in ("seconds", "ratio"):
        raise ValueError(f'quantity must be "seconds" or "ratio"; got {quantity!r}')
    if floors is not None and quantity != "seconds":
        raise ValueError(f"floors are seconds; got quantity={quantity!r}: leave one of them out")
    lines = _lines(record, series, only)
    below = {name: limits for name, limits in (floors or {}).items() if name in lines and limits}
    traces = [_trace(points, quantity) for points in lines.values()]
    traces += [_floor(name, limits, _colour(lines[name])) for name, limits in below.items()]
    notes = [*_names(lines, quantity, below), _provenance(record, series, "●", 0)]
    if mine is not None:
        traces += [_circles(points, quantity) for points in _lines(mine, series, only).values()]
        notes.append(_provenance(mine, series, "○", 1))
    room = BOTTOM + NOTE * (len(notes) - len(lines))
    return figure(
        traces,
        alt,
        annotations=notes,
        title={"text": title},
        xaxis=size_axis(
            sorted({_size(point) for points in lines.values() for point in points}), xlabel
        ),
        yaxis=_axis(quantity),
        height=TOP + HEIGHT + room,
        margin={"l": 62, "r": room_for(lines), "t": TOP, "b": room},
    )


def _lines(record: Record, series: str, only: Collection[str] | None) -> dict[str, Points]:
    """Contender -> its points by size."""
    if not isinstance(record, Mapping) or not record.get("entries"):
        raise ValueError("a record must be a finished run, as fftia_lab.bench.load returns it")
    there = {entry["contender"] for entry in record["entries"] if entry["series"] == series}
    wanted = there if only is None else set(as_texts("only", only))
    if not there or not wanted:
        known = sorted({entry["series"] for entry in record["entries"]})
        raise ValueError(f"nothing to draw of series {series!r}; the run has {', '.join(known)}")
    if missing := wanted - there:
        raise ValueError(
            f"nothing to draw of {', '.join(sorted(missing))} in series {series!r}: only must name "
            f"contenders of it, {', '.join(sorted(there))}"
        )
    found: dict[str, Points] = {}
    for entry in record["entries"]:
        if entry["series"] == series and entry["contender"] in wanted:
            found.setdefault(entry["contender"], []).append(entry)
    return {name: sorted(points, key=_size) for name, points in found.items()}


def _size(point: Mapping[str, Any]) -> int:
    return int(point["shape"][-1])


def _colour(points: Points) -> str:
    if points[0]["contender"] in OURS:
        return LIGHT["accent"]
    is_baseline = points[0]["contender"] == points[0]["baseline"]
    return LIGHT["ink"] if is_baseline else LIGHT["quiet"]


def _trace(points: Points, quantity: str) -> go.Scatter:
    """A line with quartiles; ours is thick, its baseline dashed."""
    name, colour = points[0]["contender"], _colour(points)
    found = [point[quantity] for point in points]
    return go.Scatter(
        x=[_size(point) for point in points],
        y=[one["median"] for one in found],
        mode="lines+markers",
        line={
            "color": colour,
            "width": 3 if name in OURS else 1.5,
            "dash": "dash" if name == points[0]["baseline"] else "solid",
        },
        marker={"color": colour, "size": 5},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [one["upper"] - one["median"] for one in found],
            "arrayminus": [one["median"] - one["lower"] for one in found],
            "color": colour,
            "thickness": 1.2,
            "width": 3,
        },
        text=[_said(point) for point in points],
        hovertemplate="%{text}<extra></extra>",
    )


def _floor(name: str, limits: Mapping[int, float], colour: str) -> go.Scatter:
    """A dotted line below which a contender cannot be."""
    sizes = sorted(limits)
    return go.Scatter(
        x=sizes,
        y=[limits[size] for size in sizes],
        mode="lines",
        line={"color": colour, "width": 1.5, "dash": "dot"},
        text=[f"{_plain(name)} cannot take less than {_time(limits[size])}" for size in sizes],
        hovertemplate="%{text}<extra></extra>",
    )


def _circles(points: Points, quantity: str) -> go.Scatter:
    line = {"width": 2, "color": _colour(points)}
    return go.Scatter(
        x=[_size(point) for point in points],
        y=[point[quantity]["median"] for point in points],
        mode="markers",
        marker={"symbol": "circle-open", "size": 11, "color": _colour(points), "line": line},
        text=[f"○ {_said(point)}" for point in points],
        hovertemplate="%{text}<extra></extra>",
    )


def _names(
    lines: dict[str, Points], quantity: str, below: Mapping[str, Mapping[int, float]]
) -> list[dict[str, Any]]:
    values = [p[quantity][q] for ps in lines.values() for p in ps for q in ("lower", "upper")]
    values += [seconds for limits in below.values() for seconds in limits.values()]
    medians = {
        name: {_size(point): point[quantity]["median"] for point in points}
        for name, points in lines.items()
    }
    colours = {name: _colour(points) for name, points in lines.items()}
    return names_at_ends(medians, colours, (min(values), max(values)), HEIGHT)


def _said(point: Mapping[str, Any]) -> str:
    seconds, ratio = point["seconds"], point["ratio"]
    return (
        f"{_plain(point['contender'])}, {'×'.join(map(str, point['shape']))}: "
        f"{_time(seconds['median'])}"
        f"<br>quartiles {_time(seconds['lower'])} to {_time(seconds['upper'])}"
        f"<br>{ratio['median']:.3g} times {_plain(point['baseline'])}"
        f" ({ratio['lower']:.3g} to {ratio['upper']:.3g})"
    )


def _plain(text: object) -> str:
    """Words of a record, of which plotly must make no markup."""
    return escape(str(text), quote=False)


def _time(seconds: float) -> str:
    """Three digits and a unit.

    >>> _time(0.0000312), _time(0.0174), _time(1.25)
    ('31.2 µs', '17.4 ms', '1.25 s')
    """
    for scale, unit in ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if seconds >= scale:
            return f"{seconds / scale:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def _provenance(record: Record, series: str, mark: str, place: int) -> dict[str, Any]:
    """The lines below the axis that say what was measured where, when and how often."""
    name = _plain(record["device"]["name"].replace("(R)", "").replace("(TM)", ""))
    threads = record["device"]["threads"]
    used = "threads not set" if threads is None else f"{threads} thread{'s' * (threads != 1)}"
    rounds = [entry["rounds"] for entry in record["entries"] if entry["series"] == series]
    times = str(max(rounds)) if min(rounds) == max(rounds) else f"{min(rounds)} to {max(rounds)}"
    software = record["software"]
    library = (
        f"PyTorch {software['torch']}" if "torch" in software else f"NumPy {software['numpy']}"
    )
    when = _plain(f"{library}, {record['date'][:10]}")
    text = f"{mark} {name}, {used}<br>{when}<br>quartiles of {times} rounds"
    note = {"xref": "paper", "yref": "paper", "x": 0, "y": 0, "xanchor": "left", "yanchor": "top"}
    note |= {"xshift": -54, "yshift": -(46 + NOTE * place), "align": "left", "showarrow": False}
    return note | {"text": text, "font": {"size": 12, "color": LIGHT["quiet"]}}


def _axis(quantity: str) -> dict[str, Any]:
    if quantity == "ratio":
        # 1, 3, 10, 30 … for those who are slower, 1/3, 1/10, 1/30 … for those who are faster
        slower = [scale * step for scale in (1, 10, 100, 1000, 10_000) for step in (1, 3)]
        marks = [1 / mark for mark in slower[:0:-1]] + slower
        texts = [f"1/{mark:,}" for mark in slower[:0:-1]] + [f"{mark:,}" for mark in slower]
        return {"type": "log", "title": {"text": "times the baseline"}} | {
            "tickvals": marks,
            "ticktext": texts,
        }
    decades = [10.0**power for power in range(-6, 2)]
    texts = [_time(decade) for decade in decades]
    return {"type": "log", "tickvals": decades, "ticktext": texts}
