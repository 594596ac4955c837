"""What the figure `squaredpoints` must show: slices, NumPy's polynomials and its FFT."""

import numpy as np

from fftia_lab.schedule import bit_reversal
from fftia_lab.signals import preset
from fftia_lab.widgets import SquaredPoints
from fftia_lab.widgets.squared_points.figure import SIZES

WIDGET = SquaredPoints
PLACE = ("notebooks/02-divide-and-conquer", "squaredpoints")
BARE = {"fold": 1.0, "call": 1}
LARGEST = {"n": 16, "k": 5.0, "fold": 3.5, "call": 7}
NUDGES = {".fl-z": "ArrowRight", ".fl-call": "ArrowLeft"}
HOSTILE = [
    "n=2",
    "n=32",
    "n=%228%22",
    "n=%zz",
    "k=NaN",
    'k="x"',
    "k=null",
    "fold=NaN",
    "fold=[1]",
    "call=-1",
    "call=0.5",
    "call=null",
    "signals={}",
    "z=1",
    "toString=1",
]


def level_of(state):
    return int(state["fold"])


def point(state, k):
    """The power k of what generates the points at this level: w, or w², or w⁴ …"""
    return np.exp(-2j * np.pi * np.asarray(k) * 2 ** level_of(state) / state["n"])


def calls_of(samples, level):
    """What each call of a level is given, from the left."""
    for _ in range(level):
        samples = [half for one in samples for half in (one[::2], one[1::2])]
    return samples


def samples_of(state):
    return calls_of([np.arange(state["n"])], level_of(state))[state["call"]]


def polynomial(state):
    """p of the chosen call, as NumPy has it."""
    return np.polynomial.Polynomial(preset("sunspots", state["n"]).round(4)[samples_of(state)])


def random_state(rng):
    """A state that can be, anywhere in the space of them."""
    n = int(rng.choice(SIZES))
    fold = float(rng.integers(0, 4 * (n.bit_length() - 1) + 1)) / 4
    k = float(rng.integers(0, n)) if rng.random() < 0.7 else float(rng.integers(0, 100 * n)) / 100
    return {"n": n, "k": k, "fold": fold, "call": int(rng.integers(0, 2 ** int(fold)))}


def close(shown, wanted):
    """Whether [re, im] pairs are these complex numbers."""
    pairs = np.array(shown, dtype=float)
    found = pairs[..., 0] + 1j * pairs[..., 1]
    return found.shape == np.shape(wanted) and np.abs(found - wanted).max() < 1e-9


def check(state, view):
    """Assert that a view is what Python computes for the state."""
    n, k, level = state["n"], state["k"], level_of(state)
    m, part = n >> level, state["fold"] - level
    p, z = polynomial(state), point(state, k)
    assert (view["level"], view["m"], view["depth"]) == (level, m, n.bit_length() - 1)
    assert view["samples"] == samples_of(state).tolist()
    assert view["samples"][0] == bit_reversal(1 << level)[state["call"]], "the address, reversed"
    assert close(view["points"], point(state, np.arange(n) * (1 + part)))
    assert close(view["moved"], point(state, np.array([k, k + m / 2]) * (1 + part)))
    assert close(view["z"], z) and close(view["square"], z**2)
    if m == 1:
        assert close(view["values"], [p(z)]), "a constant"
        return
    assert close(view["values"], [p(z), p(-z)])
    even, odd = (np.polynomial.Polynomial(p.coef[first::2])(z**2) for first in (0, 1))
    assert close([view["even"], view["odd"], view["product"]], [even, odd, z * odd])
    if k == int(k):
        spectrum = np.fft.fft(p.coef)
        assert close(view["values"], spectrum[[int(k) % m, int(k + m / 2) % m]])
