"""What the page computes by itself: its right answers, its turns, its medians; without a page."""

import numpy as np
import pytest

from fftia_lab.attention.reference import butterfly_attention
from fftia_lab.bench.measure import order
from fftia_lab.bench.record import spread
from fftia_lab.schedule import ButterflySchedule

CHANNELS = 32
HEAD = """//given
import { butterflyAnswer, denseAnswer, deviation, fourierAnswer } from
  "./live_benchmark/answers.js";
import { attentionInputs, fourierInputs } from "./live_benchmark/inputs.js";
import { inTurns, order, spread } from "./live_benchmark/timing.js";
const rest = () => Promise.resolve();
const plain = (all) => Object.fromEntries(Object.entries(all).map(
  ([name, one]) => [name, ArrayBuffer.isView(one) ? Array.from(one) : one]));
"""


def answered(engine, inputs, answer):
    """Inputs as the page draws them, and the page's answer: (inputs, places, numbers)."""
    code = f"""const inputs = {inputs};
    const found = await {answer}(inputs, rest);
    answer([plain(inputs), found.places, Array.from(found.numbers)]);"""
    given, places, numbers = engine.run(HEAD + code)
    arrays = {k: np.array(v) if isinstance(v, list) else v for k, v in given.items()}
    return arrays, places, np.array(numbers)


@pytest.mark.parametrize("n", [2, 100, 128])
def test_the_pages_butterfly_is_the_reference(engine, n):
    given, places, found = answered(engine, f"attentionInputs({n}, 5)", "butterflyAnswer")
    heads = given["heads"]
    x = given["x"].reshape(1, heads, n, CHANNELS)
    weights = [given[k].reshape(-1, heads, CHANNELS, CHANNELS) for k in ("w_q", "w_k")]
    schedule = ButterflySchedule(1 << (n - 1).bit_length(), padding="keep")
    assert places is None
    wanted = butterfly_attention(x, *weights, schedule)[0].ravel()
    assert np.allclose(found, wanted, rtol=0, atol=1e-12)
    products = np.einsum("shij,shkj->shik", *weights) / np.sqrt(CHANNELS)
    assert np.allclose(given["scores"], products.ravel(), rtol=0, atol=1e-6)


def test_the_pages_gates_are_far_from_a_half(engine):
    """Else a kernel without gates would pass."""
    given, _, _ = answered(engine, "attentionInputs(64, 5)", "butterflyAnswer")
    heads = given["heads"]
    weights = [given[k].reshape(-1, heads, CHANNELS, CHANNELS) for k in ("w_q", "w_k")]
    x = given["x"].reshape(1, heads, 64, CHANNELS)
    gates = butterfly_attention(x, *weights, ButterflySchedule(64))[1]
    assert np.mean(np.abs(gates - 0.5) > 0.25) > 0.25


