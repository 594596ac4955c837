"""Wirings that lose nothing: empty places that relay, and the prefix wiring, in every form."""

import numpy as np
import pytest
import torch
from unit.attention_cases import LOSSLESS, inputs, mask_of, meetings_by_hand, schedule_of
from unit.attention_torch import BACKENDS, as_torch, by_dense_attention, relative

from fftia_lab import FFTInspiredAttention, StageOptions, butterfly_attention
from fftia_lab.attention import reference
from fftia_lab.attention.backends import compiled
from fftia_lab.attention.backends.layout import lay_out
from fftia_lab.attention.matrices import arrays, tensors

LENGTHS = [1, 2, 3, 5, 6, 8, 37, 100]
MASKS = ["none", "right", "left", "scattered"]


def mask_for(kind, n):
    if kind == "left":
        return mask_of("right", 3, n)[:, ::-1].copy()
    return mask_of(kind, 3, n, seed=n)


def forms(kind, n, causal, mask_kind):
    """The schedule, the arrays and the mask of one case."""
    schedule = schedule_of(kind, n, causal)
    return schedule, inputs(n, schedule.depth, seed=n), mask_for(mask_kind, n)


@pytest.mark.parametrize("mask_kind", MASKS)
@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("kind", LOSSLESS)
def test_meetings_follow_the_sentences(kind, causal, mask_kind):
    for n in LENGTHS:
        schedule, _, mask = forms(kind, n, causal, mask_kind)
        mask = np.ones((3, n), dtype=bool) if mask is None else mask
        real = np.pad(mask, ((0, 0), (0, schedule.size - n)))
        found = [*schedule.meetings(real)]
        alike = [*schedule.meetings(torch.tensor(real), torch)]
        for row in range(3):
            for stage, (partner, holds) in enumerate(meetings_by_hand(schedule, real[row])):
                assert found[stage][0][row].tolist() == partner
                assert found[stage][1][row].tolist() == holds
                assert schedule.partners(stage, real[row]).tolist() == partner
        for pair in zip(found, alike, strict=True):
            for one, other in zip(*pair, strict=True):
                assert np.array_equal(one, other.numpy()), "NumPy and PyTorch alike"


@pytest.mark.parametrize("mask_kind", MASKS)
@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("kind", LOSSLESS)
def test_every_form_is_the_reference_and_dense_attention(kind, causal, mask_kind, monkeypatch):
    monkeypatch.setattr(compiled, "compiled", lambda meeting: meeting)
    for n in LENGTHS:
        schedule, given, mask = forms(kind, n, causal, mask_kind)
        real = None if mask is None else torch.tensor(mask)
        wanted, wanted_gates = reference.butterfly_attention(*given, schedule, mask)
        direction = torch.randn(wanted.shape, generator=torch.Generator().manual_seed(n)).double()
        leaves = as_torch(*given)
        dense = by_dense_attention(*leaves, schedule, mask)
        slopes = torch.autograd.grad(dense, leaves, direction, allow_unused=True)
        assert relative(dense, torch.tensor(wanted)) < 1e-12, "two oracles, one answer"
        for backend in [*BACKENDS, "compiled"]:
            leaves = as_torch(*given)
            options = {"schedule": schedule, "mask": real, "backend": backend}
            y = butterfly_attention(*leaves, **options)
            with torch.no_grad():
                silent = butterfly_attention(*leaves, **options)
            assert max(relative(y, dense), relative(silent, dense)) < 1e-12, (n, backend)
            found = torch.autograd.grad(y, leaves, direction, allow_unused=True)
            for slope, exact in zip(found, slopes, strict=True):
                if slope is not None and exact is not None:
                    assert relative(slope, exact) < 1e-10, (n, backend)
            if backend in ("plain", "literal"):
                _, gates = butterfly_attention(*leaves, **options, return_gates=True)
                torch.testing.assert_close(gates, torch.tensor(wanted_gates), rtol=0, atol=1e-13)


@pytest.mark.parametrize("mask_kind", ["right", "scattered"])
@pytest.mark.parametrize("kind", LOSSLESS)
def test_the_matrix_times_x_is_the_output(kind, mask_kind):
    for n in (3, 5, 13):
        schedule, (x, w_q, w_k), mask = forms(kind, n, False, mask_kind)
        y, gates = reference.butterfly_attention(x, w_q, w_k, schedule, mask)
        matrix = arrays.attention_matrix(gates, schedule, mask)
        np.testing.assert_allclose(matrix @ x, y, atol=1e-12)
        np.testing.assert_allclose(matrix.sum(-1), 1, atol=1e-12)
        assert not np.where(mask[:, None, :, None], matrix, 0)[..., ~mask.any(0)].any()
        stages = arrays.stage_matrices(gates, schedule, mask)
        product = np.eye(schedule.places(n))
        for stage in stages:
            product = stage @ product
        real = mask[:, None, :, None]
        np.testing.assert_allclose(np.where(real, product[..., :n, :n] - matrix, 0), 0, atol=1e-12)
        same = tensors.attention_matrix(torch.tensor(gates), schedule, torch.tensor(mask))
        np.testing.assert_allclose(same.numpy(), matrix, atol=1e-13)


@pytest.mark.parametrize("kind", LOSSLESS)
def test_gradients_are_slopes(kind):
    schedule = schedule_of(kind, 5)
    leaves = as_torch(*inputs(5, schedule.depth, batch=2, d=2))
    for mask in (None, torch.tensor(mask_of("scattered", 2, 5))):

        def function(*weights, mask=mask):
            return butterfly_attention(*weights, schedule=schedule, mask=mask, backend="eager")

        assert torch.autograd.gradcheck(function, leaves)
        assert torch.autograd.gradgradcheck(function, leaves)


