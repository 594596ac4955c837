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
        case_seconds: how long all rounds of a contest may last, about: the last ones are left out,
            down to five, where its first ones show that it would take longer.
        patience: how many seconds a contender's first call may take; who takes longer is left out,
            and the record says so.
    """

    rounds: int = 31
    warmup: int = 2
    sample_seconds: float = 0.001
    case_seconds: float = float("inf")
    patience: float = float("inf")

    def __post_init__(self) -> None:
        as_integer("rounds", self.rounds, least=1)
        as_integer("warmup", self.warmup, least=0)
        if not 0 <= self.sample_seconds < float("inf"):
            raise ValueError(f"sample_seconds must be 0 or more; got {self.sample_seconds}")
        for name in ("case_seconds", "patience"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be above 0; got {getattr(self, name)}")

    def rounds_of(self, seconds: float) -> int:
        """Return how many rounds there are time for, if the warming up took so long.

        >>> Settings(case_seconds=1.0).rounds_of(0.2), Settings(case_seconds=1.0).rounds_of(9.0)
        (10, 5)
        """
        if not self.warmup or not seconds:
            return self.rounds
        affordable = self.case_seconds * self.warmup / seconds
        return (
            self.rounds if affordable >= self.rounds else min(max(int(affordable), 5), self.rounds)
        )


@dataclass(frozen=True)
class Timing:
    """What one contender gave.

    Args:
        loops: how many times one sample did the job.
        error: largest deviation from the right answer, relative to its root mean square.
        seconds: seconds a job, one number a round.
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
    jobs: int = 1,
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
        jobs: how many times a contender does its job when it is called once.

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
    errors = examine(contenders, wanted, limit)
    return contest(contenders, errors, baseline, settings or Settings(), clock, jobs)


def examine(
    contenders: Contenders, wanted: ArrayLike | Mapping[str, ArrayLike], limit: float
) -> dict[str, float]:
    """Return how far each contender is from the right answer, each called once.

    Raises:
        WrongAnswer: if one deviates by more than the limit.
    """
    return {
        name: check(name, call(), right(wanted, name), limit) for name, call in contenders.items()
    }


def right(wanted: ArrayLike | Mapping[str, ArrayLike], name: str) -> ArrayLike:
    """Return the right answer of a contender."""
    return wanted[name] if isinstance(wanted, Mapping) else wanted


def contest(
    contenders: Contenders,
    errors: Mapping[str, float],
    baseline: str,
    settings: Settings,
    clock: Clock,
    jobs: int,
) -> dict[str, Timing]:
    """Time contenders that are known to be right; arguments and result as in `measure`.

    Args:
        errors: name -> deviation, as `examine` finds it; who has none is refused.

    Raises:
        ValueError: if nobody looked at what one gives.
    """
    if unseen := contenders.keys() - errors.keys():
        raise ValueError(f"nobody looked at what {', '.join(sorted(unseen))} gives: examine first")
    loops = {
        name: calibrate(call, settings.sample_seconds, clock) for name, call in contenders.items()
    }

    def turns(first: int, count: int) -> list[dict[str, float]]:
        return [
            {name: sample(contenders[name], loops[name], clock) for name in order(contenders, turn)}
            for turn in range(first, first + count)
        ]

    began = clock()
    turns(0, settings.warmup)
    rounds = turns(settings.warmup, settings.rounds_of(clock() - began))
    return {
        name: Timing(
            loops[name] * jobs,
            errors[name],
            tuple(one[name] / jobs for one in rounds),
            tuple(one[name] / one[baseline] for one in rounds),
        )
        for name in contenders
    }


def check(name: str, found: ArrayLike, wanted: ArrayLike, limit: float) -> float:
    """Return the largest deviation, relative to the root mean square of what is wanted.

    Raises:
        WrongAnswer: if it exceeds the limit or the shapes differ.
    """
    shapes = tuple(np.shape(found)), tuple(np.shape(wanted))
    if shapes[0] != shapes[1]:
        raise WrongAnswer(f"{name} gives shape {shapes[0]}, wanted {shapes[1]}: not timed")
    error = _deviation(found, wanted)
    if not error <= limit:  # so that nan is wrong as well
        raise WrongAnswer(
            f"{name} is wrong for shape {shapes[1]}: relative error {error:.1e}, "
            f"allowed {limit:.1e}; not timed"
        )
    return error


def _deviation(found: Any, wanted: Any) -> float:
    """Return the largest deviation over the root mean square; on their device if both have one."""
    if getattr(found, "is_cuda", False) and getattr(wanted, "is_cuda", False):
        found, wanted = found.detach().double(), wanted.detach().double()
        return float((found - wanted).abs().max() / wanted.square().mean().sqrt())
    found, wanted = _numbers(found), _numbers(wanted)
    scale = float(np.sqrt(np.mean(np.abs(wanted) ** 2)))
    return float(np.abs(found - wanted).max()) / scale


def _numbers(value: Any) -> NDArray[Any]:
    """Return an array, of a torch tensor too, whose half precision NumPy does not know."""
    return value.detach().cpu().double().numpy() if hasattr(value, "detach") else np.asarray(value)


def calibrate(call: Callable[[], Any], seconds: float, clock: Clock) -> int:
    """Return how many calls, a power of two, last at least so many seconds."""
    loops = 1
    while seconds and sample(call, loops, clock) * loops < seconds:
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
