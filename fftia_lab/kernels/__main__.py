"""The commands `python -m fftia_lab.kernels report` and `compile`: what kernels take of a GPU.

`report` prints the table that came with the package. `compile` makes it anew, which takes Triton
and no GPU, and says what must not be shipped and where the table has become stale.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from ..records import check_place
from .configuration import TARGETS, Configuration, declared
from .inspection import all_cases, inspect
from .table import HEAD, Row, differences, line, load, render, save, short


def parser() -> argparse.ArgumentParser:
    """Return what reads the command line."""
    reader = argparse.ArgumentParser(
        prog="python -m fftia_lab.kernels",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = reader.add_subparsers(dest="command", required=True)
    commands.add_parser("report", help="print the table that came with the package")
    anew = commands.add_parser("compile", help="compile everything that is shipped, and compare")
    anew.add_argument("modules", nargs="*", metavar="MODULE", help="only these, such as gate")
    anew.add_argument("--target", type=int, choices=sorted(TARGETS), help="only this capability")
    anew.add_argument("--limit", type=float, default=120, help="seconds for one case (120)")
    anew.add_argument("--write", type=Path, metavar="FILE", help="write the whole table there")
    return reader


def main(arguments: list[str] | None = None) -> int:
    given = parser().parse_args(arguments)
    if given.command == "report":
        for text in render(load()):
            print(text)
        return 0
    if find_spec("triton") is None:
        print("Kernels need Triton, on Linux: pip install 'fftia-lab[triton]'", file=sys.stderr)
        return 2
    shipped = chosen(given)
    if given.write:
        check_writing(given)
    return compile_and_compare(shipped, given)


def chosen(given: argparse.Namespace) -> dict[str, tuple[Configuration, ...]]:
    """Return what the modules named on the command line ship, or all that is shipped."""
    shipped = declared()
    known = {short(module) for module in shipped}
    unknown = sorted(set(given.modules) - known)
    if unknown:
        others = ", ".join(sorted(known)) or "none"
        parser().error(f"{unknown[0]} ships nothing; these do: {others}")
    return {name: ones for name, ones in shipped.items() if short(name) in (given.modules or known)}


def check_writing(given: argparse.Namespace) -> None:
    """Refuse a table of parts, and a place that cannot take one, before minutes are spent."""
    if given.modules or given.target:
        parser().error("--write takes the whole table: name no module and no target")
    try:
        check_place(given.write)
    except ValueError as error:
        parser().error(f"--write: {error}")


def compile_and_compare(
    shipped: Mapping[str, Sequence[Configuration]], given: argparse.Namespace
) -> int:
    """Print what each configuration takes and what is wrong; return the command's status."""
    print(f"{HEAD}  configuration")
    wanted = [case for case in all_cases(shipped) if given.target in (None, case.target)]
    found = inspect(shipped, wanted, given.limit, announce)
    kept = load().only(
        lambda row: (
            given.target in (None, row.target)
            and (not given.modules or row.module in given.modules)
        )
    )
    stale = [] if given.write else list(differences(kept, found.table))
    for text in found.faults or stale:
        print(text, file=sys.stderr)
    if found.faults:
        print(f"\n{len(found.faults)} faults: this must not be shipped.", file=sys.stderr)
        return 1
    if given.write:
        save(found.table, given.write)
        print(f"\nThe table is {given.write}.")
    elif stale:
        print(f"\nStale: {len(stale)} rows. `make resources` writes the table.", file=sys.stderr)
    return 1 if stale else 0


def announce(row: Row) -> None:
    """Print a row as soon as it is known."""
    print(f"{line(row)}  {row.module}: {row.configuration}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
