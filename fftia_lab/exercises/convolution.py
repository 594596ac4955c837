"""Checkers of notebook 09-the-convolution-theorem."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._answer import complex_numbers, one_number
from ._trial import attempt
from ._verdict import Verdict, agree, differing

Reals = NDArray[np.float64]
Complexes = NDArray[np.complex128]
Hints = list[tuple[NDArray[Any], str]]


def _row(answer: Callable[..., Any], given: tuple[Reals, Reals]) -> Complexes | Verdict:
    """Call a reader's function of two rows; return its row, or why it is none."""
    result = attempt(answer, given)
    found = result if isinstance(result, Verdict) else complex_numbers(result)
    if isinstance(found, Verdict):
        return found
    if found.ndim != 1:
        return Verdict(False, f"It returned shape {found.shape}, not a row of numbers.")
    if not np.isfinite(found).all():
        return Verdict(False, "It returned nan or inf: it divides by zero, or leaves values unset.")
    return found


def _hint(answer: Complexes, wanted: Reals, hints: Hints, unit: str) -> Verdict:
    """Return the mistake that an answer looks like: same shape, same values; or where it is off."""
    for mistake, hint in hints:
        if mistake.shape == answer.shape and agree(answer, mistake):
            return Verdict(False, hint)
    if answer.shape != wanted.shape:
        return Verdict(False, f"It returned {len(answer)} values; there are {len(wanted)}.")
    i = differing(answer, wanted)[0]
    given = answer[i] if answer[i].imag else answer[i].real
    return Verdict(False, f"{unit} {i} should be {wanted[i]:.3f}; it is {given:.3f}.")


# ---- which wave passes for this one ------------------------------------------------------------


def check_alias(alias: Callable[[int, int], Any]) -> Verdict:
    """Check a reader's alias: the wave of at most n/2 cycles with the same n samples.

    Args:
        alias: takes the cycles of a cosine, any integer, and the number n of its samples; returns
            the cycles of its alias, 0 to n/2.

    >>> check_alias(lambda k, n: min(k % n, -k % n))
    Right. It finds the alias of all waves of -40 to 40 cycles in 1 to 16 samples.
    >>> check_alias(lambda k, n: k % n)
    Not yet. 5 cycles in 8 samples: 5 is more than 8/2. Its mirror image, 8 - 5, has them too.
    """
    cases = [(5, 8), (11, 8), (23, 32), (9, 8), (-3, 8), (4, 7)]
    cases += [(k, n) for n in range(1, 17) for k in range(-40, 41)]
    for k, n in cases:
        result = attempt(alias, (k, n))
        found = result if isinstance(result, Verdict) else one_number(result, "a number of cycles")
        if isinstance(found, Verdict):
            return found
        if found != min(k % n, -k % n):
            return Verdict(False, f"{k} cycles in {n} samples: {_alias_hint(found, k, n)}")
    return Verdict(True, "It finds the alias of all waves of -40 to 40 cycles in 1 to 16 samples.")


def _alias_hint(found: float, k: int, n: int) -> str:
    right = min(k % n, -k % n)
    if not np.isfinite(found) or found != int(found):
        return f"{found:g} is no whole number, and these samples hold {right} cycles."
    if found in (k % n, n - k % n) and found > n / 2:
        return f"{found:g} is more than {n}/2. Its mirror image, {n} - {found:g}, has them too."
    if found > n / 2:
        return f"{found:g} is more than {n}/2: take k modulo {n}, then the mirror image."
    if found < 0:
        return f"{found:g} turns backwards: as a cosine it is {right}."
    if found == n // 2:
        return f"{found:g} is the fastest wave there is, but the samples are those of {right}."
    return f"their alias has {right}; you found {found:g}."


# ---- the convolution that does not go round ----------------------------------------------------

SIZES = ((8, 3), (2, 5), (4, 4), (6, 1), (1, 7), (33, 16))


def check_convolve(convolve: Callable[[Reals, Reals], Any]) -> Verdict:
    """Check a reader's linear convolution against numpy.convolve.

    Args:
        convolve: takes samples of shape (n,) and weights of shape (m,), both real; returns all
            n + m - 1 sums.

    >>> check_convolve(np.convolve)
    Right. It agrees with numpy.convolve for 1 to 33 samples and 1 to 16 weights.
    >>> check_convolve(lambda x, c: np.fft.ifft(np.fft.fft(x) * np.fft.fft(c, len(x))))
    Not yet. It goes round the circle: the last 2 sums were added to the first. Pad both with zeros.
    """
    for samples, weights in SIZES:
        rng = np.random.default_rng(weights)
        x, c = rng.normal(size=samples), rng.normal(size=weights)
        wanted = np.convolve(x, c)
        answer = _row(convolve, (x, c))
        if isinstance(answer, Verdict):
            return answer
        if answer.shape != wanted.shape or not agree(answer, wanted):
            unit = f"For {samples} samples and {weights} weights, sum"
            return _hint(answer, wanted, _convolve_hints(x, c), unit)
    return Verdict(True, "It agrees with numpy.convolve for 1 to 33 samples and 1 to 16 weights.")


