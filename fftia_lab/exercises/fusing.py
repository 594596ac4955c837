"""Checkers of notebook 13-fusing-stages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from reprlib import repr as shortened
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..schedule import BenesSchedule, ButterflySchedule
from ._answer import numbers, real_numbers
from ._trial import attempt
from ._verdict import Verdict, differing

Runs = list[list[int]]
LANES = 32


def check_cut(cut: Callable[[list[int], int], Sequence[Sequence[int]]]) -> Verdict:
    """Check a reader's cut of stages into launches: every run fits a tile, and there are few.

    Args:
        cut: takes the strides of all stages in order, powers of two, and the tile, a power of two;
            returns the launches in order, each a list of strides. A launch fits if its largest
            stride is less than `tile` times its smallest.

    >>> check_cut(lambda strides, tile: [[stride] for stride in strides])
    Not yet. Strides 1, 2, 4, 8, tile 4: that is one launch a stage, 4; 2 do.
    """
    rng = np.random.default_rng(13)
    given = [(ButterflySchedule(n).strides, tile) for n, tile in ((16, 4), (1024, 32), (4096, 64))]
    given += [(BenesSchedule(n).strides, tile) for n, tile in ((16, 4), (256, 16), (1024, 8))]
    given += [(tuple(2 ** rng.integers(0, 9, 12)), 2 ** int(rng.integers(1, 6))) for _ in range(40)]
    for strides, tile in given:
        plain = [int(stride) for stride in strides]
        answer = _runs(attempt(cut, (plain, tile), listed=True))
        if isinstance(answer, Verdict):
            return answer
        trouble = _cut_trouble(answer, plain, tile)
        if trouble:
            listed = ", ".join(map(str, plain))
            return Verdict(False, f"Strides {listed}, tile {tile}: {trouble}")
    return Verdict(True, f"It cuts {len(given)} networks into as few launches as can be.")


def _runs(answer: Any) -> Runs | Verdict:
    """Return launches as lists of whole numbers, or a Verdict."""
    if isinstance(answer, Verdict):
        return answer
    if not isinstance(answer, list):
        return Verdict(False, f"It returned {type(answer).__name__}, not a list of launches.")
    found: Runs = []
    for launch in answer:
        strides = numbers(launch)
        if isinstance(strides, Verdict):
            return strides
        if strides.ndim != 1 or (strides.size and strides.dtype.kind not in "iu"):
            said = shortened(launch)
            return Verdict(False, f"A launch is a list of strides; it returned {said}.")
        found.append(strides.astype(int).tolist())
    return found


def _cut_trouble(answer: Runs, strides: list[int], tile: int) -> str:
    """Return what is wrong with a cut, or nothing."""
    if any(not launch for launch in answer):
        return "a launch without a stage does nothing but read and write."
    joined = list(chain.from_iterable(answer))
    if joined != strides:
        if sorted(joined) == sorted(strides):
            return "the stages stand in another order: each needs what the last one made."
        return f"the launches run {len(joined)} stages, and not these {len(strides)}."
    for launch in answer:
        if max(launch) >= tile * min(launch):
            return (
                f"{min(launch)} and {max(launch)} stand in one launch: a tile of {tile} places "
                f"{min(launch)} apart ends before a partner {max(launch)} away."
            )
    fewest = _fewest(strides, tile)
    if len(answer) > fewest:
        return f"{_wasteful(answer, strides, tile)}, {len(answer)}; {fewest} do."
    return ""


def _wasteful(answer: Runs, strides: list[int], tile: int) -> str:
    """Return why a cut has too many launches."""
    bits = tile.bit_length() - 1
    if all(len(launch) == 1 for launch in answer):
        return "that is one launch a stage"
    if answer == [strides[i : i + bits] for i in range(0, len(strides), bits)]:
        return "it counts stages: on the way down the same tile serves again"
    if all(len(launch) == 1 for launch in answer if max(launch) >= tile):
        return "it leaves strides from the tile on alone: a tile may take every 2nd, 4th … place"
    return "there are more launches than need be"


def _fewest(strides: list[int], tile: int) -> int:
    """Return the fewest launches by trying every last one."""
    best = [0]
    for end in range(1, len(strides) + 1):
        starts = (
            start
            for start in range(end)
            if max(strides[start:end]) < tile * min(strides[start:end])
        )
        best.append(1 + min(best[start] for start in starts))
    return best[-1]


def check_held(held: Callable[[int, int, int], ArrayLike]) -> Verdict:
    """Check a reader's list of the places that share a program with one place.

    Args:
        held: takes a place, the tile, and the step between neighbours in it, powers of two;
            returns the places of its program: all that stages of strides step, 2·step … up to
            tile·step/2 join with it.

    >>> check_held(lambda place, tile, step: [place // tile * tile + k for k in range(tile)])
    Not yet. held(37, 8, 4): these are neighbours. A tile of step 4 holds every 4th place.
    """
    rng = np.random.default_rng(13)
    given = [(37, 8, 1), (37, 8, 4), (1000, 32, 32)]
    for _ in range(60):
        tile, step = (2 ** int(bits) for bits in rng.integers(0, 7, 2))
        given.append((int(rng.integers(0, 4 * tile * step)), tile, step))
    for place, tile, step in given:
        result = attempt(held, (place, tile, step), listed=True)
        answer = result if isinstance(result, Verdict) else numbers(result)
        if isinstance(answer, Verdict):
            return answer
        trouble = _held_trouble(answer, place, tile, step)
        if trouble:
            return Verdict(False, f"held({place}, {tile}, {step}): {trouble}")
    return Verdict(True, f"Every program of {len(given)} is closed under its partners.")


def _together(place: int, tile: int, step: int) -> set[int]:
    """Return all places that meet one, or meet who meets it, and so on."""
    found = {place}
    stride = step
    while stride < tile * step:
        found |= {one ^ stride for one in found}
        stride *= 2
    return found


def _held_trouble(answer: NDArray[Any], place: int, tile: int, step: int) -> str:
    """Return what is wrong with the places of a program, or nothing."""
    if answer.ndim != 1 or answer.dtype.kind not in "iu":
        return f"that is an array of {answer.dtype} of shape {answer.shape}, not a list of places."
    found, wanted = answer.tolist(), _together(place, tile, step)
    if len(found) != tile:
        return f"that are {len(found)} places; a program holds {tile}."
    if set(found) == wanted:
        return ""
    if place not in found:
        return f"place {place} is not among its own."
    ways: list[tuple[list[int], str]] = [
        (
            [place // tile * tile + k for k in range(tile)],
            f"these are neighbours. A tile of step {step} holds every {step}th place.",
        ),
        (
            [place % step + k * step for k in range(tile)],
            f"it begins in the first block, and {place} lies in block {place // (tile * step)}.",
        ),
        (
            [place + k * step for k in range(tile)],
            f"it begins at {place} itself: partners lie on both sides.",
        ),
    ]
    for mistake, hint in ways:
        if found == mistake:
            return hint
    one = min(wanted - set(found))
    return f"place {one} is missing, and some stage joins it with {place}."


def check_warp(
    transform: Callable[[NDArray[np.float64], Callable[[Any, int], Any]], ArrayLike],
) -> Verdict:
    """Check a reader's Walsh-Hadamard transform of a warp: lanes that see each other by shuffles.

    Args:
        transform: takes 32 numbers, one a lane, and `shuffle(values, stride)`, which gives lane i
            the value of lane i XOR stride; returns their transform.

    >>> check_warp(lambda values, shuffle: values + shuffle(values, 1))
    Not yet. It shuffled once, with stride 1; there are five stages.
    """
    rng = np.random.default_rng(13)
    own = np.arange(LANES)
    signs = np.array(
        [[1 - 2 * ((i & j).bit_count() & 1) for j in range(LANES)] for i in range(LANES)]
    )
    for values in (np.eye(LANES)[1], rng.normal(size=LANES), rng.normal(size=LANES)):
        strides: list[int] = []

        def shuffle(given: Any, stride: int, seen: list[int] = strides) -> Any:
            seen.append(int(stride))
            return np.asarray(given)[own ^ int(stride)]

        result = attempt(transform, (values, shuffle))
        answer = result if isinstance(result, Verdict) else real_numbers(result)
        if isinstance(answer, Verdict):
            return answer
        trouble = _warp_trouble(answer, signs @ values, values, strides)
        if trouble:
            return Verdict(False, trouble)
    return Verdict(True, "Five shuffles, and it is the matrix of signs.")


def _warp_trouble(
    answer: NDArray[np.float64],
    wanted: NDArray[np.float64],
    values: NDArray[np.float64],
    strides: list[int],
) -> str:
    """Return what is wrong with a transform of a warp, or nothing."""
    if answer.shape != (LANES,):
        return f"It returned shape {answer.shape}, not a number for each of {LANES} lanes."
    wrong = differing(answer, wanted)
    if not len(wrong) and len(strides) == 5:
        return ""
    if not len(wrong):
        return f"The numbers are right, but it shuffled {len(strides)} times: five stages do."
    if not strides:
        return "No lane has heard another: a value crosses by shuffle(values, stride)."
    if sorted(strides) != [1, 2, 4, 8, 16]:
        times = "once" if len(strides) == 1 else f"{len(strides)} times"
        listed = ", ".join(map(str, strides))
        plural = "s" * (len(strides) > 1)
        return f"It shuffled {times}, with stride{plural} {listed}; there are five stages."
    if not len(differing(answer, np.full(LANES, values.sum()))):
        return "Every lane has the sum: the upper of two takes its partner's value less its own."
    if not len(differing(np.abs(answer), np.abs(wanted))):
        return f"Lane {wrong[0]} has the wrong sign: the lane whose bit is set takes itself away."
    return f"Lane {wrong[0]} should hold {wanted[wrong[0]]:.3f}; it holds {answer[wrong[0]]:.3f}."
