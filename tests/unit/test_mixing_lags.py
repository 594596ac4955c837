"""Attention over lags: what it multiplies by, masks, causality to the last bit, what it lacks."""

import numpy as np
import pytest
import scipy.linalg
import torch
from unit.layer_cases import differentiable, numbers, scattered, seeded, transforms, travels

from fftia_lab.mixing import (
    CirculantAttention,
    circulant_attention,
    lag_matrix,
    lag_scores,
    nearest_circulant,
)
from fftia_lab.mixing import reference_circulant as reference

LENGTHS = [1, 2, 3, 7, 8, 9, 37, 64]
FORMS = [False, True]
KINDS = [{}, {"causal": True}, {"scores": "pairs"}]


def drawn(n, batch=3, heads=2, d=4, spread=3.0):
    return spread * numbers(batch, heads, n), numbers(batch, heads, n, d, seed=1)


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("causal", FORMS)
@pytest.mark.parametrize("n", LENGTHS)
def test_the_product_is_the_definition(n, causal, masked):
    scores, values = drawn(n)
    mask = scattered(3, n) if masked else None
    wanted = np.empty(values.shape)
    matrices = np.empty((*scores.shape, n))
    for row, head in np.ndindex(*scores.shape[:2]):
        real = None if mask is None else mask[row].numpy()
        matrices[row, head] = reference.lag_matrix(scores[row, head].numpy(), real, causal)
        wanted[row, head] = matrices[row, head] @ values[row, head].numpy()
    found = circulant_attention(scores, values, mask, causal=causal)
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-13)
    matrix = lag_matrix(scores, mask, causal=causal)
    np.testing.assert_allclose(matrix, matrices, rtol=0, atol=1e-15)
    sums = torch.ones(3, n) if mask is None else mask.double()
    np.testing.assert_allclose(matrix.sum(-1), sums[:, None].expand_as(scores), rtol=0, atol=1e-14)
    assert (matrix >= 0).all()


@pytest.mark.parametrize("n", LENGTHS)
def test_scores_of_pairs_are_their_means(n):
    query, key = numbers(3, 2, n, 4), numbers(3, 2, n, 4, seed=1)
    mask = scattered(3, n)
    for real in (torch.ones(3, n) > 0, mask):
        found = lag_scores(query, key, None if real.all() else real)
        for row, head in np.ndindex(3, 2):
            kept = real[row]
            if kept.any():
                each = (part[row, head, kept].numpy() for part in (query, key))
                wanted = reference.lag_scores(*each)
                np.testing.assert_allclose(found[row, head, kept], wanted, rtol=0, atol=1e-13)
            assert not found[row, head, ~kept].any()
    assert lag_scores(query[:, :, :0], key[:, :, :0]).shape == (3, 2, 0)
    nearest = nearest_circulant((query @ key.mT)[2, 1] / 4**0.5)
    torch.testing.assert_close(lag_scores(query, key)[2, 1], nearest, rtol=0, atol=1e-13)


def test_the_circular_matrix_is_scipys_circulant():
    scores, _ = drawn(9)
    row = scores[0, 0].softmax(0)
    np.testing.assert_allclose(
        lag_matrix(scores)[0, 0], scipy.linalg.circulant(row.numpy()), rtol=0, atol=1e-15
    )


def test_the_causal_matrix_is_toeplitz_up_to_the_scale_of_its_rows():
    scores, _ = drawn(9)
    matrix = lag_matrix(scores, causal=True)[0, 0].numpy()
    weights = np.exp(scores[0, 0].numpy())
    scale = np.cumsum(weights)[:, None]
    wanted = scipy.linalg.toeplitz(weights, np.zeros(9))
    np.testing.assert_allclose(matrix * scale, wanted, rtol=0, atol=1e-13 * weights.max())
    assert np.abs(np.diff(np.diag(matrix))).max() > 0.1, "it is not Toeplitz itself"


