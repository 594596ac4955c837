"""`show` and `compare`: runs that are made up, so that it is known what they must say."""

import copy
import json

import pytest

from fftia_lab.bench import recorded
from fftia_lab.bench.__main__ import main
from fftia_lab.bench.comparison import (
    LONGER,
    SAME,
    SHORTER,
    comparison,
    differences,
)
from fftia_lab.bench.record import IncompleteRecord, lacks, load, write
from fftia_lab.bench.report import report, table

DEVICE = {"kind": "cpu", "name": "A processor", "cores": 2, "threads": 1}


def spread(middle, by=0.02):
    return {"median": middle, "lower": middle * (1 - by), "upper": middle * (1 + by)}


def entry(contender, seconds, by=0.02, ratio=None, size=8, **more):
    ratio = seconds if ratio is None else ratio  # as if the baseline took a second
    named = {"series": "single", "contender": contender, "baseline": "a", "shape": [size]}
    counted = {"dtype": "float64", "loops": 1, "rounds": 7, "error": 0.0}
    return {**named, **counted, "seconds": spread(seconds, by), "ratio": spread(ratio, by), **more}


def run(*entries, **changed):
    return {
        "schema": 2,
        "units": {"seconds": "s"},
        "name": "fft",
        "quick": False,
        "complete": True,
        "date": "2026-11-30T00:00:00+00:00",
        "commit": "0" * 40,
        "command": "python -m fftia_lab.bench run fft",
        "device": DEVICE,
        "software": {"numpy": "2.4"},
        "settings": {"rounds": 7, "warmup": 1, "sample_seconds": 0.001, "seed": 0},
        "entries": [*entries],
        "skipped": [],
        **changed,
    }


def verdicts(first, second):
    return {one.key[3]: one.verdict for one in differences(first, second)}


def test_who_differs_by_more_than_the_spread_is_named():
    before = run(*(entry(who, 1.0) for who in "abcd"), entry("e", 1.0, by=0.4))
    after = run(entry("a", 1.0), entry("b", 1.3), entry("c", 0.7), entry("d", 1.04))
    after["entries"].append(entry("e", 1.5, by=0.4))
    wanted = {"a": SAME, "b": LONGER, "c": SHORTER, "d": SAME, "e": SAME}
    assert verdicts(before, after) == wanted
    back = {"a": SAME, "b": SHORTER, "c": LONGER, "d": SAME, "e": SAME}
    assert verdicts(after, before) == back, "seen from the other side"


def test_the_ratio_has_the_spread_of_both():
    found, _ = differences(
        *(run(entry("b", *of), entry("a", 1.0)) for of in ((2.0, 0.1), (3.0, 0.2)))
    )
    assert found.times == pytest.approx(1.5)
    assert found.lower == pytest.approx(2.4 / 2.2) and found.upper == pytest.approx(3.6 / 1.8)
    assert found.verdict == LONGER


@pytest.mark.parametrize("times", [1.025, 1 / 1.025])
def test_what_another_process_explains_is_no_difference(times):
    """However small the spread inside each of the two was."""
    assert verdicts(run(entry("a", 1.0, 1e-9)), run(entry("a", times, 1e-9))) == {"a": SAME}
    assert verdicts(run(entry("a", 1.0, 1e-9)), run(entry("a", 1.1, 1e-9))) == {"a": LONGER}


def test_a_disturbed_run_reaches_down_to_its_fastest_round():
    """Other programs slowed most rounds of one run; its quartiles alone would call it slower."""
    quiet, disturbed = entry("a", 1.0, least=0.99), entry("a", 3.0, least=1.01)
    assert verdicts(run(quiet), run(disturbed)) == {"a": SAME}
    assert verdicts(run(disturbed), run(quiet)) == {"a": SAME}
    assert verdicts(run(quiet), run(entry("a", 3.0, least=2.9))) == {"a": LONGER}
    assert verdicts(run(entry("a", 1.0)), run(entry("a", 3.0))) == {"a": LONGER}, "if unknown"


def test_on_two_devices_ratios_to_the_baseline_are_compared():
    other = run(
        entry("a", 9.0, ratio=1.0), entry("b", 27.0, ratio=3.0), device=DEVICE | {"name": "Another"}
    )
    before = run(entry("a", 1.0), entry("b", 3.0))
    assert verdicts(before, other) == {"a": SAME, "b": SAME}
    assert "times the baseline" in comparison(before, other)
    other["entries"][1] |= {"ratio": spread(4.0)}
    assert verdicts(before, other) == {"a": SAME, "b": LONGER}


def test_what_slows_a_whole_contest_is_another_program():
    """All take three times as long and keep their ratios: the machine was busy, nobody changed."""
    before = run(entry("a", 1.0, ratio=1.0), entry("b", 2.0, ratio=2.0))
    busy = run(entry("a", 3.0, ratio=1.0), entry("b", 6.0, ratio=2.0))
    assert verdicts(before, busy) == {"a": SAME, "b": SAME}
    slower = run(entry("a", 3.0, ratio=1.0), entry("b", 9.0, ratio=3.0))
    assert verdicts(before, slower)["b"] == LONGER, "one of them more than the others"


def test_a_baseline_has_changed_if_the_others_ratios_have():
    before = run(*(entry(who, 2.0, ratio=1.0 if who == "a" else 2.0) for who in "abc"))
    after = run(entry("a", 1.0, ratio=1.0), *(entry(who, 2.0, ratio=4.0) for who in "bc"))
    assert verdicts(before, after) == {"a": SHORTER, "b": SAME, "c": SAME}


