"""The plan of launches against the schedule itself: nothing missing, nothing outside a tile."""

import itertools

import numpy as np
import pytest
from unit.attention_cases import KINDS, mask_of, schedule_of

from fftia_lab import BenesSchedule, ButterflySchedule, PrefixSchedule, ShiftSchedule
from fftia_lab.kernels.plan import Launch, launches, tiles, unfused, warps, width

XOR = ["butterfly", "decreasing", "benes"]
TILES = [32, 64, 128, 256]


def places_of(launch, program):
    """The places of a program as a kernel computes them."""
    first = program // launch.step * launch.span + program % launch.step
    return first + launch.step * np.arange(launch.tile)


@pytest.mark.parametrize("tile", TILES)
@pytest.mark.parametrize("size", [1, 2, 64, 512, 4096])
@pytest.mark.parametrize("kind", XOR)
def test_every_stage_runs_once_in_order(kind, size, tile):
    schedule = schedule_of(kind, size)
    plan = launches(schedule, size, 64, tile)
    assert [stage for launch in plan for stage in launch.stages] == [*range(schedule.depth)]
    assert sum((launch.strides for launch in plan), ()) == schedule.strides
    assert not unfused(schedule, size, plan)


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("kind", [*XOR, *(f"{kind} relay" for kind in XOR)])
def test_partners_lie_in_one_tile(kind, causal):
    for size, tile in itertools.product((8, 128, 1024), TILES):
        schedule = schedule_of(kind, size, causal)
        for launch in launches(schedule, size, 64, tile):
            covered = [places_of(launch, number) for number in range(launch.programs(size))]
            every = np.concatenate(covered)
            assert len(np.unique(every)) == len(every), "no place is in two tiles"
            assert set(range(size)) <= set(every.tolist()), "every place is in one"
            for stage, distance in zip(launch.stages, launch.distances, strict=True):
                assert launch.step * distance == schedule.strides[stage]
                partners = schedule.partners(stage)
                for places in covered:
                    inside = places[places < size]
                    assert np.isin(partners[inside], places).all()
                    row = np.arange(tile)[places < size]
                    met = places[row ^ distance]
                    moved = partners[inside] != inside
                    assert (partners[inside] == met)[moved].all(), "row ^ distance is the partner"


@pytest.mark.parametrize("tile", TILES)
@pytest.mark.parametrize("size", [64, 1024, 1 << 16])
@pytest.mark.parametrize("kind", XOR)
def test_no_plan_has_fewer_launches(kind, size, tile):
    strides = schedule_of(kind, size).strides
    fewest = [0]  # for the first stages, by all ways to cut off the last launch
    for end in range(1, len(strides) + 1):
        runs = (strides[start:end] for start in range(end))
        fits = [max(run) < tile * min(run) for run in runs]
        fewest.append(min(fewest[start] + 1 for start in range(end) if fits[start]))
    assert len(launches(schedule_of(kind, size), size, 64, tile)) == fewest[-1]