@pytest.mark.parametrize("n", [8, 37])
def test_later_tokens_change_no_bit_of_earlier_outputs(n):
    scores, values = drawn(n)
    now = circulant_attention(scores, values, causal=True)
    for cut in range(1, n):
        louder, other = scores.clone(), values.clone()
        louder[..., cut:] = 300 * numbers(*scores[..., cut:].shape, seed=4)
        other[:, :, cut:] = torch.nan
        changed = circulant_attention(louder, other, causal=True)
        assert torch.equal(changed[:, :, :cut], now[:, :, :cut]), cut
        assert changed[:, :, cut:].isnan().all()


def test_scores_of_any_size_keep_their_precision():
    """One transform over all would lose the first rows behind weights e^600 times larger."""
    scores, values = drawn(40)
    scores[..., 25:] += 600
    wanted = lag_matrix(scores, causal=True) @ values
    found = circulant_attention(scores, values, causal=True)
    torch.testing.assert_close(found, wanted, rtol=0, atol=1e-13)
    wanted = lag_matrix(scores.float().double(), causal=True) @ values
    single = circulant_attention(scores.float(), values.float(), causal=True)
    torch.testing.assert_close(single.double(), wanted, rtol=0, atol=3e-6)


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_masked_tokens_are_as_if_they_were_not_there(kind):
    layer = seeded(lambda: CirculantAttention(8, 2, **kind))
    for n in (1, 5, 8, 21):
        x, mask = numbers(3, n, 8), scattered(3, n)
        poisoned = x.where(mask[..., None], torch.nan).requires_grad_()
        found = layer(poisoned, mask)
        for row, real in enumerate(mask):
            alone = layer(x[row : row + 1, real])
            torch.testing.assert_close(found[row : row + 1, real], alone, rtol=0, atol=1e-14)
            assert not found[row, ~real].any()
        found.square().sum().backward()
        assert poisoned.grad.isfinite().all()
        assert not poisoned.grad[~mask].any()
        assert all(weight.grad.isfinite().all() for weight in layer.parameters())


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("n", [1, 6, 13])
def test_the_layer_is_its_matrix_between_two_projections(n, kind):
    layer = seeded(lambda: CirculantAttention(8, 2, **kind))
    x, mask = numbers(3, n, 8), scattered(3, n)
    values = layer.value(x).unflatten(2, (2, 4)).transpose(1, 2)
    mixed = (layer.attention_matrix(x, mask) @ values).transpose(1, 2).flatten(2)
    torch.testing.assert_close(layer(x, mask), layer.output(mixed), rtol=0, atol=1e-14)
    assert layer(x[:, :0]).shape == (3, 0, 8)


@pytest.mark.parametrize("causal", FORMS)
def test_what_is_masked_reaches_no_gradient(causal):
    mask = scattered(2, 9)
    poisoned = [
        numbers(2, 3, 9, 4, seed=seed).where(mask[:, None, :, None], torch.nan).requires_grad_()
        for seed in range(3)
    ]
    query, key, value = poisoned
    scores = lag_scores(query, key, mask)
    circulant_attention(scores, value, mask, causal=causal).square().sum().backward()
    for part in poisoned:
        assert part.grad.isfinite().all()
        assert not part.grad.movedim(1, 0)[:, ~mask].any()
    alone = scores.detach().where(mask[:, None], torch.nan).requires_grad_()
    circulant_attention(alone, value, mask, causal=causal).square().sum().backward()
    assert alone.grad.isfinite().all()


def test_a_shift_of_the_input_is_twice_a_shift_of_the_output():
    """Unless scores are those of pairs, which a shift leaves as they are."""
    layer = seeded(lambda: CirculantAttention(8, 2))
    pairs = seeded(lambda: CirculantAttention(8, 2, scores="pairs"))
    x = numbers(2, 11, 8)
    for by in (1, 4):
        torch.testing.assert_close(
            layer(x.roll(by, 1)), layer(x).roll(2 * by, 1), rtol=0, atol=1e-14
        )
        assert not torch.allclose(layer(x.roll(by, 1)), layer(x).roll(by, 1), atol=1e-3)
        torch.testing.assert_close(pairs(x.roll(by, 1)), pairs(x).roll(by, 1), rtol=0, atol=1e-14)
    ahead, shifted = (layer.attention_matrix(y).mT @ y[:, None] for y in (x, x.roll(1, 1)))
    torch.testing.assert_close(shifted, ahead, rtol=0, atol=1e-14, msg="lags counted ahead")


