"""How the kernels of shifts are compiled: when they run, and for the table."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from .configuration import MODERN, POINTERS, Configuration
from .plan import width
from .shift_gradient_plan import STAGES
from .shift_kernels import run_window, walk_window_back, weigh_window
from .shift_plan import warps

STATES = {"x", "y", "to_after", "to_x", "bilinear"}
FLOATS = {"gates", "slopes", "shares"}
# Strides of tensors whose heads have 16 channels or a multiple.
STRIDES = {f"{name}_{axis}" for name in STATES for axis in ("batch", "head", "place")}
STRIDES |= {"w_stage", "w_head"}
Targets = tuple[int, ...]


@cache
def configuration(
    kernel: Any,
    dtype: str,
    dim_head: int,
    tile: int,
    stages: int,
    *,
    absent: tuple[str, ...] = (),
    causal: bool = False,
    precision: str = "ieee",
    targets: tuple[int, ...] = MODERN,
) -> Configuration:
    """Return a launch of `run_window`, `walk_window_back` or `weigh_window` without its data.

    Args:
        kernel: the `@triton.jit` function.
        dtype: of x, "float32", "float16" or "bfloat16".
        dim_head: channels of a head.
        tile: rows a program holds.
        stages: how many it runs.
        absent: tensors that are not given.
        causal: of the schedule.
        precision: of fp32 products.
        targets: compute capabilities that the table tells of.
    """
    wide = dtype == "float32"
    fixed = {
        **dict.fromkeys(absent),
        "STAGES": stages,
        "CHANNELS": dim_head,
        "WIDTH": width(dim_head),
        "TILE": tile,
        "CAUSAL": causal,
        "PRECISION": precision,
    }
    names = {"run_window": "stages", "walk_window_back": "back", "weigh_window": "weights"}
    what = names[kernel.__name__] + " with gates" * (kernel is run_window and "gates" not in absent)
    kind = "causal shift" if causal else "shift"
    name = f"{what}, {kind}, {stages} stages, tile {tile}, head_dim {dim_head}, {dtype}"
    return Configuration(
        name=name + f" {precision}" * wide,
        function=kernel,
        types={one: _type(one, dtype) for one in kernel.arg_names if one not in fixed},
        constants={one: fixed[one] for one in kernel.arg_names if one in fixed},
        warps=warps(dim_head),
        # The assembler stops at 72 of 255 registers otherwise, and spills (Triton 3.6 and 3.7).
        registers=255 if kernel is weigh_window else 0,
        targets=targets,
        token_stages=0 if kernel is weigh_window else tile * stages,
        tensor_cores=not wide or precision != "ieee",
    )


def _type(name: str, dtype: str) -> str:
    if name in STATES:
        return POINTERS[dtype]
    if name in FLOATS:
        return POINTERS["float32"]
    return "i32:16" if name in STRIDES else "i32"


FEW, AMPERE_AND_HOPPER = (80, 90, 100), (80, 90)


def shipped() -> Iterator[Configuration]:
    """Yield what the table tells of: each tile that a plan chooses, with as many stages as it may.

    A halo limits stages; where chains lie in a tile whole they are the tile's digits.
    """
    for causal in (False, True):
        yield _forward("bfloat16", 64, 128, 5, causal, MODERN)
        yield _forward("bfloat16", 64, 128, 7, causal, FEW)
        yield _forward("bfloat16", 128, 32, 5, causal, FEW)
        yield configuration(run_window, "bfloat16", 64, 128, STAGES, causal=causal, targets=FEW)
        yield from _backward("bfloat16", 64, 64, causal, MODERN)
    yield _forward("float16", 64, 128, 7, True, AMPERE_AND_HOPPER)
    yield _forward("bfloat16", 64, 64, 6, True, AMPERE_AND_HOPPER)
    yield _forward("bfloat16", 16, 128, 7, True, AMPERE_AND_HOPPER)
    yield _forward("bfloat16", 32, 128, 7, True, FEW)
    yield _forward("float32", 64, 32, 5, True, FEW)
    yield _forward("float32", 64, 32, 5, True, FEW, precision="tf32")
    for dim_head, tile in ((32, 64), (64, 32), (128, 32)):
        yield from _backward("bfloat16", dim_head, tile, True, AMPERE_AND_HOPPER)
    yield from _backward("float32", 64, 32, True, FEW)
    yield from _backward("float32", 64, 32, True, FEW, precision="tf32")


def _forward(
    dtype: str, dim_head: int, tile: int, stages: int, causal: bool, targets: Targets, **more: Any
) -> Configuration:
    given = {"absent": ("gates",), "causal": causal, "targets": targets, **more}
    return configuration(run_window, dtype, dim_head, tile, stages, **given)


def _backward(
    dtype: str, dim_head: int, tile: int, causal: bool, targets: Targets, **more: Any
) -> Iterator[Configuration]:
    """Yield what takes a gradient through a launch."""
    for kernel in (walk_window_back, weigh_window):
        given = {"causal": causal, "targets": targets, **more}
        yield configuration(kernel, dtype, dim_head, tile, STAGES, **given)
