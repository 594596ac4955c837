"""The widget FilterLab without a browser; its oracle is the layer of the library."""

import itertools

import numpy as np
import pytest
import torch
from kit.settling import state_of
from traitlets import TraitError
from widgets.filter_lab import oracle

from fftia_lab.mixing import SpectralMixingLayer
from fftia_lab.mixing.reference import circular_convolution
from fftia_lab.widgets import FilterLab
from fftia_lab.widgets.filter_lab.figure import KNOTS, LOW_PASS, SIZES

EDGES = ("circular", "padded", "causal")


def layer_of(state):
    """The layer that holds the knots of a state."""
    layer = SpectralMixingLayer(
        1, KNOTS, causal=state["edge"] == "causal", mode=state["mode"]
    ).double()
    knots = torch.tensor(oracle.knots_of(state))[:, None]
    turning = len(layer.imaginary)
    with torch.no_grad():
        layer.real.copy_(knots.real)
        layer.imaginary.copy_(knots.imag[1 : 1 + turning])
    return layer


def layer_states(count=60):
    """Random states with an edge that the layer has."""
    rng = np.random.default_rng(20261129)
    while count:
        state = oracle.random_state(rng)
        if state["edge"] != "padded":
            count -= 1
            yield state


@torch.no_grad()
def test_it_filters_as_the_layer_of_the_library():
    for state in layer_states():
        n, layer = state["n"], layer_of(state)
        kernel = oracle.weights_of(state, n)[n - 1 :]  # lags 0 to n - 1, negative ones behind
        found = layer.impulse_response(n).numpy().ravel()
        np.testing.assert_allclose(found, kernel, atol=1e-12, err_msg=str(state))
        x = oracle.signal_of(state)
        y = layer(torch.tensor(x)[None, :, None]).numpy().ravel()
        np.testing.assert_allclose(y, oracle.matrix_of(state) @ x, atol=1e-12)


def test_it_reaches_where_the_layer_can_reach_and_with_any_knots_everywhere_there():
    rng = np.random.default_rng(5)
    for mode in ("sample", "sequence"):
        for edge in ("circular", "causal"):
            state = {"mode": mode, "edge": edge, "delay": 1, "gains": rng.uniform(0.2, 1.4, KNOTS)}
            for n in SIZES:
                reach = layer_of(state).reach(n).numpy()
                matrix = oracle.matrix_of({**state, "n": n})
                np.testing.assert_array_equal(abs(matrix) > 1e-9, reach, err_msg=f"{mode} {n}")


def test_circular_is_the_circular_convolution_of_the_reference():
    state = {"n": 16, "edge": "circular", "mode": "sample", "delay": 3, "gains": LOW_PASS}
    x = np.random.default_rng(1).normal(size=16)
    wanted = circular_convolution(x[None, :, None], oracle.kernel_of(state, 16)[15:, None])
    np.testing.assert_allclose(oracle.matrix_of(state) @ x, wanted.ravel(), atol=1e-12)


def test_padded_is_the_linear_convolution():
    for mode in ("sample", "sequence"):
        state = {"n": 32, "edge": "padded", "mode": mode, "delay": -2, "gains": LOW_PASS}
        x = np.random.default_rng(2).normal(size=32)
        wanted = np.convolve(x, oracle.kernel_of(state, 32))[31:63]
        np.testing.assert_allclose(oracle.matrix_of(state) @ x, wanted, atol=1e-12)


def test_at_sixteen_samples_both_modes_are_one_filter():
    states = [{**state_of(FilterLab(n=16)), "mode": mode} for mode in ("sample", "sequence")]
    one, other = (oracle.weights_of(state, 16) for state in states)
    np.testing.assert_allclose(one, other, atol=1e-12)


def test_per_sample_the_reach_stays_and_per_sequence_it_doubles():
    for edge in EDGES:
        state = state_of(FilterLab(edge=edge))
        kept = [oracle.length_of(state, n) for n in SIZES[1:]]
        assert len(set(kept)) == 1, edge
        stretched = [oracle.length_of({**state, "mode": "sequence"}, n) for n in SIZES[1:]]
        assert all(1.9 < b / a < 2.1 for a, b in itertools.pairwise(stretched)), edge


def test_repr_is_the_same_in_every_run():
    assert repr(FilterLab()) == "FilterLab()"
    assert repr(FilterLab(mode="sequence", delay=np.int64(2))) == (
        "FilterLab(delay=2, mode='sequence')"
    )


def test_samples_say_the_signal_and_the_length():
    figure = FilterLab(samples=[0.5] * 32)
    assert (figure.signal, figure.n, figure.at) == ("drawn", 32, 31)
    figure.n = 16
    assert figure.samples == [0.5] * 16


@pytest.mark.parametrize(
    ("values", "kind", "message"),
    [
        ({"n": 256}, TraitError, "n must be one of (16, 32, 64, 128); got 256"),
        ({"gains": [1, 1]}, TraitError, "gains must hold 9 values, each in 0 to 1.5; got [1.0,"),
        ({"gains": [1] * 8 + [1.6]}, TraitError, "gains must hold 9 values"),
        ({"gains": [1] * 8 + [float("nan")]}, TraitError, "gains must hold 9 values"),
        ({"delay": 5}, TraitError, "delay must lie in -4 to 4; got 5"),
        ({"at": 64}, TraitError, "at must lie in 0 to 63; got 64"),
        ({"n": 16, "at": 20}, TraitError, "at must lie in 0 to 15; got 20"),
        ({"edge": "open"}, TraitError, "edge"),
        ({"bet": "yes"}, TraitError, "bet must be an answer to ask='', [], or ''; got 'yes'"),
        ({"ask": "seam", "bet": "same"}, TraitError, "ask='seam', ['yes', 'no']"),
        ({"samples": [2] * 16}, TraitError, "samples must lie in -1 to 1"),
        ({"filter": "low-pass"}, TypeError, "has no argument 'filter'; it takes ask, at"),
    ],
)
def test_bad_values_are_refused(values, kind, message):
    with pytest.raises(kind) as caught:
        FilterLab(**values)
    assert message in str(caught.value)


NAMED = """
import { FILTERS } from "./filter_lab/model.js";
//given
answer(FILTERS);
"""


def test_named_filters_are_ones_that_can_be(engine):
    named = engine.run(NAMED)
    assert named["low-pass, sharp"] == FilterLab().gains
    assert all(FilterLab(gains=gains).gains == gains for gains in named.values())
