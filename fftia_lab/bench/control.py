"""Words from a program that watches a run: pause, go, stop; read from a stream, a line each."""

from __future__ import annotations

import threading
from collections.abc import Iterable

PAUSE, GO, STOP = "pause", "go", "stop"


class Control:
    """Lets a run wait before its next case, or ends it there.

    When the stream ends, whoever watched is gone, and the run ends too.

    Args:
        words: lines, such as those of stdin; read in a thread of their own by `listen`.

    >>> control = Control(["pause", "go"])
    >>> control.obey(iter(["pause"])); control.waits
    True
    """

    def __init__(self, words: Iterable[str]) -> None:
        self.words = words
        self.ended = False
        self.free = threading.Event()
        self.free.set()

    @property
    def waits(self) -> bool:
        """Whether the next case has to wait."""
        return not self.free.is_set()

    def listen(self) -> None:
        """Begin to read words, until the stream ends."""
        threading.Thread(target=self._read, daemon=True).start()

    def obey(self, words: Iterable[str]) -> None:
        """Do what each word says; words that are not known say nothing."""
        for word in words:
            if word.strip() == PAUSE:
                self.free.clear()
            elif word.strip() == GO:
                self.free.set()
            elif word.strip() == STOP:
                self._end()

    def gate(self) -> None:
        """Wait while the run is paused.

        Raises:
            KeyboardInterrupt: if it shall end.
        """
        self.free.wait()
        if self.ended:
            raise KeyboardInterrupt

    def _read(self) -> None:
        self.obey(self.words)
        self._end()

    def _end(self) -> None:
        self.ended = True
        self.free.set()
