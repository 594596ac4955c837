"""The matrix of the cover as it is painted: square, rows listen, no gaps, lost is not forbidden."""

import re

import numpy as np
from kit.pixels import pixels

from fftia_lab.schedule import ButterflySchedule, ShiftSchedule
from fftia_lab.widgets import SixMeetings

WIDTHS = [320, 360, 540, 1000]
EVERYONE = {"causal": True, "painted": "f" * 16, "meeting": 6}


def boxes(figure, layer):
    """The boxes of a layer: left, top, width and height, a row each."""
    text = figure.root.locator(f".fl-{layer}").get_attribute("d")
    found = re.findall(r"M([-.\d]+) ([-.\d]+)h([.\d]+)v([.\d]+)h", text)
    return np.array(found, dtype=float).reshape(-1, 4)


def field(figure):
    """Left, top and side of the whole matrix."""
    ((left, top, wide, tall),) = boxes(figure, "field")
    assert wide == tall, "the matrix is square"
    return left, top, wide


def painted(figure):
    """Which cells have the colour of news, [row, column], read off the drawing."""
    left, top, side = field(figure)
    found = np.zeros((64, 64), dtype=bool)
    for x, y, wide, tall in np.vstack([boxes(figure, "cells"), boxes(figure, "column")]):
        first, last = (x - left) / side * 64, (x - left + wide) / side * 64
        above, below = (y - top) / side * 64, (y - top + tall) / side * 64
        found[round(above) : round(below), round(first) : round(last)] = True
    return found


def test_a_row_listens_and_a_column_is_heard(hands):
    for _, _, figure in hands(SixMeetings, (), WIDTHS, **EVERYONE):
        for name, wiring in (("butterfly", ButterflySchedule), ("shift", ShiftSchedule)):
            figure.set(wiring=name)
            assert (painted(figure) == wiring(64, causal=True).reach(6)).all(), name
            caption = figure.root.locator(".fl-caption").text_content()
            assert caption == "column: whose news · row: who · blue: has heard it"


def test_pointing_at_the_matrix_follows_the_token_of_that_column(hands):
    for _, tab, figure in hands(SixMeetings, ["mouse"], WIDTHS, **EVERYONE):
        left, top, side = field(figure)
        area = figure.root.locator(".fl-area").bounding_box()
        for row, column in ((60, 5), (10, 50)):
            x, y = (left + side * (column + 0.5) / 64, top + side * (row + 0.5) / 64)
            tab.page.mouse.click(area["x"] + x, area["y"] + y)
            figure.settle()
            assert figure.state()["token"] == column


def seen(tab, figure):
    """The pixels of the matrix, without its border."""
    left, top, side = field(figure)
    area = figure.root.locator(".fl-area").bounding_box()
    clip = {"x": area["x"] + left + 1, "y": area["y"] + top + 1}
    return pixels(tab.page, {**clip, "width": side - 2, "height": side - 2})


def test_nothing_lost_has_no_gaps(hands):
    """Below the diagonal every pixel has the colour of news: no light line runs through it."""
    for _, tab, figure in hands(SixMeetings, (), WIDTHS, wiring="shift", token=0, **EVERYONE):
        image = seen(tab, figure)
        cell = len(image) // 64
        row, column = np.indices(image.shape[:2])
        inside = (row > column + 2 * cell) & (column > 2 * cell)
        assert inside.sum() > 64 * cell
        assert len(np.unique(image[inside], axis=0)) == 1


def contrast(one, other):
    """WCAG's contrast of two colours of 0 to 255."""
    linear = [np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4) for c in (one, other)]
    dark, light = sorted(colour @ [0.2126, 0.7152, 0.0722] for colour in linear)
    return (light + 0.05) / (dark + 0.05)


def test_lost_cells_look_unlike_forbidden_ones(hands):
    """Another colour, and not by colour alone: lost cells are red and hatched at 3 to 1, forbidden
    ones are empty."""
    for _, tab, figure in hands(SixMeetings, (), WIDTHS, token=0, **EVERYONE):
        check_lost_and_forbidden(tab, figure)


def check_lost_and_forbidden(tab, figure):
    image = seen(tab, figure)
    place = (np.indices(image.shape[:2]) * 64) // len(image)
    heard = ButterflySchedule(64, causal=True).reach(6)
    hole = image[(place[0] > 33) & (place[0] < 48) & (place[1] > 16) & (place[1] < 31)]
    assert not heard[34:48, 17:31].any(), "a block that is lost"
    ahead = image[(place[0] > 16) & (place[0] < 31) & (place[1] > 33) & (place[1] < 48)]
    tones = [np.unique(part, axis=0) / 255 for part in (hole, ahead)]
    assert len(tones[1]) == 1, "forbidden cells are empty"
    assert max(contrast(tone, tones[1][0]) for tone in tones[0]) >= 3
    assert min(contrast(tone, tones[1][0]) for tone in tones[0]) < 2, "hatched, not filled"
    ground = min(tones[0], key=lambda tone: contrast(tone, tones[1][0]))
    assert ground[0] - max(ground[1:]) > 0.05, "between the lines it is red as well"
    assert np.ptp(tones[1][0]) < 0.03, "and the forbidden ones are the paper"
    legend = figure.root.locator(".fl-legend").text_content()
    assert "hatched: lost" in legend and "empty: forbidden" in legend
    figure.set(wiring="shift")
    assert "lost" not in figure.root.locator(".fl-legend").text_content()
    figure.set(causal=False)
    assert figure.root.locator(".fl-legend").text_content() == ""
