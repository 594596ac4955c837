"""The suite "rates": how fast one thread of a processor multiplies and copies, for every floor.

Products of square matrices in float32 and bfloat16, and copies of float32 from the smallest that a
cache holds to one that none does. Needs PyTorch.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import torch
from torch import Tensor

from .case import Case
from .record import COPY, PRODUCT, Work

SEED = 0
LIBRARIES = ("torch",)
COPIED = tuple(1 << bits for bits in range(12, 27, 2))  # numbers of a copy: 16 KiB to 256 MiB
ROWS = 512, 1024, 2048
# Relative error of the worst number that counts as right, over the root mean square of all.
LIMITS = {torch.float32: 1e-3, torch.bfloat16: 1.0}


def cases(quick: bool = False) -> Iterator[Case]:
    """Yield what the suite measures; `quick` keeps one product of each kind and two copies."""
    for dtype in LIMITS:
        for rows in ROWS[:1] if quick else ROWS:
            yield _product(rows, dtype)
    for count in (COPIED[0], COPIED[3]) if quick else COPIED:
        yield _copy(count)


def series_of(dtype: str) -> str:
    """Return the series of products of a type; `record.floor` reads that of float32.

    >>> series_of("float32"), series_of("bfloat16")
    ('product', 'product, bfloat16')
    """
    return PRODUCT if dtype == "float32" else f"{PRODUCT}, {dtype}"


def _product(rows: int, dtype: torch.dtype) -> Case:
    a, b = _numbers(rows, rows).to(dtype), _numbers(rows, rows).T.to(dtype)
    name = str(dtype).removeprefix("torch.")
    return Case(
        series=series_of(name),
        shape=(rows,) * 3,
        dtype=name,
        contenders={"torch.mm": partial(torch.mm, a, b)},
        baseline="torch.mm",
        wanted=torch.mm(a.double(), b.double()),
        limit=LIMITS[dtype],
        work={"torch.mm": Work(products=2 * rows**3, bytes=3 * rows**2 * a.element_size())},
    )


def _copy(count: int) -> Case:
    source = _numbers(count)
    target = torch.empty_like(source)
    moved = 2 * count * source.element_size()  # what is read, and what is written
    return Case(
        series=COPY,
        shape=(count,),
        dtype="float32",
        contenders={"copy_": partial(target.copy_, source)},
        baseline="copy_",
        wanted=source,
        limit=1e-9,
        work={"copy_": Work(products=0, bytes=moved)},
    )


def _numbers(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(SEED))
