"""The figures of runs and of growth: what they draw is what the data says."""

import copy
import html

import numpy as np
import pytest
from paths import ROOT

from fftia_lab.bench import floors_of, load, recorded
from fftia_lab.figures import lines_figure, timing_figure

RUN = load(ROOT / "book" / "results" / "fft.json")
SAID = {"title": "t", "alt": "what it shows"}


def medians(run, contender, quantity):
    return {
        one["shape"][-1]: one[quantity]["median"]
        for one in run["entries"]
        if (one["series"], one["contender"]) == ("single", contender)
    }


def named(figure):
    """Name at a line's end -> the trace of that line, matched by their colour-free order."""
    names = list(
        dict.fromkeys(one["contender"] for one in RUN["entries"] if one["series"] == "single")
    )
    return dict(zip(names, figure.data, strict=False))


@pytest.mark.parametrize("quantity", ["seconds", "ratio"])
def test_lines_are_the_records(quantity):
    figure = timing_figure(RUN, "single", quantity=quantity, **SAID)
    lines = named(figure)
    assert len(lines) == len(figure.data) == 7
    for name, line in lines.items():
        wanted = medians(RUN, name, quantity)
        assert dict(zip(line.x, line.y, strict=True)) == wanted
        assert all(text.startswith(f"{name}, ") for text in line.text)
    entry = next(one for one in RUN["entries"] if one["contender"] == "fft")[quantity]
    bars = lines["fft"].error_y
    assert lines["fft"].y[0] + bars.array[0] == pytest.approx(entry["upper"])
    assert lines["fft"].y[0] - bars.arrayminus[0] == pytest.approx(entry["lower"])


def test_device_date_and_rounds_stand_below():
    figure = timing_figure(RUN, "single", **SAID)
    (note,) = [one.text for one in figure.layout.annotations if one.text.startswith("●")]
    for part in ("1 thread", RUN["software"]["numpy"], RUN["date"][:10], "31 rounds"):
        assert part in note
    assert figure.layout.meta["alt"] == "what it shows"


def test_a_run_of_attention_counts_tokens_and_names_pytorch():
    run = recorded("attention")
    figure = timing_figure(run, "forward, float32", quantity="ratio", xlabel="tokens", **SAID)
    (note,) = [one.text for one in figure.layout.annotations if one.text.startswith("●")]
    assert f"PyTorch {run['software']['torch']}" in note and "5 to 31 rounds" in note
    assert figure.layout.xaxis.title.text == "tokens"
    axis = figure.layout.yaxis
    for mark, text in zip(axis.tickvals, axis.ticktext, strict=True):
        above, _, below = text.replace(",", "").partition("/")
        assert mark == pytest.approx(int(above) / int(below or 1))
    lowest, highest = min(figure.data[1].y), max(figure.data[3].y)
    assert sum(lowest < mark < highest for mark in axis.tickvals) >= 3, "marks beside the lines"


def test_a_second_run_is_drawn_over_the_first_and_named():
    mine = copy.deepcopy(RUN)
    mine["device"]["name"], mine["device"]["threads"] = "A toaster(R)", None
    figure = timing_figure(RUN, "single", mine=mine, **SAID)
    circles = [trace for trace in figure.data if trace.marker.symbol == "circle-open"]
    assert len(circles) == 7
    assert list(circles[0].y) == list(figure.data[0].y)
    (note,) = [one.text for one in figure.layout.annotations if one.text.startswith("○")]
    assert note.startswith("○ A toaster, threads not set<br>")


def test_names_stand_at_the_ends_and_apart():
    figure = timing_figure(RUN, "single", **SAID)
    names = [one for one in figure.layout.annotations if one.xref != "paper"]
    assert {one.text for one in names} == set(named(figure))
    edge = [one for one in names if one.x == pytest.approx(np.log10(2**20))]
    assert len(edge) == 5
    places = sorted(one.y for one in edge)
    span = figure.layout.height - figure.layout.margin.t - figure.layout.margin.b
    values = [one["seconds"][q] for one in RUN["entries"] for q in ("lower", "upper")]
    pixels = np.diff(places) * span / np.ptp(np.log10(values))
    assert pixels.min() > 14
    for one in edge:
        end = np.log10(medians(RUN, one.text, "seconds")[2**20])
        assert one.y >= end - 1e-9, "a name is pushed up, never down"


