"""The hands of `fusionplan`: a place, the tile's edge, the number of places; by every road."""

import pytest
from kit.figures import POINTERS, Finger, back_to_the_top, press
from kit.layers import boxes, lines
from widgets.fusion_plan import oracle
from widgets.fusion_plan.page import at, bit, drag, middle, on_page, tap, value_text

WIDTHS = [360, 900]


def test_a_place_is_dragged_over_the_map(hands):
    for road, tab, figure in hands(oracle.WIDGET, widths=WIDTHS):
        if road == "keyboard":
            press(tab, figure, ".fl-place", *["ArrowDown"] * 3, *["ArrowLeft"] * 2, "PageDown")
            assert figure.state()["place"] == 37 + 3 * 32 - 2 + 8 * 32
        else:
            drag(road, tab, figure, "place", at(figure, 700))
            assert figure.state()["place"] == 700
        place = figure.state()["place"]
        assert middle(figure, "place") == pytest.approx(at(figure, place), abs=0.6)
        assert value_text(figure, "place").startswith(f"place {place}: its program holds 32 places")
        assert f"the program of place {place} holds" in figure.says()


def test_a_hand_beyond_the_map_stays_at_its_border(hands):
    for road, tab, figure in hands(oracle.WIDGET, POINTERS):
        drag(road, tab, figure, "place", at(figure, 1023) + 60)
        assert figure.state()["place"] == 1023
        drag(road, tab, figure, "place", [at(figure, 1000)[0], at(figure, 1023)[1] + 60])
        assert figure.state()["place"] == 1000, "the last row, in the column of the hand"
        drag(road, tab, figure, "place", at(figure, 0) - 12)
        assert figure.state()["place"] == 0


def test_the_edge_of_the_tile_is_dragged_and_launches_fall_away(hands):
    for road, tab, figure in hands(oracle.WIDGET, widths=WIDTHS, n=65536, stage=16, place=0):
        assert value_text(figure, "tile") == "tile of 32 places: 4 launches"
        seen = []
        for number in (6, 7, 8):
            if road == "keyboard":
                press(tab, figure, ".fl-tile", "ArrowRight")
            else:
                drag(road, tab, figure, "tile", [bit(figure, number), middle(figure, "tile")[1]])
            state = figure.state()
            assert state["tile"] == 1 << number
            seen.append(len(boxes(figure, "trays")))
        assert seen == [3, 3, 2], "and in between nothing is gained"


def test_the_number_of_places_is_dragged_and_the_figure_stays_at_its_end(hands):
    for road, tab, figure in hands(oracle.WIDGET, widths=WIDTHS):
        if road == "keyboard":
            press(tab, figure, ".fl-size", *["ArrowRight"] * 4, "ArrowLeft")
        else:
            drag(road, tab, figure, "size", [bit(figure, 13), middle(figure, "size")[1]])
        state = figure.state()
        assert (state["n"], state["stage"]) == (8192, 13)
        assert value_text(figure, "size") == "8,192 places: 13 stages"
        assert middle(figure, "size")[0] == pytest.approx(lines(figure, "axis")[0, 2], abs=0.6)


def test_handles_end_where_the_ruler_does(solo):
    tab, figure = solo(oracle.WIDGET)
    press(tab, figure, ".fl-tile", "End", "ArrowRight")
    press(tab, figure, ".fl-size", "End", "ArrowUp")
    assert (figure.state()["tile"], figure.state()["n"]) == (256, 1 << 20)
    press(tab, figure, ".fl-tile", "Home", "ArrowDown")
    press(tab, figure, ".fl-size", "Home", "ArrowLeft")
    assert (figure.state()["tile"], figure.state()["n"]) == (32, 256)
    press(tab, figure, ".fl-place", "End", "ArrowRight", "ArrowDown")
    assert figure.state()["place"] == 255
    press(tab, figure, ".fl-place", "Home", "ArrowLeft", "PageUp")
    assert figure.state()["place"] == 0


