"""Who meets whom, stage by stage: the wiring that every transform, layer, kernel and figure reads.

A schedule knows token positions and nothing else: no weights, no framework.
Its story is told in notebooks/03-the-butterfly.ipynb.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .arguments import as_array, as_boolean, as_choice
from .arguments import as_integer as as_integer

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

# What an empty place does: copy the first partner that holds something and pass it on, or nothing.
PADDING = ("keep", "relay")


def _is_power_of_two(size: int) -> bool:
    return size >= 1 and size & (size - 1) == 0


def bit_reversal(size: int) -> Integers:
    """Return the order that reads every index with its binary digits reversed.

    Position i of the result holds rev(i), for log2(size) binary digits.

    Args:
        size: number of positions, a power of two.

    Returns:
        int64 array of shape (size,); a permutation that is its own inverse.

    Raises:
        TypeError: if size is not an integer.
        ValueError: if size is not a power of two.

    >>> bit_reversal(8)
    array([0, 4, 2, 6, 1, 5, 3, 7])
    """
    size = as_integer("size", size)
    if not _is_power_of_two(size):
        raise ValueError(f"bit reversal needs a size that is a power of two; got {size}")
    order = np.zeros(1, dtype=np.int64)
    while len(order) < size:
        order = np.concatenate([2 * order, 2 * order + 1])
    return order


@dataclass(frozen=True)
class Schedule(ABC):
    """The wiring of `size` positions: in every stage, each position meets at most one partner.

    Args:
        size: number of positions (tokens, samples), at least 1.
        causal: if true, a position never meets a later one. It keeps itself where it would; a
            shift looks back instead of forward.
        padding: what a place does that holds no real token. "keep": nothing, and whoever would hear
            it keeps itself. "relay": it copies the first partner that holds something and takes
            part from then on, so that no meeting is lost. Neither is padding ever read.

    Raises:
        TypeError: if size is not an integer or causal is not a bool.
        ValueError: if the size is impossible for this wiring, or the padding unknown.
    """

    size: int
    causal: bool = False
    padding: str = field(default="keep", kw_only=True)

    kind: ClassVar[str]

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", as_integer("size", self.size))
        as_choice("padding", self.padding, PADDING)
        for name, value in asdict(self).items():
            if name not in ("size", "padding"):
                object.__setattr__(self, name, as_boolean(name, value))
        if self.size < 1:
            raise ValueError(f"a schedule needs at least one position; got size={self.size}")

    @property
    @abstractmethod
    def strides(self) -> tuple[int, ...]:
        """The distance between partners, one number a stage."""

    @abstractmethod
    def _partners(self, stride: int, own: Any, xp: Any) -> Any:
        """Return whom each of `own`, all positions in order, hears; for NumPy and PyTorch alike."""

    @property
    def depth(self) -> int:
        """The number of stages."""
        return len(self.strides)

    def _stride(self, stage: int) -> int:
        stage = as_integer("stage", stage)
        if not 0 <= stage < self.depth:
            allowed = f"0 to {self.depth - 1}" if self.depth else "none: there are no stages"
            raise IndexError(
                f"stage {stage} is out of range for {self.kind} of size {self.size}; "
                f"allowed: {allowed}"
            )
        return self.strides[stage]

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

        >>> ButterflySchedule(8).partners(1)
        array([2, 3, 0, 1, 6, 7, 4, 5])
        >>> ButterflySchedule(4).partners(0, [True, True, True, False])
        array([1, 0, 2, 3])
        >>> ButterflySchedule(4, padding="relay").partners(0, [True, True, True, False])
        array([1, 0, 2, 2])
        """
        stride = self._stride(stage)
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

        >>> ButterflySchedule(8, padding="relay").places(5), ButterflySchedule(8).places(5)
        (8, 5)
        """
        return tokens

    def pairs(self, stage: int) -> Integers:
        """Return each meeting of `stage` once, as rows (low position, high position).

        Args:
            stage: 0 to depth - 1.

        Returns:
            int64 array of shape (meetings, 2), sorted by row.

        Raises:
            IndexError: if the stage is out of range.

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
        heard = np.diag(real | (self.padding == "keep"))
        for _, (partner, _) in zip(range(stages), self.meetings(real[None]), strict=False):
            heard = heard | heard[partner[0]]
        return heard

    def as_dict(self) -> dict[str, Any]:
        """Return the schedule as plain JSON values, partners of every stage included.

        >>> ShiftSchedule(3).as_dict()["partners"]
        [[1, 2, 0], [2, 0, 1]]
        """
        return {
            "kind": self.kind,
            **asdict(self),
            "strides": list(self.strides),
            "partners": [self.partners(stage).tolist() for stage in range(self.depth)],
        }

    def to_json(self) -> str:
        """Return the schedule as one line of JSON, the form that widgets read."""
        return json.dumps(self.as_dict(), separators=(",", ":"))


