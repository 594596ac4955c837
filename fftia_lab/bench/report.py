"""A record as a table that fits a terminal: who, how large, how long, how sure, on what."""

from __future__ import annotations

from collections.abc import Sequence

from ..rounding import duration
from .machine import Device
from .record import Entry, Memory, Origin, Record, Spread, floor, lacks

HEAD = ("series", "size", "contender", "n", "median", "quartiles", "ratio", "floor")


def report(record: Record) -> str:
    """Return a record as text: the device and date, then a line for each contender.

    The last column is how many times its floor a contender takes, where what it cannot do without
    was counted.

    >>> from .record import recorded
    >>> print(report(recorded("fft")).splitlines()[0][:29])
    fft: AMD EPYC, 1 thread, nump
    """
    lines = [provenance(record), ""]
    if record["entries"]:
        lines += table([HEAD, *(_row(record, one) for one in record["entries"])])
    if peaks := record.get("memory", []):
        rows = [
            (*_who(one), f"{one['bytes']['median'] / 2**20:,.2f} MiB", f"{one['ratio']:.3g}")
            for one in peaks
        ]
        lines += ["", *table([("series", "size", "contender", "peak", "ratio"), *rows])]
    lines += [
        f"left out: {one['contender']} in {one['series']} at {_size(one['shape'])}: {one['why']}"
        for one in record["skipped"]
    ]
    if missing := lacks(record):
        lines += ["", f"Not for the book: {'; '.join(missing)}."]
    return "\n".join(lines)


def provenance(record: Record) -> str:
    """Return a line that says what was measured where and when."""
    device = record["device"]
    threads = "" if device["threads"] is None else f", {device['threads']} thread"
    quick = ", quick" if record["quick"] else ""
    commit = (record["commit"] or "no commit")[:8]
    name = device_name(device)
    said = f"{record['name']}: {name}{threads}, {', '.join(versions(record))}, "
    return f"{said}{record['date'][:10]}, {commit}{quick}"


def device_name(device: Device) -> str:
    """Return a device's name, with what its run says of the processor besides.

    >>> device_name({"kind": "cpu", "name": "A", "cores": 2, "threads": 1})
    'A'
    >>> more = {"family": 25, "model": 17, "instructions": ["avx2", "avx512_bf16"]}
    >>> device_name({"kind": "cpu", "name": "A", "cores": 2, "threads": 1, **more})
    'A (family 25, model 17, avx2, avx512_bf16)'
    """
    numbers = [f"{one} {device[one]}" for one in ("family", "model") if one in device]
    more = [*numbers, *device.get("instructions", [])]
    return f"{device['name']} ({', '.join(more)})" if more else device["name"]


def versions(record: Origin) -> list[str]:
    """Return which libraries a run was made with.

    >>> from .record import recorded
    >>> versions(recorded("fft"))
    ['numpy 2.4.6']
    """
    software = record["software"]
    return [f"{one} {software[one]}" for one in ("numpy", "torch", "cuda") if one in software]


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows of cells as lines of one width a column.

    >>> table([("who", "s"), ("fft", "1.5")])
    ['who  s  ', 'fft  1.5']
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) for row in rows]


def _row(record: Record, one: Entry) -> Sequence[str]:
    ratio = f"{one['ratio']['median']:.3g} ({_between(one['ratio'])})"
    said = one["seconds"]
    return (
        *_who(one),
        str(one["rounds"]),
        duration(said["median"]),
        f"{duration(said['lower'])} to {duration(said['upper'])}",
        "baseline" if one["contender"] == one["baseline"] else ratio,
        _above_floor(record, one),
    )


def _between(found: Spread) -> str:
    return f"{found['lower']:.3g} to {found['upper']:.3g}"


def _above_floor(record: Record, one: Entry) -> str:
    """Return how many times its floor a contender takes; nothing where none is known."""
    try:
        return f"{one['seconds']['median'] / floor(record, one):.3g}"
    except LookupError:
        return ""


def _who(one: Entry | Memory) -> tuple[str, str, str]:
    return one["series"], _size(one["shape"]), one["contender"]


def _size(shape: Sequence[int]) -> str:
    return "x".join(map(str, shape))
