"""Checkers of notebook 06-who-has-heard-whom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..schedule import ButterflySchedule, ShiftSchedule
from ._answer import numbers, one_number
from ._trial import attempt
from ._verdict import Verdict

Booleans = NDArray[np.bool_]
Integers = NDArray[np.int64]


def check_reach(reach: Callable[[list[Integers]], ArrayLike]) -> Verdict:
    """Check a reader's matrix of who has heard whom, on meetings with no symmetry to hide in.

    Args:
        reach: takes the partners of every stage, a list of integer arrays of shape (n,); returns
            a boolean matrix of shape (n, n), true at [i, j] if i has heard j in the end.

    >>> check_reach(lambda partners: np.eye(len(partners[0]), dtype=bool))
    Not yet. For 6 tokens and 3 stages, entry [0, 2] should be True; it is False.
    """
    rng = np.random.default_rng(6)
    shapes = [(6, 3), (8, 3), (9, 4), (5, 1), (16, 4)]
    wirings = [[rng.integers(0, n, n) for _ in range(depth)] for n, depth in shapes]
    for partners in wirings:
        size = len(partners[0])
        wanted = _reach(partners, size)
        result = attempt(reach, (partners,))
        answer = result if isinstance(result, Verdict) else numbers(result)
        if isinstance(answer, Verdict):
            return answer
        if answer.shape != (size, size):
            return Verdict(False, f"It returned shape {answer.shape} for {size} tokens.")
        if answer.dtype.kind not in "biuf":
            return Verdict(False, f"It returned {answer.dtype} values, not truth values.")
        if not np.array_equal(answer, wanted):
            return Verdict(False, _reach_hint(answer, partners))
    return Verdict(True, "It agrees with sets of tokens on five wirings, mutual or not.")


def _reach(partners: Sequence[Integers], size: int) -> Booleans:
    """Return the right answer, from sets: what I knew, and what my partner knew."""
    heard = [{i} for i in range(size)]
    for stage in partners:
        heard = [heard[i] | heard[j] for i, j in enumerate(stage.tolist())]
    return np.array([[j in known for j in range(len(heard))] for known in heard])


def _reach_hint(answer: NDArray[Any], partners: Sequence[Integers]) -> str:
    size = len(answer)
    wanted, own = _reach(partners, size), np.eye(size, dtype=bool)
    moved, at_once, mutual = own.copy(), own.copy(), own.copy()
    for stage in partners:
        moved = moved[stage]
        mutual = (own | own[stage] | own[stage].T) @ mutual
        for i, j in enumerate(stage.tolist()):
            at_once[i] |= at_once[j]
    hints = [
        (wanted.T, "Rows and columns have changed places: row i is what i has heard."),
        (
            _reach(partners[::-1], size),
            "The last stage runs first: what is heard early is passed on.",
        ),
        (
            _reach(partners[::-1], size).T,
            "It multiplies from the wrong side: stage after stage, S @ H.",
        ),
        (moved, "Nobody keeps what it knew: a token has its own news and its partner's."),
        (own | moved, "Nobody keeps what it knew: a token has its own news and its partner's."),
        (mutual, "It takes meetings for mutual: i hears its partner, which may hear another."),
        (wanted | wanted.T, "It is symmetric: that j has heard i does not tell i anything."),
        (np.ones_like(own), "All ones: nobody hears everybody in so few stages."),
        (at_once, "Within a stage some hear what others have only just heard: use a new matrix."),
        (_reach(partners[:1], size), "Only the first stage has run."),
        (_reach(partners[:-1], size), "The last stage is missing."),
    ]
    if np.array_equal(answer > 0, wanted):
        return f"It counts paths, up to {answer.max():.0f} of them: ask whether there is one, > 0."
    for mistake, hint in hints:
        if np.array_equal(answer, mistake):
            return hint
    i, j = np.argwhere(answer != wanted)[0]
    return (
        f"For {size} tokens and {len(partners)} stages, entry [{i}, {j}] should be "
        f"{wanted[i, j]}; it is {bool(answer[i, j])}."
    )


def check_meeting(meeting: Callable[[int, int], int]) -> Verdict:
    """Check a reader's stage after which a token of the butterfly has heard another.

    Args:
        meeting: takes two tokens from 0 to 63; returns how many stages must have run, 0 to 6.

    >>> check_meeting(lambda i, j: (i ^ j).bit_count())
    Not yet. It counts the digits that differ: the highest of them decides, for 0 and 2 stage 2.
    """
    schedule = ButterflySchedule(64)
    stages = np.array([schedule.reach(stage) for stage in range(schedule.depth + 1)])
    wanted = stages.argmax(axis=0)
    given: dict[tuple[int, int], float] = {}
    for i, j in np.ndindex(64, 64):
        result = attempt(meeting, (i, j))
        stages_run = (
            result if isinstance(result, Verdict) else one_number(result, "a number of stages")
        )
        if isinstance(stages_run, Verdict):
            return stages_run
        given[i, j] = stages_run
    wrong = [pair for pair, answer in given.items() if answer != wanted[pair]]
    if wrong:
        return Verdict(False, _meeting_hint(given, wrong[0], int(wanted[wrong[0]])))
    return Verdict(True, "It agrees with the reach of 64 tokens, for all 4,096 pairs.")


def _meeting_hint(given: dict[tuple[int, int], float], wrong: tuple[int, int], wanted: int) -> str:
    i, j = wrong
    hints: list[tuple[Callable[[int, int], int], str]] = [
        (
            lambda i, j: (i ^ j).bit_count(),
            f"It counts the digits that differ: the highest of them decides, for {i} and {j} "
            f"stage {wanted}.",
        ),
        (lambda i, j: (i ^ j).bit_length() - 1, "It counts stages from 0: one more have run."),
        (
            lambda i, j: max((i ^ j).bit_length() - 1, 0),
            "It counts stages from 0: one more have run, unless a token hears itself.",
        ),
        (
            lambda i, j: (i ^ j) & -(i ^ j),
            "It gives the lowest stride: the highest digit that differs decides.",
        ),
        (
            lambda i, j: ((i ^ j) & -(i ^ j)).bit_length(),
            "It takes the lowest digit that differs: at the highest one they still stand apart.",
        ),
        (
            lambda i, j: abs(i - j).bit_length(),
            f"It measures the distance {abs(i - j)}: compare the digits of {i} and {j} instead.",
        ),
        (lambda i, j: i ^ j, "i ^ j holds the digits that differ: how many stages is that?"),
        (lambda i, j: 6, "All pairs have met after 6 stages, and most of them before."),
        (
            lambda i, j: max((i ^ j).bit_length(), 1),
            "A token has heard itself before any stage: that is 0 stages.",
        ),
    ]
    for mistake, hint in hints:
        if all(answer == mistake(*pair) for pair, answer in given.items()):
            return hint
    return f"Token {i} has heard {j} after {wanted} stages; it says {given[wrong]:g}."


def check_relays(relays: Callable[[list[bool]], Sequence[ArrayLike]]) -> Verdict:
    """Check a reader's butterfly in which empty places relay: whom each place hears, every stage.

    Args:
        relays: takes a list of 2, 4, 8 … truth values, true where a place holds a token; returns
            the partners of every stage, each a list of places, itself for one that hears nobody.

    >>> check_relays(lambda real: [[i ^ 1 for i in range(len(real))]])
    Not yet. It returned 1 stages for 16 places: there are 4.
    """
    rng = np.random.default_rng(6)
    shapes = [(16, 13), *((n, m) for n in (2, 4, 8, 16, 32) for m in range(1, n + 1))]
    masks = [np.arange(n) < m for n, m in shapes]
    masks += [rng.random(n) < rng.random() for n in (8, 16, 32) for _ in range(20)]
    for real in masks:
        stages = _stages(relays, real.tolist())
        if isinstance(stages, Verdict):
            return stages
        trouble = _relay_trouble(stages, real)
        if trouble:
            return Verdict(False, trouble)
    return Verdict(True, "It agrees with the library at every length to 32 and on 60 other masks.")


def _stages(wiring: Callable[[Any], Any], given: Any) -> list[NDArray[Any]] | Verdict:
    """Return the stages of a reader's wiring as arrays of whatever kind, or a Verdict."""
    answer = attempt(wiring, (given,), listed=True)
    if isinstance(answer, Verdict):
        return answer
    if not isinstance(answer, list):
        return Verdict(False, f"It returned {type(answer).__name__}, not a list of stages.")
    stages: list[NDArray[Any]] = []
    for stage in map(numbers, answer):
        if isinstance(stage, Verdict):
            return stage
        stages.append(stage)
    return stages


