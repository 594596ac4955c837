"""A filter to draw: its response, the weights it makes of it, whom an input reaches, the output.

The reader expects a filter of frequencies to leave places alone. She moves an impulse to the end,
and the first outputs answer: the transform joins the end to the beginning. Zeros cut that seam, and
the output before the impulse still moves: padding is not causality.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import traitlets

from ...signals import PRESETS
from ..kit.bundle import bundle, style
from ..kit.fields import OneOf, Whole
from ..kit.figure import Figure, Wish
from ..shared.samples import Samples, checked_samples, drawn_samples, fit_to_samples
from ..shared.tables import signal_tables

SIZES = (16, 32, 64, 128)
KNOTS, TOP, LATEST = 9, 1.5, 4  # how many, their highest gain, the longest delay
LOW_PASS = [1.0] * 3 + [0.0] * 6
ANSWERS: dict[str, tuple[str, ...]] = {
    "": (),
    "seam": ("yes", "no"),
    "future": ("yes", "no"),
    "double": ("half", "same", "twice"),
}
ABOUT = ("n", "gains", "delay", "mode", "edge")  # what a question is about


def place_of(at: float) -> int:
    """Return the input that is followed: a time between two of them belongs to the nearer one."""
    return int(at + 0.5)


def signal_of(state: SimpleNamespace, signals: dict[str, Any]) -> list[float]:
    """Return the samples of a state."""
    if state.signal == "impulse":
        return [float(place == place_of(state.at)) for place in range(state.n)]
    samples: list[float] = state.samples
    return samples or signals[state.signal][SIZES.index(state.n)]


class FilterLab(Figure):
    """A filter of nine knots, as `fftia_lab.mixing.SpectralMixingLayer` with num_filters=9 has it.

    Knot k is gain · e^{-2πi k delay/16}. Per sample knot k stands at k/16 cycles per sample, with
    straight lines between; per sequence at k cycles per sequence, and further frequencies pass.
    Bad values raise `traitlets.TraitError` with what was given and what is wanted.

    >>> FilterLab(n=32, mode="sequence", edge="causal", at=3)
    FilterLab(at=3.0, edge='causal', mode='sequence', n=32)
    """

    _esm = bundle(__file__)
    _css = style(__file__)
    STATE = (*ABOUT, "signal", "samples", "at", "ask", "bet")

    n = OneOf(SIZES, 64, "number of samples")
    gains = traitlets.List(
        traitlets.CFloat(), LOW_PASS, help=f"the magnitudes of the {KNOTS} knots, 0 to {TOP} each"
    ).tag(sync=True)
    delay = Whole(-LATEST, LATEST, 0, "lags that all knots delay by, at 16 samples")
    mode = traitlets.Enum(
        ["sample", "sequence"],
        "sample",
        help="what the knots are frequencies of: cycles per sample, or per sequence",
    ).tag(sync=True)
    edge = traitlets.Enum(
        ["circular", "padded", "causal"],
        "circular",
        help="the end meets the beginning; zeros follow it; or these and no negative lags",
    ).tag(sync=True)
    signal = traitlets.Enum(
        ["impulse", *PRESETS, "drawn"],
        "impulse",
        help="a 1 at the place `at`, a preset of fftia_lab.signals, or the reader's own",
    ).tag(sync=True)
    samples = traitlets.List(
        traitlets.CFloat(), help='the drawn signal, n values from -1 to 1; [] unless signal="drawn"'
    ).tag(sync=True)
    at = traitlets.CFloat(
        63.0, help="the input that is followed, 0 to n - 1; half-way while it moves"
    ).tag(sync=True)
    ask = traitlets.Enum(
        [*ANSWERS],
        "",
        help="the question of a bet: does output 0 hear the last input (seam), does one hear the "
        "next (future), how long is the kernel at 2n (double); or none",
    ).tag(sync=True)
    bet = traitlets.Enum(
        ["", *dict.fromkeys(answer for answers in ANSWERS.values() for answer in answers)],
        "",
        help="the reader's answer, or none yet",
    ).tag(sync=True)
    signals = traitlets.Dict(help="preset name -> samples for n = 16 … 128; made by Python").tag(
        sync=True
    )

    def __init__(self, **values: Any) -> None:
        values.setdefault("signals", signal_tables(SIZES))
        fit_to_samples(values, SIZES)
        super().__init__(**values)

    @property
    def x(self) -> Samples:
        """The samples that go into the filter."""
        return np.array(signal_of(SimpleNamespace(**self._own_values()), self.signals))

    def follow(self, old: SimpleNamespace, now: Wish) -> None:
        """An input keeps its part of the sequence; a question ends with what it is about."""
        at_the_end = old.at == old.n - 1
        now.at = float(now.n - 1) if at_the_end else min(old.at * now.n / old.n, now.n - 1)
        now.samples = drawn_samples(now, lambda: signal_of(old, now.signals), now.n)
        if any(getattr(now, name) != getattr(old, name) for name in ABOUT):
            now.ask = ""
        if now.ask != old.ask:
            now.bet = ""

    @traitlets.validate("gains")
    def _valid_gains(self, proposal: dict[str, Any]) -> list[float]:
        gains: list[float] = proposal["value"]
        if len(gains) != KNOTS or not all(0 <= gain <= TOP for gain in gains):
            raise traitlets.TraitError(
                f"gains must hold {KNOTS} values, each in 0 to {TOP}; got {gains}"
            )
        return gains

    @traitlets.validate("samples")
    def _valid_samples(self, proposal: dict[str, Any]) -> list[float]:
        return checked_samples(proposal["value"], self.signal, self.n)

    @traitlets.validate("at")
    def _valid_place(self, proposal: dict[str, Any]) -> float:
        if not 0 <= proposal["value"] <= self.n - 1:
            raise traitlets.TraitError(f"at must lie in 0 to {self.n - 1}; got {proposal['value']}")
        return float(proposal["value"])

    @traitlets.validate("ask", "bet")
    def _valid_bet(self, proposal: dict[str, Any]) -> str:
        now = {"ask": self.ask, "bet": self.bet, proposal["trait"].name: proposal["value"]}
        answers = ANSWERS[now["ask"]]
        if now["bet"] and now["bet"] not in answers:
            raise traitlets.TraitError(
                f"bet must be an answer to ask={now['ask']!r}, {list(answers)}, or ''; "
                f"got {now['bet']!r}"
            )
        return str(proposal["value"])
