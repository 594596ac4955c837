"""What must hold of the layers whatever they have learned, measured on them: a figure each.

FFT-Tensor (2025) lists round trip, energy, gradients, identity, domains and determinism, and
measured them on `torch.fft`. `python -m fftia_lab check` prints these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from .blocks import SpectralMLPBlock
from .domain import DomainError, FrequencySignal, TimeSignal
from .fourier import FourierMixing, GlobalFilter
from .spectral import SpectralMixingLayer

BATCH, TOKENS, CHANNELS = 2, 48, 8
BINS = TOKENS // 2 + 1
Make = Callable[[], nn.Module]

LAYERS: dict[str, Make] = {
    "SpectralMixingLayer, per sample": lambda: SpectralMixingLayer(CHANNELS),
    "SpectralMixingLayer, per sequence": lambda: SpectralMixingLayer(
        CHANNELS, BINS, mode="sequence"
    ),
    "SpectralMixingLayer, adaptive": lambda: SpectralMixingLayer(CHANNELS, adaptive=True),
    "SpectralMixingLayer, causal": lambda: SpectralMixingLayer(CHANNELS, causal=True),
    "SpectralMixingLayer, fixed": lambda: SpectralMixingLayer(CHANNELS, learnable=False),
    "FourierMixing": lambda: FourierMixing(CHANNELS),
    "GlobalFilter": lambda: GlobalFilter(CHANNELS, TOKENS),
    "GlobalFilter, a grid": lambda: GlobalFilter(CHANNELS, 6, TOKENS // 6),
    "SpectralMLPBlock": lambda: SpectralMLPBlock(CHANNELS),
    "SpectralMLPBlock, causal": lambda: SpectralMLPBlock(CHANNELS, causal=True),
}
INVERTIBLE = "SpectralMixingLayer, per sequence", "GlobalFilter"
CIRCULAR = ("SpectralMixingLayer, per sample", "SpectralMixingLayer, adaptive", *INVERTIBLE)
FIRST_THE_IDENTITY = tuple(
    f"SpectralMixingLayer, {kind}" for kind in ("per sample", "per sequence", "adaptive", "causal")
)
CAUSAL = "SpectralMixingLayer, causal", "SpectralMLPBlock, causal"


@dataclass(frozen=True)
class Finding:
    """One invariant, measured on one layer.

    Args:
        invariant: its name.
        layer: what it was measured on.
        figure: how far the layer is from it.
        limit: how far it may be.
    """

    invariant: str
    layer: str
    figure: float
    limit: float

    @property
    def holds(self) -> bool:
        """Whether the figure is within its limit; nan is not."""
        return self.figure <= self.limit


def findings() -> Iterator[Finding]:
    """Measure every invariant on every layer of which it must hold.

    >>> {one.invariant for one in findings() if one.holds} >= {"identity", "determinism"}
    True
    """
    for measure, limit, names in INVARIANTS:
        for name in names:
            torch.manual_seed(0)
            figure = measure(LAYERS[name]().eval())
            yield Finding(measure.__name__.replace("_", " "), name, figure, limit)


def _tokens(dtype: torch.dtype = torch.float32) -> Tensor:
    generator = torch.Generator().manual_seed(1)
    return torch.randn(BATCH, TOKENS, CHANNELS, generator=generator).to(dtype)


def _draw(layer: nn.Module) -> nn.Module:
    """Return the layer with random weights in the place of those it begins with."""
    for parameter in layer.parameters():
        nn.init.normal_(parameter)
    return layer


def _apart(found: Tensor, wanted: Tensor) -> float:
    """Return the greatest deviation over the greatest number that is wanted."""
    found, wanted = found.detach(), wanted.detach()
    return float((found - wanted).abs().max() / wanted.abs().max())


def _response(layer: nn.Module) -> Tensor:
    """Return what a circular layer multiplies the spectrum by, from what it makes of impulses."""
    impulse = torch.zeros(1, TOKENS, CHANNELS)
    impulse[:, 0] = 1
    with torch.no_grad():
        return torch.fft.rfft(layer(impulse)[0], dim=0)


def round_trip(layer: nn.Module) -> float:
    """Return how far x is from what comes back when the layer's filter is divided out again."""
    _draw(layer)
    spectrum = TimeSignal(layer(_tokens())).to_frequency()
    back = spectrum / FrequencySignal(_response(layer).expand_as(spectrum.values), TOKENS)
    return _apart(back.to_time().values, _tokens())


