"""Examples for a learned butterfly: noisy waves with the clean ones, signals with their spectra."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..arguments import as_integer
from ..schedule import bit_reversal

Reals = NDArray[np.float64]
LOUD, NOISE = 0.5, 0.3  # root mean squares of the waves and of the noise


def cycles(size: int) -> int:
    """Return how many cycles the fastest of the waves has: one, or a sixteenth of the tokens.

    >>> [cycles(size) for size in (8, 16, 32, 64)]
    [1, 1, 2, 4]
    """
    return max(1, size // 16)


def noisy_waves(rng: np.random.Generator, size: int, count: int) -> tuple[Reals, Reals]:
    """Draw slow waves and hide them in noise.

    A wave is a sum of 0 to `cycles(size)` cycles, with normal coefficients that are independent and
    alike; every sample has variance LOUD² before normal noise of variance NOISE² is added.

    Args:
        rng: where the chance comes from.
        size: samples in each.
        count: how many.

    Returns:
        noisy and clean, float64 of shape (count, size).

    >>> noisy, clean = noisy_waves(np.random.default_rng(0), 64, 1000)
    >>> noisy.shape, [round(float(part.std()), 1) for part in (clean, noisy - clean)]
    ((1000, 64), [0.5, 0.3])
    """
    count = as_integer("count", count, least=0)
    turns = 2 * np.pi * np.outer(np.arange(cycles(size) + 1), np.arange(size)) / size
    waves = np.concatenate([np.cos(turns), np.sin(turns)])
    scale = LOUD / np.sqrt(cycles(size) + 1)  # cos² + sin² = 1, for each number of cycles
    clean = scale * rng.normal(size=(count, len(waves))) @ waves
    return clean + NOISE * rng.normal(size=(count, size)), clean


def spectra(
    rng: np.random.Generator, size: int, count: int
) -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
    """Draw complex signals, sorted by reversed address as the FFT wants them, and their spectra.

    Returns:
        sorted signals and their DFTs, complex128 of shape (count, size).

    >>> x, y = spectra(np.random.default_rng(0), 4, 2)
    >>> np.allclose(y, np.fft.fft(x[:, [0, 2, 1, 3]]))
    True
    """
    count = as_integer("count", count, least=0)
    signals = rng.normal(size=(count, size)) + 1j * rng.normal(size=(count, size))
    return signals[:, bit_reversal(size)], np.fft.fft(signals)
