"""Sparse spectra by definition, in NumPy and float64: what the PyTorch forms must agree with.

Uses the whole complex spectrum, `np.fft.fftn`, and pairs every entry with its mirror image.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ...arguments import as_reals

Booleans = NDArray[np.bool_]
Reals = NDArray[np.float64]


def mirror(shape: tuple[int, ...]) -> NDArray[np.int64]:
    """Return the flat index of -k for every k of a whole spectrum.

    >>> mirror((4,))
    array([0, 3, 2, 1])
    """
    places = np.indices(shape).reshape(len(shape), -1)
    return np.ravel_multi_index(
        tuple(-place % n for place, n in zip(places, shape, strict=True)), shape
    )


def independent(shape: tuple[int, ...]) -> NDArray[np.int64]:
    """Return one flat index for each conjugate pair of a whole spectrum, in the order of `Layout`.

    Of a pair it is the one in the half spectrum of `rfftn`, and if both are, the first of the two.

    >>> independent((2, 3))
    array([0, 3, 1, 4])
    """
    place = np.arange(np.prod(shape))
    last, others = place % shape[-1], place // shape[-1]
    order = np.lexsort((others, last))
    rank = np.empty_like(order)
    rank[order] = place
    return order[rank[order] <= rank[mirror(shape)[order]]]


def kept(data: ArrayLike, sparsity: float) -> Booleans:
    """Return which entries of the whole spectrum are kept: round(sparsity · M) of M pairs.

    Args:
        data: real numbers, any number of axes.
        sparsity: the share of pairs to keep.

    Returns:
        bool, of the shape of the data; with an entry its mirror image is kept.

    >>> kept([1.0, 0.0, -1.0, 0.0], 0.34)
    array([False,  True, False,  True])
    """
    array = as_reals("data", data)
    size = np.abs(np.fft.fftn(array)).ravel()
    pairs, images = independent(array.shape), mirror(array.shape)
    energy = size[pairs] ** 2 * np.where(images[pairs] == pairs, 1, 2)
    count = max(1, round(sparsity * len(pairs)))
    chosen = pairs[np.argsort(-energy, kind="stable")[:count]]
    mask = np.zeros(array.size, bool)
    mask[chosen] = mask[images[chosen]] = True
    return mask.reshape(array.shape)


def approximation(data: ArrayLike, sparsity: float) -> Reals:
    """Return the array of which only the largest entries of the spectrum are left.

    >>> approximation([1.0, 2.0, 1.0, 0.0], 0.34) + 0.0
    array([1., 1., 1., 1.])
    """
    array = as_reals("data", data)
    spectrum = np.where(kept(array, sparsity), np.fft.fftn(array), 0)
    return np.fft.ifftn(spectrum).real


def spectral_matmul(x: ArrayLike, spectrum: ArrayLike) -> Reals:
    """Return x W from the whole spectrum S = fft2(W): ifft(ifft(x) S).

    >>> spectral_matmul([1.0, 2.0], np.fft.fft2([[0, 1], [1, 0]]))
    array([2., 1.])
    """
    inner = np.fft.ifft(as_reals("x", x), axis=-1) @ np.asarray(spectrum)
    return np.fft.ifft(inner, axis=-1).real


def noise_error(share: float) -> float:
    """Return the relative error of white noise of which a share s of the spectrum is kept.

    sqrt(1 - s (1 - ln s)): the energies of its entries are exponentially distributed.

    >>> round(noise_error(0.2), 3)
    0.691
    """
    return float(np.sqrt(1 - share * (1 - np.log(share))))
