"""The hands of `costexplorer`: tokens, channels and heads by every road, and its choices."""

import numpy as np
from kit.figures import POINTERS, Finger, back_to_the_top, press
from kit.layers import lines
from widgets.cost_explorer import oracle
from widgets.cost_explorer.oracle import DIMS, HEADS
from widgets.cost_explorer.page import at, drag, middle, on_page, rail, tap, value_text

WIDTHS = [360, 900]
HANDLES = ("tokens", "channels", "heads")


def test_the_number_of_tokens_is_dragged_along_the_axis(hands):
    for road, tab, figure in hands(oracle.WIDGET, widths=WIDTHS):
        if road == "keyboard":
            press(tab, figure, ".fl-tokens", "ArrowRight", "PageUp", "ArrowDown")
        else:
            drag(road, tab, figure, "tokens", [at(figure, 32768) + 3, middle(figure, "tokens")[1]])
        assert figure.state()["n"] == 32768
        assert abs(middle(figure, "tokens")[0] - at(figure, 32768)) < 0.6
        assert value_text(figure, "tokens").startswith("32,768 tokens: dense ")
        assert figure.says().startswith("At 32,768 tokens of 256 channels on an AMD EPYC")


def test_channels_and_heads_are_dragged_along_their_rails(hands):
    for road, tab, figure in hands(oracle.WIDGET, widths=WIDTHS):
        if road == "keyboard":
            press(tab, figure, ".fl-channels", "ArrowUp", "ArrowRight")
            press(tab, figure, ".fl-heads", "PageUp", "ArrowLeft")
        else:
            drag(road, tab, figure, "channels", rail(figure, 0, 3, len(DIMS)))
            drag(road, tab, figure, "heads", rail(figure, 1, 4, len(HEADS)))
        assert (figure.state()["dim"], figure.state()["heads"]) == (1024, 16)
        assert value_text(figure, "channels") == "1,024 channels"
        assert value_text(figure, "heads") == "16 heads of 64"
        assert "with so many channels and heads" in figure.says(), "those runs are of others"


def test_handles_end_where_their_rows_do(solo):
    tab, figure = solo(oracle.WIDGET)
    for name in HANDLES:
        press(tab, figure, f".fl-{name}", "End", "ArrowRight", "PageUp")
    state = figure.state()
    assert (state["n"], state["dim"], state["heads"]) == (131072, 4096, 32)
    for name in HANDLES:
        press(tab, figure, f".fl-{name}", "Home", "ArrowLeft", "PageDown")
    state = figure.state()
    assert (state["n"], state["dim"], state["heads"]) == (16, 128, 1)


def test_a_hand_beyond_the_plot_stays_at_its_border(hands):
    for road, tab, figure in hands(oracle.WIDGET, POINTERS):
        drag(road, tab, figure, "tokens", np.add(middle(figure, "tokens"), [600, 0]))
        assert figure.state()["n"] == 131072
        drag(road, tab, figure, "tokens", np.subtract(middle(figure, "tokens"), [800, 0]))
        assert figure.state()["n"] == 16


def test_a_press_on_the_plot_or_a_rail_goes_there(hands):
    for road, tab, figure in hands(oracle.WIDGET, POINTERS, WIDTHS):
        top = lines(figure, "grid")[-1, 1]
        tap(road, tab, figure, [at(figure, 256), top + 40])
        assert figure.state()["n"] == 256
        tap(road, tab, figure, rail(figure, 0, 5, len(DIMS)))
        tap(road, tab, figure, rail(figure, 1, 0, len(HEADS)))
        assert (figure.state()["dim"], figure.state()["heads"]) == (4096, 1)
        before = figure.state()
        tap(road, tab, figure, [6, top - 20])
        assert figure.state() == before, "beside the plot a press is none"


def test_a_hand_that_grabs_beside_the_middle_moves_nothing(solo):
    tab, figure = solo(oracle.WIDGET, 360)  # where steps are shorter than a handle
    start = figure.state()
    for name in HANDLES:
        x, y = on_page(figure, middle(figure, name))
        tab.page.mouse.move(x + 15, y - 8)
        tab.page.mouse.down()
        tab.page.mouse.move(x + 15, y - 8)
        tab.page.mouse.up()
        figure.settle()
        assert figure.state() == start, name


def test_what_a_finger_takes_is_large_and_lies_free(hands):
    free = """handle => {
      const {x, y, width, height} = handle.getBoundingClientRect();
      return document.elementFromPoint(x + width / 2, y + height / 2)?.closest('button') === handle;
    }"""
    for _, _, figure in hands(oracle.WIDGET, (), WIDTHS):
        for n, dim, heads in ((16, 128, 1), (131072, 4096, 32), (4096, 1024, 4)):
            figure.set(n=n, dim=dim, heads=heads)
            for name in HANDLES:
                handle = figure.root.locator(f".fl-{name}.fl-handle")
                box = handle.bounding_box()
                assert min(box["width"], box["height"]) >= 44, name
                assert handle.evaluate(free), (n, dim, heads, name)
        for control in figure.root.locator("select, .fl-scene, .fl-reset").all():
            assert control.bounding_box()["height"] >= 44


def test_choices_change_the_device_the_numbers_and_the_projection(solo):
    _, figure = solo(oracle.WIDGET)
    device, numbers, projection = figure.root.locator("select").all()
    device.select_option("L4")
    numbers.select_option("16-bit")
    projection.select_option("model")
    figure.settle()
    state = figure.state()
    assert (state["device"], state["dtype"], state["projection"]) == ("L4", "16-bit", "model")
    card = figure.root.locator(".fl-card").inner_text()
    assert "datasheet of the L4, 16-bit, not measured times" in card
    assert "Points: not yet measured." in card and "Not yet measured on an L4." in figure.says()
    options = device.locator("option").all_text_contents()
    assert options[0] == "AMD EPYC, measured" and options[1] == "T4, datasheet"
    figure.root.get_by_role("button", name="Reset").press("Enter")
    figure.settle()
    assert figure.state()["device"] == "AMD EPYC"
    assert "Points: medians of runs" in figure.root.locator(".fl-card").inner_text()


def test_a_swipe_over_the_plot_scrolls_the_page(solo):
    tab, figure = solo(oracle.WIDGET, 360, touch=True)
    start, before = figure.state(), tab.page.evaluate("scrollY")
    left, y, *_ = lines(figure, "grid")[2]
    point = on_page(figure, [left + 30, y])
    Finger(tab).drag(point, (point[0], point[1] - 150))
    assert tab.page.evaluate("scrollY") > before + 50
    assert figure.state() == start
    back_to_the_top(tab.page)
