"""torch.compile and torch.export: no graph breaks, one compiled stage for all lengths."""

import pytest
import torch
from torch._dynamo.testing import CompileCounter
from unit.attention_cases import KINDS, inputs, mask_of, schedule_of
from unit.attention_torch import as_torch, relative

from fftia_lab import FFTInspiredAttention, butterfly_attention
from fftia_lab.attention import reference
from fftia_lab.attention.backends import compiled

# PyTorch's compiler warns of its own ways: that is no fault of what it compiles
pytestmark = pytest.mark.filterwarnings("default")


@pytest.fixture(autouse=True)
def fresh():
    torch._dynamo.reset()
    compiled.compiled.cache_clear()
    yield
    torch._dynamo.reset()
    compiled.compiled.cache_clear()


@pytest.fixture
def counter(monkeypatch):
    """Compile graphs into nothing but a count of them."""
    found = CompileCounter()
    whole = torch.compile
    monkeypatch.setattr(torch, "compile", lambda f, **options: whole(f, backend=found, **options))
    return found


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_the_compiled_meetings_are_the_reference(kind, causal, masked, monkeypatch):
    """What is compiled, uncompiled."""
    monkeypatch.setattr(compiled, "compiled", lambda stage: stage)
    for n in (2, 5, 16, 37):
        schedule = schedule_of(kind, n, causal)
        arrays = inputs(n, schedule.depth)
        mask = mask_of("scattered", 3, n) if masked else None
        wanted, _ = reference.butterfly_attention(*arrays, schedule, mask)
        real = None if mask is None else torch.tensor(mask)
        y = butterfly_attention(
            *as_torch(*arrays), schedule=schedule, mask=real, backend="compiled"
        )
        assert relative(y, torch.tensor(wanted)) < 1e-12


@pytest.mark.parametrize(
    ("kind", "stages"), [("butterfly", 2), ("shift", 1), ("benes", 2), ("butterfly relay", 1)]
)
def test_one_compiled_stage_for_all_lengths(kind, stages, counter):
    """Four to nine stages: compiled once, and once more for masks where padding keeps.

    No two sizes are equal here, since PyTorch would take that for a rule.
    """
    for n in (16, 64, 100, 256, 500):
        schedule = schedule_of(kind, n)
        x, w_q, w_k = as_torch(*inputs(n, schedule.depth, batch=11, heads=13, d=6))
        butterfly_attention(x, w_q, w_k, schedule=schedule, backend="compiled")
    assert counter.frame_count == stages


def test_the_compiled_stage_runs_and_differentiates():
    """With the real compiler, on a processor."""
    for n in (8, 37):
        schedule = schedule_of("butterfly", n)
        leaves, same = as_torch(*inputs(n, schedule.depth)), as_torch(*inputs(n, schedule.depth))
        y = butterfly_attention(*leaves, schedule=schedule, backend="compiled")
        wanted = butterfly_attention(*same, schedule=schedule)
        assert relative(y, wanted) < 1e-12
        y.square().sum().backward()
        wanted.square().sum().backward()
        for one, other in zip(leaves, same, strict=True):
            assert relative(one.grad, other.grad) < 1e-12


OPTIONS = [{}, {"causal": True}, {"schedule": "benes"}, {"projection": "model"}]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_a_layer_compiles_whole(options):
    """fullgraph=True refuses any break."""
    layer = FFTInspiredAttention(16, 2, max_length=64, **options)
    graph = CompileCounter()
    whole = torch.compile(layer, fullgraph=True, backend=graph)
    x, mask = torch.randn(2, 37, 16), torch.rand(2, 37) < 0.7
    torch.testing.assert_close(whole(x), layer(x))
    torch.testing.assert_close(whole(x, mask), layer(x, mask))
    assert graph.frame_count == 2, "one graph without a mask, one with"


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_a_layer_exports(options):
    layer = FFTInspiredAttention(16, 2, max_length=64, **options).eval()
    x, mask = torch.randn(2, 37, 16), torch.rand(2, 37) < 0.7
    batch = torch.export.Dim("batch", min=1, max=64)
    shapes = {"x": {0: batch}, "mask": {0: batch}}
    program = torch.export.export(layer, (x, mask), dynamic_shapes=shapes)
    for size in (2, 5):
        x, mask = torch.randn(size, 37, 16), torch.rand(size, 37) < 0.7
        torch.testing.assert_close(program.module()(x, mask), layer(x, mask))


@pytest.mark.parametrize("backend", ["eager", "plain", "compiled", "literal"])
def test_a_chosen_backend_is_kept_when_all_around_it_is_compiled(backend):
    torch.manual_seed(0)
    layer, x = FFTInspiredAttention(16, 2, backend=backend, max_length=8), torch.randn(1, 8, 16)
    torch.testing.assert_close(torch.compile(layer, backend="eager")(x), layer(x))