def test_peaks_of_memory_are_compared_by_bytes():
    """Of a suite that takes no times too, and on two devices."""

    def peak(who, mebibytes):
        named = {"series": "fwd", "contender": who, "baseline": "a", "shape": [8]}
        return named | {"dtype": "float32", "bytes": spread(mebibytes * 2.0**20), "ratio": 1.0}

    before = run(memory=[peak("a", 1), peak("b", 2)])
    after = run(memory=[peak("a", 1), peak("b", 3)], device=DEVICE | {"name": "Another"})
    assert verdicts(before, after) == {"a": SAME, "b": LONGER}
    said = comparison(before, after)
    assert "memory, fwd" in said and "1 of 2 differ" in said
    timed = run(entry("a", 1.0), memory=[peak("a", 1)])
    assert "Only in A: memory, fwd" not in comparison(timed, timed)
    assert "Only in B: a in single at 8." in comparison(before, timed)


def test_runs_without_anything_in_common_are_refused():
    with pytest.raises(ValueError, match="runs of one suite are compared; got fft and mixing"):
        differences(run(entry("a", 1.0)), run(entry("a", 1.0), name="mixing"))
    with pytest.raises(ValueError, match="no contender in common"):
        differences(run(entry("a", 1.0)), run(entry("a", 1.0, size=16)))


def test_the_command_says_it_contender_by_contender(tmp_path, capsys):
    before = run(entry("a", 1.0), entry("b", 1.0), entry("gone", 1.0))
    after = run(entry("a", 1.0), entry("b", 2.0), entry("new", 1.0, size=16))
    for name, one in (("A", before), ("B", after)):
        write(one, tmp_path / f"{name}.json")
    assert main(["compare", str(tmp_path / "A.json"), str(tmp_path / "B.json")]) == 0
    said = capsys.readouterr().out
    first = said.splitlines()[4]
    assert "b" in first and "2 " in first and "1.92 to 2.08" in first and "longer" in first
    assert "1 of 2 differ by more than their spread and 5%." in said
    assert "Only in A: gone in single at 8." in said and "Only in B: new in single at 16." in said
    with pytest.raises(SystemExit):
        main(["compare", str(tmp_path / "A.json"), str(tmp_path / "C.json")])
    assert "there is no record" in capsys.readouterr().err
    (tmp_path / "C.json").write_text("{}")
    with pytest.raises(SystemExit):
        main(["show", str(tmp_path / "C.json")])
    assert "is no finished run: record.name is missing" in capsys.readouterr().err


def test_a_run_agrees_with_itself():
    for name in ("fft", "attention", "mixing"):
        found = differences(recorded(name), recorded(name))
        assert {one.verdict for one in found} == {SAME} and len(found) > 50
        peaks = [one for one in found if one.key[0].startswith("memory, ")]
        assert len(peaks) == len(recorded(name).get("memory", []))


def test_show_says_everything_once(tmp_path, capsys):
    peak = {"series": "fwd", "contender": "a", "baseline": "a", "shape": [8], "dtype": "float32"}
    left = {"series": "single", "contender": "c", "shape": [8], "why": "too long"}
    work = {"products": 0, "bytes": 4}
    entries = [entry("copy", 1.0, series="copy", work=work), entry("a", 2e-3)]
    entries += [entry("b", 5.0, ratio=2.5, work=work | {"bytes": 10})]
    whole = run(*entries, memory=[peak | {"bytes": spread(2**20), "ratio": 1.0}], skipped=[left])
    write(whole, tmp_path / "fft.json")
    assert main(["show", str(tmp_path / "fft.json")]) == 0
    said = capsys.readouterr().out
    assert said.startswith("fft: A processor, 1 thread, numpy 2.4, 2026-11-30, 00000000\n")
    (line,) = [one for one in said.splitlines() if " b " in one]
    assert line.split() == "single 8 b 7 5 s 4.9 s to 5.1 s 2.5 (2.45 to 2.55) 2".split()
    assert "2 ms" in said and "baseline" in said and "1.00 MiB" in said
    assert "left out: c in single at 8: too long" in said and "Not for the book" not in said
    assert "Not for the book: it was quick." in report(whole | {"quick": True})


def test_a_table_has_one_width_a_column():
    lines = table([("a", "bb"), ("ccc", "d")])
    assert lines == ["a    bb", "ccc  d "]


def test_what_a_run_on_a_gpu_must_say():
    device = DEVICE | {"kind": "cuda", "threads": None}
    said = lacks(run(entry("a", 1.0), device=device))
    missing = ["device.driver", "device.capability", "device.memory"]
    missing += [f"software.{one}" for one in ("torch", "triton", "cuda", "processor")]
    assert said == [f"{one} is missing" for one in missing]
    whole = device | {"driver": "580", "capability": "9.0", "memory": 1}
    software = dict.fromkeys(("torch", "triton", "cuda", "processor"), "1")
    assert lacks(run(entry("a", 1.0), device=whole, software=software)) == []
    assert lacks(run(entry("a", 1.0), commit=None)) == ["no commit holds the code that ran"]
    assert lacks(run(entry("a", 1.0), commit="0-dirty")) != []
    assert lacks(run(entry("a", 1.0), device=DEVICE | {"threads": None})) != []


def test_schemas_old_and_new(tmp_path):
    """Old records say neither schema nor units; one of a later schema is not guessed at."""
    path = tmp_path / "fft.json"
    old = copy.deepcopy(recorded("fft-xeon"))
    assert "schema" not in old
    later = run(entry("a", 1.0), schema=3)
    path.write_text(json.dumps(later))
    with pytest.raises(IncompleteRecord, match="its schema is 3, this version reads up to 2"):
        load(path)
    only_peaks = run(memory=[])
    path.write_text(json.dumps(only_peaks))
    with pytest.raises(IncompleteRecord, match="it has no entries"):
        load(path)
