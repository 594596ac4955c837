"""A mounted `filterlab` as tests see it: its drawing read back into numbers."""

import re

import numpy as np
from kit import figures
from kit.figures import on_page

TOP, LAST = 1.5, 8


def path(figure, layer):
    return figure.root.locator(f".fl-drawing .fl-{layer}").get_attribute("d") or ""


def discs(figure, layer):
    """The middles of the discs of a layer."""
    found = re.findall(r"M([-.\d]+) ([-.\d]+)a([.\d]+)", path(figure, layer))
    return np.array([(float(x) + float(r), float(y)) for x, y, r in found]).reshape(-1, 2)


def lines(figure, layer):
    """The straight pieces of a layer, as rows x1, y1, x2, y2."""
    numbers = re.findall(r"M([-.\d]+) ([-.\d]+)L([-.\d]+) ([-.\d]+)", path(figure, layer))
    return np.array(numbers, dtype=float).reshape(-1, 4)


def points(figure, layer):
    """The corners of a line of a layer."""
    return np.array(re.findall(r"[ML]([-.\d]+) ([-.\d]+)", path(figure, layer)), dtype=float)


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


def middle(figure, name):
    """The middle of a handle, in pixels of the drawing."""
    box = figure.root.locator(".fl-area").bounding_box()
    x, y = figure.centre(figure.root.locator(f".fl-{name}"))
    return np.array([x - box["x"], y - box["y"]])


def drag(road, tab, figure, start, end, steps=8):
    figures.drag(road, tab, on_page(figure, start), on_page(figure, end), steps)
    figure.settle()


def tap(road, tab, figure, place):
    figures.tap(road, tab, on_page(figure, place))
    figure.settle()
