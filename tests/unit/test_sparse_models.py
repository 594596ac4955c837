"""Models whose linear layers keep sparse spectra: GPT-2 from a config, reports, files."""

import copy
import os

import pytest
import torch
import transformers
from safetensors.torch import load_file, save_file
from torch import nn

from fftia_lab import compress_linear_layers, sst
from fftia_lab.mixing.sparse import SparseSpectralLinear, load_compressed, save_compressed
from fftia_lab.mixing.sparse.models import FORMAT

# transformers and PyTorch warn of their own ways
pytestmark = pytest.mark.filterwarnings("default")

SIZES = {"n_embd": 32, "n_layer": 2, "n_head": 2, "n_positions": 16, "vocab_size": 50}
SIZES |= {"bos_token_id": 0, "eos_token_id": 0}
INSIDE = ["attn.c_attn", "attn.c_proj", "mlp.c_fc", "mlp.c_proj"]
LAYERS = [f"transformer.h.{block}.{name}" for block in range(2) for name in INSIDE]
WORDS = torch.arange(24).reshape(2, 12)


def gpt2(seed=0, kind="GPT2LMHeadModel", **sizes):
    torch.manual_seed(seed)
    return getattr(transformers, kind)(transformers.GPT2Config(**SIZES | sizes)).eval()


def sequential():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(24, 48), nn.GELU(), nn.Linear(48, 24, bias=False))


def data_bytes(path):
    whole = path.read_bytes()
    return len(whole) - 8 - int.from_bytes(whole[:8], "little")


def test_gpt2_computes_what_its_spectra_say():
    model, dense = gpt2(), gpt2()
    report = compress_linear_layers(model, sparsity=0.20)
    assert [layer.name for layer in report.layers] == LAYERS
    for name in LAYERS:
        old, new = dense.get_submodule(name), model.get_submodule(name)
        assert isinstance(new, SparseSpectralLinear) and new.bias is not None
        wanted = sst(old.weight, 0.20).to_spatial()
        assert torch.equal(new.weight, wanted.T)
        with torch.no_grad():
            old.weight.copy_(wanted)
    found, wanted = (one(WORDS).logits.detach() for one in (model, dense))
    assert float((found - wanted).norm() / wanted.norm()) < 1e-5
    assert not torch.equal(gpt2()(WORDS).logits, wanted)


def test_the_report_tells_bytes_and_errors():
    model, dense = gpt2(), gpt2()
    report = compress_linear_layers(model, sparsity=0.20, coefficients=torch.float16)
    for layer in report.layers:
        old, new = dense.get_submodule(layer.name), model.get_submodule(layer.name)
        assert layer.shape == tuple(old.weight.shape)
        assert layer.dense_bytes == 4 * old.weight.numel() and layer.nbytes == new.nbytes
        assert layer.ratio == layer.dense_bytes / layer.nbytes > 7.5
        wrong = (new.weight.T - old.weight).detach().norm() / old.weight.detach().norm()
        assert layer.error == pytest.approx(float(wrong), rel=1e-5)
        assert 0.6 < layer.error < 0.75
    saved = sum(layer.dense_bytes - layer.nbytes for layer in report.layers)
    assert report.bytes_before - report.bytes_after == saved
    assert report.left == {
        "transformer.wte": "an embedding, whose rows are looked up",
        "transformer.wpe": "an embedding, whose rows are looked up",
        "lm_head": "its weight is that of transformer.wte too",
    }
    text = str(report)
    assert all(name in text for name in [*LAYERS, *report.left]) and f"{report.ratio:.2f}" in text
    assert model.lm_head.weight is model.transformer.wte.weight


@pytest.mark.parametrize("coefficients", [torch.float32, torch.float16], ids=str)
def test_the_file_is_smaller_by_the_reported_ratio(tmp_path, coefficients):
    model = gpt2(n_embd=64)
    save_compressed(model, tmp_path / "dense")
    report = compress_linear_layers(model, sparsity=0.20, coefficients=coefficients)
    save_compressed(model, tmp_path / "sparse")
    assert data_bytes(tmp_path / "dense") == report.bytes_before, "tied weights once"
    assert data_bytes(tmp_path / "sparse") == report.bytes_after
    whole = [os.path.getsize(tmp_path / name) for name in ("dense", "sparse")]
    assert whole[0] / whole[1] == pytest.approx(report.ratio, rel=0.1)


