"""The widget CostExplorer without a browser: what it takes and refuses, its tables, its words."""

from copy import deepcopy

import numpy as np
import pytest
from traitlets import TraitError
from widgets.cost_explorer import oracle

from fftia_lab.bench import load
from fftia_lab.cost import crossover
from fftia_lab.devices import DEVICES, Measured
from fftia_lab.widgets import CostExplorer
from fftia_lab.widgets.cost_explorer import tables

WORDS = """
const { rowsOf, sourceLines } = await import("./cost_explorer/words.js");
const view = makeView(model), now = settled(given.state);
answer([describe(now, view(now)), sourceLines(now, view(now)), rowsOf(now, view(now))]);
"""
QUANTITIES = """
import { decadeText, timeText } from "./cost_explorer/words.js";
//given
answer([given.times.map(timeText), given.powers.map(decadeText)]);
"""
ROOFS = """
import { bandwidthFor, boundOf, crossover } from "./cost_explorer/counts.js";
//given
answer([
  given.held.map((held) => bandwidthFor(held, given.copies)),
  given.pairs.map(([one, other]) => crossover(given.lengths, one, other)),
  boundOf({ products: 8, moved: 8 }, { rate: 1, bandwidth: 4, width: 4 }),
]);
"""


def test_repr_is_the_same_in_every_run():
    assert repr(CostExplorer()) == "CostExplorer()"
    text = "CostExplorer(device='T4', heads=8, projection='model')"
    assert repr(CostExplorer(projection="model", device="T4", heads=8)) == text


@pytest.mark.parametrize(
    ("values", "kind", "message"),
    [
        ({"n": 1000}, TraitError, "n must be one of (16, 32,"),
        ({"dim": 64}, TraitError, "dim must be one of (128, 256,"),
        ({"heads": 3}, TraitError, "heads must be one of (1, 2, 4, 8, 16, 32); got 3"),
        ({"projection": "both"}, TraitError, "projection"),
        ({"dtype": "bfloat16"}, TraitError, "dtype"),
        ({"device": "B200"}, TraitError, "device must be one of AMD EPYC, T4, L4, A100, H100"),
        ({"batch": 2}, TypeError, "has no argument 'batch'; it takes autoplay, device, dim"),
    ],
)
def test_bad_values_are_refused(values, kind, message):
    with pytest.raises(kind) as caught:
        CostExplorer(**values)
    assert message in str(caught.value)


# ---- tables --------------------------------------------------------------------------------------


def test_devices_are_sheets_and_the_machine_of_the_record():
    found = tables.explorer_tables()["devices"]
    assert list(found) == tables.explorer_tables()["names"] == [oracle.RATES.name, *DEVICES]
    for name, device in DEVICES.items():
        one = found[name]
        assert one["copies"] == [[0, device.bandwidth]] and one["cache"] == device.cache
        assert one["rates"] == {"float32": device.single, "16-bit": device.products}
        assert (one["date"], one["fused"]) == ("", True)
    own = found[oracle.RATES.name]
    assert own["date"] == oracle.RATES.date and not own["fused"] and not own["cache"]
    assert own["copies"] == [list(copy) for copy in oracle.RATES.copies]


def test_every_point_is_an_entry_of_a_record_and_none_is_left_out():
    found = {
        (p["device"], p["mechanism"], p["projection"], p["dtype"], p["n"]): p
        for p in tables.explorer_tables()["points"]
    }
    sizes = set(tables.SIZES)
    wanted = {key: one for key, one in oracle.POINTS.items() if key[-1] in sizes}
    assert found.keys() == wanted.keys() and len(found) > 40
    for key, (one, date) in wanted.items():
        assert found[key]["seconds"][1] == one["seconds"]["median"]
        assert (found[key]["date"], found[key]["dim"], found[key]["heads"]) == (date, 256, 4)


def gpu_run():
    """A run on a GPU that there is not, with the entries that matter."""
    run = deepcopy(load(oracle.RESULTS / "attention.json"))
    run["name"], run["device"] = "gpu_attention", {"kind": "cuda", "name": "NVIDIA H200"}
    one = run["entries"][1]
    run["entries"] = []
    for series in ("core, forward", "layer, training", "layer, forward"):
        for shape in ([16, 4096], [1, 4096]):
            shown = series == "layer, forward" and shape[0] == 1
            median = 2e-4 if shown else 9e-4
            spread = {"lower": 1e-4, "median": median, "upper": 1e-3}
            kept = {**one, "dtype": "bfloat16", "seconds": spread, "series": series, "shape": shape}
            run["entries"] += [{**kept, "contender": who} for who in ("flash", "SDPA", "butterfly")]
    return run


