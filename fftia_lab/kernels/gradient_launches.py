"""How the kernels of the backward pass are compiled: when they run, and for the table."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from .configuration import MODERN, POINTERS, Configuration
from .gradient_kernels import keep_gates, walk_back, weigh_stages
from .gradient_plan import room_of, warps_of, weighing_warps
from .plan import width

KERNELS = (keep_gates, walk_back, weigh_stages)
STATES = {"x", "after", "to_after", "to_x", "bilinear"}
FLOATS = {"gates", "slopes", "shares"}
MASKS = {"holds", "holds_after", "real"}
# Strides of tensors whose heads have 16 channels or a multiple; those of masks are any.
STRIDES = {f"{name}_{axis}" for name in STATES for axis in ("batch", "head", "place")}
STRIDES |= {"w_stage", "w_head"}


@cache
def configuration(
    kernel: Any,
    dtype: str,
    dim_head: int,
    tile: int,
    distances: tuple[int, ...],
    *,
    masked: bool = False,
    absent: tuple[str, ...] = (),
    causal: bool = False,
    prefix: bool = False,
    relay: bool = True,
    precision: str = "ieee",
    targets: tuple[int, ...] = MODERN,
) -> Configuration:
    """Return a launch of one of `KERNELS` without its data.

    Args:
        kernel: the `@triton.jit` function.
        dtype: of x, "float32", "float16" or "bfloat16".
        dim_head: channels of a head.
        tile: places a program holds.
        distances: rows of the tile between partners, one number a stage.
        masked: whether some place of a tile may hold nothing.
        absent: tensors that are not given.
        causal, prefix, relay: of the schedule.
        precision: of fp32 products.
        targets: compute capabilities that the table tells of.
    """
    fixed = {
        **dict.fromkeys(absent),
        "DISTANCES": distances,
        "CHANNELS": dim_head,
        "WIDTH": width(dim_head),
        "TILE": tile,
        "MASKED": masked,
        "CAUSAL": causal,
        "PREFIX": prefix,
        "RELAY": relay,
        "PRECISION": precision,
    }
    wide = dtype == "float32"
    warps = weighing_warps(dim_head) if kernel is weigh_stages else warps_of(tile, dim_head, wide)
    constants = {name: fixed[name] for name in kernel.arg_names if name in fixed}
    types = {name: _type(name, dtype) for name in kernel.arg_names if name not in fixed}
    kind = "prefix" if prefix else "causal" if causal else "mutual"
    padding = (" relay" if relay else " keep") if masked else ""
    name = f"{kernel.__name__}, {kind}{padding}, {len(distances)} stages, tile {tile}"
    name += f", head_dim {dim_head}, {dtype}" + f" {precision}" * wide
    return Configuration(
        name=name,
        function=kernel,
        types=types,
        constants=constants,
        warps=warps,
        targets=targets,
        registers=255 if kernel is walk_back and wide and width(dim_head) == 64 else 0,
        token_stages=0 if kernel is weigh_stages else tile * len(distances),
        tensor_cores=not wide or precision != "ieee",
    )


def _type(name: str, dtype: str) -> str:
    if name in STATES:
        return POINTERS[dtype]
    if name in FLOATS:
        return POINTERS["float32"]
    if name in MASKS:
        return "*u8"
    return "i32:16" if name in STRIDES else "i32"


def shipped() -> Iterator[Configuration]:
    """Yield what the table tells of: whole launches of each tile that a plan chooses."""
    yield from _all("bfloat16", 64)
    yield from _all("bfloat16", 64, masked=True, targets=(80, 90, 100))
    for dim_head in (32, 128):
        yield from _all("bfloat16", dim_head, masked=True, targets=(80, 90))
    for precision in ("ieee", "tf32"):
        yield from _all("float32", 64, masked=True, precision=precision, targets=(80, 90, 100))


def _all(dtype: str, dim_head: int, masked: bool = False, **more: Any) -> Iterator[Configuration]:
    """Yield all kernels of a launch as wide as it may be."""
    room = room_of(dim_head, dtype == "float32")
    distances = tuple(1 << bit for bit in range(min(room.stages, room.tile.bit_length() - 1)))
    for kernel in KERNELS:
        yield configuration(
            kernel,
            dtype,
            dim_head,
            room.tile,
            distances,
            masked=masked,
            absent=() if masked else tuple(sorted(MASKS & {*kernel.arg_names})),
            **more,
        )
