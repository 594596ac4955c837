# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator"
"""The three kernels of the backward pass of a launch: gates again, gradients back, weights.

None writes what it reads, and no two programs write one place.
"""

import triton
import triton.language as tl

from .forward_kernel import places_of, where_am_i
from .gradient_stages import again, back, gates_of, load_pairs, settle_gates, store_pairs, weigh
from .stages import load_weight


@triton.jit
def is_held(holds, place, places):
    """Return which places there are and hold something; `holds` is None if all do."""
    here = place < places
    if holds is not None:
        here = here & (tl.load(holds + place, mask=here, other=0) != 0)
    return here


@triton.jit
def rows_of(x, place, stride, CHANNELS: tl.constexpr, WIDTH: tl.constexpr):
    """Return the addresses of the channels of some places, and which of the channels there are."""
    channel = tl.arange(0, WIDTH)[None, :]
    return x + place.to(tl.int64) * stride + channel, channel < CHANNELS


@triton.jit
def load_tile(x, place, stride, here, CHANNELS: tl.constexpr, WIDTH: tl.constexpr):
    """Return what places hold, in fp32, and 0 for those that are not here."""
    source, inside = rows_of(x, place, stride, CHANNELS, WIDTH)
    return tl.load(source, mask=here & inside, other=0.0).to(tl.float32)


@triton.jit
def keep_gates(
    x,  # (batch, heads, places, channels), strides x_*
    after,  # (batch, heads, places_after, channels), strides after_*; None: nobody asks
    bilinear,  # Mᵀ of the launch's stages: (stages, heads, channels, channels), strides w_*
    holds,  # uint8 (batch, places), or None: all of them hold something
    holds_after,  # uint8 (batch, places_after), or None: nobody asks
    gates,  # fp32 (tiles, stages, TILE)
    x_batch,
    x_head,
    x_place,
    after_batch,
    after_head,
    after_place,
    w_stage,
    w_head,
    holds_batch,
    holds_after_batch,
    places,
    places_after,
    programs,
    heads,
    step,
    DISTANCES: tl.constexpr,
    CHANNELS: tl.constexpr,
    WIDTH: tl.constexpr,
    TILE: tl.constexpr,
    MASKED: tl.constexpr,
    CAUSAL: tl.constexpr,
    PREFIX: tl.constexpr,
    RELAY: tl.constexpr,
    PRECISION: tl.constexpr,
):
    """Run the stages of a launch, and keep their gates beside the state after the last."""
    program, head, batch = where_am_i(programs, heads)
    place = places_of(program, step, TILE)
    if holds is not None:
        holds += batch * holds_batch
    here = is_held(holds, place, places)
    tile = load_tile(x + batch * x_batch + head * x_head, place, x_place, here, CHANNELS, WIDTH)
    held = here.to(tl.int32)
    kept = tl.program_id(0).to(tl.int64) * (len(DISTANCES) * TILE)
    for k in tl.static_range(len(DISTANCES)):
        weight = load_weight(bilinear + k * w_stage + head * w_head, CHANNELS, WIDTH)
        lower, upper = gates_of(tile, weight, DISTANCES[k], CAUSAL, PREFIX, PRECISION)
        if MASKED:
            lower, upper, held = settle_gates(
                lower, upper, held, DISTANCES[k], CAUSAL, PREFIX, RELAY
            )
        store_pairs(gates + kept + k * TILE, lower, upper, CAUSAL)
        tile = again(tile, lower, upper, DISTANCES[k], CAUSAL, PREFIX, MASKED)
    present = place < places_after
    if holds_after is not None:  # all heads find the same
        target = holds_after + batch * holds_after_batch + place
        tl.store(target, held.to(tl.uint8), mask=present & (head == 0))
    if after is not None:
        after += batch * after_batch + head * after_head
        target, inside = rows_of(after, place, after_place, CHANNELS, WIDTH)
        tl.store(target, tile.to(after.dtype.element_ty), mask=present & inside)


