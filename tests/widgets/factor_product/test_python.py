"""The Python side of the widget `FactorProduct`: its tables, what it takes, refuses and says."""

import functools
import itertools
import json
import re

import numpy as np
import pytest
from traitlets import TraitError
from widgets.attention_flow import oracle as flow

from fftia_lab.schedule import ButterflySchedule, bit_reversal
from fftia_lab.transform import butterfly_factors
from fftia_lab.widgets import FactorProduct
from fftia_lab.widgets.factor_product.tables import (
    SIZES,
    degrees_of_freedom,
    factor_tables,
    gate_factors,
    stage_table,
)
from fftia_lab.widgets.shared.trained import EXAMPLE, FLAG


def matrices_of(table):
    """The factors that a table describes, the sorting first, written out entry by entry."""
    size = len(table["stages"][0])
    schedule = ButterflySchedule(size, decreasing=table["decreasing"])
    made = [np.eye(size)[bit_reversal(size)] if table["sort"] else np.eye(size)]
    for stage, rows in enumerate(table["stages"]):
        matrix = np.zeros((size, size), dtype=complex)
        for row, (own, other) in enumerate(rows):
            matrix[row, row] = complex(*own)
            matrix[row, schedule.partners(stage)[row]] = complex(*other)
        made.append(matrix)
    return made


@pytest.mark.parametrize("size", SIZES)
def test_the_twiddles_multiply_to_the_dft(size):
    table = factor_tables()["twiddles"][str(size)]
    product = np.linalg.multi_dot(matrices_of(table)[::-1])
    np.testing.assert_allclose(product, np.fft.fft(np.eye(size)), atol=1e-10)


@pytest.mark.parametrize("size", SIZES)
def test_the_gates_are_a_layer_s(size):
    """Each row is the softmax of two scores: positive, of sum 1, and so is the product."""
    factors = gate_factors(size)
    for stage, factor in enumerate(factors):
        assert np.count_nonzero(factor) == 2 * size
        assert factor.min() >= 0
        np.testing.assert_allclose(factor.sum(axis=1), 1, atol=1e-12)
        reach = np.eye(size, dtype=bool) | (np.eye(size)[np.arange(size) ^ 2**stage] > 0)
        assert (factor[~reach] == 0).all()
    product = np.linalg.multi_dot(factors[::-1])
    np.testing.assert_allclose(product.sum(axis=1), 1, atol=1e-12)
    table = factor_tables()["gates"][str(size)]
    np.testing.assert_allclose(np.linalg.multi_dot(matrices_of(table)[::-1]), product, atol=1e-12)


def test_a_gate_is_the_softmax_of_its_two_scores():
    """The first stage again, by the definition of attention with two allowed entries a row."""
    rng = np.random.default_rng(9)
    x = rng.normal(size=(8, 8))
    query, key = rng.normal(size=(2, 8, 8)) / 8**0.5
    scores = (x @ query) @ (x @ key).T / 8**0.5
    allowed = np.eye(8, dtype=bool) | np.eye(8, dtype=bool)[np.arange(8) ^ 1]
    weights = np.where(allowed, np.exp(scores), 0)
    weights /= weights.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(gate_factors(8)[0], weights, atol=5.1e-5)


def test_the_gates_of_sixteen_are_those_of_the_trained_layer():
    """The library's reference on the record; the product finds the token with the flag."""
    state = {"letters": EXAMPLE, "flags": [FLAG]}
    _, gates, products = flow.butterfly(state)
    factors, own = gate_factors(16), np.arange(16)
    for stage, (factor, gate) in enumerate(zip(factors, gates, strict=True)):
        np.testing.assert_allclose(factor[own, own ^ 2**stage], gate, atol=5.1e-5)
    product = np.linalg.multi_dot(factors[::-1])
    np.testing.assert_allclose(product, products[-1], atol=5e-4)
    assert (product.argmax(axis=1) == FLAG).all() and (product > 0).all()
    notes = factor_tables()["gates"]
    assert f"Token {FLAG} carries a flag" in notes["16"]["note"]
    assert "Nothing was trained" in notes["8"]["note"]


