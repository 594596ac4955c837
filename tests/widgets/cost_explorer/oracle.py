"""What the figure `costexplorer` must show: the library's costs, its bounds, its recorded runs."""

import math
from decimal import ROUND_HALF_UP, Decimal

from paths import ROOT

from fftia_lab import StageOptions, cost
from fftia_lab.bench import load
from fftia_lab.bench.roofs import measured
from fftia_lab.devices import DEVICES
from fftia_lab.kernels.plan import WIDEST, launches
from fftia_lab.widgets import CostExplorer
from fftia_lab.widgets.cost_explorer.tables import DIMS, DTYPES, HEADS, PROJECTIONS, SIZES

WIDGET = CostExplorer
PLACE = ("notebooks/15-measuring-honestly", "costexplorer")
BARE = {"n": 2048, "dim": 512, "heads": 8}
LARGEST = {"n": 1 << 17, "device": "AMD EPYC", "dtype": "float32", "dim": 256, "heads": 4}
NUDGES = {".fl-tokens": "ArrowRight", ".fl-channels": "ArrowLeft", ".fl-heads": "ArrowRight"}
HOSTILE = [
    "n=100",
    "n=%221024%22",
    "n=8",
    "n=262144",
    "dim=100",
    "dim=64",
    "heads=3",
    "heads=64",
    "projection=both",
    "dtype=bfloat16",
    "dtype=4",
    "device=B200",
    "device=constructor",
    "device=3",
    "tables={}",
    "autoplay=7",
]
RESULTS = ROOT / "book/results"
RATES = measured(load(RESULTS / "rates.json"))
MACHINES = {RATES.name: RATES, **DEVICES}
NAMES = ["dense", "butterfly", "projected", "mlp", "mixing", "fourier"]
# Contender of a recorded run -> mechanism, and its projection.
CONTENDERS = {
    "dense": ("dense", ""),
    "butterfly": ("butterfly", "head"),
    "across heads": ("butterfly", "model"),
    "mixing": ("mixing", ""),
    "mixing and projections": ("projected", ""),
    "Fourier mixing": ("fourier", ""),
}
HEADLESS = {"projected", "mixing", "fourier"}


def random_state(rng):
    """A state that can be, anywhere in the space of them."""
    return {
        "n": int(rng.choice(SIZES)),
        "dim": int(rng.choice(DIMS)),
        "heads": int(rng.choice(HEADS)),
        "projection": str(rng.choice(PROJECTIONS)),
        "dtype": str(rng.choice(list(DTYPES))),
        "device": str(rng.choice(list(MACHINES))),
    }


def trips(state, n):
    """How many times a butterfly's tokens go through memory: a launch, or else a stage, each."""
    dim_head = state["dim"] // state["heads"]
    fused = state["device"] in DEVICES and state["projection"] == "head" and dim_head <= WIDEST
    if not fused:
        return n.bit_length() - 1
    return len(launches(StageOptions().wire(n), n, dim_head, element=DTYPES[state["dtype"]]))


def costs(state, n):
    """Mechanism -> cost at a length."""
    dim, heads = state["dim"], state["heads"]
    sizes = n, dim, heads, dim // heads
    options = StageOptions(projection=state["projection"])
    return {
        "dense": cost.dense_layer(*sizes),
        "butterfly": cost.butterfly_layer(*sizes, options, launches=trips(state, n)),
        "projected": cost.spectral_layer(n, dim, projected=True),
        "mlp": cost.mlp(n, dim),
        "mixing": cost.spectral_layer(n, dim),
        "fourier": cost.fourier_mixing(n, dim),
    }


def bounds(state, n):
    """Mechanism -> bound at a length."""
    width = DTYPES[state["dtype"]]
    held, roof = n * state["dim"] * width, MACHINES[state["device"]]
    return {name: cost.bound(one, roof, width, held) for name, one in costs(state, n).items()}


def crossing(state, name):
    """The first length from which on a mechanism's bound is below that of dense attention."""
    below = [bounds(state, n)[name].seconds < bounds(state, n)["dense"].seconds for n in SIZES]
    return next((n for i, n in enumerate(SIZES) if all(below[i:])), None)


def recorded_points():
    """Every recorded layer that ran forwards: (mechanism, projection, dtype, n) -> entry, date."""
    found = {}
    for name in ("mixing", "attention"):  # of dense attention the run "attention" counts
        run = load(RESULTS / f"{name}.json")
        for one in run["entries"]:
            if one["series"].startswith("forward") and one["contender"] in CONTENDERS:
                dtype = "float32" if one["dtype"] == "float32" else "16-bit"
                key = (*CONTENDERS[one["contender"]], dtype, one["shape"][-1])
                found[run["device"]["name"], *key] = one, run["date"][:10]
    return found


POINTS = recorded_points()


def points(state):
    """The recorded points of a state: {(mechanism, n): entry}. All are of 256 channels, 4 heads."""
    return {
        (mechanism, n): one
        for (device, mechanism, projection, dtype, n), (one, _) in POINTS.items()
        if (device, dtype, 256) == (state["device"], state["dtype"], state["dim"])
        and projection in ("", state["projection"])
        and (state["heads"] == 4 or mechanism in HEADLESS)
    }


def check(state, view):
    """Assert that a view is what Python computes for the state."""
    for name, one in costs(state, state["n"]).items():
        assert view["costs"][name] == {"products": one.products, "moved": one.moved}, (state, name)
    for i, n in enumerate(SIZES):
        for name, wanted in bounds(state, n).items():
            shown = view["curves"][name][i]
            assert shown["by"] == wanted.by, (state, n, name)
            for key in ("products", "memory", "seconds"):
                assert math.isclose(shown[key], getattr(wanted, key), rel_tol=1e-12)
    assert view["here"] == {
        name: curve[SIZES.index(state["n"])] for name, curve in view["curves"].items()
    }
    assert view["crossings"] == {name: crossing(state, name) for name in ("butterfly", "projected")}
    check_sources(state, view)


def check_sources(state, view):
    roof = MACHINES[state["device"]]
    assert view["sheet"] == (state["device"] in DEVICES)
    assert view["date"] == getattr(roof, "date", "")
    cache, token = getattr(roof, "cache", 0), state["dim"] * DTYPES[state["dtype"]]
    assert view["cached"] == max((n for n in SIZES if n * token <= cache), default=0)
    wanted = points(state)
    shown = {(one["mechanism"], one["n"]): one for one in view["points"]}
    assert shown.keys() == wanted.keys() and len(view["points"]) == len(wanted), state
    for place, one in wanted.items():
        spread = one["seconds"]
        assert shown[place]["seconds"] == [spread["lower"], spread["median"], spread["upper"]]
    some = any((state["device"], state["dtype"]) == (key[0], key[3]) for key in POINTS)
    assert view["elsewhere"] == ([256, 4] if some and not wanted else None)


def time_text(seconds):
    """Three digits and a unit; halves up, as the figure has them."""
    for unit, name in ((1, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")):
        if seconds >= 0.9995 * unit or name == "ns":
            value = seconds / unit
            break
    if value >= 999.5:
        return f"{round(value):,}\u00a0{name}"
    part = Decimal(value)
    rounded = part.quantize(Decimal(1).scaleb(part.adjusted() - 2), ROUND_HALF_UP)
    digits = f"{float(rounded):#.3g}".rstrip(".")  # trailing zeros are kept
    return f"{digits}\u00a0{name}"
