"""The hands of `twoscores`: questions, keys, dots and numbers, by every road to one state."""

import functools

import numpy as np
import pytest
from kit.figures import POINTERS, press, tap
from widgets.two_scores import oracle
from widgets.two_scores.page import at, drag, gates, held, middle, on_page

WIDTHS = [360, 900]
HANDLES = [f"{kind}-{token}" for kind in ("question", "key", "dot") for token in (0, 1)]


@pytest.fixture
def alone(solo):
    """Open the widget on a page of its own: alone(width=360, step=0) -> (tab, figure)."""
    return functools.partial(solo, oracle.WIDGET)


def test_a_question_is_dragged_by_its_grip(hands):
    for road, tab, figure in hands(oracle.WIDGET, widths=WIDTHS, q=[[1, 1], [2, 1]]):
        if road == "keyboard":
            press(tab, figure, ".fl-question-0", *["ArrowUp"] * 10, *["ArrowLeft"] * 2)
        else:
            drag(road, tab, figure, "question-0", held(figure, (0.8, 2)))
        q = figure.state()["q"]
        assert q[0] == pytest.approx([0.8, 2], abs=0.03) and q[1] == [2, 1]
        text = figure.root.locator(".fl-question-0").get_attribute("aria-valuetext")
        assert text == "{:.2f} right, {:.2f} up".format(*q[0])
        np.testing.assert_allclose(middle(figure, "question-0"), held(figure, q[0]), atol=0.6)


def test_a_key_moves_both_gates(hands):
    for road, tab, figure in hands(oracle.WIDGET, widths=WIDTHS):
        if road == "keyboard":
            press(tab, figure, ".fl-key-1", *["ArrowRight"] * 10)
        else:
            drag(road, tab, figure, "key-1", at(figure, "vectors", (3, 0)))
        state = figure.state()
        assert state["k"][0] == [1, 1] and state["k"][1] == pytest.approx([3, 0], abs=0.03)
        np.testing.assert_allclose(gates(figure), oracle.met(state)[1], atol=1e-9)
        assert gates(figure) == pytest.approx([2 / 3, 1 / 17], abs=0.01), "4 and 8; 64 and 4"


def test_a_dot_slides_along_its_line_and_gives_as_before(hands):
    for road, tab, figure in hands(oracle.WIDGET, widths=WIDTHS):
        before, scores = gates(figure), np.array(oracle.met(figure.state())[0][1][::-1])
        if road == "keyboard":
            press(tab, figure, ".fl-dot-1", *["PageUp"] * 4)
        else:
            beside = np.array([-4, 0])  # a hand that is not quite on the line
            drag(road, tab, figure, "dot-1", at(figure, "scores", scores + 2) + beside)
        after = oracle.met(figure.state())[0][1][::-1]
        np.testing.assert_allclose(after, scores + 2, atol=0.15)
        assert gates(figure) == pytest.approx(before, abs=1e-4)
        assert figure.state()["k"] == [[1, 1], [2, 0]], "the question moves, no key does"


def test_a_dot_across_the_lines_gives_what_they_say(hands):
    for road, tab, figure in hands(oracle.WIDGET, widths=WIDTHS):
        if road == "keyboard":
            press(tab, figure, ".fl-dot-0", *["ArrowUp"] * 11, *["ArrowLeft"] * 11)
        else:
            drag(road, tab, figure, "dot-0", at(figure, "scores", (0.29, 2.49)))
        assert gates(figure)[0] == pytest.approx(0.9, abs=0.01), "e^2.2 is 9"
        assert gates(figure)[1] == pytest.approx(0.2, abs=1e-4)
        text = figure.root.locator(".fl-dot-0").get_attribute("aria-valuetext")
        scores = oracle.met(figure.state())[0][0]
        assert text.startswith("fits itself {:.2f}, its partner {:.2f}, gives ".format(*scores))


def test_a_question_dragged_to_the_origin_is_a_question_of_nothing(hands):
    for road, tab, figure in hands(oracle.WIDGET, POINTERS):
        drag(road, tab, figure, "question-1", at(figure, "vectors", (0.2, 0.1)))
        assert figure.state()["q"][1] == [0, 0]
        assert gates(figure)[1] == 0.5
        assert "River asks for nothing: all keys score 0, and half is given away." in figure.says()
        drag(road, tab, figure, "question-1", held(figure, (1, -1)))
        assert figure.state()["q"][1] == pytest.approx([1, -1], abs=0.03), "and it is found again"


