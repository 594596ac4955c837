"""What the figure `receptivefield` must show, computed by the library and NumPy."""

from itertools import pairwise

import numpy as np

from fftia_lab.schedule import ShiftSchedule
from fftia_lab.widgets import ReceptiveField
from fftia_lab.widgets.receptive_field.figure import LENGTHS
from fftia_lab.widgets.shared.tables import WIRINGS

WIDGET = ReceptiveField
PLACE = ("notebooks/06-who-has-heard-whom", "receptivefield")
BARE = {"length": 13, "token": 3, "source": 2}
LARGEST = {
    "n": 64,
    "schedule": "benes",
    "causal": False,
    "length": 64,
    "stage": 11.0,
    "token": 21,
    "source": 42,
    "bet": [],
}
NUDGES = {".fl-hearer": "ArrowDown", ".fl-speaker": "ArrowUp", ".fl-border": "ArrowUp"}
HOSTILE = [
    "n=12",
    "n=2",
    "n=%2216%22",
    "schedule=star",
    "schedule=constructor",
    "causal=1",
    "length=-3",
    "length=7.5",
    "stage=NaN",
    "stage=%22x%22",
    "token=-1",
    "token=0.5",
    "source=-2",
    "source=null",
    "bet=[0]",
    "bet=[1,2,3]",
    "bet=8",
    "autoplay=true",
]


def schedule_of(state):
    return WIRINGS[state["schedule"]](state["n"], causal=state["causal"])


def partners_of(state):
    """Whom each token meets, stage by stage; the shift turns on the real tokens alone."""
    schedule, n, length = schedule_of(state), state["n"], state["length"]
    own, real = np.arange(n), np.arange(n) < length
    if state["schedule"] != "shift":
        met = [schedule.partners(stage) for stage in range(schedule.depth)]
        return [np.where(real & real[partners], partners, own) for partners in met]
    inner = ShiftSchedule(length, causal=state["causal"])
    idle = schedule.depth - inner.depth
    met = [inner.partners(stage) for stage in range(inner.depth)] + [own[:length]] * idle
    return [np.concatenate([partners, own[length:]]) for partners in met]


def reach_of(state, stages):
    """Who has heard whom among the real tokens: the library's own answer."""
    length, schedule = state["length"], schedule_of(state)
    if state["schedule"] == "shift":
        inner = ShiftSchedule(length, causal=state["causal"])
        return inner.reach(min(stages, inner.depth))
    return schedule.reach(stages, mask=np.arange(state["n"]) < length)[:length, :length]


def ways_of(state):
    """How many paths lead from each token (column) to each (row) through all stages."""
    ways = np.eye(state["n"], dtype=int)
    for partners in partners_of(state):
        meets = partners != np.arange(state["n"])
        ways = ways + meets[:, None] * ways[partners]
    return ways


def bits(mask, count):
    return [int(mask, 16) >> i & 1 == 1 for i in range(count)]


def random_state(rng):
    """A state that can be, anywhere in the space of them."""
    n = int(rng.choice(LENGTHS))
    state = {
        "n": n,
        "schedule": str(rng.choice(list(WIRINGS))),
        "causal": bool(rng.random() < 0.5),
        "length": n if rng.random() < 0.5 else int(rng.integers(2, n + 1)),
    }
    state["stage"] = float(rng.integers(0, 4 * schedule_of(state).depth + 1)) / 4
    state["token"] = int(rng.integers(0, state["length"]))
    state["source"] = int(rng.integers(-1, state["length"]))
    state["bet"] = rng.integers(1, n + 1, size=int(rng.integers(0, 3))).tolist()
    return state


def check(state, view):
    """Assert that a view is what Python computes for the state."""
    length, depth, done = state["length"], schedule_of(state).depth, int(state["stage"] + 1e-9)
    assert (view["depth"], view["done"]) == (depth, done)
    assert view["partners"] == [partners.tolist() for partners in partners_of(state)], state
    reaches = [reach_of(state, stages) for stages in range(depth + 1)]
    for reach, column in zip(reaches, view["heard"], strict=True):
        shown = np.array([bits(mask, state["n"]) for mask in column])
        assert np.array_equal(shown[:length, :length], reach), state
        assert shown.sum() == reach.sum(), "padding has heard nothing, and nobody has heard it"
    allowed = np.tri(length).sum() if state["causal"] else length**2
    counts = view["cells"], view["final"], view["allowed"]
    assert counts == (reaches[done].sum(), reaches[-1].sum(), allowed), state
    assert bits(view["row"], length) == reaches[done][state["token"]].tolist()
    if state["source"] < 0:
        assert view["route"] is None
    else:
        check_route(state, view, reaches)


def check_route(state, view, reaches):
    """Assert that the way from one token to another is the one through the wiring."""
    source, token, route = state["source"], state["token"], view["route"]
    met = [bool(reach[token, source]) for reach in reaches]
    assert route["meets"] == (met.index(True) if any(met) else -1), state
    assert route["paths"] == ways_of(state)[token, source], state
    assert view["told"] == reaches[view["done"]][:, source].sum()
    partners = partners_of(state)
    if route["paths"] == 1:
        only = route["only"]
        assert (only[0], only[-1]) == (source, token)
        for stage, (before, after) in enumerate(pairwise(only)):
            assert before in (after, partners[stage][after]), state
    else:
        assert route["only"] is None
    on_a_path = [
        {token} if any(met) else set()
    ]  # backwards from the listener, of those who have the news
    for stage in reversed(range(len(partners))):
        before = {int(j) for i in on_a_path[0] for j in (i, partners[stage][i])}
        on_a_path.insert(
            0, {j for j in before if j < state["length"] and reaches[stage][j, source]}
        )
    assert [set(rows) for rows in route["rows"]] == on_a_path, state
