"""Checkers of notebook 10-spectral-mixing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._answer import complex_numbers
from ._trial import attempt
from ._verdict import Verdict, agree, differing

Reals = NDArray[np.float64]
Complexes = NDArray[np.complex128]
Mixer = Callable[[Reals], Reals]
Hints = list[tuple[NDArray[Any], str]]


def _array(answer: Callable[..., Any], given: tuple[Any, ...]) -> Complexes | Verdict:
    """Call a reader's function; return its array, or why it is none."""
    result = attempt(answer, given)
    found = result if isinstance(result, Verdict) else complex_numbers(result)
    if isinstance(found, Verdict):
        return found
    if not np.isfinite(found).all():
        return Verdict(False, "It returned nan or inf: exp overflows, or it divides by zero.")
    return found


def _recognised(answer: Complexes, hints: Hints) -> Verdict | None:
    """Return the mistake that an answer looks like: same shape, same values."""
    for mistake, hint in hints:
        if mistake.shape == answer.shape and agree(answer, mistake):
            return Verdict(False, hint)
    return None


def _written(value: complex) -> str:
    return f"{value:.3f}" if value.imag else f"{value.real:.3f}"


# ---- a response for every length ---------------------------------------------------------------

COUNTS = ((5, 16), (3, 9), (9, 32), (5, 7), (2, 2), (4, 1), (9, 33))


