"""Shifts fused, against the definition in float64, in Triton's interpreter or on a GPU."""

import numpy as np
import pytest
import torch
from kernel_cases import FP32, deviation, gradients, in_type, reference, with_gradient
from unit.attention_cases import schedule_of
from unit.attention_torch import by_dense_attention, relative

from fftia_lab import ButterflySchedule, ShiftSchedule
from fftia_lab.attention.backends.job import Job
from fftia_lab.kernels import shift_attention, shift_gradient
from fftia_lab.kernels.shift_attention import forward
from fftia_lab.kernels.shift_gradient import gradient
from fftia_lab.kernels.shift_gradient_plan import passages
from fftia_lab.kernels.shift_plan import windows

GRADIENT = 5e-6
# One tile, a circle that closes in one or in two launches, and such as never close.
LENGTHS = [1, 2, 5, 37, 100, 101]
CAUSAL = pytest.mark.parametrize("causal", [False, True])


@pytest.fixture(autouse=True)
def few_shares(monkeypatch):
    """Let one program sum all tiles, for the time that it takes otherwise."""
    monkeypatch.setattr(shift_gradient, "PROGRAMS", 1)


def given(n, causal=False, dtype=torch.float32, **more):
    """Return a job of a shift, and of it the gradient of y, x and Mᵀ in a type."""
    return with_gradient("shift", n, causal, dtype=dtype, **more)


def worst(found, best):
    """Return the larger deviation of both gradients."""
    pairs = [(one.cpu(), wanted.cpu()) for one, wanted in zip(found, best, strict=True)]
    assert all(one.isfinite().all() for one, _ in pairs), "NaN, or memory nobody wrote"
    return max(relative(one, wanted) for one, wanted in pairs)


@CAUSAL
def test_it_is_the_definition(causal, device):
    for n in LENGTHS:
        job, (_, x, bilinear) = given(n, causal, batch=1 + (n < 6), heads=1, device=device)
        error = deviation(forward(x, bilinear, job.schedule, tile=32), reference(job)[0])
        assert error < FP32, f"{n} tokens: {error:.1e}"


@CAUSAL
@pytest.mark.parametrize(("n", "launches"), [(290, 3), (512, 2)])
def test_longer_ones(n, launches, causal, device):
    job, (_, x, bilinear) = given(n, causal, batch=1, heads=1, device=device)
    assert len(windows(job.schedule, n, 16, 32)) in (launches, launches + 1)
    assert deviation(forward(x, bilinear, job.schedule, tile=32), reference(job)[0]) < FP32


@CAUSAL
def test_it_is_the_gradient_of_the_definition(causal, device):
    for n in (5, 37):
        job, tensors = given(n, causal, batch=1, heads=1 + (n < 6), device=device)
        found = gradient(*tensors, job.schedule, tile=32)
        error = worst(found, gradients(job, *tensors))
        assert error < GRADIENT, f"{n} tokens: {error:.1e}"


@CAUSAL
def test_longer_gradients(causal, device):
    job, tensors = given(101, causal, batch=1, heads=1, device=device)
    assert len(passages(job.schedule, 101, 16, 64)) > 2
    assert worst(gradient(*tensors, job.schedule, tile=64), gradients(job, *tensors)) < GRADIENT


@pytest.mark.parametrize("d", [1, 24])
def test_heads_of_any_width(d, device):
    job, tensors = given(7, d=d, batch=1, heads=2, device=device)
    _, x, bilinear = tensors
    assert deviation(forward(x, bilinear, job.schedule), reference(job)[0]) < FP32
    assert worst(gradient(*tensors, job.schedule), gradients(job, *tensors)) < GRADIENT


@CAUSAL
def test_fewer_tokens_than_the_schedule_has_places(causal, device):
    """Its circle closes after the last token."""
    job, (to_y, x, bilinear) = given(60, causal, batch=1, heads=1, device=device)
    few, schedule = x[:, :, :7], ShiftSchedule(60, causal)
    wanted, _ = reference(Job(few.double(), job.w_q, job.w_k, schedule))
    assert deviation(forward(few, bilinear, schedule, tile=32), wanted) < FP32
    found = gradient(to_y[:, :, :7], few, bilinear, schedule, tile=32)
    assert worst(found, gradients(job, to_y[:, :, :7], few, bilinear)) < GRADIENT


def test_two_tiles_agree(device):
    job, (to_y, x, bilinear) = given(37, batch=1, heads=1, device=device)
    one, other = (forward(x, bilinear, job.schedule, tile=tile) for tile in (32, 64))
    assert deviation(one, other) < FP32
    one, other = (gradient(to_y, x, bilinear, job.schedule, tile=tile) for tile in (32, 64))
    assert worst(one, other) < GRADIENT


