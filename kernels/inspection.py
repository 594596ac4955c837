"""All that is shipped, compiled: the table as it is today, and what must not be shipped."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from .compilation import problems
from .configuration import TARGETS, Configuration
from .table import Row, Table, row, short
from .workers import Failure, cases, compile_all


@dataclass(frozen=True)
class Inspection:
    """What was found.

    Args:
        table: every configuration that compiled.
        faults: a sentence for each reason not to ship one.
    """

    table: Table
    faults: tuple[str, ...]


def inspect(
    shipped: Mapping[str, Sequence[Configuration]],
    targets: Collection[int] = tuple(TARGETS),
    limit: float = 120.0,
    tell: Callable[[Row], object] = lambda row: None,
) -> Inspection:
    """Compile what modules ship, for every GPU that they name, and judge it.

    Args:
        shipped: module -> its configurations, as `configuration.declared` returns them.
        targets: only these compute capabilities.
        limit: seconds for one compilation.
        tell: called with each row as it comes.
    """
    import triton

    known = {(module, one.name): one for module, ones in shipped.items() for one in ones}
    wanted = [case for module, ones in shipped.items() for case in cases(module, ones)]
    rows, faults = [], []
    for case, found in compile_all((c for c in wanted if c.target in targets), limit=limit):
        label = f"{short(case.module)} · {case.name} · sm_{case.target}"
        if isinstance(found, Failure):
            faults.append(f"{label}: it does not compile: {found.why}")
            continue
        configuration = known[case.module, case.name]
        rows.append(row(case.module, configuration, case.target, found))
        tell(rows[-1])
        faults += [f"{label}: {why}" for why in problems(configuration, case.target, found)]
    return Inspection(Table(triton.__version__, tuple(rows)), tuple(faults))
