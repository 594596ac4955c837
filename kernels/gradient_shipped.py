"""The kernels of the backward pass as they are compiled and launched, and which of them ship."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from ..schedule import BenesSchedule, ButterflySchedule, PrefixSchedule, Schedule
from .configuration import POINTERS, Configuration
from .gradient_kernels import keep_gates, walk_back, weigh_stages
from .gradient_plan import parts, tile_of, warps_of
from .plan import Launch, launches, width

Constants = tuple[tuple[str, Any], ...]
STATES = {"x", "after", "to_after", "to_x", "bilinear"}
BYTES = {"holds", "holds_after", "real"}
FLOATS = {"gates", "slopes", "shares"}
STRIDES = ("_head", "_place", "_stage")


def constants_of(
    launch: Launch, schedule: Schedule, dim_head: int, masked: bool, precision: str
) -> Constants:
    """Return what the kernels of a launch are compiled for."""
    return (
        ("DISTANCES", launch.distances),
        ("CHANNELS", dim_head),
        ("WIDTH", width(dim_head)),
        ("TILE", launch.tile),
        ("MASKED", masked),
        ("CAUSAL", schedule.causal),
        ("PREFIX", isinstance(schedule, PrefixSchedule)),
        ("RELAY", schedule.padding == "relay"),
        ("PRECISION", precision),
    )


@lru_cache(maxsize=256)
def configured(
    kernel: Any, dtype: str, constants: Constants, absent: tuple[str, ...], warps: int
) -> Configuration:
    """Return a kernel for numbers of a type, without the tensors that are absent."""
    fixed = {name: value for name, value in constants if name in kernel.arg_names}
    fixed |= dict.fromkeys(absent)
    types = {name: _type(name, dtype, fixed) for name in kernel.arg_names if name not in fixed}
    launch = dict(constants)
    name = (
        f"{kernel.__name__.replace('_', ' ')}, {len(launch['DISTANCES'])} stages, "
        f"tile {launch['TILE']}, head_dim {launch['CHANNELS']}, {dtype}, {launch['PRECISION']}"
    )
    return Configuration(name, kernel, types, fixed, warps=warps)


def _type(name: str, dtype: str, constants: dict[str, Any]) -> str:
    if name in STATES:
        return POINTERS[dtype]
    if name in FLOATS:
        return POINTERS["float32"]
    if name in BYTES:
        return "*u8"
    aligned = name.endswith(STRIDES) and constants["CHANNELS"] % 16 == 0
    return "i32:16" if aligned else "i32"
