"""Products with a matrix of which only a sparse spectrum is kept; the matrix is never whole."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from ..circulant import circulant_matmul
from .tensor import SparseSpectralTensor

BLOCK = 512


def spectral_matmul(x: Tensor, w: SparseSpectralTensor, *, block_size: int = BLOCK) -> Tensor:
    """Return x W exactly, from the spectrum S of W: ifft(ifft(x) S), never holding W.

    The first transform goes along the inputs, the second along the outputs (orthonormal both). The
    product with S is done for a block of S at a time, as large as `block_size` columns of W. It
    takes as many operations as x W, and unpacking comes on top: memory is saved, not time.

    Gradients flow to x, and to `w.coefficients` if it requires them, of any order, and are streamed
    too. `x @ w` is the same.

    Args:
        x: floating point, shape (..., inputs).
        w: a matrix of shape (inputs, outputs).
        block_size: how many columns of W a block is as large as, at least 2.

    Returns:
        shape (..., outputs), dtype of x; summed in float32 at least, in float64 if x or the
        coefficients are.

    Raises:
        TypeError: if x is no floating point tensor, or w no sparse spectrum.
        ValueError: if w is no matrix, or x does not fit or lies elsewhere.

    Source: the convolution theorem, twice; FFT-Tensor (2025) published block streaming that cut the
    spectrum as if it were the matrix, which is another product.

    >>> import torch
    >>> from fftia_lab.mixing.sparse import sst
    >>> w, x = sst(torch.eye(6), sparsity=1.0), torch.arange(1.0, 7.0)
    >>> spectral_matmul(x, w).round(decimals=4)
    tensor([1., 2., 3., 4., 5., 6.])
    """
    if not isinstance(w, SparseSpectralTensor):
        raise TypeError(f"w must be a SparseSpectralTensor; got {type(w).__name__}: use sst(w)")
    return w.after(x, block_size)


class FrequencyMatMul:
    """The products of FFT-Tensor (2025) under their published names; not to be called."""

    @staticmethod
    def block_streaming_matmul(
        x: Tensor, w_sst: SparseSpectralTensor, block_size: int = 512
    ) -> Tensor:
        """Return x W exactly, with a block of W's spectrum at a time: `spectral_matmul`.

        Beyond x, its transform and the result, which is held in two layouts, the memory needed
        follows `block_size`: a slab has (inputs + 2) · block_size numbers.

        Raises:
            TypeError, ValueError: as `spectral_matmul`.

        >>> import torch
        >>> from fftia_lab.mixing.sparse import sst
        >>> w = sst(torch.eye(6), sparsity=1.0)
        >>> FrequencyMatMul.block_streaming_matmul(torch.ones(2, 6), w, block_size=2).shape
        torch.Size([2, 6])
        """
        return spectral_matmul(x, w_sst, block_size=block_size)

    @staticmethod
    def circulant_matmul(x: Tensor, c: Any) -> Tensor:
        """Return x times the circulant matrix of c, in O(n log n): `circulant.circulant_matmul`.

        Raises:
            TypeError: if c is a sparse spectrum: only circulants are diagonal in the DFT, and for
                other matrices there is `block_streaming_matmul`.
        """
        if isinstance(c, SparseSpectralTensor):
            raise TypeError(
                "c must be the first column of a circulant matrix; got a SparseSpectralTensor, "
                "whose matrix need not be one: use FrequencyMatMul.block_streaming_matmul"
            )
        return circulant_matmul(x, c)
