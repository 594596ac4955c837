"""The hands, the drawing and the words of `attentionflow`, against the NumPy reference."""

import functools
import re

import numpy as np
import pytest
from kit.figures import (
    POINTERS,
    Finger,
    back_to_the_top,
    drag,
    hold_time,
    mouse_drag,
    press,
    tap,
)
from kit.layers import boxes, path
from widgets.attention_flow import oracle

from fftia_lab.widgets.shared.trained import EXAMPLE, flow_tables

WIDTHS = [360, 900]


@pytest.fixture
def alone(solo):
    """Open the widget on a page of its own: alone(width=360, flags=[2]) -> (tab, figure)."""
    return functools.partial(solo, oracle.WIDGET)


def ribbons(figure, *layers):
    """Ends and widths of the ribbons of some layers, as rows x1, y1, x2, y2, width."""
    corner = r"([-.\d]+) ([-.\d]+)"
    shape = f"M{corner}L{corner}L{corner}L{corner}z"
    rows = []
    for layer in layers:
        for found in re.findall(shape, path(figure, layer)):
            a, b, c, d = np.array(found, dtype=float).reshape(4, 2)
            rows.append([*(a + d) / 2, *(b + c) / 2, np.hypot(*(a - d))])
    return np.array(rows).reshape(-1, 5)


def in_page(figure, x, y):
    box = figure.root.locator(".fl-area").bounding_box()
    return box["x"] + x, box["y"] + y


def row_height(figure):
    chips = boxes(figure, "chips")
    return (chips[15, 1] - chips[0, 1]) / 15


def gap_of(figure):
    """Pixels from one column to the next."""
    start, end = re.search(r"M([.\d]+) [.\d]+L([.\d]+)", path(figure, "wires")).groups()
    return float(end) - float(start)


def chip(figure, token):
    x, y, wide, tall = boxes(figure, "chips")[token]
    return in_page(figure, x + wide / 2, y + tall / 2)


def cell(figure, matrix, row, column):
    """The middle of a cell, in page coordinates; matrix 0 is the product, 1 is dense."""
    left, top, side, _ = boxes(figure, "fields")[matrix]
    return in_page(figure, left + (column + 0.5) * side / 16, top + (row + 0.5) * side / 16)


# ---- hands --------------------------------------------------------------------------------------


def test_the_flag_is_carried_to_another_token(hands):
    for road, tab, figure in hands(oracle.WIDGET, widths=WIDTHS):
        if road == "keyboard":
            press(tab, figure, ".fl-flag", "ArrowDown", "ArrowDown", "ArrowDown")
        else:
            x, y = figure.centre(figure.root.locator(".fl-flag").first)
            drag(road, tab, (x, y), (x, y + 3 * row_height(figure)))
        assert figure.state()["flags"] == [8]
        assert "16 of 16 tokens listen mostly to token 8, which carries the flag" in figure.says()
        value = figure.root.locator(".fl-flag").first.get_attribute("aria-valuetext")
        assert value == f"token 8 carries it, letter {EXAMPLE[8]}"
        last = figure.root.locator(".fl-letters text").all_text_contents()[-16:]
        assert set(last) == {EXAMPLE[8]}, "every token says the flagged letter"


def test_a_letter_is_changed(hands):
    for road, tab, figure in hands(oracle.WIDGET, widths=WIDTHS):
        if road == "keyboard":
            press(tab, figure, ".fl-letter", "Home", *["ArrowDown"] * 5, "c")
        else:
            for _ in range(3):  # F, then A, B, C
                tap(road, tab, chip(figure, 5))
        assert figure.state()["letters"] == EXAMPLE[:5] + "C" + EXAMPLE[6:]
        figure.settle()
        assert "the flag and the letter C" in figure.says() and "says C" in figure.says()


