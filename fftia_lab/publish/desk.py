"""`make lab`: JupyterLab on copies of the notebooks, which a reader may save and never loses."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

from .shipping import reachable
from .verify import toc_pages

DESK = "my-notebooks"
SETTINGS = {
    # No question about news, no look for a newer JupyterLab: nothing is asked from elsewhere.
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    # Figures are saved with their state, and are there again when the notebook is opened.
    "@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": True},
}
RECORD = ".copied.json"  # name -> digest of the copy as it was made


def copy_of(source: Path) -> str:
    """Return the text of a notebook on the desk: no link of it leads to what is not there."""
    notebook = json.loads(source.read_text("utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            text = reachable("".join(cell["source"]), f"notebooks/{source.stem}", "")
            cell["source"] = text.splitlines(keepends=True)
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def write(path: Path, text: str) -> None:
    """Write a text whole or not at all: half a notebook would pass for the reader's own work."""
    partial = path.with_name(f"{path.name}.partial")
    partial.write_text(text, "utf-8")
    partial.replace(path)


def lay_out(root: Path, desk: Path) -> list[str]:
    """Copy the notebooks that `desk` lacks, and those that nobody has changed since; return what
    to tell the reader.

    A copy that differs from what was copied is the reader's work: it stays as it is, whatever has
    become of the chapter.
    """
    desk.mkdir(parents=True, exist_ok=True)
    record = desk / RECORD
    copied = json.loads(record.read_text("utf-8")) if record.exists() else {}
    told = []
    for page in toc_pages(root / "_toc.yml"):
        source = root / f"{page}.ipynb"
        if not source.exists():
            continue
        target, text = desk / source.name, copy_of(source)
        here = digest(target.read_text("utf-8")) if target.exists() else ""
        if here in ("", digest(text), copied.get(target.name)):
            write(target, text)
            copied[target.name] = digest(text)
        elif copied.get(target.name) != digest(text):
            told.append(
                f"{target.name}: yours stays as it is. The book's is newer; to have it as well, "
                "rename yours and run `make lab` again."
            )
    write(record, json.dumps(copied, indent=1) + "\n")
    return told


def open_lab(root: Path, desk: Path) -> int:
    """Open JupyterLab on the desk; return its exit status."""
    if shutil.which("jupyter-lab", path=str(Path(sys.executable).parent)) is None:
        print("JupyterLab is not installed here: pip install -e '.[lab]'", file=sys.stderr)
        return 1
    for line in lay_out(root, desk):
        print(line)
    print(f"Your copies of the notebooks are in {desk}; save what you like, the book stays whole.")
    return subprocess.run(command(desk), check=False).returncode


def command(desk: Path) -> list[str]:
    """Return how JupyterLab is started, with settings that a reader's own still override."""
    settings = desk / ".jupyterlab"
    settings.mkdir(exist_ok=True)
    (settings / "overrides.json").write_text(json.dumps(SETTINGS, indent=1) + "\n", "utf-8")
    return [sys.executable, "-m", "jupyterlab", str(desk), f"--LabApp.app_settings_dir={settings}"]
