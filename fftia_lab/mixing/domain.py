"""Signals that know whether they are in time or in frequency, and refuse to be mixed up."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Self

import torch
from torch import Tensor

from ..arguments import as_integer


class DomainError(TypeError):
    """Two domains met in one operation, or a signal came where its domain has no meaning."""


class _Signal(ABC):
    """What both domains have: values, the axis of time or frequency, and arithmetic within."""

    domain: str
    values: Tensor
    length: int
    dim: int

    def __init__(self, values: Tensor, length: int, dim: int, stored: int) -> None:
        self.values, self.length, self.dim = values, length, dim
        if values.shape[dim] != stored:
            raise ValueError(
                f"a {self.domain} signal of {length} samples holds {stored} numbers along axis "
                f"{dim}; got shape {tuple(values.shape)}"
            )

    @abstractmethod
    def _like(self, values: Tensor) -> Self: ...

    def _other(self, other: Any, doing: str) -> Tensor:
        """Return the values of a signal of this domain and length.

        Raises:
            DomainError: naming the operation, if it is of the other domain, or of none.
            ValueError: if its length is another.
        """
        if not isinstance(other, _Signal):
            kind = type(other).__name__
            raise DomainError(
                f"cannot {doing} a {self.domain} signal and a {kind}, which has no domain: "
                f"make it a TimeSignal or a FrequencySignal first"
            )
        if other.domain != self.domain:
            raise DomainError(
                f"cannot {doing} a {self.domain} signal and a {other.domain} signal: "
                f"use to_{self.domain}() on the second, or to_{other.domain}() on the first"
            )
        if (other.length, other.dim) != (self.length, self.dim):
            raise ValueError(
                f"cannot {doing} signals of {self.length} samples along axis {self.dim} and of "
                f"{other.length} along axis {other.dim}"
            )
        return other.values

    def __add__(self, other: Self) -> Self:
        return self._like(self.values + self._other(other, "add"))

    def __sub__(self, other: Self) -> Self:
        return self._like(self.values - self._other(other, "subtract"))

    def __mul__(self, other: Self | float) -> Self:
        if isinstance(other, (int, float)):
            return self._like(self.values * other)
        return self._like(self.values * self._other(other, "multiply"))

    __rmul__ = __mul__

    def __truediv__(self, other: Self | float) -> Self:
        if isinstance(other, (int, float)):
            return self._like(self.values / other)
        return self._like(self.values / self._other(other, "divide"))

    # What stands on the left and is no signal has no domain; NumPy's arrays ask here as well.
    __array_ufunc__ = None

    def __radd__(self, other: Any) -> Self:
        return self._like(self._other(other, "add"))

    def __rsub__(self, other: Any) -> Self:
        return self._like(self._other(other, "subtract"))

    def __rtruediv__(self, other: Any) -> Self:
        return self._like(self._other(other, "divide"))

    def __neg__(self) -> Self:
        return self._like(-self.values)

    @classmethod
    def __torch_function__(
        cls,
        function: Callable[..., Any],
        types: Iterable[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """Refuse torch's own functions, naming the one that was called."""
        name = getattr(function, "__name__", str(function))
        raise DomainError(
            f"torch's {name} does not know domains; use + - * /, to_time(), to_frequency(), or "
            f"the tensor in .values"
        )

    def __repr__(self) -> str:
        shape = tuple(self.values.shape)
        return f"{type(self).__name__}(shape={shape}, length={self.length}, dim={self.dim})"


