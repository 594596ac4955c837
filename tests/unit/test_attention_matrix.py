"""The matrix view against dense products, loops, brute force and the reference's own output."""

from itertools import product
from math import log2

import numpy as np
import pytest
from unit.attention_cases import (
    KINDS,
    MASKS,
    PROJECTIONS,
    UNIQUE,
    gates_of,
    inputs,
    mask_of,
    partner_by_hand,
    schedule_of,
    softmax_of,
)

from fftia_lab import BenesSchedule, ButterflySchedule, PrefixSchedule, ShiftSchedule
from fftia_lab.attention.matrices import (
    apply_gates,
    attention_matrix,
    degrees_of_freedom,
    distance_from_blocks,
    gate_jacobian,
    rank_one_blocks,
    row_entropy,
    stage_matrices,
)
from fftia_lab.attention.reference import butterfly_attention


def dense_product(stages, size):
    return np.linalg.multi_dot([np.eye(size), *stages[::-1], np.eye(size)])


@pytest.mark.parametrize("mask_kind", MASKS)
@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n", [1, 2, 5, 8, 13])
class TestProduct:
    def test_stages_by_hand_and_their_product_by_dense_products(self, n, kind, causal, mask_kind):
        schedule = schedule_of(kind, n, causal)
        gates, mask = gates_of(schedule, 3, 2, n=n), mask_of(mask_kind, 3, n)
        stages = stage_matrices(gates, schedule, mask)
        real = np.ones((3, n), dtype=bool) if mask is None else mask
        wanted = np.zeros_like(stages)
        for stage, row, head, i in np.ndindex(*gates.shape):
            j = partner_by_hand(schedule, stage, real, row, i)
            gate = gates[stage, row, head, i] if j != i else 0
            wanted[stage, row, head, i, i] = 1 - gate
            wanted[stage, row, head, i, j] += gate
        np.testing.assert_allclose(stages, wanted, atol=1e-15)
        found = attention_matrix(gates, schedule, mask)
        for row, head in np.ndindex(3, 2):
            np.testing.assert_allclose(
                found[row, head], dense_product(stages[:, row, head], n), atol=1e-14
            )
        np.testing.assert_allclose(found.sum(axis=-1), 1, atol=1e-14)

    def test_its_support_is_who_hears_whom(self, n, kind, causal, mask_kind):
        schedule = schedule_of(kind, n, causal)
        mask = mask_of(mask_kind, 3, n)
        found = attention_matrix(gates_of(schedule, 3, n=n), schedule, mask)
        for row in range(3):
            real = np.ones(n, dtype=bool) if mask is None else mask[row]
            padded = np.pad(real, (0, schedule.size - n))
            heard = schedule.reach(mask=padded)[:n, :n]
            np.testing.assert_array_equal(found[row] > 0, heard)
            one = attention_matrix(gates_of(schedule, 3, n=n)[:, row], schedule, real)
            np.testing.assert_array_equal(one, found[row])

    @pytest.mark.parametrize("projection", PROJECTIONS)
    def test_times_x_it_is_the_layers_output(self, n, kind, causal, mask_kind, projection):
        schedule = schedule_of(kind, n, causal)
        x, w_q, w_k = inputs(n, schedule.depth, projection)
        mask = mask_of(mask_kind, len(x), n)
        y, gates = butterfly_attention(x, w_q, w_k, schedule, mask)
        matrix = attention_matrix(gates, schedule, mask)
        np.testing.assert_allclose(matrix @ x, y, atol=1e-13)
        np.testing.assert_allclose(apply_gates(gates, x, schedule, mask), y, atol=1e-13)


def test_values_are_not_changed():
    values = np.arange(8.0).reshape(8, 1)
    apply_gates(gates_of(ButterflySchedule(8)), values, ButterflySchedule(8))
    np.testing.assert_array_equal(values.ravel(), np.arange(8))


def test_entropy_of_rows_by_hand():
    rows = softmax_of(5)
    wanted = [-sum(p * log2(p) for p in row) for row in rows.tolist()]
    np.testing.assert_allclose(row_entropy(rows), wanted, rtol=1e-14)
    np.testing.assert_array_equal(row_entropy(np.eye(3)), 0)
    mean = attention_matrix(np.full((6, 64), 0.5), ButterflySchedule(64))
    np.testing.assert_allclose(row_entropy(mean), 6)


# ---- rank ------------------------------------------------------------------------------------


