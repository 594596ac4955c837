"""A small measured figure for a prose page: two curves of a recorded run, drawn when it is built.

It needs no script. Curves are stretched to the width of the page and words are not, so that it can
be read on a phone; the numbers stand in a fold below it.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from ..records import read
from ..rounding import duration, written
from .measured import RESULTS, comparison, entry, times_as_long

if TYPE_CHECKING:
    from sphinx.application import Sphinx

MARKS = 4  # on each axis, at most


@dataclass(frozen=True)
class Curves:
    """What two contenders of a run took, at every size that both have.

    Args:
        sizes: from the smallest.
        what, against: the names that readers see, and the seconds at each size.
        times: how many times as long the second takes at each size.
    """

    sizes: tuple[int, ...]
    what: tuple[str, tuple[float, ...]]
    against: tuple[str, tuple[float, ...]]
    times: tuple[float, ...]

    @property
    def top(self) -> float:
        """The longest of all."""
        return max(self.what[1] + self.against[1])


def curves_of(record: dict[str, Any], series: str, names: dict[str, str]) -> Curves:
    """Take two curves out of a run; `names` is contender -> its name, ours first.

    Raises:
        ValueError: if there are not two names, or fewer than two sizes that both have.
    """
    if len(names) != 2:
        raise ValueError(f"two contenders are compared; got {', '.join(names) or 'none'}")
    shapes = [
        {one["shape"][-1] for one in record["entries"] if _is(one, series, name)} for name in names
    ]
    sizes = tuple(sorted(set.intersection(*shapes)))
    if len(sizes) < 2:
        raise ValueError(f"a curve needs two sizes of {' and '.join(names)} in {series!r}")
    entries = [[entry(record, wanted(series, name, size)) for size in sizes] for name in names]
    what, against = (
        (words, tuple(float(one["seconds"]["median"]) for one in found))
        for words, found in zip(names.values(), entries, strict=True)
    )
    return Curves(sizes, what, against, tuple(map(times_as_long, *entries)))


def _is(one: dict[str, Any], series: str, contender: str) -> bool:
    return bool(one["series"] == series and one["contender"] == contender)


def wanted(series: str, contender: str, size: int) -> dict[str, Any]:
    """Return the fields of one entry, as `entry` and `comparison` ask for it."""
    return {"series": series, "contender": contender, "shape": [size]}


def step_of(top: float) -> float:
    """Return the distance of marks up to `top`: 1, 2 or 5 times a power of ten, at most four.

    >>> step_of(12.25), step_of(0.9), step_of(32768)
    (5.0, 0.5, 10000.0)
    """
    power = 10.0 ** (math.floor(math.log10(top)) - 1)
    steps = [factor * scale for scale in (power, 10 * power) for factor in (1, 2, 5)]
    return next(step for step in steps if top / step <= MARKS)


def drawn(curves: Curves, unit: str) -> str:
    """Return the figure as HTML: seconds upwards, sizes to the right, both from 0."""
    width, height = curves.sizes[-1], 1.06 * curves.top
    marks = [mark * step_of(curves.top) for mark in range(MARKS + 1)]
    marks = [mark for mark in marks if mark < height]
    sizes = [size for size in curves.sizes if size >= width / 2]
    grid = "".join(f"M0 {_down(mark, height)}H100" for mark in marks)
    lines = "".join(
        f'<path class="lab-{side}" d="{line}"/>'
        f'<path class="lab-{side} lab-dots" d="{_dots(line)}"/>'
        for side, (_, seconds) in (("against", curves.against), ("what", curves.what))
        for line in [_path(curves, seconds, height)]
    )
    words = [
        *(_word(0, _down(mark, height), "time", f"{mark:g}&nbsp;s") for mark in marks),
        *(_word(100 * size / width, 100, "size", f"{size:,}") for size in sizes),
        *(
            _word(
                100, _down(seconds[-1], height), side, f"{escape(name)}<br>{duration(seconds[-1])}"
            )
            for side, (name, seconds) in (("against", curves.against), ("what", curves.what))
        ),
    ]
    return (
        f'<div class="lab-curves"><div role="img" aria-label="{escape(_told(curves, unit))}">'
        '<svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">'
        f'<path class="lab-grid" d="{grid}"/>{lines}</svg>{"".join(words)}'
        f'<span class="lab-unit">{escape(unit)}</span></div>{_table(curves, unit)}</div>'
    )


def _down(seconds: float, height: float) -> str:
    return f"{100 - 100 * seconds / height:.2f}"


def _path(curves: Curves, seconds: tuple[float, ...], height: float) -> str:
    """The line through all sizes, and a dot at each: a stroke of no length with round ends."""
    places = [
        f"{100 * size / curves.sizes[-1]:.2f} {_down(one, height)}"
        for size, one in zip(curves.sizes, seconds, strict=True)
    ]
    return f"M{'L'.join(places)}"


def _dots(line: str) -> str:
    return re.sub("[ML]([^L]+)", r"M\1h0", line)


def _word(left: float, top: float | str, kind: str, words: str) -> str:
    return f'<span class="lab-{kind}" style="left:{left:.2f}%;top:{top}%">{words}</span>'


def _told(curves: Curves, unit: str) -> str:
    """The figure in a sentence."""
    ends = [f"{name} {duration(seconds[-1])}" for name, seconds in (curves.against, curves.what)]
    return f"Time over the number of {unit}. At {curves.sizes[-1]:,}: {', '.join(ends)}."


def _table(curves: Curves, unit: str) -> str:
    head = [unit, curves.what[0], curves.against[0], "times as long"]
    rows = [
        [f"{size:,}", duration(one), duration(other), written(times)]
        for size, one, other, times in zip(
            curves.sizes, curves.what[1], curves.against[1], curves.times, strict=True
        )
    ]
    cells = "".join(f'<th scope="col">{escape(words)}</th>' for words in head)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return (
        '<details class="lab-fold"><summary>The numbers</summary><table class="table">'
        f"<thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table></details>"
    )


class CurvesDirective(SphinxDirective):
    """Draw two contenders of a recorded run; the content is the caption, as of `lab-measured`."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = {"series": str, "contenders": json.loads, "unit": str}

    def run(self) -> list[nodes.Node]:
        path = Path(self.env.srcdir) / RESULTS / f"{self.arguments[0]}.json"
        self.env.note_dependency(str(path))
        if missing := sorted(set(self.option_spec) - set(self.options)):
            raise self.error(f"lab-curves needs the options {', '.join(missing)} too")
        series, names = self.options["series"], self.options["contenders"]
        try:
            record = read(path)
            curves = curves_of(record, series, names)
            what, against = (wanted(series, name, curves.sizes[-1]) for name in names)
            text = comparison(record, what, against, "\n".join(self.content))
        except (OSError, LookupError, ValueError) as error:
            raise self.error(f"the run {self.arguments[0]}: {error}") from error
        caption = nodes.container("", classes=["lab-caption"])
        self.state.nested_parse(StringList(text.splitlines(), str(path)), 0, caption)
        return [nodes.raw("", drawn(curves, self.options["unit"]), format="html"), caption]


def setup(app: Sphinx) -> None:
    app.add_directive("lab-curves", CurvesDirective)
