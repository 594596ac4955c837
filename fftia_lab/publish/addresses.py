"""Where things are once the repository has an address: pages, notebooks in Colab, the package."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

# What pip installs: the package, the runs that it ships, and how it is built.
PACKAGE = ("fftia_lab", "book/results", "pyproject.toml")
COLAB = "https://colab.research.google.com/"


def on_github(repository: str) -> tuple[str, str] | None:
    """Return (owner, name) of a repository, or None where it is elsewhere or has no address.

    >>> on_github("https://github.com/someone/lab.git")
    ('someone', 'lab')
    """
    found = re.fullmatch(r"https://github\.com/([\w.-]+)/([\w.-]+?)(?:\.git)?/?", repository)
    return (found[1], found[2]) if found else None


def site_address(repository: str) -> str:
    """Return where GitHub Pages shows the book, or nothing where that cannot be known.

    >>> site_address("https://github.com/someone/lab"), site_address("")
    ('https://someone.github.io/lab/', '')
    >>> site_address("https://github.com/Someone/someone.github.io")
    'https://someone.github.io/'
    """
    found = on_github(repository)
    if not found:
        return ""
    host = f"{found[0].lower()}.github.io"
    own = found[1].lower() == host  # the repository of that name is the host's front page
    return f"https://{host}/" if own else f"https://{host}/{found[1]}/"


def colab_address(repository: str, branch: str, path: str) -> str:
    """Return what opens a notebook of the site's branch in Colab, or nothing where it cannot.

    >>> colab_address("https://github.com/someone/lab", "gh-pages", "downloads/03-x.ipynb")
    'https://colab.research.google.com/github/someone/lab/blob/gh-pages/downloads/03-x.ipynb'
    """
    found = on_github(repository)
    return f"{COLAB}github/{found[0]}/{found[1]}/blob/{branch}/{path}" if found else ""


def package_address(repository: str, commit: str) -> str:
    """Return what pip installs the package from, as it was when the page was made.

    >>> package_address("https://github.com/someone/lab", "0123abc")
    'https://github.com/someone/lab@0123abc'
    """
    return f"{repository.rstrip('/')}@{commit}" if repository else ""


def commit_of(root: Path) -> str:
    """Return the commit from which a book is built.

    Raises:
        ValueError: if `root` is no git checkout, or holds what is in no commit: a notebook in Colab
            would then install another package than its page shows.
    """

    def git(*words: str) -> str:
        run = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=False)
        if run.returncode:
            raise ValueError(
                f"lab_repository is set, so {root} must be a git checkout, whose commit Colab "
                f"installs; git says: {run.stderr.strip()}"
            )
        return run.stdout.strip()

    commit, changed = git("rev-parse", "HEAD"), git("status", "--porcelain", "--", *PACKAGE)
    if changed:
        raise ValueError(
            "lab_repository is set, and the package differs from the commit that Colab would "
            f"install; commit first:\n{changed}"
        )
    return commit