def test_records_that_are_handed_over_are_shown_and_no_others(engine):
    given = tables.explorer_tables([gpu_run()])
    assert list(given["devices"]) == [*DEVICES]
    assert [(p["mechanism"], p["n"]) for p in given["points"]] == [
        ("dense", 4096),
        ("butterfly", 4096),
    ]
    state = {"device": "H200", "dtype": "16-bit", "dim": 1024, "heads": 16, "n": 4096}
    widget = CostExplorer(tables=given, **state)
    said, lines, rows = engine.of(widget, WORDS, state=state)
    assert said.endswith("Measured: dense attention 200\u00a0µs, butterfly attention 200\u00a0µs.")
    assert lines[1].startswith("Points: medians of runs on an NVIDIA H200, 2026-")
    assert rows[0]["cells"][3] == "200\u00a0µs" and rows[2]["cells"][3] == "not yet"
    said, lines, _ = engine.of(widget, WORDS, state={**state, "dim": 512})
    assert said.endswith("Not yet measured on an H200 with so many channels and heads.")
    assert lines[1].endswith("there are some of 1,024 channels in 16 heads.")
    said, lines, _ = engine.of(widget, WORDS, state={**state, "device": "H100"})
    assert said.endswith("Not yet measured on an H100.")
    assert lines[1] == "Points: not yet measured."


def test_nothing_is_shown_where_nothing_was_recorded(engine):
    empty = tables.explorer_tables([])
    assert empty["points"] == [] and list(empty["devices"]) == [*DEVICES]
    widget = CostExplorer(tables=empty, device="T4")
    said, _, rows = engine.of(widget, WORDS, state={"device": "T4"})
    assert "Not yet measured on a T4." in said and {row["cells"][3] for row in rows} == {"not yet"}


# ---- counts --------------------------------------------------------------------------------------


def test_javascript_reads_roofs_and_crossings_as_python_does(engine):
    rng = np.random.default_rng(15)
    copies = [[1e3, 5e10], [1e6, 9e10], [1e9, 1e10]]
    held = [0, 1e3, 1e3 + 1, 1e6, 5e8, 1e9, 1e12]
    lengths = [2**i for i in range(8)]
    pairs = [*rng.integers(0, 3, (200, 2, 8)).tolist(), [[0] * 8, [1] * 8], [[1] * 8, [0] * 8]]
    asked = {"copies": copies, "held": held, "pairs": pairs, "lengths": lengths}
    bandwidths, crossings, bound = engine.run(ROOFS, asked)
    roof = Measured("A", "", {}, tuple(map(tuple, copies)))
    assert bandwidths == [roof.bandwidth_for(one) for one in held]
    for (one, other), found in zip(pairs, crossings, strict=True):
        costs = [dict(zip(lengths, row, strict=True)) for row in (one, other)]
        wanted = crossover(costs[0].get, costs[1].get, lambda value: value, lengths)
        assert found == wanted
    assert {None, 1} < set(crossings)
    assert bound == {"products": 8, "memory": 8, "seconds": 8, "by": "products"}


def test_the_lists_of_both_languages_are_one(engine):
    module = """
    import { DIMS, HEADS, NAMES, PROJECTIONS, SIZES, WIDTHS } from "./cost_explorer/model.js";
    //given
    answer([SIZES, DIMS, HEADS, PROJECTIONS, WIDTHS, NAMES]);
    """
    sizes, dims, heads, projections, widths, names = engine.run(module)
    assert (sizes, dims, heads) == tuple(map(list, (tables.SIZES, tables.DIMS, tables.HEADS)))
    assert (projections, widths, names) == (tables.PROJECTIONS, tables.DTYPES, oracle.NAMES)


# ---- words ---------------------------------------------------------------------------------------


def test_what_stands_behind_a_bound_is_said(engine):
    widget = CostExplorer()
    _, lines, rows = engine.of(widget, WORDS, state={})
    assert lines[0] == f"Bounds: rates of an AMD EPYC, one core, {oracle.RATES.date}."
    assert lines[1].startswith("Points: medians of runs on an AMD EPYC, 2026-")
    assert [row["cells"][3] == "not yet" for row in rows] == [False] * 3 + [True] + [False] * 2
    _, lines, _ = engine.of(widget, WORDS, state={"device": "A100", "n": 16384})
    assert lines[0] == "Bounds: datasheet of the A100, float32, not measured times."
    assert lines[2].endswith("the cache may beat a bound by memory.")
    _, lines, _ = engine.of(widget, WORDS, state={"device": "A100", "n": 65536})
    assert lines[2].endswith("Kernels fuse stages inside heads.")


def test_times_keep_three_digits(engine):
    given = [1.5e-9, 9.996e-7, 1.234e-6, 9.9951e-4, 0.0456, 0.9999, 12.345, 999.4, 12345.6]
    times, powers = engine.run(QUANTITIES, {"times": given, "powers": [-9, -7, -3, -2, 0, 3]})
    assert times == [
        f"{number}\u00a0{unit}"
        for number, unit in [
            ("1.50", "ns"),
            ("1.00", "µs"),
            ("1.23", "µs"),
            ("1.00", "ms"),
            ("45.6", "ms"),
            ("1.00", "s"),
            ("12.3", "s"),
            ("999", "s"),
            ("12,346", "s"),
        ]
    ]
    assert times == [oracle.time_text(one) for one in given]
    wanted = ["1 ns", "100 ns", "1 ms", "10 ms", "1 s", "1,000 s"]
    assert powers == [text.replace(" ", "\u00a0") for text in wanted]
