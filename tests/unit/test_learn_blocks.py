"""Learned butterflies: the gradient is one, the record holds when NumPy reads it, claims are so."""

import platform
import re
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from paths import ROOT

from fftia_lab.learn.blocks import factors_of, learn, product_of, slopes, start
from fftia_lab.learn.butterflies import (
    DENOISERS,
    SPECTRA,
    TRANSFORM,
    WAVES,
    WIRINGS,
    denoiser,
    recorded_blocks,
    transform,
)
from fftia_lab.learn.examples import LOUD, NOISE, cycles, noisy_waves, spectra
from fftia_lab.schedule import ButterflySchedule, ShiftSchedule

RUN = recorded_blocks()
each = pytest.mark.parametrize(
    "entry", RUN["denoisers"], ids=lambda e: f"{e['wiring']}-{e['size']}-{e['causal']:d}"
)


def schedule_of(entry):
    return WIRINGS[entry["wiring"]](entry["size"], causal=entry["causal"])


# ---- examples and gradients ---------------------------------------------------------------------


@pytest.mark.parametrize("size", [8, 64])
def test_waves_are_slow_and_noise_is_white(size):
    noisy, clean = noisy_waves(np.random.default_rng(1), size, 20000)
    spectrum = (np.abs(np.fft.rfft(clean)) ** 2).mean(axis=0)
    assert spectrum[cycles(size) + 1 :].max() < 1e-20 * spectrum.max()
    np.testing.assert_allclose(clean.var(axis=0), LOUD**2, rtol=0.06)
    np.testing.assert_allclose(np.cov((noisy - clean).T), NOISE**2 * np.eye(size), atol=0.005)


@pytest.mark.parametrize("complex_numbers", [False, True])
@pytest.mark.parametrize("schedule", [ButterflySchedule(8), ShiftSchedule(6, causal=True)])
def test_the_gradient_is_that_of_autograd(schedule, complex_numbers):
    torch = pytest.importorskip("torch")
    rng, size = np.random.default_rng(2), schedule.size
    x, y = rng.normal(size=(2, 20, size)) + 1j * complex_numbers * rng.normal(size=(2, 20, size))
    x, y = (x, y) if complex_numbers else (x.real, y.real)
    blocks = start(rng, schedule, x.dtype.type)
    given, wanted = (array.T @ x.conj() / len(x) for array in (x, y))
    free = torch.from_numpy(blocks).requires_grad_()
    z, own = torch.from_numpy(x), np.arange(size)
    for stage in range(schedule.depth):
        partner = schedule.partners(stage)
        taken = torch.where(torch.from_numpy(partner == own), 0, free[stage, 1])
        z = free[stage, 0] * z + taken * z[:, partner]
    ((z - torch.from_numpy(y)).abs() ** 2).sum().div(2 * len(x)).backward()
    found = slopes(blocks, schedule, given, wanted)
    np.testing.assert_allclose(found, free.grad.numpy(), atol=1e-12)


def test_learning_is_repeatable_and_goes_downhill():
    schedule = ButterflySchedule(8)
    x, y = noisy_waves(np.random.default_rng(3), 8, 500)

    def found(seed, steps):
        return learn(np.random.default_rng(seed), schedule, x, y, steps)

    assert (found(0, 40) == found(0, 40)).all() and (found(0, 40) != found(1, 40)).any()
    losses = [((x @ product_of(found(0, n), schedule).T - y) ** 2).mean() for n in (0, 10, 300)]
    assert losses == sorted(losses, reverse=True) and losses[-1] < 0.7 * losses[0]


def test_who_meets_nobody_takes_nothing():
    factor = factors_of(np.full((3, 2, 8), 5.0), ShiftSchedule(8, causal=True))[0]
    assert factor[0].tolist() == [5, *[0] * 7]


# ---- the record ---------------------------------------------------------------------------------


@each
def test_the_recorded_denoisers_leave_what_the_record_says(entry):
    schedule, settings = schedule_of(entry), RUN["settings"]
    rng, lesson = np.random.default_rng(settings["examples_seed"]), settings["waves"]
    noisy_waves(rng, entry["size"], lesson["examples"])  # those that it learned from
    noisy, clean = noisy_waves(rng, entry["size"], lesson["examples"])
    blocks = np.array(entry["blocks"])
    product = np.eye(entry["size"])
    for factor in factors_of(blocks, schedule):
        product = factor @ product
    left = ((noisy @ product.T - clean) ** 2).sum() / ((noisy - clean) ** 2).sum()
    assert left == pytest.approx(entry["left"], rel=1e-3)
    assert entry["left"] == entry["lefts"][0] and len(entry["lefts"]) == len(settings["seeds"])
    assert max(entry["lefts"]) - min(entry["lefts"]) < 0.01, "every start comes as far"
    assert (product[np.triu_indices(len(product), 1)] == 0).all() or not entry["causal"]
    meets = sum(
        (schedule.partners(s) != np.arange(entry["size"])).sum() for s in range(len(blocks))
    )
    assert entry["numbers"] == entry["size"] * len(blocks) + meets


