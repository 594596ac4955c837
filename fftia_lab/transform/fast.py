"""The transforms to use: every length, any axis, NumPy's signature and nearly its speed.

A length with no prime factor above 32 runs in Stockham order with up to 32 samples a butterfly, so
that a stage is one matrix product and a million samples need four trips through memory. Every other
length becomes a convolution of a power-of-two length (Bluestein). A real signal of even length
travels as a complex one of half the length. Notebook: 04-fast-on-real-machines.

Leaves out NumPy's `out` argument and long double, which is computed in complex128.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..arguments import as_array, as_integer
from .reference import Complexes, dft_matrix, roots_of_unity

WIDEST = 32  # samples in a butterfly: wider ones cost more than the trips they save
CONVOLVED = 16  # the same where a convolution takes two transforms, whose errors add up
EXACT = 1 << 16  # the longest kernel of a convolution that is worth long double
NORMS = {None: "backward", "backward": "backward", "ortho": "ortho", "forward": "forward"}


@lru_cache(maxsize=64)
def _butterfly(radix: int, dtype: Any) -> Complexes:
    """The DFT matrix of one wide butterfly."""
    return dft_matrix(radix).astype(dtype)


@lru_cache(maxsize=64)
def _wide_twiddles(size: int, radix: int, dtype: Any) -> Complexes:
    """e^{-2πi pk/size} for p < size/radix and k < radix, shape (size/radix, radix, 1)."""
    products = np.outer(np.arange(size // radix), np.arange(radix))
    return roots_of_unity(products, size, dtype)[:, :, None]


def radices(size: int) -> tuple[int, ...] | None:
    """Return how many samples meet in a butterfly of each stage.

    As few stages as butterflies of at most 32 allow, then as little work; their product is the
    size. None if a prime factor of the size is larger.

    Args:
        size: number of samples, at least 1.

    Raises:
        TypeError: if size is not an integer.
        ValueError: if size is below 1.

    >>> radices(2048), radices(1000), radices(1 << 20), radices(37)
    ((8, 16, 16), (10, 10, 10), (32, 32, 32, 32), None)
    """
    return _plan(as_integer("size", size, least=1))


@lru_cache(maxsize=4096)
def _plan(size: int, widest: int = WIDEST) -> tuple[int, ...] | None:
    if size == 1:
        return ()
    widths = [width for width in range(2, widest + 1) if size % width == 0]
    rests = [(width, _plan(size // width, widest)) for width in widths]
    plans = [(width, *rest) for width, rest in rests if rest is not None]
    return min(plans, key=lambda plan: (len(plan), sum(plan)), default=None)


def _stages(x: Complexes, plan: tuple[int, ...]) -> Complexes:
    """Transform contiguous rows, shape (batch, size), in Stockham's order; a stage a radix."""
    batch, size = x.shape
    if size == 1:
        return x.copy()
    columns, target = np.empty_like(x), np.empty_like(x)
    length, stride = size, 1
    for radix in plan:
        rest = length // radix
        split = (batch, radix, rest * stride)
        np.matmul(_butterfly(radix, x.dtype), x.reshape(split), out=columns.reshape(split))
        if rest > 1:
            dealt = columns.reshape(batch, radix, rest, stride).transpose(0, 2, 1, 3)
            x = target
            np.multiply(dealt, _wide_twiddles(length, radix, x.dtype), out=x.reshape(dealt.shape))
        length, stride = rest, stride * radix
    _clear_registers()
    return columns


_FEW = np.ones(64)


def _clear_registers() -> None:
    """Add a few numbers, so that the next program does not pay for our last matrix product.

    The AVX-512 kernels of OpenBLAS 0.3.31 for complex products return without `vzeroupper`; until
    other AVX code executes it, code compiled for SSE runs several times slower. The series
    "aftermath" of `fftia_lab.bench` measures that.
    """
    np.add(_FEW, _FEW)


