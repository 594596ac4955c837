"""A mounted `filterlab` as tests see it: its drawing read back into numbers."""

import numpy as np
from kit import figures
from kit.figures import on_page
from kit.layers import discs, lines

TOP, LAST = 1.5, 8


def knot(figure, k, gain):
    """Where a knot stands in the drawing when it has a gain."""
    places, one = discs(figure, "knobs"), lines(figure, "one")[0, 1]
    base = lines(figure, "marks")[0, 1]
    return np.array([places[k, 0], base + gain * (one - base)])


def sample(figure, i, value):
    """Where the tip of an input stands when it has a value."""
    line = figure.root.locator(".fl-pad").bounding_box()
    area = figure.root.locator(".fl-area").bounding_box()
    n = figure.state()["n"]
    x = line["x"] - area["x"] + (i + 0.5) * line["width"] / n
    middle = line["y"] - area["y"] + line["height"] / 2
    return np.array([x, middle - value * (line["height"] / 2 - 4)])


def drag(road, tab, figure, start, end, steps=8):
    figures.drag(road, tab, on_page(figure, start), on_page(figure, end), steps)
    figure.settle()


def tap(road, tab, figure, place):
    figures.tap(road, tab, on_page(figure, place))
    figure.settle()
