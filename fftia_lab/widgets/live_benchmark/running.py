"""A suite in the background: a process measures, a thread reads what it has written so far."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from ...bench import Record, machine
from ...bench.resume import partial_of

SECONDS = 0.3  # between two looks at the file
NEW, RUNNING, PAUSED = "new", "running", "paused"
DONE, STOPPED, FAILED = "done", "stopped", "failed"


class Run:
    """One quick run of a suite, in a process of its own with one thread.

    Callbacks come from a thread of the run, one after the other.

    Args:
        suite: its name.
        on_progress: takes cases done, cases in all or None, and seconds left or None.
        on_state: takes each new state: "running", "paused", "done", "stopped" or "failed".
    """

    def __init__(
        self,
        suite: str,
        *,
        on_progress: Callable[[int, int | None, float | None], object],
        on_state: Callable[[str], object],
    ) -> None:
        self.suite, self.state, self.error = suite, NEW, ""
        self.record: Record | None = None
        self._on_progress, self._on_state = on_progress, on_state
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start to measure, or go on after a pause."""
        if self.state == PAUSED:
            self._send("SIGCONT")
            self._turn(RUNNING)
        elif self.state == NEW:
            self._turn(RUNNING)
            threading.Thread(target=self._measure, daemon=True).start()

    def pause(self) -> None:
        """Let the process wait, where the system can; the sample it interrupts is one of many."""
        if self.state == RUNNING and self._send("SIGSTOP"):
            self._turn(PAUSED)

    def stop(self) -> None:
        """End the run; what was measured stays in `record`."""
        if self.state in (RUNNING, PAUSED):
            self.state = STOPPED
            if self._process is not None:
                self._process.kill()

    def _measure(self) -> None:
        with TemporaryDirectory() as folder, open(Path(folder) / "words", "w+") as words:
            path = Path(folder) / f"{self.suite}.json"
            command = [sys.executable, "-m", "fftia_lab.bench", self.suite, "--quick"]
            self._process = subprocess.Popen(
                [*command, "--output", str(path)],
                env=machine.one_thread(),
                stdout=subprocess.DEVNULL,
                stderr=words,
                text=True,
            )
            self._watch(self._process, path)
            self._end(self._process.wait(), words)

    def _watch(self, process: subprocess.Popen[str], path: Path) -> None:
        """Read the file until the process has ended, and once more then."""
        if self.state == STOPPED:  # before there was a process
            process.kill()
        over = False
        while not over:
            try:
                process.wait(SECONDS)
                over = True
            except subprocess.TimeoutExpired:
                pass
            found = _written(path) or _written(partial_of(path))
            if found is not None and found != self.record:
                self.record = found
                cases = {(one["series"], *one["shape"]) for one in found["entries"]}
                self._on_progress(len(cases), None, None)

    def _end(self, code: int, words: IO[str]) -> None:
        words.seek(0)
        self.error = words.read().strip()[-400:] if code and self.state != STOPPED else ""
        self._turn(STOPPED if self.state == STOPPED else FAILED if code else DONE)

    def _send(self, name: str) -> bool:
        """Send a signal, if this system has it; return whether that was so."""
        number = getattr(signal, name, None)
        if number is not None and self._process is not None:
            self._process.send_signal(number)
        return number is not None and self._process is not None

    def _turn(self, state: str) -> None:
        self.state = state
        self._on_state(state)


def _written(path: Path) -> Record | None:
    try:
        found: Any = json.loads(path.read_text("utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    record: Record = found
    return record
