"""Spectral mixing of kernels, against the reference in NumPy; gradients against torch.fft."""

import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from fftia_lab.kernels import spectral_configuration as configuration
from fftia_lab.kernels.spectral_mixing import causal_convolution, spectral_mixing
from fftia_lab.mixing import SpectralMixingLayer, reference

FORWARD, GRADIENT = 2e-6, 5e-6
# A power of two, fewer than a digit, and lengths of neither kind.
LENGTHS = [1, 3, 8, 16, 48, 64, 100, 256]
EXACT = {torch.float32: torch.float64, torch.complex64: torch.complex128}


def numbers(*shape, seed=0, dtype=torch.float32):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, dtype=dtype, generator=generator)


def response_of(n, channels, causal, seed=1):
    bins = n + 1 if causal else n // 2 + 1
    return numbers(bins, channels, seed=seed, dtype=torch.complex64)


def error(found, wanted):
    """The greatest deviation, over the root mean square of what is wanted."""
    wanted = torch.as_tensor(wanted)
    assert found.shape == wanted.shape
    deviation = (found.detach().cpu().to(wanted.dtype) - wanted).abs().max()
    return float(deviation / wanted.abs().square().mean().sqrt())


def by_reference(x, response, causal):
    return reference.spectral_mixing(x.double().numpy(), response.numpy(), causal)


def by_torch(x, response, causal):
    """The same in operations that PyTorch differentiates."""
    n = x.shape[1]
    if not causal:
        return torch.fft.irfft(torch.fft.rfft(x, dim=1) * response, n, dim=1)
    kernel = torch.fft.irfft(response, 2 * n, dim=0)[:n]
    product = torch.fft.rfft(x, 2 * n, dim=1) * torch.fft.rfft(kernel, 2 * n, dim=0)
    return torch.fft.irfft(product, 2 * n, dim=1)[:, :n]


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("n", LENGTHS)
def test_it_is_the_reference(n, causal, device):
    for batch, channels in ((1, 1), (2, 5), (3, 20)):
        x, response = numbers(batch, n, channels), response_of(n, channels, causal)
        found = spectral_mixing(x.to(device), response.to(device), causal)
        assert found.dtype == torch.float32
        assert error(found, by_reference(x, response, causal)) < FORWARD


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("n", [60, 256])
def test_three_launches_are_the_reference(n, causal, device, monkeypatch):
    monkeypatch.setattr(configuration, "HELD", 64)
    x, response = numbers(1, n, 5), response_of(n, 5, causal)
    found = spectral_mixing(x.to(device), response.to(device), causal)
    assert error(found, by_reference(x, response, causal)) < FORWARD


@pytest.mark.parametrize("causal", [False, True])
def test_how_much_a_program_holds_changes_nothing(causal, device, monkeypatch):
    x, response = numbers(2, 64, 20), response_of(64, 20, causal)
    found = []
    for held in (256, 1 << 12):
        monkeypatch.setattr(configuration, "HELD", held)
        found.append(spectral_mixing(x.to(device), response.to(device), causal))
    assert error(found[0], found[1].cpu().double()) < 1e-6


@pytest.mark.parametrize("causal", [False, True])
def test_any_strides(causal, device):
    x, response = numbers(3, 32, 6), response_of(32, 6, causal)
    wanted = by_reference(x, response, causal)
    tokens_last = x.transpose(1, 2).contiguous().transpose(1, 2)
    batch_last = x.permute(1, 2, 0).contiguous().permute(2, 0, 1)
    inside = torch.full((3, 40, 9), torch.nan)
    inside[:, 4:36, 2:8] = x
    bins_side_by_side = response.T.contiguous().T
    turned = response.conj().resolve_conj().conj()
    for signal in (tokens_last, batch_last, inside[:, 4:36, 2:8], x):
        for spectrum in (response, bins_side_by_side, turned):
            found = spectral_mixing(signal.to(device), spectrum.to(device), causal)
            assert error(found, wanted) < FORWARD
    row = spectral_mixing(x[:1].expand(3, 32, 6).to(device), response.to(device), causal)
    assert error(row[2], wanted[0]) < FORWARD


@pytest.mark.parametrize("causal", [False, True])
def test_half_precision_loses_little_more_than_pytorch(causal, device):
    x, response = numbers(2, 64, 5).half(), response_of(64, 5, causal)
    wanted = by_reference(x, response, causal)
    eager = by_torch(x.float(), response, causal).half()
    found = spectral_mixing(x.to(device), response.to(device), causal)
    assert found.dtype == torch.float16
    assert error(found, wanted) < 2 * error(eager, wanted)


