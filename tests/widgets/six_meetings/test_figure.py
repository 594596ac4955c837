"""The cover as a visitor meets it: waving, the three acts, the wave; by every hand."""

import contextlib
import json
import re
from urllib.parse import urljoin

import numpy as np
import pytest
from kit.figures import (
    INTRO,
    PLAYING,
    POINTERS,
    READY,
    STILL,
    FigureOnPage,
    Finger,
    drag,
    hold_time,
    noticed,
    opened,
    pass_time,
)
from kit.tabs import frames
from playwright.sync_api import TimeoutError
from widgets.six_meetings import oracle
from widgets.six_meetings.page import RECORDER, WIDTHS, opening, strip_point

from fftia_lab.schedule import ButterflySchedule, ShiftSchedule
from fftia_lab.widgets import SixMeetings

cover = pytest.fixture(opening)
CHAPTERS = {"chapter": "eight.html", "mixing_chapter": "ten.html"}


def on_the_cover(visit, width=1600, **context):
    size = {"width": width, "height": 740 if width == 360 else 900}
    return opened(visit, "sixmeetings", INTRO, viewport=size, **context)


def tap_until_pressed(tab, figure, button, name):
    """Tap where the button is, and again if the page moved under the finger, as a reader would."""
    pressed = "name => document.querySelector('.fl-act').textContent !== name"
    for _ in range(4):
        if tab.page.evaluate(f"({pressed})({json.dumps(name)})"):
            return
        button.scroll_into_view_if_needed()
        figure.settle()
        Finger(tab).tap(figure.centre(button))
        with contextlib.suppress(TimeoutError):
            # the browser may think for a moment whether a tap begins a gesture
            tab.page.wait_for_function(pressed, arg=name, timeout=3000)
            return
    raise AssertionError(f"four taps on {name!r} and nothing happened")


def press(road, tab, figure, name):
    """Press a button by mouse, by touch or by keyboard."""
    button = figure.root.get_by_role("button", name=name)
    if road == "mouse":
        button.click()
    elif road == "touch":
        tap_until_pressed(tab, figure, button, name)
    else:
        button.focus()
        tab.page.keyboard.press("Enter")
    figure.settle()


def wave(road, tab, figure, first, last):
    """Follow the tokens from `first` to `last`."""
    start, end = strip_point(figure, first), strip_point(figure, last)
    if road == "mouse":
        tab.page.mouse.move(*start)
        tab.page.mouse.move(*end, steps=20)
    elif road == "touch":
        Finger(tab).drag(start, end, steps=20)
    else:
        figure.root.locator(".fl-cursor").focus()
        tab.page.keyboard.press("Home")
        for _ in range(last):
            tab.page.keyboard.press("ArrowDown")
    figure.settle()


def test_the_three_acts_and_their_counts(cover):
    """64, then 729 of 2,080, then 2,080: what the figure says is what Python counts."""
    tab, figure = cover(has_touch=True)
    for road in figure.hands(widths=WIDTHS):
        check_acts(road, tab, figure)
    assert tab.trouble == tab.outside == []


def check_acts(road, tab, figure):
    everyone = ButterflySchedule(64).reach(6)
    assert f"{everyone.sum():,} of 4,096 cells, after six stages" in figure.says(), (
        "it opens painted"
    )
    wave(road, tab, figure, 0, 63)
    assert figure.views([figure.state()])[0][1]["cells"] == everyone.sum() == 4096

    press(road, tab, figure, "Now no one may hear the future")
    deaf, allowed = ButterflySchedule(64, causal=True).reach(6).sum(), np.tri(64).sum()
    assert (deaf, allowed) == (729, 2080)
    assert f"{deaf} of 2,080 cells" in figure.says() and "65 % of the past is lost" in figure.says()

    press(road, tab, figure, "Change who meets whom")
    whole = ShiftSchedule(64, causal=True).reach(6).sum()
    assert whole == 2080
    assert "Nothing lost: 2,080 of 2,080" in figure.says()

    press(road, tab, figure, "Now let the wires carry a wave")
    assert figure.state()["carry"] == "fft"
    assert f"{6 * 32} multiplications" in figure.says() and "4,096" in figure.says()
    press(road, tab, figure, "Now let the values choose")
    state = figure.state()
    assert (state["carry"], state["token"], state["painted"]) == ("attention", 16, "f" * 16)
    press(road, tab, figure, "Now let training choose")
    state = figure.state()
    assert (state["carry"], state["signal"], state["meeting"]) == ("mixing", "one wave", 6)
    assert "768 learned numbers clean your wave" in figure.says()
    press(road, tab, figure, "From the beginning")
    assert figure.state()["carry"] == "news" and not figure.state()["causal"]


