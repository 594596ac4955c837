"""Signals and spectra: stems, so that samples look like samples."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from ..arguments import as_reals
from .theme import LIGHT, figure


def _stems(x: ArrayLike, y: ArrayLike, colour: str, hover: str) -> list[go.Scatter]:
    places = np.asarray(x).tolist()
    heights = np.asarray(y, dtype=float).round(6).tolist()
    gaps = {
        "x": [value for place in places for value in (place, place, None)],
        "y": [value for height in heights for value in (0, height, None)],
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
