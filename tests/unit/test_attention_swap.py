"""`swap_attention` in modules of PyTorch: what goes in, what stays, what it refuses to lose."""

import pytest
import torch
from torch import nn
from torch.nn.utils import parametrizations, prune

from fftia_lab import FFTInspiredMultiheadAttention, swap_attention

# PyTorch's compiler warns of its own ways: that is no fault of what it compiles
pytestmark = pytest.mark.filterwarnings("default")


def encoder(layers=2, **options):
    torch.manual_seed(0)
    layer = nn.TransformerEncoderLayer(16, 2, 32, dropout=0.0, batch_first=True)
    return nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)


def multihead(**options):
    return nn.MultiheadAttention(16, 2, batch_first=True, **options)


class Own(nn.MultiheadAttention):
    def forward(self, x):
        return x


class LinearAttention(nn.Linear):
    pass


class Block(nn.Module):
    """Self-attention and attention to a memory, under the names that a test gives them."""

    def __init__(self, **parts):
        super().__init__()
        for name, part in parts.items():
            self.add_module(name, part)

    def forward(self, x, memory):
        own, *others = self.children()
        x = own(x, x, x)[0]
        for part in others:
            x = part(x, memory, memory)[0]
        return x


@pytest.mark.parametrize("bias", [False, True])
def test_swapping_keeps_values_and_outputs(bias):
    """Where nobody meets anybody both give the value through both projections."""
    torch.manual_seed(0)
    layer = nn.TransformerEncoderLayer(16, 2, 32, dropout=0.0, batch_first=True, bias=bias)
    model = nn.TransformerEncoder(layer, 2, enable_nested_tensor=bias)
    before = model.eval().layers[0].self_attn
    assert swap_attention(model) == ["layers.0.self_attn", "layers.1.self_attn"]
    after, x = model.layers[0].self_attn, torch.randn(2, 1, 16)
    assert not after.training
    torch.testing.assert_close(after(x, x, x)[0], before(x, x, x)[0])
    x = torch.randn(2, 37, 16)
    padding = torch.arange(37) >= torch.tensor([[37], [20]])
    y = model(x, src_key_padding_mask=padding)
    assert y.isfinite().all()
    x[padding] += 100
    assert torch.equal(model(x, src_key_padding_mask=padding)[~padding], y[~padding])


def test_a_transformer_is_swapped_in_two_parts():
    torch.manual_seed(0)
    model = nn.Transformer(16, 2, 1, 1, 32, batch_first=True).eval()
    names = swap_attention(model.encoder) + swap_attention(model.decoder, causal=True)
    assert names == ["layers.0.self_attn"] * 2
    assert isinstance(model.decoder.layers[0].multihead_attn, nn.MultiheadAttention)
    source, target = torch.randn(2, 11, 16), torch.randn(2, 9, 16)
    padding = torch.arange(11) >= torch.tensor([[11], [6]])
    masks = {
        "src_key_padding_mask": padding,
        "memory_key_padding_mask": padding,
        "tgt_mask": nn.Transformer.generate_square_subsequent_mask(9),
    }
    y = model(source, target, **masks)
    target[:, 5:] += 1
    source[padding] += 100
    again = model(source, target, **masks)
    assert torch.equal(y[:, :5], again[:, :5]), "neither the future nor padding is heard"
    assert not torch.equal(y[:, 5:], again[:, 5:])


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (lambda: multihead(add_bias_kv=True), "one has add_bias_kv=True"),
        (lambda: multihead(add_zero_attn=True), "one has add_zero_attn=True"),
        (lambda: Own(16, 2), "one is of class Own, which has a forward of its own"),
        (lambda: parametrizations.weight_norm(multihead(), "in_proj_weight"), "parametrizations"),
        (lambda: prune.random_unstructured(multihead(), "in_proj_weight", 0.5), "one has in_proj"),
        (lambda: LinearAttention(2, 2), "one is of class LinearAttention, which is not known"),
    ],
)
def test_what_would_be_lost_is_refused_and_nothing_changes(made, message):
    model = nn.ModuleDict({"zero": encoder(1), "one": made()})
    before = list(model.modules())
    with pytest.raises(ValueError) as caught:
        swap_attention(model)
    assert message in str(caught.value) and "leave" in str(caught.value)
    assert list(model.modules()) == before
    assert swap_attention(model, leave=["one"]) == ["zero.layers.0.self_attn"]
    assert model["one"] is before[-1] or model["one"] in before


def test_hooks_stay_and_can_be_removed():
    model, seen = encoder(1), []
    attention = model.layers[0].self_attn
    handles = [
        attention.register_forward_hook(lambda module, given, found: seen.append("after")),
        attention.register_forward_pre_hook(lambda *_: seen.append("before"), with_kwargs=True),
        attention.register_full_backward_hook(lambda *_: seen.append("back")),
    ]
    swap_attention(model)
    x = torch.randn(2, 5, 16, requires_grad=True)
    model(x).sum().backward()
    assert seen == ["before", "after", "back"]
    for handle in handles:
        handle.remove()
    model(x).sum().backward()
    assert len(seen) == 3


def test_a_forward_of_its_own_is_refused():
    """As tools that wrap a module put it there."""
    model = encoder(1)
    model.layers[0].self_attn.forward = len
    with pytest.raises(ValueError, match=r"layers\.0\.self_attn has a forward of its own"):
        swap_attention(model)


