"""Every hand of the widget `butterfly`: mouse, touch and keyboard lead to the same state."""

import math
import re

import numpy as np
import pytest
from kit.figures import POINTERS, Finger, drag, mouse_drag, opened, press, tap
from kit.tabs import frames
from playwright.sync_api import expect
from widgets.butterfly import oracle

WIRES = ("own", "own-odd", "cross", "cross-even")
SAMPLES = [0.9, 0.1, -0.4, 0.7, -0.2, 0.35, 0.6, -0.8]


def pad_point(figure, row, value):
    box = figure.root.locator(".fl-pad").bounding_box()
    rows = figure.state()["n"]
    return (
        box["x"] + box["width"] * (value + 1) / 2,
        box["y"] + box["height"] * (row + 0.5) / rows,
    )


# In the chapter: where a page comes from and which hand draws are two matters, two pairs do.
def test_drawing_with_the_mouse(visit):
    tab, figure = opened(visit, way="http")
    mouse_drag(tab.page, pad_point(figure, 0, 0.5), pad_point(figure, 7, -0.5), steps=3)
    figure.settle()
    state = figure.state()
    assert state["signal"] == "drawn"
    wanted = np.linspace(0.5, -0.5, 8)
    assert np.abs(np.array(state["samples"]) - wanted).max() <= 0.1, "fast strokes have no gaps"
    _, view = figure.views([state])[0]
    assert oracle.close(view["outputs"], np.fft.fft(state["samples"]))
    assert tab.outside == tab.trouble == []


def test_a_finger_that_begins_sideways_draws_and_does_not_scroll(visit):
    phone = {"has_touch": True, "viewport": {"width": 390, "height": 800}}
    tab, figure = opened(visit, way="file", **phone)
    start, before = figure.state(), figure.root.bounding_box()
    finger, (x, y) = Finger(tab), pad_point(figure, 6, 0.8)
    finger.drag((x, y), (x - 3, y - 150))
    scrolled = before["y"] - figure.root.bounding_box()["y"]
    assert scrolled > 50 and figure.state() == start, "one that goes up scrolls, and draws nothing"
    figure.root.evaluate("root => root.scrollIntoView({block: 'center', behavior: 'instant'})")
    frames(tab.page, 3)
    before = figure.root.bounding_box()
    way = [pad_point(figure, *at) for at in [(1, 0.8), (1, 0), (6, -0.8)]]
    finger._send("touchStart", way[0])
    for place in way[1:]:
        finger._send("touchMove", place)
        frames(tab.page, 1)
    finger._send("touchEnd")
    frames(tab.page, 3)
    state = figure.state()
    assert state["signal"] == "drawn"
    assert np.all(np.diff(state["samples"][1:7]) < 0), "every row between was drawn"
    finger.tap(pad_point(figure, 3, 0.5))
    assert figure.state()["samples"][3] == pytest.approx(0.5, abs=0.1), "a tap sets one"
    now = figure.root.bounding_box()
    assert all(abs(now[k] - before[k]) < 1 for k in before), "the page stayed where it was"


def test_drawing_with_the_keyboard(twist):
    tab, figure = twist()
    figure.set(signal="drawn", samples=[0.0] * 8)
    figure.root.locator(".fl-pad").focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight", "ArrowDown", "Home"):
        tab.page.keyboard.press(key)
    figure.settle()
    assert figure.state()["samples"] == [0, 0, 0.2, -1, 0, 0, 0, 0]
    pad = figure.root.locator(".fl-pad")
    assert pad.get_attribute("aria-valuetext") == "sample 3: −1.00"
    figure.set(weights="average")
    assert pad.get_attribute("aria-valuetext") == "token 3: −1.00"
    assert "choose the token" in pad.get_attribute("aria-label")
    assert pad.get_attribute("aria-valuenow") == "-1"


def choose_by(road, tab, figure, column, row):
    if road == "keyboard":
        figure.set(node=[column, 0])
        figure.root.locator(".fl-cursor").focus()
        for _ in range(row):
            tab.page.keyboard.press("ArrowDown")
    else:
        tap(road, tab, figure.node(column, row))
    figure.settle()


def test_choosing_a_node_lights_its_cone(twist):
    tab, figure = twist(has_touch=True)
    for road in figure.hands():
        figure.set(node=[])
        assert figure.root.locator(".fl-own").get_attribute("d") == ""
        choose_by(road, tab, figure, 2, 5)
        state = figure.state()
        assert state["node"] == [2, 5]
        wanted = oracle.show(state)["heard"]
        assert wanted == [1, 3, 5, 7]
        assert "row 5 has heard 4 of the 8 samples: x₁, x₃, x₅, x₇" in figure.says()
        layers = [figure.root.locator(f".fl-{name}") for name in WIRES]
        lit = [layer.get_attribute("d").count("M") for layer in layers]
        assert lit == [1, 3, 1, 3], "E and O into rows 5 and 7, and into the same two before"
        tab.page.keyboard.press("Escape")
        figure.settle()
        assert figure.state()["node"] == []


