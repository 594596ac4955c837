"""A run goes on where it was interrupted: at the same commit, on the same device, nowhere else."""

import json
from dataclasses import replace

import pytest

from fftia_lab.bench import Settings, load, machine, suite
from fftia_lab.bench.__main__ import main
from fftia_lab.bench.case import Peaks
from fftia_lab.bench.place import Place
from fftia_lab.bench.record import floor, write
from fftia_lab.bench.resume import begun, done, partial_of
from fftia_lab.bench.suites import what_it_needs

COMMIT = "0" * 40
GPU = Place({"kind": "cuda", "name": "a GPU", "cores": 132, "threads": None}, peak=lambda call: 4)
QUICKLY = Settings(rounds=5, warmup=1, sample_seconds=0.0, case_seconds=9.0)


@pytest.fixture(autouse=True)
def at_a_commit(monkeypatch):
    """Say that the code is that of a commit, whatever the checkout is in."""
    monkeypatch.setattr(machine, "commit", lambda: COMMIT)


class Plan:
    """Cases that note when they are made."""

    def __init__(self, *names):
        self.names, self.made = names, []

    def __iter__(self):
        for name in self.names:
            yield suite.Planned(name, (8,), lambda name=name: self.make(name))

    def make(self, name):
        if name == "interrupted":
            raise KeyboardInterrupt
        self.made.append(name)
        calls = {"one": lambda: 1.0, "other": lambda: 1.0}
        work = {"one": {"products": 0, "bytes": 100}}
        return suite.Case(name, (8,), "float64", calls, "one", 1.0, 1e-9, work=work, remember=True)


def run(plan, path, place=GPU, resume=True, **options):
    options = {"seed": 0, "settings": QUICKLY, **options}
    return suite.run("fft", plan, path, place=place, resume=resume, **options)


def interrupted(path, **options):
    with pytest.raises(KeyboardInterrupt):
        run(Plan("first", "second", "interrupted"), path, **options)


def test_what_was_measured_is_not_measured_again(tmp_path, capsys):
    path, again = tmp_path / "fft.json", Plan("first", "second", "third")
    interrupted(path)
    before = json.loads(partial_of(path).read_text())
    record = run(again, path)
    assert again.made == ["third"]
    assert record["entries"][:4] == before["entries"] and len(record["entries"]) == 6
    assert [one["series"] for one in record["memory"]] == [
        name for name in ("first", "second", "third") for _ in range(2)
    ]
    assert record["date"] == before["date"] and len(record["resumed"]) == 1
    assert load(path) == record and not partial_of(path).exists()
    assert "2 cases were measured before" in capsys.readouterr().err


def test_a_finished_run_is_left_alone(tmp_path, capsys):
    path, plan = tmp_path / "fft.json", Plan("first")
    record, when = run(plan, path), path.stat().st_mtime_ns
    assert run(plan, path) == record and plan.made == ["first"]
    assert path.stat().st_mtime_ns == when
    assert "was measured at this commit on this device" in capsys.readouterr().err


OTHER = replace(GPU, device=GPU.device | {"name": "another GPU"})
DRIVER = replace(GPU, software={"driver": "2"})


@pytest.mark.parametrize(
    "changed",
    [
        {"place": OTHER},
        {"place": DRIVER},
        {"quick": True},
        {"settings": replace(QUICKLY, rounds=6)},
        {"resume": False},
    ],
    ids=["device", "software", "quick", "settings", "not asked"],
)
def test_anything_else_is_measured_anew(changed, tmp_path):
    path, plan = tmp_path / "fft.json", Plan("first", "second", "third")
    interrupted(path)
    assert "resumed" not in run(plan, path, **changed)
    assert plan.made == ["first", "second", "third"]


@pytest.mark.parametrize("commit", ["1" * 40, f"{COMMIT}-dirty", None])
def test_other_code_is_measured_anew(commit, tmp_path, monkeypatch):
    path, plan = tmp_path / "fft.json", Plan("first", "second")
    for before in (COMMIT, commit):
        monkeypatch.setattr(machine, "commit", lambda before=before: before)
        interrupted(path)
        monkeypatch.setattr(machine, "commit", lambda: commit)
        if commit is None or before == COMMIT or commit.endswith("dirty"):
            assert begun(suite._empty("fft", QUICKLY, 0, False, GPU), path) is None
    run(plan, path)
    whole = commit is not None and not commit.endswith("-dirty")
    assert plan.made == ([] if whole else ["first", "second"])


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"name": "fft"}'])
def test_a_broken_partial_file_is_no_run(text, tmp_path):
    path, plan = tmp_path / "fft.json", Plan("first")
    partial_of(path).write_text(text)
    run(plan, path)
    assert plan.made == ["first"]


def test_a_case_that_only_skips_is_not_tried_again(tmp_path):
    path, tried = tmp_path / "fft.json", []
    left = {"series": "none", "contender": "a", "shape": [8], "why": "not here"}

    def make():
        tried.append(1)
        return suite.Case("none", (8,), "float64", {}, "", {}, 1.0, skipped=[left])

    plan = [suite.Planned("none", (8,), make), *Plan("first", "interrupted")]
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            run(plan, path)
    kept = json.loads(partial_of(path).read_text())
    assert tried == [1] and kept["skipped"] == [left]
    assert done(kept) == {("none", (8,)), ("first", (8,))}


INTERPRETER = {"kind": "interpreter", "name": "Triton's", "cores": 2, "threads": 1}


