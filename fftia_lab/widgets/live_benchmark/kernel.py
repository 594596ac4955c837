"""What the kernel behind a figure does when the page asks it to measure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...bench import machine
from ...bench.live import PAUSED, RUNNING, Run
from ...bench.suites import best_device

if TYPE_CHECKING:
    from .figure import LiveBenchmark


class Kernel:
    """Measures for one figure, one suite at a time, and tells it through its traits.

    On the GPU where there is one and the suite can use it.

    The page sends {"ask": "hello"}, {"ask": "run", "suite": name}, {"ask": "pause"}, "go" or
    "stop". It hears `asked`, how things stand, and `measured`, what has come.
    """

    def __init__(self, figure: LiveBenchmark) -> None:
        self.figure = figure
        self.run: Run | None = None
        self.heard = 0

    def hear(self, _figure: Any, content: Any, _buffers: Any) -> None:
        """Do what the page asks; what is no question of its own is left alone."""
        asked = content.get("ask") if isinstance(content, dict) else None
        if asked == "hello":
            self._tell("ready" if self.run is None else self.run.state)
        elif asked == "run":
            self._begin(content.get("suite"))
        elif self.run is not None and asked in ("pause", "go", "stop"):
            {"pause": self.run.pause, "go": self.run.start, "stop": self.run.stop}[asked]()

    def end(self) -> None:
        """Let a run end: nobody listens any more."""
        if self.run is not None:
            self.run.stop()

    def _begin(self, suite: Any) -> None:
        suites = {board["suite"] for board in self.figure.tables["boards"].values()}
        if self.run is not None and self.run.state in (RUNNING, PAUSED):
            return
        if suite not in suites:
            self._tell("failed", note=f"there is no suite {suite!r} in this figure")
            return
        try:
            where = best_device(suite)
            self.run = Run(suite, device=where, on_progress=self._progress, on_state=self._turn)
            self.run.start()
        except (ValueError, RuntimeError) as error:  # not here, or no process can be started
            self._tell("failed", note=str(error))

    def _progress(self, done: int, cases: int | None, left: float | None) -> None:
        """Show what was measured so far; the run's own thread calls this."""
        assert self.run is not None
        if self.run.record is not None:
            self.figure.keep(self.run.record)
        self._tell(self.run.state, done=done, cases=cases, left=left)

    def _turn(self, state: str) -> None:
        note = "" if self.run is None else self.run.error
        self._tell(state, note=note)

    def _tell(self, state: str, **more: Any) -> None:
        self.heard += 1
        device = None if self.run is None else self.run.device
        self.figure.asked = {
            "state": state,
            "suite": "" if self.run is None else self.run.suite,
            "device": (device or machine.processor())["name"],
            "heard": self.heard,
            **more,
        }
