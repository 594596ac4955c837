"""Which entries of a real array's spectrum are independent, and in which order they are kept.

The spectrum of a real array is symmetric, X[-k] = conj X[k]; `rfftn` returns the half of it with
0 <= k <= n/2 on the last axis. Where k is 0 or n/2 that half still holds conjugate pairs twice.
Here a pair is one entry, and an entry that is its own conjugate, a real number, is one too. Entries
are ordered by the last axis's frequency, their column, then by the others, their row.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import torch
from torch import Tensor


@dataclass(frozen=True)
class Layout:
    """The half spectrum of a real array, as columns of rows.

    Args:
        shape: of the array, 1 to 4 axes.

    >>> layout = Layout((4, 6))
    >>> layout.columns, layout.rows, layout.entries
    (4, 4, 14)
    """

    shape: tuple[int, ...]

    @property
    def numbers(self) -> int:
        """How many numbers the array holds."""
        return prod(self.shape)

    @property
    def columns(self) -> int:
        """How many frequencies the last axis has from 0 to the highest."""
        return self.shape[-1] // 2 + 1

    @property
    def rows(self) -> int:
        """How many frequencies the other axes have together."""
        return prod(self.shape[:-1])

    @property
    def lone(self) -> int:
        """How many rows are their own mirror image."""
        return prod(2 - n % 2 for n in self.shape[:-1])

    @property
    def half_rows(self) -> int:
        """How many entries a column has that is its own mirror image, as the first is."""
        return (self.rows + self.lone) // 2

    @property
    def entries(self) -> int:
        """How many independent entries there are, about half as many as numbers."""
        return self.start(self.columns)

    def start(self, column: int) -> int:
        """Return the rank of the first entry of a column; that of the one past the last is all."""
        if column == 0:
            return 0
        folded_too = column == self.columns and self.shape[-1] % 2 == 0
        saved = self.rows - self.half_rows if folded_too else 0
        return self.half_rows + self.rows * (column - 1) - saved

    def mirror(self, device: torch.device | str) -> Tensor:
        """Return the row of -k for the row of every k, int64 of shape (rows,)."""
        others = self.shape[:-1]
        index = torch.arange(self.rows, device=device).reshape(others)
        axes = tuple(range(len(others)))
        return index.flip(axes).roll((1,) * len(axes), axes).flatten() if axes else index.flatten()

    def locate(self, ranks: Tensor) -> tuple[Tensor, Tensor]:
        """Return column and row of entries, of which the ranks are given."""
        columns = (ranks - self.half_rows + self.rows) // self.rows
        before = self.half_rows + (columns - 1) * self.rows
        rows = torch.where(columns == 0, ranks, ranks - before)
        mirror = self.mirror(ranks.device)
        firsts = (torch.arange(self.rows, device=ranks.device) <= mirror).nonzero().flatten()
        folded = self.is_folded(columns)
        return columns, torch.where(folded, firsts[rows.where(folded, 0)], rows)

    def is_folded(self, columns: Tensor) -> Tensor:
        """Return where a column is its own mirror image."""
        return (columns * 2) % self.shape[-1] == 0

    def gather(self, half: Tensor) -> tuple[Tensor, Tensor]:
        """Return the independent entries of what `rfftn` returned, and how often each occurs in
        the whole spectrum: twice, or once if it is its own conjugate."""
        table = half.movedim(-1, 0).reshape(self.columns, self.rows)
        mirror = self.mirror(half.device)
        own = torch.arange(self.rows, device=half.device)
        folded = self.is_folded(torch.arange(self.columns, device=half.device))[:, None]
        independent = ~folded | (own <= mirror)
        times = 2 - (folded & (own == mirror)).to(torch.uint8)
        return table[independent], times[independent]

    def scatter(self, entries: Tensor, ranks: Tensor) -> Tensor:
        """Return what `irfftn` takes: the half spectrum with these entries, and 0 elsewhere."""
        columns, rows = self.locate(ranks)
        mirrored = self.mirror(ranks.device)[rows]
        folded = self.is_folded(columns)
        lone = folded & (rows == mirrored)
        entries = torch.where(lone, entries.real.to(entries.dtype), entries)
        table = entries.new_zeros(self.columns, self.rows).index_put((columns, rows), entries)
        twice = folded & ~lone
        places = columns[twice], mirrored[twice]
        table = table.index_put(places, entries[twice].conj().resolve_conj())
        return table.reshape(self.columns, *self.shape[:-1]).movedim(0, -1)
