"""Butterfly attention as published, repaired: queries, keys, an index and a softmax over two.

It takes every wiring, and four times the products of the pair form. Here to be compared with.
"""

from __future__ import annotations

import torch
from torch import Tensor

from .job import Job
from .stages import across, gathers_of


def attend(job: Job) -> tuple[Tensor, list[Tensor]]:
    """Return x after all stages, and the gates of each, shape (batch, heads, tokens)."""
    x, gates = job.x, []
    w_q, w_k = (job.per_stage(w.to(x.dtype)) for w in (job.w_q, job.w_k))
    stages = gathers_of(job.schedule, x.shape[2], job.real, x.device)
    for number, stage in enumerate(stages):
        weights = (w[number] for w in (w_q, w_k))
        query, key = (across(x, w) if job.mix_heads else x @ w for w in weights)
        keys = torch.stack((key, stage.partner(key)), 3)
        scores = (query.unsqueeze(3) * keys).sum(-1) * x.shape[-1] ** -0.5
        shares = scores.softmax(-1).unsqueeze(-1)
        mixed = (shares * torch.stack((x, stage.partner(x)), 3)).sum(3)
        x = mixed.where(stage.met, x)
        gates.append(shares[..., 1, :].where(stage.met, 0).squeeze(-1))
    return x, gates
