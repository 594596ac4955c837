"""How costs grow: one line each, both axes logarithmic, so that a power of N is a straight line."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from ..arguments import as_array, as_reals
from .theme import LIGHT, figure

COLOURS = ("self", "partner", "twiddle", "gate")
DASHES = ("solid", "dash", "dot", "dashdot")
SYMBOLS = ("circle", "square", "diamond", "triangle-up")


def growth_figure(
    sizes: ArrayLike,
    costs: Mapping[str, ArrayLike],
    *,
    title: str,
    ylabel: str,
    alt: str,
    xlabel: str = "N",
) -> go.Figure:
    """Return costs against sizes, one line each; both axes are logarithmic.

    Args:
        sizes: positive numbers, shape (n,).
        costs: name -> positive costs of shape (n,); at most four.
        title, ylabel, xlabel: texts of the figure.
        alt: what the figure shows, in a sentence.

    Raises:
        ValueError: if there are no costs or more than four, or any is not a positive number.
    """
    places = as_reals("sizes", sizes)
    if places.ndim != 1 or not (places > 0).all():
        raise ValueError(f"sizes must be positive numbers in a row; got {sizes!r}")
    if not isinstance(costs, Mapping):
        raise TypeError(f"costs must be a mapping from names to numbers; got {costs!r}")
    if not 1 <= len(costs) <= len(COLOURS):
        raise ValueError(f"a growth figure draws 1 to {len(COLOURS)} costs; got {len(costs)}")
    traces = [_line(places, *cost, look) for look, cost in enumerate(costs.items())]
    axis = {"type": "log", "title": {"text": xlabel}, "tickvals": places.tolist()}
    return figure(
        traces,
        alt,
        title={"text": title, "y": 1, "yanchor": "top", "pad": {"t": 14}},
        xaxis={**axis, "ticktext": [f"{place:g}" for place in places]},
        yaxis={"type": "log", "title": {"text": ylabel}, "exponentformat": "power", "dtick": 1},
        showlegend=len(costs) > 1,
        legend={"x": 0, "y": 1.02, "yanchor": "bottom"},
        margin={"l": 64, "r": 20, "t": 46 + 22 * len(costs), "b": 50},
        height=310 + 22 * len(costs),
    )


def _line(places: NDArray[np.float64], name: str, cost: ArrayLike, look: int) -> go.Scatter:
    heights = as_array(f"costs[{name!r}]", cost)
    if heights.shape != places.shape or not ((heights > 0) & np.isfinite(heights)).all():
        raise ValueError(
            f"{name!r} must hold {len(places)} positive numbers, one a size; got {cost!r}"
        )
    colour = LIGHT[COLOURS[look]]
    return go.Scatter(
        x=places.tolist(),
        y=heights.tolist(),
        name=name,
        mode="lines+markers",
        line={"color": colour, "width": 1.8, "dash": DASHES[look]},
        marker={"color": colour, "size": 7, "symbol": SYMBOLS[look]},
        hovertemplate=f"{name}, %{{x}}: %{{y:.3g}}<extra></extra>",
    )
