"""What `sparsespectrum` draws, against NumPy's spectra and the drawing's own scales."""

import numpy as np
import pytest
from kit.figures import middle
from kit.layers import boxes, corners, path
from widgets.sparse_spectrum import oracle
from widgets.sparse_spectrum.page import BEYOND, DECADES, SIDE, TONES, at, panel, tones, view_of

SQUARES = [
    {},
    {"image": "shapes", "kept": 60},
    {"weights": "toeplitz", "kept": 103, "precision": "fp16"},
    {"weights": "random", "kept": 514},
]


@pytest.fixture
def shown(solo):
    """A figure in each state in turn, on one page: (figure, state)."""

    def each(states, width=900):
        _, figure = solo(oracle.WIDGET, width=width)
        start = figure.state()
        for change in states:
            figure.set(**{**start, **settled(change)})
            yield figure, figure.state()

    return each


def settled(change):
    kinds = [kind for kind in oracle.COUNTS if kind in change]
    return {**change, "kind": kinds[0]} if kinds else change


def shades(part):
    return np.clip(np.floor(part * TONES + 0.5), 0, TONES)


def off_by_rounding(found, wanted):
    """At most a few cells on the edge between two shades may be rounded the other way."""
    apart = np.abs(found - wanted)
    assert apart.max() <= 1 and (apart > 0).sum() <= 3, (apart > 0).sum()


@pytest.mark.parametrize("width", [360, 900])
def test_pictures_are_what_is_given_made_and_lacking(shown, width):
    for figure, state in shown(SQUARES, width):
        x = oracle.thing_of(state)
        low, span = x.min(), np.ptp(x)
        made = oracle.rebuilt(x, oracle.order_of(x)[0][: state["kept"]], state["precision"])
        off_by_rounding(tones(figure, "original", "original"), shades((x - low) / span))
        off_by_rounding(tones(figure, "rebuilt", "rebuilt"), shades((made - low) / span))
        lacking = shades(2 * np.abs(x - made) / span)
        off_by_rounding(tones(figure, "lacking", "lacking"), lacking)


