"""The backend "triton" of butterfly attention: stages on chip where they fit, else one by one."""

from __future__ import annotations

from typing import Any, Protocol

import torch
from torch import Tensor

from ..arguments import as_choice
from ..schedule import PrefixSchedule, Schedule, ShiftSchedule
from ..tensors import constant_when_compiled
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
        return per_stage.inside_heads(x, job.bilinear(), schedule, real), []
    scaled = job.w_q * x.shape[-1] ** -0.5
    queries, keys = (job.per_stage(weight.to(x.dtype)) for weight in (scaled, job.w_k))
    return per_stage.across_heads(x, queries, keys, schedule, real), []


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
    if why:
        return f"one stage at a time, each a product and a gate kernel: {why}"
    n, dim_head = x.shape[2:]
    if isinstance(schedule, ShiftSchedule):
        shifts = windows(schedule, n, dim_head, element=x.element_size())
        return _told([(one.stages, one.tile) for one in shifts])
    plan = launches(schedule, n, dim_head, **_limits(x, schedule, real))
    return _told([(len(launch.strides), launch.tile) for launch in plan])


def _told(plan: list[tuple[int, int]]) -> str:
    """Say of launches how many stages and places they have."""
    if not plan:
        return "nothing is launched: no token meets another"
    counts = [str(stages) for stages, _ in plan]
    noun = "launch" if len(counts) == 1 else "launches"
    stages = "1 stage" if counts == ["1"] else f"{' and '.join(counts)} stages"
    return f"fused: {len(counts)} {noun} of {stages}, {plan[0][1]} places to a program"


def what_forbids_fusing(x: Tensor, schedule: Schedule, real: Tensor | None, mix_heads: bool) -> str:
    """Return why each stage must be run by itself; nothing if all can be fused."""
    n, dim_head = x.shape[2:]
    if mix_heads:
        return "weights across heads take a product over the channels of all of them"
    if schedule.wide or schedule.kind not in KINDS:
        return f"a {schedule.kind} wiring is not fused"
    if isinstance(schedule, ShiftSchedule) and real is not None:
        return "a shift is not fused under a mask"
    if isinstance(schedule, ShiftSchedule) and n > LONGEST:
        return f"a shift is fused for up to {LONGEST} tokens"
    if dim_head > WIDEST:
        return f"heads of {dim_head} channels do not fit on chip; {WIDEST} do"
    if x.dtype == torch.float32 and dim_head > WIDEST_FP32:
        return f"the gradient of fp32 heads of {dim_head} channels spills; up to {WIDEST_FP32} fit"
    if not has_tensor_cores(x.device):
        return "Triton finds no tensor cores on this GPU"
    if isinstance(schedule, PrefixSchedule):  # the others are fused at any length
        tile = max(tiles(dim_head, **_limits(x, schedule, real)))
        if any(tile <= stride < n for stride in schedule.strides):
            return f"a prefix wiring of more than {tile} tokens hears what no tile holds"
    return ""


def _limits(x: Tensor, schedule: Schedule, real: Tensor | None) -> dict[str, Any]:
    return {"element": x.element_size(), "tight": short_of_registers(x, schedule, real)}
