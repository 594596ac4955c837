"""The first call of each contender: right or refused, and within the machine's memory and patience.

Who runs out of memory or time is left out, and the record says so; who is wrong ends the run.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from .case import Case
from .measure import check, right

# How NumPy, PyTorch and its allocators say that there is no memory; none of them is imported here.
NO_MEMORY = ("can't allocate memory", "not enough memory", "out of memory")


class TookTooLong(Exception):
    """A call was ended because nobody should wait for it."""


def attempts(case: Case, patience: float) -> tuple[dict[str, float], dict[str, str]]:
    """Call every contender of a case once.

    Args:
        case: whose contenders are tried.
        patience: seconds that one call may take.

    Returns:
        contender -> deviation from its right answer, and contender -> why it was left out.

    Raises:
        WrongAnswer: if a contender deviates by more than the case's limit.

    >>> case = Case("s", (4,), "float64", {"a": lambda: 1.0, "b": lambda: [0.0] * 10**15}, "a",
    ...             1.0, limit=1e-9)
    >>> attempts(case, patience=5.0)
    ({'a': 0.0}, {'b': 'the memory is too small'})
    """
    errors, why = dict[str, float](), dict[str, str]()
    for name, call in case.contenders.items():
        try:
            with time_limit(patience):
                found = call()
        except TookTooLong:
            why[name] = f"a call takes more than {patience:g} s"
        except (MemoryError, RuntimeError, ImportError) as error:
            if out_of_memory(error):
                why[name] = "the memory is too small"
            elif name in case.may_refuse:
                why[name] = " ".join(str(error).split())[:300] or type(error).__name__
            else:
                raise
        else:
            errors[name] = check(name, found, right(case.wanted, name), case.limit)
    return errors, why


def out_of_memory(error: BaseException) -> bool:
    """Whether an error says that there is no memory."""
    said = str(error).lower()
    return isinstance(error, MemoryError) or any(words in said for words in NO_MEMORY)


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """End what runs inside once its time is up, between two steps of Python.

    A long step of a compiled library is waited for. Without limit outside the main thread, and on
    systems without such an alarm.

    Raises:
        TookTooLong: when the time is up.
    """
    alarmed = hasattr(signal, "SIGALRM") and 0 < seconds < float("inf")
    if not alarmed or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        raise TookTooLong

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
