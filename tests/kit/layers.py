"""The layers of a drawing read back into numbers, in pixels of the drawing."""

import re

import numpy as np


def path(figure, layer):
    return figure.root.locator(f".fl-drawing path.fl-{layer}").get_attribute("d") or ""


def corners(figure, layer):
    """The places that the lines of a layer go through, as rows x, y."""
    return _rows(figure, layer, r"[ML]([-.\d]+) ([-.\d]+)", 2)


def lines(figure, layer):
    """The straight pieces of a layer, as rows x1, y1, x2, y2."""
    return _rows(figure, layer, r"M([-.\d]+) ([-.\d]+)L([-.\d]+) ([-.\d]+)", 4)


def boxes(figure, layer):
    """The rectangles of a layer, as rows left, top, width, height."""
    return _rows(figure, layer, r"M([-.\d]+) ([-.\d]+)h([-.\d]+)v([-.\d]+)h", 4)


def discs(figure, layer):
    """The middles of the discs of a layer, as rows x, y."""
    left, y, radius = _rows(figure, layer, r"M([-.\d]+) ([-.\d]+)a([.\d]+)", 3).T
    return np.stack([left + radius, y], axis=1)


def _rows(figure, layer, shape, columns):
    numbers = re.findall(shape, path(figure, layer))
    return np.array(numbers, dtype=float).reshape(-1, columns)
