"""`LiveBenchmark` in Python: its tables, what it refuses, the kernel that measures for a page."""

import json

import pytest
from traitlets import TraitError
from widgets.live_benchmark import oracle

from fftia_lab.bench import IncompleteRecord, load, machine, recorded, suites
from fftia_lab.widgets import LiveBenchmark
from fftia_lab.widgets.live_benchmark import kernel, tables

JS = """//given
import { CONTESTS } from "./live_benchmark/contests.js";
import { curvesOf, withRun } from "./live_benchmark/curves.js";
import { parse } from "./live_benchmark/record.js";
"""


def test_boards_are_the_series_that_compare_somebody():
    assert list(LiveBenchmark().tables["boards"]) == list(oracle.BOARDS)
    for key, board in LiveBenchmark().tables["boards"].items():
        suite, series, baseline, rivals, sizes, held = oracle.BOARDS[key]
        assert (board["suite"], board["series"], board["baseline"]) == (suite, series, baseline)
        assert (board["rivals"], board["sizes"], len(board["runs"])) == (rivals, sizes, bool(held))


def test_without_records_the_page_measures_alone():
    figure = LiveBenchmark(records=[], lengths=[64, 128])
    assert list(figure.tables["boards"]) == [f"{k}: {v[0]}" for k, v in oracle.PAGE.items()]
    assert (figure.series, figure.n, figure.rival) == (
        "attention: attention alone, float32",
        128,
        "butterfly",
    )


def test_two_devices_share_a_board():
    other = json.loads(json.dumps(recorded("attention")))
    other["device"]["name"] = "another"
    other["entries"] = [one for one in other["entries"] if one["shape"][-1] < 4096]
    figure = LiveBenchmark(["attention", other], run=1)
    board = figure.tables["boards"]["attention: forward, float32"]
    assert board["runs"] == [0, 1] and board["sizes"][-1] == 32768
    assert [run["device"]["name"] for run in figure.tables["runs"]] == ["AMD EPYC", "another"]


@pytest.mark.parametrize(
    ("traits", "message"),
    [
        ({"n": 100}, r"n must be one of \[128, 256, 512, 1000, 1009"),
        ({"series": "attention"}, "series must be one of .*'attention: forward, float32'"),
        ({"rival": "dense"}, "rival must be one of"),
        ({"run": 3}, r"run must be one of \[0, 1, 2\]; got 3"),
        ({"quantity": "bytes"}, "quantity"),
        ({"lengths": [64, 100.5]}, "lengths"),
    ],
)
def test_what_cannot_be_is_refused(traits, message):
    with pytest.raises(TraitError, match=message):
        LiveBenchmark(**traits)


def test_a_record_that_is_not_there_is_named():
    with pytest.raises(FileNotFoundError, match="attention"):
        LiveBenchmark(["nothing"])


# ---- the same in JavaScript ----------------------------------------------------------------------
def test_python_and_the_page_know_the_same_contests(engine):
    code = """answer(Object.entries(CONTESTS).map(([suite, one]) => [suite, one.series,
      one.baseline, one.contenders, Object.keys(one.make(64)), one.shape(64)]));"""
    found = engine.run(JS + code)
    wanted = [
        [suite, series, baseline, [baseline, *rivals]]
        for suite, (series, baseline, rivals) in tables.PAGE.items()
    ]
    assert [one[:4] for one in found] == wanted
    assert [one[4] for one in found] == [one[3] for one in wanted]
    assert [one[5] for one in found] == [[64], [64, 64]]


@pytest.mark.parametrize("name", ["attention", "mixing", "fft"])
def test_curves_are_the_same_in_both_languages(engine, name):
    record = recorded(name)
    found = engine.run(f"{JS}answer(curvesOf(given));", record)
    assert found == json.loads(json.dumps(tables.curves(record)))


def test_a_run_takes_the_place_of_that_of_its_device(engine):
    first, again = oracle.MEASURED, oracle.made([512], [0.5])
    other = first | {"device": {**first["device"], "name": "another"}}
    figure = LiveBenchmark(measured=[first, other])
    figure.keep(again)
    assert figure.measured == [other, again]
    given = {"all": [first, other], "one": again}
    assert engine.run(f"{JS}answer(withRun(given.all, given.one));", given) == [other, again]


# ---- the form of a record ------------------------------------------------------------------------
BROKEN = [
    (lambda record: record.pop("entries"), "“entries” is missing or wrong"),
    (lambda record: record["entries"][0].pop("seconds"), "“entries” is missing or wrong"),
    (lambda record: record["device"].update(name=""), "“device” is missing or wrong"),
    (lambda record: record.update(complete="yes"), "“complete” is missing or wrong"),
    (lambda record: record.update(entries=[]), "holds nothing"),
]
# What the page could not draw, though Python takes it for a record.
UNDRAWABLE = [
    lambda record: record["entries"][0]["seconds"].update(lower=0),
    lambda record: record["entries"][0]["ratio"].update(median=9.0),
    lambda record: record["entries"][0]["ratio"].update(median=0.1),
    lambda record: record["entries"][0].update(shape=[]),
    lambda record: record["entries"][0].update(shape=[0]),
]


@pytest.mark.parametrize(("spoil", "said"), BROKEN)
def test_a_broken_record_is_refused_in_both_languages(engine, tmp_path, spoil, said):
    record = json.loads(json.dumps(oracle.MEASURED))
    path = tmp_path / "run.json"
    path.write_text(json.dumps(record), "utf-8")
    assert load(path) == record, "whole it is one"
    spoil(record)
    path.write_text(json.dumps(record), "utf-8")
    with pytest.raises(IncompleteRecord, match="is no finished run"):
        load(path)
    code = "try { parse(given); answer(''); } catch (error) { answer(error.message); }"
    assert said in engine.run(JS + code, json.dumps(record))


