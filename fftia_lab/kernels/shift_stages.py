# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator"
"""One stage of a shift on a tile that lies on chip, forward and back: device functions.

A tile is (rows, channels) in fp32; its rows are neighbours in a chain of places. README.md derives
what is computed.
"""

import triton
import triton.language as tl

from .gradient_stages import load_transposed
from .stages import halves, load_weight, product, whole


@triton.jit
def places_of(program, places, step, before, kept, TILE: tl.constexpr, CAUSAL: tl.constexpr):
    """Return of each row its number along the chain's places, its place, and two answers.

    The number runs on where the circle begins again. The answers: whether something lies there, and
    whether the program stores it.
    """
    row = tl.arange(0, TILE)[:, None]
    first = program // step * kept - before
    number = program % step + (first + row) * step
    mine = (row >= before) & (row < before + kept) & (number < places)
    if CAUSAL:
        here = (number >= 0) & (number < places)
        place = number
    else:
        here = row >= 0
        place = (number + 2 * places) % places  # a halo is shorter than two circles
    return number, place, here, mine


@triton.jit
def moved(tile, circle, BY: tl.constexpr):
    """Return at each row what lies BY rows further; after the circle's last comes the first."""
    rows: tl.constexpr = tile.shape[0]
    width: tl.constexpr = tile.shape[1]
    source = tl.arange(0, rows)[:, None] + BY
    if BY > 0:
        source = tl.where(source >= circle, source - circle, source)
    else:
        source = tl.where(source < 0, source + circle, source)
    index = tl.reshape(source * width + tl.arange(0, width)[None, :], [rows * width])
    flat = tl.gather(tl.reshape(tile, [rows * width]), index, axis=0)
    return tl.reshape(flat, [rows, width])


@triton.jit
def differences(tile, number, stride, circle, DISTANCE: tl.constexpr, CAUSAL: tl.constexpr):
    """Return what is heard minus who hears it.

    Chosen to be 0 where there is nobody to hear, as 0 · NaN would be NaN.
    """
    if CAUSAL:
        delta = moved(tile, circle, -DISTANCE) - tile
        delta = tl.where(number >= stride, delta, 0.0)
    else:
        delta = moved(tile, circle, DISTANCE) - tile
    return delta


@triton.jit
def multiplied(rows, weight, PRECISION: tl.constexpr):
    """Return rows times weight as `product` does; exact ones in halves, as else they would spill.

    For Blackwell Triton also rounds factors where 64 rows or more are to be exact.
    """
    if weight.dtype == tl.float32 and PRECISION == "ieee":
        half: tl.constexpr = rows.shape[0] // 2
        low, high = halves(rows, half)
        found = whole(product(low, weight, PRECISION), product(high, weight, PRECISION), half)
    else:
        found = product(rows, weight, PRECISION)
    return found


@triton.jit
def back(
    tile,
    to_after,
    gate,
    number,
    stride,
    circle,
    bilinear,
    DISTANCE: tl.constexpr,
    CAUSAL: tl.constexpr,
    CHANNELS: tl.constexpr,
    PRECISION: tl.constexpr,
):
    """Return the gradient before a stage, of the tile before it and the gradient after it.

    And the slopes of the scores: of them the gradient of the weight is made.
    """
    delta = differences(tile, number, stride, circle, DISTANCE, CAUSAL)
    v = multiplied(delta, load_weight(bilinear, CHANNELS, tile.shape[1]), PRECISION)
    slope = tl.sum(to_after * delta, axis=1, keep_dims=True) * gate * (1 - gate)
    to_delta = gate * to_after
    to_after += slope * v
    to_delta += multiplied(
        slope * tile, load_transposed(bilinear, CHANNELS, tile.shape[1]), PRECISION
    )
    to_heard = moved(to_delta, circle, DISTANCE if CAUSAL else -DISTANCE)
    return to_after - to_delta + to_heard, slope
