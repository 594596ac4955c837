"""What a causal convolution of each channel costs, in the three ways that the library has."""

from __future__ import annotations

from ..arguments import as_choice
from .counts import Cost, as_counts
from .transforms import spectral_mixing

METHODS = "direct", "blocks", "fft"
LEAST_CHUNK = 16  # tokens of a chunk, at least, as in `mixing.convolution.by_blocks`


def causal_convolution(
    size: int, channels: int, taps: int, method: str = "direct", *, batch: int = 1
) -> Cost:
    """Return the cost of a filter of some taps along the tokens, a kernel for each channel.

    direct: size·taps multiply-adds a channel, which count as products, as PyTorch counts them;
    blocks: with chunks of c tokens 2c² multiply-adds a chunk, and its c sums;
    fft: three transforms over twice the tokens, as in `spectral_mixing`.

    Args:
        size: number of tokens.
        channels: of the tokens.
        taps: of a kernel; what is longer than the tokens is not used.
        method: "direct", "blocks" or "fft".
        batch: number of sequences.

    Raises:
        ValueError: if there is no such method.

    >>> [causal_convolution(4096, 1, 7, method).products for method in ("direct", "blocks")]
    [57344, 262144]
    """
    size, channels, taps, batch = as_counts(size=size, channels=channels, taps=taps, batch=batch)
    as_choice("method", method, METHODS)
    used, learned = min(taps, size), taps * channels
    if not used or not channels or not batch:
        return Cost(parameters=learned)
    moved = 2 * batch * size * channels + used * channels
    if method == "direct":
        products, others = 2 * batch * size * channels * used, 0
    elif method == "blocks":
        chunk = max(used, min(LEAST_CHUNK, size))
        chunks = batch * channels * -(-size // chunk)
        products, others = 4 * chunks * chunk**2, chunks * chunk
    else:
        products, others = 0, spectral_mixing(size, channels, causal=True, batch=batch).others
    return Cost(products, others, moved, learned)
