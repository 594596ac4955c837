"""Derivatives of derivatives, and what torch.func makes of the layer and its function."""

import pytest
import torch
from torch.func import functional_call, grad, hessian, jacfwd, jacrev, vmap
from torch.nn.attention import SDPBackend, sdpa_kernel
from unit.attention_cases import inputs
from unit.attention_torch import as_torch, by_dense_attention

from fftia_lab import ButterflySchedule, FFTInspiredAttention, butterfly_attention

SCHEDULE = ButterflySchedule(4)


def case():
    x, w_q, w_k = (leaf.detach() for leaf in as_torch(*inputs(4, 2, d=3)))
    return x, lambda v: butterfly_attention(v, w_q, w_k).square().sum(), (w_q, w_k)


def exact(function, x):
    """The second derivative of dense attention with two allowed entries a row."""
    return torch.autograd.functional.hessian(function, x)


@pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated:DeprecationWarning")
def test_second_derivatives_are_those_of_dense_attention():
    x, function, weights = case()

    def dense(v):
        return by_dense_attention(v, *weights, SCHEDULE, None).square().sum()

    with sdpa_kernel(SDPBackend.MATH):  # PyTorch's faster ones have no second derivative
        wanted = exact(dense, x)
    assert wanted.norm() > 1
    torch.testing.assert_close(exact(function, x), wanted)
    torch.testing.assert_close(hessian(function)(x), wanted)


@pytest.mark.parametrize("schedule", ["butterfly", "shift", "benes"])
@pytest.mark.parametrize("causal", [False, True])
def test_a_penalty_on_the_gradient_reaches_every_weight(schedule, causal):
    torch.manual_seed(0)
    found = []
    for backend in ("auto", "plain"):
        torch.manual_seed(1)
        layer = FFTInspiredAttention(
            8, 2, schedule=schedule, causal=causal, max_length=8, backend=backend
        ).double()
        x = torch.randn(2, 8, 8, dtype=torch.float64, requires_grad=True)
        (slope,) = torch.autograd.grad(layer(x).square().sum(), x, create_graph=True)
        slope.square().sum().backward()
        found.append([parameter.grad for parameter in layer.parameters()])
    for mine, wanted in zip(*found, strict=True):
        assert wanted.norm() > 1e-3
        torch.testing.assert_close(mine, wanted)


def test_many_gradients_at_once_are_those_one_by_one():
    """What vmap and a vectorised Jacobian ask of the backward pass."""
    x, _, weights = case()
    weights = [weight.requires_grad_() for weight in weights]

    def function(v):
        return butterfly_attention(v, *weights).sum(2)

    wanted = torch.autograd.functional.jacobian(function, x)
    assert wanted.norm() > 1
    vectorised = torch.autograd.functional.jacobian(function, x, vectorize=True)
    torch.testing.assert_close(vectorised, wanted)
    leaf = x.clone().requires_grad_()
    y = function(leaf)
    units = torch.eye(y.numel(), dtype=x.dtype).reshape(-1, *y.shape)
    for leaves in ((leaf,), tuple(weights)):
        one_by_one = [torch.autograd.grad(y, leaves, unit, retain_graph=True) for unit in units]
        many = vmap(lambda unit, at=leaves: torch.autograd.grad(y, at, unit, retain_graph=True))
        for mine, wanted in zip(many(units), zip(*one_by_one, strict=True), strict=True):
            torch.testing.assert_close(mine, torch.stack(wanted))


def test_tracing_is_refused_since_it_would_keep_one_length():
    x, function, _ = case()
    with (
        pytest.warns(DeprecationWarning),
        pytest.raises(RuntimeError, match=r"use torch\.export"),
    ):
        torch.jit.trace(function, (x,))


def test_only_the_wanted_half_is_differentiated_again():
    """Weights that ask for no gradient, and an input that asks for none."""
    x, w_q, w_k = as_torch(*inputs(4, 2, d=3))
    for leaves, frozen in (((x,), (w_q, w_k)), ((w_q, w_k), (x,))):
        for leaf in frozen:
            leaf.requires_grad_(False)
        y = butterfly_attention(x, w_q, w_k).square().sum()
        slopes = torch.autograd.grad(y, leaves, create_graph=True)
        again = torch.autograd.grad(sum(s.square().sum() for s in slopes), leaves)
        assert all(second.norm() > 1e-3 for second in again)
        for leaf in frozen:
            leaf.requires_grad_()


@pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated:DeprecationWarning")
def test_the_transforms_of_torch_func_agree_with_autograd():
    x, function, _ = case()
    leaf = x.clone().requires_grad_()
    (wanted,) = torch.autograd.grad(function(leaf), leaf)
    for transform in (grad, jacrev, jacfwd):
        torch.testing.assert_close(transform(function)(x), wanted)
    many = torch.stack([x, 2 * x, -x])
    each = torch.stack([function(one) for one in many])
    torch.testing.assert_close(vmap(function)(many), each)
    with torch.autograd.forward_ad.dual_level():
        dual = torch.autograd.forward_ad.make_dual(x, x)
        slope = torch.autograd.forward_ad.unpack_dual(function(dual)).tangent
    torch.testing.assert_close(slope, (wanted * x).sum())


def test_gradients_of_every_sample_are_those_of_one_sample_after_another():
    torch.manual_seed(0)
    layer = FFTInspiredAttention(8, 2, max_length=8).double()
    samples = torch.randn(3, 5, 8, dtype=torch.float64)
    mask = torch.arange(5) < torch.tensor([[5], [3], [4]])
    weights = dict(layer.named_parameters())

    def loss(weights, sample, real):
        return functional_call(layer, weights, (sample[None], real[None])).square().sum()

    found = vmap(grad(loss), (None, 0, 0))(weights, samples, mask)
    for number in range(3):
        layer.zero_grad()
        layer(samples[number : number + 1], mask[number : number + 1]).square().sum().backward()
        for name, parameter in layer.named_parameters():
            torch.testing.assert_close(found[name][number], parameter.grad)


@pytest.mark.parametrize("backend", ["eager", "compiled"])
def test_who_insists_on_a_backend_that_cannot_is_told(backend):
    x, _, weights = case()

    def function(v):
        return butterfly_attention(v, *weights, backend=backend).sum()

    words = f'the backend "{backend}" cannot do: torch.func and forward mode; use backend="auto"'
    for transformed, given in ((grad(function), x), (vmap(function), x[None])):
        with pytest.raises(ValueError, match=words):
            transformed(given)


def test_the_layer_hands_its_backend_on(monkeypatch):
    from fftia_lab.attention import layers

    asked = []
    real = layers.butterfly_attention

    def spied(*arguments, **options):
        asked.append(options.get("backend", "auto"))
        return real(*arguments, **options)

    monkeypatch.setattr(layers, "butterfly_attention", spied)
    layer, x = FFTInspiredAttention(8, 2, max_length=8, backend="literal"), torch.randn(1, 8, 8)
    layer(x)
    layer.gates(x)
    assert asked == ["literal", "auto"] and "backend='literal'" in repr(layer)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"backend": "fast"}, "backend must be one of auto, eager, plain"),
        ({"backend": "eager", "projection": "model"}, "cannot do: weights across heads"),
        ({"backend": "literal", "dropout": 0.1}, "cannot do: dropout"),
    ],
)
def test_a_layer_refuses_a_backend_that_cannot(options, words):
    with pytest.raises(ValueError, match=words):
        FFTInspiredAttention(8, 2, **options)
