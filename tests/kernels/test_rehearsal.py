"""A rehearsal of `make gpu` where there is none: tiny sizes, interpreted; nothing of it is a time.

What tests on a GPU check and what suites for a GPU measure runs here as well, so that the first
minutes on a GPU are not lost to a slip.
"""

import json
import os
from contextlib import contextmanager

import pytest
import torch
from gpu_checks import (
    DTYPES,
    TINY,
    TINY_ODD,
    attention_errors,
    definition_error,
    mixing_errors,
    padding_is_not_read,
    same_bits,
    short_filter_errors,
    transform_error,
)

from fftia_lab.bench import (
    Settings,
    gpu,
    gpu_attention,
    gpu_cases,
    gpu_mixing,
    kernels,
    load,
    machine,
)
from fftia_lab.bench.__main__ import main
from fftia_lab.bench.gpu import copies, possible
from fftia_lab.bench.record import floor, lacks

INTERPRETS = os.environ.get("TRITON_INTERPRET") == "1"
pytestmark = pytest.mark.skipif(not INTERPRETS, reason="on a GPU the play itself is given")


def test_checks_of_attention():
    assert definition_error(TINY_ODD, "butterfly relay", "cpu", ragged=True) < 2e-6
    for dtype in DTYPES:
        errors = attention_errors(TINY, "butterfly", dtype, "cpu")
        for ours, torchs in zip(errors["triton"], errors["blocks"], strict=True):
            assert ours < (5e-6 if dtype == torch.float32 else 2 * torchs), (dtype, errors)
    assert same_bits(TINY, "butterfly", torch.float16, "cpu")
    assert padding_is_not_read(TINY_ODD, torch.float32, "cpu")


def test_checks_of_mixing():
    for errors in (
        mixing_errors(32, 2, 1, torch.float16, True, "cpu"),  # it cuts bfloat16 off
        short_filter_errors(40, 2, 4, 1, torch.float16, "cpu"),
    ):
        for ours, torchs in zip(*errors.values(), strict=True):
            assert ours < 2 * torchs, errors
    assert transform_error(64, 2, "cpu") < 2e-6


class TestTheSuite:
    def test_it_runs_through_and_cannot_pass_for_a_measurement(self, tmp_path, monkeypatch):
        """The command of `make gpu`; all cases, all contenders, peaks, floors."""
        monkeypatch.setattr(machine, "threads", lambda: 1)
        path = tmp_path / "kernels.json"
        assert main(["run", "kernels", "--quick", "--resume", "--output", str(path)]) == 0
        run = load(path)
        assert run["quick"] and run["command"].endswith("run kernels --quick")
        assert run["device"]["kind"] == "interpreter" and "interpreter" in run["device"]["name"]
        assert "kernels were interpreted" in lacks(run)
        assert {"torch", "triton", "processor"} <= {*run["software"]}
        planned = [(one.series, [*one.shape]) for one in kernels.cases(quick=True)]
        measured = {(one["series"], tuple(one["shape"])) for one in run["entries"]}
        assert measured == {(series, tuple(shape)) for series, shape in planned}
        floors = [floor(run, one) for one in run["entries"] if "work" in one]
        assert min(floors) > 0 and {one["series"] for one in run["memory"]} < {*dict(planned)}
        assert run["conditions"] == kernels.CONDITIONS
        for series, _ in planned:
            words = series.split(", ")
            assert all(word in run["conditions"] for word in words), f"{series}: no conditions"

    def test_dense_attention_has_a_floor_of_its_own(self):
        """Beside ours, in every series in which both are."""
        for one in kernels.cases(quick=True):
            if one.series.startswith(("core", "layer", "kernel alone, forward")):
                counted = one.made().work
                assert {"SDPA", "butterfly"} <= {*counted}, one.series

    @pytest.mark.parametrize("part", [gpu_attention, gpu_mixing], ids=["attention", "mixing"])
    def test_the_book_gets_every_size(self, part, monkeypatch):
        """On a GPU: all lengths, one sequence and a full batch, no case twice."""
        for module in (gpu_attention, gpu_mixing):
            monkeypatch.setattr(module, "interprets", lambda: False)
        every = [(one.series, one.shape) for one in kernels.cases()]
        assert len(every) == len(set(every)), "a run that goes on knows cases by series and shape"
        keys = [(one.series, one.shape) for one in part.cases()]
        assert set(keys) <= set(every)
        lengths = {key[1][1] for key in keys if key[0].startswith(("core", "circular"))}
        wanted = range(9, 17) if part is gpu_attention else range(10, 15)
        assert lengths == {1 << digits for digits in wanted}
        for series, shape in keys:
            if series.startswith(("core", "layer", "circular", "causal")):
                assert shape[0] == 1 or shape[0] * shape[1] == 65536
        assert len([*part.cases(quick=True)]) < len(keys) / 2


def test_who_cannot_run_is_named_with_the_reason():
    def refuses():
        raise RuntimeError("No available kernel.\n  Aborting")

    def too_large():
        raise torch.OutOfMemoryError("CUDA out of memory")

    calls = {"one": lambda: torch.ones(1), "cuDNN": refuses, "large": too_large}
    able, why = possible(calls, forgiven=["cuDNN"])
    assert [*able] == ["one"]
    assert why == {
        "cuDNN": "No available kernel. Aborting",
        "large": "the GPU's memory is too small",
    }
    with pytest.raises(RuntimeError, match="No available"):
        possible(calls)