def _relay_trouble(stages: list[NDArray[Any]], real: Booleans) -> str:
    """Return the first mistake in a butterfly with relays, or nothing."""
    size, own = len(real), np.arange(len(real))
    schedule = ButterflySchedule(size, padding="relay")
    if len(stages) != schedule.depth:
        return f"It returned {len(stages)} stages for {size} places: there are {schedule.depth}."
    keeps = [np.where(real & real[own ^ stride], own ^ stride, own) for stride in schedule.strides]
    wanted = list(schedule.meetings(real[None]))
    for number, partners in enumerate(stages):
        if partners.shape != (size,) or partners.dtype.kind not in "iu":
            return f"In stage {number}, there are no {size} partners, one a place."
        wrong = np.flatnonzero(partners != wanted[number][0][0])
        if len(wrong) and np.array_equal(stages, keeps):
            return (
                "That is the rule that keeps: nobody hears padding, and some tokens never hear "
                "each other. Let an empty place copy the first partner that holds something."
            )
        if len(wrong):
            place, holds = int(wrong[0]), [before[0] for _, before in wanted]
            return f"In stage {number}, " + _relay_hint(
                int(partners[place]), place, place ^ schedule.strides[number], real, holds, number
            )
    return ""


def _relay_hint(
    heard: int, place: int, partner: int, real: Booleans, holds: list[Booleans], stage: int
) -> str:
    """Return what is wrong with whom one place hears, itself or `partner` being right."""

    def since(other: int) -> int:
        return next(number for number, before in enumerate(holds) if before[other]) - 1

    if heard not in (place, partner):
        return f"place {place} hears {heard}: the butterfly joins it with {partner}."
    if heard == partner and not holds[stage][place]:
        return f"places {place} and {partner} are both empty: two empty places keep still."
    if heard == partner:
        return f"place {place} hears {partner}, which holds nothing yet: padding is never read."
    if real[place] and real[partner]:
        return f"place {place} keeps itself: {partner} holds a token, and they meet."
    if real[place]:
        return (
            f"place {place} keeps itself: {partner} is a relay, which has held a copy since stage "
            f"{since(partner)} and takes part."
        )
    if holds[stage][place]:
        return (
            f"place {place} keeps itself: it is a relay, which has held a copy since stage "
            f"{since(place)} and hears {partner} as a token does."
        )
    return f"place {place} keeps still: it is empty and {partner} holds something, so it copies it."


