"""The checkers of chapter 7 pass the right answer and name the mistake behind a wrong one."""

import numpy as np
import pytest

from fftia_lab.attention.reference import attend_to_partner
from fftia_lab.exercises import check_gate, check_masked_stage, check_pair_stage


def gate(own, other):
    return 1 / (1 + np.exp(own - other))


def softmax_gate(own, other):
    scores = np.stack([own, other])
    weights = np.exp(scores - scores.max(axis=0))
    return weights[1] / weights.sum(axis=0)


def changing(own, other):
    own -= other
    return 1 / (1 + np.exp(own))


GATE_MISTAKES = [
    (lambda own, other: None, "It returned None"),
    (lambda own, other: "half", "It returned str"),
    (changing, "It changed its input own"),
    (lambda own, other: gate(own, other).astype(np.float32), "single precision"),
    (lambda own, other: gate(own, other).sum(), "It returned shape (); wanted is (5,)"),
    (lambda own, other: gate(other, own), "what the token keeps"),
    (lambda own, other: gate(0, other), "with itself does not enter"),
    (lambda own, other: gate(0, own), "with the partner does not enter"),
    (lambda own, other: other - own, "its sigmoid is missing"),
    (lambda own, other: other / (own + other), "take their exponentials first"),
    (lambda own, other: np.exp(other), "never divided by the sum of the two"),
    (lambda own, other: np.exp(other) / np.exp(own), "divide by the sum"),
    (lambda own, other: np.exp(other) / np.exp(other).sum(), "runs over the tokens"),
    (
        lambda own, other: np.exp(other) / (np.exp(own) + np.exp(other)).sum(),
        "each has its own sum of two",
    ),
    (lambda own, other: np.tanh((other - own) / 2), "add 1 and halve"),
    (lambda own, other: (1 + np.tanh(other - own)) / 2, "too steep"),
    (lambda own, other: np.exp(other) / (np.exp(own) + np.exp(other)), "fails at scores of 1000"),
    (lambda own, other: gate(own, other) + 1e-6, "the gate is"),
]


def in_a_buffer(own, other):
    found = np.empty_like(own)
    found[:] = gate(own, other)
    return found


def for_one_axis(own, other):
    return np.array([gate(a, b) for a, b in zip(own, other, strict=True)]).reshape(own.shape[:2])


GATE_MISTAKES += [
    (in_a_buffer, "the gate is 0.953; yours is 0.000"),
    (for_one_axis, "It stopped with ValueError"),
]


@pytest.mark.parametrize(("mistake", "hint"), GATE_MISTAKES)
def test_gate_hints(mistake, hint):
    verdict = check_gate(mistake)
    assert not verdict
    assert hint in verdict.message


def sigmoid(t):
    return 1 / (1 + np.exp(-t))


def pair_stage(x, m, pairs, **parts):
    """The right stage, with one of its parts replaced."""
    a, b = x[pairs[:, 0]], x[pairs[:, 1]]
    delta = parts.get("delta", lambda a, b: b - a)(a, b)
    v = parts.get("v", lambda delta, m: delta @ m.T)(delta, m)
    g_a = sigmoid((a * v).sum(-1))[:, None]
    g_b = sigmoid(parts.get("sign", -1) * (b * v).sum(-1))[:, None]
    y = x.copy()
    y[pairs[:, 0]] = a + g_a * delta
    y[pairs[:, 1]] = parts.get("b", lambda b, a, g_a, g_b, d: b - g_b * d)(b, a, g_a, g_b, delta)
    return y


def changed(**parts):
    return lambda x, m, pairs: pair_stage(x, m, pairs, **parts)


def every_row(x, m, pairs):
    partner = np.arange(len(x))
    partner[pairs[:, 0]], partner[pairs[:, 1]] = pairs[:, 1], pairs[:, 0]
    difference = x[partner] - x
    return x + sigmoid((x * (difference @ m.T)).sum(-1))[:, None] * difference


