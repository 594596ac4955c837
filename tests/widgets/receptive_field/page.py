"""A mounted `receptivefield` as tests see it: its drawing read back, its hands found."""

import re

import numpy as np
from kit.layers import boxes, path


def painted(figure, layer):
    """Which cells of the matrix a layer fills."""
    n = figure.state()["n"]
    left, top, side, _ = boxes(figure, "field")[0]
    cells = np.zeros((n, n), dtype=bool)
    for x, y, width, height in boxes(figure, layer):
        row = int((y + height / 2 - top) / (side / n))
        middles = left + (np.arange(n) + 0.5) * side / n
        cells[row] |= (middles > x) & (middles < x + width)
    return cells


def in_page(figure, layer, x, y):
    """A place of the drawing in page coordinates; a layer tells in which of the pictures it is."""
    picture = figure.root.locator(f".fl-{layer}").locator("xpath=ancestor::*[name()='svg']")
    left, top = picture.evaluate("""picture => {
        const box = picture.getBoundingClientRect(), { x, y } = picture.viewBox.baseVal;
        return [box.left - x, box.top - y];
    }""")
    return left + x, top + y


def cell(figure, row, column):
    """The middle of a cell of the matrix, in page coordinates."""
    figure.root.locator(".fl-field").scroll_into_view_if_needed()
    left, top, side, _ = boxes(figure, "field")[0]
    step = side / figure.state()["n"]
    return in_page(figure, "field", left + (column + 0.5) * step, top + (row + 0.5) * step)


def nodes(figure):
    """Middles of all nodes in page coordinates, [column, row]; padding is not among them."""
    found = re.findall(r"M([-.\d]+) ([-.\d]+)a([.\d]+)", path(figure, "dots"))
    middles = [in_page(figure, "dots", float(x) + float(r), float(y)) for x, y, r in found]
    return np.array(middles).reshape(-1, figure.state()["length"], 2)


def word(figure, token):
    box = figure.root.locator(".fl-speaker").bounding_box()
    part = (token + 0.5) / figure.state()["length"]
    return box["x"] + box["width"] / 2, box["y"] + part * box["height"]
