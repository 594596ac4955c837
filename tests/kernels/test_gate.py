"""The gate of one stage, and its gradient, against NumPy and PyTorch in float64."""

import numpy as np
import pytest
import torch
from kernel_cases import FP32, deviation
from unit.attention_cases import schedule_of
from unit.attention_torch import relative

from fftia_lab import ShiftSchedule
from fftia_lab.kernels import gate as module
from fftia_lab.kernels.gate import Meeting, gate
from fftia_lab.kernels.per_stage import meetings

GRADIENT = 5e-6
WIRINGS = [
    ("butterfly", False),
    ("butterfly", True),
    ("shift", False),
    ("shift", True),
    ("prefix", True),
]


def given(
    meeting, places, *, keys=False, d=12, batch=2, heads=2, device="cpu", dtype=torch.float64
):
    """Return x, queries and keys, or None for these, which hold 0 where a place holds nothing."""
    seed = torch.Generator().manual_seed(places + d)
    shape = batch, heads, places, d
    count = 3 if keys else 2
    found = [torch.randn(shape, generator=seed, dtype=torch.float64) for _ in range(count)]
    found[1] *= d**-0.5
    if meeting.holds is not None:
        held = meeting.holds.cpu()[:, None, :, None] != 0
        found = [one.where(held, 0) for one in found]
    return [one.to(device, dtype) for one in found] + [None] * (3 - count)


def by_hand(x, queries, keys, heard, holds, after):
    """Return the gate in operations of PyTorch: whom each place hears, row by row of the batch."""
    more = max(after - x.shape[2], 0)
    x, queries, keys = (
        None if one is None else torch.nn.functional.pad(one, (0, 0, 0, more))
        for one in (x, queries, keys)
    )
    keys = x if keys is None else keys
    rows = torch.arange(len(x))[:, None]
    other, other_keys = (one.transpose(1, 2)[rows, heard].transpose(1, 2) for one in (x, keys))
    own = torch.arange(after)
    x, queries, keys = (one[:, :, :after] for one in (x, queries, keys))
    p = (queries * (other_keys - keys)).sum(-1, keepdim=True).sigmoid()
    p = torch.where(holds[:, None, :after, None], p, 1)
    p = torch.where((heard == own)[:, None, :, None], 0, p)
    return x + p * (other - x)


def stages(kind, causal, n, real=None):
    """Return a schedule's meetings, and whom each place hears and which hold something."""
    schedule = schedule_of(kind, n, causal)
    mask = torch.ones(2, n, dtype=torch.bool) if real is None else real
    said = [*schedule.meetings(torch.nn.functional.pad(mask, (0, schedule.size - n)), torch)]
    for number, meeting in meetings(schedule, n, real, torch.device("cpu")):
        heard, holds = said[number]
        yield meeting, heard[:, : meeting.after], holds


def on(device, meeting):
    """Return a meeting whose indices lie on a device."""
    if meeting.heard is None:
        return meeting
    heard, holds = meeting.heard.to(device), meeting.holds.to(device)
    return Meeting(meeting.wiring, meeting.stride, meeting.causal, meeting.after, heard, holds)


MASKED = torch.tensor([[1] * 9 + [0] * 4, [1, 0, 1, 1, 0, 0, 1, 1, 1, 0, 1, 0, 0]]).bool()


@pytest.mark.parametrize("keys", [False, True])
@pytest.mark.parametrize("real", [None, MASKED], ids=["all", "some"])
@pytest.mark.parametrize(
    ("kind", "causal"),
    [*WIRINGS, ("butterfly relay", False), ("decreasing relay", False), ("prefix relay", True)],
)
def test_it_is_the_formula_and_its_gradient(kind, causal, real, keys, device):
    n, places = 13, 13
    for meeting, heard, holds in stages(kind, causal, n, real):
        tensors = given(meeting, places, keys=keys)
        leaves = [one.requires_grad_() for one in tensors if one is not None]
        wanted = by_hand(*tensors, heard, holds, meeting.after)
        to_y = torch.randn_like(wanted)
        small = [
            None if one is None else one.detach().to(device, torch.float32).requires_grad_()
            for one in tensors
        ]
        y = gate(*small, on(device, meeting))
        assert deviation(y.detach(), wanted.detach()) < FP32, meeting
        held = holds[:, None, :places, None].expand(2, -1, -1, -1)
        right = [one.where(held, 0) for one in torch.autograd.grad(wanted, leaves, to_y)]
        asked = [one for one in small if one is not None]
        found = torch.autograd.grad(y, asked, to_y.to(device, torch.float32))
        for one, best in zip(found, right, strict=True):
            assert one.isfinite().all() and relative(one.cpu(), best) < GRADIENT, meeting
        places = meeting.after


