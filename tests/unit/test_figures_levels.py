"""The figure of levels: one cell for every bit of an address, in the colour of its level."""

import pytest

from fftia_lab.figures import levels_figure
from fftia_lab.figures.levels import LEVELS

REGISTERS, LANES, WARPS, PROGRAMS = LEVELS


def drawn(rows):
    return levels_figure(rows, title="Levels", alt="Bits of an address.")


def test_every_bit_stands_where_its_stage_does():
    figure = drawn({"one": [(REGISTERS, 3), (LANES, 5), (REGISTERS, 2)], "two": [(LANES, 1)]})
    cells = {
        (trace.y[place], round(trace.x[place])): trace.name
        for trace in figure.data
        for place in range(0, len(trace.x), 3)
    }
    one = [REGISTERS] * 3 + [LANES] * 5 + [REGISTERS] * 2
    assert cells == {**{("one", bit): level for bit, level in enumerate(one)}, ("two", 0): LANES}
    assert {trace.name: trace.line.color for trace in figure.data} == {
        level: LEVELS[level] for level in (REGISTERS, LANES)
    }
    assert "stage 3, stride 8: another lane" in figure.data[1].hovertext[0]
    assert figure.layout.meta["alt"] == "Bits of an address."


@pytest.mark.parametrize(
    ("rows", "kind", "message"),
    [
        ({}, ValueError, "rows must map names of kernels"),
        ([("a", 3)], ValueError, "rows must map names of kernels"),
        ({"a": [("cache", 3)]}, ValueError, "unknown level 'cache'; known: registers"),
        ({"a": [(LANES, 0)]}, ValueError, "number of bits"),
        ({"a": [(LANES, 1.5)]}, TypeError, "number of bits"),
    ],
)
def test_what_cannot_be_drawn_is_refused(rows, kind, message):
    with pytest.raises(kind) as caught:
        drawn(rows)
    assert message in str(caught.value)
