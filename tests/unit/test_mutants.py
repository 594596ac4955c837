"""The record of `make mutants`: it adds up, and tests notice what they should."""

import json
from datetime import datetime

from paths import ROOT

RECORD = json.loads((ROOT / "tests" / "mutants.json").read_text("utf-8"))


def test_the_record_adds_up(root):
    lived = RECORD["survived"]
    assert RECORD["killed"] + len(lived) == RECORD["sampled"] >= 200
    assert datetime.fromisoformat(RECORD["date"]).year >= 2026 and len(RECORD["commit"]) == 40
    for mutant in lived:
        module = root / "fftia_lab" / mutant["module"]
        gone = mutant["module"] in ("attention/wiring", "schedule")  # in schedule/ since the record
        assert gone or module.with_suffix(".py").exists(), mutant
        assert mutant["becomes"] and mutant["operator"] and mutant["line"] > 0


def test_nearly_all_that_can_be_noticed_is():
    equivalents = sum(bool(mutant["equivalent"]) for mutant in RECORD["survived"])
    assert RECORD["killed"] >= 0.95 * (RECORD["sampled"] - equivalents)
