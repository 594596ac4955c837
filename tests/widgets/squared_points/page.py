"""A mounted `squaredpoints` as tests see it: its circle, points and tree, read off the page."""

import re

import numpy as np
from kit.figures import middle


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


def boxes(figure, layer):
    """Left, top and width of the boxes of a layer."""
    return np.array(re.findall(r"M([-.\d]+) ([-.\d]+)h([.\d]+)", path(figure, layer)), dtype=float)


def circle(figure):
    """Its middle as a complex number, up counted up, and its radius."""
    (x, y, end, _), radius = lines(figure, "circle")[0], discs(figure, "circle")
    np.testing.assert_allclose(radius[0], (x, y), atol=0.2)
    return complex(x, -y), end - x


def at(figure, point):
    """Where in the drawing a complex number stands."""
    centre, radius = circle(figure)
    place = centre + radius * point
    return np.array([place.real, -place.imag])


def points(figure, places):
    """The complex numbers at places of the drawing."""
    centre, radius = circle(figure)
    x, y = np.asarray(places, dtype=float).T
    return (x - 1j * y - centre) / radius


def label(figure, name):
    """Where a text of the circle stands, in the drawing."""
    box = figure.root.locator(".fl-area").bounding_box()
    x, y = figure.centre(figure.root.locator(f".fl-drawing .fl-name-{name}"))
    return np.array([x - box["x"], y - box["y"]])


def held(figure):
    """The complex number at which z is held."""
    return points(figure, [middle(figure, "z")])[0]
