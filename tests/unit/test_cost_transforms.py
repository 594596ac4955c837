"""Costs of transforms and of what is made of them, against operations that NumPy carried out."""

import numpy as np
import pytest
from scipy.special import erf

from fftia_lab import cost
from fftia_lab.transform import fast, radices

SIZES = [2, 4, 8, 32]
ROUTINES = {"add", "subtract", "multiply", "divide", "negative", "exp", "erf"}
FREE = {"conjugate"}  # a sign that the next operation takes with it


DONE = {"products": 0, "others": 0}


class Tally(np.ndarray):
    """An array that counts in DONE what is done to it, in real operations."""

    def __array_ufunc__(self, ufunc, method, *inputs, out=None, **options):
        assert method == "__call__", method
        plain = [np.asarray(one) for one in inputs]
        room = {} if out is None else {"out": tuple(np.asarray(one) for one in out)}
        result = ufunc(*plain, **room, **options)
        imaginary = sum(np.iscomplexobj(one) for one in plain)
        if ufunc is np.matmul:
            each = 8 if imaginary == 2 else 2
            DONE["products"] += each * result.size * plain[0].shape[-1]
        elif ufunc.__name__ not in FREE:
            assert ufunc.__name__ in ROUTINES, ufunc.__name__
            both = 6 if ufunc is np.multiply and imaginary == 2 else 2
            DONE["others"] += (both if imaginary else 1) * result.size
        return (result if out is None else out[0]).view(Tally)

    def __array_function__(self, *call):
        result = super().__array_function__(*call)  # joined arrays go on counting
        return result.view(Tally) if isinstance(result, np.ndarray) else result


@pytest.fixture
def tally():
    """What makes an array count, from nothing on."""
    DONE.update(products=0, others=0)
    return lambda x: np.array(x).view(Tally)


def same(found, wanted):
    np.testing.assert_allclose(np.asarray(found), wanted, atol=1e-9)


def numbers(*shape, imaginary=False):
    rng = np.random.default_rng(7)
    real = rng.normal(size=shape)
    return real + 1j * rng.normal(size=shape) if imaginary else real


def rfft(x):
    """A real row as the library takes it: packed, transformed, taken apart."""
    half = fast._in_pairs(x.view(np.complex128))
    return fast._apart(half, x.size)


def irfft(half, size):
    packed = fast._in_pairs(fast._together(half.copy(), size)).conj()
    return packed.view(np.float64) * (2 / size)


@pytest.mark.parametrize("size", [1, *SIZES])
def test_a_radix_two_fft(tally, size):
    x = numbers(size, imaginary=True)
    same(fast._in_pairs(tally(x)), np.fft.fft(x))
    wanted = cost.fft(size)
    assert (wanted.products, wanted.others) == (0, DONE["others"])
    assert wanted.others == 5 * size * (size.bit_length() - 1)


@pytest.mark.parametrize("size", [2, 12, 30, 64, 1000, 2048])
def test_an_fft_of_wide_butterflies(tally, size):
    x, plan = numbers(3, size, imaginary=True), radices(size)
    same(fast._stages(tally(x), plan), np.fft.fft(x))
    wanted = cost.fft(size, 3, plan)
    assert (wanted.products, wanted.others) == (DONE["products"], DONE["others"])


@pytest.mark.parametrize("size", SIZES)
def test_real_transforms_there_and_back(tally, size):
    x = numbers(size)
    spectrum = rfft(tally(x))
    same(spectrum, np.fft.rfft(x))
    there = DONE["others"]
    assert there == cost.rfft(size).others
    same(irfft(spectrum, size), x)
    assert DONE["others"] - there == cost.irfft(size).others


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("size", SIZES)
def test_spectral_mixing(tally, size, causal):
    batch, channels, padded = 2, 3, size * (1 + causal)
    x, kernel = numbers(batch, channels, size), numbers(channels, size)
    wide = np.pad(kernel, ((0, 0), (0, padded - size)))
    response = [rfft(tally(row)) for row in wide] if causal else np.fft.rfft(wide)
    y = np.empty_like(x)
    for b, c in np.ndindex(batch, channels):
        spectrum = rfft(tally(np.pad(x[b, c], (0, padded - size)))) * response[c]
        y[b, c] = irfft(spectrum, padded)[:size]
    long = np.array(
        [[np.convolve(row, h) for row, h in zip(one, kernel, strict=True)] for one in x]
    )
    wanted = long[..., :size].copy()
    if not causal:
        wanted[..., : size - 1] += long[..., size:]
    same(y, wanted)
    counted = cost.spectral_mixing(size, channels, causal=causal, batch=batch)
    assert (counted.products, counted.others) == (0, DONE["others"])
    if causal:
        convolved = cost.causal_convolution(size, channels, size, "fft", batch=batch)
        assert convolved.others == counted.others, "the same three transforms"


