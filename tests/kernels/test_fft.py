"""The FFT of kernels, against NumPy's in double precision, and its gradient against PyTorch's."""

import numpy as np
import pytest
import torch

from fftia_lab.kernels import fft as module
from fftia_lab.kernels.digits import last_of, root_tables, roots, stages_of
from fftia_lab.kernels.fft import fft, ifft

SIZES = [1, 2, 8, 16, 32, 128, 256, 512, 2048]
LIMIT = 1e-6


def signal(*shape, seed=0, dtype=torch.complex64):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, dtype=dtype, generator=generator)


def error(found, wanted):
    """The greatest deviation, over the root mean square of what is wanted."""
    wanted = torch.as_tensor(wanted)
    assert found.shape == wanted.shape
    return float((found.detach().cpu() - wanted).abs().max() / wanted.abs().square().mean().sqrt())


@pytest.mark.parametrize("size", SIZES)
def test_it_is_the_transform(size, device):
    x = signal(3, size)
    assert error(fft(x.to(device)), np.fft.fft(x.numpy().astype(complex))) < LIMIT
    assert error(ifft(x.to(device)), np.fft.ifft(x.numpy().astype(complex))) < LIMIT


@pytest.mark.parametrize("size", [32, 256, 1024])
def test_beyond_the_chip_four_steps_are_the_transform(size, device, monkeypatch):
    monkeypatch.setattr(module, "ON_CHIP", 16)
    x = signal(3, size)
    assert error(fft(x.to(device)), np.fft.fft(x.numpy().astype(complex))) < LIMIT
    assert error(ifft(x.to(device)), np.fft.ifft(x.numpy().astype(complex))) < LIMIT


def test_any_batch_strides_and_views(device):
    x = signal(16, 3, 5).to(device)
    x = x.permute(2, 1, 0)
    views = x, x.conj(), x[:, 1], x[::2], x.real, x[1, 1], x[:, :1].expand(5, 3, 16)
    for given in views:
        found = fft(given)
        assert found.dtype == torch.complex64 and found.device == given.device
        wanted = np.fft.fft(given.cpu().to(torch.complex128).resolve_conj().numpy())
        assert error(found, wanted) < LIMIT
    assert fft(signal(0, 16)).shape == (0, 16)


def test_a_large_neighbour_does_not_leak_in(device):
    """Rows share a program; none may change another."""
    x = signal(5, 16)
    alone = fft(x.to(device))
    x[3] *= 1e6
    beside = fft(x.to(device))
    assert beside[[0, 1, 2, 4]].equal(alone[[0, 1, 2, 4]])


@pytest.mark.parametrize(("transform", "oracle"), [(fft, torch.fft.fft), (ifft, torch.fft.ifft)])
def test_gradients(transform, oracle, device):
    x, slope = signal(2, 64).to(device).requires_grad_(), signal(2, 64, seed=1)
    transform(x).backward(slope.to(device))
    exact = x.detach().cpu().to(torch.complex128).requires_grad_()
    oracle(exact).backward(slope.to(torch.complex128))
    assert error(x.grad, exact.grad) < LIMIT


def test_the_operator_is_a_good_one(device):
    for inverse in (False, True):
        x = signal(2, 16).to(device).requires_grad_()
        torch.library.opcheck(torch.ops.fftia_lab.fft.default, (x, inverse))


@pytest.mark.parametrize(
    ("x", "kind", "message"),
    [
        (signal(3, 12), ValueError, r"power of two of numbers, 1 to 16777216; got shape \(3, 12\)"),
        (signal(3, 0), ValueError, "pad it, or use torch.fft"),
        (torch.tensor(1.0), ValueError, r"got shape \(\)"),
        (signal(4, dtype=torch.complex128), TypeError, "got torch.complex128: use torch.fft"),
        (np.ones(4), TypeError, "got ndarray"),
    ],
)
def test_refusals(x, kind, message):
    for transform in (fft, ifft):
        with pytest.raises(kind, match=message):
            transform(x)


@pytest.mark.parametrize("size", [2, 8, 16, 64, 128, 4096])
def test_digits_multiply_to_the_size(size):
    assert 8 ** (stages_of(size) - 1) * last_of(size) == size
    assert last_of(size) in (2, 4, 8)
    cosine, sine = roots(size).reshape(2, -1)
    wanted = np.exp(-2j * np.pi * np.arange(size) / size)
    assert np.abs(cosine + 1j * sine - wanted).max() < 6e-8


@pytest.mark.parametrize("order", [1, 2, 8, 1024, 1 << 15])
def test_two_tables_hold_all_roots(order):
    tables = root_tables(order).astype(float)
    fine = 1 << order.bit_length() // 2
    low = tables[:fine] + 1j * tables[fine : 2 * fine]
    high = tables[2 * fine :].reshape(2, -1)
    found = np.outer(high[0] + 1j * high[1], low).ravel()
    wanted = np.exp(-2j * np.pi * np.arange(order) / order)
    assert found.shape == wanted.shape and np.abs(found - wanted).max() < 2e-7
