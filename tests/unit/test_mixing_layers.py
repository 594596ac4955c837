"""FNet's and GFNet's layers against their definitions, and the block around a mixing layer."""

import numpy as np
import pytest
import torch
from torch import nn
from transformers import FNetConfig
from transformers.models.fnet.modeling_fnet import FNetBasicFourierTransform
from unit.layer_cases import scattered, tokens
from unit.mixing_cases import FORWARD, relative, with_weights

from fftia_lab import (
    DenseAttention,
    FourierMixing,
    GlobalFilter,
    SpectralMixingLayer,
    SpectralMLPBlock,
)
from fftia_lab.mixing import reference

SIZES = [(6,), (7,), (1,), (2, 3), (3, 2), (4, 4)]


def filter_of(*size, dim=3, seed=0):
    torch.manual_seed(seed)
    layer = GlobalFilter(dim, *size).double()
    nn.init.normal_(layer.complex_weight)
    return layer


@pytest.mark.parametrize("n", [1, 2, 5, 8, 37])
def test_fourier_mixing_is_fnets(n):
    """The layer of transformers, and NumPy's two-dimensional DFT."""
    x = tokens(2, n, 6)
    (wanted,) = FNetBasicFourierTransform(FNetConfig(hidden_size=6))(x)
    found = FourierMixing(6)(x)
    torch.testing.assert_close(found, wanted, rtol=0, atol=1e-12)
    assert np.abs(found.numpy() - reference.fourier_mixing(x.numpy())).max() < 1e-12
    assert np.abs(found.numpy() - np.fft.fft2(x.numpy(), axes=(1, 2)).real).max() < 1e-12
    scaled = FourierMixing(6, norm="ortho")(x) * np.sqrt(6 * n)
    torch.testing.assert_close(scaled, found)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_global_filter_is_gfnets(size):
    """Weights at half of the frequencies, one axis or two, as defined in NumPy."""
    layer, x = filter_of(*size), tokens(2, int(np.prod(size)))
    assert layer.complex_weight.shape == (*size[:-1], size[-1] // 2 + 1, 3, 2)
    weight = torch.view_as_complex(layer.complex_weight.detach()).numpy()
    wanted = reference.global_filter(x.numpy(), weight)
    assert np.abs(layer(x).detach().numpy() - wanted).max() < 1e-13
    assert 0.015 < GlobalFilter(32, 8, 8).complex_weight.std() < 0.025, "as published"


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_its_filter_is_a_circular_convolution(size):
    """By the definition of one, sum by sum, with what an impulse becomes."""
    layer, count = filter_of(*size, dim=1), int(np.prod(size))
    eye = torch.eye(count, dtype=torch.float64)[:, :, None]
    matrix = layer(eye)[..., 0].detach().numpy().T
    kernel, grid = matrix[:, 0].reshape(size), np.indices(size).reshape(len(size), -1)
    lags = (grid[:, :, None] - grid[:, None]) % np.array(size)[:, None, None]
    assert np.abs(matrix - kernel[tuple(lags)]).max() < 1e-14


def block_of(**options):
    torch.manual_seed(0)
    block = SpectralMLPBlock(4, num_filters=3, **options).double().eval()
    for parameter in block.mixing.parameters():
        nn.init.normal_(parameter)
    return block


LAYERS = {
    "fourier": lambda: FourierMixing(4),
    "global": lambda: filter_of(6, dim=4),
    "global grid": lambda: filter_of(2, 3, dim=4),
    "block": block_of,
    "causal block": lambda: block_of(causal=True),
}


@FORWARD
@pytest.mark.parametrize("name", LAYERS)
def test_gradients(name):
    layer, x = LAYERS[name](), tokens(2, 6, 4).requires_grad_()
    some = [key for key, weight in layer.named_parameters() if weight.numel() < 50]
    weights = dict(layer.named_parameters())
    leaves = (x, *(weights[key].detach().requires_grad_() for key in some))
    function = with_weights(layer, *some)
    assert torch.autograd.gradcheck(function, leaves, fast_mode=True)
    assert torch.autograd.gradgradcheck(function, leaves, fast_mode=True)
    matrix = torch.func.jacrev(lambda row: layer(row[None])[0])(x[0])
    forward = torch.func.jacfwd(lambda row: layer(row[None])[0])(x[0])
    torch.testing.assert_close(matrix, forward)
    together = torch.func.vmap(lambda row: layer(row[None])[0])(x)
    torch.testing.assert_close(together, layer(x))


@pytest.mark.parametrize("name", LAYERS)
def test_padding_is_not_read(name):
    """Bit for bit, whatever stands at a masked token, in outputs and gradients."""
    layer, x, mask = LAYERS[name]().float(), tokens(3, 6, 4).float(), scattered(3, 6)
    x.requires_grad_()
    found, slopes = [], []
    for noise in (0.0, 100.0, torch.inf, torch.nan):
        y = layer(torch.where(mask[..., None], x, x.detach() + noise), mask)
        assert not y[~mask].any()
        found.append(y)
        slopes.append(torch.autograd.grad(y.square().sum(), [x, *layer.parameters()]))
    for y, slope in zip(found, slopes, strict=True):
        assert torch.equal(y, found[0])
        assert all(torch.equal(a, b) for a, b in zip(slope, slopes[0], strict=True))
    assert relative(layer(x), found[0]) > 0.01, "without a mask it is read"


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
@pytest.mark.parametrize("name", ["fourier", "global", "global grid"])
def test_half_precision_has_spectra_in_float32(name, dtype):
    layer, x = LAYERS[name](), tokens(2, 6, 4).to(dtype)
    found, wanted = layer.float()(x), layer.double()(x.double())
    assert found.dtype == dtype
    step = torch.finfo(dtype).eps / 2
    assert (found.double() - wanted).abs().le(step * 1.01 * wanted.abs() + 1e-5).all()
    assert layer.to(dtype)(x).dtype == dtype


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_a_block_trains_in_half_precision(dtype):
    block = block_of().to(dtype)
    found = block(tokens(2, 6, 4).to(dtype))
    found.square().mean().backward()
    assert found.dtype == dtype and found.isfinite().all()
    assert all(parameter.grad.isfinite().all() for parameter in block.parameters())


@pytest.mark.parametrize("name", LAYERS)
def test_weights_travel_and_runs_repeat(name):
    layer, x = LAYERS[name](), tokens(2, 6, 4)
    other = LAYERS[name]()
    with torch.no_grad():
        for parameter in other.parameters():
            parameter.add_(1)
    other.load_state_dict(layer.state_dict())
    assert torch.equal(other(x), layer(x)) and torch.equal(layer(x), layer(x))


def test_a_block_is_two_residuals():
    block, x = block_of(), tokens(2, 9, 4)
    middle = x + block.mixing(block.norm_mixing(x))
    first, second = block.mlp[0], block.mlp[3]
    hidden = nn.functional.gelu(first(block.norm_mlp(middle)))
    torch.testing.assert_close(block(x), middle + second(hidden))
    assert first.weight.shape == (16, 4)
    assert SpectralMLPBlock(8, mlp_ratio=0.5).mlp[0].out_features == 4


def test_a_causal_block_does_not_read_the_future():
    block, x = block_of(causal=True), tokens(2, 23, 4)
    mask = (torch.arange(23) < 14).expand(2, -1)
    later = torch.where(mask[..., None], x, tokens(2, 23, 4, seed=9))
    assert relative(block(later)[:, :14], block(x)[:, :14]) < 1e-13
    assert relative(block(x, mask)[:, :14], block(x[:, :14])) < 1e-13
    assert relative(block_of()(later)[:, :14], block_of()(x)[:, :14]) > 0.01


@pytest.mark.parametrize("mixing", [FourierMixing(4), GlobalFilter(4, 6), DenseAttention(4, 2)])
def test_a_block_takes_another_mixer(mixing):
    block, x = SpectralMLPBlock(4, mixing=mixing), tokens(2, 6, 4).float()
    assert block.mixing is mixing
    for parameter in mixing.parameters():
        nn.init.normal_(parameter)
    for mask in (None, scattered(2, 6)):
        changed = x.clone()
        changed[:, 0] = torch.tensor([3.0, -1.0, 0.5, 2.0])
        found = (block(changed, mask) - block(x, mask)).abs().amax((0, 2))
        assert mask is not None or found[1:].gt(0).all(), "news spreads"


def test_dropout_is_for_training():
    torch.manual_seed(0)
    block, x = SpectralMLPBlock(16, dropout=0.5), tokens(2, 9, 16).float()
    assert not torch.equal(block(x), block(x))
    assert block.mixing.dropout.p == 0.5
    block.eval()
    assert torch.equal(block(x), block(x))


def test_the_published_encoder_runs():
    """As published for FFT-Tensor, ids in and scores out, on a long document; sizes are smaller."""

    class DocumentEncoder(nn.Module):
        def __init__(self, vocab_size=50, embed_dim=16, num_layers=3):
            super().__init__()
            self.embedding = nn.Embedding(vocab_size, embed_dim)
            # Use spectral mixing for long-range dependencies
            self.layers = nn.ModuleList([SpectralMLPBlock(embed_dim) for _ in range(num_layers)])
            self.output = nn.Linear(embed_dim, vocab_size)

        def forward(self, x):
            # x: (batch, seq_len)
            x = self.embedding(x)  # (batch, seq_len, embed_dim)
            for layer in self.layers:
                x = layer(x)  # O(n log n) per layer
            return self.output(x)

    torch.manual_seed(0)
    model, ids = DocumentEncoder(), torch.randint(50, (2, 2500))
    scores = model(ids)
    assert scores.shape == (2, 2500, 50)
    nn.functional.cross_entropy(scores.flatten(0, 1), ids.flatten()).backward()
    assert all(p.grad.isfinite().all() and p.grad.any() for p in model.parameters())
    for layer in model.layers:
        nn.init.normal_(layer.mixing.real)
    other = ids.clone()
    other[:, 0] = (other[:, 0] + 1) % 50
    assert (model(other) - scores)[:, 300].abs().max() > 1e-4, "what is far is heard"


@pytest.mark.parametrize("name", LAYERS)
def test_nothing_is_defined(name):
    layer = LAYERS[name]()
    assert layer(tokens(0, 6, 4)).shape == (0, 6, 4)
    assert layer(tokens(2, 6, 4), torch.zeros(2, 6, dtype=torch.bool)).eq(0).all()
    if "global" not in name:
        assert layer(tokens(2, 0, 4)).shape == (2, 0, 4)


GOOD = torch.zeros(2, 8, 4)


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: FourierMixing(0), ValueError, "embed_dim must be at least 1; got 0"),
        (lambda: FourierMixing(4, norm="none"), ValueError, "norm must be one of backward, ortho"),
        (lambda: FourierMixing(3)(GOOD), ValueError, "with embed_dim = 3; got (2, 8, 4)"),
        (lambda: FourierMixing(4)(GOOD.int()), TypeError, "got torch.int32: call .float()"),
        (lambda: FourierMixing(4)(GOOD + 0j), TypeError, "FourierMixing takes a signal in time"),
        (lambda: GlobalFilter(4, 0), ValueError, "height must be at least 1; got 0"),
        (lambda: GlobalFilter(4, 2, 2.0), TypeError, "width must be an integer; got 2.0 (float)"),
        (lambda: GlobalFilter(4, 3, 2)(GOOD), ValueError, "has weights for 6 tokens; got 8: make"),
        (lambda: GlobalFilter(4, 8)(GOOD, GOOD), TypeError, "mask must be bool, True for a real"),
        (lambda: SpectralMLPBlock(4, 0), ValueError, "mlp_ratio must be above 0; got 0"),
        (lambda: SpectralMLPBlock(4, "4"), TypeError, "mlp_ratio must be a number; got '4' (str)"),
        (lambda: SpectralMLPBlock(4, dropout=-1), ValueError, "dropout must lie in 0 to 1"),
        (lambda: SpectralMLPBlock(4, mixing="x"), TypeError, "mixing must be a module; got str"),
        (
            lambda: SpectralMLPBlock(4, mixing=FourierMixing(4), causal=True),
            ValueError,
            "mixing is given; got causal: give them to FourierMixing",
        ),
        (lambda: SpectralMLPBlock(4)(GOOD[0]), ValueError, "embed_dim = 4; got (8, 4)"),
        (lambda: SpectralMLPBlock(4)(GOOD.long()), TypeError, "got torch.int64: call .float()"),
    ],
)
def test_bad_input_gives_one_clear_line(call, kind, message):
    with pytest.raises(kind) as caught:
        call()
    assert message in str(caught.value) and "\n" not in str(caught.value)


def test_all_say_what_they_are():
    assert repr(FourierMixing(4)) == "FourierMixing(embed_dim=4, norm='backward')"
    assert repr(GlobalFilter(4, 2, 3)) == "GlobalFilter(embed_dim=4, height=2, width=3)"
    assert "causal=True, mode='sample'" in repr(SpectralMixingLayer(4, causal=True))
