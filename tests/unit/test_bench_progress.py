"""What a run says while it lasts, and the words that it obeys."""

import json
import threading

import pytest

from fftia_lab.bench import Settings, suite
from fftia_lab.bench.__main__ import main
from fftia_lab.bench.case import Case, Planned, left_out
from fftia_lab.bench.control import Control
from fftia_lab.bench.progress import JsonLines, time_left
from fftia_lab.bench.suites import SUITES, listing, why_not

QUICKLY = Settings(rounds=3, warmup=0, sample_seconds=0.0)


def plan(*lengths):
    def make(n):
        skipped = left_out("s", (n,), {"c": "not here"})
        calls = {"a": lambda: 1.0, "b": lambda: 1.0}
        return Case("s", (n,), "float64", calls, "a", 1.0, 1e-9, skipped=skipped)

    return [Planned("s", (n,), lambda n=n: make(n)) for n in lengths]


def run(tmp_path, **options):
    path = tmp_path / "fft.json"
    return suite.run("fft", plan(8, 16), path, seed=0, quick=True, settings=QUICKLY, **options)


def test_how_far_it_is_goes_to_stderr_and_results_to_stdout(tmp_path, capsys):
    run(tmp_path)
    said = capsys.readouterr()
    assert "fft: 2 cases on" in said.err and "1 of 2, about " in said.err
    assert said.err.rstrip().endswith("2 of 2")
    assert len(said.out.splitlines()) == 6 and "left out: not here" in said.out
    assert "of 2" not in said.out


def test_a_program_hears_everything_as_json(tmp_path):
    lines = []
    record = run(tmp_path, listener=JsonLines(lines.append))
    said = [json.loads(line) for line in lines]
    case = ["entry", "entry", "skipped", "progress"]
    assert [one["kind"] for one in said] == ["begins", *case, *case, "ends"]
    assert said[0]["cases"] == 2 and said[0]["record"]["device"] == record["device"]
    assert [one["entry"] for one in said if one["kind"] == "entry"] == record["entries"]
    assert said[-1]["record"] == record and said[-1]["record"]["complete"]
    assert said[-2] == {"kind": "progress", "done": 2, "cases": 2, "seconds_left": 0}


def test_time_left_follows_the_sizes():
    """A second job at the same lengths takes as long as the first; longer ones at least so long."""
    done = [((512,), 1.0), ((1024,), 2.0), ((2048,), 4.0)]
    assert time_left(done, [(512,), (1024,), (2048,)]) == 7.0
    assert time_left(done, [(4096,)]) == 4.0
    assert time_left(done, []) == 0 and time_left([], [(1,)]) is None


def test_a_run_waits_while_it_is_paused_and_ends_when_told():
    control, passed = Control([]), []
    control.obey(["pause\n", "what?\n"])

    def wait():
        control.gate()
        passed.append("gone on")

    thread = threading.Thread(target=wait)
    thread.start()
    thread.join(0.05)
    assert thread.is_alive() and passed == [] and control.waits
    control.obey(["go\n"])
    thread.join(5)
    assert passed == ["gone on"]
    control.obey(["pause\n", "stop\n"])
    with pytest.raises(KeyboardInterrupt):
        control.gate()


def test_whoever_is_not_watched_any_more_ends():
    """The stream of words ends with the program that wrote them."""
    control = Control(["go"])
    control.listen()
    assert control.free.wait(5)
    for _ in range(500):
        if control.ended:
            break
        threading.Event().wait(0.01)
    with pytest.raises(KeyboardInterrupt):
        control.gate()


def test_a_stopped_run_keeps_what_it_has(tmp_path):
    control = Control([])

    class Stops(JsonLines):
        def goes_on(self, done, cases, seconds_left):
            control.obey(["stop"])

    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, listener=Stops(lambda line: None), gate=control.gate)
    kept = json.loads((tmp_path / "fft.partial.json").read_text())
    assert [one["shape"] for one in kept["entries"]] == [[8], [8]]


def test_every_suite_is_listed_with_what_it_measures(capsys):
    assert main(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    for name, one in SUITES.items():
        (line,) = [line for line in lines if line.startswith(f"{name} ")]
        assert one.measures in line and all(device in line for device in one.devices)
    assert {*SUITES} >= {"fft", "attention", "mixing", "kernels", "compression", "memory"}


def test_the_list_says_what_cannot_be_measured_here(monkeypatch):
    monkeypatch.setattr("fftia_lab.bench.suites.find_spec", lambda name: None)
    lines = [*listing()]
    assert sum("not here on cpu: torch is missing" in line for line in lines) == 7
    assert any("not here on cuda: torch and triton are missing" in line for line in lines)
    assert why_not("fft") == ""
    with pytest.raises(ValueError, match=r"no suite 'sparse'; .*is now called compression"):
        why_not("sparse")
