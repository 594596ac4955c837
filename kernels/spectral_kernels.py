"""The kernels of spectral mixing: all in one launch, or in three where a row does not fit on chip.

Three launches take the four steps of chapter 4: token j = SECOND · a + b stands at (a, b) of a grid,
frequency k = c + FIRST · d at (c, d). `columns_in` transforms a to c, `rows` transforms b to d,
filters, and comes back, and `columns_out` transforms c to a. Between them lies a workspace of
complex numbers (row, c, b, channel), in two planes.
"""

import triton
import triton.language as tl

from .spectral_stages import filtered, read_plane, read_signal, write_plane, write_signal
from .transform_stages import backward, bins, forward, places, root, times


@triton.jit
def mix(
    x,
    y,
    spectrum,
    tables,
    roots,
    batch,
    tokens,
    channels,
    blocks,
    start,  # where in the periodic signal the result stands
    x_batch,
    x_token,
    x_channel,
    y_batch,
    y_token,
    y_channel,
    spectrum_bin,
    spectrum_channel,
    N: tl.constexpr,
    C: tl.constexpr,
    RADIX: tl.constexpr,
    STAGES: tl.constexpr,
    PAIRED: tl.constexpr,
    PERIODIC: tl.constexpr,
    CONJUGATE: tl.constexpr,
    FINE: tl.constexpr,
    COARSE: tl.constexpr,
    PRECISION: tl.constexpr,
):
    """Filter C channels of one row: one load, two transforms, one store."""
    row = (tl.program_id(0) // blocks).to(tl.int64)
    first = tl.program_id(0) % blocks * C
    shape = batch, tokens, channels
    place, lane = places(N, C, RADIX)
    strides = x_batch, x_token, x_channel
    re, im = read_signal(
        x, row, place, first + lane, shape, strides, roots, PAIRED, PERIODIC, FINE, COARSE
    )
    re, im = forward(re, im, tables, N, C, RADIX, STAGES, False, PRECISION)
    frequency, lane_of_bin = bins(N, C, RADIX, STAGES)
    channel = first + lane_of_bin
    strides = spectrum_bin, spectrum_channel
    re, im = filtered(
        re, im, spectrum, frequency, N, channel, channels, strides, PAIRED, CONJUGATE
    )
    re, im = backward(re, im, tables, N, C, RADIX, STAGES, PRECISION)
    re, im = re * (1 / N), im * (1 / N)
    strides = y_batch, y_token, y_channel
    write_signal(
        y, re, im, row, place - start, first + lane, shape, strides, roots, PAIRED, FINE, COARSE
    )


@triton.jit
def columns_in(
    x,
    work,
    tables,
    roots,
    batch,
    tokens,
    channels,
    blocks,
    plane,
    x_batch,
    x_token,
    x_channel,
    FIRST: tl.constexpr,
    SECOND: tl.constexpr,
    C: tl.constexpr,
    RADIX: tl.constexpr,
    STAGES: tl.constexpr,
    PAIRED: tl.constexpr,
    PERIODIC: tl.constexpr,
    FINE: tl.constexpr,
    COARSE: tl.constexpr,
    PRECISION: tl.constexpr,
):
    """Transform column b of the grid, and turn what stands at (c, b) by exp(-2πi bc/N)."""
    first = (tl.program_id(0) % blocks * C).to(tl.int64)
    column = tl.program_id(0) // blocks % SECOND
    row = (tl.program_id(0) // blocks // SECOND).to(tl.int64)
    shape, strides = (batch, tokens, channels), (x_batch, x_token, x_channel)
    place, lane = places(FIRST, C, RADIX)
    token = place.to(tl.int64) * SECOND + column
    re, im = read_signal(
        x, row, token, first + lane, shape, strides, roots, PAIRED, PERIODIC, FINE, COARSE
    )
    re, im = forward(re, im, tables, FIRST, C, RADIX, STAGES, False, PRECISION)
    digit, lane = bins(FIRST, C, RADIX, STAGES)
    cosine, sine = root(roots, 4 * digit * column, FINE, COARSE)
    re, im = times(re, im, cosine, sine)
    at = ((row * FIRST + digit) * SECOND + column) * channels + first + lane
    write_plane(work, at, re, im, first + lane < channels, plane)


@triton.jit
def rows(
    work,
    spectrum,
    tables,
    channels,
    blocks,
    plane,
    spectrum_bin,
    spectrum_channel,
    FIRST: tl.constexpr,
    SECOND: tl.constexpr,
    C: tl.constexpr,
    RADIX: tl.constexpr,
    STAGES: tl.constexpr,
    HALF: tl.constexpr,
    CONJUGATE: tl.constexpr,
    PRECISION: tl.constexpr,
):
    """Transform row c of the grid, filter it, and transform it back, in place."""
    first = (tl.program_id(0) % blocks * C).to(tl.int64)
    line = (tl.program_id(0) // blocks).to(tl.int64)
    place, lane = places(SECOND, C, RADIX)
    at = (line * SECOND + place) * channels + first + lane
    re, im = read_plane(work, at, first + lane < channels, plane)
    re, im = forward(re, im, tables, SECOND, C, RADIX, STAGES, False, PRECISION)
    digit, lane_of_bin = bins(SECOND, C, RADIX, STAGES)
    frequency = line % FIRST + FIRST * digit
    channel, strides = first + lane_of_bin, (spectrum_bin, spectrum_channel)
    re, im = filtered(
        *(re, im, spectrum, frequency, FIRST * SECOND, channel, channels, strides),
        *(HALF, CONJUGATE),
    )
    re, im = backward(re, im, tables, SECOND, C, RADIX, STAGES, PRECISION)
    tl.debug_barrier()  # all have read before one writes
    write_plane(work, at, re, im, first + lane < channels, plane)


@triton.jit
def columns_out(
    work,
    y,
    tables,
    roots,
    batch,
    tokens,
    channels,
    blocks,
    plane,
    start,
    y_batch,
    y_token,
    y_channel,
    FIRST: tl.constexpr,
    SECOND: tl.constexpr,
    C: tl.constexpr,
    RADIX: tl.constexpr,
    STAGES: tl.constexpr,
    PAIRED: tl.constexpr,
    FINE: tl.constexpr,
    COARSE: tl.constexpr,
    PRECISION: tl.constexpr,
):
    """Undo `columns_in`, and write real numbers."""
    first = (tl.program_id(0) % blocks * C).to(tl.int64)
    column = tl.program_id(0) // blocks % SECOND
    row = (tl.program_id(0) // blocks // SECOND).to(tl.int64)
    digit, lane = bins(FIRST, C, RADIX, STAGES)
    at = ((row * FIRST + digit) * SECOND + column) * channels + first + lane
    re, im = read_plane(work, at, first + lane < channels, plane)
    cosine, sine = root(roots, 4 * digit * column, FINE, COARSE)
    re, im = times(re, im, cosine, -sine)
    re, im = backward(re, im, tables, FIRST, C, RADIX, STAGES, PRECISION)
    scale = 1 / (FIRST * SECOND)
    place, lane = places(FIRST, C, RADIX)
    token = place.to(tl.int64) * SECOND + column - start
    shape, strides = (batch, tokens, channels), (y_batch, y_token, y_channel)
    write_signal(
        *(y, re * scale, im * scale, row, token, first + lane, shape, strides),
        *(roots, PAIRED, FINE, COARSE),
    )
