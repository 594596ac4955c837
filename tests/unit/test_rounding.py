"""Pages and figures write one measured number in one way, at halves too."""

import json

import pytest
from kit.engine import Engine
from paths import ROOT

from fftia_lab.bench import find, recorded
from fftia_lab.publish.measured import comparison
from fftia_lab.rounding import duration, written

CODE = """//given
import { rounded } from "./kit/numbers.js";
import { timeText } from "./live_benchmark/words.js";
answer(given.map((value) => [timeText(value), rounded(value).toLocaleString("en")]));
"""


def recorded_seconds():
    for path in sorted((ROOT / "book" / "results").glob("*.json")):
        for one in json.loads(path.read_text("utf-8")).get("entries", []):
            if isinstance(one, dict) and "seconds" in one:
                yield from one["seconds"].values()


def test_a_number_that_was_recorded_reads_the_same_in_python_and_javascript(tmp_path):
    halves = [12.25, 0.7665, 1.005, 12.35, 2.5e-7, 999.5, 0.9995, 0.09995, 1234.5, 0.0, 4.2e-10]
    values = sorted({*halves, *recorded_seconds()})
    told = Engine(ROOT / "fftia_lab" / "widgets", tmp_path).run(CODE, values)
    for value, (time, number) in zip(values, told, strict=True):
        assert time == duration(value).replace(" ", "\u00a0")
        if value >= 1:  # a browser leaves out what lies below a thousandth
            assert number == written(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [(12.25, "12.3 s"), (12.35, "12.4 s"), (0.7665, "767 ms"), (1.005, "1.01 s"), (0.9995, "1 s")],
)
def test_a_half_goes_up(value, text):
    assert duration(value) == text


def test_a_gain_is_the_one_that_the_run_holds():
    """The median of ratios, as chapter 8 has it, and not the ratio of medians."""
    run = recorded("attention")
    wanted = [
        {"series": "forward, float32", "contender": name, "shape": [8192]}
        for name in ("butterfly", "dense")
    ]
    stored = find(run, "butterfly", 8192, "forward, float32")["ratio"]["median"]
    assert comparison(run, *wanted, "{times}") == written(1 / stored) == "14.7"
    assert comparison(run, *wanted[::-1], "{times}") == written(stored)
