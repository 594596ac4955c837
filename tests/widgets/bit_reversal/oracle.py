"""What the figure `bitreversal` must show: NumPy deals with slices, the library reverses bits."""

from functools import cache
from unittest import mock

import numpy as np

from fftia_lab.schedule import bit_reversal
from fftia_lab.transform import fft_stockham
from fftia_lab.widgets import BitReversal
from fftia_lab.widgets.bit_reversal.figure import DECKS

WIDGET = BitReversal
PLACE = ("notebooks/03-the-butterfly", "bitreversal")
BARE = {"deals": 1.0, "card": 6, "guess": [6, 9]}  # both hands are there
LARGEST = {"n": 64, "rounds": 2, "deals": 9.5, "card": 21, "guess": []}
NUDGES = {".fl-deck": "ArrowRight", ".fl-tag": "ArrowRight"}
HOSTILE = [
    "n=12",
    "n=128",
    "n=%2216%22",
    "n=x",
    "n=%zz",
    "deals=NaN",
    'deals="x"',
    "rounds=3",
    "rounds=true",
    "card=-2",
    "card=1.5",
    "card=null",
    "guess=[1]",
    "guess=[-1,0]",
    "guess=[0.5,1]",
    "guess=7",
    "reading=foo",
    "reading=toString",
    "facts={}",
    "toString=1",
]


def depth_of(n):
    return int(n).bit_length() - 1


def deal(cards, piles):
    """Deal every pile into its even and its odd places."""
    return np.concatenate(
        [half for pile in np.split(cards, piles) for half in (pile[::2], pile[1::2])]
    )


def cards_after(n, deals):
    """The card at every place after so many whole deals of an ordered deck."""
    cards = np.arange(n)
    for number in range(deals):
        cards = deal(cards, 2 ** (number % depth_of(n)))
    return cards


def fewest_swaps(cards):
    """Put every card home, one swap at a time; each swap brings at least one of them home."""
    cards, swaps = cards.copy(), 0
    for place in range(len(cards)):
        while cards[place] != place:
            other = cards[place]
            cards[[place, other]] = cards[[other, place]]
            swaps += 1
    return swaps


def spelled(card, n, order):
    """The place whose digits are the card's, taken in this order, the first is the highest."""
    digits = format(card, f"0{depth_of(n)}b")
    return int("".join(digits[i] for i in order), 2)


@cache
def stockham_reads(n):
    """Both walks of a stage, told by the library's own sums and differences of addresses."""
    with mock.patch.object(np, "stack", wraps=np.stack) as stack:
        fft_stockham(np.arange(n))
    sums, turned = (part.ravel() for part in stack.call_args_list[0].args[0])
    apart = np.abs(turned)  # a twiddle turns a difference and keeps its size
    return [((sums.real + sign * apart) / 2).round().astype(int).tolist() for sign in (-1, 1)]


def random_state(rng):
    """A state that can be, anywhere in the space of them."""
    n, rounds = int(rng.choice(DECKS)), int(rng.integers(1, 3))
    guess = [int(value) for value in rng.integers(0, n, 2)] if rng.random() < 0.5 else []
    return {
        "n": n,
        "rounds": rounds,
        "deals": float(rng.integers(0, 4 * rounds * depth_of(n) + 1)) / 4,
        "card": int(rng.integers(-1, n)),
        "guess": guess,
        "reading": str(rng.choice(["dealt", "stockham"])),
    }


def check(state, view):
    """Assert that a view is what Python computes for the state."""
    n, depth = state["n"], depth_of(state["n"])
    done = int(state["deals"])
    cards = cards_after(n, done)
    places = np.argsort(cards)
    assert view["cards"] == cards.tolist(), state
    assert view["places"] == places.tolist(), state
    if done == depth:
        assert view["cards"] == bit_reversal(n).tolist()
    if done == 2 * depth:
        assert view["cards"] == list(range(n)), "dealt twice, all are home"
    rows = [np.argsort(cards_after(n, row)).tolist() for row in range(state["rounds"] * depth + 1)]
    assert view["rows"] == rows, state
    for row, order in enumerate(view["digits"]):
        assert [spelled(card, n, order) for card in range(n)] == rows[row], (state, row)
    assert view["home"] == np.flatnonzero(cards == np.arange(n)).tolist(), state
    assert view["swaps"] == fewest_swaps(cards), state
    assert abs(view["travel"] - np.abs(cards - np.arange(n)).mean()) < 1e-12, state
    reads = [cards.tolist()] if state["reading"] == "dealt" else stockham_reads(n)
    assert view["reads"] == reads, state
    assert abs(view["hop"] - np.concatenate([np.abs(np.diff(r)) for r in reads]).mean()) < 1e-12
    gone = np.array(view["gone"])
    assert ((gone >= 0) & (gone <= 1)).all() and (state["deals"] > done or not gone.any()), state
