"""The hands and the bets of `receptivefield`: by every road to the same state."""

import functools
from itertools import pairwise

import numpy as np
import pytest
from kit.figures import POINTERS, Finger, drag, mouse_drag, press, tap
from kit.layers import path
from widgets.receptive_field import oracle
from widgets.receptive_field.page import cell, nodes, word

from fftia_lab.schedule import SCHEDULES

WIDTHS = [360, 900]


@pytest.fixture
def alone(solo):
    """Open the widget on a page of its own: alone(width=360, n=8) -> (tab, figure)."""
    return functools.partial(solo, oracle.WIDGET)


def test_the_ring_moves_along_tokens_and_stages(hands):
    for road, tab, figure in hands(oracle.WIDGET, widths=WIDTHS):
        if road == "keyboard":
            press(tab, figure, ".fl-hearer", "ArrowUp", "ArrowUp", "ArrowUp", "ArrowLeft")
        else:
            places = nodes(figure)
            drag(road, tab, tuple(places[4, 11]), tuple(places[3, 8]))
        state = figure.state()
        assert (state["token"], state["stage"], state["source"]) == (8, 3, 6)
        heard = np.flatnonzero(oracle.reach_of(state, 3)[8])
        assert f"token 8 “and” has heard {len(heard)} of 16: 8 to 15" in figure.says()
        assert heard.tolist() == list(range(8, 16))
        value = figure.root.locator(".fl-hearer").get_attribute("aria-valuetext")
        assert value == "token 8 “and”, after 3 of 4 stages, has heard 8 of 16"


def test_a_word_is_chosen_and_let_go(hands):
    for road, tab, figure in hands(oracle.WIDGET, widths=WIDTHS, source=2):
        if road == "keyboard":
            press(tab, figure, ".fl-speaker", "ArrowDown", "ArrowDown", "ArrowDown")
        else:
            tap(road, tab, word(figure, 5))
        assert figure.state()["source"] == 5
        figure.settle()
        text = figure.root.locator(".fl-speaker").get_attribute("aria-valuetext")
        assert text == "token 5 “the”; its news arrives in stage 4"
        if road == "keyboard":
            press(tab, figure, ".fl-speaker", "Escape")
        else:
            tap(road, tab, word(figure, 5))
        assert figure.state()["source"] == -1
        figure.settle()
        for layer in ("path", "ahead", "told", "column", "cell", "word"):
            assert path(figure, layer) == "", layer
        assert "Press a token on the left" in figure.root.locator(".fl-card").inner_text()


def test_dragging_along_the_words_follows_them(hands):
    for road, tab, figure in hands(oracle.WIDGET, POINTERS, source=2):
        drag(road, tab, word(figure, 2), word(figure, 14))
        assert figure.state()["source"] == 14, "a word that was chosen is not let go by a drag"
        drag(road, tab, word(figure, 14), (word(figure, 14)[0], 3000))
        assert figure.state()["source"] == 15


def test_the_sentence_ends_where_the_bracket_is_dragged(hands):
    opened = {"token": 15, "source": 14, "padding": "keep"}
    for road, tab, figure in hands(oracle.WIDGET, widths=WIDTHS, **opened):
        handle = figure.root.locator(".fl-border")
        if road == "keyboard":
            press(tab, figure, ".fl-border", "ArrowUp", "ArrowUp", "ArrowUp")
        else:
            step = (word(figure, 15)[1] - word(figure, 0)[1]) / 15
            x, y = figure.centre(handle)
            drag(road, tab, (x, y), (x, y - 3 * step))
        state = figure.state()
        assert (state["length"], state["token"], state["source"]) == (13, 12, 12)
        lost = 169 - oracle.pairs_of(state, 4).sum()
        assert lost == 21 and "148 of 169 pairs; 21 are missed" in figure.says()
        assert handle.get_attribute("aria-valuetext") == "13 of 16 tokens are real"


def test_a_hand_that_grabs_beside_the_middle_moves_nothing(alone):
    tab, figure = alone(length=9, token=4, stage=2)
    start = figure.state()
    for selector in (".fl-hearer", ".fl-border"):
        x, y = figure.centre(figure.root.locator(selector))
        for aside in (-11, 11):
            mouse_drag(tab.page, (x, y + aside), (x, y + aside))
            assert figure.state() == start, (selector, aside)


def test_the_sentence_can_be_cut_without_dragging(alone):
    tab, figure = alone()
    x, _ = figure.centre(figure.root.locator(".fl-border"))
    step = (word(figure, 15)[1] - word(figure, 0)[1]) / 15
    tab.page.mouse.click(x - 4, word(figure, 0)[1] + 9.5 * step)
    assert figure.state()["length"] == 10
    figure.root.locator("summary").click()
    figure.root.locator(".fl-more select").select_option("6")
    assert figure.state()["length"] == 6
    press(tab, figure, ".fl-border", "Home")
    assert figure.state()["length"] == 2
    press(tab, figure, ".fl-border", "End")
    assert figure.state()["length"] == 16


