"""The suite "published": what published tables claim, measured on equal terms.

Spectral mixing against attention in 8 heads of 32 channels, 8 sequences, as FFT-Tensor (2025) had
it; butterfly attention against dense attention in 8 heads of 64 channels, one sequence, as FFT-IA
(2025) has it. Each baseline is the published mechanism, so that a ratio is how many times faster it
is than a contender. The shape is (sequences, tokens). `published_figures` holds the published
numbers. Needs PyTorch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from ..attention import DenseAttention, FFTInspiredAttention
from ..mixing import SpectralMixingLayer, SpectralMLPBlock
from .attention_core import LOOP, Where, call_of
from .case import Case, Peaks, Planned, left_out
from .eager import EagerAttention
from .memory import compare
from .mixing import PROJECTED
from .mixing import layer as mixing_layer
from .peers import pair_by_pair

SEED = 0
LIBRARIES = ("torch",)
BATCH, DIM, HEADS = 8, 256, 8
LENGTHS, REMEMBERED, ONE = (128, 256, 512, 1024, 2048), (512, 1024, 2048), 512
BUTTERFLY_DIM, BUTTERFLY_HEADS = 512, 8
BUTTERFLY_LENGTHS, LONGEST_LOOP = tuple(1 << digits for digits in range(8, 14)), 256
LIMIT = 1e-3  # relative error of the worst number, over the root mean square of all
MIXING, EAGER, SDPA = "mixing", "attention, eager", "attention, SDPA"
BUTTERFLY, ACROSS = "butterfly", "butterfly, across heads"
FIXED = (
    f"Mixing: {DIM} channels, for attention in {HEADS} heads, {BATCH} sequences; the butterfly: "
    f"{BUTTERFLY_DIM} channels in {BUTTERFLY_HEADS} heads, one sequence. The size is (sequences, "
    "tokens)."
)
CONDITIONS = {
    "speed": "Forwards without gradients, of all alike. Eager attention stores its scores, as the "
    "published baseline; SDPA is PyTorch's own. Dropout is left out, so that answers can be "
    "checked. Spectral mixing mixes no channels and has no projections; attention has four.",
    "projected": "As speed; spectral mixing stands between four projections too, and gates.",
    "recorded": "As speed, but PyTorch records what gradients would need, as the published runs.",
    "backward": "Forwards and backwards: gradients of the input and of all weights.",
    "block": "Forwards without gradients, of norm, mixing or attention, norm, and an MLP.",
    "memory": "The peak of a process of its own: weights, input, result and what lies between, "
    "while gradients are wanted, as the published runs.",
    "butterfly": "Layers with their projections, forwards without gradients. Across heads is the "
    "published form, whose queries and keys mix all channels; the loop is its published program, "
    "without projections.",
}


def layers() -> Mapping[str, nn.Module]:
    """Return spectral mixing, the baseline, and attention both ways, with one set of weights."""
    torch.manual_seed(SEED)
    mixing, dense = SpectralMixingLayer(DIM), DenseAttention(DIM, HEADS)
    for weight in (mixing.real, mixing.imaginary):
        nn.init.normal_(weight)
    return {MIXING: mixing, EAGER: EagerAttention(DIM, HEADS), SDPA: dense}


def projected() -> Mapping[str, nn.Module]:
    """Return the same with spectral mixing between as many projections as attention has."""
    rivals = layers()
    return {PROJECTED: mixing_layer(PROJECTED, 0), EAGER: rivals[EAGER], SDPA: rivals[SDPA]}


def blocks() -> Mapping[str, nn.Module]:
    """Return the same, each in a block with an MLP."""
    return {name: SpectralMLPBlock(DIM, mixing=layer) for name, layer in layers().items()}


def cases(quick: bool = False) -> Iterator[Planned]:
    """Yield what the suite measures; `quick` leaves out the longest."""
    speeds = (
        ("speed", "forward", layers),
        ("projected", "forward", projected),
        ("recorded", "recorded", layers),
    )
    for series, job, made in speeds:
        for n in LENGTHS[:3] if quick else LENGTHS:
            shape = BATCH, n
            yield Planned(series, shape, partial(_contest, series, shape, made, job))
    for series, job, made in (("backward", "training", layers), ("block", "forward", blocks)):
        yield Planned(series, (BATCH, ONE), partial(_contest, series, (BATCH, ONE), made, job))
    for n in BUTTERFLY_LENGTHS[:2] if quick else BUTTERFLY_LENGTHS:
        yield Planned("butterfly", (1, n), partial(_butterflies, n))


def memory(quick: bool = False) -> Iterator[Peaks]:
    """Yield peaks of memory, mixing first; `quick` keeps the shortest, once."""
    targets = {name: f"{__name__}:remembered {name.replace(' ', '_')}" for name in layers()}
    for n in REMEMBERED[:1] if quick else REMEMBERED:
        shape, repeats = (BATCH, n), 1 if quick else 3
        take = partial(compare, "memory", targets, shape, "float32", warm=(1, 64), repeats=repeats)
        yield Peaks("memory", shape, take)


def remembered(name: str) -> Callable[[tuple[int, ...]], Tensor]:
    """Return what `memory` measures: a layer at work on tokens of (sequences, tokens)."""
    torch.set_num_threads(1)
    layer = layers()[name.replace("_", " ")]
    return lambda shape: _recorded(lambda x, *_: layer(x), [_tokens(*shape), *layer.parameters()])


def _recorded(function: Callable[..., Tensor], leaves: list[Tensor]) -> Tensor:
    """Run forwards while PyTorch records for gradients that nobody asks for."""
    found = function(*leaves)
    assert found.requires_grad
    return found.detach()


def _tokens(batch: int, n: int) -> Tensor:
    return Where("cpu", torch.float32).numbers(batch, n, DIM)


def _contest(
    series: str, shape: tuple[int, int], made: Callable[[], Mapping[str, nn.Module]], job: str
) -> Case:
    """Return layers at one job, each against itself in double precision."""
    contenders, wanted, x = {}, {}, _tokens(*shape)
    for name, layer in made().items():
        contenders[name] = _call(layer, x, job)
        wanted[name] = _right(layer, x, job)
    return _case(series, shape, contenders, wanted, next(iter(contenders)))


def _call(layer: nn.Module, x: Tensor, job: str) -> Callable[[], Tensor]:
    if job == "recorded":
        return partial(_recorded, lambda x, *_: layer(x), [x, *layer.parameters()])
    return call_of(layer, x, job)


def _right(layer: nn.Module, x: Tensor, job: str) -> Tensor:
    """Return what a layer gives in double precision; eager attention without its scores."""
    double = deepcopy(layer).double()
    if isinstance(double, EagerAttention):
        double.attend = scaled_dot_product_attention
    return _call(double, x.double(), job)()


def _butterflies(n: int) -> Case:
    """Return layers of butterfly and dense attention, and the published loop while one can wait."""
    torch.manual_seed(SEED)
    wired = partial(FFTInspiredAttention, BUTTERFLY_DIM, BUTTERFLY_HEADS, max_length=n)
    paired = wired()
    made: dict[str, nn.Module] = {
        BUTTERFLY: paired,
        ACROSS: wired(projection="model"),
        SDPA: DenseAttention(BUTTERFLY_DIM, BUTTERFLY_HEADS),
        EAGER: EagerAttention(BUTTERFLY_DIM, BUTTERFLY_HEADS),
    }
    x = Where("cpu", torch.float32).numbers(1, n, BUTTERFLY_DIM)
    contenders = {name: _call(layer, x, "forward") for name, layer in made.items()}
    wanted = {name: _right(layer, x, "forward") for name, layer in made.items()}
    left = {}
    if n <= LONGEST_LOOP:
        tokens = x.unflatten(2, (BUTTERFLY_HEADS, -1)).transpose(1, 2).contiguous()
        weights = [paired.w_q.detach(), paired.w_k.detach()]
        contenders[LOOP] = partial(pair_by_pair, tokens, *weights)
        wanted[LOOP] = pair_by_pair(*(one.double() for one in (tokens, *weights)))
    else:
        left[LOOP] = f"longer than {LONGEST_LOOP}: a turn of Python a pair and stage"
    case = _case("butterfly", (1, n), contenders, wanted, ACROSS)
    case.skipped.extend(left_out("butterfly", (1, n), left))
    return case


def _case(
    series: str,
    shape: tuple[int, int],
    contenders: Mapping[str, Callable[[], Tensor]],
    wanted: Mapping[str, Tensor],
    baseline: str,
) -> Case:
    return Case(
        series=series,
        shape=shape,
        dtype="float32",
        contenders=contenders,
        baseline=baseline,
        wanted=wanted,
        limit=LIMIT,
        rounds=31 if shape[1] <= 512 else 15 if shape[1] <= 1024 else 7,
    )
