"""The widget `winding`: every hand by mouse, touch and keyboard; what it draws and says."""

import math
import re

import numpy as np
import oracle_winding as oracle
import pytest
from figures import STILL, FigureOnPage, Finger, mouse_drag

from fftia_lab.widgets import Winding

ROADS = pytest.mark.parametrize("road", ["mouse", "touch", "keyboard"])


@pytest.fixture
def wound(bare):
    """Open a winding of its own: wound(n=16, …, context={…}) -> figure; figure.tab is its tab."""
    figures = []

    def opened(context=None, **traits):
        tab = bare(Winding(**traits), **{**STILL, **(context or {})})
        figures.append(FigureOnPage(tab.page, "winding"))
        figures[-1].tab = tab
        return figures[-1]

    yield opened
    for figure in figures:
        assert figure.tab.trouble == figure.tab.outside == []


def part(figure, name):
    return figure.root.locator(f".fl-{name}")


def path(figure, name):
    """The points of a layer's lines, in the pixels of the drawing."""
    numbers = re.findall(r"[ML]([-\d.]+) ([-\d.]+)", part(figure, name).get_attribute("d"))
    return np.array(numbers, dtype=float)


def count(figure, name):
    return part(figure, name).get_attribute("d").count("M")


def plane(figure):
    """The centre of the circle on the page, and its radius, read off the drawing."""
    left, y, radius = map(
        float,
        re.match(
            r"M([-\d.]+) ([-\d.]+)a([\d.]+)", part(figure, "circle").get_attribute("d")
        ).groups(),
    )
    box = part(figure, "drawing").bounding_box()
    return box["x"] + left + radius, box["y"] + y, radius


def on_circle(figure, f, far=1.0):
    """Where on the page the crank stands for f, or a place on the way there."""
    x, y, radius = plane(figure)
    angle = -2 * math.pi * f / figure.state()["n"]
    return x + far * radius * math.cos(angle), y - far * radius * math.sin(angle)


def on_axis(figure, f):
    state = figure.state()
    low, high = (-state["n"] / 2, state["n"]) if state["copies"] else (0, state["n"] / 2)
    box = part(figure, "axis").bounding_box()  # 8 pixels wider on either side than the axis
    x = box["x"] + 8 + (box["width"] - 16) * (f - low) / (high - low)
    return x, box["y"] + box["height"] / 2


def press(figure, selector, *keys):
    figure.root.locator(selector).focus()
    for key in keys:
        figure.page.keyboard.press(key)
    figure.settle()


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


def turn_round(figure, start, end, steps=60):
    """Drag the crank along its circle from one f to another, as often round as it takes."""
    mouse = figure.page.mouse
    mouse.move(*on_circle(figure, start))
    mouse.down()
    for step in range(1, steps + 1):
        mouse.move(*on_circle(figure, start + (end - start) * step / steps))
    mouse.up()
    figure.settle()


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


# ---- the spectrum is earned ---------------------------------------------------------------------


def test_the_spectrum_is_drawn_where_the_crank_has_been(wound):
    figure = wound(n=16, signal="square", f=0)
    assert (count(figure, "tops"), count(figure, "empty")) == (1, 8)
    turn_round(figure, 0, 3.5)
    assert (count(figure, "tops"), count(figure, "empty"), count(figure, "lines")) == (4, 5, 4)
    assert count(figure, "reached") == 4
    press(figure, ".fl-crank", "Home")
    assert count(figure, "tops") == 4, "what was earned stays"
    right = path(figure, "curve")[:, 0].max()
    box = part(figure, "drawing").bounding_box()
    assert right == pytest.approx(on_axis(figure, figure.state()["seen"][1])[0] - box["x"], abs=0.1)


def test_its_height_is_the_distance_of_the_dot(wound):
    figure = wound(n=16, signal="sunspots", f=0, seen=[0, 8])
    for change in ({}, {"signal": "square"}, {"window": "hann"}, {"mode": "walk"}, {"f": 2.625}):
        figure.set(**change)
        curve = path(figure, "curve")
        heights = path(figure, "axes")[0, 1] - curve[:, 1]
        steps = np.linspace(0, 8, len(curve))
        x = oracle.wound_of(figure.state())
        wanted = np.abs(np.exp(-2j * np.pi * np.outer(steps, np.arange(16)) / 16) @ x)
        np.testing.assert_allclose(heights / heights.max(), wanted / wanted.max(), atol=0.02)
        trail, middle = path(figure, "trail"), path(figure, "lever")[0]
        away = np.hypot(*(trail - middle).T)
        np.testing.assert_allclose(away / away.max(), wanted / wanted.max(), atol=0.02)
    dot = path(figure, "lever")[1]
    assert np.hypot(*(trail - dot).T).min() < 0.3, "the dot is on its own trail"


