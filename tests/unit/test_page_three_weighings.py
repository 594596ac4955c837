"""The page on the three weighings: each ● and ○ of its table, computed; each number it names."""

import re
from pathlib import Path

import numpy as np
import pytest
from paths import ROOT
from widgets.attention_flow import oracle as flow

from fftia_lab.attention.reference import butterfly_attention
from fftia_lab.learn.blocks import factors_of, product_of
from fftia_lab.learn.butterflies import recorded_blocks
from fftia_lab.schedule import ButterflySchedule, ShiftSchedule, bit_reversal
from fftia_lab.transform import butterfly_factors, dft_matrix
from fftia_lab.widgets.factor_product.tables import degrees_of_freedom
from fftia_lab.widgets.shared.trained import EXAMPLE

PAGE = (ROOT / "book" / "three-weighings.md").read_text("utf-8")
ROWS = [line for line in PAGE.splitlines() if re.search(r"\| [●○] ", line)]
CELLS = [line.strip("| ").split(" | ") for line in ROWS]
TABLE = {name: tuple(cell[0] == "●" for cell in cells) for name, *cells in CELLS}
N, OWN = 8, np.arange(8)
SORT, TWIDDLES = np.eye(N)[bit_reversal(N)], butterfly_factors(N)[1:]
BUTTERFLY = ButterflySchedule(N)


def of_blocks(own, other):
    """What numbers of the learned kind make, the same two in every row."""
    return product_of(np.array([[[own] * N, [other] * N]] * 3), BUTTERFLY)


def of_gates(gate, schedule=BUTTERFLY):
    """What gates make: gate(stage) is every row's share of its partner."""
    product = np.eye(schedule.size)
    for stage in range(schedule.depth):
        own, partner = np.arange(schedule.size), schedule.partners(stage)
        factor = np.diag(1 - gate(stage))
        factor[own, partner] += gate(stage)
        product = factor @ product
    return product


def is_one_pass(matrix):
    """Whether a matrix can be a product on this wiring: every block that one wire feeds has rank 1.

    Rows that share their last s digits and columns that share their first 3 - s meet in one number.
    """
    for stage in (1, 2):
        for row in range(2**stage):
            for column in range(0, N, 2**stage):
                block = matrix[row :: 2**stage, column : column + 2**stage]
                if np.linalg.matrix_rank(block, tol=1e-9) > 1:
                    return False
    return True


def hadamard():
    return np.array([[(-1) ** (k & j).bit_count() for j in range(N)] for k in range(N)])


def circulant(seed=3):
    column = np.random.default_rng(seed).normal(size=N)
    return column[(OWN[:, None] - OWN) % N]


def shares(matrix):
    """Whether a matrix can be a product of gates: rows of shares, blocks of rank 1."""
    real = np.isreal(matrix).all() and (matrix.real >= 0).all()
    return bool(real and np.allclose(matrix.sum(axis=1), 1) and is_one_pass(matrix))


def fixed(matrix):
    return np.allclose(matrix, dft_matrix(N))


def learnable(matrix, exact=None):
    """Whether numbers make it: these, or none, by the ranks."""
    if exact is None:
        return is_one_pass(matrix)
    assert np.allclose(exact, matrix)
    return True


COPY = np.eye(N)[[5] * N]


def towards_five(stage):
    """Gates of 0 and 1 that carry token 5: who stands on its side of this stage keeps itself."""
    return ((OWN ^ 5) >> stage & 1).astype(float)


def test_the_dft():
    twiddles = np.array([[f[OWN, OWN], f[OWN, OWN ^ 2**s]] for s, f in enumerate(TWIDDLES)])
    found = learnable(dft_matrix(N), product_of(twiddles, BUTTERFLY) @ SORT)
    assert TABLE["the DFT"] == (fixed(dft_matrix(N)), shares(dft_matrix(N) @ SORT), found)


def test_the_hadamard_transform():
    signs = np.array([[np.where(OWN >> s & 1, -1.0, 1), np.ones(N)] for s in range(3)])
    found = learnable(hadamard(), product_of(signs, BUTTERFLY))
    assert TABLE["the Hadamard transform"] == (fixed(hadamard()), shares(hadamard()), found)


def test_the_mean():
    mean = np.full((N, N), 1 / N)
    assert np.allclose(of_gates(lambda stage: np.full(N, 0.5)), mean) and shares(mean)
    found = learnable(mean, of_blocks(0.5, 0.5))
    assert TABLE["the mean of all tokens"] == (fixed(mean), True, found)


