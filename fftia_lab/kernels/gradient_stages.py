# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator"
"""One stage again from its gates, and one stage back: device functions of the backward pass.

Gates and slopes are columns of tile / 2 rows, of lower and of upper halves as `stages.halves` parts
them. README.md derives the formulas and names their terms.
"""

import triton
import triton.language as tl

from .stages import halves, last_of_blocks, load_weight, product, whole


@triton.jit
def partners(tile, DISTANCE: tl.constexpr, PREFIX: tl.constexpr):
    """Return whom the upper rows of a tile meet, and the upper rows."""
    low, high = halves(tile, DISTANCE)
    if PREFIX:
        low = last_of_blocks(low, DISTANCE)
    return low, high


@triton.jit
def gates_of(
    tile,
    weight,
    DISTANCE: tl.constexpr,
    CAUSAL: tl.constexpr,
    PREFIX: tl.constexpr,
    PRECISION: tl.constexpr,
):
    """Return the gates of the lower and of the upper rows; if causal, the latter for both."""
    low, high = partners(tile, DISTANCE, PREFIX)
    v = product(high - low, weight, PRECISION)
    upper = tl.sigmoid(-tl.sum(high * v, axis=1, keep_dims=True))
    lower = upper
    if not CAUSAL:
        lower = tl.sigmoid(tl.sum(low * v, axis=1, keep_dims=True))
    return lower, upper


@triton.jit
def settled(gate, holds, heard, RELAY: tl.constexpr):
    """Return a gate under a mask: 0 for who hears nobody, 1 for a copy."""
    if RELAY:
        gate = tl.where(heard != 0, tl.where(holds != 0, gate, 1.0), 0.0)
    else:
        gate = tl.where((heard & holds) != 0, gate, 0.0)
    return gate


@triton.jit
def settle_gates(
    lower,
    upper,
    holds,
    DISTANCE: tl.constexpr,
    CAUSAL: tl.constexpr,
    PREFIX: tl.constexpr,
    RELAY: tl.constexpr,
):
    """Return both gates under a mask, and which places hold something after the stage."""
    low, high = halves(holds, DISTANCE)
    heard = last_of_blocks(low, DISTANCE) if PREFIX else low
    upper = settled(upper, high, heard, RELAY)
    if not CAUSAL:
        lower = settled(lower, low, high, RELAY)
    if RELAY:
        holds = whole(low if CAUSAL else low | high, high | heard, DISTANCE)
    return lower, upper, holds


@triton.jit
def store_pairs(kept, lower, upper, CAUSAL: tl.constexpr):
    """Keep a stage's numbers: the lower rows', then the upper ones'."""
    rows: tl.constexpr = upper.shape[0]
    row = tl.arange(0, rows)[:, None]
    tl.store(kept + rows + row, upper)
    if not CAUSAL:
        tl.store(kept + row, lower)


@triton.jit
def load_pairs(kept, ROWS: tl.constexpr, CAUSAL: tl.constexpr):
    """Return what `store_pairs` kept; if causal, the upper rows' for both."""
    row = tl.arange(0, ROWS)[:, None]
    upper = tl.load(kept + ROWS + row)
    lower = upper
    if not CAUSAL:
        lower = tl.load(kept + row)
    return lower, upper


@triton.jit
def where_met(rows, lower, upper, MASKED: tl.constexpr):
    """Return the rows of those who meet, and 0 for the others: 0 · NaN would be NaN."""
    if MASKED:
        rows = tl.where((lower != 0) | (upper != 0), rows, 0.0)
    return rows


@triton.jit
def again(
    tile,
    lower,
    upper,
    DISTANCE: tl.constexpr,
    CAUSAL: tl.constexpr,
    PREFIX: tl.constexpr,
    MASKED: tl.constexpr,
):
    """Return a tile after a stage whose gates are known, which takes no product."""
    low, high = halves(tile, DISTANCE)
    heard = last_of_blocks(low, DISTANCE) if PREFIX else low
    delta = where_met(high - heard, lower, upper, MASKED)
    after_low = low if CAUSAL else low + lower * delta
    return whole(after_low, high - upper * delta, DISTANCE)


