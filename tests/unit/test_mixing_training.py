"""Spectral mixing as it is trained: derivatives, phases, precision, gates, what travels."""

import numpy as np
import pytest
import torch
from torch import nn
from unit.layer_cases import tokens
from unit.mixing_cases import (
    FORWARD,
    OPTIONS,
    layer_of,
    relative,
    with_weights,
)

from fftia_lab import SpectralMixingLayer


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
