"""Other people's masks as the layer's: bool of shape (batch, n), true for a real token.

Whether a mask is one that the layer can honour lies in its values. On a processor that raises
ValueError. Where looking would hold up a GPU, or break a graph that is compiled or exported,
PyTorch looks when the numbers are there: it raises RuntimeError, on CUDA at the next
synchronisation.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

HIDDEN = -1e4  # transformers hides with the least number of a type, or with this one


def require(holds: Tensor, message: str) -> None:
    """Raise if a bool tensor of one number is false, without waiting for it where that costs."""
    if torch.compiler.is_compiling() or holds.device.type in ("cuda", "meta"):
        torch._assert_async(holds, message)
    elif not holds:
        raise ValueError(message)


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
    require(
        (real | padding.isneginf()).all(),
        "key_padding_mask must be bool, true for padding, or hold 0 and -inf alone",
    )
    return real


def require_causal(mask: Tensor, n: int, causal: bool) -> None:
    """Refuse a mask of PyTorch that is not the causal one of n tokens: True or -inf hides.

    Args:
        mask: what the caller gave.
        n: how many tokens there are.
        causal: whether the layer is causal; if not, no mask will do.

    Raises:
        ValueError: if it has another shape, hides other tokens, or adds to the scores of some.
    """
    message = (
        "attn_mask must be None, or the causal mask of a layer made with causal=True: bool, or 0 "
        "and -inf alone; for padding pass key_padding_mask"
    )
    if not causal or mask.shape != (n, n):
        raise ValueError(message)
    later = torch.ones(n, n, dtype=torch.bool, device=mask.device).triu(1)
    if mask.dtype == torch.bool:
        require((mask == later).all(), message)
    else:
        require((mask == torch.zeros_like(mask).masked_fill(later, -torch.inf)).all(), message)


def real_keys(mask: Any, batch: int, n: int, causal: bool) -> Tensor:
    """Return True for real tokens, from a mask of `transformers`.

    Args:
        mask: shape (batch, 1, 1 or n, n): bool, true for what a query hears, or floating point,
            0 for that and -10,000 or less for what it does not.
        batch, n: what the shape must be.
        causal: whether the mask may hide the future too.

    Raises:
        ValueError: if it is none, or says more than which tokens are padding.

    >>> real_keys(torch.tensor([[[[True, True, False]]]]), 1, 3, causal=False)
    tensor([[ True,  True, False]])
    """
    _check_form(mask, batch, n)
    # what is expanded over queries is the same for all of them, and needs no look
    rows = mask[:, 0, -1:] if mask.stride(2) == 0 else mask[:, 0]
    allowed = rows if rows.dtype == torch.bool else rows == 0
    real = allowed[:, -1]
    fits = allowed == real[:, None]
    if causal and rows.shape[1] > 1:
        fits = fits | torch.ones(n, n, dtype=torch.bool, device=mask.device).triu(1)
    if rows.dtype != torch.bool:
        fits = fits & (allowed | (rows <= HIDDEN))
    if rows.dtype != torch.bool or rows.shape[1] > 1:
        wanted = "a padding mask or the causal one" if causal else "a padding mask"
        require(
            fits.all(),
            f"butterfly attention honours {wanted}, of 0 and least numbers if not bool; this mask "
            f"is another" + ("" if causal else ": if it is causal, swap with causal=True"),
        )
    return real.expand(batch, n)


def _check_form(mask: Any, batch: int, n: int) -> None:
    if not isinstance(mask, Tensor):
        raise ValueError(
            f"attention_mask must be a tensor; got {type(mask).__name__}: load the model with "
            'attn_implementation="sdpa" or "eager"'
        )
    fits = mask.dim() == 4 and mask.shape[0] in (1, batch) and mask.shape[1] == 1
    if not fits or mask.shape[2] not in (1, n) or mask.shape[3] != n:
        raise ValueError(
            f"attention_mask must have shape (batch, 1, 1 or n, n) = ({batch}, 1, 1 or {n}, {n}); "
            f'got {tuple(mask.shape)}: load the model with attn_implementation="sdpa" or "eager"'
        )
    if mask.dtype != torch.bool and not mask.is_floating_point():
        raise ValueError(f"attention_mask must be bool or floating point; got {mask.dtype}")
