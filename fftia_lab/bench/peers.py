"""What others do, each small and from its paper, to stand beside ours in a table. Needs PyTorch.

FNet and GFNet are layers of `fftia_lab.mixing`. The tests compare each with PyTorch's own dense
attention under an explicit mask.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from ..arguments import as_integer


def grouped_attention(q: Tensor, k: Tensor, v: Tensor, radix: int) -> Tensor:
    """Attend within groups of `radix` tokens at strides 1, radix, radix² …: log_radix(n) stages.

    v ← softmax(q kᵀ/√d) v in each group; after the last stage everybody has heard everybody. The
    last groups are smaller where n is no power of the radix.

    Args:
        q, k, v: floating point (batch, heads, n, d), n a power of two.
        radix: a power of two, at least 2.

    Raises:
        ValueError: if n or the radix is no power of two.

    Source: Sapkota and Bhattarai (2023), Dimension Mixer, arXiv:2311.18735, its attention.

    >>> ones = torch.ones(1, 1, 4, 1)
    >>> grouped_attention(ones, ones, torch.arange(4.0).reshape(1, 1, 4, 1), radix=2).flatten()
    tensor([1.5000, 1.5000, 1.5000, 1.5000])
    """
    for stride, width in groups(q.shape[2], radix):
        query, key, value = (_grouped(part, stride, width) for part in (q, k, v))
        mixed = scaled_dot_product_attention(query, key, value)
        v = _placed(mixed, stride, width, q.shape)
    return v


def groups(n: int, radix: int) -> list[tuple[int, int]]:
    """Return stride and width of the groups of each stage.

    >>> groups(64, 16), groups(64, 8)
    ([(1, 16), (16, 4)], [(1, 8), (8, 8)])
    """
    for name, value in (("n", n), ("radix", as_integer("radix", radix, least=2))):
        if value < 1 or value & (value - 1):
            raise ValueError(f"{name} must be a power of two; got {value}")
    found, stride = [], 1
    while stride < n:
        width = min(radix, n // stride)
        found.append((stride, width))
        stride *= width
    return found


def square_root(n: int) -> int:
    """Return the power of two with which two stages are enough.

    >>> square_root(4096), square_root(2048)
    (64, 64)
    """
    return 1 << ((n - 1).bit_length() + 1) // 2


def _grouped(x: Tensor, stride: int, width: int) -> Tensor:
    """Return (b, h, n, d) as (b, h·n/width, width, d): a group is a row of its own."""
    x = x.unflatten(2, (-1, width, stride)).transpose(3, 4)  # (b, h, blocks, stride, width, d)
    return x.flatten(1, 3)


def _placed(x: Tensor, stride: int, width: int, shape: torch.Size) -> Tensor:
    """Return what `_grouped` was given."""
    x = x.unflatten(1, (shape[1], -1, stride)).transpose(3, 4)  # (b, h, blocks, width, stride, d)
    return x.reshape(shape)


class DimensionMixer(nn.Module):
    """Dense attention in groups, a layer of four projections each stage, as published.

    Args:
        dim: channels.
        heads: how many heads, a divisor of dim.
        n: number of tokens, a power of two.
        radix: how many meet at a time.

    Shapes:
        x: floating point (batch, n, dim); returns the same.

    Source: as in `grouped_attention`.

    >>> DimensionMixer(8, 2, n=16, radix=4)(torch.zeros(1, 16, 8)).shape
    torch.Size([1, 16, 8])
    """

    def __init__(self, dim: int, heads: int, n: int, radix: int) -> None:
        super().__init__()
        self.heads, self.groups = heads, groups(n, radix)
        self.inputs, self.outputs = (
            nn.ModuleList(nn.Linear(dim, count * dim, bias=False) for _ in self.groups)
            for count in (3, 1)
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return what the tokens become."""
        for (stride, width), into, out in zip(self.groups, self.inputs, self.outputs, strict=True):
            qkv = into(x).unflatten(2, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
            query, key, value = (_grouped(part, stride, width) for part in qkv)
            mixed = scaled_dot_product_attention(query, key, value)
            x = out(_placed(mixed, stride, width, qkv.shape[1:]).transpose(1, 2).flatten(2))
        return x


def powers_of_two_behind(query: Any, key: Any) -> Any:
    """Whether a query hears a key: itself, and the tokens 1, 2, 4, 8 … places before it.

    >>> [key for key in range(10) if powers_of_two_behind(torch.tensor(9), torch.tensor(key))]
    [1, 5, 7, 8, 9]
    """
    lag = query - key
    return (lag >= 0) & ((lag & (lag - 1)) == 0)


def power_attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Attend to the tokens 1, 2, 4, 8 … places before, all at once, through FlexAttention.

    Compiled for one length; the pattern alone, without the paper's window and sink. FlexAttention
    skips blocks of 128 by 128 pairs that hold nobody, and computes the others whole.

    Args:
        q, k, v: floating point (batch, heads, n, d).

    Raises:
        RuntimeError: where FlexAttention cannot be compiled, or, on a processor, if gradients are
            wanted.

    Source: Chen et al. (2025), PowerAttention, arXiv:2503.03588; Li et al. (2019), LogSparse.
    """
    flex, mask = _compiled(), _block_mask(q.shape[2], str(q.device))
    found: Tensor = flex(q, k, v, block_mask=mask)
    return found


@cache
def _compiled() -> Any:
    from torch.nn.attention.flex_attention import flex_attention

    return torch.compile(flex_attention, dynamic=False)


@cache
def _block_mask(n: int, device: str) -> Any:
    from torch.nn.attention.flex_attention import create_block_mask

    def hears(batch: Any, head: Any, query: Any, key: Any) -> Any:
        return powers_of_two_behind(query, key)

    return create_block_mask(hears, None, None, n, n, device=device)


def pair_by_pair(x: Tensor, w_q: Tensor, w_k: Tensor) -> Tensor:
    """Return butterfly attention as the published PyTorch code goes about it: a loop over pairs.

    (n/2)·log₂ n turns of Python, a softmax over two scores in each; right, unlike what was
    published. Arguments as in `butterfly_attention`, n a power of two.

    Source: Tantisukarom (2025), FFT-Inspired Attention, `core.py`.

    >>> nothing = torch.zeros(1, 1, 1, 1)
    >>> pair_by_pair(torch.tensor([[[[1.0], [3.0]]]]), nothing, nothing).flatten()
    tensor([2., 2.])
    """
    n, scale = x.shape[2], math.sqrt(x.shape[3])
    for stage, (stride, _) in enumerate(groups(n, 2)):
        q, k, following = x @ w_q[stage], x @ w_k[stage], x.clone()
        for first in range(n):
            second = first ^ stride
            if second < first:
                continue
            both = [first, second]
            scores = q[:, :, both] @ k[:, :, both].mT / scale  # (batch, heads, 2, 2)
            following[:, :, both] = scores.softmax(-1) @ x[:, :, both]
        x = following
    return x
