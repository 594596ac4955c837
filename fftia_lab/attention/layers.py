"""Butterfly attention as a layer, and the dense layer that it has to beat."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import torch
from torch import Tensor, nn

from .. import cost
from ..arguments import as_boolean, as_integer, check_dropout
from ..implementations import DROPOUT, MIX_HEADS, WIDE
from ..options import StageOptions
from ..schedule import BenesSchedule, Schedule
from ..tensors import check_floating, check_real, under_autocast
from .checks import check_backend
from .functional import butterfly_attention
from .matrices import tensors


class _Attention(nn.Module):
    """What both layers have: heads, a value projection, an output projection, checked input."""

    def __init__(self, dim: int, heads: int, dim_head: int | None, dropout: float) -> None:
        super().__init__()
        self.dim, self.heads = as_integer("dim", dim), as_integer("heads", heads)
        if self.dim < 1 or self.heads < 1:
            raise ValueError(f"dim and heads must be at least 1; got dim={dim}, heads={heads}")
        if dim_head is None and self.dim % self.heads:
            raise ValueError(
                f"heads must divide dim; got dim={dim}, heads={heads}: "
                f"choose another number of heads, or give dim_head"
            )
        given = dim_head is not None
        self.dim_head = as_integer("dim_head", dim_head) if given else self.dim // self.heads
        if self.dim_head < 1:
            raise ValueError(f"dim_head must be at least 1; got {dim_head}")
        check_dropout(dropout)
        self.dropout = dropout
        inner = self.heads * self.dim_head
        self.value: nn.Module = nn.Linear(self.dim, inner, bias=False)
        self.output: nn.Module = nn.Linear(inner, self.dim, bias=False)

    def _check(self, x: Any, mask: Any) -> None:
        check_floating("x", x)
        _check_precision(x, self.value)
        if x.dim() != 3 or x.shape[2] != self.dim:
            raise ValueError(
                f"x must have shape (batch, n, dim) with dim = {self.dim}; got {tuple(x.shape)}"
            )
        check_real(mask, x.shape[0], x.shape[1])

    def _heads(self, x: Tensor) -> Tensor:
        """Return (batch, n, heads·d) as (batch, heads, n, d)."""
        return torch.unflatten(x, 2, (self.heads, self.dim_head)).transpose(1, 2)


def _check_precision(x: Tensor, projection: nn.Module) -> None:
    """Refuse tokens of another precision than the weights that they are multiplied by first."""
    weight = getattr(projection, "weight", None)
    if not isinstance(weight, Tensor) or weight.dtype == x.dtype:
        return
    if under_autocast(x) and torch.float64 not in (x.dtype, weight.dtype):
        return
    raise TypeError(
        f"x is {x.dtype} and the layer's weights are {weight.dtype}: give x.to({weight.dtype}), or "
        f"convert the layer with layer.to({x.dtype})"
    )


class FFTInspiredAttention(_Attention):
    """Attention in log2(n) stages, each token with one partner a stage, between two projections.

    y = butterfly_attention(x W_v, W_q, W_k) W_o. Not a drop-in copy of dense attention: what it can
    and cannot do is told in notebooks/08-butterfly-attention.ipynb.

    Args:
        dim: channels of the input and the output.
        heads: number of heads.
        dim_head: channels of one head; None means dim / heads.
        dropout: probability, while training, with which a token skips a meeting. Rows keep their
            sum of 1, and nothing is scaled up.
        schedule: "butterfly", "shift", "benes" or, causal, "prefix"; None means the butterfly, or
            the prefix wiring if causal: a causal butterfly misses more than half of the past from
            32 tokens on, and the shift, which hears it all as well, took longer in the recorded run
            "wirings". Which of the two learns better is not known.
        projection: "head" for queries and keys inside each head, as in the supplementary note, or
            "model" across heads, as in the paper, with `heads` times the weights.
        share_stages: one weight for all stages.
        causal: whether a token hears only itself and earlier ones.
        padding: "relay", so that padding passes on what it hears and no meeting is lost, or
            "keep", so that whoever would meet padding keeps itself.
        radix: how many meet at a time in a butterfly, a power of two: 2 is the paper's; with more
            there are fewer stages, and with all tokens it is dense attention whose queries and keys
            are made from the values.
        max_length: the longest sequence; it sets how many stages have weights.
        backend: how `butterfly_attention` computes it, "auto" unless you must choose. Gates and
            matrices are always "auto".

    Shapes:
        x: floating point (batch, n, dim), n from 0 to max_length.
        mask: bool (batch, n), true for a real token; None means all. Nobody hears a masked token.
        returns (batch, n, dim), 0 for masked tokens.

    Raises:
        TypeError: if x is not floating point, the mask not a bool tensor, or an option of another
            type.
        ValueError: if a shape, a length or an option does not fit.

    What differs from the published code: it hears all tokens and not two; values are the running
    state; queries score themselves too, over √d; any length and masks are exact.

    A saved layer of a larger `max_length` has weights of more stages, the longest strides last, and
    of a Beneš network in the middle. For one of `max_length` 512, which has 9, keep the first:

        for name in ("w_q", "w_k"):
            state[name] = state[name][:9]

    Source: Tantisukarom (2025), FFT-Inspired Attention.

    >>> layer = FFTInspiredAttention(dim=64, heads=4)
    >>> layer(torch.zeros(2, 37, 64)).shape
    torch.Size([2, 37, 64])
    """

    def __init__(
        self,
        dim: int,
        heads: int = 8,
        dim_head: int | None = None,
        dropout: float = 0.0,
        *,
        schedule: str | None = None,
        projection: str = "head",
        share_stages: bool = False,
        causal: bool = False,
        padding: str = "relay",
        radix: int = 2,
        max_length: int = 65536,
        backend: str = "auto",
    ) -> None:
        super().__init__(dim, heads, dim_head, dropout)
        self.options = StageOptions(schedule, projection, share_stages, causal, padding, radix)
        self.max_length, self.backend = as_integer("max_length", max_length, least=1), backend
        mix_heads = self.options.mix_heads
        wide = self.options.radix > 2
        asked = {MIX_HEADS: mix_heads, DROPOUT: dropout > 0, WIDE: wide}
        check_backend(backend, frozenset(wish for wish, wished in asked.items() if wished), False)
        count = self.options.weights(self.options.wire(self.max_length).depth)
        inner = self.heads * self.dim_head
        one = (inner, inner) if mix_heads else (self.heads, self.dim_head, self.dim_head)
        self.w_q = nn.Parameter(torch.empty(count, *one))
        self.w_k = nn.Parameter(torch.empty(count, *one))
        self.reset_parameters()

    @property
    def causal(self) -> bool:
        """Whether a token hears only itself and earlier ones."""
        return self.options.causal

    def reset_parameters(self) -> None:
        """Draw weights anew: queries and keys of unit variance for values of unit variance."""
        for weight in (self.w_q, self.w_k):
            nn.init.normal_(weight, std=weight.shape[-1] ** -0.5)
        for module in (self.value, self.output):
            if isinstance(module, nn.Linear):
                module.reset_parameters()

    def _load_from_state_dict(
        self, state_dict: Any, prefix: str, metadata: Any, strict: bool, *lists: Any
    ) -> None:
        super()._load_from_state_dict(state_dict, prefix, metadata, strict, *lists)
        errors: list[str] = lists[-1]
        for name in ("w_q", "w_k"):
            saved, own = state_dict.get(prefix + name), getattr(self, name)
            if isinstance(saved, Tensor) and saved.shape[1:] == own.shape[1:] != saved.shape:
                errors += self._other_length(prefix + name, len(saved), len(own))

    def _other_length(self, name: str, saved: int, own: int) -> list[str]:
        """Say why so many stages do not fit, and what to do; nothing if they do."""
        if saved == own:
            return []
        fix = "make the layer with the max_length and share_stages of the saved one"
        if saved > own and self.options.schedule != BenesSchedule.kind and own > 1:
            fix += f", or keep the stages that this one has: state[{name!r}][:{own}]"
        return [
            f"{name} was saved with weights of {saved} stages, and a layer of "
            f"max_length={self.max_length} has {own}: {fix}."
        ]

    def _weights(self, schedule: Schedule) -> tuple[Tensor, Tensor]:
        """Return the weights of the schedule's stages: one for each stride, whatever the length.

        Of a Beneš network the rising strides come first, then the falling ones.
        """
        if self.options.share_stages:
            few = self.options.weights(schedule.depth)
            return self.w_q[:few], self.w_k[:few]
        if schedule.kind != BenesSchedule.kind:
            return self.w_q[: schedule.depth], self.w_k[: schedule.depth]
        rising = (schedule.depth + 1) // 2
        falling = (len(self.w_q) + 1) // 2
        numbers = [*range(rising), *(falling + bit for bit in reversed(range(rising - 1)))]
        return self.w_q[numbers], self.w_k[numbers]

    def _meet(self, x: Tensor, mask: Tensor | None, **options: Any) -> Any:
        n = x.shape[1]
        if n > self.max_length:
            raise ValueError(
                f"x has {n} tokens and max_length is {self.max_length}; make the layer with "
                f"max_length={n}, or share_stages=True and any max_length"
            )
        if mask is not None:
            x = x.where(mask[..., None], 0)  # 0 times NaN would spoil the projection's gradient
        schedule = self.options.wire(n)
        w_q, w_k = self._weights(schedule)
        return butterfly_attention(
            self._heads(self.value(x)), w_q, w_k, schedule=schedule, mask=mask, **options
        )

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return what the tokens become; shapes as in the class."""
        self._check(x, mask)
        dropout = self.dropout if self.training else 0.0
        mixed = self._meet(x, mask, dropout=dropout, backend=self.backend)
        found: Tensor = self.output(mixed.transpose(1, 2).flatten(2))
        return found

    def gates(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return the partners' weights, shape (stages, batch, heads, places).

        With a radix above 2 those of all members, (stages, batch, heads, places, radix).
        """
        self._check(x, mask)
        gates: Tensor = self._meet(x, mask, return_gates=True)[1]
        return gates

    def stage_factors(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return P_1 … P_L, shape (stages, batch, heads, n, n): what each stage multiplies by."""
        schedule = self.options.wire(x.shape[1])
        return tensors.stage_matrices(self.gates(x, mask), schedule, _real(x, schedule, mask))

    def attention_matrix(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return P_L ⋯ P_1, shape (batch, heads, n, n): whom each token has heard, and how much.

        Not negative, and every row sums to 1. The layer never makes it.
        """
        schedule = self.options.wire(x.shape[1])
        return tensors.attention_matrix(self.gates(x, mask), schedule, _real(x, schedule, mask))

    def reach(self, n: int, mask: Tensor | None = None) -> Tensor:
        """Return who can have heard whom among n tokens, bool of shape (n, n).

        Args:
            n: number of tokens, 0 to max_length.
            mask: bool of shape (n,), true for a real token.

        Raises:
            TypeError: if n is not an integer, or the mask not a bool tensor.
            ValueError: if n or the mask's shape does not fit.
        """
        n = as_integer("n", n)
        if not 0 <= n <= self.max_length:
            raise ValueError(f"n must lie in 0 to max_length = {self.max_length}; got {n}")
        if mask is not None:
            check_real(mask[None] if isinstance(mask, Tensor) else mask, 1, n)
        schedule = self.options.wire(n)
        real = torch.zeros(schedule.size, dtype=torch.bool)
        real[:n] = True if mask is None else mask.cpu()
        heard = torch.from_numpy(schedule.reach(mask=real.numpy()))[:n, :n]
        return heard.where(real[:n, None], torch.eye(n, dtype=torch.bool))

    def cost(self, n: int, batch: int = 1) -> cost.Cost:
        """Return what a forward pass over n tokens costs."""
        sizes = self.dim, self.heads, self.dim_head
        return cost.butterfly_layer(n, *sizes, self.options, batch=batch)

    @torch.no_grad()
    def copy_stages(self, trained: int) -> None:
        """Copy the weights of the widest stage that `trained` tokens use to all wider ones.

        A layer that was trained at one length then starts at longer ones with weights that it has
        learned. With `share_stages` there is nothing to copy.

        Raises:
            TypeError: if trained is not an integer.
            ValueError: if so many tokens have no stage, or the layer has none of that length.
        """
        trained = as_integer("trained", trained)
        if not 2 <= trained <= self.max_length:
            raise ValueError(
                f"trained must lie in 2 to max_length = {self.max_length}; got {trained}"
            )
        if self.options.share_stages:
            return
        used = self.options.wire(trained).depth
        benes = self.options.schedule == BenesSchedule.kind
        rising = (used + 1) // 2 if benes else used
        start = (len(self.w_q) + 1) // 2 if benes else len(self.w_q)
        for weight in (self.w_q, self.w_k):
            weight[rising:start] = weight[rising - 1]
            if benes and rising > 1:
                weight[start + rising - 1 :] = weight[start + rising - 2]

    def extra_repr(self) -> str:
        options = "".join(f"{name}={value!r}, " for name, value in asdict(self.options).items())
        return (
            f"dim={self.dim}, heads={self.heads}, dim_head={self.dim_head}, {options}"
            f"max_length={self.max_length}, backend={self.backend!r}"
        )


def _real(x: Tensor, schedule: Schedule, mask: Tensor | None) -> Tensor | None:
    """Return the mask, or one of all tokens where there are more places than those."""
    if mask is not None or schedule.places(x.shape[1]) == x.shape[1]:
        return mask
    return x.new_ones(x.shape[:2], dtype=torch.bool)


class DenseAttention(_Attention):
    """Softmax attention of every token to every other, in PyTorch's fastest form: the baseline.

    y = softmax(q kᵀ/√d) v W_o, by `torch.nn.functional.scaled_dot_product_attention`.

    Args:
        dim: channels of the input and the output.
        heads: number of heads.
        dim_head: channels of one head; None means dim / heads.
        dropout: probability, while training, with which a weight is dropped.
        causal: whether a token hears only itself and earlier ones.

    Shapes and errors as in `FFTInspiredAttention`; tokens of a row in which nothing is real give 0.

    >>> DenseAttention(dim=64, heads=4)(torch.zeros(2, 37, 64)).shape
    torch.Size([2, 37, 64])
    """

    def __init__(
        self,
        dim: int,
        heads: int = 8,
        dim_head: int | None = None,
        dropout: float = 0.0,
        *,
        causal: bool = False,
    ) -> None:
        super().__init__(dim, heads, dim_head, dropout)
        self.causal = as_boolean("causal", causal)
        inner = self.heads * self.dim_head
        self.query = nn.Linear(self.dim, inner, bias=False)
        self.key = nn.Linear(self.dim, inner, bias=False)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return what the tokens become; shapes as in the class."""
        self._check(x, mask)
        allowed = None
        if mask is not None:
            x = x.where(mask[..., None], 0)
            allowed = self._allowed(mask)
        query, key, value = (self._heads(f(x)) for f in (self.query, self.key, self.value))
        mixed = nn.functional.scaled_dot_product_attention(
            query,
            key,
            value,
            attn_mask=allowed,
            dropout_p=self.dropout if self.training else 0.0,
            is_causal=self.causal and mask is None,
        )
        found: Tensor = self.output(mixed.transpose(1, 2).flatten(2))
        return found

    def _allowed(self, mask: Tensor) -> Tensor:
        """Return who may hear whom; whoever would hear nobody hears itself, which is 0."""
        n = mask.shape[1]
        if not self.causal:
            return (mask | ~mask.any(1, keepdim=True))[:, None, None, :]
        own = torch.eye(n, dtype=torch.bool, device=mask.device)
        past = torch.ones(n, n, dtype=torch.bool, device=mask.device).tril()
        return ((mask[:, None, :] & past) | own)[:, None]

    def cost(self, n: int, batch: int = 1) -> cost.Cost:
        """Return what a forward pass over n tokens costs."""
        return cost.dense_layer(
            n, self.dim, self.heads, self.dim_head, causal=self.causal, batch=batch
        )
