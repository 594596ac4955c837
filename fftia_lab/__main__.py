"""The command `python -m fftia_lab check`: what must hold of the layers, measured on them."""

from __future__ import annotations

import argparse
import sys
from importlib.util import find_spec


def parser() -> argparse.ArgumentParser:
    """Return what reads the command line."""
    reader = argparse.ArgumentParser(prog="python -m fftia_lab", description=__doc__)
    commands = reader.add_subparsers(dest="command", required=True)
    commands.add_parser(
        "check",
        help="round trip, energy, gradients, identity, domains, determinism, causality, padding",
    )
    return reader


def main(arguments: list[str] | None = None) -> int:
    parser().parse_args(arguments)
    if find_spec("torch") is None:
        print("The layers need PyTorch: pip install 'fftia-lab[torch]'", file=sys.stderr)
        return 2
    from .mixing.invariants import findings

    print(f"{'invariant':13}{'measured on':36}{'figure':>9}{'allowed':>9}")
    failed = total = 0
    for one in findings():
        verdict = "holds" if one.holds else "FAILS"
        print(
            f"{one.invariant:13}{one.layer:36}{one.figure:9.2g}{one.limit:9.2g}  {verdict}",
            flush=True,
        )
        failed, total = failed + (not one.holds), total + 1
    print(f"\n{failed} of {total} fail." if failed else f"\nAll {total} hold.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
