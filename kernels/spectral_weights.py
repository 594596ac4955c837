"""The kernels of a filter's gradient: G[k] = Σ over rows of Γ[k] conj(X[k]), for the spectra X of the
input and Γ of the output's gradient.

A program sums over every `splits`-th row, in float32 and always in that order: no atomics, and the
same numbers each time. It keeps X in memory of its own while it transforms the gradient, since two
spectra would not fit on chip, and so it does with its sum.
"""

import triton
import triton.language as tl

from .spectral_stages import read_plane, read_signal, write_plane
from .transform_stages import bins, forward, places


@triton.jit
def weigh(
    x,
    gradient,
    spare,  # (splits, N, channels) in two planes
    total,  # of the same shape, zeros at first
    tables,
    roots,
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
    RADIX: tl.constexpr,
    STAGES: tl.constexpr,
    PAIRED: tl.constexpr,
    PERIODIC: tl.constexpr,
    FINE: tl.constexpr,
    COARSE: tl.constexpr,
    PRECISION: tl.constexpr,
):
    """Sum over rows that fit on chip."""
    first = tl.program_id(0) % blocks * C
    split = tl.program_id(0) // blocks
    shape = batch, tokens, channels
    of_x = x_batch, x_token, x_channel
    of_gradient = gradient_batch, gradient_token, gradient_channel
    place, lane = places(N, C, RADIX)
    frequency, lane_of_bin = bins(N, C, RADIX, STAGES)
    at = (split.to(tl.int64) * N + frequency) * channels + first + lane_of_bin
    inside = first + lane_of_bin < channels
    for row in range(split, rows, splits):
        line = row.to(tl.int64)
        re, im = read_signal(
            x, line, place, first + lane, shape, of_x, roots, PAIRED, False, FINE, COARSE
        )
        re, im = forward(re, im, tables, N, C, RADIX, STAGES, False, PRECISION)
        write_plane(spare, at, re, im, inside, plane)
        re, im = read_signal(
            *(gradient, line, place, first + lane, shape, of_gradient),
            *(roots, PAIRED, PERIODIC, FINE, COARSE),
        )
        re, im = forward(re, im, tables, N, C, RADIX, STAGES, False, PRECISION)
        add_product(spare, total, at, re, im, inside, plane)


@triton.jit
def weigh_rows(
    work,  # of x, and of the gradient, as `columns_in` leaves them
    work_of_gradient,
    spare,
    total,
    tables,
    channels,
    rows,
    blocks,
    splits,
    plane,
    plane_of_work,
    FIRST: tl.constexpr,
    SECOND: tl.constexpr,
    C: tl.constexpr,
    RADIX: tl.constexpr,
    STAGES: tl.constexpr,
    PRECISION: tl.constexpr,
):
    """Sum over rows of which only one line of the grid fits on chip."""
    first = (tl.program_id(0) % blocks * C).to(tl.int64)
    line = tl.program_id(0) // blocks % FIRST
    split = tl.program_id(0) // blocks // FIRST
    place, lane = places(SECOND, C, RADIX)
    here = first + lane < channels
    digit, lane_of_bin = bins(SECOND, C, RADIX, STAGES)
    frequency = line + FIRST * digit
    at = (split.to(tl.int64) * (FIRST * SECOND) + frequency) * channels + first + lane_of_bin
    inside = first + lane_of_bin < channels
    for row in range(split, rows, splits):
        start = (row.to(tl.int64) * FIRST + line) * SECOND
        source = (start + place) * channels + first + lane
        re, im = read_plane(work, source, here, plane_of_work)
        re, im = forward(re, im, tables, SECOND, C, RADIX, STAGES, False, PRECISION)
        write_plane(spare, at, re, im, inside, plane)
        re, im = read_plane(work_of_gradient, source, here, plane_of_work)
        re, im = forward(re, im, tables, SECOND, C, RADIX, STAGES, False, PRECISION)
        add_product(spare, total, at, re, im, inside, plane)


@triton.jit
def add_product(spare, total, at, re, im, inside, plane):
    """Add to a sum in memory what is given times the conjugate of what was kept."""
    tl.debug_barrier()  # who reads an entry need not be who wrote it
    kept_re, kept_im = read_plane(spare, at, inside, plane)
    sum_re, sum_im = read_plane(total, at, inside, plane)
    sum_re += re * kept_re + im * kept_im
    sum_im += im * kept_re - re * kept_im
    write_plane(total, at, sum_re, sum_im, inside, plane)
    tl.debug_barrier()
