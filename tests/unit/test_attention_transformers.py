"""`swap_attention` in encoders of transformers, built from small configs with random weights."""

import pytest
import torch
import transformers
from torch import nn

from fftia_lab import swap_attention
from fftia_lab.attention.families import SwappedSelfAttention

# transformers and PyTorch's compiler warn of their own ways
pytestmark = pytest.mark.filterwarnings("default")

SIZES = {
    "vocab_size": 50,
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 32,
    "max_position_embeddings": 64,
}
NAMES = {
    "Bert": "encoder.layer.{}.attention.self",
    "Roberta": "encoder.layer.{}.attention.self",
    "XLMRoberta": "encoder.layer.{}.attention.self",
    "Electra": "encoder.layer.{}.attention.self",
    "Camembert": "encoder.layer.{}.attention.self",
    "MegatronBert": "encoder.layer.{}.attention.self",
    "LayoutLM": "encoder.layer.{}.attention.self",
    "Splinter": "encoder.layer.{}.attention.self",
    "DistilBert": "transformer.layer.{}.attention",
}
PICTURES = ["ViT", "DeiT"]
EAGER_ONLY = ["LayoutLM", "MegatronBert", "Splinter"]


def built(kind, implementation="sdpa", model="Model", **options):
    torch.manual_seed(0)
    sizes = SIZES
    if kind == "DistilBert":
        sizes = {"vocab_size": 50, "dim": 16, "n_layers": 2, "n_heads": 2, "hidden_dim": 32}
    if kind in PICTURES:
        sizes = {**SIZES, "image_size": 8, "patch_size": 2}
        del sizes["vocab_size"], sizes["max_position_embeddings"]
    config = getattr(transformers, f"{kind}Config")(
        **sizes, attn_implementation=implementation, **options
    )
    return getattr(transformers, f"{kind}{model}")(config).eval()


def first_attention(model):
    return next(m for m in model.modules() if isinstance(m, SwappedSelfAttention)).attention


@pytest.fixture
def words():
    torch.manual_seed(1)
    return torch.randint(5, 50, (3, 13)), torch.arange(13) < torch.tensor([[13], [8], [5]])


@pytest.mark.parametrize("implementation", ["sdpa", "eager"])
@pytest.mark.parametrize("kind", NAMES)
def test_encoders_of_text_hear_no_padding(kind, implementation, words):
    ids, mask = words
    if kind in EAGER_ONLY:
        implementation = "eager"
    model = built(kind, implementation)
    assert swap_attention(model) == [NAMES[kind].format(i) for i in range(2)]
    y = model(ids, attention_mask=mask.long()).last_hidden_state
    other = torch.where(mask, ids, 7)
    again = model(other, attention_mask=mask.long()).last_hidden_state
    assert torch.equal(y[mask], again[mask]), "padding is not heard"
    assert not torch.equal(y[0], model(ids.flip(1)).last_hidden_state[0])
    assert model(ids).last_hidden_state.isfinite().all(), "no mask at all"
    y.sum().backward()
    attention = first_attention(model)
    assert attention.w_q.grad.any() and attention.value.weight.grad.any()


@pytest.mark.parametrize("kind", PICTURES)
def test_encoders_of_pictures(kind):
    model = built(kind)
    names = swap_attention(model)
    assert len(names) == 2 and all(name.endswith(".attention") for name in names)
    y = model(torch.randn(2, 3, 8, 8)).last_hidden_state
    assert y.isfinite().all()
    y.square().sum().backward()
    assert first_attention(model).w_q.grad.any()


@pytest.mark.parametrize("kind", ["Bert", "DistilBert", "ViT"])
def test_values_and_outputs_stay(kind):
    """Where nobody meets anybody both give the value through the projections."""
    model = built(kind)
    old = dict(model.named_modules())
    name = swap_attention(model)[0]
    x = torch.randn(2, 1, 16)
    torch.testing.assert_close(model.get_submodule(name)(x)[0], old[name](x)[0])