def test_the_signal_is_drawn_with_its_seam(wound):
    figure = wound(n=16, tone=2.5, f=0)
    for change in ({}, {"window": "hann"}, {"signal": "ramp"}, {"window": "none"}):
        figure.set(**change)
        x = oracle.wound_of(figure.state())
        tips = path(figure, "stems").reshape(-1, 2, 2)
        middle, heights = tips[:, 0, 1], tips[:, 0, 1] - tips[:, 1, 1]
        reach = part(figure, "pad").bounding_box()["height"] / 2 - 4
        np.testing.assert_allclose(heights / reach, x, atol=0.003)
        seam = path(figure, "again")[:4].reshape(-1, 2, 2)
        np.testing.assert_allclose((middle[0] - seam[:, 1, 1]) / reach, x[:2], atol=0.003)
        assert seam[0, 0, 0] > tips[-1, 0, 0], "after the end"
        raw = path(figure, "raw")
        assert len(raw) == (16 if figure.state()["window"] == "hann" else 0)


# ---- what is wound ------------------------------------------------------------------------------


def test_the_points_stand_where_numpy_puts_them(wound):
    figure = wound(n=16, signal="sunspots", f=2.7)
    x, y, radius = plane(figure)
    box = part(figure, "drawing").bounding_box()
    for mode, layer in (("wound", "thread"), ("walk", "steps")):
        figure.set(mode=mode)
        wanted = oracle.show(figure.state())
        values = wanted["points"] if mode == "wound" else wanted["walk"] / wanted["longest"]
        drawn = path(figure, layer)
        seen = (drawn[:, 0] + box["x"] - x) / radius - 1j * (drawn[:, 1] + box["y"] - y) / radius
        np.testing.assert_allclose(seen, values, atol=0.003)
        lever = path(figure, "lever")[1]
        dot = (lever[0] + box["x"] - x) / radius - 1j * (lever[1] + box["y"] - y) / radius
        end = wanted["centre"] if mode == "wound" else wanted["total"] / wanted["longest"]
        assert abs(dot - end) < 0.003
        other = "steps" if mode == "wound" else "thread"
        assert part(figure, other).get_attribute("d") == ""


def test_a_click_never_leaves_its_circle(wound):
    figure = wound(n=8, signal="click", f=0, copies=True)
    distances = []
    for f in np.arange(-4, 8.01, 0.25):
        figure.set(f=float(f))
        middle, dot = path(figure, "lever")
        distances.append(np.hypot(*(dot - middle)))
    assert np.ptp(distances) < 0.3
    assert np.mean(distances) == pytest.approx(plane(figure)[2] / 8, abs=0.2)


def test_thirteen_turns_are_minus_three_and_three_mirrored(wound):
    figure = wound(n=16, signal="sunspots", f=13)
    thirteen, ghost = path(figure, "thread"), path(figure, "mirror")
    says = figure.says()
    assert "k = 13 and k = −3 are one drawing, and k = 3 is its mirror image" in says
    figure.set(f=-3)
    np.testing.assert_allclose(path(figure, "thread"), thirteen, atol=0.11)
    assert "k = −3 and k = 13 are one drawing, and k = 3 is its mirror image" in figure.says()
    figure.set(f=3)
    np.testing.assert_allclose(path(figure, "thread"), ghost, atol=0.11)
    assert "one drawing" not in figure.says()
    for f, words in ((16, "k = 16 and k = 0 are one drawing."), (-8, "k = −8 and k = 8 are one")):
        figure.set(f=f)
        assert words in figure.says()


def test_hiding_what_repeats_folds_the_crank_back(wound):
    figure = wound(n=16, signal="sunspots", f=13)
    figure.root.locator(".fl-more summary").click()
    figure.root.get_by_label("show what repeats").uncheck()
    figure.settle()
    state = figure.state()
    assert (state["f"], state["copies"], state["seen"]) == (3, False, [0, 8])
    assert part(figure, "mirror").get_attribute("d") == ""


# ---- the wave and its leakage -------------------------------------------------------------------


@ROADS
def test_half_a_cycle_more_lights_twenty_five_lines(wound, road):
    figure = wound(n=64, f=5, seen=[0, 32], context={"has_touch": road == "touch"})
    assert "Of the 33 lines from k = 0 to 32, 1 is above 5 % of the highest." in figure.says()
    tone = part(figure, "tone")
    start = figure.centre(tone)
    end = start[0] + on_axis(figure, 5.5)[0] - on_axis(figure, 5)[0], start[1]
    if road == "mouse":
        mouse_drag(figure.page, start, end)
    elif road == "touch":
        Finger(figure.tab).drag(start, end)
    else:
        press(figure, ".fl-tone", *["ArrowRight"] * 5)
    figure.settle()
    state = figure.state()
    assert state["tone"] == pytest.approx(5.5, abs=0 if road == "keyboard" else 0.1)
    wanted = oracle.show(state)["above"]
    assert f"{wanted} are above 5 %" in figure.says()
    figure.set(tone=5.5)
    assert "25 are above 5 % of the highest." in figure.says()
    figure.set(window="hann")
    assert "4 are above 5 % of the highest." in figure.says()
    assert tone.get_attribute("aria-valuetext") == "5.50 cycles"


