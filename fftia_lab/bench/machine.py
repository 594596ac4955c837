"""What a run ran on: device, software, threads and commit. No host name, no path, no user."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TypedDict

import numpy as np

HERE = Path(__file__).resolve()

# What the BLAS libraries that NumPy may be linked with read when they are loaded.
THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)

# What Linux calls instructions that decide how fast a thread multiplies, of x86 and of Arm.
INSTRUCTIONS = ("avx2", "avx512f", "avx512_bf16", "avx512_fp16", "amx_bf16", "asimd", "sve", "bf16")
CPUINFO = Path("/proc/cpuinfo")


class _Device(TypedDict):
    """What every device has."""

    kind: str
    name: str
    cores: int
    threads: int | None


class Device(_Device, total=False):
    """What computed: its kind and name, the cores that the run might use, its threads.

    The kind is "cpu"; "cuda", whose cores are multiprocessors; "webgpu", measured in a page, which
    is told no cores; or "interpreter", where kernels were computed with NumPy, and times say
    nothing. A GPU has a compute capability, bytes of memory and
    of L2 cache, and what `nvidia-smi` says of its driver, power limit and highest clock. Of a
    processor Linux tells the family and model, in numbers, which a cloud's name hides, and which of
    `INSTRUCTIONS` it has.
    """

    capability: str
    memory: int
    cache: int
    driver: str
    power_limit: str
    highest_clock: str
    family: int
    model: int
    instructions: list[str]


def one_thread() -> dict[str, str]:
    """Return the environment of a process whose matrix products use one thread."""
    return {**os.environ, **dict.fromkeys(THREAD_VARIABLES, "1")}


def threads() -> int | None:
    """Return how many threads this process was started with; None if nobody said."""
    said = {os.environ.get(name) for name in THREAD_VARIABLES}
    number = said.pop()
    return None if said or number is None else int(number)


def processor() -> Device:
    """Return the processor as a device."""
    usable = getattr(os, "sched_getaffinity", None)
    cores = len(usable(0)) if usable else os.cpu_count() or 1
    said = _told_by_linux()
    found: Device = {
        "kind": "cpu",
        "name": said.get("model name") or _processor_name(),
        "cores": cores,
        "threads": threads(),
    }
    if said.get("cpu family", "").isdigit() and said.get("model", "").isdigit():
        found |= {"family": int(said["cpu family"]), "model": int(said["model"])}
    if has := {*said.get("flags", said.get("Features", "")).split()}:
        found["instructions"] = [one for one in INSTRUCTIONS if one in has]
    return found


def same(first: Device, second: Device) -> bool:
    """Whether two devices are one, by all that both say: earlier runs say less.

    >>> same(processor(), {**processor(), "threads": 99})
    False
    """
    other = {**second}
    return all(other[name] == said for name, said in first.items() if name in other)


def _told_by_linux() -> dict[str, str]:
    """Return what /proc/cpuinfo says of the first processor; nothing on other systems."""
    if sys.platform != "linux" or not CPUINFO.exists():
        return {}
    first = CPUINFO.read_text("utf-8").strip().partition("\n\n")[0]
    lines = (line.partition(":") for line in first.splitlines())
    return {key.strip(): " ".join(said.split()) for key, _, said in lines}


def _processor_name() -> str:
    if sys.platform == "darwin":
        return _output("sysctl", "-n", "machdep.cpu.brand_string") or platform.machine()
    return platform.processor() or platform.machine()


def software() -> dict[str, str]:
    """Return the kind of system and the versions that decide about speed."""
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "blas": f"{blas['name']} {blas['version']}",
        "fftia-lab": version("fftia-lab"),
    }


def commit() -> str | None:
    """Return the commit of the code that ran, with "-dirty" if files have changed since.

    None where this package does not lie in a checkout of its own, as after `pip install`.
    """
    if _output("git", "ls-files", "--error-unmatch", HERE.name) is None:
        return None
    changed = _output("git", "status", "--porcelain", "--", ":/fftia_lab")
    return f"{_output('git', 'rev-parse', 'HEAD')}{'-dirty' if changed else ''}"


def _output(*command: str) -> str | None:
    """Return what a command prints, run where this file lies; None if it fails or is missing."""
    try:
        run = subprocess.run(
            command, cwd=HERE.parent, capture_output=True, text=True, check=True, timeout=30
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return run.stdout.strip()
