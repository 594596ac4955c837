"""What figures compute and say, against Python's answer: in an engine, without a browser."""

import numpy as np
import pytest
from kit.sentences import FACTS
from kit.settled_cases import CASES
from kit.settling import alike, changed, state_of
from kit.subjects import SUBJECTS, name_of
from traitlets import TraitError

from fftia_lab.widgets import AttentionFlow, Corners, CostExplorer, LiveBenchmark

each = pytest.mark.parametrize("subject", SUBJECTS, ids=name_of)
# What must agree: a menu leads to the nearest that does, Python asks its caller to decide.
AGREEING = {"weights", "schedule", "causal", "carry", "wiring"}
# Nothing of their states hangs on the rest.
FREE = (AttentionFlow, Corners, CostExplorer, LiveBenchmark)


@each
def test_random_states_show_what_python_computes(engine, subject):
    rng = np.random.default_rng(20261120)
    states = [subject.random_state(rng) for _ in range(300)]
    views = engine.views(subject.WIDGET(**subject.BARE), states)
    exact = name_of(subject) != "winding"  # its halves may be rounded either way
    facts = FACTS[name_of(subject)] if exact else lambda state: []
    for state, (kept, view, sentence) in zip(states, views, strict=True):
        assert kept == state, "a state that can be is kept as it is"
        subject.check(state, view)
        assert sentence.endswith((".", "…")) and "undefined" not in sentence, sentence
        assert [fact for fact in facts(kept) if fact not in sentence] == [], (kept, sentence)
        assert "NaN" not in sentence and "  " not in sentence, sentence


def at_its_end(widget):
    """The last value of what plays, where it depends on the rest of the state."""
    ends = {"stage": "depth", "deals": "last"}
    return {
        name: float(getattr(widget, last)) for name, last in ends.items() if hasattr(widget, last)
    }


def random_change(rng, subject):
    """A state, and one to three fields that are to be as in another state."""
    state, other = subject.random_state(rng), subject.random_state(rng)
    if rng.random() < 0.4:
        state |= at_its_end(subject.WIDGET(**state))
    count = min(len(other), int(rng.integers(1, 4)))
    names = rng.choice(list(other), size=count, replace=False).tolist()
    return state, {name: other[name] for name in names}


@each
def test_python_and_the_figure_settle_alike(engine, subject):
    rng = np.random.default_rng(20261127)
    pairs = [random_change(rng, subject) for _ in range(300)]
    opening = subject.WIDGET(**subject.BARE)
    refused, followed = 0, 0
    for (state, patch), shown in zip(pairs, engine.settled(opening, pairs), strict=True):
        widget = subject.WIDGET(**state)
        assert alike(state_of(widget), state), "a state that can be is kept as it is"
        try:
            kept = changed(widget, patch)
        except TraitError:
            refused += 1
            assert alike(state_of(widget), state), "a refused change changes nothing"
            bent = shown is None or not alike(patch, shown)
            led = shown and any(shown[k] != state[k] for k in AGREEING & set(shown) - set(patch))
            assert bent or led, (state, patch)
            continue
        assert set(shown) == set(subject.WIDGET.STATE)
        assert alike(kept, shown), (state, patch)
        followed += not alike(kept, {**state, **patch})
        widget.set_state({"autoplay": True, **shown})
        assert alike(state_of(widget), shown), "what the figure says is taken as it is"
    assert refused + followed > 0 or subject.WIDGET in FREE
    assert refused < 150, "most changes can be"


@each
def test_what_follows_is_what_was_written_down(engine, subject):
    cases = [case[1:] for case in CASES if case[0] is subject.WIDGET]
    pairs = [(state_of(subject.WIDGET(**before)), change) for before, change, _ in cases]
    found = engine.settled(subject.WIDGET(**subject.BARE), pairs)
    for (before, change, wanted), shown in zip(cases, found, strict=True):
        for name, value in {**change, **wanted}.items():
            assert shown[name] == pytest.approx(value), (before, change, name)