def test_leaks_are_counted_only_when_all_lines_have_been_earned(wound):
    figure = wound(n=64, tone=5.5, f=30)
    assert "above 5 %" not in figure.says()
    press(figure, ".fl-crank", "End")
    assert "25 are above 5 %" in figure.says()


def test_the_wave_has_a_handle_and_other_signals_have_none(wound):
    figure = wound(n=16, tone=3)
    assert part(figure, "tone").is_visible()
    figure.root.locator("select").nth(1).select_option("square")
    figure.settle()
    assert not part(figure, "tone").is_visible()
    assert part(figure, "label-tone").inner_html() == ""


# ---- drawing ------------------------------------------------------------------------------------


def pad_point(figure, j, value):
    box = part(figure, "pad").bounding_box()
    reach = box["height"] / 2 - 4
    return (
        box["x"] + box["width"] * (j + 0.5) / figure.state()["n"],
        box["y"] + box["height"] / 2 - value * reach,
    )


@ROADS
def test_a_signal_is_drawn(wound, road):
    figure = wound(n=8, signal="drawn", samples=[0.0] * 8, context={"has_touch": road == "touch"})
    if road == "mouse":
        mouse_drag(figure.page, pad_point(figure, 1, 0.6), pad_point(figure, 4, -0.6), steps=3)
    elif road == "touch":
        Finger(figure.tab).drag(pad_point(figure, 1, 0.6), pad_point(figure, 4, -0.6))
    else:
        keys = ["ArrowRight", *["ArrowUp"] * 6, "ArrowRight", "ArrowUp", "ArrowUp"]
        keys += ["ArrowRight", "ArrowDown", "ArrowDown", "ArrowRight", *["ArrowDown"] * 6]
        press(figure, ".fl-pad", *keys)
    figure.settle()
    samples = figure.state()["samples"]
    tolerance = {"keyboard": 1e-9, "mouse": 0.06, "touch": 0.25}[road]
    np.testing.assert_allclose(samples, [0, 0.6, 0.2, -0.2, -0.6, 0, 0, 0], atol=tolerance)
    _, view = figure.views([figure.state()])[0]
    assert oracle.close(view["spectrum"], np.fft.fft(samples))


def test_a_fast_stroke_has_no_gaps(wound):
    figure = wound(n=64)
    mouse_drag(figure.page, pad_point(figure, 3, 0.8), pad_point(figure, 60, -0.8), steps=2)
    figure.settle()
    assert np.diff(figure.state()["samples"][3:61]).max() <= 0


def test_choosing_drawn_keeps_what_is_seen(wound):
    figure = wound(n=16, tone=2.5)
    before = oracle.signal_of(figure.state())
    figure.root.locator("select").nth(1).select_option("drawn")
    figure.settle()
    np.testing.assert_allclose(figure.state()["samples"], before)


def test_one_sample_is_marked_in_every_view(wound):
    figure = wound(n=16, tone=3, f=2.6)
    marked, card = part(figure, "marked"), part(figure, "card")
    assert marked.get_attribute("d") == ""
    press(figure, ".fl-pad", *["ArrowRight"] * 5)
    assert marked.get_attribute("d").count("a6 6") == 4, "a ring in the signal, one in the plane"
    assert card.inner_text().startswith("sample 5: x₅")
    press(figure, ".fl-crank")
    assert marked.get_attribute("d") == ""
    drawing = part(figure, "drawing").bounding_box()
    x, y = path(figure, "thread")[7]
    figure.page.mouse.move(drawing["x"] + x, drawing["y"] + y)
    figure.settle()
    assert card.inner_text().startswith("sample 7: x₇")


# ---- the bet ------------------------------------------------------------------------------------


