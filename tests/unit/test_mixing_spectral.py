"""Spectral mixing: a filter as defined, exact masks and causality, two modes, gates, precision."""

import numpy as np
import pytest
import scipy.linalg
import scipy.signal
import torch
from torch import nn
from unit.layer_cases import scattered, tokens
from unit.mixing_cases import (
    CAUSAL,
    LEARNED,
    OPTIONS,
    by_reference,
    integrated,
    knots_of,
    layer_of,
    relative,
)

from fftia_lab import SpectralMixingLayer
from fftia_lab.mixing import reference
from fftia_lab.mixing.knots import kernel_per_sample, response_per_sample

LENGTHS = [1, 2, 3, 8, 9, 37]


@pytest.mark.parametrize(("dtype", "limit"), [(torch.float32, 1e-6), (torch.float64, 1e-13)])
@pytest.mark.parametrize("options", LEARNED, ids=str)
def test_a_layer_begins_as_the_identity(options, dtype, limit):
    for dim, knots in ((1, None), (3, None), (8, 1), (8, 2), (8, 64)):
        layer = SpectralMixingLayer(dim, knots, **options).to(dtype).eval()
        for n in (1, 2, 7, 64, 1000):
            x = tokens(2, n, dim).to(dtype)
            assert relative(layer(x), x) < limit, (dim, knots, n)


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("n", LENGTHS)
def test_a_layer_is_the_reference(n, options):
    for knots in (1, 2, 5):
        layer, x, mask = layer_of(knots=knots, **options), tokens(3, n), scattered(3, n)
        for real in (None, mask):
            with torch.no_grad():
                wanted = by_reference(layer, x, real)
                torch.testing.assert_close(layer(x, real), wanted, rtol=0, atol=1e-12)


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("n", [2, 9, 16])
def test_it_is_convolution_with_its_impulse_response(n, options):
    """SciPy's circulant matrix, and its difference equation where nothing comes round."""
    layer, x = layer_of(**options), tokens(1, n)
    with torch.no_grad():
        found, kernel = layer(x)[0], layer.impulse_response(n).numpy()
        impulse = torch.zeros(1, n, 3, dtype=torch.float64)
        impulse[:, 0] = 1
        torch.testing.assert_close(layer(impulse)[0], torch.tensor(kernel), rtol=0, atol=1e-14)
        response = torch.fft.rfft(torch.tensor(kernel), 2 * n if layer.causal else n, dim=0)
        torch.testing.assert_close(layer.response(n), response, rtol=0, atol=1e-13)
    for channel in range(3):
        h, signal = kernel[:, channel], x[0, :, channel].numpy()
        if layer.causal:
            wanted = scipy.signal.lfilter(h, [1.0], signal)
            assert np.allclose(wanted, np.convolve(h, signal)[:n])
        else:
            wanted = scipy.linalg.circulant(h) @ signal
        assert np.abs(found[:, channel].numpy() - wanted).max() < 1e-13


def test_straight_lines_between_knots_have_this_kernel():
    """The closed form is the integral, and its wrapped sum is the response at n bins."""
    for knots in (1, 2, 5, 8):
        layer = layer_of(knots=knots)
        complex_knots = torch.tensor(knots_of(layer))
        found = kernel_per_sample(complex_knots, 50).numpy()
        assert np.abs(found - integrated(knots_of(layer), 50)).max() < 1e-13
        response = response_per_sample(complex_knots, 16)
        wanted = reference.response_per_sample(knots_of(layer), 16)
        assert np.abs(response.numpy() - wanted).max() < 1e-14


def leak(layer, n=32, now=20, dtype=torch.float64):
    """How far the past moves when the future does, relative to the output."""
    x = tokens(2, n).to(dtype)
    later = x.clone()
    later[:, now:] += tokens(2, n - now, seed=9).to(dtype)
    with torch.no_grad():
        before, after = layer(x), layer(later)
    return relative(after[:, :now], before[:, :now])


@pytest.mark.parametrize("options", CAUSAL, ids=str)
def test_the_future_is_not_read(options):
    layer = layer_of(**options)
    assert leak(layer) < 1e-13
    assert leak(layer.float(), dtype=torch.float32) < 1e-6


