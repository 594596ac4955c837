"""The checkers of chapter 8 pass the right answer and name the mistake behind a wrong one."""

from itertools import permutations

import numpy as np
import pytest

from fftia_lab.attention.capacity import routable_permutations
from fftia_lab.attention.matrices import attention_matrix
from fftia_lab.exercises import check_gates_for, check_matrix, check_routable
from fftia_lab.exercises.layer import _made, _settled
from fftia_lab.schedule import ButterflySchedule


def matrix(gates, partners):
    found = np.eye(gates.shape[1])
    for gate, partner in zip(gates, partners, strict=True):
        found = found + gate[:, None] * (found[partner] - found)
    return found


def by_columns(gates, partners):
    found = np.eye(gates.shape[1])
    for gate, partner in zip(gates, partners, strict=True):
        found = found @ stage(gate, partner)
    return found


def stage(gate, partner):
    own = np.eye(len(gate))
    return own + gate[:, None] * (own[partner] - own)


def in_place(gates, partners):
    found = np.eye(gates.shape[1])
    for gate, partner in zip(gates, partners, strict=True):
        for i, j in enumerate(partner):
            found[i] += gate[i] * (found[j] - found[i])
    return found


def from_first(gates, partners):
    return [stage(gate, partner) for gate, partner in zip(gates, partners, strict=True)][-1]


MATRIX_MISTAKES = [
    (lambda gates, partners: None, "It returned None"),
    (lambda gates, partners: gates @ partners, "It stopped with"),
    (lambda gates, partners: "P", "It returned str"),
    (lambda gates, partners: gates, "For 6 tokens it has shape (3, 6)"),
    (lambda gates, partners: np.eye(gates.shape[1]), "This is the identity"),
    (by_columns, "The last stage acts first"),
    (lambda gates, partners: matrix(gates, partners).T, "Transposed"),
    (lambda gates, partners: by_columns(gates, partners).T, "stages act on rows"),
    (lambda gates, partners: matrix(1 - gates, partners), "Gates have changed places"),
    (from_first, "Only the last stage counts"),
    (lambda gates, partners: matrix(gates[:1], partners[:1]), "Only the first stage has run"),
    (in_place, "have only just taken"),
    (lambda gates, partners: matrix(gates, partners) + 1e-6, "entry [0, 0] should be"),
]


def stepwise(step):
    def wrong(gates, partners):
        found = np.eye(gates.shape[1])
        for gate, partner in zip(gates, partners, strict=True):
            found = step(found, gate, partner)
        return found

    return wrong


def written_over(gates, partners):
    """Entry by entry, and the gate last: a token that meets itself has only the gate."""
    found = np.eye(gates.shape[1])
    for gate, partner in zip(gates, partners, strict=True):
        one = np.diag(1 - gate)
        one[np.arange(len(gate)), partner] = gate
        found = one @ found
    return found


def kept_over(gates, partners):
    """The other way round: only what it keeps."""
    found = np.eye(gates.shape[1])
    for gate, partner in zip(gates, partners, strict=True):
        one = np.zeros_like(found)
        one[np.arange(len(gate)), partner] = gate
        one[np.arange(len(gate)), np.arange(len(gate))] = 1 - gate
        found = one @ found
    return found


MATRIX_MISTAKES += [
    (stepwise(lambda found, gate, partner: found + gate * (found[partner] - found)), "[:, None]"),
    (
        stepwise(lambda found, gate, partner: (1 - gate) * found + gate * found[partner]),
        "[:, None]",
    ),
    (
        stepwise(
            lambda found, gate, partner: found + gate[partner, None] * (found[partner] - found)
        ),
        "It takes the partner's gate",
    ),
    (
        stepwise(lambda found, gate, partner: found + gate[:, None] * found[partner]),
        "It adds the partner's share",
    ),
    (written_over, "Who meets itself keeps all of itself"),
    (kept_over, "Who meets itself keeps all of itself"),
]


@pytest.mark.parametrize(("mistake", "hint"), MATRIX_MISTAKES)
def test_matrix_hints(mistake, hint):
    verdict = check_matrix(mistake)
    assert not verdict
    assert hint in verdict.message


def places(i, j, stride):
    return i & (2 * stride - 1) | j & ~(2 * stride - 1)


def collide(pairs, strides):
    pairs = list(pairs)
    return any(len({places(i, j, s) for i, j in pairs}) < len(pairs) for s in strides)


def strides(order):
    return ButterflySchedule(len(order)).strides


def routable(order):
    return not collide(enumerate(order), strides(order))


