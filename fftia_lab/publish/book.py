"""Runs Sphinx on the book as Jupyter Book sets it up; `building` starts it as a process.

Jupyter Book's own command can neither be given a value of the configuration nor be quiet.
"""

from __future__ import annotations

import sys
from pathlib import Path

from jupyter_book.sphinx import build_sphinx


def run(root: Path, folder: Path, edition: str) -> int:
    """Build `folder`/html; return Sphinx's exit status. Warnings are errors.

    Raises:
        RuntimeError: if the build broke off, from what broke it off.
    """
    result = build_sphinx(
        root,
        folder / "html",
        noconfig=True,
        path_config=root / "_config.yml",
        confoverrides={
            "external_toc_path": (root / "_toc.yml").as_posix(),
            "latex_individualpages": False,  # it must be given, and means nothing here
            "lab_edition": edition,
            "lab_progress": True,
        },
        quiet=True,
        warningiserror=True,
        keep_going=True,
    )
    if isinstance(result, BaseException):
        raise RuntimeError("the build broke off; what is above says where") from result
    return int(result)


if __name__ == "__main__":
    sys.exit(run(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]))
