"""The checkers of chapter 5 pass the right answer and name the mistake behind a wrong one."""

import math

import numpy as np
import pytest

from fftia_lab.exercises import check_attention, check_mean_stages, check_past_mean
from fftia_lab.schedule import ButterflySchedule, ShiftSchedule


def softmax(scores, axis=-1):
    weights = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return weights / weights.sum(axis=axis, keepdims=True)


def scaled(q, k):
    return q @ k.T / np.sqrt(q.shape[1])


def past(scores):
    return np.tril(np.ones(scores.shape))


def hidden(scores, causal):
    return np.where(past(scores) == 0, -np.inf, scores) if causal else scores


def attention(q, k, v, causal):
    return softmax(hidden(scaled(q, k), causal)) @ v


def by_definition(q, k, v, causal):
    """Sums and exponentials of Python floats, no matrix product."""
    outputs = []
    for i, query in enumerate(q.tolist()):
        heard = range(i + 1 if causal else len(k))
        scores = [math.fsum(map(math.prod, zip(query, k[j].tolist(), strict=True))) for j in heard]
        top = max(scores)
        weights = [math.exp((score - top) / math.sqrt(len(query))) for score in scores]
        channels = range(v.shape[1])
        sums = [
            math.fsum(w * v[j, c] for w, j in zip(weights, heard, strict=True)) for c in channels
        ]
        outputs.append([one / math.fsum(weights) for one in sums])
    return outputs


def changed(**parts):
    """Attention with one step replaced: the scores, the mask, the softmax or the end."""

    def wrong(q, k, v, causal):
        scores = parts.get("scores", scaled)(q, k)
        scores = parts.get("mask", hidden)(scores, causal)
        weights = parts.get("softmax", softmax)(scores)
        weights = parts.get("after", lambda weights, causal: weights)(weights, causal)
        return parts.get("end", np.matmul)(weights, v)

    return wrong


def global_max(scores):
    weights = np.exp(scores - scores.max())
    return weights / weights.sum(axis=-1, keepdims=True)


def no_max(scores):
    return np.exp(scores) / np.exp(scores).sum(axis=-1, keepdims=True)


def mask_by(keep, filling=-np.inf):
    return lambda scores, causal: np.where(keep(scores), scores, filling) if causal else scores


def changing(q, k, v, causal):
    q *= 1
    q[0] = 0
    return attention(q, k, v, causal)


