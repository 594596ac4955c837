"""Attention without projections, and layers of peers: a part of the suite "attention".

One sequence, 4 heads of 64 channels; the shape is the number of tokens. Needs PyTorch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.functional import scaled_dot_product_attention

from .. import cost
from ..attention import DenseAttention, FFTInspiredAttention, butterfly_attention
from ..mixing import FourierMixing, GlobalFilter
from ..options import StageOptions
from . import floors, peers
from .case import Case, Planned, left_out
from .record import Work

SEED = 0
HEADS, DIM_HEAD = 4, 64
DIM = HEADS * DIM_HEAD
LENGTHS, LOOK = tuple(1 << digits for digits in range(8, 14)), (256, 1024)
LONGEST_LOOP = 256
CHOSEN = "SDPA"
KERNELS = {
    "SDPA, math": SDPBackend.MATH,
    "SDPA, flash": SDPBackend.FLASH_ATTENTION,
    "SDPA, efficient": SDPBackend.EFFICIENT_ATTENTION,
    "SDPA, cuDNN": SDPBackend.CUDNN_ATTENTION,
}
POWER, LOOP = "PowerAttention, FlexAttention", "published loop"
# Relative error of the worst number that counts as right, over the root mean square of all.
LIMITS = {torch.float32: 1e-3, torch.bfloat16: 1.0}

Function = Callable[..., Tensor]
# A contender: what it calls, with which tensors, and how to find what is right in double precision.
Contender = tuple[Function, list[Tensor], Function]


@dataclass(frozen=True)
class Where:
    """Where tensors lie, and in which precision."""

    device: str
    dtype: torch.dtype

    def numbers(self, *shape: int, seed: int = SEED) -> Tensor:
        """Return random numbers, the same on every device."""
        generator = torch.Generator().manual_seed(seed)
        return torch.randn(*shape, generator=generator).to(self.device, self.dtype)

    @property
    def called(self) -> str:
        """The precision as records have it."""
        return str(self.dtype).removeprefix("torch.")


def cases(where: Where, quick: bool) -> Iterator[Planned]:
    """Yield cores both ways and looking back, then layers of peers; `quick` keeps two lengths."""
    lengths = LOOK if quick else LENGTHS
    makers = {"core": _both_ways, "core, causal": _looking_back}
    for job in ("forward", "training"):
        for what, make in makers.items():
            for n in lengths:
                series = f"{what}, {job}, {where.called}"
                yield Planned(series, (n,), partial(_core, series, make, where, n, job, quick))
        for n in lengths:
            series = f"peers, {job}, {where.called}"
            yield Planned(series, (n,), partial(_peers, series, where, n, job))


def run(function: Function, leaves: list[Tensor], job: str) -> Tensor:
    """Run without gradients, or forwards and backwards; of the latter the first leaf's gradient."""
    if job == "forward":
        with torch.no_grad():
            return function(*leaves)
    y = function(*leaves)
    return torch.autograd.grad(y, leaves, torch.ones_like(y))[0]


