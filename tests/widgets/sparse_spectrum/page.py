"""A mounted `sparsespectrum` as tests see it: its panels, plots and bars read off the drawing."""

import re

import numpy as np
from kit.layers import boxes

TONES, DECADES, BEYOND, SIDE = 16, 4, 1.3, 32
PANELS = ("original", "spectrum", "rebuilt", "lacking")
PLOTS = ("sizes", "plane")


def panel(figure, name):
    left, top, wide, tall = boxes(figure, "frames")[PANELS.index(name)]
    return left + 1, top + 1, wide - 2, tall - 2


def tones(figure, panel_name, group):
    """The shades of a group of cells, 0 to TONES, as a matrix."""
    found = figure.root.evaluate(
        """(root, group) => [...root.querySelectorAll(`path.fl-cells.fl-${group}`)]
             .map(path => [path.style.fillOpacity, path.getAttribute('d') ?? ''])""",
        group,
    )
    left, top, wide, _ = panel(figure, panel_name)
    matrix, cell = np.zeros((SIDE, SIDE), dtype=int), wide / SIDE
    assert len(found) == TONES
    for opacity, pieces in found:
        for x, y in re.findall(r"M([-.\d]+) ([-.\d]+)h", pieces):
            place = round((float(y) - top) / cell), round((float(x) - left) / cell)
            assert not matrix[place], "a cell is drawn once"
            matrix[place] = round(float(opacity) * TONES)
    return matrix


def at(figure, plot, share, value):
    """Where a share and a size or an error stand in a plot, in pixels of the drawing."""
    left, top, wide, tall = boxes(figure, "axes")[PLOTS.index(plot)]
    down = np.clip(-np.log10(np.maximum(value, 1e-12)) / DECADES, 0, 1)
    return left + wide * share, top + tall * down


def view_of(figure):
    return figure.views([figure.state()])[0][1]
