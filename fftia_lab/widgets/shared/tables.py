"""What the library computes for figures to draw: wirings and signals, as plain data."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from ...schedule import (
    BenesSchedule,
    ButterflySchedule,
    PrefixSchedule,
    Schedule,
    ShiftSchedule,
)
from ...signals import PRESETS, preset
from ..kit.bundle import constant

SIZES = (2, 4, 8, 16, 32, 64)
# The wirings that may look ahead; tables say whom each place meets where all hold a token.
WIRINGS: dict[str, type[Schedule]] = {
    wiring.kind: wiring for wiring in (ButterflySchedule, ShiftSchedule, BenesSchedule)
}
SCHEDULES_JS = Path(__file__).with_name("schedules.js")


@cache
def schedule_tables() -> dict[str, dict[str, Any]]:
    """Return the wiring that figures draw: "kind/size/causal/decreasing" -> strides, partners."""
    wirings: dict[str, Schedule] = {}
    for size in SIZES:
        for causal in (False, True):
            wirings |= {
                f"butterfly/{size}/{causal:d}/0": ButterflySchedule(size, causal),
                f"butterfly/{size}/{causal:d}/1": ButterflySchedule(size, causal, decreasing=True),
                f"shift/{size}/{causal:d}/0": ShiftSchedule(size, causal),
                f"benes/{size}/{causal:d}/0": BenesSchedule(size, causal),
            }
    wirings |= {f"prefix/{size}/1/0": PrefixSchedule(size) for size in SIZES}
    return {
        key: {name: schedule.as_dict()[name] for name in ("strides", "partners")}
        for key, schedule in wirings.items()
    }


def schedules(*wirings: str) -> dict[Path, str]:
    """Return schedules.js for a bundle: the tables whose keys begin with one of these, or all."""
    begins = wirings or ("",)
    wanted = {key: table for key, table in schedule_tables().items() if key.startswith(begins)}
    return {SCHEDULES_JS: constant("SCHEDULES", wanted)}


def signal_tables(sizes: tuple[int, ...] = SIZES) -> dict[str, list[list[float]]]:
    """Return every preset signal at every size, rounded so that saved notebooks are alike."""
    return {
        name: [[float(v) for v in preset(name, size).round(4)] for size in sizes]
        for name in PRESETS
    }