def test_a_hand_that_grabs_beside_the_middle_moves_nothing(solo):
    tab, figure = solo(oracle.WIDGET)
    start = figure.state()
    for name in ("place", "tile", "size"):
        x, y = on_page(figure, middle(figure, name))
        tab.page.mouse.move(x + 5, y - 4)
        tab.page.mouse.down()
        tab.page.mouse.move(x + 5, y - 4)
        tab.page.mouse.up()
        figure.settle()
        assert figure.state() == start, name


def test_a_press_on_the_map_or_a_column_goes_there(hands):
    for road, tab, figure in hands(oracle.WIDGET, POINTERS, WIDTHS):
        tap(road, tab, figure, at(figure, 500))
        assert figure.state()["place"] == 500
        _, y, _, tall = boxes(figure, "trays")[0]
        tap(road, tab, figure, [(bit(figure, 3) + bit(figure, 4)) / 2, y + tall / 2])
        assert figure.state()["stage"] == 4, "column 3 is the fourth stage"
        before = figure.state()
        left, top, wide, _ = boxes(figure, "room")[0]
        tap(road, tab, figure, [left + wide / 2, top + 3])
        assert figure.state() == before, "a bar is only looked at"


def test_no_hand_lies_under_another(hands):
    free = """handle => {
      const {x, y, width, height} = handle.getBoundingClientRect();
      return document.elementFromPoint(x + width / 2, y + height / 2)?.closest('button') === handle;
    }"""
    for _, _, figure in hands(oracle.WIDGET, (), WIDTHS):
        for n in (256, 4096, 1 << 20):
            for tile in (32, 256):
                figure.set(n=n, tile=tile, place=0)
                for name in ("place", "tile", "size"):
                    assert figure.root.locator(f".fl-{name}").evaluate(free), (n, tile, name)


def test_a_number_of_the_table_is_a_plan(hands):
    for road, tab, figure in hands(oracle.WIDGET):
        cell = figure.root.locator(".fl-count[aria-label^='tile 256, N = 65,536:']")
        if road == "touch":
            cell.tap()
        elif road == "mouse":
            cell.click()
        else:
            keys = ["ArrowDown"] * 3 + ["ArrowRight"] * 3
            press(tab, figure, ".fl-count[tabindex='0']", *keys, "Enter")
        figure.settle()
        state = figure.state()
        assert (state["tile"], state["n"], state["stage"]) == (256, 65536, 16)
        assert cell.get_attribute("aria-pressed") == "true"
        assert cell.get_attribute("aria-label").endswith(": 2 launches")
        assert figure.root.locator(".fl-count[tabindex='0']").count() == 1


def test_controls_choose_the_head_and_the_datasheet(solo):
    _, figure = solo(oracle.WIDGET)
    width, device = figure.root.locator("select").all()
    width.select_option("128")
    device.select_option("A100")
    assert (figure.state()["dim_head"], figure.state()["device"]) == (128, "A100")
    figure.settle()
    card = figure.root.locator(".fl-card").inner_text()
    assert "on an A100 is a bound computed" in card and "compiled for sm_80" in card
    labels = figure.root.locator(".fl-drawing text").all_text_contents()
    assert "on chip: 16\u00a0KiB of 256\u00a0KiB of registers" in labels
    figure.root.get_by_role("button", name="Reset").press("Enter")
    assert (figure.state()["dim_head"], figure.state()["device"]) == (64, "H200")


def test_a_swipe_over_map_and_bars_scrolls_the_page(solo):
    tab, figure = solo(oracle.WIDGET, 360, touch=True)
    for layer in ("field", "room"):
        left, top, wide, tall = boxes(figure, layer)[0]
        start, before = figure.state(), tab.page.evaluate("scrollY")
        point = on_page(figure, [left + wide - 20, top + tall - 4])
        Finger(tab).drag(point, (point[0], point[1] - 150))
        assert tab.page.evaluate("scrollY") > before + 50, layer
        assert figure.state() == start
        back_to_the_top(tab.page)
