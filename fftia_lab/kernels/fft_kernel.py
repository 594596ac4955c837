# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator, assignment"
"""The kernel of the FFT along the last axis: lanes of N numbers in, their spectra out."""

import triton
import triton.language as tl

from .transform_stages import bins, forward, places, root_of_two, times, times_conjugate


@triton.jit
def transform(
    x,  # complex numbers, real and imaginary parts side by side
    y,
    table,
    tables,
    lanes,  # transforms of a group …
    blocks,  # … taken C at a time by so many programs
    x_group,  # distances in x between two groups, numbers and lanes
    x_place,
    x_lane,
    y_group,
    y_bin,
    y_lane,
    scale,
    N: tl.constexpr,
    C: tl.constexpr,
    KEPT: tl.constexpr,
    STAGES: tl.constexpr,
    INVERSE: tl.constexpr,
    TWIDDLE: tl.constexpr,  # whether bin k of lane l is multiplied by exp(∓2πi kl/order)
    FINE: tl.constexpr,
    COARSE: tl.constexpr,
):
    group = (tl.program_id(0) // blocks).to(tl.int64)
    first = tl.program_id(0) % blocks * C

    # One load …
    z = ()
    for entry in tl.static_range(8):
        place, lane = places(entry, N, C, KEPT)
        at = x + 2 * (group * x_group + place * x_place + (first + lane) * x_lane)
        inside = first + lane < lanes
        re, im = tl.load(at, mask=inside, other=0.0), tl.load(at + 1, mask=inside, other=0.0)
        z += ((re, im),)

    # … all stages on chip …
    z = forward(z, table, N, C, KEPT, STAGES, INVERSE)

    # … and one store, in the order of frequencies.
    for entry in tl.static_range(8):
        k, lane = bins(entry, N, C, KEPT, STAGES)
        inside = first + lane < lanes
        found = z[entry]
        if TWIDDLE:
            turn = root_of_two(tables, tl.where(inside, k * (first + lane), 0), FINE, COARSE)
            found = times_conjugate(found, turn) if INVERSE else times(found, turn)
        at = y + 2 * (group * y_group + k * y_bin + (first + lane) * y_lane)
        tl.store(at, found[0] * scale, mask=inside)
        tl.store(at + 1, found[1] * scale, mask=inside)
