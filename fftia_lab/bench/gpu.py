"""Where kernels are measured: a CUDA GPU; or Triton's interpreter, for a rehearsal and no more.

A GPU works behind the processor's back. Time is therefore read after waiting for it, and a sample
lasts so long that the wait does not count; or calls are captured in a CUDA graph, so that neither
Python nor PyTorch stands between one kernel and the next. Needs PyTorch.
"""

from __future__ import annotations

import os
import subprocess
import time
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import torch
from torch import Tensor

from . import machine
from .machine import Device
from .measure import Settings
from .place import Place

Calls = Mapping[str, Callable[[], Tensor]]

# Waiting for the device takes some microseconds, which a sample must make small.
ON_A_GPU = Settings(rounds=21, warmup=2, sample_seconds=0.005, case_seconds=1.2, patience=120)
A_LOOK = Settings(rounds=7, warmup=1, sample_seconds=0.005, case_seconds=0.5, patience=60)
A_REHEARSAL = Settings(rounds=1, warmup=0, sample_seconds=0.0)

# What a GPU is said to hold if PyTorch does not tell: more than any has, so that it is cold.
LARGE_CACHE = 1 << 28
MOST_COPIES = 64


def interprets() -> bool:
    """Whether kernels are computed by Triton's interpreter, with NumPy."""
    return os.environ.get("TRITON_INTERPRET") == "1"


def device() -> torch.device:
    """Return where tensors lie that kernels work on."""
    return torch.device("cpu" if interprets() else "cuda")


def settings(quick: bool) -> Settings:
    """Return how often and how long kernels are measured."""
    return A_REHEARSAL if interprets() else A_LOOK if quick else ON_A_GPU


def place(quick: bool) -> Place:
    """Return where kernels run here.

    Raises:
        RuntimeError: if there is no CUDA GPU; Triton's interpreter does for a quick run alone.
    """
    software = {"processor": machine.processor()["name"]}
    if interprets() and quick:
        return Place(_interpreter(), software=software, peak=_result_bytes)
    if interprets() or not torch.cuda.is_available():
        raise RuntimeError(
            "PyTorch finds no CUDA GPU that may be used here; for kernels TRITON_INTERPRET=1 with "
            "--quick rehearses on any machine, without a time that counts"
        )
    software["cuda"] = str(torch.version.cuda)
    software["cudnn"] = str(torch.backends.cudnn.version())
    return Place(_gpu(), clock, software, peak)


def clock() -> float:
    """Return seconds, once the GPU has done what it was given."""
    torch.cuda.synchronize()
    return time.perf_counter()


def peak(call: Callable[[], object]) -> int:
    """Return by how many bytes a call raises what PyTorch has handed out, its result included."""
    call()  # for what a first call keeps
    torch.cuda.synchronize()
    torch.cuda.reset_peak_memory_stats()
    before = torch.cuda.memory_allocated()
    result = call()
    torch.cuda.synchronize()
    most = torch.cuda.max_memory_allocated()
    del result
    return most - before


def _result_bytes(call: Callable[[], object]) -> int:
    """Return the bytes of a call's result: all that a rehearsal, which has no such counter, has."""
    result = call()
    return result.nbytes if isinstance(result, Tensor) else 0


def copies(*tensors: Tensor) -> int:
    """Return how many sets of such tensors fill the L2 cache twice, and no more than 64.

    Whoever works on so many, one after the other, finds none of them in the cache.
    """
    if interprets():
        return 2
    wanted = 2 * (_gpu().get("cache") or LARGE_CACHE)
    return min(max(-(-wanted // sum(one.nbytes for one in tensors)), 1), MOST_COPIES)


def alone(calls: Sequence[Callable[[], Tensor]]) -> Callable[[], Tensor]:
    """Return a call that does all of these as one CUDA graph, and returns the first's result.

    Results are kept apart, as inputs are: nothing is found in a cache because it was just written.
    """
    if interprets():

        def in_turn() -> Tensor:
            first, *_ = [call() for call in calls]
            return first

        return in_turn
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        calls[0]()  # compiles, and allocates what is kept
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        results = [call() for call in calls]

    def replay() -> Tensor:
        graph.replay()
        return results[0]

    return replay


def possible(
    calls: Calls, forgiven: Iterable[str] = ()
) -> tuple[dict[str, Callable[[], Tensor]], dict[str, str]]:
    """Return those that can be called here, and why the others cannot.

    Args:
        calls: name -> call; each is tried once.
        forgiven: who may refuse to run on this device; of all others only memory may be too small.
    """
    able, why = dict[str, Callable[[], Tensor]](), dict[str, str]()
    for name, call in calls.items():
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            try:
                call()
                able[name] = call
            except torch.OutOfMemoryError:
                why[name] = "the GPU's memory is too small"
            except RuntimeError as error:
                if name not in forgiven:
                    raise
                reasons = [str(error), *(str(one.message) for one in said)]
                why[name] = " ".join(" ".join(reason.split()) for reason in reasons)[:300]
    return able, why


def _interpreter() -> Device:
    name = f"Triton's interpreter on {machine.processor()['name']}"
    return {**machine.processor(), "kind": "interpreter", "name": name}


@cache
def _gpu() -> Device:
    """Return the GPU that PyTorch uses, as records have it."""
    found = torch.cuda.get_device_properties()
    said = _said_by_driver(str(getattr(found, "uuid", "")))
    described: Device = {
        "kind": "cuda",
        "name": found.name,
        "cores": found.multi_processor_count,
        "threads": None,
        "capability": f"{found.major}.{found.minor}",
        "memory": found.total_memory,
        **said,  # type: ignore[typeddict-item]
    }
    if getattr(found, "L2_cache_size", 0):
        described["cache"] = found.L2_cache_size
    return described


def _said_by_driver(uuid: str) -> Mapping[str, Any]:
    """Return what `nvidia-smi` says of a GPU; nothing where it is missing."""
    fields = {
        "driver": "driver_version",
        "power_limit": "power.limit",
        "highest_clock": "clocks.max.sm",
    }
    asked = "nvidia-smi", f"--query-gpu={','.join(fields.values())}", "--format=csv,noheader"
    for which in ([f"--id=GPU-{uuid}"], []):  # a part of a GPU has an id that is not known there
        try:
            run = subprocess.run(
                [*asked, *which], capture_output=True, text=True, check=True, timeout=30
            )
        except (OSError, subprocess.SubprocessError):
            continue
        lines = run.stdout.splitlines()
        if len(lines) == 1:
            values = [one.strip() for one in lines[0].split(",")]
            return {name: value for name, value in zip(fields, values, strict=True) if value}
    return {}
