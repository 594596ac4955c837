"""A mounted `butterfly` as tests see it: its nodes, their arrows, its names and their colours."""

import re

import numpy as np

POINT = re.compile(r"([-\d.]+) ([-\d.]+)")


def layer(figure, name):
    """The lines of a layer, each as it stands in the path."""
    return [piece for piece in part(figure, name).get_attribute("d").split("M") if piece]


def part(figure, name):
    return figure.root.locator(f".fl-drawing path.fl-{name}")


def places(figure):
    """The middle of every node in the drawing: array (column, row, 2); and their radius."""
    discs = layer(figure, "shell") + layer(figure, "empty")
    found = [re.match(r"([-\d.]+) ([-\d.]+)a([\d.]+)", disc).groups() for disc in discs]
    left, y, radius = np.array(found, dtype=float).T
    return np.stack([left + radius, y], axis=1).reshape(-1, figure.state()["n"], 2), radius[0]


def arrows(figure):
    """(column, row) -> the three lines of its arrow, as they stand in the path."""
    centres, _ = places(figure)
    found = {}
    for shaft, *barbs in zip(*[iter(layer(figure, "arrows"))] * 3, strict=True):
        tail, tip = np.array(POINT.findall(shaft), dtype=float)
        at = tail + (tip - tail) * 0.2  # an arrow reaches a fifth of itself behind its node
        far = np.hypot(*(centres - at).T).T
        node = np.unravel_index(far.argmin(), far.shape)
        assert far.min() < 0.2, "every arrow stands in a node"
        found[tuple(map(int, node))] = (shaft, *barbs)
    return found


def length(arrow):
    """How long an arrow is, in pixels."""
    tail, tip = np.array(POINT.findall(arrow[0]), dtype=float)
    return float(np.hypot(*(tip - tail)))


def names(figure):
    """(text, x, y, colour) of every name beside a node."""
    return figure.root.evaluate(
        """root => [...root.querySelectorAll('.fl-drawing .fl-name')].map(text =>
             [text.textContent, +text.getAttribute('x'), +text.getAttribute('y'),
              getComputedStyle(text).fill])"""
    )


def stroke(figure, name):
    """The colour of a layer's lines, and whether they are dashed."""
    return figure.root.evaluate(
        """(root, name) => {
             const style = getComputedStyle(root.querySelector(`.fl-drawing path.fl-${name}`));
             return [style.stroke, style.strokeDasharray !== 'none'];
           }""",
        name,
    )


def bars(figure, name):
    """row -> length of its bar, in pixels."""
    centres, _ = places(figure)
    found = {}
    for bar in layer(figure, name):
        match = re.match(r"([-\d.]+) ([-\d.]+)H([-\d.]+)v([\d.]+)", bar)
        if match:  # the other one is the axis
            left, top, right, tall = map(float, match.groups())
            found[int(np.abs(centres[0, :, 1] - top - tall / 2).argmin())] = right - left
    return found
