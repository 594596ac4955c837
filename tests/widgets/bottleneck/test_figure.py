"""What `bottleneck` draws, plays and says, against Python."""

import functools

import numpy as np
import pytest
from kit.figures import PLAYING, hold_time, pass_time
from kit.layers import boxes, discs, path
from widgets.bottleneck import oracle
from widgets.bottleneck.page import nodes, places, ribbons

from fftia_lab.attention.matrices import attention_matrix, rank_one_blocks, stage_matrices

ENDS = [7, 1, 2, 3, 4, 5, 6, 0]
FURTHER = [7, 0, 1, 2, 3, 4, 5, 6]
BLOCKS = [
    {"n": n, "gates": gates, "node": [cut, place]}
    for n, gates in ((4, 1), (8, 0), (8, 3))
    for cut in range(n.bit_length())
    for place in (0, n - 2)
]
ORDERS = [ENDS, FURTHER, [0, 4, 1, 5, 2, 6, 3, 7], [3, 1, 2, 0], [1, 0, 3, 2]]


@pytest.fixture
def alone(solo):
    """Open the widget on a page of its own: alone(width=360, n=4) -> (tab, figure)."""
    return functools.partial(solo, oracle.WIDGET)


# ---- a place and its block ----------------------------------------------------------------------


def parts_of(state):
    """The stages before the cut multiplied, and those after it."""
    stages = stage_matrices(oracle.gates_of(state), oracle.schedule_of(state))
    before = after = np.eye(state["n"])
    for factor in stages[: state["node"][0]]:
        before = factor @ before
    for factor in stages[state["node"][0] :]:
        after = factor @ after
    return before, after


def spread(figure, layer):
    """Widths and heights of the boxes of a layer by the entry in whose middle they stand."""
    left, top, side, _ = boxes(figure, "field")[0]
    n = figure.state()["n"]
    sizes = np.zeros((2, n, n))
    for x, y, wide, tall in boxes(figure, layer):
        row, column = ((y + tall / 2 - top) * n / side, (x + wide / 2 - left) * n / side)
        assert abs(row % 1 - 0.5) < 0.02 and abs(column % 1 - 0.5) < 0.02
        sizes[:, int(row), int(column)] = wide * n / side, tall * n / side
    return sizes


def test_the_block_is_woven_from_a_column_and_a_row(alone):
    """Widths are those of B, heights those of A, and every area is an entry of the product."""
    _, figure = alone()
    for block in BLOCKS:
        figure.set(**block)
        state = figure.state()
        (cut, place), schedule = state["node"], oracle.schedule_of(state)
        rows, columns = rank_one_blocks(schedule, cut)[place]
        before, after = parts_of(state)
        inside = np.zeros((state["n"], state["n"]), dtype=bool)
        inside[np.ix_(rows, columns)] = True
        wide, tall = spread(figure, "crossings")
        np.testing.assert_allclose(wide, inside * before[place], atol=0.005, err_msg=str(block))
        np.testing.assert_allclose(tall, inside * after[:, [place]], atol=0.005)
        product = attention_matrix(oracle.gates_of(state), schedule)
        np.testing.assert_allclose(wide * tall, inside * product, atol=0.006)
        squares = np.prod(spread(figure, "squares"), axis=0)
        np.testing.assert_allclose(squares, ~inside * product, atol=0.008)
        check_bands(figure, before[place], after[:, place])


def check_bands(figure, b, a):
    """A bar and a band over each column as wide as B's number, beside each row as high as A's."""
    left, top, side, _ = boxes(figure, "field")[0]
    step = side / len(a)
    for layer in ("bars", "bands"):
        found = boxes(figure, layer)
        above = found[found[:, 1] < top] if layer == "bars" else found[found[:, 3] == side]
        beside = found[found[:, 0] < left] if layer == "bars" else found[found[:, 2] == side]
        assert len(above) + len(beside) == len(found) == np.count_nonzero(a) + np.count_nonzero(b)
        assert sorted(above[:, 2]) == pytest.approx(sorted(step * b[b > 0]), abs=0.1), layer
        assert sorted(beside[:, 3]) == pytest.approx(sorted(step * a[a > 0]), abs=0.1), layer


