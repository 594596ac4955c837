"""Matrices to compress: noise, trained weights, and what has structure. All are repeatable."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from ...arguments import as_integer
from ...signals import sunspots

Reals = NDArray[np.float64]
HIDDEN = 96  # years that the trained network reads, and units that it has


def noise(n: int = 128) -> Reals:
    """Return independent normal numbers, shape (n, n): as weights are before training."""
    return np.random.default_rng(0).normal(size=(_size(n), n))


def toeplitz(n: int = 128) -> Reals:
    """Return a Toeplitz matrix of a random kernel that dies away: T[i, j] = t[i - j].

    Its spectrum lies near one diagonal, and on it were the matrix circulant.
    """
    lags = np.arange(1 - _size(n), n)
    kernel = np.random.default_rng(1).normal(size=len(lags)) * 0.9 ** np.abs(lags)
    return kernel[np.subtract.outer(np.arange(n), np.arange(n)) + n - 1]


def circulant(n: int = 128) -> Reals:
    """Return a circulant matrix of a random kernel, C[i, j] = c[(i - j) mod n]: its spectrum is 0
    but for one entry in every row."""
    kernel = np.random.default_rng(2).normal(size=_size(n))
    return kernel[np.subtract.outer(np.arange(n), np.arange(n)) % n]


def smooth(n: int = 128) -> Reals:
    """Return a Gaussian of the distance between places, on two grids from 0 to 1."""
    places = np.linspace(0, 1, _size(n))
    return np.exp(-4 * np.subtract.outer(places, places) ** 2)


def positional(n: int = 128) -> Reals:
    """Return sinusoidal positions, shape (n, n): sines and cosines of places, ever slower.

    Source: Vaswani et al. (2017), section 3.5.
    """
    rates = 10000.0 ** -(np.arange(0, _size(n), 2) / n)
    angles = np.outer(np.arange(n), rates)
    return np.stack((np.sin(angles), np.cos(angles)), 2).reshape(n, -1)[:, :n]


def picture(n: int = 128) -> Reals:
    """Return a synthetic picture: dead leaves, discs that cover each other, of every size.

    Radii are drawn from a density of 1 / r³, which gives edges and a spectrum near those of
    photographs. It is none.

    Source: Lee, Mumford and Huang (2001), doi:10.1023/A:1011109015675.
    """
    rng = np.random.default_rng(3)
    height, width = np.indices((_size(n), n))
    found = np.zeros((n, n))
    smallest, largest = 1.5 / n, 0.3
    for _ in range(1500):
        share = rng.random()
        radius = n / np.sqrt(share / smallest**2 + (1 - share) / largest**2)
        x, y, grey = *rng.uniform(0, n, 2), rng.random()
        found[(height - x) ** 2 + (width - y) ** 2 < radius**2] = grey
    return found


def trained(decay: float = 3.0, steps: int = 500) -> tuple[Reals, Reals]:
    """Return two weights, 96 × 96, of a network that learned to continue the sunspot numbers.

    It reads 96 years and tells the next: 96 tanh units read them, 96 more read those. Trained here
    in about a second by 500 steps of AdamW on 160 windows of the record, from a fixed seed. Little
    decay leaves the weights near the noise that they began as; much leaves only what the task
    needs, a few directions, which an SVD finds.

    Args:
        decay: AdamW's weight decay.
        steps: how many; 0 for the weights that it begins with.

    Returns:
        the weight that reads the years, shape (units, years), and the one that reads the units.
    """
    numbers = torch.tensor(sunspots(256)[1] / 100, dtype=torch.float32)
    windows = numbers.unfold(0, HIDDEN + 1, 1)
    model = _network(torch.Generator().manual_seed(0))
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=decay)
    for _ in range(as_integer("steps", steps, least=0)):
        loss = (model(windows[:, :-1])[:, 0] - windows[:, -1]).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    first, second = (model.get_parameter(f"{place}.weight").detach() for place in (0, 2))
    return first.double().numpy(), second.double().numpy()


def _network(generator: torch.Generator) -> nn.Sequential:
    layers = [nn.Linear(HIDDEN, HIDDEN), nn.Linear(HIDDEN, HIDDEN), nn.Linear(HIDDEN, 1)]
    with torch.no_grad():
        for layer in layers:
            layer.weight.normal_(0, HIDDEN**-0.5, generator=generator)
            layer.bias.zero_()
    return nn.Sequential(layers[0], nn.Tanh(), layers[1], nn.Tanh(), layers[2])


def examples(n: int = 128) -> dict[str, Reals]:
    """Return all of them by name; those of n rows and columns, and the trained of 96."""
    reads, hidden = trained()
    return {
        "noise": noise(n),
        "trained, little decay": trained(decay=0.1)[1],
        "trained, much decay": hidden,
        "trained, reads a signal": reads,
        "Toeplitz": toeplitz(n),
        "circulant": circulant(n),
        "smooth": smooth(n),
        "positions": positional(n),
        "synthetic picture": picture(n),
    }


def _size(n: int) -> int:
    return as_integer("n", n, least=2)
