"""Matrices side by side, real parts as colour: sparse factors next to the dense product."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from ..arguments import as_array, as_integer, as_list, as_texts
from .theme import DIVERGING, figure


def matrix_figure(
    matrices: Sequence[ArrayLike], titles: Sequence[str], *, alt: str, columns: int = 3
) -> go.Figure:
    """Return matrices of one size side by side; colour is the real part, on one scale for all.

    Args:
        matrices: arrays of shape (n, n), real or complex.
        titles: one short text a matrix.
        alt: what the figure shows, in a sentence.
        columns: how many stand in a row.

    Raises:
        TypeError: if a matrix does not hold numbers.
        ValueError: if there is not one title a matrix, a matrix has not two axes, or there is no
            column.
    """
    columns = as_integer("columns", columns, least=1)
    titles = as_texts("titles", titles)
    real = [as_array("matrices", matrix).real.round(4) for matrix in as_list("matrices", matrices)]
    if len(real) != len(titles) or not titles:
        raise ValueError(f"{len(real)} matrices need as many titles; got {len(titles)}")
    if any(matrix.ndim != 2 for matrix in real):
        raise ValueError(f"matrices have two axes; got shapes {[matrix.shape for matrix in real]}")
    largest = max(float(np.abs(matrix).max()) for matrix in real)
    rows = -(-len(real) // columns)
    layout: dict[str, object] = {"height": 230 * rows + 20}
    layout["margin"] = {"l": 10, "r": 10, "t": 34, "b": 10}
    traces, notes = [], []
    for index, (matrix, title) in enumerate(zip(real, titles, strict=True)):
        row, column = divmod(index, columns)
        axes, note = _cell(str(index + 1) if index else "", row, column, rows, columns)
        layout |= axes
        notes.append(note | {"text": title})
        traces.append(_heatmap(matrix, largest, str(index + 1) if index else ""))
    return figure(traces, alt, annotations=notes, **layout)


def _heatmap(matrix: NDArray[np.float64], largest: float, axis: str) -> go.Heatmap:
    return go.Heatmap(
        z=matrix.tolist(),
        xaxis=f"x{axis}",
        yaxis=f"y{axis}",
        colorscale=DIVERGING,
        zmin=-largest,
        zmax=largest,
        showscale=False,
        xgap=1,
        ygap=1,
        hovertemplate="row %{y}, column %{x}: %{z:.3g}<extra></extra>",
    )


def _cell(
    axis: str, row: int, column: int, rows: int, columns: int
) -> tuple[dict[str, object], dict[str, object]]:
    """Return the axes of one matrix in the grid and the place of its title."""
    wide, high, gap = 1 / columns, 1 / rows, 0.02
    left, right = column * wide + gap / 2, (column + 1) * wide - gap / 2
    bottom, top = 1 - (row + 1) * high, 1 - row * high - 0.11 * high * (rows > 1)
    bare = {"showticklabels": False, "showgrid": False, "zeroline": False, "ticks": ""}
    axes: dict[str, object] = {
        f"xaxis{axis}": {**bare, "domain": [left, right], "anchor": f"y{axis}"}
        | {"constrain": "domain"},
        f"yaxis{axis}": {**bare, "domain": [bottom, top], "anchor": f"x{axis}"}
        | {"autorange": "reversed", "scaleanchor": f"x{axis}"}
        | {"constrain": "domain", "constraintoward": "top"},
    }
    note = {"x": (left + right) / 2, "y": top, "xref": "paper", "yref": "paper"}
    return axes, note | {"showarrow": False, "yanchor": "bottom", "xanchor": "center"}
