"""A butterfly whose blocks are learned: one wiring, free weights.

The FFT's network with every twiddle set free. Blocks that make it a known transform are in
`butterflies`; here they move.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor, nn

from ..arguments import as_array, as_boolean, as_choice, as_integer
from ..schedule import BenesSchedule, ButterflySchedule
from ..schedule.digits import bit_reversal
from ..tensors import check_real
from . import butterflies
from .butterflies import Wiring, meetings
from .checks import silence
from .inputs import check_numbers, working

AXES = "tokens", "last"
INITIAL = "random", "identity"


class LearnedButterfly(nn.Module):
    """A product of sparse factors on a butterfly's wiring, whose r × r blocks are free.

    y = Q B_L ⋯ B_2 B_1 P x. At stage s the members of each group of the schedule are multiplied by
    a block of their own. P and Q sort and are not learned; without being asked for they do nothing.
    N r numbers a stage: 2 N log2 N with radix 2, of which the product feels N (log2 N + 1), since
    what one stage scales the next can scale back.

    Args:
        size: number of places N, a power of two.
        schedule: the wiring, a `ButterflySchedule` or a `BenesSchedule`; None means a butterfly of
            this radix. Causal ones have lower triangular blocks.
        radix: how many meet at a time, a power of two, if no schedule is given.
        complex: whether blocks are complex. They are stored as two reals, so that `.double()` and
            every optimiser know what to do.
        axis: "tokens", x of shape (batch, N, channels), or "last", x of shape (..., N).
        heads: with tokens, in how many parts of equal size channels are cut, each with blocks of
            its own; divides the channels.
        init: "random", orthogonal (complex: unitary) blocks drawn at random, so that nothing grows
            or shrinks; where causal, rows of variance 1. Or "identity".
        order: which entry of x stands at each place before the first stage, a permutation; None
            means x's own.
        order_out: which place each entry of y is taken from after the last one.
        real_output: of complex blocks, whether y is the real part.
        dtype: of the numbers that are stored, real; None means PyTorch's default.

    Shapes:
        x: real or, with complex blocks, complex floating point, as `axis` says; halves are computed
            in float32.
        mask: bool (batch, N), with tokens alone, true for a real token. Masked tokens are zeros,
            before and after.
        returns the shape of x; real blocks: in its type.

    Raises:
        TypeError: if an argument is of another type, or x complex and the blocks real.
        ValueError: if a size, a shape or an option does not fit.

    Source: Dao et al. (2019), arXiv:1903.05895, who learn among few sortings too, which this does
    not; Beneš wirings: Dao et al. (2020), Kaleidoscope, arXiv:2012.14966.

    >>> layer = LearnedButterfly(8)
    >>> layer(torch.zeros(2, 8, 3)).shape, sum(block.numel() for block in layer.blocks)
    (torch.Size([2, 8, 3]), 48)
    """

    order: Tensor | None
    order_out: Tensor | None

    def __init__(
        self,
        size: int,
        *,
        schedule: Wiring | None = None,
        radix: int = 2,
        complex: bool = False,
        axis: str = "tokens",
        heads: int = 1,
        init: str = "random",
        order: ArrayLike | None = None,
        order_out: ArrayLike | None = None,
        real_output: bool = False,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        self.schedule = ButterflySchedule(size, radix=radix) if schedule is None else schedule
        self.meetings = meetings(self.schedule)
        if as_integer("size", size) != self.schedule.size:
            raise ValueError(
                f"size must be the schedule's, {self.schedule.size}; got {size}: "
                "make the schedule for that many"
            )
        self.size, self.heads = self.schedule.size, as_integer("heads", heads, least=1)
        self.axis, self.init = as_choice("axis", axis, AXES), as_choice("init", init, INITIAL)
        if self.axis == "last" and self.heads > 1:
            raise ValueError(f'heads cut channels, which axis="last" has none of; got {heads}')
        self.complex = as_boolean("complex", complex)
        self.real_output = as_boolean("real_output", real_output)
        for name, given in (("order", order), ("order_out", order_out)):
            self.register_buffer(name, _permutation(name, given, self.size))
        parts = (2,) if self.complex else ()
        shapes = ((self.heads, self.size // w, w, w, *parts) for _, w in self.meetings)
        self.blocks = nn.ParameterList(torch.empty(shape, dtype=dtype) for shape in shapes)
        self.reset_parameters()

    @torch.no_grad()
    def reset_parameters(self) -> None:
        """Draw the blocks anew, or set them to the identity."""
        for block in self.blocks:
            shape = block.shape[:4]
            if self.init == "identity":
                drawn = torch.eye(shape[-1], device=block.device).expand(shape)
            elif self.schedule.causal:
                rows = torch.arange(1, shape[-1] + 1, device=block.device)[:, None]
                drawn = self._drawn(block, shape) / rows.sqrt()
            else:
                drawn = torch.linalg.qr(self._drawn(block, shape)).Q
            block.copy_(self._stored(drawn))

    def _drawn(self, block: Tensor, shape: torch.Size) -> Tensor:
        kind = working(block.dtype)
        kind = torch.promote_types(kind, torch.complex64) if self.complex else kind
        return torch.randn(shape, dtype=kind, device=block.device)

    def _stored(self, block: Tensor) -> Tensor:
        if not self.complex:
            return block
        return torch.view_as_real(block.to(torch.promote_types(block.dtype, torch.complex64)))

    def stage_blocks(self) -> Iterator[Tensor]:
        """Yield the blocks of each stage, shape (heads, groups, width, width), complex if asked."""
        for block in self.blocks:
            block = block.to(working(block.dtype))
            if self.complex:
                block = torch.view_as_complex(block)
            yield block.tril() if self.schedule.causal else block

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return what the stages make of x; shapes as in the class."""
        self._check(x, mask)
        x = silence(x, mask)
        rows = x.reshape(-1, self.size, 1, 1)
        if self.axis == "tokens":
            rows = torch.unflatten(x, 2, (self.heads, -1))
        y = self._product(rows.to(working(x.dtype))).reshape(x.shape)
        y = silence(y, mask)
        return y if y.is_complex() or x.is_complex() else y.to(x.dtype)

    def _product(self, rows: Tensor) -> Tensor:
        """Return all stages of rows, shape (rows, size, heads, channels)."""
        if self.complex:
            rows = rows.to(torch.promote_types(rows.dtype, torch.complex64))
        if self.order is not None:
            rows = rows[:, self.order]
        for block, (stride, width) in zip(self.stage_blocks(), self.meetings, strict=True):
            met = torch.unflatten(rows, 1, (-1, width, stride))
            block = torch.unflatten(block.to(rows.dtype), 1, (-1, stride))
            rows = torch.einsum("hbkqp,zbpkhc->zbqkhc", block, met).flatten(1, 3)
        if self.order_out is not None:
            rows = rows[:, self.order_out]
        return rows.real if self.complex and self.real_output else rows

    def _check(self, x: Any, mask: Any) -> None:
        check_numbers("x", x)
        if x.is_complex() and not self.complex:
            raise TypeError(f"x must be real for real blocks; got {x.dtype}: use complex=True")
        tokens = self.axis == "tokens"
        if tokens and (x.dim() != 3 or x.shape[1] != self.size or x.shape[2] % self.heads):
            raise ValueError(
                f"x must have shape (batch, {self.size}, channels), channels a multiple of heads = "
                f"{self.heads}; got {tuple(x.shape)}: pad to {self.size} tokens, with a mask"
            )
        if not tokens and x.shape[-1:] != (self.size,):
            raise ValueError(f"x must have shape (..., {self.size}); got {tuple(x.shape)}")
        if not tokens and mask is not None:
            raise ValueError('a mask is of tokens: axis="last" has none')
        if tokens:
            check_real(mask, x.shape[0], self.size)

    def to_dense(self) -> Tensor:
        """Return the matrix that the layer multiplies by, shape (N, N), or (heads, N, N).

        With `real_output` its real part, which is all of it for real x.
        """
        first = next(iter(self.blocks), torch.empty(0))
        own = torch.eye(self.size, dtype=working(first.dtype), device=first.device)
        columns = own[None, :, None].expand(1, self.size, self.heads, self.size)
        dense = self._product(columns)[0].movedim(1, 0)
        return dense if self.heads > 1 else dense[0]

    def stage_factors(self) -> Tensor:
        """Return B_1 … B_L without sorting, shape (stages, heads, N, N); the first acts first."""
        found = []
        for stage, block in enumerate(self.stage_blocks()):
            group = torch.from_numpy(butterflies.places(self.schedule, stage)).to(block.device)
            dense = block.new_zeros(self.heads, self.size, self.size)
            dense[:, group[:, :, None], group[:, None, :]] = block
            found.append(dense)
        return torch.stack(found)

    @torch.no_grad()
    def set_blocks(self, blocks: Sequence[ArrayLike]) -> LearnedButterfly:
        """Take blocks, one array a stage, (groups, width, width) or with heads before; return self.

        Raises:
            TypeError: if they are complex and this layer's are real.
            ValueError: if their number or a shape does not fit.
        """
        if len(blocks) != len(self.blocks):
            raise ValueError(f"give blocks for {len(self.blocks)} stages; got {len(blocks)}")
        for own, given in zip(self.blocks, blocks, strict=True):
            block = torch.tensor(as_array("blocks", given))
            if block.is_complex() and not self.complex:
                raise TypeError("these blocks are complex: make the layer with complex=True")
            if block.shape not in (own.shape[1:4], own.shape[:4]):
                raise ValueError(
                    f"blocks must have shape {tuple(own.shape[1:4])}; got {tuple(block.shape)}"
                )
            own.copy_(self._stored(block).expand(own.shape))
        return self

    @classmethod
    def identity(cls, size: int, **options: Any) -> LearnedButterfly:
        """Return the layer as the identity; options as in the class."""
        return cls(size, init="identity", **options)

    @classmethod
    def hadamard(cls, size: int, *, radix: int = 2, **options: Any) -> LearnedButterfly:
        """Return the layer as `scipy.linalg.hadamard(size)`, which needs no sorting."""
        schedule = ButterflySchedule(size, radix=radix)
        layer = cls(size, schedule=schedule, **options)
        return layer.set_blocks(butterflies.hadamard_blocks(schedule))

    @classmethod
    def dft(
        cls,
        size: int,
        *,
        schedule: ButterflySchedule | None = None,
        radix: int = 2,
        inverse: bool = False,
        **options: Any,
    ) -> LearnedButterfly:
        """Return the layer as `scipy.linalg.dft(size)`, or its inverse.

        The blocks hold it but for the bit reversal, which is given as `order`, or, where strides
        fall, as `order_out`: no butterfly is both.

        >>> layer, x = LearnedButterfly.dft(8, radix=4, axis="last"), torch.randn(3, 8)
        >>> torch.allclose(layer(x), torch.fft.fft(x), atol=1e-5)
        True
        """
        schedule = ButterflySchedule(size, radix=radix) if schedule is None else schedule
        blocks = butterflies.dft_blocks(schedule, inverse)
        sort: dict[str, Any] = {
            "order_out" if schedule.decreasing else "order": schedule.bit_reversal()
        }
        return cls(size, schedule=schedule, complex=True, **sort, **options).set_blocks(blocks)

    @classmethod
    def dct(cls, size: int, *, radix: int = 2, **options: Any) -> LearnedButterfly:
        """Return the layer as the DCT-II, `scipy.fft.dct(x)`: the real part of complex blocks.

        Samples are sorted first, even ones before odd ones backwards, and then by reversed bits.
        """
        schedule = ButterflySchedule(size, radix=radix)
        blocks = butterflies.dct_blocks(schedule)
        order = butterflies.dct_order(schedule.size)
        options = {"real_output": True, **options}
        layer = cls(size, schedule=schedule, complex=True, order=order, **options)
        return layer.set_blocks(blocks)

    @classmethod
    def circulant(cls, c: ArrayLike, **options: Any) -> LearnedButterfly:
        """Return the layer as `scipy.linalg.circulant(c)`: F⁻¹ diag(F c) F on a Beneš wiring.

        One butterfly there and one back, the middle stages merged, sorted by reversed bits before
        and after. For real c the real part is all there is.
        """
        blocks = butterflies.circulant_blocks(c)
        size = np.size(c)
        options = {"real_output": not np.iscomplexobj(c), **options}
        sort: dict[str, Any] = {"order": bit_reversal(size), "order_out": bit_reversal(size)}
        schedule = BenesSchedule(size)
        return cls(size, schedule=schedule, complex=True, **sort, **options).set_blocks(blocks)

    def extra_repr(self) -> str:
        return (
            f"size={self.size}, schedule={self.schedule}, complex={self.complex}, "
            f"axis={self.axis!r}, heads={self.heads}"
        )


def _permutation(name: str, order: ArrayLike | None, size: int) -> Tensor | None:
    """Return an order as a tensor; refuse what does not hold each place once."""
    if order is None:
        return None
    places = as_array(name, order)
    each = np.array_equal(np.sort(places, axis=None), np.arange(size))
    if places.dtype.kind not in "iu" or not each:
        raise ValueError(f"{name} must hold each of 0 to {size - 1} once; got {order!r}")
    return torch.from_numpy(places.astype(np.int64))
