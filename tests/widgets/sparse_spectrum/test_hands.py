"""The hands of `sparsespectrum`: how much is kept, the signal, the bet; by every road."""

import functools

import numpy as np
import pytest
from kit.figures import Finger, back_to_the_top, drag, middle, on_page, press, tap
from widgets.sparse_spectrum import oracle
from widgets.sparse_spectrum.page import BEYOND, at, panel, view_of

ROADS = ["mouse", "touch", "keyboard"]
WIDTHS = [360, 900]


@pytest.fixture
def alone(solo):
    """Open the widget on a page of its own: alone(width=360, kept=5) -> (tab, figure)."""
    return functools.partial(solo, oracle.WIDGET)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("road", ROADS)
def test_the_cut_is_dragged_along_the_sizes(alone, road, width):
    tab, figure = alone(width, touch=road == "touch", kept=26)
    if road == "keyboard":
        press(tab, figure, ".fl-cut-at", "PageUp", "PageUp", *["ArrowRight"] * 3, "ArrowDown")
        assert figure.state()["kept"] == 26 + 2 * 26 + 3 - 1
    else:
        end = at(figure, "sizes", 0.6, 0.1)
        drag(road, tab, on_page(figure, middle(figure, "cut-at")), on_page(figure, end))
        figure.settle()
        assert figure.state()["kept"] == pytest.approx(0.6 * 514, abs=3)
        assert middle(figure, "cut-at")[0] == pytest.approx(end[0], abs=2)
    state, view = figure.state(), view_of(figure)
    cut = figure.root.locator(".fl-cut-at")
    assert cut.get_attribute("aria-valuenow") == str(state["kept"])
    words = f"{state['kept']} of 514, {view['bytes']['total']:,} bytes, error "
    assert cut.get_attribute("aria-valuetext").startswith(words)
    assert figure.says().startswith(f"{state['kept']} of 514 coefficients of the hills: ")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("published", [False, True])
@pytest.mark.parametrize("road", ["mouse", "touch"])
def test_the_spot_is_dragged_along_bytes(alone, road, width, published):
    tab, figure = alone(width, touch=road == "touch", weights="random", published=published)
    end = at(figure, "plane", 0.5, 0.3)
    drag(road, tab, on_page(figure, middle(figure, "spot")), on_page(figure, end))
    figure.settle()
    total = view_of(figure)["bytes"]["total"]
    assert total == pytest.approx(0.5 * BEYOND * 4096, abs=60), "the road it is on ends there"
    assert middle(figure, "spot")[0] == pytest.approx(end[0], abs=3)


def test_a_handle_ends_where_the_coefficients_do(alone):
    tab, figure = alone(kept=26)
    press(tab, figure, ".fl-spot", "End", "ArrowRight", "PageUp")
    assert figure.state()["kept"] == 514
    press(tab, figure, ".fl-spot", "Home", "ArrowLeft", "PageDown")
    assert figure.state()["kept"] == 1
    drag("mouse", tab, on_page(figure, middle(figure, "cut-at")), (2, 400))
    assert figure.state()["kept"] == 1
    drag("mouse", tab, on_page(figure, middle(figure, "spot")), (2, 400))
    assert figure.state()["kept"] == 1


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("road", ["mouse", "touch"])
def test_a_press_on_a_plot_keeps_as_much(alone, road, width):
    tab, figure = alone(width, touch=road == "touch", weights="random", kept=400)
    tap(road, tab, on_page(figure, at(figure, "sizes", 0.2, 0.05)))
    assert figure.state()["kept"] == pytest.approx(103, abs=3)
    tap(road, tab, on_page(figure, at(figure, "plane", 0.6, 0.002)))
    figure.settle()
    assert view_of(figure)["bytes"]["total"] == pytest.approx(0.6 * BEYOND * 4096, abs=40)
    before = figure.state()
    left, top, wide, tall = panel(figure, "spectrum")
    tap(road, tab, on_page(figure, (left + wide / 2, top + tall / 2)))
    assert figure.state() == before, "a picture is only looked at"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("road", ROADS)
