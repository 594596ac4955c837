"""What the cover must show, computed by the library and NumPy."""

import numpy as np
from widgets.butterfly.oracle import close

from fftia_lab.attention.reference import butterfly_attention
from fftia_lab.learn.blocks import factors_of
from fftia_lab.learn.butterflies import recorded_blocks
from fftia_lab.schedule import SCHEDULES, bit_reversal
from fftia_lab.signals import PRESETS, preset
from fftia_lab.widgets import SixMeetings
from fftia_lab.widgets.six_meetings.figure import mixing_tables

WIDGET = SixMeetings
PLACE = ("book/intro", "sixmeetings")
BARE = {"carry": "fft"}
LARGEST = {
    "wiring": "butterfly",
    "causal": True,
    "meeting": 6.0,
    "painted": "f" * 16,
    "carry": "news",
}
NUDGES = {".fl-pad": "ArrowUp", ".fl-cursor": "ArrowDown"}
HOSTILE = [
    "wiring=star",
    "causal=1",
    "meeting=NaN",
    "meeting=%22x%22",
    "token=64",
    "token=-1",
    "token=1.5",
    "painted=ff",
    "painted=FFFFFFFFFFFFFFFF",
    "carry=gold",
    "signal=constructor",
    "samples=[null]",
    "autoplay=true",
]


def reach_of(state):
    """Return the matrix of who has heard whom after the completed meetings."""
    schedule = SCHEDULES[state["wiring"]](64, causal=state["causal"])
    return schedule.reach(int(state["meeting"] + 1e-9))


def painted_of(state):
    """Return whose news the matrix shows."""
    bits = int(state["painted"], 16) | 1 << state["token"]
    return np.array([bits >> token & 1 for token in range(64)], dtype=bool)


def signal_of(state):
    if state["signal"] == "drawn":
        return np.array(state["samples"])
    return preset(state["signal"], 64).round(4)


def attention_of(state):
    """Gates, running products and values of one layer with d = 1 and W_q = W_k = √8."""
    x, own = signal_of(state), np.arange(64)
    schedule = SCHEDULES[state["wiring"]](64, causal=state["causal"])
    root = np.full((1, 1, 1, 1), np.sqrt(8))
    _, gates = butterfly_attention(x[None, None, :, None], root, root, schedule)
    gates, values, products = gates[:, 0, 0], [x], [np.eye(64)]
    for meeting, gate in enumerate(gates):
        factor = np.diag(1 - gate)
        factor[own, schedule.partners(meeting)] += gate
        values.append(factor @ values[-1])
        products.append(factor @ products[-1])
    return gates, products, values


def mixing_of(state):
    """The wave with noise on it, what stands after every meeting, what is left, the run's entry."""
    (entry,) = [
        one
        for one in recorded_blocks()["denoisers"]
        if (one["size"], one["wiring"], one["causal"]) == (64, state["wiring"], state["causal"])
    ]
    schedule = SCHEDULES[state["wiring"]](64, causal=state["causal"])
    x, noise = signal_of(state), np.array(mixing_tables()["noise"])
    values = [x + noise]
    for factor in factors_of(np.array(entry["blocks"]), schedule):
        values.append(factor @ values[-1])
    left = ((values[-1] - x) ** 2).sum() / (noise**2).sum()
    return values, left, entry


def random_state(rng):
    """A state that can be, anywhere in the space of them."""
    state = {
        "carry": str(rng.choice(["news", "fft", "attention", "mixing"], p=[0.3, 0.25, 0.25, 0.2])),
        "wiring": str(rng.choice(["butterfly", "shift"])),
        "causal": bool(rng.random() < 0.5),
        "meeting": float(rng.integers(0, 25)) / 4,
        "token": int(rng.integers(0, 64)),
        "painted": f"{int(rng.integers(0, 2**63)):016x}",
        "signal": str(rng.choice([*PRESETS, "drawn"])),
        "samples": [],
    }
    if state["carry"] == "fft":
        state |= {"wiring": "butterfly", "causal": False}
    if state["signal"] == "drawn":
        state["samples"] = rng.uniform(-1, 1, 64).round(3).tolist()
    return state


def check(state, view):
    """Assert that a view is what Python computes for the state."""
    reach = reach_of(state)
    assert view["news"] == np.flatnonzero(reach[:, state["token"]]).tolist(), state
    shown = reach & painted_of(state)
    assert view["cells"] == shown.sum(), state
    lit = [[int(mask, 16) >> i & 1 for i in range(64)] for mask in view["lit"]]
    assert np.array_equal(np.array(lit, dtype=bool), shown.T), state
    assert view["allowed"] == (np.tri(64).sum() if state["causal"] else 64 * 64)
    if state["carry"] == "fft":
        x = signal_of(state)
        assert close(view["columns"][0], x[bit_reversal(64)])
        assert close(view["outputs"], np.fft.fft(x)), state
    if state["carry"] == "mixing":
        values, left, entry = mixing_of(state)
        np.testing.assert_allclose(view["noisy"], values[0], rtol=0, atol=1e-12)
        assert close(view["columns"], values), state
        assert abs(view["left"] - left) < 1e-9, state
        done = int(state["meeting"] + 1e-9)
        schedule = SCHEDULES[state["wiring"]](64, causal=state["causal"])
        takers = sum((schedule.partners(s) != np.arange(64)).sum() for s in range(done))
        assert view["used"] == 64 * done + takers
        assert done < 6 or view["used"] == entry["numbers"]
    if state["carry"] == "attention":
        check_attention(state, view)


def check_attention(state, view):
    """Assert the gates, what everyone holds of the followed token, and who listens to whom."""
    gates, products, values = attention_of(state)
    done, token = int(state["meeting"] + 1e-9), state["token"]
    np.testing.assert_allclose(view["x"], signal_of(state))
    near = {"rtol": 0, "atol": 1e-9}
    np.testing.assert_allclose(view["gates"], gates, **near)
    np.testing.assert_allclose(view["carried"], [product[:, token] for product in products], **near)
    np.testing.assert_allclose(view["product"], products[done], **near)
    np.testing.assert_allclose(view["held"], values[done], **near)
    assert abs(view["share"] - 100 * products[done][:, token].mean()) < 1e-9
