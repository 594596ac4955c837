"""What options do that no answer at the defaults shows: dropout, devices, weights, cost."""

import numpy as np
import pytest
import torch
from unit.attention_cases import inputs
from unit.attention_torch import as_torch

from fftia_lab import (
    ButterflySchedule,
    DenseAttention,
    FFTInspiredAttention,
    FFTInspiredMultiheadAttention,
    ShiftSchedule,
    StageOptions,
    butterfly_attention,
    cost,
)
from fftia_lab.attention.backends import eager, layout

LAYERS = [FFTInspiredAttention, DenseAttention]


def test_arguments_may_be_named():
    x, w_q, w_k = as_torch(*inputs(4, 2))
    found = butterfly_attention(w_k=w_k, w_q=w_q, x=x)
    assert torch.equal(found, butterfly_attention(x, w_q, w_k))


@pytest.mark.parametrize("layer", LAYERS)
def test_dropout_is_for_training_alone(layer):
    torch.manual_seed(0)
    dropping, x = layer(16, 2, dropout=0.5), torch.randn(2, 9, 16)
    assert not torch.equal(dropping(x), dropping(x)), "two draws"
    dropping.eval()
    plain = layer(16, 2)
    plain.load_state_dict(dropping.state_dict())
    assert torch.equal(dropping(x), dropping(x)) and torch.equal(dropping(x), plain(x))


@pytest.mark.parametrize("projection", ["head", "model"])
def test_queries_and_keys_of_unit_values_have_unit_variance(projection):
    torch.manual_seed(0)
    layer = FFTInspiredAttention(128, 4, projection=projection, max_length=64)
    wide = 32 if projection == "head" else 128
    for weight in (layer.w_q, layer.w_k):
        assert weight.std().item() == pytest.approx(wide**-0.5, rel=0.05)
        asked = torch.randn(1000, wide) @ weight.flatten(0, -3)[0]
        assert asked.std().item() == pytest.approx(1, rel=0.1)


def test_resetting_draws_every_parameter_anew():
    torch.manual_seed(0)
    layer = FFTInspiredAttention(32, 2, max_length=8)
    before = {name: one.detach().clone() for name, one in layer.named_parameters()}
    torch.manual_seed(1)
    layer.reset_parameters()
    again = FFTInspiredAttention(32, 2, max_length=8)
    for name, parameter in layer.named_parameters():
        assert not torch.equal(parameter, before[name]), name
        wanted = getattr(again.get_submodule(name.rpartition(".")[0]), name.rpartition(".")[2])
        assert parameter.std().item() == pytest.approx(wanted.std().item(), rel=0.2), name


@pytest.mark.parametrize("schedule", ["butterfly", "shift", "benes"])
@pytest.mark.parametrize("masked", [False, True])
def test_everything_that_is_made_is_made_where_the_input_is(schedule, masked):
    """On the meta device nothing can be computed, so a tensor from elsewhere would be refused."""
    layer = FFTInspiredAttention(16, 2, schedule=schedule, max_length=16).to("meta")
    x = torch.empty(2, 11, 16, device="meta")
    mask = torch.empty(2, 11, dtype=torch.bool, device="meta") if masked else None
    assert layer(x, mask).device.type == "meta"
    assert layer.attention_matrix(x, mask).device.type == "meta"
    dense = DenseAttention(16, 2, causal=True).to("meta")
    assert dense(x, mask).device.type == "meta"
    wiring = ShiftSchedule(11)
    for stage in layout.gathers_of(wiring, 11, None, torch.device("meta")):
        assert stage.index.device.type == stage.sides[0].hears.device.type == "meta"


@pytest.mark.parametrize("layer", LAYERS)
def test_a_batch_costs_its_rows(layer):
    one, three = layer(16, 2).cost(32), layer(16, 2).cost(32, batch=3)
    assert three.parameters == one.parameters
    assert three.others > 2 * one.others and three.moved > 2 * one.moved
    fixed = layer(16, 2).cost(32, batch=2).products - one.products
    assert three.products == one.products + 2 * fixed and fixed > 0


def test_cost_of_a_layer_is_that_of_its_options():
    layer = FFTInspiredAttention(
        16, 2, schedule="shift", causal=True, projection="model", share_stages=True
    )
    wanted = cost.butterfly_layer(
        9, 16, 2, 8, StageOptions("shift", "model", share_stages=True, causal=True), batch=5
    )
    assert layer.cost(9, batch=5) == wanted
    assert DenseAttention(16, 2, causal=True).cost(9, 5) == cost.dense_layer(
        9, 16, 2, 8, causal=True, batch=5
    )


def test_projections_have_a_bias_unless_it_is_refused():
    for given, wanted in (({}, True), ({"bias": False}, False)):
        attention = FFTInspiredMultiheadAttention(16, 2, **given).attention
        for projection in (attention.value, attention.output):
            assert (projection.bias is not None) is wanted


