"""How many digits the transforms keep, against NumPy's own in long double."""

import warnings

import mpmath
import numpy as np
import pytest

from fftia_lab import transform
from fftia_lab.transform import roots_of_unity

HAS_LONG_DOUBLE = np.finfo(np.longdouble).eps < 1e-18
long_double = pytest.mark.skipif(not HAS_LONG_DOUBLE, reason="this machine's long double is double")

EPS = np.finfo(np.float64).eps
# Powers, smooth lengths and primes; 1728, 2592 and 57 are the worst of many small factors when
# roots are off by some ulp, 817, 244, 237, 122 and 118 of those that turn into a convolution.
LENGTHS = [2, 3, 5, 8, 12, 31, 32, 41, 57, 58, 64, 113, 118, 122, 237, 244, 360, 488, 817, 1000]
LENGTHS += [1024, 1331, 1728, 2047, 2187, 2592, 3125, 3844, 4093, 4096, 9973, 10_007]
LENGTHS += [99_991, 100_003]


def exact_root(turns, size):
    """e^{-2πi turns/size} to 40 digits."""
    with mpmath.workdps(40):
        return mpmath.expjpi(mpmath.mpf(-2 * turns) / size)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7, 8, 12, 817, 1728, 4096, 100_003])
def test_roots_of_unity_are_right_to_the_last_digit(size):
    chosen = range(size) if size < 2000 else range(0, size, size // 1000)
    found = roots_of_unity(np.array(chosen), size)
    for turns, root in zip(chosen, found, strict=True):
        exact = exact_root(turns, size)
        assert abs(root.real - exact.real) < 0.75 * EPS, (turns, size)
        assert abs(root.imag - exact.imag) < 0.75 * EPS, (turns, size)


def test_quarter_turns_are_exact_and_whole_turns_vanish():
    assert (roots_of_unity(np.arange(-4, 4), 4) == [1, -1j, -1, 1j] * 2).all()
    whole = 12 * np.array([0, 1, -5, 10**15])
    assert (roots_of_unity(whole + 5, 12) == roots_of_unity(5, 12)).all()
    size = 2 * 1_000_003
    assert roots_of_unity(10**15, size) == roots_of_unity(10**15 % size, size)


@pytest.mark.parametrize(
    ("turns", "size", "kind", "message"),
    [
        (0.5, 4, TypeError, "turns must be integers; got an array of dtype float64"),
        ([True], 4, TypeError, "turns must be integers; got an array of dtype bool"),
        ([[1], [2, 3]], 4, ValueError, "turns must be an array; got rows of different lengths"),
        (1, 4.0, TypeError, "size must be an integer; got 4.0"),
        (1, 0, ValueError, "size must lie in 1 to 2^60 for roots of unity; got 0"),
    ],
)
def test_roots_of_unity_refuse_what_they_cannot_reduce(turns, size, kind, message):
    with pytest.raises(kind) as caught:
        roots_of_unity(turns, size)
    assert message in str(caught.value)


def errors(name, n):
    """Root mean square error, relative to that of the spectrum: ours, and NumPy's."""
    rng = np.random.default_rng(n)
    x = rng.normal(size=(max(4, 512 // n), n // 2 + 1 if name == "irfft" else n))
    if name != "rfft":
        x = x + 1j * rng.normal(size=x.shape)
    right = getattr(np.fft, name)(x.astype(np.result_type(x, np.longdouble)), n=n)
    assert right.real.dtype == np.longdouble
    found = [getattr(module, name)(x, n=n) for module in (transform, np.fft)]
    scale = np.linalg.norm(np.abs(right))
    return [float(np.linalg.norm(np.abs(one - right)) / scale) for one in found]


@long_double
@pytest.mark.parametrize("n", LENGTHS)
@pytest.mark.parametrize("name", ["fft", "ifft", "rfft", "irfft"])
def test_as_many_digits_as_numpy(name, n):
    """What is lost hangs on how the processor's BLAS adds up products.

    Worst of the lengths to 4,096, by OpenBLAS kernel (2026-11-27): SkylakeX 1.59, and rfft 1.86;
    Haswell, which is Zen's too, 1.77 and 2.01; Sandybridge and Nehalem 1.66 and 1.84.
    """
    ours, numpys = errors(name, n)
    allowed = 2.25 if name == "rfft" else 2.0
    assert ours <= allowed * max(numpys, EPS / 4), f"{ours:.2e} for NumPy's {numpys:.2e}"


@long_double
@pytest.mark.parametrize(
    "name", ["fft_recursive", "fft_iterative", "fft_stockham", "fft_four_step", "dft"]
)
def test_the_teaching_forms_take_the_same_roots(name):
    """A table of roots that are off by several ulp would show first in the longest one here."""
    n = 256
    rng = np.random.default_rng(n)
    x = rng.normal(size=(8, n)) + 1j * rng.normal(size=(8, n))
    right = np.fft.fft(x.astype(np.clongdouble))
    lost = np.linalg.norm(np.abs(getattr(transform, name)(x) - right))
    assert lost <= 2.5 * EPS * np.linalg.norm(np.abs(right))


TOP = np.finfo(np.float64).max


@pytest.mark.parametrize("n", [4, 5, 8, 37, 38, 64])
@pytest.mark.parametrize("name", ["fft", "ifft", "rfft", "irfft"])
def test_near_the_top_of_the_range_nothing_overflows_that_numpy_keeps(name, n):
    x = np.zeros(n // 2 + 1 if name == "irfft" else n)
    for place in (0, len(x) - 1):
        x[:] = 0
        x[place] = 0.95 * TOP
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            wanted = getattr(np.fft, name)(x, n=n)
        found = getattr(transform, name)(x, n=n)
        finite = np.isfinite(wanted)
        np.testing.assert_allclose(found[finite], wanted[finite], rtol=1e-12, atol=1e-12 * TOP)
