"""The widget SparseSpectrum without a browser: what it takes, and what its examples show."""

import numpy as np
import pytest
import torch
from traitlets import TraitError
from widgets.sparse_spectrum import oracle

from fftia_lab.mixing.sparse import alternatives, sst
from fftia_lab.signals import preset
from fftia_lab.widgets import SparseSpectrum
from fftia_lab.widgets.sparse_spectrum import tables


def test_repr_is_the_same_in_every_run():
    assert repr(SparseSpectrum()) == "SparseSpectrum()"
    text = "SparseSpectrum(kept=9, kind='signal', published=True, signal='click')"
    assert repr(SparseSpectrum(signal="click", published=True, kept=9)) == text


def test_samples_are_a_drawn_signal():
    figure = SparseSpectrum(samples=[0.5] * 64)
    assert (figure.kind, figure.signal, figure.count) == ("signal", "drawn", 33)


@pytest.mark.parametrize(
    ("values", "kind", "message"),
    [
        ({"kept": 0}, TraitError, "kept must lie in 1 to 514 for kind='image'; got 0"),
        ({"signal": "click", "kept": 34}, TraitError, "in 1 to 33 for kind='signal'; got 34"),
        ({"image": "photograph"}, TraitError, "image"),
        ({"weights": "gpt2"}, TraitError, "weights"),
        ({"precision": "fp8"}, TraitError, "precision"),
        ({"bet": 50}, TraitError, "bet must be one of (0, 5, 20, 45, 70); got 50"),
        ({"samples": [0.5] * 8}, TraitError, "samples"),
        ({"samples": [2] * 64}, TraitError, "samples must lie in -1 to 1"),
        ({"samples": [0] * 64, "signal": "click"}, TraitError, "samples"),
        ({"sparsity": 0.2}, TypeError, "has no argument 'sparsity'; it takes autoplay, bet"),
    ],
)
def test_bad_values_are_refused(values, kind, message):
    with pytest.raises(kind) as caught:
        SparseSpectrum(**values)
    assert message in str(caught.value)


# ---- what the examples are ----------------------------------------------------------------------


def test_the_trained_layer_is_trained():
    given, goal = tables.windows()
    first, middle, last = tables.layers()
    foretold = np.tanh(np.tanh(given @ first) @ middle) @ last
    assert np.mean((foretold - goal) ** 2) < 0.05 * np.var(goal)
    table = tables.spectrum_tables()["weights"]["trained"]
    np.testing.assert_allclose(table["values"], middle.ravel(), atol=5.1e-4)


def test_toeplitz_is_constant_along_its_diagonals():
    matrix = oracle.thing_of({"kind": "weights", "weights": "toeplitz"})
    np.testing.assert_array_equal(matrix[1:, 1:], matrix[:-1, :-1])


def test_signals_are_the_library_s():
    for name, table in tables.spectrum_tables()["signal"].items():
        np.testing.assert_allclose(table["values"], preset(name, 64), atol=5.1e-4)


# ---- what they show -----------------------------------------------------------------------------


@pytest.fixture
def seen(engine):
    """What the figure computes: seen(weights="random", kept=103) -> its view."""

    def view(**state):
        return engine.views(SparseSpectrum(), [state])[0][1]

    return view


def test_of_noise_a_fifth_leaves_what_theory_says_and_two_other_ways_lose_less(seen):
    view = seen(weights="random", kept=103)
    share = 103 / 514
    theory = np.sqrt(1 - share * (1 - np.log(share)))
    assert theory == pytest.approx(0.69, abs=0.005)
    assert view["error"] == pytest.approx(theory, abs=0.01)
    assert view["rival"]["bytes"] <= view["bytes"]["total"] and view["rival"]["error"] < 0.6
    assert all(one["error"] < 0.01 for one in view["int8"])


def test_of_a_trained_layer_too_pruning_loses_less(seen):
    view = seen(weights="trained", kept=103)
    assert view["rival"]["error"] < view["error"] - 0.05


def test_of_what_is_smooth_the_spectrum_loses_least(seen):
    view = seen(image="hills", kept=103)
    assert view["bytes"]["total"] < min(one["bytes"] for one in view["int8"])
    assert view["error"] < min(one["error"] for one in view["int8"]) < view["rival"]["error"]


def test_as_published_a_fifth_of_the_entries_is_larger_than_all_numbers(seen):
    view = seen(weights="random", kept=103, published=True)
    assert view["bytes"]["total"] == 24 * view["entries"][103] > 1.2 * view["dense"]
    assert view["ratio"] == pytest.approx(0.83, abs=0.005)


# ---- the package says the same ------------------------------------------------------------------

THINGS = [("image", "hills"), ("image", "shapes"), ("weights", "random"), ("weights", "trained")]
THINGS += [("weights", "toeplitz"), ("signal", "sunspots"), ("signal", "square")]


@pytest.mark.parametrize("precision", ["fp32", "fp16"])
@pytest.mark.parametrize(("kind", "name"), THINGS)
def test_bytes_and_errors_are_those_of_the_package(seen, kind, name, precision):
    x = oracle.thing_of({"kind": kind, kind: name})
    count = len(oracle.order_of(x)[0])
    dtype = {"fp32": torch.float32, "fp16": torch.float16}[precision]
    for kept in (1, count // 20, count // 5, count):
        view = seen(**{kind: name}, kept=kept, precision=precision)
        found = sst(torch.tensor(x, dtype=torch.float64), kept / count, coefficients=dtype)
        assert (found.kept, found.nbytes) == (kept, view["bytes"]["total"])
        error = np.linalg.norm(found.to_spatial().numpy() - x) / np.linalg.norm(x)
        assert view["error"] == pytest.approx(error, abs=1e-6)


def test_pruning_and_int8_are_those_of_the_package(seen):
    for name in ("random", "toeplitz", "trained"):
        view = seen(weights=name)
        x = oracle.thing_of({"kind": "weights", "weights": name})
        for count in (10, 205, 1024):
            stored = alternatives.pruned(x, count / x.size)
            assert view["pruned"]["bytes"][count] == stored.nbytes
            assert view["pruned"]["errors"][count] == pytest.approx(stored.error(x), abs=1e-6)
        for one, per in zip(view["int8"], ("tensor", "row"), strict=True):
            stored = alternatives.int8(x, per)
            assert one["bytes"] == stored.nbytes
            assert one["error"] == pytest.approx(stored.error(x), abs=1e-6)
