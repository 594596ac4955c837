"""Run the cases of a suite one after the other; what is measured is on disk before the next."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from numpy.typing import ArrayLike

from . import machine
from .measure import Contenders, Settings, measure
from .record import Entry, Memory, Record, Skipped, entry, load, write

COMMAND = "python -m fftia_lab.bench"
QUICK = Settings(rounds=7, warmup=1)


@dataclass(frozen=True)
class Case:
    """Contenders that do the same job with one input.

    Args:
        series: which line of the chart this is a point of.
        shape, dtype: of the input.
        contenders: name -> callable without arguments.
        baseline: the name of the contender that the others are divided by.
        wanted: the right answer, or one for each contender.
        limit: the largest relative error that counts as right.
        skipped: who was left out, and why.
        rounds: how many samples each contender gives at most; None as many as all.
    """

    series: str
    shape: tuple[int, ...]
    dtype: str
    contenders: Contenders
    baseline: str
    wanted: ArrayLike | Mapping[str, ArrayLike]
    limit: float
    skipped: list[Skipped] = field(default_factory=list)
    rounds: int | None = None


def too_long(
    series: str, shape: tuple[int, ...], longest: Mapping[str, int | None]
) -> list[Skipped]:
    """Return who is left out because nobody should wait for it at the last size of a shape.

    Args:
        series, shape: of the case.
        longest: contender -> the largest size that it takes; None for any.
    """
    return [
        {
            "series": series,
            "contender": name,
            "shape": list(shape),
            "why": f"longer than {limit}, set by fftia_lab.implementations",
        }
        for name, limit in longest.items()
        if limit and shape[-1] > limit
    ]


def run(
    name: str,
    cases: Iterable[Case],
    path: Path,
    *,
    seed: int,
    quick: bool = False,
    libraries: Collection[str] = (),
    memory: Iterable[list[Memory]] = (),
) -> Record:
    """Measure every case and write the record; until all are done it is PATH.partial.json.

    Args:
        name: of the suite.
        cases: what to measure.
        path: where the finished record goes.
        seed: of the inputs, recorded.
        quick: few rounds, for a look and not for the book.
        libraries: whose versions are recorded besides NumPy's.
        memory: peaks of memory, measured while they are asked for, after all cases.

    Raises:
        WrongAnswer: if a contender is wrong; what was measured before stays in the partial file.
    """
    settings = QUICK if quick else Settings()
    partial = path.with_suffix(".partial.json")
    record = _empty(name, settings, seed, quick)
    record["software"] |= {library: version(library) for library in libraries}
    for case in cases:
        timings = measure(
            case.contenders,
            baseline=case.baseline,
            wanted=case.wanted,
            limit=case.limit,
            settings=replace(settings, rounds=min(case.rounds or settings.rounds, settings.rounds)),
        )
        fixed = (case.baseline, case.shape, case.dtype)
        found = [entry(case.series, who, *fixed, timing) for who, timing in timings.items()]
        record["entries"] += found
        record["skipped"] += case.skipped
        write(record, partial)
        print(*map(_line, found), sep="\n", flush=True)
    for peaks in memory:
        record["memory"] = [*record.get("memory", []), *peaks]
        write(record, partial)
        print(*map(_peak_line, peaks), sep="\n", flush=True)
    record["complete"] = True
    write(record, path)
    partial.unlink(missing_ok=True)
    return record


def run_here(name: str, *, quick: bool = True) -> Record:
    """Run a suite on this machine, in a process of its own with one thread; return its record.

    Args:
        name: of the suite.
        quick: a few seconds instead of minutes.

    Raises:
        RuntimeError: if the run failed; the message is its last words.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.json"
        arguments = [name, *["--quick"] * quick, "--output", str(path)]
        command = [sys.executable, "-m", "fftia_lab.bench", *arguments]
        child = subprocess.run(
            command, env=machine.one_thread(), capture_output=True, text=True, check=False
        )
        if child.returncode:
            raise RuntimeError(f"the run of {name} failed: {child.stderr.strip()[-400:]}")
        return load(path)


def _line(one: Entry) -> str:
    shape, ratio = "x".join(map(str, one["shape"])), one["ratio"]
    return (
        f"{one['series']:14} {shape:>9} {one['contender']:28}"
        f"{one['seconds']['median'] * 1e6:13,.1f} µs {ratio['median']:9.2f} times the baseline, "
        f"{ratio['lower']:.2f} to {ratio['upper']:.2f}"
    )


def _peak_line(one: Memory) -> str:
    shape = "x".join(map(str, one["shape"]))
    return (
        f"{one['series']:14} {shape:>9} {one['contender']:28}"
        f"{one['bytes']['median'] / 2**20:13,.2f} MiB {one['ratio']:8.3f} times the baseline"
    )


def _empty(name: str, settings: Settings, seed: int, quick: bool) -> Record:
    return {
        "name": name,
        "quick": quick,
        "complete": False,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": machine.commit(),
        "command": f"{COMMAND} {name}{' --quick' * quick}",
        "device": machine.processor(),
        "software": machine.software(),
        "settings": {
            "rounds": settings.rounds,
            "warmup": settings.warmup,
            "sample_seconds": settings.sample_seconds,
            "seed": seed,
        },
        "entries": [],
        "skipped": [],
    }
