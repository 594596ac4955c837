"""A window of attention: PyTorch's dense attention under a band, its memory, and the hybrid."""

import numpy as np
import pytest
import torch
from torch.nn.functional import scaled_dot_product_attention
from torch.utils._python_dispatch import TorchDispatchMode
from unit.layer_cases import differentiable, numbers, scattered, seeded, transforms, travels

from fftia_lab.mixing import HybridSpectralAttention, window_attention
from fftia_lab.mixing import reference_circulant as reference
from fftia_lab.mixing.window import window_reach

LENGTHS = [1, 2, 3, 5, 8, 17, 33]
WINDOWS = [1, 2, 3, 5, 8, 64]
FORMS = [False, True]


def parts(n, batch=2, heads=3, d=4):
    return [numbers(batch, heads, n, d, seed=seed) for seed in range(3)]


@pytest.mark.parametrize("causal", FORMS)
@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("n", LENGTHS)
def test_it_is_dense_attention_under_a_band(n, window, causal):
    query, key, value = parts(n)
    own = np.arange(n)
    lag = own[:, None] - own
    band = (lag >= 0) & (lag < window) if causal else np.abs(lag) <= window // 2
    band = torch.tensor(band)
    assert torch.equal(window_reach(n, window, causal), band)
    wanted = scaled_dot_product_attention(query, key, value, attn_mask=band)
    found = window_attention(query, key, value, window, causal=causal)
    torch.testing.assert_close(found, wanted, rtol=0, atol=1e-14)
    mask = scattered(2, n)
    allowed = (band & mask[:, None]) | torch.eye(n, dtype=torch.bool)
    wanted = scaled_dot_product_attention(query, key, value, attn_mask=allowed[:, None])
    wanted = wanted.where(mask[:, None, :, None], 0)
    poisoned = [part.where(mask[:, None, :, None], torch.nan) for part in (query, key, value)]
    found = window_attention(*poisoned, window, mask, causal=causal)
    torch.testing.assert_close(found, wanted, rtol=0, atol=1e-14)
    back, ahead = (window - 1, 0) if causal else (window // 2, window // 2)
    matrix = reference.window_matrix(query[0, 0], key[0, 0], back, ahead, mask[0])
    torch.testing.assert_close(torch.tensor(matrix) @ value[0, 0], found[0, 0], rtol=0, atol=1e-14)


@pytest.mark.parametrize("causal", FORMS)
def test_what_is_masked_reaches_no_gradient(causal):
    mask = scattered(2, 9)
    poisoned = [part.where(mask[:, None, :, None], torch.nan).requires_grad_() for part in parts(9)]
    window_attention(*poisoned, 4, mask, causal=causal).square().sum().backward()
    for part in poisoned:
        assert part.grad.isfinite().all()
        assert not part.grad.movedim(1, 0)[:, ~mask].any()


class Largest(TorchDispatchMode):
    """Remember the largest tensor that anything makes, and how many numbers all of them hold."""

    def __init__(self):
        super().__init__()
        self.largest = self.total = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        made = func(*args, **(kwargs or {}))
        for one in made if isinstance(made, (tuple, list)) else (made,):
            if isinstance(one, torch.Tensor):
                self.largest = max(self.largest, one.numel())
                self.total += one.numel()
        return made


def counted(call, n, training):
    x = torch.zeros(1, n, 8, requires_grad=training)
    with Largest() as seen:
        y = call(x)
        if training:
            y.sum().backward()
    return seen.largest, seen.total


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("causal", FORMS)
def test_memory_is_linear_in_the_number_of_tokens(causal, training):
    """By the sizes of all tensors that are made: nothing here takes time."""
    layer = HybridSpectralAttention(8, 2, window_size=16, causal=causal)
    (large, all_), (larger, all_of_more) = (counted(layer, n, training) for n in (512, 1024))
    assert larger <= 2.1 * large and all_of_more <= 2.1 * all_
    assert larger < 1024 * 16 * 8, "a few windows of numbers for each token and head"

    def dense(x):
        heads = x.unflatten(2, (2, 4)).transpose(1, 2)
        return (heads @ heads.mT).softmax(-1) @ heads

    (large, _), (larger, _) = (counted(dense, n, training) for n in (512, 1024))
    assert larger == 4 * large, "the count sees a square where there is one"


def test_memory_follows_the_window():
    for narrow, wide in ((8, 16), (64, 128)):
        sizes = []
        for window in (narrow, wide):
            query, key, value = (part.float() for part in parts(1024, 1, 1))
            with Largest() as seen:
                window_attention(query, key, value, window)
            sizes.append(seen.largest)
        assert 1.8 < sizes[1] / sizes[0] < 2.2


@pytest.mark.parametrize("causal", FORMS)
def test_the_hybrid_is_its_window_and_its_filter(causal):
    layer = hybrid(causal)
    for n in (0, 1, 7, 30):
        x, mask = numbers(3, n, 8), scattered(3, n)
        for real in (None, mask):
            silent = x if real is None else x.where(real[..., None], 0)
            heads = layer.project(silent).unflatten(2, (3, 2, 4))
            query, key, value = heads.permute(2, 0, 3, 1, 4)
            near = window_attention(query, key, value, 4, real, causal=causal)
            wanted = layer.output(near.transpose(1, 2).flatten(2)) + layer.spectral(silent, real)
            if real is not None:
                wanted = wanted.where(real[..., None], 0)
            torch.testing.assert_close(layer(x, real), wanted, rtol=0, atol=1e-13)


def hybrid(causal=False, window=4, dim=8, heads=2, stir=0.3, seed=0):
    """A layer whose filter is no longer the identity."""
    layer = seeded(lambda: HybridSpectralAttention(dim, heads, window, causal=causal), seed)
    with torch.no_grad():
        for seed, weight in enumerate(layer.spectral.parameters()):
            weight += stir * numbers(*weight.shape, seed=seed)
    return layer


@pytest.mark.parametrize("causal", FORMS)
def test_it_starts_as_the_window_and_x(causal):
    layer = hybrid(causal, stir=0)
    layer.output.weight.data.zero_()
    x = numbers(2, 21, 8).float()
    torch.testing.assert_close(layer.float()(x), x, rtol=0, atol=1e-6)


def test_causal_it_does_not_hear_what_comes():
    layer = hybrid(True)
    x = numbers(1, 30, 8)
    now = layer(x)
    for cut in (1, 9, 29):
        changed = x.clone()
        changed[:, cut:] = 10 * numbers(1, 30 - cut, 8, seed=3)
        difference = (layer(changed)[:, :cut] - now[:, :cut]).norm() / now.norm()
        assert difference < 1e-13
    open_layer = hybrid(False)
    assert (open_layer(changed)[:, :cut] - open_layer(x)[:, :cut]).norm() > 1e-3


@pytest.mark.parametrize("causal", FORMS)
def test_who_can_change_whom(causal):
    layer = hybrid(causal)
    x = numbers(1, 12, 8)
    slopes = torch.func.jacrev(lambda value: layer(value)[0])(x)[:, :, 0]
    heard = slopes.abs().amax((1, 3)) > 1e-12
    assert not heard[~layer.reach(12)].any()
    assert torch.equal(heard, layer.reach(12))


@pytest.mark.parametrize("causal", FORMS)
def test_padding_is_not_read(causal):
    layer = hybrid(causal)
    x, mask = numbers(3, 21, 8), scattered(3, 21)
    poisoned = x.where(mask[..., None], torch.nan).requires_grad_()
    found = layer(poisoned, mask)
    assert torch.equal(found, layer(x, mask)) and not found[~mask].any()
    found.square().sum().backward()
    assert poisoned.grad.isfinite().all() and not poisoned.grad[~mask].any()
    assert all(weight.grad.isfinite().all() for weight in layer.parameters())


@pytest.mark.parametrize("causal", FORMS)
def test_derivatives_and_transforms(causal):
    layer = hybrid(causal, 2, dim=2, heads=1)
    assert differentiable(layer, numbers(1, 5, 2))
    mask = torch.tensor([[True, False, True, True, True]])
    assert differentiable(layer, numbers(1, 5, 2), mask)
    transforms(layer, numbers(3, 5, 2))


@pytest.mark.parametrize("causal", FORMS)
def test_weights_travel_and_halves_come_out_as_halves(causal):
    assert travels(lambda: HybridSpectralAttention(8, 2, 4, causal=causal), numbers(2, 11, 8))
    x, layer = numbers(2, 37, 8), hybrid(causal)
    for kind in (torch.float16, torch.bfloat16, torch.float32):
        found = hybrid(causal).to(kind)(x.to(kind))
        assert found.dtype == kind
        error = (found.double() - layer(x)).norm() / layer(x).norm()
        assert error < 4 * torch.finfo(kind).eps


def test_dropout_drops_while_training_alone():
    layer = seeded(lambda: HybridSpectralAttention(8, 2, 4, dropout=0.5))
    x = numbers(2, 11, 8)
    assert not torch.equal(layer(x), layer(x))
    layer.eval()
    assert torch.equal(layer(x), layer(x))


@pytest.mark.parametrize("causal", FORMS)
def test_exported_it_takes_other_lengths(causal):
    layer = hybrid(causal).eval()
    shapes = ({1: torch.export.Dim.AUTO},)
    program = torch.export.export(layer, (numbers(2, 11, 8),), dynamic_shapes=shapes).module()
    for n in (6, 12, 64):  # not 7, of 8 bins as there are channels: export keeps these apart
        x = numbers(2, n, 8)
        torch.testing.assert_close(program(x), layer(x), rtol=0, atol=1e-14)


@pytest.mark.filterwarnings("default")  # the compiler's own
def test_it_compiles_without_a_break():
    torch._dynamo.reset()
    for causal in FORMS:
        layer, x = hybrid(causal).eval(), numbers(2, 11, 8)
        whole = torch.compile(layer, fullgraph=True, backend="eager")
        torch.testing.assert_close(whole(x), layer(x), rtol=0, atol=1e-14)
    torch._dynamo.reset()


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: HybridSpectralAttention(8, 3), ValueError, "num_heads must divide embed_dim"),
        (lambda: HybridSpectralAttention(8, 2, 0), ValueError, "window_size must be at least 1"),
        (lambda: HybridSpectralAttention(8, 2, 4.0), TypeError, "window_size must be an integer"),
        (lambda: HybridSpectralAttention(8, 2, dropout=1.0), ValueError, "dropout must lie in 0"),
        (lambda: HybridSpectralAttention(8, 2, dropout="a"), TypeError, "dropout must be a number"),
        (lambda: HybridSpectralAttention(8, 2, causal=1), TypeError, "causal must be True or"),
        (lambda: HybridSpectralAttention(8, 2, mode="x"), ValueError, "mode must be one of"),
        (lambda: HybridSpectralAttention(8, 2)(numbers(2, 5, 7)), ValueError, "embed_dim = 8"),
        (lambda: HybridSpectralAttention(8, 2)(torch.ones(1, 2, 8).long()), TypeError, "floating"),
        (
            lambda: HybridSpectralAttention(8, 2)(torch.ones(1, 2, 8), torch.ones(1, 2)),
            TypeError,
            "mask must be bool",
        ),
        (lambda: window_attention(*parts(3)[:2], numbers(2, 3, 4, 4)), ValueError, "one shape"),
        (lambda: window_attention(*parts(3), 2, dropout=2), ValueError, "dropout must lie in 0"),
        (lambda: window_attention(*(part.int() for part in parts(3))), TypeError, "query must"),
    ],
)
def test_what_does_not_fit_is_refused(call, error, words):
    with pytest.raises(error, match=words):
        call()
