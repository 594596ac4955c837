"""The header of a sparse spectrum: a few whole numbers, kept and counted like all else."""

from __future__ import annotations

from dataclasses import astuple, dataclass

import torch
from torch import Tensor

from .checks import FLOATS, check_shape
from .layout import Layout
from .support import BITS, GAPS, Support

VERSION = 1
FIXED = 5
PART = 1 << 18  # entries that are looked at together


@dataclass(frozen=True)
class Header:
    """What is needed to read coefficients and code.

    Args:
        encoding: of the code, BITS or GAPS.
        kept: how many entries are kept.
        exponent: of the power of two that coefficients are multiplied by.
        dtype: the array's, as its place in FLOATS.
        shape: the array's.
    """

    encoding: int
    kept: int
    exponent: int
    dtype: int
    shape: tuple[int, ...]

    def written(self) -> Tensor:
        """Return it as an int64 tensor."""
        *fixed, shape = astuple(self)
        return torch.tensor([VERSION, *fixed, *shape])

    @classmethod
    def read(cls, header: Tensor) -> Header:
        """Return what `written` wrote.

        Raises:
            ValueError: if it is something else.
        """
        if header.dtype != torch.int64 or header.dim() != 1 or len(header) <= FIXED:
            raise ValueError(f"its header is {header.dtype} of shape {tuple(header.shape)}")
        version, encoding, kept, exponent, dtype, *shape = header.tolist()
        if version != VERSION:
            raise ValueError(f"its version is {version}; this one reads version {VERSION}")
        if encoding not in (BITS, GAPS) or dtype not in range(len(FLOATS)):
            raise ValueError("its header names no encoding and dtype that there are")
        check_shape(tuple(shape))
        return cls(encoding, kept, exponent, dtype, tuple(shape))

    def check(self, coefficients: Tensor, support: Support) -> None:
        """Refuse coefficients and a code that do not belong to this header.

        Raises:
            ValueError: saying what does not fit.
        """
        if coefficients.dtype not in FLOATS or coefficients.shape != (self.kept, 2):
            raise ValueError(
                f"its {self.kept} coefficients are {coefficients.dtype} "
                f"of shape {tuple(coefficients.shape)}"
            )
        entries, code = Layout(self.shape).entries, support.code
        if code.dtype != torch.uint8 or code.dim() != 1:
            raise ValueError(f"its code is {code.dtype} of shape {tuple(code.shape)}")
        whole = len(code) == -(-entries // 8)
        if self.encoding == GAPS:
            whole = int((code < 128).sum()) == self.kept and not (code[-1:] >= 128).any()
        if not whole or _counted(support) != self.kept:
            raise ValueError(f"its code does not name {self.kept} of {entries} entries")


def _counted(support: Support) -> int | None:
    """Return how many entries a code names, a part of it at a time; None if it names others."""
    edges = [*range(0, support.entries, PART), -(-support.entries // 8) * 8]
    count, last = 0, -1
    for ranks in support.walk(edges):
        steps = ranks.diff(prepend=ranks.new_full((1,), last))
        if (steps <= 0).any() or (ranks >= support.entries).any():
            return None
        count, last = count + len(ranks), int(ranks[-1]) if len(ranks) else last
    return count
