"""Time several callables in one process: checked first, warm, taking turns, compared in pairs.

Leaves out what they ran on, which machine.py describes. Notebook: 04-fast-on-real-machines.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..arguments import as_integer

Clock = Callable[[], float]
Contenders = Mapping[str, Callable[[], Any]]


class WrongAnswer(ValueError):
    """A contender disagrees with its oracle, so its time would mean nothing."""


@dataclass(frozen=True)
class Settings:
    """How often and how long; every record carries it.

    Args:
        rounds: how many samples each contender gives.
        warmup: how many rounds are run before them and forgotten.
        sample_seconds: how long one sample lasts at least; fast calls are repeated to fill it, and
            as many calls before it are not timed. Short, so that another program's turn spoils few
            samples and not a little of each; long enough for the processor to settle, which takes
            half a millisecond where the widest registers come into use.
    """

    rounds: int = 31
    warmup: int = 2
    sample_seconds: float = 0.001

    def __post_init__(self) -> None:
        as_integer("rounds", self.rounds, least=1)
        as_integer("warmup", self.warmup, least=0)
        if not 0 <= self.sample_seconds < float("inf"):
            raise ValueError(f"sample_seconds must be 0 or more; got {self.sample_seconds}")


@dataclass(frozen=True)
class Timing:
    """What one contender gave.

    Args:
        loops: how many calls made one sample.
        error: largest deviation from the right answer, relative to its root mean square.
        seconds: seconds a call, one number a round.
        ratios: seconds over the baseline's seconds in the same round.
    """

    loops: int
    error: float
    seconds: tuple[float, ...]
    ratios: tuple[float, ...]


def measure(
    contenders: Contenders,
    *,
    baseline: str,
    wanted: ArrayLike | Mapping[str, ArrayLike],
    limit: float,
    settings: Settings | None = None,
    clock: Clock = time.perf_counter,
) -> dict[str, Timing]:
    """Check every contender, then time them in turns, in another order each round.

    What disturbs the machine for longer than a round disturbs a contender and its baseline alike
    and leaves their ratio in that round alone.

    Args:
        contenders: name -> callable without arguments; all do the same job.
        baseline: the name of the one that the others are divided by.
        wanted: the right answer, or name -> right answer for contenders that do the same job in
            different ways, as two layers do.
        limit: the largest relative error that counts as right.
        settings: how often and how long.
        clock: returns seconds. For a device that works behind the processor's back, pass one that
            waits for the device before it reads the time.

    Returns:
        name -> Timing, in the order of the contenders.

    Raises:
        WrongAnswer: if a contender deviates from the right answer; nothing has been timed then.
        ValueError: if the baseline is not among the contenders.

    >>> found = measure({"sum": lambda: sum(range(9)), "said": lambda: 36}, baseline="said",
    ...                 wanted=36, limit=1e-12, settings=Settings(rounds=5))
    >>> len(found["sum"].ratios), found["said"].ratios
    (5, (1.0, 1.0, 1.0, 1.0, 1.0))
    """
    if baseline not in contenders:
        raise ValueError(f"the baseline {baseline!r} is not among {', '.join(contenders)}")
    settings = settings or Settings()
    answers = wanted if isinstance(wanted, Mapping) else dict.fromkeys(contenders, wanted)
    errors = {name: check(name, call(), answers[name], limit) for name, call in contenders.items()}
    loops = {
        name: calibrate(call, settings.sample_seconds, clock) for name, call in contenders.items()
    }
    rounds = [
        {name: sample(contenders[name], loops[name], clock) for name in order(contenders, turn)}
        for turn in range(settings.warmup + settings.rounds)
    ][settings.warmup :]
    return {
        name: Timing(
            loops[name],
            errors[name],
            tuple(one[name] for one in rounds),
            tuple(one[name] / one[baseline] for one in rounds),
        )
        for name in contenders
    }


def check(name: str, found: ArrayLike, wanted: ArrayLike, limit: float) -> float:
    """Return the largest deviation, relative to the root mean square of what is wanted.

    Raises:
        WrongAnswer: if it exceeds the limit or the shapes differ.
    """
    found, wanted = _numbers(found), _numbers(wanted)
    if found.shape != wanted.shape:
        raise WrongAnswer(f"{name} gives shape {found.shape}, wanted {wanted.shape}: not timed")
    scale = float(np.sqrt(np.mean(np.abs(wanted) ** 2)))
    error = float(np.abs(found - wanted).max()) / scale
    if not error <= limit:  # so that nan is wrong as well
        raise WrongAnswer(
            f"{name} is wrong for shape {wanted.shape}: relative error {error:.1e}, "
            f"allowed {limit:.1e}; not timed"
        )
    return error


def _numbers(value: Any) -> NDArray[Any]:
    """Return an array, of a torch tensor too, whose half precision NumPy does not know."""
    return value.detach().cpu().double().numpy() if hasattr(value, "detach") else np.asarray(value)


def calibrate(call: Callable[[], Any], seconds: float, clock: Clock) -> int:
    """Return how many calls, a power of two, last at least so many seconds."""
    loops = 1
    while sample(call, loops, clock) * loops < seconds:
        loops *= 2
    return loops


def order(contenders: Contenders, turn: int) -> list[str]:
    """Return who goes when in this round: first, last, second, last but one …, rotated by one.

    In so many rounds as there are contenders each goes once in every place, and, if their number
    is even, once after every other: nobody always suffers from the same predecessor.

    Source: Williams (1949), doi:10.1071/CH9490149.

    >>> [order(dict.fromkeys("abcd"), turn) for turn in range(2)]
    [['a', 'd', 'b', 'c'], ['b', 'a', 'c', 'd']]
    """
    names = list(contenders)
    zigzag = [(place + 1) // 2 * (-1) ** place for place in range(len(names))]
    return [names[(place + turn) % len(names)] for place in zigzag]


_FEW = np.ones(64)


def sample(call: Callable[[], Any], loops: int, clock: Clock) -> float:
    """Return seconds a call, over so many calls after as many that are not timed.

    The addition clears the vector registers, which a matrix product before it may have left in use:
    what that costs, `fftia_lab.transform.fast` tells.
    """
    np.add(_FEW, _FEW)
    for _ in range(loops):
        call()
    began = clock()
    for _ in range(loops):
        call()
    return (clock() - began) / loops
