"""Recorded runs as files: written whole or not at all, and those that came with the book."""

from __future__ import annotations

import json
import os
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any


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


def write_whole(text: str, path: Path) -> None:
    """Write a text beside its place, then move it there: a reader never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        beside.write_text(text, "utf-8")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def read(place: Path | Traversable) -> Any:
    """Return what a record holds.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it is not JSON.
    """
    return json.loads(place.read_text("utf-8"))


def stored(name: str) -> Traversable:
    """Return the file of a run that came with the book, `book/results/NAME.json`.

    Raises:
        FileNotFoundError: if there is none of this name; the message lists those there are.

    >>> stored("flow").name
    'flow.json'
    """
    known = on_file()
    if name not in known:
        raise FileNotFoundError(f"no recorded run {name!r}; there are: {', '.join(known)}")
    return files("fftia_lab.results") / f"{name}.json"


def on_file() -> list[str]:
    """Return the names of all runs that came with the book.

    A suite that was measured on a second device has a second name, such as fft-xeon.

    >>> {"fft", "fft-xeon"} <= {*on_file()}
    True
    """
    places = files("fftia_lab.results").iterdir()
    return sorted(p.name.removesuffix(".json") for p in places if p.name.endswith(".json"))