@pytest.mark.parametrize("width", [360, 1600])
def test_the_first_screen_holds_the_figure_and_its_button(visit, width):
    tab, figure = on_the_cover(visit, width)
    tab.page.evaluate("scrollTo(0, 0)")
    height = tab.page.viewport_size["height"]
    for part in (".fl-drawing", ".fl-status", ".fl-act"):
        box = figure.root.locator(part).bounding_box()
        assert box["y"] >= 0 and box["y"] + box["height"] <= height, part


def test_it_can_be_touched_within_a_second_of_being_there(visit):
    """No spinner and no wait: the first wave after mounting is answered in the next frames."""
    size = {"width": 1280, "height": 900}
    tab = visit(INTRO, held=True, reduced_motion="no-preference", viewport=size)
    figure = FigureOnPage(tab.page, "sixmeetings")
    pass_time(tab.page, PLAYING)
    tab.page.mouse.move(*strip_point(figure, 40))
    tab.page.mouse.move(*strip_point(figure, 42), steps=3)
    tab.page.clock.run_for(40)
    state = figure.state()
    assert state["token"] == 42 and state["meeting"] == 6, "the wave ends the invitation"
    tab.page.clock.run_for(6000)
    assert figure.state()["meeting"] == 6, "for good"
    assert figure.root.locator(".fl-play").inner_text() == "Play"


def test_the_invitation_paints_and_ends_painted(cover):
    """In less than five seconds, after which nothing moves by itself (WCAG 2.2.2)."""
    tab, figure = cover(held=True, reduced_motion="no-preference")
    pass_time(tab.page, PLAYING)
    counts = set()
    for _ in range(50):
        tab.page.clock.run_for(100)
        counts.add(figure.root.evaluate("root => root.figure.view().cells"))
    assert counts == {ButterflySchedule(64).reach(meeting).sum() for meeting in range(7)}
    assert figure.root.locator(".fl-play").inner_text() == "Play"
    assert "4,096 of 4,096 cells" in figure.says()


# Layout that moved without having been asked to, as browsers count it; 0.1 is called good.
SHIFTS = """window.shifts = [];
new PerformanceObserver(list => window.shifts.push(...list.getEntries().map(({value}) => value)))
  .observe({type: 'layout-shift', buffered: true});"""


@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_stands_still_while_the_cover_starts_and_plays(visit, width):
    size = {"width": width, "height": 800}
    moving = {"viewport": size, "reduced_motion": "no-preference"}
    tab = visit(INTRO, held=True, script=SHIFTS, **moving)
    FigureOnPage(tab.page, "sixmeetings")
    tab.page.evaluate("scrollTo(0, 0)")
    tab.page.clock.run_for(6000)
    frames(tab.page, 3)
    assert sum(tab.page.evaluate("window.shifts")) < 0.05, "0.57 when its room was not kept"


def test_no_sentence_and_no_button_moves_what_stands_below(hands):
    """Whatever it shows, the figure is as high as it was; its longest sentences do fit."""
    rng = np.random.default_rng(14)
    states = [oracle.random_state(rng) for _ in range(24)]
    whole = {"painted": "f" * 16, "meeting": 6}
    states += [oracle.random_state(rng) | whole for _ in range(16)]
    for _, _, figure in hands(SixMeetings, (), (320, 360, 540, 700, 1000), **CHAPTERS):
        high = figure.root.evaluate("root => root.offsetHeight")
        look = f"root => root.offsetHeight === {high} ? [] : [root.offsetHeight - {high}]"
        assert figure.looks(states, look) == []
        room = "(root) => root.querySelector('.fl-roomy').offsetHeight"
        assert figure.root.evaluate(room) <= 88, "and the room is no hole: four lines at most"


def test_a_wave_ends_what_plays_on_a_beat_too(bare):
    tab = bare(SixMeetings(meeting=0), held=True, reduced_motion="no-preference")
    figure = FigureOnPage(tab.page, "sixmeetings")
    pass_time(tab.page, READY)
    figure.root.locator(".fl-play").click()
    assert figure.state()["meeting"] == 0
    tab.page.mouse.move(*strip_point(figure, 42))
    tab.page.clock.run_for(40)
    assert (figure.state()["token"], figure.state()["meeting"]) == (42, 6)


def test_the_invitation_counts_the_beats(bare):
    tab = bare(SixMeetings(autoplay=True), reduced_motion="no-preference")
    hold_time(tab.page)
    figure = FigureOnPage(tab.page, "sixmeetings")
    figure.root.evaluate("root => root.figure.set({meeting: 0})")
    figure.root.locator(".fl-play").click()
    counts = []
    for _ in range(7):
        counts.append(len(figure.root.evaluate("root => root.figure.view().news")))
        tab.page.clock.run_for(830)
    assert counts == [1, 2, 4, 8, 16, 32, 64]
    assert figure.state()["meeting"] == 6


