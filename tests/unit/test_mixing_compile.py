"""torch.compile and torch.export of the layers that mix by spectra: one graph, any length."""

import pytest
import torch
from torch._dynamo.testing import CompileCounter, CompileCounterWithBackend
from unit.layer_cases import scattered, tokens
from unit.mixing_cases import LEARNED, layer_of

from fftia_lab import FourierMixing, GlobalFilter, SpectralMLPBlock, causal_convolution

# PyTorch's compiler warns of its own ways: that is no fault of what it compiles
pytestmark = pytest.mark.filterwarnings("default")

LAYERS = {str(options): lambda options=options: layer_of(**options) for options in LEARNED} | {
    "fourier": lambda: FourierMixing(3),
    "global grid": lambda: GlobalFilter(3, 2, 3).double(),
    "block": lambda: SpectralMLPBlock(3, causal=True).double(),
}


@pytest.fixture(autouse=True)
def fresh():
    torch._dynamo.reset()
    yield
    torch._dynamo.reset()


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_compiles_whole_and_trains(name):
    """fullgraph=True refuses any break; the gradient is PyTorch's own of the graph."""
    layer, x, mask = LAYERS[name](), tokens(2, 6).requires_grad_(), scattered(2, 6)
    graph, leaves = CompileCounterWithBackend("aot_eager"), [x, *layer.parameters()]
    whole = torch.compile(layer, fullgraph=True, backend=graph)
    for real in (None, mask):
        found, wanted = whole(x, real), layer(x, real)
        torch.testing.assert_close(found, wanted)
        slopes = (torch.autograd.grad(y.square().sum(), leaves) for y in (found, wanted))
        for one, other in zip(*slopes, strict=True):
            torch.testing.assert_close(one, other)
    assert graph.frame_count == 2, "one graph without a mask, one with"


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_exports(name):
    """For any batch; and for any length, unless the weights belong to one."""
    layer, x, mask = LAYERS[name](), tokens(3, 6), scattered(3, 6)
    batch, n = torch.export.Dim("batch", min=1, max=64), torch.export.Dim("n", min=3, max=4096)
    sizes = {0: batch} if "global" in name else {0: batch, 1: n}
    program = torch.export.export(layer, (x, mask), dynamic_shapes={"x": sizes, "mask": sizes})
    for size, length in ((2, 6), (5, 6), (5, 7), (2, 100)):
        if "global" in name and length != 6:
            continue
        x, mask = tokens(size, length), scattered(size, length)
        torch.testing.assert_close(program.module()(x, mask), layer(x, mask))


@pytest.mark.parametrize("method", ["fft", "direct", "blocks"])
def test_a_convolution_compiles_whole(method):
    kernel, graph = tokens(1, 4)[0], CompileCounter()
    whole = torch.compile(causal_convolution, fullgraph=True, backend=graph)
    for n in (9, 17, 30):
        wanted = causal_convolution(tokens(2, n), kernel, method)
        torch.testing.assert_close(whole(tokens(2, n), kernel, method), wanted)
    assert graph.frame_count == 2, "one length, then all"