def test_an_interpreted_run_cannot_pass_for_a_measurement(tmp_path):
    place, path = Place(INTERPRETER), tmp_path / "fft.json"
    with pytest.raises(ValueError, match="interpreted here, which no record may hide"):
        run(Plan("first"), path, place)
    assert not list(tmp_path.iterdir()), "nothing was written"
    record = run(Plan("first"), path, place, quick=True)
    assert record["quick"] and record["device"]["kind"] == "interpreter"


class Clocked:
    """A device whose time passes only when it works."""

    now = 0.0

    def call(self, seconds):
        self.now += seconds
        return 1.0


def seconds_of(case, place, settings):
    (entries, _, _) = suite._measured(case, settings, place)
    return [(one["seconds"]["median"], one["loops"], one["rounds"]) for one in entries]


def test_a_call_may_do_several_jobs_and_a_slow_case_gets_fewer_rounds():
    device = Clocked()
    place = replace(GPU, clock=lambda: device.now)
    calls = {"a": lambda: device.call(8.0), "b": lambda: device.call(4.0)}
    case = suite.Case("s", (8,), "float64", calls, "a", 1.0, 1e-9, jobs=4)
    settings = Settings(rounds=21, warmup=2, sample_seconds=0.0)
    assert seconds_of(case, place, settings) == [(2.0, 4, 21), (1.0, 4, 21)]
    for patience, rounds in ((24 * 7, 7), (1.0, 5), (24 * 99, 21)):  # a round takes 24 seconds
        patient = replace(settings, case_seconds=patience)
        assert seconds_of(case, place, patient) == [(2.0, 4, rounds), (1.0, 4, rounds)]


def test_the_distance_from_a_floor(tmp_path):
    record = run(Plan("copy"), tmp_path / "fft.json")
    copy = {**record["entries"][0], "seconds": {"median": 2.0, "lower": 2.0, "upper": 2.0}}
    product = copy | {"series": "product", "work": {"products": 50, "bytes": 1}}
    record["entries"] = [copy, product]  # 50 bytes a second, 25 operations
    kernel = copy | {"series": "kernel"}
    assert floor(record, kernel | {"work": {"products": 0, "bytes": 100}}) == 2.0
    assert floor(record, kernel | {"work": {"products": 100, "bytes": 100}}) == 4.0
    assert floor(record, kernel | {"work": {"products": 25, "bytes": 100}}) == 2.0
    del kernel["work"]
    with pytest.raises(LookupError, match="what 'one' moves in 'kernel' was not counted"):
        floor(record, kernel)
    record["entries"] = [copy]
    with pytest.raises(LookupError, match="has no series 'product'"):
        floor(record, copy | {"work": {"products": 1, "bytes": 1}})


@pytest.mark.parametrize("damage", [{"work": {"products": 1}}, {"work": 3}])
def test_half_counted_work_is_refused(damage, tmp_path):
    path = tmp_path / "fft.json"
    record = run(Plan("first"), path)
    record["entries"][0] |= damage
    write(record, path)
    with pytest.raises(ValueError, match=r"entries\[0\].work"):
        load(path)


def test_peaks_that_were_taken_are_not_taken_again(tmp_path):
    path, taken = tmp_path / "fft.json", []
    spread = {"median": 4.0, "lower": 4.0, "upper": 4.0}

    def take(n):
        if n == 3 and taken.count(3) == 0:
            taken.append(n)
            raise KeyboardInterrupt
        taken.append(n)
        peak = {"series": "s", "contender": "a", "baseline": "a", "shape": [n], "dtype": "float32"}
        return [peak | {"bytes": spread, "ratio": 1.0}], []

    memory = [Peaks("s", (n,), lambda n=n: take(n)) for n in (1, 2, 3)]
    with pytest.raises(KeyboardInterrupt):
        run(Plan("first"), path, memory=memory)
    plan = Plan("first")
    record = run(plan, path, memory=memory)
    assert taken == [1, 2, 3, 3] and plan.made == []
    shapes = [one["shape"] for one in record["memory"] if one["series"] == "s"]
    assert shapes == [[1], [2], [3]], "nothing is there twice"


def test_a_suite_for_a_gpu_says_that_there_is_none(tmp_path, capsys, monkeypatch):
    torch = pytest.importorskip("torch")
    pytest.importorskip("triton")
    monkeypatch.setattr(machine, "threads", lambda: 1)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    for name, environment, options in (
        ("kernels", "0", ["--quick"]),
        ("kernels", "1", []),
        ("attention", "0", ["--device", "cuda"]),
    ):
        monkeypatch.setenv("TRITON_INTERPRET", environment)
        with pytest.raises(SystemExit):
            main(["run", name, *options, "--output", str(tmp_path / "record.json")])
        assert "PyTorch finds no CUDA GPU" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_suite_says_what_is_not_installed(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(machine, "threads", lambda: 1)
    monkeypatch.setattr("fftia_lab.bench.suites.find_spec", lambda name: None)
    for name, what in (("kernels", "torch and triton are"), ("mixing", "torch is")):
        with pytest.raises(SystemExit):
            main(["run", name, "--output", str(tmp_path / "record.json")])
        extra = "triton" if name == "kernels" else "torch"
        wanted = f"{what} missing: pip install 'fftia-lab[{extra}]'"
        assert wanted in capsys.readouterr().err


def test_the_command_hands_on_what_a_suite_is():
    found = what_it_needs("fft", True)
    assert len([*found.pop("cases")]) == 11
    assert found == {"seed": 0, "libraries": (), "quick": True}
