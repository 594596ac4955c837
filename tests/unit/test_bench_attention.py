"""The suite "attention": all compete, all are right, each beside its floor."""

import pytest
import torch

from fftia_lab import cost
from fftia_lab.bench import Settings, attention, attention_core, floors, load, suite
from fftia_lab.bench.attempt import attempts
from fftia_lab.bench.attention_core import KERNELS, LOOP, POWER, Where
from fftia_lab.bench.record import floor
from fftia_lab.bench.report import report

CPU = Where("cpu", torch.float32)
ONCE = Settings(rounds=1, warmup=0, sample_seconds=0.0)


def planned(quick, device="cpu"):
    return {(one.series, one.shape): one for one in attention.cases(quick, device)}


@pytest.mark.parametrize("job", ["forward", "training"])
@pytest.mark.parametrize("what", ["core", "core, causal", "peers"])
def test_every_contender_is_right_or_says_why(what, job):
    case = planned(True)[f"{what}, {job}, float32", (256,)].made()
    errors, why = attempts(case, patience=60)
    assert {*errors} | {*why} == {*case.contenders}
    assert {*why} <= {*KERNELS}, "nobody else may refuse"
    left = {one["contender"] for one in case.skipped}
    if what == "core":
        everybody = {"SDPA", "butterfly", "shift", "Beneš", "butterfly, across heads", LOOP}
        assert everybody | {*KERNELS} <= {*errors, *why} and "SDPA, math" in errors
    if what == "core, causal":
        assert left == {POWER} and {*errors} == {"SDPA", "prefix", "shift"}
    if what == "peers":
        assert {"dense", "butterfly", "FNet", "GFNet"} < {*errors}


def test_nobody_is_left_out_without_a_word():
    """At lengths where the loop is not waited for, and in a run that takes its time."""
    made = {n: attention_core._both_ways(CPU, n) for n in (256, 512)}
    assert {*made[256]} - {*made[512]} == {LOOP}
    case = planned(True)["core, forward, float32", (1024,)].made()
    assert [one["contender"] for one in case.skipped] == [LOOP]
    assert POWER in attention_core._looking_back(CPU, 256)


def test_the_book_gets_every_length_both_precisions_and_every_series():
    whole, look = planned(False), planned(True)
    assert {shape for _, shape in look} - {shape for _, shape in whole} == {(1 << 23,)}
    cores = {n for (series, (n, *_)) in whole if series.startswith("core, forward")}
    assert cores == {256 << i for i in range(6)}
    series = {series for series, _ in whole}
    assert {"forward, float32", "training, bfloat16", "product, bfloat16", "copy"} < series
    for one in series:
        words = [word for word in one.split(", ") if word not in ("float32", "bfloat16")]
        assert all(word in attention.CONDITIONS for word in words), one
    assert {series for series, _ in planned(True, "cuda")} >= {"core, forward, bfloat16"}


def test_dense_attention_has_its_own_floor_beside_ours(tmp_path):
    """In layers and cores: a run holds what a floor is made of, a copy and a product."""
    look, path = planned(True), tmp_path / "attention.json"
    series = ["copy", "product, float32", "forward, float32", "core, forward, float32"]
    plan = [next(one for (name, _), one in look.items() if name == wanted) for wanted in series]
    suite.run("attention", plan, path, seed=0, quick=True, settings=ONCE)
    run = load(path)
    floors = {one["contender"]: floor(run, one) for one in run["entries"] if "work" in one}
    assert {"dense", "butterfly", "SDPA", "SDPA, math", "shift"} <= {*floors}
    assert min(floors.values()) > 0 and floors["butterfly"] < floors["SDPA"]
    assert "floor" in report(run) and f"{1:.3g}" in report(run)


def test_what_is_counted_follows_the_cost_model():
    work = attention_core.layer_work(512, 4, training=False)
    model = cost.dense_layer(512, 256, 4, 64), cost.butterfly_layer(512, 256, 4, 64)
    for name, one in zip(("dense", "butterfly"), model, strict=True):
        assert work[name]["products"] == one.products
        assert work[name]["bytes"] == 4 * (2 * 512 * 256 + one.parameters)
    trained = attention_core.layer_work(512, 4, training=True)
    assert trained["dense"]["products"] == 3 * work["dense"]["products"]
    both, past = (floors.dense(1, 64, 2, 8, False, causal=causal) for causal in (False, True))
    assert past["products"] * 2 == both["products"] * 65 / 64


def test_a_floor_takes_the_product_of_its_precision(tmp_path):
    """A run holds one of each: half precision must not set the floor of single."""

    def entry(series, seconds, dtype="float32", products=100):
        spread = {"median": seconds, "lower": seconds, "upper": seconds}
        work = {"products": products, "bytes": 1}
        return {"series": series, "dtype": dtype, "seconds": spread, "work": work}

    entries = [entry("copy", 1e-3), entry("product, float32", 1.0)]
    entries += [entry("product, bfloat16", 0.1, "bfloat16")]
    run = {"name": "attention", "entries": entries}
    assert floor(run, entry("core", 9.0)) == pytest.approx(1.0)
    assert floor(run, entry("core", 9.0, "bfloat16")) == pytest.approx(0.1)
    with pytest.raises(LookupError, match="no series 'product' in float16"):
        floor(run, entry("core", 9.0, "float16"))
