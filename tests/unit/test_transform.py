"""Every transform against NumPy's, the factors against the matrix."""

from functools import reduce

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.tolerance import assert_close

from fftia_lab import ButterflySchedule
from fftia_lab.implementations import TRANSFORMS
from fftia_lab.transform import butterfly_factors, dft_matrix, fft_iterative, fft_stage, twiddles

POWERS = [1 << bits for bits in range(11)]


def signal(size, seed=0, shape=(3,)):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(*shape, size)) + 1j * rng.normal(size=(*shape, size))


@pytest.mark.parametrize("name", TRANSFORMS)
def test_agrees_with_its_oracle(name):
    chosen = TRANSFORMS[name]
    transform, oracle = chosen.load(), chosen.load_oracle()
    for size in POWERS if chosen.powers_of_two else range(1, 130):
        x = signal(size)
        assert_close(transform(x), oracle(x), factor=30)
        single = transform(x.astype(np.complex64))
        assert single.dtype == np.complex64
        assert_close(single, oracle(x).astype(np.complex64), factor=30)
        assert transform(x.real.astype(np.float32)).dtype == np.complex64


@pytest.mark.parametrize("name", TRANSFORMS)
def test_an_empty_batch_stays_one(name):
    assert TRANSFORMS[name].load()(np.ones((0, 8))).shape == (0, 8)


@pytest.mark.parametrize("size", POWERS)
def test_in_frequency_is_the_same_transform(size):
    x = signal(size)
    assert_close(fft_iterative(x, decimation="frequency"), np.fft.fft(x))


@given(st.integers(0, 6), st.integers(0, 2**31))
def test_parseval_shift_and_linearity(bits, seed):
    size = 1 << bits
    x, y = signal(size, seed, ()), signal(size, seed + 1, ())
    spectrum = fft_iterative(x)
    assert np.isclose(np.sum(np.abs(spectrum) ** 2), size * np.sum(np.abs(x) ** 2))
    turn = np.exp(-2j * np.pi * np.arange(size) / size)
    assert_close(fft_iterative(np.roll(x, 1)), turn * spectrum, factor=60)
    assert_close(fft_iterative(2 * x - 3j * y), 2 * spectrum - 3j * fft_iterative(y), factor=60)


@pytest.mark.parametrize("decimation", ["time", "frequency"])
@pytest.mark.parametrize("size", POWERS[:9])
def test_factors_multiply_to_the_matrix(size, decimation):
    factors = butterfly_factors(size, decimation)
    assert len(factors) == size.bit_length()
    assert_close(reduce(np.matmul, factors[::-1]), np.fft.fft(np.eye(size)), factor=30)
    sort = factors[0] if decimation == "time" else factors[-1]
    assert (sort.sum(axis=1) == 1).all() and np.isin(sort, [0, 1]).all()
    for factor in factors:
        assert ((factor != 0).sum(axis=1) <= 2).all()


def test_factors_touch_only_partners():
    schedule = ButterflySchedule(16)
    for stage, factor in enumerate(butterfly_factors(16)[1:]):
        allowed = np.eye(16, dtype=bool)
        allowed[np.arange(16), schedule.partners(stage)] = True
        assert ((factor != 0) == allowed).all()


def test_frequency_factors_are_the_transposes():
    time, frequency = butterfly_factors(32, "time"), butterfly_factors(32, "frequency")
    for forward, backward in zip(time, reversed(frequency), strict=True):
        np.testing.assert_array_equal(forward.T, backward)


@pytest.mark.parametrize("size", [1, 2, 8, 37, 64])
def test_matrix_is_symmetric_and_unitary_up_to_scale(size):
    matrix = dft_matrix(size)
    np.testing.assert_array_equal(matrix, matrix.T)
    assert np.allclose(matrix @ matrix.conj(), size * np.eye(size))
    assert np.allclose(matrix, np.fft.fft(np.eye(size)))


def test_input_is_left_alone_and_may_be_strided():
    x = signal(64)
    kept = x.copy()
    assert_close(fft_iterative(x[:, ::2]), np.fft.fft(x[:, ::2]))
    assert_close(fft_iterative(x.T[::2].T), np.fft.fft(x.T[::2].T))
    np.testing.assert_array_equal(x, kept)


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (
            lambda: fft_iterative(np.ones(12)),
            ValueError,
            "got 12. fft takes any length",
        ),
        (lambda: fft_iterative(np.ones(0)), ValueError, "at least one sample"),
        (lambda: fft_iterative(3.0), ValueError, "at least one sample"),
        (lambda: fft_iterative(["a"]), TypeError, "must hold numbers; got an array of dtype <U1"),
        (
            lambda: fft_iterative(np.ones(8), "tme"),
            ValueError,
            "got 'tme'",
        ),
        (lambda: butterfly_factors(8, "no"), ValueError, "decimation must be"),
        (
            lambda: fft_stage(np.ones(8), 3),
            ValueError,
            "do not split into pairs at stride 3",
        ),
        (lambda: dft_matrix(0), ValueError, "got size=0"),
        (lambda: dft_matrix(2.5), TypeError, "size must be an integer; got 2.5 (float)"),
        (lambda: dft_matrix(True), TypeError, "size must be an integer; got True"),
        (lambda: fft_stage(np.ones(8), 2.0), TypeError, "stride must be an integer; got 2.0"),
        (lambda: butterfly_factors(6), ValueError, "got 6. fft takes any length"),
        (lambda: twiddles(3), ValueError, "even size, at least 2; got 3"),
    ],
)
def test_bad_input_gives_one_clear_line(call, kind, message):
    with pytest.raises(kind) as caught:
        call()
    assert message in str(caught.value)
