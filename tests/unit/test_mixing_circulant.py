"""Circulant and Toeplitz products by FFT against SciPy, and the layer against its dense weight."""

import numpy as np
import pytest
import scipy.linalg
import torch
from unit.layer_cases import differentiable, numbers, seeded, transforms, travels
from unit.tolerance import assert_close

from fftia_lab.mixing import (
    CirculantLinear,
    circulant_matmul,
    nearest_circulant,
    toeplitz_matmul,
)
from fftia_lab.mixing import reference_circulant as reference

SIZES = [1, 2, 3, 7, 8, 31, 64]
SHAPES = [(1, 1), (5, 3), (3, 5), (8, 8), (1, 6), (6, 1), (17, 31)]


@pytest.mark.parametrize("complex_", [False, True])
@pytest.mark.parametrize("n", SIZES)
def test_a_circulant_product_is_scipys(n, complex_):
    kind = torch.complex128 if complex_ else torch.float64
    x, c = numbers(3, n, dtype=kind), numbers(n, seed=1, dtype=kind)
    dense = scipy.linalg.circulant(c.numpy())
    wanted = np.einsum("ij,bj->bi", dense, x.numpy())
    scale = 2 * np.sqrt(n) * np.finfo(float).eps * np.abs(wanted).max()
    for found in (circulant_matmul(x, c), circulant_matmul(x, torch.tensor(dense))):
        assert found.dtype == kind
        np.testing.assert_allclose(found.numpy(), wanted, rtol=0, atol=8 * scale)
    np.testing.assert_array_equal(reference.circulant(c.numpy()), dense)
    assert_close(reference.circulant_matmul(x.numpy(), c.numpy()).real, wanted.real)


@pytest.mark.parametrize("complex_", [False, True])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_toeplitz_product_is_scipys(shape, complex_):
    kind = torch.complex128 if complex_ else torch.float64
    column, row = numbers(shape[0], dtype=kind), numbers(shape[1], seed=1, dtype=kind)
    x = numbers(4, shape[1], seed=2, dtype=kind)
    pair = column.numpy(), row.numpy()
    wanted = scipy.linalg.matmul_toeplitz(pair, x.numpy().T).T
    dense = scipy.linalg.toeplitz(*pair)
    np.testing.assert_allclose(x.numpy() @ dense.T, wanted, rtol=0, atol=1e-12)
    np.testing.assert_array_equal(reference.toeplitz(*pair), dense)
    for found in (toeplitz_matmul(x, column, row), toeplitz_matmul(x, torch.tensor(dense))):
        np.testing.assert_allclose(found.numpy(), wanted, rtol=0, atol=1e-13)
    if shape[0] == shape[1]:  # a Hermitian one from its column alone
        found = toeplitz_matmul(x, column).numpy()
        wanted = x.numpy() @ scipy.linalg.toeplitz(column.numpy()).T
        np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-13)


def test_what_is_not_circulant_is_refused_with_how_far_it_is_off():
    matrix = torch.tensor(scipy.linalg.circulant([3.0, 1.0, 2.0, 0.0]))
    circulant_matmul(numbers(4), matrix)
    matrix[0, 0] += 0.01
    spread = 0.01 * np.array([0.75, -0.25, -0.25, -0.25])  # what the mean of a diagonal leaves over
    share = f"{np.linalg.norm(spread) / np.linalg.norm(matrix.numpy()):.3g} of its norm"
    with pytest.raises(ValueError, match=rf"must be circulant.*\(i - j\) mod n.*{share}.*x @"):
        circulant_matmul(numbers(4), matrix)
    with pytest.raises(ValueError, match="must be Toeplitz"):
        toeplitz_matmul(numbers(4), matrix)
    with pytest.raises(ValueError, match="must be circulant"):
        circulant_matmul(numbers(4), torch.full((4, 4), torch.nan))
    toeplitz = torch.tensor(scipy.linalg.toeplitz([1.0, 2.0], [1.0, 5.0]))
    with pytest.raises(ValueError, match="must be circulant"):
        circulant_matmul(numbers(2), toeplitz)


def test_the_nearest_circulant_is_the_least_squares_one():
    matrix = numbers(6, 6)
    basis = np.stack([scipy.linalg.circulant(row).ravel() for row in np.eye(6)], axis=1)
    wanted, *_ = np.linalg.lstsq(basis, matrix.numpy().ravel(), rcond=None)
    assert_close(nearest_circulant(matrix).numpy(), wanted)


@pytest.mark.parametrize("kind", [torch.float16, torch.bfloat16, torch.float32])
def test_types_of_less_precision(kind):
    x, c = numbers(3, 37), numbers(37, seed=1) / 6
    wanted = circulant_matmul(x.to(kind).double(), c.to(kind).double())
    found = circulant_matmul(x.to(kind), c.to(kind))
    assert found.dtype == kind
    error = (found.double() - wanted).norm() / wanted.norm()
    assert error < 2 * torch.finfo(kind).eps


