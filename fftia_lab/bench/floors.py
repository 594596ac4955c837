"""What kernels cannot do without: operations in matrix products, and bytes between chip and memory.

Counted from what each launch reads and writes, each address once. With a run's own copy and product
they make a floor in seconds (`record.floor`); what is found in a cache may beat the bytes, nothing
the floor of a kernel alone on inputs that fill the cache.
"""

from __future__ import annotations

import sys
from pathlib import Path

from .. import cost
from ..kernels.gradient_plan import parts, tile_of
from ..kernels.plan import Launch, launches
from ..schedule import Schedule
from .record import Record, Work, floor, load

FP32 = 4
# Of dense attention: 2 products forwards; backwards scores again and 4 more.
DENSE_PRODUCTS_OF_TRAINING = 7 / 2
# Forwards q, k, v, y; backwards these, the gradient of y, and three of q, k and v.
DENSE_MOVES_OF_TRAINING = 3
# Of a fused stage: 1 forwards, 1 again, 2 on the way back, 1 for the weights.
PRODUCTS_OF_TRAINING = 5


def at_least(products: int, numbers: int, training: bool, width: int) -> Work:
    """Return what so many products, on numbers that are read or written once, need anywhere.

    With gradients each product takes two more; tokens and weights are read again, the gradient is
    read, and those of tokens and weights are written. What a cache keeps is not counted.

    >>> at_least(100, numbers=10, training=True, width=4)
    {'products': 300, 'bytes': 120}
    """
    times = 3 if training else 1
    return {"products": times * products, "bytes": times * numbers * width}


def dense(
    batch: int,
    n: int,
    heads: int,
    dim_head: int,
    training: bool,
    width: int = 2,
    *,
    causal: bool = False,
) -> Work:
    """Return what softmax attention on given q, k, v needs whose scores are never stored.

    >>> dense(1, 8, 1, 4, training=False)
    {'products': 1024, 'bytes': 256}
    """
    counted = cost.dense_attention(n, heads, dim_head, causal=causal, batch=batch)
    if not training:
        return {"products": counted.products, "bytes": counted.bytes(width)}
    return {
        "products": round(counted.products * DENSE_PRODUCTS_OF_TRAINING),
        "bytes": counted.bytes(width) * DENSE_MOVES_OF_TRAINING,
    }


def fused(
    schedule: Schedule,
    batch: int,
    n: int,
    heads: int,
    dim_head: int,
    training: bool,
    width: int = 2,
) -> Work:
    """Return what the fused kernels of butterfly attention need for a power of two of tokens.

    A stage multiplies one row a pair. A launch reads and writes all tokens once. With gradients the
    stages run again, in smaller launches, for their gates; the way back reads tokens and gradient
    and writes a gradient, and that of the weights reads the tokens again. What a launch reads
    twice, and all but one share of the weights' gradient, are left out.

    >>> from fftia_lab import ButterflySchedule
    >>> fused(ButterflySchedule(1024), 1, 1024, 16, 64, training=False)
    {'products': 671088640, 'bytes': 9699328}
    """
    plan = launches(schedule, n, dim_head, element=width)
    tokens, stages = batch * n * heads, sum(len(launch.strides) for launch in plan)
    products = stages * tokens * dim_head**2  # n/2 rows, 2 operations a multiply-add
    weights, state = stages * heads * dim_head**2 * width, tokens * dim_head * width
    if not training:
        return {"products": products, "bytes": 2 * len(plan) * state + weights}
    back = len(backward(schedule, n, dim_head, width))
    states = 2 * len(plan) + (2 * back - 1) + 3 * back + back
    gates = 5 * stages * tokens * FP32  # gates written, read twice; slopes written, read
    return {
        "products": PRODUCTS_OF_TRAINING * products,
        "bytes": states * state + gates + 4 * weights,
    }


def backward(schedule: Schedule, n: int, dim_head: int, width: int = 2) -> list[Launch]:
    """Return the launches of the backward pass.

    >>> from fftia_lab import ButterflySchedule
    >>> [len(launch.strides) for launch in backward(ButterflySchedule(65536), 65536, 64)]
    [6, 6, 4]
    """
    wide = width == FP32
    tile = tile_of(schedule, n, dim_head, wide)
    return parts(launches(schedule, n, dim_head, tile, element=width), dim_head, wide)


def projections(batch: int, n: int, dim: int, count: int, training: bool, width: int = 2) -> Work:
    """Return what so many square projections need; with gradients each takes three products.

    >>> projections(1, 10, 4, 2, training=False)
    {'products': 640, 'bytes': 384}
    """
    one, times = cost.linear(batch * n, dim, dim), 3 if training else 1
    return {"products": times * count * one.products, "bytes": times * count * one.bytes(width)}


def filtered(
    batch: int, n: int, channels: int, weights: int, training: bool, width: int = 2
) -> Work:
    """Return what a filter along the tokens needs: tokens read and written, its weights read.

    With gradients also: the gradient read and written, both read for that of the weights, written.

    Args:
        batch, n, channels: of the tokens.
        weights: bytes of the filter.
        training: whether gradients are taken too.
        width: bytes of a number.

    >>> filtered(1, 8, 4, weights=160, training=False)
    {'products': 0, 'bytes': 288}
    """
    signal = batch * n * channels * width
    return {"products": 0, "bytes": 6 * signal + 3 * weights if training else 2 * signal + weights}


def both(*works: Work) -> Work:
    """Return what comes of doing several, one after the other."""
    return {
        "products": sum(one["products"] for one in works),
        "bytes": sum(one["bytes"] for one in works),
    }


def distances(record: Record) -> list[str]:
    """Return a line for everybody whose work was counted: time, floor, and how far it is away."""
    lines = []
    for one in record["entries"]:
        if "work" in one:
            seconds, least = one["seconds"]["median"], floor(record, one)
            shape = "x".join(map(str, one["shape"]))
            lines.append(
                f"{one['series']:32} {shape:>10} {one['contender']:12}"
                f"{seconds * 1e6:13,.1f} µs, floor {least * 1e6:11,.1f} µs: {seconds / least:8.2f}"
                f" times"
            )
    return lines


def main(paths: list[str]) -> int:
    """Print what each record says of the distance from the floors."""
    for path in paths:
        print(path, *distances(load(Path(path))), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
