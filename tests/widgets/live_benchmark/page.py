"""A mounted `livebenchmark` as tests see it: curves and points read off the drawing."""

import numpy as np
from kit import figures


def axis(figure):
    """Sizes under the axis and where they stand: {n: x}, by the labels that are there."""
    return {
        int(label.text_content().replace(",", "")): float(label.get_attribute("x"))
        for label in figure.root.locator(".fl-drawing text[text-anchor='middle']").all()
    }


def column(figure, n):
    """Where a size stands: two that are named say it of all."""
    (first, x), *_, (last, end) = sorted(axis(figure).items())
    return x + (end - x) * np.log2(n / first) / np.log2(last / first)


def on_page(figure, x, y):
    box = figure.root.locator(".fl-area").bounding_box()
    return box["x"] + float(x), box["y"] + float(y)


def hand(figure):
    """The middle of the handle, in pixels of the drawing."""
    box = figure.root.locator(".fl-area").bounding_box()
    x, y = figure.centre(figure.root.locator(".fl-size"))
    return x - box["x"], y - box["y"]


def drag_to(road, tab, figure, n):
    x, y = hand(figure)
    start, end = on_page(figure, x, y), on_page(figure, column(figure, n), y)
    figures.drag(road, tab, start, end)
    figure.settle()
