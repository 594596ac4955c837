"""A mounted `twoscores` as tests see it: its two planes read off the drawing, its hands."""

import re

import numpy as np
from kit import figures
from kit.figures import middle, on_page
from kit.layers import path

from fftia_lab.widgets.two_scores.figure import HIGH, LOW

ENDS = {"vectors": (LOW, HIGH), "scores": (-2.4, 6.4)}
GRIP = 28  # pixels from the tip of a question to where it is held


def field(figure, plane):
    """Left, top and side of a plane, and the numbers at its ends."""
    numbers = re.findall(r"M([-.\d]+) ([-.\d]+)h([-.\d]+)", path(figure, "fields"))
    return *map(float, numbers[list(ENDS).index(plane)]), *ENDS[plane]


def at(figure, plane, place):
    """Where a place of a plane stands in the drawing, in pixels."""
    left, top, side, low, high = field(figure, plane)
    unit = side / (high - low)
    return np.array([left + unit * (place[0] - low), top + unit * (high - place[1])])


def under(figure, plane, pixels):
    """The places of a plane under pixels of the drawing."""
    left, top, side, low, high = field(figure, plane)
    unit = side / (high - low)
    x, y = np.moveaxis(np.asarray(pixels), -1, 0)
    return np.stack([low + (x - left) / unit, high - (y - top) / unit], axis=-1)


def held(figure, q):
    """Where in the drawing a question is held."""
    tip, start = at(figure, "vectors", q), at(figure, "vectors", (0, 0))
    return tip + GRIP * (tip - start) / np.hypot(*(tip - start))


def drag(road, tab, figure, name, end, steps=8):
    """Take a handle by its middle to a place of the drawing."""
    start, end = on_page(figure, middle(figure, name)), on_page(figure, end)
    figures.drag(road, tab, start, end, steps)
    figure.settle()


def gates(figure):
    return [token["gate"] for token in figure.root.evaluate("root => root.figure.view().tokens")]