@pytest.mark.parametrize("n", [1, 3, 16, 37])
@pytest.mark.parametrize(("kind", "causal"), WIRINGS)
def test_the_rule_of_a_wiring_is_what_its_schedule_says(kind, causal, n, device):
    for meeting, heard, holds in stages(kind, causal, n):
        assert meeting.heard is None
        tensors = given(meeting, n, d=8, heads=1, device=device, dtype=torch.float32)
        told = Meeting(
            meeting.wiring,
            meeting.stride,
            causal,
            n,
            heard[:, :n].int().to(device),
            holds[:, :n].to(device, torch.uint8),
        )
        one, other = (run(*tensors, choice) for choice in (meeting, told))
        assert all(map(torch.equal, one, other))


def run(x, queries, keys, meeting):
    """Return y and the gradients of what there is, of a fixed gradient of y."""
    leaves = [one.detach().requires_grad_() for one in (x, queries, keys) if one is not None]
    y = gate(*leaves, *[None] * (3 - len(leaves)), meeting)
    seed = torch.Generator().manual_seed(0)
    to_y = torch.randn(y.shape, generator=seed).bfloat16().to(y)  # every type can hold it
    return y.detach(), *torch.autograd.grad(y, leaves, to_y)


PAIRS = Meeting("pairs", 2, False, 8)


@pytest.mark.parametrize("d", [1, 3, 16, 129, 300])
@pytest.mark.parametrize("keys", [False, True])
def test_heads_of_any_width(d, keys, device):
    tensors = given(PAIRS, 8, keys=keys, d=d)
    wanted = by_hand(
        *tensors, torch.arange(8).expand(2, -1) ^ 2, torch.ones(2, 8, dtype=torch.bool), 8
    )
    small = [None if one is None else one.to(device, torch.float32) for one in tensors]
    assert deviation(gate(*small, PAIRS), wanted) < FP32


