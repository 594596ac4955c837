"""The suite "wirings": which wiring is the fastest, at lengths that are no powers of two.

Relays against padding that keeps and against the shift; the prefix wiring against the causal
shift; butterflies of every radix up to dense attention. As in the suite "attention" a layer has 256
channels in 4 heads and runs on one thread. Needs PyTorch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import partial
from typing import Any

import torch
from torch import Tensor

from ..attention import FFTInspiredAttention, butterfly_attention
from .case import Case, Planned

SEED = 0
LIBRARIES = ("torch",)
DIM, HEADS = 256, 4
LENGTHS = (1000, 3000, 5000)
# How much of each row of a ragged batch is real.
RAGGED = (1.0, 0.9, 0.6, 0.3)
RADICES, RADIX_TOKENS = (2, 4, 8, 16, 64, 4096), 4096
FIXED = (
    f"{DIM} channels in {HEADS} heads; one sequence, or, if ragged, {len(RAGGED)}, padded; the "
    "size is the number of tokens."
)
LIMIT = 1e-3  # relative error of the worst number, over the root mean square of all

Layers = dict[str, FFTInspiredAttention]


def both_ways(longest: int) -> Layers:
    """Return layers that hear both ways, the shift first."""
    return {
        "shift": _layer(longest, schedule="shift"),
        "relay": _layer(longest),
        "keep": _layer(longest, padding="keep"),
    }


def looking_back(longest: int) -> Layers:
    """Return causal layers, the shift first."""
    return {kind: _layer(longest, schedule=kind, causal=True) for kind in ("shift", "prefix")}


def of_radix() -> Layers:
    """Return butterflies of every radix, pairs first."""
    return {f"radix {radix}": _layer(RADIX_TOKENS, radix=radix) for radix in RADICES}


def cases(quick: bool = False) -> Iterator[Planned]:
    """Yield what the suite measures; `quick` keeps one length."""
    for n in LENGTHS[:1] if quick else LENGTHS:
        real = torch.arange(n) < (n * torch.tensor(RAGGED))[:, None]
        for job in (forward, training):
            yield from _cases("", partial(both_ways, n), n, None, job)
            yield from _cases("ragged, ", partial(both_ways, n), n, real, job)
            yield from _cases("causal, ", partial(looking_back, n), n, None, job)
    if not quick:
        for job in (forward, training):
            yield from _cases("radix, ", of_radix, RADIX_TOKENS, None, job)


def forward(function: Callable[..., Tensor], x: Tensor, leaves: list[Tensor]) -> Tensor:
    """Run without gradients."""
    with torch.no_grad():
        return function(x)


def training(function: Callable[..., Tensor], x: Tensor, leaves: list[Tensor]) -> Tensor:
    """Run forwards and backwards; return the gradient of the input."""
    y = function(x)
    return torch.autograd.grad(y, [x, *leaves], torch.ones_like(y))[0]


def _layer(longest: int, **options: Any) -> FFTInspiredAttention:
    torch.manual_seed(SEED)
    return FFTInspiredAttention(DIM, HEADS, max_length=longest, **options)


def _cases(
    what: str,
    layers: Callable[[], Layers],
    n: int,
    real: Tensor | None,
    job: Callable[..., Tensor],
) -> Iterator[Planned]:
    """Yield the stages alone, then whole layers."""
    shape = (1 if real is None else len(real)), n
    for name, of in (("stages", _stages), ("layer", _whole)):
        series = f"{what}{name}, {job.__name__}"
        yield Planned(series, shape, partial(_case, series, shape, layers, of, real, job))


def _case(
    series: str,
    shape: tuple[int, int],
    layers: Callable[[], Layers],
    of: Callable[..., tuple[Callable[..., Tensor], Tensor, list[Tensor]]],
    real: Tensor | None,
    job: Callable[..., Tensor],
) -> Case:
    contenders, wanted, made = {}, {}, layers()
    for who, layer in made.items():
        contenders[who] = partial(job, *of(layer, *shape, real, torch.float32))
        wanted[who] = job(*of(layer, *shape, real, torch.float64))
    return Case(
        series=series,
        shape=shape,
        dtype="float32",
        contenders=contenders,
        baseline=next(iter(made)),
        wanted=wanted,
        limit=LIMIT,
        rounds=15,
    )


def _stages(
    layer: FFTInspiredAttention, batch: int, n: int, real: Tensor | None, dtype: torch.dtype
) -> tuple[Callable[..., Tensor], Tensor, list[Tensor]]:
    schedule = layer.options.wire(n)
    state = layer.state_dict()
    w_q, w_k = (state[name][: schedule.depth].to(dtype).requires_grad_() for name in ("w_q", "w_k"))
    x = torch.unflatten(_tokens(batch, n, dtype), 2, (HEADS, -1)).transpose(1, 2).contiguous()

    def run(x: Tensor) -> Tensor:
        return butterfly_attention(x, w_q, w_k, schedule, real)

    return run, x.requires_grad_(), [w_q, w_k]


def _whole(
    layer: FFTInspiredAttention, batch: int, n: int, real: Tensor | None, dtype: torch.dtype
) -> tuple[Callable[..., Tensor], Tensor, list[Tensor]]:
    own = deepcopy(layer).to(dtype)
    x = _tokens(batch, n, dtype).requires_grad_()
    return partial(own, mask=real), x, [*own.parameters()]


def _tokens(batch: int, n: int, dtype: torch.dtype) -> Tensor:
    generator = torch.Generator().manual_seed(SEED)
    return torch.randn(batch, n, DIM, generator=generator).to(dtype)
