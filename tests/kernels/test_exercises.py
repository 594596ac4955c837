"""The checkers of chapter 12 pass right kernels, and name typical mistakes, without a GPU."""

import linecache
import os

import numpy as np
import pytest
import triton
import triton.language as tl

from fftia_lab.exercises import check_listen, check_pair_of, check_relay, check_reverse
from fftia_lab.exercises._memory import Memory, plain

interpreted = os.environ.get("TRITON_INTERPRET") == "1"
noticing = pytest.mark.skipif(not interpreted, reason="only the interpreter notes who touches what")


@pytest.fixture(autouse=True)
def memory_is_watched():
    """Checkers watch on their own, and a mistake must reach them."""


# ---- which pair --------------------------------------------------------------------------------

PAIR_MISTAKES = [
    (lambda place, stride: None, "It returned None"),
    (lambda place, stride: "3", "It returned str, not an array of numbers"),
    (lambda place, stride: place / stride, "not the number of a pair"),
    (lambda place, stride: place & ~stride, "pair_of(4, 2) is 2, not 4: this is the lower place"),
    (lambda place, stride: place // 2, "pair_of(1, 2) is 1, not 0: it holds for neighbours"),
    (lambda place, stride: place // (2 * stride), "this is a block of two strides"),
    (lambda place, stride: place // stride, "this is a block of one stride"),
    (lambda place, stride: place % stride, "pair_of(4, 2) is 2, not 0: every block of two"),
    (
        lambda place, stride: place // (2 * stride) * stride + place % (2 * stride),
        "pair_of(2, 2) is 0, not 2: both places of a pair have one number",
    ),
    (lambda place, stride: place, "this is the place itself"),
    (lambda place, stride: pair_of(place, stride) - (place == 40), "pair_of(40, 2) is 20, not 19."),
    (lambda place, stride: pair_of(place, stride) - 32, "pair_of(0, 2) is 0, not -32."),
    (lambda place, stride: pair_of(place, stride) + 32, "pair_of(0, 2) is 0, not 32."),
]


def pair_of(place, stride):
    return place // (2 * stride) * stride + place % stride


@pytest.mark.parametrize(("mistake", "hint"), PAIR_MISTAKES)
def test_pair_hints(mistake, hint):
    verdict = check_pair_of(mistake)
    assert not verdict
    assert hint in verdict.message


# ---- backwards ---------------------------------------------------------------------------------


@triton.jit
def reverse(x, y, n, BLOCK: tl.constexpr):
    place = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    there = place < n
    tl.store(y + n - 1 - place, tl.load(x + place, mask=there), mask=there)


@triton.jit
def reverse_without_mask(x, y, n, BLOCK: tl.constexpr):
    place = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    tl.store(y + n - 1 - place, tl.load(x + place))


@triton.jit
def reverse_reading_on(x, y, n, BLOCK: tl.constexpr):
    place = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    tl.store(y + n - 1 - place, tl.load(x + place), mask=place < n)


@triton.jit
def reverse_one_off(x, y, n, BLOCK: tl.constexpr):
    place = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    there = place < n
    tl.store(y + n - place, tl.load(x + place, mask=there), mask=there)


@triton.jit
def reverse_mask_one_off(x, y, n, BLOCK: tl.constexpr):
    place = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    there = place <= n
    tl.store(y + n - 1 - place, tl.load(x + place, mask=there), mask=there)


@triton.jit
def reverse_in_blocks(x, y, n, BLOCK: tl.constexpr):
    first = tl.program_id(0) * BLOCK
    last = tl.minimum(first + BLOCK, n) - 1
    place = first + tl.arange(0, BLOCK)
    there = place < n
    tl.store(y + first + last - place, tl.load(x + place, mask=there), mask=there)


@triton.jit
def reverse_in_place(x, y, n, BLOCK: tl.constexpr):
    place = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    there = place < n
    tl.store(x + n - 1 - place, tl.load(x + place, mask=there), mask=there)


@triton.jit
def copy(x, y, n, BLOCK: tl.constexpr):
    place = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    there = place < n
    tl.store(y + place, tl.load(x + place, mask=there), mask=there)


@triton.jit
def first_program_only(x, y, n, BLOCK: tl.constexpr):
    place = tl.arange(0, BLOCK)
    there = place < n
    tl.store(y + n - 1 - place, tl.load(x + place, mask=there), mask=there)


@triton.jit
def reverse_low(x, y, n, BLOCK: tl.constexpr):
    place = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    there = place < n
    turned = n - 2 - place
    turned = tl.where(turned < 0, turned + n, turned)
    tl.store(y + turned, tl.load(x + place, mask=there), mask=there)


@triton.jit
def reverse_far_away(x, y, n, BLOCK: tl.constexpr):
    place = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    tl.store(y + 10_000_000 * (1 + place), tl.load(x + place, mask=place < n))


@triton.jit
def reverse_nothing(x, y, n, BLOCK: tl.constexpr):
    pass


@triton.jit
def reverse_odd_block(x, y, n, BLOCK: tl.constexpr):
    place = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK - 1)
    tl.store(y + place, tl.load(x + place, mask=place < n), mask=place < n)


REVERSE_MISTAKES = [
    (lambda x, y, n, BLOCK: None, "begins with the line @triton.jit"),
    (reverse_without_mask, "13 numbers in blocks of 8: program 1 reads x[13], behind its end"),
    (reverse_reading_on, "program 1 reads x[13], behind its end (it has 13 places)"),
    (reverse_mask_one_off, "program 1 reads x[13], behind its end"),
    (reverse_one_off, "program 0 stores y[13], behind its end"),
    (reverse_far_away, "program 0 leaves all tensors"),
    (reverse_in_blocks, "each block was turned round by itself"),
    (
        reverse_in_place,
        "program 1 stores x[0], and program 0 reads it. Whoever comes first",
    ),
    (first_program_only, "program 1 stores there too"),
    (reverse_low, "every number stands one place too low"),
    (reverse_nothing, "y[0] should be"),
    (reverse_odd_block, "It stopped with ValueError in line"),
    (copy, "y is x: nothing was turned round"),
]


@noticing
@pytest.mark.parametrize(("mistake", "hint"), REVERSE_MISTAKES)
def test_reverse_hints(mistake, hint):
    verdict = check_reverse(mistake)
    assert not verdict
    assert hint in verdict.message


# ---- whom one hears ----------------------------------------------------------------------------


def kernel(lines):
    """The kernel that some lines define; Triton looks for them in a file."""
    name, room = f"<{abs(hash(lines))}>", {"triton": triton, "tl": tl}
    linecache.cache[name] = len(lines), None, lines.splitlines(keepends=True), name
    exec(compile(lines, name, "exec"), room)
    return next(made for made in room.values() if hasattr(made, "fn"))


def hearing(heard, value="tl.where(there, (own + other) / 2, own)", after="", target="y"):
    """A kernel of `listen` with some of its lines changed."""
    return kernel(
        f"""
@triton.jit
def listen(x, y, n, stride, BLOCK: tl.constexpr):
    place = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    heard = {heard}
    there = (heard >= 0) & (heard < n) & (place < n)
    own = tl.load(x + place, mask=place < n)
    other = tl.load(x + heard, mask=there{after})
    tl.store({target} + place, {value}, mask=place < n)
"""
    )


BACK = "place - stride"
LISTEN_MISTAKES = [
    (hearing(BACK, after=" | True"), "13 tokens, stride 2, blocks of 4: program 0 reads x[-2]"),
    (hearing("place + stride"), "tokens hear the future"),
    (hearing("(place + n - stride) % n"), "this is no circle"),
    (hearing("place ^ stride"), "tokens hear i XOR stride, which is sometimes later"),
    (hearing("place - stride - 1"), "one place too far back"),
    (hearing("place - stride + 1"), "one place too near"),
    (
        hearing(BACK, "(own + tl.where(there, other, 0.0)) / 2"),
        "who hears nobody keeps all of itself",
    ),
    (hearing(BACK, "own + tl.where(there, other, own)"), "a sum was stored"),
    (hearing("(place + n - stride) % n", "other"), "tokens were moved"),
    (hearing(BACK, "own"), "nobody has heard anybody"),
    (hearing(BACK, target="x"), "program 0 stores x[2], and program 1 reads it"),
    (
        hearing("place", "own + 1", target="x"),
        "x was changed, and is only to be read: store into y",
    ),
    (hearing(BACK, "own + 1"), "y[0] should be"),
]


@noticing
@pytest.mark.parametrize(("mistake", "hint"), LISTEN_MISTAKES)
def test_listen_hints(mistake, hint):
    verdict = check_listen(mistake)
    assert not verdict
    assert hint in verdict.message


# ---- a place that relays -----------------------------------------------------------------------


@triton.jit
def relay(x, holds, gates, pairs, stride, BLOCK: tl.constexpr):
    pair = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
    a = pair // stride * 2 * stride + pair % stride
    b = a + stride
    inside = pair < pairs
    here = tl.load(holds + a, mask=inside, other=0) != 0
    there = tl.load(holds + b, mask=inside, other=0) != 0
    x_a = tl.load(x + a, mask=here, other=0.0)
    x_b = tl.load(x + b, mask=there, other=0.0)
    g_a = tl.load(gates + a, mask=here & there, other=1.0)
    g_b = tl.load(gates + b, mask=here & there, other=1.0)
    tl.store(x + a, x_a + g_a * (x_b - x_a), mask=there)
    tl.store(x + b, x_b - g_b * (x_b - x_a), mask=here)
    tl.store(holds + a, 1, mask=there)
    tl.store(holds + b, 1, mask=here)


def relaying(**changed):
    """The kernel above with some of its lines changed: name = what is assigned."""
    lines = {
        "pair": "tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)",
        "a": "pair // stride * 2 * stride + pair % stride",
        "b": "a + stride",
        "inside": "pair < pairs",
        "here": "tl.load(holds + a, mask=inside, other=0) != 0",
        "there": "tl.load(holds + b, mask=inside, other=0) != 0",
        "read_a": "here",
        "read_b": "there",
        "x_a": "tl.load(x + a, mask=read_a, other=0.0)",
        "x_b": "tl.load(x + b, mask=read_b, other=0.0)",
        "both": "here & there",
        "g_a": "tl.load(gates + a, mask=both, other=1.0)",
        "g_b": "tl.load(gates + b, mask=both, other=1.0)",
        "y_a": "x_a + g_a * (x_b - x_a)",
        "y_b": "x_b - g_b * (x_b - x_a)",
        "store_a": "there",
        "store_b": "here",
        "hold_a": "there",
        "hold_b": "here",
    } | changed
    body = "\n".join(f"    {name} = {value}" for name, value in lines.items())
    return kernel(
        f"""
@triton.jit
def relay(x, holds, gates, pairs, stride, BLOCK: tl.constexpr):
{body}
    tl.store(x + a, y_a, mask=store_a)
    tl.store(x + b, y_b, mask=store_b)
    tl.store(holds + a, 1, mask=hold_a)
    tl.store(holds + b, 1, mask=hold_b)
"""
    )


ONE_OFF = {"b": "a + stride + 1", "inside": "pair < pairs - 1"}
RELAY_MISTAKES = [
    (relaying(inside="pair < 2 * pairs", pair="tl.arange(0, BLOCK) * 4"), "is missing, or one off"),
    (relaying(b="a + stride + 1"), "reads holds[16], behind its end (it has 16 places)"),
    (relaying(read_b="inside"), "x[13] is read, where nobody is: mask the load by what holds"),
    (relaying(read_a="inside"), "is read, where nobody is"),
    (relaying(a="pair", b="pair ^ stride"), "Whoever comes first decides: it is a race."),
    (relaying(**ONE_OFF), "it is a race"),
    (relaying(both="inside", store_a="inside", store_b="inside"), "is heard as zeros: its"),
    (relaying(both="inside"), "who holds nothing takes a part: a copy has gate 1"),
    (relaying(store_a="both", store_b="both"), "who holds nothing stays empty"),
    (
        relaying(store_a="inside", store_b="inside"),
        "who meets nobody has become 0: it keeps itself",
    ),
    (
        relaying(
            y_a="tl.where(there, x_a + g_a * (x_b - x_a), x_a)",
            y_b="tl.where(here, x_b - g_b * (x_b - x_a), x_b)",
            store_a="inside",
            store_b="inside",
        ),
        "x was stored where neither holds anything",
    ),
    (
        relaying(
            g_a="tl.load(gates + b, mask=both, other=1.0)",
            g_b="tl.load(gates + a, mask=both, other=1.0)",
        ),
        "a moves by gates[a] and b by gates[b]",
    ),
    (relaying(hold_a="both", hold_b="both"), "16 places, 13 of them hold something, stride 4: hol"),
    (relaying(y_a="x_a", y_b="x_b", both="inside"), "x["),
]


@noticing
@pytest.mark.parametrize(("mistake", "hint"), RELAY_MISTAKES)
def test_relay_hints(mistake, hint):
    verdict = check_relay(mistake)
    assert not verdict
    assert hint in verdict.message


# ---- all of them -------------------------------------------------------------------------------


def test_right_answers():
    assert check_pair_of(pair_of)
    assert check_reverse(reverse)
    assert check_listen(hearing(BACK))
    assert check_relay(relay)
    assert check_relay(relaying())


def test_almost_right_is_wrong():
    for n in (13, 16, 5, 100, 1):
        assert not check_reverse(off_by(n, reverse, "y")), n
    for n in (13, 16, 100, 37, 5, 64):
        assert not check_listen(off_by(n, hearing(BACK), "y")), n
    for places in (16, 32, 8):
        assert not check_relay(off_by(places, relay, "x")), places


def off_by(size, right, name):
    """A kernel that is wrong by little, at one size alone."""

    class Wrong:
        fn = right.fn

        def __getitem__(self, grid):
            def run(*given, **constants):
                right[grid](*given, **constants)
                tensor = given[0 if name == "x" else 1]
                if len(tensor) == size:
                    tensor *= 1.001

            return run

    Wrong.__name__ = "InterpretedFunction"
    return Wrong()


def test_without_notes_the_room_around_tensors_is_looked_at():
    """As on a GPU, where nobody notes who touches what."""
    memory = Memory({"x": np.zeros(3, np.float32), "holds": np.ones(2, bool)}, "cpu")
    assert memory.outside() is None and memory.race() is None
    memory.buffers["holds"][-4096] = 1
    assert memory.outside() == (0, True, "holds", 2)
    memory.buffers["x"][4095] = 0.0
    assert memory.outside() == (0, True, "x", -1)


def test_a_kernel_for_a_gpu_wants_one(monkeypatch):
    class Compiled:
        fn = reverse.fn

        def __getitem__(self, grid):
            raise AssertionError("nobody launches it")

    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    assert "There is no GPU, and Triton does not interpret" in check_reverse(Compiled()).message


def test_a_compiler_is_heard_by_its_last_line():
    class CompilationError(Exception):
        pass

    error = CompilationError("at 3:4:\ndef f():\n    x = y\n        ^\ny is not defined\n")
    assert str(plain(error)) == "y is not defined"
    assert plain(KeyError("a")).args == ("a",)
