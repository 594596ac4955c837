"""The crank of the widget `winding`, on its circle and laid flat on its axis, by every hand."""

import numpy as np
import pytest
from kit.figures import Finger, mouse_drag
from widgets.winding.page import on_axis, on_circle, opening, part, plane, press, turn_round

ROADS = pytest.mark.parametrize("road", ["mouse", "touch", "keyboard"])
wound = pytest.fixture(opening)

# ---- the crank --------------------------------------------------------------------------------


@ROADS
def test_the_crank_turns(wound, road):
    figure = wound(n=16, tone=3, f=2, context={"has_touch": road == "touch"})
    top = figure.root.bounding_box()["y"]
    if road == "mouse":
        mouse_drag(figure.page, on_circle(figure, 2), on_circle(figure, 5))
    elif road == "touch":
        Finger(figure.tab).drag(on_circle(figure, 2), on_circle(figure, 5))
    else:
        press(figure, ".fl-crank", "ArrowRight", "ArrowUp", "ArrowRight")
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
    mouse = figure.page.mouse
    mouse.move(*on_circle(figure, 16))
    mouse.down()
    for f in (*np.arange(16, 26, 0.5), *np.arange(26, 15.4, -0.5)):
        mouse.move(*on_circle(figure, f))
    mouse.up()
    figure.settle()
    assert figure.state()["f"] == pytest.approx(15.5, abs=0.05), "as far back as it was turned on"


def test_whole_turns_hold_on_softly(wound):
    figure = wound(n=16, tone=3, f=2)
    figure.page.mouse.move(*on_circle(figure, 2))
    figure.page.mouse.down()
    reached = []
    for f in np.arange(2, 4.001, 0.02):
        figure.page.mouse.move(*on_circle(figure, f))
        figure.settle()
        reached.append(figure.state()["f"])
    figure.page.mouse.up()
    steps = np.diff(reached)
    assert steps.min() >= 0 and steps.max() < 0.1, "nothing is jumped over"
    assert reached.count(3.0) > 2 * max(reached.count(f) for f in reached if 2.2 < f < 2.8), (
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
        press(figure, ".fl-crank", key)
        assert figure.state()["f"] == pytest.approx(wanted), key


@pytest.mark.parametrize("road", ["mouse", "touch"])
def test_a_tap_on_the_circle_turns_the_crank_there(wound, road):
    figure = wound(n=16, tone=3, f=2, context={"has_touch": road == "touch"})
    point = on_circle(figure, 6.2)
    if road == "mouse":
        figure.page.mouse.click(*point)
    else:
        Finger(figure.tab).tap(point)
    figure.settle()
    assert figure.state()["f"] == 6


# ---- the axis, which is the crank laid flat ------------------------------------------------------


@ROADS
def test_the_axis_scrubs(wound, road):
    figure = wound(n=16, tone=3, f=2, context={"has_touch": road == "touch"})
    start, end = on_axis(figure, 1), on_axis(figure, 6)
    if road == "mouse":
        mouse_drag(figure.page, start, end)
    elif road == "touch":
        Finger(figure.tab).drag(start, end)
    else:
        press(figure, ".fl-axis", *["ArrowRight"] * 4)
    figure.settle()
    assert (figure.state()["f"], figure.state()["seen"]) == (6, [0, 6])


@pytest.mark.parametrize("road", ["mouse", "touch"])
def test_a_tap_on_the_axis_turns_the_crank_there(wound, road):
    figure = wound(n=16, tone=3, f=2, context={"has_touch": road == "touch"})
    if road == "mouse":
        figure.page.mouse.click(*on_axis(figure, 7.1))
    else:
        Finger(figure.tab).tap(on_axis(figure, 7.1))
    figure.settle()
    assert figure.state()["f"] == 7


def test_a_finger_going_up_the_axis_scrolls_and_turns_nothing(wound):
    size = {"width": 390, "height": 800}
    figure = wound(n=16, tone=3, f=2, context={"has_touch": True, "viewport": size})
    top = figure.root.bounding_box()["y"]
    start = on_axis(figure, 6)
    Finger(figure.tab).drag(start, (start[0], start[1] - 200))
    figure.page.wait_for_timeout(100)
    assert figure.root.bounding_box()["y"] < top - 50
    assert figure.state()["f"] == 2


def test_a_finger_going_up_the_plane_scrolls(wound):
    size = {"width": 390, "height": 800}
    figure = wound(n=16, tone=3, f=2, context={"has_touch": True, "viewport": size})
    top = figure.root.bounding_box()["y"]
    x, y, _ = plane(figure)
    Finger(figure.tab).drag((x - 40, y + 60), (x - 40, y - 140))
    assert figure.root.bounding_box()["y"] < top - 50


def test_on_a_phone_the_plane_is_on_top_and_its_axis_below(wound):
    figure = wound(n=64, context={"viewport": {"width": 360, "height": 800}})
    boxes = [part(figure, name).bounding_box() for name in ("circle", "axis", "pad")]
    assert boxes[0]["y"] + boxes[0]["height"] < boxes[1]["y"]
    assert boxes[1]["y"] + boxes[1]["height"] < boxes[2]["y"]
    assert boxes[0]["height"] + boxes[1]["height"] < 520, "both are seen at once"
    wide = wound(n=64, context={"viewport": {"width": 700, "height": 800}})
    circle, axis = part(wide, "circle").bounding_box(), part(wide, "axis").bounding_box()
    assert circle["x"] + circle["width"] < axis["x"], "beside it where there is room"
