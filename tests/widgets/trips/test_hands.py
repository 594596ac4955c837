"""The hands of `trips`: the number of samples, and the table of radices and orders; by every road.

What is drawn is read off the drawing: the cells of the map, the pieces of the bars.
"""

import re

import numpy as np
import pytest
from kit import figures
from kit.figures import POINTERS, middle, on_page, press
from widgets.trips import oracle

WIDTHS = [360, 900]


def numbers(figure, layer, pattern):
    path = figure.root.locator(f".fl-drawing path.fl-{layer}").get_attribute("d") or ""
    return np.array(re.findall(pattern, path), dtype=float)


def boxes(figure, layer):
    """The rectangles of a layer, as rows left, top, width, height."""
    found = numbers(figure, layer, r"M([-.\d]+) ([-.\d]+)h([-.\d]+)v([-.\d]+)h")
    return found.reshape(-1, 4)


def tick(figure, bits):
    """Where a size stands on the ruler."""
    start, y, end, _ = numbers(figure, "axis", r"M([-.\d]+) ([-.\d]+)L([-.\d]+) ([-.\d]+)")[0]
    return [start + (end - start) * (bits - 10) / 10, y]


def test_the_number_of_samples_is_dragged_pressed_and_walked(hands):
    for road, tab, figure in hands(oracle.WIDGET, widths=WIDTHS):
        if road == "keyboard":
            press(tab, figure, ".fl-size", *["ArrowLeft"] * 5, "ArrowUp")
        else:
            ends = on_page(figure, middle(figure, "size")), on_page(figure, tick(figure, 16))
            figures.drag(road, tab, *ends)
            figure.settle()
        state = figure.state()
        assert (state["n"], state["stage"]) == (65536, 1), "what fits takes one trip"
        assert middle(figure, "size") == pytest.approx(tick(figure, 16), abs=0.6)
        value = figure.root.locator(".fl-size").get_attribute("aria-valuetext")
        assert value == "65,536 samples, 1.05\u00a0MB: 1 trip through memory"
        if road in POINTERS:
            figures.tap(road, tab, on_page(figure, tick(figure, 18)))
            figure.until(n=1 << 18)


def test_a_number_of_the_table_is_a_radix_and_an_order(hands):
    for road, tab, figure in hands(oracle.WIDGET):
        pick = figure.root.locator(".fl-order[aria-label^='radix 4, as a grid:']")
        if road == "touch":
            pick.tap()
        elif road == "mouse":
            pick.click()
        else:
            press(tab, figure, ".fl-order[tabindex='0']", "ArrowDown", *["ArrowRight"] * 3, "Enter")
        figure.settle()
        state = figure.state()
        assert (state["radix"], state["order"], state["stage"]) == (4, "grid", 2)
        assert pick.get_attribute("aria-pressed") == "true"
        assert pick.get_attribute("aria-label").endswith(": 2 trips through memory")
        assert figure.root.locator(".fl-order[tabindex='0']").count() == 1
        row = pick.locator("xpath=ancestor::tr").locator("td")
        assert row.all_inner_texts() == ["10", "3", "2", "40"]


def test_what_is_cached_and_what_is_paid_are_drawn_to_scale(solo):
    _, figure = solo(oracle.WIDGET)
    for state in (
        {"stage": 6.5},
        {"order": "depth", "stage": 1.3},
        {"order": "grid", "stage": 1.4},
    ):
        figure.set(**{"radix": 2, **state})
        (_, _, side, _), cached = boxes(figure, "field")[0], boxes(figure, "cached")
        share = (cached[:, 2] * cached[:, 3]).sum() / side**2
        assert share == pytest.approx(oracle.HELD / (1 << 20), rel=0.02), state
        paid, due = boxes(figure, "paid"), boxes(figure, "due")
        full = figure.root.evaluate("root => root.figure.view()")
        rows = sorted(set(due[:, 1]))
        for row, (moved, trips) in zip(
            rows, [(state["stage"], full["depth"]), (full["visit"]["done"], 20)], strict=False
        ):
            one = due[due[:, 1] == row]
            assert len(one) == trips
            drawn = paid[paid[:, 1] == row][:, 2].sum() / one[0, 2]
            assert drawn == pytest.approx(moved, abs=0.02 * trips), state


def test_a_few_samples_are_marks_and_many_are_cells(solo):
    _, figure = solo(oracle.WIDGET)
    figure.set(radix=8, stage=1.5)
    left, top, side, _ = boxes(figure, "field")[0]
    marks = boxes(figure, "motes")
    places = (marks[:, :2] + marks[:, 2:] / 2 - [left, top]) / side * 1024
    visit = figure.root.evaluate("root => root.figure.view()")["visit"]
    wanted = visit["first"] + visit["step"] * np.arange(8)
    assert places == pytest.approx(np.column_stack([wanted % 1024, wanted // 1024]) + 0.5, abs=0.4)
    figure.set(radix=2, order="grid", stage=0.6)
    assert len(boxes(figure, "motes")) == 0
    column = boxes(figure, "work")
    assert column[:, 3].sum() == pytest.approx(side, abs=2) and len(set(column[:, 0])) == 1
