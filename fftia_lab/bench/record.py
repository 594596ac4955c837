"""A run as a file: written whole or not at all, and refused when something is missing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from importlib.resources.abc import Traversable
from pathlib import Path
from types import UnionType
from typing import Any, Literal, TypedDict, get_args, get_origin, get_type_hints, is_typeddict

import numpy as np

from ..records import read, stored, write_whole
from .machine import Device
from .measure import Timing

SCHEMA = 2
# What a run on a GPU has to say besides.
OF_A_GPU = "driver", "capability", "memory"
WITH_A_GPU = "torch", "triton", "cuda", "processor"
UNITS = {"seconds": "s", "ratio": "times the baseline", "bytes": "B", "products": "operations"}


class Spread(TypedDict):
    """The middle of many numbers, and the quarters' borders below and above it."""

    median: float
    lower: float
    upper: float


class Work(TypedDict):
    """What a contender cannot do without, counted: operations in matrix products, bytes moved."""

    products: int
    bytes: int


class _Entry(TypedDict):
    """What every entry has."""

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


class Entry(_Entry, total=False):
    """One contender at one size; where it was counted, what it cannot do without.

    `least` is its fastest round in seconds, which runs of the first schema do not say.
    """

    least: float
    work: Work


class Memory(TypedDict):
    """What one contender at one size added to the peak, in bytes.

    On a processor that of a process of its own; on a GPU that of what PyTorch has handed out.
    """

    series: str
    contender: str
    baseline: str
    shape: list[int]
    dtype: str
    bytes: Spread
    ratio: float


class Skipped(TypedDict):
    """Who was left out of a series, where, and by which rule."""

    series: str
    contender: str
    shape: list[int]
    why: str


class _Sampling(TypedDict):
    """What every run has of the settings."""

    rounds: int
    warmup: int
    sample_seconds: float
    seed: int


class Sampling(_Sampling, total=False):
    """The settings of `measure`, and what the samples were drawn from."""

    case_seconds: float
    patience: float


class Origin(TypedDict):
    """When, from what and on what a run was made, of whatever kind."""

    name: str
    quick: bool
    date: str
    commit: str | None
    command: str
    device: Device
    software: dict[str, str]


class _Timed(Origin):
    """What every run has."""

    complete: bool
    settings: Sampling
    entries: list[Entry]
    skipped: list[Skipped]


class Record(_Timed, total=False):
    """A run: what, where, when, how often, and what came out; of some suites peaks of memory.

    A suite of kernels also says under which conditions each series was measured. A run that was
    interrupted and went on says when. Runs of the first schema say neither schema nor units.
    """

    schema: int
    units: dict[str, str]
    memory: list[Memory]
    conditions: dict[str, str]
    resumed: list[str]


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
    series: str,
    contender: str,
    baseline: str,
    shape: tuple[int, ...],
    dtype: str,
    timing: Timing,
    work: Work | None = None,
) -> Entry:
    """Return what a record keeps of a timing, and of what was counted."""
    found: Entry = {
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
        "least": float(f"{min(timing.seconds):.4g}"),
    }
    if work is not None:
        found["work"] = work
    return found


def write(record: Record, path: Path) -> None:
    """Write the record as JSON, whole or not at all."""
    write_whole(json.dumps(record, indent=1) + "\n", path)


def load(path: Path | Traversable) -> Record:
    """Read a finished run back.

    Raises:
        IncompleteRecord: if fields are missing, of the wrong type or empty, or the run was
            interrupted; the message lists them.
        FileNotFoundError: if there is no such file.
    """
    record = read(path)
    found = list(_faults(record, Record, "record"))
    if not found and not record["complete"]:
        found = ["the run was interrupted"]
    if not found and not record["entries"] and not record.get("memory"):
        found = ["it has no entries"]
    if not found and record.get("schema", SCHEMA) > SCHEMA:
        found = [f"its schema is {record['schema']}, this version reads up to {SCHEMA}: update"]
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
    return load(stored(name))


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


def medians(
    record: Record, contender: str, sizes: Iterable[int], series: str = "single"
) -> list[float]:
    """Return the median seconds of a contender at each length, as `find` finds them.

    Raises:
        LookupError: if the run says nothing of a length.

    >>> medians(recorded("fft"), "fft", [1024])[0] < 1e-3
    True
    """
    return [find(record, contender, size, series)["seconds"]["median"] for size in sizes]