def test_letters_turn_both_ways_and_keys_outside_do_nothing(alone):
    tab, figure = alone()
    press(tab, figure, ".fl-letter", "ArrowLeft", "End", "Enter", "g", "7")
    assert figure.state()["letters"] == "A" + EXAMPLE[1:15] + "E"
    press(tab, figure, ".fl-letter", "Home", "ArrowLeft")
    assert figure.state()["letters"][0] == "F"


def test_the_ring_moves_along_tokens_and_stages(hands):
    for road, tab, figure in hands(oracle.WIDGET, widths=WIDTHS, token=12):
        hand = figure.root.locator(".fl-listener")
        if road == "keyboard":
            press(tab, figure, ".fl-listener", "ArrowUp", "ArrowUp", "ArrowLeft")
        else:
            x, y = figure.centre(hand)
            drag(road, tab, (x, y), (x - gap_of(figure), y - 2 * row_height(figure)))
        assert (figure.state()["token"], figure.state()["stage"]) == (10, 3)
        assert "After 3 of 4 stages, 8 of 16 tokens" in figure.says()
        said = figure.root.locator(".fl-letters text").all_text_contents()[3 * 16 + 10]
        assert hand.get_attribute("aria-valuetext") == f"token 10, after 3 of 4 stages, says {said}"


def test_a_cell_of_either_matrix_chooses_a_pair(hands):
    for road, tab, figure in hands(oracle.WIDGET, POINTERS, WIDTHS):
        for matrix, place in enumerate([(14, 2), (3, 9)]):
            tap(road, tab, cell(figure, matrix, *place))
            assert (figure.state()["token"], figure.state()["source"]) == place, matrix
            figure.settle()
            words = f"{place[1]} → {place[0]}: "
            assert figure.root.locator(".fl-card").inner_text().startswith(words)
            assert path(figure, "way").count("M") == 4, "its wires are dotted"


def test_the_entry_walks_and_goes_back_to_the_largest(alone):
    tab, figure = alone(token=12)
    press(tab, figure, ".fl-entry", "ArrowRight", "ArrowDown")
    assert (figure.state()["token"], figure.state()["source"]) == (13, 6)
    press(tab, figure, ".fl-entry", "Escape")
    assert figure.state()["source"] == -1
    text = figure.root.locator(".fl-entry").get_attribute("aria-valuetext")
    product = oracle.butterfly(figure.state())[2][-1]
    assert text == f"token 13 listens to token 5 for {product[13, 5]:.0%}".replace("%", "\u00a0%")


def test_a_node_chooses_who_listens_and_when(hands):
    for road, tab, figure in hands(oracle.WIDGET, POINTERS, source=3):
        x, y = chip(figure, 6)
        tap(road, tab, (x + 2 * gap_of(figure), y))
        state = figure.state()
        assert (state["token"], state["stage"], state["source"]) == (6, 2, -1)


def test_a_second_flag_leaps_over_the_first(alone):
    tab, figure = alone(flags=[5])
    figure.root.locator("select").select_option("2")
    assert figure.state()["flags"] == [5, 10]
    figure.settle()  # a flag that is not drawn yet takes no focus
    second = figure.root.locator(".fl-flag").nth(1)
    assert second.get_attribute("aria-label").startswith("the second flag")
    second.focus()
    for _ in range(5):
        tab.page.keyboard.press("ArrowUp")
    assert figure.state()["flags"] == [5, 4], "5 is taken"
    tab.page.keyboard.press("Home")
    assert figure.state()["flags"] == [5, 0]
    tab.page.keyboard.press("ArrowUp")
    assert figure.state()["flags"] == [5, 0], "nothing above"
    press(tab, figure, ".fl-flag", "Home")
    assert figure.state()["flags"] == [1, 0]
    x, y = figure.centre(figure.root.locator(".fl-flag").first)
    mouse_drag(tab.page, (x, y), (x, y - 40))
    assert figure.state()["flags"] == [1, 0], "a drag does not drop it on the other"
    for count in ("0", "1"):
        figure.root.locator("select").select_option(count)
        assert len(figure.state()["flags"]) == int(count)