def test_the_hourglass_holds_whom_the_place_has_heard_and_who_will_hear_it(alone):
    _, figure = alone()
    for block in BLOCKS:
        figure.set(**block)
        (cut, place), n = block["node"], block["n"]
        stages = stage_matrices(oracle.gates_of(block), oracle.ButterflySchedule(n))
        wanted, needed, told = {(cut, place)}, np.eye(n)[place], np.eye(n)[:, place]
        for stage in reversed(range(cut)):
            needed = needed @ stages[stage]
            wanted |= {(stage, int(i)) for i in np.flatnonzero(needed)}
        for stage in range(cut, len(stages)):
            told = stages[stage] @ told
            wanted |= {(stage + 1, int(i)) for i in np.flatnonzero(told)}
        assert set(places(figure, "lit")) == wanted, block
        assert places(figure, "ring") == [(cut, place)]


def test_ribbons_are_as_wide_as_what_flows_through_them(alone):
    """Into the place all of one mixture, out of it what each later one takes."""
    _, figure = alone()
    for block in BLOCKS:
        figure.set(**block)
        cut, place = block["node"]
        schedule, gates = oracle.schedule_of(figure.state()), oracle.gates_of(block)
        stages, own = stage_matrices(gates, schedule), np.arange(block["n"])
        wanted, share = [], np.eye(block["n"])[place]
        for stage in reversed(range(cut)):
            wanted += [(stage, j, i, share[i] * stages[stage][i, j]) for i in own for j in own]
            share = share @ stages[stage]
        share = np.eye(block["n"])[place]
        for stage in range(cut, schedule.depth):
            wanted += [(stage, j, i, share[j] * stages[stage][i, j]) for i in own for j in own]
            share = stages[stage] @ share
        widths = {tuple(map(int, key)): max(1.6, 15 * flow) for *key, flow in wanted if flow}
        grid, drawn = nodes(figure), {}
        for x1, y1, x2, y2, wide in ribbons(figure, "flow"):
            (stage, start), (_, end) = (
                np.argwhere(np.abs(grid - point).max(axis=-1) < 1)[0]
                for point in ((x1, y1), (x2, y2))
            )
            drawn[int(stage), int(start), int(end)] = wide
        assert drawn == pytest.approx(widths, abs=0.16), block  # corners are rounded


def test_bands_come_as_the_news_does(alone):
    """Down until all of it is in the place, across until it is where it goes."""
    _, figure = alone(node=[2, 5])
    left, top, side, _ = boxes(figure, "field")[0]
    for stage, down, across in ((0, 0, 0), (1, 0.5, 0), (2, 1, 0), (2.5, 1, 0.5), (3, 1, 1)):
        figure.set(stage=stage)
        bands = boxes(figure, "bands")
        vertical, horizontal = bands[bands[:, 1] == top], bands[bands[:, 0] == left]
        assert vertical[:, 3] == pytest.approx(down * side, abs=0.1), stage
        assert horizontal[:, 2] == pytest.approx(across * side, abs=0.1), stage
        assert len(horizontal) == 2 * (across > 0)
    figure.set(stage=1)
    assert len(boxes(figure, "crossings")) == 0 and len(boxes(figure, "squares")) == 64


def test_the_card_gives_the_two_factors_of_an_entry(alone):
    _, figure = alone(node=[2, 5], entry=[1, 6])
    before, after = parts_of(figure.state())
    card = figure.root.locator(".fl-card")
    a, b = after[1, 5], before[5, 6]
    assert f"A₁₅ B₅₆ = {a:.2f} · {b:.2f} = {a * b:.2f}" in card.inner_text()
    assert f"Row 1 takes {a:.2f} of place 5, which took {b:.2f} of token 6" in card.inner_text()
    figure.set(node=[2, 4])
    assert "of place 5, another block, which" in card.inner_text()


# ---- an order and its ways ----------------------------------------------------------------------


def stand(figure):
    """Where the disc of each value stands, as (column, row); two in one place stand apart."""
    grid, found = nodes(figure), []
    for x, y in discs(figure, "values"):
        apart = np.abs(grid - (x, y))
        found.append(tuple(np.argwhere((apart[..., 0] < 11) & (apart[..., 1] < 1))[0].tolist()))
    return found


