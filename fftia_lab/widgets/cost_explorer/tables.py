"""What Python knows for the figure of least times: devices, shared launches, recorded points."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ...bench.record import Entry, Record, recorded
from ...bench.roofs import WIDTHS, measured
from ...devices import DEVICES, HALF, SINGLE, Device, Measured
from ...kernels.plan import WIDEST, launches
from ...options import StageOptions

SIZES = tuple(1 << bits for bits in range(4, 18))
DIMS = tuple(1 << bits for bits in range(7, 13))
HEADS = tuple(1 << bits for bits in range(6))
PROJECTIONS = ["head", "model"]
DTYPES = {"float32": SINGLE, "16-bit": HALF}  # -> bytes of a number

RATES = "rates"
RUNS = "attention", "mixing", "gpu_attention"
# Of each suite: channels and heads of its layers, and which mechanism a contender is.
SMALL, LARGE = (256, 4), (1024, 16)
LAYERS: dict[str, tuple[tuple[int, int], dict[str, tuple[str, str]]]] = {
    "attention": (
        SMALL,
        {
            "dense": ("dense", ""),
            "butterfly": ("butterfly", "head"),
            "across heads": ("butterfly", "model"),
        },
    ),
    "mixing": (
        SMALL,
        {
            "dense": ("dense", ""),
            "mixing": ("mixing", ""),
            "mixing and projections": ("projected", ""),
            "Fourier mixing": ("fourier", ""),
        },
    ),
    "gpu_attention": (LARGE, {"SDPA": ("dense", ""), "butterfly": ("butterfly", "head")}),
}


def explorer_tables(records: Iterable[Record] | None = None) -> dict[str, Any]:
    """Return {"names": …, "devices": …, "launches": …, "points": …}, as plain data.

    Names say the order of the devices, which a saved page forgets.

    Args:
        records: runs to show; None means those that came with the book. One named "rates" makes
            its machine a device; of the others layers that ran forwards on one sequence are points.
    """
    runs = [*(_stored() if records is None else records)]
    machines = [measured(run) for run in runs if run["name"] == RATES]
    devices = {one.name: _measured(one) for one in machines} | _sheets()
    return {
        "names": [*devices],
        "devices": devices,
        "launches": _launches(),
        "points": [*_points(runs)],
    }


def _stored() -> Iterator[Record]:
    for name in (RATES, *RUNS):
        try:
            yield recorded(name)
        except FileNotFoundError:  # not yet measured
            continue


def _measured(machine: Measured) -> dict[str, Any]:
    return {
        "date": machine.date,
        "rates": {name: machine.rate(width) for name, width in DTYPES.items()},
        "copies": [list(copy) for copy in machine.copies],
        "cache": 0,
        "fused": False,
    }


def _sheets() -> dict[str, Any]:
    return {name: _sheet(device) for name, device in DEVICES.items()}


def _sheet(device: Device) -> dict[str, Any]:
    return {
        "date": "",
        "rates": {name: device.rate(width) for name, width in DTYPES.items()},
        "copies": [[0, device.bandwidth]],
        "cache": device.cache,
        "fused": True,
    }


def _launches() -> dict[str, list[int]]:
    """Return "bytes of a number/channels of a head" -> launches of a butterfly at every size."""
    heads = sorted({dim // heads for dim in DIMS for heads in HEADS if dim // heads <= WIDEST})
    return {
        f"{width}/{head}": [
            len(launches(StageOptions().wire(n), n, head, element=width)) for n in SIZES
        ]
        for width in DTYPES.values()
        for head in heads
    }


def _points(runs: Iterable[Record]) -> Iterator[dict[str, Any]]:
    """Yield what was measured; of two runs of the same the first one counts."""
    seen = set()
    for run in runs:
        if run["name"] not in LAYERS:
            continue
        for one in run["entries"]:
            point = _point(run, one)
            if point is None:
                continue
            place = tuple(point[key] for key in ("device", "mechanism", "projection", "dtype", "n"))
            if place not in seen:
                seen.add(place)
                yield point


def _point(run: Record, one: Entry) -> dict[str, Any] | None:
    """Return an entry as a point, None if it is no layer that ran forwards on one sequence."""
    (dim, heads), contenders = LAYERS[run["name"]]
    batch, n = (1, *one["shape"])[-2:]
    forward = one["series"].split(",")[0] == "forward" or one["series"] == "layer, forward"
    if not forward or batch != 1 or n not in SIZES or one["contender"] not in contenders:
        return None
    mechanism, projection = contenders[one["contender"]]
    (dtype,) = (name for name, width in DTYPES.items() if width == WIDTHS[one["dtype"]])
    return {
        "device": run["device"]["name"],
        "date": run["date"][:10],
        "mechanism": mechanism,
        "projection": projection,
        "dtype": dtype,
        "dim": dim,
        "heads": heads,
        "n": n,
        "seconds": [one["seconds"][key] for key in ("lower", "median", "upper")],
    }