# Who hears whom


def test_nan_in_the_future_changes_no_bit(device):
    job, (_, x, bilinear) = given(100, True, batch=1, heads=1, device=device)
    y = forward(x, bilinear, job.schedule, tile=32)
    for sick in (1, 40, 99):
        x[:, :, sick:] = torch.nan
        found = forward(x, bilinear, job.schedule, tile=32)
        assert torch.equal(found[:, :, :sick], y[:, :, :sick]) and found[:, :, sick:].isnan().all()
        x = in_type(job, torch.float32)[0]


@CAUSAL
def test_a_gradient_reaches_only_who_was_heard(causal, device):
    job, (to_y, x, bilinear) = given(37, causal, batch=1, heads=1, device=device)
    only = torch.zeros_like(to_y)
    only[:, :, 17] = to_y[:, :, 17]
    to_x, _ = gradient(only, x, bilinear, job.schedule, tile=32)
    reached = to_x[0, 0].any(-1).cpu().numpy()
    assert (reached == job.schedule.reach()[17]).all()


def test_memory_around_x_is_not_read_nor_around_y_written(device, monkeypatch):
    job, (to_y, x, bilinear) = given(37, True, batch=1, heads=1, device=device)
    batch, heads, n, d = x.shape
    inside = (slice(None), slice(None), slice(32, 32 + n), slice(4, 4 + d))
    around = [torch.full((batch, heads, n + 64, d + 8), torch.nan, device=device) for _ in "ab"]
    written = torch.full_like(around[0], 7.0)
    for memory, tensor in zip(around, (x, to_y), strict=True):
        memory[inside] = tensor
    monkeypatch.setattr(shift_attention, "empty_result", lambda x: written[inside])
    y = forward(around[0][inside], bilinear, job.schedule, tile=32)
    assert y.data_ptr() == written[inside].data_ptr()
    assert deviation(y.clone(), reference(job)[0]) < FP32
    y.fill_(7.0)
    assert (written == 7.0).all()
    found = gradient(around[1][inside], around[0][inside], bilinear, job.schedule, tile=32)
    assert all(map(torch.equal, found, gradient(to_y, x, bilinear, job.schedule, tile=32)))


# Memory and bits


def test_any_strides_and_the_result_has_those_of_x(device):
    job, (to_y, x, bilinear) = given(5, batch=2, device=device)
    y = forward(x, bilinear, job.schedule, tile=32)
    grads = gradient(to_y, x, bilinear, job.schedule, tile=32)
    apart = [one.mT.contiguous().mT for one in (to_y, x)]  # channels are no neighbours: copied
    assert torch.equal(forward(apart[1], bilinear, job.schedule, tile=32), y)
    again = gradient(*apart, bilinear, job.schedule, tile=32)
    assert all(map(torch.equal, again, grads))
    beside = x.transpose(1, 2).contiguous().transpose(1, 2)
    found = forward(beside, bilinear, job.schedule, tile=32)
    assert torch.equal(found, y) and found.stride() == beside.stride()
    ones = torch.ones((), device=device).expand(x.shape)  # the gradient of y.sum()
    again = gradient(ones, x, bilinear, job.schedule, tile=32)
    dense = gradient(ones.contiguous(), beside, bilinear, job.schedule, tile=32)
    assert all(map(torch.equal, again, dense)) and dense[0].stride() == beside.stride()


def test_two_runs_are_equal_and_nothing_given_is_changed(device, monkeypatch):
    job, tensors = given(33, batch=2, heads=1, device=device)
    kept = [one.clone() for one in tensors]
    first, second = (gradient(*tensors, job.schedule, tile=32) for _ in range(2))
    assert all(map(torch.equal, first, second)) and all(map(torch.equal, tensors, kept))
    monkeypatch.setattr(shift_gradient, "PROGRAMS", 4)  # two sums of two tiles, not one of four
    to_x, to_bilinear = gradient(*tensors, job.schedule, tile=32)
    assert torch.equal(to_x, first[0])
    assert 0 < relative(to_bilinear.cpu(), first[1].cpu()) < GRADIENT


@pytest.mark.parametrize("shape", [(2, 2, 0, 16), (0, 2, 8, 16), (2, 0, 8, 16), (1, 1, 1, 16)])
def test_nothing_to_do(shape, device):
    x = torch.ones(shape, device=device)
    bilinear = torch.ones(3, shape[1], 16, 16, device=device)
    assert torch.equal(forward(x, bilinear, ShiftSchedule(8)), x)
    to_x, to_bilinear = gradient(2 * x, x, bilinear, ShiftSchedule(8))
    assert torch.equal(to_x, 2 * x) and not to_bilinear.any()


