"""What the widget `winding` plays, with an AudioContext that only writes it down."""

import numpy as np
import pytest
from kit.audio import STUB, Audio, played
from kit.figures import READY, STILL, FigureOnPage, pass_time
from kit.tabs import frames
from widgets.winding import oracle

from fftia_lab.widgets import Winding

DRAWN = [0.9, 0.1, -0.4, 0.7, -0.2, 0.35, 0.6, -0.8]


@pytest.fixture
def loud(bare):
    """Open a winding of its own with the stub: loud(n=16, …) -> (figure, audio)."""
    tabs = []

    def opened(held=False, **traits):  # held, or a slow machine comes to the end of the sound
        tab = bare(Winding(**traits), held=held, script=STUB, **STILL)
        tabs.append(tab)
        figure = FigureOnPage(tab.page, "winding")
        if held:
            pass_time(tab.page, READY)
        return figure, Audio(tab.page)

    yield opened
    for tab in tabs:
        assert tab.trouble == tab.outside == []


def listen(figure):
    return figure.root.get_by_role("button", name="Listen")


def without(figure):
    return figure.root.locator("button", has_text="Without")


def unfold(figure):
    figure.root.locator(".fl-more summary").click()


def records(sound, n):
    """The sound as rows, one a repetition of the record."""
    data = np.array(sound["data"])
    assert len(data) % n == 0, "whole records"
    return data.reshape(-1, n)


def test_nothing_is_heard_before_a_press(loud):
    figure, audio = loud(n=16, tone=3)
    figure.root.locator(".fl-crank").focus()
    figure.page.keyboard.press("ArrowRight")
    figure.set(signal="square", f=4)
    figure.root.get_by_role("button", name="Turn").click()
    frames(figure.page, 3)
    assert audio.count("contexts") == 0
    assert audio.started == []


def test_what_is_drawn_is_what_is_played(loud):
    figure, audio = loud()
    opening = figure.state()
    for change in (
        {"n": 64, "tone": 5.5},
        {"n": 8, "signal": "drawn", "samples": DRAWN},
        {"n": 16, "signal": "sunspots", "f": 3},
        {"n": 32, "signal": "square", "window": "hann", "mode": "walk"},
    ):
        figure.set(**opening)
        figure.set(**change)
        listen(figure).click()
        sound, state = audio.started[-1], figure.state()
        assert {name: state[name] for name in change} == change
        wanted = oracle.wound_of(state)
        for record in records(sound, state["n"]):
            np.testing.assert_allclose(record, wanted, atol=1e-6, err_msg=str(change))
        assert sound["rate"] == 8000 and sound["heard"] and sound["offset"] == 0, change
        assert 1 < sound["duration"] <= 2, change
    assert len(audio.started) == 4, "another signal has stopped the one before"


