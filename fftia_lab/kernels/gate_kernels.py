# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator"
"""The gate of one stage in one kernel, and its gradient: scores, sigmoid, and what is heard.

A program holds some places of one head. Each reads its own row and that of whom it hears, so that
any wiring will do. README.md derives the gradient.
"""

import triton
import triton.language as tl

from .forward_kernel import where_am_i
from .gradient_kernels import is_held, load_tile, rows_of
from .machine import INTERPRETED


@triton.jit
def heard_by(place, stride, places, WIRING: tl.constexpr, CAUSAL: tl.constexpr):
    """Return whom places hear where all of them hold something; themselves where nobody."""
    if WIRING == "prefix":
        heard = tl.where((place & stride) != 0, place // stride * stride - 1, place)
    elif WIRING == "shift":
        if CAUSAL:
            heard = tl.where(place >= stride, place - stride, place)
        else:
            heard = (place + stride) % places
    else:
        heard = place ^ stride
        if CAUSAL:
            heard = tl.minimum(heard, place)
        heard = tl.where(heard < places, heard, place)
    return heard


@triton.jit
def hearer_of(place, stride, places, WIRING: tl.constexpr, CAUSAL: tl.constexpr):
    """Return by whom places are heard, of pairs and shifts; themselves where by nobody."""
    if WIRING == "shift":
        if CAUSAL:
            hearer = place + stride
        else:
            hearer = (place + places - stride) % places
    else:
        hearer = place ^ stride
        if CAUSAL:
            hearer = tl.maximum(hearer, place)
    return tl.where(hearer < places, hearer, place)


@triton.jit
def look_up(index, place, places):
    """Return what an index says of places, and themselves where there are none."""
    return tl.load(index + place, mask=place < places, other=place)


@triton.jit
def rounded(rows, TYPE: tl.constexpr):
    """Return fp32 rows in a type, rounded to nearest: the interpreter would cut bf16 off."""
    if INTERPRETED and TYPE == tl.bfloat16:
        bits = rows.to(tl.uint32, bitcast=True)
        bits += 0x7FFF + ((bits >> 16) & 1)
        rows = bits.to(tl.float32, bitcast=True)
    return rows.to(TYPE)


@triton.jit
def write_rows(y, place, stride, rows, present, CHANNELS: tl.constexpr, WIDTH: tl.constexpr):
    """Store rows of some places where they are present, in the type of y."""
    target, inside = rows_of(y, place, stride, CHANNELS, WIDTH)
    tl.store(target, rounded(rows, y.dtype.element_ty), mask=present & inside)


@triton.jit
def hear(
    x,  # (batch, heads, places, channels), strides x_*
    queries,  # of the shape of x, strides q_*
    keys,  # of the shape of x, strides k_*; None: x itself
    y,  # (batch, heads, places_after, channels), contiguous
    heard,  # int32 (rows, places_after), whom a place hears; None: the wiring's rule says it
    holds,  # uint8 (rows, places), or None: all of them hold something
    x_batch,
    x_head,
    x_place,
    q_batch,
    q_head,
    q_place,
    k_batch,
    k_head,
    k_place,
    heard_batch,
    holds_batch,
    places,
    places_after,
    programs,
    heads,
    stride,
    CHANNELS: tl.constexpr,
    WIDTH: tl.constexpr,
    ROWS: tl.constexpr,
    WIRING: tl.constexpr,
    CAUSAL: tl.constexpr,
):
    """Let every place hear one other: x + σ(q · (k_heard - k)) (x_heard - x)."""
    program, head, batch = where_am_i(programs, heads)
    place = program * ROWS + tl.arange(0, ROWS)[:, None]
    present = place < places_after
    if heard is None:
        partner = heard_by(place, stride, places, WIRING, CAUSAL)
    else:
        partner = look_up(heard + batch * heard_batch, place, places_after)
    if holds is not None:
        holds += batch * holds_batch
    hears = present & (partner != place)
    held = is_held(holds, place, places)
    met = hears & held
    x += batch * x_batch + head * x_head
    queries += batch * q_batch + head * q_head
    own = load_tile(x, place, x_place, held & present, CHANNELS, WIDTH)
    other = load_tile(x, partner, x_place, hears, CHANNELS, WIDTH)
    query = load_tile(queries, place, q_place, met, CHANNELS, WIDTH)
    delta = other - own
    change = delta
    if keys is not None:
        keys += batch * k_batch + head * k_head
        change = load_tile(keys, partner, k_place, met, CHANNELS, WIDTH)
        change -= load_tile(keys, place, k_place, met, CHANNELS, WIDTH)
    gate = tl.sigmoid(tl.sum(query * change, axis=1, keep_dims=True))
    after = tl.where(met, own + gate * delta, tl.where(hears, other, own))
    y += (batch * heads + head) * places_after * CHANNELS
    write_rows(y, place, CHANNELS, after, present, CHANNELS, WIDTH)


@triton.jit
def listen(
    x,
    queries,
    keys,
    to_y,
    place,
    partner,
    met,
    copies,
    x_place,
    q_place,
    k_place,
    to_place,
    CHANNELS: tl.constexpr,
    WIDTH: tl.constexpr,
):
    """Return of places that hear: key and query, slope, and the gradient of δ beside the score.

    All are 0 where nobody is heard. Who copies has gate 1, which nothing changes.
    """
    delta = load_tile(x, partner, x_place, met, CHANNELS, WIDTH)
    delta -= load_tile(x, place, x_place, met, CHANNELS, WIDTH)
    query = load_tile(queries, place, q_place, met, CHANNELS, WIDTH)
    to_row = load_tile(to_y, place, to_place, met | copies, CHANNELS, WIDTH)
    change = delta
    if keys is not None:
        change = load_tile(keys, partner, k_place, met, CHANNELS, WIDTH)
        change -= load_tile(keys, place, k_place, met, CHANNELS, WIDTH)
    gate = tl.sigmoid(tl.sum(query * change, axis=1, keep_dims=True))
    slope = tl.sum(to_row * delta, axis=1, keep_dims=True) * gate * (1 - gate)
    return change, query, slope, tl.where(copies, 1.0, gate) * to_row


@triton.jit
def hear_back(
    x,  # (batch, heads, places, channels), strides x_*
    queries,  # of the shape of x, strides q_*
    keys,  # of the shape of x, strides k_*; None: x itself
    to_y,  # the gradient after the stage: (batch, heads, places_after, channels), strides to_*
    to_x,  # the gradients before it, contiguous, of the shape of x
    to_queries,
    to_keys,  # None if there are no keys
    to_heard,  # fp32 (batch, heads, room, channels): of whom a place hears; None: hearers are known
    to_heard_keys,  # likewise for keys, or None
    heard,  # int32 (rows, places_after), whom a place hears; None: the wiring's rule says it
    hearer,  # int32 (rows, places), by whom it is heard; None as `heard` or for a prefix
    holds,  # uint8 (rows, places), or None: all of them hold something
    x_batch,
    x_head,
    x_place,
    q_batch,
    q_head,
    q_place,
    k_batch,
    k_head,
    k_place,
    to_batch,
    to_head,
    to_place,
    heard_batch,
    hearer_batch,
    holds_batch,
    places,
    places_after,
    room,
    programs,
    heads,
    stride,
    CHANNELS: tl.constexpr,
    WIDTH: tl.constexpr,
    ROWS: tl.constexpr,
    WIRING: tl.constexpr,
    CAUSAL: tl.constexpr,
):
    """Take a gradient through `hear`: no two programs write one place, and nothing is added to."""
    program, head, batch = where_am_i(programs, heads)
    place = program * ROWS + tl.arange(0, ROWS)[:, None]
    if heard is None:
        partner = heard_by(place, stride, places, WIRING, CAUSAL)
    else:
        partner = look_up(heard + batch * heard_batch, place, places_after)
    if holds is not None:
        holds += batch * holds_batch
    x += batch * x_batch + head * x_head
    queries += batch * q_batch + head * q_head
    if keys is not None:
        keys += batch * k_batch + head * k_head
    to_y += batch * to_batch + head * to_head
    held = is_held(holds, place, places)
    hears = (place < places_after) & (partner != place)
    change, query, slope, to_delta = listen(
        x,
        queries,
        keys,
        to_y,
        place,
        partner,
        hears & held,
        hears & (held == 0),
        x_place,
        q_place,
        k_place,
        to_place,
        CHANNELS,
        WIDTH,
    )
    to_key = slope * query
    if keys is None:
        to_delta += to_key
    mine = (batch * heads + head) * places * CHANNELS
    present = place < places
    write_rows(to_queries + mine, place, CHANNELS, slope * change, present, CHANNELS, WIDTH)
    kept = load_tile(to_y, place, to_place, held & (place < places_after), CHANNELS, WIDTH)
    to_row = kept - to_delta
    if WIRING == "prefix":
        beside = (batch * heads + head) * room * CHANNELS
        listens = place < places_after
        write_rows(to_heard + beside, place, CHANNELS, to_delta, listens, CHANNELS, WIDTH)
        if keys is not None:
            write_rows(to_heard_keys + beside, place, CHANNELS, to_key, listens, CHANNELS, WIDTH)
            write_rows(to_keys + mine, place, CHANNELS, -to_key, present, CHANNELS, WIDTH)
    else:
        if hearer is None:
            other = hearer_of(place, stride, places, WIRING, CAUSAL)
        else:
            other = look_up(hearer + batch * hearer_batch, place, places)
        is_heard = held & (other != place)
        other_held = is_held(holds, other, places)
        _, other_query, other_slope, to_other = listen(
            x,
            queries,
            keys,
            to_y,
            other,
            place,
            is_heard & other_held,
            is_heard & (other_held == 0),
            x_place,
            q_place,
            k_place,
            to_place,
            CHANNELS,
            WIDTH,
        )
        to_other_key = other_slope * other_query
        to_row += to_other
        if keys is None:
            to_row += to_other_key
        else:
            write_rows(
                to_keys + mine, place, CHANNELS, to_other_key - to_key, present, CHANNELS, WIDTH
            )
    to_row = tl.where(held, to_row, 0.0)
    write_rows(to_x + mine, place, CHANNELS, to_row, present, CHANNELS, WIDTH)
