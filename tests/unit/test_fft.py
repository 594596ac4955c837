"""`fft`, `ifft`, `rfft`, `irfft` against numpy.fft: every length, norm, axis and precision."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fftia_lab import transform
from fftia_lab.implementations import REAL_TRANSFORMS

NAMES = ["fft", "ifft", "rfft", "irfft"]
NORMS = [None, "backward", "ortho", "forward"]
LIMITS = {np.float64: 1e-12, np.float32: 2e-6}


def signal(name, shape, seed=0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=shape)
    if name != "rfft":
        x = x + 1j * rng.normal(size=shape)
    single = dtype == np.float32
    return x.astype(np.complex64 if np.iscomplexobj(x) else np.float32) if single else x


def compare(name, x, **arguments):
    """Compare with NumPy in double precision; types must be NumPy's for the given precision."""
    found = getattr(transform, name)(x, **arguments)
    numpys = getattr(np.fft, name)
    assert found.dtype == numpys(x, **arguments).dtype
    wanted = numpys(x.astype(np.result_type(x, np.float64)), **arguments)
    assert found.shape == wanted.shape
    scale = np.sqrt(np.mean(np.abs(wanted) ** 2)) if wanted.size else 1.0
    error = np.abs(found - wanted).max(initial=0) / max(scale, 1e-300)
    limit = LIMITS[np.float32 if found.dtype in (np.complex64, np.float32) else np.float64]
    assert error <= limit, f"{name}, {x.shape}, {arguments}: relative error {error:.1e}"


@pytest.mark.parametrize("dtype", LIMITS)
@pytest.mark.parametrize("name", NAMES)
def test_every_length_to_2048(name, dtype):
    for n in range(1, 2049):
        given = n // 2 + 1 if name == "irfft" else n
        compare(name, signal(name, given, n, dtype), n=n)


@pytest.mark.parametrize("name", REAL_TRANSFORMS)
def test_the_table_of_real_transforms(name):
    chosen = REAL_TRANSFORMS[name]
    for n in (1, 2, 7, 64, 100, 101):
        x = signal("rfft", (3, n), n)
        np.testing.assert_allclose(chosen.load()(x), chosen.load_oracle()(x), atol=1e-12)


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("name", NAMES)
def test_norms_axes_cutting_and_padding(name, norm):
    x = signal(name, (4, 6, 5))
    for axis in (-1, 0, 1, 2, -3):
        for n in (None, 1, 2, 3, 5, 8, 16):
            compare(name, x, n=n, axis=axis, norm=norm)
            compare(name, x.astype(np.result_type(x, np.float32)), n=n, axis=axis, norm=norm)


@pytest.mark.parametrize("name", NAMES)
def test_a_large_prime_loses_no_digits(name):
    """Its chirp turns by multiples of j², which must be reduced before they meet a float."""
    compare(name, signal(name, 50_002 if name == "irfft" else 100_003), n=100_003)


