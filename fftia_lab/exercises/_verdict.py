"""What a checker answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Verdict:
    """Whether an exercise is solved, and one sentence about why or why not."""

    passed: bool
    message: str

    def __repr__(self) -> str:
        return ("Right. " if self.passed else "Not yet. ") + self.message

    def __bool__(self) -> bool:
        return self.passed


def differing(answer: NDArray[Any], wanted: NDArray[Any]) -> NDArray[np.int64]:
    """Return the positions at which two arrays of one shape differ by more than rounding."""
    scale = max(1.0, float(np.abs(wanted).max(initial=0.0)))
    return np.flatnonzero(~(np.abs(answer - wanted) <= 1e-9 * scale))


def agree(answer: NDArray[Any], wanted: NDArray[Any]) -> bool:
    """Return whether two arrays of one shape are the same up to rounding."""
    return len(differing(answer, wanted)) == 0


def try_answer(
    answer: Callable[..., Any], given: NDArray[Any], wanted: NDArray[Any]
) -> NDArray[Any] | Verdict:
    """Call a reader's function on a copy; return its array, or what is wrong before any number is.

    Args:
        answer: the reader's function of one array.
        given: its argument.
        wanted: the right result, for its shape.
    """
    handed = given.copy()
    try:
        result = answer(handed)
    except RecursionError:
        return Verdict(False, "It calls itself for ever: a single sample is its own answer.")
    except Exception as error:
        return Verdict(False, f"It stopped with {type(error).__name__}: {error}.")
    if result is None:
        return Verdict(False, "It returned None: return the array that you computed.")
    if not np.array_equal(handed, given):
        return Verdict(False, "It changed the array it was given: start from a copy.")
    try:
        if np.asarray(result).dtype in (np.float32, np.complex64):
            return Verdict(False, "It rounds to single precision: compute in complex128.")
        result = np.asarray(result, dtype=complex)
    except (TypeError, ValueError):
        return Verdict(False, f"It returned {type(result).__name__}, not an array of numbers.")
    if result.shape != wanted.shape:
        return Verdict(False, f"It returned shape {result.shape} for {given.shape[-1]} samples.")
    if not np.isfinite(result).all():
        return Verdict(False, "It returned nan or inf: it divides by zero, or leaves values unset.")
    return result


def attempt(answer: Callable[..., Any], given: tuple[Any, ...]) -> Any:
    """Return what a reader's function makes of copies, or a Verdict about why that is nothing."""
    handed = tuple(np.copy(one) if isinstance(one, np.ndarray) else one for one in given)
    try:
        with np.errstate(all="ignore"):
            result = answer(*handed)
    except Exception as error:
        return Verdict(False, f"It stopped with {type(error).__name__}: {error}.")
    if result is None:
        return Verdict(False, "It returned None: return the array that you computed.")
    if not all(np.array_equal(one, other) for one, other in zip(handed, given, strict=True)):
        return Verdict(False, "It changed an array it was given: start from a copy.")
    return result


def real_numbers(result: Any) -> NDArray[np.float64] | Verdict:
    """Return a reader's result as float64, or a Verdict if it is no array of real numbers."""
    try:
        numbers = np.asarray(result)
        if numbers.dtype in (np.float32, np.float16):
            return Verdict(False, "It rounds to single precision: compute in float64.")
        if np.iscomplexobj(numbers):
            return Verdict(False, "It returned complex numbers: everything here is real.")
        return numbers.astype(np.float64)
    except (TypeError, ValueError):
        return Verdict(False, f"It returned {type(result).__name__}, not an array of numbers.")