def test_a_swipe_on_the_network_or_the_letters_scrolls_the_page(alone):
    tab, figure = alone(360, touch=True)
    for point in (chip(figure, 12), cell(figure, 0, 8, 8)):
        before, start = tab.page.evaluate("scrollY"), figure.state()
        Finger(tab).drag(point, (point[0], point[1] - 150))
        assert tab.page.evaluate("scrollY") > before + 50
        assert figure.state() == start
        back_to_the_top(tab.page)


def bet_on(road, tab, figure, name):
    """Give the bet an answer, or ask it for what comes next."""
    button = figure.root.locator(".fl-bet").get_by_role("button", name=name, exact=True)
    if road == "keyboard":
        press(tab, figure, button, "Enter")
    else:
        button.scroll_into_view_if_needed()
        tap(road, tab, figure.centre(button))
        figure.settle()


def said_letters(state):
    """What the tokens say after the butterfly and after dense attention, each letter once."""
    values, _, _ = oracle.butterfly(state)
    shown = oracle.says(values[0], values[-1], oracle.MODELS["butterfly"]), oracle.dense(state)[1]
    said = [[oracle.LETTERS[one] for one in shares.argmax(axis=1)] for shares in shown]
    return [sorted(set(letters), key=letters.index) for letters in said]


def test_the_bet_comes_before_the_second_flag(hands):
    for road, tab, figure in hands(oracle.WIDGET, stage=2.0):
        bet = figure.root.locator(".fl-bet")
        assert "Soon token 10, letter E, carries a flag too." in bet.inner_text()
        bet_on(road, tab, figure, "2")
        assert "You say 2." in bet.inner_text()
        bet_on(road, tab, figure, "Give it the flag")
        state = figure.state()
        assert (state["flags"], state["stage"], state["bet"]) == ([5, 10], 4, 2)
        assert said_letters(state) == [["F", "D", "C"], ["F"]], "two of them nobody carries"
        told = "They say F, D and C; after dense attention F. You said 2 letters."
        assert bet.inner_text() == told
        if road == "keyboard":
            assert tab.page.evaluate("document.activeElement.closest('.fl-figure') !== null")
        figure.set(stage=3)
        assert bet.is_hidden()


def test_no_bet_where_none_was_asked_for(alone):
    _, figure = alone(ask=False)
    assert figure.root.locator(".fl-bet").is_hidden()
    _, figure = alone(flags=[])
    assert figure.root.locator(".fl-bet").is_hidden()


# ---- what is drawn ------------------------------------------------------------------------------

STATES = [
    {},
    {"flags": [6, 9], "token": 0},
    {"flags": [], "letters": "ABCDEFABCDEFABCD"},
    {"flags": [15], "stage": 2.0, "token": 3},
]
ALL = ["ribbons", *(f"{side}-{shade}" for side in ("self", "partner") for shade in range(3))]


def each_of(figure, states):
    """The figure in each of these states in turn, with what is not named as it opened."""
    opening = figure.state()
    for change in states:
        figure.set(**{**opening, **change})
        yield figure.state()


def test_every_ribbon_is_as_wide_as_its_gate(alone):
    _, figure = alone()
    for state in each_of(figure, STATES):
        check_ribbons(figure, state)


def check_ribbons(figure, state):
    _, gates, _ = oracle.butterfly(state)
    chips, own = boxes(figure, "chips"), np.arange(16)
    drawn = {}
    for x1, y1, _, y2, wide in ribbons(figure, *ALL):
        ends = [round((y - chips[0, 1] - 9.5) / row_height(figure)) for y in (y1, y2)]
        drawn[round((x1 - chips[0, 0] - 10) / gap_of(figure)), *ends] = wide
    wanted = {}
    for stage in range(int(state["stage"])):
        partner = oracle.SCHEDULE.partners(stage)
        for i in own:
            wanted[stage, int(i), int(i)] = 8 * (1 - gates[stage, i])
            wanted[stage, int(partner[i]), int(i)] = 8 * gates[stage, i]
    assert set(drawn) <= set(wanted)
    for place, wide in wanted.items():
        near = pytest.approx(wide, abs=0.16)  # corners are rounded
        assert drawn.get(place, 0) == near, (place, state)


