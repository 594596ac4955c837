"""The gate of one stage as an operator of PyTorch: differentiable, for any wiring at any length.

Products of weights are a library's; the kernel does what is left of a stage in one reading and one
writing: scores, sigmoid, and the step towards what is heard.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import torch
from torch import Tensor

from .batched import one_by_one
from .configuration import MODERN, POINTERS, Configuration
from .gate_kernels import hear, hear_back
from .machine import on_device_of

DTYPES = (torch.float32, torch.float16, torch.bfloat16)
WIDEST = 4096  # channels of a head: of eight warps each thread then has sixteen
ELEMENTS = 2048  # a program holds so many, or one place


@dataclass(frozen=True)
class Meeting:
    """Who hears whom in one stage.

    Args:
        wiring: "pairs", "shift" or "prefix".
        stride: of the stage.
        causal: whether nobody hears a later place.
        after: how many places there are after it; more than before where empty places relay.
        heard: int32 of shape (batch or 1, after), whom each place hears, itself if nobody; None if
            all places hold something, and the wiring's rule says it.
        holds: uint8 of shape (batch or 1, places), 1 where a place holds something; None as
            `heard`.
    """

    wiring: str
    stride: int
    causal: bool
    after: int
    heard: Tensor | None = None
    holds: Tensor | None = None


def gate(x: Tensor, queries: Tensor, keys: Tensor | None, meeting: Meeting) -> Tensor:
    """Return what all places have after they heard whom they hear.

    y_i = x_i + σ(q_i · (k_j - k_i)) (x_j - x_i), with j whom i hears. Who hears nobody keeps what
    it has; who holds nothing copies x_j, and its x_i has gradient 0. Differentiable once; two runs
    give the same bits.

    Args:
        x: fp32, fp16 or bf16, shape (batch, heads, places, d), with any strides. What holds nothing
            is not read.
        queries: of the shape and type of x, scaled.
        keys: likewise; None means x, whose queries are then x M.
        meeting: who hears whom.

    Returns:
        y, contiguous, of shape (batch, heads, meeting.after, d), 0 where nothing is held.

    Raises:
        RuntimeError: if x is not on a GPU and Triton does not interpret, or if the gradient is to
            be differentiated again.
        TypeError: if x is of another type, or the others are not of its type.
        ValueError: if shapes differ, or a head has more than 4096 channels.

    Source: Tantisukarom (2025), FFT-Inspired Attention, with its update V_i = P_i V_{i-1}.
    """
    _check(x, queries, keys)
    m = meeting
    return _gate(x, queries, keys, m.heard, m.holds, m.wiring, m.stride, m.causal, m.after)


def _check(x: Tensor, queries: Tensor, keys: Tensor | None) -> None:
    if x.dtype not in DTYPES:
        raise TypeError(
            f"kernels take float32, float16 or bfloat16; got {x.dtype}: convert it, or use "
            f"backend='eager'"
        )
    if x.shape[-1] > WIDEST:
        raise ValueError(
            f"the gate kernel takes heads of up to {WIDEST} channels; got {x.shape[-1]}: use more "
            f"heads, or backend='eager'"
        )
    for name, one in (("queries", queries), ("keys", keys)):
        if one is not None and (one.shape, one.dtype) != (x.shape, x.dtype):
            raise (ValueError if one.shape != x.shape else TypeError)(
                f"{name} must be {x.dtype} of shape {tuple(x.shape)} as x is; "
                f"got {one.dtype} of shape {tuple(one.shape)}"
            )


# What is launched, and what is shipped


@cache
def configuration(
    name: str, dtype: str, dim_head: int, wiring: str, causal: bool, keys: bool, masked: bool
) -> Configuration:
    """Return the launch of the kernel `hear` or `hear_back`, by name."""
    backward = name == "gate back"
    width = max(1 << (dim_head - 1).bit_length(), 16)
    absent = {"keys": None} if not keys else {}
    if not masked:
        absent |= {"heard": None, "holds": None}
    if backward:
        if not keys:
            absent["to_keys"] = None
        if wiring != "prefix":
            absent["to_heard"] = None
        if wiring != "prefix" or not keys:
            absent["to_heard_keys"] = None
        if wiring == "prefix" or not masked:
            absent["hearer"] = None
    constants = {
        "CHANNELS": dim_head,
        "WIDTH": width,
        "ROWS": max(ELEMENTS // width, 1),
        "WIRING": wiring,
        "CAUSAL": causal,
    } | absent
    special = {"heard": "*i32", "hearer": "*i32", "holds": "*u8"}
    special |= {"to_heard": "*fp32", "to_heard_keys": "*fp32"}
    tensors = ["x", "queries", "keys", "y", "to_y", "to_x", "to_queries", "to_keys", *special]
    function = hear_back if backward else hear
    types = {
        argument: special.get(argument, POINTERS[dtype]) if argument in tensors else "i32"
        for argument in function.arg_names
        if argument not in constants
    }
    types |= {argument: "i64" for argument in types if argument.endswith(("_batch", "_head"))}
    words = [f"{'causal ' if causal and wiring != 'prefix' else ''}{wiring}"]
    words += [*(["keys"] if keys else []), *(["masked"] if masked else [])]
    return Configuration(
        f"{name}, {' '.join(words)}, head_dim {dim_head}, {dtype}",
        function,
        types,
        constants,
        warps=max(width // 512, 4),
        targets=(75, *MODERN),
        tensor_cores=False,
    )


def shipped() -> list[Configuration]:
    """Return the launches that are compiled ahead: of each kind of access one, and odd widths."""
    kinds = [
        ("float32", 64, "pairs", False, False, False),
        ("bfloat16", 64, "pairs", False, True, True),
        ("float16", 128, "shift", False, False, True),
        ("bfloat16", 128, "prefix", True, True, False),
        ("float32", 1024, "shift", True, True, False),
        ("float32", WIDEST, "pairs", True, True, True),
    ]
    return [configuration(name, *kind) for kind in kinds for name in ("gate", "gate back")]


def _launch(name: str, x: Tensor, stage: tuple[str, int, bool], rows: int, /, **given: Any) -> None:
    """Run a kernel on so many places of each head, of tensors by name; None is left out."""
    batch, heads, places, d = x.shape
    wiring, stride, causal = stage
    dtype = str(x.dtype).removeprefix("torch.")
    keys, masked = given.get("keys") is not None, given.get("holds") is not None
    chosen = configuration(name, dtype, d, wiring, causal, keys, masked)
    programs = -(-rows // chosen.constants["ROWS"])
    with on_device_of(x):
        chosen.launch(
            (programs * heads * batch,),
            **{argument: one for argument, one in given.items() if one is not None},
            places=places,
            programs=programs,
            heads=heads,
            stride=stride,
        )


def _placed(prefix: str, tensor: Tensor | None) -> dict[str, int]:
    strides = (0, 0, 0) if tensor is None else tensor.stride()[:3]
    names = (f"{prefix}_batch", f"{prefix}_head", f"{prefix}_place")
    return dict(zip(names, strides, strict=True))


def _row(index: Tensor | None) -> int:
    """Return how far apart two rows of the batch are; one row serves all."""
    return 0 if index is None or len(index) == 1 else index.stride(0)


# The operators


@torch.library.custom_op("fftia_lab::gate", mutates_args=())
def _gate(
    x: Tensor,
    queries: Tensor,
    keys: Tensor | None,
    heard: Tensor | None,
    holds: Tensor | None,
    wiring: str,
    stride: int,
    causal: bool,
    after: int,
) -> Tensor:
    x, queries, keys = _channels_together(x, queries, keys)
    y = x.new_empty(*x.shape[:2], after, x.shape[3])
    if y.numel():
        _launch(
            "gate",
            x,
            (wiring, stride, causal),
            after,
            **{"x": x, "queries": queries, "keys": keys, "y": y, "heard": heard, "holds": holds},
            **_placed("x", x),
            **_placed("q", queries),
            **_placed("k", keys),
            heard_batch=_row(heard),
            holds_batch=_row(holds),
            places_after=after,
        )
    return y


@torch.library.custom_op("fftia_lab::gate_gradient", mutates_args=())
def _gradient(
    to_y: Tensor,
    x: Tensor,
    queries: Tensor,
    keys: Tensor | None,
    heard: Tensor | None,
    holds: Tensor | None,
    wiring: str,
    stride: int,
    causal: bool,
    after: int,
) -> tuple[Tensor, Tensor, Tensor]:
    x, queries, keys = _channels_together(x, queries, keys)
    (to_y,) = _channels_together(to_y)
    to_x, to_queries, to_keys = _empty_gradients(x, keys)
    if not x.numel():
        return to_x, to_queries, to_keys
    prefix = wiring == "prefix"
    places = x.shape[2]
    room = -(-places // (2 * stride)) * 2 * stride
    to_heard = _zeros(x, room) if prefix else None
    to_heard_keys = _zeros(x, room) if prefix and keys is not None else None
    hearer = None if prefix or heard is None else _hearers(heard, places)
    _launch(
        "gate back",
        x,
        (wiring, stride, causal),
        max(places, after),
        **{"x": x, "queries": queries, "keys": keys, "heard": heard, "holds": holds},
        **{"to_y": to_y, "to_x": to_x, "to_queries": to_queries},
        **{"to_keys": None if keys is None else to_keys, "hearer": hearer},
        **{"to_heard": to_heard, "to_heard_keys": to_heard_keys},
        **_placed("x", x),
        **_placed("q", queries),
        **_placed("k", keys),
        **_placed("to", to_y),
        heard_batch=_row(heard),
        hearer_batch=_row(hearer),
        holds_batch=_row(holds),
        places_after=after,
        room=room,
    )
    for gradient, of_heard in ((to_x, to_heard), (to_keys, to_heard_keys)):
        if of_heard is not None:
            _give_to_heard(gradient, of_heard, stride)
    return to_x, to_queries, to_keys


def _channels_together(*tensors: Tensor | None) -> list[Any]:
    """Return tensors, copied where neighbouring channels are no neighbours in memory."""
    return [one if one is None or one.stride(-1) == 1 else one.contiguous() for one in tensors]


def _empty_gradients(x: Tensor, keys: Tensor | None) -> tuple[Tensor, Tensor, Tensor]:
    """Return memory for the gradients of x, queries and keys; for the latter none without keys."""
    return x.new_empty(x.shape), x.new_empty(x.shape), x.new_empty(0 if keys is None else x.shape)


def _zeros(x: Tensor, places: int) -> Tensor:
    return x.new_zeros(*x.shape[:2], places, x.shape[3], dtype=torch.float32)


def _hearers(heard: Tensor, places: int) -> Tensor:
    """Return by whom each place is heard, itself if by nobody; int32 of shape (rows, places).

    Of pairs and shifts nobody is heard by two. Who hears nobody writes beyond the end.
    """
    rows, after = heard.shape
    own = torch.arange(after, device=heard.device)
    room = max(places, after)
    target = heard.long().where(heard != own, room)
    found = torch.arange(room + 1, device=heard.device).repeat(rows, 1)
    return found.scatter_(1, target, own.expand(rows, -1))[:, :places].int()


def _give_to_heard(gradient: Tensor, of_heard: Tensor, stride: int) -> None:
    """Add to the last place before each upper half what those who hear it give back."""
    runs = torch.unflatten(of_heard, 2, (-1, 2, stride))[:, :, :, 1].sum(-2)  # (b, h, blocks, d)
    heard = gradient[:, :, stride - 1 :: 2 * stride]
    heard += runs[:, :, : heard.shape[2]].to(gradient.dtype)


@_gate.register_fake
def _(x: Tensor, queries: Tensor, keys: Tensor | None, *rest: Any) -> Tensor:
    return x.new_empty(*x.shape[:2], rest[-1], x.shape[3])


@_gradient.register_fake
def _(
    to_y: Tensor, x: Tensor, queries: Tensor, keys: Tensor | None, *_: Any
) -> tuple[Tensor, Tensor, Tensor]:
    return _empty_gradients(x, keys)


def _keep(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
    *tensors, ctx.wiring, ctx.stride, ctx.causal, ctx.after = inputs
    ctx.save_for_backward(*tensors)


def _back(ctx: Any, to_y: Tensor) -> tuple[Tensor | None, ...]:
    keys = ctx.saved_tensors[2]
    rest = ctx.wiring, ctx.stride, ctx.causal, ctx.after
    to_x, to_queries, to_keys = _gradient(to_y, *ctx.saved_tensors, *rest)
    return to_x, to_queries, None if keys is None else to_keys, *(None,) * 6


def _refuse(ctx: Any, *_: Tensor) -> None:
    raise RuntimeError(
        "the gradient of the gate kernel cannot be differentiated again: use backend='plain'"
    )


_gate.register_autograd(_back, setup_context=_keep)
_gradient.register_autograd(_refuse)
_gradient.register_vmap(one_by_one(_gradient))
