"""The third act: learned numbers on the wires clean a wave that one draws, sees and hears."""

import numpy as np
import pytest
from kit.figures import (
    STILL,
    FigureOnPage,
    drag,
)
from widgets.six_meetings import oracle
from widgets.six_meetings.page import RECORDER, WIDTHS, bars_of, opening, strip_point

from fftia_lab.widgets import SixMeetings

cover = pytest.fixture(opening)


@pytest.mark.parametrize("width", WIDTHS)
def test_learned_numbers_clean_the_wave_that_is_drawn(cover, width):
    """The bars are what the meetings have made of the wave and the noise, at every meeting."""
    _, figure = cover(width)
    figure.root.get_by_role("button", name="mixing", exact=True).click()
    figure.settle()
    wave = np.round(0.8 * np.cos(2 * np.pi * 3 * np.arange(64) / 64), 2)
    for wiring, meeting in (("butterfly", 6), ("shift", 6), ("butterfly", 2)):
        figure.set(wiring=wiring, meeting=meeting, signal="drawn", samples=wave.tolist())
        values, left, entry = oracle.mixing_of(figure.state())
        bars, wanted = bars_of(figure, "spectrum"), np.clip(values[meeting], -1.6, 1.6)
        assert np.corrcoef(bars, wanted)[0, 1] > 0.999, (wiring, meeting)
        wires = "".join(
            figure.root.locator(f".fl-{name}").get_attribute("d")
            for name in ("own", "cross", "against")
        )
        blocks = np.abs(np.array(entry["blocks"])[:meeting])
        thin = 0.15 / (0.3 * (360 - 4) / 64 if width == 360 else 0.3 * 7)
        assert abs(wires.count("z") - (blocks >= thin).sum()) <= 12, "each number is a wire's width"
        if meeting == 6:
            assert f"{100 * left:.0f}\u00a0% of the noise is left" in figure.says()


@pytest.mark.parametrize("road", ["mouse", "touch", "keyboard"])
def test_the_wave_that_is_cleaned_can_be_drawn(cover, road):
    tab, figure = cover(1000, has_touch=road == "touch")
    figure.set(carry="mixing", signal="drawn", samples=[0.0] * 64)
    before = figure.views([{}])[0][1]["left"]
    if road == "keyboard":
        figure.root.locator(".fl-pad").press("ArrowUp")
    else:
        start, end = strip_point(figure, 5, 0.7), strip_point(figure, 50, -0.5)
        drag(road, tab, start, end)
    figure.settle()
    kept, view = figure.views([figure.state()])[0]
    assert any(kept["samples"]) and view["left"] != before
    oracle.check(kept, view)


def test_mixing_leads_to_its_chapter_where_the_page_gives_one(bare):
    tab = bare(SixMeetings(carry="mixing", mixing_chapter="ten.html"), **STILL)
    figure = FigureOnPage(tab.page, "sixmeetings")
    link = figure.root.locator(".fl-chapter")
    assert link.is_visible() and link.inner_text() == "Chapter 10"
    assert link.get_attribute("href") == "ten.html"
    figure.root.get_by_role("button", name="attention", exact=True).click()
    figure.settle()
    assert link.is_hidden(), "no address of that one was given"


def test_mixing_plays_the_noisy_wave_and_what_became_of_it(cover):
    tab, figure = cover()
    tab.page.evaluate(f"() => {{ {RECORDER} }}")
    figure.set(carry="mixing", signal="one wave", meeting=4)
    figure.settle()
    tab.page.evaluate("void (performance.now = () => 0)")  # no sound ends by itself
    values, _, _ = oracle.mixing_of(figure.state())
    for name, wanted in (("Listen: noisy", values[0]), ("Listen: after 4 stages", values[4])):
        figure.root.get_by_role("button", name=name).click()
        played = [sound for sound in tab.page.evaluate("window.sounds") if "data" in sound][-1]
        period = np.array(played["data"][:64])
        np.testing.assert_allclose(period, wanted / max(1, np.abs(wanted).max()), atol=1e-6)
    assert tab.page.evaluate("window.sounds").count("stopped") == 1, "one at a time"
