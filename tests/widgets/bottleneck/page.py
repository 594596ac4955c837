"""A mounted `bottleneck` as tests see it: its drawing read back, its hands found."""

import re

import numpy as np
from kit.layers import boxes, discs, path


def ribbons(figure, layer):
    """Ends and widths of the ribbons of a layer, as rows x1, y1, x2, y2, width."""
    corner = r"([-.\d]+) ([-.\d]+)"
    shape = f"M{corner}L{corner}L{corner}L{corner}z"
    rows = []
    for found in re.findall(shape, path(figure, layer)):
        a, b, c, d = np.array(found, dtype=float).reshape(4, 2)
        rows.append([*(a + d) / 2, *(b + c) / 2, np.hypot(*(a - d))])
    return np.array(rows).reshape(-1, 5)


def nodes(figure):
    """Where the places stand in the drawing, [column, row, x or y]."""
    return discs(figure, "dots").reshape(-1, figure.state()["n"], 2)


def places(figure, layer):
    """The (column, row) of the discs or boxes of a layer that stand at places of the network."""
    grid = nodes(figure)
    found = boxes(figure, layer)
    points = found[:, :2] + found[:, 2:] / 2 if len(found) else discs(figure, layer)
    apart = np.abs(grid[None] - points[:, None, None]).max(axis=-1)
    return [tuple(int(i) for i in np.argwhere(one < 1)[0]) for one in apart]


def in_page(figure, point):
    box = figure.root.locator(".fl-area").bounding_box()
    return box["x"] + float(point[0]), box["y"] + float(point[1])


def node(figure, column, row):
    """A place of the network, in page coordinates."""
    return in_page(figure, nodes(figure)[column, row])


def cell(figure, row, column):
    """The middle of an entry of the product, in page coordinates."""
    left, top, side, _ = boxes(figure, "field")[0]
    step = side / figure.state()["n"]
    return in_page(figure, (left + (column + 0.5) * step, top + (row + 0.5) * step))


def goal(figure, value):
    """The circle of a value that is wanted somewhere."""
    return figure.root.locator(".fl-goal").nth(value)
