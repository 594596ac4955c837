"""Numbers for the factors of FactorProduct: twiddles, gates of a layer, learned blocks.

A table is plain JSON: {"note", "sort", "decreasing", "stages", "aim"}. `stages[s][i]` holds the
two entries of row i in factor s + 1, the diagonal one and its partner's, each as [real, imaginary];
`aim` is what the product was made to be, {"name", "entries"}, or nothing; `freedom` a sentence on
how many numbers there were to choose, or nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ...attention.reference import butterfly_attention
from ...schedule import ButterflySchedule, bit_reversal
from ...transform import butterfly_factors, dft_matrix
from ..shared.trained import EXAMPLE, FLAG, TOKENS, flow_tables, tokens, transforms

SIZES = (4, 8, 16)
DECIMALS = 12  # the last digits of cos and sin differ between machines
GATE_SEED, GATE_CHANNELS = 9, 8
NEAR = 0.0005  # of a DFT, whose entries have size 1

Floats = NDArray[np.float64]


def stage_table(factors: Sequence[ArrayLike], note: str = "") -> dict[str, Any]:
    """Return the table of a butterfly product, `factors[0]` acting first.

    Args:
        factors: log2 N arrays of shape (N, N), N = 4, 8 or 16, real or complex. Row i of a factor
            holds entries at i and i XOR stride only; the strides grow 1, 2, 4 … or shrink. The
            bit reversal may stand before growing strides, as in `butterfly_factors(N)`.
        note: one sentence about where the numbers come from.

    Raises:
        ValueError: saying which factor is no stage of a butterfly, and where.

    >>> table = stage_table(butterfly_factors(4))
    >>> table["sort"], table["stages"][1][1]
    (True, [[1.0, 0.0], [0.0, -1.0]])
    """
    try:
        matrices = [np.asarray(factor) for factor in factors]
    except (TypeError, ValueError):
        raise ValueError(
            f"factors must be a list of square arrays, as butterfly_factors returns it; "
            f"got {factors!r}"
        ) from None
    shapes = sorted({matrix.shape for matrix in matrices})
    if shapes not in [[(size, size)] for size in SIZES]:
        raise ValueError(
            f"factors must be square arrays of one size, 4, 8 or 16; got shapes {shapes}"
        )
    size = len(matrices[0])
    if not all(m.dtype.kind in "biufc" and np.isfinite(m).all() for m in matrices):
        raise ValueError("factors must hold finite numbers; look for nan, inf or text in them")
    sort = np.array_equal(matrices[0], np.eye(size)[bit_reversal(size)])
    stages, depth = matrices[sort:], size.bit_length() - 1
    if len(stages) != depth:
        raise ValueError(
            f"a butterfly of size {size} has {depth} factors, besides the bit reversal; "
            f"got {len(stages)}"
        )
    trouble = [_misfit(stages, decreasing) for decreasing in (False, True)]
    if all(trouble) or (sort and trouble[0]):
        raise ValueError(trouble[0])
    decreasing = bool(trouble[0])
    return {
        "note": note,
        "sort": bool(sort),
        "decreasing": decreasing,
        "stages": _stages(stages, ButterflySchedule(size, decreasing=decreasing)),
        "aim": None,
        "freedom": "",
    }


def _misfit(stages: Sequence[NDArray[Any]], decreasing: bool) -> str:
    """Return a sentence about the first entry that the wiring does not allow, or nothing."""
    schedule = ButterflySchedule(len(stages[0]), decreasing=decreasing)
    own = np.arange(schedule.size)
    for stage, matrix in enumerate(stages):
        outside = matrix.copy()
        outside[own, own] = outside[own, schedule.partners(stage)] = 0
        if outside.any():
            row, column = np.argwhere(outside)[0]
            return (
                f"factor {stage + 1} has an entry at ({row}, {column}); at stride "
                f"{schedule.strides[stage]} row {row} may hold entries only at {row} and "
                f"{schedule.partners(stage)[row]}"
            )
    return ""


def _stages(stages: Sequence[NDArray[Any]], schedule: ButterflySchedule) -> list[Any]:
    own = np.arange(schedule.size)
    table = []
    for stage, matrix in enumerate(stages):
        pair = np.stack([matrix[own, own], matrix[own, schedule.partners(stage)]], axis=1)
        parts = np.stack([pair.real, pair.imag], axis=-1).astype(float).round(DECIMALS) + 0.0
        table.append(parts.tolist())
    return table


def room_of(table: dict[str, Any], weight: Sequence[int]) -> tuple[float, float] | None:
    """Return how far a number may be moved, lowest and highest change; None: it is turned."""
    numbers = np.array(table["stages"])  # stage, row, own or partner's, real and imaginary
    own, other = numbers[:, :, 0, 0], numbers[:, :, 1, 0]
    if numbers[..., 1].any():
        return None
    now = numbers[weight[0], weight[1], int(weight[1] != weight[2]), 0]
    shares = numbers.min() >= 0 and (np.abs(own + other - 1) < 1e-9).all()
    high = 1.0 if shares else float(np.ceil(1.2 * max(1.0, np.abs(numbers).max())))
    return (0.0 if shares else -high) - float(now), high - float(now)


def gate_factors(size: int, seed: int = GATE_SEED) -> list[Floats]:
    """Return the stage matrices of one layer of butterfly attention, rounded to four decimals.

    Row i holds 1 - g_i and g_i, so that x_i becomes (1 - g_i) x_i + g_i x_j. At size 16 the gates
    are those of the trained model of `fftia_lab.learn` on its example; at other sizes weights and
    tokens are random.
    """
    schedule, own = ButterflySchedule(size), np.arange(size)
    factors = []
    for stage, gate in enumerate(_gates(schedule, seed).round(4)):
        factor = np.zeros((size, size))
        factor[own, own], factor[own, schedule.partners(stage)] = 1 - gate, gate
        factors.append(factor)
    return factors


def _gates(schedule: ButterflySchedule, seed: int) -> Floats:
    """Return the gates of all stages, shape (depth, size)."""
    if schedule.size == TOKENS:
        x, trained = tokens(EXAMPLE, [FLAG]), flow_tables()["butterfly"]
        w_q, w_k = (np.array(trained[name])[None] for name in ("w_q", "w_k"))
    else:
        rng, square = np.random.default_rng(seed), (GATE_CHANNELS, GATE_CHANNELS)
        x = rng.normal(size=(schedule.size, GATE_CHANNELS))
        weights = rng.normal(size=(schedule.depth, 2, *square)) / GATE_CHANNELS**0.5
        w_q, w_k = weights[:, 0], weights[:, 1]
    return butterfly_attention(x[None, None], w_q, w_k, schedule)[1][:, 0, 0]


@cache
def factor_tables() -> dict[str, dict[str, Any]]:
    """Return weights -> size -> table, for the three kinds of weights that the book is about."""
    untrained = (
        f"Gates: the softmax over each pair in one layer of butterfly attention with random "
        f"weights on random tokens (seed {GATE_SEED}). Nothing was trained."
    )
    trained = (
        f"Gates: the softmax over each pair in a trained layer. Token {FLAG} carries a flag, "
        f"and everyone was to find it. In chapter 8 you carry it elsewhere."
    )
    fixed = "Twiddles: the FFT’s own numbers, decimation in time. P sorts first."
    tables: dict[str, dict[str, Any]] = {"twiddles": {}, "gates": {}, "learned": {}}
    for size in SIZES:
        made = {
            "twiddles": stage_table(butterfly_factors(size), fixed),
            "gates": stage_table(gate_factors(size), trained if size == TOKENS else untrained),
            "learned": learned_table(size),
        }
        for kind, table in made.items():
            tables[kind][str(size)] = table | {"freedom": freedom(kind, size)}
    return tables


def learned_table(size: int) -> dict[str, Any]:
    """Return the table of the recorded butterfly that found the DFT from examples."""
    found, sort = transforms()[size], np.eye(size)[bit_reversal(size)]
    wanted = dft_matrix(size)
    parts = np.stack([wanted.real, wanted.imag], axis=-1).round(DECIMALS) + 0.0
    aim = {"name": "the DFT", "entries": parts.tolist()}
    arrived = sum(off < NEAR for off in found["offs"])
    note = (
        f"Learned: gradient descent from random numbers, on {found['examples']} signals and their "
        f"spectra. The product is the DFT, off by {_upwards(found['off'])} at most; {arrived} of "
        f"{len(found['offs'])} starts came as near, each with other numbers."
    )
    return stage_table([sort, *found["factors"]], note) | {"aim": aim}


def _upwards(off: float) -> str:
    return f"{np.ceil(off * 1e4) / 1e4:.4f}"


def degrees_of_freedom(kind: str, size: int) -> tuple[int, int]:
    """Return how many numbers of a butterfly are free, and on how many its product depends.

    Gates: one a row and factor. Learned: two, but a token may be scaled after one factor and back
    before the next, and the product is the same: size times (depth - 1) of them change nothing.

    >>> [degrees_of_freedom(kind, 8) for kind in ("twiddles", "gates", "learned")]
    [(0, 0), (24, 24), (48, 32)]
    """
    depth = ButterflySchedule(size).depth
    if kind == "twiddles":
        return 0, 0
    if kind == "gates":
        return size * depth, size * depth
    return 2 * size * depth, 2 * size * depth - size * (depth - 1)


def freedom(kind: str, size: int) -> str:
    """Return a sentence on how much there was to choose."""
    free, count = degrees_of_freedom(kind, size)
    if kind == "twiddles":
        return f"None of their {2 * size * ButterflySchedule(size).depth} numbers is free."
    if kind == "gates":
        return f"{free} numbers are free, a gate in each row, and the data choose them."
    return (
        f"{free} numbers are free and training chose them; {count} count, the rest "
        f"only scales between factors."
    )
