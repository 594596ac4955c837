"""From the repository to a folder of pages: Sphinx, the files to take away, and a look at it all.

The package and the lock are part of every page: when they change, everything is built anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import yaml

from .. import __version__
from .addresses import PACKAGE, commit_of
from .editions import EDITIONS, FULL, STUDENT, place
from .kernels import write_profile
from .packing import pack, together
from .running import DOWNLOADS, notebooks_name
from .shipping import shipped_notebook
from .verify import problems, toc_pages
from .wheel import build_wheel

SHOWN = (*PACKAGE, "requirements.lock")
CODE = {".py", ".js", ".css", ".json", ".csv", ".toml", ".lock"}


def fingerprint(root: Path) -> str:
    """Return a hash over everything besides the pages themselves that a page shows."""
    digest = hashlib.sha256(sys.version.encode())
    for name in SHOWN:
        top = root / name
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.suffix in CODE and path.is_file():
                digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def is_fresh(folder: Path, mark: str) -> bool:
    """Return whether a folder holds a whole build of the present package."""
    stamp = folder / "package-fingerprint"
    return stamp.exists() and stamp.read_text("utf-8") == mark


def discard_stale(folder: Path, mark: str) -> bool:
    """Remove a build whose package is not the present one; return whether there was any."""
    if is_fresh(folder, mark):
        return False
    names = (".doctrees", ".jupyter_cache", "html", "jupyter_execute", "lab-static")
    stale = [folder / name for name in names if (folder / name).exists()]
    for part in stale:
        shutil.rmtree(part)
    return bool(stale)


def borrow_outputs(output: Path, folder: Path, mark: str) -> None:
    """Copy what the notebooks wrote for another edition, so that they need not run again."""
    wanted = folder / ".jupyter_cache"
    for other in (place(output, edition) for edition in EDITIONS):
        lent = other / wanted.name
        if is_fresh(other, mark) and lent.exists() and not wanted.exists():
            shutil.copytree(lent, wanted)


def sphinx(root: Path, folder: Path, edition: str) -> int:
    """Run Sphinx into `folder`/html; return its exit status."""
    environment = os.environ | {
        "PLOTLY_RENDERER": "plotly_mimetype",  # JSON only; an old plotly would embed itself
        "JUPYTER_PREFER_ENV_PATH": "1",
        "PYTHONSAFEPATH": "1",
        "IPYTHONDIR": str(write_profile(folder / ".ipython")),
    }
    command = [sys.executable, "-m", f"{__package__}.book", str(root), str(folder), edition]
    return subprocess.run(command, env=environment, check=False).returncode


def ship(root: Path, site: Path, edition: str = FULL) -> None:
    """Put the wheel and the notebooks on the site, for readers who run them elsewhere."""
    downloads = site / DOWNLOADS
    shutil.rmtree(downloads, ignore_errors=True)
    downloads.mkdir(parents=True)
    build_wheel(root, downloads)
    config = yaml.safe_load((root / "_config.yml").read_text("utf-8"))
    repository = config["sphinx"]["config"]["lab_repository"]
    commit = commit_of(root) if repository else ""
    for page in toc_pages(root / "_toc.yml"):
        source = root / f"{page}.ipynb"
        if source.exists():
            text = shipped_notebook(source, repository, commit, edition)
            (downloads / source.name).write_text(text, "utf-8")
            kept = f"fftiaLab.file({json.dumps(source.name)}, {json.dumps(text)});\n"
            (downloads / f"{source.name}.js").write_text(kept, "utf-8")
    pack(together(downloads), downloads / notebooks_name(__version__))


def build(root: Path, output: Path, clean: bool = False, edition: str = FULL) -> int:
    """Build below `output`/_build; return 0 if every page, figure and widget is there."""
    began = time.monotonic()
    folder = place(output, edition)
    mark = fingerprint(root)
    if clean:
        shutil.rmtree(folder, ignore_errors=True)
    elif discard_stale(folder, mark):
        print("The package has changed since the last build: every page is built anew.", flush=True)
    if not clean:
        borrow_outputs(output, folder, mark)
    found = [] if (status := sphinx(root, folder, edition)) else finish(root, folder, edition)
    if status or found:
        # A second run would not repeat the warnings, and would pass: forget what was read.
        shutil.rmtree(folder / ".doctrees", ignore_errors=True)
        what = "is not complete:" if found else "was not built; the warnings above say why."
        print(f"\nThe book {what}", *found, sep="\n  ", file=sys.stderr)
        return status or 1
    (folder / "package-fingerprint").write_text(mark, "utf-8")
    pages = len(toc_pages(root / "_toc.yml"))
    print(closing(folder / "html", pages, time.monotonic() - began, edition))
    return 0


def finish(root: Path, folder: Path, edition: str) -> list[str]:
    """Add what readers take away; return what is wrong with the site."""
    ship(root, folder / "html", edition)
    return problems(root, folder)


def closing(site: Path, pages: int, seconds: float, edition: str) -> str:
    """Return the words at the end of a build: where the book is, and how it is opened."""
    kind = ", without solutions" if edition == STUDENT else ""
    return boxed(
        f"The book is built{kind}: {pages} pages in {seconds:.0f} s.",
        f"  {site / 'index.html'}",
        "Open this file in a browser, by double click; it needs no server and no network.",
    )


def boxed(*lines: str) -> str:
    """Return lines between two rules, to be found again after a long output.

    >>> print(boxed("Done."))
    <BLANKLINE>
    -----
    Done.
    -----
    """
    rule = "-" * max(len(line) for line in lines)
    return "\n".join(["", rule, *lines, rule])
