"""Lines over powers of two on two logarithmic axes, each named at its right end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go

from ..arguments import as_integer, as_positive, as_texts
from .theme import LIGHT, figure

Line = Mapping[int, float]  # size -> value

TOP, BOTTOM = 44, 62
NAME_PIXELS = 17  # from the middle of one name to the middle of the next


def lines_figure(
    lines: Mapping[str, Line],
    *,
    title: str,
    ylabel: str,
    alt: str,
    strong: Sequence[str] = (),
    height: int = 380,
) -> go.Figure:
    """Return lines that grow with the size; straight means a power of it.

    Args:
        lines: name -> {size: value}, values positive.
        title, ylabel: texts of the figure.
        alt: what the figure shows, in a sentence.
        strong: names of the lines to look at first.
        height: in pixels.

    Raises:
        ValueError: if there is no line, or a size or a value is not above 0.
    """
    if not isinstance(lines, Mapping) or not lines or not all(lines.values()):
        raise ValueError(f"lines must be a mapping, name -> {{size: value}}; got {lines!r}")
    for line in lines.values():
        for number in (*line, *line.values()):
            as_positive("every size and value in lines", number)
    height = as_integer("height", height, least=TOP + BOTTOM + NAME_PIXELS)
    strong = as_texts("strong", strong)
    colours = {name: LIGHT["accent"] if name in strong else LIGHT["quiet"] for name in lines}
    traces = [
        go.Scatter(
            x=list(line),
            y=[float(f"{value:.4g}") for value in line.values()],
            mode="lines+markers",
            line={"color": colours[name], "width": 3 if name in strong else 1.5},
            marker={"size": 5, "color": colours[name]},
            hovertemplate=f"{escape(name, quote=False)}, %{{x:,}}: %{{y:.2g}}<extra></extra>",
        )
        for name, line in lines.items()
    ]
    values = [value for line in lines.values() for value in line.values()]
    return figure(
        traces,
        alt,
        annotations=names_at_ends(
            lines, colours, (min(values), max(values)), height - TOP - BOTTOM
        ),
        title={"text": title},
        xaxis=size_axis(sorted({size for line in lines.values() for size in line})),
        yaxis={"type": "log", "title": {"text": ylabel}, "exponentformat": "power", "dtick": 1},
        height=height,
        margin={"l": 62, "r": room_for(lines), "t": TOP, "b": BOTTOM},
    )


def size_axis(sizes: Sequence[int], title: str = "samples") -> dict[str, Any]:
    """Return a logarithmic axis with every second power of two, or every round thousand, marked."""
    powers = [size for size in sizes if size & (size - 1) == 0]
    if powers:
        marks = powers[::2] if len(powers) > 4 else powers
        texts = [f"2<sup>{size.bit_length() - 1}</sup>" for size in marks]
    else:
        marks = [size for size in sizes if size % 1000 == 0]
        texts = [f"{size:,}" for size in marks]
    first, last = np.log10(sizes[0]), np.log10(sizes[-1])
    return {
        "type": "log",
        "title": {"text": title, "standoff": 4},
        "tickangle": 0,
        "tickvals": marks,
        "ticktext": texts,
        "range": [first - 0.03 * (last - first), last + 0.02 * (last - first)],
    }


def room_for(names: Iterable[str]) -> int:
    """Return how many pixels the names want right of the axis, one margin for all short ones."""
    return max(112, 14 + 11 * max(map(len, names)) // 2)


def names_at_ends(
    lines: Mapping[str, Line],
    colours: Mapping[str, str],
    extremes: tuple[float, float],
    pixels: float,
) -> list[dict[str, Any]]:
    """Return a name right of each line's end; those at the right edge are pushed apart.

    Where a line ends before the others its name stands over its last stretch, for they go on.

    Args:
        lines: name -> {size: value}.
        colours: name -> colour.
        extremes: lowest and highest value on the axis.
        pixels: how high the axis is.
    """
    low, high = np.log10(extremes)
    gap = NAME_PIXELS * (high - low) / pixels
    edge = max(max(line) for line in lines.values())
    notes, free = [], -np.inf
    for name, line in sorted(lines.items(), key=lambda item: item[1][max(item[1])]):
        place = float(np.log10(line[max(line)]))
        if max(line) == edge:
            place = max(place, free)
            free = place + gap
        said = escape(name, quote=False)
        note = {"x": float(np.log10(max(line))), "y": place, "text": said, "showarrow": False}
        font = {"size": 12, "color": colours[name]}
        notes.append(note | {"font": font} | (BESIDE if max(line) == edge else _beyond(line)))
    return notes


BESIDE = {"xanchor": "left", "xshift": 8}


def _beyond(line: Line) -> dict[str, Any]:
    """Left of the end, on the side that the line does not come from."""
    last = [line[size] for size in sorted(line)[-2:]]
    return {"xanchor": "right", "xshift": 8, "yshift": 13 if last[0] <= last[-1] else -13}
