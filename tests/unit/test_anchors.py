"""The table of docs/anchors.md: every row has a verdict, and what it rests on is there."""

import re

import pytest
from paths import ROOT

TEXT = (ROOT / "docs" / "anchors.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TEXT.splitlines()
    if re.match(r"\| (?!what \||---)", line)
]
PLACE = re.compile(r"`([^`]+/[^`]+|Makefile)`")


def test_every_row_is_read():
    tables = re.findall(r"^\| what \|.*\n\| ---|^\| what \|", TEXT, re.M)
    lines = [line for line in TEXT.splitlines() if line.startswith("|")]
    assert len(tables) == 4
    assert len(ROWS) == len(lines) - 2 * len(tables)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_row_says_where_we_stand_and_why(row):
    assert len(row) == 5, row
    what, best, here, verdict, held = row
    assert what and best and here
    assert verdict in "=+−", f"{what}: at least as good, beyond or behind; got {verdict!r}"
    places = PLACE.findall(held)
    for place in places:
        assert (ROOT / place).exists(), f"{what} rests on {place}, which is not there"
    if verdict != "−":
        assert places, f"{what}: what is claimed is held by a file"
    else:
        assert len(held.split()) >= 4, f"{what}: what is behind has its reason"
