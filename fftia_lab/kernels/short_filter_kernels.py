# mypy: disable-error-code="no-untyped-def, no-untyped-call, untyped-decorator"
"""The kernels of short causal filters: each channel's chunks of tokens times Toeplitz blocks.

With tokens cut into chunks of B, y_c = Σ_d T_d x_{c-d} and T_d[i, j] = kernel[i - j + d·B]. A
filter of at most B + 1 taps has two stages, T_0 and T_1: what is heard in a token's own chunk, and
what in the one before.
"""

import triton
import triton.language as tl

from .machine import INTERPRETED


@triton.jit
def factor(value, x):
    """Return what a product takes: the type of x, or float32 where the interpreter multiplies."""
    if INTERPRETED:
        return value.to(tl.float32)
    else:
        return value.to(x.dtype.element_ty)


@triton.jit
def chunks(x, row, chunk, inside_chunk, channel, tokens, channels, strides, B: tl.constexpr):
    """Return tokens of some chunks, 0 where there is none."""
    token = chunk * B + inside_chunk
    inside = (token >= 0) & (token < tokens) & (channel < channels)
    at = x + row * strides[0] + token * strides[1] + channel * strides[2]
    return factor(tl.load(at, mask=inside, other=0.0), x)


@triton.jit
def convolve(
    x,
    y,
    kernel,
    tokens,
    channels,
    taps,
    blocks,
    groups,
    x_batch,
    x_token,
    x_channel,
    y_batch,
    y_token,
    y_channel,
    kernel_tap,
    kernel_channel,
    B: tl.constexpr,
    C: tl.constexpr,
    G: tl.constexpr,
    STAGES: tl.constexpr,
    REVERSED: tl.constexpr,  # every token hears later ones: the adjoint
    PRECISION: tl.constexpr,
):
    """Convolve C channels of G chunks of one row."""
    channel = tl.program_id(0) % blocks * C + tl.arange(0, C)[:, None, None]
    group = tl.program_id(0) // blocks % groups
    row = (tl.program_id(0) // blocks // groups).to(tl.int64)
    chunk = group * G + tl.arange(0, G)[None, None, :]
    to, source = tl.arange(0, B)[None, :, None], tl.arange(0, B)[None, None, :]
    strides = x_batch, x_token, x_channel
    total = tl.zeros((C, B, G), tl.float32)
    for stage in range(STAGES):
        if REVERSED:
            lag, other = source - to + stage * B, chunk + stage
        else:
            lag, other = to - source + stage * B, chunk - stage
        at = kernel + lag * kernel_tap + channel * kernel_channel
        inside = (lag >= 0) & (lag < taps) & (channel < channels)
        block = factor(tl.load(at, mask=inside, other=0.0), x)
        heard = chunks(x, row, other, to, channel, tokens, channels, strides, B)
        total = tl.dot(block, heard, total, input_precision=PRECISION)
    token = chunk * B + to
    at = y + row * y_batch + token * y_token + channel * y_channel
    inside = (token < tokens) & (channel < channels)
    tl.store(at, total.to(y.dtype.element_ty), mask=inside)


@triton.jit
def weigh_taps(
    x,
    gradient,
    total,  # (splits, stages, 2B - 1, channels): sums at lags stage·B - (B - 1) …
    batch,
    tokens,
    channels,
    blocks,
    groups,
    x_batch,
    x_token,
    x_channel,
    gradient_batch,
    gradient_token,
    gradient_channel,
    B: tl.constexpr,
    C: tl.constexpr,
    G: tl.constexpr,
    STAGES: tl.constexpr,
    ITEMS: tl.constexpr,  # groups of chunks that a program sums over
    PRECISION: tl.constexpr,
):
    """Sum gradient · token over all pairs of one Toeplitz block, then over its diagonals."""
    channel = tl.program_id(0) % blocks * C + tl.arange(0, C)[:, None, None]
    stage = tl.program_id(0) // blocks % STAGES
    split = tl.program_id(0) // blocks // STAGES
    down, across = tl.arange(0, B)[None, :, None], tl.arange(0, B)[None, None, :]
    of_x = x_batch, x_token, x_channel
    of_gradient = gradient_batch, gradient_token, gradient_channel
    pairs = tl.zeros((C, B, B), tl.float32)
    for item in range(ITEMS):
        number = split * ITEMS + item
        row, chunk = (number // groups).to(tl.int64), number % groups * G + tl.arange(0, G)
        left = tl.where(row < batch, tokens, 0)
        to = chunks(
            gradient, row, chunk[None, None, :], down, channel, left, channels, of_gradient, B
        )
        source = chunks(
            x, row, chunk[None, :, None] - stage, across, channel, left, channels, of_x, B
        )
        pairs = tl.dot(to, source, pairs, input_precision=PRECISION)
    line = (split * STAGES + stage) * (2 * B - 1)
    channel = tl.program_id(0) % blocks * C + tl.arange(0, C)
    for diagonal in range(2 * B - 1):
        on_it = tl.where(down - across + (B - 1) == diagonal, pairs, 0.0)
        found = tl.sum(tl.sum(on_it, 2), 1)
        tl.store(total + (line + diagonal) * channels + channel, found, mask=channel < channels)
