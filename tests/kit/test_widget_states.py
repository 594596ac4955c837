"""A widget in Python alone: after each change the rest follows at once."""

import pytest
from kit.settled_cases import CASES
from traitlets import TraitError

from fftia_lab import widgets
from fftia_lab.widgets import (
    AttentionFlow,
    Butterfly,
    FactorProduct,
    ReceptiveField,
    SixMeetings,
    Winding,
)


def approximately(value):
    return pytest.approx(value) if isinstance(value, (list, float)) else value


@pytest.mark.parametrize(("widget", "before", "change", "wanted"), CASES)
def test_what_follows_a_change(widget, before, change, wanted):
    figure = widget(**before)
    with figure.hold_trait_notifications():
        for name, value in change.items():
            setattr(figure, name, value)
    for name, value in {**change, **wanted}.items():
        assert getattr(figure, name) == approximately(value), name


def test_one_assignment_needs_nothing_around_it():
    figure = ReceptiveField()
    figure.n = 32
    assert (figure.length, figure.stage) == (32, 5)
    figure.stage = 4
    assert (figure.n, figure.stage) == (32, 4)


def test_whoever_watches_sees_a_state_that_can_be():
    figure, seen = ReceptiveField(n=64, token=50), []
    figure.observe(lambda change: seen.append((figure.length, figure.token, figure.stage)), "n")
    figure.n = 8
    assert seen == [(8, 7, 3)]


def test_one_change_is_one_message(monkeypatch):
    sent = []
    figure = ReceptiveField()
    if getattr(figure.comm, "kernel", True) is None:
        pytest.skip("without a kernel ipywidgets 7 has nobody to send to")
    monkeypatch.setattr(figure, "_send", lambda message, buffers=None: sent.append(message))
    figure.n = 32
    assert [set(message["state"]) for message in sent] == [{"n", "length", "stage"}]


def test_what_a_front_end_says_is_taken_as_it_is():
    figure = ReceptiveField()
    figure.set_state({"n": 32})  # the reader went on to 32 and back to stage 4
    assert (figure.n, figure.stage, figure.length) == (32, 4, 16)
    figure.n = 64
    assert (figure.stage, figure.length) == (4, 16), "and the next change settles again"


def test_a_refused_change_changes_nothing():
    figure = Butterfly(n=8, stage=3, node=[3, 5])
    for change in ({"n": 12}, {"n": 16, "stage": 9}, {"schedule": "star"}):
        with pytest.raises(TraitError), figure.hold_trait_notifications():
            for name, value in change.items():
                setattr(figure, name, value)
        assert (figure.n, figure.stage, figure.node) == (8, 3, [3, 5])
    figure.n = 16
    assert figure.stage == 4, "and it settles afterwards"


@pytest.mark.parametrize(
    ("widget", "values", "message"),
    [
        (Winding, {"n": 16, "f": 13, "copies": False}, "copies=False lies in 0 to 8 turns; got"),
        (
            FactorProduct,
            {"weights": "gates", "weight": [0, 0, 0], "change": 5.0},
            "must lie in",
        ),
    ],
)
def test_what_contradicts_itself_is_refused(widget, values, message):
    with pytest.raises(TraitError, match=message):
        widget(**values)


def test_whole_turns_change_nothing():
    figure = FactorProduct(weight=[0, 0, 0], change=0.75)
    assert figure.change == -0.25


def test_the_crank_s_own_place_is_seen():
    assert Winding(f=3, seen=[5, 9]).seen == [3, 9]
    figure = Winding(f=3)
    figure.seen = []
    assert figure.seen == [0, 3], "[] stands for all from 0 to f"
    figure.f = 2
    assert figure.seen == [0, 3]


def test_a_widget_is_a_change_of_the_default():
    """Built at once or changed from the default: the same state, whatever the order."""
    built = ReceptiveField(n=64, schedule="benes", token=50)
    changed = ReceptiveField()
    changed.schedule = "benes"
    changed.n = 64
    changed.token = 50
    assert repr(built) == repr(changed)
    assert built.stage == 11


@pytest.mark.parametrize("widget", [c for c in vars(widgets).values() if isinstance(c, type)])
def test_a_state_is_made_of_traits_that_are_sent(widget):
    assert set(widget.STATE) <= widget.own_traits()
    assert all(widget.class_traits()[name].metadata.get("sync") for name in widget.STATE)


@pytest.mark.parametrize("widget", [Butterfly, Winding, SixMeetings])
def test_a_signal_to_draw_on_is_there_at_once(widget):
    figure = widget(signal="drawn")
    was = widget()
    changed = widget()
    changed.signal = "drawn"
    assert figure.samples == changed.samples != []
    assert len(figure.samples) == getattr(was, "n", 64)


def test_nothing_else_moves():
    figure = AttentionFlow(stage=0, token=3)
    figure.flags = [1, 2]
    assert (figure.stage, figure.token, figure.source) == (0, 3, -1)
