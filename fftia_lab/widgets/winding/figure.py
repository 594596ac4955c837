"""One number of the DFT, by hand: a signal wound round a circle, and its centre of mass.

The reader expects a wave of 5½ cycles to make a line or two between 5 and 6, turns the crank past
them, and sees the dot off the centre at 25 of 33 whole turns.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import traitlets

from ...signals import PRESETS
from ..kit.bundle import bundle, style
from ..kit.fields import OneOf
from ..kit.figure import Figure, Wish
from ..shared.samples import Samples, checked_samples, drawn_samples, fit_to_samples
from ..shared.tables import signal_tables

SIZES = (8, 16, 32, 64)
NO_QUESTION = -1
QUESTION = ("n", "signal", "tone", "samples", "window", "ask")  # what a bet is about


def within(ends: tuple[float, float], values: list[float]) -> list[float]:
    """Return the values, those outside moved to the nearer end; what is no number to the lower."""
    return [min(ends[1], max(ends[0], value)) for value in values]


def folded(f: float, n: int) -> float:
    """Return the f from 0 to n/2 with the same magnitude: n turns more change nothing."""
    return min(f % n, n - f % n)


def signal_of(state: SimpleNamespace, signals: dict[str, Any]) -> list[float]:
    """Return the samples of a state."""
    if state.signal == "tone":
        turns = state.tone * np.arange(state.n) / state.n
        return [float(value) for value in np.cos(2 * np.pi * turns)]
    samples: list[float] = state.samples
    return samples or signals[state.signal][SIZES.index(state.n)]


class Winding(Figure):
    """A signal wound f times round a circle: X(f) = Σ_j x_j e^{-2πi jf/n}.

    The heavy dot is the centre of mass of the wound samples, X(f)/n; nothing divides X itself.
    Python sees every change: after a reader has drawn, `widget.samples` holds the new signal.
    Bad values raise `traitlets.TraitError` with what was given and what is wanted.

    >>> Winding(n=16, signal="click", f=13, mode="walk")
    Winding(copies=True, f=13.0, mode='walk', n=16, signal='click')
    """

    _esm = bundle(__file__)
    _css = style(__file__)
    STATE = (*QUESTION, "f", "seen", "mode", "scale", "copies", "bet")

    n = OneOf(SIZES, 64, "number of samples")
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
        ["wound", "walk", "halves"],
        "wound",
        help="the samples on their circle, their sum tip to tail, or the two halves of a wave, "
        "one winding forward and one back",
    ).tag(sync=True)
    scale = traitlets.Enum(
        ["linear", "decibel"],
        "linear",
        help="heights of the spectrum: as they are, or in decibels of the highest line, "
        "down to -120",
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
        fit_to_samples(values, SIZES)
        super().__init__(**values)

    @property
    def x(self) -> Samples:
        """The samples that are wound: those of the signal now shown, times its window."""
        samples = np.array(signal_of(SimpleNamespace(**self._own_values()), self.signals))
        if self.window == "none":
            return samples
        return samples * np.sin(np.pi * np.arange(self.n) / self.n) ** 2

    def _shown_in_repr(self) -> set[str]:
        from_the_start = [min(0.0, self.f), max(0.0, self.f)]
        return super()._shown_in_repr() - ({"seen"} if self.seen == from_the_start else set())

    def follow(self, old: SimpleNamespace, now: Wish) -> None:
        """The spectrum is seen where the crank has been; it stays on the axis that is shown."""
        if now.mode == "halves" and now.signal != "tone":  # only a wave has two halves
            now.signal = "tone"
            if now.signal != "tone":  # that was named
                now.mode = "wound"
        half = now.n / 2
        fresh, everywhere = (0.0, half), (-half, 2 * half)
        shown = everywhere if now.copies else fresh
        if now.n != old.n:  # another record
            now.f, now.seen = within(shown, [now.f])[0], within(shown, now.seen)
        if old.copies and not now.copies:
            now.f, now.seen = folded(now.f, now.n), within(fresh, now.seen)
        been = within(everywhere, [now.f, *(now.seen or [0.0])])
        now.seen = [min(been), max(been)]
        if not all(0 <= f <= half for f in (now.f, *now.seen)):
            now.copies = True
        now.tone = min(now.tone, half)
        now.samples = drawn_samples(now, lambda: signal_of(old, now.signals), now.n)
        now.ask = min(now.ask, now.n // 2)
        if now.ask < 0 or any(getattr(now, name) != getattr(old, name) for name in QUESTION):
            now.bet = []

    @traitlets.validate("signal", "mode")
    def _valid_halves(self, proposal: dict[str, Any]) -> str:
        now = {"signal": self.signal, "mode": self.mode}
        now[proposal["trait"].name] = proposal["value"]
        if now["mode"] == "halves" and now["signal"] != "tone":
            raise traitlets.TraitError(
                f"only a wave has two halves: with mode='halves' use signal='tone'; "
                f"got signal={now['signal']!r}"
            )
        return str(proposal["value"])

    @traitlets.validate("tone")
    def _valid_tone(self, proposal: dict[str, Any]) -> float:
        if not 0 <= proposal["value"] <= self.n / 2:
            raise traitlets.TraitError(
                f"tone must lie in 0 to {self.n // 2} cycles; got {proposal['value']}"
            )
        return float(proposal["value"])

    @traitlets.validate("f", "seen")
    def _valid_turns(self, proposal: dict[str, Any]) -> Any:
        value, name = proposal["value"], proposal["trait"].name
        ends = [value] if name == "f" else value
        half = self.n / 2
        if not all(-half <= end <= 2 * half for end in ends):
            raise traitlets.TraitError(
                f"{name} must lie in {-self.n // 2} to {self.n} turns; got {value}"
            )
        if name == "seen" and value and not (len(value) == 2 and value[0] <= value[1]):
            raise traitlets.TraitError(f"seen must be [] or [lowest, highest]; got {value}")
        self._fits_axis(name, self.copies, ends)
        if name == "f":
            return value
        been = value or [0.0]
        return [min(self.f, *been), max(self.f, *been)]

    @traitlets.validate("copies")
    def _valid_copies(self, proposal: dict[str, Any]) -> bool:
        self._fits_axis("f", proposal["value"], [self.f])
        return bool(proposal["value"])

    def _fits_axis(self, name: str, copies: bool, values: list[float]) -> None:
        """Refuse turns that repeat, where what repeats is not to be shown."""
        if not copies and values != within((0.0, self.n / 2), values):
            raise traitlets.TraitError(
                f"{name} with copies=False lies in 0 to {self.n // 2} turns; got {values}: "
                "leave copies out, or set copies=True"
            )

    @traitlets.validate("samples")
    def _valid_samples(self, proposal: dict[str, Any]) -> list[float]:
        return checked_samples(proposal["value"], self.signal, self.n)

    @traitlets.validate("ask")
    def _valid_ask(self, proposal: dict[str, Any]) -> int:
        ask: int = proposal["value"]
        if not NO_QUESTION <= ask <= self.n / 2:
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
