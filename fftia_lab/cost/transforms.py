"""Costs of transforms, and of the mixing that is made of them.

A complex multiplication is 6 operations, a complex addition 2, so that a radix-2 FFT of N samples
has 5 N log2 N. Whoever lays it out as matrix products has more of them, of a faster kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from ..arguments import as_boolean, as_integer
from .counts import Cost, as_counts

MULTIPLY, ADD = 6, 2  # real operations of a complex one
COMPLEX = 2  # real numbers of a complex one
# A real spectrum from a packed one, or back, for each frequency: halved, a difference that is
# turned, and two sums.
APART = 2 + ADD + MULTIPLY + 2 * ADD


def fft(size: int, rows: int = 1, radices: Sequence[int] | None = None) -> Cost:
    """Return the cost of complex transforms over a power of two of samples, or over radices.

    N/2·log2 N multiplications and N·log2 N additions a row; with radices r₁ … r_s, N·(r₁ + … + r_s)
    multiply-adds in matrix products and N·(s - 1) multiplications by twiddles.

    Args:
        size: number of samples, rounded up to a power of two if no radices are given.
        rows: number of transforms.
        radices: how many samples meet in each stage, whose product is the size, as
            `fftia_lab.transform.radices` returns them; every stage is then a matrix product.

    Raises:
        ValueError: if the product of the radices is not the size.

    >>> fft(1024).operations == 5 * 1024 * 10
    True
    >>> fft(1024, radices=(32, 32))
    Cost(products=524288, others=6144, moved=4096, parameters=0)
    """
    size, rows = as_counts(size=size, rows=rows)
    if radices is None:
        size = power_of_two(size)
        stages = size.bit_length() - 1
        others = rows * stages * (size // 2 * MULTIPLY + size * ADD)
        return Cost(others=others, moved=2 * COMPLEX * rows * size)
    if prod(radices) != size:
        raise ValueError(f"the product of the radices must be {size}; got {tuple(radices)}")
    return Cost(
        products=rows * size * sum(radices) * (MULTIPLY + ADD),
        others=rows * size * max(len(radices) - 1, 0) * MULTIPLY,
        moved=2 * COMPLEX * rows * size,
    )


def rfft(size: int, rows: int = 1) -> Cost:
    """Return the cost of real transforms: complex ones of half the samples, taken apart.

    14 operations a frequency take the spectrum apart.

    Args:
        size: number of samples, rounded up to a power of two.
        rows: number of transforms.

    >>> round(rfft(1024).operations / fft(1024).operations, 2)
    0.59
    """
    size, rows = as_counts(size=size, rows=rows)
    size = power_of_two(size)
    if size < 2:
        return Cost(moved=rows * 3 * size)
    bins = size // 2 + 1
    half = fft(size // 2, rows)
    moved = rows * (size + COMPLEX * bins)
    return Cost(others=half.others + rows * bins * APART, moved=moved)


def irfft(size: int, rows: int = 1) -> Cost:
    """Return the cost of the way back: as `rfft`, and a scaling of each sample.

    >>> irfft(8).others - rfft(8).others
    8
    """
    size, rows = as_counts(size=size, rows=rows)
    size = power_of_two(size)
    scaled = rows * size if size > 1 else 0
    return rfft(size, rows) + Cost(others=scaled)


def spectral_mixing(
    size: int,
    channels: int,
    *,
    causal: bool = False,
    filters: int | None = None,
    batch: int = 1,
) -> Cost:
    """Return the cost of a learned filter along the tokens: rfft, times the response, irfft.

    The response is given: what draws it through its knots is left out, for it does not grow with
    the batch. Moved are the tokens, the result and the knots, in one step.

    Args:
        size: number of tokens; transforms pay for the next power of two.
        channels: of the tokens, each with a filter of its own.
        causal: whether a token hears only itself and earlier ones: all is padded to twice the
            tokens, and the kernel is transformed too.
        filters: knots a channel, as in `SpectralMixingLayer`; None means half of the channels.
        batch: number of sequences.

    >>> causal = spectral_mixing(1024, 64, causal=True)
    >>> round(causal.operations / spectral_mixing(1024, 64).operations, 2)
    3.17
    """
    size, channels, batch = as_counts(size=size, channels=channels, batch=batch)
    knots = max(channels // 2, 1) if filters is None else as_integer("filters", filters, least=1)
    learned = channels * (knots + max(knots - 2, 0))  # the first and the last are real
    if not size or not batch:
        return Cost(parameters=learned)
    filtered = _filtered(size, channels, batch, causal)
    return Cost(
        others=filtered,
        moved=2 * batch * size * channels + learned,
        parameters=learned,
    )


def _filtered(size: int, channels: int, batch: int, causal: bool) -> int:
    """Return the operations between tokens and filtered tokens."""
    padded = power_of_two(size) * (2 if as_boolean("causal", causal) else 1)
    rows, bins = batch * channels, padded // 2 + 1
    ways = rfft(padded, rows) + irfft(padded, rows)
    kernel = rfft(padded, channels).others if causal else 0
    return ways.others + kernel + MULTIPLY * rows * bins


def fourier_mixing(size: int, channels: int, *, batch: int = 1) -> Cost:
    """Return the cost of the real part of the DFT over tokens and channels, with nothing learned.

    y = Re(F_n x F_d): real transforms of the tokens, complex ones of half of the channels; what is
    left is their mirror image.

    Args:
        size: number of tokens; transforms pay for the next power of two, and so for channels.
        channels: of the tokens.
        batch: number of sequences.

    >>> fourier_mixing(8, 4).moved
    64
    """
    size, channels, batch = as_counts(size=size, channels=channels, batch=batch)
    if not size or not channels:
        return Cost()
    bins = power_of_two(channels) // 2 + 1
    across = rfft(channels, batch * size) + fft(size, batch * bins)
    return Cost(others=across.others, moved=2 * batch * size * channels)


def power_of_two(size: int) -> int:
    """Return the next power of two, and 0 for nothing.

    >>> power_of_two(5), power_of_two(8), power_of_two(0)
    (8, 8, 0)
    """
    return 1 << (size - 1).bit_length() if size else 0
