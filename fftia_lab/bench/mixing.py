"""The suite "mixing": spectral mixing against dense attention; convolutions; peaks of memory.

All layers have 256 channels and take one sequence on one thread; dense attention has 4 heads and
its projections. Mixing mixes no channels, so that it is measured twice: as the layer is defined,
and between as many projections as dense attention has. Needs PyTorch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from functools import partial

import torch
from torch import Tensor, nn

from ..attention import DenseAttention
from ..implementations import CONVOLUTIONS
from ..mixing import FourierMixing, GlobalFilter, SpectralMixingLayer
from .attention import DENSE, DIM, HEADS, forward, training
from .case import Case, Peaks, Planned, too_long
from .memory import compare

SEED = 0
LIBRARIES = ("torch",)
MIXING, PROJECTED = "mixing", "mixing and projections"
LENGTHS = tuple(1 << digits for digits in range(7, 15))
TAPS, CONVOLVED = tuple(1 << digits for digits in range(1, 12)), 4096
FIXED = (
    f"{DIM} channels, for dense attention in {HEADS} heads, and one sequence; the size is its "
    "number of tokens, and of convolutions (tokens, taps)."
)
LIMIT = 1e-3  # relative error of the worst number, over the root mean square of all
JOBS = {"forward": forward, "training": training}


class Projected(nn.Module):
    """Mixing between four linear layers, as many as dense attention has.

    y = (q ⊙ mixing(k ⊙ v)) W_o with q = x W_q, k = x W_k, v = x W_v.

    Source: Poli et al. (2023), Hyena Hierarchy, of order 2, without its short filters.
    """

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value, self.output = (
            nn.Linear(DIM, DIM, bias=False) for _ in range(4)
        )
        self.mixing = SpectralMixingLayer(DIM)

    def forward(self, x: Tensor) -> Tensor:
        """Return what the tokens become, (batch, n, channels)."""
        found: Tensor = self.output(self.query(x) * self.mixing(self.key(x) * self.value(x)))
        return found


LAYERS: Mapping[str, Callable[[int], nn.Module]] = {
    DENSE: lambda n: DenseAttention(DIM, HEADS),
    MIXING: lambda n: SpectralMixingLayer(DIM),
    "mixing, causal": lambda n: SpectralMixingLayer(DIM, causal=True),
    "mixing, per sequence": lambda n: SpectralMixingLayer(DIM, mode="sequence"),
    PROJECTED: lambda n: Projected(),
    "Fourier mixing": lambda n: FourierMixing(DIM),
    "global filter": lambda n: GlobalFilter(DIM, n),
}
REMEMBERED = DENSE, MIXING, "mixing, causal", PROJECTED


def layer(name: str, n: int) -> nn.Module:
    """Return a contender for n tokens, its filters drawn at random."""
    torch.manual_seed(SEED)
    found = LAYERS[name](n)
    for one in found.modules():
        if isinstance(one, SpectralMixingLayer):
            nn.init.normal_(one.real)
            nn.init.normal_(one.imaginary)
    return found


def cases(quick: bool = False) -> Iterator[Planned]:
    """Yield what the suite measures; `quick` keeps two lengths and two kernels."""
    for job in JOBS:
        for n in (128, 512) if quick else LENGTHS:
            yield Planned(f"{job}, float32", (n,), partial(_layers, job, n))
    for job in JOBS:
        for taps in (8, 64) if quick else TAPS:
            shape = CONVOLVED, taps
            yield Planned(f"convolution, {job}", shape, partial(_convolutions, job, taps))


def memory(quick: bool = False) -> Iterator[Peaks]:
    """Yield peaks of memory in processes of their own; `quick` keeps one length, once."""
    for job in JOBS:
        for n in (512,) if quick else LENGTHS:
            names = {name: name.replace(" ", "_") for name in REMEMBERED}
            targets = {name: f"{__name__}:remembered {said} {job}" for name, said in names.items()}
            series, repeats = f"{job}, float32", 1 if quick else 3
            take = partial(compare, series, targets, (n,), "float32", warm=(64,), repeats=repeats)
            yield Peaks(series, (n,), take)


def remembered(name: str, job: str) -> Callable[[tuple[int, ...]], object]:
    """Return what `memory` measures: a contender at work on (n,) tokens, input included."""
    torch.set_num_threads(1)
    made = layer(name.replace("_", " "), 0)

    def call(shape: tuple[int, ...]) -> object:
        return JOBS[job](made, _tokens(*shape).requires_grad_(job == "training"))

    return call


def _rounds(n: int) -> int:
    """Fewer where a call takes seconds."""
    return 31 if n <= 2048 else 15 if n <= 4096 else 7 if n <= 8192 else 5


def _layers(job: str, n: int) -> Case:
    x, run = _tokens(n), JOBS[job]
    contenders, wanted = {}, {}
    for name in LAYERS:
        made = layer(name, n)
        contenders[name] = partial(run, made, x.clone().requires_grad_(job == "training"))
        double = x.double().requires_grad_(job == "training")
        wanted[name] = run(deepcopy(made).double(), double)
    return Case(
        series=f"{job}, float32",
        shape=(n,),
        dtype="float32",
        contenders=contenders,
        baseline=DENSE,
        wanted=wanted,
        limit=LIMIT,
        rounds=_rounds(n),
    )


def _convolutions(job: str, taps: int) -> Case:
    """Return causal convolutions with so many taps, each way."""
    kernel = torch.randn(taps, DIM, generator=torch.Generator().manual_seed(SEED))
    longest = {name: one.longest for name, one in CONVOLUTIONS.items()}
    feasible = {name: one for name, one in CONVOLUTIONS.items() if taps <= (one.longest or taps)}
    single, double = (
        {name: _Convolution(one.load(), kernel.to(dtype)) for name, one in feasible.items()}
        for dtype in (torch.float32, torch.float64)
    )
    x, run = _tokens(CONVOLVED), JOBS[job]
    wants = job == "training"
    return Case(
        series=f"convolution, {job}",
        shape=(CONVOLVED, taps),
        dtype="float32",
        contenders={
            name: partial(run, one, x.clone().requires_grad_(wants)) for name, one in single.items()
        },
        baseline="fft",
        wanted=run(double["direct"], x.double().requires_grad_(wants)),
        limit=LIMIT,
        skipped=too_long(f"convolution, {job}", (CONVOLVED, taps), longest),
        rounds=15,
    )


class _Convolution(nn.Module):
    def __init__(self, method: Callable[[Tensor, Tensor], Tensor], kernel: Tensor) -> None:
        super().__init__()
        self.method, self.kernel = method, nn.Parameter(kernel)

    def forward(self, x: Tensor) -> Tensor:
        return self.method(x, self.kernel)


def _tokens(n: int) -> Tensor:
    return torch.randn(1, n, DIM, generator=torch.Generator().manual_seed(SEED))
