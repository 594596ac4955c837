"""Butterfly attention with the arguments of `torch.nn.MultiheadAttention`."""

from __future__ import annotations

from torch import Tensor, nn

from ..arguments import as_boolean
from .layers import FFTInspiredAttention
from .masks import real_tokens, require_causal


class FFTInspiredMultiheadAttention(nn.Module):
    """Butterfly self-attention with the arguments of `torch.nn.MultiheadAttention`.

    It honours `key_padding_mask`, `need_weights`, `average_attn_weights`, `is_causal` and both
    layouts. What it cannot honour raises: queries that are not the keys, and any `attn_mask` but
    the causal one of a causal layer.

    Args:
        embed_dim: channels.
        num_heads: number of heads.
        dropout: as in `FFTInspiredAttention`.
        bias: whether value and output projection add one.
        batch_first: (batch, n, embed_dim) instead of (n, batch, embed_dim).
        schedule, projection, share_stages, causal, padding, radix, max_length, backend: as in
            `FFTInspiredAttention`.

    >>> import torch
    >>> layer = nn.TransformerEncoderLayer(64, 4, batch_first=True)
    >>> layer.self_attn = FFTInspiredMultiheadAttention(64, 4, batch_first=True)
    >>> layer(torch.zeros(2, 37, 64)).shape
    torch.Size([2, 37, 64])
    """

    # PyTorch's fused encoder reads weights that are not here; these two keep it away.
    in_proj_bias = None
    _qkv_same_embed_dim = False

    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        dropout: float = 0.0,
        bias: bool = True,
        *,
        batch_first: bool = False,
        schedule: str | None = None,
        projection: str = "head",
        share_stages: bool = False,
        causal: bool = False,
        padding: str = "relay",
        radix: int = 2,
        max_length: int = 65536,
        backend: str = "auto",
    ) -> None:
        super().__init__()
        self.embed_dim, self.num_heads, self.batch_first = embed_dim, num_heads, batch_first
        self.attention = FFTInspiredAttention(
            embed_dim,
            num_heads,
            None,
            dropout,
            schedule=schedule,
            projection=projection,
            share_stages=share_stages,
            causal=causal,
            padding=padding,
            radix=radix,
            max_length=max_length,
            backend=backend,
        )
        if as_boolean("bias", bias):
            self.attention.value = nn.Linear(embed_dim, embed_dim)
            self.attention.output = nn.Linear(embed_dim, embed_dim)

    def forward(
        self,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        key_padding_mask: Tensor | None = None,
        need_weights: bool = True,
        attn_mask: Tensor | None = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> tuple[Tensor, Tensor | None]:
        """Return the output, and the attention matrix if `need_weights`, else None.

        Args:
            query: shape (n, embed_dim), or batched in the layout of the layer.
            key, value: the query itself.
            key_padding_mask: shape (batch, n) or (n,): true, or -inf, where a token is padding.
            need_weights: whether to return the matrix, which takes n² numbers a head.
            attn_mask: None, or the causal mask if the layer is causal.
            average_attn_weights: one matrix for all heads.
            is_causal: whether the caller means its mask to be causal.

        Raises:
            ValueError: if it is asked for what it cannot honour.
        """
        if not (_is_one(query, key) and _is_one(query, value)):
            raise ValueError(
                "butterfly attention is self-attention: pass one tensor as query, key and value; "
                "attention to another sequence stays as it is with swap_attention(model, leave=[…])"
            )
        batched = query.dim() == 3
        x = query if batched else query[None]
        x = x if self.batch_first or not batched else x.transpose(0, 1)
        self._check_mask(attn_mask, is_causal, x.shape[1])
        mask = None
        if key_padding_mask is not None:
            self._check_padding(key_padding_mask, query)
            mask = real_tokens(key_padding_mask if batched else key_padding_mask[None])
        y = self.attention(x, mask)
        weights = self.attention.attention_matrix(x, mask) if need_weights else None
        if weights is not None and average_attn_weights:
            weights = weights.mean(1)
        if not batched:
            return y[0], None if weights is None else weights[0]
        return (y if self.batch_first else y.transpose(0, 1)), weights

    def _check_padding(self, padding: Tensor, query: Tensor) -> None:
        """Refuse a padding mask of another shape, and say which axis of the query is the batch."""
        n, batch = (1, 0) if self.batch_first else (0, 1)
        wanted = (query.shape[batch], query.shape[n]) if query.dim() == 3 else query.shape[:1]
        if padding.shape == wanted or query.dim() not in (2, 3):
            return
        said = f"key_padding_mask must have shape {tuple(wanted)}; got {tuple(padding.shape)}"
        if query.dim() == 3:
            layout = "(batch, n, embed_dim)" if self.batch_first else "(n, batch, embed_dim)"
            said += (
                f": with batch_first={self.batch_first} the query of shape {tuple(query.shape)} is "
                f"{layout}; for the other layout make the layer with "
                f"batch_first={not self.batch_first}"
            )
        raise ValueError(said)

    def _check_mask(self, attn_mask: Tensor | None, is_causal: bool, n: int) -> None:
        causal = self.attention.causal
        if is_causal and not causal:
            raise ValueError("is_causal=True needs a causal layer: make it with causal=True")
        if attn_mask is None or is_causal:
            return
        require_causal(attn_mask, n, causal)


def _is_one(first: Tensor, second: Tensor) -> bool:
    """Return whether two are one tensor; PyTorch hands on aliases where a backward hook listens."""
    alias = first is second or first.is_set_to(second)
    return alias and first.requires_grad == second.requires_grad
