"""The widget `butterfly` against the library: by mouse, touch, keyboard, link and clock."""

import math
import re

import numpy as np
import oracle
import pytest
from figures import FigureOnPage, Finger, mouse_drag

STILL = {"reduced_motion": "reduce"}
CHAPTER, INTRO = "notebooks/03-the-butterfly", "book/intro"


@pytest.fixture(params=["http", "file"])
def way(request):
    return request.param


def opened(visit, name="twist", page=CHAPTER, way="http", link="", **context):
    tab = visit(page, way, link=link, **{**STILL, **context})
    return tab, FigureOnPage(tab.page, name)


def close(shown, wanted):
    pairs = np.array(shown)
    return np.abs(pairs[..., 0] + 1j * pairs[..., 1] - np.array(wanted)).max() < 1e-9


def test_two_hundred_random_states_show_what_python_computes(visit):
    rng = np.random.default_rng(20261120)
    states = [oracle.random_state(rng) for _ in range(200)]
    _, figure = opened(visit)
    broken = 0
    for state, view in zip(states, figure.views(states), strict=True):
        wanted = oracle.show(state)
        assert view["state"] == state, "a state that can be is kept as it is"
        assert close(view["columns"], wanted["columns"]), state
        assert close(view["outputs"], wanted["outputs"]), state
        assert view["wrong"] == wanted["wrong"], state
        assert view.get("heard") == wanted["heard"], state
        if state["weights"] == "fft" and not state["twist"]:
            assert close(view["outputs"], np.fft.fft(oracle.signal_of(state)))
        broken += bool(wanted["wrong"])
    assert broken > 20, "the turned twiddles did break something"


def spoken_number(text):
    """Read a complex number as the figure writes it."""
    return complex(text.replace("−", "-").replace(" ", "").replace("i", "j"))


@pytest.mark.parametrize("decimation", ["time", "frequency"])
@pytest.mark.parametrize("node", [[1, 0], [1, 5], [2, 1], [2, 7], [3, 2], [3, 6]])
def test_the_formula_is_this_nodes_sum(visit, decimation, node):
    _, figure = opened(visit)
    twist = [0, 0, 0.125] if decimation == "time" else []
    figure.set(decimation=decimation, node=node, twist=twist, signal="sunspots", stage=3)
    card = figure.root.locator(".fl-card").inner_text()
    columns = oracle.show(figure.state())["columns"]
    symbols, numbers, result = (part.strip() for part in card.split("=", 2))
    assert abs(spoken_number(result) - columns[node[0]][node[1]]) < 0.008
    shown = eval(re.sub(r"([\d.]+)i", r"\1j", numbers.replace("−", "-").replace("·", "*")))
    assert abs(shown - spoken_number(result)) < 0.03, "the numbers add up"
    assert symbols in ("a + w b", "a − w b", "a + b", "(a − b) w")


def test_no_state_shows_what_is_no_number(visit):
    rng = np.random.default_rng(7)
    _, figure = opened(visit)
    for _ in range(60):
        figure.set(**oracle.random_state(rng))
        assert not re.search("NaN|undefined|null|Infinity", figure.root.inner_text())


@pytest.mark.parametrize("wish", [{"schedule": "shift"}, {"causal": True}, {"schedule": "benes"}])
def test_an_impossible_wish_becomes_a_possible_state(visit, wish):
    _, figure = opened(visit)
    figure.set(**wish)
    assert figure.state()["weights"] == "average"
    figure.set(weights="fft")
    state = figure.state()
    assert (state["schedule"], state["causal"], state["weights"]) == ("butterfly", False, "fft")


# ---- three roads to the same state ---------------------------------------------------------


def pad_point(figure, row, value):
    box = figure.root.locator(".fl-pad").bounding_box()
    rows = figure.state()["n"]
    return (
        box["x"] + box["width"] * (value + 1) / 2,
        box["y"] + box["height"] * (row + 0.5) / rows,
    )


