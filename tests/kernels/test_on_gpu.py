"""On a CUDA GPU, at full size: every type, the same bits twice, and how much memory it takes.

`make gpu` runs them before it measures anything.
"""

import pytest
import torch
from gpu_checks import (
    DTYPES,
    LONG,
    ODD,
    SMALL,
    attended,
    attention_errors,
    definition_error,
    given,
    mixing_errors,
    numbers,
    padding_is_not_read,
    same_bits,
    short_filter_errors,
    transform_error,
)

from fftia_lab.attention import butterfly_attention
from fftia_lab.bench import gpu
from fftia_lab.kernels.spectral_mixing import spectral_mixing

HERE = torch.cuda.is_available() and not gpu.interprets()
pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not HERE, reason="needs a CUDA GPU that Triton compiles for: `make gpu`"),
    pytest.mark.filterwarnings("ignore:.*[Dd]eterministic.*"),
]

FORWARD, GRADIENT = 2e-6, 5e-6
HALF = [torch.float16, torch.bfloat16]
FUSED = ["butterfly", "butterfly relay", "decreasing relay", "benes relay"]
STAGES = ["shift relay", "prefix relay"]


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("kind", FUSED + STAGES)
def test_single_precision_is_the_definition(kind, causal):
    for sizes, ragged in ((SMALL, False), (ODD, True)):
        error = definition_error(sizes, kind, "cuda", ragged=ragged, causal=causal)
        assert error < FORWARD, (sizes, error)


@pytest.mark.parametrize("sizes", [ODD, LONG], ids=["odd", "long"])
@pytest.mark.parametrize("kind", ["butterfly relay", "benes relay", "shift relay", "prefix relay"])
def test_single_precision_gradients(kind, sizes):
    errors = attention_errors(sizes, kind, torch.float32, "cuda", backends=("triton",))
    forward, *gradients = errors["triton"]
    assert forward < FORWARD and max(gradients) < GRADIENT, errors


@pytest.mark.parametrize("d", [16, 32, 64, 128])
@pytest.mark.parametrize("dtype", HALF, ids=str)
def test_sixteen_bits_are_as_good_as_pytorchs(dtype, d):
    """The error of no result is twice that of dense attention on pairs in the same type."""
    for sizes in ((2048, 2, d, 1), (1000, 2, d, 2)):
        errors = attention_errors(sizes, "butterfly relay", dtype, "cuda")
        for ours, torchs in zip(errors["triton"], errors["blocks"], strict=True):
            assert ours < 2 * torchs, (sizes, errors)


@pytest.mark.parametrize("dtype", HALF, ids=str)
def test_sixteen_bits_at_full_length(dtype):
    errors = attention_errors(LONG, "butterfly relay", dtype, "cuda")
    for ours, torchs in zip(errors["triton"], errors["blocks"], strict=True):
        assert ours < 2 * torchs, errors


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("kind", ["butterfly relay", "shift relay", "prefix relay"])
def test_two_runs_give_the_same_bits(kind, dtype):
    assert same_bits(LONG, kind, dtype, "cuda")


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_padding_is_not_read(dtype):
    assert padding_is_not_read(ODD, dtype, "cuda")


def test_auto_is_the_kernels():
    tensors, _, schedule, _ = given(SMALL, "butterfly relay", torch.bfloat16, "cuda")
    chosen, asked = (
        butterfly_attention(*tensors, schedule=schedule, backend=one) for one in ("auto", "triton")
    )
    eager = butterfly_attention(*tensors, schedule=schedule, backend="eager")
    assert torch.equal(chosen, asked) and not torch.equal(chosen, eager)


def test_memory_of_a_forward_pass():
    """The result and one state between two launches, not one a stage."""
    tensors, _, schedule, _ = given(LONG, "butterfly relay", torch.bfloat16, "cuda")
    weights = sum(one.nbytes for one in tensors[1:])

    def forward():
        with torch.no_grad():
            return butterfly_attention(*tensors, schedule=schedule, backend="triton")

    assert gpu.peak(forward) <= 2 * tensors[0].nbytes + 4 * weights


def test_memory_of_training():
    """States between launches, gates and a few gradients; sixteen stages keep no sixteen states."""
    everything = given(LONG, "butterfly relay", torch.bfloat16, "cuda")
    tensors, *_ = everything
    taken = {
        name: gpu.peak(lambda name=name: attended(name, *everything))
        for name in ("triton", "eager")
    }
    assert taken["triton"] <= 8 * tensors[0].nbytes, taken
    assert taken["triton"] < taken["eager"] / 2, taken


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("n", [1000, 1024, 16384])
def test_spectral_mixing(n, causal):
    for dtype in DTYPES:
        errors = mixing_errors(n, 48, 2, dtype, causal, "cuda")
        for number, (ours, torchs) in enumerate(zip(*errors.values(), strict=True)):
            limit = FORWARD if number == 0 else GRADIENT
            limit = limit if dtype == torch.float32 else max(limit, 2 * torchs)
            assert ours < limit, (dtype, errors)


def test_spectral_mixing_gives_the_same_bits_twice():
    x = numbers(2, 4096, 64, device="cuda", dtype=torch.bfloat16).requires_grad_()
    parts = (numbers(2049, 64, seed=seed, device="cuda", dtype=torch.float32) for seed in (1, 2))
    response = torch.complex(*parts).requires_grad_()
    first, second = (
        torch.autograd.grad(spectral_mixing(x, response).sum(), [x, response]) for _ in range(2)
    )
    assert all(torch.equal(one, other) for one, other in zip(first, second, strict=True))


@pytest.mark.parametrize("taps", [4, 16, 128])
def test_short_filters(taps):
    for dtype in DTYPES:
        errors = short_filter_errors(5000, 48, taps, 2, dtype, "cuda")
        for number, (ours, torchs) in enumerate(zip(*errors.values(), strict=True)):
            limit = FORWARD if number == 0 else GRADIENT
            limit = limit if dtype == torch.float32 else max(limit, 2 * torchs)
            assert ours < limit, (dtype, errors)


@pytest.mark.parametrize("n", [16, 1024, 4096, 1 << 16])
def test_transforms(n):
    assert transform_error(n, 8, "cuda") < FORWARD


def test_a_graph_computes_what_calls_do():
    """What is measured as a kernel alone: all calls of a graph, every time it is replayed."""
    sets = [given(SMALL, "butterfly", torch.bfloat16, "cuda")[0] for _ in range(3)]
    schedule = given(SMALL, "butterfly", torch.bfloat16, "cuda")[2]

    def call(tensors):
        return butterfly_attention(*tensors, schedule=schedule, backend="triton")

    with torch.no_grad():
        replay = gpu.alone([lambda one=one: call(one) for one in sets])
        sets[0][0].copy_(numbers(*sets[0][0].shape, seed=5, device="cuda", dtype=torch.bfloat16))
        assert torch.equal(replay(), call(sets[0])), "it reads what the input holds now"
