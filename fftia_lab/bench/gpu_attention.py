"""The suite "gpu_attention": fused butterfly attention against dense attention, on a GPU.

1,024 channels in 16 heads, bfloat16, one sequence or as many as make 65,536 tokens; the shape is
(sequences, tokens). Dense is PyTorch's `scaled_dot_product_attention`: as PyTorch chooses, and with
each of its kernels named. Needs PyTorch, Triton and a CUDA GPU.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from copy import deepcopy
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.functional import scaled_dot_product_attention

from ..attention import DenseAttention, FFTInspiredAttention, butterfly_attention
from ..kernels.operators import butterfly_attention as operator
from ..schedule import ButterflySchedule
from . import floors
from .gpu import Calls, alone, copies, device, interprets, place, possible, settings
from .record import COPY, PRODUCT, Skipped, Work
from .suite import Case, Planned

__all__ = ["CONDITIONS", "LIBRARIES", "SEED", "cases", "place", "settings"]

SEED = 0
LIBRARIES = ("torch", "triton")
DTYPE = torch.bfloat16
CHOSEN, FLASH, BUTTERFLY, EAGER = "SDPA", "flash", "butterfly", "butterfly, eager"
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
CONDITIONS = {
    "kernel alone": "Calls on copies of the input that fill the L2 cache twice, results kept "
    "apart, captured in one CUDA graph: no Python between kernels, tokens come from memory. "
    "Weights of queries and keys are folded before.",
    "core": "Calls from Python, one after the other on one input, the clock read after waiting for "
    "the device: what fits into the L2 cache is found there. Weights are folded in each call; a "
    "named kernel is chosen by torch.nn.attention.sdpa_kernel in each call, and SDPA is PyTorch's "
    "own choice.",
    "layer": "As core, with the projections: four for dense attention, two for the butterfly.",
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


def sizes(quick: bool) -> Sizes:
    """Return the sizes: all, a few, or, in the interpreter, tiny ones."""
    return TINY if interprets() else LOOK if quick else FULL


def cases(quick: bool = False) -> Iterator[Planned]:
    """Yield what the suite measures; `quick` keeps two lengths."""
    of = sizes(quick)
    yield from rates(of.copied, of.product)
    for n in of.lengths:
        shape = (1, n)
        yield Planned("kernel alone, forward", shape, partial(_alone, of, n))
    for shape in shapes(of):
        for job in JOBS:
            yield Planned(f"core, {job}", shape, partial(_core, of, shape, job))
            yield Planned(f"layer, {job}", shape, partial(_layer, of, shape, job))


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


def _weights(of: Sizes, n: int) -> tuple[ButterflySchedule, list[Tensor]]:
    """Return the wiring of n tokens and weights whose scores have unit variance."""
    schedule, d = ButterflySchedule(n), of.dim // of.heads
    shape = schedule.depth, of.heads, d, d
    return schedule, [(numbers(*shape, seed=seed) * d**-0.5) for seed in (3, 4)]


def _folded(w_q: Tensor, w_k: Tensor) -> Tensor:
    return (w_k @ w_q.mT * w_q.shape[-1] ** -0.5).contiguous()


def _alone(of: Sizes, n: int) -> Case:
    """Return forward kernels without Python between them, on tokens that are in no cache."""
    schedule, weights = _weights(of, n)
    q, k, v = (tokens(of, (1, n), seed) for seed in range(3))
    bilinear = _folded(*weights)
    functions: dict[str, Callable[..., Tensor]] = {
        name: partial(softmax, backend) for name, backend in named((1, n)).items()
    }
    functions[BUTTERFLY] = lambda q, *_: operator(q, bilinear, schedule)
    wide = [one.float() for one in (q, k, v)]
    wanted = dict.fromkeys(functions, softmax(None, wide[0], wide[1], wide[2]))
    wanted[BUTTERFLY] = butterfly_attention(
        wide[0], *(one.float() for one in weights), schedule=schedule, backend="eager"
    )
    work = _work(of, (1, n), "core", False)
    return alone_case("kernel alone, forward", functions, [q, k, v], wanted, work, left_out((1, n)))


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


def _core(of: Sizes, shape: tuple[int, int], job: str) -> Case:
    """Return attention without projections, as it is called from Python."""
    schedule, weights = _weights(of, shape[1])
    q, k, v = (tokens(of, shape, seed) for seed in range(3))
    functions: dict[str, tuple[Callable[..., Tensor], list[Tensor]]] = {
        name: (partial(softmax, backend), [q, k, v]) for name, backend in named(shape).items()
    }
    for name, backend in ((EAGER, "eager"), (BUTTERFLY, "triton")):
        butterfly = partial(butterfly_attention, schedule=schedule, backend=backend)
        functions[name] = butterfly, [q, *weights]
    calls, to_y = {}, tokens(of, shape, 5)
    for name, (function, inputs) in functions.items():
        leaves = [one.detach().requires_grad_(job == "training") for one in inputs]
        calls[name] = partial(RUNS[job], function, leaves, to_y)
    dense, paired = (_in_fp32(job, functions[name], to_y) for name in (CHOSEN, EAGER))
    wanted = {name: paired if name in (EAGER, BUTTERFLY) else dense for name in calls}
    work = _work(of, shape, "core", job == "training")
    return assembled(
        f"core, {job}", shape, calls, wanted, work, remember=True, left=left_out(shape)
    )


def _in_fp32(job: str, what: tuple[Callable[..., Tensor], list[Tensor]], to_y: Tensor) -> Tensor:
    """Return what a function gives for the same numbers in single precision."""
    function, inputs = what
    leaves = [one.detach().float().requires_grad_(job == "training") for one in inputs]
    return RUNS[job](function, leaves, to_y.float())


def _layer(of: Sizes, shape: tuple[int, int], job: str) -> Case:
    """Return whole layers, as they are called from Python."""
    x, to_y = (numbers(*shape, of.dim, seed=seed) for seed in (0, 5))
    layers, calls = _layers(of, shape), {}
    for name, (layer, backend) in layers.items():
        calls[name] = _call(job, layer, backend, x, to_y)
    dense, paired = (
        _call(job, deepcopy(layers[name][0]).float(), None, x.float(), to_y.float())()
        for name in (CHOSEN, EAGER)
    )
    wanted = {name: paired if name in (EAGER, BUTTERFLY) else dense for name in calls}
    work = _work(of, shape, "layer", job == "training")
    return assembled(
        f"layer, {job}", shape, calls, wanted, work, remember=True, left=left_out(shape)
    )


def _layers(of: Sizes, shape: tuple[int, int]) -> dict[str, tuple[nn.Module, SDPBackend | None]]:
    """Return layers of one width, and which of PyTorch's kernels the dense ones shall take."""
    torch.manual_seed(SEED)
    dense = DenseAttention(of.dim, of.heads).to(device(), DTYPE)
    paired = FFTInspiredAttention(of.dim, of.heads, max_length=shape[1], backend="eager")
    paired = paired.to(device(), DTYPE)
    fused = deepcopy(paired)
    fused.backend = "triton"
    layers: dict[str, tuple[nn.Module, SDPBackend | None]]
    layers = {name: (dense, backend) for name, backend in named(shape).items()}
    return layers | {EAGER: (paired, None), BUTTERFLY: (fused, None)}


def _call(
    job: str, layer: nn.Module, backend: SDPBackend | None, x: Tensor, to_y: Tensor
) -> Callable[[], Tensor]:
    """Return a call that runs a layer."""
    leaves = [x.detach().requires_grad_(job == "training"), *layer.parameters()]

    def function(x: Tensor, *_: Tensor) -> Tensor:
        with nullcontext() if backend is None else sdpa_kernel(backend):
            found: Tensor = layer(x)
        return found

    return partial(RUNS[job], function, leaves, to_y)


def _work(of: Sizes, shape: tuple[int, int], what: str, training: bool) -> dict[str, Work]:
    """Return what those cannot do without of whom it was counted."""
    batch, n = shape
    each = batch, n, of.heads, of.dim // of.heads
    dense = floors.dense(*each, training=training)
    paired = floors.fused(ButterflySchedule(n), *each, training=training)
    if what == "layer":
        dense = floors.both(dense, floors.projections(batch, n, of.dim, 4, training))
        paired = floors.both(paired, floors.projections(batch, n, of.dim, 2, training))
    return dict.fromkeys((*NAMED, CHOSEN), dense) | {BUTTERFLY: paired}


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