def test_who_has_waved_is_not_invited(bare):
    small, large = {"width": 1280, "height": 330}, {"width": 1280, "height": 900}
    moving = {"reduced_motion": "no-preference"}
    tab = bare(SixMeetings(autoplay=True), held=True, viewport=small, **moving)
    pass_time(tab.page, READY)
    root = tab.page.locator(".fl-figure")
    tab.page.mouse.move(200, 200)
    tab.page.mouse.move(200, 260, steps=5)
    tab.page.set_viewport_size(large)
    noticed(root, "entry => entry.intersectionRatio >= 0.6")
    tab.page.clock.run_for(1000)
    assert root.locator(".fl-play").inner_text() == "Play"
    assert root.evaluate("root => root.figure.state().meeting") == 6
    assert root.evaluate("root => root.figure.state().token") != 21, "it did follow the hand"


def test_waving_over_some_tokens_paints_each_of_them(cover):
    tab, figure = cover(has_touch=True)
    for road in figure.hands(POINTERS, WIDTHS):
        figure.set(painted="0" * 16)
        wave(road, tab, figure, 10, 30)
        painted = oracle.painted_of(figure.state())
        assert painted[10:31].all() and not painted[:8].any() and not painted[33:].any()
        kept, view = figure.views([figure.state()])[0]
        oracle.check(kept, view)
        assert f"{64 * painted.sum():,} of 4,096 cells" in figure.says()


def test_on_a_phone_a_vertical_swipe_on_the_strip_scrolls(cover):
    tab, figure = cover(360, has_touch=True)
    before = tab.page.evaluate("scrollY")
    x, y = strip_point(figure, 30)
    Finger(tab).drag((x, y), (x + 4, y - 220))
    assert tab.page.evaluate("scrollY") > before + 50


def test_drawing_a_wave_gives_its_spectrum(cover):
    tab, figure = cover(has_touch=True)
    for road in figure.hands(widths=WIDTHS):
        figure.set(carry="fft", signal="drawn", samples=[0.0] * 64)
        check_drawing(road, tab, figure)


def check_drawing(road, tab, figure):
    if road == "keyboard":
        figure.root.locator(".fl-pad").focus()
        for key in ["Home", *["ArrowRight"] * 5, *["ArrowUp"] * 7]:
            tab.page.keyboard.press(key)
    else:
        drag(road, tab, strip_point(figure, 5, 0.7), strip_point(figure, 50, -0.5))
    figure.settle()
    kept, view = figure.views([figure.state()])[0]
    assert kept["samples"][5] == pytest.approx(0.7, abs=0.08)
    if road != "keyboard":
        drawn = np.array(kept["samples"][5:51])
        assert np.abs(drawn - np.linspace(0.7, -0.5, 46)).max() < 0.12, "no gaps in the stroke"
    oracle.check(kept, view)
    figure.settle()
    bars = figure.root.locator(".fl-spectrum").get_attribute("d").count("z")
    assert bars == 64


def squares(figure, layer):
    """Cells of the matrix a layer paints, as rows middle x, middle y, width, height."""
    text = figure.root.locator(f".fl-{layer}").get_attribute("d")
    found = re.findall(r"M([-.\d]+) ([-.\d]+)h([.\d]+)v([.\d]+)h", text)
    x, y, wide, tall = np.array(found, dtype=float).reshape(-1, 4).T
    return np.column_stack([x + wide / 2, y + tall / 2, wide, tall])


def areas(figure):
    """The share of each cell of the matrix that is painted."""
    x, y, wide, tall = squares(figure, "field")[0]
    found = np.zeros((64, 64))
    for layer in ("cells", "column"):
        for at, high, across, down in squares(figure, layer):
            column = int((at - x + wide / 2) / wide * 64)
            row = int((high - y + tall / 2) / tall * 64)
            assert column == 16 or layer == "cells", "the followed token's own lie on top"
            found[row, column] = across * down / (wide * tall / 64**2)
    return found


def test_attention_paints_who_listens_to_whom(hands):
    opened = {"carry": "attention", "painted": "f" * 16, "token": 16}
    for _, _, figure in hands(SixMeetings, (), WIDTHS, **opened):
        for wiring in ("butterfly", "shift"):
            figure.set(**opened, wiring=wiring, meeting=6, signal="two waves")
            check_listeners(figure)


