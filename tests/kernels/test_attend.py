"""The backend "triton" against dense attention in float64, and which way it goes."""

import os
import re
import subprocess
import sys
from functools import partial

import pytest
import torch
from unit.attention_cases import MASKS, inputs, mask_of, schedule_of
from unit.attention_torch import by_dense_attention, relative

from fftia_lab import BenesSchedule, ButterflySchedule, PrefixSchedule, ShiftSchedule
from fftia_lab.attention import butterfly_attention, functional
from fftia_lab.attention.checks import check_backend
from fftia_lab.implementations import (
    ATTENTION,
    DOUBLE,
    DROPOUT,
    GATES,
    MIX_HEADS,
    OTHER_WIRINGS,
    TRANSFORMS_OF_TORCH,
    WIDE,
)
from fftia_lab.kernels import attend, per_stage
from fftia_lab.kernels.attend import block_of, path_taken, what_forbids_fusing

FORWARD, GRADIENT = 2e-6, 5e-6
PAIRS = ["butterfly", "butterfly relay", "decreasing relay", "benes", "benes relay"]
OTHERS = ["shift", "shift relay", "prefix", "prefix relay"]


@pytest.fixture
def one_by_one(monkeypatch):
    """Make the backend run every stage by itself, as on a GPU without tensor cores."""
    monkeypatch.setattr(attend, "has_tensor_cores", lambda device: False)


def given(kind, n, causal=False, mask="none", projection="head", d=8, batch=2, heads=2):
    """Return a schedule, a mask, and x and both weights in float64 that want a gradient."""
    schedule = schedule_of(kind, n, causal)
    arrays = inputs(n, schedule.depth, projection, batch, heads, d)
    real = mask_of(mask, batch, n)
    tensors = [torch.tensor(one, requires_grad=True) for one in arrays]
    return schedule, None if real is None else torch.tensor(real), tensors


def compare(schedule, real, tensors, device):
    """Compare the backend, and its gradients, with those of dense attention."""
    small = [one.detach().to(device, torch.float32).requires_grad_() for one in tensors]
    mask = None if real is None else real.to(device)
    y = butterfly_attention(*small, schedule=schedule, mask=mask, backend="triton")
    wanted = by_dense_attention(*tensors, schedule, real)
    assert relative(y.cpu(), wanted) < FORWARD
    to_y = torch.randn(wanted.shape, generator=torch.Generator().manual_seed(1)).double()
    right = torch.autograd.grad(wanted, tensors, to_y, materialize_grads=True)
    found = torch.autograd.grad(y, small, to_y.to(y), materialize_grads=True)
    for one, best in zip(found, right, strict=True):
        assert one.isfinite().all() and relative(one.cpu(), best) < GRADIENT


@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("kind", PAIRS)
def test_pairs_one_stage_at_a_time(kind, causal, mask, one_by_one, device):
    compare(*given(kind, 37, causal, mask), device)


@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize(
    ("kind", "causal"), [("shift", False), ("shift relay", True), ("prefix", True)]
)
def test_other_wirings_one_stage_at_a_time(kind, causal, mask, one_by_one, device):
    for n in (1, 5, 37):
        compare(*given(kind, n, causal, mask), device)


@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("kind", ["butterfly relay", "shift", "prefix relay"])
def test_weights_across_heads(kind, mask, device):
    compare(*given(kind, 21, mask=mask, projection="model", heads=3), device)


@pytest.mark.parametrize(
    ("kind", "mask"), [("butterfly relay", "scattered"), ("prefix", "scattered"), ("shift", "none")]
)
def test_what_is_fused(kind, mask, device):
    schedule, real, tensors = given(kind, 50, mask=mask)
    assert not what_forbids_fusing(tensors[0].float(), schedule, real, False)
    compare(schedule, real, tensors, device)


