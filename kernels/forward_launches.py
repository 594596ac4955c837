"""How the forward kernel is compiled: by the host function when it runs, and for the table."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

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
    kind = "prefix" if prefix else "causal" if causal else "mutual"
    padding = (" relay" if relay else " keep") if masked else ""
    name = f"{kind}{padding}, {len(distances)} stages, tile {tile}, head_dim {dim_head}, {dtype}"
    return Configuration(
        name=name + (f" {precision}" if dtype == "float32" else ""),
        function=run_stages,
        types=types,
        constants=constants,
        warps=warps(tile, dim_head, element),
        targets=targets,
        token_stages=tile * len(distances),
        tensor_cores=dtype != "float32" or precision != "ieee",
    )


def shipped() -> Iterator[Configuration]:
    """Yield what the table tells of: whole launches of each tile that a plan chooses."""
    for tile in (128, 256):
        yield configuration("bfloat16", 64, tile, _rising(tile))
        yield configuration("bfloat16", 64, tile, _rising(tile), **_MASKED, targets=(90, 100))
    hopper = {"targets": (90, 100)}
    ampere = {"targets": (80, 86, 89)}
    yield configuration("float16", 64, 256, _rising(256), targets=(80, 90))
    yield configuration("bfloat16", 64, 256, _up_and_down(256), targets=(80, 90))
    yield configuration("bfloat16", 64, 256, _rising(256), causal=True, targets=(80, 90, 100))
    yield configuration("bfloat16", 64, 256, _rising(256), causal=True, **_MASKED, **hopper)
    yield configuration("bfloat16", 64, 256, _rising(256), relay=False, **_MASKED, **hopper)
    yield configuration("bfloat16", 64, 64, _rising(64), **_MASKED, **ampere)
    yield configuration("bfloat16", 64, 64, _rising(64), causal=True, **_MASKED, **ampere)
    yield configuration("bfloat16", 64, 64, _rising(64), relay=False, **_MASKED, **ampere)
    yield configuration("bfloat16", 64, 64, _rising(64), causal=True, prefix=True, **_MASKED)
    few = {"targets": (80, 90, 100)}
    for dim_head, tile in ((16, 256), (32, 256), (128, 64)):
        yield configuration("bfloat16", dim_head, tile, _rising(tile), **few)
        yield configuration("bfloat16", dim_head, tile, _rising(tile), **_MASKED, **few)
    for dim_head, tile in ((64, 64), (128, 32)):
        for precision in ("ieee", "tf32"):
            yield configuration(
                "float32", dim_head, tile, _rising(tile), precision=precision, **_MASKED, **few
            )


_MASKED = {"masked": True, "masks": MASKS}


def _rising(tile: int) -> tuple[int, ...]:
    return tuple(1 << bit for bit in range(tile.bit_length() - 1))


def _up_and_down(tile: int) -> tuple[int, ...]:
    return _rising(tile) + _rising(tile)[-2::-1]
