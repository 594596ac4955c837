"""Measuring with a clock that we wind ourselves; records that cannot be half there."""

import copy
import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from fftia_lab.bench import (
    IncompleteRecord,
    Settings,
    WrongAnswer,
    find,
    find_peak,
    load,
    machine,
    measure,
    suite,
)
from fftia_lab.bench import fft as fft_suite
from fftia_lab.bench.__main__ import main
from fftia_lab.bench.measure import calibrate, order
from fftia_lab.bench.record import entry, spread, write
from fftia_lab.bench.suites import what_it_needs
from fftia_lab.implementations import REAL_TRANSFORMS, TRANSFORMS


class Machine:
    """A machine whose time passes only when somebody works on it."""

    def __init__(self, slowness=lambda calls: 1.0):
        self.now, self.log, self.slowness = 0.0, [], slowness

    def clock(self):
        return self.now

    def contender(self, name, seconds, answer=1.0):
        def call():
            self.log.append(name)
            self.now += seconds * self.slowness(len(self.log))
            return answer

        return call

    def contest(self, costs, rounds=8, warmup=2, baseline="a", **settings):
        return measure(
            {name: self.contender(name, cost) for name, cost in costs.items()},
            baseline=baseline,
            wanted=1.0,
            limit=1e-12,
            settings=Settings(rounds, warmup, settings.pop("sample_seconds", 0.0)),
            clock=self.clock,
        )


COSTS = {"a": 1.0, "b": 3.0, "c": 0.5, "d": 7.0}


def test_seconds_and_ratios_are_right():
    found = Machine().contest(COSTS)
    for name, cost in COSTS.items():
        assert found[name].seconds == (cost,) * 8
        assert found[name].ratios == (cost,) * 8
        assert found[name].error == 0
    other = Machine().contest(COSTS, baseline="c")
    assert other["d"].ratios == (14.0,) * 8


@pytest.mark.parametrize("names", ["ab", "abcd", "abcdef", "abc", "abcdefg"])
def test_everybody_takes_every_turn(names):
    rounds = [order(dict.fromkeys(names), turn) for turn in range(len(names))]
    for place in range(len(names)):
        assert {one[place] for one in rounds} == set(names)
    neighbours = Counter(pair for one in rounds for pair in pairwise(one))
    once = len(names) % 2 == 0
    assert set(neighbours.values()) == ({1} if once else {2})
    assert len(neighbours) == len(names) * (len(names) - 1) // (1 if once else 2)


def test_the_rounds_are_run_in_that_order():
    machine = Machine()
    machine.contest(COSTS, rounds=5, warmup=1)
    rounds = machine.log[len(COSTS) :]  # after the check; nothing is calibrated
    wanted = [name for turn in range(6) for name in order(COSTS, turn)]
    assert rounds == [name for one in wanted for name in (one, one)], (
        "as many calls to warm as are timed"
    )


def test_warming_up_is_forgotten():
    """The check takes 4 calls, a round 8; two rounds are for warming up."""
    for cold, warmup, forgotten in ((20, 2, True), (21, 2, True), (22, 2, False), (20, 1, False)):
        machine = Machine(slowness=lambda calls, cold=cold: 100.0 if calls <= cold else 1.0)
        seconds = {name: one.seconds for name, one in machine.contest(COSTS, warmup=warmup).items()}
        expected = {name: (cost,) * 8 for name, cost in COSTS.items()}
        assert (seconds == expected) == forgotten, (cold, warmup)


def test_ratios_are_paired():
    """A machine that slows down from round to round changes the seconds and not the ratios."""
    tired = Machine(slowness=lambda calls: 2.0 ** ((calls - 5) // 8))
    found = tired.contest(COSTS)
    assert found["b"].seconds[-1] == 2.0**7 * found["b"].seconds[0]
    assert found["b"].ratios == (3.0,) * 8


def test_fast_calls_are_repeated():
    machine = Machine()
    found = machine.contest({"a": 0.001, "b": 0.02}, rounds=1, warmup=0, sample_seconds=0.01)
    assert (found["a"].loops, found["b"].loops) == (16, 1)
    assert found["a"].seconds == pytest.approx((0.001,))
    assert machine.log.count("a") == 1 + (2 + 4 + 8 + 16 + 32) + 32
    assert calibrate(machine.contender("a", 0.001), 0.0, machine.clock) == 1


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (1.1, r"liar is wrong for shape \(\): relative error 1.0e-01, allowed 1.0e-12; not timed"),
        (np.nan, "liar is wrong for shape"),
        ([1.0, 1.0], r"liar gives shape \(2,\), wanted \(\): not timed"),
    ],
)
def test_a_wrong_contender_is_not_timed(answer, message):
    machine = Machine()
    contenders = {"a": machine.contender("a", 1.0), "liar": machine.contender("liar", 1.0, answer)}
    with pytest.raises(WrongAnswer, match=message):
        measure(contenders, baseline="a", wanted=1.0, limit=1e-12, clock=lambda: 1 / 0)


