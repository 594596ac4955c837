"""Run the cases of a suite one after the other; what is measured is on disk before the next."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from . import machine
from .attempt import attempts, out_of_memory
from .case import Case, Peaks, Planned, left_out
from .measure import Settings, contest
from .place import Place, processor
from .progress import Lines, Listener, time_left
from .record import (
    SCHEMA,
    UNITS,
    Entry,
    Memory,
    Record,
    Sampling,
    Skipped,
    entry,
    load,
    spread,
    write,
)
from .resume import begun, done, partial_of, remembered

COMMAND = "python -m fftia_lab.bench"
WHOLE = Settings(patience=120.0)
QUICK = Settings(rounds=7, warmup=1, patience=10.0)

Found = tuple[list[Entry], list[Memory], list[Skipped]]


def run(
    name: str,
    cases: Iterable[Case | Planned],
    path: Path,
    *,
    seed: int,
    quick: bool = False,
    libraries: Collection[str] = (),
    memory: Iterable[Peaks] = (),
    place: Place | None = None,
    settings: Settings | None = None,
    conditions: Mapping[str, str] | None = None,
    resume: bool = False,
    listener: Listener | None = None,
    gate: Callable[[], None] = lambda: None,
) -> Record:
    """Measure every case and write the record; until all are done it is PATH.partial.json.

    Args:
        name: of the suite.
        cases: what to measure.
        path: where the finished record goes.
        seed: of the inputs, recorded.
        quick: few rounds, for a look and not for the book.
        libraries: whose versions are recorded besides NumPy's.
        memory: peaks of memory, taken after all cases.
        place: where it runs; None for the processor.
        settings: how often and how long; None for what suits a processor.
        conditions: of each series, recorded.
        resume: whether to go on with what was measured at this commit on this device.
        listener: who hears what comes; None prints it.
        gate: is called before every case, and may wait or raise.

    Raises:
        ValueError: if kernels are interpreted and the run is no quick one: it must not be taken for
            a measurement.
        WrongAnswer: if a contender is wrong; what was measured before stays in the partial file.
    """
    place, listener = place or processor(), listener or Lines()
    if place.device["kind"] == "interpreter" and not quick:
        raise ValueError("kernels are interpreted here, which no record may hide: ask for --quick")
    settings = settings or (QUICK if quick else WHOLE)
    record = _empty(name, settings, seed, quick, place)
    record["software"] |= {library: version(library) for library in libraries}
    record["software"] |= dict(place.software)
    if conditions:
        record["conditions"] = dict(conditions)
    before = begun(record, path) if resume else None
    if before is not None and before["complete"]:
        print(f"{path} was measured at this commit on this device.", file=sys.stderr)
        listener.begins(before, 0)
        listener.ends(before)
        return before
    if before is not None:
        record = _gone_on(before, record["date"])
    plan: list[Case | Planned | Peaks]
    plan = [one for one in cases if (one.series, one.shape) not in done(record)]
    plan += [one for one in memory if (one.series, one.shape) not in remembered(record)]
    _measure_all(plan, record, path, settings, place, listener, gate)
    record["complete"] = True
    write(record, path)
    partial_of(path).unlink(missing_ok=True)
    listener.ends(record)
    return record


def _measure_all(
    plan: list[Case | Planned | Peaks],
    record: Record,
    path: Path,
    settings: Settings,
    place: Place,
    listener: Listener,
    gate: Callable[[], None],
) -> None:
    """Measure what is planned; after each case the record is on disk."""
    times: list[tuple[tuple[int, ...], float]] = []
    sizes = [one.shape for one in plan]
    listener.begins(record, len(plan))
    for number, planned in enumerate(plan):
        gate()
        began = time.perf_counter()
        found, peaks, skipped = _measured(planned, settings, place)  # and lets the case go
        record["entries"] += found
        record["skipped"] += skipped
        if peaks:
            record["memory"] = [*record.get("memory", []), *peaks]
        write(record, partial_of(path))
        times.append((planned.shape, time.perf_counter() - began))
        listener.measured(found, peaks, skipped)
        listener.goes_on(number + 1, len(plan), time_left(times, sizes[number + 1 :]))


def _gone_on(before: Record, date: str) -> Record:
    """Return a run that goes on now."""
    count = len(done(before))
    print(f"{count} cases were measured before, at this commit on this device.", file=sys.stderr)
    before["resumed"] = [*before.get("resumed", []), date]
    return before


def _measured(planned: Case | Planned | Peaks, settings: Settings, place: Place) -> Found:
    """Return what a case gave: times, peaks of memory if they are wanted, and who was left out."""
    if isinstance(planned, Peaks):
        return [], *planned.take()
    try:
        return _timed(planned.made(), settings, place)
    except (MemoryError, RuntimeError) as error:
        if not out_of_memory(error):
            raise
    why = {"everybody": "the memory is too small for this case"}
    return [], [], left_out(planned.series, planned.shape, why)


def _timed(case: Case, settings: Settings, place: Place) -> Found:
    """Time those contenders of a case that are right, and that this machine can run."""
    errors, why = attempts(case, settings.patience)
    skipped = [*case.skipped, *left_out(case.series, case.shape, why)]
    if not errors:
        return [], [], skipped
    able = {name: case.contenders[name] for name in errors}
    baseline = case.baseline if case.baseline in able else next(iter(able))
    rounds = min(case.rounds or settings.rounds, settings.rounds)
    settings = replace(settings, rounds=rounds)
    timings = contest(able, errors, baseline, settings, place.clock, case.jobs)
    fixed = (baseline, case.shape, case.dtype)
    found = [
        entry(case.series, who, *fixed, timing, case.work.get(who))
        for who, timing in timings.items()
    ]
    able_case = replace(case, contenders=able, baseline=baseline)
    return found, _peaks(able_case, place) if case.remember else [], skipped


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
        arguments = ["run", name, *["--quick"] * quick, "--output", str(path)]
        command = [sys.executable, "-m", "fftia_lab.bench", *arguments]
        child = subprocess.run(
            command, env=machine.one_thread(), capture_output=True, text=True, check=False
        )
        if child.returncode:
            raise RuntimeError(f"the run of {name} failed: {child.stderr.strip()[-400:]}")
        return load(path)


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
    if settings.patience < float("inf"):
        sampling["patience"] = settings.patience
    return {
        "schema": SCHEMA,
        "units": dict(UNITS),
        "name": name,
        "quick": quick,
        "complete": False,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": machine.commit(),
        "command": f"{COMMAND} run {name}{place.option}{' --quick' * quick}",
        "device": place.device,
        "software": machine.software(),
        "settings": sampling,
        "entries": [],
        "skipped": [],
    }
