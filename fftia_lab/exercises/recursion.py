"""Checkers of notebook 02-divide-and-conquer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._answer import one_number, other_kinds, try_answer
from ._trial import attempt
from ._verdict import Verdict, agree, differing

Complexes = NDArray[np.complex128]


def _multiplications(size: int, base: int) -> int:
    """Return them as the recursion does them: a matrix at the base, else two halves and a turn."""
    if size <= base:
        return size * size
    return 2 * _multiplications(size // 2, base) + size // 2


def check_count(count: Callable[[int, int], Any]) -> Verdict:
    """Check a reader's number of multiplications of a recursion that stops at a base.

    Args:
        count: takes N and base, powers of two with 2 <= base <= N; returns the multiplications of
            the recursion that splits down to `base` samples and multiplies by a matrix there.

    >>> check_count(lambda n, base: n * base + n // 2 * ((n // base).bit_length() - 1))
    Right. It agrees with a count of every N to 4096 and every base from 2 to N.
    >>> check_count(lambda n, base: n * n)
    Not yet. That is the definition, N²: splitting saves something, unless base is N.
    """
    sizes = [2**power for power in range(1, 13)]
    # first a pair that tells the typical mistakes apart, then all of them
    pairs = [(1024, 8), *((n, base) for n in sizes for base in sizes if base <= n)]
    for n, base in pairs:
        answer = attempt(count, (n, base), ends="at n <= base it must stop")
        number = answer if isinstance(answer, Verdict) else one_number(answer)
        if isinstance(number, Verdict):
            return number
        if number != _multiplications(n, base):
            return Verdict(False, _count_hint(number, n, base))
    return Verdict(True, "It agrees with a count of every N to 4096 and every base from 2 to N.")


def _count_hint(number: float, n: int, base: int) -> str:
    levels = int(np.log2(n // base))
    blocks, turns = n // base, n // 2 * levels
    hints = [
        (n * n, "That is the definition, N²: splitting saves something, unless base is N."),
        (turns, "Only the twiddles are counted: at the base, matrices are multiplied too."),
        (base**2 + turns, f"The matrix is counted once; {blocks} blocks of {base} need it."),
        (blocks * base**2, "Only the matrices are counted: every level above turns N/2 numbers."),
        (n * base + 2 * turns, "A level turns N/2 numbers, not N: the even half stays."),
        (
            n * base + n // 2 * int(np.log2(n)),
            f"There are log2(N/base) = {levels} levels above the base, not log2 N.",
        ),
        (
            n * (2 * base - 1) + n * levels + turns,
            "Additions are counted too: multiplications only.",
        ),
        (blocks * base + turns, "A base × base matrix needs base² multiplications, not base."),
        (n // 2 * int(np.log2(n)), "That is the count for splitting down to single samples."),
    ]
    for mistake, hint in hints:
        if number == mistake:
            return hint
    wanted = _multiplications(n, base)
    return f"For N = {n} and base {base} a count gives {wanted:,}; yours is {number:,.15g}."


def check_thirds(fft: Callable[[Complexes], Any]) -> Verdict:
    """Check a reader's FFT for powers of three against NumPy's, and name its mistake.

    Args:
        fft: takes samples of shape (n,), n a power of three; returns their spectrum.

    >>> check_thirds(np.fft.fft)
    Right. It agrees with numpy.fft.fft at 1, 3, 9, 27, 81 and 243 samples.
    >>> check_thirds(lambda x: np.fft.fft(x).conj())
    Not yet. For 9 samples 9 of 9 outputs are wrong, the first at k = 0.
    """
    for size in (9, 3, 27, 1, 81, 243):
        rng = np.random.default_rng(size)
        signal = rng.normal(size=size) + 1j * rng.normal(size=size)
        spectrum = np.fft.fft(signal)
        answer = try_answer(fft, signal, spectrum)
        if isinstance(answer, Verdict):
            return answer
        if not agree(answer, spectrum):
            return Verdict(False, _thirds_hint(answer, signal))
    samples = np.random.default_rng(9).normal(size=9)
    return other_kinds(
        fft, np.fft.fft, samples, "It agrees with numpy.fft.fft at 1, 3, 9, 27, 81 and 243 samples."
    )


def _thirds_hint(answer: Complexes, signal: Complexes) -> str:
    size = len(signal)
    spectrum = np.fft.fft(signal)
    hints = [
        (np.fft.ifft(signal) * size, "The twiddles turn the wrong way: forward is e^(-2πi k/N)."),
        (np.fft.ifft(signal), "This is the inverse: turn the other way, and divide by nothing."),
        (spectrum / np.sqrt(size), "It divides by √N: the way forward divides by nothing."),
        (spectrum / size, "It divides by N: the way forward divides by nothing."),
        (
            _thirds(signal, _Slip(second=1)),
            "Both B and C are turned by w^k: C goes with z², so w^(2k).",
        ),
        (
            _thirds(signal, _Slip(second=1, squared=False)),
            "B and C both go with z: C goes with z².",
        ),
        (
            _thirds(signal, _Slip(order=(0, 2, 1))),
            "B and C have changed places: B goes with z, C with z².",
        ),
        (
            _thirds(signal, _Slip(first=0, second=0)),
            "There is no twiddle: B takes w^k, C takes w^(2k).",
        ),
        (_thirds(signal, _Slip(second=0)), "C is not turned: it takes w^(2k)."),
        (
            _thirds(signal, _Slip(root=0)),
            "The three thirds of the spectrum are the same: z, ωz and ω²z differ by cube roots.",
        ),
        (
            _thirds(signal, _Slip(root=-1)),
            "The second and third part have changed places: ω is e^(-2πi/3), not e^(+2πi/3).",
        ),
        (
            _thirds(signal, _Slip(cut=True)),
            "The samples are cut in three: deal them, x[::3] and on.",
        ),
        (
            _thirds(signal, _Slip(squared=False)),
            "Where B takes ω, C takes ω²; where B takes ω², C takes ω⁴, which is ω.",
        ),
        (
            _thirds(signal, _Slip(interleaved=True)),
            "The thirds are interleaved: the spectrum is one third after the other.",
        ),
        (
            _thirds(signal, _Slip(lossy=True)),
            "The imaginary part is lost: the buffer must be complex.",
        ),
    ]
    for mistake, hint in hints:
        if agree(answer, mistake):
            return hint
    wrong = differing(answer, spectrum)
    return (
        f"For {size} samples {len(wrong)} of {size} outputs are wrong, the first at k = {wrong[0]}."
    )


@dataclass(frozen=True)
class _Slip:
    """One thing that a reader may get wrong in a transform by thirds."""

    first: int = 1  # B goes with z to this power
    second: int = 2
    root: int = 1  # turns of the cube root
    squared: bool = True  # whether C's cube root is
    order: tuple[int, int, int] = (0, 1, 2)  # of the hands that are dealt
    cut: bool = False  # instead of dealing
    interleaved: bool = False  # the thirds of the spectrum
    lossy: bool = False  # the buffer is real


def _thirds(x: Complexes, slip: _Slip) -> Complexes:
    """Return the transform with a planted mistake."""
    if len(x) == 1:
        return x
    parts = np.split(x, 3) if slip.cut else [x[j::3] for j in slip.order]
    a, b, c = (_thirds(part, slip) for part in parts)
    w = np.exp(-2j * np.pi * np.arange(len(a)) / len(x))
    turn = np.exp(-2j * np.pi * slip.root * np.arange(3) / 3)[:, None]
    again = turn**2 if slip.squared else turn
    third = a + turn * w**slip.first * b + again * w**slip.second * c
    found = np.asarray((third.T if slip.interleaved else third).ravel())
    return found.real if slip.lossy else found
