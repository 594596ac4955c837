"""The transforms to use: every length, any axis, NumPy's signature and nearly its speed.

Powers of two run in Stockham order with sixteen samples a butterfly, so that a stage is one matrix
product and a million samples need five trips through memory. Every other length becomes a
convolution of a power-of-two length (Bluestein). A real signal of even length travels as a complex
one of half the length.

Leaves out NumPy's `out` argument and long double, which is computed in complex128.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..schedule import as_integer
from .reference import Complexes, dft_matrix

RADIX = 16
NORMS = {None: "backward", "backward": "backward", "ortho": "ortho", "forward": "forward"}


@lru_cache(maxsize=64)
def _butterfly(radix: int, dtype: Any) -> Complexes:
    """The DFT matrix of one wide butterfly."""
    return dft_matrix(radix).astype(dtype)


@lru_cache(maxsize=64)
def _wide_twiddles(size: int, radix: int, dtype: Any) -> Complexes:
    """e^{-2πi pk/size} for p < size/radix and k < radix, shape (size/radix, radix, 1)."""
    products = np.outer(np.arange(size // radix), np.arange(radix)) % size
    return np.exp(-2j * np.pi * products / size).astype(dtype)[:, :, None]


def _power_of_two(x: Complexes) -> Complexes:
    """Transform rows of x, shape (batch, size), size a power of two; Stockham, radix 16."""
    batch, size = x.shape
    length, stride = size, 1
    while length > 1:
        radix = min(RADIX, length)
        rest = length // radix
        columns = _butterfly(radix, x.dtype) @ x.reshape(batch, radix, rest * stride)
        if rest > 1:
            columns = columns.reshape(batch, radix, rest, stride).transpose(0, 2, 1, 3)
            x = np.empty(columns.shape, dtype=x.dtype)
            np.multiply(columns, _wide_twiddles(length, radix, x.dtype), out=x)
        else:
            x = columns
        length, stride = rest, stride * radix
    return x.reshape(batch, size)


@lru_cache(maxsize=16)
def _chirp(size: int) -> tuple[Complexes, Complexes]:
    """Bluestein's chirp e^{-πi j²/size} and the spectrum of its conjugate, wrapped and padded."""
    index = np.arange(size)
    chirp = np.exp(-1j * np.pi * (index * index % (2 * size)) / size)
    padded = np.zeros(1 << (2 * size - 2).bit_length(), dtype=np.complex128)
    padded[:size] = chirp.conj()
    padded[len(padded) - size + 1 :] = chirp[:0:-1].conj()
    return chirp, _power_of_two(padded[None])


def _any_length(x: Complexes) -> Complexes:
    """Transform rows of x, shape (batch, size), by jk = (j² + k² - (k - j)²)/2: a convolution."""
    size = x.shape[1]
    chirp, kernel = _chirp(size)
    padded = np.zeros((len(x), kernel.shape[1]), dtype=np.complex128)
    np.multiply(x, chirp, out=padded[:, :size])
    product = _power_of_two(padded) * kernel
    convolved = _power_of_two(product.conj()).conj()[:, :size] / kernel.shape[1]
    return (convolved * chirp).astype(x.dtype)


def _transform(x: Complexes) -> Complexes:
    """Transform along the last axis, forward and undivided."""
    rows = np.ascontiguousarray(x).reshape(-1, x.shape[-1])
    size = rows.shape[1]
    with np.errstate(invalid="ignore", over="ignore"):  # inf and nan pass silently, as in NumPy
        spectrum = _power_of_two(rows) if size & (size - 1) == 0 else _any_length(rows)
    return spectrum.reshape(x.shape)


def _scale(norm: str | None, size: int, forward: bool) -> float:
    """Return what to multiply by, in the convention that `norm` names."""
    if norm not in NORMS:
        raise ValueError(f'norm must be None, "backward", "ortho" or "forward"; got {norm!r}')
    if NORMS[norm] == "ortho":
        return float(1 / np.sqrt(size))
    return 1 / size if (NORMS[norm] == "forward") == forward else 1.0


