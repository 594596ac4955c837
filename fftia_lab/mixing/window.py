"""Attention in a window that is real, beside a filter for all that lies beyond it."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ..arguments import as_boolean, as_integer, check_dropout
from ..tensors import check_real
from .checks import check_tokens, silence
from .inputs import check_reals, working
from .spectral import SpectralMixingLayer


def window_reach(n: int, window_size: int, causal: bool = False) -> Tensor:
    """Return who may hear whom in a window, bool of shape (n, n).

    Row i holds |i - j| ≤ window_size // 2; causal: 0 ≤ i - j < window_size.

    >>> window_reach(4, 2, causal=True).int()
    tensor([[1, 0, 0, 0],
            [1, 1, 0, 0],
            [0, 1, 1, 0],
            [0, 0, 1, 1]], dtype=torch.int32)
    """
    own = torch.arange(as_integer("n", n, least=0))
    back, ahead = _sides(window_size, causal)
    lag = own[:, None] - own
    return (lag <= back) & (lag >= -ahead)


def window_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    window_size: int = 64,
    mask: Tensor | None = None,
    *,
    causal: bool = False,
    dropout: float = 0.0,
) -> Tensor:
    """Let every token attend to its neighbours: softmax attention under a band, in O(w n).

    y_i = Σ_j softmax_j(q_i·k_j/√d) v_j over |i - j| ≤ w // 2, or 0 ≤ i - j < w if causal. Tokens
    are cut into blocks as long as the window reaches, and each block sees itself and its
    neighbours: no n × n matrix is made.

    Args:
        query, key, value: real floating point of one shape (batch, heads, n, d), any n from 0.
        window_size: w, at least 1: how many tokens are heard, and itself where w is even and both
            sides are heard.
        mask: bool of shape (batch, n), true for a real token; None means all. Masked tokens are not
            heard and hear nobody; they keep their place, so that the window counts them.
        causal: whether a token hears only itself and earlier ones.
        dropout: the probability with which a weight is dropped.

    Returns:
        the same shape, 0 for masked tokens; softmax is computed in float32 for halves.

    Raises:
        TypeError: if one is no real floating point tensor, or the mask not a bool tensor.
        ValueError: if a shape does not fit, or an option lies out of its range.

    Source: Beltagy et al. (2020), Longformer, arXiv:2004.05150.

    >>> ones = torch.ones(1, 1, 5, 1)
    >>> value = torch.arange(5.0).reshape(1, 1, 5, 1)
    >>> window_attention(ones, ones, value, 2, causal=True).flatten()
    tensor([0.0000, 0.5000, 1.5000, 2.5000, 3.5000])
    """
    _check(query, key, value, mask, dropout)
    back, ahead = _sides(window_size, causal)
    n, side = query.shape[2], max(back, 1)
    if not torch.compiler.is_compiling():  # where n may be a symbol, blocks keep their length
        side = max(min(side, n), 1)
    if mask is not None:
        query, key, value = (part.where(mask[:, None, :, None], 0) for part in (query, key, value))
    parts = 2 if ahead == 0 else 3
    queries = _blocks(query * query.shape[3] ** -0.5, side)
    scores = queries @ _neighbours(_blocks(key, side), parts).mT
    allowed = _allowed(n, side, parts, (back, ahead), mask, query.device)
    weights = scores.to(working(scores.dtype)).masked_fill(~allowed, -torch.inf).softmax(-1)
    weights = nn.functional.dropout(weights, dropout).to(value.dtype)
    mixed = (weights @ _neighbours(_blocks(value, side), parts)).flatten(2, 3)[:, :, :n]
    return mixed if mask is None else mixed.where(mask[:, None, :, None], 0)


def _sides(window_size: int, causal: bool) -> tuple[int, int]:
    """Return how far a token hears back and ahead."""
    window_size = as_integer("window_size", window_size, least=1)
    if as_boolean("causal", causal):
        return window_size - 1, 0
    return window_size // 2, window_size // 2


def _check(query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None, dropout: float) -> None:
    for name, part in (("query", query), ("key", key), ("value", value)):
        check_reals(name, part)
        if part.dim() != 4 or part.shape != query.shape:
            raise ValueError(
                "query, key and value must have one shape (batch, heads, n, d); got "
                f"{tuple(query.shape)}, {tuple(key.shape)}, {tuple(value.shape)}"
            )
    check_real(mask, query.shape[0], query.shape[2])
    check_dropout(dropout)


def _blocks(x: Tensor, side: int) -> Tensor:
    """Return (batch, heads, n, d) as (batch, heads, blocks, side, d), zeros filled in."""
    missing = -x.shape[2] % side
    if torch.compiler.is_compiling():  # never none, or the lengths would part in two kinds
        missing = side - x.shape[2] % side
    return torch.unflatten(nn.functional.pad(x, (0, 0, 0, missing)), 2, (-1, side))


def _neighbours(blocks: Tensor, parts: int) -> Tensor:
    """Return each block with the one before it and, of three parts, the one after it."""
    around = nn.functional.pad(blocks, (0, 0, 0, 0, 1, parts - 2))
    count = blocks.shape[2]
    return torch.cat([around[:, :, part : part + count] for part in range(parts)], 3)


def _allowed(
    n: int,
    side: int,
    parts: int,
    reach: tuple[int, int],
    mask: Tensor | None,
    device: torch.device,
) -> Tensor:
    """Return who is heard, shape (batch or 1, 1, blocks, side, parts · side).

    Whoever would hear nobody hears itself, so that no softmax is empty.
    """
    own = torch.arange(side, device=device)
    lag = own[:, None] + side - torch.arange(parts * side, device=device)
    band = (lag <= reach[0]) & (lag >= -reach[1])
    real = torch.ones(1, n, dtype=torch.bool, device=device) if mask is None else mask
    heard = _neighbours(_blocks(real[:, None, :, None], side), parts)
    return (band & heard.mT) | (lag == 0)


class HybridSpectralAttention(nn.Module):
    """A local window of attention plus a spectral filter over all tokens: near and far.

    y = window_attention(x W_q, x W_k, x W_v) W_o + filter(x). The window looks up content and sees
    w tokens; the filter, a `SpectralMixingLayer`, reaches all of them with weights that no content
    changes. O(w n + n log n), memory linear in n. The filter starts as the identity, so that the
    layer starts as a residual one: no other x is to be added.

    Args:
        embed_dim: channels of the input and the output.
        num_heads: number of heads of the window; divides embed_dim.
        window_size: as in `window_attention`.
        dropout: probability, while training, with which a weight of the window is dropped, and that
            of the filter's output.
        causal: whether a token hears only itself and earlier ones, in both parts.
        mode: the filter's, "sample" or "sequence"; see `SpectralMixingLayer`.

    Shapes:
        x: floating point (batch, n, embed_dim), any n.
        mask: bool (batch, n), true for a real token; None means all. Masked tokens are not heard.
        returns (batch, n, embed_dim), 0 for masked tokens.

    Raises:
        TypeError: if x is no floating point tensor, the mask not a bool tensor, or an option of
            another type.
        ValueError: if a shape or an option does not fit.

    What differs from the published code: its window was not one.

    >>> HybridSpectralAttention(64, 4, window_size=8)(torch.zeros(2, 37, 64)).shape
    torch.Size([2, 37, 64])
    """

    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        window_size: int = 64,
        dropout: float = 0.0,
        causal: bool = False,
        *,
        mode: str = "sample",
    ) -> None:
        super().__init__()
        self.embed_dim = as_integer("embed_dim", embed_dim, least=1)
        self.num_heads = as_integer("num_heads", num_heads, least=1)
        if self.embed_dim % self.num_heads:
            raise ValueError(
                f"num_heads must divide embed_dim; got embed_dim={embed_dim}, num_heads={num_heads}"
            )
        self.window_size = as_integer("window_size", window_size, least=1)
        self.causal, self.dropout = as_boolean("causal", causal), dropout
        check_dropout(dropout)
        self.spectral = SpectralMixingLayer(
            self.embed_dim, dropout=dropout, causal=self.causal, mode=mode
        )
        self.project = nn.Linear(self.embed_dim, 3 * self.embed_dim, bias=False)
        self.output = nn.Linear(self.embed_dim, self.embed_dim, bias=False)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return what the tokens become; shapes as in the class."""
        check_tokens(type(self).__name__, x, mask, self.embed_dim)
        x = silence(x, mask)
        heads = torch.unflatten(self.project(x), 2, (3, self.num_heads, -1))
        query, key, value = heads.permute(2, 0, 3, 1, 4)
        near = window_attention(
            query,
            key,
            value,
            self.window_size,
            mask,
            causal=self.causal,
            dropout=self.dropout if self.training else 0.0,
        )
        mixed: Tensor = self.output(near.transpose(1, 2).flatten(2)) + self.spectral(x, mask)
        return silence(mixed, mask)

    def reach(self, n: int) -> Tensor:
        """Return which input can change which output, bool of shape (n, n)."""
        near = window_reach(n, self.window_size, self.causal)
        return near | torch.as_tensor(self.spectral.reach(n))

    def extra_repr(self) -> str:
        return (
            f"embed_dim={self.embed_dim}, num_heads={self.num_heads}, "
            f"window_size={self.window_size}, dropout={self.dropout}, causal={self.causal}"
        )
