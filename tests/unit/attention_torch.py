"""Butterfly attention by PyTorch's own dense attention: the oracle of every faster form."""

import torch
from torch.nn.functional import scaled_dot_product_attention

BACKENDS = ["eager", "plain", "literal"]


def as_torch(*arrays, dtype=torch.float64):
    """Leaves that want a gradient."""
    return [torch.tensor(a, dtype=dtype, requires_grad=True) for a in arrays]


def by_dense_attention(x, w_q, w_k, schedule, mask):
    """Each stage as softmax over all tokens of which two are allowed."""
    batch, _, n, _ = x.shape
    places = schedule.places(n)
    real = torch.zeros(batch, schedule.size, dtype=torch.bool)
    real[:, :n] = True if mask is None else torch.as_tensor(mask)
    state = torch.nn.functional.pad(x, (0, 0, 0, places - n))
    own = torch.eye(places, dtype=torch.bool)
    for stage, (partner, holds) in enumerate(schedule.meetings(real.numpy())):
        partner, holds = (torch.from_numpy(one[:, :places]) for one in (partner, holds))
        heard = torch.nn.functional.one_hot(partner, places).bool()
        copies = ~holds & (partner != torch.arange(places))
        allowed = heard | (own & ~copies[..., None])
        query, key = (_project(state, w[min(stage, len(w) - 1)]) for w in (w_q, w_k))
        state = scaled_dot_product_attention(query, key, state, attn_mask=allowed[:, None])
    return state[:, :, :n].where(real[:, None, :n, None], x)


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
