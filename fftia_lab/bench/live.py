"""A suite that runs in the background, for a figure: entries come while it is measured.

A process of its own measures, so that its threads are one and the notebook stays awake; a thread
reads what it says. Where no process can be started, as in a browser, there is no run.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from types import TracebackType
from typing import IO, Any

from . import machine
from .control import GO, PAUSE, STOP
from .machine import Device
from .record import Entry, Record
from .suites import why_not

NEW, RUNNING, PAUSED = "new", "running", "paused"
DONE, STOPPED, FAILED = "done", "stopped", "failed"
OVER = DONE, STOPPED, FAILED


class Run:
    """One run of a suite in the background.

    Callbacks come from a thread of the run, one after the other. What a callback raises stops the
    run, and `join` raises it again.

    Args:
        suite: its name.
        quick: seconds instead of minutes.
        device: "cpu" or "cuda"; None for the suite's usual one.
        on_entry: takes each contender's `Entry` as soon as it is measured.
        on_progress: takes cases done, cases in all, and seconds left or None.
        on_state: takes each new state: "running", "paused", "done", "stopped", "failed".

    Raises:
        ValueError: if there is no such suite, or it cannot be measured here.

    >>> Run("fft").state
    'new'
    """

    def __init__(
        self,
        suite: str,
        *,
        quick: bool = True,
        device: str | None = None,
        on_entry: Callable[[Entry], object] | None = None,
        on_progress: Callable[[int, int, float | None], object] | None = None,
        on_state: Callable[[str], object] | None = None,
    ) -> None:
        if why := why_not(suite, device, quick):
            raise ValueError(f"{suite} cannot be measured here: {why}")
        self.suite, self.quick, self.where = suite, quick, device
        self._on_entry, self._on_progress, self._on_state = on_entry, on_progress, on_state
        self._lock = threading.RLock()
        self._state, self._error = NEW, None  # type: tuple[str, BaseException | None]
        self._record: Record | None = None
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None

    @property
    def state(self) -> str:
        """Where the run is: "new", "running", "paused", "done", "stopped" or "failed"."""
        return self._state

    @property
    def error(self) -> str:
        """Why the run failed, in words; nothing if it did not."""
        return "" if self._error is None else str(self._error)

    @property
    def device(self) -> Device | None:
        """What computes; None until the run has begun to measure."""
        with self._lock:
            return None if self._record is None else self._record["device"]

    @property
    def entries(self) -> list[Entry]:
        """What was measured so far."""
        with self._lock:
            return [] if self._record is None else [*self._record["entries"]]

    @property
    def record(self) -> Record | None:
        """The run as a record, complete once the state is "done"; None until it has begun."""
        with self._lock:
            if self._record is None:
                return None
            copied: Record = json.loads(json.dumps(self._record))
            return copied

    def start(self) -> None:
        """Start to measure, or go on after a pause.

        Raises:
            RuntimeError: if the run is over, or no process can be started here.
        """
        with self._lock:
            if self._state == RUNNING:
                return
            if self._state == PAUSED:
                self._tell(GO)
                self._state = RUNNING
            elif self._state == NEW:
                self._begin()
            else:
                raise RuntimeError(f"the run is {self._state}: make another Run")
        self._say_state(RUNNING)

    def pause(self) -> None:
        """Let the case that is being measured end, and no other begin; nothing if none runs."""
        with self._lock:
            if self._state != RUNNING:
                return
            self._tell(PAUSE)
            self._state = PAUSED
        self._say_state(PAUSED)

    def stop(self) -> None:
        """End the run at once; what was measured stays in `record`. Nothing if it is over."""
        with self._lock:
            never = self._state == NEW
            if self._state in OVER:
                return
            self._state = STOPPED
            if self._process is not None:
                self._tell(STOP)
                self._process.terminate()
        if never:  # of others the reader says that they have ended
            self._say_state(STOPPED)

    def join(self, timeout: float | None = None) -> Record | None:
        """Wait until the run is over; return its record, as far as it came.

        Args:
            timeout: seconds to wait at most; None for as long as it takes.

        Raises:
            TimeoutError: if it is not over by then.
            RuntimeError: if it failed; the message is its last words. Or what a callback raised.
        """
        if self._reader is not None:
            self._reader.join(timeout)
            if self._reader.is_alive():
                raise TimeoutError(f"the run is {self._state} after {timeout} s")
        if self._error is not None:
            raise self._error
        return self.record

    def __enter__(self) -> Run:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _command(self, path: Path) -> list[str]:
        options = ["--stream", "--output", str(path), *["--quick"] * self.quick]
        options += [] if self.where is None else ["--device", self.where]
        return [sys.executable, "-m", "fftia_lab.bench", "run", self.suite, *options]

    def _begin(self) -> None:
        folder, last_words = TemporaryDirectory(), TemporaryFile("w+", encoding="utf-8")
        try:
            self._process = subprocess.Popen(
                self._command(Path(folder.name) / f"{self.suite}.json"),
                env=machine.one_thread(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=last_words,
                text=True,
                encoding="utf-8",
            )
        except OSError as error:
            last_words.close()
            folder.cleanup()
            raise RuntimeError(f"no process can be started here: {error}") from error
        self._state = RUNNING
        self._reader = threading.Thread(target=self._read, args=(folder, last_words), daemon=True)
        self._reader.start()

    def _read(self, folder: TemporaryDirectory[str], last_words: IO[str]) -> None:
        """Read what the process says until it ends; then say how it ended."""
        process = self._process
        assert process is not None and process.stdout is not None
        try:
            for line in process.stdout:
                self._hear(line)
        except BaseException as error:
            self._error = error
            process.terminate()
        code = process.wait()
        with self._lock:
            if self._error is None and code and self._state != STOPPED:
                last_words.seek(0)
                said = last_words.read().strip()[-400:]
                self._error = RuntimeError(f"the run of {self.suite} failed: {said}")
            over = STOPPED if self._state == STOPPED else DONE
            self._state = FAILED if self._error is not None else over
        for one in (process.stdin, process.stdout, last_words):
            if one is not None:
                try:
                    one.close()
                except OSError:  # words for a process that is gone
                    pass
        folder.cleanup()
        self._say_state(self._state)

    def _hear(self, line: str) -> None:
        """Take in one line; what is no JSON object was said by a library."""
        if not line.startswith("{"):
            return
        said: dict[str, Any] = json.loads(line)
        with self._lock:
            if said["kind"] in ("begins", "ends"):
                self._record = said["record"]
            elif self._record is not None and said["kind"] == "entry":
                self._record["entries"].append(said["entry"])
            elif self._record is not None and said["kind"] == "skipped":
                self._record["skipped"].append(said["skipped"])
            elif self._record is not None and said["kind"] == "memory":
                self._record.setdefault("memory", []).append(said["memory"])
        if said["kind"] == "entry" and self._on_entry is not None:
            self._on_entry(said["entry"])
        if said["kind"] == "progress" and self._on_progress is not None:
            self._on_progress(said["done"], said["cases"], said["seconds_left"])

    def _tell(self, word: str) -> None:
        if self._process is not None and self._process.stdin is not None:
            try:
                self._process.stdin.write(f"{word}\n")
                self._process.stdin.flush()
            except (OSError, ValueError):  # it has ended, and the reader will say so
                pass

    def _say_state(self, state: str) -> None:
        """Say a new state to whoever wants it; never while the lock is held."""
        if self._on_state is not None:
            self._on_state(state)