def test_a_baseline_that_does_not_compete_is_refused():
    with pytest.raises(ValueError, match="baseline 'z' is not among a, b, c, d"):
        Machine().contest(COSTS, baseline="z")


def test_median_and_quartiles():
    values = tuple(np.random.default_rng(0).normal(size=25))
    found = spread(values)
    assert found["median"] == pytest.approx(np.sort(values)[12], rel=1e-3)
    assert found["lower"] == pytest.approx(np.sort(values)[6], rel=1e-3)
    assert found["upper"] == pytest.approx(np.sort(values)[18], rel=1e-3)


@pytest.fixture
def record():
    """A small finished run, measured on a machine of ours."""
    timings = Machine().contest({"a": 1.0, "b": 3.0})
    whole = suite._empty("fft", Settings(), 0, quick=False)
    whole["entries"] = [
        entry("single", name, "a", (8,), "float64", timing) for name, timing in timings.items()
    ]
    skipped = {"series": "single", "contender": "c", "shape": [8], "why": "longer than 4"}
    return whole | {"complete": True, "commit": "0" * 40, "skipped": [skipped]}


def test_there_and_back(record, tmp_path):
    write(record, tmp_path / "deep" / "fft.json")
    assert load(tmp_path / "deep" / "fft.json") == record
    assert record["entries"][1]["ratio"] == {"median": 3.0, "lower": 3.0, "upper": 3.0}
    assert record["entries"][1]["least"] == 3.0
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["fft.json"]


def test_one_entry_is_found(record):
    assert find(record, "b", 8) == record["entries"][1]
    for wrong in (("z", 8), ("b", 9), ("b", 8, "batched")):
        with pytest.raises(LookupError, match=f"no '{wrong[0]}' of {wrong[1]} samples"):
            find(record, *wrong)


def test_one_peak_is_found(record):
    shared = {"baseline": "a", "dtype": "float32", "bytes": spread((8.0,)), "ratio": 1.0}
    peaks = [shared | {"series": "fwd", "contender": who, "shape": [2, 8]} for who in "ab"]
    assert find_peak(record | {"memory": peaks}, "b", 8, "fwd") == peaks[1]
    for wrong in (("z", 8, "fwd"), ("b", 9, "fwd"), ("b", 8, "back")):
        with pytest.raises(LookupError, match=f"no peak of '{wrong[0]}' at {wrong[1]} in series"):
            find_peak(record | {"memory": peaks}, *wrong)
    with pytest.raises(LookupError, match="no peak"):
        find_peak(record, "b", 8, "fwd")


