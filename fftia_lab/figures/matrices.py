"""Matrices side by side, real parts as colour: sparse factors next to the dense product."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from ..arguments import as_array, as_integer, as_list, as_texts
from .theme import DIVERGING, LIGHT, figure


def matrix_figure(
    matrices: Sequence[ArrayLike],
    titles: Sequence[str],
    *,
    alt: str,
    columns: int = 3,
    outline: tuple[ArrayLike, ArrayLike] | None = None,
) -> go.Figure:
    """Return matrices of one size side by side; colour is the real part, on one scale for all.

    Args:
        matrices: arrays of shape (n, n), real or complex.
        titles: one short text a matrix.
        alt: what the figure shows, in a sentence.
        columns: how many stand in a row.
        outline: rows and columns of a block to frame in every matrix, as
            `fftia_lab.attention.matrices.rank_one_blocks` lists them; None for no frame.

    Raises:
        TypeError: if a matrix does not hold numbers, or a row or column is no integer.
        ValueError: if there is not one title a matrix, a matrix has not two axes, there is no
            column, or the block is empty or does not lie in every matrix.
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
    block = None if outline is None else _block(outline, real)
    traces, notes, frames = [], [], []
    for index, (matrix, title) in enumerate(zip(real, titles, strict=True)):
        (row, column), axis = divmod(index, columns), str(index + 1) if index else ""
        axes, note = _cell(axis, row, column, rows, columns)
        layout |= axes
        notes.append(note | {"text": title})
        traces.append(_heatmap(matrix, largest, axis))
        if block:
            frames += _frames(block, axis)
    return figure(traces, alt, annotations=notes, shapes=frames, **layout)


def _block(
    outline: tuple[ArrayLike, ArrayLike], matrices: list[NDArray[np.float64]]
) -> tuple[list[int], list[int]]:
    """Return the rows and columns of a block, checked against every matrix."""
    parts = as_list("outline", outline)
    if len(parts) != 2:
        raise ValueError(f"outline must be a block's rows and its columns; got {len(parts)} parts")
    rows, columns = (
        sorted({as_integer("outline", i) for i in as_list("outline", p)}) for p in parts
    )
    sizes = [min(matrix.shape[axis] for matrix in matrices) for axis in (0, 1)]
    for name, places, size in zip(("rows", "columns"), (rows, columns), sizes, strict=True):
        if not places or not 0 <= places[0] <= places[-1] < size:
            raise ValueError(f"{name} of the outline must lie in 0 to {size - 1}; got {places}")
    return rows, columns


def _frames(block: tuple[list[int], list[int]], axis: str) -> list[dict[str, object]]:
    """Return a rectangle around every part of the block that hangs together."""
    look = {"type": "rect", "line": {"color": LIGHT["ink"], "width": 2.5}}
    where = {"xref": f"x{axis}", "yref": f"y{axis}"}
    rows, columns = (_runs(places) for places in block)
    return [
        {**look, **where, "x0": left - 0.5, "x1": right + 0.5, "y0": top - 0.5, "y1": bottom + 0.5}
        for top, bottom in rows
        for left, right in columns
    ]


def _runs(places: list[int]) -> list[tuple[int, int]]:
    """Return the first and last of each run of neighbours.

    >>> _runs([0, 1, 2, 5])
    [(0, 2), (5, 5)]
    """
    ends = [i for i in places if i + 1 not in places]
    return list(zip((i for i in places if i - 1 not in places), ends, strict=True))


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
