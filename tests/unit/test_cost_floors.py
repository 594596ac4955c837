"""Bounds and crossovers by hand; and no run that was recorded is below its floor."""

from functools import partial

import pytest
from paths import ROOT

from fftia_lab import StageOptions, cost
from fftia_lab.bench import floors, load
from fftia_lab.bench.record import floor
from fftia_lab.bench.roofs import WIDTHS, measured
from fftia_lab.devices import DEVICES, Measured

RESULTS = ROOT / "book/results"
DIM, HEADS, DIM_HEAD = 256, 4, 64  # of the suites "attention", "wirings" and "mixing"
MODEL = StageOptions(projection="model")


def stages(options=StageOptions()):  # noqa: B008
    return lambda batch, n: cost.butterfly_attention(n, HEADS, DIM_HEAD, options, batch=batch)


def layer(options=StageOptions()):  # noqa: B008
    return lambda batch, n: cost.butterfly_layer(n, DIM, HEADS, DIM_HEAD, options, batch=batch)


def dense(batch, n):
    return cost.dense_layer(n, DIM, HEADS, DIM_HEAD, batch=batch)


def mixing(**options):
    return lambda batch, n: cost.spectral_layer(n, DIM, batch=batch, **options)


WIRED = {
    **{kind: {"schedule": kind} for kind in ("shift", "prefix")},
    "relay": {},
    "keep": {"padding": "keep"},
    **{f"radix {radix}": {"radix": radix} for radix in (2, 4, 8, 16, 64, 4096)},
}
NAMED = {
    "attention": {
        "dense": dense,
        "butterfly": layer(),
        "shift": layer(StageOptions("shift")),
        "across heads": layer(MODEL),
        **dict.fromkeys(("eager", "plain", "literal"), stages()),
    },
    "mixing": {
        "dense": dense,
        "mixing": mixing(),
        "mixing, causal": mixing(causal=True),
        "mixing, per sequence": mixing(),
        "mixing and projections": mixing(projected=True),
        "Fourier mixing": lambda batch, n: cost.fourier_mixing(n, DIM, batch=batch),
        "global filter": mixing(filters=1),  # whose weights are more, and are not counted here
    },
}
METHODS = {"fft": "fft", "direct": "direct", "blocks": "blocks"}


def cost_of(run, one):
    """What a contender of a recorded run does, and how many bytes of tokens one step holds."""
    series, who, shape = one["series"], one["contender"], one["shape"]
    if run["name"] == "compression":
        tokens, *sizes = shape
        return cost.linear(tokens, *sizes), 4 * tokens * sizes[0]
    if series.startswith("convolution"):
        n, taps = shape
        return cost.causal_convolution(n, DIM, taps, METHODS[who]), 4 * n * DIM
    batch, n = (1, *shape)[-2:]
    if run["name"] == "wirings":
        options = StageOptions(**WIRED[who], causal="causal" in series)
        counted = (layer if "layer" in series else stages)(options)
    else:
        counted = NAMED[run["name"]][who]
    return counted(batch, n), WIDTHS[one["dtype"]] * batch * n * DIM


def entries(name):
    run = load(RESULTS / f"{name}.json")
    rates = measured(load(RESULTS / "rates.json"))
    assert run["device"]["name"] == rates.name, "rates of another machine say nothing"
    for one in run["entries"]:
        if not one["series"].startswith(("copy", "core", "peers", "product")):
            yield run, one, rates


@pytest.mark.parametrize("name", ["attention", "mixing", "wirings", "compression"])
def test_no_recorded_time_is_below_its_floor(name):
    """Forwards and, since nobody goes back without going forth, with gradients."""
    checked = 0
    for run, one, rates in entries(name):
        done, held = cost_of(run, one)
        bound = cost.bound(done, rates, WIDTHS[one["dtype"]], held)
        assert bound.seconds < one["seconds"]["lower"], (one["series"], one["contender"], bound)
        checked += 1
    assert checked >= 32


def test_the_floor_is_near_where_a_large_product_is_all_there_is():
    """A floor of nothing would hold as well."""
    for run, one, rates in entries("attention"):
        if (one["series"], one["contender"], one["shape"]) == ("forward, float32", "dense", [8192]):
            done, held = cost_of(run, one)
            bound = cost.bound(done, rates, 4, held)
            assert bound.by == "products"
            assert 1 < one["seconds"]["median"] / bound.seconds < 1.3


def test_attention_without_layers_and_its_peers_are_above_the_floor_of_their_own_run():
    """By the copy and the product that were measured between them, in the same run."""
    run = load(RESULTS / "attention.json")
    counted = [one for one in run["entries"] if "work" in one]
    for one in counted:
        rounded = 1.001 * one["seconds"]["median"]
        assert floor(run, one) <= rounded, (one["series"], one["contender"])
    assert len(counted) > 200 and {one["series"].split(",")[0] for one in counted} == {
        *("copy", "product", "forward", "training", "core", "peers")
    }


def test_no_kernel_alone_is_below_the_floor_of_its_own_run():
    for path in sorted(RESULTS.glob("gpu_*.json")):
        run = load(path)
        for one in run["entries"]:
            if one["series"].startswith("kernel alone") and "work" in one:
                assert floor(run, one) < one["seconds"]["median"], one


