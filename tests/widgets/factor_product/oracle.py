"""What the figure `factorproduct` must show, computed with NumPy's matrix product."""

import numpy as np

from fftia_lab.learn.blocks import factors_of
from fftia_lab.learn.butterflies import recorded_blocks
from fftia_lab.schedule import ButterflySchedule
from fftia_lab.transform import butterfly_factors
from fftia_lab.widgets import FactorProduct
from fftia_lab.widgets.factor_product.tables import gate_factors

WIDGET = FactorProduct
PLACE = ("notebooks/03-the-butterfly", "factorproduct")
BARE = {"entry": [5, 3], "weight": [1, 5, 7], "stage": 2.0}
LARGEST = {"n": 16, "weights": "twiddles", "stage": 3.5, "entry": [11, 6], "weight": [1, 11, 9]}
NUDGES = {".fl-entry": "ArrowDown", ".fl-weight": "ArrowLeft", ".fl-knob": "ArrowUp"}
HOSTILE = [
    "n=32",
    "n=%228%22",
    "n=0",
    "n=x",
    "n=%zz",
    "weights=foo",
    "weights=constructor",
    "weights=given",
    "stage=NaN",
    'stage="x"',
    "stage=null",
    "entry=[1]",
    "entry=[-1,0]",
    "entry=[0.5,0]",
    "weight=[0,0]",
    "weight=[0,0,5]",
    "weight=[9,0,0]",
    "weight=[0,8,9]",
    "change=null",
    "change=1e999",
    "bet=7",
    "bet=[null,8]",
    "toString=1",
]


def learned_factors(n):
    """The factors of the record, which act after the sorting."""
    (found,) = [one for one in recorded_blocks()["transforms"] if one["size"] == n]
    parts = np.array(found["blocks"])
    return factors_of(parts[..., 0] + 1j * parts[..., 1], ButterflySchedule(n))


def sparse_factors(state):
    """P or the identity, and the factors, the first to act first; nothing changed yet."""
    n = state["n"]
    twiddles = butterfly_factors(n)
    if state["weights"] == "twiddles":
        return twiddles
    if state["weights"] == "learned":
        return [twiddles[0], *learned_factors(n)]
    return [np.eye(n), *gate_factors(n)]


def changed_factors(state):
    factors = [factor.copy() for factor in sparse_factors(state)]
    if state["weight"]:
        stage, row, column = state["weight"]
        factor = factors[stage + 1]
        if state["weights"] != "gates":
            factor[row, column] *= np.exp(2j * np.pi * state["change"])
        else:
            factor[row, column] += state["change"]
        if state["weights"] == "gates":
            partner = ButterflySchedule(state["n"]).partners(stage)[row]
            factor[row, partner if column == row else row] -= state["change"]
    return factors


def product(factors):
    """What factors make that act in this order."""
    return np.linalg.multi_dot(factors[::-1]) if len(factors) > 1 else factors[0]


def multiplied(state):
    """Every running product: before the first factor, after it, … after the last."""
    factors = changed_factors(state)
    return [product(factors[: count + 1]) for count in range(len(factors))]


def changed_entries(state):
    """Which entries of the product so far differ from what they were."""
    done = int(state["stage"])
    before = product(sparse_factors(state)[: done + 1])
    off = np.abs(multiplied(state)[done] - before) > 1e-9
    return np.argwhere(off).tolist()


def path_numbers(state):
    """The numbers on every path to the chosen entry: found by trying all, not by the wiring."""
    row, column = state["entry"]
    paths = [([column], [])]
    for place, factor in enumerate(changed_factors(state)[: int(state["stage"]) + 1]):
        paths = [
            ([*rows, int(to)], numbers + ([factor[to, rows[-1]]] if place else []))
            for rows, numbers in paths
            for to in np.flatnonzero(factor[:, rows[-1]])
        ]
    return [(rows[1:], numbers) for rows, numbers in paths if rows[-1] == row]


def random_state(rng):
    """A state that can be, anywhere in the space of them."""
    n = int(rng.choice([4, 8, 16]))
    depth = n.bit_length() - 1
    weights = str(rng.choice(["twiddles", "gates", "learned"]))
    state = {"n": n, "weights": weights, "entry": [], "weight": [], "change": 0.0, "bet": []}
    state["stage"] = float(rng.integers(0, 4 * depth + 1)) / 4
    if rng.random() < 0.8:
        state["entry"] = rng.integers(0, n, 2).tolist()
    if rng.random() < 0.7:
        stage, row = int(rng.integers(depth)), int(rng.integers(n))
        column = int(rng.choice([row, row ^ 2**stage]))
        state["weight"] = [stage, row, column]
        state["change"] = random_change(rng, state)
    if rng.random() < 0.5:
        factor = int(rng.integers(0, depth + 1))
        state["bet"] = [factor, int(rng.choice([n, n**2]))]
    return state


def random_change(rng, state):
    """A change that turns a number, or leaves a gate between 0 and 1."""
    if rng.random() < 0.3:
        return 0.0
    if state["weights"] != "gates":
        return float(rng.integers(-17, 18)) / 36
    stage, row, column = state["weight"]
    now = sparse_factors(state)[stage + 1][row, column]
    return float((rng.uniform(0, 1) - now).round(6))


def close(shown, wanted):
    """Return whether [re, im] pairs are these complex numbers."""
    pairs = np.array(shown, dtype=float)
    return np.abs(pairs[..., 0] + 1j * pairs[..., 1] - np.array(wanted)).max() < 1e-9


def check(state, view):
    """Assert that a view is what Python computes for the state."""
    wanted, factors, done = multiplied(state), changed_factors(state), int(state["stage"])
    assert view["done"] == done, state
    assert close(view["products"], wanted), state
    assert view["nonzero"] == [np.count_nonzero(m, axis=1).tolist() for m in wanted], state
    assert view["multiplications"] == np.count_nonzero(factors[1:]), state
    sorts = state["weights"] != "gates"
    assert view["stored"] == np.count_nonzero(factors if sorts else factors[1:]), state
    assert view["changed"] == changed_entries(state), state
    check_path(state, view, wanted[done])
    if sorts and not state["change"]:
        shown = np.array(view["products"][-1])
        off = np.abs(shown[..., 0] + 1j * shown[..., 1] - np.fft.fft(np.eye(state["n"])))
        assert off.max() < (1e-9 if state["weights"] == "twiddles" else 5e-4)


def check_path(state, view, reached):
    if not state["entry"]:
        assert view["path"] is None
        return
    paths = path_numbers(state)
    if not paths:
        assert view["path"] is None and reached[tuple(state["entry"])] == 0, state
        return
    ((rows, numbers),) = paths
    assert view["path"]["rows"] == rows, state
    assert len(numbers) == view["done"]
    if numbers:
        assert close(view["path"]["numbers"], numbers), state
    assert np.isclose(np.prod(numbers), reached[tuple(state["entry"])]), state
