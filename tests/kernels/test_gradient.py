"""The fused gradient against autograd of dense attention in float64, interpreted or on a GPU."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from kernel_cases import deviation, gradients, reference, with_gradient
from unit.attention_cases import MASKS
from unit.attention_torch import by_dense_attention, relative

from fftia_lab import ButterflySchedule, PrefixSchedule
from fftia_lab.kernels import butterfly_gradient
from fftia_lab.kernels.butterfly_attention import forward
from fftia_lab.kernels.butterfly_gradient import gradient
from fftia_lab.kernels.plan import launches

FP32 = 5e-6  # the root mean square of what a gradient in fp32 may deviate, of its own
XOR = ["butterfly", "butterfly relay", "decreasing relay", "benes", "benes relay"]


def worse(found, right):
    """Return the larger deviation of two gradients, infinite if one holds NaN."""
    pairs = [(one.cpu(), best.cpu()) for one, best in zip(found, right, strict=True)]
    assert all(one.shape == best.shape for one, best in pairs)
    return max(math.inf if one.isnan().any() else relative(one, best) for one, best in pairs)


def worst(job, tensors, tile=None, precision="ieee"):
    """Return the larger deviation of both gradients from those of the definition."""
    to_y, x, bilinear = tensors
    found = gradient(to_y, x, bilinear, job.schedule, job.real, tile=tile, precision=precision)
    return worse(found, gradients(job, *tensors))


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("kind", XOR)
def test_it_is_the_gradient_of_the_definition(kind, mask, causal, device):
    assert worst(*with_gradient(kind, 37, causal, mask, heads=1, device=device), tile=32) < FP32


@pytest.mark.parametrize("n", [2, 5, 32, 100])
def test_fewer_tokens_than_a_tile_and_more(n, device):
    assert worst(*with_gradient("butterfly relay", n, batch=1, device=device), tile=32) < FP32


@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("kind", ["prefix", "prefix relay"])
def test_a_prefix_wiring(kind, mask, device):
    assert worst(*with_gradient(kind, 37, mask=mask, heads=1, device=device), tile=64) < FP32


def test_a_prefix_wiring_of_more_places_than_other_tiles_have(device):
    assert worst(*with_gradient("prefix relay", 70, batch=1, heads=1, device=device)) < FP32


@pytest.mark.parametrize(("kind", "n", "tile"), [("butterfly", 512, 32), ("benes relay", 140, 64)])
def test_longer_ones(kind, n, tile, device):
    job, tensors = with_gradient(kind, n, batch=1, heads=1, device=device)
    assert len(launches(job.schedule, n, 16, tile)) >= 2
    assert worst(job, tensors, tile) < FP32


@pytest.mark.parametrize("d", [1, 8, 24, 64, 128])
def test_heads_of_any_width(d, device):
    assert (
        worst(*with_gradient("butterfly relay", 40, False, "right", d=d, heads=1, device=device))
        < FP32
    )


def test_two_tiles_agree(device):
    job, tensors = with_gradient("benes", 70, False, "right", heads=1, device=device)
    found = [gradient(*tensors, job.schedule, job.real, tile=tile) for tile in (32, 128)]
    assert worse(*found) < FP32


# Sums of weights


def test_the_number_of_shares_changes_the_order_of_a_sum_and_nothing_else(device, monkeypatch):
    job, tensors = with_gradient("butterfly", 100, batch=3, heads=1, device=device)
    found = []
    for programs in (1, 20):  # one sum of twelve tiles, or four of three
        monkeypatch.setattr(butterfly_gradient, "PROGRAMS", programs)
        found.append(gradient(*tensors, job.schedule, tile=32))
    one, four = found
    assert torch.equal(four[0], one[0])
    assert 0 < relative(four[1].cpu(), one[1].cpu()) < FP32


def test_two_runs_are_equal_and_nothing_given_is_changed(device):
    job, tensors = with_gradient("benes relay", 50, False, "scattered", heads=1, device=device)
    kept = [one.clone() for one in tensors]
    first, second = (gradient(*tensors, job.schedule, job.real, tile=32) for _ in range(2))
    assert all(map(torch.equal, first, second))
    assert all(map(torch.equal, tensors, kept))


# What is not there


@pytest.mark.parametrize(
    ("kind", "causal", "mask"),
    [
        ("butterfly", False, "scattered"),
        ("butterfly", True, "right"),
        ("butterfly relay", False, "right"),
        ("benes relay", True, "scattered"),
        ("prefix", True, "right"),
        ("prefix relay", True, "scattered"),
    ],
)
def test_nan_where_no_token_is_real_changes_no_bit(kind, causal, mask, device):
    job, (to_y, x, bilinear) = with_gradient(kind, 37, causal, mask, heads=1, device=device)
    found = gradient(to_y, x, bilinear, job.schedule, job.real, tile=64)
    for planted in (torch.nan, torch.inf):
        spoilt = [one.masked_fill(~job.real[:, None, :, None], planted) for one in (to_y, x)]
        again = gradient(*spoilt, bilinear, job.schedule, job.real, tile=64)
        assert all(map(torch.equal, again, found))
    assert not found[0].masked_select(~job.real[:, None, :, None]).any()


def test_a_sick_token_does_not_reach_those_whom_it_never_meets(device):
    """Not through empty places either: 0 · NaN in one would come to the next who looks there."""
    real = torch.tensor([[True, True, False, False, False, False, True, True]], device=device)
    job, (to_y, x, bilinear) = with_gradient("butterfly", 8, batch=1, heads=1, device=device)
    healthy, _ = gradient(to_y, x, bilinear, job.schedule, real)
    x[:, :, 0] = torch.nan
    found, _ = gradient(to_y, x, bilinear, job.schedule, real)
    assert found[:, :, :2].isnan().all() and torch.equal(found[:, :, 6:], healthy[:, :, 6:])


def test_memory_around_the_tensors_is_not_read(device):
    job, (to_y, x, bilinear) = with_gradient("butterfly relay", 37, device=device)
    around = [torch.full((2, 2, 37 + 64, 24), torch.nan, device=device) for _ in range(2)]
    inside = (slice(None), slice(None), slice(32, 69), slice(4, 20))
    for memory, tensor in zip(around, (to_y, x), strict=True):
        memory[inside] = tensor
    found = gradient(*(memory[inside] for memory in around), bilinear, job.schedule, tile=64)
    assert worse(found, gradients(job, to_y, x, bilinear)) < FP32


@pytest.mark.parametrize("shape", [(2, 2, 0, 16), (0, 2, 8, 16), (2, 0, 8, 16)])
def test_nothing_to_do(shape, device):
    x = torch.zeros(shape, device=device)
    bilinear = torch.ones(3, shape[1], 16, 16, device=device)
    to_x, to_bilinear = gradient(x, x, bilinear, ButterflySchedule(8))
    assert to_x.shape == shape and to_bilinear.shape == bilinear.shape
    assert not to_bilinear.any()


def test_one_token_has_nobody_to_meet(device):
    job, tensors = with_gradient("butterfly", 1, False, "scattered", device=device)
    assert worst(job, tensors) == 0


# Memory


def test_any_strides(device):
    job, (to_y, x, bilinear) = with_gradient("butterfly relay", 37, False, "right", device=device)
    found = gradient(to_y, x, bilinear, job.schedule, job.real)
    beside = [one.transpose(1, 2).contiguous().transpose(1, 2) for one in (to_y, x)]
    again = gradient(*beside, bilinear, job.schedule, job.real)
    assert all(map(torch.equal, again, found)) and again[0].stride() == beside[1].stride()
    channels = [one.mT.contiguous().mT for one in (to_y, x)]
    assert all(map(torch.equal, gradient(*channels, bilinear, job.schedule, job.real), found))
    ones = torch.ones((), device=device).expand(x.shape)  # the gradient of y.sum()
    again = gradient(ones, x, bilinear, job.schedule, job.real)
    dense = gradient(ones.contiguous(), x, bilinear, job.schedule, job.real)
    assert all(map(torch.equal, again, dense))


def test_one_weight_for_all_stages_and_heads(device):
    job, (to_y, x, bilinear) = with_gradient("butterfly", 64, device=device)
    shared = bilinear[:1, :1].expand(bilinear.shape)
    found = gradient(to_y, x, shared, job.schedule)
    assert found[1].shape == shared.shape and found[1].is_contiguous()
    again = gradient(to_y, x, shared.contiguous(), job.schedule)
    assert all(map(torch.equal, found, again))


# Types


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("kind", ["butterfly", "benes relay"])
def test_sixteen_bits_deviate_less_than_twice_what_dense_attention_does(kind, dtype, device):
    """PyTorch's, which rounds queries, keys and every stage, as kernels do."""
    job, tensors = with_gradient(kind, 37, False, "right", dtype=dtype, device=device)
    right = gradients(job, *tensors)
    found = gradient(*tensors, job.schedule, job.real, tile=32)
    plain = _densely(job, *tensors)
    for one, other, best in zip(found, plain, right, strict=True):
        assert one.dtype == dtype
        assert _rms(one, best) < 2 * _rms(other, best)