def test_a_cell_chooses_both_and_a_node_the_stage(hands):
    for road, tab, figure in hands(oracle.WIDGET, POINTERS, WIDTHS):
        tap(road, tab, cell(figure, 13, 2))
        state = figure.state()
        assert (state["token"], state["source"], state["stage"]) == (13, 2, 4)
        tap(road, tab, tuple(nodes(figure)[2, 5]))
        state = figure.state()
        assert (state["token"], state["source"], state["stage"]) == (5, 2, 2)


def test_pointing_shows_and_does_not_keep(alone):
    tab, figure = alone()
    start = figure.state()
    tab.page.mouse.move(*cell(figure, 9, 1))
    figure.settle()
    assert "token 9 “the”" in figure.says()
    assert figure.root.locator(".fl-card").inner_text().startswith("1 → 9")
    tab.page.mouse.move(*tuple(nodes(figure)[1, 3]))
    figure.settle()
    assert "After 4 of 4 stages, token 3 “it”" in figure.says(), "time stands still"
    assert figure.state() == start
    tab.page.mouse.move(2, 2)
    figure.settle()
    assert "token 11 “told”" in figure.says()


def answer(road, tab, control, key="Enter"):
    """Press a button or a box as a reader does."""
    if road == "mouse":
        control.click()
    else:
        control.focus()
        tab.page.keyboard.press(key)


def choose(road, tab, figure, name):
    """Choose a wiring by its picture."""
    button = figure.root.get_by_role("button", name=name)
    answer(road, tab, button)
    figure.settle()
    assert button.get_attribute("aria-pressed") == "true"
    assert figure.root.locator('.fl-thumb[aria-pressed="true"]').count() == 1


SAID = {  # without the future, as the figure names the wirings
    "butterfly": "55 are missed. Listenings: 32.",
    "shift": "nobody is missed. Listenings: 49.",
    "prefix": "nobody is missed. Listenings: 32.",
    "Beneš": "55 are missed. Listenings: 56.",
}


def test_pictures_choose_the_wiring_and_a_box_hides_the_future(hands):
    for road, tab, figure in hands(oracle.WIDGET, ["mouse", "keyboard"]):
        box = figure.root.get_by_label("no peeking")
        answer(road, tab, box, "Space")
        figure.settle()
        for name, said in SAID.items():
            choose(road, tab, figure, name)
            wiring = SCHEDULES[name.lower().replace("š", "s")]
            reach = wiring(16, causal=True).reach()
            assert f"In all {reach.sum()} of 136 pairs; {said}" in figure.says()
            assert figure.state()["stage"] == wiring(16).depth, "all stages stay done"
        choose(road, tab, figure, "prefix")
        box.click()
        figure.settle()
        state = figure.state()
        assert (state["schedule"], state["causal"]) == ("shift", False), "a prefix has no future"
        choose(road, tab, figure, "prefix")
        assert figure.state()["causal"] and box.is_checked()


def test_a_box_lets_empty_places_relay(hands):
    for road, tab, figure in hands(oracle.WIDGET, ["mouse", "keyboard"], length=13, padding="keep"):
        box = figure.root.get_by_label("empty places relay")
        if not box.is_visible():  # it waits under "more", which stays open
            answer(road, tab, figure.root.locator(".fl-more summary"), "Enter")
        for padding, said in (("relay", "nobody is missed"), ("keep", "21 are missed")):
            answer(road, tab, box, "Space")
            figure.settle()
            assert figure.state()["padding"] == padding and said in figure.says()


PLAY_AND_NETWORK = """root => ['.fl-drawing', '.fl-timeline', '.fl-status', '.fl-below']
  .map(part => root.querySelector(part).getBoundingClientRect())
  .map(({top, bottom}) => [top, bottom])"""


def test_on_a_phone_play_and_the_sentence_stand_between_the_pictures(alone):
    _, figure = alone(width=360, length=13, padding="relay")
    parts = figure.root.evaluate(PLAY_AND_NETWORK)
    for (_, bottom), (top, _) in pairwise(parts):
        assert -1 <= top - bottom < 20, parts
    assert parts[2][1] - parts[0][0] < 500, "the network and what is said of it: one glance"
    _, figure = alone(width=900)
    assert figure.root.locator(".fl-below svg").count() == 0, "side by side where there is room"


def test_a_swipe_on_the_matrix_scrolls_the_page(alone):
    tab, figure = alone(width=360, touch=True)
    x, y = cell(figure, 8, 8)
    before = tab.page.evaluate("scrollY")
    Finger(tab).drag((x, y), (x, y - 200))
    assert tab.page.evaluate("scrollY") > before + 50