def places(value, path=()):
    """Every place in a record, as the keys that lead there."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        yield (*path, key)
        if isinstance(inner, dict | list):
            yield from places(inner, (*path, key))


# what runs of the first schema, and other systems than Linux, do not say
NEW = ("schema", "units", "least", "family", "model", "instructions")


def test_a_record_with_anything_missing_is_refused(record, tmp_path):
    path, tried = tmp_path / "fft.json", 0
    for place in places(record):
        if isinstance(place[-1], int) or (place[0] in ("software", "units") and place[1:]):
            continue
        broken = copy.deepcopy(record)
        inner = broken
        for key in place[:-1]:
            inner = inner[key]
        kept = inner[place[-1]]
        for damage in ("missing", "wrong"):
            if damage == "missing":
                del inner[place[-1]]
                if place[-1] in NEW:
                    continue
            else:
                inner[place[-1]] = ["no such thing"] if not isinstance(kept, list) else kept[0]
            path.write_text(json.dumps(broken))
            with pytest.raises(IncompleteRecord, match=str(place[-1])):
                load(path)
            tried += 1
    assert tried > 60


def test_an_interrupted_or_empty_run_is_refused(record, tmp_path):
    path = tmp_path / "fft.json"
    for change, message in (
        ({"complete": False}, "fft.json is no finished run: the run was interrupted"),
        ({"entries": []}, "it has no entries"),
        ({"device": record["device"] | {"name": ""}}, "record.device.name is ''"),
    ):
        write(record | change, path)
        with pytest.raises(IncompleteRecord, match=message):
            load(path)
    path.write_text(json.dumps([record]))
    with pytest.raises(IncompleteRecord, match="record is"):
        load(path)


def test_a_failed_write_leaves_the_old_record(record, tmp_path, monkeypatch):
    path = tmp_path / "fft.json"
    write(record, path)
    monkeypatch.setattr("pathlib.Path.replace", lambda self, target: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write(record | {"name": "another"}, path)
    assert load(path) == record
    assert list(tmp_path.iterdir()) == [path], "nothing is left lying beside it"


def case(name, answer=1.0):
    contenders = {"one": lambda: 1.0, "other": lambda: answer}
    return suite.Case(name, (8,), "float64", contenders, "one", 1.0, 1e-12)


def interrupted():
    def interrupt():
        raise KeyboardInterrupt

    return [case("first"), suite.Planned("second", (8,), interrupt)]


def test_an_interrupted_run_keeps_what_it_has_and_what_was_there(record, tmp_path):
    path = tmp_path / "fft.json"
    write(record, path)
    with pytest.raises(KeyboardInterrupt):
        suite.run("fft", interrupted(), path, seed=0, quick=True)
    assert load(path) == record
    kept = json.loads((tmp_path / "fft.partial.json").read_text())
    assert [one["contender"] for one in kept["entries"]] == ["one", "other"]
    with pytest.raises(IncompleteRecord, match="interrupted"):
        load(tmp_path / "fft.partial.json")


def test_a_run_with_a_wrong_contender_stops_there(tmp_path, capsys):
    path = tmp_path / "fft.json"
    with pytest.raises(WrongAnswer, match="other is wrong"):
        suite.run("fft", [case("good"), case("bad", 2.0)], path, seed=0, quick=True)
    assert not path.exists()
    assert len(json.loads((tmp_path / "fft.partial.json").read_text())["entries"]) == 2
    suite.run("fft", [case("good")], path, seed=0, quick=True)
    assert load(path)["entries"][0]["series"] == "good"
    assert not (tmp_path / "fft.partial.json").exists()
    assert "good" in capsys.readouterr().out


@pytest.mark.parametrize("quick", [False, True])
def test_the_suite_leaves_nobody_out_without_a_word(quick, monkeypatch):
    monkeypatch.setattr(fft_suite, "_signal", lambda shape, dtype: np.ones(8, dtype))
    monkeypatch.setattr(fft_suite, "POWERS_OF_TWO", ())
    tables = {series.name: series for series in fft_suite.SERIES}
    seen = Counter()
    for planned in fft_suite.cases(quick):
        one = planned.made()
        assert (one.series, one.shape) == (planned.series, planned.shape)
        seen[one.series] += 1
        if one.series == "aftermath":
            continue
        size, table = one.shape[-1], tables[one.series].table
        able = {n for n, t in table.items() if size & (size - 1) == 0 or not t.powers_of_two}
        skipped = {left["contender"]: left for left in one.skipped}
        assert (set(one.contenders) - {one.baseline}) | set(skipped) == able
        assert not set(one.contenders) & set(skipped)
        for name, left in skipped.items():
            assert left["shape"] == list(one.shape)
            limit = int(left["why"].split()[2].rstrip(","))
            assert limit == table[name].longest // (4 if quick else 1) < size
    few = {"single": 3, "batched": 1, "real": 3, "other lengths": 3, "aftermath": 1}
    every = {"single": 11, "batched": 3, "real": 11, "other lengths": 8, "aftermath": 1}
    assert seen == (few if quick else every)


def test_a_quick_run_from_the_outside(tmp_path, capsys):
    """The command, as a reader types it: in a process of its own, with one thread."""
    path = tmp_path / "mine.json"
    assert main(["run", "fft", "--quick", "--output", str(path)]) == 0
    run = load(path)
    assert run["quick"] and run["device"]["threads"] == 1
    assert run["command"] == "python -m fftia_lab.bench run fft --quick"
    measured = {one["contender"] for one in run["entries"]}
    skipped = {one["contender"] for one in run["skipped"]}
    everybody = set(TRANSFORMS) | set(REAL_TRANSFORMS) | {"numpy.fft.fft", "numpy.fft.rfft"}
    assert measured | skipped == everybody | {one for one in measured if "product" in one}
    assert everybody - measured <= {"dft"}, "a quick run waits for nobody slow"
    assert {one["rounds"] for one in run["entries"]} == {7}


def test_a_failing_run_says_why():
    with pytest.raises(RuntimeError, match="invalid choice: 'nothing'"):
        suite.run_here("nothing")


@pytest.mark.skipif(sys.platform != "linux", reason="counts threads in /proc")
def test_one_thread_is_one_thread():
    code = (
        "import os, numpy as np; x = np.ones((900, 900)); x @ x; "
        "print(len(os.listdir('/proc/self/task')))"
    )
    run = [sys.executable, "-c", code]
    found = subprocess.run(
        run, env=machine.one_thread(), capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "1"


def test_threads_are_known_only_if_said(monkeypatch):
    for name in machine.THREAD_VARIABLES:
        monkeypatch.setenv(name, "1")
    assert machine.threads() == 1
    monkeypatch.setenv("MKL_NUM_THREADS", "4")
    assert machine.threads() is None
    for name in machine.THREAD_VARIABLES:
        monkeypatch.delenv(name)
    assert machine.threads() is None


def test_the_commit_says_when_the_code_has_changed_since(tmp_path, monkeypatch):
    def git(*arguments):
        author = ("-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *author, *arguments], cwd=tmp_path, check=True, capture_output=True)

    (tmp_path / "fftia_lab").mkdir()
    module = tmp_path / "fftia_lab" / "module.py"
    module.write_text("one = 1\n")
    monkeypatch.setattr(machine, "HERE", module)
    assert machine.commit() is None, "no checkout"
    git("init", "-q")
    assert machine.commit() is None, "a checkout, but not of this file"
    git("add", ".")
    git("commit", "-q", "-m", "one")
    (tmp_path / "notes.txt").write_text("not code")
    clean = machine.commit()
    assert len(clean) == 40 and int(clean, 16)
    module.write_text("one = 2\n")
    assert machine.commit() == f"{clean}-dirty"


def test_settings_are_recorded():
    whole = suite._empty("fft", replace(Settings(), rounds=9), 5, quick=True)
    assert whole["settings"] == {"rounds": 9, "warmup": 2, "sample_seconds": 0.001, "seed": 5}


CPUINFO = """processor\t: 0
vendor_id\t: AuthenticAMD
cpu family\t: 25
model\t\t: 17
model name\t: AMD  EPYC
flags\t\t: fpu avx2 avx512f avx512_bf16

processor\t: 1
model\t\t: 18
flags\t\t: fpu
"""


def test_linux_says_what_a_processor_can(tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "CPUINFO", tmp_path / "cpuinfo")
    monkeypatch.setattr(machine.sys, "platform", "linux")
    assert {*machine.processor()} == {"kind", "name", "cores", "threads"}, "nothing is said"
    machine.CPUINFO.write_text(CPUINFO)
    found = machine.processor()
    assert (found["name"], found["family"], found["model"]) == ("AMD EPYC", 25, 17)
    assert found["instructions"] == ["avx2", "avx512f", "avx512_bf16"]
    before = {name: found[name] for name in ("kind", "name", "cores", "threads")}
    assert machine.same(before, found) and machine.same(found, before), "an earlier run says less"
    assert not machine.same(found, {**found, "model": 18})


def test_a_run_says_what_all_its_shapes_leave_out():
    needed = what_it_needs("attention", quick=True)
    assert needed["conditions"]["fixed"].startswith("256 channels in 4 heads, one sequence;")
    assert "core" in needed["conditions"] and "conditions" not in what_it_needs("fft", quick=True)
