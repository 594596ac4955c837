"""Which samples an FFT fetches, trip after trip, and what goes through memory for it.

A reader expects fewer trips from wider butterflies. She presses radix 16, and they fall to a
quarter; then another order of the same radix-2 butterflies, and they fall to a tenth. When the
signal fits into the cache, nothing is left to save there.
"""

from __future__ import annotations

from typing import Any

import traitlets

from ...cost.travel import ORDERS, trips
from ..kit.bundle import bundle, style
from ..kit.fields import OneOf
from ..kit.stages import Staged

SIZES = tuple(1 << bits for bits in range(10, 21))
RADICES = (2, 4, 8, 16)


class Trips(Staged):
    """The trips of an FFT through memory, as `fftia_lab.cost.trips` counts them.

    The cache holds 65,536 complex samples of 16 bytes and drops what was used longest ago.
    Bad values raise `traitlets.TraitError` with what was given and what is wanted.

    >>> Trips(radix=16, stage=2)
    Trips(radix=16, stage=2.0)
    """

    _esm = bundle(__file__)
    _css = style(__file__)
    STATE = ("n", "radix", "order", "stage")

    n = OneOf(SIZES, 1 << 20, "number of samples")
    radix = OneOf(RADICES, 2, "how many samples meet in a butterfly")
    order = traitlets.Enum(
        list(ORDERS),
        "pass",
        help="which butterflies come first: pass by pass, depth first, or as a grid",
    ).tag(sync=True)
    stage = traitlets.CFloat(
        20.0, help="trips through memory that are done; fractions are on the way"
    ).tag(sync=True)

    @staticmethod
    def depth_of(state: Any) -> int:
        """Return the number of trips through memory."""
        return len(trips(state.n, state.radix, state.order).fetches)