def test_a_file_gives_a_fresh_model_the_same_answers(tmp_path):
    model = gpt2()
    compress_linear_layers(model, sparsity=0.20)
    save_compressed(model, tmp_path / "one")
    for other in (gpt2(seed=1), copy.deepcopy(model)):
        assert load_compressed(other, tmp_path / "one") == LAYERS
        assert torch.equal(other(WORDS).logits, model(WORDS).logits)
        assert other.lm_head.weight is other.transformer.wte.weight
    different = gpt2(seed=2)
    compress_linear_layers(different, sparsity=0.05)
    load_compressed(different, tmp_path / "one")
    assert torch.equal(different(WORDS).logits, model(WORDS).logits), "of another sparsity too"


def test_a_state_dict_travels(tmp_path):
    one, other = sequential(), sequential()
    compress_linear_layers(one, sparsity=0.3)
    compress_linear_layers(other, sparsity=0.3)
    x = torch.randn(3, 24)
    with torch.no_grad():
        other[0].coefficients.add_(1)
    torch.save(one.state_dict(), tmp_path / "one.pt")
    other.load_state_dict(torch.load(tmp_path / "one.pt"))
    assert torch.equal(one(x), other(x)) and torch.equal(copy.deepcopy(one)(x), one(x))


def test_damage_leaves_a_model_as_it_was(tmp_path):
    path, model = tmp_path / "one", gpt2(seed=1)
    small = gpt2()
    compress_linear_layers(small, sparsity=0.20)
    save_compressed(small, path)
    whole, before = path.read_bytes(), copy.deepcopy(model.state_dict())

    def refused(wanted):
        with pytest.raises(ValueError) as caught:
            load_compressed(model, path)
        assert wanted in str(caught.value) and "\n" not in str(caught.value)
        state = model.state_dict()
        assert state.keys() == before.keys()
        assert all(torch.equal(state[name], before[name]) for name in before)

    for length in (0, 7, 100, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        refused(f"is no {FORMAT}, or cut short")
    tensors = {name: tensor for name, tensor in small.state_dict().items() if name[:2] != "lm"}
    words = {"format": FORMAT, "version": "1"}
    words["twins"] = '{"lm_head.weight": "transformer.wte.weight"}'

    def changed(**other):
        save_file({n: t for n, t in (tensors | other).items() if t is not None}, path, words)

    changed()
    load_compressed(gpt2(seed=1), path)
    changed(**{"transformer.ln_f.bias": None})
    refused("transformer.ln_f.bias is missing in the file and of shape (32,) in the model")
    changed(**{"transformer.ln_f.bias": torch.ones(3)})
    refused("transformer.ln_f.bias is of shape (3,) in the file")
    changed(extra=torch.ones(3))
    refused("extra is of shape (3,) in the file and missing in the model")
    changed(**{f"{LAYERS[0]}.code": torch.ones(2)})
    refused(f"{LAYERS[0]} is no sparse spectrum: its code is torch.float32")
    changed(**{f"{LAYERS[0]}.{k}": v for k, v in sst(torch.ones(4, 4), 0.5).parts().items()})
    refused(f"{LAYERS[0]} is (32, 96) there and (4, 4) in the file")
    changed(**{f"other.{k}": v for k, v in sst(torch.ones(4, 4), 0.5).parts().items()})
    refused("it has no linear layer other")
    save_file(tensors, path)
    refused("its format is 'one without a format'")


def test_linear_layers_of_pytorch():
    model, dense = sequential(), sequential()
    report = compress_linear_layers(model, sparsity=0.5)
    assert [layer.name for layer in report.layers] == ["0", "2"] and model[2].bias is None
    x = torch.randn(2, 5, 24)
    for place in (0, 2):
        dense[place].weight.data = sst(dense[place].weight.T, 0.5).to_spatial().T
    torch.testing.assert_close(model(x), dense(x))
    assert model(x).shape == (2, 5, 24)


def test_coefficients_can_be_trained():
    model, x = sequential(), torch.randn(64, 24)
    wanted = x.roll(1, 1)
    compress_linear_layers(model, sparsity=0.3)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    losses = []
    for _ in range(30):
        loss = (model(x) - wanted).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.8 * losses[0]


def test_what_is_frozen_hooked_shared_or_in_training_stays_so():
    model = sequential().eval()
    model[0].weight.requires_grad_(False)
    calls = []
    model[0].register_forward_hook(lambda module, inputs, output: calls.append(output.shape))
    model.append(model[0])
    report = compress_linear_layers(model, sparsity=0.3)
    assert [layer.name for layer in report.layers] == ["0", "2"]
    assert model[3] is model[0] and not model[0].training
    assert not model[0].coefficients.requires_grad and model[0].bias.requires_grad
    assert model[2].coefficients.requires_grad
    model(torch.randn(2, 24))
    assert calls == [(2, 48), (2, 48)]


def test_what_is_left_is_named():
    torch.manual_seed(0)
    model = nn.ModuleDict(
        {
            "attention": nn.MultiheadAttention(16, 2),
            "bilinear": nn.Bilinear(4, 4, 4),
            "derived": nn.utils.parametrizations.weight_norm(nn.Linear(8, 8)),
            "kept": nn.ModuleDict({"inner": nn.Linear(16, 16)}),
            "tiny": nn.Linear(2, 2),
            "one": nn.Linear(16, 16),
            "twin": nn.Linear(16, 16),
            "plain": nn.Linear(16, 16),
        }
    )
    model.twin.weight = model.one.weight
    report = compress_linear_layers(model, sparsity=0.3, leave=["kept"])
    assert [layer.name for layer in report.layers] == ["plain"]
    assert report.left == {
        "attention": "MultiheadAttention is no linear layer that is known",
        "attention.out_proj": "NonDynamicallyQuantizableLinear is no linear layer that is known",
        "bilinear": "Bilinear is no linear layer that is known",
        "derived.parametrizations.weight": "ParametrizationList is no linear layer that is known",
        "kept.inner": "in leave",
        "tiny": "would not be smaller",
        "one": "its weight is that of twin too",
        "twin": "its weight is that of one too",
    }


def test_an_encoder_of_pytorch_still_runs():
    torch.manual_seed(0)
    layer = nn.TransformerEncoderLayer(16, 2, 32, batch_first=True)
    model = nn.TransformerEncoder(layer, 1, enable_nested_tensor=False)
    report = compress_linear_layers(model, sparsity=0.5)
    assert [one.name for one in report.layers] == ["layers.0.linear1", "layers.0.linear2"]
    x = torch.randn(2, 5, 16)
    wanted = model.eval()(x)
    with torch.no_grad():
        torch.testing.assert_close(model(x), wanted)  # its fast path reads weights


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: compress_linear_layers(nn.GELU()), ValueError, "GELU holds no linear layer to"),
        (lambda: compress_linear_layers(nn.Linear(64, 64)), ValueError, "pass a module that holds"),
        (lambda: compress_linear_layers(sequential(), 0), ValueError, "above 0 and at most 1"),
        (lambda: compress_linear_layers(sequential(), leave="0"), TypeError, "write ['0']"),
        (lambda: compress_linear_layers(sequential(), leave=["7"]), ValueError, "names '7', which"),
        (lambda: compress_linear_layers(sequential(), 1.0), ValueError, "would not be smaller"),
        (lambda: SparseSpectralLinear(sst(torch.ones(4))), ValueError, "needs a matrix; got shape"),
        (
            lambda: SparseSpectralLinear(sst(torch.ones(4, 4)), torch.ones(3)),
            ValueError,
            "bias must have shape (4,); got (3,)",
        ),
        (
            lambda: SparseSpectralLinear(sst(torch.ones(4, 4)))(torch.ones(2, 3)),
            ValueError,
            "inputs = 4",
        ),
    ],
)
def test_bad_input_is_told(call, kind, message):
    with pytest.raises(kind) as caught:
        call()
    assert message in str(caught.value) and "\n" not in str(caught.value)


def test_a_damaged_weight_changes_nothing():
    model = sequential()
    with torch.no_grad():
        model[2].weight[0, 0] = torch.nan
    before = list(model)
    with pytest.raises(
        ValueError, match="2 cannot be compressed: its weight as data must hold fin"
    ):
        compress_linear_layers(model)
    assert list(model) == before


def test_a_state_with_other_things_is_refused(tmp_path):
    class Other(nn.Module):
        def get_extra_state(self):
            return {"a": 1}

    with pytest.raises(TypeError, match="_extra_state of the state is dict, and no tensor"):
        save_compressed(Other(), tmp_path / "one")
    assert os.listdir(tmp_path) == []


def test_names_in_the_file_are_those_of_the_state(tmp_path):
    model = gpt2()
    compress_linear_layers(model, sparsity=0.20)
    save_compressed(model, tmp_path / "one")
    assert {*load_file(tmp_path / "one")} == {*model.state_dict()} - {"lm_head.weight"}