@pytest.mark.parametrize(("size", "channels"), [(2, 2), (8, 4), (4, 16)])
def test_fourier_mixing(tally, size, channels):
    batch = 2
    x = numbers(batch, size, channels)
    for one in x:
        half = np.array([rfft(tally(row)) for row in one])
        whole = np.array([fast._in_pairs(tally(column)) for column in half.T]).T.real
        mirrored = np.roll(whole[::-1], 1, axis=0)[:, 1:-1][:, ::-1]
        y = np.concatenate([whole, mirrored], axis=1)
        same(y, np.fft.fft2(one).real)
    wanted = cost.fourier_mixing(size, channels, batch=batch)
    assert (wanted.products, wanted.others) == (0, DONE["others"])


def test_an_mlp(tally):
    rows, dim, hidden = 6, 3, 12
    x, (first, second) = tally(numbers(rows, dim)), (numbers(dim, hidden), numbers(hidden, dim))
    inside = x @ first + numbers(hidden)
    y = (inside * (1 + erf(inside / 2**0.5)) * 0.5) @ second + numbers(dim)
    assert y.shape == (rows, dim)
    wanted = cost.mlp(rows, dim)
    assert (wanted.products, wanted.others) == (DONE["products"], DONE["others"])


@pytest.mark.parametrize(("size", "taps"), [(16, 4), (40, 7), (70, 32), (5, 3)])
def test_a_convolution_in_blocks(tally, size, taps):
    channels, chunk = 2, max(taps, min(16, size))
    count = -(-size // chunk)
    kernel, x = numbers(channels, taps), numbers(channels, size)
    lags = np.subtract.outer(np.arange(chunk), np.arange(chunk))
    for h, row in zip(kernel, x, strict=True):
        far = np.pad(h, (0, 2 * chunk))
        inside, across = far[lags] * (lags >= 0), far[lags + chunk]
        chunks = np.pad(row, (0, count * chunk - size)).reshape(count, chunk).T
        before = np.pad(chunks[:, :-1], ((0, 0), (1, 0)))
        y = tally(inside) @ chunks + tally(across) @ before
        same(y.T.ravel()[:size], np.convolve(row, h)[:size])
    wanted = cost.causal_convolution(size, channels, taps, "blocks")
    assert (wanted.products, wanted.others) == (DONE["products"], DONE["others"])


def test_the_gates_between_projections_count_two_a_token_and_channel():
    bare = cost.spectral_layer(16, 8, batch=3)
    between = cost.spectral_layer(16, 8, projected=True, batch=3)
    assert between.others - bare.others == 2 * 3 * 16 * 8
    assert between.moved - bare.moved == 2 * 3 * 16 * 8 + 3 * 16 * 8 * 6 + 4 * 64


def test_lengths_between_powers_of_two_pay_for_the_next():
    for counted in (cost.fft, cost.rfft, cost.irfft):
        assert counted(5).others == counted(8).others
    assert cost.spectral_mixing(5, 4).others == cost.spectral_mixing(8, 4).others
    assert cost.spectral_mixing(5, 4).moved < cost.spectral_mixing(8, 4).moved


def test_radices_must_multiply_to_the_size():
    with pytest.raises(ValueError, match="the product of the radices must be 12; got"):
        cost.fft(12, radices=(4, 4))


def test_nothing_costs_nothing():
    for found in (
        cost.fft(0),
        cost.rfft(0),
        cost.fourier_mixing(0, 4),
        cost.causal_convolution(0, 4, 0),
        cost.spectral_mixing(0, 0),
    ):
        assert (found.operations, found.moved) == (0, 0)
