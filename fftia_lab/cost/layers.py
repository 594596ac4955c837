"""What whole layers cost: attention, mixing and MLPs with the projections that belong to them."""

from __future__ import annotations

from ..arguments import as_boolean
from ..options import StageOptions
from .attention import USUAL, butterfly_attention, dense_attention
from .counts import Cost, as_counts, linear
from .transforms import spectral_mixing

GELU = 5  # scale, erf, add, multiply, halve


def butterfly_layer(
    size: int,
    dim: int,
    heads: int,
    dim_head: int,
    options: StageOptions = USUAL,
    *,
    batch: int = 1,
    launches: int | None = None,
) -> Cost:
    """Return the cost of `FFTInspiredAttention`: value projection, stages, output projection.

    Args:
        size: number of tokens.
        dim: channels of the model.
        heads: number of heads.
        dim_head: channels of one head.
        options, launches: as in `butterfly_attention`.
        batch: number of sequences.

    >>> dense, butterfly = dense_layer(8192, 256, 4, 64), butterfly_layer(8192, 256, 4, 64)
    >>> round(dense.products / butterfly.products, 1)
    18.6
    """
    size, dim, heads, dim_head, batch = as_counts(
        size=size, dim=dim, heads=heads, dim_head=dim_head, batch=batch
    )
    inner = heads * dim_head
    core = butterfly_attention(size, heads, dim_head, options, batch=batch, launches=launches)
    return linear(batch * size, dim, inner) + core + linear(batch * size, inner, dim)


def dense_layer(
    size: int, dim: int, heads: int, dim_head: int, *, causal: bool = False, batch: int = 1
) -> Cost:
    """Return the cost of `DenseAttention`: three projections, attention, output projection.

    Args:
        size: number of tokens.
        dim: channels of the model.
        heads: number of heads.
        dim_head: channels of one head.
        causal: whether a token sees only itself and earlier ones.
        batch: number of sequences.

    >>> dense_layer(1, 8, 2, 4).parameters
    256
    """
    size, dim, heads, dim_head, batch = as_counts(
        size=size, dim=dim, heads=heads, dim_head=dim_head, batch=batch
    )
    inner = heads * dim_head
    core = dense_attention(size, heads, dim_head, causal=causal, batch=batch)
    return linear(batch * size, dim, 3 * inner) + core + linear(batch * size, inner, dim)


def spectral_layer(
    size: int,
    dim: int,
    *,
    causal: bool = False,
    projected: bool = False,
    filters: int | None = None,
    batch: int = 1,
) -> Cost:
    """Return the cost of `SpectralMixingLayer`, alone or between as many projections as attention.

    y = mixing(x), or y = (q ⊙ mixing(k ⊙ v)) W_o with q = x W_q, k = x W_k, v = x W_v, whose gates
    belong to the step that mixes.

    Args:
        size: number of tokens.
        dim: channels of the model.
        causal, filters: as in `spectral_mixing`.
        projected: whether there are projections; without them no channel hears another.
        batch: number of sequences.

    >>> spectral_layer(1024, 64).products, spectral_layer(1024, 64, projected=True).products
    (0, 33554432)
    """
    size, dim, batch = as_counts(size=size, dim=dim, batch=batch)
    mixing = spectral_mixing(size, dim, causal=causal, filters=filters, batch=batch)
    if not as_boolean("projected", projected):
        return mixing
    tokens = batch * size * dim
    gates = Cost(others=2 * tokens, moved=2 * tokens)  # three are read where mixing reads one
    return linear(batch * size, dim, 3 * dim) + mixing + gates + linear(batch * size, dim, dim)


def mlp(size: int, dim: int, ratio: int = 4, *, batch: int = 1) -> Cost:
    """Return the cost of the MLP of a block: dim → ratio·dim → dim with biases and a GELU.

    4·size·ratio·dim² operations in products.

    Args:
        size: number of tokens.
        dim: channels of the model.
        ratio: how much wider the hidden channels are.
        batch: number of sequences.

    >>> mlp(1, 8).parameters
    552
    """
    size, dim, ratio, batch = as_counts(size=size, dim=dim, ratio=ratio, batch=batch)
    rows, hidden = batch * size, ratio * dim
    biases = hidden + dim
    rest = Cost(others=rows * (biases + GELU * hidden), moved=biases, parameters=biases)
    return linear(rows, dim, hidden) + rest + linear(rows, hidden, dim)