def _prepare(a: ArrayLike, n: int | None, axis: int, length: int | None = None) -> NDArray[Any]:
    """Return a with its axis last and cut or zero-padded to n; length is the default of n."""
    a = np.asarray(a)
    if a.dtype.kind not in "biufc":
        raise TypeError(f"a transform needs numbers; got an array of dtype {a.dtype}")
    if a.ndim == 0:
        raise ValueError("a transform needs at least one axis; got a single number")
    a = np.moveaxis(a, axis, -1)
    size = (a.shape[-1] if length is None else length) if n is None else as_integer("n", n)
    if size < 1:
        raise ValueError(f"a transform needs at least one data point; got n={size}")
    kept = min(a.shape[-1], size if length is None else size // 2 + 1)
    whole = size if length is None else size // 2 + 1
    if kept == whole == a.shape[-1]:
        return a
    padded = np.zeros((*a.shape[:-1], whole), dtype=a.dtype)
    padded[..., :kept] = a[..., :kept]
    return padded


def _complex_type(dtype: np.dtype[Any]) -> Any:
    return np.complex64 if dtype in (np.float16, np.float32, np.complex64) else np.complex128


def fft(a: ArrayLike, n: int | None = None, axis: int = -1, norm: str | None = None) -> Complexes:
    """Return the discrete Fourier transform, as `numpy.fft.fft` does.

    X_k = Σ_j x_j e^{-2πi jk/N}, divided by √N for norm="ortho" and by N for norm="forward".

    Args:
        a: numbers of any shape.
        n: how many samples to transform: the axis is cut or zero-padded; None takes it whole.
        axis: which axis.
        norm: None or "backward", "ortho", "forward".

    Returns:
        complex array, complex64 for half or single precision, else complex128.

    Raises:
        TypeError: if a does not hold numbers or n is not an integer.
        ValueError: if there is no data point, or the norm is unknown.
        numpy.exceptions.AxisError: if the axis does not exist.

    Source: Cooley and Tukey (1965); for lengths that are no powers of two Bluestein (1970),
    doi:10.1109/TAU.1970.1162132.

    >>> fft([1.0, 2.0, 3.0]).round(3)
    array([ 6. +0.j   , -1.5+0.866j, -1.5-0.866j])
    """
    x = _prepare(a, n, axis)
    scale = _scale(norm, x.shape[-1], forward=True)
    spectrum = _transform(x.astype(_complex_type(x.dtype), copy=False))
    return np.moveaxis(_scaled(spectrum, scale), -1, axis)


def ifft(a: ArrayLike, n: int | None = None, axis: int = -1, norm: str | None = None) -> Complexes:
    """Return the inverse discrete Fourier transform, as `numpy.fft.ifft` does.

    x_j = 1/N Σ_k X_k e^{2πi jk/N}, divided by √N for norm="ortho", by nothing for norm="forward".
    Arguments, result and errors are those of `fft`.

    >>> ifft([4.0, 0.0, 0.0, 0.0]).real
    array([1., 1., 1., 1.])
    """
    x = _prepare(a, n, axis)
    scale = _scale(norm, x.shape[-1], forward=False)
    spectrum = _transform(x.astype(_complex_type(x.dtype), copy=False).conj()).conj()
    return np.moveaxis(_scaled(spectrum, scale), -1, axis)


def rfft(a: ArrayLike, n: int | None = None, axis: int = -1, norm: str | None = None) -> Complexes:
    """Return the non-negative frequencies of a real signal, as `numpy.fft.rfft` does.

    For even N the even samples travel as real parts and the odd ones as imaginary parts of a signal
    of half the length; its spectrum is taken apart again. Arguments and errors are those of `fft`;
    in addition a complex signal raises TypeError.

    Returns:
        complex array with N // 2 + 1 frequencies on the axis.

    >>> rfft([1.0, 0.0, 0.0, 0.0]).real
    array([1., 1., 1.])
    """
    if np.iscomplexobj(a):
        raise TypeError("rfft takes real numbers; got complex ones: use fft, or a.real")
    x = _prepare(a, n, axis)
    size = x.shape[-1]
    scale = _scale(norm, size, forward=True)
    dtype = _complex_type(x.dtype)
    if size % 2:
        half = _transform(x.astype(dtype))[..., : size // 2 + 1]
    else:
        half = _two_for_one(x[..., ::2] + dtype(1j) * x[..., 1::2], size)
    return np.moveaxis(_scaled(half, scale), -1, axis)


def _two_for_one(packed: Complexes, size: int) -> Complexes:
    """Transform a packed real signal and take its even and odd samples apart."""
    spectrum = _transform(packed)
    spectrum = np.concatenate([spectrum, spectrum[..., :1]], axis=-1)
    mirrored = spectrum[..., ::-1].conj()
    even, odd = (spectrum + mirrored) / 2, (spectrum - mirrored) / 2
    turn = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size).astype(packed.dtype)
    return even - packed.dtype.type(1j) * turn * odd


def irfft(
    a: ArrayLike, n: int | None = None, axis: int = -1, norm: str | None = None
) -> NDArray[np.floating]:
    """Return the real signal of non-negative frequencies, as `numpy.fft.irfft` does.

    The imaginary parts at frequency zero and, for even n, at n/2 are ignored: no real signal has
    them. Arguments and errors are those of `fft`.

    Args:
        n: how many samples come out; None gives 2·(m - 1) for m frequencies.

    Returns:
        real array, float32 for half or single precision, else float64.

    >>> irfft([4.0, 0.0, 0.0])
    array([1., 1., 1., 1.])
    """
    axis_length = np.asarray(a).shape[axis] if np.ndim(a) else 1
    size = 2 * (axis_length - 1) if n is None else as_integer("n", n)
    half = _prepare(a, size, axis, length=size)
    scale = _scale(norm, size, forward=False)
    half = half.astype(_complex_type(half.dtype))
    mirrored = half[..., 1 : (size + 1) // 2][..., ::-1].conj()
    whole = np.concatenate([half, mirrored], axis=-1)
    signal = _transform(whole.conj()).real
    return np.moveaxis(_scaled(signal, scale), -1, axis)


def _scaled(x: NDArray[Any], scale: float) -> NDArray[Any]:
    return x if scale == 1.0 else x * x.dtype.type(scale)
