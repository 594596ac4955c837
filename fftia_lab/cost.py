"""What the mechanisms cost: operations, numbers moved, and the time that no machine can beat.

Everything is counted for one forward pass in the cheapest exact form that the library has. A
multiplication, an addition, an exponential and a division each count as one operation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

import numpy as np

from .arguments import as_boolean, as_integer, as_positive
from .options import StageOptions
from .schedule import BenesSchedule, ButterflySchedule, Schedule

USUAL = StageOptions()
MUTUAL = ButterflySchedule, BenesSchedule
SIGMOID = 4  # negate, exponential, add, divide
SOFTMAX = 5  # scale, subtract the maximum, exponential, add to the sum, divide


@dataclass(frozen=True)
class Cost:
    """Operations, traffic and parameters of one forward pass; costs add up with +.

    Args:
        products: operations inside matrix products, two for each multiply-add.
        others: operations outside them.
        moved: numbers read from or written to memory if every step (a projection, a stage, dense
            attention) reads its input and weights once and writes its result once.
        parameters: numbers that are learned.

    Raises:
        TypeError: here and below, if a number is no integer, or a rate no number.
        ValueError: here and below, if a number is negative, or a rate not above 0.

    >>> linear(rows=10, inputs=4, outputs=3)
    Cost(products=240, others=0, moved=82, parameters=12)
    """

    products: int = 0
    others: int = 0
    moved: int = 0
    parameters: int = 0

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            object.__setattr__(self, name, as_integer(name, value, least=0))

    def __add__(self, other: Cost) -> Cost:
        if not isinstance(other, Cost):
            return NotImplemented
        return Cost(
            self.products + other.products,
            self.others + other.others,
            self.moved + other.moved,
            self.parameters + other.parameters,
        )

    @property
    def operations(self) -> int:
        """All operations."""
        return self.products + self.others

    def bytes(self, width: int = 4) -> int:
        """Return the bytes moved, for numbers of `width` bytes."""
        return self.moved * as_integer("width", width, least=1)

    def product_floor(self, operations_per_second: float) -> float:
        """Return the seconds that the matrix products alone need at a measured product rate."""
        return self.products / as_positive("operations_per_second", operations_per_second)

    def roofline(
        self, operations_per_second: float, bytes_per_second: float, width: int = 4
    ) -> float:
        """Return the seconds below which no run can be: the slower of products and traffic."""
        traffic = self.bytes(width) / as_positive("bytes_per_second", bytes_per_second)
        return max(self.product_floor(operations_per_second), traffic)


def _counts(**values: int) -> list[int]:
    return [as_integer(name, value, least=0) for name, value in values.items()]


def linear(rows: int, inputs: int, outputs: int) -> Cost:
    """Return the cost of a matrix product with learned weights and no bias.

    rows·inputs·outputs multiply-adds.

    >>> linear(rows=1, inputs=2, outputs=5).products
    20
    """
    rows, inputs, outputs = _counts(rows=rows, inputs=inputs, outputs=outputs)
    return Cost(
        products=2 * rows * inputs * outputs,
        moved=rows * (inputs + outputs) + inputs * outputs,
        parameters=inputs * outputs,
    )


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
    size, heads, dim_head, batch = _counts(size=size, heads=heads, dim_head=dim_head, batch=batch)
    seen = size * (size + 1) // 2 if as_boolean("causal", causal) else size * size
    scores = batch * heads * seen
    channels = batch * heads * dim_head
    return Cost(
        products=4 * scores * dim_head,
        others=SOFTMAX * scores,
        moved=4 * size * channels,
    )


def butterfly_attention(
    size: int, heads: int, dim_head: int, options: StageOptions = USUAL, *, batch: int = 1
) -> Cost:
    """Return the cost of butterfly attention, its query and key weights included.

    A stage takes one matrix product with a row for each difference x_partner - x_own: one a pair
    for the butterfly and Beneš, one a token that hears for the shift and the prefix wiring.
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

    >>> butterfly_attention(8, heads=1, dim_head=4).products
    768
    >>> butterfly_attention(8, heads=1, dim_head=4, options=StageOptions("shift")).products
    1152
    """
    size, heads, dim_head, batch = _counts(size=size, heads=heads, dim_head=dim_head, batch=batch)
    schedule = options.wire(size)
    distinct = options.weights(schedule.depth)
    folded, model = not options.mix_heads, heads * dim_head
    weight = heads * dim_head**2 if folded else model**2
    total = Cost(
        products=folded * distinct * 2 * heads * dim_head**3,  # W_q W_kᵀ, then its scale
        others=folded * distinct * weight,
        parameters=distinct * 2 * weight,
    )
    if isinstance(schedule, ButterflySchedule) and schedule.wide:
        stages = zip(schedule.visited(size), schedule.strides, schedule.widths, strict=True)
        for visited, stride, width in stages:
            places = -(-visited // (stride * width)) * stride * width  # each group as a whole
            scores = batch * places * heads * width
            asked = (1 if folded else 2) * weight
            total += Cost(
                products=2 * batch * places * asked + 4 * scores * dim_head,
                others=(SOFTMAX - folded) * scores,
                moved=2 * batch * places * model + asked,
            )
        return total
    for places, differences, gates in _meetings(schedule, size):
        each = (2 * dim_head - 1) + (not folded) + SIGMOID + 2 * dim_head
        signs = differences if isinstance(schedule, MUTUAL) else 0
        rows = differences if folded else differences + gates
        total += Cost(
            products=2 * batch * rows * weight,
            others=batch * heads * (differences * dim_head + gates * each + signs),
            moved=2 * batch * places * model + (1 if folded else 2) * weight,
        )
    return total


def _meetings(schedule: Schedule, size: int) -> Iterator[tuple[int, int, int]]:
    """Yield the places, differences x_partner - x_own and gates of every stage.

    Where padding relays, a half block that would meet nobody is copied and takes no product.
    """
    if isinstance(schedule, (ButterflySchedule, BenesSchedule)):
        for stride, places in zip(schedule.strides, schedule.visited(size), strict=True):
            differences = places // (2 * stride) * stride
            yield places, differences, differences if schedule.causal else 2 * differences
        return
    for stage in range(schedule.depth):
        heard = int((schedule.partners(stage) != np.arange(schedule.size)).sum())
        yield schedule.size, heard, heard


def butterfly_layer(
    size: int,
    dim: int,
    heads: int,
    dim_head: int,
    options: StageOptions = USUAL,
    *,
    batch: int = 1,
) -> Cost:
    """Return the cost of `FFTInspiredAttention`: value projection, stages, output projection.

    Args:
        size: number of tokens.
        dim: channels of the model.
        heads: number of heads.
        dim_head: channels of one head.
        options: as in `butterfly_attention`.
        batch: number of sequences.

    >>> dense, butterfly = dense_layer(8192, 256, 4, 64), butterfly_layer(8192, 256, 4, 64)
    >>> round(dense.products / butterfly.products, 1)
    18.6
    """
    size, dim, heads, dim_head, batch = _counts(
        size=size, dim=dim, heads=heads, dim_head=dim_head, batch=batch
    )
    inner = heads * dim_head
    core = butterfly_attention(size, heads, dim_head, options, batch=batch)
    return linear(batch * size, dim, inner) + core + linear(batch * size, inner, dim)


def dense_layer(
    size: int, dim: int, heads: int, dim_head: int, *, causal: bool = False, batch: int = 1
) -> Cost:
    """Return the cost of `DenseAttention`: three projections, attention, output projection.

    Args:
        size: number of tokens.
        dim: channels of the model.
        heads: number of heads.
        dim_head: channels of one head.
        causal: whether a token sees only itself and earlier ones.
        batch: number of sequences.

    >>> dense_layer(1, 8, 2, 4).parameters
    256
    """
    size, dim, heads, dim_head, batch = _counts(
        size=size, dim=dim, heads=heads, dim_head=dim_head, batch=batch
    )
    inner = heads * dim_head
    core = dense_attention(size, heads, dim_head, causal=causal, batch=batch)
    return linear(batch * size, dim, 3 * inner) + core + linear(batch * size, inner, dim)
