"""Every checker of chapter 2 passes right answers and names typical mistakes, each a real one."""

from math import log2

import numpy as np
import pytest

from fftia_lab.exercises import check_count, check_thirds


def by_recurrence(n, base):
    return n**2 if n == base else 2 * by_recurrence(n // 2, base) + n // 2


class Counted:
    """A number that counts how often it is multiplied."""

    multiplications = 0

    def __init__(self, value):
        self.value = value

    def __add__(self, other):
        return Counted(self.value + other.value)

    def __sub__(self, other):
        return Counted(self.value - other.value)

    def __rmul__(self, weight):
        Counted.multiplications += 1
        return Counted(weight * self.value)


def split_to(x, base):
    if len(x) == base:
        matrix = np.exp(-2j * np.pi * np.outer(range(base), range(base)) / base)
        return np.array([sum(row[1:] * x[1:], row[0] * x[0]) for row in matrix])
    even, odd = split_to(x[::2], base), split_to(x[1::2], base)
    turned = np.exp(-2j * np.pi * np.arange(len(odd)) / len(x)) * odd
    return np.concatenate([even + turned, even - turned])


@pytest.mark.parametrize(("n", "base"), [(2, 2), (8, 2), (16, 4), (64, 8), (32, 32)])
def test_the_formula_is_what_numbers_count_themselves(n, base):
    Counted.multiplications = 0
    x = np.random.default_rng(n).normal(size=n)
    result = split_to(np.array([Counted(value) for value in x], dtype=object), base)
    np.testing.assert_allclose([number.value for number in result], np.fft.fft(x), atol=1e-12)
    assert Counted.multiplications == by_recurrence(n, base)
    assert check_count(by_recurrence)


def endless(n, base):
    return 2 * endless(n // 2, base) + n // 2


COUNT_MISTAKES = [
    (lambda n, base: None, "It returned None"),
    (lambda n, base: "many", "It returned str, not a number"),
    (lambda n, base: n / 0, "ZeroDivisionError"),
    (endless, "calls itself for ever"),
    (lambda n, base: n**2, "That is the definition"),
    (lambda n, base: n // 2 * log2(n // base), "Only the twiddles are counted"),
    (lambda n, base: base**2 + n // 2 * log2(n // base), "128 blocks of 8 need it"),
    (lambda n, base: n * base, "Only the matrices are counted"),
    (lambda n, base: n * base + n * log2(n // base), "the even half stays"),
    (lambda n, base: n * base + n // 2 * log2(n), "There are log2(N/base) = 7 levels"),
    (
        lambda n, base: n * (base + base - 1) + 3 * n // 2 * log2(n // base),
        "Additions are counted too",
    ),
    (lambda n, base: n + n // 2 * log2(n // base), "needs base² multiplications"),
    (lambda n, base: n // 2 * log2(n), "down to single samples"),
    (lambda n, base: n * 8 + n // 2 * 7, "For N = 2 and base 2"),
    (lambda n, base: by_recurrence(n, base) + 0.5, "yours is 11,776.5"),
]


@pytest.mark.parametrize(("mistake", "hint"), COUNT_MISTAKES)
def test_count_hints(mistake, hint):
    verdict = check_count(mistake)
    assert not verdict.passed
    assert hint in verdict.message


def test_the_count_of_one_pair_is_not_enough():
    for n, base in [(1024, 8), (4096, 2), (4096, 4096), (2, 2)]:
        assert not check_count(
            lambda a, b, n=n, base=base: by_recurrence(a, b) + ((a, b) == (n, base))
        )


def thirds(x, turn_b=1, turn_c=2, roots=(0, 1, 2), sign=-1):
    """A reader's recursion, with one thing to get wrong at a time."""
    if len(x) == 1:
        return x
    a, b, c = (thirds(x[j::3], turn_b, turn_c, roots, sign) for j in range(3))
    w = np.exp(sign * 2j * np.pi * np.arange(len(a)) / len(x))
    omega = np.exp(sign * 2j * np.pi / 3)
    return np.concatenate(
        [a + omega**r * w**turn_b * b + omega ** (2 * r) * w**turn_c * c for r in roots]
    )


def same_root(x):
    if len(x) == 1:
        return x
    a, b, c = (same_root(x[j::3]) for j in range(3))
    w = np.exp(-2j * np.pi * np.arange(len(a)) / len(x))
    return np.concatenate([a + np.exp(-2j * np.pi * r / 3) * (w * b + w**2 * c) for r in range(3)])


def cut(x):
    if len(x) == 1:
        return x
    a, b, c = (cut(part) for part in np.split(x, 3))
    k = np.arange(len(x))
    w = np.exp(-2j * np.pi * k / len(x))
    return np.tile(a, 3) + w * np.tile(b, 3) + w**2 * np.tile(c, 3)


def no_end(x):
    return np.concatenate([no_end(x[j::3]) for j in range(3)])


THIRDS_MISTAKES = [
    (lambda x: None, "It returned None"),
    (no_end, "calls itself for ever"),
    (lambda x: np.fft.fft(x)[: len(x) // 3], "It returned shape (3,) for 9 samples"),
    (lambda x: thirds(x, sign=1), "The twiddles turn the wrong way"),
    (np.fft.ifft, "This is the inverse"),
    (lambda x: np.fft.fft(x, norm="forward"), "It divides by N"),
    (lambda x: thirds(x, turn_c=1), "Both B and C are turned by w^k"),
    (lambda x: thirds(x, turn_b=0, turn_c=0), "There is no twiddle"),
    (lambda x: thirds(x, turn_c=0), "C is not turned"),
    (lambda x: thirds(x, roots=(0, 0, 0)), "The three thirds of the spectrum are the same"),
    (lambda x: thirds(x, roots=(0, 2, 1)), "have changed places"),
    (cut, "deal them, x[::3]"),
    (same_root, "Where B takes ω, C takes ω²"),
    (lambda x: np.fft.fft(x) + (np.arange(len(x)) == 2), "the first at k = 2"),
]


def with_powers(x, b=1, c=2, join=np.ravel, buffer=None):
    """The notebook's way: whole powers of z, from tables as long as the samples."""
    if len(x) == 1:
        return x
    parts = [with_powers(x[j::3], b, c, join, buffer) for j in range(3)]
    z = np.exp(-2j * np.pi * np.arange(len(x)) / len(x))
    first, second, third = (np.tile(part, 3) for part in parts)
    sums = join((first + z**b * second + z**c * third).reshape(3, -1))
    if buffer:
        found = buffer(x)
        found[:] = sums
        return found
    return sums


THIRDS_MISTAKES += [
    (lambda x: with_powers(x, c=1), "B and C both go with z: C goes with z²."),
    (lambda x: with_powers(x, b=2, c=1), "B and C have changed places"),
    (lambda x: with_powers(x, join=lambda table: table.T.ravel()), "The thirds are interleaved"),
    (lambda x: with_powers(x, buffer=lambda x: np.zeros(len(x))), "the buffer must be complex"),
    (lambda x: with_powers(x, buffer=np.empty_like), "For real numbers, and only for them"),
    (lambda x: np.fft.fft(x, norm="ortho"), "It divides by √N"),
]


@pytest.mark.parametrize(("mistake", "hint"), THIRDS_MISTAKES)
def test_thirds_hints(mistake, hint):
    verdict = check_thirds(mistake)
    assert not verdict.passed
    assert hint in verdict.message


def test_right_and_almost_right_thirds():
    assert check_thirds(thirds) and check_thirds(with_powers) and check_thirds(np.fft.fft)
    assert not check_thirds(lambda x: np.fft.fft(x) * (1 + 1e-6))
    for size in (3, 9, 27, 81, 243):
        assert not check_thirds(lambda x, s=size: np.fft.fft(x) * (len(x) != s)), size
    assert not check_thirds(lambda x: thirds(x) if len(x) > 1 else 0 * x)
