"""The WGSL of the page's benchmark against the book's float64 reference and numpy.fft, by wgpu."""

import numpy as np
import pytest
from widgets.live_benchmark import on_wgpu

from fftia_lab.attention.reference import butterfly_attention
from fftia_lab.schedule import ButterflySchedule

LIMIT = 1e-5  # largest deviation over the root mean square; the page allows ten times as much
CHANNELS = 32
HEAD = """//given
import { attentionInputs } from "./live_benchmark/inputs.js";
import { butterflyJob } from "./live_benchmark/butterfly_kernel.js";
import { denseJob } from "./live_benchmark/dense_kernel.js";
import { fourierJob } from "./live_benchmark/fourier_kernel.js";
const plain = (all) => Object.fromEntries(Object.entries(all).map(
  ([name, one]) => [name, ArrayBuffer.isView(one) ? Array.from(one) : one]));
const jobOf = (job) => ({ ...job, arrays: plain(job.arrays) });
"""


pytestmark = pytest.mark.browser  # the adapter is the one that comes with it


@pytest.fixture(scope="module")
def device():
    return on_wgpu.device()


def off(found, wanted):
    return np.abs(found - wanted).max() / np.sqrt(np.mean(np.abs(wanted) ** 2))


def attention(engine, n, most=6):
    """Inputs as the page draws them, and its jobs."""
    code = """const inputs = attentionInputs(given.n, 7);
    answer({ inputs: plain(inputs), butterfly: jobOf(butterflyJob(inputs, given.most)),
             dense: jobOf(denseJob(inputs)) });"""
    return engine.run(HEAD + code, {"n": n, "most": most})


def butterfly_wanted(inputs):
    """What the reference says: places beyond the last do nothing."""
    n, heads = inputs["n"], inputs["heads"]
    x = np.array(inputs["x"]).reshape(1, heads, n, CHANNELS)
    weights = [
        np.array(inputs[name]).reshape(-1, heads, CHANNELS, CHANNELS) for name in ("w_q", "w_k")
    ]
    schedule = ButterflySchedule(1 << (n - 1).bit_length(), padding="keep")
    return butterfly_attention(x, *weights, schedule)[0].ravel()


