# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator"
"""Device functions: the DFT of C lanes of N numbers on chip, one digit of 8 at a time.

A program holds eight complex numbers at each of M = N·C/8 places: a tuple of eight pairs (real,
imaginary) of vectors of M. The place in the tuple is the digit at hand; a DFT of that digit is
plain arithmetic between vectors, in registers, and only `exchange` moves numbers between threads.
Every stage is the same code, a loop: constant geometry (Pease, 1968). README.md, "A transform in
digits", says which number stands where.
"""

import triton
import triton.language as tl


@triton.jit
def plus(a, b):
    return a[0] + b[0], a[1] + b[1]


@triton.jit
def minus(a, b):
    return a[0] - b[0], a[1] - b[1]


@triton.jit
def times(a, b):
    return a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]


@triton.jit
def times_conjugate(a, b):
    """Return a times the conjugate of b."""
    return a[0] * b[0] + a[1] * b[1], a[1] * b[0] - a[0] * b[1]


@triton.jit
def quarter(a, INVERSE: tl.constexpr):
    """Return a turned by a quarter: times -i, or i if inverse."""
    if INVERSE:
        turned = -a[1], a[0]
    else:
        turned = a[1], -a[0]
    return turned


@triton.jit
def eighth(a, INVERSE: tl.constexpr):
    """Return a turned by an eighth: times (1 ∓ i)/√2."""
    b = plus(a, quarter(a, INVERSE))
    return b[0] * 0.7071067811865476, b[1] * 0.7071067811865476


@triton.jit
def dft4(a, b, c, d, INVERSE: tl.constexpr):
    """Return the DFT of four numbers: two butterflies, a quarter turn, two butterflies."""
    p, q = plus(a, c), minus(a, c)
    r, s = plus(b, d), quarter(minus(b, d), INVERSE)
    return plus(p, r), plus(q, s), minus(p, r), minus(q, s)


@triton.jit
def dft8(z, INVERSE: tl.constexpr):
    """Return the DFT of eight numbers: of the even and of the odd ones, turned and combined."""
    a, b, c, d = dft4(z[0], z[2], z[4], z[6], INVERSE)
    e, f, g, h = dft4(z[1], z[3], z[5], z[7], INVERSE)
    f, g, h = eighth(f, INVERSE), quarter(g, INVERSE), quarter(eighth(h, INVERSE), INVERSE)
    low = plus(a, e), plus(b, f), plus(c, g), plus(d, h)
    high = minus(a, e), minus(b, f), minus(c, g), minus(d, h)
    return low + high


@triton.jit
def last_digit(z, LAST: tl.constexpr, INVERSE: tl.constexpr):
    """Return the DFT of a digit of 8, of two digits of 4 side by side, or of four of 2."""
    if LAST == 8:
        found = dft8(z, INVERSE)
    elif LAST == 4:
        a, b, c, d = dft4(z[0], z[2], z[4], z[6], INVERSE)
        e, f, g, h = dft4(z[1], z[3], z[5], z[7], INVERSE)
        found = a, e, b, f, c, g, d, h
    else:
        low = plus(z[0], z[4]), plus(z[1], z[5]), plus(z[2], z[6]), plus(z[3], z[7])
        high = minus(z[0], z[4]), minus(z[1], z[5]), minus(z[2], z[6]), minus(z[3], z[7])
        found = low + high
    return found


@triton.jit
def root(table, turn, N: tl.constexpr, INVERSE: tl.constexpr):
    """Return exp(∓2πi turn/N) from a table of all."""
    cosine, sine = tl.load(table + turn), tl.load(table + N + turn)
    if INVERSE:
        sine = -sine
    return cosine, sine


@triton.jit
def root_of_two(tables, turn, FINE: tl.constexpr, COARSE: tl.constexpr):
    """Return exp(-2πi turn/order), for 0 ≤ turn < order, of two tables of `digits.root_tables`."""
    if COARSE == 1:  # the first holds all
        found = tl.load(tables + turn), tl.load(tables + FINE + turn)
    else:
        fine, coarse = tables + turn % FINE, tables + 2 * FINE + turn // FINE
        low, high = tl.load(fine), tl.load(coarse)
        found = times((low, tl.load(fine + FINE)), (high, tl.load(coarse + COARSE)))
    return found


