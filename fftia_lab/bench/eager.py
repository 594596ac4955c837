"""Dense attention that stores its scores, as published tables had it for a baseline."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor, nn


class EagerAttention(nn.Module):
    """softmax(q kᵀ/√d) v between four projections, every step a tensor of its own.

    What `DenseAttention` computes through PyTorch's fused kernels; here n² scores a head are
    written to memory and read again.

    Args:
        dim: channels.
        heads: how many heads, a divisor of dim.

    Shapes:
        x: floating point (batch, n, dim); returns the same.

    >>> import torch
    >>> EagerAttention(8, 2)(torch.zeros(1, 5, 8)).shape
    torch.Size([1, 5, 8])
    """

    def __init__(self, dim: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.attend: Callable[[Tensor, Tensor, Tensor], Tensor] = _stored
        self.query, self.key, self.value, self.output = (
            nn.Linear(dim, dim, bias=False) for _ in range(4)
        )

    def forward(self, x: Tensor, mask: None = None) -> Tensor:
        """Return what the tokens become; `mask` is there for blocks that hand one on."""
        q, k, v = (
            part(x).unflatten(2, (self.heads, -1)).transpose(1, 2)
            for part in (self.query, self.key, self.value)
        )
        found: Tensor = self.output(self.attend(q, k, v).transpose(1, 2).flatten(2))
        return found


def _stored(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    return (q @ k.mT * q.shape[-1] ** -0.5).softmax(-1) @ v
