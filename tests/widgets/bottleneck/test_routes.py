"""Ways and gates for every order there is, computed in JavaScript, applied in NumPy."""

from itertools import permutations

import numpy as np
import pytest
from widgets.bottleneck import oracle

from fftia_lab.schedule import BenesSchedule

ROUTES = """
import { clashesOf, gatesOf, looped, onlyWays } from "./bottleneck/routes.js";
import { wiring } from "./shared/wiring.js";
//given
const n = given.orders[0].length;
answer({
  gates: given.orders.map((order) => gatesOf(looped(wiring("benes", n), order))),
  clashes: given.orders.map((order) => clashesOf(onlyWays(wiring("butterfly", n), order)).length),
});
"""


@pytest.fixture(scope="module", params=[4, 8])
def routed(engine, request):
    """All orders of so many tokens, and what the figure's routes say of them."""
    orders = np.array(list(permutations(range(request.param))))
    found = engine.run(ROUTES, {"orders": orders.tolist()})
    return orders, np.array(found["gates"]), np.array(found["clashes"])


def test_benes_gets_gates_for_every_order(routed):
    orders, gates, _ = routed
    schedule = BenesSchedule(orders.shape[1])
    assert gates.shape == (len(orders), schedule.depth, schedule.size)
    values = np.tile(np.arange(schedule.size), (len(orders), 1))
    for stage in range(schedule.depth):
        swap = gates[:, stage].astype(bool)
        partners = schedule.partners(stage)
        assert (swap == swap[:, partners]).all(), "a pair keeps or swaps, both of it"
        values = np.where(swap, values[:, partners], values)
    assert (values == orders).all()


def test_one_pass_fails_where_two_values_want_one_place_and_nowhere_else(routed):
    orders, _, clashes = routed
    made = oracle.makeable("pass", orders.shape[1])
    possible = np.array([tuple(order) in made for order in orders.tolist()])
    assert ((clashes == 0) == possible).all()
    assert clashes.max() > 1
