"""What a recorded run says of its machine's speed, as a roof for `cost.bound`."""

from __future__ import annotations

from ..devices import HALF, SINGLE, Measured
from .record import COPY, PRODUCT, Entry, Record

WIDTHS = {"float32": SINGLE, "bfloat16": HALF, "float16": HALF}


def measured(record: Record) -> Measured:
    """Return how fast the machine of a run multiplies and copies, in its faster quarter of rounds.

    Args:
        record: a run with copies, and with products of one type or several.

    Raises:
        LookupError: if it holds no copy or no product whose work was counted.

    >>> from fftia_lab.bench import recorded
    >>> sorted(measured(recorded("rates")).products)
    [2, 4]
    """
    copies = sorted(
        (float(one["work"]["bytes"]), one["work"]["bytes"] / one["seconds"]["lower"])
        for one in _of(record, COPY)
    )
    products: dict[int, float] = {}
    for one in _of(record, PRODUCT):
        width, rate = WIDTHS[one["dtype"]], one["work"]["products"] / one["seconds"]["lower"]
        products[width] = max(rate, products.get(width, 0.0))
    return Measured(record["device"]["name"], record["date"][:10], products, tuple(copies))


def _of(record: Record, series: str) -> list[Entry]:
    """Return the entries of a series, and of its namesakes of other types, that were counted."""
    found = [
        one for one in record["entries"] if "work" in one and one["series"].split(",")[0] == series
    ]
    if not found:
        raise LookupError(f"the run {record['name']!r} has no series {series!r}")
    return found