def test_the_lit_ribbons_are_what_arrives(alone):
    """Half and more of what token 12 says comes on one path: 5, 4, 4, 4, 12."""
    _, figure = alone(token=12)
    chips = boxes(figure, "chips")
    lit = ribbons(figure, "self-0", "partner-0")
    lit = lit[np.argsort(lit[:, 0])]
    rows = np.round((lit[:, [1, 3]] - chips[0, 1] - 9.5) / row_height(figure)).astype(int)
    assert rows.tolist() == [[5, 4], [4, 4], [4, 4], [4, 12]]
    assert len(ribbons(figure, "partner-0")) == 2


def test_squares_have_the_area_of_their_weight(alone):
    _, figure = alone()
    for state in each_of(figure, [*STATES, {"stage": 1.5}]):
        check_squares(figure, state)


def check_squares(figure, state):
    products, done = oracle.butterfly(state)[2], int(state["stage"])
    part, after = state["stage"] % 1, products[min(done + 1, 4)]
    shown = products[done] + part * (after - products[done])
    found, squares = np.zeros((2, 16, 16)), boxes(figure, "cells")
    for matrix, (left, top, side, _) in enumerate(boxes(figure, "fields")):
        step = side / 16
        for x, y, wide, tall in squares:
            column, row = (x + wide / 2 - left) / step, (y + tall / 2 - top) / step
            if 0 <= column < 16 and 0 <= row < 16:
                found[matrix, int(row), int(column)] = (wide / (0.96 * step)) ** 2
    np.testing.assert_allclose(found[0], shown, atol=0.02, err_msg=str(state))
    np.testing.assert_allclose(found[1], oracle.dense(state)[0], atol=0.02, err_msg=str(state))


def test_playing_carries_the_flag_to_everyone(alone):
    tab, figure = alone(motion=True, stage=0)
    hold_time(tab.page)
    figure.root.locator(".fl-play").click()
    counts = []
    for _ in range(5):
        counts.append(figure.root.evaluate("root => root.figure.view().heard"))
        tab.page.clock.run_for(1430)
    assert counts == [1, 2, 4, 8, 16]
    assert figure.state()["stage"] == 4


# ---- words --------------------------------------------------------------------------------------


def test_the_card_multiplies_the_gates_of_the_path(alone):
    _, figure = alone(token=12, source=5)
    card = figure.root.locator(".fl-card")
    numbers = re.findall(r"\d\.\d\d", card.inner_text())
    product = oracle.butterfly(figure.state())[2][-1][12, 5]
    assert len(numbers) == 6 and numbers[4] == f"{product:.2f}"
    assert np.prod([float(one) for one in numbers[:4]]) == pytest.approx(product, abs=0.02)
    assert card.locator("div").first.locator(".fl-partner").count() == 3, "two gates, one word"
    assert numbers[5] == f"{oracle.dense(figure.state())[0][12, 5]:.2f}"
    figure.set(stage=2)
    assert "no wire has led there yet, so its weight is 0." in card.inner_text()


def test_cases_never_trained_on_are_called_so(alone):
    _, figure = alone(flags=[6, 9], token=0)
    product = oracle.butterfly(figure.state())[2][-1]
    said = f"Token 0 hears token 6 for {product[0, 6]:.0%} and token 9 for {product[0, 9]:.0%}"
    assert said.replace("%", "\u00a0%") in figure.says()
    assert "a case that neither model met in training" in figure.says()
    figure.set(flags=[])
    assert "Nobody carries a flag, a case that neither model met in training." in figure.says()


def test_the_note_gives_the_run(alone):
    _, figure = alone()
    note = figure.root.locator(".fl-note")
    assert not note.is_visible(), "it takes no room before it is asked for"
    figure.root.get_by_text("how both were trained").click()
    assert note.inner_text() == flow_tables()["note"]
