"""What Python computes for the figure of the bottlenecks: gates, and how many orders there are."""

from __future__ import annotations

from functools import cache
from math import factorial
from typing import Any

import numpy as np

from ...attention.capacity import routable_permutations
from ..shared.tables import WIRINGS

SIZES = (4, 8)
SETS = 4  # how many sets of random gates there are for each size
# What is shown, and on which wiring: a block, an order in one pass, an order through two.
MODES = {"block": "butterfly", "pass": "butterfly", "benes": "benes"}
ORDERS = ("pass", "benes")


@cache
def bottleneck_tables() -> dict[str, Any]:
    """Return "gates": size -> sets of gates; "counts": size -> mode -> how many orders it makes."""
    rng = np.random.default_rng(41)  # its first block has bands of all widths
    tables: dict[str, Any] = {"gates": {}, "counts": {}}
    for size in SIZES:
        depth = WIRINGS["butterfly"](size).depth
        gates = rng.uniform(0.1, 0.9, (SETS, depth, size)).round(2)
        counts = {mode: len(routable_permutations(WIRINGS[MODES[mode]](size))) for mode in ORDERS}
        tables["gates"][str(size)] = gates.tolist()
        tables["counts"][str(size)] = {"all": factorial(size), **counts}
    return tables


def ends_exchanged(size: int) -> list[int]:
    """Return the order that exchanges the first and the last token and keeps the rest.

    >>> ends_exchanged(4)
    [3, 1, 2, 0]
    """
    return [size - 1, *range(1, size - 1), 0]