def test_frozen_weights_stay_frozen():
    model = encoder(1).requires_grad_(False)
    model.layers[0].self_attn.in_proj_bias.requires_grad_(True)
    swap_attention(model)
    trained = {name for name, weight in model.named_parameters() if weight.requires_grad}
    inside = "layers.0.self_attn.attention."
    assert trained == {inside + name for name in ("w_q", "w_k", "value.bias")}


def test_one_module_in_two_places_stays_one():
    one = multihead()
    model = nn.ModuleDict({"a": Block(self_attn=one, again=one), "b": Block(self_attn=one)})
    assert swap_attention(model) == ["a.self_attn", "a.again", "b.self_attn"]
    assert isinstance(model["a"].self_attn, FFTInspiredMultiheadAttention)
    assert model["a"].self_attn is model["a"].again is model["b"].self_attn


def test_tied_weights_are_refused():
    model = encoder()
    model.layers[1].self_attn.in_proj_weight = model.layers[0].self_attn.in_proj_weight
    with pytest.raises(ValueError, match=r"layers.0.self_attn shares in_proj_weight with another"):
        swap_attention(model)


@pytest.mark.parametrize(
    ("name", "options"), [("cross_attn", {}), ("other", {"kdim": 8, "vdim": 8})]
)
def test_attention_to_another_sequence_is_left(name, options):
    model = Block(multihead_attn=multihead(), **{name: multihead(**options)})
    assert swap_attention(model) == ["multihead_attn"], "a name alone does not make it cross"
    assert isinstance(getattr(model, name), nn.MultiheadAttention)
    assert model(torch.randn(2, 5, 16), torch.randn(2, 7, options.get("kdim", 16))).isfinite().all()


def test_what_no_name_gives_away_is_told_by_the_user():
    x, memory = torch.randn(2, 5, 16), torch.randn(2, 7, 16)
    model = Block(first=multihead(), second=multihead())
    assert swap_attention(model) == ["first", "second"]
    with pytest.raises(ValueError, match=r"swap_attention\(model, leave=\[…\]\)"):
        model(x, memory)
    model = nn.Sequential(Block(first=multihead(), second=multihead()))
    assert swap_attention(model, leave=["second"]) == ["0.first"]
    assert model[0](x, memory).isfinite().all()
    with pytest.raises(ValueError, match="leave names 'third', which is no module of Sequential"):
        swap_attention(model, leave=["third"])
    with pytest.raises(TypeError, match=r"leave must be a list of names; got 'first': write \['f"):
        swap_attention(model, leave="first")


def test_with_nothing_to_swap_it_says_what_is_known():
    with pytest.raises(ValueError) as caught:
        swap_attention(nn.Linear(2, 2))
    assert "Linear has no self-attention that swap_attention knows" in str(caught.value)
    for known in ("torch.nn.MultiheadAttention", "BERT", "DistilBERT", "ViT"):
        assert known in str(caught.value)
    model = encoder(1)
    swap_attention(model)
    with pytest.raises(ValueError, match="has no self-attention"):
        swap_attention(model)
    with pytest.raises(ValueError, match="is attention itself: pass a module"):
        swap_attention(multihead())


@pytest.fixture
def padded():
    torch.manual_seed(1)
    return torch.randn(3, 11, 16), torch.arange(11) >= torch.tensor([[11], [7], [4]])


@pytest.mark.parametrize("causal", [False, True])
def test_a_padded_encoder_compiles_whole(causal, padded):
    model = encoder().eval()
    swap_attention(model, causal=causal)
    x, padding = padded
    future = torch.ones(11, 11).triu(1).bool() if causal else None
    options = {"mask": future, "src_key_padding_mask": padding, "is_causal": causal}
    whole = torch.compile(model, fullgraph=True, backend="aot_eager")
    torch.testing.assert_close(whole(x, **options), model(x, **options))


def test_a_padded_encoder_exports(padded):
    model = encoder().eval()
    swap_attention(model)
    x, padding = padded
    program = torch.export.export(model, (x,), {"src_key_padding_mask": padding})
    other = padding.roll(1, 0)
    y = program.module()(x, src_key_padding_mask=other)
    torch.testing.assert_close(y, model(x, src_key_padding_mask=other))


def test_what_is_compiled_still_refuses_a_bias(padded):
    module = FFTInspiredMultiheadAttention(16, 2, batch_first=True)
    x, padding = padded
    whole = torch.compile(module, fullgraph=True, backend="aot_eager")
    given = torch.zeros(3, 11).masked_fill(padding, -torch.inf)
    torch.testing.assert_close(whole(x, x, x, given)[0], module(x, x, x, given)[0])
    with pytest.raises(RuntimeError, match="must be bool, true for padding, or hold 0 and -inf"):
        whole(x, x, x, torch.full((3, 11), -0.5))


def test_off_the_processor_no_value_is_waited_for(padded):
    """A meta tensor has no values: whoever reads one raises."""
    model = encoder().eval().to("meta")
    swap_attention(model, causal=True)
    x, padding = (tensor.to("meta") for tensor in padded)
    future = nn.Transformer.generate_square_subsequent_mask(11, device="meta")
    layer = model.layers[0]
    assert layer(x, src_mask=future, src_key_padding_mask=padding).shape == x.shape
