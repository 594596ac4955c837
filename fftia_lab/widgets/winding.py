"""One number of the DFT, by hand: a signal wound round a circle, and its centre of mass.

The reader expects a wave of 5½ cycles to make a line or two between 5 and 6, turns the crank past
them, and sees the dot off the centre at 25 of 33 whole turns. Its front end: winding.js.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets

from ..signals import PRESETS
from ._base import Figure, bundle, checked_samples, signal_tables, style

SIZES = (8, 16, 32, 64)
NO_QUESTION = -1


class Winding(Figure):
    """A signal wound f times round a circle: X(f) = Σ_j x_j e^{-2πi jf/n}.

    The heavy dot is the centre of mass of the wound samples, X(f)/n; nothing divides X itself.
    Python sees every change: after a reader has drawn, `widget.samples` holds the new signal.
    Bad values raise `traitlets.TraitError` with what was given and what is wanted.

    >>> Winding(n=16, signal="click", f=13, mode="walk")
    Winding(copies=True, f=13.0, mode='walk', n=16, signal='click')
    """

    _esm = bundle("winding")
    _css = style("winding")

    n = traitlets.Int(64, help="number of samples: 8, 16, 32 or 64").tag(sync=True)
    signal = traitlets.Enum(
        ["tone", *PRESETS, "drawn"],
        "tone",
        help="a wave of `tone` cycles, a preset of fftia_lab.signals, or the reader's own",
    ).tag(sync=True)
    tone = traitlets.CFloat(
        5.0, help='cycles of signal="tone" in the record, 0 to n/2; fractions leak'
    ).tag(sync=True)
    samples = traitlets.List(
        traitlets.CFloat(), help='the drawn signal, n values from -1 to 1; [] unless signal="drawn"'
    ).tag(sync=True)
    window = traitlets.Enum(
        ["none", "hann"], "none", help="what the samples are multiplied by before they are wound"
    ).tag(sync=True)
    f = traitlets.CFloat(
        5.0, help="turns that the whole record makes, -n/2 to n; k where it is whole"
    ).tag(sync=True)
    seen = traitlets.List(
        traitlets.CFloat(),
        help="[lowest, highest] f where the crank has been: the spectrum is drawn there; "
        "[] stands for all from 0 to f",
    ).tag(sync=True)
    mode = traitlets.Enum(
        ["wound", "walk"], "wound", help="the samples on their circle, or their sum tip to tail"
    ).tag(sync=True)
    copies = traitlets.Bool(
        False, help="show f from -n/2 to n, with what repeats; else 0 to n/2, all that is new"
    ).tag(sync=True)
    ask = traitlets.Int(
        NO_QUESTION, help="whole k, 0 to n/2, at which the reader bets on the dot; -1 = no question"
    ).tag(sync=True)
    bet = traitlets.List(
        traitlets.CFloat(), help="guessed centre of mass at k = ask, [real, imaginary], or []"
    ).tag(sync=True)
    signals = traitlets.Dict(help="preset name -> samples for n = 8, 16 … 64; made by Python").tag(
        sync=True
    )

    def __init__(self, **values: Any) -> None:
        values.setdefault("signals", signal_tables(SIZES))
        if "samples" in values:
            values.setdefault("signal", "drawn")
            values.setdefault("n", len(values["samples"]))
        super().__init__(**values)
        asked = {name: values[name] for name in ("f", "seen") if name in values}
        with self.hold_trait_notifications():  # a smaller n has moved them if n came first
            for name, value in asked.items():
                setattr(self, name, value)

    def _half(self) -> float:
        """Half the size; no limit while n is impossible, so that the error is about n."""
        return self.n / 2 if self.n in SIZES else float("inf")

    @traitlets.observe("n", "signal", "f", "seen", "ask")
    def _fit(self, change: dict[str, Any]) -> None:
        """Make the rest fit a change that Python made alone; a front end sends what fits."""
        half = self._half()
        with self.hold_trait_notifications():
            self.tone = min(self.tone, half)
            if change["name"] == "n":
                low, high = (-half, 2 * half) if self.copies else (0.0, half)
                self.f = min(max(self.f, low), high)
                self.seen = [min(max(end, low), high) for end in self.seen]
            elif not all(0 <= f <= half for f in (self.f, *self.seen)):
                self.copies = True
            self.ask = int(min(self.ask, half))
            if self.ask == NO_QUESTION:
                self.bet = []
            if self.signal != "drawn":
                self.samples = []
            elif len(self.samples) != self.n:
                old = self.samples or [0.0]
                places = np.linspace(0, 1, self.n), np.linspace(0, 1, len(old))
                self.samples = np.interp(*places, old).tolist()

    @traitlets.validate("n")
    def _valid_n(self, proposal: dict[str, Any]) -> int:
        if proposal["value"] not in SIZES:
            raise traitlets.TraitError(f"n must be one of {SIZES}; got {proposal['value']}")
        return int(proposal["value"])

    @traitlets.validate("tone")
    def _valid_tone(self, proposal: dict[str, Any]) -> float:
        if not 0 <= proposal["value"] <= self._half():
            raise traitlets.TraitError(
                f"tone must lie in 0 to {self.n // 2} cycles; got {proposal['value']}"
            )
        return float(proposal["value"])

    @traitlets.validate("f", "seen")
    def _valid_turns(self, proposal: dict[str, Any]) -> Any:
        value, name = proposal["value"], proposal["trait"].name
        ends = [value] if name == "f" else value
        half = self._half()
        if not all(-half <= end <= 2 * half for end in ends):
            raise traitlets.TraitError(
                f"{name} must lie in {-self.n // 2} to {self.n} turns; got {value}"
            )
        if name == "seen" and value and not (len(value) == 2 and value[0] <= value[1]):
            raise traitlets.TraitError(f"seen must be [] or [lowest, highest]; got {value}")
        return value

    @traitlets.validate("samples")
    def _valid_samples(self, proposal: dict[str, Any]) -> list[float]:
        return checked_samples(proposal["value"], self.signal, self.n)

    @traitlets.validate("ask")
    def _valid_ask(self, proposal: dict[str, Any]) -> int:
        ask: int = proposal["value"]
        if not NO_QUESTION <= ask <= self._half():
            raise traitlets.TraitError(f"ask must be -1 or a k in 0 to {self.n // 2}; got {ask}")
        return ask

    @traitlets.validate("bet")
    def _valid_bet(self, proposal: dict[str, Any]) -> list[float]:
        bet: list[float] = proposal["value"]
        if bet and not (len(bet) == 2 and all(-1 <= part <= 1 for part in bet)):
            raise traitlets.TraitError(
                f"bet must be [] or [real, imaginary], each in -1 to 1; got {bet}"
            )
        if bet and self.ask == NO_QUESTION:
            raise traitlets.TraitError("a bet needs a question: set ask to the k that it is about")
        return bet