@pytest.mark.parametrize("name", NAMES)
def test_large_powers_of_two_and_batches(name):
    for n in (4096, 1 << 16):
        compare(name, signal(name, (2, n // 2 + 1 if name == "irfft" else n)), n=n)


@pytest.mark.parametrize("name", NAMES)
def test_input_is_left_alone_and_may_be_strided(name):
    x = signal(name, (6, 32))
    kept = x.copy()
    compare(name, x[::2, ::3])
    compare(name, x.T, axis=0)
    np.testing.assert_array_equal(x, kept)


@pytest.mark.parametrize("name", NAMES)
def test_the_result_is_the_readers_own(name):
    """Also where nothing is computed: one sample is its own spectrum."""
    for n in (1, 2, 3, 8, 37):
        x = signal(name, n)
        assert not np.shares_memory(getattr(transform, name)(x, n=n), x), n


def test_as_few_stages_as_butterflies_of_32_allow():
    for n in range(1, 5000):
        plan, largest = transform.radices(n), largest_prime(n)
        assert (plan is None) == (largest > 32), n
        if plan is not None:
            assert math.prod(plan) == n and all(2 <= width <= 32 for width in plan)
    fewest = [len(transform.radices(1 << digits)) for digits in range(26)]
    assert fewest == [-(-digits // 5) for digits in range(26)]
    assert transform.radices(1 << 11) == (8, 16, 16), "even shares, not 32, 32 and 2"


def largest_prime(n):
    largest, divisor = 1, 2
    while n > 1:
        while n % divisor == 0:
            n, largest = n // divisor, divisor
        divisor += 1
    return largest


@pytest.mark.parametrize("dtype", [np.int32, np.uint8, np.bool_, np.float16])
def test_other_numbers(dtype):
    x = (np.arange(24) % 7).astype(dtype)
    assert transform.fft(x).dtype == np.fft.fft(x).dtype
    np.testing.assert_allclose(transform.fft(x), np.fft.fft(x), atol=1e-4)
    np.testing.assert_allclose(transform.rfft(x), np.fft.rfft(x), atol=1e-4)


@pytest.mark.parametrize("size", [8, 12])
@pytest.mark.parametrize("odd_one", [np.nan, np.inf])
def test_nan_and_inf_spread_silently(size, odd_one):
    x = np.ones((2, size))
    x[0, 3] = odd_one
    assert np.isnan(transform.fft(x)[0]).all()
    np.testing.assert_allclose(transform.fft(x)[1], np.fft.fft(x)[1], atol=1e-12)


def test_an_empty_batch_stays_one():
    assert transform.fft(np.ones((0, 12))).shape == np.fft.fft(np.ones((0, 12))).shape == (0, 12)
    assert transform.rfft(np.ones((3, 0, 8))).shape == (3, 0, 5)


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: transform.fft([]), ValueError, "at least one data point; got n=0"),
        (lambda: transform.fft([1, 2], n=0), ValueError, "at least one data point; got n=0"),
        (lambda: transform.irfft([1.0]), ValueError, "at least one data point; got n=0"),
        (lambda: transform.fft([1, 2], n=1.5), TypeError, "n must be an integer; got 1.5"),
        (lambda: transform.fft(3), ValueError, "at least one axis; got a single number"),
        (lambda: transform.fft(["a"]), TypeError, "got an array of dtype <U1"),
        (lambda: transform.fft([1, 2], norm="no"), ValueError, "\"forward\"; got 'no'"),
        (lambda: transform.fft([1, 2], axis=1), np.exceptions.AxisError, "axis 1 is out of bounds"),
        (lambda: transform.rfft([1j]), TypeError, "rfft takes real numbers; got complex ones"),
    ],
)
def test_wrong_input_gives_one_clear_line(call, kind, message):
    with pytest.raises(kind) as caught:
        call()
    assert message in str(caught.value)


def test_numpy_refuses_the_same():
    for bad in (lambda f: f.fft([]), lambda f: f.fft([1], norm="no"), lambda f: f.irfft([1.0])):
        for module in (np.fft, transform):
            with pytest.raises(ValueError):
                bad(module)


lengths = st.integers(1, 200)


@settings(deadline=None)  # on busy cores
@given(lengths, st.integers(0, 2**31), st.integers(-300, 300))
def test_shift_modulation_convolution_and_parseval(n, seed, places):
    x, y = signal("fft", n, seed), signal("fft", n, seed + 1)
    spectrum, index = transform.fft(x), np.arange(n)
    turn = np.exp(-2j * np.pi * (places * index % n) / n)
    scale = np.abs(spectrum).max() + n
    assert np.abs(transform.fft(np.roll(x, places)) - turn * spectrum).max() < 1e-11 * scale
    modulated = transform.fft(x * turn.conj())
    assert np.abs(modulated - np.roll(spectrum, places)).max() < 1e-11 * scale
    assert np.isclose(np.vdot(spectrum, spectrum).real, n * np.vdot(x, x).real)
    circular = np.array([np.sum(x * np.roll(y[::-1], k + 1)) for k in range(n)])
    assert np.abs(transform.ifft(spectrum * transform.fft(y)) - circular).max() < 1e-10 * n


@settings(deadline=None)  # on busy cores
@given(lengths, st.integers(0, 2**31))
def test_there_and_back(n, seed):
    x = signal("rfft", n, seed)
    np.testing.assert_allclose(transform.ifft(transform.fft(x)), x, atol=1e-12 * n)
    np.testing.assert_allclose(transform.irfft(transform.rfft(x), n=n), x, atol=1e-12 * n)
