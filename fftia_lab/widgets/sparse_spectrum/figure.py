"""A spectrum of which the largest coefficients are kept: what is lost, and every byte of the rest.

The reader sees a smooth image shrink to a fifteenth and expects the same of weights. She bets on
random ones, keeps a fifth of their coefficients, and loses 69 %: there pruning loses less at the
same bytes, and INT8 loses one percent.
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
from ..shared.samples import Samples, checked_samples, drawn_samples
from .tables import MADE, SAMPLES, SIDE, spectrum_tables

GUESSES = (5, 20, 45, 70)
# Half-spectrum coefficients without those that are conjugates of others, by kind.
COUNTS = {"signal": SAMPLES // 2 + 1, "image": SIDE**2 // 2 + 2, "weights": SIDE**2 // 2 + 2}


class SparseSpectrum(Figure):
    """A signal, an image or a matrix, and the `kept` largest coefficients of its real DFT.

    Coefficients come in conjugate pairs, which are kept whole and stored once; there are 33 of 64
    samples and 514 of 32 × 32 numbers. Naming a signal, an image or weights shows them.
    Bad values raise `traitlets.TraitError` with what was given and what is wanted.

    >>> SparseSpectrum(weights="random", kept=103)
    SparseSpectrum(kept=103, kind='weights')
    """

    _esm = bundle(__file__)
    _css = style(__file__)
    STATE = (
        *("kind", "signal", "samples", "image", "weights"),
        *("kept", "precision", "published", "bet"),
    )

    kind = traitlets.Enum(list(COUNTS), "image", help="what is compressed").tag(sync=True)
    signal = traitlets.Enum(
        [*PRESETS, "drawn"],
        "sunspots",
        help=f"a signal of {SAMPLES} samples: a preset of fftia_lab.signals, or the reader's own",
    ).tag(sync=True)
    samples = traitlets.List(
        traitlets.CFloat(),
        help=f'the drawn signal, {SAMPLES} values from -1 to 1; [] unless signal="drawn"',
    ).tag(sync=True)
    image = traitlets.Enum(
        list(MADE["image"]), "hills", help=f"an image of {SIDE} × {SIDE} grey values"
    ).tag(sync=True)
    weights = traitlets.Enum(
        list(MADE["weights"]), "random", help=f"a matrix of {SIDE} × {SIDE} weights"
    ).tag(sync=True)
    kept = traitlets.Int(
        26, help="how many coefficients are kept, the largest first: 1 to 33 or to 514"
    ).tag(sync=True)
    precision = traitlets.Enum(
        ["fp32", "fp16"], "fp32", help="what a kept number is stored in"
    ).tag(sync=True)
    published = traitlets.Bool(
        False, help="store as FFT-Tensor does: complex64 and an int64 index for each dimension"
    ).tag(sync=True)
    bet = OneOf(
        (0, *GUESSES), 0, "guessed error in percent at a fifth of random weights, 0 for none"
    )
    tables = traitlets.Dict(
        help="kind -> name -> what is compressed, its shape, where it comes from; made by Python"
    ).tag(sync=True)

    def __init__(self, **values: Any) -> None:
        values.setdefault("tables", spectrum_tables())
        if values.get("samples"):
            values.setdefault("signal", "drawn")
        super().__init__(**values)

    @property
    def count(self) -> int:
        """How many coefficients there are to keep."""
        return COUNTS[self.kind]

    @property
    def x(self) -> Samples:
        """What is compressed: 64 samples, or 32 by 32 numbers."""
        if self.kind == "signal":
            return np.array(samples_of(SimpleNamespace(**self._own_values())))
        shown = self.tables[self.kind][getattr(self, self.kind)]
        return np.array(shown["values"]).reshape(shown["shape"])

    def follow(self, old: SimpleNamespace, now: Wish) -> None:
        """What is named is shown; of another number of coefficients the same share is kept."""
        for kind in COUNTS:
            if kind in now.named:
                now.kind = kind
        if "samples" in now.named:
            now.kind = "signal"
        before, count = COUNTS[old.kind], COUNTS[now.kind]
        if count != before:
            now.kept = (2 * old.kept * count + before) // (2 * before)
        now.kept = min(max(now.kept, 1), count)
        now.samples = drawn_samples(now, lambda: samples_of(old), SAMPLES)

    @traitlets.validate("kept")
    def _valid_kept(self, proposal: dict[str, Any]) -> int:
        kept: int = proposal["value"]
        if not 1 <= kept <= self.count:
            raise traitlets.TraitError(
                f"kept must lie in 1 to {self.count} for kind={self.kind!r}; got {kept}"
            )
        return kept

    @traitlets.validate("samples")
    def _valid_samples(self, proposal: dict[str, Any]) -> list[float]:
        return checked_samples(proposal["value"], self.signal, SAMPLES)


def samples_of(state: SimpleNamespace) -> list[float]:
    """Return the samples of the signal of a state."""
    samples: list[float] = state.samples
    return samples or state.tables["signal"][state.signal]["values"]
