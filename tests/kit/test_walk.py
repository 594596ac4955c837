"""The way of a clicker through the scenes of a figure: what it skips, and what it leaves alone."""

import pytest

from fftia_lab.widgets import Butterfly, ReceptiveField, Winding

TOLD = [
    {"label": "two stages", "set": {"stage": 2}},
    {"label": "row 9", "set": {"token": 9}},
    {"label": "row 9, two stages", "set": {"token": 9, "stage": 2}},
    {"label": "64 tokens", "set": {"n": 64}},
]
# Acts on the state of a figure with the stages that a clicker goes through before each scene; the
# labels that were shown, and the state at the end.
WALK = """
import { makeState } from "./kit/state.js";
import { walkOf } from "./kit/walk.js";
const traits = { ...given.traits };
const kept = { get: (name) => traits[name], set: (name, value) => traits[name] = value };
const held = { ...kept, save_changes() {}, on() {}, off() {} };
const state = makeState(held, { fields: FIELDS, answer: "bet", settle }, () => {});
const shown = [], show = (scene) => {
  shown.push(scene?.label ?? "as it opened");
  if (scene) state.jump(scene.set);
  else state.reset();
};
const times = (now) => Object.fromEntries(given.times.map((name) => [name, now[name]]));
const walk = walkOf(state, times, given.traits.scenes, show);
const acts = {
  jump: state.jump,
  set: (patch) => state.set(patch),
  wait: (labels) => walk.keepBack(({ label }) => labels.includes(label)),
  step: (direction) => shown.push(walk.step(direction) ? walk.told() : "no more"),
};
for (const [act, what] of given.acts) acts[act](what);
answer([shown, state.read()]);
"""
ON, BACK = ("step", 1), ("step", -1)


@pytest.fixture
def walked(engine):
    def run(widget, *acts, times=("stage",)):
        shown, state = engine.of(widget, WALK, acts=acts, times=times)
        return [words for words in shown if ";" not in words and "next" not in words], state

    return run


def field(**values):
    return ReceptiveField(token=7, scenes=TOLD, **values)


def test_what_a_link_or_a_hand_has_set_is_not_taken_away(walked):
    for acts in (
        [("jump", {"token": 11, "stage": 0})],
        [("set", {"token": 11}), ("set", {"stage": 4})],
        [("set", {"token": 11}), ("set", {"stage": 3}), BACK],
    ):
        shown, state = walked(field(stage=0), *acts, ON)
        assert set(shown) == {"no more"}
        assert state["token"] == 11


def test_scenes_are_for_the_figure_as_it_opened_at_any_stage_and_with_any_bet(walked):
    shown, state = walked(field(stage=0), ("set", {"stage": 4, "bet": [3]}), ON, ON, ON)
    assert shown == ["row 9", "64 tokens", "64 tokens", "no more"]  # the last tells where it is
    assert state["n"] == 64


def test_a_scene_that_is_a_stage_of_one_before_it_is_passed_over_only_if_it_comes_later(walked):
    shown, _ = walked(field(stage=4), ON, ON, ON, ON)
    assert [words for words in dict.fromkeys(shown)] == [
        "two stages",
        "row 9",
        "row 9, two stages",
        "64 tokens",
    ]
    scenes = [{"label": "between", "set": {"stage": 2.5}}]
    shown, _ = walked(ReceptiveField(scenes=scenes, stage=0), ON)
    assert shown[0] == "between", "a clicker rests at whole stages"


def test_back_goes_the_same_way_and_a_button_leads_into_it(walked):
    shown, _ = walked(field(stage=0), ("jump", {"n": 64}), BACK, BACK, BACK)
    assert shown == ["row 9", "as it opened", "no more"]
    shown, state = walked(field(stage=0), ON, ("set", {"stage": 3}), ON)
    assert "64 tokens" in shown and state["n"] == 64


def test_what_the_page_keeps_back_is_passed_over(walked):
    shown, _ = walked(field(stage=0), ("wait", ["row 9"]), ON, ON, ON)
    assert list(dict.fromkeys(shown)) == ["row 9, two stages", "64 tokens", "no more"]


def test_a_crank_is_time_as_well(walked):
    scenes = [{"label": "halves", "set": {"mode": "halves", "f": 5}}]
    winding = Winding(f=0.0, seen=[0.0, 0.0], scenes=scenes)
    shown, state = walked(winding, ("set", {"f": 7}), ON, times=["f", "seen"])
    assert shown[0] == "halves" and state["mode"] == "halves"
    shown, state = walked(winding, ("set", {"f": 7, "tone": 3}), ON, times=["f", "seen"])
    assert shown == ["no more"] and state["tone"] == 3


def test_a_figure_without_time_has_scenes_too(walked):
    scenes = [{"label": "same", "set": {}}, {"label": "four", "set": {"n": 4}}]
    shown, _ = walked(Butterfly(scenes=scenes), ON, times=[])
    assert shown[0] == "four"