def decoder(implementation="sdpa"):
    model = built("Bert", implementation, "LMHeadModel", is_decoder=True)
    model.config.use_cache = False
    return model


def future_moves(model, ids, mask):
    """Return how far the first eight logits move when the tokens after them change."""
    other = torch.cat((ids[:, :8], (ids[:, 8:] + 1) % 50), 1)
    one, two = (model(tokens, attention_mask=mask).logits[:, :8] for tokens in (ids, other))
    heard = slice(None) if mask is None else mask[:, :8].bool()
    return (one - two)[heard].abs().max()


@pytest.mark.parametrize("implementation", ["sdpa", "eager"])
def test_a_causal_model_stays_causal(implementation, words):
    ids, right = words
    model = decoder(implementation)
    swap_attention(model)
    for mask in (None, torch.ones_like(ids), right.long(), right.flip(1).long()):
        assert future_moves(model, ids, mask) == 0
    mask = right.flip(1).long()
    other = torch.where(mask.bool(), ids, 7)
    y, again = (model(tokens, attention_mask=mask).logits for tokens in (ids, other))
    assert torch.equal(y[mask.bool()], again[mask.bool()]), "padding is not heard"
    with pytest.raises(ValueError, match=r"is causal: leave causal out, or pass causal=True"):
        swap_attention(decoder(), causal=False)


def test_a_causal_model_keeps_no_cache(words):
    ids, _ = words
    model = decoder()
    swap_attention(model)
    found = model.generate(ids, max_new_tokens=4, do_sample=False, use_cache=False)
    wanted = ids
    for _ in range(4):
        wanted = torch.cat((wanted, model(wanted).logits[:, -1:].argmax(-1)), 1)
    assert torch.equal(found, wanted[:, : found.shape[1]])
    with pytest.raises(ValueError, match="keeps no cache: call the model with use_cache=False"):
        model(ids, use_cache=True)


def test_a_decoder_keeps_its_view_of_the_encoder(words):
    ids, _ = words
    model = built("Bert", is_decoder=True, add_cross_attention=True)
    assert swap_attention(model) == [NAMES["Bert"].format(i) for i in range(2)]
    memory = torch.randn(3, 7, 16)
    y = model(ids, encoder_hidden_states=memory, use_cache=False).last_hidden_state
    again = model(ids, encoder_hidden_states=memory + 1, use_cache=False).last_hidden_state
    assert not torch.equal(y, again)


@pytest.mark.parametrize(
    ("kind", "options", "named"),
    [
        ("Albert", {"embedding_size": 8}, "AlbertAttention"),
        ("Esm", {"pad_token_id": 1, "position_embedding_type": "rotary"}, "EsmSelfAttention"),
        ("RoFormer", {}, "RoFormerSelfAttention"),
        ("GPT2", {"n_embd": 16, "n_layer": 1, "n_head": 2}, "GPT2Attention"),
        ("MobileBert", {"intra_bottleneck_size": 16}, "MobileBertSelfAttention"),
    ],
)
def test_other_models_are_refused_by_name(kind, options, named):
    model = built(kind, "eager", **options)
    before = list(model.modules())
    with pytest.raises(ValueError) as caught:
        swap_attention(model)
    assert named in str(caught.value) and "BERT, RoBERTa" in str(caught.value)
    assert list(model.modules()) == before


def swapped(**options):
    model = built("Bert")
    return model.get_submodule(swap_attention(model, **options)[0])


LATER = torch.ones(13, 13).triu(1).bool()


