"""A mounted `fusionplan` as tests see it: its ruler, its map and its bars read off the drawing."""

import numpy as np
from kit import figures
from kit.figures import middle, on_page
from kit.layers import boxes, lines


def cell(figure):
    """Left and top of the map, width and height of a place in it."""
    state, (left, top, wide, tall) = figure.state(), boxes(figure, "field")[0]
    return left, top, wide / state["tile"], tall * state["tile"] / state["n"]


def at(figure, place):
    """Where a place stands in the map, in pixels of the drawing."""
    left, top, wide, tall = cell(figure)
    row, column = divmod(place, figure.state()["tile"])
    return np.array([left + (column + 0.5) * wide, top + (row + 0.5) * tall])


def bit(figure, number):
    """Where a bit begins on the ruler: its x."""
    (start, _, end, _), *_ = lines(figure, "axis")
    depth = figure.state()["n"].bit_length() - 1
    return start + (end - start) * number / depth


def drag(road, tab, figure, name, end):
    """Take a handle by its middle to a place of the drawing."""
    figures.drag(road, tab, on_page(figure, middle(figure, name)), on_page(figure, end))
    figure.settle()


def tap(road, tab, figure, pixels):
    figures.tap(road, tab, on_page(figure, pixels))
    figure.settle()


def value_text(figure, name):
    return figure.root.locator(f".fl-{name}").get_attribute("aria-valuetext")
