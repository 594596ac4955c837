"""The Python side of the widget BitReversal: what it takes, refuses, says and counts."""

import numpy as np
import pytest
from traitlets import TraitError

from fftia_lab.schedule import bit_reversal
from fftia_lab.widgets import BitReversal
from fftia_lab.widgets.bit_reversal.figure import DECKS, long_deck


def test_the_long_deck_is_counted_card_by_card():
    order = [int(f"{place:010b}"[::-1], 2) for place in range(1024)]
    assert order == bit_reversal(1024).tolist()
    facts = long_deck()
    assert facts["n"] == len(order)
    assert facts["travel"] == sum(abs(a - b) for a, b in enumerate(order)) / 1024
    hops = [abs(a - b) for a, b in zip(order[1:], order[:-1], strict=True)]
    assert facts["hop"] == pytest.approx(sum(hops) / 1023, abs=0.05)
    assert BitReversal().facts == facts, "the page gets Python's own counts"


def test_a_card_travels_a_third_and_the_next_read_is_half_a_deck_away():
    sizes = 2 ** np.arange(3, 17)
    orders = [bit_reversal(size) for size in sizes]
    travel = [np.abs(o - np.arange(len(o))).mean() / len(o) for o in orders]
    hop = [np.abs(np.diff(o)).mean() / len(o) for o in orders]
    assert np.all(np.diff(travel) >= 0) and travel[-1] == pytest.approx(1 / 3, abs=2e-3)
    assert hop[-1] == pytest.approx(1 / 2, abs=2e-3)


def test_repr_is_the_same_in_every_run():
    assert repr(BitReversal()) == "BitReversal()"
    text = "BitReversal(card=6, deals=1.0, guess=[6, 9], n=32, reading='stockham', rounds=2)"
    widget = BitReversal(n=32, rounds=2, reading="stockham", deals=1, card=6, guess=[6, 9])
    assert repr(widget) == text


@pytest.mark.parametrize("n", DECKS)
def test_the_last_deal_leaves_single_cards(n):
    assert 2 ** BitReversal(n=n).last == n
    assert BitReversal(n=n, rounds=2, deals=2 * BitReversal(n=n).last).deals == 2 * np.log2(n)


def test_what_no_longer_fits_is_made_to_fit():
    widget = BitReversal(n=64, rounds=2, deals=12, card=63, guess=[3, 40])
    widget.n = 16
    assert (widget.deals, widget.card, widget.guess) == (8, 15, [])
    widget.rounds = 1
    assert widget.deals == 4
    kept = BitReversal(n=64, guess=[3, 12], card=9)
    kept.n = 16
    assert (kept.guess, kept.card) == ([3, 12], 9), "what still fits stays"


def test_a_front_end_may_change_several_traits_at_once():
    widget = BitReversal(n=64, rounds=2, deals=11, card=50, guess=[50, 60])
    widget.set_state({"n": 8, "rounds": 1, "deals": 3, "card": 2, "guess": [2, 7]})
    state = (widget.n, widget.rounds, widget.deals, widget.card, widget.guess)
    assert state == (8, 1, 3, 2, [2, 7])


@pytest.mark.parametrize(
    ("values", "kind", "message"),
    [
        ({"n": 12}, TraitError, "n must be one of (8, 16, 32, 64); got 12"),
        ({"n": 4, "card": 3}, TraitError, "n must be one of (8, 16, 32, 64); got 4"),
        ({"size": 8}, TypeError, "has no argument 'size'; it takes autoplay, card"),
        ({"deals": 5}, TraitError, "deals must lie in 0 to 4; got 5"),
        ({"deals": -0.5}, TraitError, "deals must lie in 0 to 4; got -0.5"),
        ({"deals": float("nan")}, TraitError, "deals must lie in 0 to 4; got nan"),
        ({"n": 8, "rounds": 2, "deals": 7}, TraitError, "deals must lie in 0 to 6; got 7"),
        ({"rounds": 3}, TraitError, "rounds must be one of (1, 2); got 3"),
        ({"card": 16}, TraitError, "card must lie in 0 to 15, or be -1; got 16"),
        ({"card": -2}, TraitError, "card must lie in 0 to 15, or be -1; got -2"),
        ({"guess": [6]}, TraitError, "guess must be [] or [card, place], both 0 to 15; got [6]"),
        ({"guess": [6, 16]}, TraitError, "both 0 to 15; got [6, 16]"),
        ({"guess": [-1, 3]}, TraitError, "both 0 to 15; got [-1, 3]"),
        ({"reading": "sorted"}, TraitError, "reading"),
        ({"scenes": [{"label": "x", "set": {"size": 8}}]}, TraitError, "a scene is"),
    ],
)
def test_bad_values_are_refused(values, kind, message):
    with pytest.raises(kind) as caught:
        BitReversal(**values)
    assert message in str(caught.value)
