"""What Python knows of devices and of compiled kernels, for the figure of fused stages."""

from __future__ import annotations

import re
from typing import Any

from ...devices import DEVICES
from ...kernels.configuration import KIB, TARGETS
from ...kernels.table import Row, load

TILES = (32, 64, 128, 256)
WIDTHS = (16, 32, 64, 128)
CHANNELS = 1024  # of a token, all heads together
BYTES = 2  # of a number in memory: bfloat16
HELD = 4  # of a number on chip: float32
REGISTERS = 256 * KIB  # bytes of a multiprocessor, capabilities 7.5 to 10.0: 65,536 of 4 bytes
THREAD = 255  # registers that a thread may have, at most (CUDA C++ Programming Guide)

# How the fused forward names its configurations in the table of resources.
FORWARD = re.compile(r"^forward, tile (\d+), head_dim (\d+), bfloat16$")


def fusion_tables() -> dict[str, Any]:
    """Return {"devices": …, "compiled": …}: the datasheets, and what a program takes on chip.

    Compiled kernels are found under "capability/tile/dim_head"; others have not been compiled.
    """
    return {"devices": _devices(), "compiled": dict(map(_entry, compiled_forward()))}


def compiled_forward() -> list[Row]:
    """Return the rows of the fused forward in bfloat16, on capabilities that a device here has."""
    wanted = {device.capability for device in DEVICES.values()}
    return [row for row in load().rows if row.target in wanted and FORWARD.match(row.configuration)]


def _devices() -> dict[str, Any]:
    return {
        device.name: {
            "bandwidth": device.bandwidth,
            "cache": device.cache,
            "capability": device.capability,
            "shared": TARGETS[device.capability].shared,
        }
        for device in DEVICES.values()
    }


def _entry(row: Row) -> tuple[str, dict[str, int]]:
    found = FORWARD.match(row.configuration)
    assert found is not None
    tile, dim_head = found.groups()
    taken = row.resources
    return f"{row.target}/{tile}/{dim_head}", {
        "registers": taken.registers,
        "spilled": taken.spill_stores + taken.spill_loads,
        "shared": taken.shared,
        "warps": row.warps,
    }
