"""A run as a file: written whole or not at all, and refused when something is missing."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import UnionType
from typing import Any, TypedDict, get_args, get_origin, get_type_hints, is_typeddict

import numpy as np

from .machine import Device
from .measure import Timing


class Spread(TypedDict):
    """The middle of many numbers, and the quarters' borders below and above it."""

    median: float
    lower: float
    upper: float


class Entry(TypedDict):
    """One contender at one size."""

    series: str
    contender: str
    baseline: str
    shape: list[int]
    dtype: str
    loops: int
    rounds: int
    error: float
    seconds: Spread
    ratio: Spread


class Skipped(TypedDict):
    """Who was left out of a series, where, and by which rule."""

    series: str
    contender: str
    shape: list[int]
    why: str


class Sampling(TypedDict):
    """The settings of `measure`, and what the samples were drawn from."""

    rounds: int
    warmup: int
    sample_seconds: float
    seed: int


class Record(TypedDict):
    """A run: what, where, when, how often, and what came out."""

    name: str
    quick: bool
    complete: bool
    date: str
    commit: str | None
    command: str
    device: Device
    software: dict[str, str]
    settings: Sampling
    entries: list[Entry]
    skipped: list[Skipped]


class IncompleteRecord(ValueError):
    """A file that is no finished run."""


def spread(values: tuple[float, ...]) -> Spread:
    """Return median and quartiles, to four digits.

    >>> spread((4.0, 1.0, 3.0, 2.0, 5.0))
    {'median': 3.0, 'lower': 2.0, 'upper': 4.0}
    """
    lower, median, upper = (float(f"{q:.4g}") for q in np.quantile(values, [0.25, 0.5, 0.75]))
    return {"median": median, "lower": lower, "upper": upper}


def entry(
    series: str, contender: str, baseline: str, shape: tuple[int, ...], dtype: str, timing: Timing
) -> Entry:
    """Return what a record keeps of a timing."""
    return {
        "series": series,
        "contender": contender,
        "baseline": baseline,
        "shape": list(shape),
        "dtype": dtype,
        "loops": timing.loops,
        "rounds": len(timing.seconds),
        "error": float(f"{timing.error:.2g}"),
        "seconds": spread(timing.seconds),
        "ratio": spread(timing.ratios),
    }


def check_place(path: Path) -> None:
    """Refuse a place that cannot take a record, before there is one.

    Raises:
        ValueError: if the place is a folder, or nothing can be written beside it.
    """
    if path.is_dir():
        raise ValueError(f"{path} is a folder; name a file, such as {path / 'record.json'}")
    folder = next(one for one in path.absolute().parents if one.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        raise ValueError(f"nothing can be written into {folder}; name a file elsewhere")


def write(record: Record, path: Path) -> None:
    """Write the record beside its place, then move it there: a reader never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        beside.write_text(json.dumps(record, indent=1) + "\n", "utf-8")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def load(path: Path | Traversable) -> Record:
    """Read a finished run back.

    Raises:
        IncompleteRecord: if fields are missing, of the wrong type or empty, or the run was
            interrupted; the message lists them.
        FileNotFoundError: if there is no such file.
    """
    record = json.loads(path.read_text("utf-8"))
    found = list(_faults(record, Record, "record"))
    if not found and not record["complete"]:
        found = ["the run was interrupted"]
    if not found and not record["entries"]:
        found = ["it has no entries"]
    if found:
        raise IncompleteRecord(f"{path.name} is no finished run: {'; '.join(found)}")
    finished: Record = record
    return finished


def recorded(name: str) -> Record:
    """Return a run that came with the book, from `book/results/NAME.json`.

    Raises:
        FileNotFoundError: if there is none of this name; the message lists those there are.

    >>> recorded("fft")["device"]["kind"]
    'cpu'
    """
    folder = files("fftia_lab.results")
    known = sorted(p.name.removesuffix(".json") for p in folder.iterdir() if ".json" in p.name)
    if name not in known:
        raise FileNotFoundError(f"no recorded run {name!r}; there are: {', '.join(known)}")
    return load(folder / f"{name}.json")


def find(record: Record, contender: str, size: int, series: str = "single") -> Entry:
    """Return what a run says of a contender at one length.

    Raises:
        LookupError: if it says nothing; the message lists what it was asked for.

    >>> find(recorded("fft"), "fft", 1024)["baseline"]
    'numpy.fft.fft'
    """
    for one in record["entries"]:
        if (one["contender"], one["shape"][-1], one["series"]) == (contender, size, series):
            return one
    raise LookupError(f"the run holds no {contender!r} of {size} samples in series {series!r}")


def _faults(value: Any, kind: Any, place: str) -> Iterator[str]:
    """Yield what keeps a value from being of this kind, a line a fault."""
    if is_typeddict(kind) and isinstance(value, dict):
        for name, inner in get_type_hints(kind).items():
            if name in value:
                yield from _faults(value[name], inner, f"{place}.{name}")
            else:
                yield f"{place}.{name} is missing"
    elif get_origin(kind) is list and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _faults(item, get_args(kind)[0], f"{place}[{index}]")
    else:
        plain = dict if is_typeddict(kind) else get_origin(kind) or kind
        allowed = get_args(kind) if plain is UnionType else (plain,)
        if value == "" or not isinstance(value, (*allowed, int) if float in allowed else allowed):
            yield f"{place} is {value!r}"
