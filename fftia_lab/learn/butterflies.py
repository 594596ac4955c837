"""The run `blocks`: learned butterflies that clean noisy waves, and some that found the DFT."""

from __future__ import annotations

from typing import Any, NamedTuple, TypedDict

import numpy as np

from ..bench.record import Origin
from ..records import read, stored
from ..schedule import ButterflySchedule, Schedule, ShiftSchedule, bit_reversal
from .blocks import Numbers, learn, product_of
from .examples import noisy_waves, spectra

SIZES, COVER = (2, 4, 8, 16, 32, 64), 64
WIRINGS: dict[str, type[Schedule]] = {"butterfly": ButterflySchedule, "shift": ShiftSchedule}
DENOISERS = [("butterfly", False, size) for size in SIZES] + [
    ("butterfly", True, COVER),
    ("shift", False, COVER),
    ("shift", True, COVER),
]
SPECTRA = (4, 8, 16)
SEED, SEEDS = 0, range(8)


class Lesson(NamedTuple):
    """How a butterfly is taught: steps, examples, decimals to which its numbers are rounded."""

    steps: int
    examples: int
    decimals: int


WAVES, TRANSFORM = Lesson(1000, 4096, 2), Lesson(1000, 64, 4)
EXAMPLES_SEED = 20261129


class Denoiser(TypedDict):
    """One denoiser: `left` is the part of the noise's power that is still there, `lefts` of all
    seeds, `best` what the best matrix of the same examples leaves; all on waves kept apart."""

    wiring: str
    causal: bool
    size: int
    numbers: int
    left: float
    lefts: list[float]
    best: float
    blocks: list[Any]


class Transform(TypedDict):
    """A butterfly that found the DFT: how far its worst entry is off, and those of all seeds."""

    size: int
    numbers: int
    off: float
    offs: list[float]
    blocks: list[Any]


class BlocksRecord(Origin):
    """A run that taught learned butterflies, and what came out."""

    settings: dict[str, Any]
    denoisers: list[Denoiser]
    transforms: list[Transform]


def best_matrix(x: Numbers, y: Numbers, causal: bool) -> Numbers:
    """Return the matrix of least squares, each row of which may look at itself and the past."""
    if not causal:
        return np.linalg.lstsq(x, y, rcond=None)[0].T
    matrix = np.zeros((x.shape[1],) * 2)
    for row in range(len(matrix)):
        past = x[:, : row + 1]
        matrix[row, : row + 1] = np.linalg.lstsq(past, y[:, row], rcond=None)[0]
    return matrix


def left_over(matrix: Numbers, noisy: Numbers, clean: Numbers) -> float:
    """Return the part of the noise's power that a matrix leaves, what it bends included."""
    return float(((noisy @ matrix.T - clean) ** 2).sum() / ((noisy - clean) ** 2).sum())


def denoiser(wiring: str, causal: bool, size: int, lesson: Lesson, seeds: list[int]) -> Denoiser:
    """Teach one wiring to clean waves, from every seed, and examine it on waves kept apart."""
    schedule = WIRINGS[wiring](size, causal=causal)
    rng = np.random.default_rng(EXAMPLES_SEED)
    x, y = noisy_waves(rng, size, lesson.examples)
    kept_apart = noisy_waves(rng, size, lesson.examples)
    found = {}
    for seed in seeds:
        blocks = learn(np.random.default_rng(seed), schedule, x, y, lesson.steps)
        found[seed] = alone_unused(blocks.round(lesson.decimals), schedule)
    lefts = [left_over(product_of(blocks, schedule), *kept_apart) for blocks in found.values()]
    return {
        "wiring": wiring,
        "causal": causal,
        "size": size,
        "numbers": int(np.count_nonzero(_used(schedule))),
        "left": _digits(lefts[0]),
        "lefts": [_digits(left) for left in lefts],
        "best": _digits(left_over(best_matrix(x, y, causal), *kept_apart)),
        "blocks": found[seeds[0]].tolist(),
    }


def _used(schedule: Schedule) -> Numbers:
    """Return which numbers act: a token that meets nobody in a stage takes nothing."""
    meets = np.array([schedule.partners(s) for s in range(schedule.depth)])
    return np.stack([np.ones_like(meets, dtype=bool), meets != np.arange(schedule.size)], axis=1)


def alone_unused(blocks: Numbers, schedule: Schedule) -> Numbers:
    """Return blocks with 0 where a token meets nobody, and without -0."""
    used: Numbers = np.where(_used(schedule), blocks, 0) + 0.0
    return used


def transform(size: int, lesson: Lesson, seeds: list[int]) -> Transform:
    """Teach complex blocks the DFT from pairs of signals and spectra, from every seed."""
    schedule = ButterflySchedule(size)
    x, y = spectra(np.random.default_rng(EXAMPLES_SEED), size, lesson.examples)
    wanted = np.fft.fft(np.eye(size))[:, bit_reversal(size)]
    found = [
        learn(np.random.default_rng(seed), schedule, x, y, lesson.steps).round(lesson.decimals)
        for seed in seeds
    ]
    offs = [float(np.abs(product_of(blocks, schedule) - wanted).max()) for blocks in found]
    parts = np.stack([found[0].real, found[0].imag], axis=-1) + 0.0
    return {
        "size": size,
        "numbers": found[0].size,
        "off": _digits(offs[0]),
        "offs": [_digits(off) for off in offs],
        "blocks": parts.tolist(),
    }


def _digits(value: float) -> float:
    return float(f"{value:.4g}")


def butterflies(quick: bool = False) -> tuple[dict[str, Any], list[Denoiser], list[Transform]]:
    """Return the settings of the run and all that it taught."""
    seeds = list(SEEDS)[: 2 if quick else None]
    waves, pairs = (
        lesson._replace(steps=300) if quick else lesson for lesson in (WAVES, TRANSFORM)
    )
    settings = {
        "seed": SEED,
        "seeds": seeds,
        "examples_seed": EXAMPLES_SEED,
        "waves": waves._asdict(),
        "transform": pairs._asdict(),
    }
    denoisers = [denoiser(*what, waves, seeds) for what in DENOISERS]
    return settings, denoisers, [transform(size, pairs, seeds) for size in SPECTRA]


def recorded_blocks() -> BlocksRecord:
    """Return the run that came with the book, `book/results/blocks.json`.

    >>> [one["size"] for one in recorded_blocks()["transforms"]]
    [4, 8, 16]
    """
    record: BlocksRecord = read(stored("blocks"))
    return record
