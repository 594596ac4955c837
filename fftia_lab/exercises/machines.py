"""Checkers of notebook 04-fast-on-real-machines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._answer import try_answer
from ._verdict import Verdict, agree, differing

Complexes = NDArray[np.complex128]
Transform = Callable[[Any], Complexes]


class Counted:
    """NumPy's FFT, remembering how long its signals were, and how many numbers a call had."""

    def __init__(self) -> None:
        self.lengths: list[int] = []
        self.numbers: list[int] = []

    def __call__(self, x: Any, axis: int = -1) -> Complexes:
        spectrum: Complexes = np.fft.fft(x, axis=axis)
        self.lengths.append(spectrum.shape[axis])
        self.numbers.append(spectrum.size)
        return spectrum


def check_real_fft(real_fft: Callable[[NDArray[np.float64], Transform], Any]) -> Verdict:
    """Check a reader's transform of real samples that may use one complex FFT of half the length.

    Args:
        real_fft: takes real samples of shape (n,), n a power of two from 2, and an `fft` to use;
            returns the frequencies 0 … n/2.

    >>> check_real_fft(lambda x, fft: fft(x)[: len(x) // 2 + 1])
    Not yet. Right, and at full fare: it transforms 8 numbers. Pack 8 samples into 4.
    """
    for size in (8, 16, 4, 2, 64, 256):
        x = np.random.default_rng(size).normal(size=size)
        counted, wanted = Counted(), np.fft.rfft(x)
        short: dict[tuple[int, ...], str] = {
            (size // 2,): "There is one more: Z[N/2] is Z[0] again."
        }
        answer = try_answer(real_fft, x, wanted, counted, shapes=short)
        if isinstance(answer, Verdict):
            return answer
        if not agree(answer, wanted):
            return Verdict(False, _real_hint(answer, x))
        if max(counted.numbers, default=0) > size // 2:
            most = max(counted.numbers)
            return Verdict(
                False,
                f"Right, and at full fare: it transforms {most} numbers. "
                f"Pack {size} samples into {size // 2}.",
            )
        if len(counted.lengths) != 1:
            return Verdict(False, f"Right, but it calls fft {len(counted.lengths)} times: once do.")
    return Verdict(
        True, "One complex FFT of half the length, for every power of two from 2 to 256."
    )


def _real_hint(answer: Complexes, x: NDArray[np.float64]) -> str:
    size = len(x)
    even, odd = np.fft.fft(x[::2]), np.fft.fft(x[1::2])
    even, odd = np.append(even, even[0]), np.append(odd, odd[0])
    w = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)
    packed = even + 1j * odd
    hints = [
        (even + odd, "The odd half is not turned: multiply it by w^k."),
        (even + w.conj() * odd, "The twiddle turns the wrong way: w is e^(-2πi/N)."),
        (even + w**2 * odd, "The twiddle turns twice as far as it should: w is e^(-2πi/N)."),
        (even - w * odd, "Even minus odd: the sign between the halves is a plus."),
        (even + 1j * w * odd, "The odd half still carries the i that it was packed with."),
        (even - 1j * w * odd, "The odd half was divided by i twice."),
        (2 * (even + w * odd), "Right up to scale: halve both sums."),
        (even + 2 * w * odd, "The odd half is twice too large."),
        (packed, "That is the packed spectrum: take even and odd apart first."),
        (
            _unmirrored(packed, w),
            "The mirror image is not conjugated: Z[-k] needs its conjugate.",
        ),
        (_closed(packed, 0, w), "Z[N/2] is Z[0] again, not 0: the spectrum goes round."),
        (_closed(packed, packed[-2], w), "Z[N/2] is Z[0] again, not the last: it goes round."),
        (
            _unrolled(packed, w),
            "The mirror of Z[k] is Z[-k]: Z[0] is its own, so turn by one place.",
        ),
        (odd + w * even, "Even and odd have changed places."),
        (np.fft.rfft(x).conj(), "Every value is the conjugate of the right one."),
    ]
    for mistake, hint in hints:
        if agree(answer, mistake):
            return hint
    k = differing(answer, np.fft.rfft(x))[0]
    return f"For {size} samples the first wrong frequency is k = {k}."


