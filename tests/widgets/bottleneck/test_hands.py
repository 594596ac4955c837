"""The hands of `bottleneck`: by every road to the same state."""

import functools

import pytest
from kit.figures import POINTERS, Finger, back_to_the_top, drag, press, tap
from kit.layers import boxes
from widgets.bottleneck import oracle
from widgets.bottleneck.page import cell, goal, node, places

WIDTHS = [360, 900]
OWN = list(range(8))
ENDS = [7, 1, 2, 3, 4, 5, 6, 0]


@pytest.fixture
def alone(solo):
    """Open the widget on a page of its own: alone(width=360, n=4) -> (tab, figure)."""
    return functools.partial(solo, oracle.WIDGET)


def test_the_ring_moves_along_places_and_stages(hands):
    for road, tab, figure in hands(oracle.WIDGET, widths=WIDTHS, node=[2, 5], stage=1):
        ring = figure.root.locator(".fl-waist")
        if road == "keyboard":
            press(tab, figure, ring, "ArrowUp", "ArrowUp", "ArrowLeft")
        else:
            drag(road, tab, node(figure, 2, 5), node(figure, 1, 3))
        state = figure.state()
        assert (state["node"], state["stage"]) == ([1, 3], 3), "and its whole block is there"
        assert places(figure, "ring") == [(1, 3)]
        rows, columns = oracle.rank_one_blocks(oracle.ButterflySchedule(8), 1)[3]
        told = [", ".join(map(str, part[:-1])) + f" and {part[-1]}" for part in (rows, columns)]
        words = f"place 3 after 1 stage: rows {told[0]}; columns {told[1]}"
        assert ring.get_attribute("aria-valuetext") == words


def test_a_place_or_an_entry_is_pressed(hands):
    for road, tab, figure in hands(oracle.WIDGET, POINTERS, WIDTHS, stage=0, entry=[1, 6]):
        tap(road, tab, node(figure, 1, 2))
        state = figure.state()
        assert (state["node"], state["entry"], state["stage"]) == ([1, 2], [], 3)
        tap(road, tab, cell(figure, 6, 3))
        assert (figure.state()["node"], figure.state()["entry"]) == ([1, 2], [6, 3])
        figure.settle()
        assert figure.root.locator(".fl-card").inner_text().startswith("Row 6, column 3: ")


def test_pointing_shows_and_changes_nothing(alone):
    tab, figure = alone(node=[2, 5])
    start, said = figure.state(), figure.says()
    tab.page.mouse.move(*node(figure, 1, 0))
    figure.settle()
    assert places(figure, "ring") == [(1, 0)] and "place 0" in figure.says()
    tab.page.mouse.move(*cell(figure, 1, 4))
    figure.settle()
    assert "Row 1, column 4" in figure.root.locator(".fl-card").inner_text()
    tab.page.mouse.move(2, 2)
    figure.settle()
    assert (figure.state(), figure.says()) == (start, said)


def test_the_entry_walks_and_goes_back_to_the_largest(alone):
    tab, figure = alone(node=[2, 5])
    largest = figure.views([figure.state()])[0][1]["entry"]
    entry = figure.root.locator(".fl-entry")
    press(tab, figure, entry, "ArrowUp", "ArrowLeft")
    assert figure.state()["entry"] == [largest["row"] - 1, largest["column"] - 1]
    press(tab, figure, entry, "Home", "End", "ArrowRight")
    assert figure.state()["entry"] == [largest["row"] - 1, 7]
    words = entry.get_attribute("aria-valuetext")
    assert words.startswith(f"row {largest['row'] - 1}, column 7: ") and "through place" in words
    press(tab, figure, entry, "Escape")
    assert figure.state()["entry"] == []


# ---- orders -------------------------------------------------------------------------------------


def test_a_value_is_carried_and_the_others_make_room(hands):
    opened = {"mode": "pass", "order": OWN, "stage": 1}
    for road, tab, figure in hands(oracle.WIDGET, widths=WIDTHS, **opened):
        if road == "keyboard":
            press(tab, figure, goal(figure, 1), "ArrowDown", "ArrowDown", "ArrowDown")
        else:
            figure.root.locator(".fl-area").scroll_into_view_if_needed()
            end = figure.centre(goal(figure, 4))
            drag(road, tab, figure.centre(goal(figure, 1)), end)
        state = figure.state()
        assert (state["order"], state["stage"]) == ([0, 2, 3, 4, 1, 5, 6, 7], 3)
        assert goal(figure, 1).get_attribute("aria-valuenow") == "4"