LAYERS = [{}, {"schedule": "shift"}, {"schedule": "benes"}, {"causal": True}]
LAYERS += [{"causal": True, "schedule": "prefix"}, {"projection": "model"}]


@pytest.mark.parametrize("options", LAYERS, ids=str)
def test_no_amount_of_padding_changes_a_layer(options):
    torch.manual_seed(0)
    layer = FFTInspiredAttention(16, 2, padding="relay", max_length=64, **options).double()
    for n in (1, 5, 8, 13):
        x = torch.randn(2, n, 16).double()
        alone = layer(x)
        past = torch.ones(n, n).tril().bool() if options.get("causal") else torch.ones(n, n).bool()
        assert layer.reach(n).equal(past), "everyone hears all that it may"
        assert layer.attention_matrix(x).ne(0).equal(past.expand(2, 2, n, n))
        for more in (1, 3, 20):
            padded = torch.nn.functional.pad(x, (0, 0, 0, more), value=torch.nan)
            mask = torch.arange(n + more).expand(2, -1) < n
            if options.get("schedule") != "benes":  # whose falling stages are others
                torch.testing.assert_close(layer(padded, mask)[:, :n], alone, rtol=0, atol=1e-12)
            assert layer.reach(n + more, mask[0])[:n, :n].equal(past)
            if "causal" in options:
                left, before = padded.roll(more, 1), mask.flip(1)
                assert layer.reach(n + more, before[0])[more:, more:].equal(past)
                assert not layer(left, before).isnan().any()


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("kind", LOSSLESS)
def test_what_stands_at_padding_or_in_the_future_changes_nothing(kind, backend):
    """Bit for bit: in values and, of padding, in the weights' gradients too."""
    schedule, mask = schedule_of(kind, 13), torch.tensor(mask_of("scattered", 3, 13))
    causal = schedule_of(kind, 13, causal=True)
    found, early = [], []
    for noise in (0.0, torch.nan):
        x, w_q, w_k = as_torch(*inputs(13, schedule.depth))
        noisy = torch.where(mask[:, None, :, None], x, x + noise).detach()
        y = butterfly_attention(noisy, w_q, w_k, schedule=schedule, mask=mask, backend=backend)
        y.transpose(1, 2)[mask].square().sum().backward()
        found.append((y.transpose(1, 2)[mask], w_q.grad, w_k.grad))
        late = x.detach().clone()
        late[:, :, 7:] += noise
        y = butterfly_attention(late, w_q, w_k, schedule=causal, backend=backend)
        early.append(y[:, :, :7])
    for before, after in zip(*found, strict=True):
        assert torch.equal(before, after)
    assert torch.equal(*early)


PLACE = 4 * 8  # bytes of a place: four channels in float64


def test_work_in_portions_for_the_cache_changes_nothing(monkeypatch):
    from fftia_lab.attention.backends import eager

    for kind in LOSSLESS:
        schedule = schedule_of(kind, 37)
        given, found = inputs(37, schedule.depth, batch=3, heads=4), []
        for mask in (None, *(torch.tensor(mask_for(m, 37)) for m in ("right", "scattered"))):
            for cache in (1, 4 * PLACE, 16 * PLACE, 3 * 64 * PLACE, 1 << 30):
                monkeypatch.setattr(eager, "CACHE", cache)
                leaves = as_torch(*given)
                y = butterfly_attention(*leaves, schedule=schedule, mask=mask)
                y.square().sum().backward()
                found.append([y.detach(), *(leaf.grad for leaf in leaves)])
            for other in found[-4:]:
                for a, b in zip(found[-5], other, strict=True):
                    torch.testing.assert_close(a, b, rtol=1e-12, atol=1e-13)


def rows_of(options, n):
    layout = lay_out(options.wire(n), n, None, torch.device("cpu"))
    return [stage.rows for stage in layout.stages]


def test_only_blocks_that_hold_a_token_are_visited():
    """Rows of differences, against ⌈n / 2t⌉·t, and against the shift's n a stage."""
    relays = StageOptions(padding="relay")
    for n in (1000, 3000, 5000):
        rows = rows_of(relays, n)
        bound = sum(-(-n // (2 << stage)) << stage for stage in range((n - 1).bit_length()))
        assert sum(rows) <= bound and sum(rows_of(StageOptions("shift"), n)) > 1.7 * bound
    assert bound == 36_548
    prefix, shift = (StageOptions(name, causal=True) for name in ("prefix", "shift"))
    for n in (1000, 3000, 5000):
        assert sum(rows_of(shift, n)) > 1.7 * sum(rows_of(prefix, n))


def test_a_dropped_meeting_is_no_dropped_copy():
    """Whoever holds nothing copies, whatever is dropped: else nothing would be there to hear."""
    schedule = schedule_of("butterfly relay", 5)
    x, w_q, w_k = as_torch(*inputs(5, 3))
    options = {"schedule": schedule, "dropout": 0.9, "return_gates": True}
    for mask in (None, torch.tensor([[True, False, True, True, False]] * 3)):
        y, gates = butterfly_attention(x, w_q, w_k, mask=mask, **options)
        real = torch.ones(1, 5, dtype=torch.bool) if mask is None else mask[:1]
        padded = np.pad(real.numpy(), ((0, 0), (0, 3)))
        for gate, (partner, holds) in zip(gates, schedule.meetings(padded), strict=True):
            copies = torch.tensor(~holds & (partner != np.arange(8)))[0]
            assert (gate[..., copies] == 1).all()
            assert (gate[..., ~copies] == 0).float().mean() > 0.5
        assert not y.isnan().any()
