"""The look of every plotly figure, made from the palette.

Figures are drawn in the light colours; on a dark page boot.js exchanges each for its dark twin.
"""

from __future__ import annotations

import plotly.graph_objects as go

from ..palette import colours

LIGHT = colours("light")
FONT = '"Source Sans Pro", system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif'

# From one sign through nothing to the other; the middle is the panel, so that zeros vanish.
DIVERGING = [[0.0, LIGHT["partner"]], [0.5, LIGHT["panel"]], [1.0, LIGHT["self"]]]


def _template() -> go.layout.Template:
    axis = {
        "gridcolor": LIGHT["line"],
        "linecolor": LIGHT["wire"],
        "zerolinecolor": LIGHT["wire"],
        "zerolinewidth": 1,
        "ticks": "outside",
        "tickcolor": LIGHT["wire"],
        "title": {"standoff": 10},
        "automargin": True,
    }
    return go.layout.Template(
        layout={
            "font": {"family": FONT, "size": 14, "color": LIGHT["ink"]},
            "paper_bgcolor": LIGHT["panel"],
            "plot_bgcolor": LIGHT["panel"],
            "margin": {"l": 56, "r": 20, "t": 44, "b": 50},
            "xaxis": axis,
            "yaxis": axis,
            "title": {"font": {"size": 15}, "x": 0.02, "xanchor": "left"},
            "hoverlabel": {"font": {"family": FONT}},
            "showlegend": False,
        }
    )


TEMPLATE = _template()


def figure(traces: list[go.Scatter | go.Bar | go.Heatmap], alt: str, **layout: object) -> go.Figure:
    """Return a figure in the book's look.

    Args:
        traces: what to draw.
        alt: what the figure shows, for readers who do not see it.
        layout: further plotly layout settings.

    Raises:
        ValueError: if the alternative text is empty or no text.
    """
    if not isinstance(alt, str) or not alt.strip():
        raise ValueError(
            f"a figure needs alternative text: say in a sentence what it shows; got alt={alt!r}"
        )
    return go.Figure(traces, layout={"template": TEMPLATE, "meta": {"alt": alt}, **layout})