def test_drawing_with_the_mouse(visit, way):
    tab, figure = opened(visit, way=way)
    mouse_drag(tab.page, pad_point(figure, 0, 0.5), pad_point(figure, 7, -0.5), steps=3)
    figure.settle()
    state = figure.state()
    assert state["signal"] == "drawn"
    wanted = np.linspace(0.5, -0.5, 8)
    assert np.abs(np.array(state["samples"]) - wanted).max() <= 0.1, "fast strokes have no gaps"
    view = figure.views([state])[0]
    assert close(view["outputs"], np.fft.fft(state["samples"]))
    assert tab.outside == tab.trouble == []


def test_drawing_with_a_finger_does_not_scroll(visit, way):
    tab, figure = opened(visit, way=way, has_touch=True, viewport={"width": 390, "height": 800})
    before = figure.root.bounding_box()
    Finger(tab).drag(pad_point(figure, 1, 0.8), pad_point(figure, 6, -0.8))
    state = figure.state()
    assert state["signal"] == "drawn"
    assert np.all(np.diff(state["samples"][1:7]) < 0), "every row between was drawn"
    assert figure.root.bounding_box() == before, "the page stayed where it was"


def test_drawing_with_the_keyboard(visit, way):
    tab, figure = opened(visit, way=way)
    figure.set(signal="drawn", samples=[0.0] * 8)
    figure.root.locator(".fl-pad").focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight", "ArrowDown", "Home"):
        tab.page.keyboard.press(key)
    figure.settle()
    assert figure.state()["samples"] == [0, 0, 0.2, -1, 0, 0, 0, 0]
    pad = figure.root.locator(".fl-pad")
    assert pad.get_attribute("aria-valuetext") == "sample 3: −1.00"
    assert pad.get_attribute("aria-valuenow") == "-1.00"


def choose_by(road, tab, figure, column, row):
    if road == "mouse":
        tab.page.mouse.click(*figure.node(column, row))
    elif road == "touch":
        Finger(tab).tap(figure.node(column, row))
    else:
        figure.set(node=[column, 0])
        figure.root.locator(".fl-cursor").focus()
        for _ in range(row):
            tab.page.keyboard.press("ArrowDown")
    figure.settle()


@pytest.mark.parametrize("road", ["mouse", "touch", "keyboard"])
def test_choosing_a_node_lights_its_cone(visit, road):
    tab, figure = opened(visit, has_touch=road == "touch")
    figure.set(node=[])
    assert figure.root.locator(".fl-own").get_attribute("d") == ""
    choose_by(road, tab, figure, 2, 5)
    state = figure.state()
    assert state["node"] == [2, 5]
    wanted = oracle.show(state)["heard"]
    assert wanted == [1, 3, 5, 7]
    assert "row 5 has heard 4 of the 8 samples: x₁, x₃, x₅, x₇" in figure.says()
    own = figure.root.locator(".fl-own").get_attribute("d").count("M")
    cross = figure.root.locator(".fl-cross").get_attribute("d").count("M")
    assert own == cross == 3, "one wire of each kind in stage 2, two in stage 1"
    tab.page.keyboard.press("Escape")
    figure.settle()
    assert figure.state()["node"] == []


def test_hovering_shows_and_does_not_choose(visit):
    tab, figure = opened(visit)
    figure.set(node=[])
    tab.page.mouse.move(*figure.node(3, 4))
    figure.settle()
    assert figure.root.locator(".fl-own").get_attribute("d").count("M") == 7
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
    if road == "mouse":
        mouse_drag(tab.page, start, end)
    else:
        Finger(tab).drag(start, end)


@pytest.mark.parametrize("road", ["mouse", "touch", "keyboard"])
@pytest.mark.parametrize(("node", "count"), [([1, 1], 8), ([2, 3], 4), ([3, 5], 2)])
def test_turning_a_twiddle_breaks_what_python_says(visit, road, node, count):
    tab, figure = opened(visit, has_touch=road == "touch")
    figure.set(node=node, twist=[], stage=3, signal="drawn", samples=[0.9, 0.1, -0.4, 0.7] * 2)
    figure.set(samples=[0.9, 0.1, -0.4, 0.7, -0.2, 0.35, 0.6, -0.8])
    before = figure.root.bounding_box()["y"]
    turn_by(road, tab, figure, 45)
    figure.settle()
    state = figure.state()
    assert state["twist"][2] == pytest.approx(45 / 360, abs=1e-9 if road == "keyboard" else 0.02)
    wanted = oracle.show(state)
    assert len(wanted["wrong"]) == count
    assert figure.views([state])[0]["wrong"] == wanted["wrong"]
    assert f"{count} of 8 outputs are wrong" in figure.says()
    crosses = figure.root.locator(".fl-crosses").get_attribute("d").count("M")
    assert crosses == 2 * count, "each wrong output is crossed, not only coloured"
    assert figure.root.bounding_box()["y"] == before, "the page stayed where it was"


