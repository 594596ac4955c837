"""The stages of a schedule as views of PyTorch tensors: who hears, and whom, without an index.

Every tensor here has shape (batch, heads, places, ...). A stage names the rows that hear somebody,
`own`, and knows how to take the differences δ = partner - own and how to give gradients back. Pairs
hear each other, so that one row of differences serves two tokens. Whom a mask lets meet is the
schedule's to say; here it becomes the rows of a view.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import Any, Protocol

import torch
from torch import Tensor


@dataclass(frozen=True)
class Side:
    """What a mask makes of one side's rows, each bool of shape (batch, 1, rows, 1).

    Args:
        hears: whether a row hears anybody.
        copies: whether it holds nothing yet and copies whom it hears; None if no row does.
    """

    hears: Tensor
    copies: Tensor | None

    def settle(self, gate: Tensor) -> Tensor:
        """Return the gates of (batch, heads, …, 1) with 0 for who hears nobody, 1 for a copy."""
        shape = self.hears.shape[0], 1, *gate.shape[2:]
        gate = gate.where(self.hears.reshape(shape), 0)
        return gate if self.copies is None else gate.masked_fill(self.copies.reshape(shape), 1)

    def of(self, rows: slice) -> Side:
        """Return the side for some rows of the batch; one row serves all."""
        return self if len(self.hears) == 1 else self._part((rows,))

    def within(self, rows: slice) -> Side:
        """Return the side for some of the rows that hear."""
        return self._part((slice(None), slice(None), rows))

    def _part(self, index: tuple[slice, ...]) -> Side:
        return Side(self.hears[index], None if self.copies is None else self.copies[index])


def met(sides: tuple[Side, ...]) -> Tensor:
    """Return where either of two sides hears, or the one that there is."""
    first, *other = (side.hears for side in sides)
    return first | other[0] if other else first


class Stage(Protocol):
    """Who meets whom in one stage.

    `sides` is what a mask makes of the rows that hear, and of their partners where they hear too;
    None if nothing is masked. `met` is false where neither hears, of shape (batch, 1, rows, 1).
    `mutual` says whether those who are heard hear too. `size` is how many places there are before
    the stage, and `rest` how many at the end are doubled after it, for empty places that copy.
    """

    @property
    def sides(self) -> tuple[Side, ...] | None: ...

    @property
    def met(self) -> Tensor | None: ...

    @property
    def mutual(self) -> bool: ...

    @property
    def size(self) -> int: ...

    @property
    def rest(self) -> int: ...

    @property
    def rows(self) -> int:
        """How many differences the stage takes."""
        ...

    def own(self, x: Tensor) -> Tensor:
        """Return the rows of x that hear, as a view."""
        ...

    def partner(self, x: Tensor) -> Tensor:
        """Return whom they hear, row by row; a view if the wiring allows one."""
        ...

    def both(self, x: Tensor) -> tuple[Tensor, Tensor | None]:
        """Return the rows of x that hear, and their partners if these hear too, as views."""
        ...

    def subtract(self, x: Tensor, out: Tensor) -> None:
        """Write partner - own into `out`, of the shape of own."""
        ...

    def give(self, x: Tensor, gradient: Tensor) -> None:
        """Add a gradient of the partners to the rows of x that they are."""
        ...

    def join(self, x: Tensor, own: Tensor, partner: Tensor) -> Tensor:
        """Return all places: the new own rows, the new partners if mutual, the others of x."""
        ...

    def under(self, sides: tuple[Side, ...], copied: Tensor | None) -> Stage:
        """Return the stage under a mask; `copied` says which of the `rest` hold something."""
        ...

    def of(self, rows: slice) -> Stage:
        """Return the stage for some rows of the batch."""
        ...


@dataclass(frozen=True)
class _Masked(ABC):
    sides: tuple[Side, ...] | None = None
    rest = 0

    @property
    def met(self) -> Tensor | None:
        return None if self.sides is None else met(self.sides)

    @abstractmethod
    def own(self, x: Tensor) -> Tensor: ...

    def both(self, x: Tensor) -> tuple[Tensor, Tensor | None]:
        return self.own(x), None

    def under(self, sides: tuple[Side, ...], copied: Tensor | None) -> Any:
        return replace(self, sides=sides)

    def of(self, rows: slice) -> Any:
        if self.sides is None:
            return self
        return replace(self, sides=tuple(side.of(rows) for side in self.sides))


@dataclass(frozen=True, kw_only=True)
class Pairs(_Masked):
    """Token i meets i XOR stride: blocks of two halves, and the halves meet row by row.

    The first `size - rest` places are whole blocks. The rest is half a block whose other half is
    empty, and copies it. `copied`, of shape (batch, 1, rest, 1), is false where there is nothing to
    copy; None if there is everywhere.
    """

    stride: int
    causal: bool
    size: int
    rest: int = 0
    copied: Tensor | None = None

    @property
    def mutual(self) -> bool:
        return not self.causal

    @property
    def rows(self) -> int:
        return (self.size - self.rest) // 2

    def halves(self, x: Tensor) -> Tensor:
        """Return a view (batch, heads, blocks, 2, stride, ...)."""
        return torch.unflatten(x[:, :, : self.size - self.rest], 2, (-1, 2, self.stride))

    def own(self, x: Tensor) -> Tensor:
        return self.halves(x).select(3, int(self.causal))

    def partner(self, x: Tensor) -> Tensor:
        return self.halves(x).select(3, int(not self.causal))

    def both(self, x: Tensor) -> tuple[Tensor, Tensor | None]:
        first, second = self.halves(x).unbind(3)
        return (second, None) if self.causal else (first, second)

    def subtract(self, x: Tensor, out: Tensor) -> None:
        first, second = self.halves(x).unbind(3)
        torch.sub(first, second, out=out) if self.causal else torch.sub(second, first, out=out)

    def give(self, x: Tensor, gradient: Tensor) -> None:
        partner = self.partner(x)
        partner.add_(gradient.view(partner.shape))

    def join(self, x: Tensor, own: Tensor, partner: Tensor) -> Tensor:
        halves = (partner, own) if self.causal else (own, partner)
        whole = torch.stack(halves, 3).flatten(2, 4)
        if not self.rest:
            return whole
        last = x[:, :, self.size - self.rest : self.size]
        return torch.cat((whole, last, last), 2)

    def within(self, start: int, end: int) -> Pairs:
        """Return the stage for the places from `start` to `end`, whole blocks of them."""
        size = min(self.size, end) - start
        rest = self.rest if self.size <= end else 0
        sides = self.sides
        if sides is not None:
            rows = slice(start // 2, (start + size - rest) // 2)
            sides = tuple(side.within(rows) for side in sides)
        return replace(self, size=size, rest=rest, sides=sides)

    def under(self, sides: tuple[Side, ...], copied: Tensor | None) -> Pairs:
        return replace(self, sides=sides, copied=copied if self.rest else None)


@dataclass(frozen=True, kw_only=True)
class Shift(_Masked):
    """Token i hears i + stride on a circle of `size` tokens, or i - stride if causal."""

    size: int
    stride: int
    causal: bool
    mutual = False

    @property
    def rows(self) -> int:
        return self.size - self.stride if self.causal else self.size

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


@dataclass(frozen=True, kw_only=True)
class Prefix(_Masked):
    """The upper half of every block of 2·stride places hears the last place of the lower half.

    `blocks` blocks have a token in their upper half; of one alone the upper half ends with the
    tokens. Places after them, if there are any, are heard by nobody before.
    """

    size: int
    stride: int
    blocks: int
    tokens: int
    mutual = False

    @property
    def rows(self) -> int:
        return self.blocks * self.stride if self.blocks > 1 else self.end - self.stride

    @property
    def end(self) -> int:
        """Where the upper half of a single block ends."""
        return min(2 * self.stride, self.tokens)

    def halves(self, x: Tensor) -> Tensor:
        """Return a view (batch, heads, blocks, 2, stride, ...)."""
        whole = x[:, :, : 2 * self.stride * self.blocks]
        return torch.unflatten(whole, 2, (self.blocks, 2, self.stride))

    def own(self, x: Tensor) -> Tensor:
        if self.blocks > 1:
            return self.halves(x).select(3, 1)
        return x[:, :, self.stride : self.end]

    def partner(self, x: Tensor) -> Tensor:
        if self.blocks > 1:
            return self.halves(x).select(3, 0)[:, :, :, -1:]
        return x[:, :, self.stride - 1 : self.stride]

    def subtract(self, x: Tensor, out: Tensor) -> None:
        torch.sub(self.partner(x), self.own(x), out=out)

    def give(self, x: Tensor, gradient: Tensor) -> None:
        along = 3 if self.blocks > 1 else 2  # the axis of those who hear one place
        self.partner(x).add_(gradient.view(self.own(x).shape).sum(along, keepdim=True))

    def join(self, x: Tensor, own: Tensor, partner: Tensor) -> Tensor:
        if self.blocks == 1:
            return torch.cat((x[:, :, : self.stride], own, x[:, :, self.end :]), 2)
        whole = torch.stack((self.halves(x).select(3, 0), own), 3).flatten(2, 4)
        return torch.cat((whole, x[:, :, whole.shape[2] :]), 2)


@dataclass(frozen=True, kw_only=True)
class Gather(_Masked):
    """Token i hears index[i], of shape (batch or 1, places): any wiring, at an index's price."""

    index: Tensor
    mutual = False

    @property
    def size(self) -> int:
        return self.index.shape[1]

    @property
    def rows(self) -> int:
        return self.size

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

    def of(self, rows: slice) -> Gather:
        part: Gather = super().of(rows)
        return part if len(self.index) == 1 else replace(part, index=self.index[rows])


def across(x: Tensor, weight: Tensor) -> Tensor:
    """Return x times a weight of shape (heads·d, heads·d), which mixes the channels of all heads.

    Args:
        x: shape (batch, heads, places, d).
        weight: learned.
    """
    together = x.transpose(1, 2).flatten(2) @ weight
    return torch.unflatten(together, 2, (x.shape[1], -1)).transpose(1, 2)
