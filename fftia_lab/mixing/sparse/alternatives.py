"""Other ways to keep a matrix in fewer bytes. Each returns all that is kept, and rebuilds from it.

What is kept is float32 unless it says otherwise; a shape is kept where the rest does not tell it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from ...arguments import as_choice, as_integer, as_reals
from .support import Support
from .tensor import TOP, SparseSpectralTensor, sst

Arrays = dict[str, NDArray[Any]]
Reals = NDArray[np.float64]


@dataclass(frozen=True)
class Stored:
    """A matrix as it is kept.

    Args:
        arrays: everything that is kept, by name.
        rebuild: from these arrays alone to the matrix.
    """

    arrays: Arrays
    rebuild: Callable[[Arrays], NDArray[Any]]

    @property
    def nbytes(self) -> int:
        """The bytes of all arrays."""
        return sum(array.nbytes for array in self.arrays.values())

    @property
    def matrix(self) -> Reals:
        """The matrix that is rebuilt, float64."""
        return self.rebuild(self.arrays).astype(np.float64)

    def error(self, matrix: ArrayLike) -> float:
        """Return the relative error in the Frobenius norm; of zeros the error itself."""
        wanted = as_matrix(matrix)
        size = np.linalg.norm(wanted) or 1.0
        return float(np.linalg.norm(self.matrix - wanted) / size)


def spectral(matrix: ArrayLike, sparsity: float, half: bool = False) -> Stored:
    """Keep the largest entries of the spectrum, in float32 or float16: `sst`.

    >>> spectral(np.ones((8, 8)), 0.03).error(np.ones((8, 8))) < 1e-6
    True
    """
    data = torch.from_numpy(as_matrix(matrix).astype(np.float32))
    parts = sst(data, sparsity, coefficients=torch.float16 if half else None).parts()
    return Stored({name: part.numpy() for name, part in parts.items()}, _of_spectrum)


def _of_spectrum(arrays: Arrays) -> NDArray[Any]:
    parts = {name: torch.from_numpy(array) for name, array in arrays.items()}
    return SparseSpectralTensor.from_parts(parts, register=False).to_spatial().numpy()


def halved(stored: Stored) -> Stored:
    """Keep the float32 arrays of something stored in float16, times a power of two for each.

    >>> halved(truncated_svd(1e6 * np.ones((3, 4)), 1)).matrix[0].round(-4)
    array([1000000., 1000000., 1000000., 1000000.])
    """
    single = [name for name, array in stored.arrays.items() if array.dtype == np.float32]
    sizes = [float(np.abs(stored.arrays[name]).max()) for name in single]
    exponents = (np.frexp(sizes)[1] - TOP).astype(np.int16)
    narrow = {
        name: np.ldexp(stored.arrays[name], -exponent).astype(np.float16)
        for name, exponent in zip(single, exponents, strict=True)
    }

    def rebuild(arrays: Arrays) -> NDArray[Any]:
        wide = {
            name: np.ldexp(arrays[name].astype(np.float32), exponent)
            for name, exponent in zip(single, arrays["exponents"], strict=True)
        }
        return stored.rebuild({name: wide.get(name, arrays[name]) for name in stored.arrays})

    return Stored({**stored.arrays, **narrow, "exponents": exponents}, rebuild)


def rounded(matrix: ArrayLike) -> Stored:
    """Keep every number in float16: what any other way of halving the bytes has to beat.

    >>> rounded([[1.0, 2.0]]).nbytes
    4
    """
    return Stored({"numbers": as_matrix(matrix).astype(np.float16)}, lambda kept: kept["numbers"])


def pruned(matrix: ArrayLike, share: float) -> Stored:
    """Keep the largest numbers themselves, with the bits or gaps that say where they are.

    Source: magnitude pruning; Han, Pool, Tran and Dally (2015), arXiv:1506.02626.

    >>> pruned([[1.0, -3.0], [0.5, 2.0]], 0.5).matrix
    array([[ 0., -3.],
           [ 0.,  2.]])
    """
    numbers = as_matrix(matrix)
    count = max(1, round(share * numbers.size))
    ranks = np.sort(np.argsort(-np.abs(numbers), axis=None, kind="stable")[:count])
    support = Support.of(torch.from_numpy(ranks), numbers.size)
    arrays = {
        "numbers": numbers.ravel()[ranks].astype(np.float32),
        "code": support.code.numpy(),
        "shape": np.array([support.encoding, *numbers.shape]),
    }
    return Stored(arrays, _of_pruned)


def _of_pruned(arrays: Arrays) -> NDArray[Any]:
    encoding, *shape = arrays["shape"].tolist()
    matrix = np.zeros(shape, np.float32)
    support = Support(matrix.size, encoding, torch.from_numpy(arrays["code"]))
    matrix.ravel()[support.ranks().numpy()] = arrays["numbers"]
    return matrix


def truncated_svd(matrix: ArrayLike, rank: int) -> Stored:
    """Keep two thin factors: no product of such has a smaller error (Eckart and Young, 1936).

    >>> truncated_svd(np.ones((3, 4)), 1).nbytes
    28
    """
    numbers = as_matrix(matrix)
    left, sizes, right = np.linalg.svd(numbers, full_matrices=False)
    kept = slice(as_integer("rank", rank, least=1))
    root = np.sqrt(sizes[kept])
    arrays = {"left": left[:, kept] * root, "right": root[:, None] * right[kept]}
    return Stored(_single(arrays), lambda kept: kept["left"] @ kept["right"])


def int8(matrix: ArrayLike, per: str = "row") -> Stored:
    """Keep every number as one of 255 steps from -largest to largest, of the matrix or of its row.

    >>> int8([[1.0, -127.0]]).matrix
    array([[   1., -127.]])
    """
    numbers = as_matrix(matrix)
    axis = {"row": 1, "tensor": None}[as_choice("per", per, ("row", "tensor"))]
    step = np.abs(numbers).max(axis=axis, keepdims=True) / 127
    steps = np.rint(numbers / np.where(step > 0, step, 1)).astype(np.int8)
    return Stored({"steps": steps, **_single({"step": step})}, lambda k: k["steps"] * k["step"])


def monarch(matrix: ArrayLike, rank: int = 1) -> Stored:
    """Keep two block-diagonal factors with a permutation between: the nearest, block by block.

    With rows (l, j) and columns (k, i) the block of every (j, k), over l and i, has this rank; its
    singular vectors are the nearest there are, and blocks do not overlap. Inner sizes are the
    divisors nearest to the square root.

    Source: Dao et al. (2022), Monarch, arXiv:2204.00595: the projection onto such matrices.

    >>> monarch(np.eye(16)).nbytes
    512
    """
    numbers = as_matrix(matrix)
    inner, outer = (_near_root(n) for n in numbers.shape)
    blocks = numbers.reshape(-1, inner, outer, numbers.shape[1] // outer).transpose(1, 2, 0, 3)
    left, sizes, right = np.linalg.svd(blocks, full_matrices=False)
    kept = slice(as_integer("rank", rank, least=1))
    root = np.sqrt(sizes[..., kept])
    arrays = {
        "left": left[..., kept] * root[..., None, :],
        "right": root[..., None] * right[:, :, kept],
    }
    return Stored(_single(arrays), _of_monarch)


def _of_monarch(arrays: Arrays) -> NDArray[Any]:
    blocks = (arrays["left"] @ arrays["right"]).transpose(2, 0, 1, 3)
    return blocks.reshape(blocks.shape[0] * blocks.shape[1], -1)


def butterfly(matrix: ArrayLike) -> Stored:
    """Keep log2 n factors with two entries a row, stride n/2 last: projected, not trained.

    From the last factor on: rows i and i + n/2 over one half of the columns are a rank-1 block of
    any butterfly; its singular vectors give two entries of the factor, and a row of one of two
    matrices of half the size, which are treated likewise. A butterfly is recovered exactly; for
    other matrices each step is the nearest, all together need not be.

    Source: Le, Zheng, Riccietti and Gribonval (2022), Fast Learning of Fast Transforms, with
    Guarantees: hierarchical factorisation, here along the unbalanced tree.

    Raises:
        ValueError: unless the matrix is square and its size a power of two.

    >>> butterfly([[1.0, 1.0], [1.0, -1.0]]).matrix
    array([[ 1.,  1.],
           [ 1., -1.]])
    """
    left = as_matrix(matrix)[None]
    n = left.shape[1]
    if left.shape != (1, n, n) or n & (n - 1) or n < 2:
        raise ValueError(f"a butterfly is square, of a power of two; got shape {left.shape[1:]}")
    factors = []
    while (n := left.shape[1]) > 2:
        halves = left.reshape(-1, 2, n // 2, 2, n // 2).transpose(0, 3, 2, 1, 4)
        column, sizes, row = np.linalg.svd(halves, full_matrices=False)
        root = np.sqrt(sizes[..., :1])
        factors.append((column[..., 0] * root).transpose(0, 2, 3, 1))
        left = (row[..., 0, :] * root).reshape(-1, n // 2, n // 2)
    factors.append(left[:, None])
    packed = {f"factor {place}": factor for place, factor in enumerate(factors)}
    return Stored(_single(packed), _of_butterfly)


def _of_butterfly(arrays: Arrays) -> NDArray[Any]:
    """Multiply up from the smallest; axes of a factor: group, i, half of rows, of columns."""
    *larger, smallest = arrays.values()
    matrix = smallest[:, 0]
    for factor in reversed(larger):
        pairs = matrix.reshape(len(factor), 2, *matrix.shape[1:])
        matrix = np.einsum("giab,gbic->gaibc", factor, pairs)
        matrix = matrix.reshape(len(factor), 2 * pairs.shape[2], -1)
    return matrix[0]


def corrected_int8(matrix: ArrayLike, rank: int) -> Stored:
    """Keep `int8` by row, and two thin factors for what it gets wrong.

    Source: Yao et al. (2023), ZeroQuant-V2, arXiv:2303.08302: low-rank compensation.

    >>> corrected_int8(np.eye(4), 1).nbytes
    64
    """
    base = int8(matrix)
    patch = truncated_svd(as_matrix(matrix) - base.matrix, rank)
    return Stored(
        {**base.arrays, **patch.arrays}, lambda kept: base.rebuild(kept) + patch.rebuild(kept)
    )


def _near_root(n: int) -> int:
    """Return the divisor of n that is nearest to its square root, not above."""
    return max(divisor for divisor in range(1, int(n**0.5) + 1) if n % divisor == 0)


def _single(arrays: Arrays) -> Arrays:
    return {name: array.astype(np.float32) for name, array in arrays.items()}


def as_matrix(matrix: ArrayLike) -> Reals:
    """Return a matrix, float64, of finite numbers.

    Raises:
        TypeError: if it holds something else than real numbers.
        ValueError: if it has other than two axes, or no numbers, or one is not finite.
    """
    numbers = as_reals("matrix", matrix)
    if numbers.ndim != 2 or not numbers.size:
        raise ValueError(
            f"matrix must have two axes of at least one number; got shape {numbers.shape}"
        )
    return numbers