def _convolve_hints(x: Reals, c: Reals) -> Hints:
    right, samples, weights = np.convolve(x, c), len(x), len(c)
    length, last = len(right), min(samples, weights) - 1
    longest = max(samples, weights)
    X, D = np.fft.fft(x, length), np.fft.fft(c, length)
    spectrum = X * D
    doubled = np.zeros(2 * longest)
    doubled[:length] = right
    return [
        (
            np.fft.ifft(np.fft.fft(x, longest) * np.fft.fft(c, longest)),
            f"It goes round the circle: the last {last} sums were added to the first. "
            "Pad both with zeros.",
        ),
        (
            right[:longest],
            f"The first {longest} sums are right, but {last} more follow: the weights still reach "
            "back to samples after the last one.",
        ),
        (doubled, f"Right, with zeros behind it: only the first {length} are sums."),
        (np.correlate(x, c, "full"), "It correlates: one spectrum is conjugated, or c reversed."),
        (np.correlate(c, x, "full"), "It correlates: one spectrum is conjugated, or x reversed."),
        (np.fft.fft(spectrum), "The way back is ifft: fft turns forward once more."),
        (np.fft.ifft(X + D), "The spectra are added: multiply them."),
        (spectrum, "This is the spectrum of the answer: transform it back."),
        (right * length, "Too large by the length: the way back divides by it once."),
        (right / length, "Too small by the length: only the way back divides by it, once."),
        (
            np.roll(right, (samples - 1) + (weights - 1)),
            "The zeros stand in front: they turn the sums round. Put them behind.",
        ),
        (
            np.fft.ifft(np.abs(X) * np.abs(D)),
            "Only the sizes were multiplied: the spectra are complex.",
        ),
    ]


# ---- a filter that looks back ------------------------------------------------------------------


def check_past(past: Callable[[Reals, Reals], Any]) -> Verdict:
    """Check a reader's filter that is given by a response and may hear nothing from later.

    Args:
        past: takes n samples and a real response D of shape (n + 1,), the frequencies 0 to n of a
            circle of 2n; returns the n outputs of the filter without its negative lags.

    >>> check_past(lambda x, D: np.fft.irfft(D * np.fft.rfft(x, 2 * len(x)))[: len(x)])
    Not yet. It is padded, and still hears the future: output 0 changes with sample 1. Cut the lags.
    """
    for size in (8, 1, 5, 16):
        rng = np.random.default_rng(size)
        x, D = rng.normal(size=size), rng.uniform(size=size + 1)
        wanted = np.convolve(x, np.fft.irfft(D, 2 * size)[:size])[:size]
        answer = _row(past, (x, D))
        if isinstance(answer, Verdict):
            return answer
        if answer.shape != wanted.shape or not agree(answer, wanted):
            return _hint(answer, wanted, _past_hints(x, D), f"For {size} samples, output")
    return Verdict(True, "Nothing later is heard, and nothing comes round, from 1 to 16 samples.")


def _past_hints(x: Reals, D: Reals) -> Hints:
    size = len(x)
    c, place = np.fft.irfft(D, 2 * size), np.arange(2 * size)

    def filtered(lags: NDArray[np.bool_], given: Reals = x) -> Reals:
        """Return all that the circle of 2n gives for the weights at some of its lags."""
        spectrum = np.fft.rfft(np.where(lags, c, 0)) * np.fft.rfft(given, 2 * size)
        result: Reals = np.fft.irfft(spectrum, 2 * size)
        return result

    back, everything = place < size, place >= 0
    around = np.fft.ifft(np.fft.fft(c[:size]) * np.fft.fft(x))
    both = np.fft.ifft(np.fft.fft(c[:size] + c[size:]) * np.fft.fft(x))
    return [
        (
            filtered(everything)[:size],
            "It is padded, and still hears the future: output 0 changes with sample 1. "
            "Cut the lags.",
        ),
        (around, "The lags are cut, but the end comes round to the start: pad the samples."),
        (both, "It goes round a circle of n and hears the future: pad the samples and cut lags."),
        (filtered(back), "Right, with the padding behind it: keep the first n outputs."),
        (filtered(everything), "Cut twice: the lags above n, and the outputs behind the first n."),
        (
            filtered(place >= size)[:size],
            "That is the wrong half: negative lags stand at the end, places n to 2n - 1.",
        ),
        (
            filtered(back & (place > 0))[:size],
            "Lag 0 is gone: a sample may hear itself.",
        ),
        (
            np.convolve(x, c[: max(size // 2, 1)])[:size],
            "It cuts at n/2: on a circle of 2n the lags 0 to n - 1 look back.",
        ),
        (
            np.fft.irfft(np.where(np.arange(size + 1) < size / 2, D, 0) * np.fft.rfft(x, 2 * size))[
                :size
            ],
            "It cuts frequencies: transform D back first, and cut the lags.",
        ),
        (c[:size], "These are the weights: convolve the samples with them."),
        (2 * filtered(back)[:size], "Twice too large."),
    ]