@pytest.mark.parametrize("block_size", [None, 1, 2, 3, 4, 7])
@pytest.mark.parametrize("sizes", [(6, 6), (7, 5), (5, 8), (1, 4), (12, 1)], ids=str)
def test_the_layer_is_its_dense_weight(sizes, block_size):
    layer = seeded(lambda: CirculantLinear(*sizes, block_size))
    x = numbers(2, 3, sizes[0])
    dense = layer.to_dense()
    assert dense.shape == (sizes[1], sizes[0])
    wanted = torch.nn.functional.linear(x, dense, layer.bias)
    torch.testing.assert_close(layer(x), wanted, rtol=0, atol=1e-14)
    k = layer.block_size
    np.testing.assert_array_equal(
        dense.detach(),
        reference.block_circulant(layer.weight.detach().numpy())[: sizes[1], : sizes[0]],
    )
    for block, column in ((dense[:k, :k], layer.weight[0, 0]),):
        whole = scipy.linalg.circulant(column.detach().numpy())
        np.testing.assert_array_equal(block.detach(), whole[: sizes[1], : sizes[0]])
    blocks = [-(-size // k) for size in sizes]
    assert layer.weight.numel() == k * blocks[0] * blocks[1]


@pytest.mark.parametrize("sizes", [(6, 6, None), (7, 5, 3), (5, 8, 2), (5, 8, None)], ids=str)
def test_it_starts_as_the_identity_if_asked(sizes):
    layer = CirculantLinear(*sizes, init="identity")
    x = torch.randn(4, sizes[0])
    assert torch.equal(layer.to_dense(), torch.eye(sizes[1], sizes[0]))
    wanted = torch.nn.functional.pad(x, (0, max(sizes[1] - sizes[0], 0)))[:, : sizes[1]]
    torch.testing.assert_close(layer(x), wanted, rtol=0, atol=1e-6)


def test_it_starts_with_the_spread_of_a_dense_layer():
    weight = seeded(lambda: CirculantLinear(300, 200, 20)).to_dense()
    dense = seeded(lambda: torch.nn.Linear(300, 200)).weight
    assert 0.95 < float((weight.std() / dense.std()).detach()) < 1.05
    assert float(weight.detach().abs().max()) <= 300**-0.5


def test_derivatives_and_transforms():
    layer = seeded(lambda: CirculantLinear(5, 7, 3))
    assert differentiable(layer, numbers(2, 5))
    transforms(layer, numbers(3, 2, 5))
    x, c = numbers(2, 6).requires_grad_(), numbers(6, seed=1).requires_grad_()
    assert torch.autograd.gradcheck(circulant_matmul, (x, c))
    assert torch.autograd.gradgradcheck(circulant_matmul, (x, c))
    column, row = numbers(4).requires_grad_(), numbers(6, seed=2).requires_grad_()
    assert torch.autograd.gradcheck(toeplitz_matmul, (x, column, row))
    assert torch.autograd.gradgradcheck(toeplitz_matmul, (x, column, row))


def test_weights_travel_and_halves_come_out_as_halves():
    assert travels(lambda: CirculantLinear(5, 7, 3), numbers(2, 5))
    layer = seeded(lambda: CirculantLinear(24, 24, 8))
    x = numbers(4, 24)
    for kind in (torch.float16, torch.bfloat16, torch.float32):
        found = seeded(lambda: CirculantLinear(24, 24, 8)).to(kind)(x.to(kind))
        assert found.dtype == kind
        error = (found.double() - layer(x)).norm() / layer(x).norm()
        assert error < 2 * torch.finfo(kind).eps


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: circulant_matmul([1.0], numbers(1)), TypeError, "x must be a torch tensor"),
        (lambda: circulant_matmul(torch.ones(2).int(), numbers(2)), TypeError, "use .float()"),
        (lambda: circulant_matmul(numbers(3), numbers(2)), ValueError, r"c must have shape \(n,\)"),
        (lambda: circulant_matmul(numbers(3), numbers(3, 2)), ValueError, "c must have shape"),
        (lambda: toeplitz_matmul(numbers(3), numbers(3), numbers(2)), ValueError, "first_row"),
        (lambda: nearest_circulant(numbers(3, 2)), ValueError, "square; got shape"),
        (lambda: CirculantLinear(0, 2), ValueError, "in_features must be at least 1; got 0"),
        (lambda: CirculantLinear(2, 2.5), TypeError, "out_features must be an integer"),
        (lambda: CirculantLinear(2, 2, 0), ValueError, "block_size must be at least 1; got 0"),
        (lambda: CirculantLinear(2, 2, bias=1), TypeError, "bias must be True or False"),
        (lambda: CirculantLinear(2, 2, init="zero"), ValueError, "uniform, identity; got 'zero'"),
        (lambda: CirculantLinear(2, 2)(torch.ones(3)), ValueError, r"in_features = 2; got \(3,\)"),
        (lambda: CirculantLinear(2, 2)(torch.ones(2) + 0j), TypeError, "x must be real"),
    ],
)
def test_what_does_not_fit_is_refused(call, error, words):
    with pytest.raises(error, match=words):
        call()