@pytest.mark.parametrize(("dtype", "causal"), [(torch.float16, False), (torch.bfloat16, True)])
def test_sixteen_bits_deviate_less_than_twice_what_dense_attention_does(causal, dtype, device):
    """PyTorch's, which rounds queries, keys and every stage, as kernels do."""
    job, tensors = given(12, causal, dtype, batch=2, heads=1, device=device)
    to_y, x, bilinear = tensors
    d = x.shape[-1]
    eye = torch.eye(d, device=device).expand(bilinear.shape)
    leaves = [one.detach().cpu().requires_grad_() for one in (x, bilinear)]
    queries, keys = eye.cpu().to(dtype), leaves[1] * d**0.5
    usual = by_dense_attention(leaves[0], queries, keys, job.schedule, None)
    plain = usual.detach(), *torch.autograd.grad(usual, leaves, to_y.cpu())
    double = Job(x.double(), eye.double(), bilinear.double() * d**0.5, job.schedule)
    wanted = reference(double)[0], *gradients(job, *tensors)
    y = forward(x, bilinear, job.schedule, tile=32)
    found = y, *gradient(*tensors, job.schedule, tile=32)
    for one, other, best in zip(found, plain, wanted, strict=True):
        assert one.dtype == dtype
        assert relative(one.cpu(), best) < 2 * relative(other.cpu(), best)


# The plan


@CAUSAL
@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize("tile", [32, 64, 128])
def test_every_place_is_stored_once_and_hears_a_row_of_its_tile(tile, back, causal):
    for n in (1, 2, 5, 37, 64, 100, 101, 290, 1000, 1024):
        schedule = schedule_of("shift", n, causal)
        plan = windows(schedule, n, 16, tile)
        if back:
            plan = [one.back for one in passages(schedule, n, 16, tile)]
        run = [range(window.first, window.first + window.stages) for window in plan]
        assert [stage for stages in run for stage in stages] == [*range(schedule.depth)]
        for window in plan:
            assert 4 * (window.tile - window.kept) <= window.tile or not window.halo
            stored = np.sort(np.concatenate([*_stored(window, n)]))
            assert stored.tolist() == [*range(n)]


def _stored(window, n):
    """Yield the places that each program stores, as a kernel computes them."""
    row = np.arange(window.tile)
    for program in range(window.programs(n)):
        first = program // window.step * window.kept - window.before
        place = program % window.step + (first + row) * window.step
        mine = (row >= window.before) & (row < window.before + window.kept) & (place < n)
        yield place[mine]


@pytest.mark.parametrize(
    ("n", "causal", "wanted"),
    [
        (100, False, [7]),  # all of the circle lies in the tile
        (1024, False, [3, 7]),  # eight circles of 128 after three stages
        (1001, False, [5, 5]),  # one circle that nothing divides
        (1001, True, [3, 7]),  # chains that end
        (1 << 17, False, [5, 5, 7]),
        (100_003, False, [5, 4, 4, 4]),
        (100_003, True, [5, 5, 7]),
    ],
)
def test_launches_are_few_and_even(n, causal, wanted):
    plan = windows(ShiftSchedule(n, causal), n, 64, 128)
    assert [window.stages for window in plan] == wanted


# Refusals


@pytest.mark.parametrize(
    ("changed", "error", "said"),
    [
        ({"x": torch.zeros(2, 2, 8, 16).double()}, TypeError, "float32, float16 or bfloat16"),
        ({"bilinear": torch.zeros(2, 2, 16, 16)}, ValueError, r"= \(3, 2, 16, 16\); got \(2, 2,"),
        ({"precision": "tf16"}, ValueError, "precision must be one of ieee, tf32"),
        ({"tile": 48}, ValueError, "power of two from 32 to 256"),
        ({"schedule": ButterflySchedule(8)}, ValueError, "these kernels take a shift; got"),
        ({"x": torch.zeros(2, 2, 9, 16)}, ValueError, "8 places cannot hold n=9"),
    ],
)
def test_what_is_refused(changed, error, said, device):
    arguments = {
        "x": torch.zeros(2, 2, 8, 16),
        "bilinear": torch.zeros(3, 2, 16, 16),
        "schedule": ShiftSchedule(8),
    } | changed
    for name in ("x", "bilinear"):
        arguments[name] = arguments[name].to(device)
    with pytest.raises(error, match=said):
        forward(**arguments)
    with pytest.raises(error, match=said):
        gradient(torch.zeros_like(arguments["x"]), **arguments)
