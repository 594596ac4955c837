# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator"
"""Device functions of spectral mixing: a signal as complex numbers, a filter, and real again.

A row of what they hold is complex: two rows of the batch (PAIRED: real and imaginary part, which a
real filter does not mix), or one row turned by a quarter turn over the transform (else: causal).
README.md, "Two real rows" and "A quarter turn", says why nothing else is needed.
"""

import triton
import triton.language as tl

from .transform_stages import root_of_two, times, times_conjugate


@triton.jit
def read_signal(
    x,
    row,
    token,
    channel,
    shape,  # batch, tokens, channels
    strides,  # of the same
    tables,
    PAIRED: tl.constexpr,
    PERIODIC: tl.constexpr,  # all tokens twice, one time after the other
    FINE: tl.constexpr,
    COARSE: tl.constexpr,
):
    """Return tokens of a row as complex numbers, 0 beyond the last."""
    source = token
    if PERIODIC:
        source = tl.where(token < shape[1], token, token - shape[1])
    inside = (source < shape[1]) & (channel < shape[2])
    at = x + source * strides[1] + channel * strides[2]
    if PAIRED:
        at += 2 * row * strides[0]
        other = inside & (2 * row + 1 < shape[0])
        re = tl.load(at, mask=inside, other=0.0).to(tl.float32)
        im = tl.load(at + strides[0], mask=other, other=0.0).to(tl.float32)
        found = re, im
    else:
        value = tl.load(at + row * strides[0], mask=inside, other=0.0).to(tl.float32)
        turn = root_of_two(tables, token, FINE, COARSE)
        found = value * turn[0], value * turn[1]
    return found


@triton.jit
def write_signal(
    y,
    found,
    row,
    token,
    channel,
    shape,
    strides,
    tables,
    PAIRED: tl.constexpr,
    FINE: tl.constexpr,
    COARSE: tl.constexpr,
):
    """Write what stands at tokens as real numbers: `read_signal` undone, but for PERIODIC."""
    inside = (token >= 0) & (token < shape[1]) & (channel < shape[2])
    at = y + token * strides[1] + channel * strides[2]
    kind = y.dtype.element_ty
    if PAIRED:
        at += 2 * row * strides[0]
        tl.store(at, found[0].to(kind), mask=inside)
        tl.store(at + strides[0], found[1].to(kind), mask=inside & (2 * row + 1 < shape[0]))
    else:
        turn = root_of_two(tables, token, FINE, COARSE)
        real = times_conjugate(found, turn)[0]
        tl.store(at + row * strides[0], real.to(kind), mask=inside)


@triton.jit
def filtered(
    value,
    spectrum,
    frequency,
    size,
    channel,
    channels,
    strides,  # of bins and channels
    HALF: tl.constexpr,  # frequencies above the middle are conjugates of those below
    CONJUGATE: tl.constexpr,
):
    """Return an entry of a spectrum times a filter, or times its conjugate."""
    kept = frequency
    if HALF:
        kept = tl.minimum(frequency, size - frequency)
    at = spectrum + 2 * (kept * strides[0] + channel * strides[1])
    cosine = tl.load(at, mask=channel < channels, other=0.0)
    sine = tl.load(at + 1, mask=channel < channels, other=0.0)
    if HALF:  # a real signal cannot turn at 0 or at half the rate, whatever stands there
        sine = tl.where(2 * frequency > size, -sine, sine)
        sine = tl.where((frequency == 0) | (2 * frequency == size), 0.0, sine)
    if CONJUGATE:
        sine = -sine
    return times(value, (cosine, sine))


@triton.jit
def read_plane(work, at, inside, plane):
    """Return complex numbers whose real parts stand in one plane, imaginary ones in the next."""
    re = tl.load(work + at, mask=inside, other=0.0)
    return re, tl.load(work + plane + at, mask=inside, other=0.0)


@triton.jit
def write_plane(work, at, value, inside, plane):
    """Write what `read_plane` reads."""
    tl.store(work + at, value[0], mask=inside)
    tl.store(work + plane + at, value[1], mask=inside)
