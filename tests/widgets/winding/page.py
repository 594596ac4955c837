"""A mounted `winding` as tests see it: its circle, its axis, its layers in pixels."""

import itertools
import math
import re

import numpy as np
from kit.figures import STILL, FigureOnPage

from fftia_lab.widgets import Winding


def opening(bare):
    """A fixture: wound(n=16, …, context={…}) -> a winding alone; its `tab` is the browser's."""
    figures = []

    def opened(context=None, **traits):
        tab = bare(Winding(**traits), **{**STILL, **(context or {})})
        figures.append(FigureOnPage(tab.page, "winding"))
        figures[-1].tab = tab
        return figures[-1]

    yield opened
    for figure in figures:
        assert figure.tab.trouble == figure.tab.outside == []


def part(figure, name):
    return figure.root.locator(f".fl-{name}")


def path(figure, name):
    """The points of a layer's lines, in the pixels of the drawing."""
    numbers = re.findall(r"[ML]([-\d.]+) ([-\d.]+)", part(figure, name).get_attribute("d"))
    return np.array(numbers, dtype=float)


def count(figure, name):
    return part(figure, name).get_attribute("d").count("M")


def heads(figure, kind, of=("lines", "leaks", "own")):
    """Where the heads of lines stand, by x; `kind` is "tops", hollow, or "loud", filled."""
    shape = re.compile(r"M([-\d.]+) ([-\d.]+)(?:a([\d.]+)|l([\d.]+))")
    found = []
    for name in of:
        for x, y, ring, half in shape.findall(part(figure, f"{name}-{kind}").get_attribute("d")):
            found.append((float(x) + float(ring or 0), float(y) + float(half or 0)))
    return np.array(sorted(found)).reshape(-1, 2)


def plane(figure):
    """The centre of the circle on the page, and its radius, read off the drawing."""
    left, y, radius = map(
        float,
        re.match(
            r"M([-\d.]+) ([-\d.]+)a([\d.]+)", part(figure, "circle").get_attribute("d")
        ).groups(),
    )
    box = part(figure, "drawing").bounding_box()
    return box["x"] + left + radius, box["y"] + y, radius


def on_circle(figure, f, far=1.0):
    """Where on the page the crank stands for f, or a place on the way there."""
    x, y, radius = plane(figure)
    angle = -2 * math.pi * f / figure.state()["n"]
    return x + far * radius * math.cos(angle), y - far * radius * math.sin(angle)


def on_axis(figure, f):
    state = figure.state()
    low, high = (-state["n"] / 2, state["n"]) if state["copies"] else (0, state["n"] / 2)
    box = part(figure, "axis").bounding_box()  # 8 pixels wider on either side than the axis
    x = box["x"] + 8 + (box["width"] - 16) * (f - low) / (high - low)
    return x, box["y"] + box["height"] / 2


def turn_round(figure, *stops):
    """Drag the crank along its circle from one f to the next, at most an eighth of it at a time."""
    mouse, eighth = figure.page.mouse, figure.state()["n"] / 8
    mouse.move(*on_circle(figure, stops[0]))
    mouse.down()
    for start, end in itertools.pairwise(stops):
        steps = math.ceil(abs(end - start) / eighth)
        for step in range(1, steps + 1):
            mouse.move(*on_circle(figure, start + (end - start) * step / steps))
    mouse.up()
    figure.settle()
