"""Short causal filters in blocks, against the sum in NumPy and PyTorch's own convolution."""

import numpy as np
import pytest
import torch
from torch.nn.functional import pad

from fftia_lab.kernels import short_filters
from fftia_lab.kernels.short_filters import MOST_TAPS, blocks_of, short_convolution
from fftia_lab.mixing import reference

FORWARD, GRADIENT = 2e-6, 5e-6
# (tokens, taps): one tap, one chunk, one tap more than it, chunks of either length, all taps.
SIZES = [(1, 1), (5, 9), (40, 1), (40, 16), (40, 17), (70, 18), (100, 33), (150, 128)]


def numbers(*shape, seed=0, dtype=torch.float32):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, dtype=dtype, generator=generator)


def error(found, wanted):
    """The greatest deviation, over the root mean square of what is wanted."""
    wanted = torch.as_tensor(wanted)
    assert found.shape == wanted.shape
    deviation = (found.detach().cpu().to(wanted.dtype) - wanted).abs().max()
    return float(deviation / wanted.square().mean().sqrt())


def by_torch(x, kernel):
    """PyTorch's convolution, which it differentiates."""
    taps, channels = kernel.shape
    padded = pad(x.transpose(1, 2), (taps - 1, 0))
    weight = kernel.flip(0).T[:, None]
    return torch.nn.functional.conv1d(padded, weight, groups=channels).transpose(1, 2)


@pytest.mark.parametrize(("n", "taps"), SIZES)
def test_it_is_the_sum(n, taps, device):
    for batch, channels in ((1, 1), (2, 20)):
        x, kernel = numbers(batch, n, channels), numbers(taps, channels, seed=1)
        found = short_convolution(x.to(device), kernel.to(device))
        wanted = reference.causal_convolution(x.numpy(), kernel.numpy())
        assert found.dtype == torch.float32 and error(found, wanted) < FORWARD


def test_how_much_a_program_holds_changes_nothing(device, monkeypatch):
    x, kernel = numbers(2, 600, 3).to(device), numbers(20, 3, seed=1).to(device)
    found = []
    for chunks in (16, 32):
        monkeypatch.setattr(short_filters, "CHUNKS", chunks)
        found.append(short_convolution(x, kernel))
    assert error(found[0], found[1].cpu()) < 1e-6
    assert error(found[0], reference.causal_convolution(x.cpu(), kernel.cpu())) < FORWARD


def test_any_strides(device):
    x, kernel = numbers(2, 50, 6), numbers(20, 6, seed=1)
    wanted = reference.causal_convolution(x.numpy(), kernel.numpy())
    inside = torch.full((2, 60, 9), torch.nan)
    inside[:, 5:55, 2:8] = x
    tokens_last = x.transpose(1, 2).contiguous().transpose(1, 2)
    for signal in (x, tokens_last, inside[:, 5:55, 2:8]):
        for filters in (kernel, kernel.T.contiguous().T):
            found = short_convolution(signal.to(device), filters.to(device))
            assert error(found, wanted) < FORWARD


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_sixteen_bits_lose_little_more_than_pytorch(dtype, device):
    x, kernel = numbers(2, 90, 5).to(dtype), numbers(20, 5, seed=1)
    wanted = reference.causal_convolution(x.double().numpy(), kernel.numpy())
    eager = by_torch(x.float(), kernel).to(dtype)
    found = short_convolution(x.to(device), kernel.to(device))
    assert found.dtype == dtype
    assert error(found, wanted) < 2 * error(eager, wanted)
    # The interpreter does not round the filter, as products of 16 bits have to.
    rounded = by_torch(x.double(), kernel.to(dtype).double()).to(dtype)
    assert error(rounded, wanted) < 2 * error(eager, wanted)


def test_the_future_is_not_heard(device):
    x, kernel = numbers(1, 64, 4), numbers(20, 4, seed=1).to(device)
    later = x.clone()
    later[:, 40:] = 7
    before, after = (short_convolution(one.to(device), kernel) for one in (x, later))
    assert after[:, :40].equal(before[:, :40]) and not after[:, 40:].equal(before[:, 40:])


