"""What a wiring can do with its gates set by hand, against brute force and the reference."""

from itertools import permutations, product

import numpy as np
import pytest
from unit.attention_cases import KINDS, UNIQUE, gates_of, inputs, schedule_of, softmax_of

from fftia_lab import BenesSchedule, ButterflySchedule, ShiftSchedule
from fftia_lab.attention.capacity import (
    _settings,
    fit_gates,
    read_gates,
    routable_permutations,
    symmetry_error,
    translations,
)
from fftia_lab.attention.matrices import (
    attention_matrix,
    distance_from_blocks,
    rank_one_blocks,
)
from fftia_lab.attention.reference import butterfly_attention
from fftia_lab.schedule import bit_reversal

# ---- routing ---------------------------------------------------------------------------------


def by_brute_force(schedule, switches):
    """All settings of all switches; a switch is a list of tokens that move together."""
    size, found = schedule.size, set()
    for settings in product((0, 1), repeat=len(switches)):
        gates = np.zeros((schedule.depth, size))
        for (stage, tokens), on in zip(switches, settings, strict=True):
            gates[stage, tokens] = on
        at = np.arange(size)
        for stage in range(schedule.depth):
            at = at[np.where(gates[stage] == 1, schedule.partners(stage), np.arange(size))]
        if len(set(at)) == size:
            found.add(tuple(at.tolist()))
    return found


