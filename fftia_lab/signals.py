"""The signals that the book transforms: one real, the others made to show one thing each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .arguments import as_integer

Reals = NDArray[np.float64]

SUNSPOTS_FILE = Path(__file__).parent / "data" / "sunspots.csv"


def sunspots(last: int = 256) -> tuple[NDArray[np.int64], Reals]:
    """Return years and yearly mean sunspot numbers, ending in 2008.

    Args:
        last: how many years, 1 to 256.

    Returns:
        years, int64 of shape (last,), and mean sunspot numbers, float64 of shape (last,).

    Raises:
        ValueError: if `last` is not in 1 to 256.

    Source: NOAA National Geophysical Data Center, series before the revision of 2015.

    >>> years, numbers = sunspots(4)
    >>> years, numbers
    (array([2005, 2006, 2007, 2008]), array([29.8, 15.2,  7.5,  2.9]))
    """
    if not 1 <= as_integer("last", last) <= 256:
        raise ValueError(f"the record holds 256 years; ask for 1 to 256, not {last}")
    table = np.loadtxt(SUNSPOTS_FILE, delimiter=",", skiprows=3)
    return table[-last:, 0].astype(np.int64), table[-last:, 1]


def _scaled_sunspots(size: int) -> Reals:
    numbers = sunspots(size)[1]
    return (numbers - numbers.mean()) / np.abs(numbers - numbers.mean()).max()


def _wave(size: int) -> Reals:
    return np.cos(2 * np.pi * np.arange(size) / size)


def _two_waves(size: int) -> Reals:
    time = np.arange(size) / size
    fast = max(size // 4, 1)
    return 0.6 * np.sin(2 * np.pi * time) + 0.4 * np.cos(2 * np.pi * fast * time)


def _click(size: int) -> Reals:
    return (np.arange(size) == 1).astype(float)


def _square(size: int) -> Reals:
    return np.where(np.arange(size) < size / 2, 0.8, -0.8)


def _ramp(size: int) -> Reals:
    return np.linspace(-0.9, 0.9, size)


PRESETS: dict[str, Callable[[int], Reals]] = {
    "sunspots": _scaled_sunspots,
    "one wave": _wave,
    "two waves": _two_waves,
    "click": _click,
    "square": _square,
    "ramp": _ramp,
}


def preset(name: str, size: int) -> Reals:
    """Return a named signal of `size` samples, all between -1 and 1.

    Args:
        name: one of PRESETS.
        size: number of samples, at least 2.

    Returns:
        float64 array of shape (size,).

    Raises:
        TypeError: if size is not an integer.
        ValueError: if the name is unknown, the size is below 2, or above 256 for the sunspots.

    >>> preset("click", 4)
    array([0., 1., 0., 0.])
    """
    if not isinstance(name, str) or name not in PRESETS:
        raise ValueError(f"unknown signal {name!r}; known: {', '.join(PRESETS)}")
    if as_integer("size", size) < 2:
        raise ValueError(f"a preset signal has at least 2 samples; got size={size}")
    return PRESETS[name](size)