@triton.jit
def twiddled(z, table, stage, N: tl.constexpr, C: tl.constexpr, INVERSE: tl.constexpr):
    """Multiply digit k by exp(∓2πi k rest·8^stage/N), where rest are the digits to come."""
    rest = (tl.arange(0, N * C // 8) // C >> 3 * stage) << 3 * stage
    one, two = root(table, rest, N, INVERSE), root(table, 2 * rest, N, INVERSE)
    four, three = root(table, 4 * rest, N, INVERSE), times(one, two)
    low = z[0], times(z[1], one), times(z[2], two), times(z[3], three)
    five, six, seven = times(four, one), times(four, two), times(four, three)
    high = times(z[4], four), times(z[5], five), times(z[6], six), times(z[7], seven)
    return low + high


@triton.jit
def joined(z, PART: tl.constexpr):
    """Return one part of eight numbers as a tensor (M, 2, 2, 2)."""
    even = tl.join(tl.join(z[0][PART], z[4][PART]), tl.join(z[2][PART], z[6][PART]))
    odd = tl.join(tl.join(z[1][PART], z[5][PART]), tl.join(z[3][PART], z[7][PART]))
    return tl.join(even, odd)


@triton.jit
def parted(x):
    """Undo `joined`."""
    even, odd = tl.split(x)
    ae, cg = tl.split(even)
    bf, dh = tl.split(odd)
    a, e = tl.split(ae)
    b, f = tl.split(bf)
    c, g = tl.split(cg)
    d, h = tl.split(dh)
    return a, b, c, d, e, f, g, h


@triton.jit
def exchange_part(z, PART: tl.constexpr, M: tl.constexpr, KEPT: tl.constexpr, BACK: tl.constexpr):
    """Move one part of all numbers; see `exchange`."""
    x = joined(z, PART)
    if BACK:
        x = tl.permute(tl.reshape(x, (M // (8 * KEPT), 8, KEPT, 8)), (3, 0, 2, 1))
    else:
        x = tl.permute(tl.reshape(x, (8, M // (8 * KEPT), KEPT, 8)), (1, 3, 2, 0))
    return parted(tl.reshape(x, (M, 2, 2, 2)))


@triton.jit
def exchange(z, M: tl.constexpr, KEPT: tl.constexpr, BACK: tl.constexpr):
    """Put the digit at hand below all others, and take up the topmost; BACK undoes it.

    The lowest KEPT places, lanes beside each other in memory, stay beside each other.
    """
    re, im = exchange_part(z, 0, M, KEPT, BACK), exchange_part(z, 1, M, KEPT, BACK)
    low = (re[0], im[0]), (re[1], im[1]), (re[2], im[2]), (re[3], im[3])
    high = (re[4], im[4]), (re[5], im[5]), (re[6], im[6]), (re[7], im[7])
    return low + high


@triton.jit
def places(
    entry: tl.constexpr,
    N: tl.constexpr,
    C: tl.constexpr,
    KEPT: tl.constexpr,
    AGAIN: tl.constexpr = False,
):
    """Return which number of which lane an entry of the tuple is, before `forward`.

    AGAIN makes the compiler compute it anew instead of keeping it in registers meanwhile: it adds
    the number of the program on an axis that has no other, 0, which the compiler cannot know.
    """
    place = tl.arange(0, N * C // 8)
    if AGAIN:
        place += tl.program_id(1)
    upper = place // KEPT + entry * (N * C // (8 * KEPT))
    return upper // (C // KEPT), upper % (C // KEPT) * KEPT + place % KEPT


@triton.jit
def bins(
    entry: tl.constexpr, N: tl.constexpr, C: tl.constexpr, KEPT: tl.constexpr, STAGES: tl.constexpr
):
    """Return which frequency of which lane an entry is, after `forward`."""
    below: tl.constexpr = 8 ** (STAGES - 1)  # values of all digits but the last
    beside: tl.constexpr = 8 * below // N
    place = tl.arange(0, N * C // 8)
    upper = place // KEPT + entry % beside * (N * C // (8 * KEPT))  # lane, then digits 0, 1, …
    frequency = upper * 0 + entry // beside * below
    for stage in tl.static_range(STAGES - 1):
        frequency += (upper // 8 ** (STAGES - 2 - stage) % 8) * 8**stage
    return frequency, upper // below * KEPT + place % KEPT


@triton.jit
def forward(
    z,
    table,
    N: tl.constexpr,
    C: tl.constexpr,
    KEPT: tl.constexpr,
    STAGES: tl.constexpr,
    INVERSE: tl.constexpr,
):
    """Return the DFT of every lane, or, INVERSE, N times the inverse one: `places` to `bins`."""
    for stage in range(STAGES - 1):
        z = exchange(
            twiddled(dft8(z, INVERSE), table, stage, N, C, INVERSE), N * C // 8, KEPT, False
        )
    return last_digit(z, N // 8 ** (STAGES - 1), INVERSE)


@triton.jit
def backward(z, table, N: tl.constexpr, C: tl.constexpr, KEPT: tl.constexpr, STAGES: tl.constexpr):
    """Return N times the inverse DFT: `forward` undone step by step, `bins` to `places`."""
    z = last_digit(z, N // 8 ** (STAGES - 1), True)
    for stage in range(STAGES - 1):
        z = exchange(z, N * C // 8, KEPT, True)
        z = dft8(twiddled(z, table, STAGES - 2 - stage, N, C, True), True)
    return z
