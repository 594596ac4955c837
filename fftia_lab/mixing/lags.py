"""A circulant whose weights come from the data: attention over lags, in O(N log N).

The bridge from attention to mixing. As in attention weights are a softmax of what tokens say, so
that rows sum to 1; as in mixing they are one row for all, rolled, so that an FFT applies them.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ..arguments import as_boolean, as_choice, as_integer
from ..tensors import check_real
from .checks import check_tokens, silence
from .circulant import circular_convolution
from .inputs import check_reals, working
from .transforms import rfft

SCORES = "place", "pairs"


def circulant_attention(
    scores: Tensor, values: Tensor, mask: Tensor | None = None, *, causal: bool = False
) -> Tensor:
    """Weigh the tokens that lie k back by what the token at place k says of that lag.

    One score a token, z_k, is the score of the lag k, the same for all rows:

    y_i = Σ_k p_k v_{(i - k) mod N} with p = softmax(z), so that y = circulant(p) v;
    causal: y_i = Σ_{k ≤ i} e^{z_k} v_{i-k} / Σ_{k ≤ i} e^{z_k}.

    The causal matrix is lower triangular Toeplitz with every row divided by its sum. It needs no
    token after i, neither as a value nor as a weight, since the lag k ≤ i takes its score from the
    token k. What is lost by it: the matrix is no longer Toeplitz, only its rows are shifts up to a
    factor; a weight means less the later the row; and the work is O(N log² N), since one FFT over
    all would drown early rows in the rounding of later, larger weights. Here each block is scaled
    by what has been heard by then, and what comes later changes no bit.

    Args:
        scores: real floating point, shape (batch, heads, n), any n from 0.
        values: the same type, shape (batch, heads, n, d).
        mask: bool of shape (batch, n), true for a real token; None means all. Masked tokens are as
            if they were not there: the others close up, and the circle has as many places as
            there are real tokens. Whatever they hold is not read.
        causal: whether a token hears only itself and earlier ones.

    Returns:
        shape of the values, 0 for masked tokens; halves are computed in float32.

    Raises:
        TypeError: if one is no real floating point tensor, the mask not a bool tensor, or causal
            not a bool.
        ValueError: if a shape does not fit.

    Source: Yamada (2025), CAT, arXiv:2504.06704, whose z is one projection of each token, or, with
    averaged keys, the product of its query and the mean key; without the causal form, which there
    costs O(N²). Lags are counted back, as a product of spectra does; programs of CAT by others
    count them ahead, and then a shift of all tokens moves no output. Blocks that double, for
    products of which both sides come in order: Fischer and Stockmeyer (1974),
    doi:10.1016/S0022-0000(74)80047-4.

    >>> one = torch.tensor([[[0.0, 50.0, 0.0]]])  # all of the weight on the lag 1
    >>> circulant_attention(one, torch.tensor([[[[1.0], [2.0], [3.0]]]])).round().flatten()
    tensor([3., 1., 2.])
    >>> circulant_attention(one, torch.tensor([[[[1.0], [2.0], [3.0]]]]), causal=True).flatten()
    tensor([1., 1., 2.])
    """
    _check(scores, values, mask, causal)
    kind = working(values.dtype)
    z, v = scores.to(kind), values.to(kind).transpose(2, 3)
    if mask is None:
        y = _relaxed(z, v) if causal else circular_convolution(v, z.softmax(-1)[:, :, None])
        return y.transpose(2, 3).to(values.dtype)
    # real tokens move to the front, are worked on as a row of their own length, and move back
    order, count = _packing(mask)
    z = z.where(mask[:, None], -torch.inf).where(count[:, 0] > 0, 0)  # of no token: any weights
    z = z.gather(2, order[:, None].expand_as(z))
    v = v.where(mask[:, None, None], 0).gather(3, order[:, None, None].expand_as(v))
    y = _relaxed(z, v) if causal else _circle(z.softmax(-1), v, count)
    y = y.gather(3, order.argsort(1)[:, None, None].expand_as(y))
    return y.where(mask[:, None, None], 0).transpose(2, 3).to(values.dtype)


def lag_scores(query: Tensor, key: Tensor, mask: Tensor | None = None) -> Tensor:
    """Return how well queries fit keys at each lag, on average: scores for `circulant_attention`.

    z_k = Σ_i q_i·k_{(i - k) mod N} / (N √d): the circular correlation, by FFT. A shift of the
    tokens moves pairs and not their lags, so that these scores stay as they are, and what is
    weighed by them commutes with shifts. Every score hears all tokens: none of it is causal.

    Args:
        query, key: real floating point of one shape (batch, heads, n, d).
        mask: as in `circulant_attention`.

    Returns:
        shape (batch, heads, n): with a mask the score of the lag k stands at the k-th real token,
        and 0 at masked ones.

    Raises:
        TypeError: if one is no real floating point tensor, or the mask not a bool tensor.
        ValueError: if a shape does not fit.

    The circulant of these scores is the one nearest to the matrix q·k/√d of attention.

    Source: Han et al. (2025), Circulant Attention, arXiv:2512.21542, on a grid of two axes, with
    lags counted ahead and a gate on each output; before, the correlation of Wu et al. (2021),
    Autoformer, arXiv:2106.13008, which keeps the best few lags.

    >>> x = torch.tensor([3.0, 0.0, 0.0, 3.0]).reshape(1, 1, 4, 1)
    >>> lag_scores(x, x)
    tensor([[[4.5000, 2.2500, 0.0000, 2.2500]]])
    """
    check_reals("query", query)
    check_reals("key", key)
    if query.dim() != 4 or query.shape != key.shape:
        raise ValueError(
            "query and key must have one shape (batch, heads, n, d); got "
            f"{tuple(query.shape)} and {tuple(key.shape)}"
        )
    batch, heads, n, d = query.shape
    check_real(mask, batch, n)
    q, k = (part.to(working(query.dtype)).transpose(2, 3) for part in (query, key))
    if n == 0:
        return query.new_zeros(batch, heads, 0)
    if mask is None:
        spectrum = (rfft(q, n, 3) * rfft(k, n, 3).conj()).sum(2)
        return (torch.fft.irfft(spectrum, n) / (n * d**0.5)).to(query.dtype)
    order, count = _packing(mask)
    q, k = (part.where(mask[:, None, None], 0) for part in (q, k))
    q, k = (part.gather(3, order[:, None, None].expand_as(part)) for part in (q, k))
    spectrum = (rfft(q, 2 * n, 3) * rfft(k, 2 * n, 3).conj()).sum(2)
    long, own = torch.fft.irfft(spectrum, 2 * n), torch.arange(n, device=q.device)
    around = ((own - count[..., 0]) % (2 * n)).expand(batch, heads, n)
    folded = (long[..., :n] + long.gather(2, around)) / (count[..., 0].clamp(min=1) * d**0.5)
    placed = folded.gather(2, order.argsort(1)[:, None].expand_as(folded))
    return placed.where(mask[:, None], 0).to(query.dtype)


def _packing(mask: Tensor) -> tuple[Tensor, Tensor]:
    """Return an order in which real tokens come first, and how many they are, (batch, 1, 1, 1)."""
    order = torch.argsort((~mask).to(torch.int8), dim=1, stable=True)
    return order, mask.sum(1)[:, None, None, None]


def _check(scores: Tensor, values: Tensor, mask: Tensor | None, causal: bool) -> None:
    check_reals("scores", scores)
    check_reals("values", values)
    if values.dim() != 4 or scores.shape != values.shape[:3]:
        raise ValueError(
            "scores must have shape (batch, heads, n) and values (batch, heads, n, d); "
            f"got {tuple(scores.shape)} and {tuple(values.shape)}"
        )
    check_real(mask, values.shape[0], values.shape[2])
    as_boolean("causal", causal)


def _circle(p: Tensor, v: Tensor, count: Tensor) -> Tensor:
    """Return the circular convolution of rows of which only the first `count` places are real.

    What a linear convolution holds from `count` on is laid over the start.
    """
    n = v.shape[-1]
    padded = nn.functional.pad(p[:, :, None], (0, n))
    long = circular_convolution(nn.functional.pad(v, (0, n)), padded)
    around = torch.arange(n, device=v.device) + count
    wrapped = long.gather(3, around.clamp(max=2 * n - 1).expand_as(v))
    return long[..., :n] + wrapped


def _relaxed(z: Tensor, v: Tensor) -> Tensor:
    """Return the causal form; z of shape (batch, heads, n), v (batch, heads, d, n).

    The pairs (lag k, place j) are cut into squares of B × B, B = 1, 2, 4 …: lags B - 1 … 2B - 2
    with all places from B - 1 on, and the other way round. A square adds to rows that come after
    all it holds. The weights' sum is one more value, which is 1 everywhere.
    """
    n, size = v.shape[-1], 1
    v = torch.cat((v, torch.ones_like(v[:, :, :1])), 2)
    peak = torch.cummax(z.detach(), -1).values if n else z
    y = torch.zeros_like(v)
    while 2 * (size - 1) < n:
        near, far = size - 1, 2 * size - 1
        y = y + _squares(z[..., near:far], v[..., near:], near + near, peak, size)
        if near + far < n:
            y = y + _squares(z[..., far:], v[..., near:far], near + far, peak, size)
        size *= 2
    return y[:, :, :-1] / y[:, :, -1:]


def _squares(z: Tensor, v: Tensor, start: int, peak: Tensor, size: int) -> Tensor:
    """Return what squares of lags and places add to all rows; of z and v one fills one block.

    Args:
        z, v: scores and values in order; the first entries of both meet in row `start`.
        peak: the largest score up to each row, by whose exponential the row is divided.
        size: the side of a square.
    """
    n = peak.shape[-1]
    z, v = _blocks(z, size, -torch.inf), _blocks(v, size, 0.0)
    largest = z.detach().amax(-1, keepdim=True).clamp(min=torch.finfo(z.dtype).min)
    spectrum = rfft((z - largest).exp(), 2 * size, 3)[:, :, None] * rfft(v, 2 * size, 4)
    squares = torch.fft.irfft(spectrum, 2 * size)
    halves = torch.unflatten(squares, -1, (2, size))
    scale = _scales(largest, peak[..., start:], halves.shape[3], size)
    first, second = (halves * scale).unbind(4)
    pad = nn.functional.pad
    rows = (pad(first, (0, 0, 0, 1)) + pad(second, (0, 0, 1, 0))).flatten(3)
    return pad(rows[..., : n - start], (start, 0))


def _scales(largest: Tensor, peak: Tensor, count: int, size: int) -> Tensor:
    """Return by what each square's rows are multiplied: at most 1, and 0 behind the last row."""
    rows = _blocks(peak, size, torch.inf)
    rows = nn.functional.pad(rows, (0, 0, 0, max(count + 1 - rows.shape[2], 0)), value=torch.inf)
    both = torch.stack((rows[:, :, :count], rows[:, :, 1 : count + 1]), 3)
    return (largest[..., None] - both).exp()[:, :, None]


