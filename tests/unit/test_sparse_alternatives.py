"""Ways to keep a matrix on one scale: bytes counted one by one, errors against theory and SciPy."""

import numpy as np
import pytest
from scipy import linalg, stats

from fftia_lab.mixing.sparse import alternatives, examples, reference
from fftia_lab.mixing.sparse.alternatives import Stored
from fftia_lab.mixing.sparse.compare import ADAPTER, as_table, compare

NOISE = np.random.default_rng(0).normal(size=(256, 256))
SMALL = np.random.default_rng(1).normal(size=(16, 24))
WAYS = {
    "spectral": lambda m: alternatives.spectral(m, 0.2),
    "spectral, half": lambda m: alternatives.spectral(m, 0.2, half=True),
    "rounded": alternatives.rounded,
    "pruned": lambda m: alternatives.pruned(m, 0.2),
    "pruned to gaps": lambda m: alternatives.pruned(m, 0.03),
    "svd": lambda m: alternatives.truncated_svd(m, 3),
    "row": alternatives.int8,
    "tensor": lambda m: alternatives.int8(m, "tensor"),
    "monarch": lambda m: alternatives.monarch(m, 2),
    "corrected": lambda m: alternatives.corrected_int8(m, 2),
    "butterfly": lambda m: alternatives.butterfly(m[:16, :16]),
    "halved": lambda m: alternatives.halved(alternatives.monarch(m, 2)),
}


@pytest.mark.parametrize("way", WAYS)
def test_all_that_is_needed_is_in_the_bytes_that_are_counted(way, tmp_path):
    """Through a file and back: what is rebuilt comes from the arrays, and those are the bytes."""
    stored = WAYS[way](SMALL)
    np.savez(tmp_path / "one.npz", **stored.arrays)
    with np.load(tmp_path / "one.npz") as file:
        arrays = dict(file)
    other = WAYS[way](SMALL[::-1, ::-1])  # what rebuilds has never seen this matrix
    again = Stored(arrays, other.rebuild)
    assert np.array_equal(again.matrix, stored.matrix)
    assert stored.nbytes == sum(len(array.tobytes()) for array in arrays.values())
    assert stored.error(SMALL[: len(stored.matrix), : stored.matrix.shape[1]]) < 1


def test_bytes_by_arithmetic():
    m, n = SMALL.shape
    kept = round(0.2 * m * n)
    assert alternatives.rounded(SMALL).nbytes == 2 * m * n
    assert alternatives.pruned(SMALL, 0.2).nbytes == 4 * kept + m * n // 8 + 3 * 8
    assert alternatives.truncated_svd(SMALL, 3).nbytes == 4 * 3 * (m + n)
    assert alternatives.int8(SMALL, "tensor").nbytes == m * n + 4
    assert alternatives.int8(SMALL, "row").nbytes == m * n + 4 * m
    # rows (4, 4), columns (4, 6): 4 · 4 blocks of 4 by 6
    assert alternatives.monarch(SMALL, 2).nbytes == 4 * 2 * 16 * (4 + 6)
    assert alternatives.butterfly(NOISE).nbytes == 4 * 2 * 256 * 8
    assert alternatives.halved(alternatives.truncated_svd(SMALL, 3)).nbytes == 2 * 3 * (m + n) + 4


@pytest.mark.parametrize("share", [0.05, 0.2, 0.5])
def test_noise_has_the_errors_of_theory(share):
    found = alternatives.spectral(NOISE, share).error(NOISE)
    assert found == pytest.approx(reference.noise_error(share), rel=0.02)
    threshold = stats.norm.isf(share / 2)
    energy = 2 * (threshold * stats.norm.pdf(threshold) + stats.norm.sf(threshold))
    pruned = alternatives.pruned(NOISE, share).error(NOISE)
    assert pruned == pytest.approx(np.sqrt(1 - energy), rel=0.02)
    assert pruned < found, "noise is kept better as numbers than as a spectrum"


def test_int8_has_the_error_of_rounding():
    """A step of width w is off by w / sqrt(12) in the mean."""
    wanted = np.abs(NOISE).max() / 127 / np.sqrt(12) / NOISE.std()
    assert alternatives.int8(NOISE, "tensor").error(NOISE) == pytest.approx(wanted, rel=0.02)
    widths = np.abs(NOISE).max(axis=1) / 127
    wanted = np.sqrt(np.mean(widths**2) / 12) / NOISE.std()
    assert alternatives.int8(NOISE, "row").error(NOISE) == pytest.approx(wanted, rel=0.02)
    corrected = alternatives.corrected_int8(NOISE, 8).error(NOISE)
    assert corrected < alternatives.int8(NOISE).error(NOISE)
    steps = alternatives.int8(SMALL).arrays["steps"]
    assert (np.abs(steps).max(axis=1) == 127).all()