@pytest.mark.parametrize("digits", [1, 7, 8, 9, 14, 16, 20])
def test_a_butterfly_takes_as_many_launches_as_its_digits_fill_tiles(digits):
    for tile in TILES:
        plan = launches(ButterflySchedule(1 << digits), 1 << digits, 64, tile)
        assert len(plan) == -(-digits // (tile.bit_length() - 1))


def test_benes_goes_up_and_down_in_the_middle_launch():
    schedule = BenesSchedule(1 << 14)
    first, middle, last = launches(schedule, 1 << 14, 64, 128)
    assert first.strides == tuple(1 << bit for bit in range(7)) and first.step == 1
    assert middle.strides[0] == 128 and max(middle.strides) == 8192 == middle.strides[6]
    assert last.strides[-1] == 1 and last.step == 1


@pytest.mark.parametrize(
    ("size", "dim_head", "tile", "count"),
    [
        (64, 64, 64, 1),
        (128, 64, 128, 1),
        (256, 64, 256, 1),  # one launch where 128 takes two
        (512, 64, 128, 2),
        (1 << 14, 64, 128, 2),
        (1 << 16, 64, 256, 2),
        (1 << 17, 64, 128, 3),
        (1 << 20, 64, 128, 3),
        (1 << 12, 128, 64, 2),
        (1 << 14, 96, 64, 3),
        (4, 16, 32, 1),
    ],
)
def test_the_tile_that_is_chosen(size, dim_head, tile, count):
    plan = launches(ButterflySchedule(size), size, dim_head)
    assert [launch.tile for launch in plan] == [tile] * count


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("kind", [*XOR, *(f"{kind} relay" for kind in XOR), "prefix relay"])
@pytest.mark.parametrize("mask", ["none", "scattered"])
def test_nothing_is_held_or_heard_beyond_the_places_reached(kind, causal, mask):
    for n in (1, 5, 37, 100, 130):
        schedule = schedule_of(kind, n, causal)
        real = np.zeros((3, schedule.size), dtype=bool)
        real[:, :n] = True if mask == "none" else mask_of(mask, 3, n)
        meetings, reached = [*schedule.meetings(real)], n
        for launch in launches(schedule, n, 64, 32):
            _, holds = meetings[launch.first]
            if schedule.causal or schedule.padding == "keep":
                heard = [meetings[stage][0][:, :n] for stage in launch.stages]
                assert np.max(heard) < n == reached, "no token hears a place beyond"
            else:
                assert not holds[:, reached:].any(), "no place beyond holds anything"
            reached = launch.reached(schedule, reached)
        assert n <= reached <= schedule.size


@pytest.mark.parametrize("kind", [*KINDS, "prefix", *(f"{kind} relay" for kind in KINDS)])
@pytest.mark.parametrize("causal", [False, True])
def test_stages_in_which_nobody_meets_are_left_out(kind, causal):
    for n in (0, 1, 2, 5, 33, 64):
        bigger = max(4 * n, 1) if "shift" in kind or "prefix" in kind else 4 * n
        schedule = schedule_of(kind, bigger, causal)
        plan = launches(schedule, n, 16, 32)
        run = [stage for launch in plan for stage in launch.stages]
        run += [*unfused(schedule, n, plan)]
        wanted = _meeting_among(schedule, n)
        assert run == ([*range(wanted[0], wanted[-1] + 1)] if wanted else [])


def _meeting_among(schedule, n):
    """The numbers of stages in which a place that counts hears another that counts."""
    places = schedule.places(n)
    found = []
    for stage in range(schedule.depth):
        here = np.arange(places)
        partner = schedule.partners(stage)[:places]
        if schedule.kind == "shift":  # its circle closes after the last token
            found += [stage] * (schedule.strides[stage] < n)
        elif ((partner != here) & (partner < places)).any():
            found.append(stage)
    return found


def test_a_prefix_wiring_is_fused_below_the_tile():
    for n in (1, 2, 31, 32, 33, 100):
        plan = launches(PrefixSchedule(n), n, 16, 32)
        assert len(plan) == (n > 1)
        assert all(launch.step == 1 and max(launch.strides) < 32 for launch in plan)
        assert [*unfused(PrefixSchedule(n), n, plan)] == [*range(min(5, _log2(n)), _log2(n))]


def _log2(n):
    return (n - 1).bit_length()


def test_what_is_not_fused():
    for schedule in (ShiftSchedule(100), ButterflySchedule(64, radix=4)):
        assert launches(schedule, 64, 16) == []
        assert len(unfused(schedule, 64, [])) > 0


def test_heads_between_powers_of_two_are_padded():
    assert [width(d) for d in (1, 16, 17, 64, 80, 128)] == [16, 16, 32, 64, 128, 128]
    assert warps(128, 64) == 4 and warps(256, 64) == 8 and warps(64, 128) == 8


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ((8, 9, 16), ValueError, "schedule of 8 places cannot hold n=9"),
        ((8, 8, 129), ValueError, "heads of 1 to 128 channels on chip; got 129"),
        ((8, 8, 0), ValueError, "dim_head must be at least 1"),
        ((8, 8, 16, 16), ValueError, "power of two from 32 to 256; got 16"),
        ((8, 8, 16, 48), ValueError, "power of two from 32 to 256; got 48"),
        ((8, 8, 16, 512), ValueError, "power of two from 32 to 256; got 512"),
        ((8, 8, 16, 64.0), TypeError, "tile must be an integer"),
        ((8, -1, 16), ValueError, "n must be at least 0"),
    ],
)
def test_what_no_plan_can_be_made_for(arguments, error, said):
    size, *rest = arguments
    with pytest.raises(error, match=said):
        launches(ButterflySchedule(size), *rest)


def test_tiles_that_fit_registers():
    short = {"tight": True}
    assert tiles(64) == tiles(16) == tiles(32, **short) == (128, 256)
    assert tiles(64, **short) == tiles(80) == tiles(64, 4) == tiles(32, 4) == (64,)
    assert tiles(128, **short) == tiles(128, 4) == (32,)
    plan = launches(ButterflySchedule(1024), 1024, 64, element=4)
    assert [launch.tile for launch in plan] == [64, 64]
    exact = max(tile for d in (16, 32, 64, 128) for tile in tiles(d, 4))
    assert exact // 2 < 64, "where tensor cores of Blackwell would take over"


def test_a_launch_says_where_its_rows_lie():
    launch = Launch(first=7, strides=(128, 256), tile=128, step=4)
    assert places_of(launch, 5).tolist() == [*range(513, 1024, 4)]