@pytest.mark.parametrize(("n", "batch"), [(300, 1), (128, 2), (65, 2)])
def test_a_prefix_wiring_beyond_the_tile(n, batch, device, monkeypatch):
    schedule, real, tensors = given("prefix", n, heads=2, batch=batch)
    assert block_of(tensors[0].float(), schedule, None) == 64
    seen = []
    fused, gated = attend.butterfly_attention, per_stage.gate
    monkeypatch.setattr(
        attend, "butterfly_attention", lambda x, *a, **k: seen.append(x.shape) or fused(x, *a, **k)
    )
    monkeypatch.setattr(per_stage, "gate", lambda *a: seen.append(a[3].stride) or gated(*a))
    compare(schedule, real, tensors, device)
    blocks = -(-n // 64)
    assert seen == [(batch * blocks, 2, 64, 8), *(s for s in schedule.strides if 64 <= s < n)]


def test_a_long_prefix_wiring_under_a_mask_and_heads_beyond_the_chip(device):
    schedule, real, tensors = given("prefix relay", 130, mask="scattered", heads=1)
    assert block_of(tensors[0].float(), schedule, real) == 1
    compare(schedule, real, tensors, device)
    schedule, real, tensors = given("butterfly", 16, d=130, heads=1)
    assert what_forbids_fusing(tensors[0].float(), schedule, None, False)
    compare(schedule, real, tensors, device)


@pytest.mark.parametrize("projection", ["shared heads", "head"])
def test_one_weight_for_all_stages_or_heads(projection, one_by_one, device):
    schedule, _, (x, w_q, w_k) = given("butterfly relay", 12, projection=projection)
    w_q, w_k = (w[:1].detach().requires_grad_() for w in (w_q, w_k))
    small = [one.detach().to(device, torch.float32) for one in (x, w_q, w_k)]
    y = butterfly_attention(*small, schedule=schedule, backend="triton")
    wanted = butterfly_attention(x, w_q, w_k, schedule=schedule, backend="literal")
    assert relative(y.cpu(), wanted) < FORWARD


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("projection", ["head", "model"])
@pytest.mark.parametrize("kind", ["butterfly relay", "shift"])
def test_sixteen_bits_deviate_less_than_twice_what_pytorch_does(
    kind, projection, dtype, one_by_one, device
):
    """PyTorch's dense attention rounds queries, keys and every stage, as kernels do."""
    schedule, real, tensors = given(kind, 100, mask="right", projection=projection, heads=3, d=16)
    small = [one.detach().to(device, dtype).requires_grad_() for one in tensors]
    large = [one.detach().double().requires_grad_() for one in small]
    to_y = torch.randn(tensors[0].shape, generator=torch.Generator().manual_seed(1))

    def both(function, given):
        y = function(*given)
        return y, *torch.autograd.grad(y, given, to_y.to(y))

    def one(*given, backend="triton"):
        return butterfly_attention(*given, schedule, real.to(device), backend=backend)

    def dense(*given):
        return by_dense_attention(*given, schedule, real)

    on_cpu = [leaf.detach().cpu().requires_grad_() for leaf in small]
    wanted, usual, found = (
        both(partial(one, backend="plain"), large),
        both(dense, on_cpu),
        both(one, small),
    )
    for one, other, best in zip(found, usual, wanted, strict=True):
        assert one.dtype == dtype
        assert relative(one.cpu(), best.cpu()) < 2 * relative(other, best.cpu())


@pytest.mark.parametrize("kind", ["butterfly relay", "shift", "prefix"])
def test_two_runs_are_equal_bit_by_bit(kind, one_by_one, device):
    schedule, real, tensors = given(kind, 37, mask="scattered", heads=1)

    def once():
        small = [one.detach().to(device, torch.float32).requires_grad_() for one in tensors]
        y = butterfly_attention(*small, schedule=schedule, mask=real.to(device), backend="triton")
        return y, *torch.autograd.grad(y.square().sum(), small)

    assert all(map(torch.equal, once(), once()))


@pytest.mark.parametrize("projection", ["head", "model"])
@pytest.mark.parametrize("kind", ["butterfly relay", "shift", "prefix"])
def test_nan_at_padding_changes_no_bit(kind, projection, one_by_one, device):
    schedule, real, tensors = given(kind, 21, mask="right", projection=projection)
    x, *weights = (one.detach().to(device, torch.float32) for one in tensors)
    real = real.to(device)
    weights = [one.requires_grad_() for one in weights]

    def run(x):
        y = butterfly_attention(x, *weights, schedule=schedule, mask=real, backend="triton")
        y = y.where(real[:, None, :, None], 0)
        return y, *torch.autograd.grad(y.square().sum(), weights)

    spoilt = x.masked_fill(~real[:, None, :, None], torch.nan)
    assert all(map(torch.equal, run(spoilt), run(x)))


# Which way


@pytest.mark.parametrize(
    ("shape", "schedule", "projection", "said"),
    [
        ((1, 2, 64, 64), ButterflySchedule(64), "head", "fused: 1 launch of 6 stages, 64 places"),
        (
            (1, 2, 1024, 64),
            BenesSchedule(1024),
            "head",
            "fused: 3 launches of 7 and 9 and 3 stages",
        ),
        ((1, 2, 1, 64), ButterflySchedule(1), "head", "nothing is launched"),
        ((1, 2, 64, 64), ButterflySchedule(64), "model", "at a time.*: weights across heads"),
        ((1, 2, 60, 64), ShiftSchedule(60), "head", "fused: 1 launch of 6 stages, 64 places"),
        ((1, 2, 999, 64), ShiftSchedule(999), "head", "fused: 2 launches of 5 and 5 stages, 128"),
        ((1, 2, 64, 64), ShiftSchedule(64), "model", "at a time.*: weights across heads"),
        ((1, 2, 64, 64), ButterflySchedule(64, radix=4), "head", "a butterfly wiring is not"),
        ((1, 2, 64, 129), ButterflySchedule(64), "head", "of 129 channels do not fit"),
        ((1, 2, 64, 64), PrefixSchedule(999), "head", "fused: 1 launch of 6 stages, 64 places"),
        (
            (1, 2, 65, 64),
            PrefixSchedule(999),
            "head",
            "fused: 1 launch of 6 stages, 64 places to a program; then 1 one at a time, each a "
            "product and a gate kernel: a prefix wiring of more than 64 tokens hears what no tile",
        ),
    ],
)
def test_one_sentence_says_which_way_and_why(shape, schedule, projection, said):
    x = torch.empty(shape, dtype=torch.bfloat16)
    sentence = path_taken(x, schedule, projection=projection)
    assert re.search(said, sentence) and "\n" not in sentence


def test_wide_heads_in_fp32_run_stage_by_stage():
    """Not fused: their gradient would spill, and tf32 is not for them."""
    x = torch.empty(1, 2, 64, 65)
    sentence = path_taken(x, ButterflySchedule(64))
    assert sentence.endswith("fp32 heads of 65 channels spills; up to 64 fit")
    assert path_taken(x[..., :64], ButterflySchedule(64)).startswith("fused")


def test_a_shift_under_a_mask_runs_stage_by_stage(device):
    schedule, real, tensors = given("shift", 37, mask="right")
    x = torch.empty(2, 2, 37, 8)
    assert path_taken(x, schedule).startswith("fused")
    assert path_taken(x, schedule, real).endswith("a shift is not fused under a mask")
    compare(schedule, real, tensors, device)


def test_a_gpu_without_tensor_cores_runs_stage_by_stage(one_by_one):
    sentence = path_taken(torch.empty(1, 1, 8, 16), ButterflySchedule(8))
    assert sentence.endswith("Triton finds no tensor cores on this GPU")


def test_what_the_sentence_says_is_what_runs(monkeypatch, device):
    called = []
    monkeypatch.setattr(attend, "butterfly_attention", lambda x, *_, **__: called.append("f") or x)
    monkeypatch.setattr(
        attend.per_stage, "inside_heads", lambda x, *_, **__: called.append("h") or x
    )
    monkeypatch.setattr(attend.per_stage, "across_heads", lambda x, *_: called.append("m") or x)
    x = torch.zeros(1, 2, 8, 4, device=device)
    mask = torch.ones(1, 8, dtype=torch.bool, device=device)
    for schedule, width, real in (
        (ButterflySchedule(8), 4, None),
        (ShiftSchedule(8), 4, None),
        (ShiftSchedule(8), 4, mask),
        (ButterflySchedule(8), 8, None),
    ):
        weight = torch.zeros(3, width, width, device=device)
        given = {"schedule": schedule, "mask": real, "backend": "triton"}
        butterfly_attention(x, weight, weight, **given)
    assert called == ["f", "f", "h", "m"]


# What "auto" takes, and what is refused


@pytest.mark.parametrize("compiling", [False, True])
def test_auto_takes_kernels_where_they_can_do_what_is_asked(compiling):
    for wanted in ({}, {MIX_HEADS}, {OTHER_WIRINGS}):
        assert check_backend("auto", frozenset(wanted), compiling, kernels=True) == "triton"
        assert check_backend("auto", frozenset(wanted), compiling) != "triton"


@pytest.mark.parametrize(
    ("wish", "takes"),
    [
        (DROPOUT, "plain"),
        (GATES, "plain"),
        (TRANSFORMS_OF_TORCH, "plain"),
        (WIDE, "blocks"),
        (DOUBLE, "eager"),
    ],
)
def test_what_kernels_cannot_do_falls_to_what_can_and_is_refused_by_name(wish, takes):
    assert wish not in ATTENTION["triton"].does
    wanted = frozenset({wish})
    assert check_backend("auto", wanted, compiling=False, kernels=True) == takes
    with pytest.raises(ValueError, match=f'"triton" cannot do: {wish}; .*takes {takes}'):
        check_backend("triton", wanted, compiling=False)


def test_on_a_cpu_auto_never_takes_kernels():
    x = torch.zeros(1, 1, 4, 2)
    assert not functional._for_kernels(x)
    weight = torch.zeros(2, 2, 2)
    y = butterfly_attention(x.requires_grad_(), weight, weight)
    assert "_Attend" in type(y.grad_fn.next_functions[0][0]).__name__ + type(y.grad_fn).__name__


@pytest.mark.parametrize(
    ("exporting", "version", "installed", "wanted"),
    [(False, "13.0", True, True), (True, "13.0", True, False), (False, None, True, False),
     (False, "13.0", False, False)],
)  # fmt: skip
def test_auto_takes_kernels_on_an_nvidia_gpu_with_triton_and_not_in_exports(
    exporting, version, installed, wanted, monkeypatch
):
    class OnGpu:
        is_cuda = True

    monkeypatch.setattr(torch.compiler, "is_exporting", lambda: exporting)
    monkeypatch.setattr(torch.version, "cuda", version)
    monkeypatch.setattr(functional, "has_triton", lambda: installed)
    assert functional._for_kernels(OnGpu()) is wanted


def test_refusals_by_name(device):
    x, weight = torch.zeros(1, 1, 4, 2, device=device), torch.zeros(2, 2, 2, device=device)
    with pytest.raises(ValueError, match=r'"triton" cannot do: float64; .* takes eager'):
        butterfly_attention(x.double(), weight, weight, backend="triton")
    with pytest.raises(ValueError, match=r'"triton" cannot do: dropout, gates; .* takes plain'):
        butterfly_attention(x, weight, weight, dropout=0.1, return_gates=True, backend="triton")
    wide = ButterflySchedule(4, radix=4)
    with pytest.raises(ValueError, match=r"more than two that meet; .* takes blocks"):
        butterfly_attention(x, weight[:1], weight[:1], schedule=wide, backend="triton")
    with pytest.raises(ValueError, match=r"torch.func and forward mode; .* takes plain"):
        torch.func.grad(lambda x: butterfly_attention(x, weight, weight, backend="triton").sum())(x)


def test_without_triton_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(functional, "has_triton", lambda: False)
    x, weight = torch.zeros(1, 1, 4, 2), torch.zeros(2, 2, 2)
    with pytest.raises(RuntimeError, match=r"needs Triton.*pip install 'fftia-lab\[triton\]'"):
        butterfly_attention(x, weight, weight, backend="triton")


def test_on_a_processor_one_line_says_what_to_do():
    code = (
        "import torch\n"
        "from fftia_lab.attention import butterfly_attention\n"
        "x, weight = torch.zeros(1, 1, 2, 16), torch.zeros(1, 16, 16)\n"
        "try:\n    butterfly_attention(x, weight, weight, backend='triton')\n"
        "except RuntimeError as error:\n    print(error)"
    )
    environment = {k: v for k, v in os.environ.items() if k != "TRITON_INTERPRET"}
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    (line,) = found.stdout.splitlines()
    assert "wants its tensors on a CUDA GPU; got cpu" in line and "another backend" in line


# Compilers, and gradients of gradients


@pytest.mark.parametrize(("kind", "projection"), [("butterfly", "head"), ("shift", "model")])
def test_it_compiles_whole_with_its_gradient(kind, projection, device):
    schedule, _, tensors = given(kind, 8, projection=projection)
    small = [one.detach().to(device, torch.float32).requires_grad_() for one in tensors]

    def loss(x, w_q, w_k):
        y = butterfly_attention(x, w_q, w_k, schedule=schedule, backend="triton")
        return y.square().sum()

    compiled = torch.compile(loss, fullgraph=True, backend="aot_eager")
    found = torch.autograd.grad(compiled(*small), small)
    for one, other in zip(found, torch.autograd.grad(loss(*small), small), strict=True):
        torch.testing.assert_close(one, other)


@pytest.mark.parametrize("kind", ["butterfly", "shift"])
def test_a_second_derivative_is_refused_in_one_line(kind, device):
    schedule, _, tensors = given(kind, 8)
    small = [one.detach().to(device, torch.float32).requires_grad_() for one in tensors]
    y = butterfly_attention(*small, schedule=schedule, backend="triton")
    (to_x,) = torch.autograd.grad(y.square().sum(), small[0], create_graph=True)
    with pytest.raises(RuntimeError, match="cannot be differentiated again: use backend='plain'"):
        to_x.sum().backward()


@pytest.mark.parametrize("kind", ["butterfly", "shift", "prefix"])
def test_many_gradients_at_once(kind, device):
    schedule, _, (x, *weights) = given(kind, 4, heads=1, batch=1, d=2)
    x, *weights = (one.detach().to(device, torch.float32) for one in (x, *weights))

    def rows(x):
        y = butterfly_attention(x, *weights, schedule=schedule, backend="triton")
        return y[0, 0, :, 0]

    one_by_one, together = (
        torch.autograd.functional.jacobian(rows, x, vectorize=vectorize)
        for vectorize in (False, True)
    )
    assert one_by_one.any() and torch.equal(one_by_one, together)
