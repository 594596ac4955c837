"""The widget `butterfly` in time, under links and scenes, and beside others."""

import pytest
from kit.figures import (
    CHAPTER,
    PLAYING,
    READY,
    STILL,
    FigureOnPage,
    follow,
    frames_asked,
    hold_time,
    noticed,
    opened,
    pass_time,
)

from fftia_lab.widgets import Butterfly


def news():
    """A figure that invites: it plays from the start when it is first seen."""
    return Butterfly(n=16, weights="average", stage=4, autoplay=True, title="news")


# ---- time ------------------------------------------------------------------------------------


def test_playing_pauses_and_ends_by_the_clock(bare):
    tab = bare(news(), reduced_motion="no-preference")
    figure = FigureOnPage(tab.page, "news")
    figure.root.locator(".fl-status").click()  # a touch declines the invitation
    hold_time(tab.page)
    figure.root.evaluate("root => root.figure.set({stage: 0})")
    tab.page.clock.run_for(50)
    play = figure.root.locator(".fl-play")
    play.click()
    tab.page.clock.run_for(600)
    middle = figure.state()["stage"]
    assert 0.3 < middle < 0.8
    play.click()
    resting = figure.state()["stage"]
    tab.page.clock.run_for(2000)
    assert middle <= figure.state()["stage"] == resting < 1, "paused"
    play.click()
    tab.page.clock.run_for(6000)
    assert figure.state()["stage"] == 4


def test_pause_pauses_the_invitation_too(bare):
    tab = bare(news(), held=True, reduced_motion="no-preference")
    figure = FigureOnPage(tab.page, "news")
    pass_time(tab.page, PLAYING)
    play = figure.root.locator(".fl-play")
    play.click()
    resting = figure.state()["stage"]
    tab.page.clock.run_for(6000)
    assert figure.state()["stage"] == resting < 4
    assert play.inner_text() == "Play"


def test_who_shows_it_to_the_room_finds_it_as_it_opened(bare):
    tab = bare(news(), held=True, reduced_motion="no-preference")
    figure = FigureOnPage(tab.page, "news")
    pass_time(tab.page, PLAYING)
    tab.page.clock.run_for(600)
    assert figure.state()["stage"] < 4
    figure.root.evaluate("root => root.stage.enlarge()")
    tab.page.clock.run_for(2000)
    large = "document.querySelector('dialog .fl-figure').figure.state().stage"
    assert tab.page.evaluate(large) == 4


def test_what_plays_is_printed_at_rest_and_goes_on(bare):
    tab = bare(news(), held=True, reduced_motion="no-preference")
    figure = FigureOnPage(tab.page, "news")
    pass_time(tab.page, PLAYING)
    tab.page.clock.run_for(600)
    before = figure.state()["stage"]
    assert before % 1, "in flight"
    tab.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    drawn = f"After {int(before) + 1} of 4 stages"
    assert figure.root.locator(".fl-status").inner_text().startswith(drawn), "at once"
    assert figure.root.evaluate("root => root.figure.pause()") is None, "it rests"
    tab.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert figure.state()["stage"] == before
    tab.page.clock.run_for(6000)
    assert figure.state()["stage"] == 4


def test_a_new_step_finishes_the_old_one_at_once(bare):
    tab = bare(news(), reduced_motion="no-preference")
    figure = FigureOnPage(tab.page, "news")
    figure.root.locator(".fl-status").click()
    hold_time(tab.page)
    figure.root.evaluate("root => root.figure.set({stage: 0})")
    forth = figure.root.get_by_label("one stage on")
    forth.click()
    tab.page.clock.run_for(100)
    assert 0 < figure.state()["stage"] < 1
    forth.click()
    assert figure.state()["stage"] >= 1
    tab.page.clock.run_for(1000)
    assert figure.state()["stage"] == 2


def test_the_invitation_plays_once_and_yields_to_the_first_touch(bare):
    tab = bare(news(), held=True, reduced_motion="no-preference")
    figure = FigureOnPage(tab.page, "news")
    pass_time(tab.page, PLAYING)
    assert figure.state()["stage"] < 4, "it plays by itself"
    figure.root.locator(".fl-card").click()
    resting = figure.state()["stage"]
    tab.page.clock.run_for(6000)
    assert figure.state()["stage"] == resting < 4


