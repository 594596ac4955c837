"""PyTorch's butterfly attention against NumPy's and against dense attention, gradients included."""

import numpy as np
import pytest
import torch
from unit.attention_cases import KINDS, LENGTHS, MASKS, PROJECTIONS, inputs, mask_of, schedule_of
from unit.attention_torch import BACKENDS, as_torch, by_dense_attention, relative

from fftia_lab import ButterflySchedule, Schedule, ShiftSchedule
from fftia_lab.attention import butterfly_attention, reference

# rounding: relative to the float64 output's root mean square after the last stage
LIMITS = {torch.float64: 1e-12, torch.float32: 2e-6}


def backends(projection):
    return [name for name in BACKENDS if projection != "model" or name != "eager"]


def gradients(function, leaves, direction):
    y = function(*leaves)
    found = torch.autograd.grad(y, leaves, direction.to(y.dtype), allow_unused=True)
    return y.detach(), [
        torch.zeros_like(one) if g is None else g for one, g in zip(leaves, found, strict=True)
    ]


@pytest.mark.parametrize("mask_kind", MASKS)
@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n", LENGTHS)
def test_every_form_is_the_reference_and_dense_attention(n, kind, causal, mask_kind):
    schedule = schedule_of(kind, n, causal)
    mask = mask_of(mask_kind, 3, n, seed=n)
    real = None if mask is None else torch.tensor(mask)
    for projection in PROJECTIONS if n in (8, 37) else PROJECTIONS[:1]:
        # numbers that float32 holds exactly, so that only the computing differs
        arrays = [a.astype(np.float32) for a in inputs(n, schedule.depth, projection, seed=n)]
        wanted, wanted_gates = reference.butterfly_attention(*arrays, schedule, mask)
        direction = torch.randn(wanted.shape, generator=torch.Generator().manual_seed(n))

        def dense(x, w_q, w_k):
            return by_dense_attention(x, w_q, w_k, schedule, mask)

        by_dense, wanted_slopes = gradients(dense, as_torch(*arrays), direction)
        wanted = torch.tensor(wanted)
        assert relative(by_dense, wanted) < 1e-12, "two oracles, one answer"
        rounded = {
            dtype: gradients(dense, as_torch(*arrays, dtype=dtype), direction)[1]
            for dtype in LIMITS
        }
        for dtype, limit in LIMITS.items():
            for backend in backends(projection):

                def one(x, w_q, w_k, backend=backend):
                    return butterfly_attention(
                        x, w_q, w_k, schedule=schedule, mask=real, backend=backend
                    )

                y, slopes = gradients(one, as_torch(*arrays, dtype=dtype), direction)
                assert relative(y, wanted) <= limit, (backend, dtype)
                with torch.no_grad():
                    silent = one(*as_torch(*arrays, dtype=dtype))
                assert relative(silent, wanted) <= limit, (backend, dtype)
                for slope, exact, other in zip(slopes, wanted_slopes, rounded[dtype], strict=True):
                    # a slope that nearly cancels is lost by dense attention as well; how much of
                    # it depends on the order of sums, which processors choose for themselves
                    allowed = max(limit, 8 * relative(other, exact)) if exact.any() else 0
                    assert relative(slope, exact) <= allowed, (backend, dtype)
        leaves = as_torch(*arrays)
        for backend in ("plain", "literal"):
            _, gates = butterfly_attention(
                *leaves, schedule=schedule, mask=real, backend=backend, return_gates=True
            )
            torch.testing.assert_close(gates, torch.tensor(wanted_gates), rtol=0, atol=1e-13)


@pytest.mark.parametrize("backend", ["auto", "plain"])
@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_gradients_are_slopes(kind, causal, backend):
    """Finite differences know nothing of any formula."""
    schedule = schedule_of(kind, 5, causal)
    leaves = as_torch(*inputs(5, schedule.depth, batch=2, d=2))
    mask = torch.tensor(mask_of("right", 2, 5))

    def function(*weights):
        return butterfly_attention(*weights, schedule=schedule, mask=mask, backend=backend)

    assert torch.autograd.gradcheck(function, leaves)
    assert torch.autograd.gradgradcheck(function, leaves)