@pytest.mark.parametrize("road", ["mouse", "touch"])
def test_the_dial_answers_a_tap(visit, road):
    tab, figure = opened(visit, has_touch=road == "touch")
    figure.set(node=[3, 5], twist=[], stage=3)
    x, y, radius = dial_place(figure)
    point = x - radius * 0.9, y
    if road == "mouse":
        tab.page.mouse.click(*point)
    else:
        Finger(tab).tap(point)
    state = figure.state()
    assert state["node"] == [3, 5]
    assert state["twist"][:2] == [2, 1]
    assert (state["twist"][2] - 45 / 360) % 1 == pytest.approx(0.5, abs=0.02), "it points left now"


def test_a_second_finger_changes_nothing(visit):
    tab, figure = opened(visit, has_touch=True)
    figure.set(signal="drawn", samples=[0.0] * 8)
    finger, one, two = Finger(tab), pad_point(figure, 1, 0.6), pad_point(figure, 6, -0.6)
    finger._send("touchStart", one)
    finger._send("touchStart", one, two)
    finger._send("touchMove", (one[0], one[1] + 1), (two[0], two[1] - 1))
    finger._send("touchEnd")
    tab.page.wait_for_timeout(100)
    samples = figure.state()["samples"]
    assert samples[1] == pytest.approx(0.6, abs=0.1) and samples[2:] == [0] * 6


def test_losing_the_node_during_a_drag_harms_nothing(visit):
    tab, figure = opened(visit)
    figure.set(node=[2, 3], twist=[])
    tab.page.mouse.move(*figure.centre(figure.root.locator(".fl-dial-handle")))
    tab.page.mouse.down()
    figure.set(node=[])
    tab.page.mouse.move(300, 300, steps=3)
    tab.page.mouse.up()
    figure.settle()
    assert figure.state()["twist"] == [] and tab.trouble == []


def test_the_keyboard_never_loses_its_place(visit):
    tab, figure = opened(visit)
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


def test_a_focused_signal_shows_which_sample_is_meant(visit):
    tab, figure = opened(visit)
    outline = figure.root.locator(".fl-bar-on")
    assert outline.get_attribute("d") == ""
    figure.root.locator(".fl-pad").focus()
    figure.settle()
    first = outline.get_attribute("d")
    tab.page.keyboard.press("ArrowDown")
    figure.settle()
    assert first and outline.get_attribute("d") not in ("", first)


def test_what_is_spoken_waits_until_the_figure_rests(visit):
    _, figure = opened(visit)
    spoken = figure.root.get_by_role("status")
    figure.set(node=[], twist=[], stage=3)
    figure.page.wait_for_timeout(600)
    before = spoken.inner_text()
    assert before == figure.says()
    figure.set(stage=1)
    assert spoken.inner_text() == before
    figure.page.wait_for_timeout(600)
    assert spoken.inner_text() == figure.says() != before


def test_the_bet_is_remembered_beside_the_truth(visit):
    tab, figure = opened(visit)
    figure.set(node=[2, 3], twist=[])
    figure.root.locator(".fl-answers button", has_text="8").click()
    turn_by("keyboard", tab, figure, 5)
    figure.settle()
    assert "4 of 8 outputs are wrong" in figure.says() and "You said 8." in figure.says()


