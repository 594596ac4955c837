"""What goes wrong while a suite is measured: wrong answers, no memory, no end, a killed process."""

import json
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace

import pytest

from fftia_lab import implementations
from fftia_lab.bench import Settings, WrongAnswer, load, machine, measure, memory, suite
from fftia_lab.bench.__main__ import main
from fftia_lab.bench.attempt import TookTooLong, attempts, time_limit
from fftia_lab.bench.case import Case, Planned
from fftia_lab.bench.measure import contest
from fftia_lab.bench.resume import partial_of

QUICKLY = Settings(rounds=3, warmup=0, sample_seconds=0.0, patience=0.2)


def case(may_refuse=(), **contenders):
    calls = {"good": lambda: 1.0, **contenders}
    refusing = frozenset(may_refuse)
    return Case("s", (8,), "float64", calls, "good", 1.0, 1e-9, may_refuse=refusing)


def run(cases, path, **options):
    options = {"seed": 0, "quick": True, "settings": QUICKLY, **options}
    return suite.run("fft", cases, path, **options)


def wrong_fft(x):
    """A transform that forgets the last sample."""
    return implementations.TRANSFORMS["fft"].load_oracle()([*x[:-1], 0])


def test_a_wrong_implementation_in_the_table_is_refused(tmp_path, monkeypatch, capsys):
    """Planted beside right ones; the command says who, times nobody, and writes no record."""
    planted = implementations.Implementation(f"{__name__}:wrong_fft", "numpy.fft:fft")
    monkeypatch.setattr(
        planted.__class__,
        "load",
        lambda self, load=planted.__class__.load: wrong_fft if self is planted else load(self),
    )
    monkeypatch.setitem(implementations.TRANSFORMS, "planted", planted)
    monkeypatch.setattr(machine, "threads", lambda: 1)
    monkeypatch.setattr("fftia_lab.bench.suite.contest", lambda *_: pytest.fail("it was timed"))
    path = tmp_path / "fft.json"
    assert main(["run", "fft", "--quick", "--output", str(path)]) == 1
    assert "Not measured: planted is wrong for shape (1024,)" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_nobody_is_timed_whose_answer_was_not_looked_at():
    with pytest.raises(ValueError, match="nobody looked at what b gives: examine first"):
        contest({"a": int, "b": int}, {"a": 0.0}, "a", QUICKLY, time.perf_counter, 1)


class OutOfMemoryError(RuntimeError):
    """As PyTorch calls it on a GPU."""


@pytest.mark.parametrize(
    "error",
    [
        MemoryError("Unable to allocate 2 TiB"),
        OutOfMemoryError("CUDA out of memory. Tried to allocate 2 TiB"),
        RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried"),
        RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate"),
    ],
    ids=["NumPy", "CUDA", "PyTorch", "PyTorch elsewhere"],
)
def test_who_runs_out_of_memory_is_left_out_and_named(error, tmp_path):
    def large():
        raise error

    record = run([case(large=large)], tmp_path / "fft.json")
    assert [one["contender"] for one in record["entries"]] == ["good"]
    (left,) = record["skipped"]
    assert left == {
        "series": "s",
        "contender": "large",
        "shape": [8],
        "why": "the memory is too small",
    }


def test_a_case_that_cannot_be_made_for_lack_of_memory_is_named(tmp_path):
    def make():
        raise MemoryError

    record = run([Planned("large", (1 << 40,), make), case()], tmp_path / "fft.json")
    assert record["skipped"][0]["contender"] == "everybody" and len(record["entries"]) == 1


def alarm():
    """Seconds until an alarm rings; 0 if none is set."""
    return signal.getitimer(signal.ITIMER_REAL)[0]


def test_who_takes_too_long_is_left_out_and_the_others_are_measured(tmp_path):
    def endless():
        threading.Event().wait()

    record = run([case(endless=endless)], tmp_path / "fft.json")
    assert [one["why"] for one in record["skipped"]] == ["a call takes more than 0.2 s"]
    assert record["settings"]["patience"] == 0.2 and len(record["entries"]) == 1
    with time_limit(60):
        assert alarm() > 0
    assert alarm() == 0, "none rings after its block"


def test_an_alarm_is_set_only_where_it_can_ring():
    found = []

    def inside():
        with time_limit(60):
            found.append(alarm())

    thread = threading.Thread(target=inside)
    thread.start()
    thread.join()
    assert found == [0]
    before = signal.getsignal(signal.SIGALRM)
    with pytest.raises(TookTooLong), time_limit(0.01):
        threading.Event().wait()
    assert signal.getsignal(signal.SIGALRM) is before


