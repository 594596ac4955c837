"""Butterfly attention in other people's models, and under the names of the first documents."""

import pytest
import torch
from torch import nn

import fftia_lab
from fftia_lab import (
    FFTInspiredAttention,
    FFTInspiredMultiheadAttention,
    ShiftSchedule,
    fft_ia_attention,
    get_all_butterfly_indices,
    next_power_of_2,
    pad_to_power_of_2,
    unpad,
)
from fftia_lab.attention import reference


def encoder_layer(**options):
    torch.manual_seed(0)
    return nn.TransformerEncoderLayer(16, 2, 32, dropout=0.0, **options)


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("batch_first", [False, True])
def test_an_encoder_of_pytorch_takes_it(batch_first, training):
    layer = encoder_layer(batch_first=batch_first)
    layer.self_attn = FFTInspiredMultiheadAttention(16, 2, batch_first=batch_first)
    model = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False).train(training)
    x, padding = torch.randn(3, 11, 16), torch.arange(11) >= torch.tensor([[11], [7], [4]])
    turned = x if batch_first else x.transpose(0, 1)
    y = model(turned, src_key_padding_mask=padding)
    y = y if batch_first else y.transpose(0, 1)
    noisy = x + 100 * padding[..., None]
    again = model(noisy if batch_first else noisy.transpose(0, 1), src_key_padding_mask=padding)
    again = again if batch_first else again.transpose(0, 1)
    assert torch.equal(y[~padding], again[~padding]), "padding is not heard"
    y.sum().backward()
    assert model.layers[0].self_attn.attention.w_q.grad.any()


def test_it_is_the_layer_with_other_arguments():
    module = FFTInspiredMultiheadAttention(16, 2, batch_first=True).double()
    x = torch.randn(3, 11, 16, dtype=torch.float64)
    padding = torch.arange(11) >= torch.tensor([[11], [7], [4]])
    y, weights = module(x, x, x, key_padding_mask=padding)
    wanted = module.attention.attention_matrix(x, ~padding)
    torch.testing.assert_close(y, module.attention(x, ~padding))
    torch.testing.assert_close(weights, wanted.mean(1))
    _, weights = module(x, x, x, key_padding_mask=padding, average_attn_weights=False)
    torch.testing.assert_close(weights, wanted)
    minus = torch.zeros(3, 11).masked_fill(padding, -torch.inf)
    again, nothing = module(x, x, x, key_padding_mask=minus, need_weights=False)
    assert nothing is None and torch.equal(again, y)
    row = x[1]
    alone, weights = module(row, row, row, key_padding_mask=padding[1])
    torch.testing.assert_close(alone, y[1])
    assert weights.shape == (11, 11)


def test_causal_masks_are_honoured_or_refused():
    causal = FFTInspiredMultiheadAttention(16, 2, batch_first=True, causal=True)
    x = torch.randn(2, 9, 16)
    future = nn.Transformer.generate_square_subsequent_mask(9)
    y, _ = causal(x, x, x)
    for mask in (future, future != 0):
        assert torch.equal(causal(x, x, x, attn_mask=mask)[0], y)
    assert torch.equal(causal(x, x, x, attn_mask=future, is_causal=True)[0], y)
    layer = encoder_layer(batch_first=True)
    layer.self_attn = causal
    model = nn.TransformerEncoder(layer, 1, enable_nested_tensor=False)
    past = model(x[:, :5], mask=future[:5, :5])
    torch.testing.assert_close(model(x, mask=future)[:, :5], past)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"is_causal": True}, "is_causal=True needs a causal layer: make it with causal=True"),
        ({"attn_mask": torch.zeros(9, 9)}, "attn_mask must be None, or the causal mask of a"),
        ({"attn_mask": torch.ones(9, 9).triu(1) > 0}, "attn_mask must be None, or the causal"),
        ({"key_padding_mask": torch.ones(2, 9)}, "must be bool, true for padding, or hold 0"),
    ],
)
def test_what_cannot_be_honoured_raises(options, message):
    module, x = FFTInspiredMultiheadAttention(16, 2, batch_first=True), torch.randn(2, 9, 16)
    with pytest.raises(ValueError) as caught:
        module(x, x, x, **options)
    assert message in str(caught.value) and "\n" not in str(caught.value)
    with pytest.raises(ValueError, match="self-attention: pass one tensor as query, key and val"):
        module(x, x.clone(), x)


def test_a_padding_mask_of_the_other_layout_is_told_of_batch_first():
    x, padding = torch.zeros(2, 8, 8), torch.zeros(2, 8, dtype=torch.bool)
    told = r"must have shape \(8, 2\); got \(2, 8\): with batch_first=False .* batch_first=True$"
    with pytest.raises(ValueError, match=told):
        FFTInspiredMultiheadAttention(8, 2)(x, x, x, key_padding_mask=padding)
    FFTInspiredMultiheadAttention(8, 2, batch_first=True)(x, x, x, key_padding_mask=padding)


def test_another_name_for_the_same_numbers_is_no_other_sequence():
    """PyTorch hands on aliases where a backward hook listens."""
    module, x = FFTInspiredMultiheadAttention(16, 2, batch_first=True), torch.randn(2, 9, 16)
    assert torch.equal(module(x, x.view(2, 9, 16), x[:])[0], module(x, x, x)[0])


