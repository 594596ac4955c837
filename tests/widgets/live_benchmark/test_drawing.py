"""Whether the drawing of `livebenchmark` is what the records say: places on logarithmic axes."""

import numpy as np
import pytest
from kit.layers import corners, discs
from widgets.live_benchmark import oracle
from widgets.live_benchmark.page import column

from fftia_lab.bench import recorded

FORWARD = "attention: forward, float32"


def entries(contender, series="forward, float32"):
    return oracle.entries(recorded("attention"), series)[contender]


def assert_logarithmic(places, sizes, values, figure):
    """Columns are those of the axis; heights are a straight function of the logarithm."""
    assert places[:, 0] == pytest.approx([column(figure, n) for n in sizes], abs=1)
    slope, start = np.polyfit(np.log(values), places[:, 1], 1)
    assert slope < 0, "more is higher"
    assert places[:, 1] == pytest.approx(slope * np.log(values) + start, abs=0.3)
    return slope, start


@pytest.mark.parametrize("quantity", ["time", "ratio"])
def test_curves_and_bands_are_the_recorded_ones(hands, quantity):
    what = {"time": "seconds", "ratio": "ratio"}[quantity]
    for _, _, figure in hands(oracle.WIDGET, (), [360, 900], quantity=quantity):
        found = entries("butterfly")
        values = [one[what]["median"] for one in found.values()]
        slope, start = assert_logarithmic(corners(figure, "rival"), found, values, figure)
        band = corners(figure, "band")[:, 1]
        ends = [one[what]["lower"] for one in found.values()]
        ends += [one[what]["upper"] for one in found.values()][::-1]
        assert band == pytest.approx(slope * np.log(ends) + start, abs=0.4)
        dense = [one[what]["median"] for one in entries("dense").values()]
        heights = corners(figure, "base")[:, 1]
        assert heights == pytest.approx(slope * np.log(dense) + start, abs=0.4), "one scale"
        others = corners(figure, "others")
        assert len(others) == len(entries("shift")) + len(entries("across heads"))


def test_points_of_a_reader_lie_on_the_same_scale(solo):
    _, figure = solo(oracle.WIDGET, measured=[oracle.MEASURED])
    found = entries("butterfly")
    medians = [one["seconds"]["median"] for one in found.values()]
    places = corners(figure, "rival")
    slope, start = np.polyfit(np.log(medians), places[:, 1], 1)
    own = oracle.entries(oracle.MEASURED, oracle.PAGE["attention"][0])["butterfly"]
    dots = discs(figure, "rival-dots")
    wanted = slope * np.log([one["seconds"]["median"] for one in own.values()]) + start
    assert dots[:, 1] == pytest.approx(wanted, abs=0.4)
    assert dots[:, 0] == pytest.approx([column(figure, n) for n in own], abs=1)
    assert len(discs(figure, "base-dots")) == len(discs(figure, "other-dots")) == 5
    assert len(corners(figure, "bars")) == 2 * 15, "each with its quartiles"


def test_colours_are_those_of_the_legend(solo):
    _, figure = solo(oracle.WIDGET)
    for layer, role in (("rival", "self"), ("base", "partner")):
        line = figure.root.locator(f".fl-drawing path.fl-{layer}")
        colour = line.evaluate("path => getComputedStyle(path).stroke")
        assert colour == figure.colour(role)
    legend = figure.root.locator(".fl-key")
    assert legend.locator(".fl-self").inner_text() == "butterfly"
    assert legend.locator(".fl-partner").inner_text() == "dense"
    run = recorded("attention")
    said = f"recorded {run['date'][:10]} on one thread of {run['device']['name']} by "
    assert f"{said}python -m fftia_lab.bench run attention." in legend.inner_text()


def test_grey_lines_are_named_from_above(solo):
    _, figure = solo(oracle.WIDGET, series="attention: core, forward, float32", n=4096)
    found = oracle.entries(recorded("attention"), "core, forward, float32")
    at = {name: sizes[4096]["seconds"]["median"] for name, sizes in found.items() if 4096 in sizes}
    shown = figure.state()
    grey = sorted(at.keys() - {shown["rival"], "SDPA"}, key=at.get, reverse=True)
    told = figure.root.locator(".fl-key").inner_text().partition("grey, at N = 4,096 from above: ")
    named = [one.rpartition(" (")[0] or one for one in told[2].splitlines()[0].split("; ")]
    assert named == [*grey, "published loop"], "the loop was too slow to be measured there"


def test_what_was_never_measured_is_said_and_drawn_empty(solo):
    tab, figure = solo(oracle.WIDGET, records=[])
    said = "At N = 16,384 nothing was measured here yet, and no run of this is recorded."
    assert figure.says() == said
    assert corners(figure, "rival").size == discs(figure, "rival-dots").size == 0
    save = figure.root.get_by_role("button", name="Save the run")
    assert save.get_attribute("aria-disabled") == "true"
    tab.settle()
    assert tab.trouble == []
