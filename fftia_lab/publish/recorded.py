"""Chapters about Triton where it cannot be had: their cells keep what was recorded on Linux.

A cell with the tag `triton` is not run there. What it printed, if the prose or a checker quotes it,
is in the notebook; all other cells are run everywhere.
"""

from __future__ import annotations

from importlib.util import find_spec

import nbformat

TAG, SKIPPED = "triton", "skip-execution"  # the second is nbclient's


def read(text: str) -> nbformat.NotebookNode:
    """Return a notebook as it can be executed here; myst-nb reads notebooks by this.

    Args:
        text: of an .ipynb file.
    """
    notebook = nbformat.reads(text, as_version=4)
    return notebook if find_spec("triton") else keep_recorded(notebook)


def keep_recorded(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Mark cells that need Triton as not to be run, and give them what they printed elsewhere."""
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        if TAG in tags:
            cell.metadata["tags"] = [*tags, SKIPPED]
            cell["outputs"] = cell.metadata.pop("quoted", cell["outputs"])
    return notebook
