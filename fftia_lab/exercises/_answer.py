"""Read what a reader's function returned as numbers, or say why it is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from numbers import Number
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._trial import attempt
from ._verdict import Verdict, agree


def numbers(result: Any) -> NDArray[Any] | Verdict:
    """Return a result as an array of numbers of whatever kind, or a Verdict if it is none."""
    refused = f"It returned {type(result).__name__}, not an array of numbers."
    try:
        found = np.asarray(result)
    except ValueError:
        ragged = " Its rows differ in length." * isinstance(result, (list, tuple))
        return Verdict(False, refused + ragged)
    except Exception:  # a tensor's, or that of a class of the reader's
        return Verdict(False, refused)
    if found.dtype.kind == "O" and all(isinstance(one, Number) for one in found.flat):
        return found
    if found.dtype.kind not in "biufc":
        return Verdict(False, refused)
    if found.dtype in (np.float16, np.float32, np.complex64):
        return Verdict(False, "It rounds to single precision: compute in float64 or complex128.")
    return found


def complex_numbers(result: Any) -> NDArray[np.complex128] | Verdict:
    """Return a result as complex128, or a Verdict if it is no array of numbers."""
    return _cast(numbers(result), np.complex128)


def real_numbers(result: Any) -> NDArray[np.float64] | Verdict:
    """Return a result as float64, or a Verdict if it is no array of real numbers."""
    found = numbers(result)
    if not isinstance(found, Verdict) and np.iscomplexobj(found):
        return Verdict(False, "It returned complex numbers: everything here is real.")
    return _cast(found, np.float64)


def _cast(found: Any, kind: type[Any]) -> Any:
    if isinstance(found, Verdict):
        return found
    try:
        return found.astype(kind)
    except (TypeError, ValueError, OverflowError):
        return Verdict(False, "It returned numbers that no float64 can hold.")


def one_number(result: Any, what: str = "a number") -> float | Verdict:
    """Return a result as one real number, or a Verdict that it is not what was asked for."""
    refused = Verdict(False, f"It returned {type(result).__name__}, not {what}.")
    try:
        found = np.asarray(result)
        if found.ndim or found.dtype.kind not in "biufO" or isinstance(result, str):
            return refused
        return float(found)
    except OverflowError:
        return np.inf
    except Exception:
        return refused


def try_answer(
    answer: Callable[..., Any],
    given: NDArray[Any],
    wanted: NDArray[Any],
    *more: Any,
    shapes: Mapping[tuple[int, ...], str] | None = None,
) -> NDArray[np.complex128] | Verdict:
    """Call a reader's function of samples; return its array, or what is wrong before any number is.

    Args:
        answer: the reader's function.
        given: the samples, its first argument.
        wanted: the right result, for its shape.
        more: further arguments.
        shapes: what a result of another shape tells.
    """
    ends = "a single sample is its own answer"
    result = attempt(answer, (given, *more), ends=ends)
    found = result if isinstance(result, Verdict) else complex_numbers(result)
    if isinstance(found, Verdict):
        return found
    if found.shape != wanted.shape:
        told = (shapes or {}).get(found.shape, "")
        shape = f"It returned shape {found.shape} for {given.shape[-1]} samples."
        return Verdict(False, f"{shape} {told}".strip())
    if not np.isfinite(found).all():
        return Verdict(False, "It returned nan or inf: it divides by zero, or leaves values unset.")
    return found


def other_kinds(
    answer: Callable[[Any], Any],
    right: Callable[[Any], NDArray[Any]],
    samples: NDArray[np.float64],
    praise: str,
) -> Verdict:
    """Ask for real and integer samples what has been right for complex ones, then praise.

    A buffer like the samples holds the result of complex ones, and not of these.
    """
    for kind, given in (("real", samples), ("integer", np.rint(9 * samples).astype(np.int64))):
        wanted = right(given)
        found = try_answer(answer, given, wanted)
        if isinstance(found, Verdict):
            return found
        if not agree(found, wanted):
            return Verdict(
                False,
                f"For {kind} numbers, and only for them, it is wrong: "
                "a buffer like the input cannot hold the result.",
            )
    return Verdict(True, praise)
