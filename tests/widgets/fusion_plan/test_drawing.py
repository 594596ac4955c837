"""What `fusionplan` draws, against the library's plan and its cost."""

import numpy as np
import pytest
from kit.figures import PLAYING, READY, hold_time, pass_time
from kit.layers import boxes, discs, lines
from widgets.fusion_plan import oracle
from widgets.fusion_plan.page import at, bit, cell

STATES = [
    {},
    {"n": 1024, "tile": 128, "stage": 8.5, "place": 700},
    {"n": 65536, "tile": 256, "stage": 3, "place": 4660},
    {"n": 1 << 20, "tile": 32, "stage": 12.25, "place": 99_999},
    {"n": 256, "tile": 256, "stage": 0, "place": 7},
]


def test_every_launch_is_a_tray_over_the_bits_that_it_holds(shown):
    for figure, state in shown(360, 900):
        plan, trays = oracle.plan_of(state), boxes(figure, "trays")
        assert len(trays) == len(plan) and len(boxes(figure, "banks")) == len(plan) + 1
        for launch, (left, _, wide, _) in zip(plan, trays, strict=True):
            from_bit = launch.step.bit_length() - 1
            bits = launch.tile.bit_length() - 1
            assert left == pytest.approx(bit(figure, from_bit), abs=0.1)
            assert left + wide == pytest.approx(bit(figure, from_bit + bits), abs=0.2)


def test_every_stage_is_a_disc_in_the_tray_of_its_launch(shown):
    for figure, state in shown(360, 900):
        plan, trays = oracle.plan_of(state), boxes(figure, "trays")
        past, ahead = discs(figure, "past"), discs(figure, "ahead")
        assert len(past) == int(state["stage"]) and len(past) + len(ahead) == len(
            oracle.ButterflySchedule(state["n"]).strides
        )
        places = iter(np.concatenate([past, ahead]))
        for launch, (_, top, _, tall) in zip(plan, trays, strict=True):
            for stage in launch.stages:
                x, y = next(places)
                middle = (bit(figure, stage) + bit(figure, stage + 1)) / 2
                assert (x, y) == pytest.approx((middle, top + tall / 2), abs=0.2)


def test_ways_to_memory_are_gone_two_a_launch(shown):
    for figure, state in shown():
        plan = oracle.plan_of(state)
        begun = sum(launch.first < state["stage"] for launch in plan)
        ended = sum(launch.stages.stop <= state["stage"] for launch in plan)
        arrows = {layer: len(lines(figure, layer)) // 3 for layer in ("gone", "ways")}
        assert arrows == {"gone": begun + ended, "ways": 2 * len(plan) - begun - ended}


def test_the_map_shows_the_places_of_the_program_and_no_others(shown):
    for figure, state in shown(360, 900):
        _, launch = oracle.launch_of(state)
        left, _, wide, tall = cell(figure)
        held = boxes(figure, "held")
        places = oracle.held_with(launch, state["place"])
        if launch.step == 1:
            (box,) = held
            assert box[0] == pytest.approx(left, abs=0.1)
            assert box[2] == pytest.approx(wide * state["tile"], abs=0.2)
            middles = np.array([[box[0] + wide / 2, box[1] + box[3] / 2]])
            places = places[:1]
        else:
            middles = held[:, :2] + held[:, 2:] / 2
        wanted = [at(figure, place) for place in places]
        np.testing.assert_allclose(middles, wanted, atol=0.15)
        assert (held[:, 3] >= min(tall, 1.5)).all(), "thin ones can be seen"


def test_a_program_holds_a_row_then_a_column_of_the_square(solo):
    _, figure = solo(oracle.WIDGET, stage=5)
    assert len(boxes(figure, "held")) == 1
    figure.set(stage=6)
    left, _, wide, _ = cell(figure)
    held = boxes(figure, "held")
    assert len(held) == 32
    np.testing.assert_allclose(held[:, 0], left + 5 * wide, atol=0.1)
    assert "32 apart, 5, 37 … 997" in figure.says()


def test_the_partner_stands_at_its_place_and_the_link_goes_there(shown):
    for figure, state in shown():
        partner = state["place"] ^ (1 << oracle.stage_of(state))
        np.testing.assert_allclose(discs(figure, "partner")[0], at(figure, partner), atol=0.15)
        start, end = lines(figure, "link")[0].reshape(2, 2)
        np.testing.assert_allclose(start, at(figure, state["place"]), atol=0.15)
        part = state["stage"] % 1 or 1
        way = at(figure, partner) - at(figure, state["place"])
        np.testing.assert_allclose(end - start, part * way, atol=0.2)


def test_the_bars_are_the_bytes_to_one_scale(shown):
    for figure, state in shown(360, 900):
        trip, fused, staged = oracle.moved(state)
        pieces = np.concatenate([boxes(figure, "paid"), boxes(figure, "due")])
        weights, room = boxes(figure, "weights"), boxes(figure, "room")[0]
        scale = room[2] / staged
        plan = oracle.plan_of(state)
        counts = plan[-1].stages.stop, len(plan)
        for row, (total, count) in enumerate(zip((staged, fused), counts, strict=True)):
            mine = pieces[np.isclose(pieces[:, 1], weights[row, 1])]
            assert len(mine) == count, "a piece a launch"
            np.testing.assert_allclose(np.diff(mine[:, 0]), scale * trip, atol=0.15)
            end = weights[row, 0] + weights[row, 2]
            assert end - room[0] == pytest.approx(scale * total, abs=0.2)
        chip = boxes(figure, "chip")[0]
        share = 4 * state["tile"] * state["dim_head"] / (65536 * 4)
        assert chip[2] / room[2] == pytest.approx(share, abs=0.001)


def test_as_much_of_each_bar_is_paid_as_has_run(shown):
    for figure, state in shown():
        paid, weights = boxes(figure, "paid"), boxes(figure, "weights")
        counts = [int(np.isclose(paid[:, 1], top).sum()) for top in weights[:, 1]]
        ended = sum(launch.stages.stop <= state["stage"] for launch in oracle.plan_of(state))
        assert counts == [int(state["stage"]), ended]


def test_it_plays_once_from_the_first_stage_to_the_last(solo):
    tab, figure = solo(oracle.WIDGET, motion=True)
    hold_time(tab.page)
    figure.root.locator(".fl-play").click()
    pass_time(tab.page, PLAYING)
    tab.page.clock.run_for(2300)
    halfway = figure.state()["stage"]
    assert 4 < halfway < 6
    figure.root.locator(".fl-place").press("ArrowRight")
    assert figure.state()["stage"] == pytest.approx(halfway, abs=0.1), "a hand stops it"
    figure.root.locator(".fl-play").click()
    pass_time(tab.page, f"!({PLAYING})")
    assert figure.state()["stage"] == 10
    assert tab.page.evaluate(READY)
