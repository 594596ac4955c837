"""Published tables measured again: equal terms, published numbers with their source, verdicts."""

import json
import re
import sys

import pytest
import torch
from paths import ROOT

from fftia_lab.attention import DenseAttention
from fftia_lab.bench import WrongAnswer, eager, peaks, published, recorded
from fftia_lab.bench.attempt import attempts
from fftia_lab.bench.memory import peak
from fftia_lab.bench.pages import TITLES, published_tables, runs_list
from fftia_lab.bench.published_figures import EAGER, SDPA, judged, published_figures, verdicts
from fftia_lab.bench.suites import SUITES
from fftia_lab.publish.pages import written_by

RUNS = [path.stem for path in ROOT.glob("book/results/*.json")]
RUNS = [name for name in RUNS if name.partition("-")[0] in SUITES]


@pytest.fixture
def small(monkeypatch):
    """The suite at lengths that a test can wait for."""
    for name, value in (("LENGTHS", (8, 16)), ("ONE", 16), ("BATCH", 2)):
        monkeypatch.setattr(published, name, value)
    monkeypatch.setattr(published, "BUTTERFLY_LENGTHS", (16, 512))
    monkeypatch.setattr(published, "LONGEST_LOOP", 16)


def test_every_contender_is_right(small):
    seen = {}
    for planned in published.cases():
        case = planned.made()
        errors, why = attempts(case, patience=60)
        assert why == {} and {*errors} == {*case.contenders}
        seen.setdefault(case.series, []).append(case)
    assert {*seen} | {"memory"} == {*published.CONDITIONS}
    assert [len(seen[one]) for one in ("speed", "recorded", "backward", "block")] == [2, 2, 1, 1]
    equal = seen["projected"][0]
    assert {*equal.contenders} == {published.PROJECTED, EAGER, SDPA}
    assert equal.baseline == published.PROJECTED and len(seen["projected"]) == 2
    for name in ("speed", "recorded", "backward", "block"):
        assert {*seen[name][0].contenders} == {published.MIXING, EAGER, SDPA}
        assert seen[name][0].baseline == published.MIXING
    short, long = seen["butterfly"]
    assert {*short.contenders} - {*long.contenders} == {published.LOOP}
    assert [one["contender"] for one in long.skipped] == [published.LOOP]


def test_a_wrong_baseline_is_refused(small, monkeypatch):
    """Eager attention is held to SDPA, and not to itself in double precision."""
    monkeypatch.setattr(eager, "_stored", lambda q, k, v: (q @ k.mT).softmax(-1) @ v)
    case = next(iter(published.cases())).made()
    with pytest.raises(WrongAnswer, match="attention, eager"):
        attempts(case, patience=60)


def test_both_baselines_have_as_many_weights():
    made = published.layers()
    eager, fused = made[EAGER], made[SDPA]
    assert isinstance(fused, DenseAttention)
    count = [sum(p.numel() for p in one.parameters()) for one in (eager, fused)]
    assert count[0] == count[1] == 4 * 256 * 256
    equal = published.projected()[published.PROJECTED]
    mixed = sum(p.numel() for p in equal.mixing.parameters())
    assert sum(p.numel() for p in equal.parameters()) - mixed == count[0]


def test_recorded_is_recorded_and_speed_is_not(small):
    found = {one.series: one.made() for one in published.cases()}
    for series, wants in (("speed", False), ("recorded", True)):
        call = found[series].contenders[EAGER]
        before = torch.is_grad_enabled()
        assert not call().requires_grad and before
        if wants:
            assert call.func is published._recorded


def test_the_published_lengths_are_those_of_the_tables():
    """Every published number has a case or a peak in the suite; none is left out."""
    planned = {(one.series, one.shape) for one in (*published.cases(), *published.memory())}
    lengths = {(series, shape[-1]) for series, shape in planned}
    figures = published_figures()
    assert {(one.series, one.tokens) for one in figures} <= lengths
    assert sorted(one.tokens for one in figures if one.series == "speed") == [
        128 << i for i in range(5)
    ]
    assert {shape for series, shape in planned if series == "memory"} == {
        (8, n) for n in (512, 1024, 2048)
    }


def test_published_numbers_are_cited_and_agree_with_themselves():
    for one in published_figures():
        assert re.search(r"\(2025\), .*at commit [0-9a-f]{7}", one.source), one
        if one.subject is None:
            assert one.quote
        else:
            assert abs(one.rival / one.subject / one.times - 1) < 0.03, one
    assert "published.json" in (ROOT / "fftia_lab/bench/published_figures.py").read_text()


def spread(lower, median, upper):
    return {"median": median, "lower": lower, "upper": upper}


def test_a_verdict_follows_the_quartiles():
    assert judged(2.0, spread(1.5, 1.8, 1.9)) == "by less"
    assert judged(2.0, spread(1.5, 1.8, 2.1)) == "as published"
    assert judged(2.0, spread(0.9, 1.2, 1.4)) == "alike"
    assert judged(2.0, spread(0.5, 0.6, 0.9)) == "the other way round"


