"""The checkers of chapter 11 pass right answers, fail the empty one, and name typical mistakes."""

import numpy as np
import pytest

from fftia_lab.exercises import check_keep, check_nbytes, check_streamed
from fftia_lab.mixing.sparse import reference


def counted(rows, columns):
    """Entries without their conjugates, counted one by one."""
    return len({min((i, j), (-i % rows, -j % columns)) for i, j in np.ndindex(rows, columns)})


def nbytes(rows, columns, kept):
    return 8 * kept + int(np.ceil(counted(rows, columns) / 8)) + 56


def with_entries(entries):
    return lambda rows, columns, kept: 8 * kept + -(-entries(rows, columns) // 8) + 56


NBYTES_MISTAKES = [
    (lambda m, n, kept: None, "It returned None"),
    (lambda m, n, kept: "90", "It returned str, not a number of bytes"),
    (lambda m, n, kept: nbytes(m, n, kept) - 56, "15 × 26, 40 kept: 345. The header is missing"),
    (lambda m, n, kept: 8 * kept + counted(m, n) + 56, "A byte for each entry: a bit is enough"),
    (lambda m, n, kept: 8 * kept + 56, "Nothing says which entries are kept"),
    (lambda m, n, kept: nbytes(m, n, 2 * kept), "Both of every pair"),
    (lambda m, n, kept: nbytes(m, n, kept) - 4 * kept, "One number an entry"),
    (lambda m, n, kept: 24 * kept, "That is as published"),
    (lambda m, n, kept: nbytes(m, n, counted(m, n)), "only those that are kept cost 8 bytes"),
    (lambda m, n, kept: 8 * kept + m * n // 8 + 56, "A bit for each of 390 entries: pairs share"),
    (with_entries(lambda m, n: m * n), "A bit for each of 390 entries: pairs share one"),
    (with_entries(lambda m, n: m * (n // 2 + 1)), "15 × 26, 40 kept: 403. The half that rfft2"),
    (
        with_entries(lambda m, n: (m * n + 4) // 2),
        "9 × 14, 4 kept: 97. Four entries without a partner: with these",
    ),
    (with_entries(lambda m, n: m * n // 2), "4 of the 65536 entries have no partner"),
    (lambda m, n, kept: 8 * kept + counted(m, n) / 8 + 56, "Whole bytes: the last bits need one"),
    (lambda m, n, kept: 8 * kept + counted(m, n) // 8 + 56, "15 × 26, 40 kept: 400. Whole bytes"),
    (lambda m, n, kept: np.inf, "There are 196 independent entries, and it is 401 bytes"),
]


@pytest.mark.parametrize(("mistake", "hint"), NBYTES_MISTAKES)
def test_nbytes_hints(mistake, hint):
    verdict = check_nbytes(mistake)
    assert not verdict
    assert hint in verdict.message
    assert repr(verdict).startswith("Not yet. ")


def keep(x, count):
    """By the reference, which looks at the whole spectrum; a tiny share more than asked for."""
    return reference.approximation(x, count / (len(x) // 2 + 1))


def lines(x, chosen, factor=1):
    spectrum = np.zeros(len(x) // 2 + 1, complex)
    spectrum[chosen] = factor * np.fft.rfft(x)[chosen]
    return np.fft.irfft(spectrum, len(x))


def by(energy, keep_all=False):
    """The right way with another energy of the lines, and perhaps all that equal the last."""

    def keeping(x, count):
        size = energy(np.abs(np.fft.rfft(x)) ** 2, len(x))
        order = np.argsort(-size, kind="stable")[:count]
        return lines(x, np.flatnonzero(size >= size[order[-1]]) if keep_all else order)

    return keeping


def pairs_twice(energy, size):
    k = np.arange(len(energy))
    return energy * np.where(2 * k % size == 0, 1, 2)


def all_but_first_twice(energy, size):
    return energy * np.where(np.arange(len(energy)), 2, 1)


def half_a_pair(x, count):
    spectrum = np.fft.fft(x)
    spectrum[np.argsort(-np.abs(spectrum), kind="stable")[count:]] = 0
    return np.fft.ifft(spectrum).real


def spectrum_only(x, count):
    return np.fft.rfft(keep(x, count))


def later_first(x, count):
    size = pairs_twice(np.abs(np.fft.rfft(x)) ** 2, len(x))
    return lines(x, np.argsort(size, kind="stable")[::-1][:count])


KEEP_MISTAKES = [
    (lambda x, count: None, "It returned None"),
    (lambda x, count: x * np.nan, "nan or inf"),
    (lambda x, count: x, "For 8 samples and 2 lines, nothing was dropped"),
    (lambda x, count: 0 * x, "nothing was kept"),
    (by(lambda energy, size: energy), "a pair counts twice, and lines 0 and n/2 once"),
    (half_a_pair, "half a pair was kept"),
    (lambda x, count: x - keep(x, count), "the strongest were dropped"),
    (by(lambda energy, size: -pairs_twice(energy, size)), "the weakest were kept"),
    (by(lambda energy, size: -np.arange(len(energy))), "the slowest were kept"),
    (spectrum_only, "this is its spectrum"),
    (by(pairs_twice, keep_all=True), "For a single 1 in 8 samples and 2 lines, all that equal"),
    (later_first, "of equal lines the faster were kept"),
    (by(all_but_first_twice), "line n/2 is its own mirror image and counts once"),
    (
        lambda x, count: np.fft.irfft(np.fft.rfft(keep(x, count))),
        "For 5 samples and 2 lines, it returned 4 samples: irfft takes an even length",
    ),
    (lambda x, count: keep(x, count)[:3], "it returned shape (3,), not 8 samples"),
    (lambda x, count: 2 * keep(x, count), "is not what the lines ["),
]


@pytest.mark.parametrize(("mistake", "hint"), KEEP_MISTAKES)
def test_keep_hints(mistake, hint):
    verdict = check_keep(mistake)
    assert not verdict
    assert hint in verdict.message


def streamed(x, columns, outputs, width, *, first=np.fft.ifft, last=np.fft.ifft, change=np.copy):
    asked = [columns(a, min(a + width, outputs)) for a in range(0, outputs, width)]
    return last(first(x) @ change(np.hstack(asked)))


def by_block(make):
    return lambda x, columns, outputs, width: np.hstack(
        [make(x, columns(a, a + width)) for a in range(0, outputs, width)]
    )


def other(**change):
    return lambda x, columns, outputs, width: streamed(x, columns, outputs, width, **change)


def along_tokens(x):
    return np.fft.ifft(x, axis=0)


def without_the_last(x, columns, outputs, width):
    found = [columns(a, a + width) for a in range(0, outputs - width + 1, width)]
    return np.fft.ifft(np.fft.ifft(x) @ np.hstack(found)).real if found else x[:, :0]


STREAM_MISTAKES = [
    (lambda x, columns, outputs, width: None, "It returned None"),
    (lambda x, columns, outputs, width: x * np.nan, "nan or inf"),
    (
        lambda x, columns, outputs, width: x @ np.fft.ifft2(columns(0, outputs)).real,
        "It asked for 12 columns at once: no more than 4 at a time",
    ),
    (
        by_block(lambda x, block: x @ np.fft.ifft2(block).real),
        "each block was transformed back by itself",
    ),
    (
        by_block(lambda x, block: x @ np.fft.ifft2(block)),
        "each block was transformed back by itself",
    ),
    (by_block(lambda x, block: np.fft.ifft(np.fft.ifft(x) @ block)), "transformed back by itself"),
    (other(last=np.copy), "the outputs are still frequencies"),
    (other(first=np.fft.fft), "transform x by ifft: W is F⁻¹ S F⁻¹"),
    (other(last=np.fft.fft), "the last transform goes back too, by ifft"),
    (other(first=np.copy), "x stands in time and S in frequency"),
    (other(first=along_tokens), "x was transformed along the tokens"),
    (other(last=along_tokens), "the last transform went along the tokens"),
    (other(change=np.conj), "the spectrum was conjugated"),
    (other(first=lambda x: np.fft.ifft(x).conj()), "x was conjugated"),
    (other(first=lambda x: np.fft.ifft(x).real), "x lost its imaginary part"),
    (other(change=np.real), "the spectrum lost its imaginary part"),
    (other(last=lambda y: np.fft.ifft(y.real)), "dropped too early"),
    (other(last=lambda y: np.abs(np.fft.ifft(y))), "signs are lost"),
    (without_the_last, "For 7 outputs, 3 at a time, the last block is missing"),
    (lambda *given: streamed(*given)[:, :-1], "it returned shape (3, 11), not (3, 12)"),
    (lambda *given: 2 * streamed(*given), "it is not x W: transform x, multiply"),
]


@pytest.mark.parametrize(("mistake", "hint"), STREAM_MISTAKES)
def test_stream_hints(mistake, hint):
    verdict = check_streamed(mistake)
    assert not verdict
    assert hint in verdict.message


def test_right_answers():
    assert check_nbytes(nbytes)
    assert check_nbytes(lambda *given: float(nbytes(*given)))
    assert check_keep(keep)
    assert check_keep(by(pairs_twice))
    assert check_keep(lambda x, count: keep(x, count).tolist()), "a list is a row too"
    assert check_streamed(streamed), "rounding may be complex"
    assert check_streamed(lambda *given: streamed(*given).real)


def test_almost_right_is_wrong():
    for case in [(9, 14, 4), (256, 256, 6554), (3, 3, 2), (4, 6, 1), (1, 9, 5), (2, 1, 2)]:
        assert not check_nbytes(lambda *given, one=case: nbytes(*given) + (given == one)), case
    for size in (8, 5, 16, 9, 2, 1):
        assert not check_keep(lambda x, count, n=size: keep(x, count) + (len(x) == n)), size
    for outputs in (12, 7, 6, 3):
        wrong = check_streamed(lambda *given, n=outputs: streamed(*given) + (given[2] == n))
        assert not wrong, outputs
    assert not check_keep(lambda x, count: keep(x, count) * (1 + 1e-6))
    assert not check_streamed(lambda *given: streamed(*given) * (1 + 1e-6))