@pytest.mark.parametrize("road", ["mouse", "touch", "keyboard"])
def test_moving_through_the_stages(visit, road):
    tab, figure = opened(visit, has_touch=road == "touch")
    figure.set(stage=0, node=[])
    track = figure.root.locator(".fl-range")
    box = track.bounding_box()
    start = box["x"] + 8, box["y"] + box["height"] / 2
    end = box["x"] + box["width"] * 2 / 3, start[1]
    if road == "mouse":
        mouse_drag(tab.page, start, end)
    elif road == "touch":
        Finger(tab).drag(start, end)
    else:
        track.focus()
        tab.page.keyboard.press("ArrowRight")
        tab.page.keyboard.press("ArrowRight")
    figure.settle()
    assert figure.state()["stage"] == pytest.approx(2, abs=0.06 if road != "keyboard" else 0)
    assert track.get_attribute("aria-valuetext").startswith("2")
    assert "every row has heard 4 of the 8" in figure.says() or figure.state()["stage"] < 2


def test_a_vertical_swipe_on_the_network_scrolls_the_page(visit):
    tab, figure = opened(visit, has_touch=True, viewport={"width": 390, "height": 800})
    before = figure.root.bounding_box()["y"]
    box = figure.root.locator(".fl-drawing").bounding_box()
    start = box["x"] + box["width"] * 0.55, box["y"] + box["height"] * 0.7
    Finger(tab).drag(start, (start[0], start[1] - 200))
    assert figure.root.bounding_box()["y"] < before - 50


def test_controls_by_keyboard_alone(visit):
    """Tab reaches every part; the menus change the figure."""
    tab, figure = opened(visit)
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


# ---- time ------------------------------------------------------------------------------------


def test_playing_pauses_and_ends_by_the_clock(visit):
    tab = visit(INTRO, reduced_motion="no-preference")
    figure = FigureOnPage(tab.page, "news")
    figure.root.locator(".fl-status").click()  # a touch declines the invitation
    tab.page.clock.install(time=0)
    figure.root.evaluate("root => root.figure.set({stage: 0})")
    tab.page.clock.run_for(50)
    play = figure.root.locator(".fl-play")
    play.click()
    tab.page.clock.run_for(600)
    middle = figure.state()["stage"]
    assert 0.3 < middle < 0.8
    play.click()
    tab.page.clock.run_for(2000)
    assert figure.state()["stage"] == pytest.approx(middle, abs=0.1), "paused"
    play.click()
    tab.page.clock.run_for(6000)
    assert figure.state()["stage"] == 4


def test_pause_pauses_the_invitation_too(visit):
    tab = visit(INTRO, reduced_motion="no-preference")
    figure = FigureOnPage(tab.page, "news")
    play = figure.root.locator(".fl-play")
    tab.page.wait_for_function("document.querySelector('.fl-play').textContent === 'Pause'")
    play.click()
    resting = figure.state()["stage"]
    tab.page.wait_for_timeout(600)
    assert figure.state()["stage"] == resting < 4
    assert play.inner_text() == "Play"


def test_a_new_step_finishes_the_old_one_at_once(visit):
    tab = visit(INTRO, reduced_motion="no-preference")
    figure = FigureOnPage(tab.page, "news")
    figure.root.locator(".fl-status").click()
    tab.page.clock.install(time=0)
    figure.root.evaluate("root => root.figure.set({stage: 0})")
    forth = figure.root.get_by_label("one stage on")
    forth.click()
    tab.page.clock.run_for(100)
    assert 0 < figure.state()["stage"] < 1
    forth.click()
    assert figure.state()["stage"] >= 1
    tab.page.clock.run_for(1000)
    assert figure.state()["stage"] == 2


def test_the_invitation_plays_once_and_yields_to_the_first_touch(visit):
    tab = visit(INTRO, reduced_motion="no-preference")
    figure = FigureOnPage(tab.page, "news")
    tab.page.wait_for_timeout(600)
    moving = figure.state()["stage"]
    assert moving < 4, "it plays by itself"
    figure.root.locator(".fl-card").click()
    resting = figure.state()["stage"]
    tab.page.wait_for_timeout(500)
    assert figure.state()["stage"] == resting


