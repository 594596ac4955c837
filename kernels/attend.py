"""The backend "triton" of butterfly attention: all stages on chip where they fit, else one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from ..arguments import as_choice
from ..schedule import Schedule
from . import per_stage
from .machine import has_tensor_cores, require
from .operators import butterfly_attention
from .plan import WIDEST, Launch, launches, unfused

PROJECTIONS = ("head", "model")


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
    if path_of(x, schedule, job.mix_heads).fused:
        return butterfly_attention(x, job.bilinear(), schedule, real, precision=_precision()), []
    if not job.mix_heads:
        return per_stage.inside_heads(x, job.bilinear(), schedule, real), []
    scaled = job.w_q * x.shape[-1] ** -0.5
    queries, keys = (job.per_stage(weight.to(x.dtype)) for weight in (scaled, job.w_k))
    return per_stage.across_heads(x, queries, keys, schedule, real), []


def _precision() -> str:
    """Return how exact fp32 products shall be: as PyTorch's own are set to be on a GPU."""
    return "tf32" if torch.backends.cuda.matmul.fp32_precision == "tf32" else "ieee"


@dataclass(frozen=True)
class Path:
    """Which way the kernels go, and why.

    Args:
        plan: the launches of the fused kernel; none if each stage is run by itself, or if no token
            meets another.
        why: what keeps the stages from being fused; empty if nothing does.
    """

    plan: tuple[Launch, ...]
    why: str = ""

    @property
    def fused(self) -> bool:
        """Whether the fused kernel runs."""
        return not self.why

    def __str__(self) -> str:
        if self.why:
            return f"one stage at a time, each a product and a gate kernel: {self.why}"
        if not self.plan:
            return "nothing is launched: no token meets another"
        counts = [str(len(launch.strides)) for launch in self.plan]
        noun = "launch" if len(counts) == 1 else "launches"
        stages = "1 stage" if counts == ["1"] else f"{' and '.join(counts)} stages"
        return f"fused: {len(counts)} {noun} of {stages}, {self.plan[0].tile} places to a program"


def path_taken(x: Tensor, schedule: Schedule, projection: str = "head") -> str:
    """Return in one sentence which way the backend "triton" goes for a tensor, and why.

    Args:
        x: shape (batch, heads, n, d), on the device that matters; a tensor on a CPU is answered
            for as the interpreter runs it.
        schedule: the wiring.
        projection: "head" or "model", where the weights act.

    Raises:
        ValueError: if the projection is unknown, or the schedule is too small.

    >>> from fftia_lab import ButterflySchedule, ShiftSchedule
    >>> x = torch.empty(1, 16, 1000, 64)
    >>> path_taken(x, ButterflySchedule(1024))
    'fused: 2 launches of 7 and 3 stages, 128 places to a program'
    >>> path_taken(x, ShiftSchedule(1000))
    'one stage at a time, each a product and a gate kernel: a shift wiring is not fused'
    """
    as_choice("projection", projection, PROJECTIONS)
    return str(path_of(x, schedule, projection == "model"))


def path_of(x: Tensor, schedule: Schedule, mix_heads: bool) -> Path:
    """Return which way the kernels go for a tensor."""
    n, dim_head = x.shape[2:]
    if mix_heads:
        return Path((), "weights across heads take a product over the channels of all of them")
    if schedule.wide or schedule.kind not in ("butterfly", "benes", "prefix"):
        return Path((), f"a {schedule.kind} wiring is not fused")
    if dim_head > WIDEST:
        return Path((), f"heads of {dim_head} channels do not fit on chip; {WIDEST} do")
    if not has_tensor_cores(x.device):
        return Path((), "Triton finds no tensor cores on this GPU")
    plan = launches(schedule, n, dim_head)
    alone = unfused(schedule, n, plan)
    if alone:
        return Path((), f"whom stage {alone.start} of a {schedule.kind} wiring hears no tile holds")
    return Path(tuple(plan))
