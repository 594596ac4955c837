"""The recorded runs of `fftia_lab.learn`, as the figures need them, and what was run."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...records import read, stored
from ...schedule import ButterflySchedule

LETTERS, TOKENS = "ABCDEF", 16
EXAMPLE, FLAG = "BADCAFEFACEDBEAD", 5

Floats = NDArray[np.float64]


@cache
def flow_tables() -> dict[str, Any]:
    """Return {"butterfly", "dense"}, weights by name as lists, and "note", what was run where."""
    record = read(stored("flow"))
    models, settings = record["models"], record["settings"]
    found = [models[kind] for kind in ("butterfly", "dense")]
    right = [_percent(model["accuracy"]) for model in found]
    worst = [_percent(min(model["accuracies"])) for model in found]
    note = (
        f"Both models are trained, {found[0]['numbers']} numbers each. Of {settings['held_out']:,} "
        f"sequences kept apart, {right[0]} of the tokens say the flagged letter after butterfly "
        f"attention, {right[1]} after dense attention; in the worst of {len(settings['seeds'])} "
        f"runs {worst[0]} and {worst[1]} ({record['device']['name']}, one thread, "
        f"{record['date'][:10]})."
    )
    return {"note": note} | {kind: model["weights"] for kind, model in models.items()}


@cache
def denoisers() -> dict[str, dict[str, Any]]:
    """Return "wiring/causal/size" -> what a learned butterfly is and leaves of noise.

    `blocks` hold, stage by stage, every token's own number and its partner's; `left` is the part of
    the noise's power that is left on waves kept apart, `best` what the best matrix leaves.

    >>> sorted(denoisers()["butterfly/0/64"])
    ['best', 'blocks', 'left', 'numbers']
    """
    wanted = ("best", "blocks", "left", "numbers")
    return {
        f"{one['wiring']}/{one['causal']:d}/{one['size']}": {name: one[name] for name in wanted}
        for one in read(stored("blocks"))["denoisers"]
    }


def transforms() -> dict[int, dict[str, Any]]:
    """Return size -> a butterfly that found the DFT: complex `factors`, and what the run says.

    >>> [factor.shape for factor in transforms()[8]["factors"]]
    [(8, 8), (8, 8), (8, 8)]
    """
    record = read(stored("blocks"))
    examples = record["settings"]["transform"]["examples"]
    return {
        one["size"]: one | {"factors": _matrices(one), "examples": examples}
        for one in record["transforms"]
    }


def _matrices(transform: dict[str, Any]) -> list[NDArray[np.complex128]]:
    size, own = transform["size"], np.arange(transform["size"])
    schedule, factors = ButterflySchedule(size), []
    for stage, parts in enumerate(np.array(transform["blocks"])):
        kept, taken = parts[..., 0] + 1j * parts[..., 1]
        factor = np.zeros((size, size), dtype=np.complex128)
        factor[own, own], factor[own, schedule.partners(stage)] = kept, taken
        factors.append(factor)
    return factors


def _percent(share: float) -> str:
    return f"{100 * share:.2f}\u00a0%"


def tokens(letters: str, flags: list[int], kind: str = "butterfly") -> Floats:
    """Return the vectors that a trained model makes of an input, shape (TOKENS, channels).

    >>> tokens(EXAMPLE, [FLAG]).shape
    (16, 8)
    """
    weights = flow_tables()[kind]
    x = np.array(weights["letters"])[[LETTERS.index(letter) for letter in letters]]
    x = x + np.array(weights["places"])
    x[flags] += np.array(weights["flag"])
    return x