PAIR_MISTAKES = [
    (lambda x, m, pairs: None, "It returned None"),
    (lambda x, m, pairs: x[0], "It returned shape (3,); wanted is (8, 3)"),
    (lambda x, m, pairs: x, "Nobody has moved"),
    (changed(v=lambda delta, m: delta @ m), "so v = δ Mᵀ"),
    (changed(sign=1), "b sees the difference from the other side"),
    (changed(v=lambda delta, m: delta @ m, sign=1), "and g_b has a minus"),
    (changed(b=lambda b, a, g_a, g_b, d: b + g_b * d), "b moves away from a"),
    (changed(delta=lambda a, b: a - b), "The difference points the wrong way"),
    (changed(b=lambda b, a, g_a, g_b, d: b - g_a * d), "Both move by g_a"),
    (changed(b=lambda b, a, g_a, g_b, d: b - (1 - g_a) * d), "g_b is not 1 - g_a"),
    (changed(b=lambda b, a, g_a, g_b, d: b + g_b * (a + g_a * d - b)), "b has met the new a"),
    (changed(v=lambda delta, m: delta @ m.T / np.sqrt(len(m))), "do not divide again"),
    (changed(b=lambda b, a, g_a, g_b, d: b), "Only the first of each pair"),
    (every_row, "It multiplies 2 rows by M for 1 pair"),
    (lambda *given: pair_stage(*given) + 1e-6, "Token 0 of 8 should become"),
]


def no_axis(x, m, pairs):
    a, b = x[pairs.T]
    delta = b - a
    y = x.copy()
    y[pairs[:, 0]] += sigmoid((a * (delta @ m.T)).sum(-1)) * delta
    return y


def others_gates(x, m, pairs):
    moved = pair_stage(x, m, pairs) - x
    a, b = pairs.T
    y = x.copy()
    y[a], y[b] = x[a] - moved[b], x[b] - moved[a]
    return y


def added(x, m, pairs):
    a, b = pairs.T
    delta = x[b] - x[a]
    moved = pair_stage(x, m, pairs) - x
    y = x.copy()
    y[a] += moved[a] / delta * x[b]
    y[b] += moved[b] / -delta * x[a]
    return y


def with_product(product):
    """Right numbers, from a product of M that is not `M @`."""

    def stage(x, m, pairs):
        return pair_stage(x, m, pairs, v=lambda delta, m: product(m, delta))

    return stage


def twice(x, m, pairs):
    """The row of the second gate once more, out of sight."""
    return every_row(x, np.asarray(m), pairs)


UNSEEN = "multiply with M itself, and with @"
PAIR_MISTAKES += [
    (no_axis, "One number a row is a column: [:, None]."),
    (others_gates, "Each takes the partner's gate"),
    (added, "It adds the partner and keeps all of its own"),
    (with_product(lambda m, delta: np.einsum("de,ne->nd", m, delta)), UNSEEN),
    (with_product(lambda m, delta: m.dot(delta.T).T), UNSEEN),
    (with_product(lambda m, delta: (m * delta[:, None, :]).sum(-1)), UNSEEN),
    (twice, UNSEEN),
    (
        lambda x, m, pairs: every_row(x, m, pairs) if len(x) == 8 else pair_stage(x, m, pairs),
        "8 rows",
    ),
]


@pytest.mark.parametrize(("mistake", "hint"), PAIR_MISTAKES)
def test_pair_stage_hints(mistake, hint):
    verdict = check_pair_stage(mistake)
    assert not verdict
    assert hint in verdict.message


def masked_stage(x, gates, partner, real):
    partner = np.where(real & real[partner], partner, np.arange(len(x)))
    return x + np.where(partner != np.arange(len(x)), gates, 0)[:, None] * (x[partner] - x)


def moved(x, gates, partner):
    return x + gates[:, None] * (x[partner] - x)


def zeros(x, gates, partner, real):
    return moved(np.where(real[:, None], x, 0), gates, partner)