def test_two_sizes_of_programs_agree(device, monkeypatch):
    meeting = Meeting("shift", 8, False, 100)
    tensors = given(meeting, 100, keys=True, device=device, dtype=torch.float32)
    large = run(*tensors, meeting)
    monkeypatch.setattr(module, "ELEMENTS", 128)
    module.configuration.cache_clear()
    small = run(*tensors, meeting)
    module.configuration.cache_clear()
    for one, other in zip(small, large, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("wiring", ["pairs", "shift", "prefix"])
def test_two_runs_are_equal_bit_by_bit(wiring, device):
    meeting = Meeting(wiring, 4, wiring == "prefix", 16)
    tensors = given(meeting, 16, keys=True, device=device, dtype=torch.float32)
    assert all(map(torch.equal, run(*tensors, meeting), run(*tensors, meeting)))


@pytest.mark.parametrize("wiring", ["pairs", "shift", "prefix"])
def test_any_strides(wiring, device):
    meeting = Meeting(wiring, 2, wiring == "prefix", 8)
    tensors = given(meeting, 8, keys=True, device=device, dtype=torch.float32)
    wanted = run(*tensors, meeting)
    for turn in ((1, 2), (2, 3), (0, 1)):
        turned = [one.transpose(*turn).contiguous().transpose(*turn) for one in tensors]
        assert all(map(torch.equal, run(*turned, meeting), wanted))
    y = gate(*tensors, meeting)
    narrow = torch.full((2, 2, 8, 20), torch.nan, device=device)
    narrow[..., 4:16] = tensors[0]
    assert torch.equal(gate(narrow[..., 4:16], *tensors[1:], meeting), y)


@pytest.mark.parametrize(("kind", "causal"), [*WIRINGS, ("butterfly relay", False)])
def test_nan_where_nothing_is_held_changes_no_bit(kind, causal, device):
    n = 13
    for meeting, _, _ in [*stages(kind, causal, n, MASKED)][:2]:
        places = n if meeting.stride == 1 else meeting.holds.shape[1]
        meeting = on(device, meeting)
        tensors = given(meeting, places, keys=True, device=device, dtype=torch.float32)
        wanted = run(*tensors, meeting)
        empty = meeting.holds[:, None, :, None] == 0
        spoilt = [one.masked_fill(empty, torch.nan) for one in tensors]
        assert all(map(torch.equal, run(*spoilt, meeting), wanted))


def test_nan_reaches_only_who_hears_it(device):
    schedule = ShiftSchedule(16, causal=True)
    for number, meeting in meetings(schedule, 16, None, torch.device(device)):
        x, queries, _ = given(meeting, 16, device=device, dtype=torch.float32)
        x[:, :, 5] = torch.nan
        sick = gate(x, queries, None, meeting).isnan().any(-1).cpu().numpy()
        hears = schedule.partners(number) == 5
        assert (sick == (hears | (np.arange(16) == 5))).all()


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("keys", [False, True])
def test_sixteen_bits_are_rounded_once(dtype, keys, device):
    tensors = given(PAIRS, 8, keys=keys, device=device, dtype=dtype)
    exact = run(*[None if one is None else one.float() for one in tensors], PAIRS)
    for one, other in zip(run(*tensors, PAIRS), exact, strict=True):
        assert one.dtype == dtype
        torch.testing.assert_close(one, other.to(dtype), rtol=torch.finfo(dtype).eps, atol=1e-6)


@pytest.mark.parametrize("wiring", ["pairs", "prefix"])
@pytest.mark.parametrize("keys", [False, True])
def test_pytorch_finds_no_fault_in_the_operators(wiring, keys, device):
    meeting = Meeting(wiring, 2, wiring == "prefix", 6)
    tensors = given(meeting, 6, keys=keys, d=4, device=device, dtype=torch.float32)
    rest = (None, None, wiring, 2, wiring == "prefix", 6)
    leaves = [None if one is None else one.requires_grad_() for one in tensors]
    torch.library.opcheck(torch.ops.fftia_lab.gate.default, (*leaves, *rest))
    plain = [None if one is None else one.detach() for one in tensors]
    torch.library.opcheck(
        torch.ops.fftia_lab.gate_gradient.default, (torch.randn_like(plain[0]), *plain, *rest)
    )


def test_a_second_derivative_is_refused_in_one_line(device):
    x, queries, _ = given(PAIRS, 8, device=device, dtype=torch.float32)
    y = gate(x.requires_grad_(), queries, None, PAIRS)
    (to_x,) = torch.autograd.grad(y.square().sum(), x, create_graph=True)
    with pytest.raises(RuntimeError, match="cannot be differentiated again: use backend='plain'"):
        to_x.sum().backward()


@pytest.mark.parametrize(
    ("changed", "error", "said"),
    [
        ({"x": torch.zeros(1, 1, 8, 4).double()}, TypeError, "float32, float16 or bfloat16"),
        ({"x": torch.zeros(1, 1, 8, 4097)}, ValueError, "up to 4096 channels; got 4097"),
        ({"queries": torch.zeros(1, 1, 8, 5)}, ValueError, r"queries must be .* \(1, 1, 8, 4\)"),
        ({"keys": torch.zeros(1, 1, 8, 4).half()}, TypeError, "keys must be torch.float32"),
    ],
)
def test_what_is_refused(changed, error, said, device):
    arguments = {name: torch.zeros(1, 1, 8, 4) for name in ("x", "queries", "keys")} | changed
    with pytest.raises(error, match=said):
        gate(**{name: one.to(device) for name, one in arguments.items()}, meeting=PAIRS)


def test_what_is_shipped_are_launches_of_these_kernels():
    names = [one.name for one in module.shipped()]
    assert len(names) == len(set(names)) == 12
