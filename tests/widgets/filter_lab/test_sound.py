"""What `filterlab` plays, with an AudioContext that only writes it down."""

import numpy as np
import pytest
from kit.audio import STUB, Audio
from kit.figures import STILL, FigureOnPage
from widgets.filter_lab import oracle


@pytest.fixture
def loud(bare):
    """Open a filter lab with the stub: loud(n=16, …) -> (figure, audio)."""
    tabs = []

    def opened(**traits):
        tabs.append(bare(oracle.WIDGET(**traits), script=STUB, **STILL))
        return FigureOnPage(tabs[-1].page, "filterlab"), Audio(tabs[-1].page)

    yield opened
    for tab in tabs:
        assert tab.trouble == tab.outside == []


def button(figure, name):
    return figure.root.get_by_role("button", name=f"Hear {name}")


@pytest.mark.parametrize("part", ["input", "output"])
def test_what_is_drawn_is_what_is_played(loud, part):
    figure, audio = loud(n=32, signal="sunspots", gains=[1.5] * 5 + [0] * 4)
    button(figure, part).click()
    (sound,) = audio.started
    shown = oracle.show(figure.state())
    wanted = shown["x"] if part == "input" else shown["y"] / max(1, abs(shown["y"]).max())
    for record in np.array(sound["data"]).reshape(-1, 32):
        np.testing.assert_allclose(record, wanted, atol=1e-6)
    assert sound["rate"] == 8000 and sound["heard"] and 1 < sound["duration"] <= 2


def test_nothing_is_heard_before_a_press_and_one_sound_at_a_time(loud):
    figure, audio = loud(n=16, signal="square")
    figure.set(edge="padded")
    assert audio.count("contexts") == 0
    button(figure, "input").click()
    button(figure, "output").click()
    assert len(audio.started) == 2 and audio.count("stopped") == 1
    assert button(figure, "input").get_attribute("aria-pressed") == "false"


def test_another_filter_stops_the_output_and_not_the_input(loud):
    figure, audio = loud(n=16, signal="square")
    button(figure, "input").click()
    figure.set(gains=[1] * 9)
    assert audio.count("stopped") == 0
    button(figure, "output").click()
    figure.set(gains=[0] * 9)
    assert audio.count("stopped") == 2
