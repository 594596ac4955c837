"""What `vmap` makes of an operator of kernels: one call after another, the results stacked.

PyTorch asks so for many gradients at once, as `torch.autograd.functional.jacobian` does with
`vectorize=True`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

Results = tuple[Tensor, ...]


def one_by_one(operator: Callable[..., Results]) -> Callable[..., tuple[Results, tuple[int, ...]]]:
    """Return the rule of `vmap` for an operator that returns several tensors.

    >>> rule = one_by_one(lambda x, factor: (x * factor, x + factor))
    >>> info = type("Info", (), {"batch_size": 2})
    >>> rule(info, (1, None), torch.tensor([[1, 2], [3, 4]]), 10)
    ((tensor([[10, 30],
            [20, 40]]), tensor([[11, 13],
            [12, 14]])), (0, 0))
    """

    def rule(info: Any, dims: tuple[int | None, ...], *given: Any) -> Any:
        pairs = [*zip(given, dims, strict=True)]
        calls = [
            operator(*(one if dim is None else one.select(dim, number) for one, dim in pairs))
            for number in range(info.batch_size)
        ]
        stacked = tuple(torch.stack(results) for results in zip(*calls, strict=True))
        return stacked, (0,) * len(stacked)

    return rule
