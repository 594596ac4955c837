"""Checkers of notebook 12-a-first-triton-kernel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from reprlib import repr as shortened
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..schedule import ButterflySchedule
from ._answer import numbers
from ._memory import Access, Memory, launch
from ._trial import attempt
from ._verdict import Verdict

Floats = NDArray[np.float32]


# ---- pairs -------------------------------------------------------------------------------------


def check_pair_of(pair_of: Callable[[int, int], ArrayLike]) -> Verdict:
    """Check which pair of a stage a place belongs to, pairs counted by their lower places.

    Args:
        pair_of: takes a place and the stride, a power of two; returns the number of its pair.

    >>> check_pair_of(lambda place, stride: place // 2)
    Not yet. pair_of(1, 2) is 1, not 0: it holds for neighbours, stride 1, alone.
    """
    answers: dict[tuple[int, int], int] = {}
    wrong: list[tuple[int, int]] = []
    for stage in (1, 0, 2, 4, 5):
        pairs = ButterflySchedule(64).pairs(stage)
        for place in range(64):
            given = place, 2**stage
            result = attempt(pair_of, given)
            answer = result if isinstance(result, Verdict) else numbers(result)
            if isinstance(answer, Verdict):
                return answer
            if answer.ndim or answer.dtype.kind not in "iu":
                return Verdict(False, f"It returned {shortened(result)}, not the number of a pair.")
            answers[given] = int(answer)
            if not 0 <= answer < len(pairs) or place not in pairs[answer]:
                wrong.append(given)
    if not wrong:
        return Verdict(True, "Both places of every pair know its number.")
    place, stride = wrong[0]
    right = place // (2 * stride) * stride + place % stride
    said = f"pair_of({place}, {stride}) is {right}, not {answers[wrong[0]]}"
    for mistake, hint in PAIR_WAYS:
        if all(mistake(*given) == answer for given, answer in answers.items()):
            return Verdict(False, f"{said}: {hint}")
    return Verdict(False, f"{said}.")


PAIR_WAYS: list[tuple[Callable[[int, int], int], str]] = [
    (lambda i, t: i & ~t, "this is the lower place of the pair, not its number."),
    (lambda i, t: i // 2, "it holds for neighbours, stride 1, alone."),
    (lambda i, t: i // (2 * t), "this is a block of two strides, which has several pairs."),
    (lambda i, t: i // t, "this is a block of one stride: whom do its places meet?"),
    (lambda i, t: i % t, "every block of two strides counts from 0: add the pairs before it."),
    (lambda i, t: i // (2 * t) * t + i % (2 * t), "both places of a pair have one number."),
    (lambda i, t: i // t * t + i % t, "this is the place itself."),
]


# ---- kernels -----------------------------------------------------------------------------------


class Case(NamedTuple):
    """What a kernel is given, and what its tensors should hold then."""

    said: str
    grid: int
    given: dict[str, NDArray[Any]]
    numbers: tuple[int, ...]
    block: int
    wanted: dict[str, NDArray[Any]]
    target: str  # the tensor that it is about
    hints: list[tuple[NDArray[Any], str]]  # what typical mistakes make of that
    holds: NDArray[np.bool_] | None = None  # which places of x may be read


def check_reverse(reverse: Any) -> Verdict:
    """Check a kernel that writes a row of numbers backwards.

    Args:
        reverse: kernel of (x, y, n, BLOCK): y[n - 1 - i] = x[i], a block of BLOCK places a program.

    >>> check_reverse(lambda x, y, n, BLOCK: None)
    Not yet. A kernel begins with the line @triton.jit, above its def.
    """
    cases = [_reverse_case(n, block) for n, block in ((13, 8), (16, 4), (5, 8), (100, 32), (1, 2))]
    return _judge(reverse, cases, "Backwards, and nothing beside it was touched.")


def _reverse_case(n: int, block: int) -> Case:
    x = np.random.default_rng(n).normal(size=n).astype(np.float32)
    own = [x[start : start + block][::-1] for start in range(0, n, block)]
    return Case(
        f"{n} numbers in blocks of {block}",
        -(-n // block),
        {"x": x, "y": np.full(n, np.nan, np.float32)},
        (n,),
        block,
        {"x": x, "y": x[::-1]},
        "y",
        [
            (x, "y is x: nothing was turned round."),
            (np.concatenate(own), "each block was turned round by itself."),
            (np.roll(x[::-1], -1), "every number stands one place too low: the last is n - 1."),
        ],
    )


def check_listen(listen: Any) -> Verdict:
    """Check a kernel in which every token takes the mean with the one a stride before it.

    Args:
        listen: kernel of (x, y, n, stride, BLOCK): y[i] = (x[i] + x[i - stride]) / 2, and x[i]
            where i < stride.

    >>> check_listen(lambda x, y, n, stride, BLOCK: None)
    Not yet. A kernel begins with the line @triton.jit, above its def.
    """
    sizes = ((13, 2, 4), (16, 8, 4), (100, 1, 32), (37, 32, 16), (5, 8, 8), (64, 3, 16))
    cases = [_listen_case(*size) for size in sizes]
    return _judge(listen, cases, "Nobody has heard the future, and nobody the memory before it.")


def _listen_case(n: int, stride: int, block: int) -> Case:
    x = np.random.default_rng(n).normal(size=n).astype(np.float32)
    place = np.arange(n)

    def mean(heard: NDArray[np.int64]) -> Floats:
        there = (heard >= 0) & (heard < n)
        return np.where(there, (x + x[heard % n]) / 2, x)

    wanted = mean(place - stride)
    return Case(
        f"{n} tokens, stride {stride}, blocks of {block}",
        -(-n // block),
        {"x": x, "y": np.full(n, np.nan, np.float32)},
        (n, stride),
        block,
        {"x": x, "y": wanted},
        "y",
        [
            (x, "nobody has heard anybody: y is x."),
            (mean(place + stride), "tokens hear the future, i + stride."),
            (
                mean((place - stride) % n),
                "the first tokens hear the last ones: this is no circle.",
            ),
            (mean(place ^ stride), "tokens hear i XOR stride, which is sometimes later."),
            (mean(place - stride - 1), "tokens hear one place too far back."),
            (mean(place - stride + 1), "tokens hear one place too near."),
            (
                np.where(place < stride, x / 2, wanted),
                "who hears nobody keeps all of itself.",
            ),
            (2 * wanted, "a sum was stored: the mean is half of it."),
            (x[(place - stride) % n], "tokens were moved: the mean of two was asked for."),
        ],
    )


def check_relay(relay: Any) -> Verdict:
    """Check a kernel of one stage in place, in which places that hold nothing copy their partner.

    Args:
        relay: kernel of (x, holds, gates, pairs, stride, BLOCK): of pairs a, b = a + stride in
            which both hold something, x[a] moves by gates[a] of the way to x[b], and x[b] by
            gates[b] of the way to x[a]; whoever holds nothing copies who does, and holds from then
            on. A program has BLOCK of the pairs.

    >>> check_relay(lambda x, holds, gates, pairs, stride, BLOCK: None)
    Not yet. A kernel begins with the line @triton.jit, above its def.
    """
    sizes = ((16, 13, 4, 4), (16, 16, 8, 2), (16, 9, 1, 8), (32, 11, 16, 4), (8, 1, 2, 8))
    cases = [_relay_case(*size) for size in sizes]
    return _judge(relay, cases, "Who holds nothing relays, and its memory was never read.")


def _relay_case(places: int, real: int, stride: int, block: int) -> Case:
    rng = np.random.default_rng(real)
    holds = rng.permutation(np.arange(places) < real) if real < 13 else np.arange(places) < real
    x = np.where(holds, rng.normal(size=places), np.nan).astype(np.float32)
    gates = rng.uniform(0.1, 0.9, size=places).astype(np.float32)
    met = holds[np.arange(places) ^ stride]
    heard = holds | met
    moved = _moved(x, holds, np.where(met, np.where(holds, gates, 1), 0), stride)
    after = {"x": np.where(heard, moved, np.nan), "holds": heard.astype(np.int8), "gates": gates}
    return Case(
        f"{places} places, {real} of them hold something, stride {stride}",
        -(-places // 2 // block),
        {"x": x, "holds": holds, "gates": gates},
        (places // 2, stride),
        block,
        after,
        "x",
        list(_relay_ways(x, holds, gates, stride)),
        holds,
    )


def _moved(
    x: Floats, holds: NDArray[np.bool_], gates: NDArray[np.floating], stride: int
) -> NDArray[np.floating]:
    """Return tokens moved by their gates towards partners, 0 where nobody holds anything."""
    known = np.where(holds, x, 0)
    return known + gates * (known[np.arange(len(x)) ^ stride] - known)


def _relay_ways(
    x: Floats, holds: NDArray[np.bool_], gates: Floats, stride: int
) -> Iterator[tuple[NDArray[Any], str]]:
    """Yield what typical mistakes make of x, stored everywhere or where somebody is."""
    met = holds[np.arange(len(x)) ^ stride]
    both = holds & met
    right = np.where(met, np.where(holds, gates, 1), 0)
    swapped = np.where(both, gates[np.arange(len(x)) ^ stride], right)
    ways = [
        (right, "x was stored where neither holds anything: mask the store."),
        (gates, "who holds nothing is heard as zeros: its partner keeps itself."),
        (np.where(met, gates, 0), "who holds nothing takes a part: a copy has gate 1."),
        (np.where(both, gates, 1), "who meets nobody has become 0: it keeps itself."),
        (swapped, "a moves by gates[a] and b by gates[b], not the other way round."),
    ]
    yield x, "nobody has moved."
    yield (
        np.where(holds, _moved(x, holds, right, stride), np.nan),
        "who holds nothing stays empty: it copies its partner.",
    )
    for gate, hint in ways:
        made = _moved(x, holds, gate, stride)
        yield made, hint
        yield np.where(holds | met, made, np.nan), hint


def _judge(kernel: Any, cases: list[Case], praise: str) -> Verdict:
    """Run a kernel on every case; return the first thing that is wrong, or the praise."""
    for case in cases:
        memory = launch(kernel, case.grid, case.given, *case.numbers, BLOCK=case.block)
        if isinstance(memory, Verdict):
            return memory
        trouble = _touched(memory, case) or _stored(memory, case)
        if trouble:
            return Verdict(False, f"{case.said}: {trouble}")
    return Verdict(True, praise)


def _touched(memory: Memory, case: Case) -> str:
    """Return what a kernel touched that it must leave alone, or nothing."""
    outside = memory.outside()
    if outside:
        return _beyond(outside, memory)
    if case.holds is not None:
        nobody = sorted(memory.read("x") - set(np.flatnonzero(case.holds).tolist()))
        if nobody:
            return f"x[{nobody[0]}] is read, where nobody is: mask the load by what holds."
    race = memory.race()
    if race:
        store, other = race
        does = "stores there too" if other.stores else "reads it"
        return (
            f"program {store.program} stores {store.tensor}[{store.place}], and program "
            f"{other.program} {does}. Whoever comes first decides: it is a race."
        )
    return ""


def _beyond(access: Access, memory: Memory) -> str:
    if not access.tensor:
        return f"program {access.program} leaves all tensors: look at what it adds to an address."
    does = "stores" if access.stores else "reads"
    side = "before its beginning" if access.place < 0 else "behind its end"
    of = f"{access.tensor}[{access.place}], {side} (it has {memory.length(access.tensor)} places)"
    return f"program {access.program} {does} {of}: a mask is missing, or one off."


def _stored(memory: Memory, case: Case) -> str:
    """Return what is wrong with what a kernel stored, or nothing."""
    for name, wanted in case.wanted.items():
        found = memory[name]
        if _alike(found, wanted):
            continue
        if name == case.target:
            for mistake, hint in case.hints:
                if _alike(found, mistake):
                    return hint
        elif _alike(case.given[name], wanted):
            return f"{name} was changed, and is only to be read: store into {case.target}."
        return _first(found, wanted, name)
    return ""


def _first(found: NDArray[Any], wanted: NDArray[Any], name: str) -> str:
    i = int(np.flatnonzero(~_near(found, wanted))[0])
    if np.isnan(found[i]) and not np.isnan(wanted[i]):
        return f"{name}[{i}] should be {wanted[i]:.4g}, and nothing was stored there, or NaN."
    return f"{name}[{i}] should be {wanted[i]:.4g}; it is {found[i]:.4g}."


def _near(found: NDArray[Any], wanted: NDArray[Any]) -> NDArray[np.bool_]:
    """Return where two arrays of float32 are the same but for rounding, NaN included."""
    alike: NDArray[np.bool_] = np.isclose(found, wanted, rtol=1e-5, atol=1e-6, equal_nan=True)
    return alike


def _alike(found: NDArray[Any], wanted: NDArray[Any]) -> bool:
    return bool(_near(found, wanted).all())
