"""Peak memory of a call, in a process of its own each time: what was there before does not count.

Leaves out time, which measure.py takes. Needs Linux, which tells a process its peak.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from ..implementations import load
from .machine import one_thread
from .record import Memory, spread

STATUS = Path("/proc/self/status")
# Memory goes back as soon as it is free, so that the peak is what is needed at one time.
ENVIRONMENT = {"MALLOC_MMAP_THRESHOLD_": "65536"}


def compare(
    series: str,
    targets: Mapping[str, str],
    shape: tuple[int, ...],
    dtype: str,
    *,
    warm: tuple[int, ...],
    repeats: int = 3,
) -> list[Memory]:
    """Return what each contender adds to the peak; the first is the baseline.

    Args:
        series: which line of the chart this is a point of.
        targets: contender -> "module:function argument …". The function gets the arguments, as
            texts, and returns a callable; that is called with `warm`, then with `shape`.
        shape, dtype: of the input; the dtype is only noted.
        warm: a small shape, for what a first call allocates once.
        repeats: how many processes each contender gets.

    Raises:
        RuntimeError: if a process failed; the message is its last words.
    """
    found = {
        name: spread(tuple(float(peak(target, warm, shape)) for _ in range(repeats)))
        for name, target in targets.items()
    }
    baseline = next(iter(targets))
    return [
        {
            "series": series,
            "contender": name,
            "baseline": baseline,
            "shape": list(shape),
            "dtype": dtype,
            "bytes": one,
            "ratio": float(f"{one['median'] / found[baseline]['median']:.4g}"),
        }
        for name, one in found.items()
    ]


def peak(target: str, warm: tuple[int, ...], shape: tuple[int, ...]) -> int:
    """Return how many bytes a call adds to the peak of a process of its own.

    Raises:
        RuntimeError: if the process failed; the message is its last words.
    """
    sizes = [",".join(map(str, one)) for one in (warm, shape)]
    command = [sys.executable, "-m", __name__, *sizes, *target.split()]
    child = subprocess.run(
        command, env=one_thread() | ENVIRONMENT, capture_output=True, text=True, check=False
    )
    if child.returncode:
        raise RuntimeError(f"{target} failed: {child.stderr.strip()[-400:]}")
    return int(child.stdout)


def grown(call: Callable[[tuple[int, ...]], object], *shapes: tuple[int, ...]) -> int:
    """Return by how many bytes the last call raises this process's peak."""
    *before, last = shapes
    for shape in before:
        call(shape)
    began = _peak()
    call(last)
    return _peak() - began


def _peak() -> int:
    kilobytes = re.search(r"VmHWM:\s+(\d+) kB", STATUS.read_text("utf-8"))
    if kilobytes is None:
        raise RuntimeError(f"{STATUS} has no line VmHWM")
    return int(kilobytes[1]) * 1024


def main(arguments: list[str]) -> int:
    """Print what the last of two calls adds: WARM SHAPE MODULE:FUNCTION [ARGUMENT …]."""
    warm, shape = (tuple(map(int, one.split(","))) for one in arguments[:2])
    call: Callable[[tuple[int, ...]], object] = load(arguments[2])(*arguments[3:])
    print(grown(call, warm, shape))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
