"""Training the flow task: repeatable, and its record holds when NumPy reads it."""

import platform
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from paths import ROOT

from fftia_lab.attention.reference import butterfly_attention
from fftia_lab.learn.flag import LETTERS, TOKENS, answers, carried, sequences
from fftia_lab.learn.record import recorded_flow, text_of, weights_of, write
from fftia_lab.schedule import ButterflySchedule

RUN = recorded_flow()


def mixed(kind, x, w_q, w_k):
    """Both mixings from their definitions, in NumPy: the reference, and a softmax over all."""
    if kind == "butterfly":
        heads, one = x[:, None], (1, 1, 8, 8)
        schedule = ButterflySchedule(TOKENS)
        y, _ = butterfly_attention(heads, w_q.reshape(one), w_k.reshape(one), schedule)
        return y[:, 0]
    scores = np.einsum("bic,cd,ed,bje->bij", x, w_q, w_k, x) / np.sqrt(8)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return (weights / weights.sum(axis=-1, keepdims=True)) @ x


def scores_of(kind, weights, letters, flags):
    """Return what every token says, as scores of the letters."""
    x = weights["letters"][letters] + carried(flags)[..., None] * weights["flag"]
    x = x + weights["places"]
    heard = mixed(kind, x, weights["w_q"], weights["w_k"])
    return (x + heard @ weights["w_out"]) @ weights["readout"]


# ---- the task -----------------------------------------------------------------------------------


def test_one_flag_a_sequence_and_everything_equally_likely():
    letters, flags = sequences(np.random.default_rng(5), 20000)
    assert letters.shape == (20000, TOKENS) and flags.shape == (20000,)
    for values, count in ((letters, len(LETTERS)), (flags, TOKENS)):
        shares = np.bincount(values.ravel(), minlength=count) / values.size
        np.testing.assert_allclose(shares, 1 / count, atol=0.01)
    assert (
        answers(letters, flags) == [row[k] for row, k in zip(letters, flags, strict=True)]
    ).all()


# ---- the record ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["butterfly", "dense"])
def test_the_recorded_weights_give_the_recorded_accuracy(kind):
    """The run examined them in PyTorch; here NumPy does."""
    model, settings = RUN["models"][kind], RUN["settings"]
    letters, flags = sequences(
        np.random.default_rng(settings["held_out_seed"]), settings["held_out"]
    )
    scores, wanted = scores_of(kind, weights_of(model), letters, flags), answers(letters, flags)
    right = (scores.argmax(axis=-1) == wanted[:, None]).mean()
    assert (
        right == model["accuracy"] == model["accuracies"][settings["seeds"].index(settings["seed"])]
    )
    assert right > 0.95
    surprise = np.log(np.exp(scores).sum(axis=-1)) - scores[np.arange(len(wanted)), :, wanted]
    assert surprise.mean() == pytest.approx(model["loss"], rel=1e-5)


def test_no_held_out_sequence_was_trained_on():
    settings = RUN["settings"]
    held = np.random.default_rng(settings["held_out_seed"])
    letters, flags = sequences(held, settings["held_out"])
    seen = {row.tobytes() for row in np.column_stack([letters, flags])}
    assert len(seen) == settings["held_out"]
    for seed in settings["seeds"]:
        rng = np.random.default_rng(seed)
        for shape in ((8, 8), 8, (TOKENS, 8), (8, 8), (8, 8), (8, 8), (8, len(LETTERS))):
            rng.normal(size=shape)  # the first weights
        for _ in range(settings["steps"]):
            trained = np.column_stack(sequences(rng, settings["batch"]))
            assert not any(row.tobytes() in seen for row in trained)


def test_the_record_says_what_was_trained_where_and_when():
    assert (RUN["name"], RUN["quick"]) == ("flow", False)
    assert RUN["command"] == "python -m fftia_lab.learn flow"
    assert re.fullmatch("[0-9a-f]{40}", RUN["commit"]), "commit, then train"
    assert datetime.fromisoformat(RUN["date"]).tzinfo
    assert RUN["device"]["threads"] == 1 and "torch" in RUN["software"]
    assert RUN["task"] == {"name": "who carries the flag", "tokens": TOKENS, "letters": LETTERS}
    for model in RUN["models"].values():
        assert len(model["accuracies"]) == len(RUN["settings"]["seeds"])
        weights = weights_of(model)
        assert model["numbers"] == sum(weight.size for weight in weights.values())
        for weight in weights.values():
            assert (weight == weight.round(RUN["settings"]["decimals"])).all()
    assert len({model["numbers"] for model in RUN["models"].values()}) == 1, "a fair comparison"


def test_the_record_names_no_machine_and_no_person():
    text = (ROOT / "book" / "results" / "flow.json").read_text("utf-8")
    assert str(Path.home()) not in text and str(ROOT) not in text
    assert platform.node() not in text or len(platform.node()) < 4


def test_a_record_is_written_with_a_row_on_a_line(tmp_path):
    path = tmp_path / "deep" / "flow.json"
    write(RUN, path)
    text = path.read_text("utf-8")
    assert text == text_of(RUN)
    assert text.count("\n") < 200 and max(map(len, text.splitlines())) < 200
    assert [one.name for one in path.parent.iterdir()] == ["flow.json"]


# ---- training -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["butterfly", "dense"])
def test_training_is_repeatable_and_learns(kind):
    from fftia_lab.learn.training import Settings, examine, train

    settings = Settings(steps=150, held_out=200)
    once, again, other = (train(kind, seed, settings) for seed in (3, 3, 4))
    assert all((once[name] == again[name]).all() for name in once)
    assert any((once[name] != other[name]).any() for name in once)
    untrained = train(kind, 3, Settings(steps=0, held_out=200))
    (learnt, low), (guessed, high) = (examine(kind, w, settings) for w in (once, untrained))
    assert learnt > 0.9 > 0.4 > guessed and low < 0.3 < 1 < high


@pytest.mark.parametrize("kind", ["butterfly", "dense"])
def test_the_model_in_pytorch_is_the_one_in_numpy(kind):
    import torch

    from fftia_lab.learn.models import initial, says

    rng = np.random.default_rng(8)
    weights = {name: 2 * weight for name, weight in initial(rng).items()}
    letters, flags = sequences(rng, 50)
    said = says(kind, {n: torch.from_numpy(w) for n, w in weights.items()}, letters, flags)
    np.testing.assert_allclose(said, scores_of(kind, weights, letters, flags), atol=1e-12)


def test_the_command_repeats_the_record(tmp_path):
    from fftia_lab.learn.__main__ import flow, parser

    *_, name = RUN["command"].split()
    assert parser().parse_args([name]).quick is False
    quick = flow(quick=True)
    assert quick["quick"] and set(quick) == set(RUN) and set(quick["models"]) == set(RUN["models"])


def test_reading_a_record_loads_no_torch():
    code = (
        "import sys, fftia_lab.learn.record as r; r.recorded_flow(); print('torch' in sys.modules)"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "False"