ATTENTION_MISTAKES = [
    (lambda *_: None, "It returned None"),
    (lambda *_: "weights", "It returned str, not an array of numbers"),
    (lambda q, k, v, causal: q @ k @ v, "It stopped with ValueError"),
    (changing, "changed its input q"),
    (lambda *given: attention(*given).astype(np.float32), "single precision"),
    (lambda *given: attention(*given) + 0j, "complex numbers"),
    (lambda q, k, v, causal: softmax(scaled(q, k)), "multiply them by the values"),
    (lambda *given: attention(*given)[:-1], "It returned shape (4, 3); v has shape (5, 3)"),
    (changed(scores=lambda q, k: q @ k.T), "The scores are not divided by √d"),
    (changed(scores=lambda q, k: q @ k.T / q.shape[1]), "It divides by d:"),
    (changed(scores=lambda q, k: q @ k.T * np.sqrt(q.shape[1])), "It multiplies by √d"),
    (changed(scores=lambda q, k: q @ k.T / np.sqrt(len(q))), "divides by √n"),
    (changed(scores=lambda q, k: scaled(q, k).T), "changed places"),
    (changed(softmax=lambda scores: softmax(scores, axis=0)), "runs down the columns: every"),
    (
        changed(scores=lambda q, k: q @ k.T, softmax=lambda scores: softmax(scores, axis=0)),
        "down the columns, and the scores are not divided",
    ),
    (
        changed(softmax=lambda scores: np.exp(scores) / np.exp(scores).sum()),
        "over the whole table",
    ),
    (changed(softmax=lambda scores: scores), "the softmax is missing"),
    (lambda q, k, v, causal: q @ k.T @ v, "raw scores"),
    (changed(softmax=np.exp), "never divided by their sum"),
    (changed(after=lambda weights, causal: weights.T), "The weights are transposed"),
    (lambda q, k, v, causal: attention(q, k, v, True), "although causal is False"),
    (lambda q, k, v, causal: attention(q, k, k, causal), "average the values"),
    (lambda q, k, v, causal: attention(q, k, v, False), "causal changes nothing"),
    (
        changed(
            mask=lambda scores, causal: scores,
            after=lambda weights, causal: weights * past(weights) if causal else weights,
        ),
        "The mask comes after the softmax",
    ),
    (changed(mask=mask_by(past, 0.0)), "A score of 0 is not silence"),
    (
        changed(
            mask=mask_by(past, 0.0),
            after=lambda weights, causal: weights * past(weights) if causal else weights,
        ),
        "Zero scores still take their share",
    ),
    (changed(mask=mask_by(lambda scores: past(scores).T)), "wrong side: it forbids the past."),
    (
        changed(mask=mask_by(lambda scores: past(scores) == 0)),
        "it forbids the past, and the token itself",
    ),
    (
        changed(mask=mask_by(lambda scores: np.tril(past(scores), -1))),
        "It forbids the token itself",
    ),
    (
        changed(mask=mask_by(lambda scores: np.tril(past(scores), -1), -1e9)),
        "It forbids the token itself",
    ),
    (
        lambda q, k, v, causal: softmax(hidden(scaled(q, k), causal), axis=0 if causal else 1) @ v,
        "With the mask the softmax runs down the columns",
    ),
    (lambda *given: attention(*given) * np.nan, "nan or inf"),
    (lambda *given: attention(*given) + 1e-6, "Without a mask, y[0] should be"),
    (lambda *given: attention(*given) + 1e-6 * given[3], "With the causal mask, y[0] should be"),
    (changed(softmax=no_max), "overflows at a score of 2000"),
    (changed(softmax=global_max), "not the largest of the table"),
]


def shifted(scores):
    return np.exp(scores - scores.max(axis=1))


def hidden_late(q, k, v, causal):
    """Right but for its order: the largest score is subtracted before the future is hidden."""
    weights = np.exp(scaled(q, k) - scaled(q, k).max(axis=1, keepdims=True))
    weights = weights * past(weights) if causal else weights
    return weights / weights.sum(axis=1, keepdims=True) @ v


ATTENTION_MISTAKES += [
    (changed(softmax=lambda s: np.exp(s) / np.exp(s).sum(axis=1)), "divided by the sum of row j"),
    (
        changed(softmax=lambda s: shifted(s) / shifted(s).sum(axis=1, keepdims=True)),
        "loses the maximum of row j",
    ),
    (changed(softmax=lambda s: shifted(s) / shifted(s).sum(axis=1)), "keep both a column"),
    (hidden_late, "A row is lost where the largest score lies in its future"),
    (changed(mask=mask_by(past, -1e3)), "Beside scores of -10,000 the future is not silent"),
    (changed(mask=mask_by(past, -1e4)), "the future is not silent"),
]


@pytest.mark.parametrize(("mistake", "hint"), ATTENTION_MISTAKES)
def test_attention_hints(mistake, hint):
    verdict = check_attention(mistake)
    assert not verdict
    assert hint in verdict.message


def triangle(n):
    return np.tril(np.ones((n, n)))


def counts(n):
    return np.arange(1.0, n + 1)


def past_mean(n):
    return triangle(n) / counts(n)[:, None]


def strictly(n):
    with np.errstate(invalid="ignore"):
        return np.tril(triangle(n), -1) / np.arange(n)[:, None]