class Neighbours(Schedule):
    """A wiring that the library does not know: everyone hears token 0, then the next but one."""

    kind = "neighbours"
    strides = (1, 2)

    def _partners(self, stride, own, xp):
        last = self.size - 1
        return own * 0 if stride == 1 else xp.where(own + 2 < last, own + 2, last)


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_wiring_of_your_own(backend):
    schedule = Neighbours(7)
    arrays = inputs(6, 2)
    mask = mask_of("scattered", 3, 6)
    direction = torch.randn(arrays[0].shape, dtype=torch.float64)

    def one(x, w_q, w_k):
        real = torch.tensor(mask)
        return butterfly_attention(x, w_q, w_k, schedule=schedule, mask=real, backend=backend)

    def dense(x, w_q, w_k):
        return by_dense_attention(x, w_q, w_k, schedule, mask)

    y, slopes = gradients(one, as_torch(*arrays), direction)
    wanted, wanted_slopes = gradients(dense, as_torch(*arrays), direction)
    assert relative(y, wanted) < 1e-12
    for slope, wanted_slope in zip(slopes, wanted_slopes, strict=True):
        assert relative(slope, wanted_slope) < 1e-12


@pytest.mark.parametrize("kind", ["butterfly", "shift"])
@pytest.mark.parametrize(("dtype", "limit"), [(torch.bfloat16, 0.1), (torch.float16, 0.015)])
def test_half_precision_keeps_its_type_and_most_of_its_digits(dtype, limit, kind):
    schedule = schedule_of(kind, 64)
    arrays = inputs(64, schedule.depth, d=16)
    rounded = [leaf.detach().double().numpy() for leaf in as_torch(*arrays, dtype=dtype)]
    wanted, _ = reference.butterfly_attention(*rounded, schedule)
    for backend in BACKENDS:
        y = butterfly_attention(*as_torch(*arrays, dtype=dtype), schedule=schedule, backend=backend)
        assert y.dtype == dtype and relative(y, torch.tensor(wanted)) < limit
        y.sum().backward()


def test_the_reference_is_called_in_the_same_way():
    arrays = inputs(5, 3)
    mask = mask_of("right", 3, 5)
    for more in ((), (ButterflySchedule(8, causal=True), mask)):
        wanted, _ = reference.butterfly_attention(*arrays, *more)
        tensors = [torch.tensor(one) if isinstance(one, np.ndarray) else one for one in more]
        assert (
            relative(butterfly_attention(*as_torch(*arrays), *tensors), torch.tensor(wanted))
            < 1e-12
        )


def test_finer_weights_are_rounded_once():
    schedule = ButterflySchedule(8)
    x, w_q, w_k = as_torch(*inputs(8, 3), dtype=torch.float32)
    y = butterfly_attention(x.bfloat16(), w_q, w_k, schedule=schedule)
    assert y.dtype == torch.bfloat16
    y.float().sum().backward()
    assert w_q.grad.dtype == torch.float32 and w_q.grad.any()


def test_a_view_in_another_order_gives_the_same():
    x, w_q, w_k = as_torch(*inputs(37, 6))
    schedule = schedule_of("butterfly", 37)
    layer_order = x.detach().transpose(1, 2).contiguous().transpose(1, 2).requires_grad_()
    y = butterfly_attention(layer_order, w_q, w_k, schedule=schedule)
    torch.testing.assert_close(y, butterfly_attention(x, w_q, w_k, schedule=schedule))
    y.sum().backward()


