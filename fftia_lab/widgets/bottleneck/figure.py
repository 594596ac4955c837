"""One place holds one vector: its block of the product has rank 1, and two values cannot share it.

A reader presses a place and sees a column times a row. Then she lets every gate keep or swap and
exchanges the two ends: two values want one place. Stages added at the end give them other ways.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import traitlets

from ..kit.bundle import bundle, style
from ..kit.fields import OneOf, Whole, checked_entry
from ..kit.figure import Wish
from ..kit.stages import Staged
from ..shared.tables import WIRINGS, schedules
from .tables import MODES, SETS, SIZES, bottleneck_tables, ends_exchanged

WIRED = tuple(f"{kind}/{n}/0/0" for kind in sorted(set(MODES.values())) for n in SIZES)


def stages_of(mode: str, n: int) -> int:
    """Return the number of stages that a mode shows."""
    return WIRINGS[MODES[mode]](n).depth


class Bottleneck(Staged):
    """A place after some stages, its block of the product, or an order and its ways.

    Bad values raise `traitlets.TraitError` with what was given and what is wanted.

    >>> Bottleneck(mode="pass", order=[3, 0, 1, 2])
    Bottleneck(mode='pass', n=4, node=[2, 3], order=[3, 0, 1, 2], stage=2.0)
    """

    _esm = bundle(__file__, schedules(*WIRED))
    _css = style(__file__)
    STATE = ("n", "mode", "gates", "node", "entry", "order", "stage")

    n = OneOf(SIZES, 8, "number of tokens")
    mode = traitlets.Enum(
        list(MODES),
        "block",
        help="what is shown: a block of the product, or an order in one pass or through Beneš",
    ).tag(sync=True)
    gates = Whole(0, SETS - 1, 0, "which random gates the product is made of")
    node = traitlets.List(
        traitlets.Int(), [2, 5], help="a place after some stages, [stages, token]"
    ).tag(sync=True)
    entry = traitlets.List(
        traitlets.Int(), help="the entry that is explained, [row, column]; []: the block's largest"
    ).tag(sync=True)
    order = traitlets.List(
        traitlets.Int(),
        ends_exchanged(8),
        help="token i is to end with the value of token order[i]",
    ).tag(sync=True)
    stage = traitlets.CFloat(
        3.0, help="stages completed, 0 to depth; fractions are on the way"
    ).tag(sync=True)
    tables = traitlets.Dict(help="gates, and counts of orders; made by Python").tag(sync=True)

    def __init__(self, **values: Any) -> None:
        values.setdefault("tables", bottleneck_tables())
        super().__init__(**values)

    @staticmethod
    def depth_of(state: Any) -> int:
        """Return the number of stages that are shown."""
        return stages_of(state.mode, state.n)

    def follow(self, old: SimpleNamespace, now: Wish) -> None:
        """An order says how many tokens there are; a figure at its end stays there."""
        if now.order != old.order and len(now.order) in SIZES:
            now.n = len(now.order)
        if len(now.order) != now.n:
            now.order = ends_exchanged(now.n)
        super().follow(old, now)
        ends = stages_of("block", now.n), now.n - 1
        now.node = [min(at, end) for at, end in zip(now.node, ends, strict=False)]
        now.entry = [min(place, now.n - 1) for place in now.entry]

    @traitlets.validate("node")
    def _valid_node(self, proposal: dict[str, Any]) -> list[int]:
        node: list[int] = proposal["value"]
        most = stages_of("block", self.n), self.n - 1
        if len(node) != 2 or not all(0 <= at <= end for at, end in zip(node, most, strict=True)):
            raise traitlets.TraitError(
                f"node must be [0 to {most[0]} stages, 0 to {most[1]}]; got {node}"
            )
        return node

    @traitlets.validate("entry")
    def _valid_entry(self, proposal: dict[str, Any]) -> list[int]:
        return checked_entry(proposal["value"], self.n)

    @traitlets.validate("order")
    def _valid_order(self, proposal: dict[str, Any]) -> list[int]:
        order: list[int] = proposal["value"]
        if sorted(order) != list(range(self.n)):
            raise traitlets.TraitError(
                f"order must hold each of 0 to {self.n - 1} once; got {order}"
            )
        return order
