"""The committed table of what kernels take of each GPU, `resources.json`, and its proof.

Counts depend on the compiler, so each table names the Triton that made it. With that version every
count must come out again; with any other the table must still list what is shipped.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any

from ..records import check_place, read, write_whole
from .compilation import Resources
from .configuration import PACKAGE, Configuration

PLACE = files(PACKAGE) / "resources.json"


@dataclass(frozen=True)
class Row:
    """One configuration on one GPU, as the table keeps it.

    Args:
        module: that ships it, without the package.
        configuration: its name.
        target: the compute capability.
        warps: of a program.
        token_stages: of a program, 0 where none are given.
        resources: what it takes.
    """

    module: str
    configuration: str
    target: int
    warps: int
    token_stages: int
    resources: Resources

    @property
    def key(self) -> tuple[str, str, int]:
        return self.module, self.configuration, self.target

    @property
    def per_token_stage(self) -> float | None:
        """Instructions that warps issue for one token at one stage.

        A multiprocessor has four schedulers: a quarter of it is the least cycles.
        """
        if not self.token_stages:
            return None
        return self.resources.instructions * self.warps / self.token_stages


@dataclass(frozen=True)
class Table:
    """All rows, and the version of Triton that compiled them."""

    triton: str
    rows: tuple[Row, ...]

    def only(self, wanted: Callable[[Row], bool]) -> Table:
        """Return the rows of which a function says so."""
        return Table(self.triton, tuple(filter(wanted, self.rows)))


def short(module: str) -> str:
    """Return a module's name without its package.

    >>> short("fftia_lab.kernels.gate")
    'gate'
    """
    return module.rpartition(".")[2]


def row(module: str, configuration: Configuration, target: int, resources: Resources) -> Row:
    """Return the row of one compiled configuration."""
    return Row(
        short(module),
        configuration.name,
        target,
        configuration.warps,
        configuration.token_stages,
        resources,
    )


def load() -> Table:
    """Return the table that came with the package.

    >>> load().triton.split(".")[0]
    '3'
    """
    kept = read(PLACE)
    return Table(kept["triton"], tuple(_row(one) for one in kept["rows"]))


def _row(kept: Mapping[str, Any]) -> Row:
    of_resources = Resources.__dataclass_fields__
    own = {name: value for name, value in kept.items() if name not in of_resources}
    return Row(**own, resources=Resources(**{name: kept[name] for name in of_resources}))


def save(table: Table, path: Path) -> None:
    """Write a table, one row a line, so that a change shows what it changes.

    Raises:
        ValueError: if nothing can be written there.
    """
    check_place(path)
    lines = []
    for one in sorted(table.rows, key=lambda row: row.key):
        flat = asdict(one)
        lines.append("    " + json.dumps(flat | flat.pop("resources")))
    rows = ",\n".join(lines)
    head = f'{{\n  "triton": {json.dumps(table.triton)},\n  "rows": [\n'
    write_whole(f"{head}{rows}\n  ]\n}}\n", path)


def differences(kept: Table, fresh: Table) -> Iterator[str]:
    """Yield a sentence for each row that a table lacks, has in excess, or tells otherwise.

    Figures are compared only between tables of one version of Triton.
    """
    before, after = ({one.key: one for one in table.rows} for table in (kept, fresh))
    for key in sorted(before.keys() | after.keys()):
        label = "{} · {} · sm_{}".format(*key)
        if key not in after:
            yield f"{label}: nothing ships this; the table has it"
        elif key not in before:
            yield f"{label}: the table lacks it"
        elif kept.triton == fresh.triton and before[key] != after[key]:
            was, now = (_figures(table[key]) for table in (before, after))
            changed = [name for name in was if was[name] != now[name]]
            figures = (f"{name} {was[name]} → {now[name]}" for name in changed)
            yield f"{label}: {', '.join(figures)}"


def _figures(one: Row) -> dict[str, Any]:
    return {"warps": one.warps, "token_stages": one.token_stages, **asdict(one.resources)}


HEAD = (
    f"{'GPU':7}{'warps':>6}{'registers':>11}{'spilled':>9}{'shared':>9}"
    f"{'tensor':>8}{'instructions':>14}{'per token-stage':>17}"
)


def render(table: Table) -> Iterator[str]:
    """Yield the table as lines of text, by module, configuration and GPU."""
    yield f"Compiled by Triton {table.triton}, without a GPU; nothing here was run on one."
    rows = sorted(table.rows, key=lambda row: row.key)
    for (module, name), group in groupby(rows, key=lambda row: row.key[:2]):
        yield f"\n{module}: {name}"
        yield HEAD
        yield from map(line, group)


def line(one: Row) -> str:
    """Return one row as text."""
    taken, each = one.resources, one.per_token_stage
    return (
        f"sm_{one.target:<4}{one.warps:6}{taken.registers:11}"
        f"{taken.spill_stores + taken.spill_loads:9}{taken.shared / 1024:7.1f} K"
        f"{taken.tensor_instructions:8}{taken.instructions:14}"
        f"{'–' if each is None else f'{each:.2f}':>17}"
    )
