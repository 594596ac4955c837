"""Costs against operations counted one by one, on numbers that count."""

import math

import numpy as np
import pytest

from fftia_lab import StageOptions, cost
from fftia_lab.schedule import SCHEDULES

TOTAL = {"multiply": 0, "other": 0}


class Counted:
    """A number that counts in TOTAL what is done to it, matrix products apart from the rest."""

    def __init__(self, value):
        self.value = value

    def _count(self, other, result, kind="other"):
        TOTAL[kind] += 1
        return Counted(result(self.value, other.value if isinstance(other, Counted) else other))

    def __add__(self, other):
        return self._count(other, lambda a, b: a + b)

    def __sub__(self, other):
        return self._count(other, lambda a, b: a - b)

    def __mul__(self, other):
        return self._count(other, lambda a, b: a * b)

    def __neg__(self):
        return self._count(0, lambda a, _: -a)

    def exp(self):
        return self._count(0, lambda a, _: math.exp(a))

    def __rtruediv__(self, other):
        return self._count(other, lambda a, b: b / a)

    def __radd__(self, other):
        return self + other


def numbers(rng, *shape):
    flat = [Counted(value) for value in rng.normal(size=math.prod(shape)) / 4]
    return np.array(flat, dtype=object).reshape(shape)


def product(a, b):
    """A matrix product; its multiplications are counted apart, its additions not at all."""
    before = dict(TOTAL)
    result = a @ b
    TOTAL["other"] = before["other"]
    TOTAL["multiply"] = before["multiply"] + len(a) * a.shape[1] * b.shape[1]
    return result


def sigmoid(x):
    return 1 / (1 + (-x).exp())


def pair_stage(x, pairs, weights, causal):
    """x: (tokens, heads, channels); weights: one folded matrix a head, or a query and a key one."""
    low, high = x[pairs[:, 0]], x[pairs[:, 1]]
    difference = high - low
    if len(weights) == 1:
        moved = [product(difference[:, h], weights[0][h]) for h in range(x.shape[1])]
        key, queries = np.stack(moved, axis=1), (low, high)
    else:
        key = product(difference.reshape(len(pairs), -1), weights[1]).reshape(difference.shape)
        sides = (high,) if causal else (low, high)
        flat = product(np.concatenate(sides).reshape(len(pairs) * len(sides), -1), weights[0])
        queries = np.split(flat.reshape(-1, *x.shape[1:]), len(sides))
    y = x.copy()
    for side, token in enumerate(pairs.T):
        if side == 0 and causal:
            continue
        own = x[token]
        for p, i in enumerate(token):
            for h in range(x.shape[1]):
                logit = (queries[-1 if causal else side][p, h] * key[p, h]).sum()
                logit = logit * 0.5 if len(weights) == 2 else logit
                gate = sigmoid(logit)
                y[i, h] = own[p, h] + difference[p, h] * gate
    for _ in range(len(pairs) * x.shape[1]):
        -Counted(0.0)  # the sign of the higher token's logit
    return y


def shift_stage(x, partners, weights):
    tokens = np.flatnonzero(partners != np.arange(len(x)))
    own = x[tokens]
    difference = x[partners[tokens]] - own
    if len(weights) == 1:
        moved = [product(difference[:, h], weights[0][h]) for h in range(x.shape[1])]
        key, query = np.stack(moved, axis=1), own
    else:
        shape = difference.shape
        key = product(difference.reshape(len(tokens), -1), weights[1]).reshape(shape)
        query = product(own.reshape(len(tokens), -1), weights[0]).reshape(shape)
    y = x.copy()
    for p, i in enumerate(tokens):
        for h in range(x.shape[1]):
            logit = (query[p, h] * key[p, h]).sum()
            logit = logit * 0.5 if len(weights) == 2 else logit
            y[i, h] = own[p, h] + difference[p, h] * sigmoid(logit)
    return y


@pytest.mark.parametrize("projection", ["head", "model"])
@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("padding", ["keep", "relay"])
@pytest.mark.parametrize("kind", SCHEDULES)
@pytest.mark.parametrize("size", [1, 2, 5, 6, 8])
def test_butterfly_attention_counted_operation_by_operation(
    size, kind, padding, causal, projection
):
    if kind == "prefix" and not causal:
        return
    heads, channels = 2, 3
    rng = np.random.default_rng(size)
    options = StageOptions(kind, projection, causal=causal, padding=padding)
    schedule = options.wire(size)
    x = numbers(rng, schedule.size, heads, channels)
    real = np.arange(schedule.size) < (size if padding == "relay" else schedule.size)
    TOTAL.update(multiply=0, other=0)
    for stage, (_, holds) in enumerate(schedule.meetings(real[None])):
        model = heads * channels
        if projection == "head":
            query, key = numbers(rng, 2, heads, channels, channels)
            folded = [product(key[h], query[h].T) * 0.5 for h in range(heads)]
            weights = [np.stack(folded)]
        else:
            weights = list(numbers(rng, 2, model, model))
        if kind in ("shift", "prefix"):
            x = shift_stage(x, schedule.partners(stage), weights)
        else:
            pairs = [pair for pair in schedule.pairs(stage) if holds[0][pair].all()]
            x = pair_stage(x, np.array(pairs).reshape(-1, 2), weights, causal)
    found = cost.butterfly_attention(size, heads, channels, options)
    assert found.products == 2 * TOTAL["multiply"]
    assert found.others == TOTAL["other"]


