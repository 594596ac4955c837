"""Matrix products that the cost model counts, against PyTorch's own counter of a forward pass."""

from itertools import product

import pytest
import torch
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from fftia_lab import DenseAttention, FFTInspiredAttention, SpectralMixingLayer, StageOptions, cost
from fftia_lab.bench.mixing import DIM, Projected
from fftia_lab.mixing import FourierMixing, SpectralMLPBlock, causal_convolution
from fftia_lab.schedule import SCHEDULES

BATCH, HEADS, DIM_HEAD, CHANNELS = 2, 2, 3, 5
SIZES = [0, 1, 2, 5, 6, 8, 13, 16, 21]
OPTIONS = [
    StageOptions(schedule, projection, causal=causal, padding=padding, share_stages=share)
    for schedule, projection, causal, padding, share in product(
        SCHEDULES, ("head", "model"), (False, True), ("relay", "keep"), (False, True)
    )
    if causal or schedule != "prefix"
]
OPTIONS += [StageOptions(projection=p, radix=r) for p in ("head", "model") for r in (4, 8)]


def counted(call, *inputs):
    """Operations in matrix products and convolutions, as PyTorch counts them."""
    with torch.no_grad(), FlopCounterMode(display=False) as counter, sdpa_kernel(SDPBackend.MATH):
        call(*inputs)
    return counter.get_total_flops()


@pytest.mark.parametrize("options", OPTIONS, ids=lambda o: "/".join(map(str, vars(o).values())))
def test_butterfly_attention_in_every_wiring_and_projection(options):
    given = vars(options)
    layer = FFTInspiredAttention(CHANNELS, HEADS, DIM_HEAD, max_length=64, **given)
    for size in SIZES:
        x = torch.randn(BATCH, size, CHANNELS)
        assert counted(layer, x) == layer.cost(size, BATCH).products, size


@pytest.mark.parametrize("causal", [False, True])
def test_dense_attention(causal):
    """PyTorch's counter counts the half of the scores that a causal mask throws away as well."""
    layer = DenseAttention(CHANNELS, HEADS, DIM_HEAD, causal=causal)
    for size in SIZES:
        found = counted(layer, torch.randn(BATCH, size, CHANNELS))
        sizes = size, HEADS, DIM_HEAD
        core = cost.dense_attention(*sizes, causal=causal, batch=BATCH).products
        rest = layer.cost(size, BATCH).products - core
        whole = 2 * core * size // (size + 1) if causal else core
        assert found == rest + whole, size


@pytest.mark.parametrize("causal", [False, True])
def test_spectral_mixing_has_no_products(causal):
    layer = SpectralMixingLayer(CHANNELS, causal=causal)
    for size in SIZES:
        found = counted(layer, torch.randn(BATCH, size, CHANNELS))
        wanted = cost.spectral_layer(size, CHANNELS, causal=causal, batch=BATCH)
        assert found == wanted.products == 0
        assert wanted.parameters == sum(one.numel() for one in layer.parameters())


def test_spectral_mixing_between_projections():
    layer = Projected()
    for size in SIZES:
        wanted = cost.spectral_layer(size, DIM, projected=True, batch=BATCH)
        assert counted(layer, torch.randn(BATCH, size, DIM)) == wanted.products
        assert wanted.parameters == sum(one.numel() for one in layer.parameters())


def test_fourier_mixing_has_no_products():
    found = counted(FourierMixing(CHANNELS), torch.randn(BATCH, 8, CHANNELS))
    assert found == cost.fourier_mixing(8, CHANNELS, batch=BATCH).products == 0


@pytest.mark.parametrize("method", ["direct", "blocks", "fft"])
def test_convolutions(method):
    for size, taps in product(SIZES, (1, 3, 7, 20)):
        found = counted(
            lambda x, kernel: causal_convolution(x, kernel, method),
            torch.randn(BATCH, size, CHANNELS),
            torch.randn(taps, CHANNELS),
        )
        wanted = cost.causal_convolution(size, CHANNELS, taps, method, batch=BATCH)
        assert found == wanted.products, (size, taps)


@pytest.mark.parametrize("ratio", [1, 4])
def test_the_mlp_of_a_block(ratio):
    block = SpectralMLPBlock(CHANNELS, ratio, mixing=nn.Identity())
    for size in SIZES:
        wanted = cost.mlp(size, CHANNELS, ratio, batch=BATCH)
        assert counted(block.mlp, torch.randn(BATCH, size, CHANNELS)) == wanted.products
        assert wanted.parameters == sum(one.numel() for one in block.mlp.parameters())