def test_the_rates_are_those_of_the_record():
    run = load(RESULTS / "rates.json")
    rates = measured(run)
    assert rates.name == run["device"]["name"] and rates.date == run["date"][:10]
    best = {4: 0.0, 2: 0.0}
    for one in run["entries"]:
        if one["series"].startswith("product"):
            rows = one["shape"][0]
            rate = 2 * rows**3 / one["seconds"]["lower"]
            best[WIDTHS[one["dtype"]]] = max(best[WIDTHS[one["dtype"]]], rate)
    assert rates.products == best
    assert rates.copies == tuple(
        (8 * one["shape"][0], pytest.approx(8 * one["shape"][0] / one["seconds"]["lower"]))
        for one in run["entries"]
        if one["series"] == "copy"
    )
    (small, fast), (large, slow) = rates.copies[0], rates.copies[-1]
    assert (small, large) == (2 * 4 * 4096, 2 * 4 * 67108864)
    assert rates.bandwidth_for(1e12) == slow == rates.bandwidth_for(large)
    assert rates.bandwidth_for(1) == max(rate for _, rate in rates.copies) >= fast


def test_a_run_without_copies_makes_no_roof():
    with pytest.raises(LookupError, match="the run 'wirings' has no series 'copy'"):
        measured(load(RESULTS / "wirings.json"))


def test_bounds_by_hand():
    """Datasheets written down again: bytes and operations of 4,096 tokens of 1,024 channels."""
    done = cost.linear(4096, 1024, 1024)
    moved = 2 * (2 * 4096 * 1024 + 1024**2)
    sheets = {
        "T4": (320e9, 65e12, 8.1e12, 4e6),
        "L4": (300e9, 242e12 / 2, 30.3e12, 48e6),
        "A100": (2039e9, 312e12, 19.5e12, 40e6),
        "H100": (3.35e12, 1979e12 / 2, 67e12, 50e6),
        "H200": (4.8e12, 1979e12 / 2, 67e12, 50e6),
    }
    assert DEVICES.keys() == sheets.keys()
    for name, (bandwidth, half, single, cache) in sheets.items():
        found = cost.bound(done, DEVICES[name], width=2)
        assert found.products == pytest.approx(2 * 4096 * 1024**2 / half, rel=1e-12)
        assert found.memory == pytest.approx(moved / bandwidth, rel=1e-12)
        assert found.seconds == max(found.products, found.memory)
        wide = cost.bound(done, DEVICES[name], width=4)
        assert wide.products == pytest.approx(2 * 4096 * 1024**2 / single, rel=1e-12)
        assert wide.memory == pytest.approx(2 * found.memory, rel=1e-12)
        assert DEVICES[name].cache == cache and "nvidia.com" in DEVICES[name].source
    assert cost.Bound(1.0, 1.0).by == "products" and cost.Bound(1.0, 1.5).by == "memory"


def test_what_nobody_measured_is_not_guessed():
    with pytest.raises(LookupError, match="products of 8-byte numbers are not known of H200"):
        cost.bound(cost.Cost(1), DEVICES["H200"], width=8)
    bare = Measured("A", "2026-11-29", {4: 1e9}, ((1e6, 1e9),))
    with pytest.raises(LookupError, match="products of 2-byte numbers are not known of A; of 4"):
        cost.bound(cost.Cost(1), bare, width=2)


def test_launches_that_stages_share_move_the_tokens_as_often_as_the_kernels_do():
    """bench.floors counts what the kernels' own plan does."""
    from fftia_lab.kernels.plan import launches

    for n, heads, d in ((1024, 16, 64), (65536, 8, 128), (4096, 64, 16)):
        schedule = StageOptions().wire(n)
        plan = launches(schedule, n, d)
        found = cost.butterfly_attention(n, heads, d, launches=len(plan))
        kernels = floors.fused(schedule, 1, n, heads, d, training=False)
        folded = schedule.depth * heads * d**2  # weights: W_q and W_k's product, in one number
        assert found.bytes(2) == kernels["bytes"]
        assert found.moved == 2 * len(plan) * n * heads * d + folded
        assert found.products - kernels["products"] == 2 * schedule.depth * heads * d**3


def operations(done):
    return done.operations


def test_crossovers_by_trying_every_length():
    pairs = [(layer(), dense), (layer(MODEL), dense), (mixing(projected=True), dense)]
    for one, other in pairs:
        first, second = partial(one, 1), partial(other, 1)
        found = cost.crossover(first, second, operations, range(1, 3000))
        cheaper = [operations(first(n)) < operations(second(n)) for n in range(1, 3000)]
        wanted = next((n for n in range(1, 3000) if all(cheaper[n - 1 :])), None)
        assert found == wanted and found is not None


def test_a_crossover_that_is_none():
    falling = cost.crossover(lambda n: cost.Cost(n), lambda n: cost.Cost(8), operations)
    assert falling is None, "less at first is not less from then on"
    assert cost.crossover(cost.Cost, cost.Cost, operations) is None, "equal is not less"
    rising = cost.crossover(lambda n: cost.Cost(8), cost.Cost, operations)
    assert rising == 16
    assert cost.crossover(lambda n: cost.Cost(0), cost.Cost, operations, [3, 5]) == 3


def test_crossovers_move_with_channels_heads_and_projection():
    """More heads make weights inside them cheaper, and leave weights across them as they are."""

    def cross(dim, heads, options):
        d = dim // heads
        return cost.crossover(
            lambda n: cost.butterfly_layer(n, dim, heads, d, options),
            lambda n: cost.dense_layer(n, dim, heads, d),
            lambda done: done.products,
        )

    inside = [cross(1024, heads, StageOptions()) for heads in (1, 2, 4, 8)]
    assert inside == sorted(inside, reverse=True) and inside[0] > inside[-1]
    across = {cross(1024, heads, MODEL) for heads in (1, 2, 4, 8)}
    assert len(across) == 1 and across.pop() > inside[-1]
    wide = [cross(dim, 8, MODEL) for dim in (256, 1024, 4096)]
    assert wide == sorted(wide) and wide[0] < wide[-1]