def test_a_signal_is_drawn_over_the_one_that_is_there(alone, road, width):
    tab, figure = alone(width, touch=road == "touch", signal="ramp", kept=5)
    before = np.array(oracle.thing_of(figure.state()))
    if road == "keyboard":
        press(tab, figure, ".fl-pad", "Home", "ArrowRight", "PageUp", "ArrowRight", "PageUp")
        changed = [1, 2]
    else:
        left, top, wide, _ = panel(figure, "original")
        start, end = ((left + wide * part, top + 3) for part in (20.5 / 64, 30.5 / 64))
        drag(road, tab, on_page(figure, start), on_page(figure, end))
        changed = list(range(20, 31))
    figure.settle()
    state = figure.state()
    assert (state["kind"], state["signal"], state["kept"]) == ("signal", "drawn", 5)
    samples = np.array(state["samples"])
    np.testing.assert_allclose(samples[changed], 1, atol=0.01)
    rest = np.delete(np.arange(64), changed)
    np.testing.assert_allclose(samples[rest], before[rest], atol=1e-9)
    assert "coefficients of your signal" in figure.says()
    assert "Drawn by you." in figure.root.locator(".fl-card").inner_text()


def test_controls_choose_what_is_kept_and_how(alone):
    _, figure = alone(kept=26)
    root = figure.root
    which, precision = root.locator("select").all()
    which.select_option("shapes")
    assert figure.state()["image"] == "shapes"
    root.get_by_role("button", name="weights").press("Enter")
    figure.settle()
    assert which.locator("option").all_text_contents() == ["random", "Toeplitz", "trained layer"]
    which.select_option("trained")
    precision.select_option("fp16")
    root.locator(".fl-more summary").press("Enter")
    root.get_by_label("as FFT-Tensor").check()
    state = figure.state()
    assert (state["kind"], state["weights"]) == ("weights", "trained")
    assert (state["precision"], state["published"], state["kept"]) == ("fp16", True, 26)
    root.get_by_role("button", name="signal").press("Enter")
    figure.settle()
    assert figure.state()["kept"] == 2 and which.input_value() == "sunspots"
    assert root.get_by_role("button", name="signal").get_attribute("aria-pressed") == "true"
    assert root.locator(".fl-pad").is_visible()
    root.get_by_role("button", name="Reset").press("Enter")
    assert figure.state() == {
        **state,
        "kind": "image",
        "image": "hills",
        "weights": "random",
        "precision": "fp32",
        "published": False,
        "kept": 26,
    }
    figure.settle()
    assert not root.locator(".fl-pad").is_visible()


# ---- the bet ------------------------------------------------------------------------------------


def test_a_bet_is_asked_before_noise_is_shown_and_answered_by_it(alone):
    tab, figure = alone()
    bet = figure.root.locator(".fl-bet")
    assert bet.inner_text().startswith("Random weights, 103 of 514 kept: how large is the error?")
    bet.get_by_role("button", name="20").press("Enter")
    figure.settle()
    state = figure.state()
    assert (state["kind"], state["weights"], state["kept"], state["bet"]) == (
        *("weights", "random"),
        *(103, 20),
    )
    assert "an error of 69\u00a0%" in figure.says()
    assert "You said 20\u00a0%." in bet.inner_text() and "0.69 at s = 0.20" in bet.inner_text()
    assert tab.page.evaluate("document.activeElement.className").endswith("fl-cut-at")
    press(tab, figure, ".fl-cut-at", "End")
    assert "0.00 at s = 1.00" in bet.inner_text()
    figure.set(image="hills")
    assert not bet.is_visible(), "asked once"
    figure.root.get_by_role("button", name="Reset").click()
    figure.settle()
    assert bet.is_visible()


def test_who_has_seen_noise_is_not_asked(alone):
    _, figure = alone(weights="random")
    assert not figure.root.locator(".fl-bet").is_visible()
    figure.set(weights="trained")
    assert figure.root.locator(".fl-bet").is_visible()


def test_a_swipe_on_pictures_and_plots_scrolls_the_page(alone):
    tab, figure = alone(360, touch=True)
    left, top, wide, tall = panel(figure, "rebuilt")
    for pixels in ((left + wide / 2, top + tall / 2), at(figure, "plane", 0.6, 0.05)):
        start, before = figure.state(), tab.page.evaluate("scrollY")
        point = on_page(figure, pixels)
        Finger(tab).drag(point, (point[0], point[1] - 150))
        assert tab.page.evaluate("scrollY") > before + 50
        assert figure.state() == start
        back_to_the_top(tab.page)
