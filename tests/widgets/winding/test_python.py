"""The Python side of the widget `winding`: what it takes, refuses, says and saves."""

import re

import numpy as np
import pytest
from traitlets import TraitError

from fftia_lab.signals import PRESETS, preset
from fftia_lab.widgets import Winding
from fftia_lab.widgets.winding.figure import SIZES


def test_presets_are_shipped_at_every_size():
    signals = Winding().signals
    assert set(signals) == set(PRESETS)
    for name, tables in signals.items():
        for size, table in zip(SIZES, tables, strict=True):
            np.testing.assert_allclose(table, preset(name, size), atol=5e-5)


def test_repr_is_the_same_in_every_run():
    assert repr(Winding()) == "Winding()"
    text = "Winding(f=3.0, n=16, signal='click', tone=2.5)"
    assert repr(Winding(signal="click", tone=2.5, f=3, n=16)) == text


def test_a_drawn_signal_sets_its_size():
    widget = Winding(samples=[0.5, -1, 0, 0.25, 0, 0, 0, 1])
    assert (widget.n, widget.signal) == (8, "drawn")


def test_what_no_longer_fits_is_made_to_fit():
    widget = Winding(samples=[0.25] * 63 + [1], f=30, seen=[2, 31], tone=20, ask=25, bet=[0.1, 0])
    widget.n = 16
    assert len(widget.samples) == 16 and widget.samples[-1] == 1
    assert (widget.f, widget.seen, widget.tone, widget.ask) == (8, [2, 8], 8, 8)
    widget.ask = -1
    assert widget.bet == []
    assert (Winding(n=8).f, Winding(n=8).tone) == (4, 4), "also what was never said"


@pytest.mark.parametrize("where", [{"f": 13}, {"f": -3}, {"f": 2, "seen": [-1, 2]}])
def test_turns_that_repeat_show_what_repeats(where):
    widget = Winding(n=16, **where)
    assert widget.copies and widget.f == where["f"]
    again = Winding(n=16, f=2)
    assert not again.copies
    for name, value in where.items():
        setattr(again, name, value)
    assert again.copies and again.f == where["f"]


def test_the_signal_and_its_samples_go_together():
    widget = Winding(samples=[1.0] * 8)
    widget.signal = "ramp"
    assert widget.samples == []
    widget.n = 16
    widget.signal = "drawn"
    assert widget.samples == preset("ramp", 16).round(4).tolist()


def test_a_front_end_may_change_several_traits_at_once():
    widget = Winding(n=64, f=40, seen=[-20, 60])
    widget.set_state(
        {"n": 8, "f": 3, "seen": [0, 4], "copies": False, "signal": "click", "tone": 4}
    )
    assert (widget.n, widget.f, widget.seen, widget.copies) == (8, 3, [0, 4], False)
    widget.set_state({"signal": "drawn", "samples": [0.5] * 8})
    assert widget.samples == [0.5] * 8


@pytest.mark.parametrize(
    ("values", "kind", "message"),
    [
        ({"n": 4}, TraitError, "n must be one of (8, 16, 32, 64); got 4"),
        ({"n": 12, "f": 9}, TraitError, "n must be one of (8, 16, 32, 64); got 12"),
        ({"size": 8}, TypeError, "has no argument 'size'; it takes ask, autoplay, bet"),
        ({"signal": "noise"}, TraitError, "signal"),
        ({"tone": 33}, TraitError, "tone must lie in 0 to 32 cycles; got 33"),
        ({"tone": float("nan")}, TraitError, "tone must lie in 0 to 32 cycles; got nan"),
        ({"n": 16, "f": 17}, TraitError, "f must lie in -8 to 16 turns; got 17"),
        ({"n": 16, "f": -8.5}, TraitError, "f must lie in -8 to 16 turns; got -8.5"),
        ({"f": float("nan")}, TraitError, "f must lie in -32 to 64 turns; got nan"),
        ({"seen": [0, 65]}, TraitError, "seen must lie in -32 to 64 turns; got [0.0, 65.0]"),
        ({"seen": [3]}, TraitError, "seen must be [] or [lowest, highest]; got [3.0]"),
        ({"seen": [5, 2]}, TraitError, "seen must be [] or [lowest, highest]; got [5.0, 2.0]"),
        ({"samples": [2.0] * 8}, TraitError, "samples must lie in -1 to 1"),
        ({"samples": [0.0] * 9, "n": 8}, TraitError, "must hold 8 values"),
        ({"samples": [0.0] * 8, "signal": "ramp"}, TraitError, "must hold 0 values"),
        ({"window": "hamming"}, TraitError, "window"),
        ({"mode": "run"}, TraitError, "mode"),
        ({"ask": 33}, TraitError, "ask must be -1 or a k in 0 to 32; got 33"),
        ({"ask": -2}, TraitError, "ask must be -1 or a k in 0 to 32; got -2"),
        ({"ask": 3, "bet": [0.5]}, TraitError, "bet must be [] or [real, imaginary]"),
        ({"ask": 3, "bet": [0.5, 2]}, TraitError, "each in -1 to 1; got [0.5, 2.0]"),
        ({"bet": [0.5, 0]}, TraitError, "a bet needs a question: set ask"),
        ({"scenes": [{"label": "x", "set": {"k": 8}}]}, TraitError, "a scene is"),
    ],
)
def test_bad_values_are_refused(values, kind, message):
    with pytest.raises(kind) as caught:
        Winding(**values)
    assert message in str(caught.value)


def test_every_trait_is_documented():
    for name in Winding.own_traits():
        assert Winding.class_traits()[name].help, name


def test_the_bundle_is_one_module():
    text = str(Winding._esm)
    assert not re.search(r"^import ", text, re.MULTILINE)
    assert text.count("export default") == 1 and "const SCHEDULES" not in text
