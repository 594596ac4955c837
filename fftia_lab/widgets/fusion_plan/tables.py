"""What Python knows of devices and of compiled kernels, for the figure of fused stages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...devices import DEVICES as SHEETS
from ...kernels.configuration import KIB, TARGETS
from ...kernels.table import Row, load

TILES = (32, 64, 128, 256)
WIDTHS = (16, 32, 64, 128)
# Those that train in bfloat16 with as many channels.
DEVICES = {name: SHEETS[name] for name in ("A100", "H100", "H200")}
CHANNELS = 1024  # of a token, all heads together
BYTES = 2  # of a number in memory: bfloat16
HELD = 4  # of a number on chip: float32
REGISTERS = 256 * KIB  # bytes of a multiprocessor, capabilities 7.5 to 10.0: 65,536 of 4 bytes
THREAD = 255  # registers that a thread may have, at most (CUDA C++ Programming Guide)

# How the fused forward names the launches of a butterfly in the table of resources.
NAMED = re.compile(r"mutual, (\d+) stages, tile (\d+), head_dim (\d+), bfloat16")


def fusion_tables() -> dict[str, Any]:
    """Return {"devices": …, "compiled": …}: the datasheets, and what a program takes on chip.

    Compiled kernels, of launches with as many stages as the tile holds, are found under
    "capability/tile/dim_head"; others have not been compiled.
    """
    wanted = {device.capability for device in DEVICES.values()}
    rows = (row for row in load().rows if row.target in wanted)
    compiled = dict(entry for row in rows for entry in _entries(row))
    return {"devices": _devices(), "compiled": compiled}


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


def _entries(row: Row) -> Iterator[tuple[str, dict[str, int]]]:
    """Yield a row under its key, if it is one of a whole launch of a butterfly."""
    found = NAMED.fullmatch(row.configuration)
    if found is None:
        return
    stages, tile, dim_head = map(int, found.groups())
    if 1 << stages == tile:
        taken = row.resources
        yield (
            f"{row.target}/{tile}/{dim_head}",
            {
                "registers": taken.registers,
                "spilled": taken.spill_stores + taken.spill_loads,
                "shared": taken.shared,
                "warps": row.warps,
            },
        )
