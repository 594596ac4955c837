"""The recorded runs that the book shows: complete, repeatable, and as good as it claims."""

import platform
import re
import shlex
from datetime import UTC, datetime
from pathlib import Path

import pytest
from paths import ROOT

from fftia_lab.bench import fft, load
from fftia_lab.bench.__main__ import parser

LEARNT = {"flow"}  # runs of fftia_lab.learn, looked after in test_learn.py
RECORDS = sorted(p for p in (ROOT / "book" / "results").glob("*.json") if p.stem not in LEARNT)


def test_there_are_records():
    assert {path.stem for path in RECORDS} >= {"fft"}


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
class TestEveryRecord:
    def test_it_says_where_when_and_what(self, path):
        run = load(path)
        assert run["name"] == path.stem
        assert re.fullmatch("[0-9a-f]{40}", run["commit"]), "commit, then measure"
        when = datetime.fromisoformat(run["date"])
        assert when.tzinfo and datetime(2026, 1, 1, tzinfo=UTC) < when
        assert run["device"]["threads"] == 1
        assert set(run["software"]) == {"system", "python", "numpy", "blas", "fftia-lab"}

    def test_its_command_repeats_it(self, path):
        run = load(path)
        *start, suite = shlex.split(run["command"])
        assert start == ["python", "-m", "fftia_lab.bench"] and not run["quick"]
        assert parser().parse_args([suite]).suite == path.stem

    def test_its_numbers_are_in_order(self, path):
        run = load(path)
        for one in run["entries"]:
            for found in (one["seconds"], one["ratio"]):
                assert 0 < found["lower"] <= found["median"] <= found["upper"], one
            assert one["rounds"] == run["settings"]["rounds"]
            assert one["error"] < 1e-12
            if one["contender"] == one["baseline"]:
                assert set(one["ratio"].values()) == {1.0}

    def test_it_names_no_machine_and_no_person(self, path):
        text = path.read_text("utf-8")
        assert str(Path.home()) not in text and str(ROOT) not in text
        assert platform.node() not in text or len(platform.node()) < 4


def entries(series, contender):
    """size -> entry, of one line of the chart."""
    found = [
        one
        for one in load(ROOT / "book" / "results" / "fft.json")["entries"]
        if (one["series"], one["contender"]) == (series, contender)
    ]
    return {one["shape"][-1]: one for one in found}


def test_the_fft_record_holds_the_whole_suite():
    run = load(ROOT / "book" / "results" / "fft.json")
    held = {(one["series"], tuple(one["shape"]), one["contender"]) for one in run["entries"]}
    left = {(one["series"], tuple(one["shape"]), one["contender"]) for one in run["skipped"]}
    for series in fft.SERIES:
        for shape in series.shapes:
            for name, one in series.table.items():
                if shape[-1] & (shape[-1] - 1) == 0 or not one.powers_of_two:
                    assert ((series.name, shape, name) in held) != (
                        (series.name, shape, name) in left
                    )


@pytest.mark.parametrize(("series", "times"), [("single", 3), ("batched", 8)])
def test_fft_is_nearly_as_fast_as_numpys(series, times):
    """The claim: within 3 times for single transforms from 2^10 to 2^20, within 8 in batches."""
    found = entries(series, "fft")
    assert len(found) == {"single": 11, "batched": 3}[series]
    slow = {size: one["ratio"]["median"] for size, one in found.items()}
    assert max(slow.values()) <= times, slow
