"""The widget FusionPlan without a browser: what it takes and refuses, its plan, its words."""

import numpy as np
import pytest
from traitlets import TraitError
from widgets.fusion_plan import oracle

from fftia_lab.devices import DEVICES
from fftia_lab.kernels import plan, table
from fftia_lab.kernels.compilation import Resources
from fftia_lab.widgets import FusionPlan
from fftia_lab.widgets.fusion_plan import figure, tables

PLANS = """
import { launchesOf, programOf, usualTile } from "./fusion_plan/plan.js";
//given
answer(given.map(([n, width, tile, place]) => {
  const launches = launchesOf(n, tile);
  return [launches, usualTile(n, width), launches.map((one) => programOf(one, place))];
}));
"""
WORDS = """
const { barTexts, costLines } = await import("./fusion_plan/words.js");
const view = makeView(model), now = settled(given.state);
answer([costLines(now, view(now)), barTexts(view(now))]);
"""
QUANTITIES = """
import { bytesText, timeText } from "./shared/quantities.js";
//given
answer(given.map((value) => [bytesText(value), timeText(value)]));
"""


def test_repr_is_the_same_in_every_run():
    assert repr(FusionPlan()) == "FusionPlan()"
    text = "FusionPlan(device='A100', n=65536, stage=16.0, tile=256)"
    assert repr(FusionPlan(n=65536, tile=256, device="A100")) == text


@pytest.mark.parametrize(
    ("values", "kind", "message"),
    [
        ({"n": 1000}, TraitError, "n must be one of (256, 512,"),
        ({"dim_head": 48}, TraitError, "dim_head must be one of (16, 32, 64, 128); got 48"),
        ({"tile": 512}, TraitError, "tile must be one of (32, 64, 128, 256); got 512"),
        ({"device": "B200"}, TraitError, "device"),
        ({"place": 1024}, TraitError, "place must lie in 0 to 1023; got 1024"),
        ({"stage": 10.5}, TraitError, "stage must lie in 0 to 10; got 10.5"),
        ({"launches": 2}, TypeError, "has no argument 'launches'; it takes autoplay, device"),
    ],
)
def test_bad_values_are_refused(values, kind, message):
    with pytest.raises(kind) as caught:
        FusionPlan(**values)
    assert message in str(caught.value)


# ---- the plan -----------------------------------------------------------------------------------


def test_javascript_cuts_every_butterfly_as_python_does(engine):
    """All sizes, widths and tiles there are, and 3,000 random places."""
    rng = np.random.default_rng(13)
    grid = [(n, d, t) for n in figure.SIZES for d in tables.WIDTHS for t in tables.TILES]
    picks = [*range(len(grid)), *rng.integers(len(grid), size=3000).tolist()]
    given = [[*grid[i], int(rng.integers(grid[i][0]))] for i in picks]
    for (n, d, t, place), (cut, usual, programs) in zip(
        given, engine.run(PLANS, given), strict=True
    ):
        wiring = oracle.ButterflySchedule(n)
        wanted = plan.launches(wiring, n, d, t)
        shown = [(one["first"], tuple(one["strides"]), one["tile"], one["step"]) for one in cut]
        assert shown == [(one.first, one.strides, one.tile, one.step) for one in wanted]
        assert usual == plan.launches(wiring, n, d)[0].tile, (n, d)
        for launch, program in zip(wanted, programs, strict=True):
            first = place // launch.span * launch.span + place % launch.step
            assert program == {"first": first, "step": launch.step, "count": launch.tile}


def test_the_programs_of_a_launch_share_out_the_places_and_leave_none():
    for n, tile in ((1024, 32), (1024, 128), (4096, 64)):
        for launch in plan.launches(oracle.ButterflySchedule(n), n, 64, tile):
            programs = {tuple(oracle.held_with(launch, place)) for place in range(n)}
            assert sorted(place for program in programs for place in program) == list(range(n))
            assert len(programs) == launch.programs(n) == n // tile


def test_what_the_figure_offers_is_what_the_library_takes():
    assert tables.TILES == (plan.LEAST_TILE, 64, 128, plan.LARGEST_TILE)
    assert tables.WIDTHS == (plan.NARROWEST, 32, 64, plan.WIDEST)


# ---- tables -------------------------------------------------------------------------------------