@triton.jit
def walk_back(
    x,  # (batch, heads, places, channels), strides x_*
    to_after,  # the gradient after the launch: (batch, heads, places_after, channels)
    to_x,  # the gradient before it, of the shape of x
    bilinear,  # Mᵀ of the launch's stages: (stages, heads, channels, channels), strides w_*
    holds,  # uint8 (batch, places), or None: all of them hold something
    real,  # uint8 (batch, places_after), or None: where it is 0 the gradient counts for nothing
    gates,  # fp32 (tiles, stages, TILE)
    slopes,  # fp32 (tiles, stages, TILE)
    x_batch,
    x_head,
    x_place,
    to_after_batch,
    to_after_head,
    to_after_place,
    to_x_batch,
    to_x_head,
    to_x_place,
    w_stage,
    w_head,
    holds_batch,
    real_batch,
    places,
    places_after,
    programs,
    heads,
    step,
    DISTANCES: tl.constexpr,
    CHANNELS: tl.constexpr,
    WIDTH: tl.constexpr,
    TILE: tl.constexpr,
    MASKED: tl.constexpr,
    CAUSAL: tl.constexpr,
    PREFIX: tl.constexpr,
    PRECISION: tl.constexpr,
):
    """Take a gradient through a launch, last stage first, and keep the slopes of all scores."""
    program, head, batch = where_am_i(programs, heads)
    place = places_of(program, step, TILE)
    if holds is not None:
        holds += batch * holds_batch
    if real is not None:
        real += batch * real_batch
    here = is_held(holds, place, places)
    x += batch * x_batch + head * x_head
    to_after += batch * to_after_batch + head * to_after_head
    counts = is_held(real, place, places_after)
    to_tile = load_tile(to_after, place, to_after_place, counts, CHANNELS, WIDTH)
    kept = tl.program_id(0).to(tl.int64) * (len(DISTANCES) * TILE)
    count: tl.constexpr = len(DISTANCES)
    for done in tl.static_range(count):
        tile = load_tile(x, place, x_place, here, CHANNELS, WIDTH)
        for k in tl.static_range(count - 1 - done):
            lower, upper = load_pairs(gates + kept + k * TILE, TILE // 2, CAUSAL)
            tile = again(tile, lower, upper, DISTANCES[k], CAUSAL, PREFIX, MASKED)
        at = kept + (count - 1 - done) * TILE
        lower, upper = load_pairs(gates + at, TILE // 2, CAUSAL)
        to_tile = back(
            tile,
            to_tile,
            lower,
            upper,
            bilinear + (count - 1 - done) * w_stage + head * w_head,
            slopes + at,
            DISTANCES[count - 1 - done],
            CAUSAL,
            PREFIX,
            MASKED,
            CHANNELS,
            PRECISION,
        )
    to_x += batch * to_x_batch + head * to_x_head
    target, inside = rows_of(to_x, place, to_x_place, CHANNELS, WIDTH)
    to_tile = tl.where(here, to_tile, 0.0)
    tl.store(target, to_tile.to(to_x.dtype.element_ty), mask=(place < places) & inside)


@triton.jit
def weigh_stages(
    x,  # (batch, heads, places, channels), strides x_*
    holds,  # uint8 (batch, places), or None: all of them hold something
    gates,  # fp32 (tiles, stages, TILE)
    slopes,  # fp32 (tiles, stages, TILE)
    shares,  # fp32 (split, stages, heads, channels, channels)
    x_batch,
    x_head,
    x_place,
    holds_batch,
    places,
    of_head,  # how many tiles a head has in all rows of the batch
    split,  # how many share them
    programs,
    heads,
    step,
    DISTANCES: tl.constexpr,
    CHANNELS: tl.constexpr,
    WIDTH: tl.constexpr,
    TILE: tl.constexpr,
    MASKED: tl.constexpr,
    CAUSAL: tl.constexpr,
    PREFIX: tl.constexpr,
    PRECISION: tl.constexpr,
):
    """Sum a share of the tiles' parts of the gradient of one stage's and head's Mᵀ, in order."""
    count: tl.constexpr = len(DISTANCES)
    number = tl.program_id(0)
    share, asked, head = number % split, number // split % count, number // split // count
    size = tl.cdiv(of_head, split)
    x += head.to(tl.int64) * x_head
    for stage in tl.static_range(count):  # one of them is this program's
        if asked == stage:
            total = tl.zeros([WIDTH, WIDTH], tl.float32)
            for one in range(share * size, tl.minimum((share + 1) * size, of_head)):
                program, batch = one % programs, (one // programs).to(tl.int64)
                place = places_of(program, step, TILE)
                held = holds
                if holds is not None:
                    held += batch * holds_batch
                here = is_held(held, place, places)
                tile = load_tile(x + batch * x_batch, place, x_place, here, CHANNELS, WIDTH)
                kept = ((batch * heads + head) * programs + program) * (count * TILE)
                for k in tl.static_range(stage):
                    lower, upper = load_pairs(gates + kept + k * TILE, TILE // 2, CAUSAL)
                    tile = again(tile, lower, upper, DISTANCES[k], CAUSAL, PREFIX, MASKED)
                at = kept + stage * TILE
                total += weigh(
                    tile,
                    gates + at,
                    slopes + at,
                    DISTANCES[stage],
                    CAUSAL,
                    PREFIX,
                    MASKED,
                    x.dtype.element_ty,
                    PRECISION,
                )
            row, column = tl.arange(0, WIDTH)[:, None], tl.arange(0, WIDTH)[None, :]
            at = ((share.to(tl.int64) * count + stage) * heads + head) * CHANNELS * CHANNELS
            inside = (row < CHANNELS) & (column < CHANNELS)
            tl.store(shares + at + row * CHANNELS + column, total, mask=inside)
