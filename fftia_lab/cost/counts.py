"""A cost: operations inside and outside of matrix products, numbers moved, numbers learned."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from ..arguments import as_integer, as_positive


@dataclass(frozen=True)
class Cost:
    """Operations, traffic and parameters of one forward pass; costs add up with +.

    Args:
        products: operations inside matrix products, two for each multiply-add.
        others: operations outside them.
        moved: numbers read from or written to memory if every step (a projection, a stage, dense
            attention, a filter) reads its input and weights once and writes its result once.
        parameters: numbers that are learned.

    Raises:
        TypeError: here and below, if a number is no integer, or a rate no number.
        ValueError: here and below, if a number is negative, or a rate not above 0.

    >>> linear(rows=10, inputs=4, outputs=3)
    Cost(products=240, others=0, moved=82, parameters=12)
    """

    products: int = 0
    others: int = 0
    moved: int = 0
    parameters: int = 0

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            object.__setattr__(self, name, as_integer(name, value, least=0))

    def __add__(self, other: Cost) -> Cost:
        if not isinstance(other, Cost):
            return NotImplemented
        return Cost(
            self.products + other.products,
            self.others + other.others,
            self.moved + other.moved,
            self.parameters + other.parameters,
        )

    @property
    def operations(self) -> int:
        """All operations."""
        return self.products + self.others

    def bytes(self, width: int = 4) -> int:
        """Return the bytes moved, for numbers of `width` bytes."""
        return self.moved * as_integer("width", width, least=1)

    def product_floor(self, operations_per_second: float) -> float:
        """Return the seconds that the matrix products alone need at a measured product rate."""
        return self.products / as_positive("operations_per_second", operations_per_second)

    def roofline(
        self, operations_per_second: float, bytes_per_second: float, width: int = 4
    ) -> float:
        """Return the slower of products and traffic, in seconds.

        Nothing is faster that takes these steps one by one through a memory of this bandwidth; what
        a cache keeps, or a fused kernel never sends, may be.
        """
        traffic = self.bytes(width) / as_positive("bytes_per_second", bytes_per_second)
        return max(self.product_floor(operations_per_second), traffic)


def as_counts(**values: int) -> list[int]:
    """Return whole numbers from 0 on, or say which is none.

    >>> as_counts(size=8, heads=2)
    [8, 2]
    """
    return [as_integer(name, value, least=0) for name, value in values.items()]


def linear(rows: int, inputs: int, outputs: int) -> Cost:
    """Return the cost of a matrix product with learned weights and no bias.

    rows·inputs·outputs multiply-adds.

    >>> linear(rows=1, inputs=2, outputs=5).products
    20
    """
    rows, inputs, outputs = as_counts(rows=rows, inputs=inputs, outputs=outputs)
    return Cost(
        products=2 * rows * inputs * outputs,
        moved=rows * (inputs + outputs) + inputs * outputs,
        parameters=inputs * outputs,
    )
