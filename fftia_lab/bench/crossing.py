"""The suite "crossing": from which size on the recursion beats the definition, on one thread.

The definition is a product with its matrix, which is made beforehand and read by a plain loop:
`F @ x` would be a library's product, with tricks of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..transform import dft_matrix, fft_recursive
from .case import Case, Planned

SEED = 0
LIBRARIES = ()
SIZES = tuple(1 << digits for digits in range(3, 13))
DEFINITION, RECURSION = "F x", "fft_recursive"


def cases(quick: bool = False) -> Iterator[Planned]:
    """Yield what the suite measures; `quick` keeps every third size."""
    for size in SIZES[::3] if quick else SIZES:
        yield Planned("definition", (size,), partial(_case, size))


def product(F: NDArray[Any], x: NDArray[Any]) -> NDArray[Any]:
    """Return F x by a plain loop on one core."""
    return np.einsum("kj,j->k", F, x)


def _case(size: int) -> Case:
    rng = np.random.default_rng(SEED)
    x = rng.normal(size=size) + 1j * rng.normal(size=size)
    return Case(
        series="definition",
        shape=(size,),
        dtype="complex128",
        contenders={
            DEFINITION: partial(product, dft_matrix(size), x),
            RECURSION: partial(fft_recursive, x),
        },
        baseline=DEFINITION,
        wanted=np.fft.fft(x),
        limit=float(1000 * np.finfo(np.float64).eps * np.log2(size)),
    )