@triton.jit
def load_transposed(bilinear, CHANNELS: tl.constexpr, WIDTH: tl.constexpr):
    """Return M of one stage and head. Loaded once more: to turn Mᵀ round takes registers."""
    row = tl.arange(0, WIDTH)[:, None]
    column = tl.arange(0, WIDTH)[None, :]
    inside = (row < CHANNELS) & (column < CHANNELS)
    return tl.load(bilinear + column * CHANNELS + row, mask=inside, other=0.0)


@triton.jit
def laid_out_as(product, rows):
    """Return rows, held by the threads that hold the product.

    Triton lets operands meet where their product is; else it would keep all rows twice, and a stage
    back would take 1.7 times the instructions. So much for one multiplication with 0.
    """
    return rows + 0.0 * product


@triton.jit
def back(
    tile,
    to_after,
    lower,
    upper,
    bilinear,
    slopes,
    DISTANCE: tl.constexpr,
    CAUSAL: tl.constexpr,
    PREFIX: tl.constexpr,
    MASKED: tl.constexpr,
    CHANNELS: tl.constexpr,
    PRECISION: tl.constexpr,
):
    """Return the gradient before a stage, of the tile before it and the gradient after it.

    The slopes of its scores are kept: of them the gradient of the weight is made.
    """
    low, high = partners(tile, DISTANCE, PREFIX)
    to_low, to_high = halves(to_after, DISTANCE)
    delta = where_met(high - low, lower, upper, MASKED)
    v = product(delta, load_weight(bilinear, CHANNELS, tile.shape[1]), PRECISION)
    delta = laid_out_as(v, delta)
    of_high = tl.sum(to_high * delta, axis=1, keep_dims=True) * upper * (1 - upper)
    of_low = of_high
    to_v = of_high * high
    to_delta = -upper * to_high
    to_high += of_high * v
    if not CAUSAL:
        of_low = tl.sum(to_low * delta, axis=1, keep_dims=True) * lower * (1 - lower)
        to_v += of_low * low
        to_delta += lower * to_low
        to_low += of_low * v
    store_pairs(slopes, of_low, of_high, CAUSAL)
    to_delta += product(to_v, load_transposed(bilinear, CHANNELS, tile.shape[1]), PRECISION)
    to_delta = where_met(to_delta, lower, upper, MASKED)
    to_high += to_delta
    if PREFIX:
        to_delta = onto_last(to_delta, DISTANCE)
    return whole(to_low - to_delta, to_high, DISTANCE)


@triton.jit
def onto_last(rows, DISTANCE: tl.constexpr):
    """Return at the last of each run of DISTANCE rows their sum, and 0 at the others."""
    count: tl.constexpr = rows.shape[0]
    width: tl.constexpr = rows.shape[1]
    runs = tl.reshape(rows, [count // DISTANCE, DISTANCE, width])
    total = tl.sum(runs, axis=1, keep_dims=True)
    is_last = tl.arange(0, DISTANCE)[None, :, None] == DISTANCE - 1
    return tl.reshape(tl.where(is_last, total, 0.0), [count, width])


@triton.jit
def weigh(
    tile,
    gates,
    slopes,
    DISTANCE: tl.constexpr,
    CAUSAL: tl.constexpr,
    PREFIX: tl.constexpr,
    MASKED: tl.constexpr,
    TYPE: tl.constexpr,
    PRECISION: tl.constexpr,
):
    """Return a tile's part of the gradient of a stage's Mᵀ: Δᵀ (s low + t high)."""
    rows: tl.constexpr = tile.shape[0] // 2
    low, high = partners(tile, DISTANCE, PREFIX)
    lower, upper = load_pairs(gates, rows, CAUSAL)
    delta = where_met(high - low, lower, upper, MASKED)
    of_low, of_high = load_pairs(slopes, rows, CAUSAL)
    to_v = of_high * high
    if not CAUSAL:
        to_v += of_low * low
    return product(tl.trans(delta), to_v.to(TYPE), PRECISION)
