"""The block around a mixing layer: what mixes tokens, then what mixes channels."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from ..arguments import as_integer, as_positive, check_dropout
from .checks import check_tokens, silence
from .spectral import SpectralMixingLayer


class SpectralMLPBlock(nn.Module):
    """A transformer block with spectral mixing in the place of attention, norms first.

    x ← x + mixing(norm(x)), then x ← x + mlp(norm(x)), with the mlp d → mlp_ratio · d → d and GELU.

    Args:
        embed_dim: channels of the input and the output.
        mlp_ratio: how much wider the hidden channels are; any number above 0.
        dropout: probability, while training, with which a number is dropped after the mixing and
            after each of the two linear layers.
        mixing: a module called with (x, mask) in the place of `SpectralMixingLayer`, such as
            `FourierMixing` or an attention of this package; None means spectral mixing.
        options: further arguments of `SpectralMixingLayer`, such as causal=True.

    Shapes:
        x: floating point (batch, n, embed_dim), any n from 0.
        mask: bool (batch, n), true for a real token; None means all. What stands at a masked token
            is never read.
        returns shape and type of x, 0 at masked tokens.

    Raises:
        TypeError: if x is not floating point, the mask not bool, or an option of another type.
        ValueError: if a shape or an option does not fit.

    Source: Lee-Thorp et al. (2021), FNet, for a block whose attention is a transform.

    >>> import torch
    >>> block = SpectralMLPBlock(embed_dim=16, causal=True)
    >>> block(torch.randn(2, 37, 16)).shape
    torch.Size([2, 37, 16])
    """

    def __init__(
        self,
        embed_dim: int,
        mlp_ratio: float = 4,
        dropout: float = 0.0,
        *,
        mixing: nn.Module | None = None,
        **options: Any,
    ) -> None:
        super().__init__()
        self.embed_dim = as_integer("embed_dim", embed_dim, least=1)
        hidden = max(round(as_positive("mlp_ratio", mlp_ratio) * self.embed_dim), 1)
        check_dropout(dropout)
        if mixing is not None and options:
            raise ValueError(
                f"options belong to SpectralMixingLayer, and mixing is given; got "
                f"{', '.join(sorted(options))}: give them to {type(mixing).__name__}"
            )
        if mixing is None:
            mixing = SpectralMixingLayer(self.embed_dim, dropout=dropout, **options)
        elif not isinstance(mixing, nn.Module):
            raise TypeError(f"mixing must be a module; got {type(mixing).__name__}")
        self.norm_mixing, self.mixing = nn.LayerNorm(self.embed_dim), mixing
        self.norm_mlp = nn.LayerNorm(self.embed_dim)
        self.mlp = nn.Sequential(
            nn.Linear(self.embed_dim, hidden),
            nn.GELU(),
            nn.Dropout(float(dropout)),
            nn.Linear(hidden, self.embed_dim),
            nn.Dropout(float(dropout)),
        )

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return what the tokens become; shapes as in the class."""
        check_tokens(type(self).__name__, x, mask, self.embed_dim)
        x = silence(x, mask)  # a norm's gradient would read what stands there
        x = x + self.mixing(self.norm_mixing(x), mask)
        x = x + self.mlp(self.norm_mlp(x))
        return silence(x, mask)