@pytest.mark.parametrize("n", [60, 1088])
def test_the_pages_dense_attention_is_the_softmax(engine, n):
    given, places, found = answered(engine, f"attentionInputs({n}, 5)", "denseAnswer")
    shape = given["heads"], n, CHANNELS
    q, k, v = (given[name].reshape(shape) for name in ("queries", "keys", "values"))
    scores = np.exp(q @ k.swapaxes(1, 2) / np.sqrt(CHANNELS))
    wanted = (scores / scores.sum(-1, keepdims=True) @ v).ravel()
    if n > 1024:
        rows = np.unique(np.array(places) // CHANNELS)
        assert len(rows) == 4 * 64 and len(np.unique(rows % n // 64)) == 17, "from every tile"
        wanted = wanted[places]
    assert np.allclose(found, wanted, rtol=0, atol=1e-12)


@pytest.mark.parametrize("n", [2, 128])
def test_the_pages_fft_is_numpys(engine, n):
    given, _, found = answered(engine, f"fourierInputs({n}, 5)", "fourierAnswer")
    x = given["x"].reshape(-1, n, 2) @ [1, 1j]
    assert np.allclose(found.reshape(-1, n, 2) @ [1, 1j], np.fft.fft(x), atol=1e-11)
    assert np.allclose(given["roots"].reshape(n, 2) @ [1, 1j], np.fft.fft(np.eye(n)[1 % n]))


def test_inputs_are_normal_and_the_same_in_every_run(engine):
    given, _, _ = answered(engine, "attentionInputs(256, 5)", "butterflyAnswer")
    again, _, _ = answered(engine, "attentionInputs(256, 5)", "butterflyAnswer")
    assert np.array_equal(given["x"], again["x"])
    assert abs(given["x"].mean()) < 0.02 and abs(given["x"].std() - 1) < 0.02
    assert abs(np.corrcoef(given["keys"], given["values"])[0, 1]) < 0.02
    assert len(np.unique(given["x"])) > 0.99 * given["x"].size


def test_a_deviation_is_of_the_worst_number_over_all(engine):
    code = """const one = (found, places = null) =>
      String(deviation(found, { places, numbers: [3, 4] }));
    answer([one([3, 4]), one([3, 5]), one([NaN, 4]), one([3, NaN]), one([9, 4, 9, 3], [3, 1]),
            one([3, Infinity])]);"""
    right = np.sqrt(12.5)
    assert engine.run(HEAD + code) == ["0", str(1 / right), "NaN", "NaN", "0", "Infinity"]


# ---- turns ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("names", ["ab", "abc", "abcd"])
def test_turns_are_those_of_the_books_own_runs(engine, names):
    code = "answer(Array.from({ length: 9 }, (_, turn) => order(given, turn)));"
    wanted = [order(dict.fromkeys(names), turn) for turn in range(9)]
    assert engine.run(HEAD + code, list(names)) == wanted


def test_medians_and_quartiles_are_numpys(engine):
    rng = np.random.default_rng(1)
    samples = [rng.lognormal(size=count).tolist() for count in (1, 2, 5, 11, 12)]
    found = engine.run(f"{HEAD}answer(given.map(spread));", samples)
    assert found == [spread(tuple(one)) for one in samples]


# A device on which a run of a job takes as many seconds as its only step says. Time passes nowhere
# else. The list of what was submitted is kept.
PRETENDED = """
let clock = 0;
globalThis.performance.now = () => 1000 * clock;
const submitted = [];
const encoder = () => {
  let seconds = 0, name = "";
  return {
    beginComputePass: () => ({
      setPipeline: (pipeline) => name = pipeline,
      setBindGroup: () => {},
      dispatchWorkgroups: (cost) => seconds += cost,
      end: () => {},
    }),
    finish: () => [name, seconds],
  };
};
const queue = {
  submit: ([[name, seconds]]) => {
    submitted.push([name, seconds]);
    clock += seconds;
  },
  onSubmittedWorkDone: () => Promise.resolve(),
};
const seconds = () => Promise.resolve(given.stamp * submitted.at(-1)[1]);
const stamps = given.stamp === null ? null : { writes: {}, resolve: () => {}, seconds };
const device = { createCommandEncoder: encoder, queue };
const opened = { device, stamps, lost: new Promise(() => {}) };
const contenders = Object.fromEntries(Object.entries(given.costs).map(
  ([name, cost]) => [name, { steps: [{ pipeline: name, groups: [cost] }] }]));
const stop = new AbortController();
const tell = (part) => part > given.until && stop.abort();
const found = await inTurns(opened, contenders,
  { rounds: given.rounds, tell, signal: stop.signal });
answer([found, submitted]);
"""


def turns(engine, rounds=11, until=2, stamp=None, **costs):
    given = {"costs": costs, "rounds": rounds, "until": until, "stamp": stamp}
    return engine.run(HEAD + PRETENDED, given)


def test_samples_are_long_and_warm_and_in_turn(engine):
    found, submitted = turns(engine, slow=0.003, fast=0.0002)
    loops = {name: one["loops"] for name, one in found["timings"].items()}
    assert loops == {"slow": 4, "fast": 64}, "powers of two that last 10 ms"
    for name, cost in (("slow", 0.003), ("fast", 0.0002)):
        assert found["timings"][name]["seconds"] == pytest.approx([cost] * 11)
    timed = submitted[-2 * 2 * 13 :]
    pairs = list(zip(timed[::2], timed[1::2], strict=True))
    assert all(one == other for one, other in pairs), "each after as many that are not timed"
    wanted = [name for turn in range(13) for name in order({"slow": 0, "fast": 0}, turn)]
    assert [name for (name, _), _ in pairs] == wanted
    assert found["clock"] == "waited"


@pytest.mark.parametrize(
    ("stamp", "clock", "seconds", "loops"),
    [
        (0.75, "stamped", 0.003, 4),  # a quarter was submission and waiting
        (0.4, "stamped", 0.0016, 8),  # its own time must last 10 ms as well
        (0, "waited", 0.004, 4),  # a clock that stands still
        (3, "waited", 0.004, 4),  # one that says more than the page has waited
    ],
)
def test_the_devices_clock_is_taken_where_it_goes(engine, stamp, clock, seconds, loops):
    found, _ = turns(engine, stamp=stamp, one=0.004, other=0.004)
    assert (found["clock"], found["timings"]["one"]["loops"]) == (clock, loops)
    assert found["timings"]["one"]["seconds"] == pytest.approx([seconds] * 11)


def test_who_takes_long_gives_fewer_samples_and_five_at_least(engine):
    found, _ = turns(engine, slow=0.3, fast=0.01)
    assert (
        len(found["timings"]["fast"]["seconds"]) == len(found["timings"]["slow"]["seconds"]) == 11
    )
    found, _ = turns(engine, slow=1.0, fast=0.01)
    assert len(found["timings"]["slow"]["seconds"]) == 5


def test_a_stopped_contest_gives_nothing(engine):
    found, submitted = turns(engine, until=0.3, slow=0.02, fast=0.02)
    assert found is None and len(submitted) < 40
