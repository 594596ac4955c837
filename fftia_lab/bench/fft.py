"""The suite "fft": every transform of the table against NumPy's, on one thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..implementations import REAL_TRANSFORMS, TRANSFORMS, Implementation
from .case import Case, Planned, too_long

SEED = 0
LIBRARIES = ()
POWERS_OF_TWO = tuple((1 << digits,) for digits in range(10, 21))
# A power of ten has small factors, the next prime has none.
OTHERS = (1000, 1009, 10_000, 10_007, 100_000, 100_003, 1_000_000, 1_000_003)

AFTERMATH = (1 << 10,)


@dataclass(frozen=True)
class Series:
    """Shapes at which the implementations of one table compete; the last axis is transformed."""

    name: str
    table: Mapping[str, Implementation]
    shapes: tuple[tuple[int, ...], ...]
    dtype: str = "complex128"


SERIES = (
    Series("single", TRANSFORMS, POWERS_OF_TWO),
    Series("batched", TRANSFORMS, ((256, 1 << 10), (64, 1 << 12), (16, 1 << 14))),
    Series("real", REAL_TRANSFORMS, POWERS_OF_TWO, "float64"),
    Series("other lengths", TRANSFORMS, tuple((size,) for size in OTHERS)),
)


def cases(quick: bool = False) -> Iterator[Planned]:
    """Yield what the suite measures; `quick` keeps three shapes a series and waits for nobody."""
    for series in SERIES:
        for shape in series.shapes[:7:3] if quick else series.shapes:
            patience = 1 / 4 if quick else 1
            yield Planned(series.name, shape, partial(_case, series, shape, patience))
    yield Planned("aftermath", AFTERMATH, partial(_aftermath, *AFTERMATH))


def _case(series: Series, shape: tuple[int, ...], patience: float) -> Case:
    """Return the contest at one shape; patience scales the longest signal of each contender."""
    size, x = shape[-1], _signal(shape, series.dtype)
    able = {
        name: one
        for name, one in series.table.items()
        if size & (size - 1) == 0 or not one.powers_of_two
    }
    longest = {name: one.longest and int(one.longest * patience) for name, one in able.items()}
    feasible = {name: one for name, one in able.items() if size <= (longest[name] or size)}
    oracle = next(iter(feasible.values()))
    numpys, baseline = oracle.load_oracle(), oracle.oracle.replace(":", ".")
    return Case(
        series=series.name,
        shape=shape,
        dtype=series.dtype,
        contenders={baseline: partial(numpys, x)}
        | {name: partial(one.load(), x) for name, one in feasible.items()},
        baseline=baseline,
        wanted=numpys(x),
        limit=_limit(size),
        skipped=too_long(series.name, shape, longest),
    )


def _aftermath(size: int) -> Case:
    """NumPy's transform alone, after a tiny complex product, and after an addition as well."""
    x = _signal((size,), "complex128")
    left, right, few = np.ones((2, 2), complex), np.ones((2, 8), complex), np.ones(64)

    def product() -> NDArray[Any]:
        left @ right
        return np.fft.fft(x)

    def product_and_sum() -> NDArray[Any]:
        left @ right
        few + few
        return np.fft.fft(x)

    contenders: dict[str, Callable[[], NDArray[Any]]] = {
        "numpy.fft.fft": partial(np.fft.fft, x),
        "product, numpy.fft.fft": product,
        "product, sum, numpy.fft.fft": product_and_sum,
    }
    return Case(
        series="aftermath",
        shape=(size,),
        dtype="complex128",
        contenders=contenders,
        baseline="numpy.fft.fft",
        wanted=np.fft.fft(x),
        limit=_limit(size),
    )


def _signal(shape: tuple[int, ...], dtype: str) -> NDArray[Any]:
    rng = np.random.default_rng(SEED)
    real = rng.normal(size=shape)
    return real if dtype == "float64" else real + 1j * rng.normal(size=shape)


def _limit(size: int) -> float:
    """The relative error that counts as right in double precision, as the tests have it."""
    return float(30 * np.finfo(np.float64).eps * np.log2(size))
