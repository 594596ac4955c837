"""What functions ask of their arguments: each check says what was given and what is wanted."""

from __future__ import annotations

import operator
from collections.abc import Collection, Iterable
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray


def as_integer(name: str, value: Any, least: int | None = None) -> int:
    """Return `value` as an int, NumPy's integers too; refuse booleans, floats and text.

    Raises:
        TypeError: naming the argument and what it was.
        ValueError: if it is below `least`.

    >>> as_integer("size", np.int64(8), least=1)
    8
    """
    try:
        if isinstance(value, (bool, np.bool_)):
            raise TypeError
        number = operator.index(value)
    except TypeError:
        kind = type(value).__name__
        raise TypeError(f"{name} must be an integer; got {value!r} ({kind})") from None
    if least is not None and number < least:
        raise ValueError(f"{name} must be at least {least}; got {number}")
    return number


def as_boolean(name: str, value: Any) -> bool:
    """Return `value` as a bool, NumPy's too; refuse everything that is only true or false at heart.

    Raises:
        TypeError: naming the argument and what it was.
    """
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be True or False; got {value!r}")
    return bool(value)


def as_choice(name: str, value: Any, choices: Collection[str]) -> str:
    """Return `value`, which is one of these texts.

    Raises:
        ValueError: naming the argument, the choices and what it was.
    """
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(choices)}; got {value!r}")
    return value


def as_positive(name: str, value: Any) -> float:
    """Return `value`, a real number above 0, as a float.

    Raises:
        TypeError: if it is no real number.
        ValueError: if it is not above 0; nan is not.
    """
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.number)):
        raise TypeError(f"{name} must be a number; got {value!r} ({type(value).__name__})")
    if isinstance(value, np.complexfloating) or not value > 0:
        raise ValueError(f"{name} must be above 0; got {value!r}")
    return float(value)


def as_array(name: str, value: Any) -> NDArray[Any]:
    """Return `value` as an array of numbers, of any shape.

    Raises:
        TypeError: if it holds something else.
        ValueError: if its rows differ in length.
    """
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(f"{name} must be an array; got rows of different lengths") from None
    if array.dtype.kind not in "biufc":
        raise TypeError(f"{name} must hold numbers; got an array of dtype {array.dtype}")
    return array


def as_floats(name: str, value: Any) -> NDArray[np.float64]:
    """Return `value` as a float64 array of real numbers, of any shape; nan and inf are let in.

    Raises:
        TypeError: if it holds something else than real numbers.
        ValueError: if its rows differ in length.
    """
    array = as_array(name, value)
    if array.dtype.kind == "c":
        raise TypeError(f"{name} must hold real numbers; got complex ones: use .real, or abs")
    return array.astype(np.float64, copy=False)


def as_reals(name: str, value: Any) -> NDArray[np.float64]:
    """Return `value` as a float64 array of finite numbers, of any shape.

    Raises:
        TypeError: if it holds something else than real numbers.
        ValueError: if its rows differ in length, or a number is nan or infinite.
    """
    reals = as_floats(name, value)
    if not np.isfinite(reals).all():
        raise ValueError(f"{name} must hold finite numbers; look for nan or inf in it")
    return reals


def as_list(name: str, value: Any) -> list[Any]:
    """Return the items of `value`, which is no text.

    Raises:
        TypeError: naming the argument and what it was.
    """
    if isinstance(value, str | bytes) or not isinstance(value, Iterable):
        raise TypeError(f"{name} must be a list; got {value!r} ({type(value).__name__})")
    return list(value)


def as_texts(name: str, value: Any) -> list[str]:
    """Return the items of `value`, all of them texts.

    Raises:
        TypeError: naming the argument and what it was.
    """
    if not all(isinstance(text, str) for text in as_list(name, value)):
        raise TypeError(f"{name} must hold texts; got {value!r}")
    return list(value)


def check_dropout(dropout: Any) -> None:
    """Refuse what is no probability below 1.

    Raises:
        TypeError: if it is no number.
        ValueError: if it does not lie in 0 to 1, 1 excluded.
    """
    if isinstance(dropout, bool) or not isinstance(dropout, Real):
        raise TypeError(f"dropout must be a number, 0.0 for none; got {dropout!r}")
    if not 0 <= float(dropout) < 1:
        raise ValueError(f"dropout must lie in 0 to 1, 1 excluded; got {dropout}")


def check_mask(mask: Any, is_bool: bool, batch: int, n: int) -> None:
    """Refuse a mask that is not bool of shape (batch, n).

    Raises:
        TypeError: if it is not bool.
        ValueError: if its shape does not fit.
    """
    if not is_bool:
        raise TypeError(
            f"mask must be bool, True for a real token; got {mask.dtype}: write mask != 0"
        )
    if tuple(mask.shape) != (batch, n):
        raise ValueError(
            f"mask must have shape (batch, n) = ({batch}, {n}); got {tuple(mask.shape)}"
        )
