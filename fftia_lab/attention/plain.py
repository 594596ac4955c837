"""Butterfly attention in operations that PyTorch differentiates, compiles and exports itself.

The form that returns gates, drops meetings, projects across heads, and can be differentiated twice.
"""

from __future__ import annotations

import torch
from torch import Tensor

from .job import Job
from .stages import Stage, across


def attend(job: Job) -> tuple[Tensor, list[Tensor]]:
    """Return x after all stages, and the gates of each, shape (batch, heads, tokens)."""
    x, gates = job.x, []
    query_weights, key_weights = weights_of(job)
    for number, stage in enumerate(job.stages()):
        queries, own, partner = x, stage.own(x), stage.partner(x)
        if query_weights is not None:
            queries = across(x, query_weights[number % len(query_weights)])
        delta = partner - own
        rows = delta.flatten(2, -2)
        if stage.met is not None:
            rows = rows.where(stage.met, 0)
            delta = rows.view(delta.shape)
        weight = key_weights[number % len(key_weights)]
        keys = across(rows, weight) if job.mix_heads else rows @ weight
        keys = keys.reshape(delta.shape)
        gate = _gate((stage.own(queries) * keys).sum(-1, keepdim=True), stage, job.dropout)
        back = torch.zeros_like(gate)
        if stage.mutual:
            score = -(stage.partner(queries) * keys).sum(-1, keepdim=True)
            back = _gate(score, stage, job.dropout)
        gates.append(stage.join(torch.zeros_like(x[..., :1]), gate, back).squeeze(-1))
        x = stage.join(x, own + gate * delta, partner - back * delta)
    return x, gates


def weights_of(job: Job) -> tuple[Tensor | None, Tensor]:
    """Return what makes queries of tokens and keys of differences.

    Inside heads that is nothing and Mᵀ; across heads W_q/√d and W_k.
    """
    if not job.mix_heads:
        return None, job.bilinear()
    scaled = job.w_q * job.x.shape[-1] ** -0.5
    return scaled.to(job.x.dtype), job.w_k.to(job.x.dtype)


def _gate(score: Tensor, stage: Stage, dropout: float) -> Tensor:
    gate = score.sigmoid()
    if stage.met is not None:
        gate = gate.where(stage.met.view(-1, 1, *gate.shape[2:]), 0)
    return gate.where(torch.rand_like(gate) >= dropout, 0) if dropout else gate
