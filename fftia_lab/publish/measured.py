"""A measured number in a prose page: read from a recorded run, with its device and date."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from ..records import read
from ..rounding import duration, written

if TYPE_CHECKING:
    from sphinx.application import Sphinx

RESULTS = "book/results"


def times_as_long(what: dict[str, Any], against: dict[str, Any]) -> float:
    """Return how many times as long the second of two entries takes.

    If one was the other's baseline that is the median of ratios in one round, which the run holds;
    else the ratio of both medians.

    >>> fast = {"contender": "fft", "baseline": "dft", "ratio": {"median": 0.25}}
    >>> times_as_long(fast, {"contender": "dft"})
    4.0
    """
    if what.get("baseline") == against.get("contender"):
        return float(1 / what["ratio"]["median"])
    if against.get("baseline") == what.get("contender"):
        return float(against["ratio"]["median"])
    return float(against["seconds"]["median"] / what["seconds"]["median"])


def entry(record: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """Return the one entry of a run whose fields have these values.

    Raises:
        LookupError: if there is none, or more than one.
        ValueError: if this is no run.
    """
    entries = record.get("entries") if isinstance(record, dict) else None
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise ValueError(
            "a run has a list of entries, and this has none; "
            "`python -m fftia_lab.bench run SUITE` writes one"
        )
    found = [
        one for one in entries if all(one.get(name) == value for name, value in wanted.items())
    ]
    if len(found) != 1:
        raise LookupError(f"{len(found)} entries of the run {record['name']!r} have {wanted}")
    only: dict[str, Any] = found[0]
    return only


def plain(text: str) -> str:
    r"""Return a text of which Markdown makes its characters and nothing else.

    >>> plain("Core(TM) <b>")
    'Core\\(TM\\) \\<b\\>'
    """
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", " ".join(str(text).split()))


def comparison(
    record: dict[str, Any], what: dict[str, Any], against: dict[str, Any], text: str
) -> str:
    """Return a text with {what}, {against}, {times}, {device} and {date} filled in from a run.

    `times` is how many times as long the second takes, by `times_as_long`. What the run says in
    words stands there as it is: none of it becomes markup.

    Raises:
        LookupError: if the run lacks what is asked for.
        ValueError: if this is no run, or its date is none.
    """
    one, other = entry(record, what), entry(record, against)
    return text.format(
        what=duration(one["seconds"]["median"]),
        against=duration(other["seconds"]["median"]),
        times=written(times_as_long(one, other)),
        device=plain(record["device"]["name"]),
        date=date.fromisoformat(str(record["date"])[:10]),
    )


class MeasuredDirective(SphinxDirective):
    """Fill a paragraph from a recorded run; its name is the argument, two entries the options."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = {"what": json.loads, "against": json.loads}

    def run(self) -> list[nodes.Node]:
        path = Path(self.env.srcdir) / RESULTS / f"{self.arguments[0]}.json"
        self.env.note_dependency(str(path))
        try:
            record = read(path)
            text = comparison(
                record, self.options["what"], self.options["against"], "\n".join(self.content)
            )
        except (OSError, LookupError, ValueError) as error:
            raise self.error(f"the run {self.arguments[0]}: {error}") from error
        paragraph = nodes.Element()
        self.state.nested_parse(StringList(text.splitlines(), str(path)), 0, paragraph)
        return paragraph.children


def setup(app: Sphinx) -> None:
    app.add_directive("lab-measured", MeasuredDirective)