def _apart(packed: Complexes, mirrored: Complexes, w: Complexes) -> Complexes:
    return (packed + mirrored) / 2 + w * (packed - mirrored) / 2j


def _unmirrored(packed: Complexes, w: Complexes) -> Complexes:
    return _apart(packed, packed[::-1], w)


def _closed(packed: Complexes, last: complex, w: Complexes) -> Complexes:
    """Return what comes of another number than Z[0] at the end of Z."""
    packed = np.append(packed[:-1], last)
    return _apart(packed, packed[::-1].conj(), w)


def _unrolled(packed: Complexes, w: Complexes) -> Complexes:
    """Return what comes of the mirror Z[::-1], which puts Z[N/2 - 1] beside Z[0]."""
    mirrored = packed[-2::-1].conj()
    return _apart(packed, np.append(mirrored, mirrored[0]), w)


def check_four_step(four_step: Callable[[Complexes, Transform], Any]) -> Verdict:
    """Check a reader's FFT over a square grid that may transform only rows and columns of it.

    Args:
        four_step: takes samples of shape (n,), n = 4, 16, 64, 256, and an `fft(x, axis)` to use;
            returns their spectrum.

    >>> check_four_step(lambda x, fft: fft(x))
    Not yet. Right, but it transforms 16 samples at once: the grid has only 4 in a row.
    """
    for side in (4, 2, 8, 16):
        size = side * side
        rng = np.random.default_rng(size)
        x = rng.normal(size=size) + 1j * rng.normal(size=size)
        counted, wanted = Counted(), np.fft.fft(x)
        answer = try_answer(four_step, x, wanted, counted)
        if isinstance(answer, Verdict):
            return answer
        if not agree(answer, wanted):
            return Verdict(False, _grid_hint(answer, x, side))
        if max(counted.lengths, default=0) > side:
            return Verdict(
                False,
                f"Right, but it transforms {max(counted.lengths)} samples at once: "
                f"the grid has only {side} in a row.",
            )
        if sum(counted.numbers) < 2 * size:
            return Verdict(
                False,
                f"Right, but the given fft has seen {sum(counted.numbers)} numbers: "
                f"{size} in columns and {size} in rows are wanted.",
            )
    return Verdict(True, "Rows and columns only, and the spectrum is right from 4 to 256 samples.")


def _grid_hint(answer: Complexes, x: Complexes, side: int) -> str:
    grid, size = x.reshape(side, side), len(x)
    turns = np.exp(-2j * np.pi * np.outer(np.arange(side), np.arange(side)) / size)

    def steps(given: Complexes, weights: Complexes | float) -> Complexes:
        found: Complexes = np.fft.fft(np.fft.fft(given, axis=0) * weights, axis=1)
        return found

    right = steps(grid, turns)
    hints = [
        (right.ravel(), "Every value is right and the order is not: read the grid by columns."),
        (steps(grid, 1.0).T.ravel(), "There is no twiddle: entry (k, c) turns by w^(kc)."),
        (
            steps(grid, turns.conj()).T.ravel(),
            "The twiddles turn the wrong way: forward is e^(-2πi kc/N).",
        ),
        (
            steps(grid, turns**side).T.ravel(),
            f"The twiddle angle is -2πkc/N with N = {size} samples, not the side of the grid.",
        ),
        (
            steps(grid.T, turns).T.ravel(),
            "Rows come first, or the grid is filled by columns: fill it by rows, columns first.",
        ),
        (
            steps(grid.T, turns).ravel(),
            "Rows come first here: samples that stand a row apart, a column, come first.",
        ),
        (
            (np.fft.fft(np.fft.fft(grid * turns, axis=0), axis=1)).T.ravel(),
            "The twiddles come too early: columns first, then turn.",
        ),
        (
            (np.fft.fft(np.fft.fft(grid, axis=0), axis=1) * turns).T.ravel(),
            "The twiddles come too late: turn before the rows.",
        ),
        ((np.fft.fft(grid, axis=0) * turns).T.ravel(), "The rows are not transformed yet."),
    ]
    for mistake, hint in hints:
        if agree(answer, mistake):
            return hint
    k = differing(answer, np.fft.fft(x))[0]
    return f"For {size} samples the first wrong frequency is k = {k}."
