"""The widget `factorproduct` on a page of its own: its matrices, cells and numbers as drawn."""

import re

from bare import bare_page
from figures import STILL, FigureOnPage, Finger
from tabs import Visit

from fftia_lab.widgets import FactorProduct

START = {"entry": [5, 3], "weight": [1, 5, 7]}


def open_alone(browser, addresses, touch=False, width=900, motion="reduce", **values):
    """Return a tab that shows one FactorProduct with these traits, and the figure."""
    made = bare_page(FactorProduct(**{**START, **values}))
    context = {**STILL, "reduced_motion": motion, "has_touch": touch}
    context["viewport"] = {"width": width, "height": 900}
    tab = Visit(browser, tuple(addresses.values()), made, **context)
    tab.open(f"{addresses['http']}/widgets/bare.html")
    return tab, FigureOnPage(tab.page, "factorproduct")


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


def click(road, tab, point):
    if road == "mouse":
        tab.page.mouse.click(*point)
    else:
        Finger(tab).tap(point)


def press(tab, figure, selector, keys):
    figure.root.locator(selector).focus()
    for key in keys:
        tab.page.keyboard.press(key)
    figure.settle()
