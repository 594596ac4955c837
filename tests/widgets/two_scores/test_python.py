"""The widget TwoScores without a browser: what it takes and refuses, and scores as a wish."""

import numpy as np
import pytest
from kit.settling import alike, changed, state_of
from traitlets import TraitError
from widgets.two_scores import oracle

from fftia_lab.widgets import TwoScores
from fftia_lab.widgets.two_scores.figure import HIGH, LOW

EDGE = 1e-9


def test_repr_is_the_same_in_every_run():
    assert repr(TwoScores()) == "TwoScores()"
    text = "TwoScores(number='b-itself', q=[[0.0, 0.0], [1.0, -1.0]], step=0.5)"
    assert repr(TwoScores(step=0.5, q=[[0, 0], [1, -1]], number="b-itself")) == text


def test_it_opens_with_the_numbers_of_the_chapter():
    opening = TwoScores()
    state = {"q": opening.q, "k": opening.k}
    scores, gates = oracle.met(state)
    np.testing.assert_allclose(np.exp(scores), [[4, 4], [4, 16]], rtol=3e-4)
    np.testing.assert_allclose(gates, [1 / 2, 1 / 5], atol=3e-5)


@pytest.mark.parametrize(
    ("values", "kind", "message"),
    [
        ({"q": [[1, 2]]}, TraitError, "q must be [[x, y], [x, y]], each number in -1.6 to 4.2"),
        ({"q": [[1, 2], [3]]}, TraitError, "got [[1.0, 2.0], [3.0]]"),
        ({"q": [[1, 2], [3, 4.3]]}, TraitError, "each number in -1.6 to 4.2"),
        ({"k": [[1, 2], [3, -1.7]]}, TraitError, "k must be"),
        ({"k": [[1, 2], [3, float("nan")]]}, TraitError, "k must be"),
        ({"k": 5}, TraitError, "k"),
        ({"step": 1.5}, TraitError, "step must lie in 0 to 1; got 1.5"),
        ({"number": "c-gate"}, TraitError, "number"),
        ({"questions": []}, TypeError, "has no argument 'questions'; it takes autoplay, k"),
        ({"scenes": [{"label": "x", "set": {"n": 8}}]}, TraitError, "a scene is"),
    ],
)
def test_bad_values_are_refused(values, kind, message):
    with pytest.raises(kind) as caught:
        TwoScores(**values)
    assert message in str(caught.value)


def test_another_question_or_key_shows_the_whole_step(engine):
    halfway = state_of(TwoScores(step=0.5))
    changes = [{"q": [[1, 2], [2, 0]]}, {"k": [[1, 1], [3, 0]]}, {"q": halfway["q"]}]
    changes += [{"k": [[1, 1], [3, 0]], "step": 0.25}]
    shown = engine.settled(TwoScores(), [(halfway, change) for change in changes])
    assert [state["step"] for state in shown] == [1, 1, 0.5, 0.25]
    for change, state in zip(changes, shown, strict=True):
        assert alike(changed(TwoScores(**halfway), change), state)


# ---- the question that has the scores one wants ------------------------------------------------

WISHES = """
import { questionFor } from "./two_scores/model.js";
//given
answer(given.map(([question, keys, wanted]) => questionFor(question, keys, wanted)));
"""


def wishes(rng, alike=False):
    """Questions, keys, and scores that are wanted."""
    for _ in range(200):
        question, first, second = rng.uniform(LOW, HIGH, (3, 2))
        keys = np.array([first, rng.uniform(-1, 1) * first if alike else second])
        now = keys @ question / np.sqrt(2)
        yield question, keys, now, now + rng.normal(size=2)


def asked(engine, rng, **kind):
    """Each wish with the question that the figure finds for it."""
    given = list(wishes(rng, **kind))
    sent = [[q.tolist(), k.tolist(), wanted.tolist()] for q, k, _, wanted in given]
    for wish, found in zip(given, engine.run(WISHES, sent), strict=True):
        yield *wish, np.array(found)


def test_a_wish_for_scores_is_met_or_as_much_of_it_as_the_plane_has(engine):
    met = 0
    for question, keys, now, wanted, found in asked(engine, np.random.default_rng(1)):
        assert (found > LOW - EDGE).all() and (found < HIGH + EDGE).all()
        scores, free = keys @ found / np.sqrt(2), np.linalg.solve(keys, np.sqrt(2) * wanted)
        if (free >= LOW).all() and (free <= HIGH).all():
            np.testing.assert_allclose(scores, wanted, atol=1e-9)
            met += 1
            continue
        part = np.linalg.norm(scores - now) / np.linalg.norm(wanted - now)
        np.testing.assert_allclose(scores, now + part * (wanted - now), atol=1e-8)
        at_the_edge = np.isclose(found, LOW, atol=EDGE) | np.isclose(found, HIGH, atol=EDGE)
        assert at_the_edge.any() and part < 1, (question, keys)
    assert 40 < met < 160, "both happen"


def test_with_keys_on_one_line_the_scores_come_as_near_as_they_can(engine):
    inside = 0
    for question, keys, now, wanted, found in asked(engine, np.random.default_rng(2), alike=True):
        change = np.linalg.lstsq(keys, np.sqrt(2) * (wanted - now), rcond=1e-9)[0]
        end = question + change
        if (end > LOW).all() and (end < HIGH).all():
            np.testing.assert_allclose(found, end, atol=1e-9)
            inside += 1
    assert inside > 40


def test_keys_of_nothing_change_no_question(engine):
    sent = [[[1, 2], [[0, 0], [0, 0]], [3, 1]]]
    assert engine.run(WISHES, sent) == [[1, 2]]