@pytest.mark.parametrize("rank", [1, 5, 16])
def test_svd_is_that_of_scipy(rank):
    sizes = linalg.svdvals(SMALL)
    wanted = np.sqrt((sizes[rank:] ** 2).sum() / (sizes**2).sum())
    assert alternatives.truncated_svd(SMALL, rank).error(SMALL) == pytest.approx(wanted, abs=1e-6)


def test_blocks_of_monarch_are_the_nearest_of_their_rank():
    found = alternatives.monarch(SMALL, 1).matrix
    for j in range(4):
        for k in range(4):
            block, near = (one[j::4, 6 * k : 6 * k + 6] for one in (SMALL, found))
            assert np.linalg.matrix_rank(near, tol=1e-5) == 1
            wanted = np.sqrt((linalg.svdvals(block)[1:] ** 2).sum())
            assert np.linalg.norm(block - near) == pytest.approx(wanted, rel=1e-5)


def test_monarch_holds_the_dft_and_what_is_monarch():
    """The real part of the DFT has two such terms, cos(a + b) = cos a cos b - sin a sin b."""
    dft = linalg.dft(64)
    rows = np.arange(64)
    # rows as digits (l, j) of the output and columns as (k, i): the twiddles make blocks rank one
    order = rows % 8 * 8 + rows // 8
    permuted = dft[:, order]
    assert alternatives.monarch(permuted.real, 2).error(permuted.real) < 1e-6
    assert alternatives.monarch(permuted.real, 1).error(permuted.real) > 0.1


def random_butterfly(n, rng):
    matrix = np.eye(n)
    for stage in range(n.bit_length() - 1):
        factor = np.zeros((n, n))
        place = np.arange(n)
        factor[place, place] = rng.normal(size=n)
        factor[place, place ^ 1 << stage] = rng.normal(size=n)
        matrix = factor @ matrix
    return matrix


@pytest.mark.parametrize("n", [2, 4, 32])
def test_a_butterfly_is_recovered(n):
    matrix = random_butterfly(n, np.random.default_rng(2))
    assert alternatives.butterfly(matrix).error(matrix) < 1e-5
    assert alternatives.butterfly(linalg.hadamard(n)).error(linalg.hadamard(n)) < 1e-6
    if n > 2:
        assert alternatives.butterfly(NOISE[:n, :n]).error(NOISE[:n, :n]) > 0.1


def test_a_butterfly_of_two_factors_is_the_nearest():
    """At n = 4 the first step is the only one that loses, and its blocks are apart."""
    four = NOISE[:4, :4]
    lost = sum(
        (linalg.svdvals(four[np.ix_([i, i + 2], [2 * b, 2 * b + 1])])[1:] ** 2).sum()
        for i in range(2)
        for b in range(2)
    )
    wanted = np.sqrt(lost) / np.linalg.norm(four)
    assert alternatives.butterfly(four).error(four) == pytest.approx(wanted, rel=1e-5)


def test_half_precision_is_scaled():
    for size in (1e-20, 1.0, 1e20):
        stored = alternatives.halved(alternatives.pruned(size * SMALL, 1.0))
        assert stored.error(size * SMALL) < 1e-3


def test_a_matrix_of_zeros_is_kept():
    for way in WAYS.values():
        assert not way(np.zeros((16, 16))).matrix.any()


def rows_by_method(matrix, share=0.2):
    return {row.method: row for row in compare(matrix, [share])}


def test_one_function_knows_all_of_them():
    rows = rows_by_method(NOISE)
    assert [*rows] == [
        "spectrum, float32",
        "spectrum, float16",
        "pruning, float32",
        "pruning, float16",
        "SVD, float32",
        "SVD, float16",
        "Monarch, float32",
        "Monarch, float16",
        "butterfly",
        "float16",
        "INT8 per tensor",
        "INT8 per row",
        "INT8 and correction",
        ADAPTER,
    ]
    for row in rows.values():
        assert row.ratio == 4 * NOISE.size / row.nbytes
    assert rows["spectrum, float32"].ratio >= 4.5 and rows["spectrum, float16"].ratio >= 8
    adapter = rows[ADAPTER]
    assert adapter.nbytes == 4 * NOISE.size + 4 * 8 * 512 and adapter.ratio < 1
    assert adapter.error == 0 and "which must be kept" in adapter.note
    assert not any(row.note for row in rows.values() if row is not adapter)
    table = as_table([*rows.values()]).splitlines()
    assert len(table) == 1 + len(rows) and table[-1].split()[0] == "low-rank"


