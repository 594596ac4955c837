"""What `filterlab` draws, read back off the drawing and compared with NumPy."""

import functools

import numpy as np
import pytest
from kit.figures import PLAYING, READY, FigureOnPage, pass_time
from kit.layers import corners, discs, lines, path
from widgets.filter_lab import oracle

WAYS = ("later", "earlier", "round")
LEVELS = np.array([0.01, 0.05, 0.15, 0.5])


@pytest.fixture
def alone(solo):
    """Open the widget on a page of its own: alone(width=360, n=16) -> (tab, figure)."""
    return functools.partial(solo, oracle.WIDGET)


STATES = [
    {"n": 16, "edge": "circular", "at": 14},
    {"n": 32, "edge": "padded", "mode": "sequence", "signal": "sunspots", "at": 3, "delay": 2},
    {"n": 16, "edge": "causal", "signal": "square", "gains": [0, 0, 0.5, 1, 1.5, 1, 1, 1, 1]},
    {"n": 32, "edge": "circular", "mode": "sequence", "at": 29},
]


def proportional(heights, values):
    """Assert that heights are values in one unit, and return it."""
    heights, values = np.asarray(heights), np.asarray(values)
    unit = heights @ values / (values @ values)
    np.testing.assert_allclose(heights, unit * values, atol=0.11)
    return unit


