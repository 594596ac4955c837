"""A guess under a question of the text: on a page it opens the answer, in Jupyter it replies.

Whoever has said 56 reads 28 with other eyes. What tempts has a reply of its own, which names the
mistake.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from ...palette import css
from ..kit.bundle import link

HERE = Path(__file__).parent

Ghost = tuple[()] | tuple[str, str, Mapping[Any, Any]]


class Guess(anywidget.AnyWidget):
    """One question; `guess` and `choose` make it, and `said` is what the reader has guessed.

    Args:
        what: what is asked for, in a few words; the question itself stands in the text above.
        among: the words to choose from; none where a number is asked for.
        answer: the number or the word that is right, as text.
        unit: of the number.
        near: how far a number may be off and still be near, as a part of the answer.
        tempting: [wrong answer, sentence that names the mistake] for each that has one.
        why: sentence after the right answer; a question that has one needs no other answer.
        ghost: [figure, field, {guess: value}], where a figure of the page shows the guess.

    Raises:
        traitlets.TraitError: if the answer is not among the words, or is no number.
    """

    _esm = link(HERE / "figure.js")
    _css = "\n".join([css(".fl-asks"), (HERE / "style.css").read_text("utf-8")])

    what = traitlets.Unicode().tag(sync=True)
    among = traitlets.List(traitlets.Unicode()).tag(sync=True)
    answer = traitlets.Unicode().tag(sync=True)
    unit = traitlets.Unicode().tag(sync=True)
    near = traitlets.Float(0.0).tag(sync=True)
    tempting = traitlets.List(traitlets.List(traitlets.Unicode())).tag(sync=True)
    why = traitlets.Unicode("").tag(sync=True)
    ghost = traitlets.List(traitlets.Any()).tag(sync=True)
    said = traitlets.Unicode("", help="what the reader has guessed, as she wrote it").tag(sync=True)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        for one, reply in self.tempting:
            self._possible("a tempting answer", one)
            if one == self.answer or not reply.endswith("."):
                raise traitlets.TraitError(
                    f"what tempts is wrong and has a sentence as reply; got {one!r}: {reply!r}"
                )
        self._possible("the answer", self.answer)
        if self.why and not self.why.endswith("."):
            raise traitlets.TraitError(f"why is a sentence; got {self.why!r}")

    def _possible(self, who: str, value: str) -> None:
        """Refuse what nobody can say here."""
        if self.among:
            if value not in self.among:
                raise traitlets.TraitError(f"{who} must be one of {self.among}; got {value!r}")
            return
        try:
            float(value)
        except ValueError:
            raise traitlets.TraitError(f"{who} must be a number; got {value!r}") from None

    def __repr__(self) -> str:
        return f"Guess({self.what!r})"


def guess(
    answer: float,
    what: str,
    *,
    unit: str = "",
    near: float = 0.0,
    tempting: Mapping[float, str] | None = None,
    ghost: Ghost = (),
) -> Guess:
    """Ask for a number.

    Args:
        answer: the number that is right.
        what: what it counts or measures, in a few words.
        unit: of the number, such as "%"; nothing where it is counted.
        near: how far a guess may be off and still be near, as a part of the answer.
        tempting: wrong number -> a sentence that names the mistake.
        ghost: (figure, field, {guess: value}) if a figure of the page shows the guess, as its bet.

    Raises:
        traitlets.TraitError: if something is no number, or a reply no sentence.

    >>> guess(28, "pairs", tempting={56: "You counted each pair twice."})
    Guess('pairs')
    """
    wrong = [[_text(value), reply] for value, reply in (tempting or {}).items()]
    answers = {"answer": _text(answer), "tempting": wrong, "near": near}
    return Guess(what=what, unit=unit, ghost=_ghost(ghost), **answers)


def choose(
    answer: str,
    among: Sequence[str],
    what: str,
    *,
    tempting: Mapping[str, str] | None = None,
    why: str = "",
    ghost: Ghost = (),
) -> Guess:
    """Ask for one of a few words.

    A reply may lead to a state of a figure of the same page: `<a href="#butterfly?n=8">words</a>`.

    Args:
        answer: the words that are right.
        among: two to six to choose from, the answer among them.
        what: what is asked for, in a few words.
        tempting: wrong words -> a sentence that names the mistake.
        why: a sentence after the right words, for a question without an answer in the text.
        ghost: as in `guess`.

    Raises:
        traitlets.TraitError: if the answer is not among them, or a reply no sentence.

    >>> choose("less", ["less", "the same", "more"], "what the bank gives the boat")
    Guess('what the bank gives the boat')
    """
    if not 2 <= len(among) <= 6:
        raise traitlets.TraitError(f"two to six words can be chosen from; got {len(among)}")
    wrong = [[value, reply] for value, reply in (tempting or {}).items()]
    answers = {"answer": answer, "tempting": wrong, "why": why}
    return Guess(what=what, among=list(among), ghost=_ghost(ghost), **answers)


def _ghost(ghost: Ghost) -> list[Any]:
    if not ghost:
        return []
    figure, field, values = ghost
    return [figure, field, {str(said): value for said, value in values.items()}]


def _text(value: object) -> str:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise traitlets.TraitError(f"a number is wanted; got {value!r}")
    return f"{value:.12g}"