def check_wiring(wiring: Callable[[int], Sequence[ArrayLike]]) -> Verdict:
    """Check a reader's causal wiring of any length: nobody deaf, in as few stages as can be.

    Args:
        wiring: takes a length of at least 1; returns the partners of every stage, each a list of
            `length` tokens, itself for one that meets nobody.

    >>> check_wiring(lambda n: [[max(i - 1, 0) for i in range(n)] for _ in range(n - 1)])
    Not yet. Nobody is deaf, but it takes 12 stages for 13 tokens: 4 do.
    >>> check_wiring(lambda n: [[i - 1 for i in range(n)]])
    Not yet. In stage 0, token 0 meets -1: to Python that is the last token, and the future.
    """
    listenings = 0
    for length in (13, 16, *range(1, 70)):
        stages = _stages(wiring, length)
        if isinstance(stages, Verdict):
            return stages
        trouble = _forbidden(stages, length) or _deaf(stages, length)
        if trouble:
            return Verdict(False, trouble)
        if length == 16:
            listenings = sum(int((stage != np.arange(16)).sum()) for stage in stages)
    fewer = " A prefix wiring needs 32." * (listenings > 32)
    return Verdict(
        True,
        "Everyone hears its whole past, at every length from 1 to 69; with 16 tokens by "
        f"{listenings} listenings.{fewer}",
    )


def _forbidden(stages: list[NDArray[Any]], length: int) -> str:
    """Return what such meetings break, or nothing."""
    for number, partners in enumerate(stages):
        where = f"In stage {number}, "
        if partners.shape != (length,) or partners.dtype.kind not in "iu":
            return f"{where}there are no {length} partners, one a token."
        for token, partner in enumerate(partners.tolist()):
            if partner < 0:
                return (
                    f"{where}token {token} meets {partner}: to Python that is the last token, "
                    "and the future."
                    if partner == -1
                    else f"{where}token {token} meets {partner}: who has nobody meets itself."
                )
            if partner > token:
                wraps = number < 32 and partner == (token - 2**number) % length
                late = " It goes round the circle: before token 0 there is nobody." * wraps
                return f"{where}token {token} hears {partner}, which is later.{late}"
    return ""


def _deaf(stages: list[NDArray[Any]], length: int) -> str:
    """Return who misses whom, or how many stages are too many, or nothing."""
    fewest = ShiftSchedule(length).depth
    heard = _reach(stages, length)
    missing = np.argwhere(np.tri(length, dtype=bool) & ~heard)
    if len(missing):
        token, source = missing[-1] if len(stages) < fewest else missing[0]
        own = np.arange(length)
        strides = 2 ** np.minimum(np.arange(len(stages)), 62)[:, None]
        cut = np.where((own ^ strides) > own, own, own ^ strides)
        first = np.where(own & strides, own // strides * strides, own)
        if len(stages) >= fewest and np.array_equal(stages, cut):
            return (
                f"That is the causal butterfly: {len(missing)} of {length * (length + 1) // 2} "
                "pairs are missed. Its partners flip digits; look back by a distance instead."
            )
        if len(stages) >= fewest and np.array_equal(stages, first):
            return (
                "It hears the first of its own block: what lies before the block is known to the "
                "last of the block on its left."
            )
        return f"With {length} tokens, {token} never hears {source}."
    if len(stages) > fewest:
        return (
            f"Nobody is deaf, but it takes {len(stages)} stages for {length} tokens: {fewest} do."
        )
    return ""