@pytest.mark.parametrize("kind", KINDS)
def test_work_in_portions_for_the_cache_changes_nothing(kind, monkeypatch):
    from fftia_lab.attention.backends import eager

    schedule = schedule_of(kind, 37)
    arrays = inputs(37, schedule.depth, batch=3, heads=4)
    mask = torch.tensor(mask_of("right", 3, 37))
    found = []
    for cache in (1, 3 * 64 * 4 * 8, 9 * 64 * 4 * 8, 1 << 30):
        monkeypatch.setattr(eager, "CACHE", cache)
        leaves = as_torch(*arrays)
        y = butterfly_attention(*leaves, schedule=schedule, mask=mask)
        y.square().sum().backward()
        with torch.no_grad():
            silent = butterfly_attention(*leaves, schedule=schedule, mask=mask)
        found.append([y.detach(), silent, *(leaf.grad for leaf in leaves)])
    for other in found[1:]:
        for a, b in zip(found[0], other, strict=True):
            torch.testing.assert_close(a, b, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("kind", KINDS)
def test_padding_is_not_read_by_gradients(kind, backend):
    """No number at a masked token leaves the weights' gradients as they were, bit for bit."""
    schedule, mask = schedule_of(kind, 13), torch.tensor(mask_of("scattered", 3, 13))
    found = []
    for noise in (0.0, torch.nan):
        x, w_q, w_k = as_torch(*inputs(13, schedule.depth))
        noisy = torch.where(mask[:, None, :, None], x, x + noise).detach()
        y = butterfly_attention(noisy, w_q, w_k, schedule=schedule, mask=mask, backend=backend)
        y.transpose(1, 2)[mask].square().sum().backward()
        found.append((w_q.grad, w_k.grad))
        assert y.isnan().equal((~mask[:, None, :, None] & (noise != 0)).expand_as(y))
    for before, after in zip(*found, strict=True):
        assert torch.equal(before, after)


def test_the_input_stays_as_it_is():
    x, w_q, w_k = (leaf.detach() for leaf in as_torch(*inputs(8, 3)))
    for backend in BACKENDS:
        kept = x.clone()
        y = butterfly_attention(x, w_q, w_k, backend=backend)
        assert x.equal(kept) and y.data_ptr() != x.data_ptr()


def test_nothing_to_attend_to():
    for n in (0, 1):
        x, w_q, w_k = as_torch(*inputs(n, 0))
        for schedule in (ButterflySchedule(1), ShiftSchedule(1)):
            y, gates = butterfly_attention(x, w_q, w_k, schedule=schedule, return_gates=True)
            assert y.equal(x) and gates.shape == (0, 3, 2, n)
    x, w_q, w_k = as_torch(*inputs(8, 3))
    nobody = torch.zeros(3, 8, dtype=torch.bool)
    for backend in BACKENDS:
        assert butterfly_attention(x, w_q, w_k, mask=nobody, backend=backend).equal(x)
    empty, gates = butterfly_attention(x[:0], w_q, w_k, return_gates=True)
    assert empty.shape == (0, 2, 8, 4) and gates.shape == (3, 0, 2, 8)


X, W = torch.zeros(2, 3, 8, 4), torch.zeros(3, 3, 4, 4)


@pytest.mark.parametrize(
    ("arguments", "options", "kind", "message"),
    [
        (
            (X.numpy(), W, W),
            {},
            TypeError,
            "x must be a floating point tensor; got ndarray: use torch",
        ),
        ((X.long(), W, W), {}, TypeError, "floating point tensor; got torch.int64: call .float()"),
        ((X, W.long(), W), {}, TypeError, "w_q must be a floating point tensor; got torch.int64"),
        ((X + 0j, W, W), {}, TypeError, "drop the imaginary part; give .real, or both parts as ch"),
        ((X[0], W, W), {}, ValueError, "must have shape (batch, heads, n, d); got 3 axes"),
        ((X, W[:2], W[:2]), {}, ValueError, "give that many weights, or one for all; got 2"),
        ((X, W, W), {"schedule": 8}, TypeError, "be a Schedule such as ButterflySchedule(8)"),
        ((X, W, W), {"mask": torch.ones(2, 8)}, TypeError, "True for a real token; got torch.fl"),
        ((X, W, W), {"mask": torch.ones(8) > 0}, ValueError, "(2, 8); got (8,)"),
        (
            (X, W, W),
            {"mask": np.ones((2, 8), bool)},
            TypeError,
            "be a bool tensor; got ndarray: us",
        ),
        ((X, W, W), {"mask": [[True] * 8] * 2}, TypeError, "mask must be a bool tensor; got list"),
        ((X, W, W.double()), {}, TypeError, "one precision; got torch.float32 and torch.float64"),
        ((X, W, W), {"dropout": None}, TypeError, "dropout must be a number, 0.0 for none; got No"),
        ((X, W, W), {"dropout": float("nan")}, ValueError, "dropout must lie in 0 to 1, 1 exclude"),
        ((X, W, W), {"dropout": 1.0}, ValueError, "dropout must lie in 0 to 1, 1 excluded"),
        ((X, W, W), {"return_gates": "no"}, TypeError, "return_gates must be True or False; got '"),
        ((X, W, W), {"backend": []}, ValueError, "backend must be one of auto, eager, plain"),
        ((X, W, W), {"backend": "fast"}, ValueError, "one of auto, eager, plain, blocks, comp"),
        (
            (X, W, W),
            {"backend": "eager", "return_gates": True},
            ValueError,
            'the backend "eager" cannot do: gates; use backend="auto"',
        ),
    ],
)
def test_bad_input_gives_one_clear_line(arguments, options, kind, message):
    with pytest.raises(kind) as caught:
        butterfly_attention(*arguments, **options)
    assert message in str(caught.value) and "\n" not in str(caught.value)
