"""The FFT along the last axis, in Triton: complex numbers in and out, float32.

Up to 4,096 numbers all stages of a transform happen on chip, between one load and one store. Longer
ones take the four steps of chapter 4, in two launches: N = rows · columns; the columns of the grid
are transformed and weighed with twiddles, then the rows, and the grid is read by columns.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import torch
from torch import Tensor

from .configuration import MODERN, POINTERS, Configuration
from .digits import fine_of, root_tables, roots, stages_of
from .fft_kernel import transform
from .machine import on_device_of, require

ON_CHIP = 1 << 12
LONGEST = ON_CHIP**2
HELD = 1 << 13  # complex numbers that a program holds at most
LEAST = 64  # and at least: two digits


def fft(x: Tensor) -> Tensor:
    """Return the discrete Fourier transform along the last axis, X[k] = Σ_j x[j] e^{-2πi jk/N}.

    Args:
        x: complex64 or float32, shape (..., N), N a power of two up to 2²⁴, on a GPU.

    Returns:
        complex64 of the shape of x.

    Raises:
        RuntimeError: if x is not on a GPU and Triton does not interpret.
        TypeError: if x is of another type.
        ValueError: if N is no such power of two.

    Source: Pease (1968), doi:10.1145/321450.321457, for stages that are all alike; Bailey (1990),
    doi:10.1007/BF00162341, for the four steps.

    >>> one_launch(4096, inverse=False).constants["STAGES"]
    4
    >>> [step.constants["N"] for step in two_launches(1 << 21, inverse=False)]
    [1024, 2048]
    """
    return _checked(x, inverse=False)


def ifft(x: Tensor) -> Tensor:
    """Return the inverse transform along the last axis, x[j] = (1/N) Σ_k X[k] e^{2πi jk/N}.

    Arguments and errors are those of `fft`.
    """
    return _checked(x, inverse=True)


def _checked(x: Tensor, inverse: bool) -> Tensor:
    if not isinstance(x, Tensor) or x.dtype not in (torch.complex64, torch.float32):
        kind = x.dtype if isinstance(x, Tensor) else type(x).__name__
        raise TypeError(
            f"x must be complex64 or float32; got {kind}: use torch.fft for other precisions"
        )
    size = x.shape[-1] if x.dim() else 0
    if size < 1 or size & (size - 1) or size > LONGEST:
        raise ValueError(
            f"the last axis must have a power of two of numbers, 1 to {LONGEST}; "
            f"got shape {tuple(x.shape)}: pad it, or use torch.fft"
        )
    require(x)
    result: Tensor = _fft(x.to(torch.complex64), inverse)
    return result


@torch.library.custom_op("fftia_lab::fft", mutates_args=())
def _fft(x: Tensor, inverse: bool) -> Tensor:
    rows = x.resolve_conj().reshape(-1, x.shape[-1]).contiguous()
    y = torch.empty_like(rows)
    if x.shape[-1] == 1:
        y.copy_(rows)
    elif rows.numel() and x.shape[-1] <= ON_CHIP:
        on_chip(rows, y, inverse)
    elif rows.numel():
        four_steps(rows, y, inverse)
    return y.view(x.shape)


@_fft.register_fake
def _(x: Tensor, inverse: bool) -> Tensor:
    return torch.empty_like(x, memory_format=torch.contiguous_format)


def _setup(ctx: Any, inputs: tuple[Tensor, bool], output: Tensor) -> None:
    ctx.size, ctx.inverse = inputs[0].shape[-1], inputs[1]


def _gradient(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
    """Return what the adjoint makes of a gradient: N times the inverse, or 1/N times the DFT."""
    size, inverse = ctx.size, ctx.inverse
    return _fft(gradient, not inverse) * (1 / size if inverse else size), None


_fft.register_autograd(_gradient, setup_context=_setup)


def on_chip(x: Tensor, y: Tensor, inverse: bool) -> None:
    """Transform each row of x, complex64 (rows, N), into y: one launch."""
    rows, size = x.shape
    strides = dict(x_group=0, x_place=1, x_lane=size, y_group=0, y_bin=1, y_lane=size)
    scale = 1 / size if inverse else 1.0
    _launch(one_launch(size, inverse), x, y, groups=1, lanes=rows, scale=scale, **strides)


def four_steps(x: Tensor, y: Tensor, inverse: bool) -> None:
    """Transform each row of x, complex64 (groups, N), into y: two launches and a workspace.

    Number j = columns · r + c stands in row r and column c of a grid; frequency
    k = b + rows · d has digit b from the transforms of columns, and d from those of rows.
    """
    groups, size = x.shape
    rows, columns = grid(size)
    work = torch.empty_like(x)
    both, scale = dict(groups=groups, x_group=size, y_group=size), 1 / size if inverse else 1.0
    down = dict(x_place=columns, x_lane=1, y_bin=columns, y_lane=1)
    along = dict(x_place=1, x_lane=columns, y_bin=rows, y_lane=1)
    first, second = two_launches(size, inverse)
    _launch(first, x, work, lanes=columns, scale=1.0, **both, **down)
    _launch(second, work, y, lanes=rows, scale=scale, **both, **along)


def grid(size: int) -> tuple[int, int]:
    """Return how many rows and columns the grid of a long transform has.

    >>> grid(1 << 13)
    (64, 128)
    """
    rows = 1 << (size.bit_length() - 1) // 2
    return rows, size // rows


def one_launch(size: int, inverse: bool) -> Configuration:
    """Return the launch of a transform that fits on chip; of short ones a program takes several."""
    return _configuration(f"{size} numbers", size, max(1, LEAST // size), inverse)


def two_launches(size: int, inverse: bool) -> tuple[Configuration, Configuration]:
    """Return the launches of a long transform: of the grid's columns, and of its rows."""
    rows, columns = grid(size)
    name = f"{size} numbers"
    return (
        _configuration(f"{name}, columns", rows, _lanes(rows, 16), inverse, order=size),
        _configuration(f"{name}, rows", columns, _lanes(columns, 4), inverse),
    )