def test_it_starts_and_ends_in_silence_and_stays_soft(loud):
    figure, audio = loud(n=64, signal="square")
    listen(figure).click()
    (sound,) = audio.started
    out = np.abs(played(sound))
    assert out.max() == pytest.approx(0.3 * 0.8, abs=1e-3) and out.max() <= 0.3
    assert out[:8].max() < 0.01 and out[-8:].max() < 0.01, "no click at either end"
    assert np.diff(out[:240].reshape(-1, 24).max(axis=1)).min() > 0, "it fades in"
    middle = out[len(out) // 2 - 500 : len(out) // 2 + 500]
    np.testing.assert_allclose(middle, 0.24, atol=1e-6)


def test_without_a_line_it_plays_what_is_left(loud):
    figure, audio = loud(n=16, signal="sunspots")
    unfold(figure)
    for f, k in ((5, 5), (5.4, 5), (0, 0), (8, 8), (13, 13), (-3, 13)):
        figure.set(signal="square")  # stops what plays
        figure.set(signal="sunspots", f=f)
        assert without(figure).inner_text() == f"Without k = {k}"
        without(figure).click()
        spectrum = np.fft.fft(oracle.wound_of(figure.state()))
        spectrum[[k, -k % 16]] = 0
        left = np.fft.ifft(spectrum).real
        (heard, *_) = records(audio.started[-1], 16)
        np.testing.assert_allclose(heard, left / max(1, np.abs(left).max()), atol=1e-6)
    assert len(audio.started) == 6


def test_what_is_left_is_never_louder_than_one(loud):
    figure, audio = loud(samples=[1, -1, 0, 1, 1, 1, 0, -1], f=1)
    unfold(figure)
    without(figure).click()
    (sound,) = audio.started
    spectrum = np.fft.fft(figure.state()["samples"])
    spectrum[[1, 7]] = 0
    left = np.fft.ifft(spectrum).real
    assert np.abs(left).max() > 1, "this signal would be"
    np.testing.assert_allclose(records(sound, 8)[0], left / np.abs(left).max(), atol=1e-6)


def test_a_second_press_stops_it(loud):
    figure, audio = loud(held=True)
    listen(figure).click()
    assert listen(figure).get_attribute("aria-pressed") == "true"
    assert audio.count("stopped") == 0
    listen(figure).click()
    assert audio.count("stopped") == 1 and len(audio.started) == 1
    assert listen(figure).get_attribute("aria-pressed") == "false"


def test_the_end_of_the_sound_is_the_end_of_the_press(loud):
    figure, audio = loud()
    listen(figure).click()
    audio.end()
    assert listen(figure).get_attribute("aria-pressed") == "false"
    figure.settle()
    assert figure.root.locator(".fl-playhead").get_attribute("d") == ""


def test_one_sound_at_a_time(loud):
    figure, audio = loud(held=True, n=16, signal="square")
    unfold(figure)
    listen(figure).click()
    without(figure).click()
    assert len(audio.started) == 2 and audio.count("stopped") == 1
    assert listen(figure).get_attribute("aria-pressed") == "false"
    assert without(figure).get_attribute("aria-pressed") == "true"
    listen(figure).focus()
    figure.page.keyboard.press("Enter")
    assert len(audio.started) == 3 and audio.count("stopped") == 2
    assert without(figure).get_attribute("aria-pressed") == "false"


def test_another_signal_stops_it(loud):
    figure, audio = loud(held=True, n=16, signal="square")
    listen(figure).click()
    figure.root.evaluate("root => root.figure.set({f: 7})")
    figure.page.clock.run_for(40)
    assert audio.count("stopped") == 0, "turning the crank does not change the signal"
    figure.root.evaluate("root => root.figure.set({signal: 'ramp'})")
    figure.page.clock.run_for(40)
    assert audio.count("stopped") == 1


def test_leaving_stops_it(loud):
    figure, audio = loud()
    listen(figure).click()
    figure.host.evaluate("host => host.unmount()")
    assert audio.count("stopped") == 1 and audio.count("closed") == 1


def test_a_playhead_crosses_the_signal(loud):
    figure, _ = loud(held=True, n=16)
    head, heard = figure.root.locator(".fl-playhead"), figure.root.locator(".fl-heard")
    assert head.get_attribute("d") == heard.get_attribute("d") == ""

    def place():
        return float(head.get_attribute("d")[1:].split()[0])

    listen(figure).click()
    figure.page.clock.run_for(40)
    first = place()
    figure.page.clock.run_for(300)
    pad = figure.root.locator(".fl-pad").bounding_box()
    left = figure.root.locator(".fl-drawing").bounding_box()["x"]
    assert pad["x"] - left <= first < place() <= pad["x"] - left + pad["width"]
    assert heard.get_attribute("d").count("L") == 15


def test_what_is_heard_is_written(loud):
    figure, _ = loud(n=64, tone=5, f=5)
    pitch = figure.root.locator(".fl-pitch")
    assert pitch.inner_text() == "8,000 samples a second: k = 5 is 625 Hz"
    figure.set(n=16, f=13)
    assert pitch.inner_text().endswith("k = 13 sounds as k = 3, 1,500 Hz")
