"""Spectral mixing, filters and transforms by kernels on a GPU: a part of the suite "kernels".

1,024 channels, bfloat16, one sequence or as many as make 65,536 tokens; the shape is (sequences,
tokens), of short filters (sequences, tokens, taps). Against the same in `torch.fft`, and against
dense attention without projections in 16 heads. Needs PyTorch, Triton and a CUDA GPU.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import torch
from torch import Tensor

from ..kernels.fft import fft
from ..kernels.short_filters import short_convolution
from ..kernels.spectral_mixing import spectral_mixing
from ..mixing import causal_convolution
from . import floors
from .case import Case, Planned
from .gpu import alone, interprets
from .gpu_cases import (
    CHOSEN,
    COMMON,
    FLASH,
    FULL,
    JOBS,
    LOOK,
    NAMED,
    RUNS,
    TINY,
    Sizes,
    alone_case,
    assembled,
    numbers,
    rates,
    shapes,
    softmax,
    split,
)
from .record import Work

CONDITIONS = COMMON | {
    "circular": "As core. Against dense attention whose queries, keys and values are the tokens "
    "themselves, in 16 heads, without projections.",
    "causal": "As circular; attention is causal as well, and torch.fft pads to twice the tokens.",
    "short filter": "As core: causal convolution with a few taps, all that PyTorch offers here.",
    "transform": "Complex numbers, many transforms at a time, in a graph of one call.",
}
KERNEL, TORCH = "kernel", "torch.fft"
DENSE = (CHOSEN, FLASH)
TRANSFORM_LIMIT = 1e-4
COMPLEX = 8  # bytes of a complex number in single precision


@dataclass(frozen=True)
class Filters:
    """What is measured: tokens and channels, taps at a length, transforms of so many numbers."""

    of: Sizes
    taps: tuple[int, ...]
    convolved: int
    transformed: tuple[int, ...]
    numbers: int


EVERY = Filters(
    replace(FULL, lengths=tuple(1024 << i for i in range(5))),
    taps=(4, 16, 64, 128),
    convolved=8192,
    transformed=tuple(256 << (2 * i) for i in range(5)),
    numbers=1 << 24,
)
SOME = replace(EVERY, of=replace(LOOK, lengths=(1024, 4096)), taps=(4,), transformed=(4096,))
FEW = Filters(replace(TINY, dim=4, lengths=(16,)), (4,), 16, (64,), 128)


def cases(quick: bool = False) -> Iterator[Planned]:
    """Yield what the suite measures; `quick` keeps few lengths."""
    what = FEW if interprets() else SOME if quick else EVERY
    of = what.of
    yield from rates(of.copied, of.product)
    for n in of.lengths:
        yield Planned("kernel alone, circular, forward", (1, n), partial(_alone, of, n))
    for shape in shapes(of):
        for causal in (False, True):
            for job in JOBS:
                series = f"{_kind(causal)}, {job}"
                yield Planned(series, shape, partial(_mixing, of, shape, causal, job))
    for taps in what.taps:
        filtered = of.filled // what.convolved, what.convolved, taps
        for job in JOBS:
            yield Planned(f"short filter, {job}", filtered, partial(_short, of, filtered, job))
    for n in what.transformed:
        rows = what.numbers // n, n
        yield Planned("kernel alone, transform", rows, partial(_transform, *rows))


def _kind(causal: bool) -> str:
    return "causal" if causal else "circular"


def through_torch(x: Tensor, response: Tensor, causal: bool = False) -> Tensor:
    """Filter each channel through `torch.fft`, in single precision or that of the response."""
    n = x.shape[1]
    size = 2 * n if causal else n
    wide = x.to(response.real.dtype)
    spectrum = torch.fft.rfft(wide, size, dim=1) * response
    return torch.fft.irfft(spectrum, size, dim=1)[:, :n].to(x.dtype)


def _response(of: Sizes, n: int, causal: bool) -> Tensor:
    """Return the response of a filter of unit energy that falls off, so that both ways agree."""
    taps = numbers(n, of.dim, seed=7, dtype=torch.float32) / n**0.5
    return torch.fft.rfft(taps, 2 * n if causal else n, dim=0)


def _dense(of: Sizes, name: str, causal: bool, x: Tensor, *_: Tensor) -> Tensor:
    """Attend with the tokens as queries, keys and values."""
    heads = split(x, of.heads)
    y = softmax(NAMED.get(name), heads, heads, heads, causal)
    return y.transpose(1, 2).flatten(2)


def _functions(of: Sizes, causal: bool) -> dict[str, Callable[..., Tensor]]:
    """Return contenders: functions of tokens and response."""
    dense = {name: partial(_dense, of, name, causal) for name in DENSE}
    return {
        TORCH: partial(through_torch, causal=causal),
        KERNEL: partial(spectral_mixing, causal=causal),
        **dense,
    }


def _wanted(
    of: Sizes, job: str, causal: bool, x: Tensor, response: Tensor, to_y: Tensor
) -> dict[str, Tensor]:
    """Return the right answers: of filters in double precision, of attention in single."""
    run, wants = RUNS[job], job == "training"
    doubles = [x.double(), response.to(torch.complex128)]
    leaves = [one.requires_grad_(wants) for one in doubles]
    filtered = run(partial(through_torch, causal=causal), leaves, to_y.double())
    dense = partial(_dense, of, CHOSEN, causal)
    attended = run(dense, [x.float().requires_grad_(wants)], to_y.float())
    return {TORCH: filtered, KERNEL: filtered} | dict.fromkeys(DENSE, attended)


def _work(of: Sizes, shape: tuple[int, int], causal: bool, training: bool) -> dict[str, Work]:
    batch, n = shape
    weights = (n + 1 if causal else n // 2 + 1) * of.dim * COMPLEX
    return {KERNEL: floors.filtered(batch, n, of.dim, weights, training)}


def _alone(of: Sizes, n: int) -> Case:
    """Return forward kernels without Python between them, on tokens that are in no cache."""
    x, response = numbers(1, n, of.dim), _response(of, n, False)
    wanted = _wanted(of, "forward", False, x, response, x)
    functions = {
        name: partial(_before, function, response)
        for name, function in _functions(of, False).items()
    }
    work = _work(of, (1, n), False, False)
    return alone_case("kernel alone, circular, forward", functions, [x], wanted, work)


def _before(function: Callable[..., Tensor], weights: Tensor, x: Tensor) -> Tensor:
    return function(x, weights)


def _mixing(of: Sizes, shape: tuple[int, int], causal: bool, job: str) -> Case:
    """Return mixing as it is called from Python; with gradients also of the response."""
    x, to_y = (numbers(*shape, of.dim, seed=seed) for seed in (0, 5))
    response, wants = _response(of, shape[1], causal), job == "training"
    calls = {}
    for name, function in _functions(of, causal).items():
        inputs = [x] if name in DENSE else [x, response]
        leaves = [one.detach().requires_grad_(wants) for one in inputs]
        calls[name] = partial(RUNS[job], function, leaves, to_y)
    wanted = _wanted(of, job, causal, x, response, to_y)
    work = _work(of, shape, causal, wants)
    return assembled(f"{_kind(causal)}, {job}", shape, calls, wanted, work, remember=True)


def _short(of: Sizes, shape: tuple[int, int, int], job: str) -> Case:
    """Return convolutions with a few taps, as they are called from Python."""
    batch, n, taps = shape
    x, to_y = (numbers(batch, n, of.dim, seed=seed) for seed in (0, 5))
    filters = numbers(taps, of.dim, seed=7).float()  # which bfloat16 holds exactly
    wants, calls = job == "training", {}
    functions: dict[str, Callable[..., Tensor]] = {
        f"torch, {method}": partial(causal_convolution, method=method)
        for method in ("fft", "direct", "blocks")
    }
    functions[KERNEL] = short_convolution
    for name, function in functions.items():
        leaves = [one.detach().requires_grad_(wants) for one in (x, filters)]
        calls[name] = partial(RUNS[job], function, leaves, to_y)
    doubles = [one.double().requires_grad_(wants) for one in (x, filters)]
    right = RUNS[job](partial(causal_convolution, method="direct"), doubles, to_y.double())
    work = {KERNEL: floors.filtered(batch, n, of.dim, filters.nbytes, wants)}
    wanted = dict.fromkeys(calls, right)
    return assembled(f"short filter, {job}", shape, calls, wanted, work, remember=True)


def _transform(count: int, n: int) -> Case:
    """Return complex transforms in single precision, without Python, many at a time."""
    x = torch.complex(*(numbers(count, n, seed=seed, dtype=torch.float32) for seed in (0, 1)))
    right = torch.view_as_real(torch.fft.fft(x.to(torch.complex128)))
    functions = {"torch.fft.fft": torch.fft.fft, "fft": fft}
    return Case(
        series="kernel alone, transform",
        shape=(count, n),
        dtype="complex64",
        contenders={name: alone([partial(_as_real, f, x)]) for name, f in functions.items()},
        baseline="torch.fft.fft",
        wanted=right,
        limit=TRANSFORM_LIMIT,
        work={"fft": {"products": 0, "bytes": 2 * x.nbytes}},
    )


def _as_real(function: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    return torch.view_as_real(function(x))
