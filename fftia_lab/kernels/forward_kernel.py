# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator"
"""The kernel that runs all stages of a `plan.Launch` between one load and one store."""

import triton
import triton.language as tl

from .stages import load_weight, stage


@triton.jit
def where_am_i(programs, heads):
    """Return which program of a head this is, which head, and which row of the batch."""
    number = tl.program_id(0)
    program = number % programs
    head = (number // programs) % heads
    return program, head.to(tl.int64), (number // programs // heads).to(tl.int64)


@triton.jit
def places_of(program, step, TILE: tl.constexpr):
    """Return the places that a program holds, a column."""
    first = program // step * TILE * step + program % step
    return first + tl.arange(0, TILE)[:, None] * step


@triton.jit
def run_stages(
    x,  # (batch, heads, places, channels), strides x_*
    y,  # (batch, heads, places_after, channels), strides y_*
    bilinear,  # Mᵀ of the launch's stages: (stages, heads, channels, channels), strides w_*
    holds,  # uint8 (batch, places), or None: all of them hold something
    holds_after,  # uint8 (batch, places_after), or None: nobody asks
    real,  # uint8 (batch, places_after), or None: 0 is stored where it is 0
    x_batch,
    x_head,
    x_place,
    y_batch,
    y_head,
    y_place,
    w_stage,
    w_head,
    holds_batch,
    after_batch,
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
    RELAY: tl.constexpr,
    PRECISION: tl.constexpr,
):
    program, head, batch = where_am_i(programs, heads)
    place = places_of(program, step, TILE)
    channel = tl.arange(0, WIDTH)[None, :]
    here = place < places
    if holds is not None:
        here = here & (tl.load(holds + batch * holds_batch + place, mask=here, other=0) != 0)
    source = x + batch * x_batch + head * x_head + place.to(tl.int64) * x_place + channel
    tile = tl.load(source, mask=here & (channel < CHANNELS), other=0.0).to(tl.float32)
    held = here.to(tl.int32)
    for k in tl.static_range(len(DISTANCES)):
        weight = load_weight(bilinear + k * w_stage + head * w_head, CHANNELS, WIDTH)
        tile, held = stage(
            tile, held, weight, DISTANCES[k], CAUSAL, PREFIX, MASKED, RELAY, PRECISION
        )
    kept = place < places_after
    if holds_after is not None:  # all heads find the same
        target = holds_after + batch * after_batch + place
        tl.store(target, held.to(tl.uint8), mask=kept & (head == 0))
    if real is not None:
        is_real = tl.load(real + batch * real_batch + place, mask=kept, other=0) != 0
        tile = tl.where(is_real, tile, 0.0)
    target = y + batch * y_batch + head * y_head + place.to(tl.int64) * y_place + channel
    tl.store(target, tile.to(y.dtype.element_ty), mask=kept & (channel < CHANNELS))
