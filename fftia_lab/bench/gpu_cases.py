"""What suites for a GPU share: sizes, inputs, runs, dense attention, and how a case is made.

Needs PyTorch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.functional import scaled_dot_product_attention

from .case import Case, Planned
from .gpu import Calls, alone, copies, device, possible
from .record import COPY, PRODUCT, Skipped, Work

SEED = 0
LIBRARIES = ("torch", "triton")
DTYPE = torch.bfloat16
CHOSEN, FLASH = "SDPA", "flash"
NAMED = {
    FLASH: SDPBackend.FLASH_ATTENTION,
    "cuDNN": SDPBackend.CUDNN_ATTENTION,
    "math": SDPBackend.MATH,
}
MATH_TOKENS = 4096  # it stores all scores
# Error of the worst number that counts as right, over the root mean square of all. On a processor
# it was 0.02 to 0.06 in bfloat16; the tests marked `gpu` are stricter.
LIMIT = 0.25
JOBS = ("forward", "training")
COMMON = {
    "kernel alone": "Calls on copies of the input that fill the L2 cache twice, results kept "
    "apart, captured in one CUDA graph: no Python between kernels, tokens come from memory. "
    "Weights of queries and keys are folded before.",
    "core": "Calls from Python, one after the other on one input, the clock read after waiting for "
    "the device: what fits into the L2 cache is found there. Weights are folded in each call; a "
    "named kernel is chosen by torch.nn.attention.sdpa_kernel in each call, and SDPA is PyTorch's "
    "own choice.",
    "forward": "Without gradients.",
    "training": "Forwards and backwards: gradients of the input and of all weights.",
    "copy": "One large copy from memory to memory: what it reads and what it writes.",
    "product": "One large product of square matrices.",
    "launch": "The smallest kernel, captured as in kernel alone: no kernel takes less.",
    "memory": "Above what input and weights take, the result included.",
}


@dataclass(frozen=True)
class Sizes:
    """What is measured: channels, heads, lengths, and how many tokens fill a batch."""

    dim: int
    heads: int
    lengths: tuple[int, ...]
    filled: int
    copied: int  # numbers of a copy
    product: int  # rows of a product


FULL = Sizes(1024, 16, tuple(512 << i for i in range(8)), 65536, 1 << 27, 8192)
LOOK = Sizes(1024, 16, (512, 4096), 8192, 1 << 27, 8192)
TINY = Sizes(16, 1, (16,), 16, 1 << 10, 64)


def shapes(of: Sizes) -> list[tuple[int, int]]:
    """Return one sequence of every length, and as many as fill a batch.

    >>> shapes(Sizes(1024, 16, (512, 2048), 2048, 0, 0))
    [(1, 512), (1, 2048), (4, 512)]
    """
    alone = [(1, n) for n in of.lengths]
    return alone + [(of.filled // n, n) for n in of.lengths if n < of.filled]


def rates(copied: int, rows: int) -> Iterator[Planned]:
    """Yield a large copy, a large product and the smallest kernel: what floors are made of."""
    yield Planned(COPY, (copied,), partial(_copy, copied))
    yield Planned(PRODUCT, (rows,) * 3, partial(_product, rows))
    yield Planned("launch", (1,), _launch)


def forward(function: Callable[..., Tensor], leaves: list[Tensor], to_y: Tensor) -> Tensor:
    """Run without gradients."""
    with torch.no_grad():
        return function(*leaves)


def training(function: Callable[..., Tensor], leaves: list[Tensor], to_y: Tensor) -> Tensor:
    """Run forwards and backwards; return the gradient of the first leaf."""
    return torch.autograd.grad(function(*leaves), leaves, to_y)[0]


RUNS = {"forward": forward, "training": training}


def softmax(
    backend: SDPBackend | None, q: Tensor, k: Tensor, v: Tensor, causal: bool = False
) -> Tensor:
    """Attend to all, or to those before, by one of PyTorch's kernels, or by its own choice."""
    with nullcontext() if backend is None else sdpa_kernel(backend):
        return scaled_dot_product_attention(q, k, v, is_causal=causal)


def numbers(*shape: int, seed: int = SEED, dtype: torch.dtype = DTYPE) -> Tensor:
    """Return random numbers on the device."""
    generator = torch.Generator(device()).manual_seed(seed)
    return torch.randn(*shape, generator=generator, device=device()).to(dtype)


def tokens(of: Sizes, shape: tuple[int, int], seed: int = SEED) -> Tensor:
    """Return tokens as a layer's heads see them: (sequences, heads, tokens, channels), a view."""
    return split(numbers(*shape, of.dim, seed=seed), of.heads)


