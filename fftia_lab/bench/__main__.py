"""The command `python -m fftia_lab.bench fft`: measure, and write a record."""

from __future__ import annotations

import argparse
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from ..records import check_place
from . import machine
from .resume import partial_of
from .suite import COMMAND, run

SUITES = ("attention", "fft", "gpu_attention", "gpu_mixing", "mixing", "rates", "sparse", "wirings")


def parser() -> argparse.ArgumentParser:
    """Return what reads the command line."""
    reader = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    reader.add_argument("suite", choices=SUITES)
    reader.add_argument("--output", type=Path, help="the record (default: SUITE.json)")
    reader.add_argument("--quick", action="store_true", help="seconds instead of minutes")
    reader.add_argument(
        "--resume",
        action="store_true",
        help="go on where a run at this commit on this device was interrupted",
    )
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
    try:
        suite = import_module(f"{__package__}.{given.suite}")
        options = what_it_needs(suite, given.quick)
    except (ModuleNotFoundError, RuntimeError) as error:
        parser().error(f"{given.suite} cannot be measured here: {error}")
    try:
        run(given.suite, suite.cases(given.quick), path, resume=given.resume, **options)
    except KeyboardInterrupt:
        kept = partial_of(path)
        print(f"\nInterrupted. What was measured so far is in {kept}.", file=sys.stderr)
        return 130
    print(f"\nThe record is {path}.")
    return 0


def what_it_needs(suite: Any, quick: bool) -> dict[str, Any]:
    """Return how a suite is run.

    Raises:
        RuntimeError: if it needs a device that is not here.
    """
    options = {"seed": suite.SEED, "libraries": suite.LIBRARIES, "quick": quick}
    if hasattr(suite, "memory"):
        options["memory"] = suite.memory(quick)
    if hasattr(suite, "place"):  # not the processor
        options |= {"place": suite.place(quick), "settings": suite.settings(quick)}
        options["conditions"] = suite.CONDITIONS
    return options


if __name__ == "__main__":
    sys.exit(main())
