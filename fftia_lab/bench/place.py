"""Where a suite runs: a device, how its time is told, and who tells its peak of memory."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from . import machine
from .machine import Device
from .measure import Clock


@dataclass(frozen=True)
class Place:
    """What a run has to know of a device.

    Args:
        device: what the record says of it.
        clock: returns seconds, after all work of the device is done.
        software: versions that decide about its speed, besides `machine.software()`.
        peak: returns by how many bytes a call raises the device's peak of memory; None where only a
            process of its own can tell, as `memory.compare` does.
        option: what the command says to get here, if it must.
    """

    device: Device
    clock: Clock = time.perf_counter
    software: Mapping[str, str] = field(default_factory=dict)
    peak: Callable[[Callable[[], object]], int] | None = None
    option: str = ""


def processor() -> Place:
    """Return the processor on which this runs."""
    return Place(machine.processor())
