"""Others' mechanisms against PyTorch's dense attention under an explicit mask, and torch.fft."""

import pytest
import torch
from torch.nn.functional import scaled_dot_product_attention as dense

from fftia_lab.attention import butterfly_attention
from fftia_lab.bench import attention_core, peers
from fftia_lab.bench.eager import EagerAttention

DOUBLE = {"dtype": torch.float64}


def tokens(n, heads=2, d=3, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(2, heads, n, d, generator=generator, **DOUBLE) for _ in range(3)]


def close(found, wanted, limit=1e-12):
    assert found.shape == wanted.shape
    error = float((found - wanted).detach().abs().max() / wanted.detach().square().mean().sqrt())
    assert error < limit, error


def who_meets(n, radix):
    """Masks of the stages, from digits: i and j meet if they differ in one digit of base radix."""
    masks, stride = [], 1
    while stride < n:
        width = min(radix, n // stride)
        digits = [(i // stride % width, i % stride, i // (stride * width)) for i in range(n)]
        masks.append(torch.tensor([[a[1:] == b[1:] for b in digits] for a in digits]))
        stride *= width
    return masks


@pytest.mark.parametrize(("n", "radix"), [(16, 2), (16, 4), (64, 16), (64, 8), (32, 16), (8, 8)])
def test_dimension_mixer_is_dense_attention_under_its_masks(n, radix):
    q, k, v = tokens(n)
    wanted = v
    for mask in who_meets(n, radix):
        wanted = dense(q, k, wanted, attn_mask=mask)
    close(peers.grouped_attention(q, k, v, radix), wanted)


def test_with_the_radix_of_all_it_is_dense_attention():
    q, k, v = tokens(32)
    close(peers.grouped_attention(q, k, v, 32), dense(q, k, v))
    assert peers.groups(32, 32) == [(1, 32)] and peers.groups(1, 4) == []
    for n in (4, 64, 256, 2048, 8192):
        assert len(peers.groups(n, peers.square_root(n))) == 2, n


def test_a_layer_of_dimension_mixer_is_dense_layers_under_its_masks():
    torch.manual_seed(0)
    layer, x = peers.DimensionMixer(6, 2, n=16, radix=4).double(), tokens(16, 1, 6)[0][:, 0]
    wanted = x
    for mask, into, out in zip(who_meets(16, 4), layer.inputs, layer.outputs, strict=True):
        q, k, v = (
            (wanted @ weight.T).unflatten(2, (2, 3)).transpose(1, 2)
            for weight in into.weight.chunk(3)
        )
        wanted = dense(q, k, v, attn_mask=mask).transpose(1, 2).flatten(2) @ out.weight.T
    close(layer(x), wanted)
    assert sum(p.numel() for p in layer.parameters()) == 2 * 4 * 6 * 6, "four projections a stage"


@pytest.mark.parametrize(("n", "radix"), [(12, 4), (16, 3), (16, 1)])
def test_what_is_no_power_of_two_is_refused(n, radix):
    with pytest.raises(ValueError, match=r"must be a power of two; got|radix must be at least 2"):
        peers.groups(n, radix)


def test_power_attention_hears_itself_and_powers_of_two():
    place = torch.arange(300)
    hears = peers.powers_of_two_behind(place[:, None], place)
    wanted = torch.zeros(300, 300, dtype=torch.bool)
    for i in range(300):
        wanted[i, [i, *(i - 2**s for s in range(9) if i >= 2**s)]] = True
    assert torch.equal(hears, wanted)


@pytest.mark.filterwarnings("default")  # the compiler's own
def test_flex_attention_computes_that_pattern():
    """Compiled, at a length that is no multiple of its blocks; PyTorch has no double there."""
    q, k, v = (one.float() for one in tokens(200, d=16))
    try:
        found = peers.power_attention(q, k, v)
    except RuntimeError as error:
        pytest.skip(f"FlexAttention cannot be compiled here: {str(error)[:80]}")
    close(found, attention_core.under_powers_of_two(q, k, v), 1e-5)


@pytest.mark.parametrize("n", [2, 8, 32])
def test_the_published_loop_is_butterfly_attention(n):
    x = tokens(n, d=4)[0]
    stages = (n - 1).bit_length()
    generator = torch.Generator().manual_seed(1)
    weights = [torch.randn(stages, 2, 4, 4, generator=generator, **DOUBLE) for _ in range(2)]
    close(peers.pair_by_pair(x, *weights), butterfly_attention(x, *weights, backend="literal"))


def test_eager_attention_is_dense_attention():
    torch.manual_seed(0)
    eager = EagerAttention(8, 2).double()
    x = tokens(10, 1, 8)[0][:, 0]
    q, k, v = (
        part(x).unflatten(2, (2, 4)).transpose(1, 2)
        for part in (eager.query, eager.key, eager.value)
    )
    wanted = eager.output(dense(q, k, v).transpose(1, 2).flatten(2))
    close(eager(x), wanted)
    eager.attend = dense
    close(eager(x), wanted)


def test_fnet_and_gfnet_are_what_torch_fft_says():
    torch.manual_seed(0)
    layers = {name: attention_core.LAYERS[name](16) for name in ("FNet", "GFNet")}
    x = tokens(16, 1, attention_core.DIM)[0][:, 0].float()
    close(layers["FNet"](x), torch.fft.fft(torch.fft.fft(x, dim=2), dim=1).real, 1e-5)
    weight = torch.view_as_complex(layers["GFNet"].complex_weight.detach())
    spectrum = torch.fft.fft(x, dim=1, norm="ortho")[:, :9] * weight
    close(layers["GFNet"](x), torch.fft.irfft(spectrum, 16, dim=1, norm="ortho"), 1e-5)