def parseval(layer: nn.Module) -> float:
    """Return how far the output's energy is from Σ |H X|² / n, relative to that."""
    _draw(layer)
    response = FrequencySignal(_response(layer), TOKENS)
    wanted = (TimeSignal(_tokens()).to_frequency() * response).energy()
    found = TimeSignal(layer(_tokens()).detach()).energy()
    return float((found / wanted - 1).abs())


def gradients(layer: nn.Module) -> float:
    """Return how far the slope by autograd is from that of two outputs nearby, in float64.

    Along one random direction of input and weights together.
    """
    _draw(layer).double()
    leaves = [_tokens(torch.float64).requires_grad_(), *layer.parameters()]
    direction = [torch.randn_like(leaf) for leaf in leaves]
    gradient = torch.autograd.grad(layer(leaves[0]).square().sum(), leaves)
    slope = sum(float((g * d).sum()) for g, d in zip(gradient, direction, strict=True))
    step, sides = 1e-5, []
    with torch.no_grad():
        for move in (step, -2 * step):
            for leaf, ahead in zip(leaves, direction, strict=True):
                leaf += move * ahead
            sides.append(float(layer(leaves[0]).square().sum()))
    return abs((sides[0] - sides[1]) / (2 * step) / slope - 1)


def identity(layer: nn.Module) -> float:
    """Return how far a new layer is from changing nothing."""
    return _apart(layer(_tokens()), _tokens())


def domain(layer: nn.Module) -> float:
    """Return how many of three spectra the layer takes for a signal in time."""
    signal = TimeSignal(_tokens())
    spectrum = signal.to_frequency()
    accepted = 0
    for call in (
        lambda: layer(spectrum),
        lambda: layer(spectrum.values),
        lambda: TimeSignal(layer(signal.values)) + spectrum,
    ):
        with suppress(DomainError):
            call()
            accepted += 1
    return float(accepted)


def determinism(layer: nn.Module) -> float:
    """Return how far two runs are apart, in outputs and gradients."""
    _draw(layer)
    runs = []
    for _ in range(2):
        leaves = [_tokens().requires_grad_(), *layer.parameters()]
        found = layer(leaves[0])
        runs.append([found, *torch.autograd.grad(found.square().sum(), leaves)])
    return max(_apart(one, other) for one, other in zip(*runs, strict=True) if other.any())


def causality(layer: nn.Module) -> float:
    """Return how far the past moves when the future does."""
    _draw(layer)
    later = _tokens()
    later[:, TOKENS // 2 :] = torch.randn(BATCH, TOKENS // 2, CHANNELS)
    past = slice(TOKENS // 2)
    return _apart(layer(later)[:, past], layer(_tokens())[:, past])


def padding(layer: nn.Module) -> float:
    """Return how far real tokens move when masked ones hold no number any more."""
    _draw(layer)
    mask = (torch.arange(TOKENS) < TOKENS - 7).expand(BATCH, -1)
    spoiled = _tokens().where(mask[..., None], torch.nan)
    return _apart(layer(spoiled, mask), layer(_tokens(), mask))


INVARIANTS: tuple[tuple[Callable[[nn.Module], float], float, Iterable[str]], ...] = (
    (round_trip, 1e-5, INVERTIBLE),
    (parseval, 1e-5, CIRCULAR),
    (gradients, 1e-6, LAYERS),
    (identity, 1e-6, FIRST_THE_IDENTITY),
    (domain, 0.0, LAYERS),
    (determinism, 0.0, LAYERS),
    (causality, 1e-6, CAUSAL),
    (padding, 0.0, LAYERS),
)
