"""The hands of `livebenchmark`: the size, by every road; the choices; files; room for fingers."""

import json

import pytest
from kit.figures import POINTERS, press, tap
from widgets.live_benchmark import oracle
from widgets.live_benchmark.page import column, drag_to, hand, on_page

from fftia_lab.bench import recorded

WIDTHS = [360, 900]
NOTE = "document.querySelector('.fl-note').textContent"


def test_the_size_is_dragged_along_the_axis(hands):
    for road, tab, figure in hands(oracle.WIDGET, widths=WIDTHS, n=4096):
        if road == "keyboard":
            press(tab, figure, ".fl-size", "ArrowLeft", "ArrowDown")
        else:
            drag_to(road, tab, figure, 1024)
        assert figure.state()["n"] == 1024
        assert hand(figure)[0] == pytest.approx(column(figure, 1024), abs=1)
        text = figure.root.locator(".fl-size").get_attribute("aria-valuetext")
        assert text.startswith("N = 1,024, butterfly ") and "dense " in text
        assert "At N = 1,024 on one thread of AMD EPYC butterfly takes" in figure.says()


def test_the_size_ends_where_the_axis_does(hands):
    for road, tab, figure in hands(oracle.WIDGET, n=4096):
        if road == "keyboard":
            press(tab, figure, ".fl-size", "End", "ArrowRight", "ArrowUp")
        else:
            drag_to(road, tab, figure, 2**18)
        assert figure.state()["n"] == 32768
        press(tab, figure, ".fl-size", "Home", "ArrowLeft")
        assert figure.state()["n"] == 512


def test_a_press_on_the_drawing_goes_to_the_nearest_size(hands):
    for road, tab, figure in hands(oracle.WIDGET, POINTERS, WIDTHS):
        tap(road, tab, on_page(figure, column(figure, 2048) + 4, 120))
        figure.settle()
        assert figure.state()["n"] == 2048


def test_a_size_that_a_series_has_not_waits(solo):
    _, figure = solo(oracle.WIDGET, n=1000003, series="fft: other lengths")
    figure.set(series="attention: forward, float32")
    assert figure.state()["n"] == 1000003
    assert "At N = 32,768 " in figure.says()
    figure.set(series="fft: other lengths")
    assert "At N = 1,000,003 " in figure.says()


def test_choices_say_what_is_compared(solo):
    tab, figure = solo(oracle.WIDGET)
    series, rival, quantity, run = figure.root.locator("select").all()
    series.select_option("mixing: training, float32")
    figure.settle()
    rival.select_option("mixing, causal")
    quantity.select_option("ratio")
    figure.settle()
    assert not run.is_visible(), "one device: nothing to choose"
    assert figure.state()["rival"] == "mixing, causal"
    assert "mixing, causal takes" in figure.says()
    labels = figure.root.locator(".fl-drawing text").all_text_contents()
    assert "times dense" in labels and "1" in labels
    card = figure.root.locator(".fl-card").inner_text()
    assert card == "This page's GPU can measure attention and the FFT, not mixing."
    measure = figure.root.get_by_role("button", name="Measure on this page's GPU")
    assert measure.get_attribute("aria-disabled") == "true"
    measure.click(force=True)
    assert tab.page.evaluate(NOTE) == "", "and nothing happens"


def test_a_second_device_can_be_chosen(solo):
    other = json.loads(json.dumps(recorded("attention")))
    other["device"]["name"] = "another"
    _, figure = solo(oracle.WIDGET, records=["attention", other])
    choice = figure.root.locator("select").nth(3)
    assert choice.is_visible()
    choice.select_option("one thread of another")
    figure.settle()
    assert figure.state()["run"] == 1
    assert "on one thread of another butterfly takes" in figure.says()


def test_a_run_is_loaded_and_lies_over_the_recorded_one(solo, tmp_path):
    tab, figure = solo(oracle.WIDGET, n=512)
    file = figure.root.locator("input[type=file]")
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(oracle.MEASURED), "utf-8")
    file.set_input_files(path)
    tab.page.wait_for_function(f"{NOTE} !== ''")
    figure.settle()
    assert tab.page.evaluate(NOTE) == "Loaded mine.json: attention on a GPU of a test."
    assert "The two differ about who is faster at N = 512 and 1,024." in figure.says()
    assert "In your run butterfly takes" in figure.says()
    kept = figure.root.evaluate("root => root.figure.view().own.contenders.dense.length")
    assert kept == 5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no JSON", "This file is no run: it is not JSON."),
        ("{}", "This file is no run: its “name” is missing or wrong."),
        ("[1, 2]", "This file is no run: its “name” is missing or wrong."),
        ("null", "This file is no run: its “name” is missing or wrong."),
        (
            json.dumps({**oracle.MEASURED, "name": "cooking"}),
            "This is a run of “cooking”, which this figure does not show.",
        ),
    ],
)
def test_a_file_that_is_no_run_is_refused_in_words(solo, tmp_path, text, said):
    tab, figure = solo(oracle.WIDGET)
    path = tmp_path / "mine.json"
    path.write_text(text, "utf-8")
    figure.root.locator("input[type=file]").set_input_files(path)
    tab.page.wait_for_function(f"{NOTE} !== ''")
    assert tab.page.evaluate(NOTE) == said
    assert figure.root.evaluate("root => root.figure.view().own") is None


def test_there_is_room_for_a_finger(hands):
    for _, _, figure in hands(oracle.WIDGET, (), WIDTHS):
        parts = figure.root.locator("button:not(.fl-tool):visible, select:visible, .fl-load").all()
        assert len(parts) >= 7
        for part in parts:
            box = part.bounding_box()
            assert box["height"] >= 44, part.inner_text()
        box = figure.root.locator(".fl-size").bounding_box()
        assert box["width"] >= 44
