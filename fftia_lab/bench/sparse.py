"""The suite "sparse": products with a matrix of which a sparse spectrum is kept, on one thread.

Times are those of the suite: x W with the dense matrix, unpacked at every call, and streamed. Peaks
of memory are measured apart, each in a process of its own: `peaks`. Needs PyTorch.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from torch import Tensor

from ..arguments import as_integer
from ..mixing.sparse.product import spectral_matmul
from ..mixing.sparse.tensor import SparseSpectralTensor, sst
from . import machine
from .suite import Case

SEED = 0
LIBRARIES = ("torch", "safetensors")
SPARSITY = 0.20
SIZES = (512, 1024, 2048, 4096)
TOKENS = (16, 512)
BLOCKS = (128, 512)
LIMIT = 1e-4  # relative error of the worst number, over the root mean square of all
WHOLE = 0  # stands for a block that is the unpacked matrix


def cases(quick: bool = False) -> Iterator[Case]:
    """Yield what the suite measures; `quick` keeps the smallest matrix."""
    for size in SIZES[:1] if quick else SIZES:
        w, dense = _matrix(size)
        for tokens in TOKENS:
            x = _numbers(tokens, size)
            contenders = {
                "dense": partial(torch.matmul, x, dense),
                "unpacked": partial(product, x, w, WHOLE),
                **{f"streamed, {b}": partial(product, x, w, b) for b in BLOCKS},
            }
            yield Case(
                series=f"{tokens} tokens",
                shape=(tokens, size, size),
                dtype="float32",
                contenders=contenders,
                baseline="dense",
                wanted=x.double() @ dense.double(),
                limit=LIMIT,
                rounds=15 if size <= 1024 else 5,
            )


def product(x: Tensor, w: SparseSpectralTensor, block_size: int) -> Tensor:
    """Return x W without gradients, unpacking W for the block size WHOLE."""
    with torch.no_grad():
        if block_size == WHOLE:
            return x @ w.to_spatial()
        return spectral_matmul(x, w, block_size=block_size)


def peaks(
    block_sizes: Sequence[int] = (WHOLE, 1024, 512, 256, 128), size: int = 2048, tokens: int = 64
) -> dict[int, int]:
    """Return how many bytes a product takes at its peak, by block size, a fresh process each.

    Args:
        block_sizes: of `spectral_matmul`; WHOLE, 0, is the product with the unpacked matrix.
        size: inputs and outputs of the matrix.
        tokens: rows of x.

    Returns:
        block size -> bytes beyond those before the product: the spectrum and x are there already.

    Raises:
        RuntimeError: if a process fails, as where there is no Linux; the message is its last words.
    """
    w, _ = _matrix(as_integer("size", size, least=2))
    found = {}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "w.safetensors"
        w.save(path)
        for block_size in block_sizes:
            command = [sys.executable, "-m", __name__, str(path), str(tokens), str(block_size)]
            # what is freed goes back at once, so that the peak is what is needed at one time
            environment = machine.one_thread() | {"MALLOC_MMAP_THRESHOLD_": "65536"}
            child = subprocess.run(
                command, env=environment, capture_output=True, text=True, check=False
            )
            if child.returncode:
                raise RuntimeError(f"no peak was measured: {child.stderr.strip()[-400:]}")
            found[block_size] = int(child.stdout)
    return found


def peak_here(path: str, tokens: int, block_size: int) -> int:
    """Return what `peaks` measures, of this process."""
    torch.set_num_threads(1)
    product(_numbers(2, 8), sst(_numbers(8, 8), 0.5), block_size)  # libraries are loaded
    w = SparseSpectralTensor.load(path)
    x = _numbers(tokens, w.shape[0])
    Path("/proc/self/clear_refs").write_text("5")  # the peak is forgotten
    before = _status("VmRSS")
    product(x, w, block_size)
    return _status("VmHWM") - before


def _status(name: str) -> int:
    found = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found, f"Linux tells {name}"
    return 1024 * int(found[1])


def _matrix(size: int) -> tuple[SparseSpectralTensor, Tensor]:
    w = sst(_numbers(size, size), SPARSITY)
    return w, w.to_spatial()


def _numbers(rows: int, columns: int) -> Tensor:
    return torch.randn(rows, columns, generator=torch.Generator().manual_seed(SEED))


if __name__ == "__main__":
    print(peak_here(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
