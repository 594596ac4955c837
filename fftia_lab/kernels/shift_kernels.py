# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator"
"""The three kernels of a `shift_plan.Window`: stages, their way back, and their weights.

None writes what it reads, and no two programs write one place.
"""

import triton
import triton.language as tl

from .forward_kernel import where_am_i
from .gradient_kernels import load_tile, rows_of
from .shift_stages import back, differences, multiplied, places_of
from .stages import load_weight, product


@triton.jit
def run_window(
    x,  # (batch, heads, places, channels), strides x_*
    y,  # the same shape, strides y_*; None: nobody asks
    bilinear,  # Mᵀ of the window's stages: (stages, heads, channels, channels), strides w_*
    gates,  # fp32 (stages, batch, heads, places), or None: nobody asks
    x_batch,
    x_head,
    x_place,
    y_batch,
    y_head,
    y_place,
    w_stage,
    w_head,
    rows,  # batch · heads
    places,
    programs,
    heads,
    step,
    before,
    kept,
    circle,
    STAGES: tl.constexpr,
    CHANNELS: tl.constexpr,
    WIDTH: tl.constexpr,
    TILE: tl.constexpr,
    CAUSAL: tl.constexpr,
    PRECISION: tl.constexpr,
):
    """Run all stages of a window, and keep their gates."""
    program, head, batch = where_am_i(programs, heads)
    number, place, here, mine = places_of(program, places, step, before, kept, TILE, CAUSAL)
    tile = load_tile(x + batch * x_batch + head * x_head, place, x_place, here, CHANNELS, WIDTH)
    own = batch * heads + head
    for k in tl.static_range(STAGES):
        weight = load_weight(bilinear + k * w_stage + head * w_head, CHANNELS, WIDTH)
        delta = differences(tile, number, step << k, circle, 1 << k, CAUSAL)
        v = multiplied(delta, weight, PRECISION)
        gate = tl.sigmoid(tl.sum(tile * v, axis=1, keep_dims=True))
        tile += gate * delta
        if gates is not None:
            if CAUSAL:
                gate = tl.where(number >= (step << k), gate, 0.0)
            tl.store(gates + (k * rows + own) * places + place, gate, mask=mine)
    if y is not None:
        y += batch * y_batch + head * y_head
        target, inside = rows_of(y, place, y_place, CHANNELS, WIDTH)
        tl.store(target, tile.to(y.dtype.element_ty), mask=mine & inside)


@triton.jit
def walk_window_back(
    x,  # (batch, heads, places, channels), strides x_*
    to_after,  # the gradient after the window, of the shape of x
    to_x,  # the gradient before it, of the shape of x
    bilinear,  # Mᵀ of the window's stages: (stages, heads, channels, channels), strides w_*
    gates,  # fp32 (stages, batch, heads, places)
    slopes,  # fp32 (stages, batch, heads, places)
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
    rows,  # batch · heads
    places,
    programs,
    heads,
    step,
    before,
    kept,
    circle,
    STAGES: tl.constexpr,
    CHANNELS: tl.constexpr,
    WIDTH: tl.constexpr,
    TILE: tl.constexpr,
    CAUSAL: tl.constexpr,
    PRECISION: tl.constexpr,
):
    """Take a gradient through a window, last stage first, and keep the slopes of all scores."""
    program, head, batch = where_am_i(programs, heads)
    number, place, here, mine = places_of(program, places, step, before, kept, TILE, CAUSAL)
    x += batch * x_batch + head * x_head
    to_after += batch * to_after_batch + head * to_after_head
    own = batch * heads + head
    to_tile = load_tile(to_after, place, to_after_place, here, CHANNELS, WIDTH)
    for done in tl.static_range(STAGES):
        tile = load_tile(x, place, x_place, here, CHANNELS, WIDTH)
        for k in tl.static_range(STAGES - 1 - done):
            gate = tl.load(gates + (k * rows + own) * places + place, mask=here, other=0.0)
            tile += gate * differences(tile, number, step << k, circle, 1 << k, CAUSAL)
        at = ((STAGES - 1 - done) * rows + own) * places
        gate = tl.load(gates + at + place, mask=here, other=0.0)
        to_tile, slope = back(
            tile,
            to_tile,
            gate,
            number,
            step << (STAGES - 1 - done),
            circle,
            bilinear + (STAGES - 1 - done) * w_stage + head * w_head,
            1 << (STAGES - 1 - done),
            CAUSAL,
            CHANNELS,
            PRECISION,
        )
        tl.store(slopes + at + place, slope, mask=mine)
    to_x += batch * to_x_batch + head * to_x_head
    target, inside = rows_of(to_x, place, to_x_place, CHANNELS, WIDTH)
    tl.store(target, to_tile.to(to_x.dtype.element_ty), mask=mine & inside)


@triton.jit
def weigh_window(
    x,  # (batch, heads, places, channels), strides x_*
    gates,  # fp32 (stages, batch, heads, places)
    slopes,  # fp32 (stages, batch, heads, places)
    shares,  # fp32 (split, stages, heads, channels, channels)
    x_batch,
    x_head,
    x_place,
    rows,  # batch · heads
    places,
    of_head,  # how many tiles a head has in all rows of the batch
    split,  # how many share them
    programs,
    heads,
    step,
    before,
    kept,
    circle,
    STAGES: tl.constexpr,
    CHANNELS: tl.constexpr,
    WIDTH: tl.constexpr,
    TILE: tl.constexpr,
    CAUSAL: tl.constexpr,
    PRECISION: tl.constexpr,
):
    """Sum a share of the tiles' parts of the gradient of one stage's and head's Mᵀ, in order."""
    asked = tl.program_id(0)
    share, wanted, head = asked % split, asked // split % STAGES, asked // split // STAGES
    size = tl.cdiv(of_head, split)
    x += head.to(tl.int64) * x_head
    for stage in tl.static_range(STAGES):  # one of them is this program's
        if wanted == stage:
            total = tl.zeros([WIDTH, WIDTH], tl.float32)
            for one in range(share * size, tl.minimum((share + 1) * size, of_head)):
                program, batch = one % programs, (one // programs).to(tl.int64)
                number, place, here, mine = places_of(
                    program, places, step, before, kept, TILE, CAUSAL
                )
                own = batch * heads + head
                tile = load_tile(x + batch * x_batch, place, x_place, here, CHANNELS, WIDTH)
                for k in tl.static_range(stage):
                    gate = tl.load(gates + (k * rows + own) * places + place, mask=here, other=0.0)
                    tile += gate * differences(tile, number, step << k, circle, 1 << k, CAUSAL)
                delta = differences(tile, number, step << stage, circle, 1 << stage, CAUSAL)
                # another program sums the rows that are not this one's: their slopes count as 0
                at = (stage * rows + own) * places
                slope = tl.load(slopes + at + place, mask=mine, other=0.0)
                to_v = (slope * tile).to(x.dtype.element_ty)
                total += product(tl.trans(delta), to_v, PRECISION)
            row, column = tl.arange(0, WIDTH)[:, None], tl.arange(0, WIDTH)[None, :]
            at = ((share.to(tl.int64) * STAGES + stage) * heads + head) * CHANNELS * CHANNELS
            inside = (row < CHANNELS) & (column < CHANNELS)
            tl.store(shares + at + row * CHANNELS + column, total, mask=inside)
