"""The kernels of a filter's gradient: G[k] = Σ over rows of Γ[k] conj(X[k]), for the spectra X of the
input and Γ of the output's gradient.

A program sums over every `splits`-th row, in float32 and always in that order: no atomics, and the
same numbers each time. It keeps X in memory of its own while it transforms the gradient, since two
spectra would not fit on chip, and so it does with its sum.
"""

import triton
import triton.language as tl

from .spectral_stages import read_plane, read_signal, write_plane
from .transform_stages import bins, forward, places, plus, times_conjugate


@triton.jit
def weigh(
    x,
    gradient,
    spare,  # (splits, N, channels) in two planes
    total,  # of the same shape, zeros at first
    table,
    tables,
    batch,
    tokens,
    channels,
    rows,
    blocks,
    splits,
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
    """Sum over rows that fit on chip."""
    first = tl.program_id(0) % blocks * C
    split = (tl.program_id(0) // blocks).to(tl.int64)
    shape = batch, tokens, channels
    of_x = x_batch, x_token, x_channel
    of_gradient = gradient_batch, gradient_token, gradient_channel
    own = split * N * channels
    for row in range(split, rows, splits):
        z = ()
        for entry in tl.static_range(8):
            token, lane = places(entry, N, C, KEPT)
            z += (
                read_signal(
                    *(x, row, token, first + lane, shape, of_x),
                    *(tables, PAIRED, False, FINE, COARSE),
                ),
            )
        z = forward(z, table, N, C, KEPT, STAGES, False)
        keep(spare + own, z, 1, 0, first, channels, plane, N, C, KEPT, STAGES)
        z = ()
        for entry in tl.static_range(8):
            token, lane = places(entry, N, C, KEPT)
            z += (
                read_signal(
                    *(gradient, row, token, first + lane, shape, of_gradient),
                    *(tables, PAIRED, PERIODIC, FINE, COARSE),
                ),
            )
        z = forward(z, table, N, C, KEPT, STAGES, False)
        add_products(spare + own, total + own, z, 1, 0, first, channels, plane, N, C, KEPT, STAGES)


@triton.jit
def weigh_rows(
    work,  # of x, and of the gradient, as `columns_in` leaves them
    work_of_gradient,
    spare,
    total,
    table,
    channels,
    rows,
    blocks,
    splits,
    plane,
    plane_of_work,
    FIRST: tl.constexpr,
    SECOND: tl.constexpr,
    C: tl.constexpr,
    KEPT: tl.constexpr,
    STAGES: tl.constexpr,
):
    """Sum over rows of which only one line of the grid fits on chip."""
    first = (tl.program_id(0) % blocks * C).to(tl.int64)
    line = tl.program_id(0) // blocks % FIRST
    split = (tl.program_id(0) // blocks // FIRST).to(tl.int64)
    own = split * (FIRST * SECOND) * channels
    for row in range(split, rows, splits):
        start = (row * FIRST + line) * SECOND
        z = read_line(work, start, first, channels, plane_of_work, SECOND, C, KEPT)
        z = forward(z, table, SECOND, C, KEPT, STAGES, False)
        keep(spare + own, z, FIRST, line, first, channels, plane, SECOND, C, KEPT, STAGES)
        z = read_line(work_of_gradient, start, first, channels, plane_of_work, SECOND, C, KEPT)
        z = forward(z, table, SECOND, C, KEPT, STAGES, False)
        add_products(
            *(spare + own, total + own, z, FIRST, line, first, channels, plane),
            *(SECOND, C, KEPT, STAGES),
        )


@triton.jit
def read_line(
    work, start, first, channels, plane, N: tl.constexpr, C: tl.constexpr, KEPT: tl.constexpr
):
    """Return a row of the grid."""
    z = ()
    for entry in tl.static_range(8):
        place, lane = places(entry, N, C, KEPT)
        at = (start + place) * channels + first + lane
        z += (read_plane(work, at, first + lane < channels, plane),)
    return z


@triton.jit
def keep(
    spare,
    z,
    step,  # frequency k stands at step · k + offset
    offset,
    first,
    channels,
    plane,
    N: tl.constexpr,
    C: tl.constexpr,
    KEPT: tl.constexpr,
    STAGES: tl.constexpr,
):
    """Write a spectrum into memory of the program's own."""
    for entry in tl.static_range(8):
        frequency, lane = bins(entry, N, C, KEPT, STAGES)
        at = (step * frequency + offset) * channels + first + lane
        write_plane(spare, at, z[entry], first + lane < channels, plane)
    tl.debug_barrier()  # who reads an entry need not be who wrote it


@triton.jit
def add_products(
    spare,
    total,
    z,
    step,
    offset,
    first,
    channels,
    plane,
    N: tl.constexpr,
    C: tl.constexpr,
    KEPT: tl.constexpr,
    STAGES: tl.constexpr,
):
    """Add to a sum in memory a spectrum times the conjugate of the one that was kept."""
    for entry in tl.static_range(8):
        frequency, lane = bins(entry, N, C, KEPT, STAGES)
        at = (step * frequency + offset) * channels + first + lane
        inside = first + lane < channels
        product = times_conjugate(z[entry], read_plane(spare, at, inside, plane))
        found = plus(read_plane(total, at, inside, plane), product)
        write_plane(total, at, found, inside, plane)
    tl.debug_barrier()
