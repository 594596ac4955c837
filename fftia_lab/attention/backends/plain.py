"""Butterfly attention in operations that PyTorch differentiates, compiles and exports itself.

The form that returns gates, drops meetings, projects across heads, and goes through torch.func.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from ...tensors import widened
from .job import Job
from .stages import Pairs, Stage, across


def attend(job: Job) -> tuple[Tensor, list[Tensor]]:
    """Return x after all stages, and the gates of each, shape (batch, heads, tokens)."""
    query_weights, key_weights = weights_of(job)
    layout = job.layout()
    x = job.padded(layout.places)
    return run(x, key_weights, layout.stages, query_weights, job.dropout)


def run(
    x: Tensor,
    key_weights: Tensor,
    stages: Sequence[Stage],
    query_weights: Tensor | None = None,
    dropout: float = 0.0,
) -> tuple[Tensor, list[Tensor]]:
    """Return x after all stages, and the gates of each; weights as `weights_of` returns them.

    Shapes beside the code: b batch, h heads, n tokens, r rows that hear somebody, d channels.
    """
    gates, kind = [], x.dtype
    x = widened(x)
    for number, stage in enumerate(stages):
        own, partner = stage.own(x), stage.partner(x)
        asking, answering = own, partner
        if query_weights is not None:
            asking, answering = _queries(stage, x, query_weights[number])
        delta = partner - own  # (b, h, …, d): pairs as blocks and strides, else rows
        rows = delta.flatten(2, -2)  # (b, h, r, d)
        if stage.met is not None:
            rows = rows.where(stage.met, 0)
            delta = rows.view(delta.shape)
        weight = key_weights[number]
        keys = rows @ weight if query_weights is None else across(rows, weight)
        keys = keys.reshape(delta.shape)  # (b, h, …, d)
        score = (asking * keys).sum(-1, keepdim=True)  # (b, h, …, 1)
        gate = _gate(score, stage, 0, dropout)
        back = torch.zeros_like(gate)
        if stage.mutual:
            score = -(answering * keys).sum(-1, keepdim=True)
            back = _gate(score, stage, 1, dropout)
        gates.append(_of_all(stage, x, gate, back).squeeze(-1))  # (b, h, n)
        # whoever is only heard stays as it is: 0 times what is no number would be none
        partner = partner - back * delta if stage.mutual else partner
        x = stage.join(x, own + gate * delta, partner)  # (b, h, n, d)
    return x.to(kind), gates


def weights_of(job: Job) -> tuple[Tensor | None, Tensor]:
    """Return what makes queries of tokens and keys of differences.

    Inside heads that is nothing and Mᵀ; across heads W_q/√d and W_k.
    """
    if not job.mix_heads:
        return None, job.bilinear(job.working)
    scaled = widened(job.w_q) * job.x.shape[-1] ** -0.5
    queries, keys = (job.per_stage(w.to(job.working)) for w in (scaled, job.w_k))
    return queries, keys


def _queries(stage: Stage, x: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
    """Return the queries across heads of the rows that hear, and of partners that hear too."""
    if stage.mutual:
        asked = across(x[:, :, : 2 * stage.rows], weight)
        return stage.own(asked), stage.partner(asked)
    own = stage.own(x)
    asked = across(own.flatten(2, -2), weight).reshape(own.shape)
    return asked, asked


def _gate(score: Tensor, stage: Stage, side: int, dropout: float) -> Tensor:
    gate = score.sigmoid()
    if dropout:
        gate = gate.where(torch.rand_like(gate) >= dropout, 0)
    return gate if stage.sides is None else stage.sides[side].settle(gate)


def _of_all(stage: Stage, x: Tensor, gate: Tensor, back: Tensor) -> Tensor:
    """Return the gates of all places after the stage, shape (batch, heads, places, 1)."""
    gates = stage.join(torch.zeros_like(x[..., :1]), gate, back)
    if not stage.rest:
        return gates
    copies = torch.ones_like(gates[:, :, -stage.rest :])
    if isinstance(stage, Pairs) and stage.copied is not None:
        copies = copies.where(stage.copied, 0)
    return torch.cat((gates[:, :, : -stage.rest], copies), 2)
