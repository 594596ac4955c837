"""A mounted `livebenchmark` as tests see it: curves and points read off the drawing."""

import re

import numpy as np
from kit import figures


def path(figure, layer):
    return figure.root.locator(f".fl-drawing path.fl-{layer}").get_attribute("d") or ""


def corners(figure, layer):
    """The places that the lines of a layer go through, as rows x, y."""
    found = re.findall(r"[ML]([-.\d]+) ([-.\d]+)", path(figure, layer))
    return np.array(found, dtype=float).reshape(-1, 2)


def discs(figure, layer):
    """The middles of the discs of a layer, as rows x, y."""
    found = re.findall(r"M([-.\d]+) ([-.\d]+)a([.\d]+)", path(figure, layer))
    return np.array([(float(x) + float(r), float(y)) for x, y, r in found]).reshape(-1, 2)


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
