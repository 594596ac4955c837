"""Signals and spectra: stems, so that samples look like samples."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from ..arguments import as_reals
from .theme import LIGHT, figure


def _stems(
    x: ArrayLike, y: ArrayLike, colour: str, hover: str, base: float = 0
) -> list[go.Scatter]:
    places = np.asarray(x).tolist()
    heights = np.asarray(y, dtype=float).round(6).tolist()
    gaps = {
        "x": [value for place in places for value in (place, place, None)],
        "y": [value for height in heights for value in (base, height, None)],
    }
    stem = go.Scatter(**gaps, mode="lines", line={"color": colour, "width": 1.6}, hoverinfo="skip")
    heads = go.Scatter(
        x=places,
        y=heights,
        mode="markers",
        marker={"color": colour, "size": 6},
        hovertemplate=hover,
    )
    return [stem, heads]


def _line(x: ArrayLike, y: ArrayLike, colour: str, hover: str) -> list[go.Scatter]:
    heights = np.asarray(y, dtype=float).round(6).tolist()
    line = {"color": colour, "width": 1.6}
    return [go.Scatter(x=np.asarray(x).tolist(), y=heights, line=line, hovertemplate=hover)]


def _alike(
    first: str, x: ArrayLike, second: str, y: ArrayLike
) -> tuple[NDArray[Any], NDArray[np.float64]]:
    as_reals(first, x)  # a look only: years stay whole numbers
    places, heights = np.asarray(x), as_reals(second, y)
    if places.ndim != 1 or places.shape != heights.shape:
        raise ValueError(
            f"{first} and {second} must be two rows of one length; "
            f"got shapes {places.shape} and {heights.shape}"
        )
    return places, heights


def signal_figure(
    x: ArrayLike, y: ArrayLike, *, title: str, xlabel: str, ylabel: str, alt: str
) -> go.Figure:
    """Return samples y at positions x as stems; as a line where there are more than 100.

    Args:
        x: positions, shape (n,).
        y: real samples, shape (n,).
        title, xlabel, ylabel: texts of the figure.
        alt: what the figure shows, in a sentence.
    """
    hover = "%{x}: %{y:.3g}<extra></extra>"
    x, y = _alike("x", x, "y", y)
    draw = _stems if len(y) <= 100 else _line
    return figure(
        draw(x, y, LIGHT["self"], hover),
        alt,
        title={"text": title},
        xaxis={"title": {"text": xlabel}},
        yaxis={"title": {"text": ylabel}},
        height=300,
    )


def spectrum_figure(
    frequencies: ArrayLike, magnitudes: ArrayLike, *, title: str, xlabel: str, alt: str
) -> go.Figure:
    """Return the magnitudes of a spectrum as stems over their frequencies.

    Args:
        frequencies: shape (n,), in the unit that xlabel names.
        magnitudes: non-negative, shape (n,).
        title, xlabel: texts of the figure.
        alt: what the figure shows, in a sentence.
    """
    hover = "%{x:.4g}: %{y:.3g}<extra></extra>"
    frequencies, magnitudes = _alike("frequencies", frequencies, "magnitudes", magnitudes)
    return figure(
        _stems(frequencies, magnitudes, LIGHT["twiddle"], hover),
        alt,
        title={"text": title},
        xaxis={"title": {"text": xlabel}},
        yaxis={"title": {"text": "magnitude"}, "rangemode": "tozero"},
        height=300,
    )


# What becomes of a line: (was it above the limit, is it above) -> word, role, head.
FATES = {
    (True, True): ("stay", "self", "circle"),
    (True, False): ("go", "partner", "x"),
    (False, True): ("come", "gate", "diamond"),
}


def crossings_figure(
    before: ArrayLike, after: ArrayLike, *, part: float, title: str, xlabel: str, alt: str
) -> go.Figure:
    """Return the lines of a spectrum that were above a part of its highest, or are above it now.

    Each stands where it is now, in percent of the highest and on stems from the limit: up where it
    stays or comes, down where it goes. What was below and is below is left out.

    Args:
        before, after: magnitudes of the lines 0, 1, 2 …, non-negative and not all 0, shape (n,).
        part: the limit, a share of the highest between 0 and 1.
        title, xlabel: texts of the figure.
        alt: what the figure shows, in a sentence.

    Raises:
        ValueError: if the shapes differ, a spectrum is empty, or part is not between 0 and 1.
    """
    before, after = _alike("before", before, "after", after)
    if not 0 < part < 1:
        raise ValueError(f"part is a share of the highest line, between 0 and 1; got {part}")
    if not (before.any() and after.any()):
        raise ValueError("before and after need a highest line; got zeros alone")
    shares = before / before.max(), after / after.max()
    traces: list[go.Scatter] = []
    for fate, (word, role, symbol) in FATES.items():
        is_so = (shares[0] > part) == fate[0], (shares[1] > part) == fate[1]
        lines = np.flatnonzero(is_so[0] & is_so[1])
        hover = f"k = %{{x}}: %{{y:.3g}} %, {word}<extra></extra>"
        stems, heads = _stems(lines, 100 * shares[1][lines], LIGHT[role], hover, 100 * part)
        stems.showlegend = False
        heads.update(name=f"{len(lines)} {word}", marker={"symbol": symbol, "size": 8})
        traces += [stems, heads]
    return figure(
        traces,
        alt,
        title={"text": title, "y": 1, "yanchor": "top", "pad": {"t": 14}},
        showlegend=True,
        legend={"x": 0, "y": 1.02, "yanchor": "bottom"},
        margin={"l": 64, "r": 20, "t": 46 + 22 * len(FATES), "b": 50},
        xaxis={"title": {"text": xlabel}},
        yaxis={
            "title": {"text": "percent of the highest"},
            "type": "log",
            "tickvals": [1, 100 * part, 10, 100],
        },
        shapes=[
            {
                "type": "line",
                "xref": "paper",
                "x0": 0,
                "x1": 1,
                "y0": 100 * part,
                "y1": 100 * part,
                "line": {"color": LIGHT["quiet"], "width": 1, "dash": "dot"},
            }
        ],
        height=310 + 22 * len(FATES),
    )