def test_reduced_motion_jumps_and_rests(bare):
    tab = bare(news(), **STILL)
    figure = FigureOnPage(tab.page, "news")
    assert frames_asked(tab) == 0
    assert figure.state()["stage"] == 4, "nothing plays by itself"
    figure.set(stage=0)
    figure.root.get_by_label("one stage on").click()
    assert figure.state()["stage"] == 1
    assert frames_asked(tab) == 0, "an idle figure asks for no frames"


# ---- links, scenes, life ---------------------------------------------------------------------


def test_a_deep_link_sets_the_figure_and_no_other(visit):
    """Over HTTP; from disk the battery follows one."""
    link = "#twist?n=16&stage=3&node=[3,9]&signal=square&decimation=frequency"
    tab, figure = opened(visit, link=link)
    state = figure.state()
    assert (state["n"], state["stage"], state["node"]) == (16, 3, [3, 9])
    assert (state["signal"], state["decimation"]) == ("square", "frequency")
    others = FigureOnPage(tab.page, "butterfly").state()
    assert others["n"] == 8, "other figures keep their own state"
    assert tab.trouble == []


def test_state_to_link_to_state(twist):
    tab, figure = twist()
    figure.root.locator("select").first.select_option("32")
    figure.settle()
    tab.page.mouse.click(*figure.node(4, 11))
    tab.page.wait_for_function("location.hash.includes('n=32') && location.hash.includes('11')")
    state, url = figure.state(), tab.page.url
    assert "#twist?" in url and "n=32" in url
    tab.page.goto("about:blank")
    tab.page.goto(url)
    assert FigureOnPage(tab.page, "twist").state() == state


def test_following_a_link_on_the_page_and_a_bad_link(twist):
    tab, figure = twist()
    follow(tab.page, "#twist?n=4&stage=1")
    assert figure.state()["n"] == 4
    follow(tab.page, "#twist?size=4")
    note = figure.host.locator(".lab-note").inner_text()
    assert "this link asks for “size”, which the figure does not have" in note
    figure.root.get_by_role("button", name="a twiddle of stage 2").click()
    assert figure.host.locator(".lab-note").count() == 0, "the next change answers it"


@pytest.mark.parametrize("link", ["#%", "#100%", "#nowhere?x=1", "#twist", "#twist?"])
def test_any_address_leaves_the_figures_alive(twist, link):
    tab, figure = twist(link=link)
    assert figure.state()["node"] == [1, 3]
    assert tab.trouble == []


def test_far_values_are_brought_into_range(twist):
    _, figure = twist(link="#twist?stage=-5&node=[99,99]")
    state = figure.state()
    assert (state["stage"], state["node"]) == (0, [3, 3])


def test_a_link_to_a_figure_below_finds_it(visit):
    tab = visit(CHAPTER, **STILL)
    tab.page.evaluate("location.hash = 'backwards?n=16'")
    figure = FigureOnPage(tab.page, "backwards")
    assert figure.state()["n"] == 16


def test_back_undoes_a_link(twist):
    tab, figure = twist()
    start = figure.state()
    for link in ("#twist?n=16", "#twist?n=32"):
        follow(tab.page, link)
    tab.page.go_back()
    figure.until(n=16)
    tab.page.go_back()
    figure.until(**start)


def test_a_link_is_stronger_than_the_invitation(bare):
    link = "#news?stage=2&node=[2,12]"
    tab = bare(news(), link=link, held=True, reduced_motion="no-preference")
    figure = FigureOnPage(tab.page, "news")
    pass_time(tab.page, READY)
    noticed(figure.root, "entry => entry.isIntersecting")
    tab.page.clock.run_for(1500)
    assert figure.state()["stage"] == 2


def test_a_scene_is_the_same_whatever_came_before(twist):
    _, figure = twist()
    button = figure.root.get_by_role("button", name="a twiddle of stage 3")
    button.click()
    wanted = figure.state()
    figure.set(n=64, signal="square", decimation="frequency")
    button.click()
    assert figure.state() == wanted


def test_scenes_set_states_and_reset_returns(twist):
    _, figure = twist()
    start = figure.state()
    reset = figure.root.locator(".fl-reset")
    assert not reset.is_visible()
    figure.root.get_by_role("button", name="a twiddle of stage 2").click()
    figure.settle()
    assert figure.state()["twist"] == [1, 1, 0.25]
    reset.click()
    figure.settle()
    assert figure.state() == start
    assert not reset.is_visible()
