"""The Python side of the widget ReceptiveField: what it takes, refuses, fits and says."""

import pytest
from traitlets import TraitError

from fftia_lab.schedule import SCHEDULES
from fftia_lab.widgets import ReceptiveField
from fftia_lab.widgets.receptive_field.figure import LENGTHS


def test_repr_is_the_same_in_every_run():
    assert repr(ReceptiveField()) == "ReceptiveField()"
    text = "ReceptiveField(causal=True, schedule='shift', token=8)"
    assert repr(ReceptiveField(schedule="shift", token=8, causal=True)) == text


@pytest.mark.parametrize("n", LENGTHS)
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_it_opens_with_all_stages_done_and_every_place_filled(n, schedule):
    widget = ReceptiveField(n=n, schedule=schedule)
    assert widget.stage == widget.depth == SCHEDULES[schedule](n).depth
    assert widget.length == n
    assert max(widget.token, widget.source) < n
    short = ReceptiveField(n=n, schedule=schedule, length=3)
    assert (short.length, short.token, short.source) == (3, 2, 2)


def test_what_no_longer_fits_is_made_to_fit():
    widget = ReceptiveField(n=64, schedule="benes", token=63, source=40, bet=[64, 33])
    widget.n = 16
    state = widget.length, widget.stage, widget.token, widget.source, widget.bet
    assert state == (16, 7, 15, 15, [])
    widget.schedule = "butterfly"
    assert widget.stage == 4
    widget.length = 5
    assert (widget.token, widget.source) == (4, 4)
    widget.n = 64
    assert widget.length == 5, "a sentence that ends early keeps its length"
    widget.source = -1
    widget.length = 3
    assert (widget.token, widget.source) == (2, -1)


def test_a_prefix_wiring_has_no_future():
    widget = ReceptiveField(schedule="prefix")
    assert widget.causal
    with pytest.raises(TraitError, match="a prefix wiring hears only the past"):
        widget.causal = False
    widget.schedule = "butterfly"
    assert widget.causal, "the future stays forbidden"


def test_a_front_end_may_change_several_traits_at_once():
    widget = ReceptiveField(n=64, schedule="benes", stage=11, token=63, source=62)
    widget.set_state(
        {"n": 4, "length": 2, "schedule": "shift", "stage": 2, "token": 1, "source": -1}
    )
    state = widget.n, widget.length, widget.schedule, widget.stage, widget.token, widget.source
    assert state == (4, 2, "shift", 2, 1, -1)


@pytest.mark.parametrize(
    ("values", "kind", "message"),
    [
        ({"n": 12}, TraitError, "n must be one of (4, 8, 16, 32, 64); got 12"),
        ({"n": 12, "stage": 9}, TraitError, "n must be one of (4, 8, 16, 32, 64); got 12"),
        ({"size": 8}, TypeError, "has no argument 'size'; it takes ask, autoplay, bet"),
        ({"schedule": "star"}, TraitError, "schedule"),
        ({"schedule": "prefix", "causal": False}, TraitError, "or schedule='shift'"),
        ({"padding": "drop"}, TraitError, "padding"),
        ({"length": 17}, TraitError, "length must lie in 2 to n = 16; got 17"),
        ({"length": 1}, TraitError, "length must lie in 2 to n = 16; got 1"),
        ({"stage": 5}, TraitError, "stage must lie in 0 to 4; got 5"),
        ({"stage": float("nan")}, TraitError, "stage must lie in 0 to 4; got nan"),
        ({"token": 16}, TraitError, "token must lie in 0 to 15; got 16"),
        ({"token": -1}, TraitError, "token must lie in 0 to 15; got -1"),
        ({"length": 13, "source": 13}, TraitError, "source must lie in -1 to 12; got 13"),
        ({"source": -2}, TraitError, "source must lie in -1 to 15; got -2"),
        (
            {"bet": [17]},
            TraitError,
            "bet must hold at most two guesses from 1 to 16, or 0 for none",
        ),
        ({"bet": [1, 2, 3]}, TraitError, "bet must hold at most two guesses"),
        ({"bet": [-1]}, TraitError, "or 0 for none; got [-1]"),
        ({"scenes": [{"label": "x", "set": {"size": 8}}]}, TraitError, "a scene is"),
    ],
)
def test_bad_values_are_refused(values, kind, message):
    with pytest.raises(kind) as caught:
        ReceptiveField(**values)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
