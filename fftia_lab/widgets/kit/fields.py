"""A field of a figure in one declaration: its trait, what it may be, the words that tell so.

What a field may be often hangs on other fields; then its figure checks it. Newer versions of
traitlets have generic traits and Colab's does not, so the types of their values go unsaid.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import traitlets


class OneOf(traitlets.Int):  # type: ignore[type-arg]
    """A whole number out of a few.

    >>> import traitlets
    >>> class Deck(traitlets.HasTraits):
    ...     n = OneOf((8, 16, 32), 16, "number of cards")
    >>> Deck.n.help
    'number of cards: 8, 16 or 32'
    >>> Deck(n=9)
    Traceback (most recent call last):
        ...
    traitlets.traitlets.TraitError: n must be one of (8, 16, 32); got 9
    """

    def __init__(self, values: Sequence[int], default: int, about: str) -> None:
        self.values = tuple(values)
        *first, last = map(str, self.values)
        super().__init__(default, help=f"{about}: {', '.join(first)} or {last}")
        self.tag(sync=True)

    def validate(self, obj: Any, value: Any) -> int:
        number = int(super().validate(obj, value))
        if number not in self.values:
            raise traitlets.TraitError(f"{self.name} must be one of {self.values}; got {value}")
        return number


class Whole(traitlets.Int):  # type: ignore[type-arg]
    """A whole number between two others, both included: Whole(0, 63, 21, "who hears")."""

    def __init__(self, low: int, high: int, default: int, about: str) -> None:
        self.ends = low, high
        super().__init__(default, help=f"{about}, {low} to {high}")
        self.tag(sync=True)

    def validate(self, obj: Any, value: Any) -> int:
        return int(_inside(self.name, self.ends, super().validate(obj, value)))


class Real(traitlets.CFloat):  # type: ignore[type-arg]
    """A number between two others, both included: Real(0, 4, 4.0, "stages completed")."""

    def __init__(self, low: int, high: int, default: float, about: str) -> None:
        self.ends = low, high
        super().__init__(default, help=f"{about}, {low} to {high}")
        self.tag(sync=True)

    def validate(self, obj: Any, value: Any) -> float:
        return _inside(self.name, self.ends, super().validate(obj, value))


def checked_stage(stage: float, depth: int) -> float:
    """Return how many stages are completed, or say how many there are."""
    return float(_inside("stage", (0, depth), stage))


def checked_entry(entry: list[int], n: int) -> list[int]:
    """Return an entry of a matrix of n rows, or none, or say which there are."""
    if entry and not (len(entry) == 2 and all(0 <= place < n for place in entry)):
        raise traitlets.TraitError(
            f"entry must be [] or [row, column] with both in 0 to {n - 1}; got {entry}"
        )
    return entry


def _inside(name: str | None, ends: tuple[int, int], number: float) -> float:
    low, high = ends
    if not low <= number <= high:
        raise traitlets.TraitError(f"{name} must lie in {low} to {high}; got {number}")
    return number
