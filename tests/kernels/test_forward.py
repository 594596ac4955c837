"""The fused forward against the definition in float64, in Triton's interpreter or on a GPU."""

import os
import subprocess
import sys

import numpy as np
import pytest
import torch
from kernel_cases import FP32, case, deviation, in_type, reference
from unit.attention_cases import MASKS
from unit.attention_torch import by_dense_attention

from fftia_lab import ButterflySchedule, PrefixSchedule, ShiftSchedule
from fftia_lab.attention.backends.job import Job
from fftia_lab.kernels import butterfly_attention
from fftia_lab.kernels.butterfly_attention import forward, forward_with_states
from fftia_lab.kernels.plan import launches

XOR = [
    f"{kind}{padding}"
    for kind in ("butterfly", "decreasing", "benes")
    for padding in ("", " relay")
]
# Fewer places than a tile has, about one tile, two tiles and two launches.
LENGTHS = [1, 5, 37, 100]


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("kind", XOR)
def test_it_is_the_definition(kind, mask, causal, device):
    for n in LENGTHS:
        job = case(kind, n, causal, mask, device=device)
        x, bilinear = in_type(job, torch.float32)
        y = forward(x, bilinear, job.schedule, job.real, tile=64)
        error = deviation(y, reference(job)[0])
        assert error < FP32, f"{n} tokens: {error:.1e}"


@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("kind", ["prefix", "prefix relay"])
def test_a_prefix_wiring_is_the_definition(kind, mask, device):
    for n in (1, 2, 32, 37, 100):
        job = case(kind, n, mask=mask, device=device)
        x, bilinear = in_type(job, torch.float32)
        y = forward(x, bilinear, job.schedule, job.real, tile=128)
        assert deviation(y, reference(job)[0]) < FP32, n


@pytest.mark.parametrize(("kind", "n", "tile"), [("butterfly", 512, 32), ("benes relay", 290, 64)])
def test_longer_ones(kind, n, tile, device):
    job = case(kind, n, batch=1, heads=1, device=device)
    x, bilinear = in_type(job, torch.float32)
    plan = launches(job.schedule, n, 16, tile)
    assert len(plan) >= 2 and max(launch.step for launch in plan) > 1
    assert deviation(forward(x, bilinear, job.schedule, tile=tile), reference(job)[0]) < FP32


@pytest.mark.parametrize("d", [1, 8, 16, 24, 32, 64, 80, 128])
def test_heads_of_any_width(d, device):
    job = case("butterfly relay", 40, mask="right", d=d, heads=1, device=device)
    x, bilinear = in_type(job, torch.float32)
    y = forward(x, bilinear, job.schedule, job.real)
    assert deviation(y, reference(job)[0]) < FP32


@pytest.mark.parametrize("kind", ["butterfly relay", "benes"])
def test_two_tiles_agree(kind, device):
    job = case(kind, 100, mask="scattered", device=device)
    x, bilinear = in_type(job, torch.float32)
    small, large = (forward(x, bilinear, job.schedule, job.real, tile=tile) for tile in (32, 128))
    assert deviation(small, large) < FP32


# What is not there


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("mask", ["right", "scattered"])
@pytest.mark.parametrize("kind", [*XOR, "prefix", "prefix relay"])
def test_nan_where_no_token_is_real_changes_no_bit(kind, mask, causal, device):
    job = case(kind, 50, causal, mask, heads=1, device=device)
    x, bilinear = in_type(job, torch.float32)
    y = forward(x, bilinear, job.schedule, job.real, tile=64)
    for planted in (torch.nan, torch.inf):
        spoilt = x.masked_fill(~job.real[:, None, :, None], planted)
        assert torch.equal(forward(spoilt, bilinear, job.schedule, job.real, tile=64), y)


@pytest.mark.parametrize("kind", [*XOR, "prefix relay"])
def test_memory_around_x_is_not_read_nor_around_y_written(kind, device, monkeypatch):
    job = case(kind, 37, device=device)
    x, bilinear = in_type(job, torch.float32)
    batch, heads, n, d = x.shape
    around = torch.full((batch, heads, n + 64, d + 8), torch.nan, device=device)
    inside = (slice(None), slice(None), slice(32, 32 + n), slice(4, 4 + d))
    around[inside] = x
    written = torch.full_like(around, 7.0)
    monkeypatch.setattr(butterfly_attention, "empty_result", lambda x: written[inside])
    y = forward(around[inside], bilinear, job.schedule, tile=64)
    assert y.data_ptr() == written[inside].data_ptr()
    assert deviation(y.clone(), reference(job)[0]) < FP32
    y.fill_(7.0)
    assert (written == 7.0).all()


