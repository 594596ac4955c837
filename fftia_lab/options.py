"""How the stages of butterfly attention are wired and weighted: said once, read by all."""

from __future__ import annotations

from dataclasses import dataclass

from .arguments import as_boolean, as_choice
from .schedule import PADDING, SCHEDULES, ButterflySchedule, PrefixSchedule, Schedule, ShiftSchedule


@dataclass(frozen=True)
class StageOptions:
    """What a layer, its cost and a swap hand on to each other.

    Args:
        schedule: "butterfly", "shift", "benes" or, causal, "prefix"; None means the butterfly, or
            the prefix wiring if causal: a causal butterfly misses more than half of the past from
            32 tokens on.
        projection: "head" for weights of (dim_head, dim_head) inside each head, "model" for
            weights of (heads·dim_head, heads·dim_head) across them.
        share_stages: whether all stages use one weight.
        causal: whether a token hears only itself and earlier ones.
        padding: what a place without a real token does, "relay" or "keep", as in `Schedule`.
        radix: how many meet at a time in a butterfly, as in `ButterflySchedule`.

    Raises:
        TypeError: if a flag is not a bool.
        ValueError: if a choice is unknown, a prefix wiring not causal, or a radix above 2 asked of
            another wiring than a butterfly.

    >>> StageOptions(causal=True).wire(5)
    PrefixSchedule(size=5, causal=True, padding='relay')
    """

    schedule: str | None = None
    projection: str = "head"
    share_stages: bool = False
    causal: bool = False
    padding: str = "relay"
    radix: int = 2

    def __post_init__(self) -> None:
        for name in ("share_stages", "causal"):
            object.__setattr__(self, name, as_boolean(name, getattr(self, name)))
        if self.schedule is None:
            usual = PrefixSchedule.kind if self.causal else ButterflySchedule.kind
            object.__setattr__(self, "schedule", usual)
        as_choice("schedule", self.schedule, SCHEDULES)
        as_choice("projection", self.projection, ("head", "model"))
        as_choice("padding", self.padding, PADDING)
        if self.schedule == PrefixSchedule.kind and not self.causal:
            raise ValueError('schedule="prefix" hears only the past: pass causal=True with it')
        butterfly = self.schedule == ButterflySchedule.kind
        if self.radix != 2 and not butterfly:
            raise ValueError(f'radix={self.radix} wants schedule="butterfly"; got {self.schedule}')
        ButterflySchedule(1, radix=self.radix)  # which knows what a radix must be

    @property
    def mix_heads(self) -> bool:
        """Whether the weights mix the channels of all heads."""
        return self.projection == "model"

    def wire(self, n: int) -> Schedule:
        """Return the wiring of n tokens; a butterfly or Beneš has the next power of two.

        >>> StageOptions().wire(5)
        ButterflySchedule(size=8, causal=False, padding='relay', decreasing=False, radix=2)
        """
        size = max(n, 1)
        if self.schedule not in (ShiftSchedule.kind, PrefixSchedule.kind):
            size = 1 << (size - 1).bit_length()
        if self.schedule == ButterflySchedule.kind:
            return ButterflySchedule(size, self.causal, padding=self.padding, radix=self.radix)
        return SCHEDULES[str(self.schedule)](size, self.causal, padding=self.padding)

    def weights(self, stages: int) -> int:
        """Return how many weights so many stages have: one each, or one for all."""
        return min(stages, 1) if self.share_stages else stages
