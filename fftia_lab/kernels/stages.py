# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator"
"""One stage of butterfly attention on a tile that lies on chip: device functions for kernels.

A tile is (places, channels) in fp32. A column of one channel says with 1 or 0 which of its places
hold something. README.md derives the pair form.
"""

import triton
import triton.language as tl

from .machine import INTERPRETED


@triton.jit
def halves(tile, DISTANCE: tl.constexpr):
    """Return the lower and the upper halves of all blocks of 2 · DISTANCE rows: who meets whom."""
    rows: tl.constexpr = tile.shape[0]
    width: tl.constexpr = tile.shape[1]
    blocks = tl.reshape(tile, [rows // (2 * DISTANCE), 2, DISTANCE, width])
    low, high = tl.split(tl.permute(blocks, [0, 2, 3, 1]))
    return tl.reshape(low, [rows // 2, width]), tl.reshape(high, [rows // 2, width])


@triton.jit
def whole(low, high, DISTANCE: tl.constexpr):
    """Return the tile that `halves` was given."""
    rows: tl.constexpr = low.shape[0]
    width: tl.constexpr = low.shape[1]
    blocks = tl.reshape(tl.join(low, high), [rows // DISTANCE, DISTANCE, width, 2])
    return tl.reshape(tl.permute(blocks, [0, 3, 1, 2]), [2 * rows, width])


@triton.jit
def last_of_blocks(low, DISTANCE: tl.constexpr):
    """Return for each row the last one of its run of DISTANCE rows: whom a prefix wiring hears."""
    rows: tl.constexpr = low.shape[0]
    width: tl.constexpr = low.shape[1]
    runs = tl.reshape(low, [rows // DISTANCE, DISTANCE, width])
    is_last = tl.arange(0, DISTANCE)[None, :, None] == DISTANCE - 1
    last = tl.sum(tl.where(is_last, runs, 0), axis=1, keep_dims=True)
    return tl.reshape(tl.broadcast_to(last, [rows // DISTANCE, DISTANCE, width]), [rows, width])


@triton.jit
def product(rows, weight, PRECISION: tl.constexpr):
    """Return rows times weight: factors in the weight's type, sums in fp32."""
    rows = rows.to(weight.dtype)
    if INTERPRETED:
        rows, weight = rows.to(tl.float32), weight.to(tl.float32)
    return tl.dot(rows, weight, input_precision=PRECISION)


@triton.jit
def load_weight(bilinear, CHANNELS: tl.constexpr, WIDTH: tl.constexpr):
    """Return Mᵀ of one stage and head, zeros beyond its channels."""
    row = tl.arange(0, WIDTH)[:, None]
    column = tl.arange(0, WIDTH)[None, :]
    inside = (row < CHANNELS) & (column < CHANNELS)
    return tl.load(bilinear + row * CHANNELS + column, mask=inside, other=0.0)


@triton.jit
def relayed(gate, pair, OWN: tl.constexpr, HEARD: tl.constexpr):
    """Return the gates under a mask that relays: 0 where nobody is there to hear, 1 for a copy.

    `pair` is 1 where the lower partner holds something, plus 2 where the upper one does.
    """
    return tl.where((pair & HEARD) != 0, tl.where((pair & OWN) != 0, gate, 1.0), 0.0)


@triton.jit
def stage(
    tile,
    holds,
    weight,
    DISTANCE: tl.constexpr,
    CAUSAL: tl.constexpr,
    PREFIX: tl.constexpr,
    MASKED: tl.constexpr,
    RELAY: tl.constexpr,
    PRECISION: tl.constexpr,
):
    """Return a tile after a stage, and which of its places then hold something.

    One product of differences serves two gates: v = δ Mᵀ with δ = high - low; low + σ(low·v) δ and
    high - σ(-high·v) δ. If causal, low, which is earlier, hears nobody. A place that holds nothing
    is 0. Where it does not relay nobody meets it: δ is chosen to be 0, as 0 times NaN is NaN.
    """
    low, high = halves(tile, DISTANCE)
    heard = last_of_blocks(low, DISTANCE) if PREFIX else low
    delta = high - heard
    if MASKED:
        low_holds, high_holds = halves(holds, DISTANCE)
        heard_holds = last_of_blocks(low_holds, DISTANCE) if PREFIX else low_holds
        pair = heard_holds + 2 * high_holds
    v = product(delta, weight, PRECISION)
    if MASKED and not RELAY:
        v = tl.where(pair == 3, v, 0.0)
        delta = tl.where(pair == 3, delta, 0.0)
    high_gate = tl.sigmoid(-tl.sum(high * v, axis=1, keep_dims=True))
    if MASKED and RELAY:
        high_gate = relayed(high_gate, pair, 2, 1)
    if CAUSAL:
        # no gate is below 0; written so, low gets the layout of δ without going through memory
        after_low = low + tl.where(high_gate < 0, delta, 0.0)
    else:
        low_gate = tl.sigmoid(tl.sum(low * v, axis=1, keep_dims=True))
        if MASKED and RELAY:
            low_gate = relayed(low_gate, pair, 1, 2)
        after_low = low + low_gate * delta
    after_high = high - high_gate * delta
    if MASKED and RELAY:
        high_holds = high_holds | heard_holds
        holds = whole(low_holds if CAUSAL else high_holds, high_holds, DISTANCE)
    return whole(after_low, after_high, DISTANCE), holds
