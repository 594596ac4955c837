"""What every backend of butterfly attention is given: checked, padded, and with one meaning."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from ...schedule import Schedule
from ...tensors import widened
from .layout import Layout, lay_out


@dataclass(frozen=True)
class Job:
    """The arguments of `butterfly_attention` in the form that backends take.

    Args:
        x: shape (batch, heads, n, d). What is not real is 0.
        w_q, w_k: weights of the stages, or one for all, in the type of x or a finer one.
        schedule: the wiring.
        real: bool of shape (batch, n), true for a real token; None if all are.
        mix_heads: whether the weights mix the channels of all heads.
        dropout: the probability with which a token skips a meeting.
    """

    x: Tensor
    w_q: Tensor
    w_k: Tensor
    schedule: Schedule
    real: Tensor | None = None
    mix_heads: bool = False
    dropout: float = 0.0

    @classmethod
    def of(
        cls,
        x: Tensor,
        w_q: Tensor,
        w_k: Tensor,
        schedule: Schedule,
        mask: Tensor | None = None,
        mix_heads: bool = False,
        dropout: float = 0.0,
    ) -> Job:
        """Return the job with masked tokens set to 0."""
        if mask is not None:
            x = x.where(mask[:, None, :, None], 0)
        return cls(x, w_q, w_k, schedule, mask, mix_heads, dropout)

    def layout(self) -> Layout:
        """Return the stages, as views where the wiring allows."""
        return lay_out(self.schedule, self.x.shape[2], self.real, self.x.device)

    def padded(self, places: int) -> Tensor:
        """Return x with zeros up to so many places."""
        return torch.nn.functional.pad(self.x, (0, 0, 0, places - self.x.shape[2]))

    @property
    def working(self) -> torch.dtype:
        """The type to compute in: that of x, and float32 for one of 16 bits."""
        return torch.promote_types(self.x.dtype, torch.float32)

    def bilinear(self, dtype: torch.dtype | None = None) -> Tensor:
        """Return Mᵀ = W_k W_qᵀ/√d, shape (stages, heads, d, d): folded first, then rounded.

        Args:
            dtype: what it is rounded to; None means the type of x.
        """
        heads, d = self.x.shape[1], self.x.shape[3]
        folded = widened(self.w_k) @ widened(self.w_q).mT * d**-0.5
        folded = folded.to(dtype or self.x.dtype)
        folded = folded if folded.dim() == 4 else folded[:, None].expand(-1, heads, -1, -1)
        return self.per_stage(folded)

    def per_stage(self, weights: Tensor) -> Tensor:
        """Return one weight a stage: where there is one for all, the same again, as a view."""
        return weights.expand(self.schedule.depth, *weights.shape[1:])