@pytest.mark.parametrize("most", [6, 4, 1])
@pytest.mark.parametrize("n", [2, 3, 64, 100, 200, 256])
def test_butterfly_attention_in_wgsl_is_the_reference(engine, device, n, most):
    made = attention(engine, n, most)
    depth = (n - 1).bit_length()
    assert len(made["butterfly"]["launches"]) == -(-depth // most)
    assert off(on_wgpu.run(device, made["butterfly"]), butterfly_wanted(made["inputs"])) < LIMIT


def test_a_job_leaves_its_input_alone(engine, device):
    """So that each of many runs in a row does the same work."""
    job = attention(engine, 256, 4)["butterfly"]
    assert np.array_equal(on_wgpu.run(device, job), on_wgpu.run(device, job, repeats=3))


@pytest.mark.parametrize("n", [1, 63, 64, 200, 256])
def test_dense_attention_in_wgsl_is_the_softmax(engine, device, n):
    made = attention(engine, max(n, 2))["inputs"] | {"n": n}
    shape = made["heads"], n, CHANNELS
    q, k, v = (
        np.array(made[name][: np.prod(shape)]).reshape(shape)
        for name in ("queries", "keys", "values")
    )
    given = {name: one.ravel().tolist() for name, one in zip("qkv", (q, k, v), strict=True)}
    code = """const queries = given.q, keys = given.k, values = given.v;
    answer(denseJob({ n: given.n, heads: given.heads, queries, keys, values }));"""
    job = engine.run(HEAD + code, given | {"n": n, "heads": shape[0]})
    scores = np.exp(q @ k.swapaxes(1, 2) / np.sqrt(CHANNELS))
    wanted = scores / scores.sum(-1, keepdims=True) @ v
    assert off(on_wgpu.run(device, job), wanted.ravel()) < LIMIT


def test_what_a_kernel_does_not_take_is_refused_in_words(engine):
    code = """const told = (make) => { try { make(); return ""; } catch (e) { return e.message; } };
    answer([told(() => butterflyJob({ n: 1 }, 6)), told(() => butterflyJob({ n: 64 }, 7)),
            told(() => butterflyJob({ n: 1e6 }, 6)), told(() => fourierJob({ n: 100 }, true)),
            told(() => fourierJob({ n: 131072 }, false))]);"""
    assert engine.run(HEAD + code) == [
        "the butterfly kernel takes 2 to 65,536 places; got 1",
        "a launch of the butterfly kernel holds 1 to 6 stages; got 7",
        "the butterfly kernel takes 2 to 65,536 places; got 1000000",
        "the FFT kernel takes powers of two from 2 to 65,536; got 100",
        "the FFT kernel takes powers of two from 2 to 65,536; got 131072",
    ]


def test_scores_too_large_for_exp_are_none_for_an_online_softmax(engine, device):
    made = attention(engine, 64)["dense"]
    made["arrays"]["queries"] = (300 * np.array(made["arrays"]["queries"])).tolist()
    found = on_wgpu.run(device, made)
    assert np.isfinite(found).all() and np.abs(found).max() > 1, "each query hears about one key"


def fourier(engine, x, fused):
    sequences, n = x.shape
    roots = np.exp(-2j * np.pi * np.arange(n) / n)
    given = {"n": n, "sequences": sequences, "fused": fused}
    given |= {"x": parts(x), "roots": parts(roots)}
    return engine.run(HEAD + "answer(fourierJob(given, given.fused));", given)


def parts(z):
    return np.stack([z.real, z.imag], -1).ravel().tolist()


@pytest.mark.parametrize("fused", [True, False])
@pytest.mark.parametrize(("n", "launches"), [(2, 1), (8, 1), (64, 1), (256, 1), (2048, 1)])
def test_the_fft_in_wgsl_is_numpys(engine, device, n, launches, fused):
    check_fft(engine, device, n, launches if fused else -(-(n.bit_length() - 1) // 2), fused)


@pytest.mark.parametrize(("n", "launches"), [(4096, 2), (8192, 2), (16384, 3)])
def test_an_fft_too_long_for_a_workgroup_goes_on_through_memory(engine, device, n, launches):
    check_fft(engine, device, n, launches, True)


def check_fft(engine, device, n, launches, fused):
    rng = np.random.default_rng(n)
    x = rng.normal(size=(3, n)) + 1j * rng.normal(size=(3, n))
    job = fourier(engine, x, fused)
    assert len(job["launches"]) == launches
    found = on_wgpu.run(device, job).reshape(3, n, 2)
    assert off(found[..., 0] + 1j * found[..., 1], np.fft.fft(x)) < LIMIT


FAULTS = [
    ("-held[b + own + c]", "held[b + own + c]", "butterfly"),  # a sign
    ("(1u << s) - 1u", "(2u << s) - 1u", "butterfly"),  # a partner
    ("mixed[c] = 0.0;", "", "butterfly"),  # what the last stage left
    ("workgroupBarrier();\n    let four", "let four", "butterfly"),  # no one waits
    ("weights = weights * keep + weight", "weights = weights + weight", "dense"),
]


@pytest.mark.parametrize(("text", "wrong", "name"), FAULTS)
def test_a_fault_in_the_wgsl_is_seen(engine, device, text, wrong, name):
    made = attention(engine, 256)
    job = made[name]
    assert text in job["kernels"][name]
    job["kernels"][name] = job["kernels"][name].replace(text, wrong)
    found = on_wgpu.run(device, job)
    sound = on_wgpu.run(device, attention(engine, 256)[name])
    assert not off(found, sound) < 1e-3
