"""Peak memory of a call, in a process of its own each time: what was there before does not count.

Leaves out time, which measure.py takes. Needs Linux, which tells a process its peak.
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from ..implementations import load
from .attempt import out_of_memory
from .case import left_out
from .machine import one_thread
from .record import Memory, Skipped, Spread, spread

STATUS = Path("/proc/self/status")
PATIENCE = 300  # seconds for a process
# Memory goes back as soon as it is free, so that the peak is what is needed at one time.
ENVIRONMENT = {"MALLOC_MMAP_THRESHOLD_": "65536"}


class TooLarge(RuntimeError):
    """A process got less memory or time than it needs."""


def compare(
    series: str,
    targets: Mapping[str, str],
    shape: tuple[int, ...],
    dtype: str,
    *,
    warm: tuple[int, ...],
    repeats: int = 3,
) -> tuple[list[Memory], list[Skipped]]:
    """Return what each contender adds to the peak, and who was left out; the first is the baseline.

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
    found, why = dict[str, Spread](), dict[str, str]()
    for name, target in targets.items():
        try:
            found[name] = spread(tuple(float(peak(target, warm, shape)) for _ in range(repeats)))
        except TooLarge as error:
            why[name] = str(error)
    baseline = next(iter(found), "")
    peaks: list[Memory] = [
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
    return peaks, left_out(series, shape, why)


def peak(target: str, warm: tuple[int, ...], shape: tuple[int, ...]) -> int:
    """Return how many bytes a call adds to the peak of a process of its own.

    Raises:
        TooLarge: if the process ran out of memory or time.
        RuntimeError: if it failed in another way; the message is its last words.
    """
    sizes = [",".join(map(str, one)) for one in (warm, shape)]
    command = [sys.executable, "-m", __name__, *sizes, *target.split()]
    environment = one_thread() | ENVIRONMENT
    try:
        child = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired as error:
        raise TooLarge(f"a process takes more than {PATIENCE} s") from error
    if child.returncode == -signal.SIGKILL or out_of_memory(RuntimeError(child.stderr)):
        raise TooLarge("the memory is too small")
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