def check_response(per_sample: Callable[[Complexes, int], Any]) -> Verdict:
    """Check a reader's response of knots per sample, at the waves of n tokens.

    Args:
        per_sample: takes complex knots of shape (K,), K at least 2, at equal distances from 0 to
            half a cycle a sample, and n; returns the response, complex (n // 2 + 1,).

    >>> check_response(lambda knots, n: np.resize(knots, n // 2 + 1))
    Not yet. Knot k is put on wave k: that is per sequence. Wave k has k/n cycles a sample.
    """
    for count, n in COUNTS:
        rng = np.random.default_rng(count)
        knots = rng.normal(size=count) + 1j * rng.normal(size=count)
        knots[[0, -1]] = knots[[0, -1]].real
        answer = _array(per_sample, (knots, n))
        if isinstance(answer, Verdict):
            return answer
        wanted = _on_lines(knots, np.arange(n // 2 + 1) / n)
        if answer.shape == wanted.shape and agree(answer, wanted):
            continue
        seen = _recognised(answer, _response_hints(knots, n))
        where = f"For {count} knots and {n} tokens"
        return _response_differs(answer, wanted, where) if seen is None else seen
    return Verdict(True, "It is right for 2 to 9 knots and for 1 to 33 tokens, odd ones too.")


def _response_differs(answer: Complexes, wanted: Complexes, where: str) -> Verdict:
    if answer.shape != wanted.shape:
        count = len(wanted)
        return Verdict(False, f"{where} it has shape {answer.shape}; there are {count} waves.")
    k = differing(answer, wanted)[0]
    said = f"wave {k} should have {_written(wanted[k])}; it has {_written(answer[k])}."
    return Verdict(False, f"{where}, {said}")


def _on_lines(knots: NDArray[Any], frequencies: Reals) -> Complexes:
    """Return knots from 0 to 1/2 on straight lines between, at some frequencies."""
    places = np.linspace(0, 0.5, len(knots))
    real, turning = (np.interp(frequencies, places, part) for part in (knots.real, knots.imag))
    return np.asarray(real + 1j * turning)


def _response_hints(knots: Complexes, n: int) -> Hints:
    waves = np.arange(n // 2 + 1) / n
    whole, last = np.arange(n) / n, len(knots) - 1
    sizes, turns = np.abs(knots), np.unwrap(np.angle(knots))
    below = np.floor(2 * waves * last).astype(int)
    nearest = np.rint(2 * waves * last).astype(int)
    ones = np.ones(n // 2 + 1, dtype=complex)
    known = min(len(ones), len(knots))
    ones[:known] = knots[:known]
    return [
        (
            np.resize(knots, n // 2 + 1),
            "Knot k is put on wave k: that is per sequence. Wave k has k/n cycles a sample.",
        ),
        (
            ones,
            "Knot k is put on wave k, and faster ones pass: that is per sequence. "
            "Wave k has k/n cycles a sample.",
        ),
        (
            _on_lines(knots, np.linspace(0, 0.5, n // 2 + 1)),
            "Of an odd n the last wave stops short of half a cycle a sample: wave k has k/n.",
        ),
        (
            _on_lines(knots, waves / 2),
            "The last knot stands at half a cycle a sample, not at a whole one.",
        ),
        (
            _on_lines(knots, np.minimum(2 * waves, 0.5)),
            "The knots end at half a cycle a sample, not at a quarter: check how far they go.",
        ),
        (_on_lines(knots.real, waves), "The imaginary parts are lost: a knot may turn its wave."),
        (_on_lines(sizes, waves), "Only the sizes are kept: a knot may turn its wave."),
        (
            _on_lines(sizes, waves) * np.exp(1j * _on_lines(turns, waves).real),
            "Size and angle are drawn apart. The straight line goes from one complex number to "
            "the next.",
        ),
        (knots[below], "Each wave takes the knot below it: draw a straight line to the next."),
        (knots[nearest], "Each wave takes the nearest knot: draw straight lines between them."),
        (_on_lines(knots, whole), "rfft has n // 2 + 1 waves; these are n."),
        (_on_lines(knots, waves).conj(), "It is conjugated: knots are taken as they are."),
    ]


# ---- a kernel from scores ----------------------------------------------------------------------

SIZES = ((8, 3), (5, 2), (1, 4), (16, 1), (9, 9))


def check_lags(by_lag: Callable[[Reals, Reals], Any]) -> Verdict:
    """Check a reader's attention over lags against the circulant of a softmax.

    Args:
        by_lag: takes scores of shape (n,) and values of shape (n, channels); returns the outputs,
            of the shape of the values.

    >>> check_lags(lambda z, v: np.exp(z)[:, None] / np.exp(z).sum() * v)
    Not yet. Each value got the weight of its own place: no token hears another.
    """
    for n, channels in SIZES:
        rng = np.random.default_rng(n)
        z, v = rng.normal(size=n), rng.normal(size=(n, channels))
        answer = _array(by_lag, (z, v))
        if isinstance(answer, Verdict):
            return answer
        wanted = _circulant(_softmax(z)) @ v
        if answer.shape == wanted.shape and agree(answer, wanted):
            continue
        seen = _recognised(answer, _lag_hints(z, v))
        return _lags_differ(answer, wanted) if seen is None else seen
    return _large_scores(by_lag)


def _large_scores(by_lag: Callable[[Reals, Reals], Any]) -> Verdict:
    """Ask what softmax must survive: scores of which only the differences count."""
    z, v = np.array([1000.0, 999.0, -1000.0, 998.0]), np.eye(4)
    answer = _array(by_lag, (z, v))
    wanted = _circulant(_softmax(z))
    if isinstance(answer, Verdict) or not agree(answer, wanted):
        told = answer.message if isinstance(answer, Verdict) else "its outputs are wrong."
        cure = "Take the largest score off all of them before exp."
        return Verdict(False, f"Scores of 1,000: {told[0].lower()}{told[1:]} {cure}")
    return Verdict(True, "It is the circulant of the softmax, at five sizes and for large scores.")


def _lags_differ(answer: Complexes, wanted: Reals) -> Verdict:
    n = len(wanted)
    if answer.shape != wanted.shape:
        said = f"For {n} tokens it has shape {answer.shape}, not {wanted.shape}."
        return Verdict(False, f"{said} One output a token and channel.")
    i, c = np.unravel_index(differing(answer, wanted)[0], wanted.shape)
    said = f"output {i} should be {wanted[i, c]:.3f} in channel {c}; it is "
    return Verdict(False, f"For {n} tokens, {said}{_written(complex(answer[i, c]))}.")


def _softmax(z: Reals) -> Reals:
    weights: Reals = np.exp(z - z.max())
    return weights / weights.sum()


def _circulant(c: Reals) -> Reals:
    place = np.arange(len(c))
    matrix: Reals = c[place[:, None] - place]
    return matrix


def _lag_hints(z: Reals, v: Reals) -> Hints:
    p, n, channels = _softmax(z), len(z), v.shape[1]
    matrix, e = _circulant(p), np.exp(z)
    spectrum = np.fft.fft(p)[:, None] * np.fft.fft(v, axis=0)
    tail = np.fft.irfft(np.fft.rfft(p, 2 * n)[:, None] * np.fft.rfft(v, 2 * n, axis=0), 2 * n, 0)
    hints: Hints = [
        (p[:, None] * v, "Each value got the weight of its own place: no token hears another."),
        ((p @ v), "One mean for everybody: roll the weights, a row for each token."),
        (np.tile(p @ v, (n, 1)), "One mean for everybody: row i takes weight k of token i - k."),
        (
            matrix.T @ v,
            "It looks ahead: weight k goes to token i - k, not i + k. Is one spectrum conjugated?",
        ),
        (_circulant(z) @ v, "The scores themselves are the weights: take their softmax."),
        (_circulant(e) @ v, "The weights do not sum to 1: divide by their sum."),
        (_circulant(np.abs(z) / np.abs(z).sum()) @ v, "A softmax takes exp, not abs."),
        (tail[:n], "Nothing comes round: the circle has n places, without padding."),
        (spectrum, "This is the spectrum of the answer: transform it back."),
        (n * (matrix @ v), "Too large by n: the way back divides by it once."),
        (np.fft.fft(spectrum, axis=0), "The way back is ifft: fft turns forward once more."),
    ]
    if n % 2 == 0 and channels > 1:
        across = np.fft.ifft(np.fft.fft(v, axis=1) * np.fft.fft(p)[:, None], axis=1)
        hints.append((across, "The transform runs along the channels: take axis=0, the tokens."))
    return hints


# ---- whether a layer hears the future ----------------------------------------------------------


def _kernel(weights: dict[int, float], circular: bool = False) -> Mixer:
    """Return a filter with some weights, by their lag."""

    def mix(x: Reals) -> Reals:
        place = np.arange(len(x))
        lag = place[:, None] - place
        matrix = sum(
            weight * ((lag - at) % len(x) == 0 if circular else lag == at)
            for at, weight in weights.items()
        )
        found: Reals = matrix @ x
        return found

    return mix


def _one_way(to: int, of: int) -> Mixer:
    """Return what leaves all tokens as they are, but for one that hears one other."""

    def mix(x: Reals) -> Reals:
        y = x.copy()
        y[to % len(x)] += x[of % len(x)]
        return y

    return mix


def _differences(x: Reals) -> Reals:
    """Return what tells a token how channels of the next one differ, and not their mean."""
    following = np.roll(x, -1, axis=0)
    following[-1] = 0
    mixed: Reals = x + following - following.mean(axis=1, keepdims=True)
    return mixed


def _product(x: Reals) -> Reals:
    """Return what listens ahead only where a token is not zero."""
    following = np.roll(x, -1, axis=0)
    following[-1] = 0
    return x * following


LAYERS: tuple[tuple[Mixer, bool, str], ...] = (
    (
        _kernel({0: 0.5, 1: 0.3, 2: 0.2}),
        False,
        "A filter of lags 0, 1 and 2 is causal, and you say that it leaks: a token may change its "
        "own output and later ones.",
    ),
    (
        _kernel({0: 0.5, 1: 0.3, -1: 0.2}),
        True,
        "A filter with a weight at lag -1 leaks, and you let it pass: look at all outputs before "
        "the token that changes.",
    ),
    (
        _one_way(0, 1),
        True,
        "A layer whose output 0 hears token 1, and nothing else of the future, passes: change "
        "every token in turn, not the last alone.",
    ),
    (
        _kernel({0: 0.5, 1: 0.5}, circular=True),
        True,
        "On a circle the first output hears the last token, and you let it pass: change the last "
        "token too, and look at output 0.",
    ),
    (
        _one_way(-2, -1),
        True,
        "A layer whose last but one output hears the last token passes: look at every output "
        "before the changed token.",
    ),
    (
        _differences,
        True,
        "A layer that hears how the next token's channels differ passes: change the channels of "
        "a token by different amounts.",
    ),
    (
        _product,
        True,
        "A layer that multiplies a token by the next one passes: begin with tokens that are not "
        "zero.",
    ),
    (
        lambda x: np.cumsum(x, axis=0),
        False,
        "A running sum hears only the past, and you say that it leaks.",
    ),
    (
        lambda x: x + 1e-15 * np.roll(x, -1, axis=0),
        False,
        "What moves by less than the rounding of an FFT is no leak: compare with np.allclose.",
    ),
    (
        _kernel({0: 1.0, -1: 1e-4}),
        True,
        "A weight of 0.0001 at lag -1 is small, and a leak: rounding is below 1e-13.",
    ),
)


def check_leaks(leaks: Callable[[Mixer, int], Any]) -> Verdict:
    """Check a reader's test for hearing the future, on layers that do and layers that do not.

    Args:
        leaks: takes a layer, a function of an array (n, 3) that returns another, and n; returns
            whether any output hears a later token.

    >>> check_leaks(lambda f, n: False)
    Not yet. A filter with a weight at lag -1 leaks, and you let it pass: look at all outputs \
before the token that changes.
    """
    for n in (6, 9):
        for layer, truth, hint in LAYERS:
            result = attempt(leaks, (layer, n))
            if isinstance(result, Verdict):
                return result
            if not isinstance(result, (bool, np.bool_)):
                kind = type(result).__name__
                return Verdict(False, f"It returned {kind}: answer True or False.")
            if bool(result) != truth:
                return Verdict(False, hint)
    return Verdict(True, "It tells seven layers that leak from three that do not.")
