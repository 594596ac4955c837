"""What a build says while it works: a line for each page that it reads, and no more.

Reading a page runs its notebook, which is what takes the minutes. All else that Sphinx and its
extensions say when nothing is wrong is not for readers; warnings and errors go their own way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


class Progress:
    """Counts the pages of one build; silent unless the configuration has lab_progress."""

    def __init__(self) -> None:
        self.begun, self.wanted = 0, 0

    def begin(self, app: Sphinx, env: BuildEnvironment, names: list[str]) -> None:
        self.begun, self.wanted = 0, len(names)
        if names:
            self.say(app, "Pages are read; notebooks that are new are run:")

    def read(self, app: Sphinx, name: str, source: list[str]) -> None:
        self.begun += 1
        width = len(str(self.wanted))
        self.say(app, f"  {self.begun:{width}} of {self.wanted}  {name}")

    def write(self, app: Sphinx, env: BuildEnvironment) -> None:
        self.say(app, "Pages are written.")

    def say(self, app: Sphinx, line: str) -> None:
        if app.config.lab_progress:
            print(line, flush=True)


def setup(app: Sphinx) -> None:
    progress = Progress()
    app.add_config_value("lab_progress", False, "")
    app.connect("env-before-read-docs", progress.begin)
    app.connect("source-read", progress.read)
    app.connect("env-updated", progress.write)
