"""The Python side of the cover."""

import zlib

import numpy as np
import pytest
from traitlets import TraitError

from fftia_lab.widgets import SixMeetings
from fftia_lab.widgets.six_meetings.figure import mixing_tables


def test_repr_shows_what_was_changed():
    assert repr(SixMeetings(token=9, wiring="shift")) == "SixMeetings(token=9, wiring='shift')"
    assert repr(SixMeetings()) == "SixMeetings()"


def test_a_drawn_signal_starts_where_the_preset_was():
    widget = SixMeetings(signal="ramp")
    widget.signal = "drawn"
    assert widget.samples == widget.signals["ramp"][0]
    widget.signal = "click"
    assert widget.samples == []


def test_a_front_end_may_change_several_traits_at_once():
    widget = SixMeetings(wiring="shift", causal=True)
    widget.set_state({"wiring": "butterfly", "causal": False, "carry": "fft"})
    assert widget.carry == "fft"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"meeting": 7}, "meeting must lie in 0 to 6; got 7"),
        ({"token": 64}, "token must lie in 0 to 63; got 64"),
        ({"painted": "xyz"}, "painted must be 16 hex digits"),
        ({"wiring": "benes"}, "wiring"),
        ({"carry": "fft", "causal": True}, "the FFT needs the whole butterfly"),
        ({"samples": [0, 0]}, "samples must hold 64 values for signal='drawn' and n=64; got 2"),
        ({"samples": [2.0] * 64}, "samples must lie in -1 to 1"),
        ({"mixing_chapter": "javascript:1"}, "mixing_chapter must be a relative address"),
    ],
)
def test_bad_values_are_refused(values, message):
    with pytest.raises(TraitError) as caught:
        SixMeetings(**values)
    assert message in str(caught.value)


def test_the_noise_is_that_of_the_lessons_and_new():
    """As loud as the noise of the examples, and in none of them."""
    noise = np.array(mixing_tables()["noise"])
    assert noise.shape == (64,) and 0.25 < noise.std() < 0.35
    assert abs(np.fft.rfft(noise)[:5]).max() < 3 * 0.3 * 64**0.5, "no slow wave of its own"
    assert mixing_tables.__wrapped__() == mixing_tables()


def test_the_cover_is_small():
    """The first thing that a visitor loads: its module as a server sends it, in bytes."""
    assert len(zlib.compress(SixMeetings._esm.encode())) < 33_000
