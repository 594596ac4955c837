"""Spectral mixing: a filter as defined, exact masks and causality, two modes, gates, precision."""

import numpy as np
import pytest
import scipy.linalg
import scipy.signal
import torch
from torch import nn
from unit.mixing_cases import (
    CAUSAL,
    FORWARD,
    LEARNED,
    OPTIONS,
    by_reference,
    integrated,
    knots_of,
    layer_of,
    relative,
    scattered,
    tokens,
    with_weights,
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


@FORWARD
@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_gradients(options):
    layer, x = layer_of(dim=2, knots=4, **options), tokens(2, 6, 2).requires_grad_()
    if layer.gates is not None:
        nn.init.uniform_(layer.gates.level, -1, 1)  # not at a stop
    names = [name for name, _ in layer.named_parameters()]
    leaves = (x, *(parameter.detach().requires_grad_() for parameter in layer.parameters()))
    function = with_weights(layer, *names)
    assert torch.autograd.gradcheck(function, leaves)
    assert torch.autograd.gradgradcheck(function, leaves)
    assert torch.autograd.gradcheck(
        function, leaves, check_forward_ad=True, check_backward_ad=False
    )


@FORWARD
@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_torch_func_follows_it(options):
    layer, x = layer_of(**options), tokens(4, 6)
    with torch.no_grad():
        one_by_one = torch.func.vmap(lambda row: layer(row[None])[0])(x)
        torch.testing.assert_close(one_by_one, layer(x))
    matrix = torch.func.jacrev(lambda row: layer(row[None])[0])(x[0])
    torch.testing.assert_close(torch.einsum("icjd,jd->ic", matrix, x[0]), layer(x)[0])
    assert matrix[:, 0, :, 1].abs().max() == 0, "channels keep to themselves"
    (name, parameter), *_ = [*layer.named_parameters(), ("", None)]
    if parameter is None:
        return
    second = torch.func.hessian(lambda w: with_weights(layer, name)(x[:1], w).square().sum())
    curved = second(parameter.detach())
    assert curved.isfinite().all()
    size = parameter.numel()
    flat = curved.reshape(size, size)
    torch.testing.assert_close(flat, flat.T, rtol=0, atol=1e-10)
    assert flat.ne(0).any()


def test_phase_trains():
    """A delay is nothing but phase; plain autograd finds it."""
    layer, x = SpectralMixingLayer(1, 9, mode="sequence").double(), tokens(8, 16, 1)
    optimizer = torch.optim.LBFGS(layer.parameters(), max_iter=60, line_search_fn="strong_wolfe")

    def loss():
        optimizer.zero_grad()
        found = (layer(x) - x.roll(3, dims=1)).square().mean()
        found.backward()
        return found

    optimizer.step(loss)
    assert loss() < 1e-9
    wanted = np.exp(-2j * np.pi * 3 * np.arange(9) / 16)
    assert np.abs(layer.response(16).detach().numpy()[:, 0] - wanted).max() < 1e-3


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_half_precision_has_spectra_in_float32(options, dtype):
    """Only what goes in and comes out is rounded: no more than the type's own half step."""
    layer, x = layer_of(dim=2, **options), tokens(2, 50, 2).to(dtype)
    found, wanted = layer.float()(x), layer.double()(x.double())
    assert found.dtype == dtype
    step = torch.finfo(dtype).eps / 2
    assert (found.double() - wanted).abs().le(step * 1.01 * wanted.abs() + 1e-5).all()
    low = layer.to(dtype)  # weights too
    rounded = layer_of(dim=2, **options).to(dtype).double()
    assert low(x).dtype == dtype and relative(low(x).double(), rounded(x.double())) < 2 * step
    low(x).sum().backward() if list(low.parameters()) else None


def test_weights_of_one_precision_filter_another():
    layer, x = layer_of(), tokens(1, 8)
    assert layer.float()(x).dtype == torch.float64
    assert layer.double()(x.float()).dtype == torch.float32


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_weights_travel_and_runs_repeat(options):
    layer, x = layer_of(**options), tokens(2, 37)
    other = layer_of(seed=5, **options)
    assert torch.equal(other(x), layer(x)) == (not layer.learnable)
    other.load_state_dict(layer.state_dict())
    assert torch.equal(other(x), layer(x))
    layer.reset_parameters()
    fresh = SpectralMixingLayer(3, 5, **options).double().eval()
    assert torch.equal(layer(x), fresh(x))


def test_dropout_drops_the_output():
    torch.manual_seed(0)
    layer, x = SpectralMixingLayer(16, dropout=0.25).train(), torch.ones(4, 64, 16)
    found = layer(x)
    dropped = found.abs() < 1e-6
    assert abs(dropped.double().mean() - 0.25) < 0.02
    torch.testing.assert_close(found[~dropped], torch.full_like(found[~dropped], 1 / 0.75))
    assert not torch.equal(layer(x), found), "training draws anew"
    assert torch.equal(layer.eval()(x), layer(x))


@pytest.mark.parametrize("mode", ["sample", "sequence"])
def test_gates_learn_which_frequencies_to_keep(mode):
    """Slow waves are wanted and fast ones not: the gates of those shut for good."""
    torch.manual_seed(0)
    layer, x = SpectralMixingLayer(2, 9, mode=mode, adaptive=True), torch.randn(16, 16, 2)
    slow = torch.fft.rfft(x, dim=1)
    slow[:, 3:] = 0
    wanted = torch.fft.irfft(slow, 16, dim=1)
    optimizer = torch.optim.Adam(layer.parameters(), lr=0.1)
    for _ in range(300):
        optimizer.zero_grad()
        loss = (layer(x) - wanted).square().mean() + 0.3 * layer.penalty()
        loss.backward()
        optimizer.step()
    gates = layer.eval().gates()
    assert gates[:3].gt(0.5).all() and gates[4:].eq(0).all(), gates
    assert layer.response(16)[4:].eq(0).all() and layer.penalty() < 0.6


def test_gates_without_a_use_shut():
    """Only the price moves them, from exactly open to exactly shut."""
    layer = SpectralMixingLayer(2, 4, adaptive=True).eval()
    assert layer.gates().eq(1).all() and 0.98 < layer.penalty() < 1
    optimizer = torch.optim.SGD(layer.parameters(), lr=200.0)
    for _ in range(30):
        optimizer.zero_grad()
        layer.penalty().backward()
        optimizer.step()
    assert layer.gates().eq(0).all() and layer.penalty() < 0.1
    assert not layer(torch.randn(1, 5, 2)).any()


def test_the_price_is_how_often_gates_are_open():
    """A million draws of the source's distribution."""
    layer = SpectralMixingLayer(2, 3, adaptive=True)
    torch.manual_seed(0)
    nn.init.normal_(layer.gates.level)
    level = layer.gates.level.detach().numpy()
    u = np.random.default_rng(0).random((10**6, 1))
    stretched = 1.2 / (1 + np.exp(-(np.log(u / (1 - u)) + level) * 1.5)) - 0.1
    assert abs((stretched > 0).mean() - layer.penalty().item()) < 2e-3
    with torch.no_grad():
        drawn = torch.stack([layer.gates() for _ in range(4000)])
    open_share, mean = (drawn > 0).double().mean(0), drawn.mean(0)
    assert np.abs(open_share.numpy() - (stretched > 0).mean(0)).max() < 0.04
    assert np.abs(mean.numpy() - np.clip(stretched, 0, 1).mean(0)).max() < 0.04


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


@pytest.mark.parametrize(
    ("arguments", "options", "kind", "message"),
    [
        ((0,), {}, ValueError, "embed_dim must be at least 1; got 0"),
        ((4.0,), {}, TypeError, "embed_dim must be an integer; got 4.0 (float)"),
        ((4, 0), {}, ValueError, "num_filters must be at least 1; got 0"),
        ((4, 1), {"learnable": False}, ValueError, "num_filters must be at least 2; got 1"),
        ((4, 2, 1.0), {}, ValueError, "dropout must lie in 0 to 1, 1 excluded; got 1.0"),
        ((4, 2, 0.0, 1), {}, TypeError, "learnable must be True or False; got 1"),
        ((4,), {"causal": "yes"}, TypeError, "causal must be True or False; got 'yes'"),
        ((4,), {"mode": "bins"}, ValueError, "mode must be one of sample, sequence; got 'bins'"),
        ((4,), {"adaptive": 2}, TypeError, "adaptive must be True or False; got 2"),
        (
            (4,),
            {"learnable": False, "mode": "sequence"},
            ValueError,
            "a fixed filter has knots per sample and no gates; got mode='sequence'",
        ),
    ],
)
def test_bad_options_give_one_clear_line(arguments, options, kind, message):
    with pytest.raises(kind) as caught:
        SpectralMixingLayer(*arguments, **options)
    assert message in str(caught.value) and "\n" not in str(caught.value)


GOOD = torch.zeros(2, 8, 4)


@pytest.mark.parametrize(
    ("x", "mask", "kind", "message"),
    [
        (GOOD.long(), None, TypeError, "a floating point tensor; got torch.int64: call .float()"),
        (GOOD.numpy(), None, TypeError, "got ndarray: use torch.as_tensor(x)"),
        (GOOD + 0j, None, TypeError, "SpectralMixingLayer takes a signal in time and x holds"),
        (GOOD.to(torch.float8_e5m2), None, TypeError, "got torch.float8_e5m2: call .float()"),
        (GOOD[0], None, ValueError, "(batch, tokens, embed_dim) with embed_dim = 4; got (8, 4)"),
        (GOOD[..., :2], None, ValueError, "with embed_dim = 4; got (2, 8, 2)"),
        (GOOD, torch.ones(2, 8), TypeError, "got torch.float32: write mask != 0"),
        (GOOD, [[True] * 8] * 2, TypeError, "got list: use torch.as_tensor(mask)"),
        (GOOD, torch.ones(8, 2) > 0, ValueError, "(2, 8); got (8, 2)"),
    ],
)
def test_bad_input_gives_one_clear_line(x, mask, kind, message):
    with pytest.raises(kind) as caught:
        SpectralMixingLayer(4)(x, mask)
    assert message in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda layer: layer.response(0), ValueError, "n must be at least 1; got 0"),
        (lambda layer: layer.impulse_response(2.5), TypeError, "n must be an integer; got 2.5"),
        (lambda layer: layer.reach(-1), ValueError, "n must be at least 0; got -1"),
        (lambda layer: layer.penalty(), ValueError, "no gates to pay for; make it with adaptive"),
        (
            lambda layer: layer.verify_energy_preservation(GOOD, GOOD[:1]),
            ValueError,
            "one shape; got [2, 8, 4] and [1, 8, 4]",
        ),
        (
            lambda layer: layer.verify_energy_preservation(GOOD, GOOD),
            ValueError,
            "x has no energy to compare with",
        ),
        (
            lambda layer: layer.verify_energy_preservation(GOOD, 3),
            TypeError,
            "y must be a floating point tensor; got int",
        ),
    ],
)
def test_bad_questions_give_one_clear_line(call, kind, message):
    with pytest.raises(kind) as caught:
        call(SpectralMixingLayer(4))
    assert message in str(caught.value) and "\n" not in str(caught.value)