@pytest.mark.parametrize("schedule", UNIQUE, ids=str)
def test_blocks_of_a_product_have_rank_one(schedule):
    matrix = attention_matrix(gates_of(schedule), schedule)
    for cut in range(schedule.depth + 1):
        blocks = rank_one_blocks(schedule, cut)
        covered = np.zeros_like(matrix, dtype=int)
        for rows, columns in blocks:
            covered[np.ix_(rows, columns)] += 1
            assert np.linalg.matrix_rank(matrix[np.ix_(rows, columns)]) == 1
        np.testing.assert_array_equal(covered, matrix > 0)
        assert distance_from_blocks(matrix, blocks) < 1e-14
        if 0 < cut < schedule.depth and not schedule.causal:
            assert distance_from_blocks(softmax_of(schedule.size), blocks) > 0.1


def test_blocks_of_a_butterfly_by_their_digits():
    """Rows agree with u in the digits that are settled, columns in those that are not."""
    for cut, decreasing in product(range(5), (False, True)):
        schedule = ButterflySchedule(16, decreasing=decreasing)
        settled = sum(schedule.strides[:cut])
        for u, (rows, columns) in enumerate(rank_one_blocks(schedule, cut)):
            assert rows.tolist() == [i for i in range(16) if (i ^ u) & settled == 0]
            assert columns.tolist() == [j for j in range(16) if (j ^ u) & ~settled == 0]


def test_blocks_with_padding():
    mask = np.arange(16) < 8
    gates = gates_of(ShiftSchedule(16))
    matrix = attention_matrix(gates, ShiftSchedule(16), mask)
    for cut in range(5):
        assert distance_from_blocks(matrix, rank_one_blocks(ShiftSchedule(16), cut, mask)) < 1e-14
    keeps = ButterflySchedule(16, padding="keep")
    blocks = rank_one_blocks(keeps, 2, n=13)
    matrix = attention_matrix(gates[:, :13], keeps)
    assert len(blocks) == 13 and distance_from_blocks(matrix, blocks) < 1e-14


@pytest.mark.parametrize("schedule", [ButterflySchedule(16), PrefixSchedule(16)], ids=str)
def test_blocks_where_padding_relays(schedule):
    """What a relay holds is a block too, and nothing is outside of them."""
    gates = gates_of(schedule)
    for mask in (np.arange(16) < 11, mask_of("scattered", 2, 16)[0]):
        matrix = attention_matrix(gates, schedule, mask)
        assert np.linalg.matrix_rank(matrix[np.ix_(mask, mask)]) > 8
        for cut in range(5):
            blocks = rank_one_blocks(schedule, cut, mask)
            assert len(blocks) == 16 + (~mask).sum()
            assert distance_from_blocks(matrix, blocks) < 1e-14


@pytest.mark.parametrize("schedule", [BenesSchedule(8), ShiftSchedule(13)], ids=str)
def test_no_blocks_where_there_are_two_ways(schedule):
    with pytest.raises(ValueError, match="in more than one way"):
        rank_one_blocks(schedule, 1)


def test_distance_from_blocks_counts_what_is_outside():
    blocks = [(np.array([0, 1]), np.array([0])), (np.array([0, 1]), np.array([1]))]
    assert distance_from_blocks(softmax_of(2), blocks) == 0
    assert distance_from_blocks(np.array([[3.0, 4.0], [0, 0]]), blocks[:1]) == pytest.approx(0.8)


# ---- freedom ---------------------------------------------------------------------------------


@pytest.mark.parametrize("schedule", [*UNIQUE[:4], ShiftSchedule(13), BenesSchedule(8)], ids=str)
def test_the_jacobian_is_exact_because_each_gate_enters_once(schedule):
    """P is linear in each gate alone, so its slope is P with the gate at 1 less P with it at 0."""
    gates = gates_of(schedule)
    slopes = gate_jacobian(gates, schedule)
    for stage, i in np.ndindex(*gates.shape):
        ends = []
        for value in (0.0, 1.0):
            changed = gates.copy()
            changed[stage, i] = value
            ends.append(dense_product(stage_matrices(changed, schedule), schedule.size))
        np.testing.assert_allclose(slopes[:, :, stage, i], ends[1] - ends[0], atol=1e-14)


