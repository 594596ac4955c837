"""Who listens to whom: one row-stochastic matrix with its words, and what it does to the tokens."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from ..arguments import as_reals, as_texts
from .theme import LIGHT, figure

# Faint on purpose: every cell carries its number, which must stay legible on both themes.
WEIGHTS = [[0.0, LIGHT["panel"]], [1.0, LIGHT["gate"]]]
FAINT = 0.35


def weights_figure(weights: ArrayLike, words: Sequence[str], *, alt: str) -> go.Figure:
    """Return an attention matrix with its words and its weights in per cent.

    Args:
        weights: shape (n, n), no entry below 0; row i holds what token i gives to each.
        words: n short texts, one a token.
        alt: what the figure shows, in a sentence.

    Raises:
        ValueError: if the matrix is not (n, n) for n words, or an entry is below 0.
    """
    words = as_texts("words", words)
    weights, size = as_reals("weights", weights), len(words)
    if weights.shape != (size, size):
        raise ValueError(
            f"{size} words need weights of shape ({size}, {size}); got {weights.shape}"
        )
    if weights.min(initial=0.0) < 0:
        raise ValueError(f"weights must not be negative; the smallest is {weights.min():.3g}")
    shares = [[f"{100 * w:.1f}".removesuffix(".0") if w else "" for w in row] for row in weights]
    cells = go.Heatmap(
        z=weights.round(4).tolist(),
        text=shares,
        texttemplate="%{text}",
        textfont={"size": 13, "color": LIGHT["ink"]},
        colorscale=WEIGHTS,
        zmin=0,
        opacity=FAINT,
        showscale=False,
        xgap=1,
        ygap=1,
        hovertemplate="row %{y}, column %{x}: %{z:.3f}<extra></extra>",
    )
    ticks = {"tickvals": list(range(size)), "ticktext": list(words), "ticks": ""}
    bare = {**ticks, "showgrid": False, "zeroline": False, "constrain": "domain"}
    return figure(
        [cells],
        alt,
        height=34 * size + 80,
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        xaxis={**bare, "side": "top", "tickangle": -60},
        yaxis={**bare, "autorange": "reversed", "scaleanchor": "x"},
    )


def moves_figure(
    before: ArrayLike, after: ArrayLike, words: Sequence[str], *, axes: Sequence[str], alt: str
) -> go.Figure:
    """Return tokens of two numbers in their plane, each with an arrow to where it has moved.

    Tokens that make the same move share an arrow.

    Args:
        before: shape (n, 2).
        after: shape (n, 2).
        words: n short texts, one a token.
        axes: what the two numbers mean.
        alt: what the figure shows, in a sentence.

    Raises:
        ValueError: if before and after are not both (n, 2) for n words.
    """
    words, axes = as_texts("words", words), as_texts("axes", axes)
    if len(axes) != 2:
        raise ValueError(f"axes must be two texts, one a number of a token; got {axes}")
    moves = [as_reals("before", before), as_reals("after", after)]
    if any(points.shape != (len(words), 2) for points in moves):
        raise ValueError(
            f"{len(words)} words move from and to points of shape ({len(words)}, 2); "
            f"got {moves[0].shape} and {moves[1].shape}"
        )
    same: dict[tuple[float, ...], list[str]] = {}
    for move, word in zip(np.hstack(moves).round(6).tolist(), words, strict=True):
        names = same.setdefault(tuple(move), [])
        if word not in names:
            names.append(word)
    starts = go.Scatter(
        x=[move[0] for move in same],
        y=[move[1] for move in same],
        text=[names[0] + " …" * (len(names) > 1) for names in same.values()],
        mode="markers+text",
        textposition=_beside(list(same)),
        cliponaxis=False,
        marker={"color": LIGHT["self"], "size": 9},
        customdata=[
            [", ".join(names), *(round(end, 2) for end in move[2:])] for move, names in same.items()
        ],
        hovertemplate="%{customdata[0]} → (%{customdata[1]}, %{customdata[2]})<extra></extra>",
    )
    labels = [
        {"title": {"text": axis}, "range": _range(np.stack(moves)[..., place])}
        for place, axis in enumerate(axes)
    ]
    return figure(
        [starts],
        alt,
        height=300,
        margin={"l": 56, "r": 20, "t": 20, "b": 50},
        xaxis=labels[0],
        yaxis=labels[1],
        annotations=[_arrow(move) for move in same],
    )


def _beside(moves: list[tuple[float, ...]]) -> list[str]:
    """Return where each label stands: off its arrow, and inside the plane at the sides."""
    places = [move[0] for move in moves]
    found = []
    for x, y, to_x, to_y in moves:
        right = x == min(places) or (x < max(places) and to_x <= x)
        found.append(f"{'top' if to_y < y else 'bottom'} {'right' if right else 'left'}")
    return found


def _range(values: NDArray[np.float64]) -> list[float]:
    low, high = float(values.min()), float(values.max())
    room = 0.2 * (high - low or 1.0)
    return [low - room, high + room / 2]


def _arrow(move: tuple[float, ...]) -> dict[str, object]:
    x, y, to_x, to_y = move
    place = {"x": to_x, "y": to_y, "ax": x, "ay": y}
    frame = {"xref": "x", "yref": "y", "axref": "x", "ayref": "y"}
    look = {"showarrow": True, "arrowhead": 2, "arrowwidth": 2, "arrowcolor": LIGHT["gate"]}
    return {**place, **frame, **look, "text": "", "startstandoff": 6}
