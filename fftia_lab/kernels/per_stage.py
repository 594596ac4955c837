"""Butterfly attention one stage at a time: a library's product, then the gate kernel.

For what no fused kernel holds on chip: weights across heads, shifts under a mask, wide heads, long
prefix wirings, and GPUs where Triton finds no tensor cores. Memory is read and written in every
stage.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from ..schedule import BenesSchedule, ButterflySchedule, PrefixSchedule, Schedule, ShiftSchedule
from ..tensors import check_real
from .gate import Meeting, gate
from .machine import require

WIRINGS: dict[type[Schedule], str] = {
    ButterflySchedule: "pairs",
    BenesSchedule: "pairs",
    ShiftSchedule: "shift",
    PrefixSchedule: "prefix",
}


def inside_heads(
    x: Tensor,
    bilinear: Tensor,
    schedule: Schedule,
    real: Tensor | None = None,
    *,
    first: int = 0,
) -> Tensor:
    """Return x after all stages from the first on, with gradients.

    u = x M_s, then x_i ← x_i + σ(u_i · (x_j - x_i)) (x_j - x_i), for every stage s; i hears j.

    Args:
        x: fp32, fp16 or bf16, shape (batch, heads, n, d), with any strides; 0 where a token is not
            real.
        bilinear: Mᵀ = W_k W_qᵀ/√d of every stage and head, shape (stages, heads, d, d), in the type
            of x.
        schedule: a butterfly of radix 2, a Beneš network, a shift or a prefix wiring.
        real: bool of shape (batch, n), true for a real token; None if all are.
        first: the number of the stage to begin with.

    Returns:
        y of the shape and type of x; where a token is not real, what its place relays.

    Raises:
        RuntimeError: if x is not on a GPU and Triton does not interpret.
        TypeError: if x is of another type, or the mask is not bool.
        ValueError: if a shape does not fit, or the schedule is none of these.
    """
    require(x)
    for number, meeting in meetings(schedule, x.shape[2], real, x.device):
        if number >= first:
            x = gate(x, x @ bilinear[number].mT, None, meeting)
    return x


def across_heads(
    x: Tensor,
    query_weights: Tensor,
    key_weights: Tensor,
    schedule: Schedule,
    real: Tensor | None = None,
) -> Tensor:
    """Return x after all stages whose weights mix the channels of all heads, with gradients.

    q = x W_q, k = x W_k of all heads together, then x_i ← x_i + σ(q_i · (k_j - k_i)) (x_j - x_i) in
    each head.

    Args:
        x: as `inside_heads` takes it.
        query_weights: W_q/√d of every stage, shape (stages, heads·d, heads·d), in the type of x.
        key_weights: W_k, likewise.
        schedule: as `inside_heads` takes it.
        real: bool of shape (batch, n), true for a real token; None if all are.

    Returns:
        y as `inside_heads` returns it.

    Raises:
        RuntimeError, TypeError, ValueError: as `inside_heads` does.
    """
    require(x)
    for number, meeting in meetings(schedule, x.shape[2], real, x.device):
        together = x.transpose(1, 2).flatten(2)
        queries, keys = (
            torch.unflatten(together @ weights[number], 2, (x.shape[1], -1)).transpose(1, 2)
            for weights in (query_weights, key_weights)
        )
        x = gate(x, queries, keys, meeting)
    return x


def meetings(
    schedule: Schedule, n: int, real: Tensor | None, device: torch.device
) -> Iterator[tuple[int, Meeting]]:
    """Yield number and meeting of every stage of a schedule in which somebody may meet.

    Where all places hold something the wiring's rule is enough. Else the schedule says whom each
    place hears, and which of them hold something.

    Args:
        schedule: the wiring of at least n places.
        n: number of tokens.
        real: bool of shape (batch, n), true for a real token; None if all are.
        device: where indices, if any are needed, shall be.

    Raises:
        ValueError: if the schedule is of a kind that is not wired here, or more than two meet.
    """
    wiring = WIRINGS.get(type(schedule))
    if wiring is None or schedule.wide:
        raise ValueError(
            f"kernels take butterflies of radix 2, Beneš networks, shifts and prefix wirings; got "
            f"{schedule}: use backend='auto'"
        )
    if real is not None:
        check_real(real, len(real), n)
    counts = _counts(schedule, n)
    index = _index(schedule, n, real, device)
    for number, stride in enumerate(schedule.strides):
        heard, holds = (None, None) if index is None else next(index)
        if stride >= schedule.places(n):
            continue
        before, after = counts[number : number + 2]
        if heard is not None and holds is not None:
            heard, holds = heard[:, :after].int(), holds[:, :before].to(torch.uint8)
        yield number, Meeting(wiring, stride, schedule.causal, after, heard, holds)


def _counts(schedule: Schedule, n: int) -> list[int]:
    """Return how many places there are before each stage, and after the last."""
    between = [n] * max(schedule.depth - 1, 0)
    if isinstance(schedule, (ButterflySchedule, BenesSchedule)) and schedule.places(n) > n:
        between = schedule.visited(n)[1:]
    return [n, *between, n]


def _index(
    schedule: Schedule, n: int, real: Tensor | None, device: torch.device
) -> Iterator[tuple[Tensor, Tensor]] | None:
    """Return whom the schedule lets hear whom, stage by stage; None if its rule is enough."""
    if real is None:
        if schedule.places(n) == n:
            return None
        real = torch.ones(1, n, dtype=torch.bool, device=device)
    return schedule.meetings(torch.nn.functional.pad(real, (0, schedule.size - n)), torch)