def test_nobody_is_left_out_without_a_word():
    everybody = {*gpu_cases.NAMED, gpu_cases.CHOSEN}
    for shape in ((1, 512), (1, 4096), (2, 512), (1, 8192)):
        left = gpu_cases.left_out(shape)
        assert {*gpu_cases.named(shape)} | {*left} == everybody
        assert not left or left["math"].startswith("it stores all scores")
        assert bool(left) == (shape in ((2, 512), (1, 8192)))


def test_copies_fill_the_cache_twice(monkeypatch):
    monkeypatch.setattr(gpu, "interprets", lambda: False)
    monkeypatch.setattr(gpu, "_gpu", lambda: {"cache": 1000})
    assert copies(torch.zeros(100, dtype=torch.uint8)) == 20
    assert copies(*[torch.zeros(150, dtype=torch.uint8)] * 2) == 7
    assert copies(torch.zeros(5000, dtype=torch.uint8)) == 1
    assert copies(torch.zeros(1, dtype=torch.uint8)) == 64
    monkeypatch.setattr(gpu, "_gpu", lambda: {})
    assert copies(torch.zeros(1 << 24, dtype=torch.uint8)) == 32, "twice what no cache has"


class FakeGPU:
    """As much of `torch.cuda` as descriptions, clock, peaks and graphs need."""

    multi_processor_count, major, minor, total_memory = 132, 9, 0, 1 << 37
    name, uuid, L2_cache_size = "A GPU", "1234", 50 << 20

    def __init__(self, monkeypatch):
        self.waited, self.held, self.highest, self.log = 0, 0, 0, []
        monkeypatch.setattr(gpu, "interprets", lambda: False)
        for name in ("synchronize", "memory_allocated", "max_memory_allocated", "stream", "graph"):
            monkeypatch.setattr(torch.cuda, name, getattr(self, name))
        monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
        monkeypatch.setattr(torch.cuda, "get_device_properties", lambda: self)
        monkeypatch.setattr(torch.backends.cudnn, "version", lambda: 91002)
        monkeypatch.setattr(torch.cuda, "reset_peak_memory_stats", self.reset)
        for name in ("Stream", "current_stream", "CUDAGraph"):
            monkeypatch.setattr(torch.cuda, name, lambda: self)

    def synchronize(self):
        self.waited += 1

    def hold(self, size):
        self.held += size
        self.highest = max(self.highest, self.held)

    def memory_allocated(self):
        return self.held

    def max_memory_allocated(self):
        return self.highest

    def reset(self):
        self.highest = self.held

    def wait_stream(self, other):
        self.log.append("wait")

    @contextmanager
    def stream(self, which):
        self.log.append("aside")
        yield

    @contextmanager
    def graph(self, which):
        self.log.append("capture")
        yield
        self.log.append("captured")

    def replay(self):
        self.log.append("replay")


def test_a_gpu_is_described_completely(tmp_path, monkeypatch):
    """What a record needs to be published; the driver is asked about this GPU and no other."""
    fake = FakeGPU(monkeypatch)
    tool = tmp_path / "nvidia-smi"
    tool.write_text(
        '#!/bin/sh\nprintf "%s\\n" "$*" > "$0.asked"\necho "580.1, 700.00 W, 1980 MHz"\n'
    )
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    gpu._gpu.cache_clear()
    place = gpu.place(quick=False)
    gpu._gpu.cache_clear()
    assert place.device == {
        "kind": "cuda",
        "name": "A GPU",
        "cores": 132,
        "threads": None,
        "capability": "9.0",
        "memory": 1 << 37,
        "cache": 50 << 20,
        "driver": "580.1",
        "power_limit": "700.00 W",
        "highest_clock": "1980 MHz",
    }
    assert "--id=GPU-1234" in (tmp_path / "nvidia-smi.asked").read_text()
    assert {*place.software} == {"processor", "cuda", "cudnn"}
    assert place.clock() <= place.clock() and fake.waited == 2, "it waits before it reads the time"
    assert place.peak is gpu.peak
    assert gpu.settings(quick=False).case_seconds < 10
    json.dumps(place.device)


def test_a_peak_is_what_a_warm_call_adds(monkeypatch):
    fake = FakeGPU(monkeypatch)
    fake.hold(1000)
    times = []

    def call():
        kept = 0 if times else 500  # the first call keeps something for ever
        times.append(1)
        fake.hold(kept + 70)
        fake.hold(-70)

    assert gpu.peak(call) == 70 and len(times) == 2 and fake.waited == 2


def test_a_graph_holds_every_call_once_after_a_first_one_aside(monkeypatch):
    fake = FakeGPU(monkeypatch)
    calls = [lambda name=name: fake.log.append(name) or name for name in "abc"]
    replay = gpu.alone(calls)
    assert fake.log == ["wait", "aside", "a", "wait", "capture", "a", "b", "c", "captured"]
    assert replay() == "a" and fake.log[-1] == "replay"


def test_a_rehearsal_is_short():
    assert gpu.settings(quick=True) == Settings(rounds=1, warmup=0, sample_seconds=0.0)