def test_what_does_not_fit_is_left_out():
    assert "butterfly" not in rows_by_method(SMALL)
    assert "SVD, float32" not in rows_by_method(np.ones((3, 3)), 0.1)


@pytest.fixture(scope="module")
def matrices():
    return examples.examples(64)


@pytest.fixture(scope="module")
def kept(matrices):
    return {name: rows_by_method(matrix) for name, matrix in matrices.items()}


def test_what_compresses_and_what_does_not(kept):
    """The comparison's lesson, in order: who is nearest at a fifth of the numbers."""

    def nearest(name):
        ways = ("spectrum, float32", "pruning, float32", "SVD, float32")
        return min(ways, key=lambda way: kept[name][way].error)

    assert nearest("noise") == nearest("trained, little decay") == "pruning, float32"
    assert nearest("trained, much decay") == nearest("smooth") == "SVD, float32"
    for name in ("Toeplitz", "circulant", "positions", "synthetic picture"):
        assert nearest(name) == "spectrum, float32", name
    assert kept["circulant"]["spectrum, float32"].error < 1e-6
    for name in ("noise", "trained, little decay"):
        row = kept[name]["spectrum, float32"]
        assert row.error == pytest.approx(reference.noise_error(0.2), abs=0.03)
        eighth = kept[name]["INT8 per row"]
        assert eighth.error < 0.01 and eighth.ratio > 3.7, "INT8 is the better answer"


def test_examples_are_what_they_say():
    n = 32
    toeplitz, circulant = examples.toeplitz(n), examples.circulant(n)
    assert np.array_equal(toeplitz, linalg.toeplitz(toeplitz[:, 0], toeplitz[0]))
    assert np.array_equal(circulant, linalg.circulant(circulant[:, 0]))
    kept = np.abs(np.fft.fft2(circulant)) > 1e-9
    assert kept.sum() == n and kept[np.arange(n), -np.arange(n)].all(), "one entry in every row"
    places = examples.positional(n)
    np.testing.assert_allclose(places[:, 0::2] ** 2 + places[:, 1::2] ** 2, 1)
    picture = examples.picture(n)
    assert picture.shape == (n, n) and 0 <= picture.min() < picture.max() <= 1
    for make in (examples.noise, examples.toeplitz, examples.picture):
        assert np.array_equal(make(n), make(n)), "repeatable"


def test_the_trained_network_moves_from_where_it_began(matrices):
    reads, hidden = examples.trained(steps=0)
    for name, least, most in (
        ("trained, little decay", 0.1, 0.3),
        ("trained, much decay", 0.8, 1.2),
    ):
        moved = np.linalg.norm(matrices[name] - hidden) / np.linalg.norm(hidden)
        assert matrices[name].shape == hidden.shape == (96, 96) and least < moved < most
    assert not np.array_equal(matrices["trained, reads a signal"], reads)
    one, two = (examples.trained(steps=5)[1] for _ in range(2))
    assert np.array_equal(one, two) and not np.array_equal(one, hidden), "repeatable"


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (
            lambda: compare(np.ones(4)),
            ValueError,
            "two axes of at least one number; got shape (4,)",
        ),
        (lambda: compare(np.ones((0, 4))), ValueError, "got shape (0, 4)"),
        (lambda: compare([[np.nan, 1]]), ValueError, "matrix must hold finite numbers"),
        (lambda: compare([["a"]]), TypeError, "matrix must hold numbers"),
        (lambda: compare(np.ones((4, 4)), [0.0]), ValueError, "above 0 and at most 1; got 0.0"),
        (lambda: compare(np.ones((4, 4)), adapter_rank=0), ValueError, "must be at least 1; got 0"),
        (lambda: alternatives.butterfly(np.ones((6, 6))), ValueError, "got shape (6, 6)"),
        (lambda: alternatives.butterfly(np.ones((4, 8))), ValueError, "got shape (4, 8)"),
        (lambda: alternatives.int8(SMALL, "column"), ValueError, "per must be one of row, tensor"),
        (lambda: alternatives.truncated_svd(SMALL, 0), ValueError, "rank must be at least 1"),
        (lambda: examples.noise(1), ValueError, "n must be at least 2; got 1"),
    ],
)
def test_bad_input_is_told(call, kind, message):
    with pytest.raises(kind) as caught:
        call()
    assert message in str(caught.value)
