"""A mounted `costexplorer` as tests see it: its plot, its marks and its handles."""

import re

import numpy as np
from kit import figures
from kit.figures import on_page
from kit.layers import discs, lines, path
from widgets.cost_explorer.oracle import SIZES

ARC = re.compile(r"M([-.\d]+) ([-.\d]+)a([.\d]+)")


def marks(figure, mechanism):
    """The middles of the points of a mechanism, whatever shape they have, as rows x, y."""
    data = path(figure, f"{mechanism}-points")
    if "a" in data:
        return discs(figure, f"{mechanism}-points")
    if "h" in data:
        boxes = re.findall(r"M([-.\d]+) ([-.\d]+)h([.\d]+)v([.\d]+)", data)
        rows = [[float(part) for part in box] for box in boxes]
        return np.array([(x + w / 2, y + h / 2) for x, y, w, h in rows]).reshape(-1, 2)
    diamonds = re.findall(r"M([-.\d]+) ([-.\d]+)l([.\d]+)", data)
    return np.array([(float(x), float(y) + float(r)) for x, y, r in diamonds]).reshape(-1, 2)


def at(figure, n):
    """Where a number of tokens stands on the axis: its x."""
    left, _, right, _ = lines(figure, "axis")[0]
    return left + (right - left) * SIZES.index(n) / (len(SIZES) - 1)


def height(figure, seconds):
    """How far down a time stands: its y, by the figure's own labels."""
    rows = lines(figure, "grid")[:, 1]
    low, high = decades(figure)
    place = (np.log10(seconds) - low) / (high - low)
    return rows[0] + (rows[-1] - rows[0]) * place


def decades(figure):
    """The powers of ten at the bottom and the top of the plot, read off the labels of the axis."""
    units = {"s": 0, "ms": -3, "µs": -6, "ns": -9}
    labels = figure.root.locator(".fl-drawing text[text-anchor=end]").all_text_contents()
    found = [re.fullmatch(r"([\d,]+)\u00a0(\w+)", label) for label in labels]
    powers = [round(np.log10(int(one[1].replace(",", "")))) + units[one[2]] for one in found if one]
    return powers[0], powers[-1]


def rail(figure, number, index, count):
    """A place on a rail: 0 that of channels, 1 that of heads; the index of count values."""
    long = [row for row in lines(figure, "rails") if row[1] == row[3]]
    left, y, right, _ = long[number]
    return [left + (right - left) * index / (count - 1), y]


def middle(figure, name):
    """The middle of a handle, in pixels of the drawing."""
    box = figure.root.locator(".fl-area").bounding_box()
    x, y = figure.centre(figure.root.locator(f".fl-{name}.fl-handle"))
    return np.array([x - box["x"], y - box["y"]])


def drag(road, tab, figure, name, end):
    """Take a handle by its middle to a place of the drawing."""
    figures.drag(road, tab, on_page(figure, middle(figure, name)), on_page(figure, end))
    figure.settle()


def tap(road, tab, figure, pixels):
    figures.tap(road, tab, on_page(figure, pixels))
    figure.settle()


def value_text(figure, name):
    return figure.root.locator(f".fl-{name}.fl-handle").get_attribute("aria-valuetext")


def board(figure):
    """The table's rows below its head, as lists of texts."""
    rows = figure.root.locator(".fl-board tr").all()[1:]
    return [row.locator("th, td").all_text_contents() for row in rows]
