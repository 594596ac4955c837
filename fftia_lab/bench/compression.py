"""The suite "compression": products with a matrix of which a spectrum is kept, on one thread.

The matrix is dense, or unpacked at every call, or streamed in blocks. Peaks of memory include the
matrix as it is kept, the input and the result. Needs PyTorch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import torch
from torch import Tensor

from ..mixing.sparse.header import Header
from ..mixing.sparse.layout import Layout
from ..mixing.sparse.product import spectral_matmul
from ..mixing.sparse.support import BITS
from ..mixing.sparse.tensor import SparseSpectralTensor, sst
from .case import Case, Peaks, Planned
from .memory import compare

SEED = 0
LIBRARIES = ("torch",)
SPARSITY = 0.20
SIZES = (512, 1024, 2048, 4096)
TOKENS = (16, 512)
BLOCKS = (128, 512)
REMEMBERED_BLOCKS = (2048, 1024, 512, 256, 128)
FIXED = (
    f"{SPARSITY:.0%} of a square matrix's spectrum kept; the size is (tokens, rows, columns), of "
    "peaks the last two the same."
)
LIMIT = 1e-4  # relative error of the worst number, over the root mean square of all
DENSE, UNPACKED = "dense", "unpacked"


def cases(quick: bool = False) -> Iterator[Planned]:
    """Yield what the suite measures; `quick` keeps the smallest matrix."""
    for size in SIZES[:1] if quick else SIZES:
        for tokens in TOKENS:
            shape = tokens, size, size
            yield Planned(f"{tokens} tokens", shape, partial(_product, tokens, size))


def _product(tokens: int, size: int) -> Case:
    """Return a product of so many tokens and a square matrix, each way."""
    w, x = sst(_numbers(size, size), SPARSITY), _numbers(tokens, size)
    dense = w.to_spatial()
    return Case(
        series=f"{tokens} tokens",
        shape=(tokens, size, size),
        dtype="float32",
        contenders={
            DENSE: partial(torch.matmul, x, dense),
            UNPACKED: partial(unpacked, x, w),
            **{f"streamed, {b}": partial(streamed, x, w, b) for b in BLOCKS},
        },
        baseline=DENSE,
        wanted=x.double() @ dense.double(),
        limit=LIMIT,
        rounds=15 if size <= 1024 else 5,
    )


def memory(quick: bool = False) -> Iterator[Peaks]:
    """Yield peaks of memory by block size, in processes of their own; `quick` keeps few, once."""
    targets = {name: f"{__name__}:remembered {name}" for name in (DENSE, UNPACKED)}
    for block_size in REMEMBERED_BLOCKS[1:3] if quick else REMEMBERED_BLOCKS:
        targets[f"streamed, {block_size}"] = f"{__name__}:remembered {block_size}"
    for size in SIZES[1:2] if quick else SIZES[2:]:
        shape, repeats = (TOKENS[0], size, size), 1 if quick else 3
        series = "product, float32"
        take = partial(
            compare, series, targets, shape, "float32", warm=(2, 64, 64), repeats=repeats
        )
        yield Peaks(series, shape, take)


def remembered(how: str) -> Callable[[tuple[int, ...]], Tensor]:
    """Return what `memory` measures: a product of x and W of shape (tokens, inputs, outputs).

    Args:
        how: DENSE, UNPACKED or a block size.
    """
    torch.set_num_threads(1)

    def call(shape: tuple[int, ...]) -> Tensor:
        tokens, inputs, outputs = shape
        x = _numbers(tokens, inputs)
        if how == DENSE:
            return x @ _numbers(inputs, outputs)
        w = every_fifth(inputs, outputs)
        return unpacked(x, w) if how == UNPACKED else streamed(x, w, int(how))

    return call


def unpacked(x: Tensor, w: SparseSpectralTensor) -> Tensor:
    """Return x W with W made whole first."""
    return x @ w.to_spatial()


def streamed(x: Tensor, w: SparseSpectralTensor, block_size: int) -> Tensor:
    """Return x W with a block of the spectrum of W at a time."""
    return spectral_matmul(x, w, block_size=block_size)


def every_fifth(inputs: int, outputs: int) -> SparseSpectralTensor:
    """Return a matrix of which every fifth entry is kept, made without it ever being whole."""
    entries = Layout((inputs, outputs)).entries
    code = torch.tensor([0x21, 0x84, 0x10, 0x42, 0x08], dtype=torch.uint8)  # 1 00001 00001 …
    code = code.repeat(-(-entries // 40))[: -(-entries // 8)]
    code[-1] &= (1 << (entries - 1) % 8 + 1) - 1
    coefficients = _numbers(-(-entries // 5), 2)
    header = Header(BITS, len(coefficients), 0, 0, (inputs, outputs)).written()
    return SparseSpectralTensor.from_parts(
        {"coefficients": coefficients, "code": code, "header": header}
    )


def _numbers(rows: int, columns: int) -> Tensor:
    return torch.randn(rows, columns, generator=torch.Generator().manual_seed(SEED))
