"""What `squaredpoints` draws and says, against slices and NumPy's polynomials."""

import re

import numpy as np
import pytest
from kit.figures import hold_time
from kit.layers import boxes, discs, lines
from widgets.squared_points import oracle
from widgets.squared_points.page import points

STATES = [
    {},
    {"fold": 1, "call": 1, "k": 6},
    {"fold": 1.5, "call": 0, "k": 3},
    {"n": 16, "fold": 3, "call": 5, "k": 9},
    {"n": 4, "fold": 2, "call": 2, "k": 3},
]


def places(figure, layer):
    return {
        (round(one.real, 1) + 0, round(one.imag, 1) + 0)
        for one in points(figure, discs(figure, layer))
    }


def test_squaring_folds_the_points_onto_half_as_many(shown):
    for figure, state in shown(360, 900):
        n, m = state["n"], state["n"] >> oracle.level_of(state)
        assert len(discs(figure, "dots")) == n, "no point gets lost"
        if state["fold"] == int(state["fold"]):
            assert len(places(figure, "dots")) == m
            assert places(figure, "dots") == places(figure, "ticks")
        roots = points(figure, discs(figure, "ticks"))
        np.testing.assert_allclose(roots**m, 1, atol=0.12, err_msg="the points of a DFT of m")


def test_the_tree_has_a_slot_for_each_value_of_each_call(shown):
    for figure, state in shown(360, 900):
        n, level = state["n"], oracle.level_of(state)
        grown = level + 1 + (state["fold"] > level)
        assert len(boxes(figure, "calls")) == 2**grown - 1, "15 when eight samples are alone"
        lit, slots = boxes(figure, "calls-on"), discs(figure, "slots").reshape(grown, n, 2)
        assert len(lit) == 2**level
        for call, (left, top, width, _) in enumerate(lit):
            x, y = slots[level].T
            inside = np.flatnonzero((x > left) & (x < left + width))
            m = n >> level
            assert inside.tolist() == list(range(call * m, (call + 1) * m))
            assert (np.abs(y - top - 9) < 0.2).all()
        chosen = boxes(figure, "call-chosen")
        np.testing.assert_allclose(chosen, lit[[state["call"]]])
        words = figure.root.locator(".fl-drawing .fl-level").all_text_contents()
        assert len(words) == level + 1
        products = rf", ({n // 2} products|no product)" if state["fold"] else ""
        assert all(re.search(rf" {n} values{products}$", one) for one in words)


