"""What attention costs, dense and in stages, without the projections around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..arguments import as_boolean, as_integer
from ..options import StageOptions
from ..schedule import BenesSchedule, ButterflySchedule, PrefixSchedule, Schedule
from .counts import Cost, as_counts

USUAL = StageOptions()
MUTUAL = ButterflySchedule, BenesSchedule
SIGMOID = 4  # negate, exponential, add, divide
SOFTMAX = 5  # scale, subtract the maximum, exponential, add to the sum, divide


def dense_attention(
    size: int, heads: int, dim_head: int, *, causal: bool = False, batch: int = 1
) -> Cost:
    """Return the cost of softmax attention on given q, k, v; scores are never stored.

    size² scores a head (size·(size+1)/2 when causal), each 2·dim_head multiply-adds.

    Args:
        size: number of tokens.
        heads: number of heads.
        dim_head: channels of one head.
        causal: whether a token sees only itself and earlier ones.
        batch: number of sequences.

    >>> dense_attention(8, heads=1, dim_head=4).products
    1024
    """
    size, heads, dim_head, batch = as_counts(size=size, heads=heads, dim_head=dim_head, batch=batch)
    seen = size * (size + 1) // 2 if as_boolean("causal", causal) else size * size
    scores = batch * heads * seen
    channels = batch * heads * dim_head
    return Cost(
        products=4 * scores * dim_head,
        others=SOFTMAX * scores,
        moved=4 * size * channels,
    )


def butterfly_attention(
    size: int,
    heads: int,
    dim_head: int,
    options: StageOptions = USUAL,
    *,
    batch: int = 1,
    launches: int | None = None,
) -> Cost:
    """Return the cost of butterfly attention, its query and key weights included.

    A stage takes one matrix product with a row for each difference x_partner - x_own: one a pair
    for the butterfly and Beneš, one a token that hears for the shift and the prefix wiring, whose
    last block counts as a whole where there are several.
    Projecting across heads takes two products, the queries of the tokens that hear somebody and the
    keys of the differences. Where r meet at a time, every place asks: one product for the queries,
    across heads one for the keys too, and r scores each.

    Args:
        size: number of tokens; a butterfly or Beneš pays for the next power of two, or where
            padding relays for the blocks that hold a token.
        heads: number of heads.
        dim_head: channels of one head.
        options: how the stages are wired and weighted; the usual ones of a layer if left out.
        batch: number of sequences.
        launches: how many times the tokens are read and written where fused stages share a launch
            (`fftia_lab.kernels.plan`); None for once a stage.

    >>> butterfly_attention(8, heads=1, dim_head=4).products
    768
    >>> butterfly_attention(8, heads=1, dim_head=4, options=StageOptions("shift")).products
    1152
    """
    size, heads, dim_head, batch = as_counts(size=size, heads=heads, dim_head=dim_head, batch=batch)
    schedule = options.wire(size)
    distinct = options.weights(schedule.depth)
    folded, model = not options.mix_heads, heads * dim_head
    weight = heads * dim_head**2 if folded else model**2
    total = Cost(
        products=folded * distinct * 2 * heads * dim_head**3,  # W_q W_kᵀ, then its scale
        others=folded * distinct * weight,
        parameters=distinct * 2 * weight,
    )
    sizes = size, heads, dim_head, folded
    if isinstance(schedule, ButterflySchedule) and schedule.wide:
        work = [*_gatherings(schedule, *sizes)]
    else:
        work = [*_meetings(schedule, *sizes)]
    tokens = sum(stage.places for stage in work)
    if launches is not None:
        tokens = size * as_integer("launches", launches, least=0)
    return total + Cost(
        products=sum(batch * (2 * stage.rows * weight + stage.scores) for stage in work),
        others=sum(batch * stage.others for stage in work),
        moved=2 * batch * tokens * model + len(work) * (1 if folded else 2) * weight,
    )


@dataclass(frozen=True)
class _Stage:
    """What one stage does for one sequence.

    Args:
        places: on which it works.
        rows: of matrix products with a weight.
        others: operations outside of matrix products.
        scores: operations in matrix products of tokens with each other.
    """

    places: int
    rows: int
    others: int
    scores: int = 0


def _gatherings(
    schedule: ButterflySchedule, size: int, heads: int, dim_head: int, folded: bool
) -> Iterator[_Stage]:
    """Yield stages in which more than two meet; each group counts as a whole."""
    stages = zip(schedule.visited(size), schedule.strides, schedule.widths, strict=True)
    for visited, stride, width in stages:
        places = -(-visited // (stride * width)) * stride * width
        scores = places * heads * width
        rows = places if folded else 2 * places
        yield _Stage(places, rows, (SOFTMAX - folded) * scores, 4 * scores * dim_head)


def _meetings(
    schedule: Schedule, size: int, heads: int, dim_head: int, folded: bool
) -> Iterator[_Stage]:
    """Yield stages in which two meet."""
    mutual = isinstance(schedule, MUTUAL)
    gate = (2 * dim_head - 1) + (not folded) + SIGMOID + 2 * dim_head
    for places, differences, gates in _pairs(schedule, size):
        signs = differences if mutual else 0  # of the higher token's score
        rows = differences if folded else differences + gates
        yield _Stage(places, rows, heads * (differences * dim_head + gates * gate + signs))


def _pairs(schedule: Schedule, size: int) -> Iterator[tuple[int, int, int]]:
    """Yield the places, differences x_partner - x_own and gates of every stage.

    Where padding relays, a half block that would meet nobody is copied and takes no product.
    """
    if isinstance(schedule, (ButterflySchedule, BenesSchedule)):
        for stride, places in zip(schedule.strides, schedule.visited(size), strict=True):
            differences = places // (2 * stride) * stride
            yield places, differences, differences if schedule.causal else 2 * differences
        return
    for stage, stride in enumerate(schedule.strides):
        heard = int((schedule.partners(stage) != np.arange(schedule.size)).sum())
        if isinstance(schedule, PrefixSchedule) and heard > stride:
            heard = -(-heard // stride) * stride  # of several blocks the last one is whole too
        yield schedule.size, heard, heard
