"""Which stages a schedule has for so many tokens, and how many places they want.

Blocks in which no token is real are left out: with relays a butterfly of n tokens starts with n
places, and the half of a block that would be empty is a copy of the other half. So a stage of
stride t takes ⌊m / 2t⌋·t differences of m places, where an index would take m.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from ...schedule import BenesSchedule, ButterflySchedule, PrefixSchedule, Schedule, ShiftSchedule
from .stages import Gather, Pairs, Prefix, Shift, Side, Stage


@dataclass(frozen=True)
class Layout:
    """The stages of a schedule for tensors of some tokens.

    Args:
        stages: one for each of the schedule's, in order; the last ones of a shift or prefix
            wiring are missing if their stride is n or more, so that nobody meets anybody.
        places: how many the first stage wants.
    """

    stages: list[Stage]
    places: int

    @property
    def room(self) -> int:
        """The largest number of places that there are at any time."""
        return max([self.places, *(stage.size + stage.rest for stage in self.stages)])

    def steps(self, at_once: int) -> Iterator[Step]:
        """Yield the stages as steps, no more places at once than asked where that can be.

        A stage of pairs stays inside its blocks, so that the first stages can all be done in one
        run of places before the next is begun.
        """
        first: list[Pairs] = []
        for stage in self.stages:
            if not isinstance(stage, Pairs) or 2 * stage.stride > at_once:
                break
            first.append(stage)
        run = 2 * max((stage.stride for stage in first), default=0)
        if run >= self.places:
            first = []
        for start in range(0, self.places if first else 0, run or 1):
            for number, narrow in enumerate(first):
                yield Step(number, start, narrow.within(start, start + run))
        for number in range(len(first), len(self.stages)):
            yield Step(number, 0, self.stages[number])


@dataclass(frozen=True)
class Step:
    """One stage, or a part of it: the places from `start` on."""

    number: int
    start: int
    stage: Stage

    @property
    def before(self) -> slice:
        """The places that there are before the step."""
        return slice(self.start, self.start + self.stage.size)

    @property
    def after(self) -> slice:
        """The places that there are after it."""
        return slice(self.start, self.start + self.stage.size + self.stage.rest)


def lay_out(schedule: Schedule, n: int, real: Tensor | None, device: torch.device) -> Layout:
    """Return the layout of a schedule for n tokens.

    Args:
        schedule: the wiring of at least n places.
        n: number of tokens.
        real: bool of shape (batch, n), true for a real token; None if all are.
        device: where masks and indices, if any are needed, shall be.
    """
    if isinstance(schedule, (ButterflySchedule, BenesSchedule)):
        return _of_pairs(schedule, n, real, device)
    if isinstance(schedule, PrefixSchedule):
        return _of_prefix(schedule, n, real)
    if isinstance(schedule, ShiftSchedule) and (schedule.causal or real is None):
        return _of_shift(schedule, n, real)
    places = schedule.places(n)
    real = _all_real(n, device) if real is None and places > n else real
    return Layout([*gathers_of(schedule, places, real, device)], places)


def gathers_of(
    schedule: Schedule, places: int, real: Tensor | None, device: torch.device
) -> list[Gather]:
    """Return the stages of any schedule, with an index for each.

    Args:
        schedule: the wiring.
        places: how many the tensors have; `real` has as many or fewer.
        real: bool of shape (batch, n), true for a real token; None if all places are.
        device: where the indices shall be.
    """
    real = _all_real(places, device) if real is None else real
    found = []
    for partner, holds in _meetings(schedule, real):
        index = partner[:, :places]
        hears = index != torch.arange(places, device=device)
        found.append(Gather(index=index, sides=(_side(schedule, hears, holds[:, :places]),)))
    return found


def _all_real(n: int, device: torch.device) -> Tensor:
    return torch.ones(1, n, dtype=torch.bool, device=device)


def _meetings(schedule: Schedule, real: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    missing = schedule.size - real.shape[1]
    return schedule.meetings(torch.nn.functional.pad(real, (0, missing)), torch)


def _side(schedule: Schedule, hears: Tensor, holds: Tensor) -> Side:
    rows = (slice(None), None, slice(None), None)
    relays = schedule.padding == "relay"
    return Side(hears[rows], (hears & ~holds)[rows] if relays else None)


def _of_pairs(
    schedule: ButterflySchedule | BenesSchedule, n: int, real: Tensor | None, device: torch.device
) -> Layout:
    visited = schedule.visited(n)
    places = visited[0] if visited else n
    real = _all_real(n, device) if real is None and places > n else real
    stages: list[Stage] = [
        Pairs(stride=stride, causal=schedule.causal, size=size, rest=size % (2 * stride))
        for stride, size in zip(schedule.strides, visited, strict=True)
    ]
    return _masked(schedule, Layout(stages, places), real)


def _of_shift(schedule: Schedule, n: int, real: Tensor | None) -> Layout:
    strides = [stride for stride in schedule.strides if stride < n]
    stages = [Shift(size=n, stride=stride, causal=schedule.causal) for stride in strides]
    return _masked(schedule, Layout([*stages], n), real)


def _of_prefix(schedule: Schedule, n: int, real: Tensor | None) -> Layout:
    strides = [stride for stride in schedule.strides if stride < n]
    blocks = [-((stride - n) // (2 * stride)) for stride in strides]  # rounded up
    whole = (2 * stride * count for stride, count in zip(strides, blocks, strict=True) if count > 1)
    places = max([n, *whole])
    stages: list[Stage] = [
        Prefix(size=places, stride=stride, blocks=count, tokens=n)
        for stride, count in zip(strides, blocks, strict=True)
    ]
    return _masked(schedule, Layout(stages, places), real)


def _masked(schedule: Schedule, layout: Layout, real: Tensor | None) -> Layout:
    """Return the layout with what the schedule says of each view's rows under a mask."""
    if real is None:
        return layout
    own = torch.arange(schedule.size, device=real.device)
    stages = []
    for stage, (partner, holds) in zip(layout.stages, _meetings(schedule, real), strict=False):
        hears, holds = (_places(one, layout.room) for one in (partner != own, holds))
        views = (stage.own, stage.partner) if stage.mutual else (stage.own,)
        sides = tuple(_side(schedule, _rows(view, hears), _rows(view, holds)) for view in views)
        copied = holds[:, None, stage.size - stage.rest : stage.size, None]
        stages.append(stage.under(sides, copied))
    return Layout(stages, layout.places)


def _places(one: Tensor, room: int) -> Tensor:
    """Return a mask of the schedule's places for as many as the tensors have."""
    return torch.nn.functional.pad(one, (0, room - one.shape[1]))


def _rows(view: Callable[[Tensor], Tensor], one: Tensor) -> Tensor:
    return view(one[:, None])[:, 0].flatten(1).clone()  # for a compiler all begin alike