@pytest.mark.parametrize("mask", ["none", "scattered"])
@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("kind", ["butterfly", "benes relay", "prefix"])
def test_nan_reaches_only_those_who_hear_it(kind, causal, mask, device):
    n = 64
    job = case(kind, n, causal, heads=1, device=device)
    real = torch.ones(2, n, dtype=torch.bool, device=device)
    real[:, 3:60:5] = mask == "none"
    x, bilinear = in_type(job, torch.float32)
    reach = job.schedule.reach(mask=real[0].cpu().numpy())
    for sick in (0, 22, 62):
        assert real[0, sick]
        spoilt = x.clone()
        spoilt[:, :, sick] = torch.nan
        y = forward(spoilt, bilinear, job.schedule, real, tile=64 if kind == "prefix" else 32)
        found = y[0].isnan().any(-1).flatten().cpu().numpy()
        assert (found == reach[:, sick] & real[0].cpu().numpy()).all()


def test_a_row_without_a_token_is_zero(device):
    job = case("butterfly relay", 40, mask="scattered", device=device)
    assert not job.real[-1].any()
    x, bilinear = in_type(job, torch.float32)
    assert not forward(x, bilinear, job.schedule, job.real)[-1].any()


@pytest.mark.parametrize("shape", [(2, 2, 0, 16), (0, 2, 8, 16), (2, 0, 8, 16)])
def test_nothing_to_do(shape, device):
    schedule = ButterflySchedule(8)
    x = torch.zeros(shape, device=device)
    y = forward(x, torch.zeros(3, shape[1], 16, 16, device=device), schedule)
    assert y.shape == shape


# Memory


def test_any_strides_and_the_result_has_those_of_x(device):
    job = case("butterfly relay", 37, mask="right", device=device)
    x, bilinear = in_type(job, torch.float32)
    wanted = forward(x, bilinear, job.schedule, job.real)
    beside = x.transpose(1, 2).contiguous().transpose(1, 2)  # heads beside each other in memory
    y = forward(beside, bilinear, job.schedule, job.real)
    assert torch.equal(y, wanted) and y.stride() == beside.stride()
    packed = torch.cat((x, x), -1).transpose(0, 1).contiguous().transpose(0, 1)[..., :16]
    assert torch.equal(forward(packed, bilinear, job.schedule, job.real), wanted)
    channels = x.mT.contiguous().mT  # tokens beside each other: copied
    assert torch.equal(forward(channels, bilinear, job.schedule, job.real), wanted)
    one = x[:1, :1].expand(x.shape)
    found = forward(one, bilinear[:, :1].expand(bilinear.shape), job.schedule)
    assert torch.equal(found, found[:1, :1].expand(x.shape))


def test_one_weight_for_all_stages_and_heads(device):
    job = case("butterfly", 64, device=device)
    shared = Job(job.x.float(), job.w_q[:1, 0].float(), job.w_k[:1, 0].float(), job.schedule)
    bilinear = shared.bilinear()
    assert bilinear.stride()[:2] == (0, 0)
    y = forward(shared.x, bilinear, job.schedule)
    assert torch.equal(y, forward(shared.x, bilinear.contiguous(), job.schedule))
    again = Job(
        job.x, job.w_q[:1, :1].expand_as(job.w_q), job.w_k[:1, :1].expand_as(job.w_k), job.schedule
    )
    assert deviation(y, reference(again)[0]) < FP32


def test_x_is_not_changed_and_two_runs_are_equal(device):
    job = case("benes relay", 70, mask="scattered", heads=1, device=device)
    x, bilinear = in_type(job, torch.float32)
    kept = x.clone()
    first, second = (forward(x, bilinear, job.schedule, job.real, tile=64) for _ in range(2))
    assert torch.equal(first, second) and torch.equal(x, kept)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("kind", ["butterfly", "benes relay"])
def test_sixteen_bits_deviate_about_as_dense_attention_does(kind, dtype, device):
    """PyTorch's, which rounds queries, keys and every stage. Beneš in bfloat16: 2.2 times."""
    for n in (64, 100):
        job = case(kind, n, mask="right", device=device)
        x, bilinear = in_type(job, dtype)
        wanted, _ = reference(job, x)
        given = (one.cpu() for one in (x, job.w_q.to(dtype), job.w_k.to(dtype)))
        real = job.real.cpu()
        plain = by_dense_attention(*given, job.schedule, real).where(real[:, None, :, None], 0)
        found = forward(x, bilinear, job.schedule, job.real, tile=64)
        assert found.dtype == dtype
        assert _rms(found, wanted) < 2.5 * _rms(plain, wanted)


def _rms(found, wanted):
    return float((found.double().cpu() - wanted).pow(2).mean().sqrt())


# States, from which a gradient starts