def test_a_weight_on_one_lag_is_a_shift():
    scores = torch.full((1, 1, 7), -torch.inf)
    scores[..., 3] = 0
    values = numbers(1, 1, 7, 2).float()
    torch.testing.assert_close(circulant_attention(scores, values), values.roll(3, 2))


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_derivatives_and_transforms(kind):
    layer = seeded(lambda: CirculantAttention(2, 2, **kind))
    mask = torch.tensor([[True, True, False, True, True], [False] * 5])
    assert differentiable(layer, numbers(1, 5, 2))
    assert differentiable(layer, numbers(2, 5, 2), mask)
    transforms(layer, numbers(3, 5, 2))


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_weights_travel_and_halves_come_out_as_halves(kind):
    assert travels(lambda: CirculantAttention(8, 2, **kind), numbers(2, 5, 8))
    layer, x = seeded(lambda: CirculantAttention(8, 2, **kind)), numbers(2, 37, 8)
    for dtype in (torch.float16, torch.bfloat16, torch.float32):
        found = seeded(lambda: CirculantAttention(8, 2, **kind)).to(dtype)(x.to(dtype))
        assert found.dtype == dtype
        error = (found.double() - layer(x)).norm() / layer(x).norm()
        assert error < 4 * torch.finfo(dtype).eps


def test_exported_it_takes_other_lengths():
    layer = seeded(lambda: CirculantAttention(8, 2))
    shapes = ({1: torch.export.Dim.AUTO},)
    program = torch.export.export(layer, (numbers(2, 11, 8),), dynamic_shapes=shapes).module()
    for n in (7, 12, 64):
        x = numbers(2, n, 8)
        torch.testing.assert_close(program(x), layer(x), rtol=0, atol=1e-15)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: CirculantAttention(8, 3), ValueError, "heads must divide dim; got dim=8, heads=3"),
        (lambda: CirculantAttention(8, scores="x"), ValueError, "scores must be one of place, pai"),
        (lambda: CirculantAttention(8, causal=True, scores="pairs"), ValueError, "future's too"),
        (lambda: lag_scores(numbers(1, 1, 2, 3), numbers(1, 1, 3, 3)), ValueError, "one shape"),
        (lambda: CirculantAttention(0), ValueError, "dim must be at least 1; got 0"),
        (lambda: CirculantAttention(8, 2, 1), TypeError, "causal must be True or False"),
        (lambda: CirculantAttention(8, 2)(numbers(2, 5, 7)), ValueError, "embed_dim = 8; got"),
        (lambda: CirculantAttention(8, 2)(torch.ones(2, 5, 8).int()), TypeError, "floating point"),
        (
            lambda: CirculantAttention(8, 2)(torch.ones(1, 2, 8), torch.ones(1, 2)),
            TypeError,
            "mask must be bool",
        ),
        (
            lambda: CirculantAttention(8, 2)(torch.ones(1, 2, 8), torch.ones(1, 3) > 0),
            ValueError,
            "mask must have shape",
        ),
        (lambda: circulant_attention(numbers(1, 2, 3), numbers(1, 2, 4, 1)), ValueError, "scores"),
        (lambda: circulant_attention(numbers(3), numbers(3)), ValueError, "values"),
        (lambda: circulant_attention(None, numbers(3)), TypeError, "scores must be a torch tensor"),
    ],
)
def test_what_does_not_fit_is_refused(call, error, words):
    with pytest.raises(error, match=words):
        call()
