"""Rooflines: the least time of a cost on a device, which of two bounds sets it, where two cross.

Source: Williams, Waterman and Patterson (2009), Roofline, doi:10.1145/1498765.1498785.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from ..arguments import as_integer
from .counts import Cost

LENGTHS = tuple(1 << bits for bits in range(21))


class Roof(Protocol):
    """How fast a device can be: a datasheet (`devices.Device`) or a run (`devices.Measured`)."""

    def rate(self, width: int) -> float:
        """Return the operations a second of matrix products of numbers of `width` bytes."""
        ...

    def bandwidth_for(self, held: float) -> float:
        """Return the bytes a second that move where a step works on `held` bytes."""
        ...


@dataclass(frozen=True)
class Bound:
    """Two times, in seconds, of which no run can beat the longer.

    Args:
        products: what the matrix products take.
        memory: what the traffic takes.

    >>> Bound(products=2.0, memory=3.0).seconds, Bound(2.0, 3.0).by
    (3.0, 'memory')
    """

    products: float
    memory: float

    @property
    def seconds(self) -> float:
        """The longer of the two."""
        return max(self.products, self.memory)

    @property
    def by(self) -> str:
        """Which of the two sets the bound: "products" or "memory"."""
        return "memory" if self.memory > self.products else "products"


def bound(cost: Cost, roof: Roof, width: int = 4, held: float | None = None) -> Bound:
    """Return the least time of a cost on a device.

    products / rate, and moved · width / bandwidth.

    Args:
        cost: what is to be done.
        roof: a device.
        width: bytes of a number.
        held: bytes that one step works on, which a measured cache may serve faster than memory;
            None for more than any cache holds.

    Raises:
        TypeError: if the width is no integer.
        LookupError: if nobody measured or published products of this width.

    >>> from fftia_lab.cost import linear
    >>> from fftia_lab.devices import DEVICES
    >>> layer = linear(rows=4096, inputs=4096, outputs=4096)
    >>> found = bound(layer, DEVICES["H200"], width=2)
    >>> round(1e6 * found.products), round(1e6 * found.memory), found.by
    (139, 21, 'products')
    """
    width = as_integer("width", width, least=1)
    bandwidth = roof.bandwidth_for(float("inf") if held is None else held)
    return Bound(cost.products / roof.rate(width), cost.bytes(width) / bandwidth)


def crossover(
    one: Callable[[int], Cost],
    other: Callable[[int], Cost],
    least: Callable[[Cost], float],
    lengths: Sequence[int] = LENGTHS,
) -> int | None:
    """Return the smallest length from which on one mechanism costs less than another.

    The first of the lengths such that least(one(n)) < least(other(n)) there and at all that follow.

    Args:
        one, other: from a length to a cost.
        least: what is compared, such as a bound in seconds, operations, or bytes.
        lengths: the lengths that are looked at, rising; powers of two to 2²⁰ if left out.

    Returns:
        one of the lengths; None if it costs no less at the last.

    >>> from fftia_lab.cost import butterfly_layer, dense_layer
    >>> crossover(
    ...     lambda n: butterfly_layer(n, 256, 4, 64),
    ...     lambda n: dense_layer(n, 256, 4, 64),
    ...     lambda cost: cost.products,
    ... )
    64
    """
    found = None
    for length in reversed(lengths):
        if not least(one(length)) < least(other(length)):
            break
        found = length
    return found
