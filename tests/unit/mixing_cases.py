"""Layers with random filters, and what a filter between knots is, written out by other means."""

from itertools import pairwise

import numpy as np
import pytest
import torch

from fftia_lab import SpectralMixingLayer
from fftia_lab.mixing import reference

OPTIONS = [
    {},
    {"causal": True},
    {"mode": "sequence"},
    {"mode": "sequence", "causal": True},
    {"learnable": False},
    {"learnable": False, "causal": True},
    {"adaptive": True},
]
LEARNED = [options for options in OPTIONS if options.get("learnable", True)]
# PyTorch's own forward mode calls it
FORWARD = pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated:DeprecationWarning")
CAUSAL = [options for options in OPTIONS if options.get("causal")]


def layer_of(dim=3, knots=5, seed=0, **options):
    """A float64 layer in eval mode, with random knots where they are learned."""
    knots = knots if options.get("learnable", True) else max(knots, 2)
    layer = SpectralMixingLayer(dim, knots, **options).double().eval()
    if layer.learnable:
        generator = torch.Generator().manual_seed(seed)
        with torch.no_grad():
            for parameter in layer.parameters():
                noise = torch.randn(parameter.shape, dtype=parameter.dtype, generator=generator)
                parameter.copy_(noise)
    return layer


def knots_of(layer):
    """The complex knots of a layer, in NumPy: the first is real, and per sample the last."""
    knots = layer.real.detach().numpy().astype(complex)
    turning = layer.imaginary.detach().numpy()
    knots[1 : 1 + len(turning)] += 1j * turning
    if layer.gates is not None:
        level = layer.gates.level.detach().numpy()
        knots *= np.clip(1.2 / (1 + np.exp(-level)) - 0.1, 0, 1)[:, None]
    return knots


def integrated(knots, lags):
    """h[t] = 2 Re ∫ H(f) exp(2πift) df from 0 to 1/2, by Gauss and Legendre between the knots."""
    nodes, weights = np.polynomial.legendre.leggauss(120)
    found = np.zeros((lags, knots.shape[1]))
    if len(knots) == 1:
        found[0] = knots[0].real
        return found
    width = 0.5 / (len(knots) - 1)
    for number, (low, high) in enumerate(pairwise(knots)):
        part = (nodes + 1) / 2
        line = low + part[:, None] * (high - low)
        turns = np.exp(2j * np.pi * np.outer(np.arange(lags), (number + part) * width))
        found += (turns @ (line * weights[:, None])).real * width
    return found


def by_reference(layer, x, mask=None):
    """What a layer gives, by the reference in NumPy."""
    silent = x if mask is None else torch.where(mask[..., None], x, 0)
    n, knots, causal = x.shape[1], knots_of(layer), layer.causal
    length = 2 * n if causal else n
    if causal and layer.mode == "sample":
        mixed = reference.causal_convolution(silent, integrated(knots, n))
    else:
        respond = getattr(reference, f"response_per_{layer.mode}")
        mixed = reference.spectral_mixing(silent, respond(knots, length), causal)
    return torch.tensor(mixed) if mask is None else torch.tensor(mixed).where(mask[..., None], 0)


def relative(found, wanted):
    """The greatest deviation over the greatest of what is wanted."""
    found, wanted = found.detach(), wanted.detach()
    return float((found - wanted).abs().max() / wanted.abs().max())


def with_weights(layer, *names):
    """A function of x and the named parameters, for gradcheck and torch.func."""

    def call(x, *weights):
        return torch.func.functional_call(layer, dict(zip(names, weights, strict=True)), (x,))

    return call
