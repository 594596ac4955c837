"""What the figure `fusionplan` must show: the library's plan, its cost, sets of places."""

import math

from fftia_lab.cost import butterfly_attention
from fftia_lab.kernels import table
from fftia_lab.kernels.configuration import TARGETS
from fftia_lab.kernels.plan import launches
from fftia_lab.schedule import ButterflySchedule
from fftia_lab.widgets import FusionPlan
from fftia_lab.widgets.fusion_plan.figure import SIZES
from fftia_lab.widgets.fusion_plan.tables import CHANNELS, DEVICES, TILES, WIDTHS

WIDGET = FusionPlan
PLACE = ("notebooks/13-fusing-stages", "fusionplan")
BARE = {"n": 4096, "place": 1000, "stage": 9.0}
LARGEST = {
    "n": 1 << 20,
    "dim_head": 128,
    "tile": 256,
    "device": "A100",
    "place": 777_777,
    "stage": 18.5,
}
NUDGES = {".fl-place": "ArrowDown", ".fl-tile": "ArrowRight", ".fl-size": "ArrowLeft"}
HOSTILE = [
    "n=100",
    "n=%221024%22",
    "n=2097152",
    "dim_head=48",
    "tile=16",
    "tile=512",
    "device=B200",
    "device=constructor",
    "device=3",
    "place=-1",
    "place=1.5",
    "place=%22x%22",
    "stage=NaN",
    "stage=%22x%22",
    "tables={}",
    "autoplay=true",
]


def random_state(rng):
    """A state that can be, anywhere in the space of them."""
    n = int(rng.choice(SIZES))
    depth = n.bit_length() - 1
    return {
        "n": n,
        "dim_head": int(rng.choice(WIDTHS)),
        "tile": int(rng.choice(TILES)),
        "device": str(rng.choice(list(DEVICES))),
        "place": int(rng.integers(n)),
        "stage": float(rng.integers(0, 4 * depth + 1)) / 4,
    }


def plan_of(state):
    return launches(ButterflySchedule(state["n"]), state["n"], state["dim_head"], state["tile"])


def stage_of(state):
    """The stage that is under way, or the last that was: before all of them the first."""
    return max(math.ceil(state["stage"] - 1e-9) - 1, 0)


def launch_of(state):
    """The number of the launch that is shown, and the launch."""
    (found,) = [one for one in enumerate(plan_of(state)) if stage_of(state) in one[1].stages]
    return found


def held_with(launch, place):
    """All places that must be on chip with this one: partners of partners, and on."""
    found, fresh = {place}, {place}
    reaching = [launch.step << bit for bit in range(launch.tile.bit_length() - 1)]
    while fresh:
        fresh = {one ^ stride for one in fresh for stride in reaching} - found
        found |= fresh
    return sorted(found)


def moved(state):
    """Bytes that each way of running the stages moves: (one launch, fused, one launch a stage)."""
    heads = CHANNELS // state["dim_head"]
    cost = butterfly_attention(state["n"], heads, state["dim_head"])
    trip = 2 * state["n"] * CHANNELS * 2
    away = (len(ButterflySchedule(state["n"]).strides) - len(plan_of(state))) * trip
    return trip, cost.bytes(2) - away, cost.bytes(2)


def compiled(state):
    """The row of the committed table for a state, found by its words; None if there is none."""
    target = DEVICES[state["device"]].capability
    stages = state["tile"].bit_length() - 1
    name = f"mutual, {stages} stages, tile {state['tile']}, head_dim {state['dim_head']}, bfloat16"
    rows = [r for r in table.load().rows if (r.configuration, r.target) == (name, target)]
    return rows[0] if rows else None


def check(state, view):
    """Assert that a view is what Python computes for the state."""
    plan, device = plan_of(state), DEVICES[state["device"]]
    shown = [
        (one["first"], tuple(one["strides"]), one["tile"], one["step"]) for one in view["launches"]
    ]
    assert shown == [(one.first, one.strides, one.tile, one.step) for one in plan], state
    assert view["depth"] == ButterflySchedule(state["n"]).depth
    usual = launches(ButterflySchedule(state["n"]), state["n"], state["dim_head"])
    assert view["usual"] == usual[0].tile, state
    number, launch = launch_of(state)
    stride = 1 << stage_of(state)
    assert (view["now"], view["stage"], view["stride"]) == (number, stage_of(state), stride)
    program = view["program"]
    places = [program["first"] + k * program["step"] for k in range(program["count"])]
    assert places == held_with(launch, state["place"]), state
    assert view["partner"] == state["place"] ^ stride
    assert view["partner"] in places, "nobody leaves the chip to meet a partner"
    trip, fused, staged = moved(state)
    bytes_ = view["bytes"]
    assert (bytes_["trip"], bytes_["fused"], bytes_["staged"]) == (trip, fused, staged), state
    for kind, size in (("fused", fused), ("staged", staged)):
        assert math.isclose(view["floors"][kind], 1e6 * device.floor(size), rel_tol=1e-12)
    fits = 2 * state["n"] * CHANNELS <= device.cache  # one state, in bfloat16
    assert view["cached"] == (device.cache if fits else 0)
    check_chip(state, view["chip"], TARGETS[device.capability])


def check_chip(state, chip, target):
    assert chip["held"] == 4 * state["tile"] * state["dim_head"]
    assert (chip["limit"], chip["capability"]) == (target.shared, target.capability)
    row = compiled(state)
    if row is None:
        assert chip["compiled"] is None
    else:
        taken = row.resources
        assert chip["compiled"] == {
            "registers": taken.registers,
            "spilled": taken.spill_stores + taken.spill_loads,
            "shared": taken.shared,
            "warps": row.warps,
        }
