"""The whole book as one file: for a stick, a mail, a folder of a course."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from .. import __version__
from .building import boxed
from .editions import FULL
from .packing import pack, taken_away
from .running import DOWNLOADS, STEPS_AT
from .verify import problems, toc_pages

SITE = "site"

# A browser goes there by itself, without a script; where it may not, there is a link.
INDEX = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="0; url={first}">
<title>fftia-lab</title>
<p><a href="{first}">Read the book</a></p>
</html>
"""
README = """fftia-lab {version}: a book that runs.
Open index.html first, in any browser; it needs no server and no network.
site/ holds the pages: unpack everything before you open it, and move it as one folder.
notebooks/ holds the chapters for Jupyter or Colab, as yet not run, without solutions.
Their first cell installs the package from the .whl beside them, in Colab as site/{there} says.
"""


def archive_name(edition: str) -> str:
    """Return what the file is called.

    >>> archive_name("student").replace(__version__, "VERSION")
    'fftia-lab-VERSION-student.zip'
    """
    kind = "" if edition == FULL else f"-{edition}"
    return f"fftia-lab-{__version__}{kind}.zip"


def contents(site: Path, first: str) -> dict[str, bytes]:
    """Return everything that goes into the archive of a site: name there -> what it is.

    Args:
        site: the folder of the pages, with downloads/.
        first: the page at which the book begins, without its ending.
    """
    found = {
        f"{SITE}/{path.relative_to(site).as_posix()}": path.read_bytes()
        for path in site.rglob("*")
        if path.is_file()
    }
    found |= {f"notebooks/{name}": data for name, data in taken_away(site / DOWNLOADS).items()}
    found["index.html"] = INDEX.format(first=f"{SITE}/{first}.html").encode()
    found["README.txt"] = README.format(version=__version__, there=STEPS_AT).encode()
    return found


def write_archive(held: dict[str, bytes], target: Path) -> None:
    """Write a ZIP file that depends on nothing but what it holds, and its checksum beside it."""
    pack(held, target)
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    beside = target.with_name(f"{target.name}.sha256")
    beside.write_text(f"{digest}  {target.name}\n", "utf-8", newline="\n")


def zip_book(root: Path, folder: Path, target: Path, edition: str = FULL) -> int:
    """Pack a built edition; return 0 if it was whole.

    Args:
        root: the folder of `_toc.yml`.
        folder: where the edition was built; it holds html/.
        target: the folder that gets the archive.
        edition: only the name of the archive says which it is.
    """
    site = folder / "html"
    command = "make book" if edition == FULL else f"make book EDITION={edition}"
    if not (site / "index.html").exists():
        print(f"There is no book in {site}; run `{command}` first.", file=sys.stderr)
        return 1
    if found := problems(root, folder):
        what = f"The book in {site} is not complete and is not packed; run `{command}` again:"
        print(what, *found, sep="\n  ", file=sys.stderr)
        return 1
    held = contents(site, toc_pages(root / "_toc.yml")[0])
    path = target / archive_name(edition)
    write_archive(held, path)
    print(said(path, held))
    return 0


def said(path: Path, held: dict[str, bytes]) -> str:
    """Return the words at the end: how large the archive is, and how it is opened."""
    packed, unpacked = path.stat().st_size / 1e6, sum(map(len, held.values())) / 1e6
    return boxed(
        f"The book is packed: {packed:.1f} MB, {len(held)} files of {unpacked:.1f} MB.",
        f"  {path}",
        "Unpack it anywhere and open index.html; its checksum lies beside it, for `sha256sum -c`.",
    )
