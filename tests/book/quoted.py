"""Outputs that the prose quotes and a reader must not see before the guess: kept as metadata.

`python tests/quoted.py keep notebooks` puts them there after a run; `restore notebooks FOLDER`
writes copies with the outputs in their place, which nbval compares with what a kernel answers.
"""

import json
import sys
from importlib.util import find_spec
from pathlib import Path

from book.chapters import tags, waits

from fftia_lab.publish.recorded import TAG

QUOTED = "nbval-check-output"


def _write(path, notebook):
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _code(notebook):
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def _joined(outputs):
    """What was printed in one go: a busy machine hands it on in pieces."""
    whole = []
    for output in outputs:
        last = whole[-1] if whole else {}
        if output["output_type"] == "stream" and last.get("name") == output["name"]:
            text = "".join([*last["text"], *output["text"]])
            whole[-1] = last | {"text": text.splitlines(keepends=True)}
        else:
            whole.append(output)
    return whole


def keep(folder):
    """Move what waiting cells put out, and the prose quotes, into their metadata."""
    for path in sorted(folder.glob("*.ipynb")):
        notebook = json.loads(path.read_text("utf-8"))
        for cell in _code(notebook):
            cell["outputs"] = _joined(cell["outputs"])
            if waits(cell) and QUOTED in cell["metadata"]["tags"] and cell["outputs"]:
                kept = {**cell["metadata"], "quoted": cell["outputs"]}
                cell["metadata"], cell["outputs"] = dict(sorted(kept.items())), []
        _write(path, notebook)


def restore(folder, target):
    """Write copies of the notebooks in which the quoted outputs are outputs again."""
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(folder.glob("*.ipynb")):
        notebook = json.loads(path.read_text("utf-8"))
        for cell in _code(notebook):
            cell["outputs"] = cell["metadata"].pop("quoted", cell["outputs"])
            if TAG in tags(cell) and find_spec("triton") is None:
                cell["metadata"]["tags"] += ["nbval-skip"]
        _write(target / path.name, notebook)


if __name__ == "__main__":
    {"keep": keep, "restore": restore}[sys.argv[1]](*map(Path, sys.argv[2:]))
