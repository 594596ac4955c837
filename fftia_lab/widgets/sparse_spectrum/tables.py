"""What SparseSpectrum compresses: signals, images and matrices of weights, made by Python."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...signals import PRESETS, preset, sunspots

SAMPLES, SIDE = 64, 32
DECIMALS = 3  # the last digits of exp and tanh differ between machines
RANDOM_SEED = 1
# Down, right, how wide, how high: in shares of the side.
BUMPS = (
    (0.35, 0.3, 0.13, 1),
    (0.62, 0.68, 0.1, 0.8),
    (0.25, 0.72, 0.08, 0.5),
    (0.75, 0.3, 0.07, 0.45),
)
LAYER_SEED, LAYER_STEPS, LAYER_RATE, LAYER_DECAY = 3, 800, 0.05, 5e-3

Floats = NDArray[np.float64]


def hills() -> Floats:
    """Return four Gaussian bumps on a plain, shape (SIDE, SIDE), 0 to about 1."""
    down, right = np.mgrid[:SIDE, :SIDE] / SIDE
    image = np.zeros((SIDE, SIDE))
    for y, x, wide, high in BUMPS:
        image += high * np.exp(-((down - y) ** 2 + (right - x) ** 2) / (2 * wide**2))
    return image


def shapes() -> Floats:
    """Return a disc, a box and a row of bars with hard edges, shape (SIDE, SIDE)."""
    down, right = np.mgrid[:SIDE, :SIDE]
    image = ((down - 10.5) ** 2 + (right - 10.5) ** 2 < 6.4**2).astype(float)
    image[4:15, 20:28] = 0.45
    image[19:28, 5:27] = 0.7 * (np.arange(22) // 3 % 2 == 0)
    return image


def toeplitz() -> Floats:
    """Return a matrix whose entry hangs on i - j alone: a wave of 9 places that fades out."""
    lag = np.subtract.outer(np.arange(SIDE), np.arange(SIDE))
    return np.exp(-np.abs(lag) / 8) * np.cos(2 * np.pi * lag / 9)


def trained() -> Floats:
    """Return the middle matrix of `layers`: units of a hidden layer have no order, nor has it."""
    return layers()[1]


def windows() -> tuple[Floats, Floats]:
    """Return all runs of SIDE years of sunspots, scaled, and the years after them as a column."""
    _, numbers = sunspots()
    numbers = (numbers - numbers.mean()) / numbers.std()
    return np.lib.stride_tricks.sliding_window_view(numbers, SIDE)[:-1], numbers[SIDE:, None]


@cache
def layers() -> list[Floats]:
    """Return the weights of a small network that foretells sunspots from the SIDE years before.

    Two layers of SIDE tanh units and a sum; gradient descent with momentum and weight decay, from
    random numbers.
    """
    rng, (given, goal) = np.random.default_rng(LAYER_SEED), windows()
    weights = [rng.normal(size=(SIDE, wide)) / SIDE**0.5 for wide in (SIDE, SIDE, 1)]
    speeds = [np.zeros_like(weight) for weight in weights]
    for _ in range(LAYER_STEPS):
        slopes = _slopes(weights, given, goal)
        for weight, speed, slope in zip(weights, speeds, slopes, strict=True):
            speed *= 0.9
            speed += slope + LAYER_DECAY * weight
            weight -= LAYER_RATE * speed
    return weights


def _slopes(weights: list[Floats], given: Floats, goal: Floats) -> tuple[Floats, ...]:
    """Return the gradient of half the mean squared error, a layer at a time."""
    first = np.tanh(given @ weights[0])
    second = np.tanh(first @ weights[1])
    off = (second @ weights[2] - goal) / len(goal)
    to_second = off @ weights[2].T * (1 - second**2)
    to_first = to_second @ weights[1].T * (1 - first**2)
    return given.T @ to_first, first.T @ to_second, second.T @ off


# Kind -> name -> (sentence of where it comes from, how it is made); signals are in `signals`.
MADE: dict[str, dict[str, tuple[str, Callable[[], Floats]]]] = {
    "image": {
        "hills": ("Four smooth bumps, made by a formula.", hills),
        "shapes": ("A disc, a box and bars with hard edges, made by a formula.", shapes),
    },
    "weights": {
        "random": (
            f"Independent normal numbers, seed {RANDOM_SEED}: white noise.",
            lambda: np.random.default_rng(RANDOM_SEED).normal(size=(SIDE, SIDE)),
        ),
        "toeplitz": ("Entry (i, j) hangs on i − j alone: a wave that fades out.", toeplitz),
        "trained": (
            "The middle layer of a small network, trained here to foretell sunspots from 32 years. "
            "One example, not all layers.",
            trained,
        ),
    },
}
SIGNAL_NOTES = {"sunspots": f"Yearly sunspot numbers, the last {SAMPLES} years to 2008, scaled."}


@cache
def spectrum_tables() -> dict[str, dict[str, Any]]:
    """Return kind -> name -> {"note", "shape", "values"}, the values row by row."""
    signals = {
        name: _table(SIGNAL_NOTES.get(name, "Made by a formula."), preset(name, SAMPLES)[None])
        for name in PRESETS
    }
    made = {
        kind: {name: _table(note, make()) for name, (note, make) in rows.items()}
        for kind, rows in MADE.items()
    }
    return {"signal": signals, **made}


def _table(note: str, values: Floats) -> dict[str, Any]:
    rounded = values.round(DECIMALS) + 0.0
    return {"note": note, "shape": list(values.shape), "values": rounded.ravel().tolist()}