def by_kernel(kernel: SDPBackend, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Attend to all by one of PyTorch's kernels; it refuses where it cannot run."""
    with sdpa_kernel(kernel):
        return scaled_dot_product_attention(q, k, v)


def _inputs(where: Where, n: int) -> tuple[list[Tensor], Callable[..., list[Tensor]]]:
    """Return q, k, v, and what draws the weights of so many stages, inside or across heads."""
    qkv = [where.numbers(1, HEADS, n, DIM_HEAD, seed=seed) for seed in range(3)]

    def weights(stages: int, across: bool = False) -> list[Tensor]:
        shape = (stages, DIM, DIM) if across else (stages, HEADS, DIM_HEAD, DIM_HEAD)
        return [where.numbers(*shape, seed=seed) * shape[-1] ** -0.5 for seed in (3, 4)]

    return qkv, weights


def _butterfly(
    qkv: list[Tensor], weights: Callable[..., list[Tensor]], backend: str, **options: Any
) -> Contender:
    """Return butterfly attention on q as the tokens, wired as the options say."""
    chosen = StageOptions(**options)
    schedule = chosen.wire(qkv[0].shape[2])
    leaves = [qkv[0], *weights(chosen.weights(schedule.depth), chosen.mix_heads)]
    attend = partial(butterfly_attention, schedule=schedule)
    return partial(attend, backend=backend), leaves, partial(attend, backend="literal")


def _both_ways(where: Where, n: int) -> dict[str, Contender]:
    """Return cores that hear both ways, PyTorch's choice first."""
    qkv, weights = _inputs(where, n)
    dense = scaled_dot_product_attention
    found: dict[str, Contender] = {CHOSEN: (dense, qkv, dense)}
    found |= {name: (partial(by_kernel, one), qkv, dense) for name, one in KERNELS.items()}
    make = partial(_butterfly, qkv, weights)
    found |= {
        "butterfly": make("auto"),
        "butterfly, eager": make("eager"),
        "butterfly, plain": make("plain"),
        "butterfly, across heads": make("plain", projection="model"),
        "shift": make("auto", schedule="shift"),
        "Beneš": make("auto", schedule="benes"),
    }
    for name, radix in (("radix 16", 16), ("radix √N", peers.square_root(n))):
        grouped = partial(peers.grouped_attention, radix=radix)
        found[f"Dimension Mixer, {name}"] = grouped, qkv, grouped
    if n <= LONGEST_LOOP:
        found[LOOP] = peers.pair_by_pair, *found["butterfly"][1:]
    return found


def _looking_back(where: Where, n: int) -> dict[str, Contender]:
    """Return cores that hear the past alone, PyTorch's choice first."""
    qkv, weights = _inputs(where, n)
    dense = partial(scaled_dot_product_attention, is_causal=True)
    make = partial(_butterfly, qkv, weights, "auto", causal=True)
    return {
        CHOSEN: (dense, qkv, dense),
        "prefix": make(schedule="prefix"),
        "shift": make(schedule="shift"),
        POWER: (peers.power_attention, qkv, under_powers_of_two),
    }


def under_powers_of_two(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Attend under the explicit mask that FlexAttention is told in blocks."""
    place = torch.arange(q.shape[2], device=q.device)
    mask = peers.powers_of_two_behind(place[:, None], place)
    return scaled_dot_product_attention(q, k, v, attn_mask=mask)


def _core(
    series: str,
    make: Callable[[Where, int], dict[str, Contender]],
    where: Where,
    n: int,
    job: str,
    quick: bool,
) -> Case:
    """Return a contest of cores, each against its own definition in double precision."""
    made, why = make(where, n), dict[str, str]()
    if LOOP not in made and make is _both_ways:
        why[LOOP] = f"longer than {LONGEST_LOOP}: a turn of Python a pair and stage"
    if quick and POWER in made:
        del made[POWER]
        why[POWER] = "compiling takes longer than a quick run"
    contenders, wanted = dict[str, Callable[[], Tensor]](), dict[str, Tensor]()
    for name, (function, tensors, definition) in made.items():
        leaves = [one.detach().requires_grad_(job == "training") for one in tensors]
        contenders[name] = partial(run, function, leaves, job)
        if name in KERNELS:
            wanted[name] = wanted[CHOSEN]
        else:
            double = [one.detach().double().requires_grad_(job == "training") for one in tensors]
            wanted[name] = run(definition, double, job)
    _compile(contenders.get(POWER))
    return Case(
        series=series,
        shape=(n,),
        dtype=where.called,
        contenders=contenders,
        baseline=CHOSEN,
        wanted=wanted,
        limit=LIMITS[where.dtype],
        skipped=left_out(series, (n,), why),
        rounds=31 if n <= 1024 else 15 if n <= 4096 else 7,
        work=_work(where, n, make is _looking_back, job == "training"),
        remember=True,
        may_refuse=frozenset({*KERNELS, POWER}),
    )


def _compile(call: Callable[[], Tensor] | None) -> None:
    """Let a compiler work before patience is asked for; whether it failed shows the first call."""
    if call is not None:
        try:
            call()
        except RuntimeError:
            pass


def _work(where: Where, n: int, causal: bool, training: bool) -> dict[str, Work]:
    """Return what those cannot do without of whom it was counted."""
    width, tokens = where.dtype.itemsize, n * DIM
    dense = floors.dense(1, n, HEADS, DIM_HEAD, training, width, causal=causal)
    found = dict.fromkeys((CHOSEN, *KERNELS), dense)
    wirings = (
        {"prefix": "prefix", "shift": "shift"}
        if causal
        else {
            "butterfly": "butterfly",
            "butterfly, eager": "butterfly",
            "butterfly, plain": "butterfly",
            "shift": "shift",
            "Beneš": "benes",
        }
    )
    for name, schedule in wirings.items():
        counted = cost.butterfly_attention(
            n, HEADS, DIM_HEAD, StageOptions(schedule, causal=causal)
        )
        numbers = 2 * tokens + counted.parameters
        found[name] = floors.at_least(counted.products, numbers, training, width)
    return found


# Whole layers of 256 channels for n tokens, dense attention first.
LAYERS: Mapping[str, Callable[[int], nn.Module]] = {
    "dense": lambda n: DenseAttention(DIM, HEADS),
    "butterfly": lambda n: FFTInspiredAttention(DIM, HEADS, max_length=n),
    "Dimension Mixer, radix 16": lambda n: peers.DimensionMixer(DIM, HEADS, n, 16),
    "Dimension Mixer, radix √N": lambda n: peers.DimensionMixer(
        DIM, HEADS, n, peers.square_root(n)
    ),
    "FNet": lambda n: FourierMixing(DIM),
    "GFNet": lambda n: GlobalFilter(DIM, n),
}


def _peers(series: str, where: Where, n: int, job: str) -> Case:
    """Return a contest of layers, projections included where a layer has any."""
    x = where.numbers(1, n, DIM)
    contenders, wanted = dict[str, Callable[[], Tensor]](), dict[str, Tensor]()
    torch.manual_seed(SEED)
    for name, make in LAYERS.items():
        own = make(n).to(where.device, where.dtype)
        contenders[name] = call_of(own, x, job)
        wanted[name] = call_of(deepcopy(own).double(), x.double(), job)()
    return Case(
        series=series,
        shape=(n,),
        dtype=where.called,
        contenders=contenders,
        baseline="dense",
        wanted=wanted,
        limit=LIMITS[where.dtype],
        rounds=31 if n <= 1024 else 15 if n <= 4096 else 7,
        work=layer_work(n, where.dtype.itemsize, job == "training"),
        remember=True,
    )


def call_of(layer: nn.Module, x: Tensor, job: str) -> Callable[[], Tensor]:
    """Return a call that runs a layer, as `run` does."""
    leaves = [x.detach().requires_grad_(job == "training"), *layer.parameters()]
    return partial(run, lambda x, *_: layer(x), leaves, job)


def layer_work(n: int, width: int, training: bool) -> dict[str, Work]:
    """Return what layers of dense and of butterfly attention cannot do without."""
    dense = cost.dense_layer(n, DIM, HEADS, DIM_HEAD)
    paired = cost.butterfly_layer(n, DIM, HEADS, DIM_HEAD)
    return {
        name: floors.at_least(one.products, 2 * n * DIM + one.parameters, training, width)
        for name, one in (("dense", dense), ("butterfly", paired))
    }
