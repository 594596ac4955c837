"""Sparse factors multiplied into a dense matrix. Its front end: factor_product.js.

The reader expects a dense matrix to need as many numbers as it has entries, chooses any entry, and
sees it come apart into log2 N numbers, one from each sparse factor, along the only path there is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import traitlets
from numpy.typing import ArrayLike

from ..schedule import ButterflySchedule
from ._base import Figure, bundle, style
from ._factor_tables import SIZES, factor_tables, stage_table


class FactorProduct(Figure):
    """The factors of a butterfly, multiplied one at a time into the dense matrix.

    Every row of a factor holds two numbers, and every entry of the product is log2 N of them
    multiplied. `factors` shows a butterfly of your own, its first factor acting first: log2 N
    arrays of shape (N, N), N = 4, 8 or 16; `note` says in a sentence where they come from.
    Bad values raise `traitlets.TraitError`, factors that are no butterfly raise `ValueError`.

    >>> FactorProduct(n=16, weights="gates", entry=[3, 12])
    FactorProduct(entry=[3, 12], n=16, stage=4.0, weights='gates')
    >>> FactorProduct(factors=[[[1, 1, 0, 0], [1, -1, 0, 0], [0, 0, 1, 1], [0, 0, 1, -1]]])
    Traceback (most recent call last):
        ...
    ValueError: a butterfly of size 4 has 2 factors, besides the bit reversal; got 1
    """

    _esm = bundle("factor_product")
    _css = style("factor_product")

    n = traitlets.Int(8, help="size of the matrices: 4, 8 or 16").tag(sync=True)
    weights = traitlets.Unicode(
        "twiddles", help="whose numbers: twiddles, gates, learned, or given where factors were"
    ).tag(sync=True)
    stage = traitlets.CFloat(
        3.0, help="factors multiplied so far, 0 to log2 n; fractions are on the way"
    ).tag(sync=True)
    entry = traitlets.List(
        traitlets.Int(), help="chosen entry [row, column] of the product, or []"
    ).tag(sync=True)
    weight = traitlets.List(
        traitlets.Int(), help="chosen entry [factor - 1, row, column] of a factor, or []"
    ).tag(sync=True)
    change = traitlets.CFloat(
        0.0, help="what the reader did to it: full turns if complex, else a number added"
    ).tag(sync=True)
    bet = traitlets.List(
        traitlets.Int(),
        help="guess [factor, nonzero entries after it] or [0, entries that will change], or []",
    ).tag(sync=True)
    tables = traitlets.Dict(help="weights -> size -> table of its factors; made by Python").tag(
        sync=True
    )

    def __init__(
        self, factors: Sequence[ArrayLike] | None = None, note: str = "", **values: Any
    ) -> None:
        values.setdefault("tables", factor_tables())
        if factors is not None:
            given = stage_table(factors, note or "Factors given from Python.")
            size = len(given["stages"][0])
            values["tables"] = {**values["tables"], "given": {str(size): given}}
            values.setdefault("weights", "given")
            values.setdefault("n", size)
        if "stage" not in values and values.get("n", 8) in SIZES:
            values["stage"] = float(ButterflySchedule(values.get("n", 8)).depth)
        super().__init__(**values)

    @property
    def depth(self) -> int:
        """The number of factors, besides the bit reversal."""
        return ButterflySchedule(self.n).depth

    def _ready(self) -> bool:
        """Return whether n and weights go together; where not, the error is about them."""
        return str(self.n) in self.tables.get(self.weights, {})

    @traitlets.observe("n", "weights")
    def _fit(self, change: dict[str, Any]) -> None:
        """Make the rest fit a change that Python made alone; a front end sends what fits."""
        if not self._ready():
            return
        with self.hold_trait_notifications():
            self.stage = min(self.stage, self.depth)
            if self.entry and max(self.entry) >= self.n:
                self.entry = []
            if self.weight and not self._has_entry(self.weight):
                self.weight = []
            if not self.weight:
                self.change = 0.0
            if self.bet and not self._may_bet(self.bet):
                self.bet = []

    @traitlets.validate("n", "weights")
    def _valid_table(self, proposal: dict[str, Any]) -> Any:
        now = {"n": self.n, "weights": self.weights, proposal["trait"].name: proposal["value"]}
        if now["weights"] not in self.tables:
            raise traitlets.TraitError(
                f"weights must be one of {', '.join(self.tables)}; got {now['weights']!r}"
            )
        sizes = sorted(map(int, self.tables[now["weights"]]))
        if now["n"] not in sizes:
            wanted = ", ".join(map(str, sizes))
            raise traitlets.TraitError(
                f"n must be one of {wanted} for weights={now['weights']!r}; got {now['n']}"
            )
        return proposal["value"]

    @traitlets.validate("stage")
    def _valid_stage(self, proposal: dict[str, Any]) -> float:
        if self._ready() and not 0 <= proposal["value"] <= self.depth:
            raise traitlets.TraitError(
                f"stage must lie in 0 to {self.depth}; got {proposal['value']}"
            )
        return float(proposal["value"])

    @traitlets.validate("entry")
    def _valid_entry(self, proposal: dict[str, Any]) -> list[int]:
        entry: list[int] = proposal["value"]
        if entry and not (len(entry) == 2 and all(0 <= place < self.n for place in entry)):
            raise traitlets.TraitError(
                f"entry must be [] or [row, column] with both in 0 to {self.n - 1}; got {entry}"
            )
        return entry

    @traitlets.validate("weight")
    def _valid_weight(self, proposal: dict[str, Any]) -> list[int]:
        weight: list[int] = proposal["value"]
        if weight and self._ready() and not self._has_entry(weight):
            raise traitlets.TraitError(
                f"weight must be [] or an entry of a factor, [0 to {self.depth - 1}, row, column] "
                f"with column the row itself or its partner; got {weight}"
            )
        return weight

    def _has_entry(self, weight: list[int]) -> bool:
        """Return whether a factor may hold an entry there."""
        if len(weight) != 3:
            return False
        stage, row, column = weight
        table = self.tables[self.weights][str(self.n)]
        schedule = ButterflySchedule(self.n, decreasing=table["decreasing"])
        if not (0 <= stage < schedule.depth and 0 <= row < self.n):
            return False
        return column in (row, schedule.partners(stage)[row])

    @traitlets.validate("change")
    def _valid_change(self, proposal: dict[str, Any]) -> float:
        change: float = proposal["value"]
        if not math.isfinite(change) or (change and not self.weight):
            raise traitlets.TraitError(
                f"change must be a number, and 0 unless a weight is chosen to be changed; "
                f"got {change} with weight={self.weight}"
            )
        return float(change)

    @traitlets.validate("bet")
    def _valid_bet(self, proposal: dict[str, Any]) -> list[int]:
        bet: list[int] = proposal["value"]
        if bet and self._ready() and not self._may_bet(bet):
            raise traitlets.TraitError(
                f"bet must be [], [1 to {self.depth}, one of {self._guesses(1)}] or "
                f"[0, one of {self._guesses(0)}]; got {bet}"
            )
        return bet

    def _guesses(self, factor: int) -> list[int]:
        if factor:
            return [self.n << power for power in range(self.depth + 1)]
        return sorted({1, self.n // 2, self.n, self.n**2 // 4, self.n**2})

    def _may_bet(self, bet: list[int]) -> bool:
        return len(bet) == 2 and 0 <= bet[0] <= self.depth and bet[1] in self._guesses(bet[0])
