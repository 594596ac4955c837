"""Butterfly attention by the fused kernel: forward, one launch after another.

A launch reads a state, which is what all places hold before it, and writes the next. A gradient
that computes the stages again starts from these states.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from ..arguments import as_choice
from ..schedule import PrefixSchedule, Schedule
from ..tensors import check_real
from .forward_launches import configuration
from .machine import on_device_of, require
from .plan import EXACT_TILE, Launch, launches, unfused

DTYPES = (torch.float32, torch.float16, torch.bfloat16)
PRECISIONS = ("ieee", "tf32")


@dataclass(frozen=True)
class State:
    """What the places hold before a launch.

    Args:
        x: shape (batch, heads, places, d), channels contiguous. Where nothing is held it may be
            anything and must not be read.
        holds: uint8 of shape (batch, places), 1 where a place holds something; None if all do.
            Places beyond hold nothing.
    """

    x: Tensor
    holds: Tensor | None

    def masked(self, launch: Launch) -> bool:
        """Whether some tile of a launch has a place that holds nothing."""
        return self.holds is not None or self.x.shape[2] % launch.span != 0


def forward(
    x: Tensor,
    bilinear: Tensor,
    schedule: Schedule,
    real: Tensor | None = None,
    *,
    precision: str = "ieee",
    tile: int | None = None,
) -> Tensor:
    """Return x after all stages; without a gradient.

    x_i ← x_i + σ(x_i M_s (x_j - x_i)ᵀ) (x_j - x_i) for every stage s and the partner j of i.

    Args:
        x: fp32, fp16 or bf16, shape (batch, heads, n, d), with any strides. Copied first if its
            channels are not contiguous. What is not real is not read.
        bilinear: Mᵀ = W_k W_qᵀ/√d of every stage and head, shape (stages, heads, d, d), in the type
            of x; stages is the schedule's depth.
        schedule: a butterfly of radix 2, a Beneš network, or a prefix wiring whose strides lie
            below the tile.
        real: bool of shape (batch, n), true for a real token; None if all are.
        precision: of fp32 products, "ieee" or "tf32", which rounds factors to 10 bits on a GPU.
        tile: places a program holds; None for the plan's choice, which does not spill.

    Returns:
        y of the shape and type of x, 0 where a token is not real.

    Raises:
        RuntimeError: if x is not on a GPU and Triton does not interpret.
        TypeError: if a type is none of these.
        ValueError: if a shape does not fit, a head has more than 128 channels, or stages of the
            schedule cannot be fused.

    Source: Tantisukarom (2025), FFT-Inspired Attention, with its update V_i = P_i V_{i-1}.
    """
    plan = plan_of(x, bilinear, schedule, real, precision, tile)
    for state in states(x, bilinear, schedule, real, plan, precision):  # keeps no more than two
        y = state.x
    return y


def forward_with_states(
    x: Tensor,
    bilinear: Tensor,
    schedule: Schedule,
    real: Tensor | None = None,
    *,
    precision: str = "ieee",
    tile: int | None = None,
) -> tuple[Tensor, list[State]]:
    """Return what `forward` does, and the state that each launch reads; the first holds x."""
    plan = plan_of(x, bilinear, schedule, real, precision, tile)
    *before, last = states(x, bilinear, schedule, real, plan, precision)
    return last.x, before


def plan_of(
    x: Tensor,
    bilinear: Tensor,
    schedule: Schedule,
    real: Tensor | None,
    precision: str,
    tile: int | None,
) -> list[Launch]:
    """Return the launches of checked arguments.

    Raises:
        RuntimeError, TypeError, ValueError: as `forward` says.
    """
    require(x)
    check(x, bilinear, schedule, real, precision)
    n, plan = x.shape[2], launches_of(x, schedule, real, tile)
    check_exact(x, precision, plan)
    missing = unfused(schedule, n, plan)
    if missing:
        raise ValueError(
            f"stages {missing.start} to {missing.stop - 1} of {schedule} cannot be fused for "
            f"{n} tokens: run them one by one, or take a butterfly or a Beneš network of radix 2"
        )
    return plan


def launches_of(
    x: Tensor, schedule: Schedule, real: Tensor | None = None, tile: int | None = None
) -> list[Launch]:
    """Return the launches that `forward` takes for a tensor, on the GPU where it lies.

    >>> from fftia_lab import ButterflySchedule
    >>> plan = launches_of(torch.empty(1, 16, 1000, 64), ButterflySchedule(1024))
    >>> [(launch.tile, launch.step, len(launch.strides)) for launch in plan]
    [(64, 1, 6), (64, 16, 4)]
    """
    tight = short_of_registers(x, schedule, real)
    n, d = x.shape[2], x.shape[3]
    return launches(schedule, n, d, tile, element=x.element_size(), tight=tight)


def short_of_registers(x: Tensor, schedule: Schedule, real: Tensor | None) -> bool:
    """Whether large tiles would spill, as the table of resources shows.

    So do prefix wirings, and masks: heads of up to 64 channels on GPUs before Hopper (9.0), wider
    ones after it.
    """
    if isinstance(schedule, PrefixSchedule):
        return True
    if not x.is_cuda or (real is None and x.shape[2] == schedule.size):
        return False
    generation, _ = torch.cuda.get_device_capability(x.device)
    return generation > 9 if x.shape[3] > 64 else generation < 9


def check_exact(x: Tensor, precision: str, plan: list[Launch]) -> None:
    """Refuse a tile with which Triton would round fp32 factors against what was asked.

    Raises:
        ValueError: if fp32 products shall be exact on Blackwell or later, and a tile is too large.
    """
    if x.dtype != torch.float32 or precision != "ieee" or not x.is_cuda:
        return
    large = [launch.tile for launch in plan if launch.tile > EXACT_TILE]
    if large and torch.cuda.get_device_capability(x.device) >= (10, 0):
        raise ValueError(
            f"on this GPU precision='ieee' takes tiles of up to {EXACT_TILE}; got {large[0]}: "
            f"leave tile out, or ask for precision='tf32'"
        )


def check(
    x: Tensor, bilinear: Tensor, schedule: Schedule, real: Tensor | None, precision: str
) -> None:
    """Refuse what no kernel of butterfly attention takes.

    Raises:
        TypeError: if x is not fp32, fp16 or bf16, or the weights or the mask are of another type.
        ValueError: if a shape does not fit, or the precision is unknown.
    """
    as_choice("precision", precision, PRECISIONS)
    if x.dtype not in DTYPES:
        raise TypeError(f"x must be float32, float16 or bfloat16; got {x.dtype}")
    if x.dim() != 4:
        raise ValueError(f"x must have shape (batch, heads, n, d); got {tuple(x.shape)}")
    batch, heads, n, d = x.shape
    wanted = schedule.depth, heads, d, d
    if x.dtype == torch.float32 and precision == "tf32" and d > 64:
        raise ValueError(
            f"precision='tf32' takes heads of up to 64 channels; got {d}: use 'ieee', or 16 bits"
        )
    if bilinear.shape != wanted:
        raise ValueError(
            f"bilinear must have shape (stages, heads, d, d) = {wanted}; "
            f"got {tuple(bilinear.shape)}"
        )
    if (bilinear.dtype, bilinear.device) != (x.dtype, x.device):
        raise TypeError(
            f"bilinear must be {x.dtype} on {x.device} as x is; "
            f"got {bilinear.dtype} on {bilinear.device}"
        )
    check_real(real, batch, n)


def states(
    x: Tensor,
    bilinear: Tensor,
    schedule: Schedule,
    real: Tensor | None,
    plan: list[Launch],
    precision: str,
) -> Iterator[State]:
    """Yield the state before each launch, and then the one after the last, of checked arguments.

    If no stage is left to run that last one has n places, and 0 where a token is not real.
    """
    x, bilinear = contiguous_channels(x), contiguous_weights(bilinear)
    mask = None if real is None else real.contiguous().view(torch.uint8)
    done = len(unfused(schedule, x.shape[2], plan)) == 0
    if not plan and done:
        yield State(x.clone() if real is None else x.where(real[:, None, :, None], 0), None)
        return
    state = State(x, mask)
    for launch in plan:
        yield state
        is_last = done and launch is plan[-1]
        after = State(empty_result(x), None) if is_last else next_state(launch, schedule, state)
        _run(launch, schedule, state, after, bilinear, mask if is_last else None, precision)
        state = after
    yield state


def contiguous_channels(x: Tensor) -> Tensor:
    """Return x, or a copy if neighbouring channels are no neighbours in memory."""
    return x if x.stride(-1) == 1 or x.shape[-1] == 1 else x.contiguous()


def contiguous_weights(bilinear: Tensor) -> Tensor:
    """Return weights whose matrices are contiguous; one for all stages or heads may be a view."""
    d = bilinear.shape[-1]
    return bilinear if bilinear.stride()[2:] == (d, 1) else bilinear.contiguous()


def empty_result(x: Tensor) -> Tensor:
    """Return memory for a result: in the order of x, with contiguous channels."""
    y = torch.empty_like(x)
    return y if y.stride(-1) == 1 else torch.empty_like(x, memory_format=torch.contiguous_format)


def next_state(launch: Launch, schedule: Schedule, state: State) -> State:
    """Return memory for the state after a launch."""
    batch, heads, places, d = state.x.shape
    reached = launch.reached(schedule, places)
    holds = state.holds
    if schedule.padding == "relay" and (holds is not None or reached > places):
        holds = state.x.new_empty(batch, reached, dtype=torch.uint8)
    return State(state.x.new_empty(batch, heads, reached, d), holds)


def _run(
    launch: Launch,
    schedule: Schedule,
    before: State,
    after: State,
    bilinear: Tensor,
    zeroed: Tensor | None,
    precision: str,
) -> None:
    """Run a launch: read one state and write the next."""
    batch, heads, places, d = before.x.shape
    programs = launch.programs(places)
    if not batch * heads * programs:
        return
    written = None if after.holds is before.holds else after.holds
    weights = bilinear[launch.first :]
    masks = {"holds": before.holds, "holds_after": written, "real": zeroed}
    given = {name: mask for name, mask in masks.items() if mask is not None}
    kind = configuration(
        str(before.x.dtype).removeprefix("torch."),
        d,
        launch.tile,
        launch.distances,
        masked=before.masked(launch),
        masks=tuple(given),
        causal=schedule.causal,
        prefix=isinstance(schedule, PrefixSchedule),
        relay=schedule.padding == "relay",
        precision=precision,
    )
    with on_device_of(before.x):
        kind.launch(
            (programs * heads * batch,),
            x=before.x,
            y=after.x,
            bilinear=weights,
            **given,
            **strides("x", before.x),
            **strides("y", after.x),
            w_stage=weights.stride(0),
            w_head=weights.stride(1),
            holds_batch=_rows(before.holds),
            after_batch=_rows(written),
            real_batch=_rows(zeroed),
            places=places,
            places_after=after.x.shape[2],
            programs=programs,
            heads=heads,
            step=launch.step,
        )


def strides(name: str, x: Tensor) -> dict[str, int]:
    """Return the strides of (batch, heads, places, d) as arguments of a kernel."""
    axes = (f"{name}_batch", f"{name}_head", f"{name}_place")
    return dict(zip(axes, x.stride(), strict=False))


def _rows(mask: Tensor | None) -> int:
    return 0 if mask is None else mask.stride(0)
