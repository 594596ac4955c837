"""What is counted for floors is what kernels move: the interpreter counts their bytes."""

import os

import numpy as np
import pytest
import torch
from gpu_checks import given

from fftia_lab import ButterflySchedule, cost
from fftia_lab.bench import floors
from fftia_lab.kernels.operators import butterfly_attention as operator
from fftia_lab.kernels.plan import launches
from fftia_lab.kernels.spectral_mixing import spectral_mixing

interpreted = pytest.mark.skipif(
    os.environ.get("TRITON_INTERPRET") != "1", reason="the interpreter counts bytes"
)


class Counter:
    """Bytes that launches load and store, each once, except those of some tensors."""

    def __init__(self, monkeypatch, *others):
        from triton.runtime import interpreter

        self.others, self.loaded, self.stored = others, [], []
        self.bytes, self.launches = 0, 0
        builder, executor = type(interpreter.interpreter_builder), interpreter.GridExecutor
        for name, seen, where in (("load", self.loaded, 0), ("store", self.stored, 1)):
            method = getattr(builder, f"create_masked_{name}")
            monkeypatch.setattr(builder, f"create_masked_{name}", watched(method, seen, where))
        launch = executor.__call__

        def counted(executor, *given, **named):
            found = launch(executor, *given, **named)
            self.launches += 1
            self.bytes += self.distinct(self.loaded) + self.distinct(self.stored)
            return found

        monkeypatch.setattr(executor, "__call__", counted)

    def distinct(self, seen):
        """Return the bytes at all addresses that were seen, and forget them."""
        total = 0
        for width in {width for _, width in seen}:
            here = np.unique(np.concatenate([some for some, wide in seen if wide == width]))
            for other in self.others:
                first = other.data_ptr()
                here = here[(here < first) | (here >= first + other.nbytes)]
            total += here.size * width
        seen.clear()
        return total


def watched(method, seen, where):
    """Return a load or store that notes its addresses; the mask is that argument of the rest."""

    def call(builder, pointers, *rest):
        width = pointers.get_element_ty().primitive_bitwidth // 8
        seen.append((pointers.data[np.broadcast_to(rest[where].data, pointers.data.shape)], width))
        return method(builder, pointers, *rest)

    return call


@interpreted
@pytest.mark.parametrize("n", [64, 512], ids=["one launch", "two launches"])
def test_bytes_of_the_fused_kernels(n, monkeypatch):
    sizes = (n, 1, 16, 1)
    (x, w_q, w_k), to_y, schedule, _ = given(sizes, "butterfly", torch.float32, "cpu")
    bilinear = (w_k @ w_q.mT / 4).contiguous().requires_grad_()
    counter = Counter(monkeypatch, bilinear)
    x.requires_grad_()
    y = operator(x, bilinear, schedule)
    assert counter.launches == len(launches(schedule, n, 16, element=4))
    wanted = floors.fused(schedule, 1, *sizes[:3], training=False, width=4)
    assert counter.bytes == wanted["bytes"] - bilinear.nbytes
    torch.autograd.grad(y, [x, bilinear], to_y)
    wanted = floors.fused(schedule, 1, *sizes[:3], training=True, width=4)
    more = sum(  # the floor has one share of the weights' gradient; these tiles write one each
        (launch.programs(n) - 1) * len(launch.strides) * 16 * 16 * 4
        for launch in floors.backward(schedule, n, 16, 4)
    )
    assert counter.bytes == wanted["bytes"] - 3 * bilinear.nbytes + more


@interpreted
def test_bytes_of_a_filter(monkeypatch):
    x, response = torch.randn(1, 32, 4), torch.randn(17, 4, dtype=torch.complex64)
    counter = Counter(monkeypatch)
    spectral_mixing(x, response)
    tokens = floors.filtered(1, 32, 4, 0, training=False, width=4)["bytes"]
    more = counter.bytes - tokens - response.nbytes
    assert 0 <= more < tokens, "roots of unity and no second passage of the tokens"


def test_products_of_a_stage_are_those_of_the_cost_model():
    """Which counts folding W_q W_kᵀ as well, and that is done before."""
    for n, heads, d, batch in ((1024, 16, 64, 1), (65536, 2, 32, 3)):
        schedule = ButterflySchedule(n)
        folding = schedule.depth * 2 * heads * d**3
        counted = cost.butterfly_attention(n, heads, d, batch=batch).products - folding
        forward, training = (
            floors.fused(schedule, batch, n, heads, d, training=one) for one in (False, True)
        )
        assert forward["products"] == counted and training["products"] == 5 * counted


def test_dense_attention_takes_the_products_that_everybody_counts():
    """4 N² d forwards, 10 N² d backwards, as FlashAttention's authors count."""
    forward, training = (floors.dense(2, 512, 16, 64, training=one) for one in (False, True))
    assert forward["products"] == 2 * 4 * 512**2 * 1024
    assert training["products"] == 2 * 14 * 512**2 * 1024
    assert forward["bytes"] == 2 * 4 * 512 * 1024 * 2