@pytest.mark.parametrize("width", [360, 900])
def test_output_kernel_and_response_have_the_heights_of_their_numbers(alone, width):
    _, figure = alone(width=width)
    for state in STATES:
        figure.set(**state)
        now = figure.state()
        n, shown = now["n"], oracle.show(now)
        tops = discs(figure, "y-tips")
        zero = lines(figure, "axes")[-1, 1]
        assert len(tops) == n and (np.diff(tops[:, 0]) > 0).all()
        assert proportional(zero - tops[:, 1], shown["y"]) > 0, state
        past = discs(figure, "past-tips")
        middle = lines(figure, "axes")[1, 1]
        assert len(past) == n // 2 + 1, "lags 0 to n/2"
        proportional(middle - past[:, 1], shown["kernel"][n - 1 : n + n // 2])
        knobs, base = discs(figure, "knobs"), lines(figure, "marks")[0, 1]
        proportional(base - knobs[:, 1], np.array(now["gains"]))


def test_a_weight_far_above_the_others_is_drawn_broken(alone):
    _, figure = alone(mode="sequence", n=128)
    kernel = oracle.kernel_of(figure.state(), 128)[127 : 128 + 64]
    tips, middle = discs(figure, "past-tips")[:, 1], lines(figure, "axes")[1, 1]
    assert path(figure, "broken") != ""
    unit = proportional((middle - tips)[1:], kernel[1:])
    assert middle - tips[0] < 0.7 * unit * kernel[0], "the first does not fit"
    assert path(figure, "broken-output") != "", "nor does it where it comes out"
    figure.set(mode="sample")
    assert path(figure, "broken") == path(figure, "broken-output") == ""
    figure.set(gains=[1] * 9)
    assert path(figure, "broken") == "", "beside nothing there is no scale"


def test_what_comes_round_the_seam_is_drawn_in_the_colour_of_what_is_wrong(alone):
    _, figure = alone()
    for edge in ("circular", "padded", "causal"):
        figure.set(edge=edge, at=61)
        shown = oracle.show(figure.state())
        rounds, stroke = lines(figure, "rounds"), figure.root.locator(".fl-drawing .fl-rounds")
        assert (len(rounds) > 0) == (edge == "circular")
        assert (path(figure, "round-tips") != "") == (edge == "circular")
        words = figure.root.locator(".fl-label-round").text_content()
        assert words == ("red: round the seam" if edge == "circular" else "")
        colour = stroke.evaluate("path => getComputedStyle(path).stroke")
        assert colour == figure.colour("wrong")
        if edge == "circular":
            first = abs(shown["y"] - shown["own"]).argmax()
            place = discs(figure, "y-tips")[first, 0]
            longest = rounds[np.abs(rounds[:, 3] - rounds[:, 1]).argmax()]
            assert longest[0] == pytest.approx(place, abs=0.11)


def test_a_causal_filter_shows_what_was_cut(alone):
    _, figure = alone(n=32)
    for edge in ("padded", "causal"):
        figure.set(edge=edge)
        shown, cut = oracle.show(figure.state()), edge == "causal"
        assert (path(figure, "future-tips") == "") == cut
        assert (path(figure, "cut-stems") != "") == cut
        dashed = corners(figure, "cut")
        assert len(dashed) == (33 if cut else 0)
        if cut:
            base = lines(figure, "marks")[0, 1]
            proportional(base - dashed[:, 1], shown["cut"][:, 1])
    assert f"by up to {shown['miss']:.2f} (dashed)" in figure.says()


@pytest.mark.parametrize("edge", ["circular", "padded", "causal"])
def test_each_stripe_of_the_matrix_has_the_shade_and_the_way_of_its_weight(alone, edge):
    _, figure = alone(n=16, edge=edge, gains=[1, 1, 0.5, 0.2, 0, 0, 0.6, 0, 0], delay=1)
    state = figure.state()
    weights, n = oracle.weights_of(state, 16), 16
    parts, ways = abs(weights) / abs(weights).max(), oracle.ways_of(state)
    for way in WAYS:
        for level, least in enumerate(LEVELS):
            top = LEVELS[level + 1] if level < 3 else np.inf
            lags = [
                lag
                for lag in range(1 - n, n)
                if least < parts[lag + n - 1] <= top
                and {"itself": "later"}.get(mine := way_at(ways, lag), mine) == way
            ]
            assert path(figure, f"{way}-{level}").count("M") == len(lags), (way, level)


def way_at(ways, lag):
    return str(np.diagonal(ways, -lag)[0])


def test_the_stripes_of_all_lags_tile_the_matrix(alone):
    """Painted over one another, rows hold as many cells as the oracle has weights."""
    _, figure = alone(n=16, edge="circular", at=0)
    figure.set(gains=[0, 1.5, 0, 1.5, 0.2, 1.5, 0, 0.7, 1.1])
    covered = figure.root.evaluate(
        """(root, names) => {
             const box = root.querySelector(".fl-column").getBBox(), n = 16, side = box.height;
             const paths = names.map(name => root.querySelector(`.fl-drawing .fl-${name}`));
             const drawing = root.querySelector(".fl-drawing");
             return Array.from({length: n}, (_, i) => Array.from({length: n}, (_, j) => {
               const point = drawing.createSVGPoint();
               point.x = box.x + (j + 0.5) * side / n;
               point.y = box.y + (i + 0.5) * side / n;
               return paths.filter(path => path.isPointInFill(point)).length;
             }));
           }""",
        [f"{way}-{level}" for way in WAYS for level in range(4)],
    )
    matrix = abs(oracle.matrix_of(figure.state()))
    np.testing.assert_array_equal(covered, (matrix > 0.01 * matrix.max()).astype(int))


def test_beyond_the_last_knot_a_sequence_passes(alone):
    _, figure = alone(mode="sequence", n=32)
    assert lines(figure, "passes")[0, 1] == pytest.approx(lines(figure, "one")[0, 1])
    figure.set(n=16)
    assert path(figure, "passes") == "", "all bins have knots"
    figure.set(edge="padded")
    assert path(figure, "passes") != "", "padded, there are more"


def test_it_plays_once_from_the_first_input_to_the_last(bare):
    tab = bare(oracle.WIDGET(autoplay=True), held=True, reduced_motion="no-preference")
    figure = FigureOnPage(tab.page, "filterlab")
    pass_time(tab.page, READY)
    pass_time(tab.page, PLAYING)
    tab.page.clock.run_for(1500)
    state = figure.state()
    assert 5 < state["at"] < 40
    tab.page.clock.run_for(6000)
    assert figure.state()["at"] == 63 and figure.root.locator(".fl-play").inner_text() == "Play"
    assert tab.trouble == []
