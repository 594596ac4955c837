"""The widget `winding` in time: turning by itself, its invitation, its scenes."""

import pytest
from kit.figures import PLAYING, READY, FigureOnPage, out_of_sight, pass_time

from fftia_lab.widgets import Winding

MOVING = {"reduced_motion": "no-preference"}


@pytest.fixture
def live(bare):
    """Open a winding whose clock the test moves: live(**traits) -> figure."""
    tabs = []

    def opened(context=MOVING, held=True, **traits):
        tabs.append(bare(Winding(**traits), held=held, **context))
        figure = FigureOnPage(tabs[-1].page, "winding")
        if held:
            pass_time(figure.page, READY)
        return figure

    yield opened
    for tab in tabs:
        assert tab.trouble == tab.outside == []


def button(figure):
    return figure.root.locator(".fl-play")


def test_turning_pauses_and_ends_by_the_clock(live):
    figure = live(n=16, tone=3, f=0)
    clock = figure.page.clock
    button(figure).click()
    clock.run_for(2000)
    state = figure.state()
    assert 1.5 < state["f"] < 2.5 and state["seen"] == [0, state["f"]]
    assert button(figure).inner_text() == "Pause"
    button(figure).click()
    resting = figure.state()["f"]
    clock.run_for(2000)
    assert figure.state()["f"] == resting and button(figure).inner_text() == "Turn"
    button(figure).click()
    clock.run_for(9000)
    assert figure.state()["f"] == 8 and figure.state()["seen"] == [0, 8]


def test_from_the_end_it_starts_again_with_nothing_earned(live):
    figure = live(n=16, tone=3, f=8)
    button(figure).click()
    figure.page.clock.run_for(1000)
    state = figure.state()
    assert 0.5 < state["f"] < 1.5 and state["seen"] == [0, state["f"]]


def test_a_hand_takes_the_crank_from_it(live):
    figure = live(n=16, tone=3, f=0)
    button(figure).click()
    figure.page.clock.run_for(1400)
    figure.root.locator(".fl-crank").focus()
    figure.page.keyboard.press("ArrowRight")
    after = figure.state()["f"]
    figure.page.clock.run_for(3000)
    assert figure.state()["f"] == after == 2


def test_a_tap_glides_and_a_new_one_finishes_the_old_at_once(live):
    figure = live(n=16, tone=3, f=0)
    axis = figure.root.locator(".fl-axis").bounding_box()
    step, y = (axis["width"] - 16) / 8, axis["y"] + axis["height"] / 2
    figure.page.mouse.click(axis["x"] + 8 + 6 * step, y)
    figure.page.clock.run_for(100)
    assert 0 < figure.state()["f"] < 6
    figure.page.mouse.click(axis["x"] + 8 + 2 * step, y)
    assert figure.state()["seen"] == [0, 6], "the first has been finished"
    figure.page.clock.run_for(1000)
    assert figure.state()["f"] == 2


def test_the_invitation_earns_what_the_figure_opens_with(live):
    figure = live(autoplay=True, n=16, tone=3, f=3)
    pass_time(figure.page, PLAYING)
    early = figure.state()
    assert early["f"] < 3 and early["seen"] == [0, early["f"]]
    figure.page.clock.run_for(6000)
    assert figure.state() == {**early, "f": 3, "seen": [0, 3]}
    assert not figure.root.locator(".fl-reset").is_visible(), "nothing has changed"


def test_a_touch_ends_the_invitation_for_good(live):
    figure = live(autoplay=True, n=16, tone=3, f=3)
    pass_time(figure.page, PLAYING)
    figure.root.locator(".fl-status").click()
    resting = figure.state()["f"]
    figure.page.clock.run_for(6000)
    assert figure.state()["f"] == resting < 3
    assert button(figure).inner_text() == "Turn"


def test_out_of_sight_the_invitation_is_withdrawn(live):
    figure = live(autoplay=True, n=16, tone=3, f=3)
    pass_time(figure.page, PLAYING)
    assert figure.state()["f"] < 3
    out_of_sight(figure)
    assert (figure.state()["f"], figure.state()["seen"]) == (3, [0, 3])
    figure.page.clock.run_for(100)
    assert button(figure).inner_text() == "Turn"
    figure.root.scroll_into_view_if_needed()
    pass_time(figure.page, PLAYING)
    assert figure.state()["f"] < 3


def test_reduced_motion_jumps_and_invites_nobody(live):
    figure = live({"reduced_motion": "reduce"}, held=False, autoplay=True, n=16, tone=3, f=3)
    assert figure.state()["f"] == 3
    button(figure).click()
    assert figure.state()["f"] == 8
    out_of_sight(figure)
    assert figure.state()["f"] == 8, "what the reader did stays when it is out of sight"


def test_scenes_set_states_and_reset_returns(live):
    scenes = [{"label": "half a cycle more", "set": {"tone": 3.5, "seen": [0, 8]}}]
    figure = live({"reduced_motion": "reduce"}, held=False, n=16, tone=3, f=3, scenes=scenes)
    start = figure.state()
    figure.root.get_by_role("button", name="half a cycle more").click()
    figure.settle()
    assert (figure.state()["tone"], figure.state()["seen"]) == (3.5, [0, 8])
    figure.root.locator(".fl-reset").click()
    assert figure.state() == start
