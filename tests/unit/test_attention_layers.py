"""The layers: exact masks and causality, any length, the matrix, weights that travel."""

import numpy as np
import pytest
import torch
from unit import layer_cases
from unit.layer_cases import scattered

from fftia_lab import DenseAttention, FFTInspiredAttention, ShiftSchedule, StageOptions, cost
from fftia_lab.attention import reference

LENGTHS = [1, 2, 3, 5, 8, 37, 64, 100, 257]
OPTIONS = [
    {},
    {"causal": True},
    {"schedule": "butterfly", "causal": True},
    {"schedule": "shift"},
    {"schedule": "benes"},
    {"schedule": "benes", "causal": True},
    {"projection": "model"},
    {"share_stages": True},
]


def layer_of(dim=16, heads=2, seed=0, **options):
    torch.manual_seed(seed)
    return FFTInspiredAttention(dim, heads, max_length=512, **options).double().eval()


def tokens(batch, n, seed=1):
    return layer_cases.tokens(batch, n, 16, seed)


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("n", [1, 2, 5, 37, 64])
def test_a_layer_is_the_reference_between_two_projections(n, options):
    layer, x, mask = layer_of(**options), tokens(3, n), scattered(3, n)
    with torch.no_grad():
        found = layer(x, mask)
        silent = torch.where(mask[..., None], x, 0)
        value = layer._heads(layer.value(silent)).numpy()
        schedule = layer.options.wire(n)
        w_q, w_k = (w.numpy() for w in layer._weights(schedule))
        mixed, _ = reference.butterfly_attention(value, w_q, w_k, schedule, mask.numpy())
        wanted = layer.output(torch.tensor(mixed).transpose(1, 2).flatten(2))
    torch.testing.assert_close(found, wanted, rtol=0, atol=1e-13)


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("n", LENGTHS)
def test_the_matrix_is_what_the_layer_does(n, options):
    layer, x, mask = layer_of(**options), tokens(2, n), scattered(2, n)
    with torch.no_grad():
        matrix = layer.attention_matrix(x, mask)
        value = layer._heads(layer.value(torch.where(mask[..., None], x, 0)))
        mixed = (matrix @ value).transpose(1, 2).flatten(2)
        torch.testing.assert_close(layer.output(mixed), layer(x, mask), rtol=0, atol=1e-12)
        stages = layer.stage_factors(x, mask)
        product = torch.eye(layer.options.wire(n).places(n), dtype=x.dtype)
        for stage in stages:
            product = stage @ product
    real = mask[:, None, :, None]  # what the places of others relay is not theirs
    product = product[..., :n, :n].where(real, torch.eye(n, dtype=x.dtype))
    torch.testing.assert_close(matrix, product.expand_as(matrix), rtol=0, atol=1e-13)
    assert (matrix >= 0).all()
    torch.testing.assert_close(matrix.sum(-1), torch.ones_like(matrix[..., 0]))
    for row, head in enumerate(matrix[:, 0]):
        assert not head[~layer.reach(n, mask[row])].any(), "nobody hears whom it cannot reach"
    assert (stages.count_nonzero(-1) <= 2).all(), "two entries a row"


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("n", [5, 37, 64])
def test_padding_is_not_read(n, options):
    """Bit for bit: 100 more, infinity or no number at a masked token changes no other."""
    layer, x, mask = layer_of(**options).float(), tokens(3, n).float(), scattered(3, n)
    for one in (layer, DenseAttention(16, 2, causal=layer.causal)):
        before = one(x, mask)
        before.square().sum().backward()
        wanted = [parameter.grad.clone() for parameter in one.parameters()]
        for noise in (100.0, torch.inf, torch.nan):
            one.zero_grad()
            after = one(torch.where(mask[..., None], x, x + noise), mask)
            assert torch.equal(after, before)
            after.square().sum().backward()
            for parameter, gradient in zip(one.parameters(), wanted, strict=True):
                assert torch.equal(parameter.grad, gradient)


