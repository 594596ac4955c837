"""Meetings of more than two: any radix of a butterfly, from pairs to dense attention."""

import numpy as np
import pytest
import torch
from torch.nn.functional import scaled_dot_product_attention
from unit.attention_cases import inputs, mask_of
from unit.attention_torch import as_torch, relative

from fftia_lab import (
    ButterflySchedule,
    DenseAttention,
    FFTInspiredAttention,
    ShiftSchedule,
    StageOptions,
    butterfly_attention,
)
from fftia_lab.attention import reference
from fftia_lab.schedule import schedule_from_json

SIZES = [(1, 4), (8, 4), (16, 4), (32, 8), (64, 4), (64, 8), (16, 16), (16, 64)]
LENGTHS = [1, 2, 5, 8, 13, 16, 37]
FORMS = ["blocks", "literal"]


def wiring(n, radix, causal=False, padding="relay"):
    return ButterflySchedule(1 << max(n - 1, 0).bit_length(), causal, padding=padding, radix=radix)


def digits(i, size, radix):
    """The digits of a position, the last of which may be of a smaller radix."""
    found = []
    while size > 1:
        base = min(radix, size)
        found.append(i % base)
        i, size = i // base, size // base
    return found


@pytest.mark.parametrize(("size", "radix"), SIZES)
def test_groups_differ_in_one_digit(size, radix):
    schedule = ButterflySchedule(size, radix=radix)
    assert schedule.depth == len(digits(0, size, radix))
    for stage in range(schedule.depth):
        groups = schedule.groups(stage)
        assert sorted(groups.ravel().tolist()) == [*range(size)], "everyone is in one group"
        for group in groups.tolist():
            others = [
                digits(i, size, radix)[:stage] + digits(i, size, radix)[stage + 1 :] for i in group
            ]
            assert all(other == others[0] for other in others)
            assert [digits(i, size, radix)[stage] for i in group] == [*range(len(group))]
    stored = schedule.to_json()
    assert schedule_from_json(stored) == schedule and '"groups":' in stored


def test_radix_two_meets_as_pairs():
    pairs = ButterflySchedule(32)
    for stage in range(5):
        assert np.array_equal(
            pairs.groups(stage), pairs.pairs(stage)[np.argsort(pairs.pairs(stage)[:, 0])]
        )


@pytest.mark.parametrize(("size", "radix"), SIZES)
def test_everyone_hears_everyone_and_the_past_by_digits(size, radix):
    assert ButterflySchedule(size, radix=radix).reach().all()
    causal = ButterflySchedule(size, True, radix=radix).reach()
    for i, j in np.ndindex(size, size):
        below = zip(digits(j, size, radix), digits(i, size, radix), strict=True)
        assert causal[i, j] == all(a <= b for a, b in below)


@pytest.mark.parametrize("radix", [4, 8, 64])
def test_relays_lose_nothing_under_any_mask(radix):
    rng = np.random.default_rng(radix)
    for density in (0.1, 0.5, 0.9):
        for _ in range(30):
            real = rng.random(64) < density
            heard = ButterflySchedule(64, radix=radix).reach(mask=real)
            assert heard[real][:, real].all() and not heard[:, ~real].any()
    real = np.arange(16) < 13
    kept = ButterflySchedule(16, padding="keep", radix=4).reach(mask=real)
    assert not kept[:13, :13].all() and np.array_equal(kept[13:], np.eye(16)[13:] > 0)


def by_dense_attention(x, w_q, w_k, radix, causal, padding, mask):
    """Each stage as dense attention over all places, of which the group is allowed."""
    n, size = x.shape[2], 1 << max(x.shape[2] - 1, 0).bit_length()
    holds = torch.zeros(x.shape[0], size, dtype=torch.bool)
    holds[:, :n] = True if mask is None else torch.tensor(mask)
    state = torch.nn.functional.pad(x, (0, 0, 0, size - n))
    state = state.where(holds[:, None, :, None], 0)
    of = [digits(i, size, radix) for i in range(size)]
    own, past = torch.eye(size).bool(), torch.ones(size, size).tril().bool()
    for stage in range(len(of[0])):
        rest = [(*each[:stage], *each[stage + 1 :]) for each in of]
        same = torch.tensor([[a == b for b in rest] for a in rest])
        allowed = same & (past if causal else True) & holds[:, None, :]
        allowed = allowed & holds[..., None] if padding == "keep" else allowed
        hears = allowed.any(-1)
        query, key = (_project(state, w[min(stage, len(w) - 1)]) for w in (w_q, w_k))
        allowed = (allowed | (own & ~hears[..., None]))[:, None]
        state = scaled_dot_product_attention(query, key, state, attn_mask=allowed)
        holds = holds | hears
    real = torch.zeros_like(holds[:, :n]) | (True if mask is None else torch.tensor(mask))
    return state[:, :, :n].where(real[:, None, :, None], x)


