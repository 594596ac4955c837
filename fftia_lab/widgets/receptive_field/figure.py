"""Who has heard whom, stage by stage: the network, and the matrix that it fills.

A reader expects a token that may hear its whole past to hear it. She forbids the future, and most
of the past is gone as well; she changes who meets whom, and it is back. She ends the sentence
early, and pairs are lost until the empty places relay.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import traitlets

from ...schedule import PADDING, PrefixSchedule, Schedule
from ..kit.bundle import bundle, style
from ..kit.fields import OneOf
from ..kit.figure import Wish
from ..kit.stages import Staged
from ..shared.tables import WIRINGS, schedules

LENGTHS = (4, 8, 16, 32, 64)
KINDS: dict[str, type[Schedule]] = {**WIRINGS, PrefixSchedule.kind: PrefixSchedule}
TABLES = tuple(f"{kind}/{n}/{causal}/0" for kind in KINDS for n in LENGTHS for causal in (0, 1))


class ReceptiveField(Staged):
    """A sentence of tokens, a schedule, and what each token has heard after every stage.

    Places from `length` on are padding, which nobody hears: whoever would meet it keeps itself, or
    it relays. A shift turns on the real tokens. A prefix wiring is causal.
    Bad values raise `traitlets.TraitError` with what was given and what is wanted.

    >>> ReceptiveField(causal=True, token=8)
    ReceptiveField(causal=True, token=8)
    """

    _esm = bundle(__file__, schedules(*TABLES))
    _css = style(__file__)
    STATE = ("n", "schedule", "causal", "padding", "length", "stage", "token", "source", "bet")

    n = OneOf(LENGTHS, 16, "number of places")
    schedule = traitlets.Enum(
        list(KINDS), "butterfly", help="who meets whom, a kind of fftia_lab.schedule"
    ).tag(sync=True)
    causal = traitlets.Bool(False, help="nobody hears a later token").tag(sync=True)
    padding = traitlets.Enum(
        list(PADDING), "relay", help="what an empty place does, as in fftia_lab.schedule"
    ).tag(sync=True)
    length = traitlets.Int(16, help="number of real tokens, 2 to n; the rest is padding").tag(
        sync=True
    )
    stage = traitlets.CFloat(
        4.0, help="stages completed, 0 to depth; fractions are on the way"
    ).tag(sync=True)
    token = traitlets.Int(11, help="who hears, 0 to length - 1").tag(sync=True)
    source = traitlets.Int(
        6, help="whose news is followed to it, 0 to length - 1; -1: nobody's"
    ).tag(sync=True)
    ask = traitlets.Bool(True, help="ask for a bet before the future is forbidden").tag(sync=True)
    bet = traitlets.List(
        traitlets.Int(),
        help="up to two guesses: how many token n - 1, and token n/2, hear without the future; "
        "0 for one that is not asked for here",
    ).tag(sync=True)

    @staticmethod
    def depth_of(state: Any) -> int:
        """Return the number of stages of the wiring shown; padding leaves some of them idle."""
        return KINDS[state.schedule](state.n).depth

    @property
    def wiring(self) -> Schedule:
        """The wiring now shown, as the library has it."""
        if self.schedule == PrefixSchedule.kind:
            return PrefixSchedule(self.n, padding=self.padding)
        return KINDS[self.schedule](self.n, causal=self.causal, padding=self.padding)

    def follow(self, old: SimpleNamespace, now: Wish) -> None:
        """A whole sentence stays whole, a network at its end stays there, a prefix looks back."""
        if now.schedule == PrefixSchedule.kind:
            now.causal = True
        if now.n != old.n:
            now.bet = [0] if old.bet[:1] == [0] else []
            if old.length == old.n:
                now.length = now.n
        super().follow(old, now)
        now.length = min(now.length, now.n)
        now.token = max(0, min(now.token, now.length - 1))
        now.source = max(-1, min(now.source, now.length - 1))

    @traitlets.validate("schedule", "causal")
    def _valid_wiring(self, proposal: dict[str, Any]) -> Any:
        now = {name: getattr(self, name) for name in ("schedule", "causal")}
        now[proposal["trait"].name] = proposal["value"]
        if now["schedule"] == PrefixSchedule.kind and not now["causal"]:
            raise traitlets.TraitError(
                "a prefix wiring hears only the past: use causal=True, or schedule='shift'"
            )
        return proposal["value"]

    @traitlets.validate("length")
    def _valid_length(self, proposal: dict[str, Any]) -> int:
        if not 2 <= proposal["value"] <= self.n:
            raise traitlets.TraitError(
                f"length must lie in 2 to n = {self.n}; got {proposal['value']}"
            )
        return int(proposal["value"])

    @traitlets.validate("token", "source")
    def _valid_token(self, proposal: dict[str, Any]) -> int:
        name = proposal["trait"].name
        fewest = -1 if name == "source" else 0
        if not fewest <= proposal["value"] < self.length:
            raise traitlets.TraitError(
                f"{name} must lie in {fewest} to {self.length - 1}; got {proposal['value']}"
            )
        return int(proposal["value"])

    @traitlets.validate("bet")
    def _valid_bet(self, proposal: dict[str, Any]) -> list[int]:
        bet: list[int] = proposal["value"]
        if len(bet) > 2 or not all(0 <= guess <= self.n for guess in bet):
            raise traitlets.TraitError(
                f"bet must hold at most two guesses from 1 to {self.n}, or 0 for none; got {bet}"
            )
        return bet
