"""The command `python -m fftia_lab.bench fft`: measure, and write a record."""

from __future__ import annotations

import argparse
import subprocess
import sys
from importlib import import_module
from pathlib import Path

from ..records import check_place
from . import machine
from .suite import COMMAND, run

SUITES = ("attention", "fft", "mixing", "sparse", "wirings")


def parser() -> argparse.ArgumentParser:
    """Return what reads the command line."""
    reader = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    reader.add_argument("suite", choices=SUITES)
    reader.add_argument("--output", type=Path, help="the record (default: SUITE.json)")
    reader.add_argument("--quick", action="store_true", help="seconds instead of minutes")
    return reader


def main(arguments: list[str] | None = None) -> int:
    arguments = sys.argv[1:] if arguments is None else arguments
    given = parser().parse_args(arguments)
    path = given.output or Path(f"{given.suite}.json")
    try:
        check_place(path)
    except ValueError as error:
        parser().error(f"--output: {error}")
    if machine.threads() != 1:
        # NumPy is loaded by now and its BLAS has read its variables: start anew.
        command = [sys.executable, "-m", "fftia_lab.bench", *arguments]
        try:
            return subprocess.run(command, env=machine.one_thread(), check=False).returncode
        except KeyboardInterrupt:
            return 130
    suite = import_module(f"{__package__}.{given.suite}")
    cases, options = suite.cases(given.quick), {"seed": suite.SEED, "libraries": suite.LIBRARIES}
    if hasattr(suite, "memory"):
        options["memory"] = suite.memory(given.quick)
    try:
        run(given.suite, cases, path, quick=given.quick, **options)
    except KeyboardInterrupt:
        kept = path.with_suffix(".partial.json")
        print(f"\nInterrupted. What was measured so far is in {kept}.", file=sys.stderr)
        return 130
    print(f"\nThe record is {path}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
