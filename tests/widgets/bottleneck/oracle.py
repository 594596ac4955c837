"""What the figure `bottleneck` must show, computed by the library and NumPy."""

from functools import cache
from itertools import pairwise
from math import factorial

import numpy as np

from fftia_lab.attention.capacity import routable_permutations
from fftia_lab.attention.matrices import attention_matrix, rank_one_blocks, stage_matrices
from fftia_lab.schedule import BenesSchedule, ButterflySchedule
from fftia_lab.widgets import Bottleneck
from fftia_lab.widgets.bottleneck.tables import MODES, bottleneck_tables

WIDGET = Bottleneck
PLACE = ("notebooks/08-butterfly-attention", "bottleneck")
BARE = {"node": [1, 2], "entry": [6, 3]}
LARGEST = {
    "n": 8,
    "mode": "benes",
    "gates": 0,
    "node": [3, 7],
    "entry": [],
    "order": [7, 3, 5, 1, 6, 2, 4, 0],
    "stage": 5.0,
}
NUDGES = {".fl-waist": "ArrowUp", ".fl-entry": "ArrowLeft"}
HOSTILE = [
    "n=16",
    "n=%228%22",
    "mode=shift",
    "mode=constructor",
    "gates=4",
    "gates=-1",
    "node=[2]",
    "node=[-1,0]",
    "node=[1.5,0]",
    "node=5",
    "entry=[1]",
    "entry=[0,-1]",
    "entry=null",
    "order=[0,1,2]",
    "order=[0,0,1,2]",
    "order=[1,2,3,4]",
    "order=%220123%22",
    "stage=NaN",
    "stage=%22x%22",
    "tables={}",
    "autoplay=true",
]


def schedule_of(state):
    return (BenesSchedule if state["mode"] == "benes" else ButterflySchedule)(state["n"])


def gates_of(state):
    return np.array(bottleneck_tables()["gates"][str(state["n"])][state["gates"]])


@cache
def makeable(mode, n):
    """All orders that gates of 0 and 1 can make, by trying all gates."""
    schedule = schedule_of({"mode": mode, "n": n})
    return frozenset(map(tuple, routable_permutations(schedule).tolist()))


def random_state(rng):
    """A state that can be, anywhere in the space of them; half of the orders are made by gates."""
    n, mode = int(rng.choice([4, 8])), str(rng.choice(list(MODES)))
    depth, cuts = schedule_of({"n": n, "mode": mode}).depth, n.bit_length() - 1
    made = sorted(makeable("pass", n))
    order = made[rng.integers(len(made))] if rng.random() < 0.5 else rng.permutation(n)
    return {
        "n": n,
        "mode": mode,
        "gates": int(rng.integers(4)),
        "node": [int(rng.integers(cuts + 1)), int(rng.integers(n))],
        "entry": rng.integers(n, size=2).tolist() if rng.random() < 0.5 else [],
        "order": [int(value) for value in order],
        "stage": float(rng.integers(0, 4 * depth + 1)) / 4,
    }


def near(found, wanted):
    np.testing.assert_allclose(np.array(found), wanted, atol=1e-12, rtol=0)


def clashes_of(state):
    """Places whose block holds two 1s of the order: [(column, place, values)]."""
    n, found = state["n"], []
    ones = np.eye(n)[state["order"]]
    for cut in range(n.bit_length()):
        for place, (rows, columns) in enumerate(rank_one_blocks(ButterflySchedule(n), cut)):
            inside = ones[np.ix_(rows, columns)]
            if inside.sum() > 1:
                found.append((cut, place, columns[inside.any(axis=0)].tolist()))
    return found


def check(state, view):
    """Assert that a view is what Python computes for the state."""
    schedule, done = schedule_of(state), int(state["stage"] + 1e-9)
    assert (view["n"], view["depth"], view["done"]) == (state["n"], schedule.depth, done)
    assert view["strides"] == list(schedule.strides)
    counts = {mode: len(makeable(mode, state["n"])) for mode in ("pass", "benes")}
    assert view["counts"] == {"all": factorial(state["n"]), **counts}
    if state["mode"] != "benes":
        cut, place = state["node"]
        rows, columns = rank_one_blocks(schedule, cut)[place]
        assert (view["rows"], view["columns"]) == (rows.tolist(), columns.tolist())
    (check_block if state["mode"] == "block" else check_order)(state, view)


def check_block(state, view):
    """Assert that the product, and its block as a column times a row, are those of the gates."""
    schedule, gates, (cut, place) = schedule_of(state), gates_of(state), state["node"]
    product, stages = attention_matrix(gates, schedule), stage_matrices(gates, schedule)
    assert np.array_equal(view["weights"], gates)
    near(view["product"], product)
    before = after = np.eye(state["n"])
    for factor in stages[:cut]:
        before = factor @ before
    for factor in stages[cut:]:
        after = factor @ after
    near(view["a"], after[:, place])
    near(view["b"], before[place])
    block = product[np.ix_(view["rows"], view["columns"])]
    near(np.outer(view["a"], view["b"])[np.ix_(view["rows"], view["columns"])], block)
    assert np.linalg.matrix_rank(block, tol=1e-9) == 1
    for column in view["into"]:
        assert abs(sum(column) - 1) < 1e-12, "all that is in the place passes every column"
    entry = view["entry"]
    row, column = state["entry"] or np.unravel_index(
        np.outer(view["a"], view["b"]).argmax(), (state["n"],) * 2
    )
    assert (entry["row"], entry["column"]) == (row, column)
    near(entry["a"], after[row, entry["place"]])
    near(entry["b"], before[entry["place"], column])
    near([entry["a"] * entry["b"], entry["value"]], [product[row, column]] * 2)
    check_ways(state, [[column, entry["way"], row]])


def check_ways(state, ways):
    """Assert that each way is one through the wiring: [from, places, to]."""
    schedule = schedule_of(state)
    for start, way, end in ways:
        assert (way[0], way[-1], len(way)) == (start, end, schedule.depth + 1)
        for stage, (here, there) in enumerate(pairwise(way)):
            assert there in (here, schedule.partners(stage)[here]), (state, stage)


def check_order(state, view):
    """Assert that an order fails where a block holds two 1s, and else that its gates make it."""
    n, order = state["n"], state["order"]
    check_ways(state, [[order[i], view["ways"][order[i]], i] for i in range(n)])
    possible = tuple(order) in makeable(state["mode"], n)
    wanted = clashes_of(state) if state["mode"] == "pass" else []
    shown = [(one["column"], one["place"], one["values"]) for one in view["clashes"]]
    assert shown == wanted and possible == (not shown), state
    stuck = [min([c for c, _, values in wanted if j in values], default=-1) for j in range(n)]
    assert view["stuck"] == stuck and view["arriving"] == stuck.count(-1)
    here = [j for j in range(n) if view["ways"][j][state["node"][0]] == state["node"][1]]
    assert view["here"] == here
    if possible:
        settings = np.array(view["settings"])
        assert set(np.unique(settings)) <= {0, 1}
        made = attention_matrix(settings.astype(float), schedule_of(state))
        assert np.array_equal(made, np.eye(n)[order]), "the gates give the order"
    else:
        assert view["settings"] is None
