"""The NumPy reference against loops over tokens, and the facts that need no other program."""

import numpy as np
import pytest
from unit.attention_cases import (
    KINDS,
    LENGTHS,
    MASKS,
    PROJECTIONS,
    inputs,
    mask_of,
    partner_by_hand,
    schedule_of,
)

from fftia_lab import ButterflySchedule, ShiftSchedule
from fftia_lab.attention.reference import butterfly_attention


def by_loops(x, w_q, w_k, schedule, mask):
    """Every stage, row, head and token in turn, with a softmax over two scores."""
    batch, heads, n, d = x.shape
    mask = np.ones((batch, n), dtype=bool) if mask is None else mask
    gates = np.zeros((schedule.depth, batch, heads, n))
    for stage in range(schedule.depth):
        before = x.copy()
        for row, head, i in np.ndindex(batch, heads, n):
            j = partner_by_hand(schedule, stage, mask, row, i)
            if j == i:
                continue
            own = slice(head * d, (head + 1) * d)
            tokens = {t: before[row, :, t].reshape(-1) for t in (i, j)}
            if w_q.shape[1:] == (heads * d, heads * d):
                q = (tokens[i] @ w_q[stage])[own]
                k = {t: (tokens[t] @ w_k[stage])[own] for t in (i, j)}
            else:
                query, key = (w[stage] if w.ndim == 3 else w[stage, head] for w in (w_q, w_k))
                q = tokens[i][own] @ query
                k = {t: tokens[t][own] @ key for t in (i, j)}
            mine, other = np.exp(q @ k[i] / np.sqrt(d)), np.exp(q @ k[j] / np.sqrt(d))
            gates[stage, row, head, i] = other / (mine + other)
            x[row, head, i] = (mine * tokens[i][own] + other * tokens[j][own]) / (mine + other)
    return x, gates


@pytest.mark.parametrize("projection", PROJECTIONS)
@pytest.mark.parametrize("mask_kind", MASKS)
@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n", [1, 2, 3, 5, 8])
def test_every_token_by_hand(n, kind, causal, mask_kind, projection):
    schedule = schedule_of(kind, n, causal)
    x, w_q, w_k = inputs(n, schedule.depth, projection)
    mask = mask_of(mask_kind, len(x), n)
    kept = x.copy()
    found, gates = butterfly_attention(x, w_q, w_k, schedule, mask)
    np.testing.assert_array_equal(x, kept)
    wanted, wanted_gates = by_loops(x, w_q, w_k, schedule, mask)
    np.testing.assert_allclose(found, wanted, atol=1e-13)
    np.testing.assert_allclose(gates, wanted_gates, atol=1e-13)
    assert ((gates >= 0) & (gates <= 1)).all()


@pytest.mark.parametrize("mask_kind", ["right", "scattered"])
@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n", LENGTHS)
def test_meetings_follow_the_sentences(n, kind, causal, mask_kind):
    schedule = schedule_of(kind, n, causal)
    mask = mask_of(mask_kind, 3, n, seed=n)
    real = np.pad(mask, ((0, 0), (0, schedule.size - n)))
    for stage in range(schedule.depth):
        found = schedule.partners(stage, real)
        wanted = [
            [partner_by_hand(schedule, stage, real, row, i) for i in range(schedule.size)]
            for row in range(len(real))
        ]
        np.testing.assert_array_equal(found, wanted)


@pytest.mark.parametrize("n", range(2, 70))
def test_reach_with_right_padding(n):
    """Masked, the butterfly fails at every length that is no power of two; the others do not."""
    for padded in {n, n + 1, 2 * n, 100}:
        size = 1 << (padded - 1).bit_length()
        real = np.arange(size) < n
        among = np.ix_(real, real)
        alone = n & (n - 1) == 0
        assert schedule_of("butterfly", padded).reach(mask=real)[among].all() == alone
        assert schedule_of("benes", padded).reach(mask=real)[among].all()
        assert ShiftSchedule(size).reach(mask=real)[among].all()
        assert not ShiftSchedule(size).reach(mask=real)[~real][:, real].any()
        causal = ShiftSchedule(size, causal=True).reach(mask=real)[among]
        assert (causal == np.tri(n, dtype=bool)).all()


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("n", [1, 2, 3, 5, 8, 37, 100])
def test_a_shift_does_not_notice_padding_on_the_right(n, causal):
    padded = n + 27
    short, long = ShiftSchedule(n, causal), ShiftSchedule(padded, causal)
    x, w_q, w_k = inputs(padded, long.depth)
    mask = np.broadcast_to(np.arange(padded) < n, (len(x), padded))
    whole, _ = butterfly_attention(x, w_q, w_k, long, mask)
    depth = short.depth
    alone, _ = butterfly_attention(x[:, :, :n], w_q[:depth], w_k[:depth], short)
    np.testing.assert_array_equal(whole[:, :, :n], alone)
    np.testing.assert_array_equal(whole[:, :, n:], x[:, :, n:])


