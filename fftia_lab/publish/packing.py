"""Files as one ZIP that depends on what it holds alone; all notebooks and the package in one."""

from __future__ import annotations

import zipfile
from pathlib import Path

from .. import __version__
from .running import steps

# Two archives of one build are equal: neither clocks nor the rights of files are in them.
WHEN, MODE, UNIX = (1980, 1, 1, 0, 0, 0), 0o100644 << 16, 3
TAKEN = (".ipynb", ".whl")
# The set-up cell looks in the reader's Drive for a folder whose name begins like this.
FOLDER = "fftia-lab"
README = """# fftia-lab {version}: the chapters as notebooks, not yet run, and their package

On your machine, in a Python with PyTorch and JupyterLab: open a notebook and run its first cell.

In Colab:
{steps}
"""


def pack(held: dict[str, bytes], target: Path) -> None:
    """Write a ZIP file: name in it -> what it is."""
    partial = target.with_name(f"{target.name}.partial")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(held):
            entry = zipfile.ZipInfo(name, WHEN)
            entry.external_attr, entry.create_system = MODE, UNIX
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, held[name], compresslevel=9)
    partial.replace(target)


def taken_away(downloads: Path) -> dict[str, bytes]:
    """Return the notebooks and the wheel of a site: name -> what it is."""
    return {path.name: path.read_bytes() for path in downloads.iterdir() if path.suffix in TAKEN}


def together(downloads: Path) -> dict[str, bytes]:
    """Return what goes into the one file with all notebooks and the package, in a folder."""
    words = README.format(version=__version__, steps="\n".join(steps("this file")))
    held = taken_away(downloads) | {"README.md": words.encode()}
    return {f"{FOLDER}/{name}": data for name, data in held.items()}