def _blocks(row: Tensor, size: int, fill: float) -> Tensor:
    """Return the last axis in blocks of `size`, the last one filled up."""
    filled = nn.functional.pad(row, (0, -row.shape[-1] % size), value=fill)
    return torch.unflatten(filled, -1, (-1, size))


def lag_matrix(scores: Tensor, mask: Tensor | None = None, *, causal: bool = False) -> Tensor:
    """Return the matrix that `circulant_attention` multiplies by, which it never makes.

    Args:
        scores, mask, causal: as in `circulant_attention`.

    Returns:
        shape (batch, heads, n, n), not negative; rows sum to 1, those of masked tokens to 0.

    >>> lag_matrix(torch.tensor([[[0.0, 0.0, 0.0]]]), causal=True)[0, 0]
    tensor([[1.0000, 0.0000, 0.0000],
            [0.5000, 0.5000, 0.0000],
            [0.3333, 0.3333, 0.3333]])
    """
    _check(scores, scores[..., None], mask, causal)
    batch, _, n = scores.shape
    real = scores.new_ones(batch, n, dtype=torch.bool) if mask is None else mask
    place = real.cumsum(1) - 1
    lag = place[:, :, None] - place[:, None, :]
    met = real[:, :, None] & real[:, None, :]
    if causal:
        met = met & (lag >= 0)
    lag = (lag % real.sum(1).clamp(min=1)[:, None, None]).where(met, 0)
    order, _ = _packing(real)
    packed = scores.gather(2, order[:, None].expand_as(scores))
    every = *scores.shape, n
    said = packed[:, :, None].expand(every).gather(3, lag[:, None].expand(every))
    heard = said.masked_fill(~met[:, None], -torch.inf).where(real[:, None, :, None], 0)
    return heard.softmax(-1).where(real[:, None, :, None], 0)


