"""The hands of the widget `corners`, each by mouse, touch and keys."""

import numpy as np
import pytest
from kit.figures import POINTERS, drag, tap
from widgets.corners import oracle


@pytest.fixture
def alone(solo):
    """Open the widget on a page of its own: alone(width=360, cost=False) -> (tab, figure)."""
    return lambda **traits: solo(oracle.WIDGET, **traits)


def label(figure, words):
    """The middle of a text of the drawing, in page coordinates; the list may be a screen long."""
    text = figure.root.locator(".fl-drawing text", has_text=words).first
    text.scroll_into_view_if_needed()
    return figure.centre(text)


def test_a_press_on_a_name_tells_its_row(hands):
    for road, tab, figure in hands(oracle.WIDGET, POINTERS, (360, 900)):
        for name in ("Linformer", "Paramixer"):
            tap(road, tab, label(figure, name))
            figure.until(method=name)
        figure.settle()
        card = figure.root.locator(".fl-card").inner_text()
        assert "Paramixer, Yu and others (2022), gives up one softmax" in card
        assert "any length (a network for one length)" in card
        assert tab.page.evaluate("document.activeElement.matches('.fl-row')"), "and keys go on"


def test_the_chosen_row_moves_by_every_road(hands):
    for road, tab, figure in hands(oracle.WIDGET, method="S4"):
        start, end = label(figure, "S4"), label(figure, "FNet")
        if road == "keyboard":
            figure.root.locator(".fl-row").focus()
            for _ in range(oracle.NAMES.index("S4") - oracle.NAMES.index("FNet")):
                tab.page.keyboard.press("ArrowUp")
        else:
            drag(road, tab, start, end)
        figure.until(method="FNet")
        figure.settle()
        row = figure.root.locator(".fl-row")
        assert row.get_attribute("aria-valuenow") == "2"
        assert row.get_attribute("aria-valuetext").startswith("FNet is out; gives up softmax, data")


def test_keys_go_to_both_ends_and_no_further(alone):
    tab, figure = alone()
    figure.root.locator(".fl-row").focus()
    for key, name in (("Home", 0), ("ArrowUp", 0), ("ArrowDown", 1), ("End", -1), ("PageDown", -1)):
        tab.page.keyboard.press(key)
        assert figure.state()["method"] == oracle.NAMES[name], key


def test_a_property_is_demanded_by_every_road(hands):
    for road, tab, figure in hands(oracle.WIDGET):
        box = figure.root.get_by_label("all tokens in one layer")
        if road == "keyboard":
            box.focus()
            tab.page.keyboard.press("Space")
        else:
            tap(road, tab, figure.centre(box))
        figure.until(reach=True)
        figure.settle()
        kept = f"2 of {len(oracle.NAMES)} keep it all: CAT and Circulant attention"
        assert kept in figure.says()
        tap(road, tab, label(figure, "reach"))
        figure.until(reach=False)
        figure.settle()
        assert not box.is_checked(), "the head of a column is the same hand"


def crosses(figure):
    """The crosses of the drawing: two strokes each."""
    return figure.root.locator(".fl-cross").get_attribute("d").count("M") // 2


def test_a_cross_stands_where_a_demand_is_given_up(alone):
    _, figure = alone()
    rng = np.random.default_rng(5)
    for _ in range(20):
        state = oracle.random_state(rng)
        figure.set(**state)
        wanted = oracle.demanded(state)
        given_up = sum(row[3 + place][0] == "-" for row in oracle.ROWS for place in wanted)
        assert crosses(figure) == given_up, state
        bold = figure.root.locator(".fl-drawing .fl-in").all_text_contents()
        kept = [oracle.NAMES[row] for row in oracle.those(state, "in")]
        assert [name for name in bold if name in oracle.NAMES] == kept, state


def test_on_paper_it_fits_a_page(alone):
    """640 pixels wide, as the pages print figures."""
    _, figure = alone(width=666)
    figure.set(**oracle.LARGEST)
    assert figure.root.bounding_box()["height"] <= 960