def _project(x, weight):
    if weight.shape[-1] == x.shape[-1]:
        return x @ weight
    together = x.transpose(1, 2).flatten(2) @ weight
    return together.unflatten(2, (x.shape[1], -1)).transpose(1, 2)


@pytest.mark.parametrize("mask_kind", ["none", "right", "scattered"])
@pytest.mark.parametrize("padding", ["relay", "keep"])
@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("projection", ["head", "model"])
@pytest.mark.parametrize("radix", [4, 16, 64])
def test_every_form_is_the_reference_and_dense_attention(
    radix, projection, causal, padding, mask_kind
):
    for n in LENGTHS:
        schedule = wiring(n, radix, causal, padding)
        given, mask = inputs(n, schedule.depth, projection, seed=n), mask_of(mask_kind, 3, n, n)
        real = None if mask is None else torch.tensor(mask)
        wanted, wanted_weights = reference.butterfly_attention(*given, schedule, mask)
        leaves = as_torch(*given)
        dense = by_dense_attention(*leaves, radix, causal, padding, mask)
        assert relative(dense, torch.tensor(wanted)) < 1e-12, "two oracles, one answer"
        direction = torch.randn(wanted.shape, generator=torch.Generator().manual_seed(n)).double()
        slopes = torch.autograd.grad(dense, leaves, direction, allow_unused=True)
        for form in FORMS:
            leaves = as_torch(*given)
            y = butterfly_attention(*leaves, schedule=schedule, mask=real, backend=form)
            assert relative(y, dense) < 1e-12, (n, form)
            found = torch.autograd.grad(y, leaves, direction, allow_unused=True)
            for slope, exact in zip(found, slopes, strict=True):
                if slope is not None and exact is not None:
                    assert relative(slope, exact) < 1e-10, (n, form)
        options = {"schedule": schedule, "mask": real, "return_gates": True}
        if schedule.depth:
            _, weights = butterfly_attention(*leaves, **options)
            torch.testing.assert_close(weights, torch.tensor(wanted_weights), rtol=0, atol=1e-13)


@pytest.mark.parametrize("mask_kind", ["none", "right", "scattered"])
@pytest.mark.parametrize("causal", [False, True])
def test_several_groups_for_the_fused_kernel(causal, mask_kind):
    """Groups of 64 are handed over as heads: four of them, two heads and three rows stay apart."""
    n, schedule = 200, wiring(200, 64, causal)
    given, mask = inputs(n, schedule.depth), mask_of(mask_kind, 3, n)
    real = None if mask is None else torch.tensor(mask)
    leaves = as_torch(*given)
    y = butterfly_attention(*leaves, schedule=schedule, mask=real)
    dense_leaves = as_torch(*given)
    dense = by_dense_attention(*dense_leaves, 64, causal, "relay", mask)
    assert relative(y, dense) < 1e-12
    direction = torch.randn(y.shape, generator=torch.Generator().manual_seed(0)).double()
    slopes = (
        torch.autograd.grad(*each, direction) for each in ((y, leaves), (dense, dense_leaves))
    )
    for found, exact in zip(*slopes, strict=True):
        assert relative(found, exact) < 1e-10


def test_the_radix_of_all_tokens_is_dense_attention():
    for n in (5, 16, 37):
        x, w_q, w_k = as_torch(*inputs(n, 1))
        y = butterfly_attention(x, w_q, w_k, schedule=wiring(n, 64))
        torch.testing.assert_close(
            y, scaled_dot_product_attention(x @ w_q[0], x @ w_k[0], x), rtol=0, atol=1e-12
        )
    torch.manual_seed(0)
    ours = FFTInspiredAttention(16, 2, radix=64, max_length=64).double()
    dense = DenseAttention(16, 2).double()
    w_v = ours.value.weight.unflatten(0, (2, 8))  # (heads, d, dim)
    for layer, weight in ((dense.query, ours.w_q), (dense.key, ours.w_k)):
        layer.weight.data = (weight[0].mT @ w_v).flatten(0, 1).detach()
    dense.value.weight, dense.output.weight = ours.value.weight, ours.output.weight
    x, mask = torch.randn(2, 37, 16).double(), torch.arange(37) < torch.tensor([[37], [20]])
    torch.testing.assert_close(ours(x, mask)[1, :20], dense(x, mask)[1, :20], rtol=0, atol=1e-12)


def test_pairs_as_groups_of_two_are_the_pair_form():
    for n, causal in ((5, False), (16, False), (16, True)):
        leaves = as_torch(*inputs(n, (n - 1).bit_length()))
        schedule = wiring(n, 2, causal)
        both = [
            butterfly_attention(*leaves, schedule=schedule, backend=b) for b in ("blocks", "eager")
        ]
        torch.testing.assert_close(*both, rtol=0, atol=1e-12)


