"""Fused butterfly attention against dense attention on a GPU: a part of the suite "kernels".

1,024 channels in 16 heads, bfloat16, one sequence or as many as make 65,536 tokens; the shape is
(sequences, tokens). Dense is PyTorch's `scaled_dot_product_attention`: as PyTorch chooses, and with
each of its kernels named. Needs PyTorch, Triton and a CUDA GPU.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from copy import deepcopy
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from ..attention import DenseAttention, FFTInspiredAttention, butterfly_attention
from ..kernels.operators import butterfly_attention as operator
from ..schedule import ButterflySchedule
from . import floors
from .case import Case, Planned
from .gpu import device, interprets
from .gpu_cases import (
    CHOSEN,
    COMMON,
    DTYPE,
    FULL,
    JOBS,
    LOOK,
    NAMED,
    RUNS,
    SEED,
    TINY,
    Sizes,
    alone_case,
    assembled,
    left_out,
    named,
    numbers,
    rates,
    shapes,
    softmax,
    tokens,
)
from .record import Work

BUTTERFLY, EAGER = "butterfly", "butterfly, eager"
CONDITIONS = COMMON | {
    "layer": "As core, with the projections: four for dense attention, two for the butterfly.",
}


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
    w_q, w_k = (one.float() for one in weights)
    wanted[BUTTERFLY] = butterfly_attention(wide[0], w_q, w_k, schedule, backend="eager")
    work = _work(of, (1, n), "core", False)
    return alone_case("kernel alone, forward", functions, [q, k, v], wanted, work, left_out((1, n)))


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
