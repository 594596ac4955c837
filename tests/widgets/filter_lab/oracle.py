"""What the figure `filterlab` must show, by NumPy's real FFT and sums written out."""

from functools import cache

import numpy as np

from fftia_lab.signals import PRESETS, preset
from fftia_lab.widgets import FilterLab
from fftia_lab.widgets.filter_lab.figure import ANSWERS, KNOTS, LATEST, SIZES, TOP

WIDGET = FilterLab
PLACE = ("notebooks/09-the-convolution-theorem", "filterlab")
BARE = {"n": 32, "gains": [1, 1, 0.8, 0.3, 0, 0, 0, 0.2, 0.4], "delay": 1, "at": 30}
LARGEST = {"n": 128, "signal": "sunspots", "edge": "causal", "mode": "sequence", "at": 100}
NUDGES = {
    ".fl-knots": "ArrowUp",
    ".fl-delay": "ArrowRight",
    ".fl-pad": "ArrowDown",
    ".fl-followed": "ArrowLeft",
}
HOSTILE = [
    "n=12",
    "n=256",
    "n=%2216%22",
    "gains=1",
    "gains=[1,1]",
    "gains=[1,1,1,1,1,1,1,1,null]",
    'gains=["1",1,1,1,1,1,1,1,1]',
    "delay=0.5",
    "delay=x",
    "mode=second",
    "edge=open",
    "edge=constructor",
    "signal=foo",
    "signal=__proto__",
    "samples=[null]",
    "at=NaN",
    'at="3"',
    "ask=why",
    "ask=toString",
    "bet=maybe",
    "__proto__=1",
]


WAYS = ("itself", "later", "earlier", "round")


def knots_of(state):
    """The complex knots: gains, and a delay as a phase that grows with the frequency."""
    k = np.arange(KNOTS)
    knots = np.array(state["gains"]) * np.exp(-2j * np.pi * k * state["delay"] / 16)
    knots[[0, -1]] = knots[[0, -1]].real
    return knots


def response_of(state, bins, record):
    """The response at bins of a record, straight lines or passing on beyond the knots."""
    knots, k = knots_of(state), np.arange(bins)
    if state["mode"] == "sample":
        return np.interp(k / record, np.arange(KNOTS) / 16, knots)
    return np.concatenate([knots, np.ones(bins)])[:bins]


@cache
def waves(n):
    """Frequencies from 0 to 1/2, their weights in an integral, and the waves at every lag."""
    nodes, weights = np.polynomial.legendre.leggauss(64)  # enough for 8 turns between two knots
    frequencies = ((np.arange(KNOTS - 1)[:, None] + (nodes + 1) / 2) / 16).ravel()
    turns = np.exp(2j * np.pi * frequencies * np.arange(1 - n, n)[:, None])
    return frequencies, turns * np.tile(weights / 32, KNOTS - 1)


def endless_kernel(state, n):
    """h[t] = ∫ H(f) e^{2πi ft} df from -1/2 to 1/2: the signal has no end that meets another."""
    frequencies, integral = waves(n)
    response = np.interp(frequencies, np.arange(KNOTS) / 16, knots_of(state))
    return 2 * (integral @ response).real


