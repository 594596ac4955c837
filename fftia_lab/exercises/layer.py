"""Checkers of notebook 08-butterfly-attention."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..schedule import ButterflySchedule, Integers
from ._answer import real_numbers
from ._trial import attempt
from ._verdict import Verdict, agree, differing

Floats = NDArray[np.float64]
Order = tuple[int, ...]

# ---- the matrix of some stages ---------------------------------------------------------------


def check_matrix(matrix: Callable[[Floats, list[Integers]], Any]) -> Verdict:
    """Check the product of stages, on meetings with no symmetry to hide in.

    Args:
        matrix: takes gates of shape (stages, n) and the partners of every stage, a list of integer
            arrays of shape (n,); returns the product, shape (n, n).

    >>> check_matrix(lambda gates, partners: np.eye(gates.shape[1]))
    Not yet. This is the identity: no stage has run.
    """
    rng = np.random.default_rng(11)
    for size, depth, nearest in ((6, 3, 1), (8, 3, 1), (9, 4, 1), (5, 1, 1), (16, 4, 1), (7, 3, 0)):
        gates = rng.uniform(0.1, 0.9, size=(depth, size))
        away = [rng.integers(nearest, size, size) for _ in range(depth)]
        partners = [(np.arange(size) + distance) % size for distance in away]
        result = attempt(matrix, (gates, partners))
        found = result if isinstance(result, Verdict) else real_numbers(result)
        if isinstance(found, Verdict):
            return found
        if found.shape != (size, size):
            return Verdict(False, f"For {size} tokens it has shape {found.shape}, not n by n.")
        if not agree(found, _product(gates, partners)):
            return Verdict(False, _matrix_hint(found, gates, partners))
    return Verdict(True, "It is the product of all stages, on six wirings.")


def _factors(gates: Floats, partners: Sequence[Integers]) -> list[Floats]:
    """Return the stages, entry by entry."""
    found = []
    for gate, partner in zip(gates, partners, strict=True):
        factor = np.diag(1 - gate)
        for i, j in enumerate(partner.tolist()):
            factor[i, j] += gate[i]
        found.append(factor)
    return found


_COLUMN = "A gate scales a column, not a row: a column of gates, gate[:, None], scales rows."


def _stagewise(
    gates: Floats,
    partners: Sequence[Integers],
    step: Callable[[Floats, Floats, Floats], Floats],
) -> Floats:
    """Return what a step makes of the identity, from the rows, the gates, the partners' rows."""
    product = np.eye(gates.shape[1])
    for gate, partner in zip(gates, partners, strict=True):
        product = step(product, gate, product[partner])
    return product


_ALONE = "Who meets itself keeps all of itself: there 1 - g and g add up in one entry."


def _alone(gates: Floats, partners: Sequence[Integers], own_last: bool) -> Floats:
    """Return the product of stages in which of g and 1 - g, in one entry, the last one stands."""
    product = np.eye(gates.shape[1])
    for gate, partner in zip(gates, partners, strict=True):
        factor, tokens = np.diag(1 - gate), np.arange(len(gate))
        factor[tokens, partner] = gate
        if own_last:
            factor[tokens, tokens] = 1 - gate
        product = factor @ product
    return product


def _product(gates: Floats, partners: Sequence[Integers]) -> Floats:
    product = np.eye(gates.shape[1])
    for factor in _factors(gates, partners):
        product = factor @ product
    return product


