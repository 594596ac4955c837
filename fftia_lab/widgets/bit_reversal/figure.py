"""Dealing cards until one is left: the order that the FFT sorts into.

The reader expects that dealing a deck again and again mixes it up; deals it, and bets where a
card will lie; and sees every card at its own address read backwards, so that the same deals, done
once more, bring all of them home.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import traitlets

from ...schedule import bit_reversal
from ..kit.bundle import bundle, style
from ..kit.fields import OneOf
from ..kit.figure import Figure, Wish

DECKS = (8, 16, 32, 64)
LONG = 1024


def long_deck() -> dict[str, float]:
    """Return how far a deck of 1,024 is scattered: too many cards to draw, not to count.

    >>> long_deck()["travel"]
    338.5
    """
    order = bit_reversal(LONG)
    return {
        "n": LONG,
        "travel": float(np.abs(order - np.arange(LONG)).mean()),
        "hop": round(float(np.abs(np.diff(order)).mean()), 1),
    }


def last_deal(state: Any) -> int:
    """Return the number of deals after which nothing is left to deal."""
    return int(state.rounds * (state.n.bit_length() - 1))


class BitReversal(Figure):
    """A deck of n cards, dealt evens left and odds right, and again inside every half.

    Python sees every change: after a reader bets, `widget.guess` holds the card and the place.
    Bad values raise `traitlets.TraitError` with what was given and what is wanted.

    >>> BitReversal(n=8, deals=1.5, card=6)
    BitReversal(card=6, deals=1.5, n=8)
    """

    _esm = bundle(__file__)
    _css = style(__file__)
    STATE = ("n", "deals", "rounds", "card", "guess", "reading")

    n = OneOf(DECKS, 16, "number of cards")
    deals = traitlets.CFloat(
        0.0, help="deals done, 0 to rounds·log2(n); fractions are on the way"
    ).tag(sync=True)
    rounds = OneOf((1, 2), 1, "how often the whole deck is dealt")
    card = traitlets.Int(-1, help="chosen card, 0 to n - 1; -1 for none").tag(sync=True)
    guess = traitlets.List(
        traitlets.Int(), help="[card, place] as guessed for the end of the first round, or []"
    ).tag(sync=True)
    reading = traitlets.Enum(
        ["dealt", "stockham"],
        "dealt",
        help="whose reads the memory strip shows: this deck's, or a stage in Stockham's order",
    ).tag(sync=True)
    facts = traitlets.Dict(long_deck(), help="counts for a deck of 1,024, made by Python").tag(
        sync=True
    )

    @property
    def last(self) -> int:
        """The number of deals after which nothing is left to deal."""
        return last_deal(self)

    def follow(self, old: SimpleNamespace, now: Wish) -> None:
        """A deck that was dealt out stays dealt out when its size changes."""
        last = last_deal(now)
        if now.n != old.n and old.deals == last_deal(old):
            now.deals = last
        now.deals = min(now.deals, last)
        now.card = min(now.card, now.n - 1)
        if max(now.guess, default=0) >= now.n:
            now.guess = []

    @traitlets.validate("deals")
    def _valid_deals(self, proposal: dict[str, Any]) -> float:
        if not 0 <= proposal["value"] <= self.last:
            raise traitlets.TraitError(
                f"deals must lie in 0 to {self.last}; got {proposal['value']}"
            )
        return float(proposal["value"])

    @traitlets.validate("card")
    def _valid_card(self, proposal: dict[str, Any]) -> int:
        card: int = proposal["value"]
        if not -1 <= card < self.n:
            raise traitlets.TraitError(f"card must lie in 0 to {self.n - 1}, or be -1; got {card}")
        return card

    @traitlets.validate("guess")
    def _valid_guess(self, proposal: dict[str, Any]) -> list[int]:
        guess: list[int] = proposal["value"]
        fits = len(guess) == 2 and 0 <= min(guess) and max(guess) < self.n
        if guess and not fits:
            raise traitlets.TraitError(
                f"guess must be [] or [card, place], both 0 to {self.n - 1}; got {guess}"
            )
        return guess
