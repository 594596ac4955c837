# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator, assignment"
"""The kernels of spectral mixing: all in one launch, or in three where a row does not fit on chip.

Three launches take the four steps of chapter 4: token j = SECOND · a + b stands at (a, b) of a
grid, frequency k = c + FIRST · d at (c, d). `columns_in` transforms a to c, `rows` transforms b to
d, filters, and comes back, and `columns_out` transforms c to a. Between them lies a workspace of
complex numbers (row, c, b, channel), in two planes.
"""

import triton
import triton.language as tl

from .spectral_stages import filtered, read_plane, read_signal, write_plane, write_signal
from .transform_stages import (
    backward,
    bins,
    forward,
    places,
    root_of_two,
    times,
    times_conjugate,
)


@triton.jit
def mix(
    x,
    y,
    spectrum,
    table,
    tables,
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
    KEPT: tl.constexpr,
    STAGES: tl.constexpr,
    PAIRED: tl.constexpr,
    PERIODIC: tl.constexpr,
    CONJUGATE: tl.constexpr,
    FINE: tl.constexpr,
    COARSE: tl.constexpr,
):
    """Filter C channels of one row: one load, two transforms, one store."""
    row = (tl.program_id(0) // blocks).to(tl.int64)
    first = tl.program_id(0) % blocks * C
    shape, strides = (batch, tokens, channels), (x_batch, x_token, x_channel)
    z = ()
    for entry in tl.static_range(8):
        token, lane = places(entry, N, C, KEPT)
        z += (
            read_signal(
                *(x, row, token, first + lane, shape, strides),
                *(tables, PAIRED, PERIODIC, FINE, COARSE),
            ),
        )
    z = forward(z, table, N, C, KEPT, STAGES, False)
    strides, of_filter = (y_batch, y_token, y_channel), (spectrum_bin, spectrum_channel)
    passed = ()
    for entry in tl.static_range(8):
        frequency, lane = bins(entry, N, C, KEPT, STAGES)
        passed += (
            filtered(
                *(z[entry], spectrum, frequency, N, first + lane, channels),
                *(of_filter, PAIRED, CONJUGATE),
            ),
        )
    z = backward(passed, table, N, C, KEPT, STAGES)
    for entry in tl.static_range(8):
        token, lane = places(entry, N, C, KEPT)
        found = z[entry][0] * (1 / N), z[entry][1] * (1 / N)
        write_signal(
            *(y, found, row, token - start, first + lane, shape, strides),
            *(tables, PAIRED, FINE, COARSE),
        )


@triton.jit
def columns_in(
    x,
    work,
    table,
    tables,
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
    KEPT: tl.constexpr,
    STAGES: tl.constexpr,
    PAIRED: tl.constexpr,
    PERIODIC: tl.constexpr,
    FINE: tl.constexpr,
    COARSE: tl.constexpr,
):
    """Transform column b of the grid, and turn what stands at (c, b) by exp(-2πi bc/N)."""
    first = (tl.program_id(0) % blocks * C).to(tl.int64)
    column = tl.program_id(0) // blocks % SECOND
    row = (tl.program_id(0) // blocks // SECOND).to(tl.int64)
    shape, strides = (batch, tokens, channels), (x_batch, x_token, x_channel)
    z = ()
    for entry in tl.static_range(8):
        place, lane = places(entry, FIRST, C, KEPT)
        token = place.to(tl.int64) * SECOND + column
        z += (
            read_signal(
                *(x, row, token, first + lane, shape, strides),
                *(tables, PAIRED, PERIODIC, FINE, COARSE),
            ),
        )
    z = forward(z, table, FIRST, C, KEPT, STAGES, False)
    for entry in tl.static_range(8):
        digit, lane = bins(entry, FIRST, C, KEPT, STAGES)
        found = times(z[entry], root_of_two(tables, 4 * digit * column, FINE, COARSE))
        at = ((row * FIRST + digit) * SECOND + column) * channels + first + lane
        write_plane(work, at, found, first + lane < channels, plane)


@triton.jit
def rows(
    work,
    spectrum,
    table,
    channels,
    blocks,
    plane,
    spectrum_bin,
    spectrum_channel,
    FIRST: tl.constexpr,
    SECOND: tl.constexpr,
    C: tl.constexpr,
    KEPT: tl.constexpr,
    STAGES: tl.constexpr,
    HALF: tl.constexpr,
    CONJUGATE: tl.constexpr,
):
    """Transform row c of the grid, filter it, and transform it back, in place."""
    first = tl.program_id(0) % blocks * C
    line = (tl.program_id(0) // blocks).to(tl.int64)
    own = work + line * SECOND * channels
    bin_of_line = (line % FIRST).to(tl.int32)
    strides = spectrum_bin, spectrum_channel
    z = ()
    for entry in tl.static_range(8):
        place, lane = places(entry, SECOND, C, KEPT)
        at = place * channels + first + lane
        z += (read_plane(own, at, first + lane < channels, plane),)
    z = forward(z, table, SECOND, C, KEPT, STAGES, False)
    passed = ()
    for entry in tl.static_range(8):
        digit, lane = bins(entry, SECOND, C, KEPT, STAGES)
        frequency = bin_of_line + FIRST * digit
        passed += (
            filtered(
                *(z[entry], spectrum, frequency, FIRST * SECOND, first + lane, channels),
                *(strides, HALF, CONJUGATE),
            ),
        )
    z = backward(passed, table, SECOND, C, KEPT, STAGES)
    for entry in tl.static_range(8):
        place, lane = places(entry, SECOND, C, KEPT, True)
        at = place * channels + first + lane
        write_plane(own, at, z[entry], first + lane < channels, plane)


@triton.jit
def columns_out(
    work,
    y,
    table,
    tables,
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
    KEPT: tl.constexpr,
    STAGES: tl.constexpr,
    PAIRED: tl.constexpr,
    FINE: tl.constexpr,
    COARSE: tl.constexpr,
):
    """Undo `columns_in`, and write real numbers."""
    first = (tl.program_id(0) % blocks * C).to(tl.int64)
    column = tl.program_id(0) // blocks % SECOND
    row = (tl.program_id(0) // blocks // SECOND).to(tl.int64)
    shape, strides = (batch, tokens, channels), (y_batch, y_token, y_channel)
    z = ()
    for entry in tl.static_range(8):
        digit, lane = bins(entry, FIRST, C, KEPT, STAGES)
        at = ((row * FIRST + digit) * SECOND + column) * channels + first + lane
        found = read_plane(work, at, first + lane < channels, plane)
        turn = root_of_two(tables, 4 * digit * column, FINE, COARSE)
        z += (times_conjugate(found, turn),)
    z = backward(z, table, FIRST, C, KEPT, STAGES)
    for entry in tl.static_range(8):
        place, lane = places(entry, FIRST, C, KEPT)
        token = place.to(tl.int64) * SECOND + column - start
        scale = 1 / (FIRST * SECOND)
        found = z[entry][0] * scale, z[entry][1] * scale
        write_signal(
            *(y, found, row, token, first + lane, shape, strides),
            *(tables, PAIRED, FINE, COARSE),
        )