@pytest.mark.parametrize("size", SIZES)
def test_the_learned_factors_come_as_close_as_the_note_says(size):
    table = factor_tables()["learned"][str(size)]
    assert table["sort"], "as the FFT of decimation in time"
    off = np.abs(np.linalg.multi_dot(matrices_of(table)[::-1]) - np.fft.fft(np.eye(size))).max()
    said = float(re.search(r"off by ([.\d]+) at most", table["note"])[1])
    assert said - 1e-4 < off <= said < 5e-4
    aim = np.array(table["aim"]["entries"])
    np.testing.assert_allclose(aim[..., 0] + 1j * aim[..., 1], np.fft.fft(np.eye(size)), atol=1e-11)


@pytest.mark.parametrize("size", SIZES)
def test_the_learned_factors_are_others_than_the_twiddles(size):
    """The same product from other numbers: one factor's sizes are not all 1, as twiddles' are."""
    found = matrices_of(factor_tables()["learned"][str(size)])[1:]
    sizes = np.abs(np.concatenate([factor[factor != 0] for factor in found]))
    assert sizes.size == 2 * size * len(found) and sizes.min() < 0.8 and sizes.max() > 1.2


def dimensions(factors, moves):
    """In how many directions the product moves when `moves` change, one factor at a time."""
    columns = []
    for stage, move in moves:
        parts = [*factors[:stage], move, *factors[stage + 1 :]]
        columns.append(functools.reduce(lambda done, factor: factor @ done, parts).ravel())
    return np.linalg.matrix_rank(np.array(columns).T, tol=1e-6)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", ["gates", "learned"])
def test_what_counts_is_the_rank_of_the_derivative(kind, size):
    """The count of the sentence against linear algebra, at the factors that are shown."""
    factors = matrices_of(factor_tables()[kind][str(size)])[1:]
    moves = []
    for stage, row in itertools.product(range(len(factors)), range(size)):
        partner = row ^ 2**stage
        own, other = np.zeros((2, size, size))
        own[row, row] = other[row, partner] = 1
        moves += [(stage, other - own)] if kind == "gates" else [(stage, own), (stage, other)]
    free, count = degrees_of_freedom(kind, size)
    assert (len(moves), dimensions(factors, moves)) == (free, count)
    assert f"{free} numbers are free" in factor_tables()[kind][str(size)]["freedom"]


def test_the_tables_are_the_same_every_time():
    again = factor_tables.__wrapped__()
    assert json.dumps(again) == json.dumps(factor_tables())


def test_factors_of_your_own_are_shown():
    rng = np.random.default_rng(2)
    for decreasing in (False, True):
        schedule = ButterflySchedule(8, decreasing=decreasing)
        own = np.arange(8)
        factors = []
        for stage in range(3):
            matrix = np.zeros((8, 8))
            matrix[own, own], matrix[own, schedule.partners(stage)] = rng.normal(size=(2, 8))
            factors.append(matrix)
        widget = FactorProduct(factors=factors, note="Mine.")
        assert (widget.n, widget.weights, widget.stage) == (8, "given", 3)
        table = widget.tables["given"]["8"]
        assert table["note"] == "Mine." and table["decreasing"] is decreasing
        np.testing.assert_allclose(matrices_of(table)[1:], factors, atol=1e-12)
    assert "given" not in FactorProduct().tables, "one instance keeps its own"


def test_the_librarys_factors_are_taken_as_they_are():
    widget = FactorProduct(factors=butterfly_factors(16))
    table = widget.tables["given"]["16"]
    assert table["sort"] and table["stages"] == factor_tables()["twiddles"]["16"]["stages"]


def off_the_wiring():
    factors = butterfly_factors(8)
    factors[2][1, 6] = 1
    return factors


@pytest.mark.parametrize(
    ("factors", "message"),
    [
        (off_the_wiring(), "factor 2 has an entry at (1, 6); at stride 2 row 1 may hold entries"),
        (butterfly_factors(8)[:3], "a butterfly of size 8 has 3 factors, besides the bit reversal"),
        (butterfly_factors(8, "frequency"), "a butterfly of size 8 has 3 factors"),
        (butterfly_factors(32), "square arrays of one size, 4, 8 or 16; got shapes [(32, 32)]"),
        ([], "square arrays of one size, 4, 8 or 16; got shapes []"),
        ([np.eye(4), np.eye(8)], "got shapes [(4, 4), (8, 8)]"),
        ([np.eye(4), np.full((4, 4), np.nan)], "must hold finite numbers"),
        ([np.eye(4), np.full((4, 4), "x")], "must hold finite numbers"),
    ],
)
def test_what_is_no_butterfly_is_refused(factors, message):
    with pytest.raises(ValueError) as caught:
        FactorProduct(factors=factors)
    assert message in str(caught.value)


