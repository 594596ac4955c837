"""Runs that were recorded, this page's GPU and the reader's kernel, on one pair of axes.

A reader believes a curve once her own points lie on it, or asks why they do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import traitlets

from ...bench.record import Record
from ..kit.bundle import bundle, style
from ..kit.figure import Figure
from .kernel import Kernel
from .tables import LENGTHS, RECORDS, benchmark_tables


class LiveBenchmark(Figure):
    """Measure in the page or in Python, over what was recorded; one form of record for all.

    What a reader has measured or loaded is in `measured`, as records of `fftia_lab.bench`.
    Bad values raise `traitlets.TraitError` with what was given and what is wanted.

    Args:
        records: runs to show, or names of runs that came with the book; none for those that
            this page's GPU makes alone.

    >>> LiveBenchmark(["attention"], n=4096)
    LiveBenchmark(n=4096, rival='butterfly', series='attention: forward, float32')
    """

    _esm = bundle(__file__)
    _css = style(__file__)
    STATE = ("series", "run", "rival", "quantity", "n")

    series = traitlets.Unicode(help="what is compared: a suite and its series").tag(sync=True)
    run = traitlets.Int(0, help="which of the recorded runs that have the series").tag(sync=True)
    rival = traitlets.Unicode(help="who is compared with the baseline").tag(sync=True)
    quantity = traitlets.Enum(
        ["time", "ratio"], "time", help="seconds, or the ratio to the baseline"
    ).tag(sync=True)
    n = traitlets.Int(help="the size that the sentence is about").tag(sync=True)
    lengths = traitlets.List(
        traitlets.Int(), LENGTHS, help="sizes that this page's GPU measures"
    ).tag(sync=True)
    rounds = traitlets.Int(11, help="how many samples each contender gives there").tag(sync=True)
    measured = traitlets.List(
        traitlets.Dict(), help="records that the reader has made or loaded, the newest last"
    ).tag(sync=True)
    asked = traitlets.Dict(help="what the kernel says of a run that the page asked for").tag(
        sync=True
    )
    tables = traitlets.Dict(help="recorded runs as curves; made by Python").tag(sync=True)

    kernel: Kernel | None = None  # none while a figure is refused

    def __init__(self, records: Sequence[str | Record] = RECORDS, **values: Any) -> None:
        if "tables" not in values:
            values["tables"] = benchmark_tables(records, [*values.get("lengths", LENGTHS)])
        boards = values["tables"]["boards"]
        first = next(iter(boards))
        board = boards.get(values.setdefault("series", first), boards[first])
        values.setdefault("rival", board["rivals"][0])
        values.setdefault("n", board["sizes"][-1])
        super().__init__(**values)
        self.kernel = Kernel(self)
        self.on_msg(self.kernel.hear)

    def keep(self, record: Record) -> None:
        """Add a run to `measured`, in place of an earlier one of its suite on its device."""
        same = [record["name"], record["device"]]
        others = [one for one in self.measured if [one["name"], one["device"]] != same]
        self.measured = [*others, dict(record)]

    def close(self) -> None:
        """Close the figure; a run that it asked for ends."""
        if self.kernel is not None:
            self.kernel.end()
        super().close()

    def _shown_in_repr(self) -> set[str]:
        return super()._shown_in_repr() - {"asked", "measured"}

    def _boards(self) -> list[dict[str, Any]]:
        return list(self.tables["boards"].values())

    @traitlets.validate("series")
    def _valid_series(self, proposal: dict[str, Any]) -> str:
        return _one_of("series", list(self.tables["boards"]), proposal["value"])

    @traitlets.validate("rival")
    def _valid_rival(self, proposal: dict[str, Any]) -> str:
        rivals = dict.fromkeys(name for board in self._boards() for name in board["rivals"])
        return _one_of("rival", list(rivals), proposal["value"])

    @traitlets.validate("n")
    def _valid_n(self, proposal: dict[str, Any]) -> int:
        sizes = sorted({size for board in self._boards() for size in board["sizes"]})
        return _one_of("n", sizes, proposal["value"])

    @traitlets.validate("run")
    def _valid_run(self, proposal: dict[str, Any]) -> int:
        return _one_of("run", list(range(len(self.tables["runs"]) or 1)), proposal["value"])


def _one_of(name: str, allowed: list[Any], value: Any) -> Any:
    if value not in allowed:
        raise traitlets.TraitError(f"{name} must be one of {allowed}; got {value!r}")
    return value