def test_reduced_motion_jumps_and_rests(visit):
    tab = visit(INTRO, **STILL)
    figure = FigureOnPage(tab.page, "news")
    tab.page.wait_for_timeout(300)
    assert figure.state()["stage"] == 4, "nothing plays by itself"
    figure.set(stage=0)
    figure.root.get_by_label("one stage on").click()
    assert figure.state()["stage"] == 1
    frames = tab.page.evaluate(
        """() => new Promise(done => {
             let count = 0;
             const real = window.requestAnimationFrame;
             window.requestAnimationFrame = f => { count++; return real(f); };
             setTimeout(() => { window.requestAnimationFrame = real; done(count); }, 1000);
           })"""
    )
    assert frames == 0, "an idle figure asks for no frames"


# ---- links, scenes, life ---------------------------------------------------------------------


def test_a_deep_link_sets_the_figure(visit, way):
    link = "#twist?n=16&stage=3&node=[3,9]&signal=square&decimation=frequency"
    tab, figure = opened(visit, way=way, link=link)
    state = figure.state()
    assert (state["n"], state["stage"], state["node"]) == (16, 3, [3, 9])
    assert (state["signal"], state["decimation"]) == ("square", "frequency")
    others = FigureOnPage(tab.page, "butterfly").state()
    assert others["n"] == 8, "other figures keep their own state"
    assert tab.trouble == []


def test_state_to_link_to_state(visit, way):
    tab, figure = opened(visit, way=way)
    figure.root.locator("select").first.select_option("32")
    tab.page.mouse.click(*figure.node(4, 11))
    tab.page.wait_for_timeout(500)
    state, url = figure.state(), tab.page.url
    assert "#twist?" in url and "n=32" in url
    tab.page.goto("about:blank")
    tab.page.goto(url)
    assert FigureOnPage(tab.page, "twist").state() == state


def test_following_a_link_on_the_page_and_a_bad_link(visit):
    tab, figure = opened(visit)
    tab.page.evaluate("location.hash = '#twist?n=4&stage=1'")
    tab.page.wait_for_timeout(200)
    assert figure.state()["n"] == 4
    tab.page.evaluate("location.hash = '#twist?size=4'")
    tab.page.wait_for_timeout(200)
    note = figure.host.locator(".lab-note").inner_text()
    assert "this link asks for “size”, which the figure does not have" in note
    figure.root.get_by_role("button", name="a twiddle of stage 2").click()
    assert figure.host.locator(".lab-note").count() == 0, "the next change answers it"


HOSTILE = [
    "n=1000",
    "n=%228%22",
    "n=x",
    "signal=foo",
    "signal=constructor",
    "node=[1]",
    "node=[-1,0]",
]
HOSTILE += [
    "node=[0.5,0]",
    "twist=[0,0]",
    "twist=[0.5,0,0.1]",
    "stage=NaN",
    'stage="x"',
    "causal=7",
]
HOSTILE += ["bet=-7", "samples=[null]", "weights=foo", "toString=1", "n=%zz"]


@pytest.mark.parametrize("query", HOSTILE)
def test_a_hostile_link_is_refused_with_a_sentence(visit, query):
    tab, figure = opened(visit, link=f"#twist?{query}")
    assert "The link could not be followed:" in figure.host.locator(".lab-note").inner_text()
    assert figure.state()["n"] == 8 and figure.root.get_attribute("data-ready")
    assert tab.trouble == []


@pytest.mark.parametrize("link", ["#%", "#100%", "#nowhere?x=1", "#twist", "#twist?"])
def test_any_address_leaves_the_figures_alive(visit, link):
    tab, figure = opened(visit, link=link)
    assert figure.state()["node"] == [1, 1]
    assert tab.trouble == []


def test_far_values_are_brought_into_range(visit):
    _, figure = opened(visit, link="#twist?stage=-5&node=[99,99]")
    state = figure.state()
    assert (state["stage"], state["node"]) == (0, [3, 3])


def test_a_link_to_a_figure_below_finds_it(visit):
    tab = visit(CHAPTER, **STILL)
    tab.page.evaluate("location.hash = 'backwards?n=16'")
    figure = FigureOnPage(tab.page, "backwards")
    assert figure.state()["n"] == 16