COPY, PRODUCT = "copy", "product"  # series that measure how fast a device moves and multiplies


def lacks(record: Record) -> list[str]:
    """Return what keeps a finished run from being shown in the book; nothing if all is said.

    >>> lacks(recorded("fft"))
    []
    """
    device, software, commit = record["device"], record["software"], record["commit"]
    found = []
    if record["quick"]:
        found.append("it was quick")
    if commit is None or commit.endswith("-dirty"):
        found.append("no commit holds the code that ran")
    if device["kind"] == "interpreter":
        found.append("kernels were interpreted")
    if device["kind"] == "cpu" and device["threads"] is None:
        found.append("nobody said how many threads there were")
    if device["kind"] == "cuda":
        found += [f"device.{one} is missing" for one in OF_A_GPU if one not in device]
        found += [f"software.{one} is missing" for one in WITH_A_GPU if one not in software]
    return found


def floor(record: Record, one: Entry) -> float:
    """Return the seconds below which a contender cannot be on the device of a run.

    The larger of its bytes over the bandwidth of the run's large copy, and of its operations in
    matrix products over the rate of the run's large product.

    Raises:
        LookupError: if nobody counted what it does, or the run has no copy or product.
    """
    if "work" not in one:
        raise LookupError(f"what {one['contender']!r} moves in {one['series']!r} was not counted")
    moving = one["work"]["bytes"] / _rate(record, COPY, "bytes")
    products = one["work"]["products"]
    if not products:
        return moving
    return max(moving, products / _rate(record, PRODUCT, "products", one["dtype"]))


def floors_of(record: Record, series: str) -> dict[str, dict[int, float]]:
    """Return contender -> size -> seconds below which it cannot be, of those who were counted.

    Nothing where the run has no copy or product, as those of the first schema.

    >>> floors_of(recorded("fft"), "single")
    {}
    """
    found: dict[str, dict[int, float]] = {}
    for one in record["entries"]:
        if one["series"] == series and "work" in one:
            try:
                found.setdefault(one["contender"], {})[one["shape"][-1]] = floor(record, one)
            except LookupError:
                return {}
    return found


def _rate(
    record: Record, series: str, what: Literal["bytes", "products"], dtype: str | None = None
) -> float:
    """Return how many a second the device managed, in the fastest contender of a series.

    Of a precision, if one is given: a run may hold a product of each.
    """
    found = [
        one["work"][what] / one["seconds"]["median"]
        for one in record["entries"]
        if one["series"].partition(",")[0] == series
        and "work" in one
        and dtype in (None, one["dtype"])
    ]
    if not found:
        of = "" if dtype is None else f" in {dtype}"
        raise LookupError(f"the run {record['name']!r} has no series {series!r}{of}")
    return max(found)


def find_peak(record: Record, contender: str, size: int, series: str) -> Memory:
    """Return what a run says of a contender's peak of memory at one length.

    Raises:
        LookupError: if it says nothing; the message lists what it was asked for.

    >>> find_peak(recorded("mixing"), "mixing", 4096, "training, float32")["baseline"]
    'dense'
    """
    for one in record.get("memory", []):
        if (one["contender"], one["shape"][-1], one["series"]) == (contender, size, series):
            return one
    raise LookupError(f"the run holds no peak of {contender!r} at {size} in series {series!r}")


def _faults(value: Any, kind: Any, place: str) -> Iterator[str]:
    """Yield what keeps a value from being of this kind, a line a fault."""
    if is_typeddict(kind) and isinstance(value, dict):
        for name, inner in get_type_hints(kind).items():
            if name in value:
                yield from _faults(value[name], inner, f"{place}.{name}")
            elif name in kind.__required_keys__:
                yield f"{place}.{name} is missing"
    elif get_origin(kind) is list and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _faults(item, get_args(kind)[0], f"{place}[{index}]")
    else:
        plain = dict if is_typeddict(kind) else get_origin(kind) or kind
        allowed = get_args(kind) if plain is UnionType else (plain,)
        if value == "" or not isinstance(value, (*allowed, int) if float in allowed else allowed):
            yield f"{place} is {value!r}"
