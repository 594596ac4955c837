"""A signal that a reader draws: its samples, in the state beside the signals that have names."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import traitlets
from numpy.typing import NDArray

Samples = NDArray[np.float64]


def fit_to_samples(values: dict[str, Any], sizes: tuple[int, ...]) -> None:
    """Let samples that are given say the signal and, if their number is possible, its size."""
    if "samples" in values:
        values.setdefault("signal", "drawn")
        samples = values["samples"]
        if isinstance(samples, list | tuple) and len(samples) in sizes:
            values.setdefault("n", len(samples))


def checked_samples(samples: list[float], signal: str, size: int) -> list[float]:
    """Return the samples of a signal that a reader draws; there are none for other signals.

    Raises:
        TraitError: if their number does not fit, or one lies outside -1 to 1.

    >>> checked_samples([0.5, -0.5], "drawn", 2)
    [0.5, -0.5]
    """
    wanted = size if signal == "drawn" else 0
    if len(samples) != wanted:
        raise traitlets.TraitError(
            f"samples must hold {wanted} values for signal={signal!r} and n={size}; "
            f"got {len(samples)}"
        )
    if not all(-1 <= sample <= 1 for sample in samples):
        raise traitlets.TraitError("samples must lie in -1 to 1; divide them by their maximum")
    return samples


def drawn_samples(
    state: SimpleNamespace, before: Callable[[], list[float]], size: int
) -> list[float]:
    """Return the samples of a drawn signal, at first those of the signal before it; else none."""
    if state.signal != "drawn":
        return []
    samples: list[float] = state.samples or before()
    if len(samples) == size:
        return samples
    places = np.linspace(0, 1, size), np.linspace(0, 1, len(samples))
    return [float(sample) for sample in np.interp(*places, samples)]
