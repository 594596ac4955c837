"""The two models that learn the task: alike but for the mixing, butterfly or dense attention.

A token is a letter's vector, plus the flag's if it carries the flag, plus its place's; one layer
mixes; what a token says is read from its own vector plus what it heard:
says = (x + mix(x) W_out) R. Both models have the same weights in the same shapes, so the butterfly
uses its one pair W_q, W_k in all four stages.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention

from ..arguments import as_choice
from ..attention import butterfly_attention
from ..schedule import Integers
from .flag import LETTERS, TOKENS, carried

CHANNELS = 8
KINDS = ("butterfly", "dense")
Weights = dict[str, Tensor]


def initial(rng: np.random.Generator) -> dict[str, NDArray[np.float64]]:
    """Return random weights: letters at right angles to each other, everything else small.

    >>> {name: weight.shape for name, weight in initial(np.random.default_rng(0)).items()}
    {'letters': (6, 8), 'flag': (8,), 'places': (16, 8), 'w_q': (8, 8), 'w_k': (8, 8), \
'w_out': (8, 8), 'readout': (8, 6)}
    """
    square = (CHANNELS, CHANNELS)
    orthogonal = np.linalg.qr(rng.normal(size=square))[0]
    return {
        "letters": 1.5 * orthogonal[: len(LETTERS)],
        "flag": rng.normal(scale=0.5, size=CHANNELS),
        "places": rng.normal(scale=0.1, size=(TOKENS, CHANNELS)),
        "w_q": rng.normal(scale=0.1, size=square),
        "w_k": rng.normal(scale=0.1, size=square),
        "w_out": rng.normal(scale=0.3, size=square),
        "readout": rng.normal(scale=0.3, size=(CHANNELS, len(LETTERS))),
    }


def tokens(weights: Mapping[str, Tensor], letters: Integers, flags: Integers) -> Tensor:
    """Return the vectors of the tokens, of shape (count, TOKENS, CHANNELS)."""
    flagged = torch.from_numpy(carried(flags))[..., None] * weights["flag"]
    return weights["letters"][torch.from_numpy(letters)] + flagged + weights["places"]


def butterfly(x: Tensor, w_q: Tensor, w_k: Tensor) -> Tensor:
    """Mix by butterfly attention, one head, with one pair of weights for all stages."""
    mixed = butterfly_attention(x[:, None], w_q[None], w_k[None])
    assert isinstance(mixed, Tensor), "no gates were asked for"
    return mixed[:, 0]


def dense(x: Tensor, w_q: Tensor, w_k: Tensor) -> Tensor:
    """Mix by softmax attention of every token to all; the values are the tokens themselves."""
    return scaled_dot_product_attention(x @ w_q, x @ w_k, x)


def says(kind: str, weights: Mapping[str, Tensor], letters: Integers, flags: Integers) -> Tensor:
    """Return the scores of every letter at every token, of shape (count, TOKENS, LETTERS).

    Args:
        kind: "butterfly" or "dense".
        weights: as `initial` makes them, as tensors.
        letters, flags: as `sequences` draws them.
    """
    x = tokens(weights, letters, flags)
    mix = {"butterfly": butterfly, "dense": dense}[as_choice("kind", kind, KINDS)]
    heard = mix(x, weights["w_q"], weights["w_k"])
    return (x + heard @ weights["w_out"]) @ weights["readout"]