def test_what_is_missing_spoils_its_chunk_and_those_that_hear_it(device):
    x = numbers(1, 100, 1)
    x[0, 50] = torch.nan
    found = short_convolution(x.to(device), numbers(8, 1, seed=1).to(device)).cpu()[0, :, 0].isnan()
    assert not found[:48].any() and not found[80:].any() and found[50:58].all()


@pytest.mark.parametrize(("n", "taps"), [(40, 16), (70, 18), (100, 33)])
def test_gradients(n, taps, device):
    given, slope = (numbers(3, n, 5), numbers(taps, 5, seed=1)), numbers(3, n, 5, seed=2)
    ours = [one.clone().to(device).requires_grad_() for one in given]
    short_convolution(*ours).backward(slope.to(device))
    exact = [one.double().requires_grad_() for one in given]
    by_torch(*exact).backward(slope.double())
    for found, wanted in zip(ours, exact, strict=True):
        assert error(found.grad, wanted.grad) < GRADIENT


def test_second_derivatives(device):
    given = numbers(2, 40, 3), numbers(18, 3, seed=1), numbers(2, 40, 3, seed=2)
    again = numbers(2, 40, 3, seed=3), numbers(18, 3, seed=4)

    def second(function, dtype, where):
        leaves = [one.to(where, dtype).requires_grad_() for one in given]
        first = torch.autograd.grad(function(*leaves[:2]), leaves[:2], leaves[2], create_graph=True)
        total = sum((a * b.to(where, dtype)).sum() for a, b in zip(first, again, strict=True))
        return torch.autograd.grad(total, leaves)

    found = second(short_convolution, torch.float32, device)
    wanted = second(by_torch, torch.float64, "cpu")
    for one, other in zip(found, wanted, strict=True):
        assert error(one, other) < GRADIENT


def test_operators_are_good_ones(device):
    operators = torch.ops.fftia_lab
    x = numbers(2, 20, 3).to(device).requires_grad_()
    kernel = numbers(7, 3, seed=1).to(device).requires_grad_()
    for operator in (operators.convolved, operators.convolved_adjoint):
        torch.library.opcheck(operator.default, (x, kernel, "ieee"))
    given = x, x.detach().clone().requires_grad_(), 7, "ieee"
    torch.library.opcheck(operators.convolved_weigh.default, given)


def test_nothing_is_defined(device):
    for shape in ((0, 16, 3), (2, 0, 3), (2, 16, 0)):
        x, kernel = torch.zeros(shape, device=device), torch.ones(4, shape[2], device=device)
        assert short_convolution(x, kernel).shape == shape
    assert short_convolution(torch.ones(1, 4, 2), torch.zeros(0, 2)).eq(0).all()


@pytest.mark.parametrize("taps", range(1, MOST_TAPS + 1))
def test_blocks_reach_all_taps_and_no_more(taps):
    chunk, stages = blocks_of(taps)
    assert (stages - 1) * chunk >= taps - 1, "the last block holds the last lag"
    assert stages == 1 or (stages - 2) * chunk < taps - 1, "and is not empty"


GOOD, KERNEL = torch.zeros(2, 200, 4), torch.zeros(9, 4)


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ((GOOD, torch.zeros(129, 4)), ValueError, "has 129 taps; blocks take up to 128: use causal_"),
        ((GOOD, KERNEL.double()), TypeError, "kernel must be a tensor of float32; got torch.float64"),
        ((GOOD, KERNEL[:, :2]), ValueError, "has 4 channels, as x has"),
        ((GOOD, KERNEL, "tf16"), ValueError, "precision must be one of ieee, tf32x3, tf32"),
        ((np.zeros(3), KERNEL), TypeError, "x must be a tensor of float32, float16, bfloat16"),
    ],
)
def test_refusals(arguments, kind, message):
    with pytest.raises(kind, match=message):
        short_convolution(*arguments)