def test_a_copy_of_one_token():
    assert np.array_equal(of_gates(towards_five), COPY) and shares(COPY)
    numbers = np.array([[1 - towards_five(s), towards_five(s)] for s in range(3)])
    found = learnable(COPY, product_of(numbers, BUTTERFLY))
    assert TABLE["a copy of one token for everybody"] == (fixed(COPY), True, found)


def test_mostly_the_token_that_the_input_marks():
    """Chapter 8's layer, on its own letters with the flag in each of three places."""
    followed = []
    for flag in (2, 9, 13):
        *_, products = flow.butterfly({"letters": EXAMPLE, "flags": [flag]})
        followed.append((products[-1].argmax(axis=1) == flag).all())
    # a linear map has one matrix for all inputs: it cannot be two copies
    linear = np.allclose(np.eye(N)[[2] * N], np.eye(N)[[5] * N])
    assert TABLE["mostly the token that the input marks, for everybody"] == (
        linear,
        all(followed),
        linear,
    )


def test_every_circulant():
    matrix = circulant()
    in_one = (fixed(matrix), shares(matrix), is_one_pass(matrix) or is_one_pass(SORT @ matrix))
    assert TABLE["every circulant"] == in_one


def test_every_circulant_in_two_passes():
    """F⁻¹ D F on sorted tokens: stages, N numbers, and the stages mirrored."""
    matrix, product = circulant(), np.eye(N, dtype=complex)
    for factor in TWIDDLES:
        product = factor @ product
    product = np.diag(np.fft.fft(matrix[:, 0]) / N) @ product
    for factor in reversed(TWIDDLES):
        product = factor.conj().T @ product
    held = np.allclose(SORT @ product @ SORT, matrix)
    assert TABLE["every circulant, in two passes"] == (False, bool((matrix >= 0).all()), held)


def test_the_future():
    schedule, rng = ShiftSchedule(N, causal=True), np.random.default_rng(1)
    x, w = rng.normal(size=(1, 1, N, 4)), rng.normal(size=(2, 1, 4, 4))
    y, _ = butterfly_attention(x, *w, schedule)
    later = x.copy()
    later[..., 5:, :] += 1
    asked = np.array_equal(butterfly_attention(later, *w, schedule)[0][..., :5, :], y[..., :5, :])
    (entry,) = [e for e in recorded_blocks()["denoisers"] if e["causal"] and e["wiring"] == "shift"]
    learned = product_of(np.array(entry["blocks"]), ShiftSchedule(64, causal=True))
    triangles = [not np.triu(matrix, 1).any() for matrix in (dft_matrix(N), learned)]
    name = "keeps out the future, where the wiring does"
    assert TABLE[name] == (triangles[0], asked, triangles[1])


def test_ranks_tell_products_from_others():
    rng = np.random.default_rng(5)
    assert is_one_pass(product_of(rng.normal(size=(3, 2, N)), BUTTERFLY))
    assert not is_one_pass(rng.normal(size=(N, N)))


def test_every_row_was_tried():
    text = Path(__file__).read_text("utf-8")
    tried = re.findall(r'TABLE\["(.+?)"\] ==', text) + re.findall(
        r'^    name = "(.+?)"', text, re.M
    )
    assert set(tried) == set(TABLE) and len(TABLE) == 8


def test_the_numbers_of_the_page_are_those_of_the_library():
    free, count = degrees_of_freedom("learned", 16)
    assert f"write down {free} numbers" in PAGE and f"have all {free}" in PAGE
    assert f"{free - count} of the {free} only do that, and {count} count" in PAGE
    assert f"Attention has {degrees_of_freedom('gates', 16)[0]}:" in PAGE
    run = recorded_blocks()
    (entry,) = [e for e in run["denoisers"] if e["size"] == 16]
    left, best = (f"{100 * entry[name]:.0f}\u00a0%" for name in ("left", "best"))
    assert f"{entry['numbers']} learned numbers leave {left} of it" in PAGE
    assert f"the best matrix of {entry['size'] ** 2} leaves {best}" in PAGE
    assert f"from {run['settings']['waves']['examples']:,} slow waves" in PAGE
    assert f"was shown {run['settings']['transform']['examples']} signals" in PAGE


@pytest.mark.parametrize("what", ["slow", "fast"])
def test_the_slow_wave_passes_and_most_of_the_fast_one_is_gone(what):
    (entry,) = [e for e in recorded_blocks()["denoisers"] if e["size"] == 16]
    product, time = np.eye(16), np.arange(16) / 16
    for factor in factors_of(np.array(entry["blocks"]), ButterflySchedule(16)):
        product = factor @ product
    wave = np.sin(2 * np.pi * time) if what == "slow" else np.cos(2 * np.pi * 4 * time)
    part = (product @ wave) @ wave / (wave @ wave)
    assert part > 0.75 if what == "slow" else abs(part) < 0.25