def test_two_are_pressed_and_change_places(hands):
    for road, tab, figure in hands(oracle.WIDGET, mode="pass", order=OWN):
        for value in (0, 7):
            if road == "keyboard":
                press(tab, figure, goal(figure, value), "Enter")
            else:
                tap(road, tab, figure.centre(goal(figure, value)))
        figure.settle()
        assert figure.state()["order"] == ENDS
        assert "the values of 0 and 1 both want place 1" in figure.says()
        assert figure.root.locator(".fl-picked").count() == 0
        words = goal(figure, 0).get_attribute("aria-valuetext")
        assert words == "to end at token 7, and cannot"


def test_one_that_was_taken_is_let_go(alone):
    tab, figure = alone(mode="pass", order=OWN)
    press(tab, figure, goal(figure, 3), " ")
    assert figure.root.locator(".fl-picked").all_text_contents() == ["3"]
    assert "taken, press another" in goal(figure, 3).get_attribute("aria-valuetext")
    press(tab, figure, goal(figure, 3), "Escape")
    assert figure.root.locator(".fl-picked").count() == 0
    press(tab, figure, goal(figure, 5), "Enter", "Enter")
    assert figure.root.locator(".fl-picked").count() == 0
    assert figure.state()["order"] == OWN


def test_a_1_is_put_where_one_presses(hands):
    for road, tab, figure in hands(oracle.WIDGET, POINTERS, mode="pass", order=OWN):
        tap(road, tab, cell(figure, 2, 6))
        assert figure.state()["order"] == [0, 1, 6, 3, 4, 5, 2, 7]
        figure.set(mode="benes")
        tap(road, tab, cell(figure, 2, 2))
        assert figure.state()["order"] == OWN


def test_goals_are_one_stop_of_the_tabulator_with_names_and_room(alone):
    tab, figure = alone(360, mode="pass", order=ENDS)
    goals = figure.root.locator(".fl-goal:visible").all()
    assert len(goals) == 8
    for one in goals:
        box = one.bounding_box()
        assert min(box["width"], box["height"]) >= 24
        for attribute in ("aria-label", "aria-valuenow", "aria-valuetext"):
            assert one.get_attribute(attribute), attribute
    stops = [one.get_attribute("tabindex") for one in goals]
    assert sorted(stops) == ["-1"] * 7 + ["0"]
    press(tab, figure, goal(figure, 7), "ArrowRight", "ArrowRight", "ArrowLeft")
    focused = "document.activeElement.textContent"
    assert tab.page.evaluate(focused) == "1"
    assert goal(figure, 1).get_attribute("tabindex") == "0", "the stop goes with it"
    press(tab, figure, goal(figure, 7), "ArrowLeft", "ArrowUp")
    assert tab.page.evaluate(focused) == "7" and figure.state()["order"] == ENDS
    figure.set(mode="block")
    assert figure.root.locator(".fl-goal:visible").count() == 0


def test_controls_choose_what_there_is_to_choose(alone):
    tab, figure = alone()
    root = figure.root
    root.get_by_role("button", name="Other gates").press("Enter")
    assert figure.state()["gates"] == 1
    root.get_by_role("button", name="an order").press("Enter")
    assert figure.state()["mode"] == "pass"
    figure.settle()
    assert not root.get_by_role("button", name="Other gates").is_visible()
    names = root.locator("select").nth(1)
    for name, works in (("right", 1), ("backwards", 1), ("shuffle", 0), ("ends", 0)):
        names.select_option(name)
        order = tuple(figure.state()["order"])
        assert (order in oracle.makeable("pass", 8)) == works, name
    figure.set(order=[1, 0, 2, 3, 4, 5, 7, 6])
    assert names.input_value() == "own"
    root.locator("select").first.select_option("4")
    assert figure.state()["order"] == [3, 1, 2, 0]
    root.get_by_role("button", name="Add a stage").press("Enter")
    figure.settle()
    assert (figure.state()["mode"], figure.state()["stage"]) == ("benes", 3), "at once, unmoved"
    assert not root.locator(".fl-waist").is_visible()
    assert tab.page.evaluate("document.activeElement.textContent") == "One pass of 2 stages"


def test_a_swipe_on_the_network_or_the_product_scrolls_the_page(alone):
    tab, figure = alone(360, touch=True)
    left, top, _, side = boxes(figure, "field")[0]
    assert left > 0 and top > 0 and side > 0
    for point in (node(figure, 1, 7), cell(figure, 6, 2)):
        before, start = tab.page.evaluate("scrollY"), figure.state()
        Finger(tab).drag(point, (point[0], point[1] - 150))
        assert tab.page.evaluate("scrollY") > before + 50
        assert figure.state() == start
        back_to_the_top(tab.page)
