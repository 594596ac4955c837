"""The butterfly network, live: wiring, values, cones and twiddles."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import traitlets

from ...schedule import ButterflySchedule, Schedule
from ...signals import PRESETS
from ..kit.bundle import bundle, style
from ..kit.fields import OneOf
from ..kit.figure import Wish
from ..kit.stages import Staged
from ..shared.samples import Samples, checked_samples, drawn_samples, fit_to_samples
from ..shared.tables import SIZES, WIRINGS, schedules, signal_tables
from ..shared.trained import denoisers

WIRING = ("n", "schedule", "causal", "weights", "decimation")  # what makes it another network


def learned_tables() -> dict[str, Any]:
    """Return N -> the learned butterfly of that size, as `denoisers` has it.

    >>> learned_tables()["8"]["numbers"]
    48
    """
    found = denoisers()
    return {str(size): found[f"butterfly/0/{size}"] for size in SIZES}


def signal_of(state: SimpleNamespace, signals: dict[str, Any]) -> list[float]:
    """Return the samples of a state."""
    samples: list[float] = state.samples
    return samples or signals[state.signal][SIZES.index(state.n)]


class Butterfly(Staged):
    """A signal on its way through log2 N stages of meetings.

    Python sees every change: after a reader drags a sample, `widget.samples` holds the new signal.
    Bad values raise `traitlets.TraitError` with what was given and what is wanted.

    >>> Butterfly(n=16, schedule="shift", weights="average", stage=2)
    Butterfly(n=16, schedule='shift', stage=2.0, weights='average')
    """

    _esm = bundle(__file__, schedules(*WIRINGS))
    _css = style(__file__)
    STATE = (*WIRING, "stage", "signal", "samples", "node", "twist", "bet")

    n = OneOf(SIZES, 8, "number of samples or tokens")
    schedule = traitlets.Enum(
        list(WIRINGS), "butterfly", help="who meets whom, a kind of fftia_lab.schedule"
    ).tag(sync=True)
    causal = traitlets.Bool(False, help="nobody hears a later token").tag(sync=True)
    weights = traitlets.Enum(
        ["fft", "average", "gates", "learned"],
        "fft",
        help="what a meeting does: the FFT's ± and twiddle, the mean of the two, a softmax over "
        "8 times the products of values, or what training found to clean noisy waves",
    ).tag(sync=True)
    decimation = traitlets.Enum(
        ["time", "frequency"], "time", help="FFT only: sort first and stride 1, 2, 4 …, or reversed"
    ).tag(sync=True)
    stage = traitlets.CFloat(
        0.0, help="stages completed, 0 to depth; fractions are on the way"
    ).tag(sync=True)
    signal = traitlets.Enum(
        [*PRESETS, "drawn"], "sunspots", help="a preset of fftia_lab.signals, or the reader's own"
    ).tag(sync=True)
    samples = traitlets.List(
        traitlets.CFloat(), help='the drawn signal, n values from -1 to 1; [] unless signal="drawn"'
    ).tag(sync=True)
    node = traitlets.List(
        traitlets.Int(), help="chosen node [stage 0 to depth, row 0 to n - 1], or []"
    ).tag(sync=True)
    twist = traitlets.List(
        traitlets.CFloat(),
        help="turned twiddle [stage 0 to depth - 1, lower row of the pair, full turns], or []",
    ).tag(sync=True)
    bet = OneOf((0, 1, *SIZES), 0, "guessed number of wrong outputs, 0 for no guess")
    signals = traitlets.Dict(help="preset name -> samples for N = 2, 4 … 64; made by Python").tag(
        sync=True
    )
    tables = traitlets.Dict(help="N -> learned numbers, and what they do; made by Python").tag(
        sync=True
    )

    def __init__(self, **values: Any) -> None:
        values.setdefault("signals", signal_tables())
        values.setdefault("tables", learned_tables())
        fit_to_samples(values, SIZES)
        super().__init__(**values)

    @staticmethod
    def depth_of(state: Any) -> int:
        """Return the number of stages of the wiring shown."""
        return WIRINGS[state.schedule](state.n).depth

    @property
    def wiring(self) -> Schedule:
        """The wiring now shown, as the library has it."""
        if self.schedule == ButterflySchedule.kind:
            decreasing = self.weights == "fft" and self.decimation == "frequency"
            return ButterflySchedule(self.n, self.causal, decreasing=decreasing)
        return WIRINGS[self.schedule](self.n, causal=self.causal)

    @property
    def x(self) -> Samples:
        """The samples of the signal now shown."""
        return np.array(signal_of(SimpleNamespace(**self._own_values()), self.signals))

    def follow(self, old: SimpleNamespace, now: Wish) -> None:
        """A network at its end stays there; a turned twiddle goes with its network."""
        super().follow(old, now)
        if any(getattr(now, name) != getattr(old, name) for name in WIRING):
            now.twist = []
        if len(now.node) == 2:  # the rows of a transform repeat
            now.node = [min(now.node[0], self.depth_of(now)), now.node[1] % now.n]
        if now.node != old.node:
            now.bet = 0
        now.samples = drawn_samples(now, lambda: signal_of(old, now.signals), now.n)

    @traitlets.validate("weights", "schedule", "causal")
    def _valid_weights(self, proposal: dict[str, Any]) -> Any:
        now = {name: getattr(self, name) for name in ("weights", "schedule", "causal")}
        now[proposal["trait"].name] = proposal["value"]
        whole = now["schedule"] == "butterfly" and not now["causal"]
        if now["weights"] in ("fft", "learned") and not whole:
            name = {"fft": "the FFT needs", "learned": "what was learned needs"}[now["weights"]]
            raise traitlets.TraitError(
                f"{name} the whole butterfly: use schedule='butterfly' and causal=False, "
                "or weights='average' for other wirings"
            )
        return proposal["value"]

    @traitlets.validate("samples")
    def _valid_samples(self, proposal: dict[str, Any]) -> list[float]:
        return checked_samples(proposal["value"], self.signal, self.n)

    @traitlets.validate("node")
    def _valid_node(self, proposal: dict[str, Any]) -> list[int]:
        node: list[int] = proposal["value"]
        if node and not (len(node) == 2 and 0 <= node[0] <= self.depth and 0 <= node[1] < self.n):
            raise traitlets.TraitError(
                f"node must be [] or [0 to {self.depth}, 0 to {self.n - 1}]; got {node}"
            )
        return node

    @traitlets.validate("twist")
    def _valid_twist(self, proposal: dict[str, Any]) -> list[float]:
        twist: list[float] = proposal["value"]
        if twist and not self._has_pair(twist):
            raise traitlets.TraitError(
                "twist must be [] or, of an FFT, [stage, lower row of a pair, full turns]; "
                f"got {twist} for weights={self.weights!r} and n={self.n}"
            )
        return twist

    def _has_pair(self, twist: list[float]) -> bool:
        """Return whether a twist names a stage and the lower row of one of its pairs."""
        if self.weights != "fft" or len(twist) != 3 or not np.isfinite(twist).all():
            return False
        schedule = ButterflySchedule(self.n, decreasing=self.decimation == "frequency")
        stage, row = int(twist[0]), int(twist[1])
        if [stage, row] != twist[:2]:
            return False
        return 0 <= stage < schedule.depth and row in schedule.pairs(stage)[:, 0]