@dataclass(frozen=True)
class _XorSchedule(Schedule):
    """Partners differ in exactly one binary digit, so sizes are powers of two."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if not _is_power_of_two(self.size):
            raise ValueError(
                f"a {self.kind} schedule needs a size that is a power of two; got {self.size}. "
                f"Pad to {1 << self.size.bit_length()}, or use ShiftSchedule, which takes any size"
            )

    def _partners(self, stride: int, own: Any, xp: Any) -> Any:
        partner = own ^ stride
        return xp.where(partner > own, own, partner) if self.causal else partner

    def _rising(self) -> tuple[int, ...]:
        return tuple(1 << bit for bit in range(self.size.bit_length() - 1))

    def places(self, tokens: int) -> int:
        return self.size if self.padding == "relay" and not self.causal else tokens

    def bit_reversal(self) -> Integers:
        """Return `bit_reversal(size)`, the order in which this wiring sorts its tokens.

        >>> ButterflySchedule(4).bit_reversal()
        array([0, 2, 1, 3])
        """
        return bit_reversal(self.size)


@dataclass(frozen=True)
class ButterflySchedule(_XorSchedule):
    """The wiring of the radix-2 FFT: at stage s, position i meets i XOR 2^s.

    log2(size) stages. Everyone has heard everyone after the last, exactly half of them before it.
    With `causal=True` position i hears only positions whose binary digits are a subset of its own.

    Args:
        size: number of positions, a power of two.
        causal: never meet a later position.
        decreasing: strides size/2, ..., 2, 1 (decimation in frequency) instead of 1, 2, 4, ...

    Source: Cooley and Tukey (1965), doi:10.1090/S0025-5718-1965-0178586-1.

    >>> ButterflySchedule(8).strides
    (1, 2, 4)
    """

    decreasing: bool = False

    kind: ClassVar[str] = "butterfly"

    @property
    def strides(self) -> tuple[int, ...]:
        return self._rising()[::-1] if self.decreasing else self._rising()


@dataclass(frozen=True)
class BenesSchedule(_XorSchedule):
    """Two butterflies back to back: strides 1, 2, ..., size/2, ..., 2, 1.

    2·log2(size) - 1 stages. With every token real it hears no more than one butterfly, but it can
    route every permutation, and right-padding does not deafen it.

    Args:
        size: number of positions, a power of two.
        causal: never meet a later position.

    Source: Beneš (1964), doi:10.1002/j.1538-7305.1964.tb04103.x.

    >>> BenesSchedule(8).strides
    (1, 2, 4, 2, 1)
    """

    kind: ClassVar[str] = "benes"

    @property
    def strides(self) -> tuple[int, ...]:
        return self._rising() + self._rising()[-2::-1]


@dataclass(frozen=True)
class ShiftSchedule(Schedule):
    """Position i meets (i + 2^s) mod size; when causal i - 2^s, or itself where that is negative.

    ceil(log2(size)) stages, for every size. Everyone hears everyone; when causal, everyone hears
    all that came before. Partners are not mutual: who hears is not who is heard.

    Args:
        size: number of positions, any size of at least 1.
        causal: never meet a later position.

    Source: the strides of Hillis and Steele (1986), doi:10.1145/7902.7903.

    >>> ShiftSchedule(5).partners(1)
    array([2, 3, 4, 0, 1])
    """

    kind: ClassVar[str] = "shift"

    @property
    def strides(self) -> tuple[int, ...]:
        return tuple(1 << bit for bit in range((self.size - 1).bit_length()))

    def _partners(self, stride: int, own: Any, xp: Any) -> Any:
        if self.causal:
            return xp.where(own >= stride, own - stride, own)
        return (own + stride) % self.size

    def _among(self, stride: int, own: Any, real: Any, xp: Any) -> Any:
        """Close the circle of each row after its last real token."""
        if self.causal:
            return super()._among(stride, own, real, xp)
        circle = xp.amax(real * (own + 1), 1)[:, None]
        onward = (own + stride) % (circle + (circle == 0))
        return xp.where((own < circle) & (stride < circle), onward, own)


@dataclass(frozen=True)
class PrefixSchedule(Schedule):
    """Where bit s of i is set, i hears ((i >> s) << s) - 1: the last of the block on its left.

    ceil(log2(size)) stages, for every size. Everyone hears all that came before, with about half
    the listenings of the causal shift. One place is heard by a whole block.

    Args:
        size: number of positions, any size of at least 1.
        causal: always true.

    Source: Sklansky (1960), Conditional-Sum Addition Logic, IRE Transactions on Electronic
    Computers EC-9(2), 226-231.

    >>> PrefixSchedule(8).partners(1)
    array([0, 1, 1, 1, 4, 5, 5, 5])
    """

    causal: bool = True

    kind: ClassVar[str] = "prefix"

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.causal:
            raise ValueError("a prefix schedule hears only the past: leave causal out, or True")

    @property
    def strides(self) -> tuple[int, ...]:
        return tuple(1 << bit for bit in range((self.size - 1).bit_length()))

    def _partners(self, stride: int, own: Any, xp: Any) -> Any:
        return xp.where((own & stride) != 0, own // stride * stride - 1, own)


SCHEDULES: dict[str, type[Schedule]] = {
    schedule.kind: schedule
    for schedule in (ButterflySchedule, ShiftSchedule, BenesSchedule, PrefixSchedule)
}


def schedule_from_json(text: str) -> Schedule:
    """Return the schedule that `Schedule.to_json` wrote.

    Raises:
        TypeError: if `text` is no text.
        ValueError: if it is not JSON, the kind is unknown, or the stored partners are not this
            schedule's.

    >>> schedule_from_json(ShiftSchedule(6, causal=True).to_json())
    ShiftSchedule(size=6, causal=True, padding='keep')
    """
    if not isinstance(text, str):
        raise TypeError(f"text must be what Schedule.to_json wrote; got {text!r}")
    try:
        stored = json.loads(text)
    except json.JSONDecodeError as error:
        shown = text if len(text) < 40 else f"{text[:40]} …"
        raise ValueError(
            f"text must be JSON, as Schedule.to_json writes it; got {shown!r} ({error})"
        ) from None
    kind = stored.get("kind") if isinstance(stored, dict) else None
    if kind not in tuple(SCHEDULES):
        raise ValueError(f"unknown schedule kind {kind!r}; known: {', '.join(SCHEDULES)}")
    arguments = {k: v for k, v in stored.items() if k not in {"kind", "strides", "partners"}}
    try:
        schedule = SCHEDULES[kind](**arguments)
    except TypeError as error:
        raise ValueError(f"this is no stored {kind} schedule: {error}") from None
    # A stored partner takes a character at least: nothing is compared that cannot be there.
    if len(text) < schedule.size * schedule.depth or schedule.as_dict() != stored:
        raise ValueError(f"the stored wiring is not that of {schedule}; write it again")
    return schedule
