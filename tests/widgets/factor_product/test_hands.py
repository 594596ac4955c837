"""Every hand of the widget `factorproduct`: mouse, touch and keyboard lead to the same state."""

import functools
import math
import re
from itertools import pairwise

import numpy as np
import pytest
from kit.figures import POINTERS, drag, press, tap
from widgets.factor_product import oracle
from widgets.factor_product.page import START, cell, track_length

from fftia_lab.schedule import ButterflySchedule
from fftia_lab.widgets import FactorProduct


@pytest.fixture
def show(solo):
    """Open the widget on a page of its own: show(weights="gates", touch=True) -> (tab, figure)."""
    return functools.partial(solo, FactorProduct, **START)


def test_choosing_an_entry_lights_one_number_in_every_factor(show):
    tab, figure = show(touch=True, entry=[])
    for road in figure.hands():
        assert figure.root.locator(".fl-lit-self").get_attribute("d") == ""
        if road == "keyboard":
            press(tab, figure, ".fl-entry", "Enter", *["ArrowDown"] * 6, *["ArrowLeft"] * 3)
        else:
            tap(road, tab, cell(figure, -1, 6, 5))
        figure.settle()
        assert figure.state()["entry"] == [6, 5]
        ((rows, _),) = oracle.path_numbers(figure.state())
        kept = sum(a == b for a, b in pairwise(rows))
        assert figure.root.locator(".fl-lit-self").get_attribute("d").count("M") == kept
        assert figure.root.locator(".fl-lit-partner").get_attribute("d").count("M") == 3 - kept
        press(tab, figure, ".fl-entry", "Escape")
        assert figure.state()["entry"] == []


def test_hovering_tells_and_does_not_choose(show):
    tab, figure = show(stage=3)
    tab.page.mouse.move(*cell(figure, -1, 2, 6))
    figure.settle()
    assert figure.state()["entry"] == [5, 3]
    assert "entry (2, 6) =" in figure.root.locator(".fl-card").inner_text()
    assert "Entry (2, 6) is 3 numbers multiplied" in figure.says()
    tab.page.mouse.move(2, 2)
    figure.settle()
    assert "entry (5, 3) =" in figure.root.locator(".fl-card").inner_text()


def test_moving_through_the_factors(show):
    tab, figure = show(touch=True, stage=0)
    for road in figure.hands():
        if road == "keyboard":
            press(tab, figure, ".fl-range", "ArrowRight", "ArrowRight")
        else:
            box = figure.root.locator(".fl-range").bounding_box()
            start = box["x"] + 8, box["y"] + box["height"] / 2
            drag(road, tab, start, (box["x"] + box["width"] * 2 / 3, start[1]))
            figure.settle()
        assert figure.state()["stage"] == pytest.approx(2, abs=0.06 if road != "keyboard" else 0)


# ---- a number of a factor, and what it changes ------------------------------------------------


def test_choosing_a_number_of_a_factor(show):
    tab, figure = show(touch=True, weight=[])
    for road in figure.hands():
        if road == "keyboard":
            press(tab, figure, ".fl-weight", "Enter", *["ArrowRight"] * 2, *["ArrowDown"] * 6)
        else:
            tap(road, tab, cell(figure, 1, 6, 6))
        figure.settle()
        assert figure.state()["weight"] == [1, 6, 6]
        knob = figure.root.locator(".fl-knob")
        assert knob.get_attribute("aria-label") == "B₂[6, 6]" and knob.is_visible()
        press(tab, figure, ".fl-weight", "Escape")
        assert figure.state()["weight"] == [] and not knob.is_visible()


def test_the_keys_reach_every_number_of_every_factor(show):
    tab, figure = show(weight=[])
    figure.root.locator(".fl-weight").focus()
    tab.page.keyboard.press("Enter")
    seen = set()
    for _ in range(8):
        for _ in range(6):
            seen.add(tuple(figure.state()["weight"]))
            tab.page.keyboard.press("ArrowRight")
        tab.page.keyboard.press("ArrowDown")
    schedule = ButterflySchedule(8)
    wanted = {
        (s, i, int(c)) for s in range(3) for i in range(8) for c in (i, schedule.partners(s)[i])
    }
    assert seen == wanted


