"""The hands of `squaredpoints`: z and a call of the tree, each by mouse, touch and keys."""

import numpy as np
import pytest
from kit.figures import POINTERS, drag, middle, on_page, press, tap
from kit.layers import boxes
from widgets.squared_points import oracle
from widgets.squared_points.page import at, held, label, points

WIDTHS = [360, 900]


def drag_z(road, tab, figure, turns, steps=8):
    start, end = middle(figure, "z"), at(figure, np.exp(-2j * np.pi * turns))
    drag(road, tab, on_page(figure, start), on_page(figure, end), steps)
    figure.settle()


def test_z_is_dragged_and_both_others_move_along(hands):
    for road, tab, figure in hands(oracle.WIDGET, widths=WIDTHS):
        if road == "keyboard":
            press(tab, figure, ".fl-z", "ArrowRight", "ArrowDown")
        else:
            drag_z(road, tab, figure, 3.1 / 8)
        figure.until(k=3)
        z = np.exp(-2j * np.pi * 3 / 8)
        opposite, square = (
            points(figure, [label(figure, one)])[0] for one in ("opposite", "square")
        )
        assert abs(held(figure) - z) < 0.02, "a point holds on to z"
        assert abs(opposite + z) < 0.03
        assert abs(square / abs(square) - z**2) < 0.05 and abs(square) < 0.8
        text = figure.root.locator(".fl-z").get_attribute("aria-valuetext")
        assert text == "z = w³, −z = w⁷, z² = w⁶"


def test_z_may_lie_between_two_points(hands):
    for road, tab, figure in hands(oracle.WIDGET, n=4, k=1):
        if road == "keyboard":
            press(tab, figure, ".fl-z", *["Shift+ArrowRight"] * 5)
        else:
            drag_z(road, tab, figure, 1.5 / 4)
        assert figure.state()["k"] == pytest.approx(1.5, abs=0.04)
        text = figure.root.locator(".fl-z").get_attribute("aria-valuetext")
        assert text.endswith("between two points")
        press(tab, figure, ".fl-z", "ArrowRight")
        assert figure.state()["k"] == 2, "keys go on to the next point"


def test_z_is_dragged_where_it_is_also_on_its_way_to_its_square(hands):
    for road, tab, figure in hands(oracle.WIDGET, POINTERS, fold=0.5, k=1):
        assert abs(held(figure) - np.exp(-2j * np.pi * 1.5 / 8)) < 0.02
        drag_z(road, tab, figure, 3 / 8)
        assert figure.state()["k"] == 2, "half of the way to three eighths"
        assert figure.state()["fold"] == 0.5


def test_keys_lead_round_and_over(solo):
    tab, figure = solo(oracle.WIDGET, k=7, fold=1, call=1)
    ways = ("ArrowRight", 0), ("ArrowLeft", 7), ("PageUp", 1), ("Home", 0), ("End", 7)
    for key, k in ways:
        press(tab, figure, ".fl-z", key)
        assert figure.state()["k"] == k, key


def test_a_press_on_the_circle_brings_z(hands):
    for road, tab, figure in hands(oracle.WIDGET, POINTERS, WIDTHS):
        tap(road, tab, on_page(figure, at(figure, 1.03 * np.exp(-2j * np.pi * 6 / 8))))
        figure.until(k=6)
        before = figure.state()
        tap(road, tab, on_page(figure, at(figure, -0.5)))
        assert figure.state() == before, "inside nothing is meant"


def test_a_call_is_chosen_by_every_road(hands):
    for road, tab, figure in hands(oracle.WIDGET, widths=WIDTHS, fold=2, call=0):
        if road == "keyboard":
            press(tab, figure, ".fl-call", "ArrowRight", "ArrowRight", "ArrowRight")
        else:
            left, top, width, _ = boxes(figure, "calls-on")[3]
            tap(road, tab, on_page(figure, (left + width / 2, top + 9)))
        figure.until(fold=2, call=3)
        figure.settle()
        assert "p(z) = x₃ + x₇ z" in figure.root.locator(".fl-card").inner_text()
        value = figure.root.locator(".fl-call").get_attribute("aria-valuetext")
        assert value == "level 2, call 4 of 4: x₃, x₇"
        if road == "keyboard":
            press(tab, figure, ".fl-call", "ArrowUp", "ArrowUp", "ArrowDown")
            figure.until(fold=1, call=0)
        else:
            left, top, width, _ = boxes(figure, "calls")[2]
            tap(road, tab, on_page(figure, (left + width / 2, top + 9)))
            figure.until(fold=1, call=1)
        assert tab.page.evaluate("document.activeElement.matches('.fl-call')"), "and keys go on"


def test_what_has_not_grown_cannot_be_pressed(solo):
    _, figure = solo(oracle.WIDGET, fold=2)
    (*_, (left, top, width, _)) = boxes(figure, "calls-on")
    figure.set(fold=0)
    before = figure.state()
    figure.page.mouse.click(*on_page(figure, (left + width / 2, top + 9)))
    assert figure.state() == before
