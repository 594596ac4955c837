"""`python -m fftia_lab.publish build` makes the book; `serve` shows it.

The package and the lock are part of every page: when they change, everything is built anew.
"""

from __future__ import annotations

import argparse
import hashlib
import http.server
import json
import os
import shutil
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import yaml

from .. import __version__
from .pages import wheel_name
from .shipping import shipped_notebook
from .verify import problems, toc_pages
from .wheel import build_wheel

PACKAGE = ("fftia_lab", "book/results", "pyproject.toml", "requirements.lock")
CODE = {".py", ".js", ".css", ".json", ".csv", ".toml", ".lock"}


def fingerprint(root: Path) -> str:
    """Return a hash over everything besides the pages themselves that a page shows."""
    digest = hashlib.sha256(sys.version.encode())
    for name in PACKAGE:
        top = root / name
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.suffix in CODE and path.is_file():
                digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def discard_stale(build: Path, mark: str) -> bool:
    """Remove a build whose package is not the present one; return whether it did."""
    stamp = build / "package-fingerprint"
    if not build.exists() or (stamp.exists() and stamp.read_text("utf-8") == mark):
        return False
    for stale in (".doctrees", ".jupyter_cache", "html", "jupyter_execute"):
        shutil.rmtree(build / stale, ignore_errors=True)
    return True


def sphinx(root: Path, output: Path, clean: bool) -> int:
    """Run Jupyter Book; return its exit status. Warnings are errors."""
    environment = os.environ | {
        "PLOTLY_RENDERER": "plotly_mimetype",  # JSON only; an old plotly would embed itself
        "JUPYTER_PREFER_ENV_PATH": "1",
        "PYTHONSAFEPATH": "1",
    }
    command = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()"]
    command += ["build", str(root)]
    command += ["--path-output", str(output), "-W", "--keep-going"] + ["--all"] * clean
    return subprocess.run(command, env=environment, check=False).returncode


def ship(root: Path, site: Path) -> None:
    """Put the wheel and the notebooks on the site, for readers who run them elsewhere."""
    downloads = site / "downloads"
    shutil.rmtree(downloads, ignore_errors=True)
    downloads.mkdir(parents=True)
    if build_wheel(root, downloads).name != wheel_name(__version__):
        raise SystemExit(f"the wheel is not named {wheel_name(__version__)}; see fftia_lab.publish")
    config = yaml.safe_load((root / "_config.yml").read_text("utf-8"))
    repository = config["sphinx"]["config"]["lab_repository"]
    for page in toc_pages(root / "_toc.yml"):
        source = root / f"{page}.ipynb"
        if source.exists():
            text = shipped_notebook(source, repository)
            (downloads / source.name).write_text(text, "utf-8")
            kept = f"fftiaLab.file({json.dumps(source.name)}, {json.dumps(text)});\n"
            (downloads / f"{source.name}.js").write_text(kept, "utf-8")


def build(root: Path, output: Path, clean: bool = False) -> int:
    """Build the book into `output`/_build; return 0 if every page, figure and widget is there."""
    began = time.monotonic()
    folder = output / "_build"
    mark = fingerprint(root)
    if clean:
        shutil.rmtree(folder, ignore_errors=True)
    elif discard_stale(folder, mark):
        print("The package has changed since the last build: building every page anew.")
    status = sphinx(root, output, clean)
    if status:
        # A second run would not repeat the warnings, and would pass: forget what was read.
        shutil.rmtree(folder / ".doctrees", ignore_errors=True)
        print("\nThe book was not built; the warnings above say why.", file=sys.stderr)
        return status
    ship(root, folder / "html")
    found = problems(root, folder)
    if found:
        print("\nThe book is not complete:", *found, sep="\n  ", file=sys.stderr)
        shutil.rmtree(folder / ".doctrees", ignore_errors=True)
        return 1
    (folder / "package-fingerprint").write_text(mark, "utf-8")
    pages = len(toc_pages(root / "_toc.yml"))
    print(f"\nThe book is built: {pages} pages in {time.monotonic() - began:.0f} s. Open")
    print(f"  {folder / 'html' / 'index.html'}\nin a browser; it needs no server and no network.")
    return 0


def serve(site: Path, port: int) -> int:
    """Serve a built site on this machine until Ctrl-C."""
    if not (site / "index.html").exists():
        print(f"There is no book in {site}; run `make book` first.", file=sys.stderr)
        return 1
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=str(site))
    try:
        listening = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    except (OSError, OverflowError) as error:
        print(f"Port {port} cannot be had ({error}); try another: --port 8001.", file=sys.stderr)
        return 1
    with listening as server:
        print(f"The book is at http://127.0.0.1:{port}/ (Ctrl-C ends it)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
    return 0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m fftia_lab.publish", description=__doc__)
    parser.add_argument("command", choices=["build", "serve"])
    parser.add_argument("--root", type=Path, default=Path.cwd(), help="folder of _config.yml")
    parser.add_argument("--output", type=Path, help="folder that gets _build/ (default: the root)")
    parser.add_argument("--clean", action="store_true", help="build everything anew")
    parser.add_argument("--port", type=int, default=8000, help="for serve")
    given = parser.parse_args(arguments)
    root = given.root.resolve()
    output = (given.output or root).resolve()
    if not (root / "_config.yml").exists() and given.command == "build":
        parser.error(f"--root: {root} has no _config.yml; it is the folder of the book")
    if given.command == "serve":
        return serve(output / "_build" / "html", given.port)
    return build(root, output, given.clean)


if __name__ == "__main__":
    sys.exit(main())