def test_published_and_measured_stand_side_by_side():
    shared = {"baseline": "mixing", "dtype": "float32"}
    entry = {**shared, "series": "speed", "contender": EAGER, "shape": [8, 2048]}
    peak = {**shared, "series": "memory", "contender": SDPA, "shape": [8, 512], "ratio": 1.4}
    run = {"name": "published", "entries": [entry | {"ratio": spread(70.0, 80.0, 90.0)}]}
    for series, ratio in (("projected", spread(0.7, 0.8, 0.9)), ("recorded", spread(99, 215, 300))):
        run["entries"].append({**entry, "series": series, "contender": SDPA, "ratio": ratio})
    found = [*verdicts(run | {"memory": [peak]})]
    assert [(one.figure.times, one.series, one.rival, one.verdict) for one in found] == [
        (215.3, "speed", EAGER, "by less"),
        (215.3, "recorded", SDPA, "as published"),
        (215.3, "projected", SDPA, "the other way round"),
        (4.8, "memory", SDPA, "by less"),
    ]
    with pytest.raises(ValueError, match="a run of the suite \"published\" is wanted; got 'fft'"):
        [*verdicts({"name": "fft"})]


def test_the_page_has_every_number_of_the_record_and_every_suite():
    """Each verdict stands in the row of its length, under its series; every suite has a command."""
    text, row = (
        published_tables(),
        re.compile(r"^\| ([\d,]+) \| ([\d.]+) \| (.*) \| (.*) \|$", re.M),
    )
    found = set()
    for title, part in zip(TITLES, text.split("\n\n**"), strict=True):
        assert part.removeprefix("**").startswith(f"{TITLES[title]}.** ")
        for tokens, times, *cells in row.findall(part):
            for rival, cell in zip((EAGER, SDPA), cells, strict=True):
                found.add((title, tokens, times, rival, cell))
    assert found == {
        (
            one.series,
            f"{one.figure.tokens:,}",
            f"{one.figure.times:g}",
            one.rival,
            f"{one.measured['median']:.3g}, {one.verdict}",
        )
        for one in verdicts(recorded("published"))
    }
    listed = runs_list()
    assert re.findall(r"`python -m fftia_lab.bench run (\w+)`", listed) == [*SUITES]
    assert listed.count("No GPU has been measured yet.") == ("kernels" not in RUNS)
    assert listed.count("Measured on ") == len(RUNS)
    for name, told in (
        ("attention", "256 channels in 4 heads, one sequence;"),
        (
            "published",
            "Mixing: 256 channels, for attention in 8 heads, 8 sequences; the butterfly: 5",
        ),
    ):
        item = next(one for one in listed.split("\n\n") if one.startswith(f"**{name}**"))
        assert f"\n{told}" in item, "channels, heads and sequences, though the file lacks them"


def test_every_run_on_file_is_on_the_page_of_runs():
    """With its day, device and commit, under its name; what trains has its command as well."""
    page = (ROOT / "book" / "recorded-runs.md").read_text("utf-8")
    told = re.findall(r"^```{lab-text} (fftia_lab\.\w+\.pages:runs_list)$", page, re.MULTILINE)
    items = [item.strip() for one in told for item in written_by(one).split("\n\n")]
    for path in ROOT.glob("book/results/*.json"):
        run = json.loads(path.read_text("utf-8"))
        name = path.stem.partition("-")[0]
        (item,) = (one for one in items if one.startswith(f"**{name}**: "))
        on = re.escape(run["device"]["name"]) + rf".* commit {run['commit'][:8]}\."
        assert re.search(rf"ed on {run['date'][:10]}, one core of {on}", item), path.stem
        command = f"bench run {name}" if name in SUITES else f"learn {name}"
        assert f"\n`python -m fftia_lab.{command}`" in item


def test_peaks_are_asked_of_everybody_in_both_jobs(monkeypatch):
    asked = []

    def compare(series, targets, shape, dtype, **options):
        asked.append((series, shape, [*targets], options["repeats"]))
        return [], []

    monkeypatch.setattr(peaks, "compare", compare)
    assert [*peaks.cases()] == []
    for quick in (True, False):
        for one in peaks.memory(quick):
            _, left = one.take()
            n = one.shape[0]
            assert (left == []) == (n <= peaks.EAGER_TOKENS)
            assert {*asked[-1][2]} | {one["contender"] for one in left} == {*peaks.LAYERS}
    assert {shape for _, shape, _, repeats in asked if repeats == 3} == {
        (512 << i,) for i in range(6)
    }
    assert {series for series, *_ in asked} == {"forward, float32", "training, float32"}


@pytest.mark.parametrize("job", ["forward", "training"])
def test_what_is_remembered_is_the_layer_at_work(job):
    for name in peaks.LAYERS:
        y = peaks.remembered(name.replace(" ", "_"), job)((16,))
        assert y.shape == (1, 16, 256) and bool(torch.isfinite(y).all()), name


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak where Linux keeps it")
def test_a_peak_holds_the_layers_own_weights_and_no_others():
    """Two stages of Dimension Mixer hold the weights of dense attention twice."""
    target = "fftia_lab.bench.peaks:remembered {} forward"
    dense, mixer = (
        peak(target.format(name), peaks.WARM, (256,))
        for name in ("dense", "Dimension_Mixer,_radix_√N")
    )
    one = 4 * 256 * 256 * 4  # bytes of four projections
    assert 2 * one < dense < 4 * one and one < mixer - dense < 4 * one


def test_published_peaks_are_of_a_recorded_call():
    y = published.remembered("attention,_eager")((2, 8))
    assert y.shape == (2, 8, 256) and not y.requires_grad
