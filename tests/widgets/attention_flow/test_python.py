"""The Python side of the widget AttentionFlow: what it takes, refuses, ships and says."""

import subprocess
import sys

import numpy as np
import pytest
from traitlets import TraitError
from widgets.attention_flow import oracle

from fftia_lab.learn.record import recorded_flow
from fftia_lab.widgets import AttentionFlow
from fftia_lab.widgets.shared.trained import EXAMPLE, FLAG, flow_tables, tokens

DEFAULT = {"letters": EXAMPLE, "flags": [FLAG], "stage": 4.0, "token": 12, "source": -1}


def test_repr_is_the_same_in_every_run():
    assert repr(AttentionFlow()) == "AttentionFlow()"
    text = "AttentionFlow(flags=[2, 13], stage=2.0, token=3)"
    assert repr(AttentionFlow(token=3, stage=2, flags=[2, 13])) == text


def test_it_ships_the_weights_of_the_recorded_run():
    tables, models = AttentionFlow().tables, recorded_flow()["models"]
    for kind, model in models.items():
        assert tables[kind] == model["weights"]
    for kind in models:
        np.testing.assert_array_equal(
            tokens(EXAMPLE, [FLAG], kind), oracle.tokens_of(DEFAULT, oracle.MODELS[kind])
        )


def test_its_note_says_what_the_record_says():
    record, note = recorded_flow(), flow_tables()["note"]
    for model in record["models"].values():
        assert f"{100 * model['accuracy']:.2f}\u00a0%" in note
    assert f"{record['device']['name']}, one thread, {record['date'][:10]}" in note
    assert f"{record['settings']['held_out']:,} sequences" in note


def test_the_first_picture_shows_the_flag_arriving_everywhere():
    """2, 4, 8, 16 tokens listen mostly to the flag; in the end all say its letter."""
    values, _, products = oracle.butterfly(DEFAULT)
    counts = [int((product[:, FLAG] > 0.5).sum()) for product in products]
    assert counts == [1, 2, 4, 8, 16]
    shares = oracle.says(values[0], values[-1], oracle.MODELS["butterfly"])
    assert {oracle.LETTERS[one] for one in shares.argmax(axis=1)} == {EXAMPLE[FLAG]}


@pytest.mark.parametrize("kind", ["butterfly", "dense"])
@pytest.mark.parametrize("flag", range(16))
def test_wherever_the_flag_is_carried_its_letter_is_said(kind, flag):
    rng = np.random.default_rng(flag)
    for _ in range(5):
        state = DEFAULT | {"letters": "".join(rng.choice(list("ABCDEF"), 16)), "flags": [flag]}
        if kind == "dense":
            shares = oracle.dense(state)[1]
        else:
            values = oracle.butterfly(state)[0]
            shares = oracle.says(values[0], values[-1], oracle.MODELS[kind])
        assert {oracle.LETTERS[one] for one in shares.argmax(axis=1)} == {state["letters"][flag]}


def test_a_front_end_may_change_several_traits_at_once():
    widget = AttentionFlow()
    widget.set_state({"letters": "A" * 16, "flags": [], "stage": 1, "token": 0, "source": 15})
    assert (widget.flags, widget.stage, widget.source) == ([], 1, 15)


@pytest.mark.parametrize(
    ("values", "kind", "message"),
    [
        ({"letters": "ABC"}, TraitError, "letters must be 16 letters from A to F; got 'ABC'"),
        ({"letters": "G" * 16}, TraitError, "letters must be 16 letters from A to F"),
        ({"flags": [16]}, TraitError, "at most two different tokens of 0 to 15; got [16]"),
        ({"flags": [3, 3]}, TraitError, "at most two different tokens of 0 to 15; got [3, 3]"),
        ({"flags": [1, 2, 3]}, TraitError, "at most two different tokens"),
        ({"stage": 5}, TraitError, "stage must lie in 0 to 4; got 5"),
        ({"stage": float("nan")}, TraitError, "stage must lie in 0 to 4; got nan"),
        ({"token": 16}, TraitError, "token must lie in 0 to 15; got 16"),
        ({"source": -2}, TraitError, "source must lie in -1 to 15; got -2"),
        ({"bet": 5}, TraitError, "bet must lie in 0 to 4; got 5"),
        ({"flag": 3}, TypeError, "has no argument 'flag'; it takes ask, autoplay, bet"),
        ({"scenes": [{"label": "x", "set": {"flag": 3}}]}, TraitError, "a scene is"),
    ],
)
def test_bad_values_are_refused(values, kind, message):
    with pytest.raises(kind) as caught:
        AttentionFlow(**values)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_widgets_load_no_torch():
    code = "import sys, fftia_lab.widgets as w; w.AttentionFlow(); print('torch' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "False"
