"""Kernels to compile in tests: one as it should be, and one for each thing that must turn red."""

import triton
import triton.language as tl

from fftia_lab.kernels.configuration import Configuration


@triton.jit
def halve(x, y, n, TILE: tl.constexpr):
    """Half of each number."""
    place = tl.program_id(0) * TILE + tl.arange(0, TILE)
    tl.store(y + place, tl.load(x + place, place < n) / 2, place < n)


@triton.jit
def shift(x, y, n, TILE: tl.constexpr):
    """Each number one place further: the last of them beyond the end."""
    place = tl.program_id(0) * TILE + tl.arange(0, TILE)
    tl.store(y + place + 1, tl.load(x + place, place < n), place < n)


@triton.jit
def swap(x, y, n, TILE: tl.constexpr):
    """Each number to the place of its partner n / 2 further: a race if x is y."""
    place = tl.program_id(0) * TILE + tl.arange(0, TILE)
    tl.store(y + (place + n // 2) % n, tl.load(x + place, place < n), place < n)


@triton.jit
def crowd(x, y, TILE: tl.constexpr):
    """All programs store the same numbers into one place: a race that nobody sees."""
    place = tl.arange(0, TILE)
    tl.store(y + place, tl.load(x + place))


@triton.jit
def first(x, y, TILE: tl.constexpr):
    """As `crowd`, but only the first program stores."""
    place = tl.arange(0, TILE)
    tl.store(y + place, tl.load(x + place), (place >= 0) & (tl.program_id(0) == 0))


@triton.jit
def multiply(x, y, ROWS: tl.constexpr, WIDTH: tl.constexpr, TIMES: tl.constexpr):
    """The matrix x times its own transpose, TIMES times: y = (x xᵀ)^TIMES x, unrolled."""
    place = tl.arange(0, ROWS)[:, None] * WIDTH + tl.arange(0, WIDTH)[None, :]
    first = tl.load(x + place)
    state = first
    for _ in tl.static_range(TIMES):
        scores = tl.dot(state, tl.trans(first))
        state = tl.dot(scores.to(first.dtype), first).to(first.dtype)
    tl.store(y + place, state)


@triton.jit
def add_up(x, y, TIMES: tl.constexpr, TILE: tl.constexpr):
    """The sum of TIMES rows: a loop that stays one."""
    place = tl.arange(0, TILE)
    total = tl.zeros([TILE], tl.float32)
    for row in tl.range(TIMES):
        total += tl.load(x + row * TILE + place)
    tl.store(y + place, total)


@triton.jit
def reassign(x, TIMES: tl.constexpr):
    """Interprets, and does not compile: a constant is given a second value."""
    stride: tl.constexpr = 1
    for time in tl.static_range(TIMES):
        stride: tl.constexpr = 1 << time
        tl.store(x + stride, time)


MATRIX = {"x": "*bf16", "y": "*bf16"}
SOUND = Configuration(
    "half, tile 128",
    halve,
    {"x": "*fp32", "y": "*fp32", "n": "i32"},
    {"TILE": 128},
    token_stages=128,
    targets=(80, 90),
    tensor_cores=False,
)
TENSOR = Configuration(
    "product, 64 × 64",
    multiply,
    MATRIX,
    {"ROWS": 64, "WIDTH": 64, "TIMES": 1},
    token_stages=64,
    targets=(80, 90, 100),
)


def shipped():
    """Return what may be shipped."""
    return [SOUND, TENSOR]
