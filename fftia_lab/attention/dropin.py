"""Butterfly attention where other models expect theirs.

`FFTInspiredMultiheadAttention` takes the arguments of `torch.nn.MultiheadAttention`, and
`swap_attention` puts it, or its like for BERT, into a model that exists.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from .layers import FFTInspiredAttention


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
        options: of `FFTInspiredAttention`: schedule, projection, share_stages, causal, max_length.

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
        **options: Any,
    ) -> None:
        super().__init__()
        self.embed_dim, self.num_heads, self.batch_first = embed_dim, num_heads, batch_first
        self.attention = FFTInspiredAttention(embed_dim, num_heads, None, dropout, **options)
        if bias:
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
        if key is not query or value is not query:
            raise ValueError(
                "butterfly attention is self-attention: pass one tensor as query, key and value"
            )
        batched = query.dim() == 3
        x = query if batched else query[None]
        x = x if self.batch_first or not batched else x.transpose(0, 1)
        self._check_mask(attn_mask, is_causal, x.shape[1])
        mask = None
        if key_padding_mask is not None:
            mask = real_tokens(key_padding_mask if batched else key_padding_mask[None])
        y = self.attention(x, mask)
        weights = self.attention.attention_matrix(x, mask) if need_weights else None
        if weights is not None and average_attn_weights:
            weights = weights.mean(1)
        if not batched:
            return y[0], None if weights is None else weights[0]
        return (y if self.batch_first else y.transpose(0, 1)), weights

    def _check_mask(self, attn_mask: Tensor | None, is_causal: bool, n: int) -> None:
        causal = self.attention.causal
        if is_causal and not causal:
            raise ValueError("is_causal=True needs a causal layer: make it with causal=True")
        if attn_mask is None or is_causal:
            return
        later = torch.ones(n, n, dtype=torch.bool, device=attn_mask.device).triu(1)
        forbidden = attn_mask if attn_mask.dtype == torch.bool else attn_mask != 0
        if not causal or forbidden.shape != later.shape or not forbidden.equal(later):
            raise ValueError(
                "attn_mask must be None, or the causal mask of a layer made with causal=True; "
                "for padding pass key_padding_mask"
            )


def real_tokens(padding: Tensor) -> Tensor:
    """Return True for real tokens, from PyTorch's padding mask: True or -inf is padding.

    Raises:
        ValueError: if it holds numbers other than 0 and -inf.

    >>> real_tokens(torch.tensor([[0.0, -torch.inf]]))
    tensor([[ True, False]])
    """
    if padding.dtype == torch.bool:
        return ~padding
    real = padding == 0
    if not (real | padding.isneginf()).all():
        raise ValueError(
            "key_padding_mask must be bool, true for padding, or hold 0 and -inf alone"
        )
    return real


class _BertSelfAttention(nn.Module):
    """Takes the place of `BertSelfAttention` and its like, whose output projection is elsewhere."""

    def __init__(self, attention: FFTInspiredAttention) -> None:
        super().__init__()
        self.attention = attention

    def forward(
        self, hidden_states: Tensor, attention_mask: Tensor | None = None, **options: Any
    ) -> tuple[Tensor, None]:
        for name, value in options.items():
            if value is not None and name in ("past_key_values", "encoder_hidden_states"):
                raise ValueError(f"butterfly attention cannot honour {name}; leave it out")
        mask = None if attention_mask is None else _keys(attention_mask)
        return self.attention(hidden_states, mask), None


def _keys(mask: Tensor) -> Tensor:
    """Return (batch, n) from a mask (batch, 1, 1 or n, n) that says the same to every query."""
    allowed = mask if mask.dtype == torch.bool else mask >= 0
    if not (allowed == allowed[:, :1, :1]).all():
        raise ValueError(
            "butterfly attention honours padding masks, the same for all queries; got another mask"
        )
    return allowed[:, 0, 0]


def swap_attention(model: nn.Module, **options: Any) -> list[str]:
    """Replace all self-attention of a model by butterfly attention, in place.

    Known are `torch.nn.MultiheadAttention` and the self-attention of BERT and models built like it
    in `transformers`. Value and output projections stay; queries and keys start anew, so the model
    wants training. Attention from one sequence to another is left alone.

    Args:
        model: any module.
        options: of `FFTInspiredAttention`: schedule, projection, share_stages, causal, max_length.

    Returns:
        the names of the modules that were replaced.

    Raises:
        ValueError: if there is nothing to replace.

    >>> swap_attention(nn.TransformerEncoderLayer(64, 4))
    ['self_attn']
    """
    makers: list[tuple[Callable[[nn.Module], bool], Callable[..., nn.Module]]] = [
        (_is_multihead, _from_multihead),
        (_is_bert, _from_bert),
    ]
    swapped = []
    for name, parent in list(model.named_modules()):
        for child, module in list(parent.named_children()):
            make = next((make for is_one, make in makers if is_one(module)), None)
            if make is None or child == "multihead_attn":  # a decoder's view of the encoder
                continue
            setattr(parent, child, make(module, options).train(module.training))
            swapped.append(f"{name}.{child}" if name else child)
        if isinstance(parent, nn.TransformerEncoder):
            parent.use_nested_tensor = False
    if not swapped:
        raise ValueError(
            f"{type(model).__name__} has no self-attention that swap_attention knows: "
            "torch.nn.MultiheadAttention, or one built like BertSelfAttention"
        )
    return swapped


def _is_multihead(module: nn.Module) -> bool:
    return isinstance(module, nn.MultiheadAttention) and module._qkv_same_embed_dim


def _from_multihead(module: Any, options: dict[str, Any]) -> nn.Module:
    found = FFTInspiredMultiheadAttention(
        module.embed_dim,
        module.num_heads,
        module.dropout,
        module.in_proj_bias is not None,
        batch_first=module.batch_first,
        **options,
    ).to(module.in_proj_weight)
    value: Any = found.attention.value
    with torch.no_grad():
        value.weight.copy_(module.in_proj_weight.chunk(3)[2])
        if module.in_proj_bias is not None:
            value.bias.copy_(module.in_proj_bias.chunk(3)[2])
    found.attention.output = module.out_proj
    return found


def _is_bert(module: nn.Module) -> bool:
    parts = all(isinstance(getattr(module, name, None), nn.Linear) for name in ("query", "value"))
    return parts and hasattr(module, "attention_head_size") and "Cross" not in type(module).__name__


def _from_bert(module: Any, options: dict[str, Any]) -> nn.Module:
    attention = FFTInspiredAttention(
        module.value.in_features,
        module.num_attention_heads,
        module.attention_head_size,
        module.dropout.p,
        **options,
    ).to(module.value.weight)
    attention.value, attention.output = module.value, nn.Identity()
    return _BertSelfAttention(attention)
