"""The table of resources: what it keeps, where it is stale, and the commands that show it."""

from dataclasses import replace

import pytest

from fftia_lab.kernels import __main__ as command
from fftia_lab.kernels import table
from fftia_lab.kernels.compilation import Resources
from fftia_lab.kernels.table import Row, Table

TAKEN = Resources(96, 0, 0, 8192, 0, 800, 32, 0)
ROWS = (
    Row("gate", "forward, float32", 80, 4, 0, TAKEN),
    Row("gate", "forward, float32", 90, 4, 0, TAKEN),
    Row("fft", "1,024 points", 90, 8, 1280, replace(TAKEN, instructions=960)),
)
KEPT = Table("3.7.1", ROWS)


def test_what_is_written_is_read(tmp_path, monkeypatch):
    place = tmp_path / "resources.json"
    table.save(KEPT, place)
    monkeypatch.setattr(table, "PLACE", place)
    assert table.load() == Table("3.7.1", tuple(sorted(ROWS, key=lambda row: row.key)))
    assert len(place.read_text("utf-8").splitlines()) == len(ROWS) + 5, "a row is a line"


CHANGED = (replace(ROWS[0], resources=replace(TAKEN, registers=97)), *ROWS[1:])


@pytest.mark.parametrize(
    ("fresh", "told"),
    [
        (KEPT, []),
        (Table("3.7.1", CHANGED), ["gate · forward, float32 · sm_80: registers 96 → 97"]),
        (Table("3.6.0", CHANGED), []),
        (Table("3.6.0", ROWS[1:]), ["gate · forward, float32 · sm_80: nothing ships this; "]),
        (
            Table("3.6.0", (*ROWS, replace(ROWS[2], target=100))),
            ["fft · 1,024 points · sm_100: the table lacks it"],
        ),
        (
            Table("3.7.1", (*ROWS[:2], replace(ROWS[2], warps=4, token_stages=640))),
            ["fft · 1,024 points · sm_90: warps 8 → 4, token_stages 1280 → 640"],
        ),
    ],
)
def test_a_stale_row_is_told(fresh, told):
    found = list(table.differences(KEPT, fresh))
    assert len(found) == len(told)
    assert all(one.startswith(start) for one, start in zip(found, told, strict=True))


def test_instructions_are_told_for_each_token_and_stage():
    assert [row.per_token_stage for row in ROWS] == [None, None, 960 * 8 / 1280]
    lines = list(table.render(KEPT))
    assert lines[0].startswith("Compiled by Triton 3.7.1") and "run on" in lines[0]
    (fft,) = (line for line in lines if line.endswith("6.00"))
    assert fft.split()[:3] == ["sm_90", "8", "96"]
    assert sum(line.endswith("–") for line in lines) == 2


def test_the_report_needs_no_compiler(capsys, monkeypatch):
    monkeypatch.setattr(command, "load", lambda: KEPT)
    monkeypatch.setattr(command, "find_spec", lambda name: None)
    assert command.main(["report"]) == 0
    assert capsys.readouterr().out == "".join(f"{line}\n" for line in table.render(KEPT))
    assert command.main(["compile"]) == 2
    assert "pip install 'fftia-lab[triton]'" in capsys.readouterr().err