class CirculantAttention(nn.Module):
    """Attention over lags between two projections: O(N log N), and dim + heads weights a channel.

    y = circulant_attention(z, x W_v) W_o. With scores="place", as published, z = x W_z: one score a
    token and head, where attention has a query and a key. With scores="pairs",
    z = lag_scores(x W_q, x W_k), which asks all pairs of a lag.

    What it cannot do that attention can: no token chooses whom it hears. All rows carry the same
    weights, so that content cannot be looked up. And a score that is read at a place is the score
    of the lag k off token k, so that shifting the input by t places, around, shifts the output by
    2t: circulant in its values, it does not commute with shifts. (Were lags counted ahead, the
    output would stay.) Scores of pairs do.

    Args:
        dim: channels of the input and the output.
        heads: number of heads, each with a circulant of its own; divides dim.
        causal: whether a token hears only itself and earlier ones; see `circulant_attention` for
            what that costs and loses.
        scores: "place" or "pairs"; pairs cannot be causal.

    Shapes:
        x: floating point (batch, n, dim), any n from 0.
        mask: bool (batch, n), true for a real token; None means all. Masked tokens are as if they
            were not there, wherever they stand.
        returns (batch, n, dim), 0 for masked tokens.

    Raises:
        TypeError: if x is no floating point tensor, the mask not a bool tensor, or an option of
            another type.
        ValueError: if a shape does not fit, heads does not divide dim, or causal pairs are wished.

    Source: Yamada (2025), CAT, arXiv:2504.06704; the output projection is attention's; for pairs
    Han et al. (2025), Circulant Attention, arXiv:2512.21542, whose gate is left out.

    >>> CirculantAttention(dim=64, heads=4)(torch.zeros(2, 37, 64)).shape
    torch.Size([2, 37, 64])
    """

    def __init__(
        self, dim: int, heads: int = 8, causal: bool = False, *, scores: str = "place"
    ) -> None:
        super().__init__()
        self.dim = as_integer("dim", dim, least=1)
        self.heads = as_integer("heads", heads, least=1)
        if self.dim % self.heads:
            raise ValueError(f"heads must divide dim; got dim={dim}, heads={heads}")
        self.causal = as_boolean("causal", causal)
        self.scores = as_choice("scores", scores, SCORES)
        if self.causal and self.scores == "pairs":
            raise ValueError(
                "pairs of a lag are asked across all tokens, the future's too: "
                'take scores="place", or causal=False'
            )
        wanted = self.heads if self.scores == "place" else 2 * self.dim
        self.score = nn.Linear(self.dim, wanted, bias=False)
        self.value = nn.Linear(self.dim, self.dim, bias=False)
        self.output = nn.Linear(self.dim, self.dim, bias=False)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return what the tokens become; shapes as in the class."""
        x = self._checked(x, mask)
        values = torch.unflatten(self.value(x), 2, (self.heads, -1)).transpose(1, 2)
        mixed = circulant_attention(self._scores(x, mask), values, mask, causal=self.causal)
        found: Tensor = self.output(mixed.transpose(1, 2).flatten(2))
        return found

    def attention_matrix(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return whom each token hears and how much, shape (batch, heads, n, n)."""
        return lag_matrix(self._scores(self._checked(x, mask), mask), mask, causal=self.causal)

    def _checked(self, x: Tensor, mask: Tensor | None) -> Tensor:
        check_tokens(type(self).__name__, x, mask, self.dim)
        return silence(x, mask)

    def _scores(self, x: Tensor, mask: Tensor | None) -> Tensor:
        said: Tensor = self.score(x)
        if self.scores == "place":
            return said.transpose(1, 2)
        query, key = torch.unflatten(said, 2, (2, self.heads, -1)).permute(2, 0, 3, 1, 4)
        return lag_scores(query, key, mask)

    def extra_repr(self) -> str:
        options = f"causal={self.causal}, scores={self.scores!r}"
        return f"dim={self.dim}, heads={self.heads}, {options}"
