"""x W and W x from the spectrum of W, a block of its columns at a time.

With u = ifft(x) and S = fft2(W), x W = ifft(u S) (all orthonormal). x and W are real, so half of u
and half of the columns of S suffice. Written in real numbers, parts = (Re u, Im u) of shape
(tokens, 2P) times a slab of shape (2P, 2b) gives Re and Im of b columns of u S: as many operations
as x W, and no more memory for W than a slab. That the slab adds the entries of k and -k to one row
is what halves it.

The three products below are one bilinear form, each the derivative of another, so that gradients
of any order stream as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from .layout import Layout
from .support import Support

BLOCK = 512  # as large as so many columns of the matrix, unless another size is asked for
PIECE = 1 << 15  # so many entries are placed at a time, each by some ten whole numbers


@dataclass(frozen=True)
class Blocks:
    """A matrix's spectrum, cut into blocks of columns.

    Args:
        layout: of a matrix.
        support: which entries are kept.
        width: how many columns of the half spectrum a block has.
    """

    layout: Layout
    support: Support
    width: int

    @property
    def places(self) -> tuple[int, int]:
        """How many numbers a token has before and after the product with all slabs."""
        return 2 * (self.layout.rows // 2 + 1), 2 * self.layout.columns

    def walk(self) -> Iterator[Block]:
        """Yield the blocks, decoded one at a time."""
        columns = self.layout.columns
        edges = [*range(0, columns, self.width), columns]
        first = 0
        for edge, ranks in zip(
            edges, self.support.walk([self.layout.start(edge) for edge in edges]), strict=False
        ):
            width = min(self.width, columns - edge)
            yield Block(self.layout, ranks, slice(first, first + len(ranks)), edge, width)
            first += len(ranks)


@dataclass(frozen=True)
class Block:
    """Some neighbouring columns of the half spectrum.

    Args:
        layout: of the whole matrix.
        ranks: of the entries that are kept here.
        own: which of the coefficients they have.
        edge: the first column.
        width: how many columns.
    """

    layout: Layout
    ranks: Tensor
    own: slice
    edge: int
    width: int

    @property
    def outputs(self) -> slice:
        """Which numbers of the product the slab gives."""
        return slice(2 * self.edge, 2 * (self.edge + self.width))

    @property
    def shape(self) -> tuple[int, int]:
        """The shape of the slab."""
        return 2 * (self.layout.rows // 2 + 1), 2 * self.width

    def terms(self) -> Iterator[tuple[slice, int, Tensor, Tensor]]:
        """Yield what the slab adds up: which coefficients, which part, times what, at which place.

        An entry c at row k adds Re c, Im c, -Im c and Re c to the places of (Re u, Im u) and
        (Re, Im); one at -k, whose u is conjugate, the last two with the other sign. In a column
        that is its own mirror image the pair of both gives twice the real part; the imaginary
        part is none, and `irfft` does not look at it.
        """
        for first in range(0, len(self.ranks), PIECE):
            these = slice(first, first + PIECE)
            columns, rows = self.layout.locate(self.ranks[these])
            mirrored = self.layout.mirror(rows.device)[rows]
            folded = self.layout.is_folded(columns)
            sign = torch.where(rows <= mirrored, 1, -1).to(torch.int8)
            times = 1 + (folded & (rows != mirrored)).to(torch.int8)
            upper = torch.minimum(rows, mirrored) * self.shape[1] + 2 * (columns - self.edge)
            lower = upper + self.shape[0] // 2 * self.shape[1]
            yield these, 0, times, upper
            yield these, 1, -sign * times, lower
            yield these, 1, times, upper + 1
            yield these, 0, sign * times, lower + 1

    def slab(self, coefficients: Tensor, precision: torch.dtype) -> Tensor:
        """Return the slab."""
        flat = coefficients.new_zeros(self.shape[0] * self.shape[1], dtype=precision)
        own = coefficients[self.own]
        for these, part, factor, place in self.terms():
            flat.index_add_(0, place, own[these, part].to(precision) * factor)
        return flat.reshape(self.shape)

    def gather(self, slab: Tensor) -> Tensor:
        """Return for each coefficient what the slab holds where it is added: the adjoint."""
        flat = slab.flatten()
        found = flat.new_zeros(len(self.ranks), 2)
        for these, part, factor, place in self.terms():
            found[these, part] += flat[place] * factor
        return found


class _Bilinear(torch.autograd.Function):
    """A product of two tensors over the blocks."""

    generate_vmap_rule = True

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
        *pair, ctx.blocks = inputs
        ctx.save_for_backward(*pair)
        ctx.save_for_forward(*pair)


class Product(_Bilinear):
    """parts (tokens, 2P) and coefficients (kept, 2) to the spectrum of x W, (tokens, 2C)."""

    @staticmethod
    def forward(parts: Tensor, coefficients: Tensor, blocks: Blocks) -> Tensor:
        return torch.cat(
            [parts @ block.slab(coefficients, parts.dtype) for block in blocks.walk()], 1
        )

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        parts, coefficients = ctx.saved_tensors
        return (
            transposed(gradient, coefficients, ctx.blocks) if ctx.needs_input_grad[0] else None,
            correlation(parts, gradient, ctx.blocks) if ctx.needs_input_grad[1] else None,
            None,
        )

    @staticmethod
    def jvp(ctx: Any, parts: Tensor | None, coefficients: Tensor | None, _: None) -> Tensor:
        return _tangent(product, ctx, parts, coefficients)


class Transposed(_Bilinear):
    """A spectrum (tokens, 2C) and coefficients back to parts: what W transposed does."""

    @staticmethod
    def forward(spectrum: Tensor, coefficients: Tensor, blocks: Blocks) -> Tensor:
        found = spectrum.new_zeros(len(spectrum), blocks.places[0])
        for block in blocks.walk():
            slab = block.slab(coefficients, spectrum.dtype)
            found = found + spectrum[:, block.outputs] @ slab.T
        return found

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        spectrum, coefficients = ctx.saved_tensors
        return (
            product(gradient, coefficients, ctx.blocks) if ctx.needs_input_grad[0] else None,
            correlation(gradient, spectrum, ctx.blocks) if ctx.needs_input_grad[1] else None,
            None,
        )

    @staticmethod
    def jvp(ctx: Any, spectrum: Tensor | None, coefficients: Tensor | None, _: None) -> Tensor:
        return _tangent(transposed, ctx, spectrum, coefficients)


class Correlation(_Bilinear):
    """parts and a spectrum to coefficients: how much each would add to their agreement."""

    @staticmethod
    def forward(parts: Tensor, spectrum: Tensor, blocks: Blocks) -> Tensor:
        return torch.cat(
            [block.gather(parts.T @ spectrum[:, block.outputs]) for block in blocks.walk()]
        )

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        parts, spectrum = ctx.saved_tensors
        return (
            transposed(spectrum, gradient, ctx.blocks) if ctx.needs_input_grad[0] else None,
            product(parts, gradient, ctx.blocks) if ctx.needs_input_grad[1] else None,
            None,
        )

    @staticmethod
    def jvp(ctx: Any, parts: Tensor | None, spectrum: Tensor | None, _: None) -> Tensor:
        return _tangent(correlation, ctx, parts, spectrum)


def product(parts: Tensor, coefficients: Tensor, blocks: Blocks) -> Tensor:
    """Return `Product` of these."""
    return Product.apply(parts, coefficients, blocks)  # type: ignore[no-untyped-call]


def transposed(spectrum: Tensor, coefficients: Tensor, blocks: Blocks) -> Tensor:
    """Return `Transposed` of these."""
    return Transposed.apply(spectrum, coefficients, blocks)  # type: ignore[no-untyped-call]


def correlation(parts: Tensor, spectrum: Tensor, blocks: Blocks) -> Tensor:
    """Return `Correlation` of these."""
    return Correlation.apply(parts, spectrum, blocks)  # type: ignore[no-untyped-call]


def _tangent(form: Any, ctx: Any, first: Tensor | None, second: Tensor | None) -> Tensor:
    """Return the derivative of a bilinear form along two tangents, of which one may be None."""
    one, other = ctx.saved_tensors
    along = [form(first, other, ctx.blocks)] if first is not None else []
    along += [form(one, second, ctx.blocks)] if second is not None else []
    return sum(along[1:], along[0])


def right_product(x: Tensor, coefficients: Tensor, blocks: Blocks) -> Tensor:
    """Return x W for x of shape (..., inputs) in the precision of the coefficients."""
    inputs, outputs = blocks.layout.shape
    if not x.numel():  # which transforms refuse
        return x[..., :1].expand(*x.shape[:-1], outputs)
    u = torch.fft.rfft(x.reshape(-1, inputs), norm="ortho")
    found = product(torch.cat((u.real, -u.imag), 1), coefficients, blocks)
    pairs = torch.view_as_complex(found.reshape(len(found), -1, 2).contiguous())
    return torch.fft.irfft(pairs, n=outputs, norm="ortho").reshape(*x.shape[:-1], outputs)


def left_product(x: Tensor, coefficients: Tensor, blocks: Blocks) -> Tensor:
    """Return x Wᵀ for x of shape (..., outputs): the adjoint of `right_product`."""
    inputs, outputs = blocks.layout.shape
    if not x.numel():
        return x[..., :1].expand(*x.shape[:-1], inputs)
    spectrum = torch.fft.rfft(x.reshape(-1, outputs), norm="ortho") * _times(outputs, x)
    found = transposed(torch.view_as_real(spectrum).flatten(1), coefficients, blocks)
    real, imaginary = found.chunk(2, 1)
    u = torch.complex(real, -imaginary) / _times(inputs, x)
    return torch.fft.irfft(u, n=inputs, norm="ortho").reshape(*x.shape[:-1], inputs)


def stream(
    form: Callable[[Tensor, Tensor, Blocks], Tensor],
    x: Tensor,
    coefficients: Tensor,
    exponent: int,
    blocks: Blocks,
) -> Tensor:
    """Return `right_product` or `left_product` in the dtype of x, computed in float32 at least."""
    precision = torch.promote_types(x.dtype, coefficients.dtype)
    precision = torch.promote_types(precision, torch.float32)
    found = form(x.to(precision), coefficients, blocks)
    return (found * 2.0**exponent).to(x.dtype)


def _times(n: int, like: Tensor) -> Tensor:
    """Return how often each frequency of a half spectrum of n samples occurs in the whole."""
    times = like.new_full((n // 2 + 1,), 2)
    times[:1] = 1
    if n % 2 == 0:
        times[-1:] = 1
    return times
