"""The wirings: butterfly, Beneš, shift and prefix."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, ClassVar

import numpy as np

from ..arguments import as_integer
from .base import Booleans, Integers, Schedule
from .digits import bit_reversal, is_power_of_two


@dataclass(frozen=True)
class _XorSchedule(Schedule):
    """Partners differ in exactly one binary digit, so sizes are powers of two."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if not is_power_of_two(self.size):
            raise ValueError(
                f"a {self.kind} schedule needs a size that is a power of two; got {self.size}. "
                f"Pad to {1 << self.size.bit_length()}; among wirings, ShiftSchedule takes any size"
            )

    def _partners(self, stride: int, own: Any, xp: Any) -> Any:
        partner = own ^ stride
        return xp.where(partner > own, own, partner) if self.causal else partner

    def _rising(self) -> tuple[int, ...]:
        return tuple(1 << bit for bit in range(self.size.bit_length() - 1))

    def visited(self, tokens: int) -> list[int]:
        """Return on how many places each stage works, if the first `tokens` are real.

        Where padding relays, blocks that hold nothing yet are left out: ⌈tokens / t⌉·t places
        before a stage of stride t, as long as the strides rise.

        >>> ButterflySchedule(16).visited(9), ButterflySchedule(16, padding="keep").visited(9)
        ([9, 10, 12, 16], [16, 16, 16, 16])
        """
        if self.padding == "keep" or self.strides[:1] not in ((), (1,)):
            return [self.size] * self.depth
        rounded = (-(-tokens // stride) * stride for stride in self.strides)
        return list(accumulate(rounded, max))

    def bit_reversal(self) -> Integers:
        """Return `bit_reversal(size)`, the order in which this wiring sorts its tokens.

        >>> ButterflySchedule(4).bit_reversal()
        array([0, 2, 1, 3])
        """
        return bit_reversal(self.size)


@dataclass(frozen=True)
class ButterflySchedule(_XorSchedule):
    """The wiring of the FFT: at stage s, positions meet that differ in their s-th digit alone.

    With radix 2, position i meets i XOR 2^s, in log2(size) stages. Everyone has heard everyone
    after the last, exactly half of them before it. With `causal=True` position i hears only
    positions whose digits are nowhere above its own. With radix r, r positions meet at a time, in
    ⌈log_r(size)⌉ stages; with radix `size` all meet at once.

    Args:
        size: number of positions, a power of two.
        causal: never meet a later position.
        decreasing: strides size/2, ..., 2, 1 (decimation in frequency) instead of 1, 2, 4, ...
        radix: how many meet at a time, a power of two of at least 2; in the widest stage fewer, if
            `size` is no power of it. An empty place that relays takes the mean of what it hears.

    Source: Cooley and Tukey (1965), doi:10.1090/S0025-5718-1965-0178586-1; wider meetings of
    attention: Sapkota and Bhattarai (2025), Dimension Mixer, arXiv:2311.18735.

    >>> ButterflySchedule(8).strides, ButterflySchedule(8, radix=4).strides
    ((1, 2, 4), (1, 4))
    """

    decreasing: bool = False
    radix: int = field(default=2, kw_only=True)

    kind: ClassVar[str] = "butterfly"

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "radix", as_integer("radix", self.radix, least=2))
        if not is_power_of_two(self.radix):
            raise ValueError(f"radix must be a power of two: 2, 4, 8, …; got {self.radix}")

    @property
    def strides(self) -> tuple[int, ...]:
        rising = self._rising()[:: self.radix.bit_length() - 1]
        return rising[::-1] if self.decreasing else rising

    @property
    def meeting(self) -> int:
        return self.radix

    @property
    def widths(self) -> tuple[int, ...]:
        """How many meet at a time, one number a stage.

        >>> ButterflySchedule(8, radix=4).widths
        (4, 2)
        """
        return tuple(min(self.radix, self.size // stride) for stride in self.strides)

    def _partners(self, stride: int, own: Any, xp: Any) -> Any:
        if self.wide:
            raise ValueError(
                f"with radix={self.radix} whole groups meet and nobody has one partner: ask for "
                f"groups(stage), or take radix=2"
            )
        return super()._partners(stride, own, xp)

    def groups(self, stage: int) -> Integers:
        """Return who meet at `stage`, one group a row, in order.

        Args:
            stage: 0 to depth - 1.

        Returns:
            int64 array of shape (size / width, width).

        Raises:
            IndexError: if the stage is out of range.

        >>> ButterflySchedule(8, radix=4).groups(1)
        array([[0, 4],
               [1, 5],
               [2, 6],
               [3, 7]])
        """
        stage = self._stage(stage)
        blocks = np.arange(self.size).reshape(-1, self.widths[stage], self.strides[stage])
        return blocks.swapaxes(1, 2).reshape(-1, self.widths[stage])

    def gatherings(self, real: Any, xp: Any = np) -> Iterator[tuple[Any, Any]]:
        """Yield, stage by stage, who hears whom in each group and which members hold something.

        What `meetings` is for partners, for groups of any width. A member that holds nothing and
        hears somebody takes the mean of all it hears: of one, a copy.

        Args:
            real: bool of shape (rows, size), true for a real token.
            xp: `numpy`, or `torch` for tensors.

        Yields:
            (hears, holds), bool of shapes (rows, groups, width, width) and (rows, groups, width):
            whether the second member is heard by the first.
        """
        holds = real
        for stride, width in zip(self.strides, self.widths, strict=True):
            blocks = len(real), -1, width, stride
            members = holds.reshape(blocks).swapaxes(2, 3)
            hears = members[..., None, :] | xp.zeros_like(members)[..., None]
            if self.causal:
                hears = xp.tril(hears)
            if self.padding == "keep":
                hears = hears & members[..., None]
            shape = len(real), -1, width
            yield hears.reshape(*shape, width), members.reshape(shape)
            if self.padding == "relay":
                holds = (members | hears.any(-1)).swapaxes(2, 3).reshape(real.shape)

    def _spread(self, heard: Booleans, stages: int, real: Booleans) -> Booleans:
        if not self.wide:
            return super()._spread(heard, stages, real)
        for stage, (hears, _) in zip(range(stages), self.gatherings(real), strict=False):
            groups = self.groups(stage)
            taken = hears[0].astype(np.float32) @ heard[groups].astype(np.float32)
            heard = heard.copy()
            heard[groups] |= taken > 0
        return heard

    def _wired(self) -> dict[str, Any]:
        if not self.wide:
            return super()._wired()
        return {"groups": [self.groups(stage).tolist() for stage in range(self.depth)]}


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

    Source: the strides of Kogge and Stone (1973), doi:10.1109/TC.1973.5009159, and of Hillis and
    Steele (1986), doi:10.1145/7902.7903.

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

    def places(self, tokens: int) -> int:
        return tokens

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

    ceil(log2(size)) stages, for every size. Everyone hears all that came before, with 32 listenings
    for the 49 of the causal shift at 16 positions, and towards half as many at more. One place is
    heard by a whole block.

    Args:
        size: number of positions, any size of at least 1.
        causal: always true.

    Source: Sklansky (1960), doi:10.1109/TEC.1960.5219822.

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
