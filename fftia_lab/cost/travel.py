"""How often an FFT in place fetches its samples: into the cache, and from there into registers.

Left out are twiddles, the sorting of the result, and that a cache fetches neighbours together.
Notebook: 04-fast-on-real-machines.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import prod

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..arguments import as_choice, as_integer

ORDERS = ("pass", "depth", "grid")


@dataclass(frozen=True)
class Fetch:
    """A trip of every sample into the cache and back.

    Args:
        span: samples of the transforms that it belongs to.
        step: how far apart the samples are that are fetched together, from each to the next.
        passes: how many passes they go through before they are written back.
    """

    span: int
    step: int
    passes: int

    @property
    def count(self) -> int:
        """How many samples are fetched together."""
        return self.span // self.step


@dataclass(frozen=True)
class Trips:
    """The passes of an FFT, and its trips through memory.

    Args:
        size: samples.
        order: "pass", "depth" or "grid".
        passes: how many samples meet in a butterfly of each pass; each is a trip of every sample
            between cache and registers.
        fetches: trips between memory and cache.
    """

    size: int
    order: str
    passes: tuple[int, ...]
    fetches: tuple[Fetch, ...]

    @property
    def products(self) -> int:
        """Multiply-adds a sample, if each butterfly multiplies by its whole matrix."""
        return sum(self.passes)

    def bytes(self, width: int = 16) -> tuple[int, int]:
        """Return the bytes between memory and cache, and between cache and registers.

        2·size·width a trip, for it reads every sample and writes it.

        Args:
            width: bytes of a sample; 16 are a complex number in double precision.

        Raises:
            TypeError: if the width is no integer.
            ValueError: if it is below 1.

        >>> trips(1 << 20, radix=4).bytes()
        (335544320, 335544320)
        """
        trip = 2 * self.size * as_integer("width", width, least=1)
        return len(self.fetches) * trip, len(self.passes) * trip

    def moments(self, places: ArrayLike) -> NDArray[np.float64]:
        """Return when samples are fetched, in trips from the start; float64, (fetches, places).

        Args:
            places: integers from 0 to below the size, shape (places,).

        Raises:
            TypeError: if places are no integers.
            ValueError: if one lies outside of the samples.

        >>> trips(8, held=4).moments([0, 1, 4]).tolist()
        [[0.0, 0.25, 0.0], [1.0, 1.25, 1.5], [2.0, 2.0, 2.5]]
        """
        places = self._places(places)
        if self.order == "depth":
            return np.array(list(self._depth_first(places)))
        return np.array(
            [
                trip
                + (places // fetch.span * fetch.step + places % fetch.step)
                * fetch.count
                / self.size
                for trip, fetch in enumerate(self.fetches)
            ]
        )

    def _places(self, places: ArrayLike) -> NDArray[np.int64]:
        found = np.asarray(places)
        if found.dtype.kind not in "iu":
            raise TypeError(f"places must be integers; got {found.dtype}")
        if outside := found[(found < 0) | (found >= self.size)].tolist():
            raise ValueError(f"places must lie in 0 to {self.size - 1}; got {outside[0]}")
        return found.astype(np.int64)

    def _depth_first(self, places: NDArray[np.int64]) -> Iterator[NDArray[np.float64]]:
        start = np.zeros(places.shape)
        for trip, fetch in enumerate(self.fetches):
            yield (start + places % fetch.step * fetch.count) / self.size
            inside = fetch.step * (len(self.fetches) - trip - 1)  # fetched for each part
            start += fetch.span + places % fetch.span // fetch.step * inside


def trips(size: int, radix: int = 2, order: str = "pass", held: int = 1 << 16) -> Trips:
    """Return the trips of an FFT in place, its largest strides first.

    What fits into the cache is fetched once, whatever is done to it. Else "pass" takes every sample
    through one pass before the next one; "depth" finishes each part of a pass before the next part,
    as a recursion does; "grid" takes as many passes together as samples that meet only each other
    fit into the cache, as even as can be.

    A cache that drops what was used longest ago finds no sample of one trip again in the next one,
    or a few: fewer than it holds between two trips of "pass" and "grid".

    Args:
        size: samples, a power of two from 2.
        radix: how many samples meet in a butterfly, a power of two; the last pass takes what is
            left.
        order: "pass", "depth" or "grid".
        held: samples that the cache holds, at least the radix.

    Raises:
        TypeError: if a number is no integer.
        ValueError: if the size or radix is no power of two, the order is unknown, or the cache does
            not hold the samples of a butterfly.

    Source: Bailey (1990), doi:10.1007/BF00162341, for the grid; Frigo, Leiserson, Prokop and
    Ramachandran (1999), doi:10.1109/SFFCS.1999.814600, for what a recursion saves.

    >>> [len(trips(1 << 20, order=order).fetches) for order in ORDERS]
    [20, 5, 2]
    >>> trips(1 << 20, radix=16).products
    80
    """
    size, radix = _power("size", size), _power("radix", radix)
    order, held = as_choice("order", order, ORDERS), as_integer("held", held, least=radix)
    passes = _passes(size, radix)
    together = _together(passes, order, held)
    fetches, span = [], size
    for first, end in together:
        step = span // prod(passes[first:end])
        fetches.append(Fetch(span, step, end - first))
        span = step
    return Trips(size, order, passes, tuple(fetches))


def _power(name: str, value: int) -> int:
    value = as_integer(name, value, least=2)
    if value & (value - 1):
        raise ValueError(f"{name} must be a power of two; got {value}")
    return value


def _passes(size: int, radix: int) -> tuple[int, ...]:
    full, left = divmod(size.bit_length() - 1, radix.bit_length() - 1)
    return (radix,) * full + ((1 << left,) if left else ())


def _together(passes: tuple[int, ...], order: str, held: int) -> list[tuple[int, int]]:
    """Return the first pass of each trip and the one after its last."""
    count = len(passes)
    if prod(passes) <= held:
        return [(0, count)]
    if order == "pass":
        return [(number, number + 1) for number in range(count)]
    if order == "depth":
        alone = next(number for number in range(count) if prod(passes[number:]) <= held)
        return [*((number, number + 1) for number in range(alone)), (alone, count)]
    most = max(number for number in range(1, count) if prod(passes[:number]) <= held)
    parts = -(-count // most)
    ends = [-(-count * part // parts) for part in range(parts + 1)]
    return list(pairwise(ends))