def _densely(job, to_y, x, bilinear):
    """Both gradients by dense attention over two tokens a stage, in the type of x."""
    d, real = x.shape[-1], None if job.real is None else job.real.cpu()
    to_y, *leaves = (one.detach().cpu() for one in (to_y, x, bilinear))
    x, bilinear = (one.requires_grad_() for one in leaves)
    w_q = torch.eye(d, dtype=x.dtype).expand(bilinear.shape)
    y = by_dense_attention(x, w_q, bilinear * d**0.5, job.schedule, real)
    to_y = to_y if real is None else to_y.where(real[:, None, :, None], 0)
    return torch.autograd.grad(y, (x, bilinear), to_y)


def _rms(found, best):
    return float((found.double().cpu() - best).pow(2).mean().sqrt())


# Refusals


@pytest.mark.parametrize(
    ("to_y", "said"),
    [
        (torch.zeros(2, 2, 8, 15), r"shape \(2, 2, 8, 16\) on .*; got torch.float32 of shape"),
        (torch.zeros(2, 2, 8, 16).half(), "got torch.float16"),
    ],
)
def test_a_gradient_that_does_not_fit_is_refused(to_y, said, device):
    x, bilinear = torch.zeros(2, 2, 8, 16), torch.zeros(3, 2, 16, 16)
    with pytest.raises(ValueError, match=said):
        gradient(to_y.to(device), x.to(device), bilinear.to(device), ButterflySchedule(8))


def test_what_forward_refuses_is_refused(device):
    x, bilinear = torch.zeros(1, 1, 100, 16), torch.zeros(7, 1, 16, 16)
    with pytest.raises(ValueError, match="stages 5 to 6 of PrefixSchedule"):
        gradient(x.to(device), x.to(device), bilinear.to(device), PrefixSchedule(100), tile=32)


@pytest.mark.parametrize("kind", ["butterfly relay", "benes", "prefix"])
def test_scores_of_thousands_have_gates_of_one_and_zero(kind, device):
    """A gate 1/(1 + exp(-s)) is 0 where exp overflows, and a gradient through it is not NaN."""
    job, (to_y, x, bilinear) = with_gradient(kind, 37, heads=1, device=device)
    job = replace(job, x=job.x * 30)
    x = job.x.float()
    y = forward(x, bilinear, job.schedule)
    wanted, gates = reference(job)
    sharp = (np.nan_to_num(gates, nan=0) < 1e-38) | (gates == 1)
    assert sharp.mean() > 0.5
    assert deviation(y, wanted) < FP32
    assert worst(job, (to_y, x, bilinear)) < 1e-3  # fp32 knows such a score to about 1e-4
