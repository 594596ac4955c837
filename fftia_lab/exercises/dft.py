"""Checkers of notebook 01-dft-by-definition."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._answer import other_kinds, real_numbers, try_answer
from ._trial import attempt
from ._verdict import Verdict, agree, differing

Numbers = NDArray[Any]


def _samples(size: int) -> NDArray[np.complex128]:
    """Samples with no symmetry, so that no mistake hides in one."""
    rng = np.random.default_rng(size)
    return rng.normal(size=size) + 1j * rng.normal(size=size)


def check_dft(dft: Callable[[Numbers], Any]) -> Verdict:
    """Check a reader's DFT against NumPy's, and name the mistake that it looks like.

    Args:
        dft: takes samples of shape (n,), any n of at least 1; returns their spectrum.

    >>> check_dft(np.fft.fft)
    Right. It agrees with numpy.fft.fft at every length from 1 to 33.
    >>> check_dft(np.fft.ifft)
    Not yet. It winds anticlockwise and divides by N: this is the way back.
    """
    for size in (8, 5, *range(1, 34)):
        samples = _samples(size)
        spectrum = np.fft.fft(samples)
        answer = try_answer(dft, samples, spectrum, shapes=_dft_shapes(size))
        if isinstance(answer, Verdict):
            return answer
        if not agree(answer, spectrum):
            return Verdict(False, _dft_hint(answer, samples))
    return other_kinds(
        dft,
        np.fft.fft,
        _samples(6).real,
        "It agrees with numpy.fft.fft at every length from 1 to 33.",
    )


_AXES = "k and j need axes of their own: k[:, None] * j."


def _dft_shapes(size: int) -> dict[tuple[int, ...], str]:
    return {
        (): f"There is a sum for every k. {_AXES}",
        (size, size): "Entry (k, j) is a turned sample: add up each row.",
    }


def _wound(samples: Numbers, turns: float = -1.0, j: int = 0, k: int = 0) -> Numbers:
    """Return the sums of a DFT with a planted mistake: in the turning, or in a first index."""
    place = np.arange(len(samples))
    angle = 2 * np.pi * turns * np.outer(place + k, place + j) / len(samples)
    return np.exp(1j * angle) @ samples


def _dft_hint(answer: Numbers, samples: Numbers) -> str:
    size = len(samples)
    spectrum = np.fft.fft(samples)
    hints = [
        (np.fft.ifft(samples), "It winds anticlockwise and divides by N: this is the way back."),
        (_wound(samples, 1.0), "It winds anticlockwise: forward is e^(-2πi jk/N), with a minus."),
        (spectrum / size, "It divides by N: the sum is X, only the centre of mass is X/N."),
        (spectrum / np.sqrt(size), "It divides by √N: the way forward divides by nothing."),
        (_wound(samples, -0.5), "Half a turn too little: a full turn is 2π, not π."),
        (_wound(samples, -1 / (2 * np.pi)), "The angle is in turns: multiply it by 2π."),
        (_wound(samples, j=1, k=1), "It counts from 1: both j and k start at 0."),
        (_wound(samples, j=1), "j counts from 1: the first sample, j = 0, is never turned."),
        (_wound(samples, k=1), "k counts from 1: the first sum, k = 0, turns nothing."),
        (samples * np.exp(-2j * np.pi * np.arange(size) ** 2 / size), f"j times j? {_AXES}"),
        (_wound(samples, -float(size)), "The angle is jk/N turns: divide by N."),
        (
            spectrum.real,
            "The imaginary part is lost: the sums must be complex, and so must their buffer.",
        ),
        (np.abs(spectrum), "These are the sizes |X|: return the complex sums themselves."),
        (
            _wound(samples.real),
            "The imaginary part of the samples is lost: they may be complex.",
        ),
    ]
    for mistake, hint in hints:
        if agree(answer, mistake):
            return hint
    wrong = differing(answer, spectrum)
    return f"For {size} samples {len(wrong)} of {size} sums are wrong, the first at k = {wrong[0]}."


def _hann(size: int, last: int = 0) -> NDArray[np.float64]:
    """Return ½ - ½cos(2πj/(size - last)); `last=1` ends on zero, as numpy.hanning does."""
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / max(size - last, 1))


def check_window(faded: Callable[[Numbers], Any]) -> Verdict:
    """Check a reader's windowed samples against x_j (½ - ½cos(2πj/n)).

    Args:
        faded: takes samples of shape (n,); returns them times their Hann window.

    >>> check_window(lambda x: x * (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(len(x)) / len(x))))
    Right. The samples fade in and out, at every length from 1 to 33.
    >>> check_window(lambda x: x * np.hanning(len(x)))
    Not yet. np.hanning also ends on 0, so that 0 comes twice in a row: divide by N, not N - 1.
    """
    for size in (8, 5, *range(1, 34)):
        samples = _samples(size).real
        wanted = samples * _hann(size)
        answer = try_answer(faded, samples, wanted)
        if isinstance(answer, Verdict):
            return answer
        if not agree(answer, wanted):
            return Verdict(False, _window_hint(answer, samples))
    return other_kinds(
        faded,
        lambda x: x * _hann(len(x)),
        _samples(6).real,
        "The samples fade in and out, at every length from 1 to 33.",
    )


def _window_hint(answer: Numbers, samples: Numbers) -> str:
    size = len(samples)
    window = _hann(size)
    hints = [
        (window, "This is the window alone: multiply the samples by it."),
        (samples, "Nothing has changed: the ends are as loud as before."),
        (
            samples * _hann(size, last=1),
            "np.hanning also ends on 0, so that 0 comes twice in a row: divide by N, not N - 1.",
        ),
        (
            samples * (1 - window),
            "Loud at the ends, quiet in the middle: the cosine has a minus.",
        ),
        (
            samples * np.roll(_hann(size), -1),
            "j counts from 1: the first sample, j = 0, is silent.",
        ),
        (2 * samples * window, "Twice too large: the middle of the window is 1."),
        (samples + window, "The window is added: multiply by it."),
        (
            samples * np.sqrt(window),
            "This hump is a half sine, whose slope jumps at the ends: square it.",
        ),
        (
            samples * (0.5 - 0.5 * np.cos(np.pi * np.arange(size) / size)),
            "It fades in and never out: a full turn is 2π.",
        ),
        (np.fft.fft(samples) * window, "The spectrum was multiplied: fade the samples."),
    ]
    for mistake, hint in hints:
        if agree(answer, mistake):
            return hint
    j = differing(answer, samples * window)[0]
    wanted, given = samples[j] * window[j] + 0.0, answer[j] if answer[j].imag else answer[j].real
    return f"For {size} samples, value {j} should be {wanted:.3f}; it is {given:.3f}."


# Length, cycles in it, mean: no two alike, so that no constant passes.
RECORDS = ((200, 18, 40.0), (128, 5, -3.0), (99, 11, 0.5), (256, 100, 7.0), (64, 32, 1.0))


def _record(size: int, cycles: int, mean: float) -> NDArray[np.float64]:
    """Return a wave on a mean, with noise that leaves it the strongest; its real part is low."""
    noise = np.random.default_rng(size).normal(size=size)
    wave = np.cos(2 * np.pi * cycles * np.arange(size) / size + 2.0)
    return mean + 2 * wave + 0.3 * noise


def check_period(period: Callable[[Numbers], Any]) -> Verdict:
    """Check that a reader finds how many samples one cycle of the strongest wave takes.

    Args:
        period: takes a real record of shape (n,); returns a number of samples.

    >>> check_period(lambda x: len(x) / np.abs(np.fft.rfft(x - x.mean())).argmax())
    Right. It finds the period of 5 records, from 2 samples to 25.6.
    >>> check_period(lambda x: np.abs(np.fft.rfft(x - x.mean())).argmax())
    Not yet. That is 18, the cycles in the record: divide 200 samples by it.
    """
    for size, cycles, mean in RECORDS:
        record = _record(size, cycles, mean)
        answer = _one_period(period, record)
        if isinstance(answer, Verdict):
            return Verdict(False, _early_hint(answer.message))
        if not np.isclose(answer, size / cycles, rtol=1e-9, atol=0):
            return Verdict(False, _period_hint(answer, record, size, cycles))
    return Verdict(True, "It finds the period of 5 records, from 2 samples to 25.6.")


def _one_period(period: Callable[[Numbers], Any], record: Numbers) -> float | Verdict:
    result = attempt(period, (record,))
    found = result if isinstance(result, Verdict) else real_numbers(result)
    if isinstance(found, Verdict):
        return found
    if found.ndim:
        return Verdict(False, f"It returned shape {found.shape}, not one number.")
    if not np.isfinite(found):
        return Verdict(False, "It returned nan or inf.")
    return float(found)


def _early_hint(message: str) -> str:
    if "ZeroDivisionError" in message or "nan or inf" in message:
        return "The highest line is k = 0, which is the mean and no wave: subtract the mean."
    return message


def _period_hint(answer: float, record: Numbers, size: int, cycles: int) -> str:
    real_part = np.fft.rfft(record - record.mean()).real
    hints = [
        (
            cycles,
            f"That is {cycles}, the cycles in the record: divide {size} samples by it.",
        ),
        (cycles / size, "That is the frequency, cycles per sample: the period is one over it."),
        (size / (cycles - 1), "One line too low: the list that you searched starts at k = 1."),
        (size / (size - cycles), "That is the mirror image, k = N - cycles: search 0 to N/2."),
        (
            size / (real_part.argmax() or 1),
            "A high real part is not a high line: take |X|.",
        ),
        (256 / cycles, "It takes every record for 256 samples long: use its own length."),
        (2 * np.pi * cycles / size, "That is in radians per sample: return samples per cycle."),
    ]
    for mistake, hint in hints:
        if np.isclose(answer, mistake, rtol=1e-9):
            return hint
    return (
        f"A record of {size} samples holds {cycles} cycles, {size / cycles:.4g} samples each; "
        f"you found {answer:.4g}."
    )
