"""Methods that make attention cheaper, and which of six properties each keeps.

A reader expects that one of them keeps everything; demands one property after the other, and sees
that none is left; takes one demand back, and finds who shares a corner with whom.
"""

from __future__ import annotations

from typing import Any

import traitlets

from ..kit.bundle import bundle, style
from ..kit.figure import Figure
from .tables import COLUMNS, method_tables

TABLES = method_tables()
NAMES = [method["name"] for method in TABLES["methods"]]


def demand(key: str, asked: bool) -> Any:
    return traitlets.Bool(asked, help=f"must have {COLUMNS[key][1]}").tag(sync=True)


class Corners(Figure):
    """A table of methods and what each gives up; what you demand leaves fewer of them.

    Bad values raise `traitlets.TraitError` with what was given and what is wanted.

    >>> Corners(exact=False, reach=True, method="Mamba")
    Corners(exact=False, method='Mamba', reach=True)
    """

    _esm = bundle(__file__)
    _css = style(__file__)
    STATE = (*COLUMNS, "method")

    cost = demand("cost", True)
    exact = demand("exact", True)
    reach = demand("reach", False)
    data = demand("data", False)
    causal = demand("causal", False)
    length = demand("length", False)
    method = traitlets.Enum(NAMES, NAMES[-1], help="whose row is told in words").tag(sync=True)
    tables = traitlets.Dict(TABLES, help="what each method keeps; made by Python").tag(sync=True)
