"""The hands of `filterlab`: knots, delay, samples, the input followed, by every road."""

import functools
import re

import numpy as np
import pytest
from kit.figures import middle, press
from kit.layers import discs
from widgets.filter_lab import oracle
from widgets.filter_lab.page import drag, knot, sample, tap

roads = pytest.mark.parametrize("road", ["mouse", "touch", "keyboard"])
pointers = pytest.mark.parametrize("road", ["mouse", "touch"])
ASIDE = np.array([30, 0])
widths = pytest.mark.parametrize("width", [360, 900])


@pytest.fixture
def alone(solo):
    """Open the widget on a page of its own: alone(width=360, n=16) -> (tab, figure)."""
    return functools.partial(solo, oracle.WIDGET)


def value_text(figure, name):
    return figure.root.locator(f".fl-{name}").get_attribute("aria-valuetext")


def menu(figure, name):
    """The choice that begins with this word."""
    return (
        figure.root.locator(".fl-control").filter(has_text=re.compile(f"^{name}")).locator("select")
    )


# ---- the response ------------------------------------------------------------------------------


@widths
@roads
def test_a_knot_is_set(alone, road, width):
    tab, figure = alone(width=width, touch=road == "touch")
    if road == "keyboard":
        press(tab, figure, ".fl-knots", *["ArrowRight"] * 6, *["ArrowUp"] * 8)
    else:
        tap(road, tab, figure, knot(figure, 6, 0.8))
    assert figure.state()["gains"] == pytest.approx([1, 1, 1, 0, 0, 0, 0.8, 0, 0])
    assert value_text(figure, "knots") == "knot 6, 0.38 cycles per sample: gain 0.80"


@pointers
def test_a_stroke_draws_every_knot_on_its_way(alone, road):
    tab, figure = alone(touch=road == "touch")
    drag(road, tab, figure, knot(figure, 1, 0.2), knot(figure, 7, 1.4), steps=3)
    wanted = [1, *np.linspace(0.2, 1.4, 7), 0]
    assert figure.state()["gains"] == pytest.approx(wanted, abs=0.06)
    assert menu(figure, "filter").input_value() == "your own"


def test_a_stroke_beyond_the_strip_stays_at_its_ends(alone):
    tab, figure = alone()
    drag("mouse", tab, figure, knot(figure, 4, 1), knot(figure, 8, 3) + ASIDE)
    assert figure.state()["gains"][8] == oracle.TOP
    drag("mouse", tab, figure, knot(figure, 4, 1), knot(figure, 0, -1) - ASIDE)
    assert figure.state()["gains"][0] == 0


def test_the_keyboard_sets_a_knot_to_one_and_to_nothing(alone):
    tab, figure = alone()
    press(tab, figure, ".fl-knots", "End", "PageUp", "Home", "PageDown")
    assert figure.state()["gains"] == [0, 1, 1, 0, 0, 0, 0, 0, 1]


# ---- the delay, the input that is followed, the samples ----------------------------------------


@roads
def test_the_kernel_is_carried_to_later_lags(alone, road):
    tab, figure = alone(touch=road == "touch", n=16)
    if road == "keyboard":
        press(tab, figure, ".fl-delay", *["ArrowRight"] * 3)
    else:
        start, tips = middle(figure, "delay"), discs(figure, "past-tips")
        lag = tips[1, 0] - tips[0, 0]  # from lag 0 to lag 1
        drag(road, tab, figure, start, start + 3 * lag * ASIDE / 30)
    assert figure.state()["delay"] == 3
    assert value_text(figure, "delay") == "3 lags later at N = 16"
    kernel = oracle.kernel_of(figure.state(), 16)
    assert np.argmax(kernel[15 - 7 : 15 + 9]) == 7 + 3, "the highest weight is at lag 3"


@roads
def test_an_input_is_followed(alone, road):
    tab, figure = alone(touch=road == "touch", n=32, at=20)
    if road == "keyboard":
        press(tab, figure, ".fl-followed", "PageUp", "ArrowRight", "ArrowRight")
    else:
        start = middle(figure, "followed")
        drag(road, tab, figure, start, [sample(figure, 30, 0)[0], start[1] + 9])
    assert figure.state()["at"] == 30
    assert value_text(figure, "followed").startswith("input 30, 1.00: changes 31 of 32")
    assert "Input 30 changes 31 of 32 outputs" in figure.says()


@pointers
def test_a_press_on_the_matrix_follows_the_input_of_that_column(alone, road):
    tab, figure = alone(touch=road == "touch", n=16)
    x, y, width, height = matrix(figure)
    tap(road, tab, figure, (x + 4.5 * width / 16, y + 0.7 * height))
    assert figure.state()["at"] == 4
    tap(road, tab, figure, (x - 5, y + 5))
    assert figure.state()["at"] == 4, "beside it nothing is meant"


def matrix(figure):
    """Left, top, width and height of the matrix, from one column of it."""
    box = figure.root.locator(".fl-drawing .fl-column").evaluate(
        "column => ['x', 'y', 'width', 'height'].map(name => column.getBBox()[name])"
    )
    n, place = figure.state()["n"], int(figure.state()["at"])
    return box[0] - place * box[2], box[1], n * box[2], box[3]


