"""Go on with a run: what was measured at this commit on this device is not measured again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..records import read
from .record import IncompleteRecord, Record, load

# A run goes on only where all of these are what they were.
SAME = ("name", "quick", "commit", "device", "software", "settings")

Key = tuple[str, tuple[int, ...]]


def partial_of(path: Path) -> Path:
    """Return where a run is kept until it is finished.

    >>> partial_of(Path("fft.json")).name
    'fft.partial.json'
    """
    return path.with_suffix(".partial.json")


def begun(record: Record, path: Path) -> Record | None:
    """Return the run at a path, finished or not, of which this empty one would be a repetition.

    None if there is none, or if it is not known whether the code is the same: files have changed
    since the commit, or there is no checkout.
    """
    commit = record["commit"]
    if commit is None or commit.endswith("-dirty"):
        return None
    given: Mapping[str, Any] = record
    for found in (_finished(path), _unfinished(partial_of(path))):
        if found is not None and all(found[name] == given[name] for name in SAME):
            same: Record = found
            return same
    return None


def done(record: Record) -> set[Key]:
    """Return series and shape of all cases that a run holds, measured or skipped."""
    return {
        (one["series"], tuple(one["shape"])) for one in (*record["entries"], *record["skipped"])
    }


def remembered(record: Record) -> set[Key]:
    """Return series and shape of all peaks of memory that a run holds."""
    return {(one["series"], tuple(one["shape"])) for one in record.get("memory", [])}


def _finished(path: Path) -> Any:
    try:
        return load(path)
    except (FileNotFoundError, IncompleteRecord, json.JSONDecodeError):
        return None


def _unfinished(path: Path) -> Any:
    try:
        found = read(path)
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return found if isinstance(found, dict) and {*SAME, "entries", "skipped"} <= {*found} else None
