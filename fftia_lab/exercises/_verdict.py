"""What a checker answers."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import fill
from typing import Any

import numpy as np
from numpy.typing import NDArray

COLUMNS = 76  # as many as a cell of code has


@dataclass(frozen=True)
class Verdict:
    """Whether an exercise is solved, and one sentence about why or why not."""

    passed: bool
    message: str

    def __repr__(self) -> str:
        return ("Right. " if self.passed else "Not yet. ") + self.message

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What a cell shows: lines that fit into the column of a page."""
        printer.text(
            "\n".join(
                fill(line, COLUMNS, break_on_hyphens=False, break_long_words=False)
                for line in repr(self).splitlines()
            )
        )

    def __bool__(self) -> bool:
        return self.passed


def differing(answer: NDArray[Any], wanted: NDArray[Any]) -> NDArray[np.int64]:
    """Return the positions at which two arrays of one shape differ by more than rounding."""
    scale = max(1.0, float(np.abs(wanted).max(initial=0.0)))
    with np.errstate(all="ignore"):  # what a reader returned may hold anything
        return np.flatnonzero(~(np.abs(answer - wanted) <= 1e-9 * scale))


def agree(answer: NDArray[Any], wanted: NDArray[Any]) -> bool:
    """Return whether two arrays of one shape are the same up to rounding."""
    return len(differing(answer, wanted)) == 0
