"""The training runs as Markdown for the page of recorded runs, as `bench.pages` lists timings."""

from __future__ import annotations

from ..bench.pages import origin
from ..bench.record import Origin
from ..records import read, stored

LEARNT = {
    "flow": "the two models of chapter 8, which learn to pass a flag on",
    "blocks": "learned butterflies of the figures, which clean noisy waves or find the DFT",
}


def runs_list() -> str:
    """Return an item for each run: what was trained, on what it was, and the command.

    >>> print(runs_list().splitlines()[0])
    **flow**: the two models of chapter 8, which learn to pass a flag on.\\
    """
    return "\n\n".join(_item(name, learnt) for name, learnt in LEARNT.items()) + "\n"


def _item(name: str, learnt: str) -> str:
    run: Origin = read(stored(name))
    return f"**{name}**: {learnt}.\\\nTrained on {origin(run)}.\\\n`{run['command']}`"
