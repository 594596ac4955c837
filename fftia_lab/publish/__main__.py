"""`python -m fftia_lab.publish build` makes the book; `serve` shows it, `zip` packs it, and `lab`
opens copies of its notebooks."""

from __future__ import annotations

import argparse
import http.server
import sys
from functools import partial
from pathlib import Path

from .archive import zip_book
from .building import build
from .desk import DESK, open_lab
from .editions import FULL, known, place


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
    parser.add_argument("command", choices=["build", "serve", "zip", "lab"])
    parser.add_argument("--root", type=Path, default=Path.cwd(), help="folder of _config.yml")
    parser.add_argument("--output", type=Path, help="folder that gets _build/ (default: the root)")
    parser.add_argument("--clean", action="store_true", help="build everything anew")
    parser.add_argument("--edition", default=FULL, help="full (default), or student: no solutions")
    parser.add_argument("--port", type=int, default=8000, help="for serve")
    given = parser.parse_args(arguments)
    root = given.root.resolve()
    output = (given.output or root).resolve()
    try:
        folder = place(output, known(given.edition))
    except ValueError as error:
        parser.error(f"--edition: {error}")
    if given.command == "serve":
        return serve(folder / "html", given.port)
    if not (root / "_config.yml").exists():
        parser.error(f"--root: {root} has no _config.yml; it is the folder of the book")
    if given.command == "lab":
        return open_lab(root, output / DESK)
    if given.command == "zip":
        return zip_book(root, folder, folder, given.edition)
    return build(root, output, given.clean, given.edition)


if __name__ == "__main__":
    sys.exit(main())
