"""What the figure `winding` must show, computed by NumPy."""

import numpy as np

from fftia_lab.signals import PRESETS, preset
from fftia_lab.widgets import Winding
from fftia_lab.widgets.winding.figure import SIZES

WIDGET = Winding
PLACE = ("notebooks/01-dft-by-definition", "leak")  # a page of the book, and its name there
BARE = {"n": 16, "tone": 3, "f": 2.6, "ask": 5, "bet": [0.2, 0.3]}  # all hands are there
LARGEST = {"n": 64, "signal": "two waves", "f": 16.3, "seen": [-32.0, 64.0], "copies": True}
NUDGES = {
    ".fl-crank": "ArrowRight",
    ".fl-axis": "ArrowLeft",
    ".fl-guess-handle": "ArrowUp",
    ".fl-tone": "ArrowRight",
    ".fl-pad": "ArrowUp",
}
HOSTILE = [
    "n=12",
    "n=%2216%22",
    "n=x",
    "n=%zz",
    "signal=foo",
    "signal=constructor",
    "f=NaN",
    'f="3"',
    "f=[3]",
    "seen=[1]",
    "seen=[0,null]",
    "seen=5",
    "tone=x",
    "samples=[null]",
    "window=foo",
    "mode=run",
    "scale=log",
    "copies=7",
    "ask=-7",
    "ask=1.5",
    "bet=[0.1]",
    'bet=["a","b"]',
    "__proto__=1",
]


def signal_of(state):
    n = state["n"]
    if state["signal"] == "drawn":
        return np.array(state["samples"])
    if state["signal"] == "tone":
        return np.cos(2 * np.pi * state["tone"] * np.arange(n) / n)
    return preset(state["signal"], n).round(4)


def window_of(state):
    hump = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(state["n"]) / state["n"])
    return hump if state["window"] == "hann" else np.ones(state["n"])


def wound_of(state):
    """The samples that are wound: the signal, faded in and out where a window asks for it."""
    return signal_of(state) * window_of(state)


def kinds_of(state, heights):
    """What the lines of a wave from 0 to n/2 are; the main lobe of a window is its own.

    That of a record as it is reaches one line to either side, that of Hann's window two.
    """
    if state["signal"] != "tone":
        return []
    lobe = 2 if state["window"] == "hann" else 1
    near = np.abs(np.arange(len(heights)) - state["tone"]) < lobe
    return np.where(heights < 1e-9 * heights.max(), "zero", np.where(near, "own", "leak")).tolist()


def show(state):
    """Return everything that a state shows, as complex numbers and counts."""
    n, x = state["n"], wound_of(state)
    points = x * np.exp(-2j * np.pi * state["f"] * np.arange(n) / n)
    spectrum = np.fft.fft(x)
    heights = np.abs(np.fft.rfft(x))
    above = int((heights > 0.05 * heights.max()).sum()) if heights.max() > 1e-9 else 0
    rotating = np.exp(2j * np.pi * (state["tone"] - state["f"]) * np.arange(n) / n)
    forth = rotating * window_of(state) / 2
    truth = spectrum[state["ask"]] / n if state["ask"] >= 0 else None
    low, high = state["seen"]
    reached = low <= state["ask"] <= high
    return {
        "points": points,
        "walk": np.concatenate([[0], np.cumsum(points)]),
        "total": points.sum(),
        "centre": points.mean(),
        "longest": np.abs(x).sum(),
        "spectrum": spectrum,
        "above": above,
        "kinds": kinds_of(state, heights),
        "halves": forth if state["mode"] == "halves" else None,
        "truth": truth,
        "open": state["ask"] >= 0 and not reached and not state["bet"],
        "off": abs(complex(*state["bet"]) - truth) if state["bet"] and reached else None,
    }


def random_state(rng):
    """A state that can be, anywhere in the space of them."""
    n = int(rng.choice(SIZES))
    copies = bool(rng.random() < 0.4)
    low, high = (-n / 2, n) if copies else (0, n / 2)
    places = sorted(rng.uniform(low, high, 3).round(2).tolist())
    if rng.random() < 0.5:
        places = [round(place) for place in places]
    ask = int(rng.integers(-1, n // 2 + 1))
    betting = ask >= 0 and rng.random() < 0.5
    state = {
        "n": n,
        "signal": str(rng.choice(["tone", *PRESETS, "drawn"])),
        "tone": float(rng.integers(0, 10 * n + 1)) / 20,
        "samples": [],
        "window": str(rng.choice(["none", "hann"])),
        "f": places[1],
        "seen": [places[0], places[2]],
        "mode": str(rng.choice(["wound", "walk"])),
        "scale": str(rng.choice(["linear", "decibel"])),
        "copies": copies,
        "ask": ask,
        "bet": rng.uniform(-0.7, 0.7, 2).round(2).tolist() if betting else [],
    }
    if state["signal"] == "drawn":
        state["samples"] = rng.uniform(-1, 1, n).round(3).tolist()
    if state["signal"] == "tone" or rng.random() < 0.2:  # a signal of presets is the likelier
        state |= {"signal": "tone", "samples": []}
        state["mode"] = str(rng.choice(["wound", "walk", "halves"]))
    return state


def close(shown, wanted):
    """Return whether [re, im] pairs are these complex numbers."""
    pairs = np.array(shown)
    return np.abs(pairs[..., 0] + 1j * pairs[..., 1] - np.array(wanted)).max() < 1e-9


def check(state, view):
    """Assert that a view is what Python computes for the state."""
    wanted = show(state)
    for name in ("points", "walk", "total", "centre", "spectrum"):
        assert close(view[name], wanted[name]), (name, state)
    assert abs(view["longest"] - wanted["longest"]) < 1e-9, state
    assert view["above"] == wanted["above"], state
    half = state["n"] // 2 + 1
    assert view["kinds"][:half] == wanted["kinds"], state
    assert view["kinds"][half:] == wanted["kinds"][half - 2 : 0 : -1], "the rest is their mirror"
    assert (view["halves"] is None) == (wanted["halves"] is None), state
    if view["halves"]:
        forth, centres = wanted["halves"], (view["halves"]["forward"], view["halves"]["back"])
        assert close(view["halves"]["forth"], forth), state
        assert close(centres, [forth.mean(), (wanted["points"] - forth).mean()]), state
    assert view["open"] == wanted["open"], state
    assert (view["off"] is None) == (wanted["off"] is None), state
    assert wanted["off"] is None or abs(view["off"] - wanted["off"]) < 1e-9, state
    assert (view["truth"] is None) == (wanted["truth"] is None), state
    assert wanted["truth"] is None or close(view["truth"], wanted["truth"]), state