# ---- the eager form's two ways ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("grad", "wanted"),
    [
        ((), False),
        (("x",), True),
        (("w",), True),
        (("x", "w"), True),
    ],
)
def test_the_gradient_is_kept_only_where_one_is_wanted(grad, wanted, monkeypatch):
    x, w_q, w_k = (leaf.detach() for leaf in as_torch(*inputs(8, 3)))
    x.requires_grad_("x" in grad)
    w_q.requires_grad_("w" in grad)
    kept = []
    apply = eager._Attend.apply
    monkeypatch.setattr(eager._Attend, "apply", lambda *a: kept.append(a) or apply(*a))
    assert butterfly_attention(x, w_q, w_k).requires_grad is wanted
    assert bool(kept) is wanted
    with torch.no_grad():
        assert butterfly_attention(x, w_q, w_k).requires_grad is False
    assert len(kept) == wanted, "not where gradients are switched off"


@pytest.mark.parametrize(
    ("shape", "cache", "wanted"),
    [
        # (rows, heads) of each portion, by hand: 8 tokens of 4 numbers of 8 bytes are 256 a head
        ((3, 2, 8, 4), 1 << 20, [(3, 2)]),
        ((3, 2, 8, 4), 1024, [(2, 2), (1, 2)]),
        ((3, 2, 8, 4), 512, [(1, 2)] * 3),
        ((3, 2, 8, 4), 256, [(1, 1)] * 6),
        ((3, 2, 8, 4), 1, [(1, 1)] * 6),
        ((1, 5, 8, 4), 768, [(1, 3), (1, 2)]),
    ],
)
def test_work_is_cut_into_portions_that_fit_the_cache(shape, cache, wanted, monkeypatch):
    monkeypatch.setattr(eager, "CACHE", cache)
    x = torch.arange(float(np.prod(shape)), dtype=torch.float64).reshape(shape)
    portions = [x[rows, heads] for rows, heads in eager._portions(x)]
    assert [tuple(portion.shape[:2]) for portion in portions] == wanted
    together = torch.cat([portion.flatten() for portion in portions])
    assert torch.equal(together.sort().values, x.flatten()), "each number once"


def test_a_gpu_takes_everything_at_once():
    x = torch.empty(3, 2, 8, 1 << 20, device="meta")
    assert [tuple(x[part].shape) for part in eager._portions(x)] == [tuple(x.shape)]


# ---- numbers from NumPy ----------------------------------------------------------------------


def test_integers_of_numpy_are_integers():
    eight = np.int64(8)
    layer = FFTInspiredAttention(np.int64(16), np.int32(2), eight, max_length=eight)
    assert layer(torch.zeros(1, 8, 16)).shape == (1, 8, 16)
    assert layer.reach(eight).all() and layer.cost(eight, batch=np.int64(2)).products > 0
    layer.copy_stages(np.int64(4))
    assert type(layer.max_length) is int and type(layer.dim) is int
    assert type(DenseAttention(np.int64(16), np.int64(2)).dim_head) is int


LAYER = FFTInspiredAttention(16, 2, max_length=32)
X = torch.zeros(2, 8, 16)


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: LAYER(X, np.ones((2, 8), bool)), TypeError, "mask must be a bool tensor; got nda"),
        (lambda: LAYER(X, [[True] * 8] * 2), TypeError, "mask must be a bool tensor; got list: u"),
        (lambda: LAYER.reach(-1), ValueError, "n must lie in 0 to max_length = 32; got -1"),
        (lambda: LAYER.reach(99), ValueError, "n must lie in 0 to max_length = 32; got 99"),
        (lambda: LAYER.reach(4.0), TypeError, "n must be an integer; got 4.0"),
        (lambda: LAYER.reach(3, [True] * 3), TypeError, "mask must be a bool tensor; got list"),
        (lambda: LAYER.reach(3, torch.ones(4) > 0), ValueError, "(1, 3); got (1, 4)"),
        (lambda: LAYER.copy_stages(8.0), TypeError, "trained must be an integer; got 8.0"),
        (lambda: LAYER.copy_stages(1), ValueError, "trained must lie in 2 to max_length = 32; g"),
        (lambda: FFTInspiredAttention(16, 2, dropout=None), TypeError, "0.0 for none; got None"),
        (lambda: FFTInspiredAttention(16, 2, dropout="0"), TypeError, "0.0 for none; got '0'"),
        (lambda: FFTInspiredAttention(16, 2, share_stages="no"), TypeError, "share_stages must be"),
        (lambda: FFTInspiredAttention(16, 2, causal=1), TypeError, "causal must be True or False"),
        (lambda: DenseAttention(16, 2, causal="no"), TypeError, "causal must be True or False; go"),
        (lambda: FFTInspiredAttention(16, 2, max_length=8.0), TypeError, "max_length must be an i"),
    ],
)
def test_what_is_no_option_gives_one_clear_line(call, kind, message):
    with pytest.raises(kind) as caught:
        call()
    assert message in str(caught.value) and "\n" not in str(caught.value)


def test_a_wiring_as_text_is_not_taken():
    x, w_q, w_k = (leaf.detach() for leaf in as_torch(*inputs(8, 3)))
    with pytest.raises(TypeError, match="schedule must be a Schedule such as Butterfly"):
        butterfly_attention(x, w_q, w_k, schedule="butterfly")
    assert butterfly_attention(x, w_q, w_k, schedule=ButterflySchedule(8)).shape == x.shape
