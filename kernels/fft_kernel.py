"""The kernel of the FFT along the last axis: lanes of N numbers in, their spectra out."""

import triton
import triton.language as tl

from .transform_stages import bins, forward, places, root, times


@triton.jit
def transform(
    x,  # complex numbers, real and imaginary parts side by side
    y,
    tables,
    roots,
    lanes,  # transforms of one group …
    blocks,  # … taken C at a time by this many programs
    x_group,  # distances in x between two groups, numbers and lanes
    x_place,
    x_lane,
    y_group,
    y_bin,
    y_lane,
    scale,
    N: tl.constexpr,
    C: tl.constexpr,
    RADIX: tl.constexpr,
    STAGES: tl.constexpr,
    INVERSE: tl.constexpr,
    TWIDDLE: tl.constexpr,  # whether bin k of lane l is multiplied by exp(∓2πi kl/order)
    FINE: tl.constexpr,
    COARSE: tl.constexpr,
    PRECISION: tl.constexpr,
):
    group = (tl.program_id(0) // blocks).to(tl.int64)
    first = tl.program_id(0) % blocks * C

    # One load …
    place, lane = places(N, C, RADIX)
    at = x + 2 * (group * x_group + place * x_place + (first + lane) * x_lane)
    inside = first + lane < lanes
    re = tl.load(at, mask=inside, other=0.0)
    im = tl.load(at + 1, mask=inside, other=0.0)

    # … all stages on chip …
    re, im = forward(re, im, tables, N, C, RADIX, STAGES, INVERSE, PRECISION)

    # … and one store, in the order of frequencies.
    k, lane = bins(N, C, RADIX, STAGES)
    inside = first + lane < lanes
    if TWIDDLE:
        cosine, sine = root(roots, tl.where(inside, k * (first + lane), 0), FINE, COARSE)
        if INVERSE:
            sine = -sine
        re, im = times(re, im, cosine, sine)
    at = y + 2 * (group * y_group + k * y_bin + (first + lane) * y_lane)
    tl.store(at, re * scale, mask=inside)
    tl.store(at + 1, im * scale, mask=inside)
