"""`SparseSpectralTensor`: an array, kept as the largest entries of its spectrum.

The exact product with a matrix kept so, which never holds the matrix, is in `product`.
"""

from __future__ import annotations

from os import PathLike
from typing import Any

import torch
from torch import Tensor

from ...arguments import as_integer
from .checks import (
    FLOATS,
    check_coefficients,
    check_data,
    check_float,
    check_product,
    check_right,
    check_scalar,
    check_shape,
    check_sparsity,
    check_spectrum,
)
from .files import load_parts, save_parts
from .header import Header
from .layout import Layout
from .memory import MemoryManager
from .streaming import BLOCK, Blocks, left_product, right_product, stream
from .support import Support

TOP = 15  # half precision ends at 2^16: coefficients that are scaled stay below 2^15


class SparseSpectralTensor:
    """A real array of 1 to 4 axes, kept as the largest entries of its spectrum.

    With M independent entries of the spectrum, max(1, round(sparsity · M)) are kept. A conjugate
    pair X[-k] = conj X[k] is one entry, written once; one that is its own conjugate is one, too.
    An array of N numbers has M ≈ N/2 entries. Those are kept that make the error the least:
    the largest |X|², counted twice for a pair (Parseval); of equal ones the first in the order of
    `Layout`. So the same data on the same machine always gives the same bytes.

    A number of bytes is kept: two numbers for each coefficient, a bit for each entry or the gaps
    between those kept, whichever is shorter, and a header. `nbytes` counts all of them.

    Args:
        data: floating point tensor of 1 to 4 axes; no gradient flows back to it.
        sparsity: the share of the entries to keep, above 0 and at most 1; with 1 all are kept.
        coefficients: torch.float64, float32, float16 or bfloat16, the dtype in which they are kept;
            None means that of the data. Where it is narrower than the spectrum they are scaled by a
            power of two, so that none overflows.
        device: where to compute and keep it; None means where the data is.

    Raises:
        TypeError: if data is no floating point tensor, or another argument no number or dtype.
        ValueError: if the data is empty, has other axes or holds nan or inf, or if sparsity is out
            of range.

    Source: published as FFT-Tensor (2025); there its ratio counts entries and no bytes, conjugates
    are kept twice, ties add entries, and sums are cut down again.

    >>> wave = torch.cos(2 * torch.pi * torch.arange(64.0) / 64)
    >>> compressed = SparseSpectralTensor(wave, sparsity=0.03)
    >>> compressed
    SparseSpectralTensor(shape=(64,), kept=1 of 33, coefficients=torch.float32, nbytes=57, 4.5x)
    >>> torch.allclose(compressed.to_spatial(), wave, atol=1e-6)
    True
    """

    coefficients: Tensor
    """shape (kept, 2): real and imaginary parts of the orthonormal spectrum, over 2^exponent."""
    support: Support
    """which entries are kept."""
    dtype: torch.dtype
    """of the array that was given and that `to_spatial` returns."""
    exponent: int
    """of the power of two by which coefficients are to be multiplied."""

    def __init__(
        self,
        data: Tensor,
        sparsity: float = 0.05,
        *,
        coefficients: torch.dtype | None = None,
        device: torch.device | str | None = None,
    ) -> None:
        checked = check_data(data).to(device)
        layout = Layout(tuple(checked.shape))
        kept = max(1, round(check_sparsity(sparsity) * layout.entries))
        precision = check_coefficients(coefficients, checked.dtype)
        entries, ranks = strongest(checked, layout, kept)
        self._keep(entries, ranks, layout, checked.dtype, precision)

    def _keep(
        self,
        entries: Tensor,
        ranks: Tensor,
        layout: Layout,
        dtype: torch.dtype,
        precision: torch.dtype,
    ) -> None:
        """Take entries, complex, with their ranks, and write them down."""
        parts = torch.view_as_real(check_spectrum(entries).resolve_conj())
        largest = float(parts.detach().abs().max()) if len(parts) else 0.0
        self.exponent = 0
        if torch.finfo(precision).max < torch.finfo(parts.dtype).max and largest:
            self.exponent = int(torch.frexp(torch.tensor(largest, dtype=torch.float64))[1]) - TOP
            parts = torch.ldexp(parts, torch.tensor(-self.exponent, device=parts.device))
        self.coefficients = parts.to(precision)
        self.support = Support.of(ranks, layout.entries)
        self.layout, self.dtype = layout, dtype
        MemoryManager.register(self)

    @classmethod
    def from_parts(cls, parts: dict[str, Tensor], *, register: bool = True) -> SparseSpectralTensor:
        """Return the tensor whose `parts()` these are.

        Raises:
            ValueError: if they do not belong together; the message says what does not fit.
        """
        found = cls.__new__(cls)
        header = Header.read(parts["header"])
        found.coefficients, found.exponent = parts["coefficients"], header.exponent
        found.layout, found.dtype = Layout(header.shape), FLOATS[header.dtype]
        found.support = Support(found.layout.entries, header.encoding, parts["code"])
        header.check(found.coefficients, found.support)
        if register:
            MemoryManager.register(found)
        return found

    def parts(self) -> dict[str, Tensor]:
        """Return the three tensors that are all that is kept: coefficients, code and header."""
        header = Header(
            encoding=self.support.encoding,
            kept=self.kept,
            exponent=self.exponent,
            dtype=FLOATS.index(self.dtype),
            shape=self.shape,
        )
        return {
            "coefficients": self.coefficients.detach(),
            "code": self.support.code,
            "header": header.written(),
        }

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the array."""
        return self.layout.shape

    @property
    def device(self) -> torch.device:
        """Where it is kept."""
        return self.coefficients.device

    @property
    def kept(self) -> int:
        """How many entries are kept."""
        return len(self.coefficients)

    @property
    def sparsity(self) -> float:
        """The share of the entries that are kept."""
        return self.kept / self.layout.entries

    @property
    def nbytes(self) -> int:
        """Every byte that is kept: coefficients, which they are, and the header."""
        return sum(part.nbytes for part in self.parts().values())

    def compress_ratio(self) -> float:
        """Return the bytes of the array over `nbytes`; below 1 the array is the smaller."""
        return self.layout.numbers * self.dtype.itemsize / self.nbytes

    def memory_mb(self) -> float:
        """Return `nbytes` in units of 2^20 bytes."""
        return self.nbytes / 2**20

    def entries(self) -> Tensor:
        """Return the kept entries of the orthonormal spectrum, complex, of shape (kept,)."""
        precision = torch.promote_types(self.coefficients.dtype, self.dtype)
        precision = torch.promote_types(precision, torch.float32)
        parts = self.coefficients.to(precision) * 2.0**self.exponent
        return torch.view_as_complex(parts)

    def half_spectrum(self) -> Tensor:
        """Return what `torch.fft.rfftn(array, norm="ortho")` would be, 0 where nothing is kept."""
        return self.layout.scatter(self.entries(), self.support.ranks())

    def to_spatial(self) -> Tensor:
        """Return the array, of `shape` and `dtype`; it is whole in memory then."""
        found = torch.fft.irfftn(self.half_spectrum(), s=self.shape, norm="ortho")
        return found.to(self.dtype)

    def to(self, device: torch.device | str) -> SparseSpectralTensor:
        """Return it on another device."""
        return self.from_parts({name: part.to(device) for name, part in self.parts().items()})

    def save(self, path: str | PathLike[str]) -> None:
        """Write it as a safetensors file, whole or not at all.

        Raises:
            OSError: if nothing can be written there; a file of that name stays as it was.
        """
        save_parts(self.parts(), path)

    @classmethod
    def load(
        cls, path: str | PathLike[str], device: torch.device | str = "cpu"
    ) -> SparseSpectralTensor:
        """Read what `save` wrote.

        Raises:
            FileNotFoundError: if there is no such file.
            ValueError: in one line, if it is cut short or something else.
        """
        return load_parts(path, device, cls.from_parts)

    def __add__(self, other: SparseSpectralTensor) -> SparseSpectralTensor:
        """Return the sum, exactly: every entry that either keeps, so that it may hold more."""
        if not isinstance(other, SparseSpectralTensor):
            return NotImplemented
        if (self.shape, self.device) != (other.shape, other.device):
            raise ValueError(
                "only arrays of one shape on one device can be added; got "
                f"{self.shape} on {self.device} and {other.shape} on {other.device}"
            )
        entries = torch.cat((self.entries(), other.entries()))
        both = torch.cat((self.support.ranks(), other.support.ranks()))
        ranks, places = torch.unique(both, return_inverse=True)
        total = entries.new_zeros(len(ranks)).index_add(0, places, entries)
        return self._like(
            total,
            ranks,
            torch.promote_types(self.dtype, other.dtype),
            torch.promote_types(self.coefficients.dtype, other.coefficients.dtype),
        )

    def __mul__(self, factor: Any) -> SparseSpectralTensor:
        """Return it times a real number."""
        if isinstance(factor, Tensor | SparseSpectralTensor):
            return NotImplemented
        scaled = self.entries() * check_scalar(factor)
        return self._like(scaled, self.support.ranks(), self.dtype, self.coefficients.dtype)

    __rmul__ = __mul__

    def __neg__(self) -> SparseSpectralTensor:
        return self * -1.0

    def __sub__(self, other: SparseSpectralTensor) -> SparseSpectralTensor:
        return NotImplemented if not isinstance(other, SparseSpectralTensor) else self + -other

    def _like(
        self, entries: Tensor, ranks: Tensor, dtype: torch.dtype, precision: torch.dtype
    ) -> SparseSpectralTensor:
        found = SparseSpectralTensor.__new__(SparseSpectralTensor)
        found._keep(entries, ranks, self.layout, dtype, precision)
        return found

    def after(self, x: Tensor, block_size: int = BLOCK) -> Tensor:
        """Return x times this matrix, streamed: `spectral_matmul` says how."""
        checked = check_product(x, self.shape, self.device)
        return stream(
            right_product, checked, self.coefficients, self.exponent, self._blocks(block_size)
        )

    def matmul(self, other: Tensor | SparseSpectralTensor, block_size: int = BLOCK) -> Tensor:
        """Return this matrix times another, a dense tensor, never holding this one.

        W B = (Bᵀ Wᵀ)ᵀ, and x Wᵀ is the adjoint of x W: the same slabs, from the other side. `w @ b`
        is the same.

        Args:
            other: shape (..., outputs, columns); a sparse spectrum is made an array first.
            block_size: as in `spectral_matmul`.

        Raises:
            TypeError, ValueError: as `spectral_matmul`.

        >>> SparseSpectralTensor(torch.eye(4), 1.0).matmul(torch.ones(4, 2)).shape
        torch.Size([4, 2])
        """
        right = other.to_spatial() if isinstance(other, SparseSpectralTensor) else other
        checked = check_right(right, self.shape, self.device).mT
        found = stream(
            left_product, checked, self.coefficients, self.exponent, self._blocks(block_size)
        )
        return found.mT

    def __matmul__(self, other: Tensor | SparseSpectralTensor) -> Tensor:
        return self.matmul(other)

    def __rmatmul__(self, x: Tensor) -> Tensor:
        return self.after(x)

    def _blocks(self, block_size: int) -> Blocks:
        return Blocks(self.layout, self.support, as_integer("block_size", block_size, least=2) // 2)

    def __repr__(self) -> str:
        return (
            f"SparseSpectralTensor(shape={self.shape}, kept={self.kept} of {self.layout.entries}, "
            f"coefficients={self.coefficients.dtype}, nbytes={self.nbytes}, "
            f"{self.compress_ratio():.1f}x)"
        )


def strongest(data: Tensor, layout: Layout, kept: int) -> tuple[Tensor, Tensor]:
    """Return the entries of the largest energy, so many of them, and their ranks, ascending.

    Of equal entries the first are taken. `topk` alone leaves open which, and a threshold alone
    lets in too many.
    """
    precise = data.to(torch.promote_types(data.dtype, torch.float32))
    entries, times = layout.gather(torch.fft.rfftn(precise, norm="ortho"))
    size = check_spectrum(entries).abs()
    energy = times * (size / size.max().clamp(min=torch.finfo(size.dtype).tiny)).square()
    least = energy.topk(kept).values[-1]
    above = energy > least
    equal = (energy == least).nonzero().flatten()
    above[equal[: kept - int(above.sum())]] = True
    ranks = above.nonzero().flatten()
    return entries[ranks], ranks


def sst(
    data: Tensor,
    sparsity: float = 0.05,
    *,
    coefficients: torch.dtype | None = None,
    device: torch.device | str | None = None,
) -> SparseSpectralTensor:
    """Return an array as the largest entries of its spectrum: `SparseSpectralTensor` of the same.

    White noise keeps a share s (1 - ln s) of its energy with a share s of its entries, so that its
    relative error is sqrt(1 - s (1 - ln s)): 0.69 at 0.2. What is smooth or periodic keeps more.

    Args:
        data, sparsity, coefficients, device: as of `SparseSpectralTensor`.

    Raises:
        TypeError, ValueError: as `SparseSpectralTensor`.

    >>> weights = torch.randn(256, 256, generator=torch.Generator().manual_seed(0))
    >>> compressed = sst(weights, sparsity=0.20)
    >>> error = torch.norm(compressed.to_spatial() - weights) / torch.norm(weights)
    >>> print(f"{compressed.compress_ratio():.2f} times smaller, relative error {error:.2f}")
    4.63 times smaller, relative error 0.69
    """
    return SparseSpectralTensor(data, sparsity, coefficients=coefficients, device=device)


def zeros_sst(
    shape: tuple[int, ...],
    *,
    dtype: torch.dtype = torch.float32,
    device: torch.device | str = "cpu",
) -> SparseSpectralTensor:
    """Return an array of zeros, of which no entry is kept: a header.

    >>> zeros_sst((4, 4)).kept
    0
    """
    check_shape(tuple(shape))
    like = check_float("dtype", torch.empty(0, dtype=dtype, device=device))
    found = SparseSpectralTensor.__new__(SparseSpectralTensor)
    precise = torch.promote_types(like.dtype, torch.float32).to_complex()
    nothing, ranks = like.to(precise), like.to(torch.int64)
    found._keep(nothing, ranks, Layout(tuple(shape)), dtype, dtype)
    return found


def randn_sst(
    shape: tuple[int, ...],
    sparsity: float = 0.05,
    *,
    generator: torch.Generator | None = None,
    dtype: torch.dtype = torch.float32,
    coefficients: torch.dtype | None = None,
    device: torch.device | str = "cpu",
) -> SparseSpectralTensor:
    """Return `sst` of normal numbers, drawn with the generator.

    >>> randn_sst((4, 4), 0.5).kept
    5
    """
    check_shape(tuple(shape))
    data = torch.randn(shape, generator=generator, dtype=dtype, device=device)
    return sst(data, sparsity, coefficients=coefficients)
