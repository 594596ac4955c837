"""The names of the documents that this library began with, working; what differs is said at each.

The documents are the FFT-IA repository of Tantisukarom (2025) and its supplementary note on Triton.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..arguments import as_integer
from ..schedule import ButterflySchedule

if TYPE_CHECKING:
    from torch import Tensor

Weights = tuple["Tensor", "Tensor"]


def get_all_butterfly_indices(seq_len: int) -> list[list[tuple[int, int]]]:
    """Return the pairs of every stage, i with i XOR 2^s, each once.

    As published, where it was right. The published Triton kernel paired i with (i + 2^s) mod N
    instead, which is another wiring: `ShiftSchedule`.

    Raises:
        ValueError: if seq_len is not a power of two.

    >>> get_all_butterfly_indices(4)
    [[(0, 1), (2, 3)], [(0, 2), (1, 3)]]
    """
    schedule = ButterflySchedule(seq_len)
    stages = (schedule.pairs(stage).tolist() for stage in range(schedule.depth))
    return [[(low, high) for low, high in stage] for stage in stages]


def next_power_of_2(n: int) -> int:
    """Return the smallest power of two that is at least n, and 1 for n = 0.

    Raises:
        TypeError: if n is not an integer.
        ValueError: if n is negative.

    >>> next_power_of_2(3715)
    4096
    """
    n = as_integer("n", n)
    if n < 0:
        raise ValueError(f"n must not be negative; got {n}")
    return 1 << max(n - 1, 0).bit_length()


def pad_to_power_of_2(x: Tensor, dim: int = 1) -> tuple[Tensor, int]:
    """Return x with zeros up to the next power of two along `dim`, and the length it had.

    As published; but zeros are tokens like any other unless they are masked. The layers here pad
    and mask by themselves, so that nobody hears them.

    Raises:
        TypeError: if x is no tensor, or dim not an integer.
        IndexError: if x has no such axis.

    >>> import torch
    >>> padded, length = pad_to_power_of_2(torch.ones(2, 5, 3))
    >>> padded.shape, length
    (torch.Size([2, 8, 3]), 5)
    """
    from torch import cat

    dim = _axis(x, dim)
    length = x.shape[dim]
    shape = list(x.shape)
    shape[dim] = next_power_of_2(length) - length
    return cat((x, x.new_zeros(shape)), dim), length


def unpad(x: Tensor, original_len: int, dim: int = 1) -> Tensor:
    """Return the first `original_len` positions of x along `dim`.

    Raises:
        TypeError: if x is no tensor, or a number not an integer.
        IndexError: if x has no such axis.
        ValueError: if x is shorter than that.

    >>> import torch
    >>> unpad(torch.ones(2, 8, 3), 5).shape
    torch.Size([2, 5, 3])
    """
    dim, original_len = _axis(x, dim), as_integer("original_len", original_len)
    if not 0 <= original_len <= x.shape[dim]:
        raise ValueError(f"original_len must lie in 0 to {x.shape[dim]}; got {original_len}")
    return x.narrow(dim, 0, original_len)


def _axis(x: Tensor, dim: int) -> int:
    from torch import Tensor

    if not isinstance(x, Tensor):
        raise TypeError(f"x must be a torch tensor; got {type(x).__name__}: use torch.as_tensor")
    dim = as_integer("dim", dim)
    if not -x.dim() <= dim < x.dim():
        raise IndexError(f"dim must lie in {-x.dim()} to {x.dim() - 1}; got {dim}")
    return dim


def fft_ia_attention(
    qkv: Tensor, log_N: int | None = None, weights: Weights | None = None
) -> tuple[Tensor, Weights]:
    """Run butterfly attention on the running state `qkv`; return the output and the weights.

    What differs from the supplementary note: all stages run, in all of the sequence; scores are
    divided by √D and the token scores itself too; the softmax is over the pair and not over a tile;
    and the weights can be passed in again, without which no optimiser would ever see them.

    Args:
        qkv: floating point, shape (B, H, N, D), N a power of two: queries, keys and values are all
            made from it.
        log_N: log2(N), if it is to be checked.
        weights: (W_q, W_k), each (log_N, D, D), shared by the heads as in the note; None draws new
            ones, normal with deviation 0.02.

    Raises:
        TypeError: if qkv is not floating point, log_N no integer, or the weights no pair.
        ValueError: if N is not 2 to the log_N, or a shape does not fit.

    >>> import torch
    >>> x = torch.randn(1, 2, 16, 8)
    >>> out, weights = fft_ia_attention(x, log_N=4)
    >>> again, _ = fft_ia_attention(x, log_N=4, weights=weights)
    >>> out.shape, torch.equal(out, again)
    (torch.Size([1, 2, 16, 8]), True)
    """
    import torch

    from ..tensors import check_floating
    from .functional import butterfly_attention

    check_floating("qkv", qkv)
    if qkv.dim() != 4:
        raise ValueError(f"qkv must have shape (B, H, N, D); got {tuple(qkv.shape)}")
    schedule = ButterflySchedule(qkv.shape[2])
    if log_N is not None and as_integer("log_N", log_N) != schedule.depth:
        raise ValueError(
            f"N must be 2 to the log_N; got N = {qkv.shape[2]} and log_N = {log_N}: "
            f"leave log_N out, or pass {schedule.depth}"
        )
    w_q: Tensor
    w_k: Tensor
    if weights is None:
        shape = schedule.depth, qkv.shape[3], qkv.shape[3]
        w_q, w_k = (
            torch.nn.Parameter(torch.randn(shape, device=qkv.device, dtype=qkv.dtype) * 0.02)
            for _ in range(2)
        )
    else:
        if not isinstance(weights, tuple | list) or len(weights) != 2:
            raise TypeError(f"weights must be a pair (W_q, W_k); got {type(weights).__name__}")
        w_q, w_k = weights
    y = butterfly_attention(qkv, w_q, w_k, schedule=schedule)
    return y, (w_q, w_k)
