"""The command `python -m fftia_lab.learn flow`: train both models, and write a record."""

from __future__ import annotations

import argparse
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from ..bench import machine
from ..records import check_place
from . import flag
from .record import FlowRecord, Trained, write

COMMAND = "python -m fftia_lab.learn"
SEED, SEEDS = 0, range(8)


def parser() -> argparse.ArgumentParser:
    """Return what reads the command line."""
    reader = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    reader.add_argument("run", choices=["flow"])
    reader.add_argument("--output", type=Path, help="the record (default: RUN.json)")
    reader.add_argument("--quick", action="store_true", help="seconds instead of a minute")
    return reader


def main(arguments: list[str] | None = None) -> int:
    arguments = sys.argv[1:] if arguments is None else arguments
    given = parser().parse_args(arguments)
    path = given.output or Path(f"{given.run}.json")
    try:
        check_place(path)
    except ValueError as error:
        parser().error(f"--output: {error}")
    if machine.threads() != 1:
        # NumPy is loaded by now and its BLAS has read its variables: start anew.
        command = [sys.executable, "-m", "fftia_lab.learn", *arguments]
        try:
            return subprocess.run(command, env=machine.one_thread(), check=False).returncode
        except KeyboardInterrupt:
            return 130
    write(flow(given.quick), path)
    print(f"\nThe record is {path}.")
    return 0


def flow(quick: bool = False) -> FlowRecord:
    """Train both models with every seed; keep the weights of the first."""
    from .models import KINDS
    from .training import Settings, examine, train

    settings = Settings(steps=200, held_out=256) if quick else Settings()
    seeds = list(SEEDS)[: 2 if quick else None]
    models: dict[str, Trained] = {}
    for kind in KINDS:
        found, marks = {}, {}
        for seed in seeds:
            found[seed] = train(kind, seed, settings)
            marks[seed] = examine(kind, found[seed], settings)
            print(f"{kind:10} seed {seed} {marks[seed][0]:.4%} right", flush=True)
        kept = found[SEED]
        models[kind] = {
            "accuracy": marks[SEED][0],
            "loss": float(f"{marks[SEED][1]:.6g}"),
            "accuracies": [accuracy for accuracy, _ in marks.values()],
            "numbers": sum(weight.size for weight in kept.values()),
            "weights": {name: weight.tolist() for name, weight in kept.items()},
        }
    return {
        "name": "flow",
        "quick": quick,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": machine.commit(),
        "command": f"{COMMAND} flow{' --quick' * quick}",
        "device": machine.processor(),
        "software": machine.software() | {"torch": version("torch")},
        "task": {"name": flag.NAME, "tokens": flag.TOKENS, "letters": flag.LETTERS},
        "settings": {"seed": SEED, "seeds": seeds, **asdict(settings)},  # type: ignore[typeddict-item]
        "models": models,
    }


if __name__ == "__main__":
    sys.exit(main())