class _Planted(SpectralMixingLayer):
    """Zero-padded to 2n, and its filter left as it is: lags below zero stay."""

    def forward(self, x, mask=None):
        n = x.shape[1]
        spectrum = torch.fft.rfft(x, 2 * n, dim=1) * self._response(2 * n, x)
        return torch.fft.irfft(spectrum, 2 * n, dim=1)[:, :n]


@pytest.mark.parametrize("mode", ["sample", "sequence"])
def test_padding_alone_leaks(mode):
    planted = _Planted(3, 5, mode=mode, causal=True).double()
    planted.load_state_dict(layer_of(mode=mode).state_dict())
    assert leak(planted) > 0.01, "a filter that is not causal is caught"
    assert leak(layer_of(mode=mode)) > 0.01, "and a circular one is"


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_padding_is_not_read(options):
    """Bit for bit, whatever stands at a masked token, in outputs and gradients."""
    layer, x, mask = layer_of(**options).float(), tokens(3, 19).float(), scattered(3, 19)
    x.requires_grad_()
    wanted, slopes = None, []
    for noise in (0.0, 100.0, torch.inf, torch.nan):
        found = layer(torch.where(mask[..., None], x, x.detach() + noise), mask)
        assert not found[~mask].any(), "a masked token gives 0"
        leaves = [x, *layer.parameters()]
        slopes.append(torch.autograd.grad(found.square().sum(), leaves))
        wanted = found if wanted is None else wanted
        assert torch.equal(found, wanted)
        for one, other in zip(slopes[0], slopes[-1], strict=True):
            assert torch.equal(one, other)
    assert relative(layer(x), wanted) > 0.01, "without a mask it is read"


@pytest.mark.parametrize("options", CAUSAL, ids=str)
def test_a_causal_layer_per_sample_does_not_notice_padding_on_the_right(options):
    layer, x = layer_of(**options), tokens(2, 23)
    mask = (torch.arange(23) < 14).expand(2, -1)
    with torch.no_grad():
        difference = relative(layer(x, mask)[:, :14], layer(x[:, :14]))
    assert difference < 1e-13 if layer.mode == "sample" else difference > 0.01


@pytest.mark.parametrize("mode", ["sample", "sequence"])
def test_a_circular_layer_does(mode):
    """As its docstring says: it wraps round the padded length."""
    layer, x = layer_of(mode=mode), tokens(2, 23)
    mask = (torch.arange(23) < 14).expand(2, -1)
    with torch.no_grad():
        assert relative(layer(x, mask)[:, :14], layer(x[:, :14])) > 0.01


def test_per_sample_the_kernel_is_the_same_at_every_length():
    layer = layer_of(dim=64, knots=128, causal=True)
    with torch.no_grad():
        short, long = layer.impulse_response(64), layer.impulse_response(4096)
        torch.testing.assert_close(long[:64], short, rtol=0, atol=1e-13)
        energy = long.square().sum(1).cumsum(0)
    assert 0.985 < energy[162] / energy[-1] < 0.995, "99 % within 162 lags"
    circular = layer_of(dim=2, knots=9)
    halves = circular.response(64)[::2]  # the same frequencies
    torch.testing.assert_close(halves, circular.response(32), rtol=0, atol=1e-14)


def test_per_sequence_the_kernel_stretches():
    layer = layer_of(mode="sequence")
    response, longer = layer.response(16), layer.response(160)
    torch.testing.assert_close(longer[:5], response[:5])
    assert longer[5:].eq(1).all(), "what has no knot passes"
    with torch.no_grad():  # without the impulse that passes, one curve at two lengths
        bend = layer.impulse_response(16) * 16
        long = layer.impulse_response(160) * 160
        bend[0] -= 16
        long[0] -= 160
    torch.testing.assert_close(long[::10], bend, rtol=0, atol=1e-12)


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_what_cannot_turn_is_real_and_no_weight_is_dead(options):
    """The mean, and half the sampling rate, of a real signal."""
    layer = layer_of(**options)
    for n in (2, 8, 16):
        response = layer.response(n)
        assert response[0].imag.abs().max() < 1e-14 and response[-1].imag.abs().max() < 1e-14
    if layer.learnable:
        layer(tokens(1, 16)).square().sum().backward()
    for name, parameter in layer.named_parameters():
        if name != "gates.level":  # a gate at its stop does not move
            assert parameter.grad.ne(0).all(), name


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("n", [1, 5, 8, 16, 24])
def test_reach_is_what_is_heard(n, options):
    """Where it says so the Jacobian is not zero, and nowhere else."""
    for knots in (1, 2, 5):
        layer = layer_of(dim=1, knots=knots, **{**options, "adaptive": False})
        jacobian = torch.func.jacrev(lambda x, layer=layer: layer(x[None])[0])(tokens(1, n, 1)[0])
        heard = jacobian[:, 0, :, 0].abs() > 1e-12
        assert heard.equal(layer.reach(n)), knots
    assert layer_of(causal=True).reach(7).equal(torch.ones(7, 7).tril() > 0)


