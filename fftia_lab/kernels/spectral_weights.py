# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator, assignment"
"""The kernels of a filter's gradient: Γ[k] conj(X[k]) of every row, for the spectra X of the input
and Γ of the output's gradient. PyTorch sums over rows: no atomics, the same numbers each time.

Each kernel is launched twice: it writes X, then, MULTIPLY, puts in its place Γ conj(X).
"""

import triton
import triton.language as tl

from .spectral_stages import read_plane, read_signal, write_plane
from .transform_stages import bins, forward, places, times_conjugate


@triton.jit
def spectra(
    x,  # the input, or the gradient
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
    N: tl.constexpr,
    C: tl.constexpr,
    KEPT: tl.constexpr,
    STAGES: tl.constexpr,
    PAIRED: tl.constexpr,
    PERIODIC: tl.constexpr,
    MULTIPLY: tl.constexpr,
    FINE: tl.constexpr,
    COARSE: tl.constexpr,
):
    """Transform C channels of one row."""
    first = tl.program_id(0) % blocks * C
    row = (tl.program_id(0) // blocks).to(tl.int64)
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
    own = products + row * N * channels
    keep_or_multiply(own, z, first, channels, plane, N, C, KEPT, STAGES, MULTIPLY)


@triton.jit
def spectra_of_rows(
    work,  # as `columns_in` leaves it
    products,  # (row, c, d, channel) in two planes; may be `work`
    table,
    channels,
    blocks,
    plane,
    SECOND: tl.constexpr,
    C: tl.constexpr,
    KEPT: tl.constexpr,
    STAGES: tl.constexpr,
    MULTIPLY: tl.constexpr,
):
    """Transform C channels of one row of the grid."""
    first = tl.program_id(0) % blocks * C
    start = (tl.program_id(0) // blocks).to(tl.int64) * SECOND * channels
    z = ()
    for entry in tl.static_range(8):
        place, lane = places(entry, SECOND, C, KEPT)
        at = place * channels + first + lane
        z += (read_plane(work + start, at, first + lane < channels, plane),)
    z = forward(z, table, SECOND, C, KEPT, STAGES, False)
    tl.debug_barrier()  # all have read before one writes
    keep_or_multiply(products + start, z, first, channels, plane, SECOND, C, KEPT, STAGES, MULTIPLY)


@triton.jit
def keep_or_multiply(
    own,
    z,
    first,
    channels,
    plane,
    N: tl.constexpr,
    C: tl.constexpr,
    KEPT: tl.constexpr,
    STAGES: tl.constexpr,
    MULTIPLY: tl.constexpr,
):
    """Write a spectrum, or what it is times the conjugate of the one that stands there."""
    for entry in tl.static_range(8):
        frequency, lane = bins(entry, N, C, KEPT, STAGES)
        at, inside = frequency * channels + first + lane, first + lane < channels
        found = z[entry]
        if MULTIPLY:
            found = times_conjugate(found, read_plane(own, at, inside, plane))
        write_plane(own, at, found, inside, plane)
