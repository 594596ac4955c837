"""The kernels as operators of PyTorch: autograd, fake tensors, compilers, second derivatives."""

import pytest
import torch
from kernel_cases import case, in_type

from fftia_lab import BenesSchedule, ButterflySchedule, PrefixSchedule, ShiftSchedule
from fftia_lab.kernels import shift_attention, shift_gradient
from fftia_lab.kernels.butterfly_attention import forward
from fftia_lab.kernels.butterfly_gradient import gradient
from fftia_lab.kernels.operators import butterfly_attention, fields_of, schedule_of

OPERATORS = torch.ops.fftia_lab
SCHEDULES = [
    ButterflySchedule(8),
    ButterflySchedule(8, causal=True, padding="keep"),
    ButterflySchedule(8, decreasing=True),
    BenesSchedule(8),
    BenesSchedule(8, causal=True, padding="keep"),
    PrefixSchedule(7),
    PrefixSchedule(8, padding="keep"),
]
SHIFTS = [ShiftSchedule(7), ShiftSchedule(8, causal=True, padding="keep")]


def given(schedule, device, n=6, masked=False, transposed=False):
    """Return x, Mᵀ and a mask, the first two with a gradient wanted."""
    x = torch.randn(2, 3, n, 16, device=device)
    if transposed:
        x = x.transpose(1, 2).contiguous().transpose(1, 2)
    bilinear = torch.randn(schedule.depth, 3, 16, 16, device=device) / 4
    real = torch.arange(n, device=device) < torch.tensor([[n], [n // 2]], device=device)
    return x.requires_grad_(), bilinear.requires_grad_(), real if masked else None


@pytest.mark.parametrize("schedule", [*SCHEDULES, *SHIFTS], ids=str)
def test_a_schedule_comes_back_from_its_fields(schedule):
    assert schedule_of(*fields_of(schedule)) == schedule


def test_other_schedules_are_refused():
    with pytest.raises(ValueError, match="a shift or a prefix wiring; got"):
        fields_of(ButterflySchedule(16, radix=4))


def test_a_shift_under_a_mask_is_refused(device):
    x, bilinear, real = given(SHIFTS[0], device, masked=True)
    with pytest.raises(ValueError, match="a shift is fused where all tokens are real"):
        butterfly_attention(x, bilinear, SHIFTS[0], real)


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("schedule", SCHEDULES, ids=str)
def test_autograd_finds_both_kernels(schedule, masked, device):
    x, bilinear, real = given(schedule, device, masked=masked)
    y = butterfly_attention(x, bilinear, schedule, real)
    assert torch.equal(y, forward(x.detach(), bilinear.detach(), schedule, real))
    to_y = torch.randn_like(y)
    found = torch.autograd.grad(y, (x, bilinear), to_y)
    wanted = gradient(to_y, x.detach(), bilinear.detach(), schedule, real)
    assert all(map(torch.equal, found, wanted))


@pytest.mark.parametrize("schedule", SHIFTS, ids=str)
def test_autograd_finds_both_kernels_of_a_shift(schedule, device):
    x, bilinear, _ = given(schedule, device)
    y = butterfly_attention(x, bilinear, schedule)
    plain = x.detach(), bilinear.detach()
    assert torch.equal(y, shift_attention.forward(*plain, schedule))
    to_y = torch.randn_like(y)
    found = torch.autograd.grad(y, (x, bilinear), to_y)
    assert all(map(torch.equal, found, shift_gradient.gradient(to_y, *plain, schedule)))


@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize(
    ("schedule", "masked"),
    [(ButterflySchedule(8), False), (BenesSchedule(8), True), (ShiftSchedule(7), False)],
    ids=str,
)
def test_pytorch_finds_no_fault_in_the_operators(schedule, masked, transposed, device):
    x, bilinear, real = given(schedule, device, masked=masked, transposed=transposed)
    rest = (real, *fields_of(schedule), "ieee")
    torch.library.opcheck(OPERATORS.butterfly_attention.default, (x, bilinear, *rest))
    plain = [one.detach() for one in (torch.randn_like(x), x, bilinear)]
    torch.library.opcheck(OPERATORS.butterfly_attention_gradient.default, (*plain, *rest))


def test_it_compiles_whole_with_its_gradient(device):
    schedule = ButterflySchedule(8)
    x, bilinear, _ = given(schedule, device)

    def loss(x, bilinear):
        return butterfly_attention(x * 2, bilinear, schedule).square().sum()

    compiled = torch.compile(loss, fullgraph=True, backend="aot_eager")
    found = torch.autograd.grad(compiled(x, bilinear), (x, bilinear))
    wanted = torch.autograd.grad(loss(x, bilinear), (x, bilinear))
    for one, other in zip(found, wanted, strict=True):
        torch.testing.assert_close(one, other)


def test_a_second_derivative_is_refused_in_one_line(device):
    schedule = ButterflySchedule(8)
    x, bilinear, _ = given(schedule, device)
    y = butterfly_attention(x, bilinear, schedule)
    (to_x,) = torch.autograd.grad(y.square().sum(), x, create_graph=True)
    with pytest.raises(RuntimeError, match="cannot be differentiated again: use backend='plain'"):
        to_x.sum().backward()


def test_what_wants_no_gradient_gets_none(device):
    schedule = ButterflySchedule(8)
    x, bilinear, _ = given(schedule, device)
    with torch.no_grad():
        assert not butterfly_attention(x, bilinear, schedule).requires_grad
    y = butterfly_attention(x, bilinear.detach(), schedule)
    (to_x,) = torch.autograd.grad(y.sum(), x)
    assert to_x.shape == x.shape


def test_fake_tensors_know_the_shape_without_a_kernel():
    schedule = ButterflySchedule(8)
    with torch.device("meta"):
        x, bilinear = torch.empty(2, 6, 3, 16).transpose(1, 2), torch.empty(3, 3, 16, 16)
    y = butterfly_attention(x, bilinear, schedule)
    assert y.device.type == "meta" and (y.shape, y.stride()) == (x.shape, x.stride())


def test_a_job_of_the_layers_is_taken(device):
    job = case("butterfly relay", 37, mask="right", device=device)
    x, bilinear = in_type(job, torch.float32)
    y = butterfly_attention(x, bilinear.requires_grad_(), job.schedule, job.real)
    y.square().sum().backward()
    assert bilinear.grad.isfinite().all() and bilinear.grad.any()
