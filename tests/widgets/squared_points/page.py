"""A mounted `squaredpoints` as tests see it: its circle, points and tree, read off the page."""

import numpy as np
from kit.figures import middle
from kit.layers import discs, lines


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