@each
def test_the_best_matrix_is_wieners(entry):
    """Theory: rows of covariance, on the past where the future is forbidden."""
    size, k = entry["size"], np.arange(cycles(entry["size"]) + 1)
    lags = np.arange(size)[:, None] - np.arange(size)
    waves = LOUD**2 * np.cos(2 * np.pi * lags[..., None] * k / size).mean(axis=-1)
    error = 0.0
    for row in range(size):
        seen = slice(0, row + 1 if entry["causal"] else size)
        wanted = waves[row, seen]
        noisy = waves[seen, seen] + NOISE**2 * np.eye(len(wanted))
        error += LOUD**2 - wanted @ np.linalg.solve(noisy, wanted)
    assert entry["best"] == pytest.approx(error / size / NOISE**2, rel=0.05)
    assert entry["best"] <= entry["left"] + 1e-3


def test_a_butterfly_goes_deaf_here_too():
    """What the cover shows: without the future the butterfly leaves more than the shift."""
    left = {(e["wiring"], e["causal"]): e["left"] for e in RUN["denoisers"] if e["size"] == 64}
    assert left["butterfly", False] < left["shift", False] < left["shift", True]
    assert left["shift", True] < left["butterfly", True] - 0.1


@pytest.mark.parametrize("entry", RUN["transforms"], ids=lambda e: str(e["size"]))
def test_the_recorded_butterflies_found_the_dft(entry):
    """Of signals never trained on, against NumPy's FFT; and so did every start."""
    size, parts = entry["size"], np.array(entry["blocks"])
    x, y = spectra(np.random.default_rng(99), size, 50)
    for factor in factors_of(parts[..., 0] + 1j * parts[..., 1], ButterflySchedule(size)):
        x = x @ factor.T
    assert np.abs(x - y).max() < 20 * entry["off"] * size**0.5
    assert entry["off"] == entry["offs"][0] <= max(entry["offs"]) < 5e-4
    assert entry["numbers"] == 2 * size * (size.bit_length() - 1)


def test_the_record_is_what_training_gives():
    """Two of its lessons again: the same to the digits that are kept, or one in the last."""
    again = denoiser("butterfly", False, 8, WAVES, [0])
    (kept,) = [e for e in RUN["denoisers"] if e["size"] == 8]
    np.testing.assert_allclose(again["blocks"], kept["blocks"], atol=0.011)
    (kept,) = [e for e in RUN["transforms"] if e["size"] == 4]
    np.testing.assert_allclose(transform(4, TRANSFORM, [0])["blocks"], kept["blocks"], atol=2e-4)


def test_the_record_says_what_was_taught_where_and_when():
    assert (RUN["name"], RUN["quick"]) == ("blocks", False)
    assert RUN["command"] == "python -m fftia_lab.learn blocks"
    assert re.fullmatch("[0-9a-f]{40}", RUN["commit"]), "commit, then train"
    assert datetime.fromisoformat(RUN["date"]).tzinfo and RUN["device"]["threads"] == 1
    assert [(e["wiring"], e["causal"], e["size"]) for e in RUN["denoisers"]] == DENOISERS
    assert tuple(e["size"] for e in RUN["transforms"]) == SPECTRA
    assert RUN["settings"]["waves"] == WAVES._asdict()
    assert RUN["settings"]["transform"] == TRANSFORM._asdict()
    text = (ROOT / "book" / "results" / "blocks.json").read_text("utf-8")
    assert str(Path.home()) not in text and str(ROOT) not in text
    assert platform.node() not in text or len(platform.node()) < 4


def test_the_command_repeats_the_record():
    from fftia_lab.learn.__main__ import blocks, parser

    assert parser().parse_args(["blocks"]).quick is False
    quick = blocks(quick=True)
    assert quick["quick"] and set(quick) == set(RUN)
    assert [e["numbers"] for e in quick["denoisers"]] == [e["numbers"] for e in RUN["denoisers"]]
