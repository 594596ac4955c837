"""A question that is answered by a curve: the reader draws it, and the true one comes over it.

Who has drawn a straight line sees the bend. What tempts is a shape, known by one of its measures:
where it ends, how steep it is, where it crosses what is given.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from ...palette import css
from ..kit.bundle import link

HERE = Path(__file__).parent
MEASURES = ("start", "end", "slope", "crossing")

Values = Sequence[float | None]  # None where nothing is known
Shape = tuple[str, float | None, float | None, str]


class Stroke(anywidget.AnyWidget):
    """One question for a curve; `draw` makes it, and `said` holds the values that were drawn.

    Args:
        what: what the curve shows, in a few words; the question itself stands in the text above.
        across: [name, unit] of what goes to the right.
        up: [name, unit] of what goes up.
        log: the letters of the logarithmic axes: "", "x", "y" or "xy".
        x: the places to the right, growing.
        low: where the axis begins that goes up.
        high: where it ends.
        curves: [name, values] of the true curves; the first is the one that is asked for.
        given: [name, values] of curves that are seen from the start.
        tempting: [measure, low, high, sentence that names the mistake] of each shape that tempts.
        near: how far a curve may be off on average and still be near, as a part of the axis.

    Raises:
        traitlets.TraitError: if a curve does not fit the axes, or a shape is none.
    """

    _esm = link(HERE / "stroke.js")
    _css = "\n".join([css(".fl-asks"), (HERE / "style.css").read_text("utf-8")])

    what = traitlets.Unicode().tag(sync=True)
    across = traitlets.List(traitlets.Unicode()).tag(sync=True)
    up = traitlets.List(traitlets.Unicode()).tag(sync=True)
    log = traitlets.Enum(["", "x", "y", "xy"], "").tag(sync=True)
    x = traitlets.List(traitlets.Float()).tag(sync=True)
    low = traitlets.Float().tag(sync=True)
    high = traitlets.Float().tag(sync=True)
    curves: traitlets.List[Any] = traitlets.List().tag(sync=True)
    given: traitlets.List[Any] = traitlets.List().tag(sync=True)
    tempting: traitlets.List[Any] = traitlets.List().tag(sync=True)
    near = traitlets.Float(0.05).tag(sync=True)
    said = traitlets.Unicode("", help="the values that were drawn, as text").tag(sync=True)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self._axes()
        if not self.curves:
            raise traitlets.TraitError("a curve to draw is wanted; got none")
        if None in self.curves[0][1]:
            raise traitlets.TraitError(
                f"the curve to draw has a value everywhere; got {self.curves[0]}"
            )
        for name, curve in [*self.curves, *self.given]:
            self._fits(name, curve)
        for one in self.tempting:
            self._shape(*one)

    def _axes(self) -> None:
        if not 3 <= len(self.x) <= 65 or not all(a < b for a, b in pairwise(self.x)):  # nor NaN
            raise traitlets.TraitError(f"three to 65 growing places are wanted; got x = {self.x}")
        for letter, least in (("x", self.x[0]), ("y", self.low)):
            if letter in self.log and least <= 0:
                raise traitlets.TraitError(
                    f"a logarithmic axis begins above 0; got {least:g} on {letter}"
                )
        if not self.low < self.high:
            raise traitlets.TraitError(
                f"the axis goes up from low to high; got {self.low:g} to {self.high:g}"
            )

    def _fits(self, name: str, curve: Values) -> None:
        if len(curve) != len(self.x):
            raise traitlets.TraitError(
                f"a value at each of {len(self.x)} places is wanted; {name!r} has {len(curve)}"
            )
        known = [one for one in curve if one is not None]
        if outside := [one for one in known if not self.low <= one <= self.high]:
            raise traitlets.TraitError(
                f"{name!r} has {outside[0]:g}, outside of {self.low:g} to {self.high:g}"
            )

    def _shape(self, measure: str, low: float | None, high: float | None, reply: str) -> None:
        places = [f"at {place:.12g}" for place in self.x]
        if measure not in MEASURES and measure not in places:
            raise traitlets.TraitError(
                f"a measure is one of {MEASURES}, or 'at' and a place; got {measure!r}"
            )
        if measure == "crossing" and not self.given:
            raise traitlets.TraitError("'crossing' needs a given curve to cross; got none")
        ends = [-math.inf if low is None else low, math.inf if high is None else high]
        if ends == [-math.inf, math.inf] or ends[0] > ends[1] or not reply.endswith("."):
            raise traitlets.TraitError(
                "what tempts has a range and a sentence as reply; "
                f"got {measure!r} from {low} to {high}: {reply!r}"
            )

    def __repr__(self) -> str:
        return f"Stroke({self.what!r})"


def draw(
    curves: Mapping[str, Values],
    x: Sequence[float],
    what: str,
    *,
    across: str,
    up: str,
    span: tuple[float, float],
    log: str = "",
    given: Mapping[str, Values] | None = None,
    tempting: Sequence[Shape] = (),
    near: float = 0.05,
) -> Stroke:
    """Ask for a curve.

    Args:
        curves: name -> true values at each place; the first is asked for, all are shown with it,
            None where nothing was measured of another.
        x: the places to the right, growing.
        what: what the curve shows, in a few words.
        across: name of what goes to the right, and its unit after a comma: "N", "lines kept, %".
        up: name of what goes up, likewise: "time, s"; seconds are written as ms, µs or ns.
        span: where the axis begins and ends that goes up.
        log: the letters of the logarithmic axes: "", "x", "y" or "xy".
        given: name -> values of curves that are seen from the start.
        tempting: (measure, low, high, sentence that names the mistake) of each shape that tempts,
            the first that fits answers. A measure is "start", "end" or "at 64", the value there;
            "slope", which is the power of x on two logarithmic axes, and the rise at each doubling
            of x if only x is logarithmic; "crossing", the x from which on it is on the other side
            of the first given curve. None leaves a range open.
        near: how far a curve may be off on average and still be near, as a part of the axis.

    Raises:
        traitlets.TraitError: if a curve does not fit the axes, or a shape is none.

    >>> draw({"pairs": [1, 4, 9]}, [1, 2, 3], "pairs", across="N", up="pairs", span=(0, 10))
    Stroke('pairs')
    """
    return Stroke(
        what=what,
        across=_name_and_unit(across),
        up=_name_and_unit(up),
        log=log,
        x=[float(place) for place in x],
        low=span[0],
        high=span[1],
        curves=_listed(curves),
        given=_listed(given or {}),
        tempting=[list(one) for one in tempting],
        near=near,
    )


def _name_and_unit(label: str) -> list[str]:
    name, comma, unit = label.rpartition(", ")
    return [name, unit] if comma else [label, ""]


def _listed(curves: Mapping[str, Values]) -> list[list[Any]]:
    return [
        [name, [None if value is None else float(value) for value in values]]
        for name, values in curves.items()
    ]