def test_two_values_above_are_made_of_the_same_two_below(shown):
    """Each wire joins slots of one point's square, and the halves are the even and the odd ones."""
    seen = 0
    for figure, state in shown(360, 900):
        n, level = state["n"], oracle.level_of(state)
        moving = state["fold"] > level
        above = level if moving else level - 1
        for child, half in enumerate(("even", "odd")):
            wires = lines(figure, half)
            assert len(wires) == (2 if above >= 0 else 0)
            if above < 0:
                continue
            slots = discs(figure, "slots").reshape(-1, n, 2)
            (low, high), bottom = (
                sorted(int(np.abs(slots[above, :, 0] - x).argmin()) for x in wires[:, 2]),
                {int(np.abs(slots[above + 1, :, 0] - x).argmin()) for x in wires[:, 0]},
            )
            m, parent = n >> above, state["call"] if moving else state["call"] >> 1
            assert (low, high) == tuple(
                sorted(parent * m + (state["k"] + more) % m for more in (0, m // 2))
            )
            assert bottom == {(2 * parent + child) * m // 2 + state["k"] % (m // 2)}
            seen += 1
    assert seen == 16


CROSSED = """root => [...root.querySelectorAll('.fl-level')].flatMap((words) => {
  const {x, y, width, height} = words.getBBox();
  return ['even', 'odd'].flatMap((name) => {
    const wire = root.querySelector(`path.fl-${name}`), whole = wire.getTotalLength();
    if (!whole) return [];
    const along = Array.from({length: 200}, (_, i) => wire.getPointAtLength(whole * i / 199));
    const on = along.some((at) => at.x > x - 3 && at.x < x + width + 3
      && at.y > y + 3 && at.y < y + height - 2);
    return on ? [words.textContent] : [];
  });
})"""


def test_no_words_stand_on_a_wire(shown):
    for figure, state in shown(360, 690, 900):
        assert figure.root.evaluate(CROSSED) == [], state


def test_leaves_are_named_in_the_order_of_dealing(shown):
    for figure, state in shown(360, 900):
        names = figure.root.locator(".fl-drawing .fl-sample").all_text_contents()
        leaves = oracle.calls_of([np.arange(state["n"])], 2) if state["n"] == 4 else []
        assert names == [f"x{'₀₁₂₃'[one[0]]}" for one in leaves]


CARDS = """
import { makeView } from "./squared_points/model.js";
import { arithmetic } from "./squared_points/words.js";
//given
const flat = (pieces) => typeof pieces === "string" ? pieces
  : pieces.map((piece) => Array.isArray(piece) ? flat(piece[1]) : piece).join("");
const view = makeView({ get: () => given.signals });
answer(given.states.map((state) => arithmetic(state, view(state)).map(flat)));
"""


def value(text):
    """A complex number, or a sum or product of some in brackets, as people write them."""
    plain = text.replace("−", "-").replace("·", "*")
    return complex(eval(re.sub(r"([\d.]+)i", r"\1j", plain)))


def come_out(terms, sign, found):
    """Whether printed terms give what is printed after "=", and miss it after "≈"."""
    off = value(terms) - value(found)
    return (sign == "=") == (max(abs(off.real), abs(off.imag)) < 0.005001)


def test_the_arithmetic_of_the_card_comes_out(engine):
    rng = np.random.default_rng(4)
    states = [oracle.random_state(rng) for _ in range(80)]
    given = {"states": states, "signals": oracle.WIDGET().signals}
    shared, rounded = 0, 0
    for state, card in zip(states, engine.run(CARDS, given), strict=True):
        p, z = oracle.polynomial(state), complex(oracle.point(state, state["k"]))
        if len(card) == 1:
            assert value(card[0].split(" = ")[2].split(",")[0]) == pytest.approx(
                p.coef[0], abs=0.006
            )
            continue
        *_, factors, sign, product = re.split(" ([=≈]) ", card[1])
        assert come_out(factors, sign, product), card[1]
        signs = {sign}
        odd = z * np.polynomial.Polynomial(p.coef[1::2])(z**2)
        assert value(product) == pytest.approx(odd, abs=0.008)
        assert value(factors) == pytest.approx(odd, abs=0.05), "of numbers with two decimals"
        for line, wanted in zip(card[2:], (p(z), p(-z)), strict=True):
            *_, terms, sign, found = re.split(" ([=≈]) ", line)
            assert come_out(terms, sign, found), line
            signs.add(sign)
            assert product in terms.replace("(", "").replace(")", ""), "the same product"
            assert value(found) == pytest.approx(wanted, abs=0.008)
            assert value(terms) == pytest.approx(wanted, abs=0.02)
            shared += 1
        rounded += "≈" in signs
        spectrum = state["k"] == int(state["k"]) and state["fold"] < 1
        assert card[2].startswith("X") == spectrum
    assert shared > 80 and 5 < rounded < 75, "1.27 − (−0.88i) ≈ 1.26 + 0.88i says so"


def test_playing_squares_again_and_again_and_stops_at_one(solo):
    tab, figure = solo(oracle.WIDGET, motion=True, fold=0)
    hold_time(tab.page)
    figure.root.locator(".fl-play").click()
    tab.page.clock.run_for(900)
    assert 0.3 < figure.state()["fold"] < 0.7
    tab.page.clock.run_for(6000)
    assert figure.state()["fold"] == 3
    assert "The tree has 15 calls." in figure.says()
