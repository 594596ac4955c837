"""How the forward kernel is compiled: by the host function when it runs, and for the table."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from .configuration import MODERN, POINTERS, Configuration
from .forward_kernel import run_stages
from .plan import warps, width

STRIDES = ("x_batch", "x_head", "x_place", "y_batch", "y_head", "y_place", "w_stage", "w_head")
NUMBERS = ("places", "places_after", "programs", "heads", "step")
MASKS = ("holds", "holds_after", "real")
MASK_STRIDES = ("holds_batch", "after_batch", "real_batch")


@cache
def configuration(
    dtype: str,
    dim_head: int,
    tile: int,
    distances: tuple[int, ...],
    *,
    masked: bool = False,
    masks: tuple[str, ...] = (),
    causal: bool = False,
    prefix: bool = False,
    relay: bool = True,
    precision: str = "ieee",
    targets: tuple[int, ...] = MODERN,
) -> Configuration:
    """Return a launch without its data.

    Args:
        dtype: of x, "float32", "float16" or "bfloat16".
        dim_head: channels of a head.
        tile: places a program holds.
        distances: rows of the tile between partners, one number a stage.
        masked: whether some place of a tile may hold nothing.
        masks: which of `MASKS` are given.
        causal, prefix, relay: of the schedule.
        precision: of fp32 products.
        targets: compute capabilities that the table tells of.
    """
    element = 4 if dtype == "float32" else 2
    types = {name: POINTERS[dtype] for name in ("x", "y", "bilinear")}
    types |= {name: "*u8" for name in masks}
    types |= {name: "i32:16" for name in STRIDES}  # heads of 16 channels, or a multiple
    types |= {name: "i32" for name in (*NUMBERS, *MASK_STRIDES)}
    constants = {
        **{name: None for name in MASKS if name not in masks},
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
    square = tile == width(dim_head) == 64 and element == 2
    kind = "prefix" if prefix else "causal" if causal else "mutual"
    padding = (" relay" if relay else " keep") if masked else ""
    name = f"{kind}{padding}, {len(distances)} stages, tile {tile}, head_dim {dim_head}, {dtype}"
    return Configuration(
        name=name + (f" {precision}" if dtype == "float32" else ""),
        function=run_stages,
        types=types,
        constants=constants,
        # A mask that keeps, on 64 places of 64 channels, spilled with four warps in Triton 3.6.
        warps=8 if square and masked and not relay else warps(tile, dim_head, element),
        registers=255 if square else 0,
        targets=targets,
        token_stages=tile * len(distances),
        tensor_cores=dtype != "float32" or precision != "ieee",
    )


def shipped() -> Iterator[Configuration]:
    """Yield what the table tells of: whole launches of each tile that a plan chooses."""
    few, hopper, ampere = (80, 90, 100), (90, 100), (80, 86, 89)

    def bf16(dim_head: int, tile: int, targets: tuple[int, ...], **more: Any) -> Configuration:
        return configuration("bfloat16", dim_head, tile, rising(tile), targets=targets, **more)

    masked = {"masked": True, "masks": MASKS}
    yield bf16(64, 128, MODERN)
    yield bf16(64, 256, MODERN)
    yield bf16(64, 256, few, causal=True)
    yield bf16(64, 128, hopper, **masked)
    for more in ({}, {"causal": True}, {"relay": False}):
        yield bf16(64, 256, hopper, **masked, **more)
        yield bf16(64, 64, ampere, **masked, **more)
    for dim_head, tile in ((64, 64), (128, 32)):
        yield bf16(dim_head, tile, few, causal=True, prefix=True, **masked)
    for dim_head, tile in ((16, 256), (32, 256), (128, 64)):
        yield bf16(dim_head, tile, few)
    yield bf16(32, 256, few, **masked)
    yield bf16(128, 64, (80, 86, 89, 90), **masked)
    yield bf16(128, 32, (100,), **masked)
    yield configuration("float16", 64, 256, rising(256), targets=(80, 90))
    up_and_down = rising(256) + rising(256)[-2::-1]
    yield configuration("bfloat16", 64, 256, up_and_down, targets=(80, 90))
    for dim_head, tile in ((32, 64), (64, 64), (128, 32)):
        yield configuration("float32", dim_head, tile, rising(tile), targets=few, **masked)
    yield configuration("float32", 64, 64, rising(64), precision="tf32", targets=few, **masked)


def rising(tile: int) -> tuple[int, ...]:
    """Return the distances of a launch that fills a tile."""
    return tuple(1 << bit for bit in range(tile.bit_length() - 1))