@pytest.mark.parametrize(
    ("mask", "message"),
    [
        (~LATER.expand(3, 1, 13, 13), "honours a padding mask"),
        (torch.full((3, 1, 1, 13), -0.5), "honours a padding mask"),
        (
            torch.ones(3, 1, 1, 13, dtype=torch.long),
            "must be bool or floating point; got",
        ),
        (
            torch.ones(3, 13),
            r"must have shape \(batch, 1, 1 or n, n\) = \(3, 1, 1 or 13, 13\); got",
        ),
        (torch.zeros(3, 2, 13, 13), r"must have shape \(batch, 1, 1 or n, n\)"),
        (torch.zeros(3, 1, 13, 20), r"must have shape \(batch, 1, 1 or n, n\)"),
    ],
)
def test_masks_that_cannot_be_honoured_raise(mask, message):
    with pytest.raises(ValueError, match=message):
        swapped()(torch.randn(3, 13, 16), mask)


def test_a_causal_layer_wants_padding_or_the_causal_mask():
    attention, x = swapped(causal=True), torch.randn(3, 13, 16)
    y = attention(x)[0]
    hidden = torch.zeros(13, 13).masked_fill(LATER, torch.finfo(torch.float32).min)
    for mask in (torch.zeros(3, 1, 1, 13), hidden.expand(3, 1, 13, 13), ~LATER[None, None]):
        assert torch.equal(attention(x, mask)[0], y)
    slopes = hidden - 0.5 * torch.arange(13)
    with pytest.raises(ValueError, match="honours a padding mask or the causal one"):
        attention(x, slopes[None, None])


def test_a_block_mask_of_flex_attention_raises():
    from torch.nn.attention.flex_attention import create_block_mask

    mask = create_block_mask(lambda b, h, q, k: k < 8, 3, None, 13, 13, device="cpu")
    with pytest.raises(
        ValueError, match='got BlockMask: load the model with attn_implementation="'
    ):
        swapped()(torch.randn(3, 13, 16), mask)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"encoder_hidden_states": torch.zeros(3, 13, 16)}, "is self-attention"),
        ({"output_attentions": True}, "returns no weights here"),
        ({"head_mask": torch.ones(2)}, "masks no heads"),
        ({"is_causal": True}, "is_causal=True needs a causal layer"),
    ],
)
def test_what_cannot_be_honoured_raises(options, message):
    with pytest.raises(ValueError, match=message):
        swapped()(torch.randn(3, 13, 16), **options)


def test_hooks_of_parts_that_go_are_refused():
    model = built("Bert")
    attention = model.encoder.layer[0].attention.self
    attention.value.register_forward_hook(lambda *_: None)
    handle = attention.query.register_forward_hook(lambda *_: None)
    with pytest.raises(ValueError, match=r"encoder\.layer\.0\.attention\.self\.query has hooks"):
        swap_attention(model)
    handle.remove()
    assert len(swap_attention(model)) == 2


@pytest.mark.parametrize("kind", ["Bert", "DistilBert"])
@pytest.mark.parametrize("implementation", ["sdpa", "eager"])
def test_a_padded_encoder_compiles_whole(kind, implementation, words):
    ids, mask = words
    model = built(kind, implementation)
    swap_attention(model)
    whole = torch.compile(model, fullgraph=True, backend="aot_eager")
    y = whole(ids, attention_mask=mask.long()).last_hidden_state
    torch.testing.assert_close(y, model(ids, attention_mask=mask.long()).last_hidden_state)


@pytest.mark.parametrize("causal", [False, True])
def test_a_padded_encoder_exports(causal, words):
    ids, mask = words
    model = decoder() if causal else built("Bert")
    swap_attention(model)
    given = {"attention_mask": mask.long()}
    program = torch.export.export(model, (ids,), given)
    other = {"attention_mask": mask.long().roll(1, 0)}
    torch.testing.assert_close(program.module()(ids, **other)[0], model(ids, **other)[0])


def test_frozen_stays_frozen_and_the_mode_stays():
    model = built("Bert").requires_grad_(False)
    swap_attention(model)
    attention = first_attention(model)
    assert not attention.training and not attention.value.weight.requires_grad
    assert attention.w_q.requires_grad and isinstance(attention.output, nn.Identity)
