"""Checkers of notebook 05-two-matrices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._answer import real_numbers
from ._trial import attempt
from ._verdict import Verdict, agree, differing

Floats = NDArray[np.float64]


def _softmax(scores: Floats, axis: int = -1) -> Floats:
    weights = np.exp(scores - scores.max(axis=axis, keepdims=True))
    result: Floats = weights / weights.sum(axis=axis, keepdims=True)
    return result


def _past(size: int) -> Floats:
    """Ones where a token may listen: at itself and at earlier ones."""
    return np.tril(np.ones((size, size)))


def _silenced(scores: Floats, heard: Floats) -> Floats:
    return np.where(heard > 0, scores, -np.inf)


# ---- the mean of the past --------------------------------------------------------------------


def check_past_mean(past_mean: Callable[[int], Any]) -> Verdict:
    """Check the matrix that gives every token the mean of itself and all earlier ones.

    Args:
        past_mean: takes n; returns the matrix, shape (n, n).

    >>> check_past_mean(lambda n: np.full((n, n), 1 / n))
    Not yet. This is the mean of all: token 0 hears the future. Keep the columns j ≤ i.
    """
    for size in (8, 4, *range(1, 17)):
        result = attempt(past_mean, (size,))
        matrix = result if isinstance(result, Verdict) else real_numbers(result)
        if isinstance(matrix, Verdict):
            return matrix
        if matrix.shape != (size, size):
            return Verdict(False, f"For {size} tokens it has shape {matrix.shape}, not n by n.")
        wanted = _past(size) / np.arange(1, size + 1)[:, None]
        if not agree(matrix, wanted):
            return Verdict(False, _past_hint(matrix, wanted))
    return Verdict(True, "Row i shares 1 among the tokens 0 to i, for every n from 1 to 16.")


def _past_hint(matrix: Floats, wanted: Floats) -> str:
    size = len(matrix)
    past, counts = _past(size), np.arange(1, size + 1)
    sooner = np.tril(past, -1)
    hints = [
        (
            np.full((size, size), 1 / size),
            "This is the mean of all: token 0 hears the future. Keep the columns j ≤ i.",
        ),
        (past / size, "Rows must sum to 1: divide row i by i + 1, the number of those it hears."),
        (np.ones((size, size)), "All ones: token 0 hears the future, and no row sums to 1."),
        (past, "This is the running sum: divide row i by i + 1."),
        (
            past / counts,
            "Column j is divided by j + 1: divide row i by i + 1, with counts[:, None].",
        ),
        (wanted.T, "Transposed: rows listen and columns are heard, so the zeros are on the right."),
        (
            past.T / np.arange(size, 0, -1)[:, None],
            "Every row hears the future: use the other triangle.",
        ),
        (
            sooner / np.maximum(np.arange(size), 1)[:, None],
            "A token is its own past too: keep the diagonal, or token 0 hears nobody.",
        ),
        (
            sooner / counts[:, None],
            "A token is its own past too: keep the diagonal.",
        ),
        (np.eye(size), "Nobody hears anyone else: row i needs i + 1 equal entries."),
    ]
    if not np.isfinite(matrix).all():
        return "It holds nan or inf: row 0 is divided by nothing. It hears itself, so by 1."
    for mistake, hint in hints:
        if agree(matrix, mistake):
            return hint
    i, j = np.unravel_index(differing(matrix.ravel(), wanted.ravel())[0], wanted.shape)
    return (
        f"For {size} tokens, row {i} column {j} should be {wanted[i, j]:.3f}; "
        f"it is {matrix[i, j]:.3f}."
    )


# ---- softmax attention -----------------------------------------------------------------------


def check_attention(attention: Callable[[Floats, Floats, Floats, bool], Any]) -> Verdict:
    """Check a reader's softmax attention, with and without a causal mask, and for large scores.

    Args:
        attention: takes q, k and v of shape (n, d) and whether it is causal; returns the outputs,
            shape (n, d).

    >>> check_attention(lambda q, k, v, causal: q @ k.T @ v)
    Not yet. These are raw scores times values: the softmax is missing.
    """
    for size, width in ((5, 3), (8, 4), (3, 7), (1, 2)):
        q, k, v = _sentence(size, width)
        for causal in (False, True):
            wanted = _attended(q, k, v, causal)
            outputs = _outputs(attention, (q, k, v, causal), wanted)
            if isinstance(outputs, Verdict):
                return outputs
            if not agree(outputs, wanted):
                return Verdict(False, _attention_hint(outputs, q, k, v, causal))
    return _check_large_scores(attention)


def _sentence(size: int, width: int) -> tuple[Floats, Floats, Floats]:
    """Queries, keys and values in which no two mistakes look alike."""
    rng = np.random.default_rng(size)
    return (
        1.5 * rng.normal(size=(size, width)),
        rng.normal(size=(size, width)),
        rng.normal(size=(size, width)),
    )


def _attended(q: Floats, k: Floats, v: Floats, causal: bool) -> Floats:
    scores = q @ k.T / np.sqrt(q.shape[1])
    return _softmax(_silenced(scores, _past(len(q))) if causal else scores) @ v


def _outputs(
    attention: Callable[..., Any], given: tuple[Any, ...], wanted: Floats
) -> Floats | Verdict:
    result = attempt(attention, given)
    outputs = result if isinstance(result, Verdict) else real_numbers(result)
    if isinstance(outputs, Verdict) or outputs.shape == wanted.shape:
        return outputs
    if outputs.shape == (len(wanted), len(wanted)):
        return Verdict(False, "It returned the weights: multiply them by the values v.")
    return Verdict(
        False, f"It returned shape {outputs.shape}; v has shape {wanted.shape}, and so must y."
    )


def _attention_hint(outputs: Floats, q: Floats, k: Floats, v: Floats, causal: bool) -> str:
    for mistake, hint in _causal_mistakes(q, k, v) if causal else _plain_mistakes(q, k, v):
        # where a mistake leaves a row with nobody to hear, the other rows tell
        rows = np.isfinite(mistake).all(axis=1)
        if rows.any() and agree(outputs[rows], mistake[rows]):
            return hint
    if not np.isfinite(outputs).all():
        return "It returned nan or inf: some row is divided by nothing."
    i = differing(outputs.ravel(), _attended(q, k, v, causal).ravel())[0] // v.shape[1]
    what = "With the causal mask" if causal else "Without a mask"
    wanted = _attended(q, k, v, causal)[i]
    return f"{what}, y[{i}] should be {wanted.round(3)}; it is {outputs[i].round(3)}."


def _plain_mistakes(q: Floats, k: Floats, v: Floats) -> list[tuple[Floats, str]]:
    points, (size, width) = q @ k.T, q.shape
    scores = points / np.sqrt(width)
    high = np.exp(scores)
    own_shift = np.exp(scores - scores.max(axis=1))
    return [
        (_softmax(points) @ v, "The scores are not divided by √d, d being the length of a query."),
        (_softmax(points / width) @ v, "It divides by d: divide by its square root."),
        (_softmax(points * np.sqrt(width)) @ v, "It multiplies by √d: divide."),
        (
            _softmax(points / np.sqrt(size)) @ v,
            "It divides by √n, the number of tokens: d is the length of a query.",
        ),
        (
            _softmax(scores, axis=0) @ v,
            "The softmax runs down the columns: every row must sum to 1, so use the last axis.",
        ),
        (
            _softmax(points, axis=0) @ v,
            "The softmax runs down the columns, and the scores are not divided by √d.",
        ),
        (
            high / high.sum(axis=1) @ v,
            "Column j is divided by the sum of row j: keep the sums a column, with keepdims=True.",
        ),
        (
            own_shift / own_shift.sum(axis=1, keepdims=True) @ v,
            "Column j loses the maximum of row j: keep the maxima a column, with keepdims=True.",
        ),
        (
            own_shift / own_shift.sum(axis=1) @ v,
            "Maxima and sums of rows go along the columns: keep both a column, with keepdims=True.",
        ),
        (
            _softmax(scores.ravel()).reshape(size, size) @ v,
            "The softmax runs over the whole table: every row must sum to 1.",
        ),
        (scores @ v, "These are scores times values: the softmax is missing."),
        (points @ v, "These are raw scores times values: the softmax is missing."),
        (np.exp(scores) @ v, "The weights are never divided by their sum: each row must sum to 1."),
        (
            _softmax(scores.T) @ v,
            "Queries and keys have changed places: row i belongs to query i.",
        ),
        (
            _softmax(scores).T @ v,
            "The weights are transposed: y = A v, and row i of A belongs to token i.",
        ),
        (
            _softmax(_silenced(scores, _past(size))) @ v,
            "It forbids the future although causal is False.",
        ),
        (_softmax(scores) @ k, "It averages the keys: average the values."),
    ]


def _causal_mistakes(q: Floats, k: Floats, v: Floats) -> list[tuple[Floats, str]]:
    scores, past = q @ k.T / np.sqrt(q.shape[1]), _past(len(q))
    weights = _softmax(scores)
    hidden = _softmax(scores * past)
    with np.errstate(invalid="ignore"):
        strict = _softmax(_silenced(scores, np.tril(past, -1))) @ v
        future = _softmax(_silenced(scores, 1 - past)) @ v
    return [
        (weights @ v, "causal changes nothing: token 0 still hears the last one."),
        (
            (weights * past) @ v,
            "The mask comes after the softmax, so rows sum to less than 1: "
            "put -inf into the scores first.",
        ),
        (
            hidden @ v,
            "A score of 0 is not silence, because e⁰ = 1: the future needs -inf.",
        ),
        (
            (hidden * past) @ v,
            "Zero scores still take their share of the sum: the future needs -inf.",
        ),
        (
            _softmax(_silenced(scores, past.T)) @ v,
            "The mask is on the wrong side: it forbids the past.",
        ),
        (future, "The mask is on the wrong side: it forbids the past, and the token itself."),
        (strict, "It forbids the token itself: keep the diagonal, or token 0 hears nobody."),
        (
            _softmax(_silenced(scores, past), axis=0) @ v,
            "With the mask the softmax runs down the columns: every row must sum to 1.",
        ),
    ]


def _check_large_scores(attention: Callable[..., Any]) -> Verdict:
    """Scores of thousands, in every row, in one row of three, and in a future that is hidden."""
    k, v = np.array([[1.0], [1.0], [2.0]]), np.arange(3.0)[:, None]
    hints = [
        (
            [[1e3]] * 3,
            False,
            "It overflows at a score of 2000: subtract each row's largest score first.",
        ),
        (
            [[1e3], [-1.0], [-1e3]],
            False,
            "Rows of small scores are lost beside a large one: subtract each row's own largest, "
            "not the largest of the table.",
        ),
        (
            [[1e3]] * 3,
            True,
            "A row is lost where the largest score lies in its future: hide the future first, "
            "then subtract the largest of what is left.",
        ),
        (
            [[-1e4]] * 3,
            True,
            "Beside scores of -10,000 the future is not silent: its score must be -inf.",
        ),
    ]
    for rows, causal, hint in hints:
        q = np.array(rows)
        wanted = _attended(q, k, v, causal)
        outputs = _outputs(attention, (q, k, v, causal), wanted)
        if isinstance(outputs, Verdict):
            return outputs
        if not agree(outputs, wanted):
            return Verdict(False, hint)
    return Verdict(True, "Attention, with and without a future, at scores of 2000 too.")


# ---- the mean of all, in stages --------------------------------------------------------------


def check_mean_stages(mean_stages: Callable[[int], Any]) -> Verdict:
    """Check log2 n stage matrices, two entries a row, whose product is the mean of all.

    Args:
        mean_stages: takes n, a power of two; returns the list of matrices in the order in which
            they act.

    >>> check_mean_stages(lambda n: [np.full((n, n), 1 / n)])
    Not yet. For 8 tokens the list has length 1; log2 8 is 3.
    """
    for size in (8, 1, 2, 4, 16, 32):
        result = attempt(mean_stages, (size,), listed=True)
        if isinstance(result, Verdict):
            return result
        stages = _stages(result, size)
        if isinstance(stages, Verdict):
            return stages
        product = np.eye(size)
        for stage in stages:
            product = stage @ product
        if not agree(product, np.full((size, size), 1 / size)):
            return Verdict(False, _stages_hint(stages, product))
    return Verdict(True, "log2 n sparse stages make the mean of all, for n from 1 to 32.")


def _stages(result: Any, size: int) -> list[Floats] | Verdict:
    """Return the matrices if they are stages at all."""
    depth = size.bit_length() - 1
    if not isinstance(result, list):
        return Verdict(False, f"It returned {type(result).__name__}, not a list of matrices.")
    if len(result) != depth:
        return Verdict(
            False, f"For {size} tokens the list has length {len(result)}; log2 {size} is {depth}."
        )
    stages_found = []
    for place, one in enumerate(result):
        matrix = real_numbers(one)
        if isinstance(matrix, Verdict):
            return matrix
        if matrix.shape != (size, size):
            return Verdict(False, f"Stage {place} has shape {matrix.shape}, not ({size}, {size}).")
        entries = int(np.count_nonzero(matrix, axis=1).max())
        if entries > 2:
            return Verdict(False, f"A row of stage {place} has {entries} entries: a pair has two.")
        stages_found.append(matrix)
    return stages_found


def _stages_hint(stages: list[Floats], product: Floats) -> str:
    size = len(product)
    sums = stages[0].sum(axis=1)
    if agree(sums, np.full(size, 2.0)):
        return "Rows sum to 2: this adds the pair. The mean is half of it."
    if len(stages) > 1 and all(agree(stage, stages[0]) for stage in stages):
        return "Every stage joins the same pairs: the strides are 1, 2, 4 and on."
    empty = np.argwhere(np.abs(product) < 1e-12)
    if len(empty):
        i, j = empty[0]
        return f"For {size} tokens, token {i} never hears token {j}: which stage should join them?"
    i, j = np.unravel_index(differing(product.ravel(), np.full(size**2, 1 / size))[0], (size, size))
    return f"For {size} tokens, token {i} gives token {j} {product[i, j]:.3f}, not {1 / size:.3f}."
