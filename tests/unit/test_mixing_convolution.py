"""Causal convolution two ways, against NumPy, sums and a difference equation."""

import numpy as np
import pytest
import scipy.signal
import torch
from unit.layer_cases import tokens
from unit.mixing_cases import FORWARD, relative

from fftia_lab import causal_convolution
from fftia_lab.implementations import CONVOLUTIONS
from fftia_lab.mixing import convolution, reference

METHODS = ["auto", *CONVOLUTIONS]
SIZES = [(1, 1), (2, 1), (5, 3), (16, 16), (17, 16), (40, 7), (40, 40), (9, 30)]


def taps(count, channels=3, seed=7):
    return tokens(1, count, channels, seed)[0]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("n", "count"), SIZES)
def test_it_is_the_sum(n, count, method):
    x, kernel = tokens(2, n), taps(count)
    found = causal_convolution(x, kernel, method)
    assert found.shape == x.shape
    wanted = reference.causal_convolution(x.numpy(), kernel.numpy())
    assert np.abs(found.numpy() - wanted).max() < 1e-13
    signal, filtered = x[1, :, 2].numpy(), found[1, :, 2].numpy()
    assert np.abs(filtered - np.convolve(signal, kernel[:, 2])[:n]).max() < 1e-13
    assert np.abs(filtered - scipy.signal.lfilter(kernel[:, 2], [1.0], signal)).max() < 1e-13


@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_every_method_of_the_table_is_its_oracle(name):
    method, x, kernel = CONVOLUTIONS[name], tokens(2, 50), taps(9)
    wanted = method.load_oracle()(x.numpy(), kernel.numpy())
    assert np.abs(method.load()(x, kernel).numpy() - wanted).max() < 1e-13


@pytest.mark.parametrize(("dtype", "limit"), [(torch.float32, 1e-6), (torch.float64, 1e-13)])
@pytest.mark.parametrize("method", CONVOLUTIONS)
def test_the_future_is_not_read(method, dtype, limit):
    x, kernel = tokens(2, 50).to(dtype), taps(20).to(dtype)
    later = x.clone()
    later[:, 30:] += 1
    before, after = (causal_convolution(one, kernel, method) for one in (x, later))
    assert relative(after[:, :30], before[:, :30]) < limit
    assert relative(after[:, 30:], before[:, 30:]) > 0.01


def test_what_is_missing_spoils_only_what_is_near():
    """In blocks its own chunk and the next, tap by tap as far as the kernel; by the FFT all."""
    x = tokens(1, 100)
    x[0, 50] = torch.nan
    found = causal_convolution(x, taps(8), "blocks")[0, :, 0].isnan()
    assert not found[:48].any() and not found[80:].any() and found[50:58].all()
    near = causal_convolution(x, taps(8), "direct")[0, :, 0].isnan()
    assert near.equal((torch.arange(100) >= 50) & (torch.arange(100) < 58))
    assert causal_convolution(x, taps(8), "fft").isnan().all()


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float32])
@pytest.mark.parametrize("method", CONVOLUTIONS)
def test_other_precisions_are_rounded_once(method, dtype):
    x, kernel = tokens(2, 50).to(dtype), taps(20).to(dtype)
    found = causal_convolution(x, kernel, method)
    wanted = causal_convolution(x.double(), kernel.double())
    assert found.dtype == dtype
    step = torch.finfo(dtype).eps / 2
    assert (found.double() - wanted).abs().le(step * 1.01 * wanted.abs() + 2e-5).all()


@FORWARD
@pytest.mark.parametrize("method", CONVOLUTIONS)
def test_gradients(method):
    leaves = tokens(2, 9, 2).requires_grad_(), taps(4, 2).requires_grad_()

    def function(x, kernel):
        return causal_convolution(x, kernel, method)

    assert torch.autograd.gradcheck(function, leaves, check_forward_ad=True)
    assert torch.autograd.gradgradcheck(function, leaves)
    rows = torch.func.vmap(lambda row: function(row[None], leaves[1])[0])(leaves[0])
    torch.testing.assert_close(rows, function(*leaves))


def test_auto_goes_tap_by_tap_for_short_filters(monkeypatch):
    called = []
    for name in ("by_fft", "by_taps", "by_blocks"):
        whole = getattr(convolution, name)
        monkeypatch.setattr(
            convolution, name, lambda x, k, name=name, f=whole: called.append(name) or f(x, k)
        )
    monkeypatch.setattr(convolution, "DIRECT_TO", {"cpu": (32, 16)})
    for count in (1, 32, 33):
        causal_convolution(tokens(1, 200), taps(count))
    causal_convolution(tokens(1, 5), taps(200))  # of which five are used
    assert called == ["by_taps", "by_taps", "by_fft", "by_taps"]
    for wants in (tokens(1, 200).requires_grad_(), tokens(1, 200)):
        causal_convolution(wants, taps(17))
    with torch.no_grad():
        causal_convolution(tokens(1, 200).requires_grad_(), taps(17))
    causal_convolution(tokens(1, 200), taps(17).requires_grad_())
    assert called[4:] == ["by_fft", "by_taps", "by_taps", "by_fft"], "gradients meet earlier"
    monkeypatch.setattr(convolution, "DIRECT_TO", {})
    causal_convolution(tokens(1, 5), taps(1))
    assert called[-1] == "by_fft", "where nothing has been measured"


def test_nothing_is_defined():
    for shape in ((2, 0, 3), (0, 5, 3)):
        assert causal_convolution(torch.zeros(shape), taps(2).float()).shape == shape
    assert causal_convolution(tokens(1, 5), taps(0)).eq(0).all()


GOOD = torch.zeros(2, 8, 4)


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ((GOOD, GOOD), ValueError, "kernel must have shape (taps, channels) with channels = 4"),
        ((GOOD, GOOD[0, :, :2]), ValueError, "as x has; got (8, 2)"),
        ((GOOD, GOOD[0].int()), TypeError, "kernel must be a floating point tensor; got torch.int"),
        ((GOOD, None), TypeError, "kernel must be a floating point tensor; got NoneType"),
        ((GOOD + 0j, GOOD[0]), TypeError, "causal_convolution takes a signal in time"),
        (
            (GOOD[0], GOOD[0]),
            ValueError,
            "x must have shape (batch, tokens, embed_dim); got (8, 4)",
        ),
        (
            (GOOD, GOOD[0], "dft"),
            ValueError,
            "method must be one of auto, fft, direct, blocks; got 'd",
        ),
    ],
)
def test_bad_input_gives_one_clear_line(arguments, kind, message):
    with pytest.raises(kind) as caught:
        causal_convolution(*arguments)
    assert message in str(caught.value) and "\n" not in str(caught.value)
