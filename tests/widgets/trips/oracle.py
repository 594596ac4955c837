"""What the figure `trips` must show: the count of the library, and what a cache keeps of it."""

import math

import numpy as np

from fftia_lab.cost import trips
from fftia_lab.widgets import Trips
from fftia_lab.widgets.trips.figure import ORDERS, RADICES, SIZES

WIDGET = Trips
PLACE = ("notebooks/04-fast-on-real-machines", "trips")
BARE = {"stage": 6.5}
LARGEST = {"n": 1 << 20, "radix": 2, "order": "depth", "stage": 2.7}
NUDGES = {".fl-size": "ArrowLeft"}
HOSTILE = [
    "n=1000",
    "n=%221024%22",
    "n=512",
    "n=2097152",
    "radix=3",
    "radix=32",
    "radix=%222%22",
    "order=recursion",
    "order=constructor",
    "order=2",
    "stage=NaN",
    "stage=%22x%22",
    "autoplay=true",
]
CELLS, HELD, WIDTH = 64, 65536, 16


def random_state(rng):
    """A state that can be, anywhere in the space of them."""
    n, radix = int(rng.choice(SIZES)), int(rng.choice(RADICES))
    order = str(rng.choice(ORDERS))
    stops = 16 * len(trips(n, radix, order).fetches)
    return {"n": n, "radix": radix, "order": order, "stage": int(rng.integers(stops + 1)) / 16}


def trips_of(state):
    return trips(state["n"], state["radix"], state["order"])


def map_of(n):
    """Rows and columns of memory, and of the map's cells."""
    rows = 1 << ((n.bit_length() - 1) // 2)
    columns = n // rows
    return rows, columns, min(rows, CELLS), min(columns, CELLS)


def cached(state):
    """The cells that were fetched last, as many as the cache holds, in order."""
    n, stage = state["n"], state["stage"]
    rows, columns, down, across = map_of(n)
    cell = np.arange(down * across)
    places = cell // across * (rows // down) * columns + cell % across * (columns // across)
    moments = trips_of(state).moments(places)
    latest = np.where(moments < stage, moments, -1).max(axis=0)
    order = [int(i) for i in np.lexsort((cell, latest))[::-1] if latest[i] >= 0]
    return sorted(order[: len(cell) * HELD // n])


def at_work(found, stage):
    """(trip, samples, passes of all samples by now) of what was fetched last.

    Found by looking at when every sample of memory is fetched, and by adding up what was fetched.
    """
    moments = found.moments(np.arange(found.size))
    begun = np.where(moments < stage, moments, -1)
    trip = int(np.unravel_index(begun.argmax(), begun.shape)[0])
    samples = np.flatnonzero(moments[trip] == begun.max())
    done = 0.0
    for fetch, when in zip(found.fetches, begun, strict=True):
        fetched = when[when >= 0]
        part = np.clip((stage - fetched) * found.size / fetch.count, 0, 1)
        done += fetch.passes * part.sum() / found.size
    return trip, samples, done


def check(state, view):
    """Assert that a view is what Python computes for the state."""
    found, n = trips_of(state), state["n"]
    assert view["depth"] == len(found.fetches) and view["passes"] == list(found.passes), state
    shown = [(each["span"], each["step"], each["passes"]) for each in view["fetches"]]
    assert shown == [(each.span, each.step, each.passes) for each in found.fetches], state
    assert view["fits"] == (n <= HELD)
    assert view["cached"] == cached(state), state
    check_work(state, view)
    memory, registers = found.bytes()
    assert view["bytes"]["trip"] == memory / len(found.fetches)
    assert math.isclose(view["bytes"]["memory"], memory * state["stage"] / len(found.fetches))
    share = view["visit"]["done"] / len(found.passes) if view["visit"] else 0
    assert math.isclose(view["bytes"]["registers"], registers * share)
    assert (view["products"] == found.products) == (state["stage"] == len(found.fetches))
    for radix, row in zip(RADICES, view["counts"], strict=True):
        each = [trips(n, radix, order) for order in ORDERS]
        assert row["trips"] == [len(one.fetches) for one in each]
        assert row["products"] == each[0].products


def check_work(state, view):
    """All of memory is looked at in test_python.py, for short signals; here a thousand places."""
    found, visit, stage = trips_of(state), view["visit"], state["stage"]
    if not stage:
        assert visit is None
        return
    places = visit["first"] + visit["step"] * np.arange(visit["count"])
    some = np.random.default_rng(1).integers(found.size, size=1000)
    own = found.moments(places)[visit["trip"]]
    assert len(set(own)) == 1 and 0 < (stage - own[0]) * found.size <= visit["count"], state
    moments = found.moments(some)
    assert not ((own[0] < moments) & (moments < stage)).any(), "nothing was fetched since"
    passes = [fetch.passes for fetch in found.fetches]
    whole = int(stage)
    if state["order"] != "depth":
        part = (stage - whole) * passes[whole] if whole < len(passes) else 0
        assert math.isclose(visit["done"], sum(passes[:whole]) + part)
    elif whole == len(passes):
        assert visit["done"] == sum(passes)