def test_a_fixed_filter_mixes():
    layer = SpectralMixingLayer(4, 1000, learnable=False).double()
    assert not list(layer.parameters())
    kernel = layer.impulse_response(2001)[:1001, 0]
    lag = torch.arange(1.0, 10, dtype=torch.float64)
    torch.testing.assert_close(kernel[1:10], 2 / (torch.pi * lag) ** 2, rtol=1e-3, atol=0)
    assert abs(kernel[0] - 1 / 3) < 1e-3 and kernel.min() > 0, "all weights are above 0"
    for knots in (2, 5, 128):
        small = SpectralMixingLayer(4, knots, learnable=False).double()
        weights = small.impulse_response(64)
        assert weights.min() > -1e-15
        torch.testing.assert_close(weights.sum(0), torch.ones(4, dtype=torch.float64))
    x = tokens(1, 64, 4)
    assert relative(layer(x), x) > 0.1, "the published one was the identity"
    narrow = SpectralMixingLayer(1, learnable=False)
    assert narrow.num_filters == 2 and narrow.impulse_response(9)[1] > 0.1


def test_energy_is_measured():
    layer, x = layer_of(mode="sequence", knots=9), tokens(2, 16)
    found = layer(x).detach()
    wanted = float((found**2).sum() / (x**2).sum())
    assert layer.verify_energy_preservation(x, found) == pytest.approx(wanted, rel=1e-12)
    assert isinstance(layer.verify_energy_preservation(x, found), float)
    with torch.no_grad():  # |H| = 1 everywhere
        size = torch.hypot(layer.real, nn.functional.pad(layer.imaginary, (0, 0, 1, 0)))
        layer.real /= size
        layer.imaginary /= size[1:]
        layer.real[-1], layer.imaginary[-1] = 1, 0
    assert layer.verify_energy_preservation(x, layer(x)) == pytest.approx(1, abs=1e-12)
    assert relative(layer(x), x) > 0.1


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_nothing_is_defined(options):
    layer = layer_of(**options)
    for shape in ((2, 0, 3), (0, 5, 3)):
        assert layer(torch.zeros(shape, dtype=torch.float64)).shape == shape
    assert layer(tokens(2, 5), torch.zeros(2, 5, dtype=torch.bool)).eq(0).all()
    assert layer.reach(0).shape == (0, 0)


def test_the_published_model_runs():
    """The layer and the model around it, as published for FFT-Tensor; sizes are smaller."""
    torch.manual_seed(0)
    spectral = SpectralMixingLayer(embed_dim=16)
    x = torch.randn(2, 64, 16)
    y = spectral(x)
    assert relative(y, x) < 1e-6

    class MyModel(nn.Module):
        def __init__(self):
            super().__init__()
            self.spectral = SpectralMixingLayer(16)
            self.mlp = nn.Sequential(nn.Linear(16, 64), nn.GELU(), nn.Linear(64, 16))

        def forward(self, x):
            x = x + self.spectral(x)  # Global context
            x = x + self.mlp(x)  # Local semantics
            return x

    model = MyModel()
    found = model(x)
    torch.testing.assert_close(found, 2 * x + model.mlp(2 * x))
    found.square().mean().backward()
    assert all(p.grad.isfinite().all() and p.grad.any() for p in model.parameters())