@pytest.mark.parametrize("width", [360, 900])
def test_the_spectrum_shows_what_is_kept_and_mirrors_it(shown, width):
    for figure, state in shown(SQUARES, width):
        x = oracle.thing_of(state)
        order, sizes = oracle.order_of(x)
        relative = sizes[order] / sizes.max()
        shade = shades(1 + np.log10(np.maximum(relative, 1e-12)) / DECADES)
        wanted = {name: np.zeros((SIDE, SIDE)) for name in ("kept", "lost", "mirror")}
        rows, columns, _, times = oracle.layout(x.shape)[:, order]
        for i, place in enumerate(zip(rows, columns, strict=True)):
            kept = i < state["kept"]
            tone = max(shade[i], 2) if kept else shade[i]
            wanted["kept" if kept else "lost"][place] = tone
            if times[i] == 2:
                opposite = -place[0] % SIDE, -place[1] % SIDE
                wanted["mirror" if kept else "lost"][opposite] = tone
        for name, matrix in wanted.items():
            centred = np.roll(matrix, SIDE // 2 - 1, axis=(0, 1))
            off_by_rounding(tones(figure, "spectrum", name), centred)
        assert (tones(figure, "spectrum", "kept") > 0).sum() == state["kept"]


def test_strips_stand_as_high_as_their_numbers(shown):
    signals = [{"signal": "sunspots", "kept": 7}, {"signal": "square", "kept": 4}]
    for figure, state in shown(signals):
        x = oracle.thing_of(state)
        order, sizes = oracle.order_of(x)
        made = oracle.rebuilt(x, order[: state["kept"]], "fp32")
        _, _, _, tall = panel(figure, "original")
        up = -boxes(figure, "samples")[:, 3] / (tall / 2) * 1.15
        np.testing.assert_allclose(up, x, atol=0.01)
        off = -boxes(figure, "off")[:, 3] / (tall / 2) * 1.15
        np.testing.assert_allclose(off, x - made, atol=0.01)
        _, top, _, tall = panel(figure, "rebuilt")
        drawn = (top + tall / 2 - corners(figure, "made")[:, 1]) / (tall / 2) * 1.15
        np.testing.assert_allclose(drawn, np.clip(made, -1.15, 1.15), atol=0.01)
        kept = -boxes(figure, "kept-bars")[:, 3]
        wanted = sizes[order[: state["kept"]]] / sizes.max()
        np.testing.assert_allclose(kept / kept.max(), wanted, atol=0.01)
        assert len(boxes(figure, "lost-bars")) == 33 - state["kept"]


PLOTTED = [
    {"kept": 26},
    {"weights": "random", "kept": 103, "bet": 20},
    {"weights": "random", "kept": 103, "published": True},
    {"signal": "sunspots", "kept": 33, "published": True},
]


@pytest.mark.parametrize("width", [360, 900])
def test_handles_stand_on_their_curves(shown, width):
    beyond = []
    for figure, state in shown(PLOTTED, width):
        view, kept = view_of(figure), state["kept"]
        sizes = np.array(view["sizes"]) / view["sizes"][0]
        cut = at(figure, "sizes", kept / view["count"], sizes[kept - 1])
        np.testing.assert_allclose(middle(figure, "cut-at"), cut, atol=0.6)
        np.testing.assert_allclose(corners(figure, "under")[-1, 0], cut[0], atol=0.06)
        assert len(corners(figure, "under")) == 2 * kept + 2
        share = min(1, view["bytes"]["total"] / BEYOND / view["dense"])
        spot = at(figure, "plane", share, view["error"])
        np.testing.assert_allclose(middle(figure, "spot"), spot, atol=0.6)
        curve = corners(figure, "published" if state["published"] else "whole")
        beyond.append(figure.root.locator(".fl-spot.fl-beyond").count())
        assert beyond[-1] or np.hypot(*(curve - spot).T).min() < 0.2
        for box, one in zip(boxes(figure, "marks"), view["int8"], strict=True):
            wanted = at(figure, "plane", one["bytes"] / BEYOND / view["dense"], one["error"])
            np.testing.assert_allclose(box[:2] + box[2:] / 2, wanted, atol=0.1)
    assert beyond == [0, 0, 0, 1]


def test_bars_are_bytes_to_scale(shown):
    for figure, state in shown(PLOTTED):
        view, layers = view_of(figure), ("dense", "numbers", "indices", "header", "eight")
        dense, *parts, eight = (boxes(figure, layer)[0][2] for layer in layers)
        unit, counts = dense / view["dense"], view["bytes"]
        assert eight == pytest.approx(unit * view["int8"][-1]["bytes"], abs=0.1)
        wanted = [unit * counts[name] for name in ("numbers", "indices", "header")]
        if state["kind"] == "signal":
            assert sum(parts) == pytest.approx(1.5 * dense, abs=0.2) and sum(wanted) > sum(parts)
            said = figure.root.locator(".fl-bytes").all_text_contents()
            assert said == ["256 B", "→ 1,024 B", "68 B"]
        else:
            np.testing.assert_allclose(parts, wanted, atol=0.1)


def test_a_guess_is_a_line_where_there_is_noise(shown):
    states = [{"bet": 20}, {"weights": "trained", "bet": 20}, {"weights": "random", "bet": 70}]
    lines = []
    for figure, state in shown(states):
        lines.append(path(figure, "guess"))
        if lines[-1]:
            _, down = at(figure, "plane", 0, state["bet"] / 100)
            np.testing.assert_allclose(corners(figure, "guess")[:, 1], down, atol=0.06)
    assert [bool(line) for line in lines] == [False, False, True]


CARD = "root => root.querySelector('.fl-card').innerText"


def test_the_card_adds_up(shown):
    states = [*PLOTTED, {"kept": 5, "precision": "fp16"}, {"kept": 514, "precision": "fp16"}]
    for figure, _ in shown(states):
        sum_, _ = figure.root.evaluate(CARD).split(" B. ")
        terms, total = sum_.replace(",", "").replace("·", "*").split(" = ")
        numbers = [term.split(" B")[0] for term in terms.split(" + ")]
        assert sum(eval(number) for number in numbers) == int(total)
        assert int(total) == view_of(figure)["bytes"]["total"]
