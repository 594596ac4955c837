"""All that is shipped, compiled: the table as it is today, and what must not be shipped."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from .compilation import problems
from .configuration import Configuration
from .table import Row, Table, row, short
from .workers import Case, Failure, cases, compile_all


@dataclass(frozen=True)
class Inspection:
    """What was found.

    Args:
        table: every configuration that compiled.
        faults: a sentence for each reason not to ship one.
    """

    table: Table
    faults: tuple[str, ...]


Shipped = Mapping[str, Sequence[Configuration]]


def all_cases(shipped: Shipped) -> list[Case]:
    """Return every configuration that modules ship, for each of its GPUs.

    Args:
        shipped: module -> its configurations, as `configuration.declared` returns them.
    """
    return [case for module, ones in shipped.items() for case in cases(module, ones)]


def sample(shipped: Shipped) -> list[Case]:
    """Return every configuration once, for one of its GPUs, in turn."""
    return [
        Case(module, one.name, one.targets[place % len(one.targets)])
        for module, ones in shipped.items()
        for place, one in enumerate(ones)
    ]


def inspect(
    shipped: Shipped,
    wanted: Sequence[Case] | None = None,
    limit: float = 120.0,
    tell: Callable[[Row], object] = lambda row: None,
) -> Inspection:
    """Compile what modules ship and judge it.

    Args:
        shipped: module -> its configurations.
        wanted: those of their cases that are compiled; None for all.
        limit: seconds for one compilation.
        tell: called with each row as it comes.
    """
    import triton

    known = {(module, one.name): one for module, ones in shipped.items() for one in ones}
    rows, faults = [], []
    for case, found in compile_all(all_cases(shipped) if wanted is None else wanted, limit=limit):
        configuration = known[case.module, case.name]
        if isinstance(found, Failure):
            faults.append(f"{label(case)}: it does not compile: {found.why}")
            continue
        rows.append(row(case.module, configuration, case.target, found))
        tell(rows[-1])
        why = problems(configuration, case.target, found)
        faults += [f"{label(case)}: {one}" for one in why]
    return Inspection(Table(triton.__version__, tuple(rows)), tuple(faults))


def label(case: Case) -> str:
    """Return how sentences name a case."""
    return f"{short(case.module)} · {case.name} · sm_{case.target}"
