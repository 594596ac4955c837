"""Where the stages of a fused kernel find their partners: address bits, and the level of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from ..arguments import as_integer
from .theme import LIGHT, figure

# From near to far: where the partner of a stage is found.
LEVELS = {
    "registers of one thread": LIGHT["self"],
    "another lane, by shuffle": LIGHT["gate"],
    "another warp, by shared memory": LIGHT["partner"],
    "another program, by memory": LIGHT["wrong"],
}

THICK = 24  # pixels of a row


def levels_figure(
    rows: Mapping[str, Sequence[tuple[str, int]]], *, title: str, alt: str
) -> go.Figure:
    """Return a row of address bits for each kernel, coloured by where its stages find partners.

    Args:
        rows: name of a kernel -> (level, number of bits), from stride 1 up; levels are the keys of
            `fftia_lab.figures.levels.LEVELS`.
        title: text of the figure.
        alt: what the figure shows, in a sentence.

    Raises:
        TypeError: if a number of bits is no integer.
        ValueError: if there are no rows, a level is unknown, or a number of bits is below 1.

    >>> rows = {"a warp": [("another lane, by shuffle", 5)]}
    >>> len(levels_figure(rows, title="A warp", alt="Five stages between lanes.").data)
    1
    """
    if not isinstance(rows, Mapping) or not rows:
        raise ValueError(f"rows must map names of kernels to their levels; got {rows!r}")
    bits = [(name, *one) for name, levels in rows.items() for one in enumerate(_spread(levels))]
    traces = [
        _cells(level, [(name, bit) for name, bit, found in bits if found == level])
        for level in LEVELS
        if any(found == level for _, _, found in bits)
    ]
    most = max(bit for _, bit, _ in bits) + 1
    return figure(
        traces,
        alt,
        title={"text": title, "y": 1, "yanchor": "top", "pad": {"t": 14}},
        xaxis={"title": {"text": "bit of the address: stage"}, "range": [0, most], "dtick": 5},
        yaxis={
            "range": [len(rows) - 0.4, -0.6],
            "ticks": "",
            "type": "category",
            "categoryarray": list(rows),
        },
        showlegend=True,
        legend={"x": 0, "y": 1.02, "yanchor": "bottom"},
        margin={"l": 64, "r": 20, "t": 46 + 22 * len(traces), "b": 50},
        height=110 + 22 * len(traces) + 56 * len(rows),
    )


def _spread(levels: Sequence[tuple[str, int]]) -> list[str]:
    """Return the level of every bit."""
    found: list[str] = []
    for level, count in levels:
        if level not in LEVELS:
            raise ValueError(f"unknown level {level!r}; known: {', '.join(LEVELS)}")
        found += [level] * as_integer("number of bits", count, least=1)
    return found


def _cells(level: str, places: list[tuple[str, int]]) -> go.Scatter:
    """Return a thick piece of a line for each bit."""
    words = [f"stage {bit}, stride {2**bit:,}: {level}" for _, bit in places]
    return go.Scatter(
        x=[x for _, bit in places for x in (bit + 0.05, bit + 0.95, None)],
        y=[y for name, _ in places for y in (name, name, None)],
        mode="lines",
        line={"color": LEVELS[level], "width": THICK},
        name=level,
        hovertext=[text for one in words for text in (one, one, "")],
        hoverinfo="text",
    )