def test_a_gate_that_copies_is_no_freedom():
    """Of 11 tokens in 16 places the stages have 10, 12, 8 and, for the tokens, 11 free gates."""
    schedule, mask = ButterflySchedule(16), np.arange(16) < 11
    gates = gates_of(schedule)
    slopes = gate_jacobian(gates, schedule, mask)
    for stage, i in np.ndindex(*gates.shape):
        ends = []
        for value in (0.0, 1.0):
            changed = gates.copy()
            changed[stage, i] = value
            ends.append(attention_matrix(changed, schedule, mask))
        np.testing.assert_allclose(slopes[:, :, stage, i], ends[1] - ends[0], atol=1e-14)
    assert degrees_of_freedom(gates, schedule, mask) == 10 + 12 + 8 + 11


@pytest.mark.parametrize(
    ("schedule", "freedom"),
    [
        *((ButterflySchedule(n), f) for n, f in ((1, 0), (2, 2), (4, 8), (8, 24), (16, 64))),
        (ButterflySchedule(32), 160),
        (ShiftSchedule(8), 24),
        (ShiftSchedule(13), 52),
        (BenesSchedule(8), 40),
        (ButterflySchedule(8, causal=True), 12),
        (ShiftSchedule(8, causal=True), 17),
    ],
    ids=str,
)
def test_degrees_of_freedom(schedule, freedom):
    """N log2 N; when causal one for each that meets somebody: N/2 a stage, or N - 2^s."""
    assert degrees_of_freedom(gates_of(schedule), schedule) == freedom


def test_freedom_is_lost_where_nobody_listens():
    gates = gates_of(ButterflySchedule(8))
    gates[2, 0], gates[2, 4] = 1, 0  # token 0 gives itself up, and its partner keeps itself
    assert degrees_of_freedom(gates, ButterflySchedule(8)) == 23
    assert degrees_of_freedom(np.full((5, 8), 0.5), BenesSchedule(8)) < 40, "equal partners"


# ---- bad input -------------------------------------------------------------------------------

EIGHT, HALF = ButterflySchedule(8), np.full((3, 8), 0.5)


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: stage_matrices(HALF[:2], EIGHT), ValueError, "must have shape (3, ..., n) with"),
        (lambda: stage_matrices(HALF + 1, EIGHT), ValueError, "lie in 0 to 1; got 1.5 to 1.5"),
        (lambda: stage_matrices(HALF * np.nan, EIGHT), ValueError, "lie in 0 to 1; got nan"),
        (lambda: attention_matrix(HALF, EIGHT, np.ones(8)), TypeError, "must be bool"),
        (lambda: attention_matrix(HALF, EIGHT, np.ones(9, bool)), ValueError, "shape (8,); got"),
        (lambda: apply_gates(HALF, np.ones(8), EIGHT), ValueError, "(8, 'd'); got (8,)"),
        (lambda: gate_jacobian(HALF[:, None], EIGHT), ValueError, "shape (stages, n); got (3, 1,"),
        (lambda: row_entropy(np.eye(2) * 2), ValueError, "sum to 1; one is off by 1: divide"),
        (lambda: row_entropy([[2.0, -1.0]]), ValueError, "or NaN; the smallest is -1"),
        (
            lambda: row_entropy([[np.nan, np.nan]]),
            ValueError,
            "or NaN; the smallest is nan",
        ),
        (lambda: row_entropy(np.eye(2) * 1j), TypeError, "matrix must hold real numbers"),
        (lambda: attention_matrix(HALF, 8), TypeError, "schedule must be a Schedule such as"),
        (
            lambda: attention_matrix([[1], [1, 2]], EIGHT),
            ValueError,
            "gates must be an array",
        ),
        (lambda: rank_one_blocks(8, 1), TypeError, "schedule must be a Schedule such as"),
        (
            lambda: distance_from_blocks(np.eye(2) * np.nan, []),
            ValueError,
            "finite and not zero",
        ),
        (
            lambda: distance_from_blocks(np.eye(2), [([0], [0, 1]), ([0, 1], [1])]),
            ValueError,
            "two blocks hold the same entry",
        ),
        (lambda: EIGHT.partners(0, np.ones((1, 8))), ValueError, "mask must be bool of shape (8,)"),
        (lambda: EIGHT.partners(0, np.ones((1, 7), bool)), ValueError, "got bool of shape (1, 7)"),
        (lambda: rank_one_blocks(EIGHT, 4), ValueError, "stages must lie in 0 to 3; got 4"),
        (
            lambda: distance_from_blocks(np.ones(3), []),
            ValueError,
            "must be square; got",
        ),
    ],
)
def test_bad_input_gives_one_clear_line(call, kind, message):
    with pytest.raises(kind) as caught:
        call()
    assert message in str(caught.value) and "\n" not in str(caught.value)
