"""The least time of each mechanism over the number of tokens, and the recorded times above it.

A reader expects one length from which on the butterfly wins. She moves channels, heads and device:
the crossing wanders, and what sets a bound, products or memory, changes on the way. Where somebody
measured, the points say how far from its bound a run is.
"""

from __future__ import annotations

from typing import Any

import traitlets

from ..kit.bundle import bundle, style
from ..kit.fields import OneOf
from ..kit.figure import Figure
from .tables import DIMS, DTYPES, HEADS, PROJECTIONS, SIZES, explorer_tables


class CostExplorer(Figure):
    """Rooflines of mechanisms, as `fftia_lab.cost` counts them: the least time on a device.

    Bounds come from datasheets, or from copies and products that a run measured; points come from
    recorded runs alone, forward, one sequence. Records of others are given as
    `tables=explorer_tables(records)`.
    Bad values raise `traitlets.TraitError` with what was given and what is wanted.

    >>> CostExplorer(n=16384, dim=1024, heads=16, device="H200", dtype="16-bit")
    CostExplorer(device='H200', dim=1024, dtype='16-bit', heads=16, n=16384)
    """

    _esm = bundle(__file__)
    _css = style(__file__)
    STATE = ("n", "dim", "heads", "projection", "dtype", "device")

    n = OneOf(SIZES, 4096, "number of tokens")
    dim = OneOf(DIMS, 256, "channels of a token")
    heads = OneOf(HEADS, 4, "number of heads")
    projection = traitlets.Enum(
        PROJECTIONS, "head", help="whether queries and keys stay inside heads or mix them"
    ).tag(sync=True)
    dtype = traitlets.Enum(list(DTYPES), "float32", help="what numbers are kept in").tag(sync=True)
    device = traitlets.Unicode("AMD EPYC", help="one of the devices of the tables").tag(sync=True)
    tables = traitlets.Dict(
        help="devices, launches that stages share, recorded points; made by Python"
    ).tag(sync=True)

    def __init__(self, **values: Any) -> None:
        values.setdefault("tables", explorer_tables())
        super().__init__(**values)

    @traitlets.validate("device")
    def _valid_device(self, proposal: dict[str, Any]) -> str:
        name: str = proposal["value"]
        if name not in self.tables["devices"]:
            known = ", ".join(self.tables["devices"])
            raise traitlets.TraitError(f"device must be one of {known}; got {name!r}")
        return name