def test_back_undoes_a_link(visit):
    tab, figure = opened(visit)
    start = figure.state()
    for link in ("#twist?n=16", "#twist?n=32"):
        tab.page.evaluate("link => { location.hash = link }", link)
        tab.page.wait_for_timeout(100)
    tab.page.go_back()
    tab.page.wait_for_timeout(100)
    assert figure.state()["n"] == 16
    tab.page.go_back()
    tab.page.wait_for_timeout(100)
    assert figure.state() == start


def test_a_link_is_stronger_than_the_invitation(visit):
    tab = visit(INTRO, link="#news?stage=2&node=[2,12]", reduced_motion="no-preference")
    figure = FigureOnPage(tab.page, "news")
    tab.page.wait_for_timeout(1500)
    assert figure.state()["stage"] == 2


def test_every_scene_of_every_page_can_be(visit):
    clicked = 0
    for page in (INTRO, CHAPTER):
        tab = visit(page, **STILL).mount_all()
        for scene in tab.page.locator(".fl-scene").all():
            scene.click()
            tab.page.wait_for_timeout(80)
            clicked += 1
        assert tab.trouble == []
        assert tab.page.locator(".fl-figure > .fl-wrong").count() == 0
    assert clicked >= 12


def test_a_scene_is_the_same_whatever_came_before(visit):
    _, figure = opened(visit)
    button = figure.root.get_by_role("button", name="a twiddle of stage 3")
    button.click()
    wanted = figure.state()
    figure.set(n=64, signal="square", decimation="frequency")
    button.click()
    assert figure.state() == wanted


def test_scenes_set_states_and_reset_returns(visit):
    _, figure = opened(visit)
    start = figure.state()
    reset = figure.root.locator(".fl-reset")
    assert not reset.is_visible()
    figure.root.get_by_role("button", name="a twiddle of stage 2").click()
    figure.settle()
    assert figure.state()["twist"] == [1, 1, 0.125]
    reset.click()
    figure.settle()
    assert figure.state() == start
    assert not reset.is_visible()


def test_two_figures_on_a_page_do_not_disturb_each_other(visit):
    tab, figure = opened(visit)
    other = FigureOnPage(tab.page, "backwards")
    before = other.state()
    figure.set(n=4, stage=1)
    assert other.state() == before


def test_unmounting_leaves_nothing_behind(visit):
    tab, figure = opened(visit)
    figure.host.evaluate("host => host.unmount()")
    assert figure.host.locator(".fl-figure").count() == 0
    tab.page.set_viewport_size({"width": 700, "height": 700})
    tab.page.wait_for_timeout(200)
    assert tab.trouble == []


@pytest.mark.parametrize("width", [360, 768, 1600])
@pytest.mark.parametrize("n", [2, 8, 64])
def test_everything_fits_and_can_be_hit(visit, width, n):
    _, figure = opened(visit, viewport={"width": width, "height": 900})
    figure.set(n=n, stage=1, node=[1, 1])
    assert figure.root.evaluate(CRAMPED) == []


CRAMPED = """root => {
  const frame = root.getBoundingClientRect(), found = [], all = q => [...root.querySelectorAll(q)];
  for (const text of all('.fl-drawing text')) {
    const box = text.getBoundingClientRect();
    const inside = box.left > frame.left - 1 && box.right < frame.right + 1;
    if (!inside) found.push('out: ' + text.textContent);
  }
  const labels = all('.fl-label').map(e => [e.textContent, e.getBoundingClientRect()]);
  labels.forEach(([one, a], i) => labels.slice(i + 1).forEach(([two, b]) => {
    const across = a.left < b.right && b.left < a.right;
    const along = a.top + 4 < b.bottom && b.top + 4 < a.bottom;
    if (across && along) found.push(`overlap: ${one} ${two}`);
  }));
  for (const hand of all('button, select, input, summary')) {
    const box = (hand.type === 'checkbox' ? hand.closest('label') : hand).getBoundingClientRect();
    const hidden = !box.width && !box.height;
    if (!hidden && Math.min(box.width, box.height) < 23.9) found.push('small: ' + hand.outerHTML);
  }
  return found;
}"""
