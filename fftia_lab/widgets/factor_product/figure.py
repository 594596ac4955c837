"""Sparse factors multiplied into a dense matrix.

The reader expects a dense matrix to need as many numbers as it has entries, chooses any entry, and
sees it come apart into log2 N numbers, one from each sparse factor, along the only path there is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import traitlets
from numpy.typing import ArrayLike

from ...schedule import ButterflySchedule
from ..kit.bundle import bundle, style
from ..kit.fields import checked_entry, checked_stage
from ..kit.figure import Wish
from ..kit.stages import Staged
from ..shared.tables import WIRINGS, schedules
from .tables import factor_tables, room_of, stage_table


def is_ready(state: Any) -> bool:
    """Return whether n and weights go together; where not, the error is about them."""
    return str(state.n) in state.tables.get(state.weights, {})


def has_entry(state: Any, weight: list[int]) -> bool:
    """Return whether a factor may hold an entry there."""
    if len(weight) != 3:
        return False
    stage, row, column = weight
    table = state.tables[state.weights][str(state.n)]
    schedule = ButterflySchedule(state.n, decreasing=table["decreasing"])
    if not (0 <= stage < schedule.depth and 0 <= row < state.n):
        return False
    return column in (row, schedule.partners(stage)[row])


def guesses(n: int, factor: int) -> list[int]:
    """Return what may be guessed of a factor, or, for 0, of a change."""
    if factor:
        return [n << power for power in range(n.bit_length())]
    return sorted({1, n // 2, n, n**2 // 4, n**2})


def may_bet(n: int, bet: list[int]) -> bool:
    """Return whether a bet is [factor, or 0 for the change; a count]."""
    return len(bet) == 2 and 0 <= bet[0] < n.bit_length() and bet[1] in guesses(n, bet[0])


class FactorProduct(Staged):
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

    _esm = bundle(__file__, schedules(*WIRINGS))
    _css = style(__file__)
    STATE = ("n", "weights", "stage", "entry", "weight", "change", "bet")

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
        if not isinstance(note, str):
            raise TypeError(f"note must be a sentence; got {note!r}")
        if factors is not None:
            given = stage_table(factors, note or "Factors given from Python.")
            size = len(given["stages"][0])
            values["tables"] = {**values["tables"], "given": {str(size): given}}
            values.setdefault("weights", "given")
            values.setdefault("n", size)
        super().__init__(**values)

    @staticmethod
    def depth_of(state: Any) -> int:
        """Return the number of factors, besides the bit reversal."""
        return int(state.n).bit_length() - 1

    def follow(self, old: SimpleNamespace, now: Wish) -> None:
        """A product at its end stays there; a change goes with the network it was made to."""
        if not is_ready(now):
            return
        super().follow(old, now)
        resized, moved = now.n != old.n, now.weight != old.weight
        other = resized or now.weights != old.weights
        now.entry = [place % now.n for place in now.entry]
        if now.weight and not has_entry(now, now.weight):
            now.weight = []
        if other or moved or not now.weight:
            now.change = 0.0
        about_change = now.bet[:1] == [0]
        if other or (moved and about_change) or (now.bet and not may_bet(now.n, now.bet)):
            now.bet = []

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
        stage = float(proposal["value"])
        return checked_stage(stage, self.depth) if is_ready(self) else stage

    @traitlets.validate("entry")
    def _valid_entry(self, proposal: dict[str, Any]) -> list[int]:
        return checked_entry(proposal["value"], self.n)

    @traitlets.validate("weight")
    def _valid_weight(self, proposal: dict[str, Any]) -> list[int]:
        weight: list[int] = proposal["value"]
        if weight and is_ready(self) and not has_entry(self, weight):
            raise traitlets.TraitError(
                f"weight must be [] or an entry of a factor, [0 to {self.depth - 1}, row, column] "
                f"with column the row itself or its partner; got {weight}"
            )
        return weight

    @traitlets.validate("change")
    def _valid_change(self, proposal: dict[str, Any]) -> float:
        change: float = proposal["value"]
        if not math.isfinite(change) or (change and not self.weight):
            raise traitlets.TraitError(
                f"change must be a number, and 0 unless a weight is chosen to be changed; "
                f"got {change} with weight={self.weight}"
            )
        if not change or not is_ready(self) or not has_entry(self, self.weight):
            return float(change)
        room = room_of(self.tables[self.weights][str(self.n)], self.weight)
        if room is None:
            return change - math.floor(change + 0.5)  # whole turns change nothing
        if not room[0] <= change <= room[1]:
            raise traitlets.TraitError(
                f"change must lie in {room[0]:g} to {room[1]:g} for weight={self.weight} of "
                f"weights={self.weights!r}; got {change}"
            )
        return change

    @traitlets.validate("bet")
    def _valid_bet(self, proposal: dict[str, Any]) -> list[int]:
        bet: list[int] = proposal["value"]
        if bet and is_ready(self) and not may_bet(self.n, bet):
            raise traitlets.TraitError(
                f"bet must be [], [1 to {self.depth}, one of {guesses(self.n, 1)}] or "
                f"[0, one of {guesses(self.n, 0)}]; got {bet}"
            )
        return bet