ROUTABLE_MISTAKES = [
    (lambda order: None, "It returned None"),
    (lambda order: 1, "It returned int, not True or False"),
    (lambda order: order[99], "It stopped with IndexError"),
    (
        lambda order: not collide(enumerate(order), [s for s in strides(order) if s != 2]),
        "cannot be had; it says True",
    ),
    (
        lambda order: not collide(enumerate(order), [s for s in strides(order) if s != 4]),
        "cannot be had; it says True",
    ),
    (lambda order: len(order) > 2 and routable(order), "The order [0, 1] can be had"),
    (lambda order: True, "It is always True"),
    (lambda order: False, "It is always False"),
    (
        lambda order: not collide(((j, i) for i, j in enumerate(order)), strides(order)),
        "It tests the way back",
    ),
    (
        lambda order: not collide(enumerate(order), strides(order)[-2:-1]),
        "before the last stage only",
    ),
    (lambda order: not collide(enumerate(order), strides(order)[:1]), "after the first stage only"),
    (lambda order: not routable(order), "no two values may stand in one place"),
    (lambda order: routable(order) and order[0] != 3, "can be had; it says False"),
    (lambda order: routable(order) or order[0] == 3, "cannot be had; it says True"),
]


@pytest.mark.parametrize(("mistake", "hint"), ROUTABLE_MISTAKES)
def test_routable_hints(mistake, hint):
    verdict = check_routable(mistake)
    assert not verdict
    assert hint in verdict.message


def test_what_the_checker_calls_routable_is_found_by_trying():
    for size in (2, 4, 8):
        reached = set(map(tuple, routable_permutations(ButterflySchedule(size)).tolist()))
        assert {p for p in permutations(range(size)) if _settled(p)} == reached
    rng = np.random.default_rng(0)
    assert all(_settled(_made(size, rng)) for size in (2, 4, 8, 16, 64))


def gates_for(order):
    gates = np.zeros((len(strides(order)), len(order)))
    for i, j in enumerate(order):
        for number, stride in enumerate(strides(order)):
            gates[number, places(i, j, stride)] = (i ^ j) & stride > 0
    return gates


def at(whom):
    def wrong(order):
        gates = np.zeros((len(strides(order)), len(order)))
        for i, j in enumerate(order):
            for number, stride in enumerate(strides(order)):
                gates[number, (i, j)[whom]] = (i ^ j) & stride > 0
        return gates

    return wrong


def half_a_swap(order):
    gates = gates_for(order)
    gates[0, 0] = 1 - gates[0, 0]
    return gates


def swapped(order):
    gates = gates_for(order)
    gates[0, :2] = 1 - gates[0, :2]
    return gates


GATES_MISTAKES = [
    (lambda order: None, "It returned None"),
    (lambda order: gates_for(order).T, "For 8 tokens it has shape (8, 3); wanted is (3, 8)"),
    (lambda order: gates_for(order) / 2, "neither 0 nor 1"),
    (lambda order: 0 * gates_for(order), "all gates are 0"),
    (lambda order: 1 - gates_for(order), "a gate of 1 takes the partner's value"),
    (lambda order: gates_for(order)[::-1], "stride 1 comes first"),
    (lambda order: gates_for(np.argsort(order).tolist()), "every value goes the way back"),
    (at(0), "The gates stand at the target i"),
    (at(1), "a gate stands where a value arrives"),
    (half_a_swap, "both of a pair must swap"),
    (swapped, "ends with the value of"),
]


@pytest.mark.parametrize(("mistake", "hint"), GATES_MISTAKES)
def test_gates_hints(mistake, hint):
    verdict = check_gates_for(mistake)
    assert not verdict
    assert hint in verdict.message


def test_gates_make_the_order_in_the_librarys_matrix():
    rng = np.random.default_rng(1)
    for size in (4, 8, 32):
        order = _made(size, rng)
        moved = attention_matrix(gates_for(order), ButterflySchedule(size)) @ np.arange(size)
        assert tuple(moved.astype(int).tolist()) == order


def test_right_answers():
    assert check_matrix(matrix)
    assert check_matrix(lambda gates, partners: matrix(gates, partners).tolist())
    assert check_routable(routable)
    assert check_gates_for(gates_for)
    assert check_gates_for(lambda order: gates_for(order).astype(int))


def test_almost_right_is_wrong():
    for size in (6, 8, 9, 5, 16, 7):
        assert not check_matrix(lambda g, p, s=size: matrix(g, p) * (g.shape[1] != s)), size
    for size in (1, 2, 4, 8, 16):
        assert not check_routable(lambda order, s=size: routable(order) and len(order) != s), size
    for size in (2, 4, 8, 16, 32):
        assert not check_gates_for(lambda order, s=size: gates_for(order) * (len(order) != s)), size
