"""Mixing by definition, in NumPy and float64: the law for every faster form.

Leaves out speed and gradients. Its story is told in notebooks/10-spectral-mixing.ipynb.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..arguments import as_array, as_floats, as_integer

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]


def response_per_sample(knots: ArrayLike, n: int) -> Complexes:
    """Return H(j/n), j = 0 … ⌊n/2⌋, on straight lines between knots from 0 to 1/2 cycle a sample.

    Args:
        knots: complex (K, channels); one knot is a constant.
        n: number of samples, at least 1.

    Returns:
        complex128 (n // 2 + 1, channels).

    >>> response_per_sample([[1], [0]], 4).real.ravel()
    array([1. , 0.5, 0. ])
    """
    given = as_array("knots", knots).astype(np.complex128)
    frequencies = np.arange(as_integer("n", n, least=1) // 2 + 1) / n
    places = np.linspace(0, 0.5, len(given))
    lines = [np.interp(frequencies, places, channel) for channel in given.T]
    return np.stack(lines, axis=1) if len(given) > 1 else np.repeat(given, len(frequencies), 0)


def response_per_sequence(knots: ArrayLike, n: int) -> Complexes:
    """Return knot k at k cycles per sequence, 1 at bins without a knot, real at half the rate.

    Args:
        knots: complex (K, channels).
        n: number of samples, at least 1.

    Returns:
        complex128 (n // 2 + 1, channels).

    >>> response_per_sequence([[3], [2j]], 4).ravel()
    array([3.+0.j, 0.+2.j, 1.+0.j])
    """
    given = as_array("knots", knots).astype(np.complex128)
    bins = as_integer("n", n, least=1) // 2 + 1
    found = np.ones((bins, given.shape[1]), dtype=np.complex128)
    known = min(bins, len(given))
    found[:known] = given[:known]
    if n % 2 == 0:
        found[-1] = found[-1].real
    return found


def circular_convolution(x: ArrayLike, kernel: ArrayLike) -> Floats:
    """Return y[i] = Σ_j kernel[(i - j) mod n] x[j], sum by sum.

    Args:
        x: shape (batch, n, channels).
        kernel: shape (n, channels).

    Returns:
        float64 of the shape of x.

    >>> circular_convolution(np.arange(3.0).reshape(1, 3, 1), [[0], [1], [0]]).ravel()
    array([2., 0., 1.])
    """
    x, kernel = as_floats("x", x), as_floats("kernel", kernel)
    place = np.arange(x.shape[1])
    return np.einsum("ijc,bjc->bic", kernel[place[:, None] - place], x)


def causal_convolution(x: ArrayLike, kernel: ArrayLike) -> Floats:
    """Return y[i] = Σ_t kernel[t] x[i - t] over t ≤ i, sum by sum: nothing comes round the end.

    Args:
        x: shape (batch, n, channels).
        kernel: shape (taps, channels).

    Returns:
        float64 of the shape of x.

    >>> causal_convolution(np.arange(3.0).reshape(1, 3, 1), [[0], [1], [0]]).ravel()
    array([0., 0., 1.])
    """
    x, kernel = as_floats("x", x), as_floats("kernel", kernel)
    y = np.zeros_like(x)
    for lag in range(min(len(kernel), x.shape[1])):
        y[:, lag:] += kernel[lag] * x[:, : x.shape[1] - lag]
    return y


def spectral_mixing(x: ArrayLike, response: ArrayLike, causal: bool = False) -> Floats:
    """Filter each channel along the tokens.

    y[i] = Σ_j h[(i - j) mod n] x[j] with h the inverse DFT of the response; or, causal,
    y[i] = Σ_{j ≤ i} h[i - j] x[j] with h the inverse DFT over 2n samples, of which the first n are
    kept: the others are negative lags.

    Args:
        x: shape (batch, n, channels).
        response: complex (n // 2 + 1, channels), or (n + 1, channels) if causal.
        causal: whether no token hears a later one.

    Returns:
        float64 of the shape of x.

    >>> x = np.arange(1.0, 5).reshape(1, 4, 1)
    >>> delay = np.exp(-2j * np.pi * np.arange(3) / 4)[:, None]
    >>> spectral_mixing(x, delay).ravel().round(9)
    array([4., 1., 2., 3.])
    """
    x, response = as_floats("x", x), as_array("response", response)
    n = x.shape[1]
    if causal:
        return causal_convolution(x, np.fft.irfft(response, 2 * n, axis=0)[:n])
    return circular_convolution(x, np.fft.irfft(response, n, axis=0))


def fourier_mixing(x: ArrayLike) -> Floats:
    """Return the real part of the DFT over tokens and channels.

    Args:
        x: shape (batch, n, channels).

    Returns:
        float64 of the shape of x.

    Source: Lee-Thorp et al. (2021), FNet: Mixing Tokens with Fourier Transforms.

    >>> fourier_mixing(np.ones((1, 2, 2))).ravel()
    array([4., 0., 0., 0.])
    """
    return np.fft.fft(np.fft.fft(as_floats("x", x), axis=2), axis=1).real


def global_filter(x: ArrayLike, weight: ArrayLike) -> Floats:
    """Return x filtered by a learned spectrum over one or two axes of tokens, with norm="ortho".

    Args:
        x: shape (batch, tokens, channels); tokens is n, or height · width, row by row.
        weight: complex (n // 2 + 1, channels), or (height, width // 2 + 1, channels).

    Returns:
        float64 of the shape of x.

    Source: Rao et al. (2021), Global Filter Networks for Image Classification.

    >>> global_filter(np.arange(4.0).reshape(1, 4, 1), 2 * np.ones((2, 2, 1))).ravel().round(9)
    array([0., 2., 4., 6.])
    """
    x, weight = as_floats("x", x), as_array("weight", weight)
    batch, tokens, channels = x.shape
    height = 1 if weight.ndim == 2 else weight.shape[0]
    grid = x.reshape(batch, height, tokens // height, channels)
    spectrum = np.fft.rfft2(grid, axes=(1, 2), norm="ortho") * weight
    return np.fft.irfft2(spectrum, grid.shape[1:3], axes=(1, 2), norm="ortho").reshape(x.shape)
