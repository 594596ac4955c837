"""What attention and mixing ask of PyTorch's tensors alike; needs PyTorch."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from .arguments import check_mask


def check_real(mask: Any, batch: int, n: int) -> None:
    """Refuse a mask that is neither None nor a bool tensor of shape (batch, n).

    Raises:
        TypeError: if it is no tensor, or not bool.
        ValueError: if its shape does not fit.
    """
    if mask is None:
        return
    if not isinstance(mask, Tensor):
        kind = type(mask).__name__
        raise TypeError(f"mask must be a bool tensor; got {kind}: use torch.as_tensor(mask)")
    check_mask(mask, mask.dtype == torch.bool, batch, n)