def test_frequency_without_its_sorting_is_a_butterfly():
    table = stage_table(butterfly_factors(8, "frequency")[:-1])
    assert table["decreasing"] and not table["sort"]


@pytest.mark.parametrize(
    ("values", "kind", "message"),
    [
        ({"n": 32}, TraitError, "n must be one of 4, 8, 16 for weights='twiddles'; got 32"),
        ({"weights": "star"}, TraitError, "weights must be one of twiddles, gates, learned; got"),
        ({"weights": "given"}, TraitError, "weights must be one of twiddles, gates, learned; got"),
        ({"size": 8}, TypeError, "has no argument 'size'; it takes autoplay, bet"),
        ({"stage": 4}, TraitError, "stage must lie in 0 to 3; got 4"),
        ({"stage": float("nan")}, TraitError, "stage must lie in 0 to 3; got nan"),
        ({"entry": [8, 0]}, TraitError, "with both in 0 to 7; got [8, 0]"),
        ({"entry": [1]}, TraitError, "entry must be [] or [row, column]"),
        ({"weight": [0, 0, 2]}, TraitError, "column the row itself or its partner; got [0, 0, 2]"),
        ({"weight": [3, 0, 0]}, TraitError, "[0 to 2, row, column]"),
        ({"weight": [0, 8, 8]}, TraitError, "got [0, 8, 8]"),
        ({"change": 0.1}, TraitError, "0 unless a weight is chosen to be changed; got 0.1"),
        ({"weight": [0, 0, 0], "change": float("inf")}, TraitError, "change must be a number"),
        ({"bet": [1, 24]}, TraitError, "[1 to 3, one of [8, 16, 32, 64]]"),
        ({"bet": [0, 2]}, TraitError, "[0, one of [1, 4, 8, 16, 64]]; got [0, 2]"),
        ({"bet": [4, 8]}, TraitError, "bet must be []"),
        ({"scenes": [{"label": "x", "set": {"size": 8}}]}, TraitError, "a scene is"),
    ],
)
def test_bad_values_are_refused(values, kind, message):
    with pytest.raises(kind) as caught:
        FactorProduct(**values)
    assert message in str(caught.value)


def test_what_no_longer_fits_is_made_to_fit():
    widget = FactorProduct(n=16, entry=[11, 6], weight=[3, 9, 1], change=0.25, bet=[4, 256])
    widget.n = 4
    assert (widget.stage, widget.entry, widget.weight) == (2, [3, 2], [])
    assert (widget.change, widget.bet) == (0, [])
    kept = FactorProduct(n=16, entry=[3, 2], weight=[1, 3, 1], change=0.25)
    kept.n = 4
    assert (kept.entry, kept.weight, kept.change) == ([3, 2], [1, 3, 1], 0), (
        "a change goes with its factors"
    )


def test_a_front_end_may_change_several_traits_at_once():
    widget = FactorProduct(n=16, entry=[15, 15], weight=[3, 15, 7], change=0.1)
    widget.set_state({"n": 4, "stage": 1, "entry": [3, 3], "weight": [1, 3, 1], "weights": "gates"})
    assert (widget.n, widget.stage, widget.entry, widget.depth) == (4, 1, [3, 3], 2)


def test_repr_is_the_same_in_every_run():
    assert repr(FactorProduct()) == "FactorProduct()"
    text = "FactorProduct(entry=[5, 3], stage=2.0, weights='gates')"
    assert repr(FactorProduct(stage=2, entry=[5, 3], weights="gates")) == text


def test_every_trait_is_documented():
    for name in FactorProduct.own_traits():
        assert FactorProduct.class_traits()[name].help, name


def test_the_bundle_is_one_module():
    text = str(FactorProduct._esm)
    assert not any(line.startswith("import") for line in text.splitlines())
    assert text.count("export default") == 1