def turn_by(road, tab, figure, degrees):
    """Turn the dial by so many degrees, a multiple of five."""
    knob = figure.root.locator(".fl-knob")
    if road == "keyboard":
        keys = ["ArrowUp" if degrees > 0 else "ArrowDown"] * (abs(degrees) // 5)
        return press(tab, figure, ".fl-knob", *keys)
    path = figure.root.locator(".fl-knob-track").get_attribute("d")
    left, y, radius = map(float, re.match(r"M([-.\d]+) ([-.\d]+)a([.\d]+)", path).groups())
    box = figure.root.locator(".fl-drawing").bounding_box()
    centre, start = (box["x"] + left + radius, box["y"] + y), figure.centre(knob)
    angle = math.radians(degrees) - math.atan2(start[1] - centre[1], start[0] - centre[0])
    end = centre[0] + 60 * math.cos(angle), centre[1] - 60 * math.sin(angle)
    drag(road, tab, start, end)
    figure.settle()


def test_turning_a_number_changes_half_as_many_entries_as_there_are_rows(show):
    tab, figure = show(touch=True)
    for road in figure.hands():
        for weight in ([0, 7, 6], [1, 5, 7], [2, 5, 5]):
            print(weight)
            figure.set(weight=weight)
            check_turning(road, tab, figure)


def check_turning(road, tab, figure):
    turn_by(road, tab, figure, 45)
    state = figure.state()
    assert state["change"] == pytest.approx(45 / 360, abs=1e-9 if road == "keyboard" else 0.02)
    changed = oracle.changed_entries(state)
    assert len(changed) == 4
    rows, columns = (sorted({place[axis] for place in changed}) for axis in (0, 1))
    assert f"4 of 64 entries change, row{'s' * (len(rows) > 1)} {str(rows)[1:-1]} by column" in (
        figure.says()
    )
    assert figure.says().endswith(f"{str(columns)[1:-1]}.")
    assert figure.root.locator(".fl-changed").get_attribute("d").count("M") == 4
    assert figure.root.locator(".fl-ghost.fl-disc").get_attribute("d").count("M") == 4
    assert "≠ F" in figure.root.locator(".fl-drawing").text_content()
    press(tab, figure, ".fl-knob", "Escape")
    assert figure.state()["change"] == 0


def test_the_number_itself_can_be_pulled(show):
    tab, figure = show(touch=True)
    for road in figure.hands(POINTERS):
        x, y = cell(figure, 1, 5, 7)
        top = figure.root.bounding_box()["y"]
        drag(road, tab, (x, y), (x, y - 50))
        figure.settle()
        view = figure.views([figure.state()])[0][1]
        assert oracle.close(view["is"], 1j), "it points where the hand went: up"
        assert figure.root.bounding_box()["y"] == top, "the page stayed where it was"


def test_a_tap_near_the_chosen_number_still_chooses(show):
    tab, figure = show(touch=True, weight=[1, 5, 7])
    for road in figure.hands(POINTERS):
        hand = figure.root.locator(".fl-weight").bounding_box()
        x, y = cell(figure, 1, 6, 7)
        assert hand["y"] < y - 10 < hand["y"] + hand["height"], "still on the handle, a row below"
        tap(road, tab, (x, y - 10))
        figure.settle()
        assert figure.state()["weight"] == [1, 6, 6] and figure.state()["change"] == 0


def test_a_gate_moves_and_its_row_still_sums_to_one(show):
    tab, figure = show(touch=True, weights="gates", weight=[0, 2, 3])
    for road in figure.hands():
        check_gate(road, tab, figure)


def check_gate(road, tab, figure):
    before = figure.views([figure.state()])[0][1]["is"][0]
    if road == "keyboard":
        press(tab, figure, ".fl-knob", "PageUp", "ArrowUp")
        wanted = before + 0.1
    else:
        start = figure.centre(figure.root.locator(".fl-knob"))
        drag(road, tab, start, (start[0] + 0.2 * track_length(figure), start[1] + 30))
        figure.settle()
        wanted = before + 0.2
    view = figure.views([figure.state()])[0][1]
    assert view["is"][0] == pytest.approx(wanted, abs=0.011)
    own, other = view["stages"][0][2]
    assert own[0] + other[0] == pytest.approx(1)
    product = np.array(view["products"][-1])[..., 0]
    np.testing.assert_allclose(product.sum(axis=1), 1, atol=1e-12)
    assert len(oracle.changed_entries(figure.state())) == 8
    assert "its neighbour gives way: 8 of 64 entries change" in figure.says()


def sums_and_differences():
    """The factors of the Hadamard transform, real numbers that share nothing."""
    own, factors = np.arange(8), []
    for stride in (1, 2, 4):
        factor = np.diag(np.where(own & stride, -1.0, 1.0))
        factor[own, own ^ stride] = 1
        factors.append(factor)
    return factors


def test_a_number_stops_where_it_must(show):
    tab, figure = show(factors=sums_and_differences())
    for weights, low, high in (("gates", 0, 1), ("given", -2, 2)):
        figure.set(weights=weights, weight=START["weight"])
        for keys, wanted in ((["End", "ArrowUp"], high), (["Home", "ArrowDown"], low)):
            press(tab, figure, ".fl-knob", *keys)
            value = figure.views([figure.state()])[0][1]["is"][0]
            assert value == pytest.approx(wanted), (weights, keys)
        for far, wanted in ((7.0, high), (-7.0, low)):
            view = figure.views([{"change": far}])[0][1]
            assert view["is"][0] == pytest.approx(wanted), f"a link asks for more of {weights}"


def test_the_enlarged_number_answers_a_tap(show):
    tab, figure = show(touch=True)
    for road in figure.hands(POINTERS):
        for weights in ("twiddles", "gates"):
            figure.set(weights=weights, weight=START["weight"], change=0)
            box = figure.root.locator(".fl-knob-track").bounding_box()
            tap(road, tab, (box["x"] + 3, box["y"] + box["height"] / 2))
            figure.settle()
            value = figure.views([figure.state()])[0][1]["is"]
            assert oracle.close(value, -1) if weights == "twiddles" else value[0] < 0.03


def test_a_change_of_a_factor_that_waits_changes_nothing_yet(show):
    tab, figure = show(stage=2, weight=[2, 5, 5])
    press(tab, figure, ".fl-knob", "PageUp")
    assert "B₃ has not multiplied yet: no entry changes." in figure.says()
    assert figure.root.locator(".fl-changed").get_attribute("d") == ""


def test_letting_go_of_the_number_during_a_drag_harms_nothing(show):
    tab, figure = show()
    tab.page.mouse.move(*figure.centre(figure.root.locator(".fl-knob")))
    tab.page.mouse.down()
    figure.set(weight=[])
    tab.page.mouse.move(300, 300, steps=3)
    tab.page.mouse.up()
    figure.settle()
    assert figure.state()["change"] == 0 and tab.trouble == []
    assert tab.page.evaluate("document.activeElement.closest('.fl-figure') !== null")