def test_no_hand_lies_under_another(hands):
    free = """handle => {
      const {x, y, width, height} = handle.getBoundingClientRect();
      return document.elementFromPoint(x + width / 2, y + height / 2)?.closest('button') === handle;
    }"""
    for _, _, figure in hands(oracle.WIDGET, (), WIDTHS):
        for q in ([[0.98, 0.98], [1.96, 0]], [[0, 0], [0, 0]], [[3.1, 3.1], [4.08, 2.12]]):
            figure.set(q=q)
            for name in HANDLES:
                if q[0] != q[1] or name != "dot-0":  # two tokens that ask nothing are one dot
                    assert figure.root.locator(f".fl-{name}").evaluate(free), (q, name)


def test_a_hand_that_grabs_beside_the_middle_moves_nothing(alone):
    tab, figure = alone(q=[[0.5, 2], [2, 1]])
    start = figure.state()
    for name in HANDLES:
        figure.set(**start)
        x, y = on_page(figure, middle(figure, name))
        tab.page.mouse.move(x + 8, y - 6)
        tab.page.mouse.down()
        tab.page.mouse.move(x + 8, y - 6)
        tab.page.mouse.up()
        for field in ("q", "k"):
            now = figure.state()[field]
            np.testing.assert_allclose(now, start[field], atol=0.011, err_msg=name)


def test_a_press_on_a_plane_brings_the_nearest_hand(hands):
    for road, tab, figure in hands(oracle.WIDGET, POINTERS, q=[[0.5, 3], [2, 1]]):
        tap(road, tab, on_page(figure, at(figure, "vectors", (2.5, -0.8))))
        assert figure.state()["k"][1] == pytest.approx([2.5, -0.8], abs=0.02)
        tap(road, tab, on_page(figure, held(figure, (1, 3.5))))
        assert figure.state()["q"][0] == pytest.approx([1, 3.5], abs=0.02)
        tap(road, tab, on_page(figure, at(figure, "scores", (3, -1))))
        assert oracle.met(figure.state())[0][0] == pytest.approx([3, -1], abs=0.03)
        before = figure.state()
        tap(road, tab, on_page(figure, (2, 2)))
        assert figure.state() == before, "beside the planes nothing is meant"


def test_a_dot_stops_where_the_plane_of_questions_ends(alone):
    tab, figure = alone()
    drag("mouse", tab, figure, "dot-0", at(figure, "scores", (6.3, -2.3)), steps=1)
    q = figure.state()["q"][0]
    assert max(q) == pytest.approx(oracle.HIGH) or min(q) == pytest.approx(oracle.LOW)
    own, other = oracle.met(figure.state())[0][0]
    way, wish = np.array([own, other]) - np.log(4), np.array([6.3, -2.3]) - np.log(4)
    assert way[0] * wish[1] == pytest.approx(way[1] * wish[0], abs=0.3), "on the straight way"


# ---- the numbers --------------------------------------------------------------------------------


def number(figure, name):
    """The button of a number, by what it is called."""
    return figure.root.locator(f".fl-number[aria-label^='{name}']")


def test_a_number_is_pinned_and_let_go(hands):
    for road, tab, figure in hands(oracle.WIDGET):
        card, cell = figure.root.locator(".fl-card"), number(figure, "bank, fits partner")
        for wanted, words in (("a-partner", "fits the key of river"), ("", "Press a number")):
            if road == "touch":
                tap(road, tab, figure.centre(cell))
            elif road == "mouse":
                cell.click()
                tab.page.mouse.move(2, 2)
            else:
                press(tab, figure, ".fl-number[tabindex='0']", *["ArrowUp"] * 2 * bool(wanted))
                tab.page.keyboard.press("Enter")
            cell.blur()
            figure.settle()
            assert figure.state()["number"] == wanted
            assert words in card.inner_text()
            assert cell.get_attribute("aria-pressed") == str(bool(wanted)).lower()


def test_pointing_at_a_number_shows_and_does_not_keep(alone):
    tab, figure = alone(number="a-itself")
    card = figure.root.locator(".fl-card")
    number(figure, "river, gives").hover()
    figure.settle()
    assert "What river gives" in card.inner_text()
    assert figure.state()["number"] == "a-itself"
    tab.page.mouse.move(2, 2)
    figure.settle()
    assert "fits its own key" in card.inner_text()


def test_arrows_walk_over_the_numbers_and_escape_lets_go(alone):
    tab, figure = alone(number="b-difference")
    press(tab, figure, ".fl-number[tabindex='0']", "ArrowLeft", "ArrowUp", "ArrowUp", "ArrowUp")
    focused = tab.page.evaluate("document.activeElement.ariaLabel")
    assert focused == "bank, fits itself: 1.39"
    assert "How well the question of bank fits its own key" in figure.root.inner_text()
    tab.page.keyboard.press("Escape")
    assert figure.state()["number"] == ""
    assert figure.root.locator(".fl-number[tabindex='0']").count() == 1
