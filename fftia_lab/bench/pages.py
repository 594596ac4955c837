"""Recorded runs as Markdown for the page that lists them: what, on what, how to run it again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from ..records import on_file
from .published_figures import EAGER, SDPA, Verdict, verdicts
from .record import Origin, Record, recorded
from .report import device_name, versions
from .suites import GPU, SUITES, Suite, fixed

TITLES = {
    "speed": "Speed",
    "recorded": "Speed while gradients are prepared",
    "projected": "Speed with four projections on both sides",
    "memory": "Memory",
    "backward": "Forwards and backwards",
    "block": "A block",
    "butterfly": "Butterfly attention",
}


def runs_list() -> str:
    """Return an item for each suite: what it measures, on what it was, and the command.

    >>> print(runs_list().splitlines()[0])
    **fft**: every transform of the table against NumPy's.\\
    """
    return "\n\n".join("\\\n".join(_item(name, suite)) for name, suite in SUITES.items()) + "\n"


def _item(name: str, suite: Suite) -> Iterator[str]:
    yield f"**{name}**: {suite.measures}."
    names = [one for one in on_file() if one.partition("-")[0] == name]
    if names and fixed(name):
        yield fixed(name)
    yield from (f"Measured on {origin(recorded(one))}." for one in names)
    if not names:
        yield "No GPU has been measured yet." if suite.devices == (GPU,) else "Not measured yet."
    yield f"`python -m fftia_lab.bench run {name}`"


def origin(run: Origin) -> str:
    """Return on which day, device, versions and commit a run was made.

    >>> origin(recorded("fft"))[10:33]
    ', one core of AMD EPYC,'
    """
    threads = "one core of " if run["device"]["threads"] == 1 else ""
    on = f"{threads}{device_name(run['device'])}, {', '.join(versions(run))}"
    return f"{run['date'][:10]}, {on}, commit {(run['commit'] or '')[:8]}"


def published_tables() -> str:
    """Return a table for each series of published figures, each beside what was measured.

    How many times as much attention takes as what was published.

    Raises:
        FileNotFoundError: if the suite "published" is not on file.

    >>> [line[:17] for line in published_tables().splitlines() if "215.3" in line]
    ['| 2,048 | 215.3 |', '| 2,048 | 215.3 |', '| 2,048 | 215.3 |']
    """
    run = recorded("published")
    order = [*TITLES]
    found = sorted(verdicts(run), key=lambda one: order.index(one.series))
    parts = [_table(run, series, held) for series, held in groupby(found, lambda one: one.series)]
    return "\n\n".join(parts) + "\n"


def _table(run: Record, series: str, held: Iterable[Verdict]) -> str:
    rows: dict[int, dict[str, str]] = {}
    for one in held:
        row = rows.setdefault(one.figure.tokens, {"published": f"{one.figure.times:g}"})
        row[one.rival] = f"{one.measured['median']:.3g}, {one.verdict}"
    lines = [
        f"**{TITLES[series]}.** {run.get('conditions', {})[series]}",
        "",
        "| tokens | published | eager | SDPA |",
        "|---:|---:|:---|:---|",
    ]
    for tokens, row in rows.items():
        cells = [row.get(who, "") for who in ("published", EAGER, SDPA)]
        lines.append(f"| {tokens:,} | {' | '.join(cells)} |")
    return "\n".join(lines)
