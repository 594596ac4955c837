"""Circulants, weights over lags and windows by definition, in NumPy and float64.

Leaves out speed: matrices are dense and written as loops would be. The layers beside it must agree.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..arguments import as_array, as_floats

Floats = NDArray[np.float64]


def circulant(c: ArrayLike) -> NDArray[Any]:
    """Return the matrix with C_ij = c_{(i - j) mod n}, as `scipy.linalg.circulant`.

    >>> circulant([1, 2, 3])
    array([[1, 3, 2],
           [2, 1, 3],
           [3, 2, 1]])
    """
    column = as_array("c", c)
    own = np.arange(len(column))
    return column[(own[:, None] - own) % len(column)]


def toeplitz(first_column: ArrayLike, first_row: ArrayLike) -> NDArray[Any]:
    """Return the matrix of which each entry depends on i - j, as `scipy.linalg.toeplitz`.

    >>> toeplitz([1, 2], [1, 5, 6])
    array([[1, 5, 6],
           [2, 1, 5]])
    """
    column, row = as_array("first_column", first_column), as_array("first_row", first_row)
    lags = np.concatenate([row[:0:-1], column])
    own = np.arange(len(column))[:, None] - np.arange(len(row)) + len(row) - 1
    return lags[own]


def circulant_matmul(x: ArrayLike, c: ArrayLike) -> NDArray[Any]:
    """Return y_i = Σ_j c_{(i - j) mod n} x_j along the last axis.

    >>> circulant_matmul([1, 0, 0], [1, 2, 3])
    array([1, 2, 3])
    """
    return as_array("x", x) @ circulant(c).T


def block_circulant(weight: ArrayLike) -> NDArray[Any]:
    """Return the dense matrix of blocks that are circulant, weight of shape (p, q, k).

    >>> block_circulant([[[1, 2], [3, 4]]])
    array([[1, 2, 3, 4],
           [2, 1, 4, 3]])
    """
    return np.block([[circulant(column) for column in row] for row in as_array("weight", weight)])


def lag_matrix(scores: ArrayLike, mask: ArrayLike | None = None, causal: bool = False) -> Floats:
    """Return the matrix of weights over lags of one row of scores.

    Circular: circulant(softmax(z)); causal: entries e^{z_{i-j}} for j ≤ i, rows divided by their
    sum. Of the real tokens alone: rows and columns of others are 0.

    Args:
        scores: shape (n,).
        mask: bool of shape (n,), true for a real token.
        causal: whether a token hears only itself and earlier ones.

    >>> lag_matrix(np.log([2.0, 1.0, 1.0]))
    array([[0.5 , 0.25, 0.25],
           [0.25, 0.5 , 0.25],
           [0.25, 0.25, 0.5 ]])
    """
    z = as_floats("scores", scores)
    real = np.flatnonzero(np.ones(len(z), dtype=bool) if mask is None else np.asarray(mask))
    weights = np.exp(z[real] - z[real].max(initial=-np.inf))
    inner = np.tril(circulant(weights)) if causal else circulant(weights)
    found = np.zeros((len(z), len(z)))
    found[np.ix_(real, real)] = inner / inner.sum(axis=1, keepdims=True)
    return found


def lag_scores(query: ArrayLike, key: ArrayLike) -> Floats:
    """Return z_k = Σ_i q_i·k_{(i - k) mod n} / (n √d): the mean score of the pairs of each lag.

    >>> lag_scores([[3.0], [0.0], [0.0], [3.0]], [[3.0], [0.0], [0.0], [3.0]])
    array([4.5 , 2.25, 0.  , 2.25])
    """
    q, k = as_floats("query", query), as_floats("key", key)
    n, d = q.shape
    pairs = q @ k.T / np.sqrt(d)
    own = np.arange(n)
    return np.array([pairs[own, (own - lag) % n].mean() for lag in range(n)])


def window_matrix(
    query: ArrayLike, key: ArrayLike, back: int, ahead: int, mask: ArrayLike | None = None
) -> Floats:
    """Return softmax over the scores q_i·k_j/√d of -ahead ≤ i - j ≤ back, one row a token.

    Args:
        query, key: shape (n, d).
        back, ahead: how far a token hears.
        mask: bool of shape (n,); rows and columns of others are 0.

    >>> window_matrix(np.zeros((3, 1)), np.zeros((3, 1)), 1, 0)
    array([[1. , 0. , 0. ],
           [0.5, 0.5, 0. ],
           [0. , 0.5, 0.5]])
    """
    q, k = as_floats("query", query), as_floats("key", key)
    real = np.ones(len(q), dtype=bool) if mask is None else np.asarray(mask)
    found = np.zeros((len(q), len(q)))
    for i in range(len(q)):
        heard = [j for j in range(max(0, i - back), min(len(q), i + ahead + 1)) if real[j]]
        if not real[i]:
            continue
        scores = k[heard] @ q[i] / np.sqrt(q.shape[1])
        found[i, heard] = np.exp(scores - scores.max()) / np.exp(scores - scores.max()).sum()
    return found