def test_only_minus_infinity_is_a_mask():
    """ALiBi adds a finite slope to the past: that is no causal mask, and no padding."""
    module, x = (
        FFTInspiredMultiheadAttention(16, 2, batch_first=True, causal=True),
        torch.randn(2, 9, 16),
    )
    own = torch.arange(9.0)
    future = nn.Transformer.generate_square_subsequent_mask(9)
    slope = -0.5 * (own[:, None] - own).clamp(min=0)
    finite = torch.zeros(9, 9).masked_fill(future != 0, -1.0)
    for bias in (finite, future + slope):
        with pytest.raises(ValueError, match="attn_mask must be None, or the causal mask"):
            module(x, x, x, attn_mask=bias)
    assert module(x, x, x, attn_mask=future)[0].isfinite().all()


def test_names_of_the_first_documents():
    assert [next_power_of_2(n) for n in (0, 1, 2, 3, 8, 3715)] == [1, 1, 2, 4, 8, 4096]
    with pytest.raises(ValueError, match="n must not be negative; got -1"):
        next_power_of_2(-1)
    stages = get_all_butterfly_indices(16)
    for stage, pairs in enumerate(stages):
        assert pairs == [(i, i ^ 1 << stage) for i in range(16) if i < i ^ 1 << stage]
    with pytest.raises(ValueError, match="power of two; got 12"):
        get_all_butterfly_indices(12)
    x = torch.randn(2, 5, 3)
    padded, length = pad_to_power_of_2(x)
    assert padded.shape == (2, 8, 3) and not padded[:, 5:].any()
    assert torch.equal(unpad(padded, length), x)
    wide, length = pad_to_power_of_2(x, dim=2)
    assert wide.shape == (2, 5, 4) and torch.equal(unpad(wide, length, dim=2), x)
    with pytest.raises(ValueError, match="original_len must lie in 0 to 5; got 6"):
        unpad(x, 6)


def test_the_one_liner_of_the_first_document():
    """At a width that fits a test; the document's own has 4,096 channels."""
    layer = FFTInspiredAttention(dim=64, heads=32)
    assert layer(torch.randn(1, 3715, 64)).shape == (1, 3715, 64)


def test_the_function_of_the_supplementary_note():
    x = torch.randn(2, 3, 8192, 4)
    out, (w_q, w_k) = fft_ia_attention(x, log_N=13)
    assert w_q.shape == w_k.shape == (13, 4, 4) and w_q.requires_grad
    x = torch.randn(2, 3, 16, 4, dtype=torch.float64)
    out, (w_q, w_k) = fft_ia_attention(x)
    again, _ = fft_ia_attention(x, weights=(w_q, w_k))
    assert torch.equal(out, again), "the same weights, the same answer"
    arrays = (a.detach().numpy() for a in (x, w_q, w_k))
    wanted, _ = reference.butterfly_attention(*arrays, fftia_lab.ButterflySchedule(16))
    torch.testing.assert_close(out.detach(), torch.tensor(wanted))
    out.square().sum().backward()
    assert w_q.grad.any(), "an optimiser sees them"
    with pytest.raises(ValueError, match="got N = 16 and log_N = 13: leave log_N out, or pass 4"):
        fft_ia_attention(x, log_N=13)
    with pytest.raises(ValueError, match="power of two; got 12"):
        fft_ia_attention(x[:, :, :12])
    with pytest.raises(ValueError, match=r"shape \(B, H, N, D\); got \(3, 16, 4\)"):
        fft_ia_attention(x[0])


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda x: pad_to_power_of_2([1, 2]), TypeError, "x must be a torch tensor; got list"),
        (lambda x: pad_to_power_of_2(x, dim=4), IndexError, "dim must lie in -4 to 3; got 4"),
        (lambda x: unpad(x, 1.5, dim=2), TypeError, "original_len must be an integer; got 1.5"),
        (lambda x: unpad(x, 1, dim="n"), TypeError, "dim must be an integer; got 'n'"),
        (lambda x: fft_ia_attention(x.long()), TypeError, "point tensor; got torch.int64"),
        (lambda x: fft_ia_attention(x, log_N="2"), TypeError, "log_N must be an integer; got '2'"),
        (lambda x: fft_ia_attention(x, weights=3), TypeError, "a pair (W_q, W_k); got int"),
    ],
)
def test_published_names_refuse_bad_input_in_one_line(call, kind, message):
    with pytest.raises(kind) as caught:
        call(torch.ones(1, 1, 4, 2))
    assert message in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize("n", [4, 8, 16])
def test_the_acceptance_list_of_the_specification(n):
    """L sets of weights; who is connected after each stage; V_i = P_i V_{i-1}; 1/√d_k."""
    layer = FFTInspiredAttention(8, 2, max_length=n).double()
    depth = n.bit_length() - 1
    assert layer.w_q.shape == layer.w_k.shape == (depth, 2, 4, 4)
    x = torch.randn(1, n, 8, dtype=torch.float64)
    state = layer._heads(layer.value(x))
    heard = torch.eye(n, dtype=torch.float64)
    for stage, factor in enumerate(layer.stage_factors(x)):
        query, key = state @ layer.w_q[stage], state @ layer.w_k[stage]
        scores = query @ key.mT / 4**0.5
        own = torch.arange(n)
        pair = torch.stack((own, own ^ 1 << stage), 1).expand(1, 2, n, 2)
        local = scores.gather(3, pair).softmax(-1)
        torch.testing.assert_close(factor.gather(3, pair), local)
        state, heard = factor @ state, factor[0, 0] @ heard
        connected = (heard > 0).sum(1)
        assert (connected == 2 ** (stage + 1)).all(), "reach doubles"
    torch.testing.assert_close(layer.output(state.transpose(1, 2).flatten(2)), layer(x))


def test_names_are_found_late():
    assert "FFTInspiredAttention" in dir(fftia_lab.attention)
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        _ = fftia_lab.nonsense
    assert ShiftSchedule(3).depth == 2
