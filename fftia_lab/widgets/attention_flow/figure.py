"""A trained layer of butterfly attention at work, beside dense attention on the same input.

A reader expects every token to look at the one with the flag; four ever meet it. The gates pass it
on, 2, 4, 8, 16, and their product is the matrix that dense attention finds at once. A second flag,
never trained on, makes some say what nobody carries.
"""

from __future__ import annotations

from typing import Any

import traitlets

from ...schedule import ButterflySchedule
from ..kit.bundle import bundle, style
from ..kit.fields import Real, Whole
from ..kit.figure import Figure
from ..shared.tables import schedules
from ..shared.trained import EXAMPLE, FLAG, LETTERS, TOKENS, flow_tables

DEPTH = ButterflySchedule(TOKENS).depth


class AttentionFlow(Figure):
    """Sixteen letters, a flag, and the gates that carry the flagged letter to every token.

    The weights are those of the recorded run `python -m fftia_lab.learn flow`.
    Bad values raise `traitlets.TraitError` with what was given and what is wanted.

    >>> AttentionFlow(flags=[2, 13], token=0)
    AttentionFlow(flags=[2, 13], token=0)
    """

    _esm = bundle(__file__, schedules(f"butterfly/{TOKENS}/0/0"))
    _css = style(__file__)
    STATE = ("letters", "flags", "stage", "token", "source", "bet")

    letters = traitlets.Unicode(EXAMPLE, help="the input: 16 letters, A to F").tag(sync=True)
    flags = traitlets.List(
        traitlets.Int(), [FLAG], help="who carries a flag: none, one or two of 0 to 15"
    ).tag(sync=True)
    stage = Real(0, DEPTH, float(DEPTH), "stages completed, fractions on the way")
    token = Whole(0, TOKENS - 1, 12, "who listens")
    source = Whole(-1, TOKENS - 1, -1, "to whom, the entry that is explained, -1 for the largest")
    ask = traitlets.Bool(True, help="ask for a bet before the second flag").tag(sync=True)
    bet = Whole(0, 4, 0, "guess how many letters two flags make the tokens say, 0 for none")
    tables = traitlets.Dict(
        help="both models' weights and a note on their run; made by Python"
    ).tag(sync=True)

    def __init__(self, **values: Any) -> None:
        values.setdefault("tables", flow_tables())
        super().__init__(**values)

    @traitlets.validate("letters")
    def _valid_letters(self, proposal: dict[str, Any]) -> str:
        letters: str = proposal["value"]
        if len(letters) != TOKENS or not set(letters) <= set(LETTERS):
            raise traitlets.TraitError(
                f"letters must be {TOKENS} letters from {LETTERS[0]} to {LETTERS[-1]}; "
                f"got {letters!r}"
            )
        return letters

    @traitlets.validate("flags")
    def _valid_flags(self, proposal: dict[str, Any]) -> list[int]:
        flags: list[int] = proposal["value"]
        places = all(0 <= place < TOKENS for place in flags)
        if len(flags) > 2 or len(set(flags)) < len(flags) or not places:
            raise traitlets.TraitError(
                f"flags must be at most two different tokens of 0 to {TOKENS - 1}; got {flags}"
            )
        return flags