@lru_cache(maxsize=16)
def _chirp(size: int) -> tuple[Complexes, Complexes, Complexes]:
    """Bluestein's chirp e^{-πi j²/size}, shrunk; the spectrum of its conjugate; it, enlarged.

    Partial sums of the convolution are up to √(2 size) times as large as what is convolved: a power
    of two makes room for them, so that nothing overflows that would fit in the end.
    """
    index = np.arange(size)
    chirp = roots_of_unity(index * index, 2 * size, np.clongdouble)
    length = 1 << (2 * size - 2).bit_length()
    padded = np.zeros(length, dtype=np.clongdouble)
    padded[:size] = chirp.conj()
    padded[length - size + 1 :] = chirp[:0:-1].conj()
    kernel = _in_pairs(padded) if length <= EXACT else _convolved(padded.astype(complex)[None])[0]
    kernel, chirp = (kernel / length).astype(complex), chirp.astype(complex)
    room = 2.0 ** (size.bit_length() // 2 + 1)
    return chirp / room, kernel, chirp * room


def _in_pairs(x: Complexes) -> Complexes:
    """Transform a power of two of samples in their own precision: slow, for what is kept.

    Long double leaves the kernel with the error of one rounding, where the machine has it; an
    error there would be a third of that of every convolution.
    """
    stride = len(x) // 2
    while stride:
        a, b = x.reshape(2, stride, -1)
        twiddle = roots_of_unity(np.arange(stride), 2 * stride, x.dtype)[:, None]
        x = np.stack([a + b, (a - b) * twiddle], axis=1).ravel()
        stride //= 2
    return x


def _convolved(x: Complexes) -> Complexes:
    """Transform rows of a power of two of samples, for a convolution."""
    return _stages(x, _plan(x.shape[1], CONVOLVED) or ())


def _any_length(x: Complexes) -> Complexes:
    """Transform rows of x, shape (batch, size), by jk = (j² + k² - (k - j)²)/2: a convolution."""
    size = x.shape[1]
    shrunk, kernel, enlarged = _chirp(size)
    padded = np.zeros((len(x), len(kernel)), dtype=np.complex128)
    np.multiply(x, shrunk, out=padded[:, :size])
    product = _convolved(padded)
    product *= kernel
    convolved = _convolved(np.conjugate(product, out=product))[:, :size].conj()
    convolved *= enlarged
    return convolved.astype(x.dtype, copy=False)


def _transform(x: Complexes) -> Complexes:
    """Transform along the last axis, forward and undivided."""
    rows = np.ascontiguousarray(x).reshape(-1, x.shape[-1])
    plan = _plan(rows.shape[1])
    with np.errstate(invalid="ignore", over="ignore"):  # inf and nan pass silently, as in NumPy
        spectrum = _any_length(rows) if plan is None else _stages(rows, plan)
    return spectrum.reshape(x.shape)


def _scale(norm: str | None, size: int, forward: bool) -> float:
    """Return what to multiply by, in the convention that `norm` names."""
    if not isinstance(norm, str | None) or norm not in NORMS:
        raise ValueError(f'norm must be None, "backward", "ortho" or "forward"; got {norm!r}')
    if NORMS[norm] == "ortho":
        return float(1 / np.sqrt(size))
    return 1 / size if (NORMS[norm] == "forward") == forward else 1.0


def _prepare(a: ArrayLike, n: int | None, axis: int, length: int | None = None) -> NDArray[Any]:
    """Return a with its axis last and cut or zero-padded to n; length is the default of n."""
    a = as_array("a", a)
    if a.ndim == 0:
        raise ValueError("a transform needs at least one axis; got a single number")
    a = a.swapaxes(as_integer("axis", axis), -1)
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
        TypeError: if a does not hold numbers, or n or the axis is not an integer.
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
    return _scaled(spectrum, scale).swapaxes(-1, axis)


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
    return _scaled(spectrum, scale).swapaxes(-1, axis)


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
    a = as_array("a", a)
    if np.iscomplexobj(a):
        raise TypeError("rfft takes real numbers; got complex ones: use fft, or a.real")
    x = _prepare(a, n, axis)
    size = x.shape[-1]
    scale = _scale(norm, size, forward=True)
    dtype = _complex_type(x.dtype)
    if size % 2:
        half = _transform(x.astype(dtype))[..., : size // 2 + 1]
    else:
        half = _apart(_transform(_packed(x, dtype)), size)
    return _scaled(half, scale).swapaxes(-1, axis)


def _packed(x: NDArray[Any], dtype: Any) -> Complexes:
    """Return even samples as real parts and odd ones as imaginary parts: how they lie in memory."""
    return np.ascontiguousarray(x, dtype=dtype(0).real.dtype).view(dtype)


@lru_cache(maxsize=16)
def _quarter_turned(size: int, dtype: Any) -> Complexes:
    """-i e^{-2πi k/size} for k = 0 .. size/2."""
    return roots_of_unity(size + 4 * np.arange(size // 2 + 1), 4 * size, dtype)


def _apart(spectrum: Complexes, size: int) -> Complexes:
    """Return E_k + w^k O_k from the spectrum of a packed signal, E_k + i O_k."""
    both = np.concatenate([spectrum, spectrum[..., :1]], axis=-1)
    both *= 0.5  # before the sums, which may not fit when the halves of them do
    mirrored = both[..., ::-1].conj()
    odd = both - mirrored
    odd *= _quarter_turned(size, odd.dtype)
    both += mirrored
    both += odd
    return both


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
    a = as_array("a", a)
    if n is None:
        n = 2 * (np.moveaxis(a, as_integer("axis", axis), -1).shape[-1] - 1) if a.ndim else 0
    size = as_integer("n", n)
    half = _prepare(a, size, axis, length=size)
    scale = _scale(norm, size, forward=False)
    half = half.astype(_complex_type(half.dtype))
    if size % 2:
        mirrored = half[..., :0:-1].conj()
        signal = _transform(np.concatenate([half, mirrored], axis=-1).conj()).real
    else:
        packed = _transform(_together(half, size))
        signal = np.conjugate(packed, out=packed).view(packed.real.dtype)
        scale *= 2
    return _scaled(signal, scale).swapaxes(-1, axis)


def _together(half: Complexes, size: int) -> Complexes:
    """Return the conjugate of E_k + i O_k from E_k + w^k O_k: `_apart` run backwards."""
    half.imag[..., [0, -1]] = 0
    half *= 0.5
    mirrored = half[..., ::-1].conj()
    odd = half - mirrored
    odd *= _quarter_turned(size, odd.dtype).conj()
    half += mirrored
    half += odd
    return half[..., :-1].conj()


def _scaled(x: NDArray[Any], scale: float) -> NDArray[Any]:
    return x if scale == 1.0 else x * x.dtype.type(scale)
