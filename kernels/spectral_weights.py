"""The kernels of a filter's gradient: Γ[k] conj(X[k]) of every row, for the spectra X of the input and
Γ of the output's gradient. PyTorch sums over rows: no atomics, and the same numbers each time.

Two spectra do not fit on chip: a program writes X where its product will stand, and reads it there.
"""

import triton
import triton.language as tl

from .spectral_stages import read_plane, read_signal, write_plane
from .transform_stages import bins, forward, places, times_conjugate


@triton.jit
def weigh(
    x,
    gradient,
    products,  # (rows, N, channels) in two planes
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
    gradient_batch,
    gradient_token,
    gradient_channel,
    N: tl.constexpr,
    C: tl.constexpr,
    KEPT: tl.constexpr,
    STAGES: tl.constexpr,
    PAIRED: tl.constexpr,
    PERIODIC: tl.constexpr,
    FINE: tl.constexpr,
    COARSE: tl.constexpr,
):
    """Multiply two spectra of C channels of one row."""
    first = tl.program_id(0) % blocks * C
    row = (tl.program_id(0) // blocks).to(tl.int64)
    shape, strides = (batch, tokens, channels), (x_batch, x_token, x_channel)
    own = products + row * N * channels
    z = ()
    for entry in tl.static_range(8):
        token, lane = places(entry, N, C, KEPT)
        z += (
            read_signal(
                *(x, row, token, first + lane, shape, strides),
                *(tables, PAIRED, False, FINE, COARSE),
            ),
        )
    z = forward(z, table, N, C, KEPT, STAGES, False)
    keep(own, z, first, channels, plane, N, C, KEPT, STAGES)
    strides = gradient_batch, gradient_token, gradient_channel
    z = ()
    for entry in tl.static_range(8):
        token, lane = places(entry, N, C, KEPT)
        z += (
            read_signal(
                *(gradient, row, token, first + lane, shape, strides),
                *(tables, PAIRED, PERIODIC, FINE, COARSE),
            ),
        )
    z = forward(z, table, N, C, KEPT, STAGES, False)
    multiply(own, z, first, channels, plane, N, C, KEPT, STAGES)


@triton.jit
def weigh_rows(
    work,  # of x, as `columns_in` leaves it; the products take its place, (row, c, d, channel)
    work_of_gradient,
    table,
    channels,
    blocks,
    plane,
    SECOND: tl.constexpr,
    C: tl.constexpr,
    KEPT: tl.constexpr,
    STAGES: tl.constexpr,
):
    """Multiply two spectra of C channels of one row of the grid."""
    first = tl.program_id(0) % blocks * C
    start = (tl.program_id(0) // blocks).to(tl.int64) * SECOND * channels
    own = work + start
    z = read_line(own, first, channels, plane, SECOND, C, KEPT)
    z = forward(z, table, SECOND, C, KEPT, STAGES, False)
    keep(own, z, first, channels, plane, SECOND, C, KEPT, STAGES)
    z = read_line(work_of_gradient + start, first, channels, plane, SECOND, C, KEPT)
    z = forward(z, table, SECOND, C, KEPT, STAGES, False)
    multiply(own, z, first, channels, plane, SECOND, C, KEPT, STAGES)


@triton.jit
def read_line(
    own, first, channels, plane, N: tl.constexpr, C: tl.constexpr, KEPT: tl.constexpr
):
    """Return a row of the grid."""
    z = ()
    for entry in tl.static_range(8):
        place, lane = places(entry, N, C, KEPT)
        at = place * channels + first + lane
        z += (read_plane(own, at, first + lane < channels, plane),)
    return z


@triton.jit
def keep(
    own,
    z,
    first,
    channels,
    plane,
    N: tl.constexpr,
    C: tl.constexpr,
    KEPT: tl.constexpr,
    STAGES: tl.constexpr,
):
    """Write a spectrum into memory of the program's own."""
    tl.debug_barrier()  # all have read before one writes
    for entry in tl.static_range(8):
        frequency, lane = bins(entry, N, C, KEPT, STAGES)
        at = frequency * channels + first + lane
        write_plane(own, at, z[entry], first + lane < channels, plane)
    tl.debug_barrier()  # who reads an entry need not be who wrote it


@triton.jit
def multiply(
    own,
    z,
    first,
    channels,
    plane,
    N: tl.constexpr,
    C: tl.constexpr,
    KEPT: tl.constexpr,
    STAGES: tl.constexpr,
):
    """Put in the place of a spectrum that was kept another times its conjugate."""
    for entry in tl.static_range(8):
        frequency, lane = bins(entry, N, C, KEPT, STAGES)
        at, inside = frequency * channels + first + lane, first + lane < channels
        product = times_conjugate(z[entry], read_plane(own, at, inside, plane))
        write_plane(own, at, product, inside, plane)