@pytest.mark.parametrize("width", [150, 420])
def test_no_line_crosses_a_name_where_another_line_ends_before_it(width):
    """On a phone the axis is 150 pixels wide; a letter of 12 pixels takes 6.5 at most."""
    figure = timing_figure(RUN, "single", **SAID)
    high = figure.layout.height - figure.layout.margin.t - figure.layout.margin.b
    spans = [np.log10([min(x), max(x)]) for x in ([2**10, 2**20], all_values())]

    def pixel(values, axis, pixels):
        first, last = spans[axis]
        return (np.asarray(values) - first) / (last - first) * pixels

    early = [one for one in figure.layout.annotations if one.yshift and one.xref != "paper"]
    assert {one.text for one in early} == {"dft", "fft_recursive"}
    for name in early:
        right = pixel(name.x, 0, width) + name.xshift
        left, middle = right - 6.5 * len(name.text), pixel(name.y, 1, high) + name.yshift
        for contender, line in named(figure).items():
            x, y = pixel(np.log10(line.x), 0, width), pixel(np.log10(line.y), 1, high)
            places = np.linspace(max(left, x[0]), min(right, x[-1]), 50)
            inside = np.abs(np.interp(places, x, y) - middle) < 6
            assert left > x[-1] or right < x[0] or not inside.any(), (name.text, contender)


def all_values():
    return [one["seconds"][q] for one in RUN["entries"] for q in ("lower", "upper")]


def test_some_lines_only():
    figure = timing_figure(RUN, "single", only=["fft", "numpy.fft.fft"], mine=RUN, **SAID)
    assert len(figure.data) == 4
    assert list(figure.data[1].y) == list(medians(RUN, "fft", "seconds").values())
    bare = timing_figure(RUN, "single", only=["fft"], **SAID)
    assert bare.layout.height < figure.layout.height, "no room is kept for what is not there"


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(
        ValueError, match="nothing to draw of series 'sing'; the run has aftermath, batched"
    ):
        timing_figure(RUN, "sing", **SAID)
    with pytest.raises(ValueError, match="got 'time'"):
        timing_figure(RUN, "single", quantity="time", **SAID)
    with pytest.raises(ValueError, match="nothing to draw"):
        timing_figure(RUN, "single", only=["fftw"], **SAID)


def test_growth():
    lines = {"short": {16: 1.0, 32: 2.0}, "long": {16: 1.0, 32: 4.0, 64: 16.0}}
    figure = lines_figure(lines, ylabel="y", strong=["long"], **SAID)
    assert [list(trace.x) for trace in figure.data] == [[16, 32], [16, 32, 64]]
    assert list(figure.data[1].y) == [1.0, 4.0, 16.0]
    assert figure.data[1].line.width > figure.data[0].line.width
    ends = {one.text: (10**one.x, 10**one.y) for one in figure.layout.annotations}
    assert ends["short"] == pytest.approx((32, 2)) and ends["long"] == pytest.approx((64, 16))
    assert list(figure.layout.xaxis.ticktext) == ["2<sup>4</sup>", "2<sup>5</sup>", "2<sup>6</sup>"]


MARKUP = "<a href='javascript:x'>R & D</a>"


def test_the_words_of_a_run_are_no_markup():
    """plotly draws `<b>`, `<a href=…>` and their like in every text; &lt; is a plain `<` to it."""
    run = copy.deepcopy(RUN)
    run["device"]["name"] = run["software"]["numpy"] = MARKUP
    run["date"] = "<b>2026-11"
    for one in run["entries"]:
        one["contender"] += MARKUP
        one["baseline"] += MARKUP
    drawn = timing_figure(run, "single", mine=run, **SAID).to_plotly_json()
    texts = [text for trace in drawn["data"] for text in trace["text"]]
    texts += [note["text"] for note in drawn["layout"]["annotations"]]
    assert len(texts) > 100
    for text in texts:
        assert "<" not in text.replace("<br>", ""), text
        assert html.unescape(text) != text, "the characters are still there"
    assert any(f"fft{MARKUP}" == html.unescape(text) for text in texts)


def test_floors_are_dotted_below_those_that_have_one():
    limits = {"fft": {1024: 1e-7, 4096: 4e-7}, "nobody": {1024: 1.0}, "dft": {}}
    figure = timing_figure(RUN, "single", floors=limits, **SAID)
    (line,) = [one for one in figure.data if one.line.dash == "dot"]
    assert (tuple(line.x), tuple(line.y)) == ((1024, 4096), (1e-7, 4e-7))
    assert line.text[0] == "fft cannot take less than 100 ns"
    assert line.line.color == named(figure)["fft"].line.color
    with pytest.raises(ValueError, match="floors are seconds; got quantity='ratio'"):
        timing_figure(RUN, "single", quantity="ratio", floors=limits, **SAID)


def test_a_run_gives_the_floors_of_a_series():
    spread = {"median": 2.0, "lower": 2.0, "upper": 2.0}
    shared = {"dtype": "float32", "seconds": spread, "contender": "a", "shape": [8]}
    entries = [
        shared | {"series": "copy", "work": {"products": 0, "bytes": 2}},
        shared | {"series": "core", "work": {"products": 0, "bytes": 5}},
        shared | {"series": "core", "contender": "b"},
        shared | {"series": "core", "shape": [1, 16], "work": {"products": 0, "bytes": 7}},
    ]
    run = {"name": "attention", "entries": entries}
    assert floors_of(run, "core") == {"a": {8: 5.0, 16: 7.0}}
    assert floors_of(run, "nothing") == {} == floors_of(RUN, "single")
