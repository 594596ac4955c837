"""Products from a sparse spectrum: equal to the dense ones, with gradients, a block at a time."""

import gc
import re

import numpy as np
import pytest
import torch
from scipy.linalg import circulant
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from fftia_lab import FrequencyMatMul, MemoryManager, spectral_matmul, sst, zeros_sst
from fftia_lab.mixing.sparse import reference

SIZES = [(1, 1), (2, 3), (3, 2), (8, 8), (5, 6), (7, 9), (16, 12), (1, 5), (5, 1), (33, 20)]


def normal(*shape, seed=0, dtype=torch.float64):
    return torch.randn(shape, dtype=dtype, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("shape", SIZES, ids=str)
@pytest.mark.parametrize("sparsity", [0.02, 0.3, 1.0])
@pytest.mark.parametrize("block_size", [2, 5, 512])
def test_products_are_those_of_the_array(shape, sparsity, block_size):
    w = sst(normal(*shape), sparsity)
    dense, x, right = w.to_spatial(), normal(2, 3, shape[0], seed=1), normal(shape[1], 4, seed=2)
    found = FrequencyMatMul.block_streaming_matmul(x, w, block_size=block_size)
    torch.testing.assert_close(found, x @ dense, rtol=0, atol=1e-12)
    spectrum = np.fft.fft2(dense.numpy())
    by_definition = reference.spectral_matmul(x.numpy(), spectrum)
    np.testing.assert_allclose(found, by_definition, rtol=0, atol=1e-12)
    torch.testing.assert_close(w.matmul(right, block_size), dense @ right, rtol=0, atol=1e-12)


def test_operators_are_the_same():
    w, x, right = sst(normal(6, 5), 0.4), normal(6, seed=1), normal(2, 5, 3, seed=2)
    dense = w.to_spatial()
    torch.testing.assert_close(x @ w, x @ dense)
    torch.testing.assert_close(w @ right, dense @ right)
    torch.testing.assert_close(w @ sst(normal(5, 6, seed=3), 1.0), dense @ normal(5, 6, seed=3))


@pytest.mark.parametrize("shape", [(128, 256), (255, 129)], ids=str)
@pytest.mark.parametrize("coefficients", [torch.float32, torch.float16], ids=str)
def test_single_precision_is_exact_to_the_promise(shape, coefficients):
    w = sst(normal(*shape, dtype=torch.float32), 0.2, coefficients=coefficients)
    x = normal(64, shape[0], seed=1, dtype=torch.float32)
    wanted = x.double() @ w.to_spatial().double()
    for found in (spectral_matmul(x, w), spectral_matmul(x, w, block_size=32)):
        assert float((found.double() - wanted).norm() / wanted.norm()) < 1e-5


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64], ids=str)
def test_the_result_has_the_dtype_of_x(dtype):
    w, x = sst(normal(16, 8, dtype=torch.float32), 0.5), normal(4, 16, seed=1).to(dtype)
    found = spectral_matmul(x, w)
    wanted = (x.double() @ w.to_spatial().double()).to(dtype)
    assert found.dtype == dtype
    torch.testing.assert_close(found, wanted, rtol=2 * torch.finfo(dtype).eps, atol=1e-5)


def test_nothing_kept_and_nothing_given():
    assert not spectral_matmul(normal(3, 4).float(), zeros_sst((4, 6))).any()
    assert spectral_matmul(normal(0, 4).float(), zeros_sst((4, 6))).shape == (0, 6)
    assert spectral_matmul(normal(2, 0, 4).float(), zeros_sst((4, 6))).shape == (2, 0, 6)


@pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated:DeprecationWarning")
@pytest.mark.parametrize("shape", [(4, 3), (3, 2)], ids=str)
def test_gradients_of_every_kind(shape):
    w = sst(normal(*shape), 0.6)
    coefficients = w.coefficients.clone().requires_grad_()
    x = normal(2, shape[0], seed=1).requires_grad_()
    right = normal(shape[1], 2, seed=2).requires_grad_()

    def right_product(x, c):
        w.coefficients = c
        return spectral_matmul(x, w, block_size=2)

    def left_product(b, c):
        w.coefficients = c
        return w.matmul(b, block_size=2)

    for form, one in ((right_product, x), (left_product, right)):
        assert torch.autograd.gradcheck(form, (one, coefficients), check_forward_ad=True)
        assert torch.autograd.gradgradcheck(form, (one, coefficients))
        batched = torch.func.vmap(lambda value, form=form: form(value, coefficients))
        both = torch.stack((one, one + 1)).detach()
        torch.testing.assert_close(batched(both)[1], form(both[1], coefficients))
        forward = torch.func.jacfwd(form, argnums=1)(one, coefficients)
        torch.testing.assert_close(forward, torch.func.jacrev(form, argnums=1)(one, coefficients))


def test_pieces_add_up(monkeypatch):
    monkeypatch.setattr("fftia_lab.mixing.sparse.streaming.PIECE", 7)
    test_gradients_are_those_of_the_array()


@pytest.mark.parametrize("coefficients", [torch.float16, torch.bfloat16], ids=str)
def test_gradients_have_the_dtype_of_what_they_are_for(coefficients):
    w = sst(normal(6, 5, dtype=torch.float32), 0.5, coefficients=coefficients)
    w.coefficients.requires_grad_()
    x = normal(3, 6, seed=1, dtype=torch.float32).requires_grad_()
    for form in (spectral_matmul(x, w), x @ w.to_spatial()):
        found = torch.autograd.grad(form.square().sum(), [x, w.coefficients])
        assert [one.dtype for one in found] == [torch.float32, coefficients]


def test_gradients_are_those_of_the_array():
    w, x = sst(normal(7, 6), 0.5), normal(5, 7, seed=1).requires_grad_()
    w.coefficients.requires_grad_()
    weight = normal(5, 6, seed=2)
    streamed = torch.autograd.grad((spectral_matmul(x, w) * weight).sum(), [x, w.coefficients])
    dense = torch.autograd.grad((x @ w.to_spatial() * weight).sum(), [x, w.coefficients])
    for found, wanted in zip(streamed, dense, strict=True):
        torch.testing.assert_close(found, wanted)


class Largest(TorchDispatchMode):
    """Notes how many bytes each operation returns; views of its input are no new bytes."""

    def __init__(self):
        super().__init__()
        self.sizes = []

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        found = function(*args, **(kwargs or {}))
        given = {t.untyped_storage().data_ptr() for t in tree_leaves(args) if torch.is_tensor(t)}
        for tensor in tree_leaves(found):
            if torch.is_tensor(tensor) and tensor.untyped_storage().data_ptr() not in given:
                self.sizes.append(tensor.untyped_storage().nbytes())
        return found


def largest(w, block_size, backward=False):
    x = normal(2, w.shape[0], seed=1, dtype=torch.float32).requires_grad_(backward)
    with Largest() as seen:
        y = spectral_matmul(x, w, block_size=block_size)
        if backward:
            y.sum().backward()
    return max(seen.sizes)


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("coefficients", [torch.float32, torch.float16], ids=str)
def test_the_largest_tensor_follows_the_block(backward, coefficients):
    """With few tokens it is the slab: (inputs + 2) · block_size numbers, and not W's."""
    inputs, outputs = 510, 2048
    data = normal(inputs, outputs, dtype=torch.float32)
    w = sst(data, 0.2, coefficients=coefficients)
    w.coefficients.requires_grad_(backward)
    for block_size in (256, 512, 1024):
        slab = 4 * (inputs + 2) * block_size
        gradient = 8 * w.kept if backward else 0  # as large as the coefficients, whatever the block
        assert largest(w, block_size, backward) == max(slab, gradient)
    assert 4 * data.numel() <= largest(w, 4096), "the probe can see a whole matrix"


def test_a_circulant_is_a_convolution():
    x, c = normal(3, 8), normal(8, seed=1)
    found = FrequencyMatMul.circulant_matmul(x, c)
    np.testing.assert_allclose(found, x.numpy() @ circulant(c.numpy()).T, rtol=0, atol=1e-12)
    with pytest.raises(TypeError, match=r"use FrequencyMatMul\.block_streaming_matmul"):
        FrequencyMatMul.circulant_matmul(x, sst(normal(8, 8), 0.5))
    with pytest.raises(ValueError, match="circulant"):
        FrequencyMatMul.circulant_matmul(x, normal(8, 8, seed=2))


