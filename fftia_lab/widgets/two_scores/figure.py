"""Two tokens meet: two scores each, and the gate that is all their softmax leaves of them.

A reader expects that a louder question gives more away. She drags a dot up along its line: both
scores grow, and the gate stays where it is. Only their difference counts.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import traitlets

from ..kit.bundle import bundle, style
from ..kit.fields import Real
from ..kit.figure import Figure, Wish

LOW, HIGH = -1.6, 4.2  # the plane of questions and keys
KEYS = [[1.0, 1.0], [2.0, 0.0]]  # bank and river, as everywhere in Part II
QUESTIONS = (np.sqrt(2) * np.log(2) * np.array(KEYS)).round(4).tolist()
NUMBERS = [f"{who}-{kind}" for who in "ab" for kind in ("itself", "partner", "difference", "gate")]


class TwoScores(Figure):
    """The bank and the river, each with a question and a key in the plane, and what they give.

    Their gates are g = σ(q · (k′ − k) / √2), k the own key, k′ the partner's.
    Bad values raise `traitlets.TraitError` with what was given and what is wanted.

    >>> TwoScores(q=[[0, 0], [2, 0]], number="a-gate")
    TwoScores(number='a-gate', q=[[0.0, 0.0], [2.0, 0.0]])
    """

    _esm = bundle(__file__)
    _css = style(__file__)
    STATE = ("q", "k", "step", "number")

    q = traitlets.List(
        traitlets.List(traitlets.CFloat()),
        QUESTIONS,
        help=f"the questions of bank and river, [[x, y], [x, y]], each number {LOW} to {HIGH}",
    ).tag(sync=True)
    k = traitlets.List(
        traitlets.List(traitlets.CFloat()),
        KEYS,
        help=f"the keys of bank and river, [[x, y], [x, y]], each number {LOW} to {HIGH}",
    ).tag(sync=True)
    step = Real(0, 1, 1.0, "how much of the step towards each other is taken")
    number = traitlets.Enum(
        ["", *NUMBERS], "", help="the number whose arithmetic is shown, or none"
    ).tag(sync=True)

    def follow(self, old: SimpleNamespace, now: Wish) -> None:
        """Whoever changes a question or a key sees the whole step that follows from it."""
        if (now.q, now.k) != (old.q, old.k):
            now.step = 1.0

    @traitlets.validate("q", "k")
    def _valid_vectors(self, proposal: dict[str, Any]) -> list[list[float]]:
        vectors: list[list[float]] = proposal["value"]
        inside = all(LOW <= part <= HIGH for vector in vectors for part in vector)
        if [len(vector) for vector in vectors] != [2, 2] or not inside:
            raise traitlets.TraitError(
                f"{proposal['trait'].name} must be [[x, y], [x, y]], "
                f"each number in {LOW} to {HIGH}; got {vectors}"
            )
        return vectors
