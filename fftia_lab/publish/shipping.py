"""The copy of a chapter that readers take away: nothing has been run, and no solution is in it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from .editions import FULL, INSTEAD, STUDENT

SOLUTION = re.compile(r"<details><summary>A solution</summary>")
EMPTY = 'repository = ""'


def page_address(repository: str, name: str) -> str:
    """Return where GitHub Pages shows a chapter, or nothing where the repository is elsewhere."""
    found = re.fullmatch(r"https://github\.com/([^/]+)/([^/]+?)(?:\.git)?/?", repository)
    return f"https://{found[1]}.github.io/{found[2]}/notebooks/{name}.html" if found else ""


def pointer(page: str) -> str:
    """Return the words that say where a solution is."""
    where = f"[the chapter's page]({page}#exercises)" if page else "the chapter's page"
    return f"A solution is folded under this exercise on {where}."


def without_solution(cell: dict[str, Any], instead: str) -> None:
    """Put a sentence in the place of an exercise's solution."""
    if SOLUTION.match("".join(cell["source"])):
        cell["source"] = [f"*{instead}*"]


def as_new(cell: dict[str, Any]) -> None:
    """Take away what a run left; where JupyterLab hides the code, let Colab do it too."""
    cell["outputs"], cell["execution_count"] = [], None
    cell["metadata"].pop("quoted", None)
    if cell["metadata"].get("jupyter", {}).get("source_hidden"):
        cell["metadata"]["cellView"] = "form"


def shipped_notebook(source: Path, repository: str, edition: str = FULL) -> str:
    """Return the text of a notebook as the site offers it, and as Colab opens it from there.

    Args:
        source: the notebook, with a set-up cell in which the address is empty.
        repository: the address that goes there; empty if there is none yet.
        edition: where the page has no solutions, the notebook does not send readers there.
    """
    notebook = json.loads(source.read_text("utf-8"))
    if not any(EMPTY in "".join(cell["source"]) for cell in notebook["cells"]):
        raise ValueError(f"{source.name} has no set-up cell with {EMPTY}; see CONTRIBUTING.md")
    page = page_address(repository, source.stem)
    instead = INSTEAD if edition == STUDENT else pointer(page)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            as_new(cell)
            filled = "".join(cell["source"]).replace(EMPTY, f'repository = "{repository}"')
            cell["source"] = filled.splitlines(keepends=True)
        else:
            without_solution(cell, instead)
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
