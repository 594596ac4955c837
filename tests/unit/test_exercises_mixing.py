"""The checkers of chapter 10 pass right answers, fail the empty one, and name typical mistakes."""

import numpy as np
import pytest
import torch
from scipy.linalg import circulant
from scipy.special import softmax

from fftia_lab.exercises import check_lags, check_leaks, check_response
from fftia_lab.mixing import SpectralMixingLayer
from fftia_lab.mixing.reference import response_per_sample, response_per_sequence


def lines(knots, waves):
    return np.interp(waves, np.linspace(0, 0.5, len(knots)), knots)


def waves(n):
    return np.arange(n // 2 + 1) / n


def floored(knots, n, rounding=np.floor):
    return knots[rounding(2 * waves(n) * (len(knots) - 1)).astype(int)]


def apart(knots, n):
    """Size and angle each on straight lines."""
    turns = np.unwrap(np.angle(knots))
    return lines(np.abs(knots), waves(n)) * np.exp(1j * lines(turns, waves(n)))


RESPONSE_MISTAKES = [
    (lambda knots, n: None, "It returned None"),
    (lambda knots, n: "3", "It returned str, not an array of numbers"),
    (lambda knots, n: knots[: n // 2 + 1], "it has shape (5,); there are 9 waves"),
    (lambda knots, n: np.resize(knots, n // 2 + 1), "Knot k is put on wave k: that is per seq"),
    (lambda knots, n: response_per_sequence(knots[:, None], n)[:, 0], "and faster ones pass"),
    (
        lambda knots, n: lines(knots, np.linspace(0, 0.5, n // 2 + 1)),
        "Of an odd n the last wave stops short",
    ),
    (lambda knots, n: lines(knots, waves(n) / 2), "at half a cycle a sample, not at a whole"),
    (lambda knots, n: lines(knots, 2 * waves(n)), "not at a quarter"),
    (lambda knots, n: lines(knots.real, waves(n)), "The imaginary parts are lost"),
    (lambda knots, n: lines(np.abs(knots), waves(n)), "Only the sizes are kept"),
    (apart, "Size and angle are drawn apart"),
    (floored, "Each wave takes the knot below it"),
    (lambda knots, n: floored(knots, n, np.rint), "Each wave takes the nearest knot"),
    (lambda knots, n: lines(knots, np.arange(n) / n), "rfft has n // 2 + 1 waves; these are n"),
    (lambda knots, n: lines(knots, waves(n)).conj(), "It is conjugated"),
    (lambda knots, n: lines(knots, waves(n)) * np.nan, "nan or inf"),
    (
        lambda knots, n: lines(knots, waves(n)) + (np.arange(n // 2 + 1) == 2),
        "For 5 knots and 16 tokens, wave 2 should have",
    ),
]


@pytest.mark.parametrize(("mistake", "hint"), RESPONSE_MISTAKES)
def test_response_hints(mistake, hint):
    verdict = check_response(mistake)
    assert not verdict
    assert hint in verdict.message
    assert repr(verdict).startswith("Not yet. ")


def by_matrix(z, v):
    return circulant(softmax(z)) @ v


def through(p, v, axis=0, back=np.fft.ifft):
    p = p[:, None] if axis == 0 else p
    return back(np.fft.fft(p, axis=axis) * np.fft.fft(v, axis=axis), axis=axis)


def carelessly(z, v):
    """Right, until exp overflows."""
    return circulant(np.exp(z) / np.exp(z).sum()) @ v


def padded(z, v):
    n = len(z)
    spectrum = np.fft.rfft(softmax(z), 2 * n)[:, None] * np.fft.rfft(v, 2 * n, axis=0)
    return np.fft.irfft(spectrum, 2 * n, axis=0)[:n]


LAG_MISTAKES = [
    (lambda z, v: None, "It returned None"),
    (lambda z, v: softmax(z), "For 8 tokens it has shape (8,), not (8, 3)"),
    (lambda z, v: np.fft.fft(z) * np.fft.fft(v), "It stopped with ValueError"),
    (lambda z, v: softmax(z)[:, None] * v, "Each value got the weight of its own place"),
    (lambda z, v: softmax(z) @ v, "One mean for everybody: roll the weights"),
    (lambda z, v: np.ones((len(z), 1)) * (softmax(z) @ v), "One mean for everybody: row i"),
    (lambda z, v: circulant(softmax(z)).T @ v, "Is one spectrum conjugated?"),
    (lambda z, v: circulant(z) @ v, "take their softmax"),
    (lambda z, v: circulant(np.exp(z)) @ v, "do not sum to 1: divide by their sum"),
    (lambda z, v: circulant(abs(z) / abs(z).sum()) @ v, "A softmax takes exp, not abs"),
    (padded, "Nothing comes round: the circle has n places"),
    (lambda z, v: through(softmax(z), v, back=lambda X, axis: X), "transform it back"),
    (lambda z, v: len(z) * by_matrix(z, v), "Too large by n"),
    (lambda z, v: through(softmax(z), v, back=np.fft.fft), "The way back is ifft"),
    (
        lambda z, v: np.fft.ifft(np.fft.fft(softmax(z))[:, None] * np.fft.fft(v, axis=1), axis=1),
        "The transform runs along the channels",
    ),
    (carelessly, "Scores of 1,000: it returned nan or inf"),
    (carelessly, "Take the largest score off all of them before exp."),
    (lambda z, v: by_matrix(np.clip(z, -9, 9), v), "Scores of 1,000: its outputs are wrong."),
    (
        lambda z, v: by_matrix(z, v) + (np.arange(v.size).reshape(v.shape) == 4),
        "For 8 tokens, output 1 should be",
    ),
]


@pytest.mark.parametrize(("mistake", "hint"), LAG_MISTAKES)
def test_lag_hints(mistake, hint):
    verdict = check_lags(mistake)
    assert not verdict
    assert hint in verdict.message


def leaking(f, n, changed=None, seen=lambda j: slice(j), start=None, step=None, atol=1e-9):
    """A right test, of which each part can be broken."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=(n, 3)) if start is None else start * np.ones((n, 3))
    for j in range(n) if changed is None else changed(n):
        later = x.copy()
        later[j] += rng.normal(size=3) if step is None else step
        if not np.allclose(f(later)[seen(j)], f(x)[seen(j)], rtol=0, atol=atol):
            return True
    return False


def broken(**options):
    return lambda f, n: leaking(f, n, **options)


LEAK_MISTAKES = [
    (lambda f, n: None, "It returned None"),
    (lambda f, n: 1, "It returned int: answer True or False"),
    (lambda f, n: True, "is causal, and you say that it leaks"),
    (broken(seen=lambda j: slice(j + 1)), "is causal, and you say that it leaks"),
    (lambda f, n: False, "A filter with a weight at lag -1 leaks"),
    (broken(seen=lambda j: slice(1), changed=lambda n: [n - 1]), "a weight at lag -1 leaks"),
    (broken(changed=lambda n: [n - 1]), "change every token in turn, not the last alone"),
    (broken(changed=lambda n: range(n - 1)), "change the last token too, and look at output 0"),
    (broken(seen=lambda j: slice(max(j - 1, 0), j)), "change the last token too, and look at"),
    (
        broken(seen=lambda j: [i for i in range(j) if i != 4 or j < 5]),
        "A layer whose last but one output hears the last token passes",
    ),
    (broken(step=1.0), "change the channels of a token by different amounts"),
    (broken(start=0.0), "begin with tokens that are not zero"),
    (lambda f, n: leaking(f, n) or f(np.ones((n, 3))).max() > 2, "A running sum hears only"),
    (broken(atol=0.0), "less than the rounding of an FFT is no leak"),
    (broken(atol=1e-3), "A weight of 0.0001 at lag -1 is small, and a leak"),
]


@pytest.mark.parametrize(("mistake", "hint"), LEAK_MISTAKES)
def test_leak_hints(mistake, hint):
    verdict = check_leaks(mistake)
    assert not verdict
    assert hint in verdict.message


def test_right_answers():
    assert check_response(lambda knots, n: lines(knots, waves(n)))
    assert check_response(lambda knots, n: response_per_sample(knots[:, None], n)[:, 0].tolist())
    assert check_lags(by_matrix)
    assert check_lags(lambda z, v: through(softmax(z), v)), "rounding may be complex"
    assert check_leaks(leaking)
    assert check_leaks(lambda f, n: np.bool_(leaking(f, n)))


@pytest.mark.parametrize("causal", [True, False])
def test_a_right_test_for_leaks_is_right_about_the_library(causal):
    layer = SpectralMixingLayer(3, num_filters=4, causal=causal).double()
    torch.nn.init.normal_(layer.real)
    assert leaking(lambda x: layer(torch.tensor(x)[None])[0].detach().numpy(), 6) != causal


def test_almost_right_is_wrong():
    for count, n in [(5, 16), (3, 9), (9, 32), (5, 7), (2, 2), (4, 1), (9, 33)]:
        wrong = check_response(
            lambda knots, m, case=(count, n): lines(knots, waves(m)) + ((len(knots), m) == case)
        )
        assert not wrong, (count, n)
    for shape in [(8, 3), (5, 2), (1, 4), (16, 1), (9, 9), (4, 4)]:
        assert not check_lags(lambda z, v, case=shape: by_matrix(z, v) + (v.shape == case)), shape
    for n in (6, 9):
        assert not check_leaks(lambda f, m, case=n: leaking(f, m) != (m == case)), n
    assert not check_response(lambda knots, n: lines(knots, waves(n)) * (1 + 1e-6))
    assert not check_lags(lambda z, v: by_matrix(z, v) * (1 + 1e-6))
