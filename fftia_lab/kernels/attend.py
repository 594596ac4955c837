"""The backend "triton" of butterfly attention: stages on chip where they fit, else one by one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol

import torch
from torch import Tensor
from torch.nn.functional import pad

from ..arguments import as_choice
from ..schedule import PrefixSchedule, Schedule, ShiftSchedule
from ..tensors import constant_when_compiled, widened
from . import per_stage
from .butterfly_attention import short_of_registers
from .machine import has_tensor_cores, require
from .operators import KINDS, butterfly_attention
from .plan import WIDEST, launches, tiles
from .shift_plan import LONGEST, windows

PROJECTIONS = ("head", "model")
WIDEST_FP32 = 64  # channels whose backward pass keeps all it holds in registers


class Job(Protocol):
    """What a backend is given: `fftia_lab.attention.backends.job.Job`."""

    @property
    def x(self) -> Tensor: ...
    @property
    def w_q(self) -> Tensor: ...
    @property
    def w_k(self) -> Tensor: ...
    @property
    def schedule(self) -> Schedule: ...
    @property
    def real(self) -> Tensor | None: ...
    @property
    def mix_heads(self) -> bool: ...
    def bilinear(self) -> Tensor: ...
    def per_stage(self, weights: Tensor) -> Tensor: ...


def attend(job: Job) -> tuple[Tensor, list[Tensor]]:
    """Return x after all stages, and no gates.

    Raises:
        RuntimeError: if x is not on a GPU and Triton does not interpret.
        TypeError: if x is not fp32, fp16 or bf16.
    """
    x, schedule, real = job.x, job.schedule, job.real
    require(x)
    if not what_forbids_fusing(x, schedule, real, job.mix_heads):
        return butterfly_attention(x, job.bilinear(), schedule, real, precision=_precision()), []
    if not job.mix_heads:
        bilinear, block = job.bilinear(), block_of(x, schedule, real)
        if block > 1:
            x = _in_blocks(x, bilinear, schedule, block)
        done = block.bit_length() - 1
        return per_stage.inside_heads(x, bilinear, schedule, real, first=done), []
    scaled = widened(job.w_q) * x.shape[-1] ** -0.5
    queries, keys = (job.per_stage(weight.to(x.dtype)) for weight in (scaled, job.w_k))
    return per_stage.across_heads(x, queries, keys, schedule, real), []


def _in_blocks(x: Tensor, bilinear: Tensor, schedule: Schedule, block: int) -> Tensor:
    """Return x after the stages of a prefix wiring that stay inside blocks: rows of a batch."""
    batch, n = x.shape[0], x.shape[2]
    whole = pad(x, (0, 0, 0, -n % block)) if n % block else x  # of later places nobody hears
    rows = whole.unflatten(2, (-1, block)).transpose(1, 2).flatten(0, 1)
    stages, wiring = bilinear[: block.bit_length() - 1], replace(schedule, size=block)
    y = butterfly_attention(rows, stages, wiring, precision=_precision())
    return y.unflatten(0, (batch, -1)).transpose(1, 2).flatten(2, 3)[:, :, :n]


@constant_when_compiled
def _precision() -> str:
    """Return how exact fp32 products shall be: as PyTorch's own are set to be on a GPU."""
    return "tf32" if torch.backends.cuda.matmul.fp32_precision == "tf32" else "ieee"


