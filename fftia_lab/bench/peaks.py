"""The suite "memory": what one call of an attention layer adds to the peak, a fresh process each.

Layers of 256 channels in 4 heads on one sequence; the shape is the number of tokens. The layer's
weights, its input and its result are counted. Needs PyTorch, and Linux, which tells the peak.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

import torch
from torch import Tensor, nn

from ..attention import FFTInspiredAttention
from ..mixing import SpectralMixingLayer
from .attention_core import DIM, HEADS, Where, call_of, peer_layers
from .case import Case, Peaks, left_out
from .eager import EagerAttention
from .memory import compare
from .record import Memory, Skipped

SEED = 0
LIBRARIES = ("torch",)
CONDITIONS = {
    "forward": "Without gradients: weights, input, result and what lies between.",
    "training": "Forwards and backwards: gradients of the input and of all weights too.",
}
LENGTHS, LOOK = tuple(1 << digits for digits in range(9, 15)), (2048,)
EAGER, EAGER_TOKENS = "dense, scores stored", 4096
WARM = (64,)


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
    names = [name for name in layers(8) if n <= EAGER_TOKENS or name != EAGER]
    targets = {name: f"{__name__}:remembered {name.replace(' ', '_')} {job}" for name in names}
    found, skipped = compare(series, targets, (n,), "float32", warm=WARM, repeats=repeats)
    if EAGER not in names:
        why = {EAGER: f"it stores all scores: {EAGER_TOKENS} tokens at most"}
        skipped += left_out(series, (n,), why)
    return found, skipped


def layers(n: int) -> Mapping[str, Callable[[], nn.Module]]:
    """Return what makes each layer for n tokens, dense attention first."""
    torch.manual_seed(SEED)
    peers = {name: partial(_peer, name, n) for name in peer_layers(8)}
    wired = partial(FFTInspiredAttention, DIM, HEADS, max_length=n)
    return {
        **peers,
        EAGER: partial(EagerAttention, DIM, HEADS),
        "shift": partial(wired, schedule="shift"),
        "across heads": partial(wired, projection="model"),
        "mixing": partial(SpectralMixingLayer, DIM),
    }


def _peer(name: str, n: int) -> nn.Module:
    return peer_layers(n)[name]


def remembered(name: str, job: str) -> Callable[[tuple[int, ...]], Tensor]:
    """Return what the suite measures: a layer made and at work on (n,) tokens.

    Args:
        name: of the layer, with _ for spaces.
        job: "forward" or "training".
    """
    torch.set_num_threads(1)

    def call(shape: tuple[int, ...]) -> Tensor:
        (n,) = shape
        layer = layers(n)[name.replace("_", " ")]()
        x = Where("cpu", torch.float32).numbers(1, n, DIM)
        return call_of(layer, x, job)()

    return call
