"""The task "who carries the flag": every token must say the letter of the one that carries it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..arguments import as_integer
from ..schedule import Integers

NAME = "who carries the flag"
TOKENS = 16
LETTERS = "ABCDEF"


def sequences(rng: np.random.Generator, count: int) -> tuple[Integers, Integers]:
    """Draw sequences of letters, each with one flag; all letters and places are equally likely.

    Args:
        rng: where the chance comes from.
        count: how many.

    Returns:
        letters, int64 of shape (count, TOKENS), each 0 to len(LETTERS) - 1, and flags, int64 of
        shape (count,), the place of the token that carries the flag.

    >>> letters, flags = sequences(np.random.default_rng(0), 2)
    >>> letters.shape, flags.tolist()
    ((2, 16), [1, 13])
    """
    count = as_integer("count", count, least=0)
    letters = rng.integers(len(LETTERS), size=(count, TOKENS))
    return letters, rng.integers(TOKENS, size=count)


def answers(letters: Integers, flags: Integers) -> Integers:
    """Return what every sequence's tokens must say: the flagged letter, int64 of shape (count,).

    >>> answers(np.array([[0, 1, 2, 3]]), np.array([2]))
    array([2])
    """
    return np.asarray(np.take_along_axis(letters, flags[:, None], axis=1)[:, 0])


def carried(flags: Integers) -> NDArray[np.float64]:
    """Return 1 where a token carries the flag and 0 elsewhere, of shape (count, TOKENS).

    >>> carried(np.array([2]))[0, :4]
    array([0., 0., 1., 0.])
    """
    return np.eye(TOKENS)[flags]
