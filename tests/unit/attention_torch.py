"""Butterfly attention by PyTorch's own dense attention: the oracle of every faster form."""

import torch
from torch.nn.functional import scaled_dot_product_attention

from fftia_lab.attention.wiring import meetings

BACKENDS = ["eager", "plain", "literal"]


def as_torch(*arrays, dtype=torch.float64):
    """Leaves that want a gradient."""
    return [torch.tensor(a, dtype=dtype, requires_grad=True) for a in arrays]


def by_dense_attention(x, w_q, w_k, schedule, mask):
    """Each stage as softmax over all tokens of which two are allowed."""
    batch, _, n, _ = x.shape
    real = torch.zeros(batch, schedule.size, dtype=torch.bool)
    real[:, :n] = True if mask is None else torch.as_tensor(mask)
    own = torch.eye(n, dtype=torch.bool)
    for stage in range(schedule.depth):
        partner = torch.from_numpy(meetings(schedule, stage, real.numpy())[:, :n])
        allowed = own | torch.nn.functional.one_hot(partner, schedule.size)[..., :n].bool()
        query, key = (_project(x, w[min(stage, len(w) - 1)]) for w in (w_q, w_k))
        x = scaled_dot_product_attention(query, key, x, attn_mask=allowed[:, None])
    return x


def _project(x, weight):
    if weight.shape[-1] == x.shape[-1]:
        return x @ weight
    batch, heads, n, d = x.shape
    together = x.transpose(1, 2).reshape(batch, n, heads * d) @ weight
    return together.reshape(batch, n, heads, d).transpose(1, 2)


def relative(found, wanted):
    """The deviation's root mean square over that of what is wanted."""
    difference = found.detach().double() - wanted.detach().double()
    scale = wanted.detach().double().norm()
    return float(difference.norm() / scale) if scale else float(difference.norm())