def group_stage(x, groups, weights):
    """x: (tokens, heads, channels); groups: those that meet, a row each, counted as a whole."""
    y = x.copy()
    for members in groups:
        own = x[members]
        if len(weights) == 1:
            query = np.stack([product(own[:, h], weights[0][h]) for h in range(x.shape[1])], axis=1)
            key = own
        else:
            flat = own.reshape(len(members), -1)
            query, key = (product(flat, weight).reshape(own.shape) for weight in weights)
        for h in range(x.shape[1]):
            scores = product(query[:, h], key[:, h].T)
            for row, each in enumerate(scores):
                each = each * 0.5 if len(weights) == 2 else each
                top = max(score.value for score in each)
                raised = [(score - top).exp() for score in each]
                total = Counted(0.0)
                for part in raised:
                    total = total + part
                shares = np.array([[part.value / total.value for part in raised]])
                TOTAL["other"] += len(raised)  # the divisions
                shares = np.array([Counted(share) for share in shares.ravel()])[None]
                y[members[row], h] = product(shares, own[:, h])[0]
    return y


@pytest.mark.parametrize("projection", ["head", "model"])
@pytest.mark.parametrize(("size", "radix"), [(8, 4), (16, 4), (13, 4), (8, 16), (5, 4)])
def test_groups_counted_operation_by_operation(size, radix, projection):
    rng, heads, channels = np.random.default_rng(size), 2, 3
    options = StageOptions(projection=projection, radix=radix)
    schedule = options.wire(size)
    x = numbers(rng, schedule.size, heads, channels)
    real = np.arange(schedule.size) < size
    TOTAL.update(multiply=0, other=0)
    for stage, (_, holds) in enumerate(schedule.gatherings(real[None])):
        if projection == "head":
            query, key = numbers(rng, 2, heads, channels, channels)
            weights = [np.stack([product(query[h], key[h].T) * 0.5 for h in range(heads)])]
        else:
            weights = list(numbers(rng, 2, heads * channels, heads * channels))
        width, stride = schedule.widths[stage], schedule.strides[stage]
        end = -(-size // (stride * width)) * stride * width
        groups = [group for group in schedule.groups(stage) if group[0] < end]
        assert all(row.any() for row in holds[0][: len(groups)]) or size % stride
        x = group_stage(x, np.array(groups), weights)
    found = cost.butterfly_attention(size, heads, channels, options)
    assert found.products == 2 * TOTAL["multiply"]
    assert found.others == TOTAL["other"]


def test_the_radix_of_all_tokens_costs_what_dense_attention_does():
    """Its scores and values; keys and values are not projected again."""
    dense = cost.dense_attention(64, 4, 16)
    asked = cost.linear(4 * 64, 16, 16).products + 4 * 2 * 16**3
    groups = cost.butterfly_attention(64, 4, 16, StageOptions(radix=64))
    assert groups.products == dense.products + asked


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("size", [0, 1, 7])
def test_dense_attention_counted_score_by_score(size, causal):
    heads, channels, scores, operations = 2, 3, 0, 0
    for _ in range(heads):
        for i in range(size):
            for _ in range(i + 1 if causal else size):
                scores += 1
                operations += 2 * 2 * channels  # the score, and the value it weighs
    found = cost.dense_attention(size, heads, channels, causal=causal)
    assert (found.products, found.others) == (operations, cost.SOFTMAX * scores)


def test_traffic_by_hand():
    layer = cost.butterfly_layer(8, dim=6, heads=2, dim_head=3, batch=5)
    projection = 5 * 8 * (6 + 6) + 6 * 6
    stage = 2 * 5 * 8 * 6 + 2 * 3 * 3
    assert layer.moved == 2 * projection + 3 * stage
    assert layer.bytes(2) == 2 * layer.moved
    assert layer.parameters == 2 * 36 + 3 * 2 * (2 * 3 * 3)
    dense = cost.dense_layer(8, dim=6, heads=2, dim_head=3)
    assert dense.moved == (8 * 24 + 6 * 18) + 4 * 8 * 6 + (8 * 12 + 36)


def test_batches_add_up_and_weights_do_not():
    one, four = (cost.butterfly_attention(16, 2, 8, batch=b) for b in (1, 4))
    none = cost.butterfly_attention(16, 2, 8, batch=0)
    assert four.products - none.products == 4 * (one.products - none.products)
    assert four.parameters == one.parameters == 4 * 2 * 2 * 64
    shared = cost.butterfly_attention(16, 2, 8, StageOptions(share_stages=True))
    assert shared.parameters * 4 == one.parameters
    assert none.products == 4 * 2 * 2 * 8**3, "what is left is folding W_q and W_k together"


def test_floors_and_rooflines():
    work = cost.Cost(products=2_000, others=50, moved=1_000)
    assert work.operations == 2_050
    assert work.product_floor(1_000.0) == 2.0
    assert work.roofline(1_000.0, 8_000.0) == 2.0
    assert work.roofline(1_000.0, 1_000.0) == 4.0
    assert work.roofline(1_000.0, 1_000.0, width=8) == 8.0


def test_what_the_published_notes_promise_and_what_holds():
    """Reference 5.14: break-even N ≈ d(log2 N - 2) across heads; a quarter of the work within."""
    dim, size = 512, 2048
    model = cost.butterfly_attention(size, 8, 64, StageOptions(projection="model"))
    assert model.products < 4 * size * dim**2 * 11, "the pair form saves a quarter of the literal"
    assert cost.butterfly_attention(2 * size, 1, 64, StageOptions(projection="model")).products / (
        cost.butterfly_attention(size, 1, 64, StageOptions(projection="model")).products
    ) == pytest.approx(2 * 12 / 11)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"schedule": "star"},
            "schedule must be one of butterfly, shift, benes, prefix; got",
        ),
        ({"projection": "both"}, "projection must be one of head, model; got 'both'"),
    ],
)
def test_bad_options(options, message):
    with pytest.raises(ValueError) as caught:
        StageOptions(**options)
    assert message in str(caught.value)
