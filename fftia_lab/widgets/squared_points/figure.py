"""Points on a circle that squaring folds, and the calls of the recursion that ask there.

The reader expects that eight values of a polynomial take eight times the work of one; drags z and
sees −z go opposite and z² twice as far; and folds eight points onto four, two and one, while the
calls of an FFT grow below, two for each.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import traitlets

from ...signals import preset
from ..kit.bundle import bundle, style
from ..kit.fields import OneOf
from ..kit.figure import Figure, Wish

SIZES = (4, 8, 16)


def coefficients() -> dict[str, list[float]]:
    """Return N -> the samples that are p's coefficients: years of sunspots, as in the butterfly.

    >>> coefficients()["4"]
    [1.0, 0.0846, -0.3981, -0.6865]
    """
    return {str(size): [float(v) for v in preset("sunspots", size).round(4)] for size in SIZES}


def depth_of(state: Any) -> int:
    """Return after how many squarings one point is left."""
    return int(state.n).bit_length() - 1


def level_of(state: Any) -> int:
    """Return how many squarings are done."""
    return int(state.fold + 1e-9)


class SquaredPoints(Figure):
    """The points of a DFT, squared again and again, beside the calls of the recursive FFT.

    Python sees every change: after a reader drags z, `widget.k` holds where it is.
    Bad values raise `traitlets.TraitError` with what was given and what is wanted.

    >>> SquaredPoints(n=16, k=3, fold=1)
    SquaredPoints(fold=1.0, k=3.0, n=16)
    """

    _esm = bundle(__file__)
    _css = style(__file__)
    STATE = ("n", "k", "fold", "call")

    n = OneOf(SIZES, 8, "number of points")
    k = traitlets.CFloat(
        1.0, help="z is w to the k, 0 to below n; fractions lie between two points"
    ).tag(sync=True)
    fold = traitlets.CFloat(0.0, help="squarings done, 0 to log2(n); fractions are on the way").tag(
        sync=True
    )
    call = traitlets.Int(
        0, help="chosen call of the level that has been reached, from the left, 0 to 2**level - 1"
    ).tag(sync=True)
    signals = traitlets.Dict(coefficients(), help="n -> samples; made by Python").tag(sync=True)

    def follow(self, old: SimpleNamespace, now: Wish) -> None:
        """Points stay folded to the end; z stays where it is; a call hands over to its first."""
        if now.n != old.n:
            now.k = float(int(old.k * now.n / old.n))
            if old.fold == depth_of(old):
                now.fold = float(depth_of(now))
        now.fold = min(now.fold, float(depth_of(now)))
        deeper = level_of(now) - level_of(old)
        now.call = now.call << deeper if deeper > 0 else now.call >> -deeper

    @traitlets.validate("k")
    def _valid_k(self, proposal: dict[str, Any]) -> float:
        k: float = proposal["value"]
        if not 0 <= k < self.n:
            raise traitlets.TraitError(f"k must lie in 0 to below {self.n}; got {k}")
        return k

    @traitlets.validate("fold")
    def _valid_fold(self, proposal: dict[str, Any]) -> float:
        fold: float = proposal["value"]
        if not 0 <= fold <= depth_of(self):
            raise traitlets.TraitError(f"fold must lie in 0 to {depth_of(self)}; got {fold}")
        return fold

    @traitlets.validate("call")
    def _valid_call(self, proposal: dict[str, Any]) -> int:
        call: int = proposal["value"]
        calls = 2 ** level_of(self)
        if not 0 <= call < calls:
            raise traitlets.TraitError(
                f"call must lie in 0 to {calls - 1} at fold={self.fold:g}; got {call}"
            )
        return call
