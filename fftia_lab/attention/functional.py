"""`butterfly_attention`: one function over several ways to compute the same thing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import cache
from importlib.util import find_spec
from typing import Any, Literal, overload

import torch
from torch import Tensor

from ..arguments import as_boolean, check_dropout
from ..implementations import (
    ATTENTION,
    DOUBLE,
    DROPOUT,
    GATES,
    MIX_HEADS,
    OTHER_WIRINGS,
    TRANSFORMS_OF_TORCH,
    WIDE,
)
from ..schedule import ButterflySchedule, Schedule
from ..tensors import check_floating, check_real, constant_when_compiled, under_autocast
from .backends.job import Job
from .checks import check_backend, projection_of, schedule_for


@overload
def butterfly_attention(
    x: Tensor,
    w_q: Tensor,
    w_k: Tensor,
    schedule: Schedule | None = None,
    mask: Tensor | None = None,
    *,
    dropout: float = 0.0,
    backend: str = "auto",
    return_gates: Literal[False] = False,
) -> Tensor: ...


@overload
def butterfly_attention(
    x: Tensor,
    w_q: Tensor,
    w_k: Tensor,
    schedule: Schedule | None = None,
    mask: Tensor | None = None,
    *,
    dropout: float = 0.0,
    backend: str = "auto",
    return_gates: Literal[True],
) -> tuple[Tensor, Tensor]: ...


def butterfly_attention(
    x: Tensor,
    w_q: Tensor,
    w_k: Tensor,
    schedule: Schedule | None = None,
    mask: Tensor | None = None,
    *,
    dropout: float = 0.0,
    backend: str = "auto",
    return_gates: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """Let every token attend, stage by stage, to itself and one partner.

    q = x W_q[s], k = x W_k[s]; with j the partner of i at stage s, and a softmax over two scores,
    (1 - g_i, g_i) = softmax(q_i·k_i/√d, q_i·k_j/√d) and x_i ← (1 - g_i) x_i + g_i x_j.
    Values are the running state. Causality is the schedule's. For x of 16 bits scores and gates are
    float32, under autocast too.

    Args:
        x: floating point, shape (batch, heads, n, d), any n from 0. Not changed.
        w_q: shape (stages, heads, d, d), or (stages, d, d) for all heads alike, or
            (stages, heads·d, heads·d) to project across heads; stages is the schedule's depth, or 1
            for one weight in all stages. Weights of another precision are converted to that of x.
        w_k: the same shape.
        schedule: the wiring of at least n positions; None means a butterfly of the next power of
            two. Positions from n on are padding, and what padding does is the schedule's.
        mask: bool of shape (batch, n), true for a real token; None means all. A masked token keeps
            its value, and nobody hears it; its place may relay.
        dropout: the probability with which a token skips a meeting and keeps itself. Rows still
            sum to 1; nothing is scaled up, so that the expected gate shrinks by 1 - dropout.
        backend: "auto"; "triton", kernels on an NVIDIA GPU, for float32, float16 and bfloat16;
            "eager", hand-written gradients, in place where none are wanted; "plain", for torch.func
            and exportable; "blocks", for any radix of a butterfly; "compiled", one stage compiled
            for all lengths; "literal", the definition. "auto" is the first of triton (for CUDA
            tensors, where Triton is installed), eager, plain, blocks and literal that can do what
            is asked: plain for weights across heads, dropout, gates, inside torch.compile,
            torch.func and forward-mode differentiation; blocks where more than two meet. Triton,
            compiled, and blocks from groups of 64 on cannot be differentiated twice.
        return_gates: whether to return the partner's weights too.

    Returns:
        y of the shape and type of x; with `return_gates` also the gates, shape
        (stages, batch, heads, schedule.places(n)), 0 where a place hears nobody and 1 where it
        relays what it had none of; or, where more than two meet, the weights of all members, shape
        (stages, batch, heads, size, radix), in the order of the schedule's groups.

    Raises:
        TypeError: if x is not floating point, the mask not a bool tensor, the schedule none, or the
            weights of two precisions.
        ValueError: if a shape does not fit, the backend is unknown or cannot do what is asked.
        RuntimeError: if the backend is "triton" and x is not on a CUDA GPU, or Triton is missing.

    Source: Tantisukarom (2025), FFT-Inspired Attention, with its update V_i = P_i V_{i-1}.

    >>> x = torch.arange(8.0).reshape(1, 1, 4, 2)
    >>> nothing = torch.zeros(2, 2, 2)
    >>> butterfly_attention(x, nothing, nothing)[0, 0]
    tensor([[3., 4.],
            [3., 4.],
            [3., 4.],
            [3., 4.]])
    """
    _check(x, w_q, w_k, dropout)
    return_gates = as_boolean("return_gates", return_gates)
    schedule = schedule_for(x.shape, schedule)
    mix_heads = projection_of(x.shape, w_q.shape, w_k.shape, schedule) == "model"
    check_real(mask, x.shape[0], x.shape[2])
    asked = {
        MIX_HEADS: mix_heads,
        DROPOUT: dropout > 0,
        GATES: return_gates,
        TRANSFORMS_OF_TORCH: _transformed(),
        WIDE: schedule.wide,
        OTHER_WIRINGS: not isinstance(schedule, ButterflySchedule),
        DOUBLE: x.dtype == torch.float64,
    }
    wanted = frozenset(wish for wish, wished in asked.items() if wished)
    backend = check_backend(backend, wanted, torch.compiler.is_compiling(), _for_kernels(x))
    job = Job.of(x, w_q, w_k, schedule, mask, mix_heads, dropout)
    y, gates = _run(backend, job)
    y = y[:, :, : x.shape[2]]
    y = y if mask is None else y.where(mask[:, None, :, None], x)
    return (y, _stack(gates, schedule, x)) if return_gates else y


def _check(x: Any, w_q: Any, w_k: Any, dropout: float) -> None:
    if torch.jit.is_tracing():  # type: ignore[attr-defined, no-untyped-call]
        raise RuntimeError("torch.jit.trace would keep one length's wiring: use torch.export")
    for name, value in (("x", x), ("w_q", w_q), ("w_k", w_k)):
        check_floating(name, value)
    if w_q.dtype != w_k.dtype:
        raise TypeError(
            f"w_q and w_k must have one precision; got {w_q.dtype} and {w_k.dtype}: "
            "convert one with .to()"
        )
    check_dropout(dropout)


def _transformed() -> bool:
    """Whether torch.func or forward-mode differentiation follows each operation."""
    if torch.compiler.is_compiling():
        return False
    level: int = torch.autograd.forward_ad._current_level
    return level >= 0 or torch._C._are_functorch_transforms_active()


def _for_kernels(x: Tensor) -> bool:
    """Whether Triton's kernels are made for where x lies; exported programs do without them."""
    on_nvidia = x.is_cuda and torch.version.cuda is not None
    return on_nvidia and has_triton() and not torch.compiler.is_exporting()


