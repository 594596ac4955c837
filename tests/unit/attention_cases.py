"""Inputs for every test of butterfly attention, and its wiring written out in loops."""

import numpy as np

from fftia_lab import BenesSchedule, ButterflySchedule, PrefixSchedule, ShiftSchedule

LENGTHS = [1, 2, 3, 5, 8, 37, 64, 100, 257]
KINDS = ["butterfly", "decreasing", "benes", "shift"]
# The wirings that lose nothing.
LOSSLESS = [*(f"{kind} relay" for kind in KINDS), "prefix", "prefix relay"]
MASKS = ["none", "right", "scattered"]
PROJECTIONS = ["head", "shared heads", "model"]


def schedule_of(kind, n, causal=False):
    """The schedule of a kind for n tokens; XOR wirings take the next power of two."""
    kind, _, padding = kind.partition(" ")
    padding = {"padding": padding or "keep"}
    if kind == "shift":
        return ShiftSchedule(max(n, 1), causal, **padding)
    if kind == "prefix":
        return PrefixSchedule(max(n, 1), **padding)
    size = 1 << max(n - 1, 0).bit_length()
    if kind == "benes":
        return BenesSchedule(size, causal, **padding)
    return ButterflySchedule(size, causal, decreasing=kind == "decreasing", **padding)


def mask_of(kind, batch, n, seed=0):
    """No mask; right padding of every row by another length; or holes, with one row all padding."""
    if kind == "none":
        return None
    rng = np.random.default_rng(seed)
    if kind == "right":
        lengths = np.linspace(n, max(1, n // 3), batch).astype(int)
        return np.arange(n) < lengths[:, None]
    mask = rng.random((batch, n)) < 0.7
    mask[-1] = False
    return mask


def inputs(n, depth, projection="head", batch=3, heads=2, d=4, seed=0):
    """Values and weights in float64, large enough that gates differ from one half."""
    rng = np.random.default_rng(seed)
    shapes = {
        "head": (depth, heads, d, d),
        "shared heads": (depth, d, d),
        "model": (depth, heads * d, heads * d),
    }
    w_q, w_k = rng.normal(size=(2, *shapes[projection])) * 1.4 * shapes[projection][-1] ** -0.5
    return rng.normal(size=(batch, heads, n, d)), w_q, w_k


def partner_by_hand(schedule, stage, mask, row, i):
    """Whom token i of a row meets, from the sentences of the design and nothing else."""
    n = mask.shape[1]
    real = [j for j in range(n) if mask[row, j]]
    if i not in real:
        return i
    stride = schedule.strides[stage]
    if schedule.kind != "shift":
        j = i ^ stride
        if schedule.causal and j > i:
            return i
    elif schedule.causal:
        j = i - stride
    else:
        circle = real[-1] + 1
        j = i if stride >= circle else (i + stride) % circle
    return j if j in real else i


def meetings_by_hand(schedule, real):
    """Whom each place of a row hears and which hold something before it, in sentences and sets."""
    held = {i for i, one in enumerate(real) if one}
    circle = max(held, default=-1) + 1
    for stride in schedule.strides:
        heard, copying = {}, set()
        for i in range(schedule.size):
            j = i ^ stride
            if schedule.kind == "prefix":
                j = (i // stride) * stride - 1 if i // stride % 2 else i
            elif schedule.kind == "shift" and schedule.causal:
                j = i - stride if i >= stride else i
            elif schedule.kind == "shift":
                j = (i + stride) % circle if i < circle and stride < circle else i
            if (schedule.causal and j > i) or j not in held:
                j = i
            if i not in held:
                j = i if schedule.padding == "keep" else j
                copying |= {i} if j != i else set()
            heard[i] = j
        yield [heard[i] for i in range(schedule.size)], [i in held for i in range(schedule.size)]
        held |= copying


def gates_of(schedule, *leading, n=None, seed=0):
    """Random gates strictly between 0 and 1, shape (stages, *leading, n)."""
    shape = (schedule.depth, *leading, schedule.size if n is None else n)
    return np.random.default_rng(seed).uniform(0.05, 0.95, shape)


def softmax_of(size, seed=0):
    """A row-stochastic matrix that is no product of stages."""
    scores = 2 * np.random.default_rng(seed).normal(size=(size, size))
    weights = np.exp(scores)
    return weights / weights.sum(axis=1, keepdims=True)


# Wirings in which every token has one way to another.
UNIQUE = [
    *(schedule_of(kind, 16, causal) for kind in KINDS[:2] for causal in (False, True)),
    ShiftSchedule(8),
    ShiftSchedule(16),
    ShiftSchedule(16, causal=True),
    ShiftSchedule(13, causal=True),
]