def _lanes(size: int, most: int) -> int:
    return max(min(most, HELD // size), LEAST // size)


def _configuration(
    name: str, size: int, lanes: int, inverse: bool, order: int = 0
) -> Configuration:
    """Return a launch of the kernel.

    Args:
        name: what it is part of.
        size: numbers of a transform.
        lanes: transforms of a program.
        inverse: whether it is an inverse one.
        order: of the twiddles that follow, 0 for none.
    """
    fine = fine_of(order) if order else 1
    types = dict.fromkeys(("x", "y", "table", "tables"), POINTERS["float32"])
    types |= dict.fromkeys(("lanes", "blocks", "x_group", "x_place", "x_lane"), "i32")
    types |= dict.fromkeys(("y_group", "y_bin", "y_lane"), "i32") | {"scale": "fp32"}
    constants = dict(
        **dict(N=size, C=lanes, KEPT=max(1, min(lanes, size * lanes // LEAST))),
        **dict(STAGES=stages_of(size), INVERSE=inverse),
        **dict(TWIDDLE=order > 0, FINE=fine, COARSE=max(1, order // fine)),
    )
    name = f"{name}, inverse" if inverse else name
    warps = max(1, min(16, size * lanes // 512))
    return Configuration(
        *(name, transform, types, constants),
        warps=warps,
        targets=(75, *MODERN),
        tensor_cores=False,
    )


def _launch(
    kernel: Configuration, x: Tensor, y: Tensor, groups: int, lanes: int, **rest: float
) -> None:
    size, held = kernel.constants["N"], kernel.constants["C"]
    fine, coarse = kernel.constants["FINE"], kernel.constants["COARSE"]
    blocks = -(-lanes // held)
    with on_device_of(x):
        kernel.launch(
            (groups * blocks,),
            x=torch.view_as_real(x),
            y=torch.view_as_real(y),
            table=table_of(size, x.device),
            tables=tables_of(fine, coarse, x.device),
            **dict(lanes=lanes, blocks=blocks),
            **rest,
        )


@lru_cache
def table_of(size: int, device: torch.device) -> Tensor:
    """Return all roots of unity of a transform, on a device."""
    return torch.from_numpy(roots(size)).to(device)


@lru_cache
def tables_of(fine: int, coarse: int, device: torch.device) -> Tensor:
    """Return the roots of unity of an order, fine · coarse, in two tables on a device."""
    return torch.from_numpy(root_tables(fine * coarse, fine)).to(device)


def shipped() -> list[Configuration]:
    """Return launches that a user can get: the longest on chip, short ones, and four steps."""
    return [
        *(one_launch(size, inverse=False) for size in (16, 256, 1024, ON_CHIP)),
        one_launch(ON_CHIP, inverse=True),
        *two_launches(1 << 16, inverse=False),
        *two_launches(LONGEST, inverse=False),
    ]
