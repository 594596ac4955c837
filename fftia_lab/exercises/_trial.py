"""Run a reader's function on fresh copies of an input, for so long, and say how it fell."""

from __future__ import annotations

import inspect
import linecache
import re
import signal
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from types import FrameType
from typing import Any

import numpy as np
from numpy.exceptions import ComplexWarning

from ._verdict import Verdict

LIMIT = 5.0  # seconds a call
MANY = 10_000  # items of a list that are looked at


def attempt(
    answer: Any,
    given: tuple[Any, ...],
    *,
    ends: str = "some input must be answered without a call",
    listed: bool = False,
) -> Any:
    """Return what a reader's function makes of copies, or a Verdict about why that is nothing.

    Args:
        answer: the reader's function, or what was passed in its place.
        given: its arguments; arrays, lists and tuples are copied and must come back as they were.
        ends: what a recursion without an end should do.
        listed: whether a generator will do, and is made a list while the clock runs.
    """
    if not callable(answer):
        return Verdict(False, "Give the checker the function itself, without brackets behind it.")
    handed = tuple(_fresh(one) for one in given)
    try:
        with _quiet(), _limited(LIMIT):
            result = answer(*handed)
            if listed and isinstance(result, Iterable):
                result = list(islice(result, MANY))
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # also SystemExit, and whatever a reader derives from it
        return Verdict(False, _fall(error, answer, ends) + _input(answer, given))
    if result is None:
        return Verdict(False, "It returned None: return what you computed.")
    if isinstance(result, Verdict):
        return Verdict(False, "It returned a checker's verdict: return what you computed.")
    for name, one, other in zip(_names(answer, given), handed, given, strict=True):
        if not _same(one, other):
            return Verdict(False, f"It changed its input{name and ' ' + name}: work on a copy.")
    return result


# ---- the input -------------------------------------------------------------------------------


def _fresh(one: Any) -> Any:
    """Return a copy of data, and anything else as it is."""
    if isinstance(one, np.ndarray):
        return one.copy()
    return type(one)(map(_fresh, one)) if isinstance(one, (list, tuple)) else one


def _same(handed: Any, given: Any) -> bool:
    """Return whether data is what it was, NaN included."""
    if type(handed) is not type(given):
        return False
    if isinstance(given, np.ndarray):
        one, other = np.asarray(handed), np.asarray(given)
        return one.dtype == other.dtype and np.array_equal(one, other, equal_nan=True)
    if isinstance(given, (list, tuple)):
        return len(handed) == len(given) and all(map(_same, handed, given))
    return bool(handed == given)


def _names(answer: Callable[..., Any], given: tuple[Any, ...]) -> list[str]:
    """Return the reader's names of the arguments, or empty ones."""
    try:
        bound = inspect.signature(answer).bind(*given).arguments
    except (TypeError, ValueError):
        bound = {}
    return list(bound) if len(bound) == len(given) else [""] * len(given)


def _input(answer: Callable[..., Any], given: tuple[Any, ...]) -> str:
    """Return a sentence about the arguments that are data."""
    said = [
        f"{name}{_short(one, named=bool(name))}"
        for name, one in zip(_names(answer, given), given, strict=True)
        if not callable(one)
    ]
    return f" It was given {'; '.join(said)}." if said else ""


def _short(one: Any, named: bool) -> str:
    """Return data in few words, to stand behind its name where there is one."""
    values = f"{' = ' * named}{one!r}"
    if isinstance(one, np.ndarray):
        return f"{' of' * named or 'an array of'} shape {one.shape}, {one.dtype}"
    if len(values) > 60 or (isinstance(one, list) and isinstance(one[0], np.ndarray)):
        return f"{', ' * named}a {type(one).__name__} of {len(one)}"
    return values


# ---- the fall --------------------------------------------------------------------------------


class _TooLong(BaseException):
    """The alarm has rung. No `except Exception` of a reader catches it."""


def _fall(error: BaseException, answer: Callable[..., Any], ends: str) -> str:
    """Return a sentence about an exception: its kind, its line, its message."""
    where = _line(error, answer)
    if isinstance(error, _TooLong):
        return f"It had not ended after {LIMIT:g} seconds{where}."
    if isinstance(error, RecursionError):
        return f"It calls itself for ever{where}: {ends}."
    if isinstance(error, SystemExit):
        return f"It ended the program{where}: return what you computed instead."
    message = _message(error)
    kind = f"It stopped with {type(error).__name__}{where}"
    return f"{kind}{message and ': '}{message}.{_remark(message)}"


def _message(error: BaseException) -> str:
    """Return the first line of an exception's text, at most 160 characters of it."""
    try:
        lines = str(error).splitlines()
    except Exception:
        return "its message cannot be read"
    line = lines[0].strip().rstrip(".") if lines else ""
    return line if len(line) <= 160 else line[:159] + "…"


def _remark(message: str) -> str:
    """Return what two messages of NumPy and Python mean here."""
    if re.search(r"shapes \((\d+),\) \(\1,\d+\)|shapes \((\d+),\d+\) \(\2,\)", message):
        return " One number a row is a column: [:, None]."
    if re.search(r"not 'complex'|from dtype\('complex\d+'\) to", message):
        return " The buffer is real: it needs dtype=complex."
    return ""


def _line(error: BaseException, answer: Callable[..., Any]) -> str:
    """Return the last line that ran in the file or notebook of the reader's function."""
    for one in (answer, getattr(answer, "func", None), type(answer).__call__):
        home = getattr(one, "__globals__", None)
        if home is None:
            continue
        frames = [(f, n) for f, n in traceback.walk_tb(error.__traceback__) if f.f_globals is home]
        if frames:
            frame, number = frames[-1]
            text = linecache.getline(frame.f_code.co_filename, number, home).strip()
            return f" in line {number}{text and f', `{text}`'}"
    return ""


# ---- silence and time ------------------------------------------------------------------------


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep NumPy's warnings back: what they warn of is wrong, and the checker says so."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", ComplexWarning)
        yield


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Raise `_TooLong` after so many seconds, where alarms can be had; put back what was set.

    A POSIX process has one alarm, and only its main thread hears it; elsewhere there is no limit.
    What is raised in a callback of the garbage collector is lost, so it rings again until it is
    heard, and waits for a moment outside installed libraries, which have such callbacks.
    """
    main = threading.current_thread() is threading.main_thread()
    if not (main and hasattr(signal, "setitimer")):
        yield
        return

    rings = 0

    def ring(_: int, frame: FrameType | None) -> None:
        nonlocal rings
        rings += 1
        elsewhere = frame is not None and "site-packages" in frame.f_code.co_filename
        signal.setitimer(signal.ITIMER_REAL, 0.01 if elsewhere else 1.0)
        if not elsewhere or rings > 100:
            raise _TooLong

    left, again = signal.setitimer(signal.ITIMER_REAL, 0)
    handler, began = signal.signal(signal.SIGALRM, ring), time.monotonic()
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    finally:
        signal.signal(signal.SIGALRM, handler or signal.SIG_DFL)
        if left:
            left = max(left + began - time.monotonic(), 1e-6)
            signal.setitimer(signal.ITIMER_REAL, left, again)
