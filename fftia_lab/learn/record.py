"""A training run as a file, and the weights that it kept; reading it needs no PyTorch."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from ..bench.record import Origin
from ..records import read, stored, write_whole


class Trained(TypedDict):
    """One model, examined with its rounded weights; `accuracies` are those of all seeds."""

    accuracy: float
    loss: float
    accuracies: list[float]
    numbers: int
    weights: dict[str, list[float] | list[list[float]]]


class Training(TypedDict):
    """What a run was made with; the fields of `Settings`, and the seeds."""

    seed: int
    seeds: list[int]
    steps: int
    batch: int
    rate: float
    decay: float
    decimals: int
    held_out: int
    held_out_seed: int


class Task(TypedDict):
    """What was learnt."""

    name: str
    tokens: int
    letters: str


class FlowRecord(Origin):
    """A run of the task of the flag, and what came out."""

    task: Task
    settings: Training
    models: dict[str, Trained]


def write(record: Mapping[str, Any], path: Path) -> None:
    """Write the record as JSON, whole or not at all."""
    write_whole(text_of(record), path)


def text_of(record: Mapping[str, Any]) -> str:
    """Return a record as JSON that keeps every row of numbers on one line."""
    text = json.dumps(record, indent=1) + "\n"
    return re.sub(r"\[[-+.,\de\s]+\]", lambda row: f"[{' '.join(row[0][1:-1].split())}]", text)


def recorded_flow() -> FlowRecord:
    """Return the run that came with the book, `book/results/flow.json`.

    >>> recorded_flow()["task"]["name"]
    'who carries the flag'
    """
    record: FlowRecord = read(stored("flow"))
    return record


def weights_of(model: Trained) -> dict[str, NDArray[np.float64]]:
    """Return the weights of a recorded model as arrays.

    >>> weights_of(recorded_flow()["models"]["butterfly"])["w_q"].shape
    (8, 8)
    """
    return {name: np.array(weight, dtype=np.float64) for name, weight in model["weights"].items()}
