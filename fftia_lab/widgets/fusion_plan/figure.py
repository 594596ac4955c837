"""Which places a program holds, launch after launch, and what goes through memory for it.

A reader expects that a larger tile saves a little. She drags its edge: the bytes stay as they are,
until a launch falls away. And what a program held in a row it then holds as a column.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import traitlets

from ..kit.bundle import bundle, style
from ..kit.fields import OneOf
from ..kit.figure import Wish
from ..kit.stages import Staged
from .tables import DEVICES, TILES, WIDTHS, fusion_tables

SIZES = tuple(1 << bits for bits in range(8, 21))


class FusionPlan(Staged):
    """A butterfly cut into launches, as `fftia_lab.kernels.plan.launches` cuts it.

    Bytes and floors are those of 1,024 channels in bfloat16, one sequence, forward: bounds that
    follow from the datasheet of a device, not measured times.
    Bad values raise `traitlets.TraitError` with what was given and what is wanted.

    >>> FusionPlan(n=65536, tile=256, stage=8)
    FusionPlan(n=65536, stage=8.0, tile=256)
    """

    _esm = bundle(__file__)
    _css = style(__file__)
    STATE = ("n", "dim_head", "tile", "device", "place", "stage")

    n = OneOf(SIZES, 1024, "number of places")
    dim_head = OneOf(WIDTHS, 64, "channels of a head")
    tile = OneOf(TILES, 32, "places that a program holds")
    device = traitlets.Enum(
        list(DEVICES), "H200", help="the GPU whose datasheet gives the bounds"
    ).tag(sync=True)
    place = traitlets.Int(37, help="the place whose program is shown, 0 to n - 1").tag(sync=True)
    stage = traitlets.CFloat(
        10.0, help="stages completed, 0 to log2 n; fractions are on the way"
    ).tag(sync=True)
    tables = traitlets.Dict(help="datasheets, and compiled kernels; made by Python").tag(sync=True)

    def __init__(self, **values: Any) -> None:
        values.setdefault("tables", fusion_tables())
        super().__init__(**values)

    @staticmethod
    def depth_of(state: Any) -> int:
        """Return the number of stages of a butterfly."""
        return int(state.n).bit_length() - 1

    def follow(self, old: SimpleNamespace, now: Wish) -> None:
        """A figure at its end stays there; a place that is gone becomes the last one."""
        super().follow(old, now)
        now.place = min(now.place, now.n - 1)

    @traitlets.validate("place")
    def _valid_place(self, proposal: dict[str, Any]) -> int:
        place: int = proposal["value"]
        if not 0 <= place < self.n:
            raise traitlets.TraitError(f"place must lie in 0 to {self.n - 1}; got {place}")
        return place