@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize(
    ("kind", "causal"), [("butterfly relay", False), ("benes relay", True), ("decreasing", False)]
)
def test_states_are_what_the_places_hold_before_each_launch(kind, causal, mask, device):
    n = 100
    job = case(kind, n, causal, mask, device=device)
    x, bilinear = in_type(job, torch.float32)
    y, states = forward_with_states(x, bilinear, job.schedule, job.real, tile=64)
    plan = launches(job.schedule, n, 16, 64)
    assert len(states) == len(plan) >= 2
    assert torch.equal(y, forward(x, bilinear, job.schedule, job.real, tile=64))
    for launch, state in zip(plan, states, strict=True):
        wanted, holds = _replayed(job, launch.first)
        places = min(state.x.shape[2], wanted.shape[2])
        held = torch.ones(2, places, dtype=torch.bool)
        if state.holds is not None:
            held = state.holds[:, :places].cpu() == 1
            assert state.holds.max() <= 1
        assert torch.equal(held, holds[:, :places]) and not holds[:, places:].any()
        rows = held[:, None, :, None]
        found = state.x[:, :, :places].cpu().where(rows, 0)
        assert deviation(found, wanted[:, :, :places].where(rows, 0)) < FP32


def _replayed(job, stages):
    """What all places hold after some stages, from the gates of the definition."""
    _, gates = reference(job)
    n, places = job.x.shape[2], gates.shape[-1]
    x = np.zeros((*job.x.shape[:2], places, job.x.shape[3]))
    x[:, :, :n] = job.x.cpu().numpy()
    real = np.zeros((len(x), job.schedule.size), dtype=bool)
    real[:, :n] = True if job.real is None else job.real.cpu().numpy()
    meetings = [*job.schedule.meetings(real), (None, None)]
    for (partner, _), gate in zip(meetings[:stages], gates, strict=False):
        met = np.take_along_axis(x, partner[:, None, :places, None], 2)
        x = x + gate[..., None] * (met - x)
    return torch.tensor(x), torch.tensor(meetings[stages][1][:, :places])


# Refusals


def arguments(device, **changed):
    """Arguments that are taken, but for what is changed."""
    given = {
        "x": torch.zeros(2, 2, 8, 16, device=device),
        "bilinear": torch.zeros(3, 2, 16, 16, device=device),
        "schedule": ButterflySchedule(8),
    }
    return given | changed


@pytest.mark.parametrize(
    ("changed", "error", "said"),
    [
        ({"x": torch.zeros(2, 2, 8, 16).double()}, TypeError, "float32, float16 or bfloat16"),
        ({"x": torch.zeros(2, 8, 16)}, ValueError, r"\(batch, heads, n, d\); got \(2, 8, 16\)"),
        ({"bilinear": torch.zeros(2, 2, 16, 16)}, ValueError, r"= \(3, 2, 16, 16\); got \(2, 2,"),
        (
            {"bilinear": torch.zeros(3, 2, 16, 16).half()},
            TypeError,
            "bilinear must be torch.float32",
        ),
        ({"real": torch.ones(2, 8)}, TypeError, "mask must be bool"),
        ({"real": torch.ones(8, dtype=torch.bool)}, ValueError, r"\(batch, n\) = \(2, 8\)"),
        ({"x": torch.zeros(2, 2, 8, 80), "precision": "tf32"}, ValueError, "up to 64 channels"),
        ({"precision": "tf16"}, ValueError, "precision must be one of ieee, tf32"),
        ({"tile": 48}, ValueError, "power of two from 32 to 256"),
        (
            {"schedule": ButterflySchedule(8, radix=8), "bilinear": torch.zeros(1, 2, 16, 16)},
            ValueError,
            "cannot be fused",
        ),
        (
            {"schedule": ShiftSchedule(8)},
            ValueError,
            "stages 0 to 2 of ShiftSchedule.* cannot be fused",
        ),
    ],
)
def test_what_is_refused(changed, error, said, device):
    changed = {k: v.to(device) if isinstance(v, torch.Tensor) else v for k, v in changed.items()}
    with pytest.raises(error, match=said):
        forward(**arguments(device, **changed))


def test_wide_heads_and_long_prefix_wirings_are_refused(device):
    x = torch.zeros(1, 1, 2, 129, device=device)
    with pytest.raises(ValueError, match="1 to 128 channels on chip; got 129"):
        forward(x, torch.zeros(1, 1, 129, 129, device=device), ButterflySchedule(2))
    x = torch.zeros(1, 1, 100, 16, device=device)
    with pytest.raises(ValueError, match="stages 5 to 6 of PrefixSchedule"):
        forward(x, torch.zeros(7, 1, 16, 16, device=device), PrefixSchedule(100), tile=32)


def test_on_a_processor_it_says_what_to_do(root):
    code = (
        "import torch\n"
        "from fftia_lab import ButterflySchedule\n"
        "from fftia_lab.kernels.butterfly_attention import forward\n"
        "x, weight = torch.zeros(1, 1, 2, 16), torch.zeros(1, 1, 16, 16)\n"
        "try:\n    forward(x, weight, ButterflySchedule(2))\n"
        "except RuntimeError as error:\n    print(error)"
    )
    environment = {k: v for k, v in os.environ.items() if k != "TRITON_INTERPRET"}
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert "wants its tensors on a CUDA GPU; got cpu" in found.stdout
    assert "TRITON_INTERPRET=1" in found.stdout