@pytest.mark.parametrize("size", [2, 4, 8])
def test_butterfly_permutations_over_all_settings(size):
    schedule = ButterflySchedule(size)
    switches = [(s, list(p)) for s in range(schedule.depth) for p in schedule.pairs(s)]
    wanted = by_brute_force(schedule, switches)
    assert len(wanted) == 2 ** (size // 2 * schedule.depth)
    assert set(map(tuple, routable_permutations(schedule).tolist())) == wanted


@pytest.mark.parametrize(
    "schedule",
    [
        ButterflySchedule(4),
        ButterflySchedule(4, causal=True),
        BenesSchedule(4),
        ShiftSchedule(3),
        ShiftSchedule(4),
        ShiftSchedule(5),
        ShiftSchedule(4, causal=True),
    ],
    ids=str,
)
def test_permutations_when_every_gate_is_free(schedule):
    """Every token switches alone; what is no permutation drops out."""
    switches = list(product(range(schedule.depth), range(schedule.size)))
    wanted = by_brute_force(schedule, switches)
    assert set(map(tuple, routable_permutations(schedule).tolist())) == wanted


def test_one_pass_blocks_and_two_do_not():
    one = ButterflySchedule(8)
    assert len(routable_permutations(one)) == 4096
    assert len(routable_permutations(one, order=(0, 1, 2, 0))) == 18688
    everything = sorted(permutations(range(8)))
    for found in (
        routable_permutations(BenesSchedule(8)),
        routable_permutations(one, order=(0, 1, 2, 1, 0)),
        routable_permutations(one, order=(0, 1, 2, 0, 1)),
    ):
        assert list(map(tuple, found.tolist())) == everything
    assert len(routable_permutations(BenesSchedule(4))) == 24
    assert len(routable_permutations(ShiftSchedule(8))) == 2**7, "circles of 8, 4 and 2"


def test_only_closed_circles_move():
    assert _settings(np.array([1, 2, 1])).tolist() == [[0, 1, 2], [0, 2, 1]], "0 is outside"
    assert _settings(np.array([1, 2, 2])).tolist() == [[0, 1, 2]]


def test_a_permutation_is_what_the_matrix_does():
    schedule = ButterflySchedule(4)
    gates = np.array([[1.0, 1, 0, 0], [0, 1, 0, 1]])
    row = attention_matrix(gates, schedule) @ np.arange(4)
    assert row.astype(int).tolist() in routable_permutations(schedule).tolist()


# ---- fit -------------------------------------------------------------------------------------


@pytest.mark.parametrize("schedule", UNIQUE, ids=str)
def test_a_product_is_found_again(schedule):
    gates = gates_of(schedule)
    found = read_gates(attention_matrix(gates, schedule), schedule)
    own = np.arange(schedule.size)
    for stage in range(schedule.depth):
        meets = schedule.partners(stage) != own
        np.testing.assert_allclose(found[stage, meets], gates[stage, meets], atol=1e-12)
    assert fit_gates(attention_matrix(gates, schedule), schedule, sweeps=1).error < 1e-12


def test_a_fit_lies_between_the_floor_and_the_start():
    for size in (8, 16):
        schedule, matrix = ButterflySchedule(size), softmax_of(size)
        errors = [fit_gates(matrix, schedule, sweeps).error for sweeps in (0, 1, 5, 50)]
        assert errors == sorted(errors, reverse=True)
        floors = [distance_from_blocks(matrix, rank_one_blocks(schedule, c)) for c in (1, 2)]
        assert max(floors) <= errors[-1] < errors[0]
        found = fit_gates(matrix, schedule)
        difference = attention_matrix(found.gates, schedule) - matrix
        assert found.error == pytest.approx(np.linalg.norm(difference) / np.linalg.norm(matrix))
        assert fit_gates(matrix, BenesSchedule(size)).error < found.error


def test_no_single_gate_can_do_better():
    schedule, matrix = ButterflySchedule(8), softmax_of(8)
    found = fit_gates(matrix, schedule, sweeps=200)
    for stage, i in np.ndindex(3, 8):
        for value in np.linspace(0, 1, 21):
            gates = found.gates.copy()
            gates[stage, i] = value
            error = np.linalg.norm(attention_matrix(gates, schedule) - matrix)
            assert error / np.linalg.norm(matrix) >= found.error - 1e-12


@pytest.mark.parametrize("size", [8, 16])
def test_permutations_that_are_easy_and_one_that_is_not(size):
    own, schedule = np.eye(size), ButterflySchedule(size)
    assert fit_gates(own[::-1], schedule).error < 1e-12, "reversed"
    assert fit_gates(np.roll(own, 1, axis=0), schedule).error < 1e-12, "shifted"
    missing = fit_gates(own[bit_reversal(size)], schedule).error
    assert missing == pytest.approx({8: 0.7071, 16: 0.8660}[size], abs=1e-4)


# ---- symmetry --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_without_positions_the_layer_cannot_tell_places_apart(kind):
    schedule = schedule_of(kind, 16)
    x, w_q, w_k = inputs(16, schedule.depth)
    moves = translations(schedule)
    own = np.arange(16)
    wanted = [(own + t) % 16 if kind == "shift" else own ^ t for t in range(16)]
    np.testing.assert_array_equal(moves, wanted)

    def plain(values):
        return butterfly_attention(values, w_q, w_k, schedule)[0]

    def placed(values):
        return plain(values + np.sin(own)[:, None])

    assert symmetry_error(plain, x, moves) < 1e-12
    assert symmetry_error(placed, x, moves) > 0.1
    assert symmetry_error(plain, x, np.roll(own[None], 3) if kind != "shift" else own[None] ^ 3) > (
        0.01
    )


def test_a_layer_that_returns_nan_is_not_symmetric():
    assert np.isnan(symmetry_error(lambda x: x * np.nan, np.ones((2, 1)), [[1, 0]]))


@pytest.mark.parametrize("kind", KINDS)
def test_forbidding_the_future_leaves_no_translation(kind):
    assert translations(schedule_of(kind, 8, causal=True)).tolist() == [list(range(8))]


# ---- bad input -------------------------------------------------------------------------------

EIGHT = ButterflySchedule(8)


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: translations("butterfly"), TypeError, "schedule must be a Schedule such as"),
        (lambda: routable_permutations(8), TypeError, "schedule must be a Schedule such as"),
        (lambda: symmetry_error(abs, np.ones((2, 1)), [[0, 0]]), ValueError, "each of 2 tokens"),
        (lambda: symmetry_error(abs, np.ones((2, 1)), [0, 1]), ValueError, "each row of moves"),
        (lambda: read_gates(np.eye(8) * 1j, EIGHT), TypeError, "target must hold real numbers"),
        (lambda: read_gates(np.eye(4), EIGHT), ValueError, "fits matrices of shape (8, 8)"),
        (lambda: routable_permutations(EIGHT, order=2), TypeError, "order must be a list; got 2"),
        (lambda: routable_permutations(ButterflySchedule(16)), ValueError, "take at most 8"),
        (lambda: routable_permutations(EIGHT, order=[3]), IndexError, "stage 3 is out of range"),
        (lambda: fit_gates(np.eye(4), EIGHT), ValueError, "fits matrices of shape (8, 8); got (4"),
        (lambda: fit_gates(2 * np.eye(8), EIGHT), ValueError, "rows that sum to 1"),
        (
            lambda: fit_gates(np.full((8, 8), np.nan), EIGHT),
            ValueError,
            "no NaN, and rows",
        ),
        (
            lambda: fit_gates(np.eye(8), EIGHT, sweeps=-1),
            ValueError,
            "sweeps must be at least 0",
        ),
        (
            lambda: fit_gates(np.eye(8), "butterfly"),
            TypeError,
            "schedule must be a Schedule such as",
        ),
    ],
)
def test_bad_input_gives_one_clear_line(call, kind, message):
    with pytest.raises(kind) as caught:
        call()
    assert message in str(caught.value) and "\n" not in str(caught.value)
