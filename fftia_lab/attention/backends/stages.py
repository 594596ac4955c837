"""The stages of a schedule as views of PyTorch tensors: who hears, and whom, without an index.

Every tensor here has shape (batch, heads, tokens, ...). A stage names the rows that hear somebody,
`own`, and knows how to take the differences δ = partner - own and how to give gradients back. Pairs
hear each other, so that one row of differences serves two tokens.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import torch
from torch import Tensor

from ...schedule import BenesSchedule, ButterflySchedule, Schedule, ShiftSchedule


class Stage(Protocol):
    """Who meets whom in one stage.

    `met` is false where a meeting does not take place, of shape (batch, 1, rows, 1); None if all
    do. `mutual` says whether those who are heard hear too.
    """

    @property
    def met(self) -> Tensor | None: ...

    @property
    def mutual(self) -> bool: ...

    def rows(self, size: int) -> int:
        """Return how many differences the stage takes of `size` tokens."""
        ...

    def own(self, x: Tensor) -> Tensor:
        """Return the rows of x that hear, as a view."""
        ...

    def partner(self, x: Tensor) -> Tensor:
        """Return whom they hear, row by row; a view if the wiring allows one."""
        ...

    def subtract(self, x: Tensor, out: Tensor) -> None:
        """Write partner - own into `out`."""
        ...

    def give(self, x: Tensor, gradient: Tensor) -> None:
        """Add a gradient of the partners to the rows of x that they are."""
        ...

    def join(self, x: Tensor, own: Tensor, partner: Tensor) -> Tensor:
        """Return all tokens: the new own rows, the new partners if mutual, the others of x."""
        ...

    def of(self, rows: slice) -> Stage:
        """Return the stage for some rows of the batch."""
        ...


@dataclass(frozen=True)
class Pairs:
    """Token i meets i XOR stride: blocks of two halves, and the halves meet row by row."""

    stride: int
    causal: bool
    met: Tensor | None = None

    @property
    def mutual(self) -> bool:
        return not self.causal

    def rows(self, size: int) -> int:
        return size // 2

    def halves(self, x: Tensor) -> Tensor:
        """Return a view (batch, heads, blocks, 2, stride, ...)."""
        return torch.unflatten(x, 2, (-1, 2, self.stride))

    def own(self, x: Tensor) -> Tensor:
        return self.halves(x).select(3, int(self.causal))

    def partner(self, x: Tensor) -> Tensor:
        return self.halves(x).select(3, int(not self.causal))

    def subtract(self, x: Tensor, out: Tensor) -> None:
        own, partner = self.own(x), self.partner(x)
        torch.sub(partner, own, out=out.view(own.shape))

    def give(self, x: Tensor, gradient: Tensor) -> None:
        partner = self.partner(x)
        partner.add_(gradient.view(partner.shape))

    def join(self, x: Tensor, own: Tensor, partner: Tensor) -> Tensor:
        halves = (partner, own) if self.causal else (own, partner)
        return torch.stack(halves, 3).flatten(2, 4)

    def of(self, rows: slice) -> Stage:
        return replace(self, met=None if self.met is None else self.met[rows])


@dataclass(frozen=True)
class Shift:
    """Token i hears i + stride on a circle of `size` tokens, or i - stride if causal."""

    size: int
    stride: int
    causal: bool
    met: Tensor | None = None
    mutual = False

    def rows(self, size: int) -> int:
        return size - self.stride if self.causal else size

    def own(self, x: Tensor) -> Tensor:
        return x[:, :, self.stride :] if self.causal else x

    def partner(self, x: Tensor) -> Tensor:
        return x[:, :, : -self.stride] if self.causal else x.roll(-self.stride, 2)

    def subtract(self, x: Tensor, out: Tensor) -> None:
        if self.causal:
            torch.sub(self.partner(x), self.own(x), out=out)
            return
        turn = self.size - self.stride
        torch.sub(x[:, :, self.stride :], x[:, :, :turn], out=out[:, :, :turn])
        torch.sub(x[:, :, : self.stride], x[:, :, turn:], out=out[:, :, turn:])

    def give(self, x: Tensor, gradient: Tensor) -> None:
        if self.causal:
            self.partner(x).add_(gradient)
            return
        turn = self.size - self.stride
        x[:, :, self.stride :].add_(gradient[:, :, :turn])
        x[:, :, : self.stride].add_(gradient[:, :, turn:])

    def join(self, x: Tensor, own: Tensor, partner: Tensor) -> Tensor:
        return torch.cat((x[:, :, : self.stride], own), 2) if self.causal else own

    def of(self, rows: slice) -> Stage:
        return replace(self, met=None if self.met is None else self.met[rows])


@dataclass(frozen=True)
class Gather:
    """Token i hears index[i], of shape (batch, tokens): any wiring, at the price of an index."""

    index: Tensor
    met: Tensor
    mutual = False

    def rows(self, size: int) -> int:
        return size

    def own(self, x: Tensor) -> Tensor:
        return x

    def _index(self, x: Tensor) -> Tensor:
        index = self.index[:, None].expand(x.shape[0], x.shape[1], -1)
        return index if x.dim() == 3 else index[..., None].expand(x.shape)

    def partner(self, x: Tensor) -> Tensor:
        return x.gather(2, self._index(x))

    def subtract(self, x: Tensor, out: Tensor) -> None:
        torch.gather(x, 2, self._index(x), out=out)
        out.sub_(x)

    def give(self, x: Tensor, gradient: Tensor) -> None:
        x.scatter_add_(2, self._index(x), gradient)

    def join(self, x: Tensor, own: Tensor, partner: Tensor) -> Tensor:
        return own

    def of(self, rows: slice) -> Stage:
        if len(self.index) == 1:
            return self
        return Gather(self.index[rows], self.met[rows])


def stages_of(
    schedule: Schedule, size: int, real: Tensor | None, device: torch.device
) -> list[Stage]:
    """Return the stages of a schedule for tensors of `size` tokens.

    Args:
        schedule: the wiring.
        size: tokens of the tensors: the schedule's size for pairs, any up to it for a shift.
        real: bool of shape (batch, size), true for a real token; None if all are.
        device: where indices, if any are needed, shall be.

    Returns:
        one stage for each of the schedule's, in order; the last ones of a shift are missing if
        their stride goes round the circle, so that nobody meets anybody.
    """
    if isinstance(schedule, (ButterflySchedule, BenesSchedule)):
        return [_pairs(stride, schedule.causal, real) for stride in schedule.strides]
    if isinstance(schedule, ShiftSchedule) and (schedule.causal or real is None):
        strides = [stride for stride in schedule.strides if stride < size]
        return [_shift(size, stride, schedule.causal, real) for stride in strides]
    return [*gathers_of(schedule, size, real, device)]


def gathers_of(
    schedule: Schedule, size: int, real: Tensor | None, device: torch.device
) -> list[Gather]:
    """Return the stages of any schedule, with an index for each; arguments as in `stages_of`."""
    if real is None:
        real = torch.ones(1, size, dtype=torch.bool, device=device)
    if isinstance(schedule, ShiftSchedule) and not schedule.causal:
        return [_circle(stride, real) for stride in schedule.strides]
    return [_gather(schedule, stage, real) for stage in range(schedule.depth)]


def _rows(met: Tensor) -> Tensor:
    return met.flatten(1)[:, None, :, None]


def _pairs(stride: int, causal: bool, real: Tensor | None) -> Stage:
    if real is None:
        return Pairs(stride, causal)
    halves = torch.unflatten(real, 1, (-1, 2, stride))
    return Pairs(stride, causal, _rows(halves[:, :, 0] & halves[:, :, 1]))


def _shift(size: int, stride: int, causal: bool, real: Tensor | None) -> Stage:
    met = None if real is None else _rows(real[:, stride:] & real[:, :-stride])
    return Shift(size, stride, causal, met)


def _circle(stride: int, real: Tensor) -> Gather:
    """Close the circle of each row after its last real token."""
    own = torch.arange(real.shape[1], device=real.device)
    circle = (real * (own + 1)).amax(1, keepdim=True)
    inside = (own < circle) & (stride < circle)
    index = torch.where(inside, (own + stride) % circle.clamp(min=1), own)
    return Gather(index, _rows(real & real.gather(1, index) & inside))


def _gather(schedule: Schedule, stage: int, real: Tensor) -> Gather:
    size = real.shape[1]
    own = torch.arange(size, device=real.device)
    partner = torch.from_numpy(schedule.partners(stage)[:size]).to(real.device)
    index = partner.expand(real.shape[0], -1)
    return Gather(index, _rows(real & real.gather(1, index) & (partner != own)))


def across(x: Tensor, weight: Tensor) -> Tensor:
    """Return x times a weight of shape (heads·d, heads·d), which mixes the channels of all heads.

    Args:
        x: shape (batch, heads, tokens, d).
        weight: learned.
    """
    together = x.transpose(1, 2).flatten(2) @ weight
    return torch.unflatten(together, 2, (x.shape[1], -1)).transpose(1, 2)