def split(x: Tensor, heads: int) -> Tensor:
    """Return (sequences, tokens, channels) as (sequences, heads, tokens, channels of one)."""
    return torch.unflatten(x, 2, (heads, -1)).transpose(1, 2)


def named(shape: tuple[int, int]) -> dict[str, SDPBackend | None]:
    """Return PyTorch's ways to attend to all that are tried at a shape."""
    tried: dict[str, SDPBackend | None] = {**NAMED, CHOSEN: None}
    return {name: backend for name, backend in tried.items() if name not in left_out(shape)}


def left_out(shape: tuple[int, int]) -> dict[str, str]:
    """Return which of them are not tried at a shape, and why."""
    if shape[0] == 1 and shape[1] <= MATH_TOKENS:
        return {}
    return {"math": f"it stores all scores: one sequence of {MATH_TOKENS} tokens at most"}


def called(dtype: torch.dtype) -> str:
    """Return the name of a type as records have it.

    >>> called(torch.bfloat16)
    'bfloat16'
    """
    return str(dtype).removeprefix("torch.")


def assembled(
    series: str,
    shape: tuple[int, ...],
    calls: Calls,
    wanted: Mapping[str, Tensor],
    work: Mapping[str, Work],
    *,
    jobs: int = 1,
    remember: bool = False,
    left: Mapping[str, str] | None = None,
) -> Case:
    """Return the case of those who can be called here; the first of them is the baseline.

    Args:
        series, shape: of the case.
        calls: contenders.
        wanted: the right answer of each.
        work: what is counted of some.
        jobs, remember: as a case has them.
        left: who was left out before, and why.
    """
    able, why = possible(calls, forgiven=NAMED)
    skipped: list[Skipped] = [
        {"series": series, "contender": name, "shape": list(shape), "why": reason}
        for name, reason in ({**left, **why} if left else why).items()
    ]
    return Case(
        series=series,
        shape=shape,
        dtype=called(DTYPE),
        contenders=able,
        baseline=next(iter(able), ""),
        wanted={name: wanted[name] for name in able},
        limit=LIMIT,
        skipped=skipped,
        work=work,
        jobs=jobs,
        remember=remember,
    )


def alone_case(
    series: str,
    functions: Mapping[str, Callable[..., Tensor]],
    inputs: list[Tensor],
    wanted: Mapping[str, Tensor],
    work: Mapping[str, Work],
    left: Mapping[str, str] | None = None,
) -> Case:
    """Return functions captured, without Python between them, on inputs that are in no cache.

    Args:
        series: of the case.
        functions: contenders, of the inputs; they may leave some out.
        inputs: the first has shape (sequences, heads, tokens, channels) or (sequences, tokens, …).
        wanted, work, left: as in `assembled`.
    """
    x = inputs[0]
    shape = x.shape[0], x.shape[2 if x.dim() == 4 else 1]
    sets = [[one.clone() for one in inputs] for _ in range(copies(*inputs, x))]
    with torch.no_grad():
        firsts = {name: partial(function, *inputs) for name, function in functions.items()}
        able, why = possible(firsts, forgiven=NAMED)
        graphs = {name: alone([partial(functions[name], *one) for one in sets]) for name in able}
        return assembled(
            series, shape, graphs, wanted, work, jobs=len(sets), left={**(left or {}), **why}
        )


def _copy(count: int) -> Case:
    source = numbers(count, dtype=torch.float32)
    target = torch.empty_like(source)
    return Case(
        series=COPY,
        shape=(count,),
        dtype="float32",
        contenders={"copy": lambda: target.copy_(source)},
        baseline="copy",
        wanted=source,
        limit=1e-9,
        work={"copy": {"products": 0, "bytes": source.nbytes + target.nbytes}},
    )


def _product(rows: int) -> Case:
    a, b = numbers(rows, rows), numbers(rows, rows, seed=1).T
    return Case(
        series=PRODUCT,
        shape=(rows,) * 3,
        dtype=called(DTYPE),
        contenders={"torch.mm": partial(torch.mm, a, b)},
        baseline="torch.mm",
        wanted=torch.mm(a.float(), b.float()),
        limit=0.05,
        work={"torch.mm": {"products": 2 * rows**3, "bytes": 3 * a.nbytes}},
    )


def _launch() -> Case:
    ones = [numbers(1, dtype=torch.float32) for _ in range(64)]
    return Case(
        series="launch",
        shape=(1,),
        dtype="float32",
        contenders={"one number": alone([partial(torch.neg, one) for one in ones])},
        baseline="one number",
        wanted=-ones[0],
        limit=1e-9,
        jobs=len(ones),
    )
