"""Two editions of one book: all of it, and one for students, in which no solution is told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

FULL, STUDENT = "full", "student"
EDITIONS = (FULL, STUDENT)
# What stands where a solution is left out.
INSTEAD = "The checker of this exercise says whether it is solved."
# Pages that tell what students are to find out, and what stands there in their edition.
TEACHERS = "book/teaching"
UNTOLD = """# Teaching with this book

The plans of lessons tell the answers, so they are in the edition for teachers: `make book`.

Press Enlarge on the lower edge of a figure, or Present near the top of a chapter, and one figure
fills the window. PageDown and PageUp, or a clicker, go on and back; B or Escape closes it.
"""


def known(edition: str) -> str:
    """Return the name of an edition.

    Raises:
        ValueError: if there is none of this name.

    >>> known("teacher")
    Traceback (most recent call last):
        ...
    ValueError: there is no edition 'teacher'; take full, or student, which has no solutions
    """
    if edition not in EDITIONS:
        raise ValueError(
            f"there is no edition {edition!r}; take {FULL}, or {STUDENT}, which has no solutions"
        )
    return edition


def place(output: Path, edition: str) -> Path:
    """Return the folder in which an edition is built, so that none overwrites the other.

    >>> place(Path("here"), "full").as_posix(), place(Path("here"), "student").as_posix()
    ('here/_build', 'here/_build/student')
    """
    build = output / "_build"
    return build if edition == FULL else build / edition


def _configure(app: Sphinx, config: Config) -> None:
    from sphinx.errors import ConfigError

    try:
        edition = known(config.lab_edition)
    except ValueError as error:
        raise ConfigError(f"lab_edition: {error}") from error
    if edition == STUDENT:
        config.html_copy_source = False  # the notebooks as they are written hold the solutions


def _untold(app: Sphinx, docname: str, source: list[str]) -> None:
    if docname == TEACHERS and app.config.lab_edition == STUDENT:
        source[0] = UNTOLD


def setup(app: Sphinx) -> None:
    app.add_config_value("lab_edition", FULL, "html")
    app.connect("source-read", _untold)
    app.connect("config-inited", _configure)
