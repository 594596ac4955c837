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


def setup(app: Sphinx) -> None:
    app.add_config_value("lab_edition", FULL, "html")
    app.connect("config-inited", _configure)