def _matrix_hint(found: Floats, gates: Floats, partners: Sequence[Integers]) -> str:
    factors, wanted = _factors(gates, partners), _product(gates, partners)
    at_once = np.eye(len(found))
    for gate, partner in zip(gates, partners, strict=True):
        for i, j in enumerate(partner.tolist()):
            at_once[i] += gate[i] * (at_once[j] - at_once[i])
    theirs = np.array([gate[partner] for gate, partner in zip(gates, partners, strict=True)])
    hints = [
        (np.eye(len(found)), "This is the identity: no stage has run."),
        (_stagewise(gates, partners, lambda p, g, q: p + g * (q - p)), _COLUMN),
        (_stagewise(gates, partners, lambda p, g, q: (1 - g) * p + g * q), _COLUMN),
        (
            _product(theirs, partners),
            "It takes the partner's gate: g[i] says how far token i itself moves.",
        ),
        (
            _stagewise(gates, partners, lambda p, g, q: p + g[:, None] * q),
            "It adds the partner's share and keeps all of its own: mix, so that rows sum to 1.",
        ),
        (_alone(gates, partners, own_last=False), _ALONE),
        (_alone(gates, partners, own_last=True), _ALONE),
        (
            _product(gates[::-1], partners[::-1]),
            "The last stage acts first: begin with stage 0, and keep what it made.",
        ),
        (wanted.T, "Transposed: row i is what token i has, so take rows of the partner."),
        (
            _product(gates[::-1], partners[::-1]).T,
            "It takes columns of the partner: stages act on rows.",
        ),
        (
            _product(1 - gates, partners),
            "Gates have changed places: g is the partner's weight, 1 - g the token's own.",
        ),
        (
            factors[-1],
            "Only the last stage counts: each must start from what the one before it made.",
        ),
        (factors[0], "Only the first stage has run."),
        (
            at_once,
            "Within a stage some take what others have only just taken: use a new matrix.",
        ),
    ]
    for mistake, hint in hints:
        if agree(found, mistake):
            return hint
    i, j = np.unravel_index(differing(found.ravel(), wanted.ravel())[0], wanted.shape)
    return (
        f"For {len(found)} tokens and {len(gates)} stages, entry [{i}, {j}] should be "
        f"{wanted[i, j]:.3f}; it is {found[i, j]:.3f}."
    )


# ---- which orders can be had -----------------------------------------------------------------


def check_routable(routable: Callable[[list[int]], Any]) -> Verdict:
    """Check a reader's test of whether one butterfly can bring about an order.

    Args:
        routable: takes the order, a list of N tokens of which token i is to have the value of
            order[i]; returns whether gates of 0 and 1 can do it.

    >>> check_routable(lambda order: False)
    Not yet. It is always False: keeping everybody, [0, 1, 2, 3], takes no more than gates of 0.
    """
    orders = _orders()
    answers: dict[Order, bool] = {}
    for order in orders:
        result = attempt(routable, (list(order),))
        if isinstance(result, Verdict):
            return result
        if not isinstance(result, (bool, np.bool_)):
            return Verdict(False, f"It returned {type(result).__name__}, not True or False.")
        answers[order] = bool(result)
    wrong = [order for order in orders if answers[order] != _settled(order)]
    if wrong:
        return Verdict(False, _routable_hint(answers, wrong[0]))
    return Verdict(True, f"It is right about {len(orders):,} orders of 1 to 16 tokens.")