def path_taken(
    x: Tensor, schedule: Schedule, real: Tensor | None = None, projection: str = "head"
) -> str:
    """Return in one sentence which way the backend "triton" goes for a tensor, and why.

    Args:
        x: shape (batch, heads, n, d), on the device that matters; a tensor on a CPU is answered
            for as the interpreter runs it.
        schedule: the wiring of at least n places.
        real: bool of shape (batch, n), true for a real token; None if all are.
        projection: "head" or "model", where the weights act.

    Raises:
        ValueError: if the projection is unknown, or the schedule is too small.

    >>> from fftia_lab import ButterflySchedule, ShiftSchedule
    >>> x = torch.empty(1, 16, 1000, 64, dtype=torch.bfloat16)
    >>> path_taken(x, ButterflySchedule(1024))
    'fused: 2 launches of 7 and 3 stages, 128 places to a program'
    >>> path_taken(x, ShiftSchedule(1000))
    'fused: 2 launches of 3 and 7 stages, 128 places to a program'
    >>> path_taken(x, ShiftSchedule(1000), torch.arange(1000)[None] < 900)
    'one stage at a time, each a product and a gate kernel: a shift is not fused under a mask'
    """
    as_choice("projection", projection, PROJECTIONS)
    why = what_forbids_fusing(x, schedule, real, projection == "model")
    if not why:
        return _told(_fused(x, schedule, real))
    block = 1 if projection == "model" else block_of(x, schedule, real)
    if block == 1:
        return f"one stage at a time, each a product and a gate kernel: {why}"
    begun = _told([(block.bit_length() - 1, block)])
    rest = sum(block <= stride < x.shape[2] for stride in schedule.strides)
    return f"{begun}; then {rest} one at a time, each a product and a gate kernel: {why}"


def _fused(x: Tensor, schedule: Schedule, real: Tensor | None) -> list[tuple[int, int]]:
    """Return how many stages each launch has, and how many places a program of it."""
    n, dim_head = x.shape[2:]
    if isinstance(schedule, ShiftSchedule):
        shifts = windows(schedule, n, dim_head, element=x.element_size())
        return [(one.stages, one.tile) for one in shifts]
    plan = launches(schedule, n, dim_head, **_limits(x, schedule, real))
    return [(len(launch.strides), launch.tile) for launch in plan]


def _told(plan: list[tuple[int, int]]) -> str:
    """Say of launches how many stages and places they have."""
    if not plan:
        return "nothing is launched: no token meets another"
    counts = [str(stages) for stages, _ in plan]
    noun = "launch" if len(counts) == 1 else "launches"
    stages = "1 stage" if counts == ["1"] else f"{' and '.join(counts)} stages"
    return f"fused: {len(counts)} {noun} of {stages}, {plan[0][1]} places to a program"


def what_forbids_fusing(x: Tensor, schedule: Schedule, real: Tensor | None, mix_heads: bool) -> str:
    """Return why stages must be run by themselves; nothing if all can be fused."""
    if mix_heads:
        return "weights across heads take a product over the channels of all of them"
    why = _what_forbids_any(x, schedule)
    if not why and isinstance(schedule, PrefixSchedule):  # the others are fused at any length
        tile = max(tiles(x.shape[3], **_limits(x, schedule, real)))
        if any(tile <= stride < x.shape[2] for stride in schedule.strides):
            return f"a prefix wiring of more than {tile} tokens hears what no tile holds"
    if not why and isinstance(schedule, ShiftSchedule):
        if real is not None:
            return "a shift is not fused under a mask"
        if x.shape[2] > LONGEST:
            return f"a shift is fused for up to {LONGEST} tokens"
    return why


def block_of(x: Tensor, schedule: Schedule, real: Tensor | None) -> int:
    """Return how many places share a tile while a long wiring's first stages are fused; else 1.

    Those of a prefix wiring stay inside blocks. Under a mask they are run one by one.
    """
    if real is not None or not isinstance(schedule, PrefixSchedule):
        return 1
    if _what_forbids_any(x, schedule):
        return 1
    return max(tiles(x.shape[3], **_limits(x, schedule, real)))


def _what_forbids_any(x: Tensor, schedule: Schedule) -> str:
    """Return why no stage can be fused, whatever the length; nothing if some can."""
    dim_head = x.shape[3]
    if schedule.wide or schedule.kind not in KINDS:
        return f"a {schedule.kind} wiring is not fused"
    if dim_head > WIDEST:
        return f"heads of {dim_head} channels do not fit on chip; {WIDEST} do"
    if x.dtype == torch.float32 and dim_head > WIDEST_FP32:
        return f"the gradient of fp32 heads of {dim_head} channels spills; up to {WIDEST_FP32} fit"
    if not has_tensor_cores(x.device):
        return "Triton finds no tensor cores on this GPU"
    return ""


def _limits(x: Tensor, schedule: Schedule, real: Tensor | None) -> dict[str, Any]:
    return {"element": x.element_size(), "tight": short_of_registers(x, schedule, real)}