def test_the_fused_forward_is_found_in_the_table_by_its_name():
    wanted = {device.capability for device in tables.DEVICES.values()}
    shipped = table.load().only(lambda row: row.module == "forward_launches").rows
    found = tables.fusion_tables()["compiled"]
    assert bool(found) == any(row.target in wanted for row in shipped), "if it has been compiled"
    for name in found:
        _, tile, dim_head = map(int, name.split("/"))
        assert tile in tables.TILES and dim_head in tables.WIDTHS, name


def test_a_row_of_the_table_is_taken_as_it_is(monkeypatch):
    kept = "mutual, 8 stages, tile 256, head_dim 64, bfloat16"
    others = ["mutual, 15 stages", "mutual relay, 8 stages", "causal, 8 stages"]
    names = [kept, kept.replace("bf", "f"), f"{kept} tf32"]
    names += [kept.replace("mutual, 8 stages", other) for other in others]
    rows = [
        table.Row("any", name, target, 8, 2048, Resources(181 + i, 8, 16, 32768, 0, 3000, 64, 0))
        for i, name in enumerate(names)
        for target in (75, 90)
    ]
    monkeypatch.setattr(tables, "load", lambda: table.Table("3.7.1", tuple(rows)))
    assert tables.fusion_tables()["compiled"] == {
        "90/256/64": {"registers": 181, "spilled": 24, "shared": 32768, "warps": 8}
    }


def test_devices_are_the_three_that_the_chapter_names():
    """Their sheets are written down a second time in tests/unit/test_cost_floors.py."""
    assert list(tables.DEVICES) == ["A100", "H100", "H200"]
    assert all(DEVICES[name] is device for name, device in tables.DEVICES.items())


# ---- words --------------------------------------------------------------------------------------


def lines_of(engine, state, **traits):
    """What is said of the cost and the chip, and above the bars."""
    return engine.of(FusionPlan(**traits), WORDS, state=state)


def test_sixteen_stages_in_two_launches_cost_an_eighth(engine):
    lines, bars = lines_of(engine, {"n": 65536, "tile": 256})
    assert lines[0] == "1,024 channels in bfloat16: 8.0 times fewer bytes than a launch a stage."
    assert lines[1] == (
        "112\u00a0µs on an H200 is a bound computed from its datasheet, not a measured time."
    )
    assert lines[3] == "The library takes this tile here."
    assert bars == [
        "one launch a stage: 4.30\u00a0GB, 895\u00a0µs on paper",
        "2 launches: 539\u00a0MB, 112\u00a0µs on paper",
        "on chip: 64\u00a0KiB of 256\u00a0KiB of registers",
    ]
    lines, _ = lines_of(engine, {"n": 65536, "tile": 64, "device": "A100"})
    assert lines[1].startswith("396\u00a0µs on an A100 is a bound")
    lines, _ = lines_of(engine, {"n": 16384})
    assert lines[1].endswith("not a measured time; its cache of 50\u00a0MB may beat it.")
    lines, _ = lines_of(engine, {"n": 32768})
    assert lines[1].endswith("not a measured time.")


def test_another_tile_than_the_librarys_is_said(engine):
    lines, _ = lines_of(engine, {"n": 65536, "tile": 64, "device": "A100"})
    assert lines[3] == "The library would take a tile of 256."


def test_what_was_not_compiled_is_said(engine):
    compiled = {"90/32/16": {"registers": 70, "spilled": 0, "shared": 8192, "warps": 4}}
    known = {**tables.fusion_tables(), "compiled": compiled}
    state = {"dim_head": 16}
    lines, _ = lines_of(engine, state, tables=known)
    assert lines[2] == (
        "Compiled for sm_90: 70 of 255 registers, 8 of 227\u00a0KiB shared, nothing spilled."
    )
    lines, _ = lines_of(engine, {**state, "device": "A100"}, tables=known)
    assert lines[2] == "No kernel of this tile and head is compiled for sm_80."
    compiled["90/32/16"]["spilled"] = 1024
    lines, _ = lines_of(engine, state, tables=known)
    assert lines[2].endswith("1,024 bytes spilled.")


def test_quantities_keep_three_digits(engine):
    found = engine.run(QUANTITIES, [1.5e6, 9.996e6, 99.96e6, 999.7e6, 4.3e9, 12e9, 1234])
    assert [text for text, _ in found] == [
        "1.50\u00a0MB",
        "10.0\u00a0MB",
        "100\u00a0MB",
        "1.00\u00a0GB",
        "4.30\u00a0GB",
        "12.0\u00a0GB",
        "1.23\u00a0kB",
    ]
    assert found[-1][1] == "1,234\u00a0µs"