def test_hovering_shows_and_does_not_choose(twist):
    tab, figure = twist()
    figure.set(node=[])
    tab.page.mouse.move(*figure.node(3, 4))
    figure.settle()
    lit = [figure.root.locator(f".fl-{name}").get_attribute("d").count("M") for name in WIRES]
    assert sum(lit) == 16, "two wires into each of seven nodes and into the other of its pair"
    assert figure.state()["node"] == []
    assert "row 4 has heard 8 of the 8" in figure.says(), "what is pointed at is told"
    figure.set(n=2)
    assert figure.state()["n"] == 2, "a hover that no longer exists harms nothing"
    figure.set(n=8)
    tab.page.mouse.move(5, 5)
    figure.settle()
    assert figure.root.locator(".fl-own").get_attribute("d") == ""


def dial_place(figure):
    """The centre of the dial on the page and its radius, read off the drawing."""
    path = figure.root.locator(".fl-dial").get_attribute("d")
    left, y, radius = map(float, re.match(r"M([-.\d]+) ([-.\d]+)a([.\d]+)", path).groups())
    box = figure.root.locator(".fl-drawing").bounding_box()
    return box["x"] + left + radius, box["y"] + y, radius


def turn_by(road, tab, figure, degrees):
    """Turn the dial of the chosen pair by so many degrees, a multiple of five."""
    dial = figure.root.locator(".fl-dial-handle")
    if road == "keyboard":
        dial.focus()
        for _ in range(abs(degrees) // 5):
            tab.page.keyboard.press("ArrowUp" if degrees > 0 else "ArrowDown")
        return
    centre = dial_place(figure)[:2]
    start = figure.centre(dial)
    angle = math.radians(degrees) - math.atan2(start[1] - centre[1], start[0] - centre[0])
    end = centre[0] + 60 * math.cos(angle), centre[1] - 60 * math.sin(angle)
    drag(road, tab, start, end)


def test_turning_a_twiddle_breaks_what_python_says(twist):
    tab, figure = twist(has_touch=True)
    for road in figure.hands():
        for node, count in (([1, 1], 8), ([2, 3], 4), ([3, 5], 2)):
            figure.set(node=node, twist=[], stage=3, signal="drawn", samples=SAMPLES)
            before = figure.root.bounding_box()["y"]
            turn_by(road, tab, figure, 45)
            figure.settle()
            state = figure.state()
            near = 1e-9 if road == "keyboard" else 0.02
            assert state["twist"][2] == pytest.approx(45 / 360, abs=near), node
            wanted = oracle.show(state)
            assert len(wanted["wrong"]) == count
            assert figure.views([state])[0][1]["wrong"] == wanted["wrong"], node
            assert f"{count} of 8 outputs are wrong" in figure.says()
            crosses = figure.root.locator(".fl-crosses").get_attribute("d").count("M")
            assert crosses == 2 * count, "each wrong output is crossed, not only coloured"
            assert figure.root.bounding_box()["y"] == before, "the page stayed where it was"


def test_the_dial_answers_a_tap(twist):
    tab, figure = twist(has_touch=True)
    for road in figure.hands(POINTERS):
        figure.set(node=[3, 5], twist=[], stage=3)
        x, y, radius = dial_place(figure)
        tap(road, tab, (x - radius * 0.9, y))
        state = figure.state()
        assert state["node"] == [3, 5]
        assert state["twist"][:2] == [2, 1]
        assert (state["twist"][2] - 45 / 360) % 1 == pytest.approx(0.5, abs=0.02), "it points left"


def test_a_second_finger_changes_nothing(twist):
    tab, figure = twist(has_touch=True)
    figure.set(signal="drawn", samples=[0.0] * 8)
    finger, one, two = Finger(tab), pad_point(figure, 1, 0.6), pad_point(figure, 6, -0.6)
    finger._send("touchStart", one)
    finger._send("touchStart", one, two)
    finger._send("touchMove", (one[0], one[1] + 1), (two[0], two[1] - 1))
    finger._send("touchEnd")
    frames(tab.page, 3)
    samples = figure.state()["samples"]
    assert samples[1] == pytest.approx(0.6, abs=0.1) and samples[2:] == [0] * 6


def test_losing_the_node_during_a_drag_harms_nothing(twist):
    tab, figure = twist()
    figure.set(node=[2, 3], twist=[])
    tab.page.mouse.move(*figure.centre(figure.root.locator(".fl-dial-handle")))
    tab.page.mouse.down()
    figure.set(node=[])
    tab.page.mouse.move(300, 300, steps=3)
    tab.page.mouse.up()
    figure.settle()
    assert figure.state()["twist"] == [] and tab.trouble == []


def test_the_keyboard_never_loses_its_place(twist):
    tab, figure = twist()
    focused = "document.activeElement.closest('.fl-figure') !== null"
    figure.root.get_by_role("button", name="a twiddle of stage 2").click()
    figure.settle()
    figure.root.locator(".fl-reset").focus()
    tab.page.keyboard.press("Enter")
    figure.settle()
    assert tab.page.evaluate(focused), "Reset has gone, the focus has not"
    figure.root.locator(".fl-dial-handle").focus()
    figure.set(node=[])
    assert tab.page.evaluate(focused), "nor when the dial goes"
    scroll = tab.page.evaluate("scrollY")
    for part in (".fl-cursor", ".fl-pad"):
        figure.root.locator(part).focus()
        for key in ("Home", "End", "PageUp", "PageDown"):
            tab.page.keyboard.press(key)
    assert tab.page.evaluate("scrollY") == scroll, "keys of a handle do not scroll the page"


def test_a_focused_signal_shows_which_sample_is_meant(twist):
    tab, figure = twist()
    outline = figure.root.locator(".fl-bar-on")
    assert outline.get_attribute("d") == ""
    figure.root.locator(".fl-pad").focus()
    figure.settle()
    first = outline.get_attribute("d")
    tab.page.keyboard.press("ArrowDown")
    figure.settle()
    assert first and outline.get_attribute("d") not in ("", first)


def test_a_finger_leaves_no_mark_of_the_keyboard_on_a_signal(twist):
    """Neither where it scrolls the page, nor where it has drawn."""
    tab, figure = twist(has_touch=True)
    tab.page.evaluate("document.activeElement.blur()")
    x, y = pad_point(figure, 3, 0)
    finger, marked = Finger(tab), figure.root.locator(".fl-bar-on")
    samples = figure.state()["samples"]
    finger.drag((x, y), (x, y - 60))
    assert figure.state()["samples"] == samples and tab.page.evaluate("scrollY") > 0
    assert not figure.root.locator(".fl-pad").evaluate("pad => pad === document.activeElement")
    finger.tap(pad_point(figure, 3, 0.5))
    assert figure.state()["samples"][3] == pytest.approx(0.5, abs=0.1)
    assert marked.get_attribute("d") == ""
    tab.page.keyboard.press("ArrowDown")
    figure.settle()
    assert marked.get_attribute("d") != "", "a key goes on from there"


def test_what_is_spoken_waits_until_the_figure_rests(twist):
    _, figure = twist()
    spoken = figure.root.get_by_role("status")
    figure.set(node=[], twist=[], stage=3)
    expect(spoken).to_have_text(before := figure.says())
    figure.set(stage=1)
    assert spoken.inner_text() == before != figure.says()
    expect(spoken).to_have_text(figure.says())


def test_the_bet_is_remembered_beside_the_truth(twist):
    tab, figure = twist()
    figure.set(node=[2, 3], twist=[])
    figure.root.locator(".fl-answers button", has_text="8").click()
    turn_by("keyboard", tab, figure, 5)
    figure.settle()
    assert "4 of 8 outputs are wrong" in figure.says() and "You said 8." in figure.says()


def test_moving_through_the_stages(twist):
    tab, figure = twist(has_touch=True)
    for road in figure.hands():
        figure.set(stage=0, node=[])
        track = figure.root.locator(".fl-range")
        if road == "keyboard":
            press(tab, figure, track, "ArrowRight", "ArrowRight")
        else:
            box = track.bounding_box()
            start = box["x"] + 8, box["y"] + box["height"] / 2
            drag(road, tab, start, (box["x"] + box["width"] * 2 / 3, start[1]))
            figure.settle()
        assert figure.state()["stage"] == pytest.approx(2, abs=0.06 if road != "keyboard" else 0)
        assert track.get_attribute("aria-valuetext").startswith("2")
        assert "every row has heard 4 of the 8" in figure.says() or figure.state()["stage"] < 2


def test_a_vertical_swipe_on_the_network_scrolls_the_page(twist):
    tab, figure = twist(has_touch=True, viewport={"width": 390, "height": 800})
    before = figure.root.bounding_box()["y"]
    box = figure.root.locator(".fl-drawing").bounding_box()
    start = box["x"] + box["width"] * 0.55, box["y"] + box["height"] * 0.7
    Finger(tab).drag(start, (start[0], start[1] - 200))
    assert figure.root.bounding_box()["y"] < before - 50


def test_controls_by_keyboard_alone(twist):
    """Tab reaches every part; the menus change the figure."""
    tab, figure = twist()
    figure.root.locator("select").first.focus()
    reached = set()
    for _ in range(16):
        reached.add(
            tab.page.evaluate(
                "(e => e.getAttribute('aria-label') || e.closest('label')?.innerText"
                " || e.innerText)(document.activeElement)"
            ).split("\n")[0]
        )
        tab.page.keyboard.press("Tab")
    for part in ("N", "signal", "wiring", "more", "Play", "stage"):
        assert any(text.startswith(part) for text in reached), (part, reached)
    figure.root.locator("select").first.select_option("16")
    figure.settle()
    assert figure.state()["n"] == 16