@cache
def has_triton() -> bool:
    """Whether Triton is installed."""
    return find_spec("triton") is not None


_LOADED: dict[str, Callable[[Job], Any]] = {}


def _run(backend: str, job: Job) -> tuple[Tensor, list[Tensor]]:
    if not job.x.numel():
        return job.x.clone(), []
    _import(backend)
    # autocast would round the products that are wanted in float32
    kind = job.x.device.type
    with torch.autocast(kind, enabled=False) if under_autocast(job.x) else nullcontext():
        found: tuple[Tensor, list[Tensor]] = _LOADED[backend](job)
    return found


@constant_when_compiled
def _import(backend: str) -> None:
    """Load a backend; torch.compile, which cannot follow an import by name, calls this itself."""
    if backend == "triton" and not has_triton():
        raise RuntimeError(
            "the backend \"triton\" needs Triton, on Linux: pip install 'fftia-lab[triton]'"
        )
    _LOADED[backend] = ATTENTION[backend].load()


def _stack(gates: list[Tensor], schedule: Schedule, x: Tensor) -> Tensor:
    """Return gates of shape (depth, batch, heads, places); stages without a meeting have none."""
    if schedule.wide:
        return torch.stack(gates).to(x.dtype)
    places = schedule.places(x.shape[2])
    found = [torch.nn.functional.pad(gate, (0, places - gate.shape[2])) for gate in gates]
    nobody = x.new_zeros(schedule.depth - len(gates), *x.shape[:2], places)
    return torch.cat((*(gate[None].to(x.dtype) for gate in found), nobody))