class TimeSignal(_Signal):
    """A real signal in time.

    Signals of one domain and length can be added, subtracted, multiplied and divided. The other
    domain, or a bare tensor, raises `DomainError` with the operation's name.

    Args:
        values: floating point, any shape.
        dim: the axis of time, counted from the end; -2 fits (batch, tokens, channels).

    Raises:
        TypeError: if the values are no tensor of real floating point.
        ValueError: if there is no such axis, or nothing along it.

    >>> signal = TimeSignal(torch.tensor([1.0, 2.0, 3.0]), dim=-1)
    >>> spectrum = signal.to_frequency()
    >>> spectrum.to_time().values
    tensor([1., 2., 3.])
    >>> signal + spectrum
    Traceback (most recent call last):
    fftia_lab.mixing.domain.DomainError: cannot add a time signal and a frequency signal: use \
to_time() on the second, or to_frequency() on the first
    """

    domain = "time"

    def __init__(self, values: Tensor, dim: int = -2) -> None:
        if not isinstance(values, Tensor) or not values.is_floating_point():
            kind = values.dtype if isinstance(values, Tensor) else type(values).__name__
            raise TypeError(f"a time signal holds a floating point tensor; got {kind}")
        dim = _axis(values, dim)
        super().__init__(values, values.shape[dim], dim, values.shape[dim])

    def _like(self, values: Tensor) -> TimeSignal:
        return TimeSignal(values, self.dim)

    def to_time(self) -> TimeSignal:
        """Return the signal itself."""
        return self

    def to_frequency(self) -> FrequencySignal:
        """Return its spectrum: bins 0 to ⌊n/2⌋ of the DFT, X[k] = Σ x[t] exp(-2πi kt/n)."""
        return FrequencySignal(torch.fft.rfft(self.values, dim=self.dim), self.length, self.dim)

    def energy(self) -> Tensor:
        """Return Σ x², a scalar.

        >>> TimeSignal(torch.tensor([3.0, 4.0]), dim=-1).energy()
        tensor(25.)
        """
        return self.values.square().sum()


class FrequencySignal(_Signal):
    """The spectrum of a real signal: the half that says all.

    Arithmetic as in `TimeSignal`; the product of two is a circular convolution in time.

    Args:
        values: complex, of any shape, n // 2 + 1 bins along the axis.
        length: the number n of samples in time, which the bins alone do not tell.
        dim: the axis of frequency, counted from the end.

    Raises:
        TypeError: if the values are no complex tensor.
        ValueError: if there is no such axis, or its bins are not those of n samples.

    >>> delay = FrequencySignal(torch.tensor([1, -1j, -1]), length=4, dim=-1)
    >>> (TimeSignal(torch.arange(1.0, 5), dim=-1).to_frequency() * delay).to_time().values
    tensor([4., 1., 2., 3.])
    """

    domain = "frequency"

    def __init__(self, values: Tensor, length: int, dim: int = -2) -> None:
        if not isinstance(values, Tensor) or not values.is_complex():
            kind = values.dtype if isinstance(values, Tensor) else type(values).__name__
            raise TypeError(f"a frequency signal holds a complex tensor; got {kind}")
        length = as_integer("length", length, least=1)
        super().__init__(values, length, _axis(values, dim), length // 2 + 1)

    def _like(self, values: Tensor) -> FrequencySignal:
        return FrequencySignal(values, self.length, self.dim)

    def to_frequency(self) -> FrequencySignal:
        """Return the signal itself."""
        return self

    def to_time(self) -> TimeSignal:
        """Return the real signal of this spectrum."""
        return TimeSignal(torch.fft.irfft(self.values, self.length, dim=self.dim), self.dim)

    def energy(self) -> Tensor:
        """Return Σ |X|²/n over all n bins, a scalar: by Parseval the energy in time.

        >>> TimeSignal(torch.tensor([3.0, 4.0]), dim=-1).to_frequency().energy()
        tensor(25.)
        """
        squares = self.values.abs().square().movedim(self.dim, -1)
        twice = squares[..., 1 : (self.length + 1) // 2]  # their conjugates are not stored
        return (squares.sum() + twice.sum()) / self.length


def _axis(values: Tensor, dim: int) -> int:
    """Return the axis counted from the end."""
    dim = as_integer("dim", dim)
    if not -values.dim() <= dim < values.dim() or not values.shape[dim]:
        raise ValueError(f"there is no axis {dim} with samples in shape {tuple(values.shape)}")
    return dim if dim < 0 else dim - values.dim()
