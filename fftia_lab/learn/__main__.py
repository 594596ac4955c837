"""The command `python -m fftia_lab.learn RUN`: train, and write a record.

`flow` trains the two models of chapter 8, `blocks` the learned butterflies of the figures.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from ..bench import machine
from ..bench.record import Origin
from ..records import check_place
from . import flag
from .butterflies import BlocksRecord, butterflies
from .record import FlowRecord, Trained, write

COMMAND = "python -m fftia_lab.learn"
SEED, SEEDS = 0, range(8)


def parser() -> argparse.ArgumentParser:
    """Return what reads the command line."""
    reader = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    reader.add_argument("run", choices=sorted(RUNS))
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
    write(RUNS[given.run](given.quick), path)
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
        **circumstances("flow", quick),
        "software": machine.software() | {"torch": version("torch")},
        "task": {"name": flag.NAME, "tokens": flag.TOKENS, "letters": flag.LETTERS},
        # asdict gives a dict of anything; Training has the fields of Settings
        "settings": {"seed": SEED, "seeds": seeds, **asdict(settings)},  # type: ignore[typeddict-item]
        "models": models,
    }


def blocks(quick: bool = False) -> BlocksRecord:
    """Teach every learned butterfly with every seed; keep the numbers of the first."""
    settings, denoisers, transforms = butterflies(quick)
    for one in denoisers:
        name = f"{'causal ' * one['causal']}{one['wiring']} {one['size']}"
        print(f"{name:20} {one['left']:.2%} of the noise left, at best {one['best']:.2%}")
    for other in transforms:
        print(f"{'DFT':9} {other['size']:10} off by {max(other['offs']):.2g} in the worst start")
    return {
        **circumstances("blocks", quick),
        "settings": settings,
        "denoisers": denoisers,
        "transforms": transforms,
    }


def circumstances(name: str, quick: bool) -> Origin:
    """Return what every record says of where, when and how it was made."""
    return {
        "name": name,
        "quick": quick,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": machine.commit(),
        "command": f"{COMMAND} {name}{' --quick' * quick}",
        "device": machine.processor(),
        "software": machine.software(),
    }


RUNS = {"blocks": blocks, "flow": flow}


if __name__ == "__main__":
    sys.exit(main())
