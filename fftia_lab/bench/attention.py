"""The suite "attention": layers of butterfly attention against dense attention, on one thread.

All layers have 256 channels in 4 heads and take one sequence, projections included; the shape is
the number of tokens. Dense is `DenseAttention`, the others are `FFTInspiredAttention`. Needs
PyTorch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import partial

import torch
from torch import Tensor, nn

from ..attention import DenseAttention, FFTInspiredAttention, butterfly_attention
from .suite import Case

SEED = 0
LIBRARIES = ("torch",)
DIM, HEADS = 256, 4
DENSE, BUTTERFLY = "dense", "butterfly"
LENGTHS = tuple(1 << digits for digits in range(9, 16))
# Relative error of the worst number that counts as right, over the root mean square of all.
LIMITS = {torch.float32: 1e-3, torch.bfloat16: 1.0}
PRODUCT = 1024


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


def cases(quick: bool = False) -> Iterator[Case]:
    """Yield what the suite measures; `quick` keeps three lengths and single precision."""
    lengths = (512, 1024, 2048) if quick else LENGTHS
    dtypes = (torch.float32,) if quick else (torch.float32, torch.bfloat16)
    for dtype in dtypes:
        yield _product(dtype)
        for n in lengths:
            yield _layers("forward", n, dtype, forward)
        for n in lengths[:5]:
            yield _layers("training", n, dtype, training)
    for n in lengths[:5]:
        yield _forms(n)


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


def _layers(
    series: str, n: int, dtype: torch.dtype, job: Callable[[nn.Module, Tensor], Tensor]
) -> Case:
    x = _tokens(n, DIM).to(dtype).requires_grad_(job is training)
    double = x.detach().double().requires_grad_(job is training)
    contenders, wanted = {}, {}
    for name, layer in layers(dtype).items():
        contenders[name] = partial(job, layer, x)
        wanted[name] = job(deepcopy(layer).double(), double)
    return Case(
        series=f"{series}, {_name(dtype)}",
        shape=(n,),
        dtype=_name(dtype),
        contenders=contenders,
        baseline=DENSE,
        wanted=wanted,
        limit=LIMITS[dtype],
        rounds=_rounds(n),
    )


def _forms(n: int) -> Case:
    """Return the stages alone, without projections, in three ways."""
    x = _tokens(n, DIM).view(1, n, HEADS, -1).transpose(1, 2).contiguous()
    layer = layers(torch.float32)[BUTTERFLY]
    depth, state = (n - 1).bit_length(), layer.state_dict()
    weights = [state[name][:depth] for name in ("w_q", "w_k")]
    calls = {
        name: partial(butterfly_attention, x, *weights, backend=name)
        for name in ("eager", "plain", "literal")
    }
    double = (one.double() for one in (x, *weights))
    return Case(
        series="stages, float32",
        shape=(n,),
        dtype="float32",
        contenders=calls,
        baseline="literal",
        wanted=butterfly_attention(*double, backend="literal"),
        limit=LIMITS[torch.float32],
        rounds=_rounds(n),
    )


def _product(dtype: torch.dtype) -> Case:
    """Return one large matrix product: how fast this machine multiplies, for the floor."""
    a, b = _tokens(PRODUCT, PRODUCT)[0].to(dtype), _tokens(PRODUCT, PRODUCT)[0].T.to(dtype)
    return Case(
        series=f"product, {_name(dtype)}",
        shape=(PRODUCT, PRODUCT, PRODUCT),
        dtype=_name(dtype),
        contenders={"torch.mm": partial(torch.mm, a, b)},
        baseline="torch.mm",
        wanted=torch.mm(a.double(), b.double()),
        limit=LIMITS[dtype],
    )


def _tokens(n: int, channels: int) -> Tensor:
    return torch.randn(1, n, channels, generator=torch.Generator().manual_seed(SEED))


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
