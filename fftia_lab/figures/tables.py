"""One trip of an FFT with wide groups, as tables: columns are transformed, turned, made rows."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from ..arguments import as_integer
from .theme import LIGHT, figure

GAP = 1.1  # between two tables, in cells
LONG = 0.34  # of an arrow, in cells


def trip_figure(size: int, radix: int, *, column: int, alt: str) -> go.Figure:
    """Return three tables: the signal in `radix` rows, its columns turned, the next signal.

    One column is lit in each, with the places of its samples; the arrows are the twiddles.

    Args:
        size: samples, a multiple of the radix.
        radix: how many rows a table has.
        column: which column is lit.
        alt: what the figure shows, in a sentence.

    Raises:
        TypeError: if a number is no integer.
        ValueError: if the radix does not divide the size, or there is no such column.

    >>> len(trip_figure(16, 4, column=1, alt="A column becomes a row.").data)
    2
    """
    size, radix = as_integer("size", size, least=1), as_integer("radix", radix, least=2)
    if size % radix:
        raise ValueError(f"the radix must divide the size, {size}; got {radix}")
    columns = size // radix
    if not 0 <= (column := as_integer("column", column)) < columns:
        raise ValueError(f"column must lie in 0 to {columns - 1}; got {column}")
    before = np.arange(size).reshape(radix, columns)
    after = before.T.ravel().reshape(radix, columns)  # where in `before` each sample comes from
    lefts = [table * (columns + GAP) for table in range(3)]
    titles = (f"x in {radix} rows", "columns, turned", "transposed")
    shapes = [
        _cell(left + j, i, source % columns == column)
        for left, table in zip(lefts, (before, before, after), strict=True)
        for (i, j), source in np.ndenumerate(table)
    ]
    bare = {"visible": False, "fixedrange": True}
    return figure(
        [_numbers(before, (lefts[0], lefts[2])), _arrows(before, lefts[1])],
        alt,
        shapes=shapes,
        annotations=[
            _title(left + columns / 2, text) for left, text in zip(lefts, titles, strict=True)
        ],
        xaxis={**bare, "range": [-0.1, lefts[2] + columns + 0.1]},
        yaxis={**bare, "range": [radix + 0.1, -0.9], "scaleanchor": "x"},
        margin={"l": 4, "r": 4, "t": 4, "b": 4},
        height=210,
    )


def _cell(x: float, y: float, lit: bool) -> dict[str, object]:
    look = {"fillcolor": LIGHT["accent"], "opacity": 0.35} if lit else {}
    edge = {"color": LIGHT["wire"], "width": 1}
    return {
        "type": "rect",
        "layer": "below",
        "x0": x,
        "x1": x + 1,
        "y0": y,
        "y1": y + 1,
        "line": edge,
        **look,
    }


def _title(x: float, text: str) -> dict[str, object]:
    return {"x": x, "y": -0.45, "text": text, "showarrow": False}


def _numbers(places: NDArray[np.int64], lefts: tuple[float, float]) -> go.Scatter:
    """The places of samples: before the trip, and after it."""
    cells = [(left + j + 0.5, i + 0.5, p) for left in lefts for (i, j), p in np.ndenumerate(places)]
    return go.Scatter(
        x=[x for x, _, _ in cells],
        y=[y for _, y, _ in cells],
        text=[str(place) for _, _, place in cells],
        mode="text",
        textfont={"color": LIGHT["ink"], "size": 13},
        hoverinfo="skip",
    )


def _arrows(places: NDArray[np.int64], left: float) -> go.Scatter:
    """The twiddle of each entry (k, c): 1, turned by kc parts of the whole, clockwise."""
    x: list[float | None] = []
    y: list[float | None] = []
    for k, c in np.ndindex(places.shape):
        tip = LONG * np.exp(-2j * np.pi * k * c / places.size)
        middle = complex(left + c + 0.5, k + 0.5)
        barbs = [tip + 0.4 * tip * np.exp(turn * 1j) for turn in (2.6, -2.6)]
        for one in (-tip, tip, barbs[0], None, barbs[1], tip, None):
            x.append(None if one is None else float(middle.real + one.real))
            y.append(None if one is None else float(middle.imag - one.imag))  # y grows downwards
    look = {"color": LIGHT["twiddle"], "width": 1.6}
    return go.Scatter(x=x, y=y, mode="lines", line=look, hoverinfo="skip")
