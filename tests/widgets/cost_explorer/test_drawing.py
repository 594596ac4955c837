"""What `costexplorer` draws, against the library's costs and the recorded runs."""

import numpy as np
import pytest
from kit.layers import discs, lines, path
from widgets.cost_explorer import oracle
from widgets.cost_explorer.page import at, board, height, marks

STATES = [
    {"n": 4096, "dim": 256, "heads": 4},
    {"n": 16384, "dim": 1024, "heads": 16, "device": "H200", "dtype": "16-bit"},
    {"n": 64, "dim": 4096, "heads": 1, "device": "T4"},
    {"n": 131072, "dim": 2048, "heads": 4, "device": "A100", "projection": "model"},
    {"n": 16, "dim": 256, "heads": 4, "dtype": "16-bit"},
]


def test_every_curve_goes_through_its_bounds_and_shows_what_sets_them(shown):
    for figure, state in shown(360, 900):
        for name in oracle.NAMES:
            pieces = {by: lines(figure, f"{name}-{by}") for by in ("products", "memory")}
            assert sum(map(len, pieces.values())) == len(oracle.SIZES) - 1
            for left, right in zip(oracle.SIZES, oracle.SIZES[1:], strict=False):
                bound = oracle.bounds(state, left)[name]
                ends = [at(figure, left), height(figure, bound.seconds), at(figure, right)]
                rows = pieces[bound.by]
                (row,) = rows[np.isclose(rows[:, 0], ends[0], atol=0.15)]
                np.testing.assert_allclose(row[:3], ends, atol=0.2)


def test_points_stand_where_runs_were_recorded_and_nowhere_else(shown):
    for figure, state in shown(360, 900):
        wanted = oracle.points(state)
        for name in oracle.NAMES:
            own = sorted((n, one) for (who, n), one in wanted.items() if who == name)
            found = marks(figure, name)
            assert len(found) == len(own), (state, name)
            for (n, one), place in zip(own, sorted(map(tuple, found)), strict=True):
                seconds = one["seconds"]["median"]
                assert place == pytest.approx((at(figure, n), height(figure, seconds)), abs=0.3)
        if state["device"] != "AMD EPYC":
            assert wanted == {}, "and on a datasheet there is none"


def test_crossings_are_marked_where_a_bound_falls_below_dense_attentions(shown):
    for figure, state in shown():
        wanted = []
        for name in ("butterfly", "projected"):
            n = oracle.crossing(state, name)
            if n is not None and n > oracle.SIZES[0]:
                seconds = oracle.bounds(state, n)[name].seconds
                wanted.append((at(figure, n), height(figure, seconds), f"{n:,}"))
        found = discs(figure, "crossings")
        assert len(found) == len(wanted), state
        np.testing.assert_allclose(
            found, np.array([one[:2] for one in wanted]).reshape(-1, 2), atol=0.3
        )
        labels = figure.root.locator(".fl-drawing text.fl-crossing").all_text_contents()
        assert {one for one in labels if one} == {one[2] for one in wanted}


def test_the_cursor_stands_at_the_tokens_and_meets_every_curve(shown):
    for figure, state in shown(360, 900):
        x = at(figure, state["n"])
        assert lines(figure, "cursor")[0][[0, 2]] == pytest.approx([x, x], abs=0.2)
        places = [
            (x, height(figure, bound.seconds))
            for bound in oracle.bounds(state, state["n"]).values()
        ]
        np.testing.assert_allclose(discs(figure, "here"), places, atol=0.3)


def test_the_table_says_the_bounds_and_the_medians(shown):
    for figure, state in shown(360, 900):
        measured = oracle.points(state)
        bounds = oracle.bounds(state, state["n"])
        for name, cells in zip(oracle.NAMES, board(figure), strict=True):
            one = measured.get((name, state["n"]))
            time = oracle.time_text(one["seconds"]["median"]) if one else "not yet"
            assert cells[1:] == [oracle.time_text(bounds[name].seconds), bounds[name].by, time]


def test_where_a_cache_may_help_the_plot_is_shaded(shown):
    for figure, state in shown():
        cache = getattr(oracle.MACHINES[state["device"]], "cache", 0)
        token = state["dim"] * oracle.DTYPES[state["dtype"]]
        fits = [n for n in oracle.SIZES if n * token <= cache]
        if not fits or fits[-1] == oracle.SIZES[0]:
            assert path(figure, "cache") == ""
            continue
        left, _, wide = np.array(path(figure, "cache")[1:].replace("h", " ").split("v")[0].split())[
            :3
        ].astype(float)
        assert left + wide == pytest.approx(at(figure, fits[-1]), abs=0.2)


def test_curves_have_their_names_beside_them_where_there_is_room(hands):
    for _, _, figure in hands(oracle.WIDGET, (), (900, 360)):
        labels = figure.root.locator(".fl-drawing text[class^='fl-of-']")
        wide = figure.root.bounding_box()["width"] > 600
        assert labels.count() == (6 if wide else 0)
        if wide:
            boxes = sorted((box["y"], box["height"]) for box in map(box_of, labels.all()))
            gaps = np.diff([y for y, _ in boxes])
            assert (gaps >= 14).all(), "none over another"


def box_of(locator):
    return locator.bounding_box()