@pytest.mark.parametrize("radix", [4, 8])
def test_no_amount_of_padding_changes_a_layer(radix):
    torch.manual_seed(0)
    layer = FFTInspiredAttention(16, 2, radix=radix, max_length=64).double()
    for n in (1, 5, 8, 13):
        x = torch.randn(2, n, 16).double()
        alone = layer(x)
        assert layer.reach(n).all()
        for more in (1, 3, 20):
            padded = torch.nn.functional.pad(x, (0, 0, 0, more), value=torch.nan)
            mask = torch.arange(n + more).expand(2, -1) < n
            torch.testing.assert_close(layer(padded, mask)[:, :n], alone, rtol=0, atol=1e-12)


@pytest.mark.parametrize("options", [{}, {"causal": True, "schedule": "butterfly"}], ids=str)
def test_the_matrix_is_what_the_layer_does(options):
    layer = FFTInspiredAttention(16, 2, radix=4, max_length=64, **options).double()
    for n in (5, 16, 37):
        x, mask = torch.randn(3, n, 16).double(), torch.tensor(mask_of("right", 3, n))
        matrix = layer.attention_matrix(x, mask)
        value = layer._heads(layer.value(torch.where(mask[..., None], x, 0)))
        mixed = (matrix @ value).transpose(1, 2).flatten(2)
        torch.testing.assert_close(layer.output(mixed), layer(x, mask), rtol=0, atol=1e-12)
        torch.testing.assert_close(matrix.sum(-1), torch.ones_like(matrix[..., 0]))
        for row in range(3):
            heard = matrix[row, 0] != 0
            assert heard.equal(layer.reach(n, mask[row]))


@pytest.mark.parametrize("form", FORMS)
def test_what_stands_at_padding_changes_nothing(form):
    """Bit for bit, in values and in the weights' gradients."""
    schedule, mask = wiring(13, 4), torch.tensor(mask_of("scattered", 3, 13))
    found = []
    for noise in (0.0, torch.nan):
        x, w_q, w_k = as_torch(*inputs(13, schedule.depth))
        noisy = torch.where(mask[:, None, :, None], x, x + noise).detach()
        y = butterfly_attention(noisy, w_q, w_k, schedule=schedule, mask=mask, backend=form)
        y.transpose(1, 2)[mask].square().sum().backward()
        found.append((y.transpose(1, 2)[mask], w_q.grad, w_k.grad))
    for before, after in zip(*found, strict=True):
        assert torch.equal(before, after)


def test_dropout_skips_members_and_rows_keep_their_sum():
    torch.manual_seed(0)
    x, w_q, w_k = as_torch(*inputs(13, 2, d=4))
    ones = torch.ones_like(x)
    mask = torch.tensor(mask_of("scattered", 3, 13))
    options = {"schedule": wiring(13, 4), "dropout": 0.9}
    y = butterfly_attention(ones, w_q, w_k, mask=mask, **options)
    torch.testing.assert_close(y, ones)
    apart = torch.eye(13).double().expand(3, 1, 13, 13)  # a channel for each token's share
    shares = butterfly_attention(apart, *torch.zeros(2, 2, 13, 13).double(), **options)
    assert (shares.diagonal(dim1=2, dim2=3) > 0).all(), "nobody skips itself"
    moved = (butterfly_attention(x, w_q, w_k, **options) - x).abs().amax(-1) > 1e-9
    assert 0.2 < moved.double().mean() < 0.9, "some have heard nobody"


def test_it_is_compiled_and_exported():
    layer = FFTInspiredAttention(16, 2, radix=4, max_length=64).double().eval()
    x, mask = torch.randn(2, 13, 16).double(), torch.arange(13).expand(2, -1) < 11
    wanted = layer(x, mask)
    program = torch.export.export(layer, (x, mask)).module()
    torch.testing.assert_close(program(x, mask), wanted, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: ButterflySchedule(8, radix=3), ValueError, "radix must be a power of two"),
        (lambda: ButterflySchedule(8, radix=1), ValueError, "radix must be at least 2"),
        (lambda: ButterflySchedule(8, radix=True), TypeError, "radix must be an integer"),
        (lambda: ButterflySchedule(8, radix=4).partners(0), ValueError, "ask for groups(stage)"),
        (lambda: ButterflySchedule(8, radix=4).pairs(0), ValueError, "ask for groups(stage)"),
        (lambda: ButterflySchedule(8, radix=4).groups(2), IndexError, "allowed: 0 to 1"),
        (lambda: StageOptions("shift", radix=4), ValueError, 'wants schedule="butterfly"'),
        (lambda: StageOptions(radix=6), ValueError, "radix must be a power of two"),
        (
            lambda: FFTInspiredAttention(16, 2, radix=4, backend="eager"),
            ValueError,
            "cannot do: more than two that meet",
        ),
        (
            lambda: butterfly_attention(
                *as_torch(*inputs(8, 3)), schedule=ShiftSchedule(8), backend="blocks"
            ),
            ValueError,
            "cannot do: wirings that are no butterfly",
        ),
    ],
)
def test_what_cannot_be_says_so(call, error, message):
    with pytest.raises(error) as caught:
        call()
    assert message in str(caught.value) and "\n" not in str(caught.value)