def kernel_of(state, n):
    """What an output takes of the input i places before it, i = -(n - 1) … n - 1, uncut."""
    lags = np.arange(1 - n, n)
    if state["edge"] == "circular":
        return np.fft.irfft(response_of(state, n // 2 + 1, n), n)[lags]
    if state["mode"] == "sequence":
        return np.fft.irfft(response_of(state, n + 1, 2 * n), 2 * n)[lags]
    return endless_kernel(state, n)


def weights_of(state, n):
    """What is left of the kernel where it is causal."""
    kernel = kernel_of(state, n)
    return np.where(np.arange(1 - n, n) < 0, 0, kernel) if state["edge"] == "causal" else kernel


def matrix_of(state):
    """What each output (row) takes of each input (column)."""
    n, weights = state["n"], weights_of(state, state["n"])
    return weights[np.subtract.outer(np.arange(n), np.arange(n)) + n - 1]


def length_of(state, n):
    """Within how many lags 99 % of what is heard of others lies, by its energy."""
    circular = state["edge"] == "circular"
    lags = np.arange(1 - n // 2, n // 2 + 1) if circular else np.arange(1 - n, n)
    energy = np.where(lags, weights_of(state, n)[lags + n - 1] ** 2, 0)
    inside = [energy[abs(lags) <= far].sum() for far in range(n)]
    return int(np.argmax(np.array(inside) >= 0.99 * energy.sum() - 1e-15))


def place_of(state):
    return int(np.floor(state["at"] + 0.5))


def signal_of(state):
    n = state["n"]
    if state["signal"] == "impulse":
        return np.eye(n)[place_of(state)]
    if state["signal"] == "drawn":
        return np.array(state["samples"])
    return preset(state["signal"], n).round(4)


def ways_of(state):
    """The way from each input (column) to each output (row)."""
    n = state["n"]
    lag = np.subtract.outer(np.arange(n), np.arange(n))
    ways = np.where(lag > 0, "later", np.where(lag < 0, "earlier", "itself"))
    if state["edge"] == "circular":
        ways[(lag > n // 2) | (lag <= -n // 2)] = "round"
    return ways


def show(state):
    """Return everything that a state shows."""
    n, x, place = state["n"], signal_of(state), place_of(state)
    matrix, ways = matrix_of(state), ways_of(state)
    limit = max(1e-9, 0.01 * abs(weights_of(state, n)).max())
    column, taken = abs(matrix[:, place]), ways[:, place]
    felt = {way: int((column[taken == way] > limit).sum()) for way in WAYS}
    return {
        "x": x,
        "y": matrix @ x,
        "own": np.where(ways == "round", 0, matrix) @ x,
        "kernel": kernel_of(state, n),
        "weights": weights_of(state, n),
        "place": place,
        "reached": int((column > 1e-9).sum()),
        "felt": felt,
        "lengths": {
            mode: [length_of({**state, "mode": mode}, size) for size in SIZES]
            for mode in ("sample", "sequence")
        },
        **lost_of(state),
        "truth": truth_of(state, matrix, limit),
    }


def lost_of(state):
    """What a causal filter loses: energy, and the response that was drawn."""
    n = state["n"]
    if state["edge"] != "causal":
        return {"lost": 0, "miss": 0, "cut": []}
    kernel, weights = kernel_of(state, n), weights_of(state, n)
    record = 2 * n
    bins = n + 1 if state["mode"] == "sample" else KNOTS
    now = abs(np.fft.rfft(weights[n - 1 :], record))[:bins]
    drawn = abs(response_of(state, bins, record))
    places = np.arange(bins) * (16 / record if state["mode"] == "sample" else 1)
    total = (kernel**2).sum()
    return {
        "lost": (kernel[: n - 1] ** 2).sum() / total if total > 1e-18 else 0,
        "miss": abs(now - drawn).max(),
        "cut": np.stack([places, now], axis=1),
    }


def truth_of(state, matrix, limit):
    """The answer to the question of the bet."""
    n, ask = state["n"], state["ask"]
    if ask == "double":
        now, then = (max(length_of(state, size), 1) for size in (n, 2 * n))
        return "half" if then / now < 2**-0.5 else "twice" if then / now >= 2**0.5 else "same"
    entry = {"seam": (0, n - 1), "future": (n // 2, n // 2 + 1)}.get(ask)
    return entry and ("yes" if abs(matrix[entry]) > limit else "no")


def random_gains(rng):
    """Flat, a low-pass, nothing, or anything."""
    kind = rng.integers(5)
    if kind < 3:
        return [[1.0] * KNOTS, [1.0] * 3 + [0.0] * 6, [0.0] * KNOTS][kind]
    return (rng.integers(0, int(20 * TOP) + 1, KNOTS) / 20).tolist()


def random_state(rng):
    """A state that can be, anywhere in the space of them."""
    n, ask = int(rng.choice(SIZES)), str(rng.choice(list(ANSWERS)))
    state = {
        "n": n,
        "gains": random_gains(rng),
        "delay": int(rng.integers(-LATEST, LATEST + 1)),
        "mode": str(rng.choice(["sample", "sequence"])),
        "edge": str(rng.choice(["circular", "padded", "causal"])),
        "signal": str(rng.choice(["impulse", *PRESETS, "drawn"])),
        "samples": [],
        "at": float(rng.integers(0, 4 * (n - 1) + 1)) / 4,
        "ask": ask,
        "bet": str(rng.choice(["", *ANSWERS[ask]])),
    }
    if state["signal"] == "drawn":
        state["samples"] = rng.uniform(-1, 1, n).round(3).tolist()
    return state


def check(state, view):
    """Assert that a view is what Python computes for the state."""
    wanted = show(state)
    for name in ("x", "y", "own", "kernel", "weights", "lost", "miss"):
        np.testing.assert_allclose(view[name], wanted[name], atol=1e-11, rtol=0, err_msg=name)
    np.testing.assert_allclose(view["cut"], wanted["cut"], atol=1e-11, rtol=0)
    for name in ("place", "reached", "felt", "lengths"):
        assert view[name] == wanted[name], (name, state)
    asked, open_ = state["ask"] != "", state["ask"] != "" and state["bet"] == ""
    assert view["open"] == open_ and view["hidden"] == (open_ and state["ask"] != "double")
    assert (view["truth"] or {"answer": None})["answer"] == wanted["truth"] or not asked, state
    doubled = weights_of(state, 2 * state["n"]) if state["ask"] == "double" and not open_ else []
    np.testing.assert_allclose(view["doubled"], doubled, atol=1e-11, rtol=0)
