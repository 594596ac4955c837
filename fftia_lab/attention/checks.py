"""What the arguments of butterfly attention must look like, in NumPy and in PyTorch alike."""

from __future__ import annotations

from typing import Any

from ..arguments import as_choice
from ..implementations import ATTENTION
from ..schedule import ButterflySchedule, Schedule

USUAL = "eager", "plain", "blocks", "literal"  # the fastest first


def check_schedule(schedule: Any) -> None:
    """Refuse what is no schedule.

    Raises:
        TypeError: naming what was given.
    """
    if not isinstance(schedule, Schedule):
        raise TypeError(
            f"schedule must be a Schedule such as ButterflySchedule(8); got {schedule!r}"
        )


def check_axes(x: tuple[int, ...]) -> None:
    """Refuse tokens of another shape than (batch, heads, n, d).

    Raises:
        ValueError: naming the shape.
    """
    if len(x) != 4:
        raise ValueError(f"x must have shape (batch, heads, n, d); got {len(x)} axes, {tuple(x)}")


def schedule_for(x: tuple[int, ...], schedule: Schedule | None) -> Schedule:
    """Return the schedule, or if there is none the butterfly of the next power of two.

    Args:
        x: shape (batch, heads, n, d).
        schedule: what was given.

    Raises:
        ValueError: if x has another number of axes.

    >>> schedule_for((1, 2, 5, 4), None).size
    8
    """
    check_axes(x)
    return ButterflySchedule(1 << max(x[2] - 1, 0).bit_length()) if schedule is None else schedule


def projection_of(
    x: tuple[int, ...], w_q: tuple[int, ...], w_k: tuple[int, ...], schedule: Schedule
) -> str:
    """Return "head" or "model": whether the weights act inside heads or across them.

    Args:
        x: shape (batch, heads, n, d).
        w_q: shape (stages, heads, d, d), (stages, d, d) or (stages, heads·d, heads·d).
        w_k: the same shape.
        schedule: the wiring, for at least n positions.

    Raises:
        TypeError: if the schedule is none.
        ValueError: naming the shape that does not fit, what is wanted and the fix.

    >>> from fftia_lab import ButterflySchedule
    >>> projection_of((1, 2, 8, 4), (3, 4, 4), (3, 4, 4), ButterflySchedule(8))
    'head'
    """
    check_schedule(schedule)
    check_axes(x)
    _, heads, n, d = x
    if schedule.size < n:
        raise ValueError(
            f"the schedule wires {schedule.size} positions and x has {n} tokens; "
            f"make one for at least {n}"
        )
    if w_q != w_k:
        raise ValueError(f"w_q and w_k must have one shape; got {tuple(w_q)} and {tuple(w_k)}")
    inside = w_q[1:] in ((heads, d, d), (d, d))
    if not inside and w_q[1:] != (heads * d, heads * d):
        raise ValueError(
            f"for x of shape {tuple(x)} weights must have shape (stages, {heads}, {d}, {d}), "
            f"(stages, {d}, {d}) or, across heads, (stages, {heads * d}, {heads * d}); "
            f"got {tuple(w_q)}"
        )
    if w_q[0] != schedule.depth and w_q[0] != 1:
        raise ValueError(
            f"a {schedule.kind} schedule of {schedule.size} positions has {schedule.depth} stages; "
            f"give that many weights, or one for all; got {w_q[0]}"
        )
    return "head" if inside else "model"


def check_backend(
    backend: str, wanted: frozenset[str], compiling: bool, kernels: bool = False
) -> str:
    """Return the backend to use; "auto" is the first that can do what is wanted.

    Args:
        backend: what the user chose.
        wanted: what the backend must do, in the words of `implementations`.
        compiling: whether torch.compile or torch.export is at work.
        kernels: whether "auto" may take Triton's kernels: on a GPU that they are made for.

    Raises:
        ValueError: if the backend is unknown, or cannot do what is wanted.

    >>> check_backend("auto", frozenset({"gates"}), compiling=False)
    'plain'
    >>> check_backend("auto", frozenset(), compiling=False, kernels=True)
    'triton'
    """
    as_choice("backend", backend, ("auto", *ATTENTION))
    usual = ("plain", "blocks", "literal") if compiling else USUAL
    if kernels:
        usual = ("triton", *usual)
    able = [name for name in usual if wanted <= ATTENTION[name].does]
    if backend == "auto":
        backend = able[0] if able else usual[-1]
    missing = ", ".join(sorted(wanted - ATTENTION[backend].does))
    if missing:
        which = f", which takes {able[0]}" if able else ""
        raise ValueError(f'the backend "{backend}" cannot do: {missing}; use backend="auto"{which}')
    return backend
