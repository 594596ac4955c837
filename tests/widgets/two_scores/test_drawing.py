"""What `twoscores` draws and says, against the numbers of PyTorch and the drawing's own planes."""

import re

import numpy as np
import pytest
from kit.figures import hold_time
from kit.layers import discs, lines
from kit.sentences import fixed
from widgets.two_scores import oracle
from widgets.two_scores.page import at, middle, under

from fftia_lab.widgets.two_scores.figure import NUMBERS

STATES = [
    {},
    {"q": [[0.5, 2.5], [-1, 3]], "k": [[2, -1], [0.5, 1.5]]},
    {"q": [[4.2, 4.2], [0, 0]], "k": [[3, 2], [-1, 0.5]], "step": 0.25},
    {"q": [[1, -1.5], [2, 2]], "k": [[1, 1], [1, 1]], "step": 0},
]


def test_the_lines_are_where_the_gate_is_what_they_say(solo):
    _, figure = solo(oracle.WIDGET)
    labels = figure.root.locator(".fl-drawing .fl-label").all_text_contents()
    drawn = np.concatenate([lines(figure, "equal"), lines(figure, "half")])
    drawn = under(figure, "scores", drawn.reshape(-1, 2, 2))
    for (own, other), _ in drawn:
        gate = oracle.dense(
            {"q": [[1, 0], [0, 1]], "k": np.sqrt(2) * np.array([[own, 0], [other, 0]])}
        )
        assert min(abs(gate[0, 1] - float(label)) for label in labels) < 0.01
    along = np.diff(drawn, axis=1)[:, 0]
    np.testing.assert_allclose(along[:, 0], along[:, 1], atol=0.01, err_msg="all are parallel")
    assert sorted(labels) == ["0.1", "0.25", "0.5", "0.75", "0.9"] and len(drawn) == 5


def test_dots_stand_at_their_scores_or_at_the_border(shown):
    beyond = 0
    for figure, state in shown(360, 900):
        for token, scores in enumerate(oracle.met(state)[0]):
            own, other = scores[token], scores[1 - token]
            inside = np.clip([own, other], -2.4, 6.4)
            np.testing.assert_allclose(
                middle(figure, f"dot-{token}"), at(figure, "scores", inside), atol=0.6
            )
            marked = figure.root.locator(f".fl-dot-{token}.fl-beyond").count()
            assert marked == (max(own, other) > 6.4 or min(own, other) < -2.4)
            beyond += marked
            for piece in lines(figure, f"same-{token}"):
                ends = under(figure, "scores", piece.reshape(2, 2))
                np.testing.assert_allclose(ends[:, 1] - ends[:, 0], other - own, atol=0.01)
    assert beyond == 4, "two at each width"


def test_arrows_end_at_the_questions_and_the_dashed_line_joins_the_keys(shown):
    for figure, state in shown():
        for token, q in enumerate(state["q"]):
            if any(q):
                np.testing.assert_allclose(
                    lines(figure, f"arrow-{token}")[0, 2:], at(figure, "vectors", q), atol=0.06
                )
            k = at(figure, "vectors", state["k"][token])
            np.testing.assert_allclose(middle(figure, f"key-{token}"), k, atol=0.6)
            np.testing.assert_allclose(lines(figure, "between")[0, 2 * token :][:2], k, atol=0.06)


def test_each_steps_as_far_as_its_gate_says(shown):
    for figure, state in shown(360, 900):
        ((start, _, end, _),) = lines(figure, "track")
        mixed = state["step"] * oracle.dense(state)[[0, 1], [1, 0]]
        parts = figure.root.locator(".fl-part").all_text_contents()
        assert parts == [fixed(part) for part in mixed]
        for token, (origin, way) in enumerate(((start, end - start), (end, start - end))):
            x, _ = discs(figure, f"at-{token}")[0]
            assert x == pytest.approx(origin + way * mixed[token], abs=0.15)
            ((from_x, _, to_x, _),) = lines(figure, f"gone-{token}")
            assert (from_x, to_x) == pytest.approx((origin, x), abs=0.15)


def test_a_score_is_how_far_the_key_reaches_along_the_question(shown):
    seen = 0
    for figure, state in shown():
        for token, q in enumerate(state["q"]):
            scores, long = oracle.met(state)[0][token], np.hypot(*q)
            figure.set(number=f"{'ab'[token]}-difference")
            feet = discs(figure, "feet")
            assert len(feet) == (2 if long else 0)
            for j, foot in enumerate(feet):
                place = under(figure, "vectors", foot)
                assert np.cross(np.append(place, 0), np.append(q, 0))[2] == pytest.approx(
                    0, abs=0.05
                )
                assert place @ q / np.sqrt(2) == pytest.approx(scores[j], abs=0.05)
                seen += 1
    assert seen == 14


# ---- time and words -----------------------------------------------------------------------------


def test_playing_walks_the_step_and_a_hand_stops_it_where_it_is(solo):
    tab, figure = solo(oracle.WIDGET, motion=True)
    hold_time(tab.page)
    figure.root.locator(".fl-play").click()
    tab.page.clock.run_for(1500)
    assert 0.3 < figure.state()["step"] < 0.6
    figure.root.locator(".fl-number").first.click()
    rested = figure.state()["step"]
    tab.page.clock.run_for(4000)
    assert figure.state()["step"] == rested < 1, "what is not at the end stays where it is"
    figure.root.locator(".fl-dot-0").press("PageUp")
    assert figure.state()["step"] == 1, "another question, and all of its step"


ARITHMETIC = """
import { makeView } from "./two_scores/model.js";
import { arithmetic, meaning } from "./two_scores/words.js";
//given
const written = ([role, words]) => role === "sup" ? `**(${words})` : flat(words);
const flat = (pieces) => typeof pieces === "string" ? pieces
  : pieces.map((piece) => Array.isArray(piece) ? written(piece) : piece).join("");
const view = makeView();
answer(given.map(([state, name]) => arithmetic(meaning(name), state, view(state)).map(flat)));
"""


def values(line):
    """What stands between the signs = and ≈ of a line, as numbers, computed again."""
    plain = line.replace("−", "-").replace("·", "*").replace("√2", "2**0.5")
    plain = plain.replace("e**", "np.e**")
    return [eval(part, {"np": np}) for part in re.split("[=≈]", plain) if part.strip()]


def test_the_arithmetic_of_every_number_comes_out(engine):
    rng = np.random.default_rng(5)
    states = [oracle.random_state(rng) for _ in range(60)]
    given = [[state, name] for state in states for name in NUMBERS]
    for (state, name), told in zip(given, engine.run(ARITHMETIC, given), strict=True):
        scores, gates = oracle.met(state)
        token = "ab".index(name[0])
        own, other = scores[token, token], scores[token, 1 - token]
        kind = name[2:]
        wanted = {"itself": own, "partner": other, "difference": other - own, "gate": gates[token]}
        *steps, last = values(told[-1])
        assert last == pytest.approx(wanted[kind], abs=0.0051 if kind != "gate" else 0.00051)
        allowed = {"gate": 0.012, "difference": 0.0151}.get(kind, 0.0051)  # two decimals each
        assert steps and all(abs(step - last) < allowed for step in steps), told
        assert re.match(r"(How well|The partner|What (bank|river))", told[0])