@ROADS
def test_the_bet_stands_beside_the_truth(wound, road):
    context = {"has_touch": road == "touch"}
    figure = wound(n=16, signal="sunspots", f=0, ask=3, context=context)
    words = part(figure, "bet")
    assert "where will the dot be at k = 3?" in words.inner_text()
    assert part(figure, "asked").get_attribute("d") != ""
    point = on_circle(figure, -2, far=0.5)  # 45 degrees up, half way out
    if road == "mouse":
        figure.page.mouse.click(*point)
    elif road == "touch":
        Finger(figure.tab).tap(point)
    else:
        figure.root.get_by_role("button", name="Place a guess").focus()
        figure.page.keyboard.press("Enter")
        figure.page.wait_for_timeout(150)
        for key in ["ArrowUp"] * 7 + ["ArrowRight"] * 7:
            figure.page.keyboard.press(key)
    figure.settle()
    state = figure.state()
    assert state["bet"] == pytest.approx([0.35, 0.35], abs=0.02)
    assert figure.views([state])[0][1]["off"] is None
    assert count(figure, "truth") == 0 and "Now turn the crank there" in words.inner_text()
    assert part(figure, "asked").get_attribute("d") == ""
    figure.root.get_by_role("button", name="Turn there").click()
    figure.settle()
    assert figure.state()["f"] == 3
    off = oracle.show(figure.state())["off"]
    assert f"{off:.2f} away" in words.inner_text()
    assert count(figure, "truth") == 2, "a ring at the truth and a line to it"


def test_a_guess_can_be_moved_and_is_about_one_signal(wound):
    figure = wound(n=16, signal="sunspots", f=0, ask=3, bet=[0.0, 0.0])
    hand = part(figure, "guess-handle")
    mouse_drag(figure.page, figure.centre(hand), on_circle(figure, -4, far=0.6))
    figure.settle()
    assert figure.state()["bet"] == pytest.approx([0, 0.6], abs=0.02)
    figure.set(signal="square")
    assert figure.state()["bet"] == []
    assert not hand.is_visible()


def test_no_question_no_bet(wound):
    figure = wound(n=16, f=2, ask=-1)
    assert not part(figure, "bet").is_visible()
    figure.page.mouse.click(*on_circle(figure, -2, far=0.5))
    figure.settle()
    assert figure.state()["bet"] == []
    figure.set(ask=2)
    assert not part(figure, "bet").is_visible(), "nobody bets on what has been seen"


# ---- words --------------------------------------------------------------------------------------


def spoken(text):
    """Read a complex number as the figure writes it."""
    return complex(text.replace("−", "-").replace(" ", "").replace("i", "j"))


@pytest.mark.parametrize("f", [0, 3, 2.6, 13, -3])
@pytest.mark.parametrize("signal", ["sunspots", "square", "click"])
def test_the_formula_holds_this_states_numbers(wound, signal, f):
    figure = wound(n=16, signal=signal, f=f)
    wanted = oracle.show(figure.state())
    card = part(figure, "card").inner_text()
    sums, mean = card.split("…")[1].split(";")
    assert abs(spoken(sums.strip(" =")) - wanted["total"]) < 0.008
    assert abs(spoken(mean.split("=")[1]) - wanted["centre"]) < 0.008
    first, second = re.findall(r"\(([^()]+)\) · \(([^()]+)\)", card)
    for (sample, turn), value in zip((first, second), wanted["points"][:2], strict=True):
        assert abs(spoken(sample) * spoken(turn) - value) < 0.012
    name = {0: "X₀", 3: "X₃", 2.6: "X(2.60)", 13: "X₁₃", -3: "X(−3)"}[f]
    assert card.startswith(f"{name} = Σ")


def test_the_sentence_tells_what_is_seen(wound):
    figure = wound(n=64, tone=5, f=5)
    assert figure.says() == (
        "Wound 5 times round, the 64 samples sum to X₅ = 32.00. "
        "Their centre of mass is X₅/64, 0.50 from the middle."
    )
    figure.set(f=1)
    assert figure.says().startswith("Wound 1 time round")
    figure.set(f=4.6)
    distance = abs(oracle.show(figure.state())["centre"])
    assert f"the centre of mass is {distance:.2f} from the middle" in figure.says()
    figure.set(mode="walk")
    wanted = oracle.show(figure.state())
    assert f"{abs(wanted['total']):.2f} from the start" in figure.says()
    assert f"they would reach {wanted['longest']:.2f}." in figure.says()


def test_no_state_shows_what_is_no_number(wound):
    rng = np.random.default_rng(7)
    figure = wound()
    for _ in range(60):
        figure.set(**oracle.random_state(rng))
        assert not re.search("NaN|undefined|null|Infinity", figure.root.inner_text())
        paths = figure.root.locator(".fl-drawing path").evaluate_all(
            "paths => paths.map(path => path.getAttribute('d') ?? '').join()"
        )
        assert not re.search("NaN|undefined|Infinity", paths)


def test_silence_can_be_drawn(wound):
    figure = wound(samples=[0.0] * 8, f=1, seen=[0, 4], ask=2, mode="walk")
    assert "0 are above 5 %" in figure.says()


def test_far_values_are_brought_into_range(wound):
    figure = wound(n=16, tone=3)
    figure.set(f=1000, tone=99, seen=[-99, 99])
    state = figure.state()
    assert (state["f"], state["tone"], state["seen"]) == (16, 8, [-8, 16])
    figure.set(n=8)
    assert figure.state()["f"] == 8 and figure.state()["tone"] == 4
