"""Measure, record, look, compare: `python -m fftia_lab.bench run fft` writes a record here."""

from __future__ import annotations

import argparse
import subprocess
import sys
from itertools import count
from pathlib import Path

from ..records import check_place
from . import machine
from .comparison import comparison
from .control import Control
from .measure import WrongAnswer
from .progress import JsonLines
from .record import IncompleteRecord, Record, load
from .report import report
from .resume import partial_of
from .suite import COMMAND, run
from .suites import DEVICES, SUITES, listing, what_it_needs

WRONG, INTERRUPTED = 1, 130
EPILOG = (
    f"To measure attention on your machine in minutes: {COMMAND} run attention --quick. The record "
    "is attention.json in the folder where you are, or attention-2.json if that is taken."
)


def parser() -> argparse.ArgumentParser:
    """Return what reads the command line."""
    reader = argparse.ArgumentParser(prog=COMMAND, description=__doc__, epilog=EPILOG)
    verbs = reader.add_subparsers(dest="verb", required=True)
    verbs.add_parser("list", help="the suites, and which can be measured here")
    runs = verbs.add_parser("run", help="measure a suite and write a record")
    runs.add_argument("suite", choices=SUITES)
    runs.add_argument("--device", choices=DEVICES, help="where (default: the suite's usual one)")
    runs.add_argument(
        "--output",
        type=Path,
        help="the record (default: SUITE.json in this folder, or the next free name)",
    )
    runs.add_argument("--quick", action="store_true", help="seconds instead of minutes")
    runs.add_argument(
        "--resume",
        action="store_true",
        help="go on where a run at this commit on this device was interrupted",
    )
    runs.add_argument(
        "--stream",
        action="store_true",
        help="say what comes as JSON, an object a line; obey pause, go and stop on stdin",
    )
    shows = verbs.add_parser("show", help="print records as tables")
    shows.add_argument("files", type=Path, nargs="+", metavar="FILE")
    compares = verbs.add_parser("compare", help="say where two runs of a suite differ")
    compares.add_argument("first", type=Path, metavar="A")
    compares.add_argument("second", type=Path, metavar="B")
    return reader


def main(arguments: list[str] | None = None) -> int:
    arguments = sys.argv[1:] if arguments is None else arguments
    given = parser().parse_args(arguments)
    if given.verb == "list":
        print(*listing(), sep="\n")
    elif given.verb == "show":
        print(*(report(_opened(path)) for path in given.files), sep="\n\n")
    elif given.verb == "compare":
        try:
            print(comparison(_opened(given.first), _opened(given.second)))
        except ValueError as error:
            parser().error(str(error))
    else:
        return _run(given, arguments)
    return 0


def _run(given: argparse.Namespace, arguments: list[str]) -> int:
    """Measure a suite: what can be known beforehand to fail is refused before the work."""
    path = given.output or _free(given.suite, given.resume)
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
            return INTERRUPTED
    try:
        options = what_it_needs(given.suite, given.quick, given.device)
    except ValueError as error:
        parser().error(str(error))
    if given.stream:
        control = Control(sys.stdin)
        control.listen()
        options |= {"listener": JsonLines(), "gate": control.gate}
    try:
        run(given.suite, options.pop("cases"), path, resume=given.resume, **options)
    except KeyboardInterrupt:
        kept = partial_of(path)
        print(f"\nInterrupted. What was measured so far is in {kept}.", file=sys.stderr)
        return INTERRUPTED
    except WrongAnswer as error:
        print(f"Not measured: {error}", file=sys.stderr)
        return WRONG
    print(f"\nThe record is {path}.", file=sys.stderr)
    return 0


def _free(suite: str, resume: bool) -> Path:
    """Return where a record goes if nobody says: over no other one, unless it is gone on with."""
    path = Path(f"{suite}.json")
    names = (Path(f"{suite}-{number}.json") for number in count(2))
    return path if resume or not path.exists() else next(one for one in names if not one.exists())


def _opened(path: Path) -> Record:
    try:
        return load(path)
    except (FileNotFoundError, IsADirectoryError):
        parser().error(f"there is no record {path}: `{COMMAND} run SUITE` writes one")
    except (IncompleteRecord, ValueError) as error:
        parser().error(str(error))


if __name__ == "__main__":
    sys.exit(main())