# ---- bets ---------------------------------------------------------------------------------------


def bet_on(road, tab, figure, name):
    """Give the bet an answer, or ask it for what comes next."""
    button = figure.root.locator(".fl-bet").get_by_role("button", name=name, exact=True)
    if road == "touch":
        button.scroll_into_view_if_needed()
        tap(road, tab, figure.centre(button))
    else:
        answer(road, tab, button)
    figure.settle()


def test_the_bet_comes_before_the_reveal(hands):
    for road, tab, figure in hands(oracle.WIDGET):
        bet = figure.root.locator(".fl-bet")
        assert "How many will token 15, the last, still have heard" in bet.inner_text()
        bet_on(road, tab, figure, "8")
        assert "And token 8, in the middle?" in bet.inner_text()
        if road == "keyboard":
            focused = tab.page.evaluate("document.activeElement.closest('.fl-bet') !== null")
            assert focused, "the next question keeps the focus"
        bet_on(road, tab, figure, "9")
        assert "You say 8 and 9." in bet.inner_text()
        bet_on(road, tab, figure, "No peeking")
        state = figure.state()
        assert (state["bet"], state["causal"], state["stage"]) == ([8, 9], True, 4)
        heard = oracle.pairs_of(state, 4).sum(axis=1)
        wanted = f"token 15 hears {heard[15]}, you said 8; token 8 hears {heard[8]}, you said 9."
        assert wanted in bet.inner_text()
        figure.root.get_by_role("button", name="shift").click()
        figure.settle()
        assert "token 15 hears 16, you said 8; token 8 hears 9, you said 9." in bet.inner_text()


def ghost(figure):
    return [figure.root.locator(f".fl-{name}").all_text_contents() for name in ("count", "guess")]


def test_the_guess_stays_in_the_drawing_beside_the_count(hands):
    for _, _, figure in hands(oracle.WIDGET, (), WIDTHS):
        assert ghost(figure) == [[], []]
        figure.set(bet=[8, 9])
        assert ghost(figure) == [[], ["you 8", "you 9"]], "no count before the reveal"
        figure.set(causal=True)
        assert ghost(figure) == [["16", "2"], ["you 8", "you 9"]]
        figure.set(schedule="shift")
        assert ghost(figure) == [["16", "9"], ["you 8", "you 9"]]
        rows = [label.bounding_box()["y"] for label in figure.root.locator(".fl-guess").all()]
        wanted = [cell(figure, token, token)[1] for token in (15, 8)]
        assert rows == pytest.approx(wanted, abs=8), "at the rows of 15 and 8"
        figure.set(length=13)
        assert ghost(figure) == [[], []], "the bet was about the whole sentence"


def test_no_bet_where_none_was_asked_for_or_nothing_is_left_to_ask(alone):
    _, figure = alone(ask=False)
    assert figure.root.locator(".fl-bet").is_hidden()
    _, figure = alone(length=13)
    assert figure.root.locator(".fl-bet").is_hidden()
    figure.set(length=16)
    assert figure.root.locator(".fl-bet").is_visible()
    figure.set(causal=True)
    assert figure.root.locator(".fl-bet").is_hidden(), "too late to bet"
    figure.set(causal=False, bet=[8])
    figure.set(n=32)
    assert figure.state()["bet"] == [], "another size, another question"


def test_what_a_field_asks_the_figure_does_not_ask_again(alone):
    tab, figure = alone(bet=[0], token=8)
    bet = figure.root.locator(".fl-bet")
    assert "How many will token 8, in the middle, still have heard" in bet.inner_text()
    figure.set(bet=[16])  # as the field says it, while the same answers stand here
    bet_on("mouse", tab, figure, "9")
    assert "You say 16 and 9." in bet.inner_text()
    figure.set(bet=[0])
    bet_on("mouse", tab, figure, "9")
    assert "You say 9." in bet.inner_text() and ghost(figure) == [[], ["you 9"]]
    bet_on("mouse", tab, figure, "No peeking")
    assert "In the end token 8 hears 2, you said 9." in bet.inner_text()
    assert ghost(figure) == [["2"], ["you 9"]]
    figure.set(bet=[0])
    assert bet.is_hidden(), "too late to bet"


def test_the_right_answers_are_among_those_offered(alone):
    _, figure = alone()
    for n in (4, 8, 16, 32, 64):
        heard = SCHEDULES["butterfly"](n, causal=True).reach().sum(axis=1)
        for token, bet in ((n - 1, []), (n // 2, [n])):
            figure.set(n=n, bet=bet)
            offered = figure.root.locator(".fl-answers button").all_inner_texts()
            assert {str(heard[token]), str(token + 1)} <= set(offered), (n, token)
            assert len(offered) == len(set(offered)) >= 2
