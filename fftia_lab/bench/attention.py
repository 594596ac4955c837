"""The suite "attention": butterfly attention against dense attention and peers.

Layers have 256 channels in 4 heads and take one sequence, projections included; the shape is the
number of tokens. Dense is `DenseAttention`, the others are `FFTInspiredAttention`. Cores, without
projections, and layers of peers stand in `attention_core`. On one thread of a processor, or on a
CUDA GPU. Needs PyTorch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import partial

import torch
from torch import Tensor, nn

from ..attention import DenseAttention, FFTInspiredAttention, butterfly_attention
from .attention_core import Where, layer_work
from .attention_core import cases as cores_and_peers
from .case import Case, Planned
from .record import COPY
from .record import PRODUCT as PRODUCTS

SEED = 0
LIBRARIES = ("torch",)
DIM, HEADS = 256, 4
DENSE, BUTTERFLY = "dense", "butterfly"
LENGTHS = tuple(1 << digits for digits in range(9, 16))
# Relative error of the worst number that counts as right, over the root mean square of all.
LIMITS = {torch.float32: 1e-3, torch.bfloat16: 1.0}
PRODUCT = {"cpu": 1024, "cuda": 8192}  # rows
COPIED = 1 << 26  # numbers of a copy, more than a cache holds
FIXED = f"{DIM} channels in {HEADS} heads, one sequence; the size is its number of tokens."
CONDITIONS = {
    "core": "Queries, keys and values are given; a butterfly takes the queries as its tokens and "
    "multiplies them with its weights, Dimension Mixer uses the given ones in every stage.",
    "causal": "Tokens hear themselves and the past; dense attention too.",
    "peers": "Whole layers, with the projections that each has: dense attention four, the "
    "butterfly two, Dimension Mixer four a stage, FNet and GFNet none.",
    "forward": "Without gradients.",
    "training": "Forwards and backwards: gradients of the input and of all weights.",
    "copy": "One large copy from memory to memory: what it reads and what it writes.",
    "product": "One large product of square matrices.",
    "stages": "Butterfly attention alone, in three ways.",
}


def layers(dtype: torch.dtype) -> dict[str, nn.Module]:
    """Return the contenders, dense attention first, with the weights they are drawn with."""
    torch.manual_seed(SEED)
    found = {
        DENSE: DenseAttention(DIM, HEADS),
        BUTTERFLY: FFTInspiredAttention(DIM, HEADS),
        "shift": FFTInspiredAttention(DIM, HEADS, schedule="shift"),
        "across heads": FFTInspiredAttention(DIM, HEADS, projection="model"),
    }
    return {name: layer.to(dtype) for name, layer in found.items()}


def cases(quick: bool = False, device: str = "cpu") -> Iterator[Planned]:
    """Yield what the suite measures; `quick` keeps few lengths and one precision.

    That is single precision, or on a GPU bfloat16.
    """
    lengths = (512, 1024, 2048) if quick else LENGTHS
    dtypes = [torch.float32, torch.bfloat16][:: 1 if device == "cpu" else -1]
    copied = COPIED // 8 if quick else COPIED
    yield Planned(COPY, (copied,), partial(_copy, copied, device))
    for dtype in dtypes[:1] if quick else dtypes:
        where = Where(device, dtype)
        shape = (PRODUCT[device],) * 3
        yield Planned(f"{PRODUCTS}, {where.called}", shape, partial(_product, where))
        for job, many in ((forward, lengths), (training, lengths[:5])):
            series = f"{job.__name__}, {where.called}"
            for n in many:
                yield Planned(series, (n,), partial(_layers, series, n, where, job))
    where = Where(device, dtypes[0])
    for n in lengths[:5]:
        yield Planned(f"stages, {where.called}", (n,), partial(_forms, n, where))
    yield from cores_and_peers(where, quick)


def forward(layer: nn.Module, x: Tensor) -> Tensor:
    """Run a layer without gradients."""
    with torch.no_grad():
        found: Tensor = layer(x)
    return found


def training(layer: nn.Module, x: Tensor) -> Tensor:
    """Run a layer forwards and backwards; return the gradient of its input."""
    leaves = [x, *layer.parameters()]
    return torch.autograd.grad(layer(x), leaves, torch.ones_like(x))[0]


def _rounds(n: int) -> int:
    """Fewer where a call takes seconds."""
    return 31 if n <= 4096 else 9 if n <= 8192 else 5


def _layers(series: str, n: int, where: Where, job: Callable[[nn.Module, Tensor], Tensor]) -> Case:
    x = where.numbers(1, n, DIM).requires_grad_(job is training)
    double = x.detach().double().requires_grad_(job is training)
    contenders, wanted = {}, {}
    for name, made in layers(where.dtype).items():
        layer = made.to(where.device)
        contenders[name] = partial(job, layer, x)
        wanted[name] = job(deepcopy(layer).double(), double)
    return Case(
        series=series,
        shape=(n,),
        dtype=where.called,
        contenders=contenders,
        baseline=DENSE,
        wanted=wanted,
        limit=LIMITS[where.dtype],
        rounds=_rounds(n),
        work=layer_work(n, where.dtype.itemsize, job is training),
        remember=True,
    )


def _forms(n: int, where: Where) -> Case:
    """Return the stages alone, without projections, in three ways."""
    x = where.numbers(1, n, DIM).view(1, n, HEADS, -1).transpose(1, 2).contiguous()
    layer = layers(where.dtype)[BUTTERFLY].to(where.device)
    depth, state = (n - 1).bit_length(), layer.state_dict()
    weights = [state[name][:depth] for name in ("w_q", "w_k")]
    calls = {
        name: partial(butterfly_attention, x, *weights, backend=name)
        for name in ("eager", "plain", "literal")
    }
    double = (one.double() for one in (x, *weights))
    return Case(
        series=f"stages, {where.called}",
        shape=(n,),
        dtype=where.called,
        contenders=calls,
        baseline="literal",
        wanted=butterfly_attention(*double, backend="literal"),
        limit=LIMITS[where.dtype],
        rounds=_rounds(n),
    )


def _product(where: Where) -> Case:
    """Return one large matrix product: how fast this machine multiplies, for the floor."""
    rows = PRODUCT[where.device]
    a, b = where.numbers(rows, rows), where.numbers(rows, rows).T
    return Case(
        series=f"{PRODUCTS}, {where.called}",
        shape=(rows,) * 3,
        dtype=where.called,
        contenders={"torch.mm": partial(torch.mm, a, b)},
        baseline="torch.mm",
        wanted=torch.mm(a.double(), b.double()),
        limit=LIMITS[where.dtype],
        work={"torch.mm": {"products": 2 * rows**3, "bytes": 3 * a.nbytes}},
    )


def _copy(count: int, device: str) -> Case:
    """Return one large copy: how fast this machine moves numbers, for the floor."""
    source = torch.ones(count, device=device)
    target = torch.empty_like(source)
    return Case(
        series=COPY,
        shape=(count,),
        dtype="float32",
        contenders={COPY: lambda: target.copy_(source)},
        baseline=COPY,
        wanted=source,
        limit=1e-9,
        work={COPY: {"products": 0, "bytes": source.nbytes + target.nbytes}},
    )