@roads
def test_a_sample_is_drawn_and_the_impulse_becomes_a_signal(alone, road):
    tab, figure = alone(touch=road == "touch", n=16)
    if road == "keyboard":
        press(tab, figure, ".fl-pad", *["ArrowRight"] * 5, *["ArrowDown"] * 5)
    else:
        tap(road, tab, figure, sample(figure, 5, -0.5))
    state = figure.state()
    assert state["signal"] == "drawn"
    assert state["samples"][5] == pytest.approx(-0.5, abs=0.051) and state["samples"][15] == 1
    assert sum(map(bool, state["samples"])) == 2


# ---- choices -----------------------------------------------------------------------------------


def test_the_three_ends_are_one_switch(alone):
    _, figure = alone()
    for edge in ("padded", "causal", "circular"):
        figure.root.get_by_role("button", name=edge, exact=True).click()
        figure.settle()
        assert figure.state()["edge"] == edge
        pressed = figure.root.locator(".fl-head [aria-pressed='true']")
        assert pressed.count() == 1 and pressed.inner_text() == edge


def test_a_filter_by_name_sets_the_knots(alone):
    _, figure = alone()
    filters = menu(figure, "filter")
    filters.select_option("identity")
    figure.settle()
    assert figure.state()["gains"] == [1] * 9
    assert "Input 63 changes 1 of 64 outputs." in figure.says()
    filters.select_option("your own")
    figure.settle()
    assert figure.state()["gains"] == [1] * 9 and filters.input_value() == "identity"


@pytest.mark.parametrize("road", ["mouse", "keyboard"])
def test_a_length_in_the_table_leads_to_its_mode_and_size(alone, road):
    tab, figure = alone()
    cell = figure.root.get_by_role("button", name="per sequence, N = 128")
    if road == "mouse":
        cell.click()
        figure.settle()
    else:
        press(tab, figure, ".fl-length[tabindex='0']", "ArrowDown", "ArrowRight", "Enter")
    state = figure.state()
    assert (state["mode"], state["n"], state["at"]) == ("sequence", 128, 127)
    assert cell.inner_text() == f"±{oracle.length_of(state, 128)}"
    assert cell.get_attribute("aria-pressed") == "true"
    last = "knot 8 is 0.063 cycles per sample here, half of that there."
    assert figure.root.locator(".fl-card").inner_text().endswith(last)


# ---- the bet -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("traits", "entry", "words"),
    [
        ({"ask": "seam"}, (0, 63), "no"),
        ({"ask": "future", "edge": "padded"}, (32, 33), "no"),
        ({"ask": "future", "edge": "causal"}, (32, 33), "yes"),
    ],
)
def test_a_bet_is_made_before_the_outputs_are_shown(alone, traits, entry, words):
    _, figure = alone(gains=[1, 1, 0.9, 0.35, 0, 0, 0, 0, 0], **traits)
    layers = [figure.root.locator(f".fl-drawing .fl-{name}") for name in ("y-tips", "later-3")]
    assert [layer.get_attribute("d") for layer in layers] == ["", ""]
    assert "is shown after your guess" in figure.says()
    assert not figure.root.get_by_role("button", name="Hear output").is_visible()
    figure.root.locator(".fl-bet").get_by_role("button", name=words, exact=True).click()
    figure.settle()
    matrix, (to, source) = oracle.matrix_of(figure.state()), entry
    takes = f"Output {to} takes {matrix[entry]:.3f} of input {source}, {matrix[to, to]:.3f} of its"
    assert figure.root.locator(".fl-bet").inner_text() == f"You said {words}. {takes} own."
    assert all(layer.get_attribute("d") for layer in layers)
    figure.set(at=3)
    assert figure.root.locator(".fl-bet").is_visible(), "another input is the same question"
    figure.set(delay=2)
    assert not figure.root.locator(".fl-bet").is_visible(), "another filter ends it"


@pytest.mark.parametrize("mode", ["sample", "sequence"])
def test_a_bet_on_a_doubled_length_shows_both_kernels(alone, mode):
    _, figure = alone(ask="double", mode=mode)
    table, doubled = figure.root.locator(".fl-lengths"), figure.root.locator(".fl-doubled")
    assert not table.is_visible() and doubled.get_attribute("d") == ""
    figure.root.get_by_role("button", name="twice as long").click()
    figure.settle()
    state = figure.state()
    now, then = oracle.length_of(state, 64), oracle.length_of(state, 128)
    assert (now == then) == (mode == "sample")
    lies = f"lies within {now} lags at N = 64, {then} at 128 (dotted)."
    assert figure.root.locator(".fl-bet").inner_text().endswith(lies)
    assert table.is_visible() and doubled.get_attribute("d") != ""


def test_no_hand_lies_under_another(alone):
    free = """handle => {
      const {x, y, width, height} = handle.getBoundingClientRect();
      return document.elementFromPoint(x + width / 2, y + height / 2)?.closest('button') === handle;
    }"""
    for width in (360, 900):
        _, figure = alone(width=width)
        for state in ({"at": 0, "delay": -4}, {"at": 63, "delay": 4, "edge": "padded"}):
            for mode in ("sample", "sequence"):
                figure.set(mode=mode, **state)
                for name in ("knots", "delay", "pad", "followed"):
                    assert figure.root.locator(f".fl-{name}").evaluate(free), (state, name)
