"""A figure whose timeline has stages: how many there are hangs on its other fields."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import traitlets

from .fields import checked_stage
from .figure import Figure, Wish


class Staged(Figure):
    """A figure with a field `stage`: how many of its stages are completed."""

    @staticmethod
    def depth_of(state: Any) -> int:
        """Return how many stages there are in a state."""
        raise NotImplementedError

    @property
    def depth(self) -> int:
        """The number of stages."""
        return self.depth_of(self)

    def follow(self, old: SimpleNamespace, now: Wish) -> None:
        """A figure at its end stays there; where there are fewer stages, the last is the end."""
        depth = self.depth_of(now)
        now.stage = float(depth) if old.stage == self.depth_of(old) else min(now.stage, depth)

    @traitlets.validate("stage")
    def _valid_stage(self, proposal: dict[str, Any]) -> float:
        return checked_stage(proposal["value"], self.depth)