def check_listeners(figure):
    """The area of a square is its weight, full from a quarter on."""
    for change in ({}, {"meeting": 3}, {"signal": "ramp"}, {"painted": "f0" * 8}):
        figure.set(**change)
        state, done = figure.state(), int(figure.state()["meeting"])
        product = oracle.attention_of(state)[1][done] * oracle.painted_of(state)
        found = areas(figure)
        np.testing.assert_allclose(found, np.minimum(1, 4 * product), atol=0.09)
    figure.set(meeting=6, signal="two waves")
    product = oracle.attention_of(figure.state())[1][-1]
    share = f"Token 16 gets {100 * product[:, 16].mean():.1f}\u00a0% of all attention"
    assert share in figure.says()
    top, count = np.unique(product.argmax(axis=1), return_counts=True)
    first = top[count.argmax()]
    assert f"{count.max()} tokens listen most to token {first}, " in figure.says()


def test_attention_follows_the_hand_and_links_to_its_chapter(visit):
    tab, figure = on_the_cover(visit)
    link = figure.root.locator(".fl-chapter")
    assert link.is_hidden()
    figure.root.get_by_role("button", name="attention", exact=True).click()
    assert figure.state()["token"] == 16, "the largest value"
    figure.settle()
    assert link.is_visible()
    assert link.inner_text() == "Chapter 8"
    assert link.get_attribute("aria-label") == "Chapter 8: butterfly attention"
    page = urljoin(tab.page.url, link.get_attribute("href"))
    assert page.partition("/notebooks/")[2] == "08-butterfly-attention.html"
    figure.root.get_by_role("button", name="mixing", exact=True).click()
    figure.settle()
    page = urljoin(tab.page.url, link.get_attribute("href"))
    assert page.partition("/notebooks/")[2] == "10-spectral-mixing.html"
    figure.root.get_by_role("button", name="attention", exact=True).click()
    figure.settle()
    wave("mouse", tab, figure, 16, 46)
    assert figure.state()["token"] == 46
    text = figure.root.locator(".fl-cursor").get_attribute("aria-valuetext")
    share = 100 * oracle.attention_of(figure.state())[1][-1][:, 46].mean()
    assert text == f"token 46: {share:.1f}\u00a0% of all attention"
    assert tab.trouble == tab.outside == []


def test_without_an_address_there_is_no_link(bare):
    tab = bare(SixMeetings(carry="attention"), **STILL)
    figure = FigureOnPage(tab.page, "sixmeetings")
    assert figure.root.locator(".fl-chapter").is_hidden()


def test_wires_move_to_their_new_partners_and_stop(bare):
    tab = bare(SixMeetings(causal=True), reduced_motion="no-preference")
    figure = FigureOnPage(tab.page, "sixmeetings")
    hold_time(tab.page)
    quiet = figure.root.locator(".fl-quiet")

    def drawn_after(milliseconds):
        tab.page.clock.run_for(milliseconds)
        return quiet.get_attribute("d")

    before = drawn_after(50)
    figure.root.evaluate("root => root.figure.set({wiring: 'shift'})")
    middle, end = drawn_after(200), drawn_after(600)
    assert len({before, middle, end}) == 3
    assert drawn_after(1000) == end, "and rest there"
    assert figure.root.locator(".fl-leaving").get_attribute("d") == ""


def test_listening_plays_the_wave_that_is_drawn(cover):
    tab, figure = cover()
    tab.page.evaluate(f"() => {{ {RECORDER} }}")
    figure.set(carry="fft", signal="one wave")
    assert tab.page.evaluate("window.sounds") == [], "silent until asked"
    figure.root.get_by_role("button", name="Listen").click()
    sounds = tab.page.evaluate("window.sounds")
    played = next(sound for sound in sounds if "data" in sound)
    assert played["seconds"] <= 2
    assert played["rate"] == 220 * 64, "one period of the wave lasts 1/220 of a second"
    period = oracle.signal_of(figure.state())
    assert np.allclose(played["data"], np.tile(period, len(played["data"]) // 64), atol=1e-6)
    assert max(sound["gain"] for sound in sounds if "gain" in sound) <= 0.3
    figure.root.get_by_role("button", name="Listen").click()
    assert tab.page.evaluate("window.sounds").count("stopped") == 1
    figure.host.evaluate("host => host.unmount()")
    assert tab.page.evaluate("window.sounds")[-1] == "closed"


def test_reduced_motion_changes_at_once(cover):
    _, figure = cover(**STILL)
    figure.set(causal=True, painted="f" * 16)
    assert figure.root.locator(".fl-leaving").get_attribute("d") == ""
    assert "729 of 2,080" in figure.says()
