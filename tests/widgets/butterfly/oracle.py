"""What the figure `butterfly` must show, computed by the library and NumPy."""

import numpy as np

from fftia_lab.attention.reference import butterfly_attention
from fftia_lab.learn.blocks import factors_of
from fftia_lab.learn.butterflies import recorded_blocks
from fftia_lab.schedule import ButterflySchedule, bit_reversal
from fftia_lab.signals import PRESETS, preset
from fftia_lab.transform import butterfly_factors
from fftia_lab.widgets import Butterfly
from fftia_lab.widgets.shared.tables import SIZES, WIRINGS

WIDGET = Butterfly
PLACE = ("notebooks/03-the-butterfly", "twist")  # a page of the book, and its name there
BARE = {"node": [2, 3], "stage": 3.0}  # all hands are there
LARGEST = {"n": 64, "stage": 6.0, "node": [6, 21]}
NUDGES = {".fl-pad": "ArrowRight", ".fl-cursor": "ArrowDown", ".fl-dial-handle": "ArrowUp"}
HOSTILE = [
    "n=1000",
    "n=%228%22",
    "n=x",
    "n=%zz",
    "signal=foo",
    "signal=constructor",
    "node=[1]",
    "node=[-1,0]",
    "node=[0.5,0]",
    "twist=[0,0]",
    "twist=[0.5,0,0.1]",
    "stage=NaN",
    'stage="x"',
    "causal=7",
    "bet=-7",
    "samples=[null]",
    "weights=foo",
    "toString=1",
]


def schedule_of(state):
    if state["weights"] == "fft":
        return ButterflySchedule(state["n"], decreasing=state["decimation"] == "frequency")
    return WIRINGS[state["schedule"]](state["n"], state["causal"])


def learned_of(n):
    """The entry of the recorded run on a butterfly of this size."""
    (found,) = [
        one
        for one in recorded_blocks()["denoisers"]
        if (one["size"], one["wiring"], one["causal"]) == (n, "butterfly", False)
    ]
    return found


def asked(x, schedule):
    """The matrix of every stage of attention with d = 1 and W_q = W_k = √8."""
    root, own = np.full((1, 1, 1, 1), np.sqrt(8)), np.arange(len(x))
    _, gates = butterfly_attention(x[None, None, :, None], root, root, schedule)
    factors = []
    for stage, gate in enumerate(gates[:, 0, 0]):
        factor = np.diag(1 - gate)
        factor[own, schedule.partners(stage)] += gate
        factors.append(factor)
    return factors


def stage_matrices(state, twist):
    """The matrix of every stage between sorting and sorting, one twiddle turned."""
    schedule = schedule_of(state)
    own = np.eye(state["n"])
    if state["weights"] == "average":
        return [(own + own[schedule.partners(stage)]) / 2 for stage in range(schedule.depth)]
    if state["weights"] == "gates":
        return asked(signal_of(state), schedule)
    if state["weights"] == "learned":
        return factors_of(np.array(learned_of(state["n"])["blocks"]), schedule)
    factors = butterfly_factors(state["n"], state["decimation"])
    factors = factors[1:] if state["decimation"] == "time" else factors[:-1]
    if twist:
        stage, low, turns = int(twist[0]), int(twist[1]), twist[2]
        high = low + schedule.strides[stage]
        if state["decimation"] == "time":
            factors[stage][[low, high], high] *= np.exp(2j * np.pi * turns)
        else:
            factors[stage][high] *= np.exp(2j * np.pi * turns)
    return factors


def signal_of(state):
    if state["signal"] == "drawn":
        return np.array(state["samples"])
    return preset(state["signal"], state["n"]).round(4)


def show(state):
    """Return columns, outputs, heard samples and wrong outputs of a state."""
    n, fft = state["n"], state["weights"] == "fft"
    order = bit_reversal(n) if fft else np.arange(n)
    rows_in = order if fft and state["decimation"] == "time" else np.arange(n)
    rows_out = order if fft and state["decimation"] == "frequency" else np.arange(n)
    x = signal_of(state)

    def run(twist):
        columns = [x[rows_in].astype(complex)]
        for matrix in stage_matrices(state, twist):
            columns.append(matrix @ columns[-1])
        return columns, columns[-1][np.argsort(rows_out)]

    columns, outputs = run(state["twist"])
    right = run([])[1]
    scale = max(np.abs(right).max(), 1e-12)
    heard = None
    if state["node"]:
        column, row = state["node"]
        heard = sorted(rows_in[schedule_of(state).reach(column)[row]].tolist())
    wrong = np.flatnonzero(np.abs(outputs - right) > 1e-9 * scale).tolist()
    return {"columns": columns, "outputs": outputs, "right": right, "heard": heard, "wrong": wrong}


def random_state(rng):
    """A state that can be, anywhere in the space of them."""
    n = int(rng.choice(SIZES))
    weights = str(rng.choice(["fft", "average", "gates", "learned"], p=[0.5, 0.2, 0.15, 0.15]))
    fft, whole = weights == "fft", weights in ("fft", "learned")
    state = {
        "n": n,
        "weights": weights,
        "schedule": "butterfly" if whole else str(rng.choice(list(WIRINGS))),
        "causal": False if whole else bool(rng.random() < 0.5),
        "decimation": str(rng.choice(["time", "frequency"])) if fft else "time",
        "signal": str(rng.choice([*PRESETS, "drawn"])),
        "samples": [],
        "node": [],
        "twist": [],
        "bet": 0,
    }
    depth = schedule_of(state).depth
    state["stage"] = float(rng.integers(0, 4 * depth + 1)) / 4
    if state["signal"] == "drawn":
        state["samples"] = rng.uniform(-1, 1, n).round(3).tolist()
    if rng.random() < 0.8:
        state["node"] = [int(rng.integers(0, depth + 1)), int(rng.integers(0, n))]
    if fft and rng.random() < 0.5:
        stage = int(rng.integers(0, depth))
        pairs = schedule_of(state).pairs(stage)
        low = int(pairs[rng.integers(0, len(pairs)), 0])
        state["twist"] = [float(stage), float(low), float(rng.integers(1, 72)) / 72]
    return state


def close(shown, wanted):
    """Return whether [re, im] pairs are these complex numbers."""
    pairs = np.array(shown)
    return np.abs(pairs[..., 0] + 1j * pairs[..., 1] - np.array(wanted)).max() < 1e-9


def check(state, view):
    """Assert that a view is what Python computes for the state."""
    wanted = show(state)
    assert close(view["columns"], wanted["columns"]), state
    assert close(view["outputs"], wanted["outputs"]), state
    assert view["wrong"] == wanted["wrong"], state
    assert view.get("heard") == wanted["heard"], state
    if state["weights"] == "fft" and not state["twist"]:
        assert close(view["outputs"], np.fft.fft(signal_of(state)))