def test_values_stop_where_two_want_one_place(alone):
    _, figure = alone()
    for order in ORDERS:
        for stage in range(len(order).bit_length()):
            figure.set(mode="pass", order=order, stage=stage)
            clashes = oracle.clashes_of(figure.state())
            met = {(cut, place) for cut, place, _ in clashes if cut <= stage}
            assert set(places(figure, "jam")) == met, (order, stage)
            for value, (column, row) in enumerate(stand(figure)):
                own = [cut for cut, _, values in clashes if value in values]
                assert column == min([stage, *own]), (order, stage, value)
                if column == stage == len(order).bit_length() - 1:
                    assert order[row] == value, "it has arrived"
            numbers = figure.root.locator(".fl-discs text").all_text_contents()
            assert sorted(numbers) == [str(value) for value in range(len(order))]


def test_the_order_is_a_matrix_and_shows_which_1s_fail(alone):
    _, figure = alone()
    for order in ORDERS:
        figure.set(mode="pass", order=order, node=[1, 1])
        n, clashes = len(order), oracle.clashes_of(figure.state())
        failing = {value for _, _, values in clashes for value in values}
        for layer, values in (("failing", failing), ("arriving", set(range(n)) - failing)):
            rows, columns = np.nonzero(spread(figure, layer)[0])
            assert set(columns.tolist()) == values
            assert [order[row] for row in rows] == columns.tolist()
        rows, columns = rank_one_blocks(oracle.ButterflySchedule(n), 1)[1]
        assert np.argwhere(spread(figure, "block")[0]).tolist() == [
            [row, column] for row in rows for column in columns
        ]


def test_a_place_says_who_wants_it(alone):
    _, figure = alone(mode="pass", order=ENDS, node=[1, 1])
    card = figure.root.locator(".fl-card")
    assert "Place 1 after 1 stage is wanted by 0 (bound for row 7) and 1" in card.inner_text()
    assert "rows 1, 3, 5 and 7 by columns 0 and 1, would hold two 1s" in card.inner_text()
    figure.set(node=[1, 0])
    assert card.inner_text().startswith("Nobody wants place 0 after 1 stage.")
    figure.set(node=[2, 5])
    assert card.inner_text().startswith("Place 5 after 2 stages carries 5 (bound for row 5).")
    figure.set(stage=1)
    assert card.inner_text() == "Nothing has come as far as place 5 after 2 stages."


def test_stages_are_added_and_every_value_arrives(alone):
    tab, figure = alone(motion=True, mode="pass", order=ENDS, stage=3)
    assert "2 of 8 arrive: 3 stages make 4,096 of 40,320 orders, and not this one" in figure.says()
    hold_time(tab.page)
    figure.root.get_by_role("button", name="Add 2 stages").click()
    tab.page.clock.run_for(100)
    assert figure.state()["mode"] == "benes" and figure.state()["stage"] < 1, "it plays"
    pass_time(tab.page, f"!({PLAYING})")
    assert figure.state()["stage"] == 5
    assert "All 8 values arrive" in figure.says() and "all 40,320 orders" in figure.says()
    assert [ENDS[row] for _, row in stand(figure)] == list(range(8))
    figure.root.get_by_role("button", name="One pass of 3 stages").click()
    assert figure.state()["mode"] == "pass"


def test_a_jam_throbs_and_rests_and_with_less_motion_only_stands_out(alone):
    throbbing = """root => root.querySelector('.fl-jam').getAnimations()
        .map(one => one.effect.getComputedTiming().activeDuration)"""
    _, figure = alone(motion=True, mode="pass", order=FURTHER)
    assert figure.root.evaluate(throbbing) == []
    figure.set(order=ENDS)
    (lasts,) = figure.root.evaluate(throbbing)
    assert 1000 < lasts <= 5000, "what moves by itself stops within five seconds"
    figure.set(order=FURTHER)
    _, still = alone(mode="pass", order=FURTHER)
    still.set(order=ENDS)
    assert still.root.evaluate(throbbing) == [] and path(still, "jam") != ""
    box = boxes(still, "jam")[0]
    assert box[2] > 2 * 2 * 9.5, "room for two values"


def test_playing_brings_all_values_one_further(alone):
    tab, figure = alone(motion=True, mode="pass", order=FURTHER, stage=0, autoplay=False)
    hold_time(tab.page)
    figure.root.locator(".fl-play").click()
    seen = []
    for _ in range(4):
        seen.append(figure.root.evaluate("root => root.figure.view().done"))
        tab.page.clock.run_for(1130)
    assert seen == [0, 1, 2, 3]
    assert [FURTHER[row] for _, row in stand(figure)] == list(range(8))
