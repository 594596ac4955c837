"""Device functions: a DFT of C lanes of N numbers on chip, one digit of 16 at a time.

What a program holds is two tensors, real and imaginary parts, of shape (N·C/16, 16): a column is a
value of the digit at hand, a row all the rest. README.md, "A transform in digits", says which
number stands where; `digits.Digits.tables` fills the tables.
"""

import triton
import triton.language as tl


@triton.jit
def times(a_re, a_im, b_re, b_im):
    """Return a · b of complex numbers."""
    return a_re * b_re - a_im * b_im, a_re * b_im + a_im * b_re


@triton.jit
def root(tables, turn, FINE: tl.constexpr, COARSE: tl.constexpr):
    """Return exp(-2πi turn/order), for 0 ≤ turn < order, of `digits.root_tables`."""
    low, high = tables + turn % FINE, tables + 2 * FINE + turn // FINE
    return times(tl.load(low), tl.load(low + FINE), tl.load(high), tl.load(high + COARSE))


@triton.jit
def product(
    re, im, matrix, RADIX: tl.constexpr, INVERSE: tl.constexpr, PRECISION: tl.constexpr
):
    """Multiply the digit of every row by a DFT matrix, or by its conjugate."""
    at = matrix + tl.arange(0, RADIX)[:, None] * RADIX + tl.arange(0, RADIX)[None, :]
    cosine, sine = tl.load(at), tl.load(at + RADIX * RADIX)
    if INVERSE:
        sine = -sine
    real = tl.dot(re, cosine, input_precision=PRECISION)
    imaginary = tl.dot(re, sine, input_precision=PRECISION)
    real = tl.dot(im, -sine, real, input_precision=PRECISION)
    return real, tl.dot(im, cosine, imaginary, input_precision=PRECISION)


@triton.jit
def turn(
    re,
    im,
    tables,
    STAGE: tl.constexpr,
    N: tl.constexpr,
    C: tl.constexpr,
    RADIX: tl.constexpr,
    INVERSE: tl.constexpr,
):
    """Multiply by the twiddles that stand between digit STAGE and the next, or by conjugates."""
    below: tl.constexpr = C * RADIX**STAGE  # what a row counts besides the digits to come
    rest = tl.arange(0, N * C // RADIX)[:, None] // below
    table = tables + 4 * RADIX * RADIX + 2 * STAGE * N
    at = table + rest * RADIX + tl.arange(0, RADIX)[None, :]
    cosine, sine = tl.load(at), tl.load(at + N)
    if INVERSE:
        sine = -sine
    return times(re, im, cosine, sine)


@triton.jit
def next_digit(x, ROWS: tl.constexpr, RADIX: tl.constexpr):
    """Put the digit at hand below all others, and take up the topmost."""
    return tl.trans(tl.reshape(x, (RADIX, ROWS)))


@triton.jit
def previous_digit(x, ROWS: tl.constexpr, RADIX: tl.constexpr):
    """Undo `next_digit`."""
    return tl.reshape(tl.trans(x), (ROWS, RADIX))


@triton.jit
def places(N: tl.constexpr, C: tl.constexpr, RADIX: tl.constexpr):
    """Return which number of which lane each entry is, before `forward` and after `backward`."""
    rows: tl.constexpr = N * C // RADIX
    flat = tl.arange(0, RADIX)[None, :] * rows + tl.arange(0, rows)[:, None]
    return flat // C, flat % C


@triton.jit
def bins(N: tl.constexpr, C: tl.constexpr, RADIX: tl.constexpr, STAGES: tl.constexpr):
    """Return which frequency of which lane each entry is, after `forward`."""
    rows: tl.constexpr = N * C // RADIX
    below: tl.constexpr = RADIX ** (STAGES - 1)  # values of all digits but the last
    spare: tl.constexpr = RADIX * below // N
    column = tl.arange(0, RADIX)[None, :]
    flat = column % spare * rows + tl.arange(0, rows)[:, None]  # lane, then digits 0, 1, …
    frequency = column // spare * below + 0 * flat
    for stage in tl.static_range(STAGES - 1):
        digit = flat // RADIX ** (STAGES - 2 - stage) % RADIX
        frequency += digit * RADIX**stage
    return frequency, flat // below


@triton.jit
def forward(
    re,
    im,
    tables,
    N: tl.constexpr,
    C: tl.constexpr,
    RADIX: tl.constexpr,
    STAGES: tl.constexpr,
    INVERSE: tl.constexpr,
    PRECISION: tl.constexpr,
):
    """Return the DFT of every lane, or, INVERSE, N times the inverse one: `places` to `bins`."""
    for stage in tl.static_range(STAGES - 1):
        re, im = product(re, im, tables, RADIX, INVERSE, PRECISION)
        re, im = turn(re, im, tables, stage, N, C, RADIX, INVERSE)
        re = next_digit(re, N * C // RADIX, RADIX)
        im = next_digit(im, N * C // RADIX, RADIX)
    return product(re, im, tables + 2 * RADIX * RADIX, RADIX, INVERSE, PRECISION)


@triton.jit
def backward(
    re,
    im,
    tables,
    N: tl.constexpr,
    C: tl.constexpr,
    RADIX: tl.constexpr,
    STAGES: tl.constexpr,
    PRECISION: tl.constexpr,
):
    """Return N times the inverse DFT: `forward` undone step by step, `bins` to `places`."""
    re, im = product(re, im, tables + 2 * RADIX * RADIX, RADIX, True, PRECISION)
    for stage in tl.static_range(STAGES - 1):
        re = previous_digit(re, N * C // RADIX, RADIX)
        im = previous_digit(im, N * C // RADIX, RADIX)
        re, im = turn(re, im, tables, STAGES - 2 - stage, N, C, RADIX, True)
        re, im = product(re, im, tables, RADIX, True, PRECISION)
    return re, im
