"""Which of many entries are kept, in as few bytes: a bit for each, or the gaps between them.

Gaps are written seven bits a byte, the lowest first, the eighth bit saying that more follow
(LEB128, as in DWARF and WebAssembly). Below about one entry in eight gaps are the shorter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor

BITS, GAPS = 0, 1
CHUNK = 1 << 16  # bytes of gaps that are read at a time


@dataclass(frozen=True)
class Support:
    """The ranks of what is kept, ascending, as bytes.

    Args:
        entries: how many there are to choose from.
        encoding: BITS or GAPS.
        code: uint8, the bytes.
    """

    entries: int
    encoding: int
    code: Tensor

    @classmethod
    def of(cls, ranks: Tensor, entries: int) -> Support:
        """Return the shorter of both codes for these ranks, which ascend.

        >>> Support.of(torch.tensor([3, 200]), 1000).code
        tensor([  3, 196,   1], dtype=torch.uint8)
        """
        gaps = encode_gaps(ranks)
        if len(gaps) < -(-entries // 8):
            return cls(entries, GAPS, gaps)
        return cls(entries, BITS, encode_bits(ranks, entries))

    def ranks(self) -> Tensor:
        """Return the ranks of all that is kept, int64."""
        return next(iter(self.walk([0, self.entries])))

    def walk(self, edges: Sequence[int]) -> Iterator[Tensor]:
        """Yield the ranks in [edges[0], edges[1]), then those in [edges[1], edges[2]), and so on.

        No more is decoded at a time than what is yielded, and a chunk. The first edge is 0.
        """
        return self._walk_bits(edges) if self.encoding == BITS else self._walk_gaps(edges)

    def _walk_bits(self, edges: Sequence[int]) -> Iterator[Tensor]:
        for low, high in pairwise(edges):
            first = low // 8
            ranks = decode_bits(self.code[first : -(-high // 8)]) + 8 * first
            yield ranks[(ranks >= low) & (ranks < high)]

    def _walk_gaps(self, edges: Sequence[int]) -> Iterator[Tensor]:
        ahead, read, last = self.code.new_empty(0, dtype=torch.int64), 0, -1
        for high in edges[1:]:
            while read < len(self.code) and last < high:
                chunk = _whole(self.code[read : read + CHUNK])
                ahead = torch.cat((ahead, decode_gaps(chunk) + last + 1))
                read, last = read + len(chunk), int(ahead[-1])
            count = int(torch.searchsorted(ahead, high))
            yield ahead[:count]
            ahead = ahead[count:]


def encode_bits(ranks: Tensor, entries: int) -> Tensor:
    """Return one bit an entry, the lowest bit of a byte first."""
    bits = torch.zeros(-(-entries // 8) * 8, dtype=torch.uint8, device=ranks.device)
    bits[ranks] = 1
    return (bits.reshape(-1, 8) << _shifts(ranks.device)).sum(1, dtype=torch.uint8)


def decode_bits(code: Tensor) -> Tensor:
    """Return which bits are set."""
    return ((code[:, None] >> _shifts(code.device)) & 1).flatten().nonzero().flatten()


def encode_gaps(ranks: Tensor) -> Tensor:
    """Return how many entries are left out before each that is kept, seven bits a byte."""
    gaps = ranks.diff(prepend=ranks.new_full((1,), -1)) - 1
    largest = int(gaps.max()) if len(gaps) else 0
    shifts = 7 * torch.arange(max(1, -(-largest.bit_length() // 7)), device=ranks.device)
    left = gaps[:, None] >> shifts
    more = (left >> 7) > 0
    used = torch.cat((torch.ones_like(more[:, :1]), more[:, :-1]), 1)
    return ((left & 127) + 128 * more)[used].to(torch.uint8)


def decode_gaps(code: Tensor) -> Tensor:
    """Return the ranks, as if nothing came before the first gap."""
    ends = code < 128
    number = ends.cumsum(0) - ends.long()
    starts = torch.cat((ends.new_ones(1), ends[:-1])).nonzero().flatten()
    place = torch.arange(len(code), device=code.device) - starts[number]
    gaps = torch.zeros_like(starts).index_add_(0, number, (code.long() & 127) << (7 * place))
    return (gaps + 1).cumsum(0) - 1


def _whole(code: Tensor) -> Tensor:
    """Return the bytes up to the end of the last number that ends in them.

    Raises:
        ValueError: if none does.
    """
    ends = (code < 128).nonzero()
    if not len(ends):
        raise ValueError(f"a gap in its code is longer than {len(code)} bytes")
    return code[: int(ends[-1]) + 1]


def _shifts(device: torch.device) -> Tensor:
    return torch.arange(8, dtype=torch.uint8, device=device)
