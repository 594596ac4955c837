"""The suite "memory": what one call of an attention layer adds to the peak, a fresh process each.

Layers of 256 channels in 4 heads on one sequence; the shape is the number of tokens. The layer's
weights, its input and its result are counted; what 64 tokens take between them is not. Needs
PyTorch, and Linux, which tells the peak.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

import torch
from torch import Tensor, nn

from ..attention import FFTInspiredAttention
from ..mixing import SpectralMixingLayer
from .attention_core import DIM, HEADS, Where
from .attention_core import LAYERS as PEERS
from .case import Case, Peaks, left_out
from .eager import EagerAttention
from .memory import compare
from .record import Memory, Skipped

SEED = 0
LIBRARIES = ("torch",)
FIXED = f"{DIM} channels in {HEADS} heads, one sequence; the size is its number of tokens."
CONDITIONS = {
    "forward": "Without gradients: weights, input, result and what lies between.",
    "training": "Forwards and backwards: gradients of the input and of all weights too.",
}
LENGTHS, LOOK = tuple(1 << digits for digits in range(9, 15)), (2048,)
EAGER, EAGER_TOKENS = "dense, scores stored", 4096
WARM = (64,)
# What makes each layer for n tokens, dense attention first.
LAYERS: Mapping[str, Callable[[int], nn.Module]] = {
    **PEERS,
    EAGER: lambda n: EagerAttention(DIM, HEADS),
    "shift": lambda n: FFTInspiredAttention(DIM, HEADS, max_length=n, schedule="shift"),
    "across heads": lambda n: FFTInspiredAttention(DIM, HEADS, max_length=n, projection="model"),
    "mixing": lambda n: SpectralMixingLayer(DIM),
}


def cases(quick: bool = False) -> Iterator[Case]:
    """Yield nothing: this suite takes no times."""
    return iter(())


def memory(quick: bool = False) -> Iterator[Peaks]:
    """Yield peaks of memory; `quick` keeps one length, once."""
    for job in CONDITIONS:
        for n in LOOK if quick else LENGTHS:
            series = f"{job}, float32"
            yield Peaks(series, (n,), partial(_take, series, n, job, 1 if quick else 3))


def _take(series: str, n: int, job: str, repeats: int) -> tuple[list[Memory], list[Skipped]]:
    """Return the peaks at one length, and who was left out."""
    names = [name for name in LAYERS if n <= EAGER_TOKENS or name != EAGER]
    targets = {name: f"{__name__}:remembered {name.replace(' ', '_')} {job}" for name in names}
    found, skipped = compare(series, targets, (n,), "float32", warm=WARM, repeats=repeats)
    if EAGER not in names:
        why = {EAGER: f"it stores all scores: {EAGER_TOKENS} tokens at most"}
        skipped += left_out(series, (n,), why)
    return found, skipped


def remembered(name: str, job: str) -> Callable[[tuple[int, ...]], Tensor]:
    """Return what the suite measures: a layer made and at work on (n,) tokens.

    Weights and their gradients are kept, so that those of a later call come on top of those of the
    first, which only warms.

    Args:
        name: of the layer, with _ for spaces.
        job: "forward" or "training".
    """
    torch.set_num_threads(1)
    kept: list[object] = []

    def call(shape: tuple[int, ...]) -> Tensor:
        (n,) = shape
        torch.manual_seed(SEED)
        layer = LAYERS[name.replace("_", " ")](n)
        x = Where("cpu", torch.float32).numbers(1, n, DIM).requires_grad_(job == "training")
        kept.append(layer)
        if job == "forward":
            with torch.no_grad():
                found: Tensor = layer(x)
            return found
        leaves, y = [x, *layer.parameters()], layer(x)
        to_x, *to_weights = torch.autograd.grad(y, leaves, torch.ones_like(y))
        kept.append(to_weights)
        return to_x

    return call
