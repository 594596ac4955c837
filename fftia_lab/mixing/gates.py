"""Gates that learn to be exactly open or exactly shut, one a frequency."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

SHARPNESS, LOW, HIGH = 2 / 3, -0.1, 1.1  # the numbers of the source


class FrequencyGates(nn.Module):
    """One gate a knot, from 0 (the frequency is dropped) to 1, learned with a price on open ones.

    While training, z = min(1, max(0, s(ζ - γ) + γ)) with s = σ((ln u - ln(1 - u) + a)/β), u uniform
    in 0 to 1, β = 2/3, γ = -0.1, ζ = 1.1; otherwise s = σ(a), and nothing is drawn.

    Args:
        knots: how many. All begin open, exactly 1 outside of training.

    Source: Louizos, Welling and Kingma (2018), Learning Sparse Neural Networks through L0
    Regularization, arXiv:1712.01312: equations, numbers and penalty.

    >>> FrequencyGates(3).eval()()
    tensor([1., 1., 1.], grad_fn=<ClampBackward1>)
    """

    def __init__(self, knots: int) -> None:
        super().__init__()
        self.level = nn.Parameter(torch.empty(knots))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Open all gates."""
        nn.init.constant_(self.level, 2.5)

    def forward(self) -> Tensor:
        """Return the gates, shape (knots,)."""
        return ((HIGH - LOW) * self._level().sigmoid() + LOW).clamp(0, 1)

    def _level(self) -> Tensor:
        if not self.training:
            return self.level
        drawn = torch.rand_like(self.level).clamp(1e-6, 1 - 1e-6)
        return (torch.logit(drawn) + self.level) / SHARPNESS

    def penalty(self) -> Tensor:
        """Return the expected share of gates that are not shut, σ(a - β ln(-γ/ζ)) on average."""
        return (self.level - SHARPNESS * math.log(-LOW / HIGH)).sigmoid().mean()