@pytest.mark.parametrize("causal", [False, True])
def test_bfloat16_is_rounded_once(causal, device):
    """To nearest on a GPU, where the error is PyTorch's; the interpreter cuts the last bits off."""
    x, response = numbers(2, 64, 5).bfloat16(), response_of(64, 5, causal)
    wanted = by_reference(x, response, causal)
    found = spectral_mixing(x.to(device), response.to(device), causal)
    assert found.dtype == torch.bfloat16
    step = torch.finfo(torch.bfloat16).eps / (2 if device == "cuda" else 1)
    assert (np.abs(found.double().cpu().numpy() - wanted) <= step * np.abs(wanted) + 2e-6).all()


def test_the_future_is_not_heard(device):
    x, response = numbers(1, 64, 4), response_of(64, 4, True)
    later = x.clone()
    later[:, 40:] += 1
    before, after = (spectral_mixing(one.to(device), response.to(device), True) for one in (x, later))
    assert error(after[:, :40], before[:, :40].cpu()) < 1e-6
    assert error(after[:, 40:], before[:, 40:].cpu()) > 0.01


def test_a_filter_that_is_not_causal_is_made_so(device):
    """A response that looks one token ahead: all of it is a negative lag."""
    ahead = torch.exp(2j * torch.pi * torch.arange(17) / 32).to(torch.complex64)[:, None]
    x = numbers(1, 16, 1)
    found = spectral_mixing(x.to(device), ahead.to(device), True)
    assert found.abs().max() < 1e-6
    assert spectral_mixing(x.to(device), ahead.conj().to(device), True).cpu()[0, 1:].allclose(
        x[0, :-1], atol=1e-6
    )


@pytest.mark.parametrize("n", [64, 16, 15])
def test_what_cannot_turn_is_not_read(n, device):
    x, response = numbers(2, n, 3), response_of(n, 3, False)
    dead = response.clone()
    ends = [0, -1] if n % 2 == 0 else [0]
    dead[ends] = torch.complex(dead[ends].real, torch.tensor(torch.nan if n == 64 else 7.0))
    found = spectral_mixing(x.to(device), dead.to(device))
    assert error(found, by_reference(x, response, False)) < FORWARD


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize(("n", "batch", "launches"), [(40, 3, 1), (64, 5, 1), (16, 2, 3)])
def test_gradients(n, batch, launches, causal, device, monkeypatch):
    if launches == 3:
        monkeypatch.setattr(configuration, "HELD", 32)
    given = numbers(batch, n, 5), response_of(n, 5, causal)
    slope = numbers(batch, n, 5, seed=2)
    ours = [one.clone().to(device).requires_grad_() for one in given]
    spectral_mixing(*ours, causal).backward(slope.to(device))
    exact = [one.detach().to(EXACT[one.dtype]).requires_grad_() for one in given]
    by_torch(*exact, causal).backward(slope.double())
    for found, wanted in zip(ours, exact, strict=True):
        assert error(found.grad, wanted.grad) < GRADIENT


@pytest.mark.parametrize("causal", [False, True])
def test_second_derivatives(causal, device):
    given = numbers(2, 20, 3), response_of(20, 3, causal)
    slope = numbers(2, 20, 3, seed=2)
    again = numbers(2, 20, 3, seed=3), response_of(20, 3, causal, seed=4)

    def second(function, kind, where):
        leaves = [one.to(where, kind[one.dtype]).requires_grad_() for one in (*given, slope)]
        y = function(*leaves[:2], causal)
        first = torch.autograd.grad(y, leaves[:2], leaves[2], create_graph=True)
        weights = [one.to(where, kind[one.dtype]) for one in again]
        total = sum((a * b.conj()).real.sum() for a, b in zip(first, weights, strict=True))
        return torch.autograd.grad(total, leaves)

    same = {torch.float32: torch.float32, torch.complex64: torch.complex64}
    found, wanted = second(spectral_mixing, same, device), second(by_torch, EXACT, "cpu")
    for one, other in zip(found, wanted, strict=True):
        assert error(one, other) < GRADIENT