def test_a_schedule_longer_than_the_tokens_is_padding():
    x, w_q, w_k = inputs(5, 3)
    longer, _ = butterfly_attention(x, w_q, w_k, ButterflySchedule(8))
    mask = np.broadcast_to(np.arange(8) < 5, (3, 8))
    padded = np.pad(x, ((0, 0), (0, 0), (0, 3), (0, 0)), constant_values=np.nan)
    masked, gates = butterfly_attention(padded, w_q, w_k, ButterflySchedule(8), mask)
    np.testing.assert_array_equal(masked[:, :, :5], longer)
    assert np.isnan(masked[:, :, 5:]).all() and not np.isnan(gates).any()


def test_more_heads_than_channels_are_projected_together():
    x, w_q, w_k = inputs(4, 2, "model", heads=5, d=2)
    found, gates = butterfly_attention(x, w_q, w_k, ButterflySchedule(4))
    wanted, wanted_gates = by_loops(x, w_q, w_k, ButterflySchedule(4), None)
    np.testing.assert_allclose(found, wanted, atol=1e-13)
    np.testing.assert_allclose(gates, wanted_gates, atol=1e-13)


def test_nothing_to_attend_to():
    for n in (0, 1):
        x, w_q, w_k = inputs(n, 0)
        y, gates = butterfly_attention(x, w_q, w_k, schedule_of("shift", n))
        np.testing.assert_array_equal(y, x)
        assert y is not x and gates.shape == (0, 3, 2, n)
    x, w_q, w_k = inputs(4, 2)
    y, gates = butterfly_attention(x, w_q, w_k, ButterflySchedule(4), np.zeros((3, 4), dtype=bool))
    np.testing.assert_array_equal(y, x)
    assert not gates.any()
    empty, gates = butterfly_attention(x[:0], w_q, w_k, ButterflySchedule(4))
    assert empty.shape == (0, 2, 4, 4) and gates.shape == (2, 0, 2, 4)


def test_one_weight_serves_all_stages():
    x, w_q, w_k = inputs(8, 1)
    shared = butterfly_attention(x, w_q, w_k, ButterflySchedule(8))
    repeated = butterfly_attention(
        x, w_q.repeat(3, axis=0), w_k.repeat(3, axis=0), ButterflySchedule(8)
    )
    np.testing.assert_array_equal(shared[0], repeated[0])


X, W = np.zeros((2, 3, 8, 4)), np.zeros((3, 3, 4, 4))
EIGHT = ButterflySchedule(8)


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ((X[0], W, W, EIGHT), ValueError, "must have shape (batch, heads, n, d); got 3 axes"),
        (
            (X, W, W, 8),
            TypeError,
            "be a Schedule such as ButterflySchedule(8); got 8",
        ),
        ((X, W, W, ButterflySchedule(4)), ValueError, "x has 8 tokens; make one for at least 8"),
        ((X, W, W[:2], EIGHT), ValueError, "w_q and w_k must have one shape; got (3, 3, 4, 4)"),
        (
            (X, W[:, :2], W[:, :2], EIGHT),
            ValueError,
            "(stages, 4, 4) or, across heads, (stages, 12, 12); got (3, 2, 4, 4)",
        ),
        ((X, W[:2], W[:2], EIGHT), ValueError, "has 3 stages; give that many weights, or one for"),
        ((X, W, W, EIGHT, np.ones((2, 8))), TypeError, "got float64: write mask != 0"),
        ((X, W, W, EIGHT, np.ones(8, dtype=bool)), ValueError, "(2, 8); got (8,)"),
    ],
)
def test_bad_input_gives_one_clear_line(arguments, kind, message):
    with pytest.raises(kind) as caught:
        butterfly_attention(*arguments)
    assert message in str(caught.value) and "\n" not in str(caught.value)