def _orders() -> list[Order]:
    """All orders of 4 tokens or fewer, then some of 8 and 16 of which a third can be had.

    Of these each stands there once more with two values exchanged, so that some fail at one cut.
    """
    rng = np.random.default_rng(12)
    found: list[Order] = [*permutations(range(4)), *permutations(range(2)), (0,)]
    for size, count in ((8, 300), (16, 100)):
        found += [tuple(rng.permutation(size).tolist()) for _ in range(count)]
        made = [_made(size, rng) for _ in range(count // 2)]
        found += [*made, *(_swapped(order, rng) for order in made)]
    return found


def _made(size: int, rng: np.random.Generator) -> Order:
    """Return what a butterfly with random switches makes."""
    schedule, values = ButterflySchedule(size), np.arange(size)
    for stage in range(schedule.depth):
        for a, b in schedule.pairs(stage)[rng.random(size // 2) < 0.5].tolist():
            values[[a, b]] = values[[b, a]]
    return tuple(values.tolist())


def _swapped(order: Order, rng: np.random.Generator) -> Order:
    """Exchange the values of two tokens whose addresses differ in one digit."""
    values, a = np.array(order), rng.integers(len(order))
    b = a ^ 1 << rng.integers(len(order).bit_length() - 1)
    values[[a, b]] = values[[b, a]]
    return tuple(values.tolist())


def _settled(order: Order, cuts: Sequence[int] | None = None) -> bool:
    """Whether at each cut all values stand in places of their own."""
    for cut in range(1, len(order).bit_length() - 1) if cuts is None else cuts:
        low = (1 << cut) - 1
        if len({i & low | j & ~low for i, j in enumerate(order)}) < len(order):
            return False
    return True


def _inverse(order: Order) -> Order:
    return tuple(np.argsort(order).tolist())


def _routable_hint(answers: dict[Order, bool], wrong: Order) -> str:
    last = {order: [max(len(order).bit_length() - 2, 0)] for order in answers}
    hints: list[tuple[Callable[[Order], bool], str]] = [
        (lambda order: True, "It is always True: of four tokens 8 orders in 24 cannot be had."),
        (
            lambda order: False,
            "It is always False: keeping everybody, [0, 1, 2, 3], takes no more than gates of 0.",
        ),
        (
            lambda order: _settled(_inverse(order)),
            "It tests the way back: the value of order[i] goes to i, and takes on the digits of i, "
            "the lowest first.",
        ),
        (
            lambda order: _settled(order, last[order]),
            "It looks before the last stage only: values can collide after any stage.",
        ),
        (
            lambda order: _settled(order, [1]),
            "It looks after the first stage only: values can collide after any stage.",
        ),
        (
            lambda order: not _settled(order),
            "The other way round: no two values may stand in one place.",
        ),
    ]
    for mistake, hint in hints:
        if all(answer == mistake(order) for order, answer in answers.items()):
            return hint
    can = "can" if _settled(wrong) else "cannot"
    return f"The order {list(wrong)} {can} be had; it says {answers[wrong]}."


# ---- the gates of an order -------------------------------------------------------------------


def check_gates_for(gates_for: Callable[[list[int]], Any]) -> Verdict:
    """Check the gates that bring about an order, by running them.

    Args:
        gates_for: takes an order that can be had; returns gates of 0 and 1, shape (log2 N, N).

    >>> check_gates_for(lambda order: np.zeros((len(order).bit_length() - 1, len(order))))
    Not yet. For the order [1, 2, 3, 4, 5, 6, 7, 0] nobody moves: all gates are 0.
    """
    rng = np.random.default_rng(13)
    turned = [tuple(np.roll(np.arange(size), -1).tolist()) for size in (8, 4, 16)]
    orders = [*turned, (1, 0), *(_made(size, rng) for size in (8, 8, 8, 16, 16, 32))]
    for order in orders:
        depth, size = len(order).bit_length() - 1, len(order)
        result = attempt(gates_for, (list(order),))
        gates = result if isinstance(result, Verdict) else real_numbers(result)
        if isinstance(gates, Verdict):
            return gates
        if gates.shape != (depth, size):
            return Verdict(
                False, f"For {size} tokens it has shape {gates.shape}; wanted is ({depth}, {size})."
            )
        if not np.isin(gates, (0, 1)).all():
            return Verdict(False, "Some gates are neither 0 nor 1: they would mix two values.")
        if _run(gates) != order:
            return Verdict(False, _gates_hint(gates, order))
    return Verdict(True, f"All {len(orders)} orders come about, of 2 to 32 tokens.")


def _run(gates: Floats) -> Order:
    """Return whose value each token ends with."""
    schedule = ButterflySchedule(gates.shape[1])
    values = np.arange(schedule.size)
    for stage, gate in enumerate(gates):
        values = np.where(gate == 1, values[schedule.partners(stage)], values)
    return tuple(values.tolist())


def _gates_hint(gates: Floats, order: Order) -> str:
    size, made = len(order), _run(gates)
    strides = np.array(ButterflySchedule(size).strides)[:, None]
    at_target = (np.arange(size) ^ np.array(order)) & strides > 0
    what = f"For the order {list(order)}"
    if not gates.any():
        return f"{what} nobody moves: all gates are 0."
    if _run(1 - gates) == order:
        return "The other way round: a gate of 1 takes the partner's value."
    if _run(gates[::-1]) == order:
        return "The stages are in the wrong order: stride 1 comes first."
    if np.array_equal(gates, at_target):
        return (
            "The gates stand at the target i: they belong to the place where the value is then, "
            "with the digits of i that are settled and of j that are not."
        )
    if made == _inverse(order):
        return (
            f"{what} every value goes the way back: token i is to get the value of order[i], and "
            f"a gate stands where a value arrives."
        )
    copied = next((value for value in made if made.count(value) > 1), None)
    if copied is not None:
        return f"{what} two tokens end with the value of {copied}: both of a pair must swap."
    i = next(i for i in range(size) if made[i] != order[i])
    return f"{what} token {i} ends with the value of {made[i]}, not of {order[i]}."