MASK_MISTAKES = [
    (lambda *_: None, "It returned None"),
    (lambda x, gates, partner, real: x[0], "It returned shape (3,)"),
    (lambda x, gates, partner, real: moved(x, gates, partner), "The mask changes nothing"),
    (lambda x, gates, partner, real: x, "Nobody has moved"),
    (
        lambda x, gates, partner, real: np.where(
            (real & real[partner])[:, None], x, moved(x, gates, partner)
        ),
        "the wrong way round",
    ),
    (
        lambda x, gates, partner, real: np.where(real[:, None], moved(x, gates, partner), x),
        "A real token hears padding",
    ),
    (
        lambda x, gates, partner, real: np.where(
            real[partner][:, None], moved(x, gates, partner), x
        ),
        "Padding hears a real token",
    ),
    (zeros, "heard as zeros"),
    (lambda x, *rest: np.where(rest[2][:, None], zeros(x, *rest), x), "heard as zeros"),
    (
        lambda x, *rest: np.where(rest[2][:, None], masked_stage(x, *rest), 0),
        "Padding has become 0",
    ),
    (
        lambda x, gates, partner, real: np.where(
            (real & real[partner])[:, None], moved(x, gates, partner), 0
        ),
        "Whoever would meet padding has become 0",
    ),
    (
        lambda x, gates, partner, real: moved(x, gates * (real & real[partner]), partner),
        "NaN came through",
    ),
    (lambda *given: masked_stage(*given) + 1e-6, "Token 0 of 8 should become"),
]


def only_real_rows(x, gates, partner, real):
    """Whoever meets padding keeps itself, and padding does as it likes."""
    own = np.arange(len(x))
    return moved(x, gates, np.where(real & ~real[partner], own, partner))


def by_zeros(x, gates, partner, real):
    """Multiplied by 0: right for every number and for NaN, and not for infinity."""
    x = np.where(np.isnan(x), 7, x)
    return moved(x, gates * (real & real[partner]), partner)


def back_and_forth(x, gates, partner, real):
    """Takes every meeting for mutual."""
    back = np.argsort(partner, kind="stable")
    return masked_stage(x, gates, back, real)


MASK_MISTAKES += [
    (lambda x, gates, *rest: masked_stage(x, gates[rest[0]], *rest), "takes the partner's gate"),
    (
        lambda x, gates, partner, real: np.where(
            (real & real[partner])[:, None], x + gates[:, None] * x[partner], x
        ),
        "It adds the partner and keeps all of its own",
    ),
    (
        lambda x, gates, partner, real: np.where(
            (real & real[partner])[:, None], x + gates * (x[partner] - x), x
        ),
        "One number a row is a column: [:, None].",
    ),
    (only_real_rows, "Padding hears a real token"),
    (by_zeros, "NaN came through"),
    (back_and_forth, "of 6 should become"),
    (lambda x, *rest: masked_stage(x, *rest) + np.isnan(x).any(), "change with what padding holds"),
]


@pytest.mark.parametrize(("mistake", "hint"), MASK_MISTAKES)
def test_masked_stage_hints(mistake, hint):
    verdict = check_masked_stage(mistake)
    assert not verdict
    assert hint in verdict.message


def by_the_reference(x, m, pairs):
    """Chapter 7's law, with queries x M √d and keys x."""
    partner = np.arange(len(x))
    partner[pairs[:, 0]], partner[pairs[:, 1]] = pairs[:, 1], pairs[:, 0]
    query = x @ m * np.sqrt(x.shape[1])
    return attend_to_partner(*(one[None, None] for one in (x, query, x)), partner[None])[0][0, 0]


def test_right_answers():
    assert check_gate(gate), "an infinite exponential below a fraction is a 0"
    assert check_gate(softmax_gate)
    assert check_pair_stage(pair_stage)
    assert check_pair_stage(with_product(lambda m, delta: np.dot(delta, m.T)))
    assert check_pair_stage(with_product(lambda m, delta: np.array([m @ one for one in delta])))
    hint = check_pair_stage(by_the_reference).message
    assert hint.startswith("The numbers are right."), "the reference is right, and takes every row"
    assert check_masked_stage(masked_stage)


def test_almost_right_is_wrong():
    for shape in ((5,), (2, 3), (1,), (2, 1, 4), (6,)):
        assert not check_gate(lambda own, other, s=shape: gate(own, other) * (own.shape != s))
    for size in (8, 4, 16, 2):
        assert not check_pair_stage(lambda x, *rest, s=size: pair_stage(x, *rest) * (len(x) != s))
    for size in (8, 16, 4, 6):
        assert not check_masked_stage(
            lambda x, *rest, s=size: masked_stage(x, *rest) * (len(x) != s)
        )
