"""The widget `factorproduct` on a page of its own: its matrices, cells and numbers as drawn."""

import re

START = {"entry": [5, 3], "weight": [1, 5, 7]}


def track_length(figure):
    """How many pixels the range of a real number takes."""
    path = figure.root.locator(".fl-knob-track").get_attribute("d")
    start, end = re.match(r"M([-.\d]+) [-.\d]+L([-.\d]+)", path).groups()
    return float(end) - float(start)


def frames(figure):
    """Left, top and side of every matrix as drawn: the factors from left to right, the product."""
    path = figure.root.locator(".fl-frames").get_attribute("d")
    box = figure.root.locator(".fl-drawing").bounding_box()
    corners = re.findall(r"M([-.\d]+) ([-.\d]+)h([.\d]+)", path)
    return [(box["x"] + float(x), box["y"] + float(y), float(side)) for x, y, side in corners]


def cell(figure, matrix, row, column):
    """The middle of a cell on the page; matrices count from the left, -1 is the product."""
    left, top, side = frames(figure)[matrix]
    n = figure.state()["n"]
    return left + side * (column + 0.5) / n, top + side * (row + 0.5) / n
