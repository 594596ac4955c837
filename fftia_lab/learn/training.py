"""Gradient descent on the task, the same for both models, repeatable to the last digit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import cross_entropy

from .flag import LETTERS, TOKENS, answers, sequences
from .models import initial, says


@dataclass(frozen=True)
class Settings:
    """How a model is trained and examined.

    Args:
        steps: of AdamW; its rate falls to 0 as half a cosine.
        batch: sequences in a step, drawn anew each time.
        rate: the learning rate at the start.
        decay: of weights that the task does not need.
        decimals: to which the trained weights are rounded before they are examined and kept.
        held_out: sequences of the examination, never trained on.
        held_out_seed: of their random numbers.
    """

    steps: int = 1200
    batch: int = 64
    rate: float = 0.01
    decay: float = 0.3
    decimals: int = 3
    held_out: int = 4096
    held_out_seed: int = 20261121


def train(kind: str, seed: int, settings: Settings) -> dict[str, NDArray[np.float64]]:
    """Train one model from random weights and return its weights, rounded.

    Args:
        kind: "butterfly" or "dense".
        seed: of the first weights and of the sequences.
        settings: how.
    """
    torch.set_num_threads(1)
    rng = np.random.default_rng(seed)
    weights = {name: torch.from_numpy(start) for name, start in initial(rng).items()}
    optimizer = torch.optim.AdamW(
        [weight.requires_grad_() for weight in weights.values()],
        lr=settings.rate,
        weight_decay=settings.decay,
    )
    falling = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, settings.steps)
    for _ in range(settings.steps):
        letters, flags = sequences(rng, settings.batch)
        scores = says(kind, weights, letters, flags)
        wanted = torch.from_numpy(answers(letters, flags)).repeat_interleave(TOKENS)
        loss = cross_entropy(scores.reshape(-1, len(LETTERS)), wanted)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        falling.step()
    rounded = {n: w.detach().numpy().round(settings.decimals) for n, w in weights.items()}
    return {name: weight + 0.0 for name, weight in rounded.items()}  # no -0.0


def examine(
    kind: str, weights: dict[str, NDArray[np.float64]], settings: Settings
) -> tuple[float, float]:
    """Let a model answer for the held-out sequences.

    Returns:
        the share of all tokens that say the right letter, and the mean cross entropy in nats.
    """
    rng = np.random.default_rng(settings.held_out_seed)
    letters, flags = sequences(rng, settings.held_out)
    tensors = {name: torch.from_numpy(weight) for name, weight in weights.items()}
    scores = says(kind, tensors, letters, flags).reshape(-1, len(LETTERS))
    wanted = torch.from_numpy(answers(letters, flags)).repeat_interleave(TOKENS)
    right = (scores.argmax(dim=-1) == wanted).double().mean()
    return float(right), float(cross_entropy(scores, wanted))
