"""Butterfly attention by definition, in NumPy and float64: the law for every faster form.

Leaves out speed and gradients. Its story is told in notebooks/08-butterfly-attention.ipynb.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..arguments import as_floats, check_mask
from ..schedule import Booleans, ButterflySchedule, Integers, Schedule
from .checks import projection_of, schedule_for

Floats = NDArray[np.float64]
Step = Callable[[Floats, Floats, Floats], tuple[Floats, Floats]]


def butterfly_attention(
    x: ArrayLike,
    w_q: ArrayLike,
    w_k: ArrayLike,
    schedule: Schedule | None = None,
    mask: ArrayLike | None = None,
) -> tuple[Floats, Floats]:
    """Let every token attend, stage by stage, to itself and one partner, or to its group.

    q = x W_q[s], k = x W_k[s]; with j the partner of i at stage s, and a softmax over two scores,
    (1 - g_i, g_i) = softmax(q_i·k_i/√d, q_i·k_j/√d) and x_i ← (1 - g_i) x_i + g_i x_j.
    Values are the running state. Causality is the schedule's. With a radix above 2 the softmax is
    over all of the group that the schedule lets the token hear.

    Args:
        x: shape (batch, heads, n, d), any n from 0.
        w_q: shape (stages, heads, d, d), or (stages, d, d) for all heads alike, or
            (stages, heads·d, heads·d) to project across heads; stages is the schedule's depth, or 1
            for one weight in all stages.
        w_k: the same shape.
        schedule: the wiring of at least n positions; None means a butterfly of the next power of
            two. Positions from n on are padding, and what padding does is the schedule's.
        mask: bool of shape (batch, n), true for a real token; None means all. A masked token keeps
            its value and nobody hears it; its place may relay.

    Returns:
        y, float64 of shape (batch, heads, n, d), and the gates g, float64 of shape
        (stages, batch, heads, schedule.places(n)): the weight of the partner, 0 where a place hears
        nobody and 1 where it relays what it had none of; or, where more than two meet, the weights
        of all members, shape (stages, batch, heads, size, radix), in the order of the schedule's
        groups.

    Raises:
        TypeError: if the schedule is none, the mask is not bool, or a number is not real.
        ValueError: if a shape does not fit.

    Source: Tantisukarom (2025), FFT-Inspired Attention, with its update V_i = P_i V_{i-1}.

    >>> from fftia_lab import ButterflySchedule
    >>> x = np.arange(8.0).reshape(1, 1, 4, 2)
    >>> nothing = np.zeros((2, 2, 2))
    >>> butterfly_attention(x, nothing, nothing, ButterflySchedule(4))[0][0, 0]
    array([[3., 4.],
           [3., 4.],
           [3., 4.],
           [3., 4.]])
    """
    x, w_q, w_k = as_floats("x", x), as_floats("w_q", w_q), as_floats("w_k", w_k)
    schedule = schedule_for(x.shape, schedule)
    across = projection_of(x.shape, w_q.shape, w_k.shape, schedule) == "model"
    real = _real(x, schedule.size, mask)
    n, places = x.shape[2], schedule.places(x.shape[2])
    state = np.pad(x, ((0, 0), (0, 0), (0, places - n), (0, 0)))
    state = np.where(real[:, None, :places, None], state, 0)
    gates = np.zeros((schedule.depth, *state.shape[:3], *[schedule.meeting] * schedule.wide))
    for stage, attend in enumerate(_steps(schedule, real, places)):
        query, key = (project(state, w[min(stage, len(w) - 1)], across) for w in (w_q, w_k))
        state, weights = attend(state, query, key)
        gates[stage][..., : weights.shape[-1]] = weights
    return np.where(real[:, None, :n, None], state[:, :, :n], x), gates


def _steps(schedule: Schedule, real: Booleans, places: int) -> Iterator[Step]:
    """Yield what each stage does with values, queries and keys."""
    if isinstance(schedule, ButterflySchedule) and schedule.wide:
        for stage, (hears, _) in enumerate(schedule.gatherings(real)):
            yield partial(attend_to_group, groups=schedule.groups(stage), hears=hears)
        return
    for partner, holds in schedule.meetings(real):
        yield partial(attend_to_partner, partner=partner[:, :places], holds=holds[:, :places])


def _real(x: Floats, size: int, mask: ArrayLike | None) -> NDArray[np.bool_]:
    """Return which of `size` positions hold a real token, shape (batch, size)."""
    batch, _, n, _ = x.shape
    mask = np.ones((batch, n), dtype=bool) if mask is None else np.asarray(mask)
    check_mask(mask, mask.dtype == np.bool_, batch, n)
    return np.pad(mask, ((0, 0), (0, size - n)))


def project(x: Floats, weight: Floats, across: bool = False) -> Floats:
    """Return x times one stage's weight, inside each head or across heads.

    Args:
        x: shape (batch, heads, n, d).
        weight: shape (heads, d, d) or (d, d); (heads·d, heads·d) if across.
        across: whether channels of all heads are mixed.

    Returns:
        array of the shape of x.

    >>> project(np.ones((1, 2, 1, 1)), np.array([[1.0, 0.0], [5.0, 1.0]]), across=True).ravel()
    array([6., 1.])
    """
    if not across:
        return x @ weight
    batch, heads, n, d = x.shape
    together = x.transpose(0, 2, 1, 3).reshape(batch, n, heads * d) @ weight
    return together.reshape(batch, n, heads, d).transpose(0, 2, 1, 3)


def attend_to_partner(
    x: Floats,
    query: Floats,
    key: Floats,
    partner: Integers,
    holds: Booleans | None = None,
) -> tuple[Floats, Floats]:
    """Mix each token with its partner by a softmax over two scores.

    Args:
        x: values, shape (batch, heads, n, d).
        query: queries of the same shape.
        key: keys of the same shape.
        partner: shape (batch, n), whom each token meets; itself for nobody.
        holds: bool of shape (batch, n), whether a place holds something; one that does not copies
            its partner. None means that all do.

    Returns:
        the mixed values and the partner's weights, of shape (batch, heads, n).

    >>> x = np.array([0.0, 1.0]).reshape(1, 1, 2, 1)
    >>> y, gates = attend_to_partner(x, 0 * x, 0 * x, np.array([[1, 1]]))
    >>> y.ravel(), gates.ravel()
    (array([0.5, 1. ]), array([0.5, 0. ]))
    """
    index = partner[:, None, :, None]
    scores = np.stack(
        [(query * key).sum(-1), (query * np.take_along_axis(key, index, axis=2)).sum(-1)]
    ) / np.sqrt(x.shape[-1])
    weights = np.exp(scores - scores.max(axis=0))
    gates = weights[1] / weights.sum(axis=0)
    meets = (partner != np.arange(x.shape[2]))[:, None, :]
    gates = np.where(meets, gates, 0.0)
    if holds is not None:
        gates = np.where(meets & ~holds[:, None], 1.0, gates)
    mixed = (1 - gates)[..., None] * x + gates[..., None] * np.take_along_axis(x, index, axis=2)
    return np.where(meets[..., None], mixed, x), gates


def attend_to_group(
    x: Floats, query: Floats, key: Floats, groups: Integers, hears: Booleans
) -> tuple[Floats, Floats]:
    """Mix each token with those of its group that it hears, by a softmax over their scores.

    Args:
        x: values, shape (batch, heads, n, d).
        query: queries of the same shape.
        key: keys of the same shape.
        groups: shape (groups, width), each token once.
        hears: bool of shape (batch, groups, width, width), whether the second
            member is heard by the first.

    Returns:
        the mixed values and the members' weights, of shape (batch, heads, n, width); 0 for who
        hears nobody, which is an empty place.

    >>> x = np.array([0.0, 1.0, 5.0]).reshape(1, 1, 3, 1)
    >>> all_three = np.array([[0, 1, 2]]), np.ones((1, 1, 3, 3), dtype=bool)
    >>> mean, _ = attend_to_group(x, 0 * x, 0 * x, *all_three)
    >>> mean.ravel()
    array([2., 2., 2.])
    """
    query, key, values = (part[:, :, groups] for part in (query, key, x))
    scores = query @ key.swapaxes(-1, -2) / np.sqrt(x.shape[-1])
    anybody = np.asarray(hears.any(-1, keepdims=True))[:, None]
    highest = np.where(hears[:, None], scores, -np.inf).max(-1, keepdims=True)
    raised = np.where(hears[:, None], scores - np.where(anybody, highest, 0), -np.inf)
    weights = np.exp(raised)
    weights = weights / np.where(anybody, weights.sum(-1, keepdims=True), 1)
    mixed, listed = x.copy(), np.zeros((*x.shape[:3], groups.shape[1]))
    mixed[:, :, groups] = weights @ values
    listed[:, :, groups] = weights
    return mixed, listed
