"""What the figure `receptivefield` must show, computed by the library and NumPy."""

from itertools import pairwise

import numpy as np

from fftia_lab.schedule import PADDING, SCHEDULES
from fftia_lab.widgets import ReceptiveField
from fftia_lab.widgets.receptive_field.figure import LENGTHS

WIDGET = ReceptiveField
PLACE = ("notebooks/06-who-has-heard-whom", "receptivefield")
BARE = {"length": 13, "token": 3, "source": 2, "padding": "keep"}
LARGEST = {
    "n": 64,
    "schedule": "benes",
    "causal": False,
    "padding": "relay",
    "length": 61,
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
    "padding=drop",
    "length=-3",
    "length=7.5",
    "stage=NaN",
    "stage=%22x%22",
    "token=-1",
    "token=0.5",
    "source=-2",
    "source=null",
    "bet=[-1]",
    "bet=[1,2,3]",
    "bet=8",
    "autoplay=true",
]


def schedule_of(state):
    return SCHEDULES[state["schedule"]](state["n"], state["causal"], padding=state["padding"])


def real_of(state):
    return np.arange(state["n"]) < state["length"]


def partners_of(state):
    """Whom each place hears, stage by stage; what nobody real may hear takes no part."""
    schedule, own = schedule_of(state), np.arange(state["n"])
    used = own < schedule.places(state["length"])
    meetings = schedule.meetings(real_of(state)[None])
    return [np.where(used, partner[0], own) for partner, _ in meetings]


def reach_of(state, stages):
    """Who has heard whom: the library's own answer, tokens and relays, and no other padding."""
    schedule, real = schedule_of(state), real_of(state)
    reach = schedule.reach(stages, mask=real) & real
    reach[schedule.places(state["length"]) :] = False
    return reach


def pairs_of(state, stages):
    """The same among the tokens alone."""
    return reach_of(state, stages)[: state["length"], : state["length"]]


def listenings_of(state, stages):
    """How often somebody has listened, and how often a relay."""
    own, real = np.arange(state["n"]), real_of(state)
    heard = [partner != own for partner in partners_of(state)[:stages]]
    heard = np.array(heard, dtype=bool).reshape(-1, state["n"])
    return heard.sum(), heard[:, ~real].sum()


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
        "schedule": str(rng.choice(list(SCHEDULES))),
        "causal": bool(rng.random() < 0.5),
        "padding": str(rng.choice(PADDING)),
        "length": n if rng.random() < 0.5 else int(rng.integers(2, n + 1)),
    }
    state["causal"] |= state["schedule"] == "prefix"
    state["stage"] = float(rng.integers(0, 4 * schedule_of(state).depth + 1)) / 4
    state["token"] = int(rng.integers(0, state["length"]))
    state["source"] = int(rng.integers(-1, state["length"]))
    state["bet"] = rng.integers(0, n + 1, size=int(rng.integers(0, 3))).tolist()
    return state


def check(state, view):
    """Assert that a view is what Python computes for the state."""
    length, depth, done = state["length"], schedule_of(state).depth, int(state["stage"] + 1e-9)
    assert (view["depth"], view["done"]) == (depth, done)
    assert view["partners"] == [partners.tolist() for partners in partners_of(state)], state
    reaches = [reach_of(state, stages) for stages in range(depth + 1)]
    for reach, column in zip(reaches, view["heard"], strict=True):
        assert np.array_equal([bits(mask, state["n"]) for mask in column], reach), state
    assert view["holds"] == [reach.any(axis=1).tolist() for reach in reaches]
    allowed = np.tri(length).sum() if state["causal"] else length**2
    counts = view["cells"], view["final"], view["allowed"]
    pairs = [pairs_of(state, stages).sum() for stages in (done, depth)]
    assert counts == (*pairs, allowed), state
    assert (view["listenings"], view["relayed"]) == listenings_of(state, done), state
    assert bits(view["row"], state["n"]) == reaches[done][state["token"]].tolist()
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
    assert view["told"] == pairs_of(state, view["done"])[:, source].sum()
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
        on_a_path.insert(0, {j for j in before if reaches[stage][j, source]})
    assert [set(rows) for rows in route["rows"]] == on_a_path, state
