"""A run in the background: a process that is played here, and once the real one."""

import sys
import threading

import pytest

from fftia_lab.bench import live
from fftia_lab.bench.live import Run
from fftia_lab.bench.record import load

# Says what `run --stream` says, and obeys the words that it obeys; a case a word "next".
PLAYED = """
import json, sys
def say(kind, **what):
    print(json.dumps({"kind": kind, **what}), flush=True)
device = {"kind": "cpu", "name": "A processor", "cores": 1, "threads": 1}
record = {"name": "fft", "device": device, "entries": [], "skipped": [], "complete": False}
print("a library says something")
say("begins", record=record, cases=2)
for n in (1, 2):
    words = []
    for word in sys.stdin:
        words.append(word.strip())
        if word == "next\\n":
            break
        if word == "fail\\n":
            sys.exit("no more memory")
    one = {"contender": "fft", "shape": [n], "words": words}
    record["entries"].append(one)
    say("entry", entry=one)
    say("progress", done=n, cases=2, seconds_left=2.0 - n)
say("ends", record={**record, "complete": True})
"""


class Played(Run):
    """A run whose process waits for the test's words."""

    def __init__(self, **options):
        self.heard, self.progress, self.states = [], [], []
        self.news = threading.Condition()
        options = {"on_entry": self.hear, **options}
        said = {"on_progress": lambda *how: self.progress.append(how)}
        super().__init__("fft", **options, **said, on_state=self.states.append)

    def _command(self, path):
        return [sys.executable, "-c", PLAYED]

    def hear(self, entry):
        with self.news:
            self.heard.append(entry["shape"][0])
            self.news.notify()

    def wait_for(self, count):
        with self.news:
            assert self.news.wait_for(lambda: len(self.heard) >= count, timeout=30)


def test_entries_come_one_by_one_and_the_device_is_named():
    run = Played()
    assert (run.state, run.device, run.entries, run.record) == ("new", None, [], None)
    run.start()
    run._tell("next")
    run.wait_for(1)
    assert run.device["name"] == "A processor" and run.state == "running"
    assert [one["shape"] for one in run.entries] == [[1]] and not run.record["complete"]
    run._tell("next")
    record = run.join(30)
    assert record["complete"] and [one["shape"] for one in record["entries"]] == [[1], [2]]
    assert run.progress == [(1, 2, 1.0), (2, 2, 0.0)] and run.heard == [1, 2]
    assert run.states == ["running", "done"] and run.state == "done"
    with pytest.raises(RuntimeError, match="the run is done: make another Run"):
        run.start()


def test_a_pause_is_told_to_the_process_and_taken_back():
    run = Played()
    run.pause()  # nothing runs
    run.start()
    run.start()  # it runs already
    run.pause()
    assert run.state == "paused"
    run.start()
    for _ in range(2):
        run._tell("next")
    record = run.join(30)
    assert [one["words"] for one in record["entries"]] == [["pause", "go", "next"], ["next"]]
    assert run.states == ["running", "paused", "running", "done"]


def test_a_stopped_run_keeps_what_it_has():
    run = Played()
    run.start()
    run._tell("next")
    run.wait_for(1)
    run.stop()
    record = run.join(30)
    assert run.state == "stopped" and [one["shape"] for one in record["entries"]] == [[1]]
    assert run._process.poll() is not None, "the process is gone"
    run.stop()
    never = Played()
    never.stop()
    assert never.join() is None and never.states == ["stopped"]


def test_a_paused_run_can_be_stopped_and_a_block_stops_what_it_started():
    with Played() as run:
        run.pause()
    assert run.join(30) is not None or run.state == "stopped"
    assert run.state == "stopped"


def test_a_run_that_fails_says_its_last_words():
    run = Played()
    run.start()
    run._tell("fail")
    with pytest.raises(RuntimeError, match="the run of fft failed: no more memory"):
        run.join(30)
    assert run.state == "failed" and run.error == "the run of fft failed: no more memory"


def test_a_callback_that_raises_stops_the_run_and_is_heard():
    def raises(entry):
        raise LookupError("no such place")

    run = Played(on_entry=raises)
    run.start()
    run._tell("next")
    with pytest.raises(LookupError, match="no such place"):
        run.join(30)
    assert run.state == "failed" and run._process.poll() is not None


def test_waiting_has_an_end():
    run = Played()
    run.start()
    with pytest.raises(TimeoutError, match=r"the run is running after 0\.05 s"):
        run.join(0.05)
    run.stop()
    run.join(30)


def test_what_cannot_be_measured_here_is_refused_before_a_process_starts(monkeypatch):
    with pytest.raises(ValueError, match="there is no suite 'ftt'"):
        Run("ftt")
    with pytest.raises(ValueError, match="leave out --device cuda"):
        Run("fft", device="cuda")

    def nowhere(*_, **__):
        raise OSError("[Errno 138] emscripten does not support processes.")

    monkeypatch.setattr(live.subprocess, "Popen", nowhere)
    run = Run("fft")
    with pytest.raises(RuntimeError, match="no process can be started here"):
        run.start()
    assert run.state == "new"


def test_the_command_names_suite_device_and_haste(tmp_path):
    path = tmp_path / "attention.json"
    command = Run("attention", device="cpu")._command(path)
    assert command[1:5] == ["-m", "fftia_lab.bench", "run", "attention"]
    assert {"--stream", "--quick", str(path)} < {*command} and command[-2:] == ["--device", "cpu"]
    assert "--quick" not in Run("fft", quick=False)._command(path)


def test_the_real_thing_in_a_process_of_its_own(tmp_path):
    """A quick run of the transforms, stopped after a few entries; one thread, and named."""
    first = threading.Event()
    run = Run("fft", on_entry=lambda entry: first.set())
    run.start()
    assert first.wait(60)
    run.stop()
    record = run.join(60)
    assert record["quick"] and record["device"]["threads"] == 1 and record["entries"]
    assert not record["complete"] and record["command"].endswith("run fft --quick")
    path = tmp_path / "fft.json"
    path.write_text("{}")
    with pytest.raises(ValueError, match="no finished run"):
        load(path)