PAST_MISTAKES = [
    (lambda n: None, "It returned None"),
    (lambda n: past_mean(n)[0], "For 8 tokens it has shape (8,)"),
    (lambda n: past_mean(8), "For 4 tokens it has shape (8, 8)"),
    (lambda n: past_mean(n).astype(np.float32), "single precision"),
    (lambda n: np.full((n, n), 1 / n), "token 0 hears the future"),
    (lambda n: triangle(n) / n, "divide row i by i + 1, the number"),
    (triangle, "running sum"),
    (lambda n: np.ones((n, n)), "All ones"),
    (lambda n: triangle(n) / counts(n), "Column j is divided by j + 1"),
    (lambda n: past_mean(n).T, "Transposed"),
    (lambda n: triangle(n).T / counts(n)[::-1, None], "use the other triangle"),
    (lambda n: np.nan_to_num(strictly(n)), "token 0 hears nobody"),
    (strictly, "nan or inf"),
    (lambda n: np.tril(triangle(n), -1) / counts(n)[:, None], "its own past too: keep"),
    (np.eye, "Nobody hears anyone else"),
    (lambda n: past_mean(n) + 1e-6 * (n == 16), "For 16 tokens, row 0 column 0 should be 1.000"),
]


@pytest.mark.parametrize(("mistake", "hint"), PAST_MISTAKES)
def test_past_mean_hints(mistake, hint):
    verdict = check_past_mean(mistake)
    assert not verdict
    assert hint in verdict.message


def wired(schedule, own=0.5, partner=0.5):
    eye = np.eye(schedule.size)
    return [own * eye + partner * eye[schedule.partners(stage)] for stage in range(schedule.depth)]


def mean_stages(n):
    return wired(ButterflySchedule(n))


STAGES_MISTAKES = [
    (lambda n: None, "It returned None"),
    (lambda n: 3, "It returned int, not a list of matrices"),
    (lambda n: mean_stages(n)[1:], "the list has length 2; log2 8 is 3"),
    (lambda n: [np.full((n, n), 1 / n)] * (n.bit_length() - 1), "has 8 entries: a pair has two"),
    (lambda n: [np.eye(n)] * n.bit_length() if n == 1 else mean_stages(n), "For 1 tokens"),
    (lambda n: [stage[:1] for stage in mean_stages(n)], "Stage 0 has shape (1, 8)"),
    (lambda n: ["stage"] * (n.bit_length() - 1), "It returned str"),
    (lambda n: wired(ButterflySchedule(n), 1.0, 1.0), "this adds the pair"),
    (lambda n: mean_stages(n)[:1] * (n.bit_length() - 1), "Every stage joins the same pairs"),
    (lambda n: [*mean_stages(n)[:-1], np.eye(n)], "token 0 never hears token 4"),
    (lambda n: wired(ButterflySchedule(n), 0.25, 0.75), "token 0 gives token 0 0.016, not 0.125"),
    (lambda n: wired(ButterflySchedule(n), 0.5, 0.5 + 1e-6 * (n == 32)), "For 32 tokens"),
]


@pytest.mark.parametrize(("mistake", "hint"), STAGES_MISTAKES)
def test_mean_stages_hints(mistake, hint):
    verdict = check_mean_stages(mistake)
    assert not verdict
    assert hint in verdict.message


def test_right_answers():
    assert check_attention(attention)
    assert check_attention(by_definition), "lists of numbers are arrays of numbers"
    assert check_attention(changed(mask=mask_by(past, -1e9))), "so far down is silent too"
    assert check_past_mean(past_mean)
    assert check_past_mean(lambda n: attention(np.zeros((n, 1)), np.ones((n, 1)), np.eye(n), True))
    assert check_mean_stages(mean_stages)
    assert check_mean_stages(lambda n: iter(mean_stages(n))), "a generator of matrices will do"
    assert check_mean_stages(lambda n: mean_stages(n)[::-1]), "means may be taken in any order"
    assert check_mean_stages(lambda n: wired(ShiftSchedule(n))), "another wiring, the same mean"


def test_almost_right_is_wrong():
    for shape in ((5, 3), (8, 4), (3, 7), (1, 2)):
        wrong = lambda q, *rest, s=shape: attention(q, *rest) * (q.shape != s)  # noqa: E731
        assert not check_attention(wrong), shape
    for size in range(1, 17):
        assert not check_past_mean(lambda n, s=size: past_mean(n) * (n != s)), size
    for size in (8, 2, 4, 16, 32):
        assert not check_mean_stages(lambda n, s=size: [m * (n != s) for m in mean_stages(n)])
