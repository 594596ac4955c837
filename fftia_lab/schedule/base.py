"""What every wiring is: partners stage by stage, the rule for padding, and who has heard whom."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..arguments import as_array, as_boolean, as_choice
from ..arguments import as_integer as as_integer

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

# What an empty place does: copy the first partner that holds something and pass it on, or nothing.
PADDING = ("relay", "keep")


@dataclass(frozen=True)
class Schedule(ABC):
    """The wiring of `size` positions: in every stage each meets at most one partner, or its group.

    Args:
        size: number of positions (tokens, samples), at least 1.
        causal: if true, a position never meets a later one. It keeps itself where it would; a
            shift looks back instead of forward.
        padding: what a place does that holds no real token. "relay": it copies the first partner
            that holds something, or the mean of those in its group, and takes part from then on, so
            that no meeting is lost. "keep": nothing, and whoever would hear it keeps itself.
            Padding is never read.

    Raises:
        TypeError: if size is not an integer or causal is not a bool.
        ValueError: if the size is impossible for this wiring, or the padding unknown.
    """

    size: int
    causal: bool = False
    padding: str = field(default="relay", kw_only=True)

    kind: ClassVar[str]

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", as_integer("size", self.size))
        as_choice("padding", self.padding, PADDING)
        for name in ("causal", "decreasing"):
            if hasattr(self, name):
                object.__setattr__(self, name, as_boolean(name, getattr(self, name)))
        if self.size < 1:
            raise ValueError(f"a schedule needs at least one position; got size={self.size}")

    @property
    @abstractmethod
    def strides(self) -> tuple[int, ...]:
        """The distance between partners, one number a stage; of a prefix wiring the largest."""

    @abstractmethod
    def _partners(self, stride: int, own: Any, xp: Any) -> Any:
        """Return whom each of `own`, all positions in order, hears; for NumPy and PyTorch alike."""

    @property
    def depth(self) -> int:
        """The number of stages."""
        return len(self.strides)

    @property
    def meeting(self) -> int:
        """How many meet at a time."""
        return 2

    @property
    def wide(self) -> bool:
        """Whether more than two meet at a time, so that there are groups and no partners."""
        return self.meeting > 2

    def _stage(self, stage: int) -> int:
        stage = as_integer("stage", stage)
        if not 0 <= stage < self.depth:
            allowed = f"0 to {self.depth - 1}" if self.depth else "none: there are no stages"
            raise IndexError(
                f"stage {stage} is out of range for {self.kind} of size {self.size}; "
                f"allowed: {allowed}"
            )
        return stage

    def partners(self, stage: int, real: ArrayLike | None = None) -> Integers:
        """Return whom each position hears at `stage`; itself where it hears nobody.

        Args:
            stage: 0 to depth - 1.
            real: bool of shape (..., size), true for a real token; None if all are.

        Returns:
            int64 array of shape (size,), or the shape of `real`.

        Raises:
            IndexError: if the stage is out of range.
            ValueError: if what is real is not bool of such a shape.

        >>> from fftia_lab import ButterflySchedule
        >>> ButterflySchedule(8).partners(1)
        array([2, 3, 0, 1, 6, 7, 4, 5])
        >>> ButterflySchedule(4).partners(0, [True, True, True, False])
        array([1, 0, 2, 2])
        >>> ButterflySchedule(4, padding="keep").partners(0, [True, True, True, False])
        array([1, 0, 2, 3])
        """
        stride = self.strides[self._stage(stage)]
        if real is None:
            return np.asarray(self._partners(stride, np.arange(self.size), np))
        rows = self._real(real)
        partner, _ = [*self.meetings(rows.reshape(-1, self.size))][stage]
        return np.asarray(partner).reshape(rows.shape)

    def meetings(self, real: Any, xp: Any = np) -> Iterator[tuple[Any, Any]]:
        """Yield, stage by stage, whom each place hears and which places hold something before it.

        The one answer to who hears whom where some tokens are not real. A place that holds nothing
        and hears somebody copies it: its gate is 1.

        Args:
            real: bool of shape (rows, size), true for a real token.
            xp: `numpy`, or `torch` for tensors.

        Yields:
            (partner, holds), both of the shape of `real`.
        """
        own = xp.arange(self.size, device=real.device)
        holds = real
        for stride in self.strides:
            partner = self._among(stride, own, real, xp)
            hears = self._at(holds, partner, xp) & (partner != own)
            if self.padding == "keep":
                hears = hears & holds
            yield xp.where(hears, partner, own), holds
            if self.padding == "relay":
                holds = holds | hears

    def _among(self, stride: int, own: Any, real: Any, xp: Any) -> Any:
        """Return whom each place would hear if all held something: one row, or one for each."""
        return self._partners(stride, own, xp)

    @staticmethod
    def _at(holds: Any, partner: Any, xp: Any) -> Any:
        if partner.ndim == 1:
            return holds[:, partner]
        return holds[xp.arange(len(holds), device=holds.device)[:, None], partner]

    def _real(self, real: ArrayLike) -> Booleans:
        rows = as_array("mask", real)
        if rows.dtype != np.bool_ or rows.shape[-1:] != (self.size,):
            raise ValueError(
                f"mask must be bool of shape ({self.size},); got {rows.dtype} of shape {rows.shape}"
            )
        return rows

    def places(self, tokens: int) -> int:
        """Return how many places so many tokens take: relays are places too.

        >>> from fftia_lab import ButterflySchedule
        >>> ButterflySchedule(8).places(5), ButterflySchedule(8, padding="keep").places(5)
        (8, 5)
        """
        alone = self.causal or self.padding == "keep"
        return tokens if alone and not self.wide else min(tokens, 1) * self.size

    def pairs(self, stage: int) -> Integers:
        """Return each meeting of `stage` once, as rows (low position, high position).

        Args:
            stage: 0 to depth - 1.

        Returns:
            int64 array of shape (meetings, 2), sorted by row.

        Raises:
            IndexError: if the stage is out of range.

        >>> from fftia_lab import ButterflySchedule
        >>> ButterflySchedule(4).pairs(1)
        array([[0, 2],
               [1, 3]])
        """
        own = np.arange(self.size)
        meetings = np.stack([own, self.partners(stage)], axis=1)
        meetings = np.sort(meetings[meetings[:, 0] != meetings[:, 1]], axis=1)
        return np.unique(meetings, axis=0)

    def reach(self, stages: int | None = None, mask: ArrayLike | None = None) -> Booleans:
        """Return who has heard whom after the first `stages` stages.

        Entry [i, j] is true if something said by j before the first stage can be in i.

        Args:
            stages: how many stages have run, 0 to depth; None means all of them.
            mask: bool of shape (size,), true for a real token. Nobody hears another's padding; an
                empty place that keeps holds itself, one that relays what it has copied.

        Returns:
            bool array of shape (size, size).

        Raises:
            IndexError: if stages is not in 0 to depth.
            ValueError: if the mask is not a bool array of shape (size,).

        >>> from fftia_lab import ButterflySchedule
        >>> ButterflySchedule(4).reach(1).astype(int)
        array([[1, 1, 0, 0],
               [1, 1, 0, 0],
               [0, 0, 1, 1],
               [0, 0, 1, 1]])
        """
        stages = self.depth if stages is None else as_integer("stages", stages)
        if not 0 <= stages <= self.depth:
            raise IndexError(f"stages must lie in 0 to {self.depth}; got {stages}")
        real = np.ones(self.size, dtype=bool) if mask is None else self._real(mask)
        if real.shape != (self.size,):
            raise ValueError(f"mask must be bool of shape ({self.size},); got {real.shape}")
        return self._spread(np.diag(real | (self.padding == "keep")), stages, real[None])

    def _spread(self, heard: Booleans, stages: int, real: Booleans) -> Booleans:
        """Return who has heard whom after some stages, of who had heard whom before them."""
        for _, (partner, _) in zip(range(stages), self.meetings(real), strict=False):
            heard = heard | heard[partner[0]]
        return heard

    def as_dict(self) -> dict[str, Any]:
        """Return the schedule as plain JSON values, partners of every stage included.

        >>> from fftia_lab import ShiftSchedule
        >>> ShiftSchedule(3).as_dict()["partners"]
        [[1, 2, 0], [2, 0, 1]]
        """
        return {
            "kind": self.kind,
            **asdict(self),
            "strides": list(self.strides),
            **self._wired(),
        }

    def _wired(self) -> dict[str, Any]:
        return {"partners": [self.partners(stage).tolist() for stage in range(self.depth)]}

    def to_json(self) -> str:
        """Return the schedule as one line of JSON, the form that widgets read."""
        return json.dumps(self.as_dict(), separators=(",", ":"))
