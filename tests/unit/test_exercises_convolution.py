"""The checkers of chapter 9 pass right answers, fail the empty one, and name typical mistakes."""

import numpy as np
import pytest
from scipy.linalg import toeplitz

from fftia_lab.exercises import check_alias, check_convolve, check_past


def nearest(k, n):
    """The cycles from 0 to n/2 whose cosine has the same samples: found by looking at them all."""
    time = np.arange(n) / n
    wave = np.cos(2 * np.pi * k * time)
    (found,) = (m for m in range(n // 2 + 1) if np.allclose(np.cos(2 * np.pi * m * time), wave))
    return found


ALIAS_MISTAKES = [
    (lambda k, n: None, "It returned None"),
    (lambda k, n: "3", "It returned str, not a number of cycles"),
    (lambda k, n: [nearest(k, n)], "It returned list, not a number of cycles"),
    (lambda k, n: k % n, "5 cycles in 8 samples: 5 is more than 8/2. Its mirror image, 8 - 5, has"),
    (lambda k, n: n - k % n, "11 cycles in 8 samples: 5 is more than 8/2. Its mirror image"),
    (lambda k, n: min(k, n // 2), "4 is the fastest wave there is, but the samples are those of 3"),
    (lambda k, n: min(k, abs(n - k)), "-3 cycles in 8 samples: -3 turns backwards"),
    (lambda k, n: abs(n - k), "11 is more than 8/2: take k modulo 8, then the mirror image"),
    (lambda k, n: (k + n // 2) % n - n // 2, "-3 turns backwards: as a cosine it is 3"),
    (lambda k, n: min(k % n, n / 2 - k % n), "-1 turns backwards: as a cosine it is 3"),
    (lambda k, n: k / n, "0.625 is no whole number"),
    (lambda k, n: np.nan, "nan is no whole number"),
    (lambda k, n: 2, "their alias has 3; you found 2"),
]


@pytest.mark.parametrize(("mistake", "hint"), ALIAS_MISTAKES)
def test_alias_hints(mistake, hint):
    verdict = check_alias(mistake)
    assert not verdict
    assert hint in verdict.message
    assert repr(verdict).startswith("Not yet. ")


def through_spectra(x, c, length, combine=np.multiply, back=np.fft.ifft):
    return back(combine(np.fft.fft(x, length), np.fft.fft(c, length)))


def whole(x, c):
    return len(x) + len(c) - 1


def by_correlation(x, c):
    return through_spectra(x, c, whole(x, c), lambda a, b: a * b.conj())


def in_front(x, c):
    """Pads on the wrong side."""
    more = np.zeros(len(c) - 1), np.zeros(len(x) - 1)
    return through_spectra(np.append(more[0], x), np.append(more[1], c), whole(x, c))


CONVOLVE_MISTAKES = [
    (lambda x, c: None, "It returned None"),
    (lambda x, c: np.outer(x, c), "It returned shape (8, 3), not a row of numbers"),
    (lambda x, c: np.fft.fft(x) * np.fft.fft(c), "It stopped with ValueError"),
    (
        lambda x, c: through_spectra(x, c, max(len(x), len(c))),
        "the last 2 sums were added to the first. Pad both with zeros",
    ),
    (lambda x, c: np.convolve(x, c)[: len(x)], "The first 8 sums are right, but 2 more follow"),
    (lambda x, c: through_spectra(x, c, 2 * max(len(x), len(c))), "only the first 10 are sums"),
    (lambda x, c: np.convolve(x, c[::-1]), "It correlates: one spectrum is conjugated, or c"),
    (lambda x, c: np.convolve(x[::-1], c), "It correlates: one spectrum is conjugated, or x"),
    (lambda x, c: through_spectra(x, c, whole(x, c), back=np.fft.fft), "The way back is ifft"),
    (lambda x, c: through_spectra(x, c, whole(x, c), np.add), "The spectra are added: multiply"),
    (lambda x, c: through_spectra(x, c, whole(x, c), back=np.copy), "transform it back"),
    (lambda x, c: np.convolve(x, c) * whole(x, c), "Too large by the length"),
    (lambda x, c: np.convolve(x, c) / whole(x, c), "Too small by the length"),
    (in_front, "The zeros stand in front"),
    (
        lambda x, c: through_spectra(x, c, whole(x, c), lambda a, b: abs(a * b)),
        "Only the sizes were multiplied",
    ),
    (lambda x, c: np.convolve(x, c) * np.nan, "nan or inf"),
    (lambda x, c: np.convolve(x, c, "valid"), "It returned 6 values; there are 10."),
    (by_correlation, "For 8 samples and 3 weights, sum 0 should be"),
]


@pytest.mark.parametrize(("mistake", "hint"), CONVOLVE_MISTAKES)
def test_convolve_hints(mistake, hint):
    verdict = check_convolve(mistake)
    assert not verdict
    assert hint in verdict.message


def causal(x, D, lags=lambda c: np.append(c[: len(c) // 2], np.zeros(len(c) // 2))):
    """The definition as a matrix, with the lags of the circle that are kept as an argument."""
    size = len(x)
    kept = lags(np.fft.irfft(D, 2 * size))
    return toeplitz(kept[:size], np.append(kept[0], kept[:size:-1])) @ x


def around(c, x):
    return toeplitz(c, np.append(c[0], c[:0:-1])) @ x


def half(D, x):
    return np.fft.irfft(D, 2 * len(x))[: len(x)]


PAST_MISTAKES = [
    (lambda x, D: None, "It returned None"),
    (lambda x, D: np.fft.irfft(D * np.fft.rfft(x)), "It stopped with ValueError"),
    (lambda x, D: causal(x, D, lambda c: c), "output 0 changes with sample 1. Cut the lags"),
    (lambda x, D: around(half(D, x), x), "the end comes round to the start: pad the samples"),
    (
        lambda x, D: around(np.fft.irfft(D, 2 * len(x)).reshape(2, -1).sum(axis=0), x),
        "a circle of n and hears the future",
    ),
    (
        lambda x, D: np.append(np.convolve(x, half(D, x)), 0),
        "Right, with the padding behind it: keep the first n outputs",
    ),
    (
        lambda x, D: np.fft.irfft(D * np.fft.rfft(x, 2 * len(x)), 2 * len(x)),
        "Cut twice: the lags above n, and the outputs",
    ),
    (
        lambda x, D: causal(x, D, lambda c: c * (np.arange(len(c)) >= len(c) // 2)),
        "That is the wrong half",
    ),
    (lambda x, D: causal(x, D) - np.fft.irfft(D, 2 * len(x))[0] * x, "Lag 0 is gone"),
    (
        lambda x, D: np.convolve(x, half(D, x)[: len(x) // 2])[: len(x)],
        "It cuts at n/2: on a circle of 2n",
    ),
    (
        lambda x, D: causal(x, D * (np.arange(len(D)) < len(x) / 2), lambda c: c),
        "It cuts frequencies: transform D back first",
    ),
    (lambda x, D: half(D, x), "These are the weights: convolve"),
    (lambda x, D: 2 * causal(x, D), "Twice too large"),
    (lambda x, D: causal(x, D)[:-1], "It returned 7 values; there are 8."),
    (lambda x, D: causal(x, D) + (np.arange(len(x)) == 2), "For 8 samples, output 2 should be"),
]


@pytest.mark.parametrize(("mistake", "hint"), PAST_MISTAKES)
def test_past_hints(mistake, hint):
    verdict = check_past(mistake)
    assert not verdict
    assert hint in verdict.message


def test_right_answers():
    assert check_alias(nearest)
    assert check_alias(lambda k, n: float(nearest(k, n)))
    assert check_convolve(np.convolve)
    assert check_convolve(lambda x, c: np.convolve(x, c).tolist()), "a list is a row too"
    assert check_convolve(lambda x, c: through_spectra(x, c, whole(x, c))), (
        "rounding may be complex"
    )
    assert check_past(causal)


def test_almost_right_is_wrong():
    for k, n in [(40, 16), (-40, 1), (0, 5), (8, 16)]:
        wrong = check_alias(lambda m, size, case=(k, n): nearest(m, size) + ((m, size) == case))
        assert not wrong, (k, n)
    for samples, weights in [(8, 3), (2, 5), (4, 4), (6, 1), (1, 7), (33, 16)]:
        wrong = check_convolve(
            lambda x, c, case=(samples, weights): np.convolve(x, c) + ((len(x), len(c)) == case)
        )
        assert not wrong, (samples, weights)
    for size in (8, 1, 5, 16):
        assert not check_past(lambda x, D, n=size: causal(x, D) + (len(x) == n)), size
    assert not check_convolve(lambda x, c: np.convolve(x, c) * (1 + 1e-6))
    assert not check_past(lambda x, D: causal(x, D) * (1 + 1e-6))