def test_only_who_may_refuse_is_excused():
    def refuses():
        raise RuntimeError("No viable\n  backend")

    errors, why = attempts(case(["cuDNN"], cuDNN=refuses), patience=5)
    assert errors == {"good": 0.0} and why == {"cuDNN": "No viable backend"}
    with pytest.raises(RuntimeError, match="No viable"):
        attempts(case(cuDNN=refuses), patience=5)


def test_whoever_is_left_takes_the_place_of_a_baseline_that_failed(tmp_path):
    def large():
        raise MemoryError

    one = case(other=lambda: 1.0)
    record = run([replace(one, contenders={**one.contenders, "good": large})], tmp_path / "a.json")
    assert [(e["contender"], e["baseline"]) for e in record["entries"]] == [("other", "other")]


def test_a_process_without_memory_is_left_out_of_the_peaks(monkeypatch):
    said = {"killed": (-signal.SIGKILL, ""), "refused": (1, "MemoryError: not enough memory")}

    def answer(command, **_):
        code, words = next(said[name] for name in said if name in command[-1])
        return subprocess.CompletedProcess(command, code, "4096\n", words)

    monkeypatch.setattr(
        memory.subprocess,
        "run",
        lambda command, **options: (
            answer(command)
            if any(name in command[-1] for name in said)
            else subprocess.CompletedProcess(command, 0, "4096\n", "")
        ),
    )
    targets = {"killed": "m:killed", "fine": "m:fine", "refused": "m:refused"}
    peaks, left = memory.compare("s", targets, (8,), "float32", warm=(1,))
    assert [(one["contender"], one["baseline"]) for one in peaks] == [("fine", "fine")]
    assert [one["contender"] for one in left] == ["killed", "refused"]

    def never(command, **options):
        raise subprocess.TimeoutExpired(command, options["timeout"])

    monkeypatch.setattr(memory.subprocess, "run", never)
    peaks, left = memory.compare("s", {"slow": "m:slow"}, (8,), "float32", warm=(1,))
    assert peaks == [] and "more than 300 s" in left[0]["why"]


SLOW = """
import signal, sys
from pathlib import Path
from fftia_lab.bench import Settings, machine, suite
from fftia_lab.bench.case import Case, Planned

machine.commit = lambda: "0" * 40
made = []

def make(n):
    made.append(n)
    if n == 4 and sys.argv[2] == "slow":
        print("half", flush=True)
        signal.pause()
    return Case("s", (n,), "float64", {"a": lambda: 1.0}, "a", 1.0, 1e-9)

plan = [Planned("s", (n,), lambda n=n: make(n)) for n in range(1, 9)]
quickly = Settings(rounds=3, warmup=0, sample_seconds=0.0)
suite.run("fft", plan, Path(sys.argv[1]), seed=0, settings=quickly, resume=True)
print("made", made, flush=True)
"""


def test_a_run_that_is_killed_half_way_leaves_a_valid_file_and_goes_on(tmp_path):
    """SIGKILL, which no program can answer; what was measured is not measured again."""
    path = tmp_path / "fft.json"
    command = [sys.executable, "-c", SLOW, str(path)]
    with subprocess.Popen(
        [*command, "slow"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as killed:
        assert any("half" in line for line in killed.stdout)
        killed.kill()
    assert killed.returncode == -signal.SIGKILL and not path.exists()
    half = json.loads(partial_of(path).read_text())
    assert [one["shape"] for one in half["entries"]] == [[1], [2], [3]] and not half["complete"]
    again = subprocess.run([*command, "fast"], capture_output=True, text=True, check=True)
    assert "made [4, 5, 6, 7, 8]" in again.stdout
    record = load(path)
    assert record["entries"][:3] == half["entries"] and len(record["entries"]) == 8
    assert record["resumed"] and not partial_of(path).exists()


def test_a_wrong_contender_among_slow_ones_still_ends_the_run(tmp_path):
    with pytest.raises(WrongAnswer, match="liar is wrong"):
        run([case(liar=lambda: 1.1)], tmp_path / "fft.json")
    with pytest.raises(WrongAnswer):
        measure({"liar": lambda: 1.1}, baseline="liar", wanted=1.0, limit=1e-3)