W = sst(torch.ones(4, 6), 0.5)
ELSEWHERE = torch.ones(2, 4, device="meta")


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: spectral_matmul(torch.ones(2, 5), W), ValueError, "inputs = 4, for w has shape"),
        (lambda: spectral_matmul(torch.tensor(1.0), W), ValueError, "got ()"),
        (lambda: spectral_matmul(torch.ones(2, 4).long(), W), TypeError, "got torch.int64: call"),
        (lambda: spectral_matmul(np.ones((2, 4)), W), TypeError, "got ndarray: use torch.as_ten"),
        (lambda: spectral_matmul(torch.ones(2, 4), torch.ones(4, 6)), TypeError, "use sst(w)"),
        (lambda: spectral_matmul(torch.ones(4), sst(torch.ones(4))), ValueError, "must be a matr"),
        (lambda: spectral_matmul(ELSEWHERE, W), ValueError, "got meta and cpu: use .to()"),
        (lambda: spectral_matmul(torch.ones(4), W, block_size=1), ValueError, "at least 2; got 1"),
        (lambda: spectral_matmul(torch.ones(4), W, block_size=2.5), TypeError, "an integer; got"),
        (lambda: W @ torch.ones(4, 2), ValueError, "multiplies one of shape (..., 6, columns)"),
        (lambda: W @ torch.ones(6), ValueError, "got (6,)"),
        (lambda: W @ torch.ones(6, 2, device="meta"), ValueError, "got cpu and meta: use .to()"),
        (lambda: W @ 3, TypeError, "other must be a torch tensor; got int"),
    ],
)
def test_bad_input_is_told(call, kind, message):
    with pytest.raises(kind) as caught:
        call()
    assert message in str(caught.value) and "\n" not in str(caught.value)


@pytest.fixture
def account():
    MemoryManager.clear_all()
    yield MemoryManager
    MemoryManager.set_limit(None)


def test_the_account_holds_who_lives(account):
    one, other = sst(torch.ones(64, 64), 0.5), sst(torch.ones(64, 64), 0.25)
    assert account.get_stats() == {
        "n_tensors": 2,
        "total_memory_mb": (one.nbytes + other.nbytes) / 2**20,
        "limit_mb": None,
        "utilization": None,
    }
    account.register(one)
    assert account.get_stats()["n_tensors"] == 2, "once"
    account.unregister(other)
    account.unregister(other)
    assert account.total_memory_mb() == one.memory_mb()
    del one
    gc.collect()
    assert account.get_stats()["n_tensors"] == 0, "the account keeps nobody alive"
    account.register(other)
    account.clear_all()
    assert account.total_memory_mb() == 0 and other.to_spatial().shape == (64, 64)


def test_a_limit_is_kept(account):
    one = sst(torch.ones(64, 64), 0.5)
    account.set_limit(1.5 * one.memory_mb())
    assert account.get_stats()["utilization"] == pytest.approx(2 / 3)
    with pytest.raises(MemoryError) as caught:
        sst(torch.ones(64, 64), 0.5)
    used, wanted, limit = (f"{share * one.memory_mb():.3g}" for share in (1, 1, 1.5))
    numbers = [float(number) for number in re.findall(r"\d+\.\d+", str(caught.value))]
    assert numbers == pytest.approx([float(used), float(wanted), float(limit)], abs=1e-3)
    assert account.get_stats()["n_tensors"] == 1, "nothing is entered"
    with pytest.raises(MemoryError, match="more than the limit of"):
        account.set_limit(one.memory_mb() / 2)
    assert account.get_stats()["limit_mb"] == 1.5 * one.memory_mb()
    for wrong in (0, -1, float("nan")):
        with pytest.raises(ValueError, match="mb must be above 0"):
            account.set_limit(wrong)
    sst(torch.ones(8, 8), 0.5)
