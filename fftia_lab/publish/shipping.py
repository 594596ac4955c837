"""The copy of a chapter that readers take away: not yet run, without solutions, its links whole."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from .addresses import package_address, site_address
from .editions import FULL, INSTEAD, STUDENT
from .recorded import TAG

CHAPTER = re.compile(r"\]\(([\w-]+)\.ipynb(#[\w-]+)?\)")
PROSE = re.compile(r"\[([^\]]*)\]\(\.\./(book/[\w-]+)\.md(#[\w-]+)?\)")
STATE = re.compile(r'href="#')
SOLUTION = re.compile(r"<details><summary>A solution</summary>")
EMPTY = 'repository = ""'


def reachable(text: str, page: str, site: str) -> str:
    """Return a notebook's Markdown with links that lead somewhere when it has left the repository.

    With an address, links to other chapters, to prose pages, and to states of figures lead to the
    pages of the site: those are there at once, and alive, and have their own way to Colab. Without
    one, chapters lie beside each other, and what lies elsewhere keeps its words.

    Args:
        text: Markdown of a notebook in `notebooks/`.
        page: the notebook's page, such as "notebooks/03-the-butterfly".
        site: where the pages are, with a slash at the end; empty if that is not known.

    >>> reachable("[eight](08-x.ipynb#half), [pages](../book/x.md)", "notebooks/03-y", "")
    '[eight](08-x.ipynb#half), pages'
    >>> reachable("[half](08-x.ipynb#half), [end](../book/x.md#end)", "", "https://a.org/")
    '[half](https://a.org/notebooks/08-x.html#half), [end](https://a.org/book/x.html#end)'
    """
    if not site:
        return PROSE.sub(r"\1", text)
    text = PROSE.sub(rf"[\1]({site}\2.html\3)", text)
    text = CHAPTER.sub(rf"]({site}notebooks/\1.html\2)", text)
    return STATE.sub(rf'href="{site}{page}.html#', text)


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


def on_a_gpu(notebook: dict[str, Any]) -> None:
    """Let Colab open a chapter about kernels with a GPU: its other runtime has no Triton."""
    if any(TAG in cell["metadata"].get("tags", []) for cell in notebook["cells"]):
        notebook["metadata"] |= {"accelerator": "GPU", "colab": {"gpuType": "T4"}}


def shipped_notebook(
    source: Path, repository: str = "", commit: str = "", edition: str = FULL
) -> str:
    """Return the text of a notebook as the site offers it, and as Colab opens it from there.

    Args:
        source: the notebook, with a set-up cell in which the address is empty.
        repository: the address of the repository; empty if there is none yet.
        commit: from which the pages were made; the set-up cell installs the package from there.
        edition: where the page has no solutions, the notebook does not send readers there.
    """
    notebook = json.loads(source.read_text("utf-8"))
    if not any(EMPTY in "".join(cell["source"]) for cell in notebook["cells"]):
        raise ValueError(f"{source.name} has no set-up cell with {EMPTY}; see CONTRIBUTING.md")
    site, page = site_address(repository), f"notebooks/{source.stem}"
    instead = INSTEAD if edition == STUDENT else pointer(site and f"{site}{page}.html")
    filled = f'repository = "{package_address(repository, commit)}"'
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "code":
            as_new(cell)
            cell["source"] = text.replace(EMPTY, filled).splitlines(keepends=True)
        else:
            cell["source"] = reachable(text, page, site).splitlines(keepends=True)
            without_solution(cell, instead)
    on_a_gpu(notebook)
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
