"""Run the cases of a suite one after the other; what is measured is on disk before the next."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from numpy.typing import ArrayLike

from . import machine
from .measure import Contenders, Settings, measure
from .place import Place, processor
from .record import Entry, Memory, Record, Sampling, Skipped, Work, entry, load, spread, write
from .resume import begun, done, partial_of

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
        jobs: how many times a contender does its job when it is called once.
        work: what contenders cannot do without, of those for whom it was counted.
        remember: whether to take peaks of memory too, where the device tells them.
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
    jobs: int = 1
    work: Mapping[str, Work] = field(default_factory=dict)
    remember: bool = False

    def made(self) -> Case:
        """Return the case."""
        return self


@dataclass(frozen=True)
class Planned:
    """A case that is made when its turn comes: one that was measured before costs nothing.

    Args:
        series, shape: of the case.
        make: returns it; a case without contenders only says who was skipped.
    """

    series: str
    shape: tuple[int, ...]
    make: Callable[[], Case]

    def made(self) -> Case:
        """Make and return the case."""
        return self.make()


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
    cases: Iterable[Case | Planned],
    path: Path,
    *,
    seed: int,
    quick: bool = False,
    libraries: Collection[str] = (),
    memory: Iterable[list[Memory]] = (),
    place: Place | None = None,
    settings: Settings | None = None,
    conditions: Mapping[str, str] | None = None,
    resume: bool = False,
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
        place: where it runs; None for the processor.
        settings: how often and how long; None for what suits a processor.
        conditions: of each series, recorded.
        resume: whether to go on with what was measured at this commit on this device.

    Raises:
        ValueError: if kernels are interpreted and the run is no quick one: it must not be taken for
            a measurement.
        WrongAnswer: if a contender is wrong; what was measured before stays in the partial file.
    """
    place = place or processor()
    if place.device["kind"] == "interpreter" and not quick:
        raise ValueError("kernels are interpreted here, which no record may hide: ask for --quick")
    settings = settings or (QUICK if quick else Settings())
    partial = partial_of(path)
    record = _empty(name, settings, seed, quick, place)
    record["software"] |= {library: version(library) for library in libraries}
    record["software"] |= dict(place.software)
    if conditions:
        record["conditions"] = dict(conditions)
    before = begun(record, path) if resume else None
    if before is not None and before["complete"]:
        print(f"{path} was measured at this commit on this device.")
        return before
    if before is not None:
        record = _gone_on(before, record["date"])
    for planned in cases:
        if (planned.series, planned.shape) in done(record):
            continue
        found, peaks, skipped = _measured(planned.made(), settings, place)  # and lets it go
        record["entries"] += found
        record["skipped"] += skipped
        if peaks:
            record["memory"] = [*record.get("memory", []), *peaks]
        write(record, partial)
        for line in (*map(_line, found), *map(_peak_line, peaks)):
            print(line, flush=True)
    for peaks in memory:
        record["memory"] = [*record.get("memory", []), *peaks]
        write(record, partial)
        print(*map(_peak_line, peaks), sep="\n", flush=True)
    record["complete"] = True
    write(record, path)
    partial.unlink(missing_ok=True)
    return record


def _gone_on(before: Record, date: str) -> Record:
    """Return a run that goes on now."""
    print(f"{len(done(before))} cases were measured before, at this commit on this device.")
    before["resumed"] = [*before.get("resumed", []), date]
    return before


def _measured(
    case: Case, settings: Settings, place: Place
) -> tuple[list[Entry], list[Memory], list[Skipped]]:
    """Return what a case gave: times, peaks of memory if they are wanted, and who was left out."""
    if not case.contenders:
        return [], [], case.skipped
    timings = measure(
        case.contenders,
        baseline=case.baseline,
        wanted=case.wanted,
        limit=case.limit,
        settings=replace(settings, rounds=min(case.rounds or settings.rounds, settings.rounds)),
        clock=place.clock,
        jobs=case.jobs,
    )
    fixed = (case.baseline, case.shape, case.dtype)
    found = [
        entry(case.series, who, *fixed, timing, case.work.get(who))
        for who, timing in timings.items()
    ]
    return found, _peaks(case, place) if case.remember else [], case.skipped


def _peaks(case: Case, place: Place) -> list[Memory]:
    """Return by how much each contender raises the device's peak: a number that is always alike."""
    if place.peak is None:
        return []
    peaks = {name: float(place.peak(call)) for name, call in case.contenders.items()}
    return [
        {
            "series": case.series,
            "contender": name,
            "baseline": case.baseline,
            "shape": list(case.shape),
            "dtype": case.dtype,
            "bytes": spread((peak,)),
            "ratio": float(f"{peak / peaks[case.baseline]:.4g}"),
        }
        for name, peak in peaks.items()
    ]


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


def _empty(
    name: str, settings: Settings, seed: int, quick: bool, place: Place | None = None
) -> Record:
    place = place or processor()
    sampling: Sampling = {
        "rounds": settings.rounds,
        "warmup": settings.warmup,
        "sample_seconds": settings.sample_seconds,
        "seed": seed,
    }
    if settings.case_seconds < float("inf"):  # for which JSON has no word
        sampling["case_seconds"] = settings.case_seconds
    return {
        "name": name,
        "quick": quick,
        "complete": False,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": machine.commit(),
        "command": f"{COMMAND} {name}{' --quick' * quick}",
        "device": place.device,
        "software": machine.software(),
        "settings": sampling,
        "entries": [],
        "skipped": [],
    }