@pytest.mark.parametrize("spoil", UNDRAWABLE)
def test_what_no_axis_has_room_for_is_refused(engine, spoil):
    record = json.loads(json.dumps(oracle.MEASURED))
    spoil(record)
    code = "try { parse(given); answer(''); } catch (error) { answer(error.message); }"
    assert "“entries” is missing or wrong" in engine.run(JS + code, json.dumps(record))


def test_any_name_is_a_name_and_points_go_by_size(engine):
    record = json.loads(json.dumps(oracle.MEASURED))
    record["entries"].reverse()
    for one, name in zip(record["entries"], ["__proto__", "constructor"] * 9, strict=False):
        one["contender"] = name
    found = engine.run(f"{JS}answer(curvesOf(given));", record)
    assert found == json.loads(json.dumps(tables.curves(record)))
    points = found["series"][oracle.PAGE["attention"][0]]["contenders"]["constructor"]
    assert [n for n, *_ in points] == sorted(n for n, *_ in points)


def test_a_run_of_another_series_lies_on_no_board_of_the_page(engine):
    strange = json.loads(json.dumps(oracle.MEASURED))
    for one in strange["entries"]:
        one["series"] = "of my own"
    state = {**oracle.LARGEST, "series": "attention: forward, float32"}
    ((_, view, _),) = engine.views(LiveBenchmark(measured=[strange]), [state])
    assert view["own"] is None


def test_an_interrupted_run_may_be_looked_at_and_is_no_finished_one(engine, tmp_path):
    record = oracle.made([256], [1.2], complete=False)
    assert engine.run(f"{JS}answer(parse(given));", json.dumps(record)) == record
    (tmp_path / "run.json").write_text(json.dumps(record), "utf-8")
    with pytest.raises(IncompleteRecord, match="the run was interrupted"):
        load(tmp_path / "run.json")


# ---- the kernel ----------------------------------------------------------------------------------
class Pretended:
    """A run that does what a test says."""

    made = None

    def __init__(self, suite, *, device, on_progress, on_state):
        self.suite, self.state, self.record, self.error = suite, "new", None, ""
        self.where, self.device = device, None
        self.on_progress, self.on_state = on_progress, on_state
        Pretended.made = self

    def turn(self, state):
        self.state = state
        self.on_state(state)

    def start(self):
        self.turn("running")

    def pause(self):
        self.turn("paused")

    def stop(self):
        self.turn("stopped")


@pytest.fixture
def asked(monkeypatch):
    """A figure whose runs are pretended, and how a page asks it."""
    monkeypatch.setattr(kernel, "Run", Pretended)
    figure = LiveBenchmark()
    return figure, lambda **content: figure.kernel.hear(figure, content, [])


def test_the_kernel_answers_and_measures_what_the_page_asks(asked):
    figure, ask = asked
    assert figure.asked == {}, "nobody has asked"
    ask(ask="hello")
    assert (figure.asked["state"], figure.asked["suite"]) == ("ready", "")
    ask(ask="run", suite="attention")
    run = Pretended.made
    assert (figure.asked["state"], figure.asked["suite"]) == ("running", "attention")
    assert (run.where, figure.asked["device"]) == ("cpu", machine.processor()["name"])
    run.record, run.device = recorded("attention"), {"name": "a GPU"}
    run.on_progress(3, 8, 12.5)
    assert figure.asked["device"] == "a GPU", "as the run says"
    assert figure.measured == [recorded("attention")]
    assert (figure.asked["done"], figure.asked["cases"], figure.asked["left"]) == (3, 8, 12.5)
    for word, state in (("pause", "paused"), ("go", "running"), ("stop", "stopped")):
        ask(ask=word)
        assert (figure.asked["state"], run.state) == (state, state)
    heard = figure.asked["heard"]
    ask(ask="hello")
    assert figure.asked["heard"] > heard, "so that every page that asks hears an answer"


def test_a_gpu_is_asked_where_there_is_one(asked, monkeypatch):
    monkeypatch.setattr(suites, "why_not", lambda name, device: "")
    _, ask = asked
    for suite, where in (("attention", "cuda"), ("mixing", "cpu")):
        ask(ask="run", suite=suite)
        assert Pretended.made.where == where
        Pretended.made.turn("done")


def test_one_run_at_a_time_and_none_of_an_unknown_suite(asked):
    figure, ask = asked
    ask(ask="run", suite="nothing; rm")
    assert (figure.asked["state"], figure.kernel.run) == ("failed", None)
    assert "no suite 'nothing; rm'" in figure.asked["note"]
    ask(ask="run", suite="fft")
    first = figure.kernel.run
    ask(ask="run", suite="mixing")
    assert figure.kernel.run is first
    ask(ask="sing")
    ask()
    figure.kernel.hear(figure, "what?", [])
    assert first.state == "running"
    figure.close()
    assert first.state == "stopped", "a figure that is closed measures no more"


def test_a_suite_that_cannot_be_measured_here_is_told(monkeypatch):
    def refuse(suite, **_):
        raise ValueError(f"{suite} cannot be measured here: torch is missing")

    monkeypatch.setattr(kernel, "Run", refuse)
    figure = LiveBenchmark()
    figure.kernel.hear(figure, {"ask": "run", "suite": "fft"}, [])
    assert figure.asked["state"] == "failed"
    assert figure.asked["note"] == "fft cannot be measured here: torch is missing"
