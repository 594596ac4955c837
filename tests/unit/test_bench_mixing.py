"""The suite "mixing": who is in it, that all are right, and what a peak of memory counts."""

import sys

import pytest

from fftia_lab.bench import IncompleteRecord, Settings, load, memory, mixing, suite
from fftia_lab.bench.case import Peaks
from fftia_lab.bench.measure import check, measure
from fftia_lab.bench.record import write

ONCE = Settings(rounds=1, warmup=0, sample_seconds=0.0)


def test_every_contender_of_a_look_is_right():
    found = {}
    for planned in mixing.cases(quick=True):
        if planned.shape[0] == 512:
            continue
        one = planned.made()
        common = {"baseline": one.baseline, "limit": one.limit, "settings": ONCE}
        measure(one.contenders, wanted=one.wanted, **common)
        found[one.series, one.shape] = list(one.contenders)
    convolved = [(f"convolution, {job}", (4096, taps)) for job in mixing.JOBS for taps in (8, 64)]
    assert list(found) == [*((f"{job}, float32", (128,)) for job in mixing.JOBS), *convolved]
    assert found["training, float32", (128,)] == list(mixing.LAYERS)
    assert found[convolved[0]] == ["fft", "direct", "blocks"]


def test_the_book_gets_all_lengths(monkeypatch):
    monkeypatch.setattr(mixing, "_layers", lambda job, n: (job, n))
    monkeypatch.setattr(mixing, "_convolutions", lambda job, taps: (job, -taps))
    seen = [planned.made() for planned in mixing.cases()]
    assert [n for job, n in seen if job == "forward" and n > 0] == [128 << i for i in range(8)]
    assert {-taps for _, taps in seen if taps < 0} == {2 << i for i in range(11)}


def test_projections_are_as_many_as_dense_attention_has():
    dense, projected, mixed = (
        {p.shape for p in mixing.layer(name, 8).parameters()}
        for name in ("dense", mixing.PROJECTED, "mixing")
    )
    assert dense == projected - mixed == {(256, 256)}
    count = sum(
        len(p.shape) == 2 and p.shape[0] == 256
        for p in mixing.layer(mixing.PROJECTED, 8).parameters()
    )
    assert count == len(list(mixing.layer("dense", 8).parameters())) == 4


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak where Linux keeps it")
def test_a_peak_counts_what_the_last_call_adds():
    """A few arrays of the size of the input, and not what Python and PyTorch need themselves."""
    (mixed,), left = memory.compare(
        "forward",
        {"mixing": "fftia_lab.bench.mixing:remembered mixing forward"},
        (4096,),
        "float32",
        warm=(64,),
        repeats=1,
    )
    one = 4096 * 256 * 4
    assert 3 * one < mixed["bytes"]["median"] < 9 * one, mixed
    assert mixed["ratio"] == 1 and mixed["shape"] == [4096] and left == []
    with pytest.raises(RuntimeError, match="has no attribute 'nothing'"):
        memory.peak("fftia_lab.bench.mixing:nothing", (1,), (1,))


def peaks(**changed):
    middle = {"median": 3.0, "lower": 2.0, "upper": 4.0}
    named = {"series": "s", "contender": "a", "baseline": "a", "dtype": "float32"}
    return {**named, "shape": [4], "bytes": middle, "ratio": 1.0, **changed}


def test_a_record_holds_peaks_of_memory(tmp_path, capsys):
    path = tmp_path / "mixing.json"
    case = suite.Case("s", (4,), "float32", {"a": lambda: 1.0}, "a", 1.0, 1e-3)
    plan = [Peaks("s", (n,), lambda n=n: ([peaks(shape=[n])], [])) for n in (4, 8)]
    suite.run("mixing", [case], path, seed=0, quick=True, memory=plan)
    assert load(path)["memory"] == [peaks(), peaks(shape=[8])]
    assert "MiB" in capsys.readouterr().out
    record = load(path)
    del record["memory"][0]["bytes"]
    write(record, path)
    with pytest.raises(IncompleteRecord, match=r"memory\[0\].bytes is missing"):
        load(path)
    del record["memory"]
    write(record, path)
    assert "memory" not in load(path), "other suites have none"


def test_a_wrong_contender_is_not_timed():
    case = next(iter(mixing.cases(quick=True))).made()
    good = case.contenders["mixing"]()
    with pytest.raises(ValueError, match="mixing is wrong"):
        check("mixing", good * 1.01, case.wanted["mixing"], case.limit)
