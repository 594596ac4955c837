"""The crank of the widget `winding`, on its circle and laid flat on its axis, by every hand."""

import numpy as np
import pytest
from kit.figures import POINTERS, Finger, back_to_the_top, drag, press, tap
from widgets.winding.page import on_axis, on_circle, opening, part, plane, turn_round

wound = pytest.fixture(opening)

# ---- the crank --------------------------------------------------------------------------------


def test_the_crank_turns(wound):
    figure = wound(n=16, tone=3, f=2, context={"has_touch": True})
    for road in figure.hands():
        top = figure.root.bounding_box()["y"]
        if road == "keyboard":
            press(figure.tab, figure, ".fl-crank", "ArrowRight", "ArrowUp", "ArrowRight")
        else:
            drag(road, figure.tab, on_circle(figure, 2), on_circle(figure, 5))
            figure.settle()
        state = figure.state()
        assert (state["f"], state["seen"]) == (5, [0, 5])
        crank = part(figure, "crank")
        assert figure.centre(crank) == pytest.approx(on_circle(figure, 5), abs=1)
        assert crank.get_attribute("aria-valuetext") == "k = 5, the dot 0.00 from the middle"
        assert crank.get_attribute("aria-valuenow") == "5"
        assert figure.root.bounding_box()["y"] == top, "the page stayed where it was"


def test_it_may_be_turned_on_and_on_and_back(wound):
    figure = wound(n=16, tone=3, f=3)
    assert not figure.state()["copies"]
    turn_round(figure, 3, 13)
    state = figure.state()
    assert (state["f"], state["copies"], state["seen"]) == (13, True, [0, 13])
    at_thirteen = figure.centre(part(figure, "crank"))
    turn_round(figure, 13, -3)
    assert figure.state()["f"] == -3 and figure.state()["seen"] == [-3, 13]
    assert figure.centre(part(figure, "crank")) == pytest.approx(at_thirteen, abs=0.5)


def test_turned_too_far_it_waits_and_comes_back_where_it_left(wound):
    figure = wound(n=16, tone=3, f=14)
    turn_round(figure, 14, 17)
    assert figure.state()["f"] == 16
    turn_round(figure, 16, 26, 15.5)
    assert figure.state()["f"] == pytest.approx(15.5, abs=0.05), "as far back as it was turned on"


def test_whole_turns_hold_on_softly(wound):
    figure = wound(n=16, tone=3, f=2.4)
    x, y, radius = plane(figure)
    mouse = figure.page.mouse
    mouse.move(*on_circle(figure, 2.4))
    mouse.down()
    figure.root.evaluate(
        """root => {
             root.reached = [];
             root.addEventListener("pointermove", () => root.reached.push(root.figure.state().f));
           }"""
    )
    for angle in -2 * np.pi * np.arange(2.4, 3.601, 0.02) / 16:
        mouse.move(x + radius * np.cos(angle), y - radius * np.sin(angle))
    mouse.up()
    reached = figure.root.evaluate("root => root.reached")
    assert len(reached) >= 61
    steps = np.diff(reached)
    assert steps.min() >= 0 and steps.max() < 0.1, "nothing is jumped over"
    assert reached.count(3.0) > 2 * max(reached.count(f) for f in reached if 2.4 < f < 2.8), (
        "whole turns take more room than others"
    )
    assert any(abs(f - 2.5) < 0.05 for f in reached)


def test_its_keys(wound):
    figure = wound(n=64, tone=5, f=5)
    for key, wanted in [
        ("Shift+ArrowRight", 5.1),
        ("Shift+ArrowLeft", 5),
        ("Shift+ArrowLeft", 4.9),
        ("ArrowLeft", 4),
        ("PageUp", 12),
        ("End", 32),
        ("Home", 0),
        ("ArrowDown", -1),
        ("End", 64),
        ("Home", -32),
    ]:
        press(figure.tab, figure, ".fl-crank", key)
        assert figure.state()["f"] == pytest.approx(wanted), key


# ---- the axis, which is the crank laid flat ------------------------------------------------------


def test_the_axis_scrubs(wound):
    figure = wound(n=16, tone=3, f=2, context={"has_touch": True})
    for road in figure.hands():
        if road == "keyboard":
            press(figure.tab, figure, ".fl-axis", *["ArrowRight"] * 4)
        else:
            drag(road, figure.tab, on_axis(figure, 1), on_axis(figure, 6))
            figure.settle()
        assert (figure.state()["f"], figure.state()["seen"]) == (6, [0, 6])


def test_a_tap_on_the_circle_or_the_axis_turns_the_crank_there(wound):
    figure = wound(n=16, tone=3, f=2, context={"has_touch": True})
    for road in figure.hands(POINTERS):
        for where, wanted in ((on_circle(figure, 6.2), 6), (on_axis(figure, 7.1), 7)):
            tap(road, figure.tab, where)
            figure.settle()
            assert figure.state()["f"] == wanted


def test_a_finger_going_up_the_axis_or_the_plane_scrolls_and_turns_nothing(wound):
    size = {"width": 390, "height": 800}
    figure = wound(n=16, tone=3, f=2, context={"has_touch": True, "viewport": size})
    x, y, _ = plane(figure)
    for start in (on_axis(figure, 6), (x - 40, y + 60)):
        top = figure.root.bounding_box()["y"]
        Finger(figure.tab).drag(start, (start[0], start[1] - 200))
        assert figure.root.bounding_box()["y"] < top - 50, start
        assert figure.state()["f"] == 2, start
        back_to_the_top(figure.page)


def test_on_a_phone_the_plane_is_on_top_and_its_axis_below(wound):
    figure = wound(n=64, context={"viewport": {"width": 360, "height": 800}})
    boxes = [part(figure, name).bounding_box() for name in ("circle", "axis", "pad")]
    assert boxes[0]["y"] + boxes[0]["height"] < boxes[1]["y"]
    assert boxes[1]["y"] + boxes[1]["height"] < boxes[2]["y"]
    assert boxes[0]["height"] + boxes[1]["height"] < 520, "both are seen at once"
    figure.page.set_viewport_size({"width": 700, "height": 800})
    figure.settle()
    circle, axis = part(figure, "circle").bounding_box(), part(figure, "axis").bounding_box()
    assert circle["x"] + circle["width"] < axis["x"], "beside it where there is room"