def test_a_filter_s_gradient_is_the_same_each_time(device):
    x, response = numbers(9, 16, 3).to(device), response_of(16, 3, False).to(device)
    found = []
    for _ in range(2):
        leaf = response.clone().requires_grad_()
        spectral_mixing(x, leaf).square().sum().backward()
        found.append(leaf.grad)
    assert found[0].equal(found[1])


@pytest.mark.parametrize("name", ["circular", "causal"])
def test_operators_are_good_ones(name, device):
    operators = torch.ops.fftia_lab
    x = numbers(2, 16, 3).to(device).requires_grad_()
    weight = response_of(16, 3, False) if name == "circular" else numbers(7, 3, seed=1)
    weight = weight.to(device).requires_grad_()
    for operator in (getattr(operators, name), getattr(operators, f"{name}_adjoint")):
        torch.library.opcheck(operator.default, (x, weight))
    given = x, x.detach().clone().requires_grad_(), len(weight)
    torch.library.opcheck(getattr(operators, f"{name}_weigh").default, given)


@pytest.mark.parametrize("causal", [False, True])
def test_a_layer_of_the_package_has_the_same_filter(causal, device):
    torch.manual_seed(0)
    layer = SpectralMixingLayer(4, 5, causal=causal).requires_grad_(False)
    layer.real.normal_(), layer.imaginary.normal_()
    x = numbers(2, 24, 4)
    found = spectral_mixing(x.to(device), layer.response(24).to(device), causal)
    assert error(found, layer.double()(x.double())) < FORWARD


@pytest.mark.parametrize("count", [1, 5, 30, 90])
def test_convolution_with_any_number_of_taps(count, device):
    x, kernel = numbers(2, 30, 3), numbers(count, 3, seed=1)
    found = causal_convolution(x.to(device), kernel.to(device))
    assert error(found, reference.causal_convolution(x.numpy(), kernel.numpy())) < FORWARD


def test_nothing_is_defined(device):
    for shape in ((0, 16, 3), (2, 0, 3), (2, 16, 0)):
        x = torch.zeros(shape, device=device)
        for causal in (False, True):
            response = response_of(shape[1], shape[2], causal).to(device)
            assert spectral_mixing(x, response, causal).shape == shape
    assert causal_convolution(numbers(1, 5, 2).to(device), torch.zeros(0, 2, device=device)).eq(0).all()


GOOD, SPECTRUM = torch.zeros(2, 16, 4), torch.zeros(9, 4, dtype=torch.complex64)


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ((GOOD.double(), SPECTRUM), TypeError, "x must be a tensor of float32, float16, bfloat16"),
        ((GOOD, SPECTRUM.real), TypeError, "response must be a tensor of complex64; got torch.f"),
        ((np.zeros((2, 16, 4)), SPECTRUM), TypeError, "got ndarray"),
        ((GOOD[0], SPECTRUM), ValueError, r"x must have shape \(batch, tokens, channels\)"),
        ((GOOD, SPECTRUM[:, :3]), ValueError, r"has 4 channels, as x has; got shape \(9, 3\)"),
        ((GOOD, SPECTRUM[:8]), ValueError, r"response must have shape \(9, 4\), as x has 16"),
        ((GOOD, SPECTRUM, True), ValueError, r"response must have shape \(17, 4\)"),
        ((GOOD, SPECTRUM, 1), TypeError, "causal must be True or False"),
    ],
)
def test_refusals(arguments, kind, message):
    with pytest.raises(kind, match=message):
        spectral_mixing(*arguments)


class Largest(TorchDispatchMode):
    """Notes how many bytes the largest tensor has that an operation returns."""

    bytes = 0

    def __torch_dispatch__(self, function, types, arguments=(), options=None):
        found = function(*arguments, **(options or {}))
        if isinstance(found, torch.Tensor):
            self.bytes = max(self.bytes, found.untyped_storage().nbytes())
        return found


@pytest.mark.parametrize("causal", [False, True])
def test_nothing_of_twice_the_length_is_written(causal, device):
    """No padded signal, no spectrum: the largest tensor is the result, batch for batch."""
    x, response = numbers(8, 64, 4).to(device), response_of(64, 4, causal).to(device)
    with Largest() as ours:
        spectral_mixing(x, response, causal)
    with Largest() as eager:
        by_torch(x, response, causal)
    assert ours.bytes == x.nbytes and eager.bytes >= x.nbytes * (2 if causal else 1)