@pytest.mark.parametrize("options", [o for o in OPTIONS if o.get("causal")], ids=str)
@pytest.mark.parametrize("n", [2, 5, 37, 64])
def test_the_future_is_not_read(n, options):
    """Bit for bit, forwards; and no gradient flows back from a past token to a later one."""
    for layer in (layer_of(**options).float(), DenseAttention(16, 2, causal=True)):
        x = tokens(2, n).float()
        for now in {0, n // 2, n - 2}:
            later = x.clone()
            later[:, now + 1 :] += 100
            assert torch.equal(layer(later)[:, : now + 1], layer(x)[:, : now + 1])
        x.requires_grad_()
        layer(x)[:, : n // 2 + 1].square().sum().backward()
        assert not x.grad[:, n // 2 + 1 :].any() and x.grad[:, : n // 2 + 1].any()


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("n", LENGTHS)
def test_a_shift_does_not_notice_padding_on_the_right(n, causal):
    layer, x = layer_of(schedule="shift", causal=causal), tokens(3, n + 29)
    mask = (torch.arange(n + 29) < n).expand(3, -1)
    with torch.no_grad():
        torch.testing.assert_close(layer(x, mask)[:, :n], layer(x[:, :n]), rtol=0, atol=1e-14)


def test_ragged_rows_are_each_their_own_length():
    layer, x = layer_of(schedule="shift"), tokens(4, 50)
    lengths = [50, 37, 2, 1]
    mask = torch.arange(50) < torch.tensor(lengths)[:, None]
    with torch.no_grad():
        together = layer(x, mask)
        for row, length in enumerate(lengths):
            alone = layer(x[row : row + 1, :length])[0]
            torch.testing.assert_close(together[row, :length], alone, rtol=0, atol=1e-14)


@pytest.mark.parametrize("n", range(2, 201))
def test_reach(n):
    """Everyone hears all at every n; where padding keeps, a butterfly only at powers of two."""
    shift = layer_of(schedule="shift")
    assert shift.reach(n).all() and layer_of().reach(n).all()
    assert layer_of(padding="keep").reach(n).all() == (n & (n - 1) == 0)
    past = torch.ones(n, n).tril() > 0
    assert layer_of(causal=True).reach(n).equal(past), "causal means the prefix wiring"
    ragged = torch.arange(n) < max(1, 2 * n // 3)
    for layer in (shift, layer_of()):
        assert layer.reach(n, ragged)[ragged][:, ragged].all()
    if n < 70:
        assert layer_of(schedule="benes").reach(n).all()


def test_what_has_been_reached_is_really_heard():
    """The Jacobian of a layer is zero exactly where `reach` says so."""
    for options in ({}, {"causal": True}, {"schedule": "butterfly", "causal": True}):
        layer, x = layer_of(**options), tokens(1, 13)
        slopes = torch.autograd.functional.jacobian(lambda y, layer=layer: layer(y)[0], x)
        heard = slopes[:, :, 0].abs().amax((1, 3)) > 0
        assert heard.equal(layer.reach(13))


def test_dropout_skips_meetings_and_keeps_rows_normalised():
    torch.manual_seed(0)
    layer = FFTInspiredAttention(16, 2, dropout=0.3).double().train()
    x = tokens(4, 64)
    value = layer._heads(layer.value(x))
    from fftia_lab.attention import butterfly_attention

    weights = layer._weights(layer.options.wire(64))
    y, gates = butterfly_attention(value, *weights, dropout=0.3, return_gates=True)
    skipped = (gates == 0).double().mean()
    assert abs(skipped - 0.3) < 0.02, "a token skips three meetings of ten"
    _, whole = butterfly_attention(value, *weights, return_gates=True)
    kept = gates[0] != 0
    torch.testing.assert_close(gates[0][kept], whole[0][kept]), "the others are as they were"
    ones, _ = butterfly_attention(torch.ones_like(value), *weights, dropout=0.3, return_gates=True)
    torch.testing.assert_close(ones, torch.ones_like(ones)), "means of ones are ones"
    assert not torch.equal(layer(x), layer(x)), "training draws anew"
    layer.eval()
    assert torch.equal(layer(x), layer(x))
    assert not torch.equal(y, layer._meet(x, None))


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_weights_travel(options):
    layer, x = layer_of(**options), tokens(2, 37)
    other = layer_of(seed=5, **options)
    assert not torch.equal(other(x), layer(x))
    other.load_state_dict(layer.state_dict())
    assert torch.equal(other(x), layer(x))


def test_stages_that_do_not_fit_are_told_with_the_fix_which_works():
    long, short = (FFTInspiredAttention(16, 2, max_length=n) for n in (64, 32))
    state = long.state_dict()
    with pytest.raises(RuntimeError, match="w_q was saved with weights of 6 stages, and a layer"):
        short.load_state_dict(state)
    with pytest.raises(RuntimeError, match="has 6: make the layer with the max_length and share_"):
        long.load_state_dict(short.state_dict())
    for name in ("w_q", "w_k"):
        state[name] = state[name][:5]
    short.load_state_dict(state)
    x = torch.randn(1, 32, 16)
    assert short(x).equal(long(x))


@pytest.mark.parametrize("schedule", ["butterfly", "shift", "benes"])
def test_a_shared_stage_runs_at_any_length(schedule):
    short = FFTInspiredAttention(16, 2, schedule=schedule, share_stages=True, max_length=256)
    long = FFTInspiredAttention(16, 2, schedule=schedule, share_stages=True, max_length=1024)
    long.load_state_dict(short.state_dict())
    assert torch.equal(long(tokens(1, 200).float()), short(tokens(1, 200).float()))
    assert long(tokens(1, 1000).float()).isfinite().all()


@pytest.mark.parametrize("schedule", ["butterfly", "shift", "benes"])
def test_unseen_stages_copy_the_last_one_seen(schedule):
    layer = layer_of(schedule=schedule)
    before = layer(tokens(1, 64))
    layer.copy_stages(64)
    assert torch.equal(layer(tokens(1, 64)), before), "what was trained is as it was"
    w_q, _ = layer._weights(layer.options.wire(512))
    strides = layer.options.wire(512).strides
    widest = next(w for w, stride in zip(w_q, strides, strict=True) if stride == 32)
    for weight, stride in zip(w_q, strides, strict=True):
        if stride > 32 and (schedule != "benes" or stride == 256):
            assert torch.equal(weight, widest)
    if schedule == "benes":
        falling = {s: w for w, s in zip(w_q, strides, strict=True)}  # the later wins
        assert torch.equal(falling[128], falling[16]), "falling strides copy falling ones"
    with pytest.raises(ValueError, match="trained must lie in 2 to max_length = 512; got 513"):
        layer.copy_stages(513)


def test_benes_weights_belong_to_strides():
    """A longer network uses the same weight for the same stride on the same side."""
    layer = layer_of(schedule="benes")
    small, large = (layer._weights(layer.options.wire(n))[0] for n in (8, 64))
    assert torch.equal(small[:3], large[:3]), "rising 1, 2, 4"
    assert torch.equal(small[-2:], large[-2:]), "falling 2, 1"


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_costs_are_counted_from_the_weights(options):
    layer = layer_of(**options)
    counted = layer.cost(512).parameters
    held = sum(parameter.numel() for parameter in layer.parameters())
    assert counted == held
    dense = DenseAttention(16, 2)
    assert dense.cost(512).parameters == sum(p.numel() for p in dense.parameters())
    assert layer.cost(64) == cost.butterfly_layer(64, 16, 2, 8, StageOptions(**options))


def test_dense_attention_is_softmax():
    torch.manual_seed(0)
    for causal in (False, True):
        layer, x = DenseAttention(16, 2, causal=causal).double(), tokens(2, 9)
        q, k, v = (layer._heads(f(x)) for f in (layer.query, layer.key, layer.value))
        scores = q @ k.mT / np.sqrt(8)
        if causal:
            scores = scores.masked_fill(torch.ones(9, 9).triu(1) > 0, -torch.inf)
        mixed = scores.softmax(-1) @ v
        torch.testing.assert_close(layer(x), layer.output(mixed.transpose(1, 2).flatten(2)))


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_nothing_is_defined(options):
    layer = layer_of(**options)
    for one in (layer, DenseAttention(16, 2, causal=layer.causal).double()):
        assert one(tokens(2, 0)).shape == (2, 0, 16)
        assert one(tokens(0, 5)).shape == (0, 5, 16)
        assert one(tokens(2, 1)).isfinite().all()
        masked = one(tokens(2, 5), torch.zeros(2, 5, dtype=torch.bool))
        assert masked.isfinite().all()
    assert layer.attention_matrix(tokens(2, 1)).eq(1).all()


GOOD = torch.zeros(2, 8, 16)


@pytest.mark.parametrize(
    ("arguments", "options", "kind", "message"),
    [
        ((16, 3), {}, ValueError, "heads must divide dim; got dim=16, heads=3: choose another"),
        ((0,), {}, ValueError, "must be at least 1; got dim=0"),
        ((16, 2.0), {}, TypeError, "heads must be an integer; got 2.0 (float)"),
        ((16, 2, 0), {}, ValueError, "dim_head must be at least 1; got 0"),
        ((16, 2), {"dropout": 1.0}, ValueError, "dropout must lie in 0 to 1, 1 excluded; got 1"),
        (
            (16, 2),
            {"schedule": "star"},
            ValueError,
            "butterfly, shift, benes, prefix; got 'star'",
        ),
        ((16, 2), {"projection": "both"}, ValueError, "one of head, model; got 'both'"),
        ((16, 2), {"schedule": ""}, ValueError, "butterfly, shift, benes, prefix; got ''"),
        ((16, 2), {"schedule": []}, ValueError, "butterfly, shift, benes, prefix; got []"),
        ((16, 2), {"backend": []}, ValueError, "backend must be one of auto, eager, plain"),
        ((16, 2), {"causal": 1}, TypeError, "causal must be True or False; got 1"),
        ((16, 2), {"max_length": 0}, ValueError, "max_length must be at least 1; got 0"),
    ],
)
def test_bad_options_give_one_clear_line(arguments, options, kind, message):
    with pytest.raises(kind) as caught:
        FFTInspiredAttention(*arguments, **options)
    assert message in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize("layer", [FFTInspiredAttention, DenseAttention])
def test_one_channel_and_one_head_are_enough(layer):
    assert layer(1, 1)(torch.ones(1, 3, 1)).shape == (1, 3, 1)


def test_numpys_booleans_are_booleans():
    layer = FFTInspiredAttention(16, 2, causal=np.bool_(True), share_stages=np.bool_(False))
    assert layer.causal is True and layer.options.share_stages is False
    assert DenseAttention(16, 2, causal=np.bool_(True)).causal is True


@pytest.mark.parametrize(
    ("x", "mask", "kind", "message"),
    [
        (GOOD.long(), None, TypeError, "a floating point tensor; got torch.int64: call .float()"),
        (GOOD.numpy(), None, TypeError, "a floating point tensor; got ndarray: use torch.as_tens"),
        (GOOD + 0j, None, TypeError, "got torch.complex64: .float() would drop the imaginary part"),
        (GOOD.double(), None, TypeError, "x is torch.float64 and the layer's weights are torch.f"),
        (GOOD[0], None, ValueError, "(batch, n, dim) with dim = 16; got (8, 16)"),
        (GOOD[..., :8], None, ValueError, "with dim = 16; got (2, 8, 8)"),
        (GOOD, torch.ones(2, 8), TypeError, "got torch.float32: write mask != 0"),
        (GOOD, torch.ones(8, 2) > 0, ValueError, "(2, 8); got (8, 2)"),
        (torch.zeros(1, 33, 16), None, ValueError, "33 tokens and max_length is 32; make the"),
    ],
)
def test_bad_input_gives_one_clear_line(x, mask, kind, message):
    with pytest.raises(kind) as caught:
        FFTInspiredAttention(16, 2, max_length=32)(x, mask)
    assert message in str(caught.value) and "\n" not in str(caught.value)


def test_the_masked_reach_is_the_wirings():
    schedule, mask = ShiftSchedule(5), torch.tensor([True, True, False, True, False])
    wanted = np.where(mask[:, None], schedule.reach(mask=mask.numpy()), np.eye(5) > 0)
    assert np.array_equal(layer_of(schedule="shift").reach(5, mask).numpy(), wanted)
