"""Products with circulant and Toeplitz matrices by FFT, and a layer whose weight is circulant.

A circulant is diagonal in the DFT's basis, C = F⁻¹ diag(F c) F, so that a product costs
O(n log n) and n numbers hold it. Other matrices are refused: this is no product for them.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from ..arguments import as_boolean, as_choice, as_integer
from .inputs import check_numbers, check_reals, working
from .transforms import rfft

INITIAL = "uniform", "identity"


def circular_convolution(x: Tensor, c: Tensor, dim: int = -1) -> Tensor:
    """Return y_i = Σ_j c_{(i - j) mod n} x_j along an axis, in the type that x and c promote to.

    Both have n entries on that axis; the others broadcast.
    """
    kind = torch.promote_types(x.dtype, c.dtype)
    x, c, n = x.to(working(kind)), c.to(working(kind)), x.shape[dim]
    if n == 0:
        return (x * c).to(kind)
    if kind.is_complex:
        return torch.fft.ifft(torch.fft.fft(x, dim=dim) * torch.fft.fft(c, dim=dim), dim=dim)
    spectrum = rfft(x, n, dim % x.dim()) * rfft(c, n, dim % c.dim())
    return torch.fft.irfft(spectrum, n, dim=dim).to(kind)


def nearest_circulant(matrix: Tensor) -> Tensor:
    """Return the first column of the circulant that is nearest to a square matrix.

    c_k is the mean of the entries with (i - j) mod n = k, which makes the Frobenius norm of what is
    left over the least.

    Args:
        matrix: floating point or complex, shape (n, n).

    Returns:
        shape (n,), of the matrix's type.

    Raises:
        TypeError: if it is no such tensor.
        ValueError: if it is not square.

    Source: T. Chan (1988), doi:10.1137/0909051.

    >>> nearest_circulant(torch.tensor([[1.0, 2.0], [4.0, 3.0]]))
    tensor([2., 3.])
    """
    check_numbers("matrix", matrix)
    if matrix.dim() != 2 or matrix.shape[0] != matrix.shape[1]:
        raise ValueError(f"matrix must be square; got shape {tuple(matrix.shape)}")
    return _means(matrix, _wrapped(len(matrix), matrix.device), len(matrix))


def circulant_matmul(x: Tensor, c: Tensor) -> Tensor:
    """Return C x along the last axis for a circulant C, in O(n log n).

    y_i = Σ_j C_ij x_j with C_ij = c_{(i - j) mod n}: the circular convolution of c and x.

    Args:
        x: floating point or complex, shape (..., n).
        c: shape (n,), the first column of C, as in `scipy.linalg.circulant`; or C itself, shape
            (n, n), which is looked at and refused if it is not circulant.

    Returns:
        shape (..., n), of the type that x and c promote to; halves are computed in float32.

    Raises:
        TypeError: if one is no floating point or complex tensor.
        ValueError: if sizes differ, or a matrix is not circulant: the line names the share of its
            norm by which it misses the nearest one.

    >>> circulant_matmul(torch.tensor([1.0, 0.0, 0.0]), torch.tensor([1.0, 2.0, 3.0])).round()
    tensor([1., 2., 3.])
    """
    check_numbers("x", x)
    check_numbers("c", c)
    if c.dim() == 2 and c.shape[0] == c.shape[1]:
        column = nearest_circulant(c)
        _refuse_others(c, column[_wrapped(len(c), c.device)], "circulant", "(i - j) mod n")
        c = column
    if c.dim() != 1 or x.dim() == 0 or x.shape[-1] != len(c):
        raise ValueError(
            "c must have shape (n,), the first column, or (n, n), for x of shape (..., n); "
            f"got {tuple(c.shape)} for {tuple(x.shape)}"
        )
    return circular_convolution(x, c)


def toeplitz_matmul(x: Tensor, first_column: Tensor, first_row: Tensor | None = None) -> Tensor:
    """Return T x along the last axis for a Toeplitz T, in O(n log n).

    y_i = Σ_j T_ij x_j, where T_ij depends on i - j alone: T_i0 is the column, T_0j the row. T is a
    corner of a circulant of m + n rows.

    Args:
        x: floating point or complex, shape (..., n).
        first_column: shape (m,); or T itself, shape (m, n), which is looked at and refused if it is
            not Toeplitz.
        first_row: shape (n,), of which the first entry is not read; None means the column's
            conjugate, as in `scipy.linalg.toeplitz`.

    Returns:
        shape (..., m), of the type that all promote to; halves are computed in float32.

    Raises:
        TypeError: if one is no floating point or complex tensor.
        ValueError: if sizes do not fit, or a matrix is not Toeplitz.

    >>> column, row = torch.tensor([1.0, 2.0]), torch.tensor([1.0, 5.0, 0.0])
    >>> toeplitz_matmul(torch.tensor([1.0, 1.0, 1.0]), column, row).round()
    tensor([6., 8.])
    """
    check_numbers("x", x)
    check_numbers("first_column", first_column)
    if first_column.dim() == 2 and first_row is None:
        first_column, first_row = _toeplitz_parts(first_column)
    first_row = first_column.conj() if first_row is None else first_row
    check_numbers("first_row", first_row)
    if first_column.dim() != 1 or first_row.dim() != 1 or x.shape[-1:] != first_row.shape:
        raise ValueError(
            "first_column must have shape (m,) and first_row (n,) for x of shape (..., n); got "
            f"{tuple(first_column.shape)} and {tuple(first_row.shape)} for {tuple(x.shape)}"
        )
    rows, columns = len(first_column), len(first_row)
    around = torch.cat((first_column, first_row.new_zeros(1), first_row[1:].flip(0)))
    padded = nn.functional.pad(x, (0, rows + columns - x.shape[-1]))
    return circular_convolution(padded, around)[..., :rows]


def _wrapped(n: int, device: torch.device) -> Tensor:
    """Return (i - j) mod n, the number of the wrapped diagonal, shape (n, n)."""
    own = torch.arange(n, device=device)
    return (own[:, None] - own) % n


def _means(matrix: Tensor, number: Tensor, count: int) -> Tensor:
    """Return the mean of the entries that have each number."""
    flat, number = matrix.to(working(matrix.dtype)).flatten(), number.flatten()
    sums = flat.new_zeros(count).index_add(0, number, flat)
    members = torch.zeros_like(sums).index_add(0, number, torch.ones_like(flat))
    return (sums / members).to(matrix.dtype)


def _toeplitz_parts(matrix: Tensor) -> tuple[Tensor, Tensor]:
    rows, columns = matrix.shape
    own = torch.arange(max(rows, columns), device=matrix.device)
    number = own[:rows, None] - own[:columns] + columns - 1
    means = _means(matrix, number, rows + columns - 1)
    _refuse_others(matrix, means[number], "Toeplitz", "i - j")
    return means[columns - 1 :], means[:columns].flip(0)


def _refuse_others(matrix: Tensor, nearest: Tensor, kind: str, lag: str) -> None:
    """Refuse a matrix that is not the nearest of its kind, up to rounding."""
    norm = torch.linalg.vector_norm(matrix.detach())
    off = torch.linalg.vector_norm((matrix - nearest).detach()) / norm.clamp(min=1e-300)
    if not off <= 8 * torch.finfo(matrix.dtype).eps:
        raise ValueError(
            f"the matrix must be {kind}: entries must depend on {lag} alone; the nearest such "
            f"matrix misses {float(off):.3g} of its norm. Use x @ matrix.mT, which takes any matrix"
        )


class CirculantLinear(nn.Module):
    """A linear layer whose weight is made of circulant blocks: a k-th of the numbers.

    y = x Wᵀ + b, with W cut into k × k blocks, each held by its first column and multiplied through
    its spectrum: ŷ_p = Σ_q ŵ_pq x̂_q. p q k numbers instead of p q k², and
    O((in + out) log k + p q k) operations instead of O(p q k²).

    Args:
        in_features: length of the last axis of the input.
        out_features: length of that of the output.
        block_size: k; None means one circulant of the larger of both, of which the layer uses a
            corner. What does not fill a block is padded with zeros and cut off again.
        bias: whether to add one.
        init: "uniform", every weight as `torch.nn.Linear` draws it, or "identity", where the layer
            starts as the identity: its dense weight is `eye(out_features, in_features)`.

    Shapes:
        x: floating point (..., in_features); halves are computed in float32.
        returns (..., out_features).

    Raises:
        TypeError: if a size is no integer, or x no real floating point tensor.
        ValueError: if a size is below 1, or the shape of x does not fit.

    Source: Cheng et al. (2015), arXiv:1502.03436, one circulant, there after random signs, which
    are left out here; Ding et al. (2017), CirCNN, arXiv:1708.08917, circulant blocks.

    >>> layer = CirculantLinear(6, 4, block_size=2)
    >>> layer(torch.zeros(5, 6)).shape, layer.weight.numel()
    (torch.Size([5, 4]), 12)
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        block_size: int | None = None,
        bias: bool = True,
        *,
        init: str = "uniform",
    ) -> None:
        super().__init__()
        self.in_features = as_integer("in_features", in_features, least=1)
        self.out_features = as_integer("out_features", out_features, least=1)
        largest = max(self.in_features, self.out_features)
        given = largest if block_size is None else block_size
        self.block_size = as_integer("block_size", given, least=1)
        self.init = as_choice("init", init, INITIAL)
        self.blocks = tuple(-(-n // self.block_size) for n in (self.out_features, self.in_features))
        self.weight = nn.Parameter(torch.empty(*self.blocks, self.block_size))
        has_bias = as_boolean("bias", bias)
        self.bias = nn.Parameter(torch.empty(self.out_features)) if has_bias else None
        self.reset_parameters()

    @torch.no_grad()
    def reset_parameters(self) -> None:
        """Draw the weight anew, or set it to the identity; the bias likewise, or to 0."""
        bound = 1 / math.sqrt(self.in_features)
        if self.init == "identity":
            self.weight.zero_()
            self.weight[..., 0].fill_diagonal_(1)
            bound = 0.0
        else:
            self.weight.uniform_(-bound, bound)
        if self.bias is not None:
            self.bias.uniform_(-bound, bound)

    def forward(self, x: Tensor) -> Tensor:
        """Return what the layer makes of x; shapes as in the class."""
        check_reals("x", x)
        if x.shape[-1:] != (self.in_features,):
            raise ValueError(
                f"x must have shape (..., in_features) with in_features = {self.in_features}; "
                f"got {tuple(x.shape)}"
            )
        kind, k = working(torch.promote_types(x.dtype, self.weight.dtype)), self.block_size
        padded = nn.functional.pad(x, (0, self.blocks[1] * k - self.in_features))
        spectra = rfft(torch.unflatten(padded, -1, (self.blocks[1], k)).to(kind), k, x.dim())
        weights = rfft(self.weight.to(kind), k, 2)
        mixed = torch.einsum("...qf,pqf->...pf", spectra, weights)
        y = torch.fft.irfft(mixed, k).flatten(-2)[..., : self.out_features]
        y = y if self.bias is None else y + self.bias.to(kind)
        return y.to(x.dtype)

    def to_dense(self) -> Tensor:
        """Return W, shape (out_features, in_features): what `torch.nn.Linear` would hold."""
        rows = self.weight[..., _wrapped(self.block_size, self.weight.device)]
        whole = rows.transpose(1, 2).reshape(*(n * self.block_size for n in self.blocks))
        return whole[: self.out_features, : self.in_features]

    def extra_repr(self) -> str:
        return (
            f"in_features={self.in_features}, out_features={self.out_features}, "
            f"block_size={self.block_size}, bias={self.bias is not None}, init={self.init!r}"
        )
