"""Checkers of notebook 03-the-butterfly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..schedule import bit_reversal
from ._answer import other_kinds, try_answer
from ._verdict import Verdict, agree, differing

Complexes = NDArray[np.complex128]


def _signal(size: int) -> Complexes:
    """A signal with no symmetry, so that no mistake hides in one."""
    rng = np.random.default_rng(size)
    return rng.normal(size=size) + 1j * rng.normal(size=size)


def check_inverse(inverse: Callable[[Complexes], Any]) -> Verdict:
    """Check a reader's inverse transform against the signal that it must bring back.

    Args:
        inverse: takes a spectrum of shape (n,), n a power of two; returns the signal.

    >>> check_inverse(np.fft.ifft)
    Right. The signal comes back, at every power of two from 1 to 64.
    >>> check_inverse(np.fft.fft)
    Not yet. The signal comes back in reversed order and 8 times too large: conjugate, and divide.
    """
    for size in (8, 16, 4, 2, 1, 32, 64):
        signal = _signal(size)
        spectrum = np.fft.fft(signal)
        answer = try_answer(inverse, spectrum, signal)
        if isinstance(answer, Verdict):
            return answer
        if not agree(answer, signal):
            return Verdict(False, _inverse_hint(answer, signal))
    return other_kinds(
        inverse,
        np.fft.ifft,
        _signal(8).real,
        "The signal comes back, at every power of two from 1 to 64.",
    )


def _inverse_hint(answer: Complexes, signal: Complexes) -> str:
    size = len(signal)
    backwards = np.roll(signal[::-1], 1)
    hints = [
        (size * signal, f"Right up to scale: it is {size} times too large. Divide by N."),
        (
            size * backwards,
            f"The signal comes back in reversed order and {size} times too large: "
            "conjugate, and divide.",
        ),
        (backwards, "The signal comes back in reversed order: the spectrum was not conjugated."),
        (signal.conj(), "Only the sign of the imaginary part is wrong: conjugate the result too."),
        (size * signal.conj(), "Conjugate the result too, and divide by N."),
        (signal / size, "It divides by N twice."),
        (np.sqrt(size) * signal, "It divides by √N: divide by N."),
        (np.sqrt(size) * backwards, "It divides by √N, and the spectrum was not conjugated."),
        (backwards.conj(), "Conjugate the spectrum too, before the FFT."),
        (np.roll(signal, -1), "Reversed, but place 0 must stay where it is: roll by one."),
        (signal.real, "The imaginary part is lost."),
        (size / 8 * signal, "It divides by 8, whatever the size: divide by N."),
    ]
    for mistake, hint in hints:
        if agree(answer, mistake):
            return hint
    k = differing(answer, signal)[0]
    return f"For {size} samples, value {k} should be {signal[k]:.3f}; it is {answer[k]:.3f}."


def check_fft(fft: Callable[[Complexes], Any]) -> Verdict:
    """Check a reader's FFT against NumPy's, and name the mistake that it looks like.

    Args:
        fft: takes samples of shape (n,), n a power of two; returns their spectrum.

    >>> check_fft(np.fft.fft)
    Right. It agrees with numpy.fft.fft at every power of two from 1 to 256.
    >>> check_fft(np.fft.ifft)
    Not yet. The twiddles turn the wrong way and it divides by N: this is the inverse.
    """
    for size in (8, 16, 4, 2, 1, 32, 64, 128, 256):
        signal = _signal(size)
        spectrum = np.fft.fft(signal)
        answer = try_answer(fft, signal, spectrum)
        if isinstance(answer, Verdict):
            return answer
        if not agree(answer, spectrum):
            return Verdict(False, _fft_hint(answer, signal))
    return other_kinds(
        fft,
        np.fft.fft,
        _signal(8).real,
        "It agrees with numpy.fft.fft at every power of two from 1 to 256.",
    )


def _fft_hint(answer: Complexes, signal: Complexes) -> str:
    size = len(signal)
    order = bit_reversal(size)
    spectrum = np.fft.fft(signal)
    hints = [
        (spectrum[order], "Every value is right and the order is not: undo the bit reversal."),
        (
            _stages(signal),
            "Even and odd samples are not dealt apart (in a loop: sort once, by reversed binary).",
        ),
        (_stages(signal[order], turn=0.0), "There is no twiddle: stages after the first need one."),
        (
            np.fft.ifft(signal) * size,
            "The twiddles turn the wrong way: forward is e^(-2πi k/N).",
        ),
        (
            np.fft.ifft(signal),
            "The twiddles turn the wrong way and it divides by N: this is the inverse.",
        ),
        (
            _stages(signal[order], turn=-2.0),
            "The twiddle angle is -2πk/(2·stride): yours is twice that.",
        ),
        (_stages(signal[order], turn=-0.5), "The twiddle angle is -2πk/(2·stride): yours is half."),
        (spectrum / size, "It divides by N: the way forward divides by nothing."),
        (spectrum / np.sqrt(size), "It divides by √N: the way forward divides by nothing."),
        (spectrum.real, _BUFFER),
        (_stages(signal[order], keep=np.real), _BUFFER),
        (_stages(signal[order].real.astype(complex), keep=np.real), _BUFFER),
        (
            _interleaved(signal),
            "The halves are interleaved: all sums e + w·o come first, then all differences.",
        ),
        (_stages(signal[order], plus=-1.0, minus=1.0), "Plus and minus have changed places."),
        (_stages(signal[order], minus=1.0), "Both halves got a plus: the high one gets a minus."),
    ]
    for mistake, hint in hints:
        if agree(answer, mistake):
            return hint
    wrong = differing(answer, spectrum)
    return (
        f"For {size} samples {len(wrong)} of {size} outputs are wrong, the first at k = {wrong[0]}."
    )


_BUFFER = "The imaginary part is lost: the buffer must be complex."


def _interleaved(column: Complexes) -> Complexes:
    """Return a recursion that deals its outputs as it should deal its inputs."""
    if len(column) == 1:
        return column
    even, odd = _interleaved(column[::2]), _interleaved(column[1::2])
    turned = np.exp(-2j * np.pi * np.arange(len(odd)) / len(column)) * odd
    return np.stack([even + turned, even - turned], axis=1).ravel()


def _stages(
    column: Complexes,
    turn: float = -1.0,
    plus: float = 1.0,
    minus: float = -1.0,
    keep: Callable[[Any], Any] = np.asarray,
) -> Complexes:
    """Return the stages with a planted mistake: in the twiddle, a sign, or what is kept."""
    size, stride = len(column), 1
    while stride < size:
        a, b = np.moveaxis(column.reshape(-1, 2, stride), 1, 0)
        w = np.exp(2j * np.pi * turn * np.arange(stride) / (2 * stride))
        column = keep(np.stack([a + plus * w * b, a + minus * w * b], axis=1).ravel())
        stride *= 2
    return column
