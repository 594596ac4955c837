"""What every layer of mixing must bear, and random numbers to try it with."""

import torch
from torch.func import functional_call, jacrev, vmap


def numbers(*shape, seed=0, dtype=torch.float64):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, dtype=dtype, generator=generator)


def tokens(batch, n, dim=3, seed=1):
    return numbers(batch, n, dim, seed=seed)


def scattered(batch, n, seed=2):
    """Holes anywhere, and a last row with nothing real."""
    generator = torch.Generator().manual_seed(seed)
    mask = torch.rand(batch, n, generator=generator) < 0.6
    mask[-1] = False
    return mask


def seeded(make, seed=0):
    """Return a layer in double precision, its weights drawn from a seed."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return make().double()


def differentiable(layer, x, *rest):
    """Whether the first and second derivatives by x and all weights are those of the values."""
    names = [name for name, _ in layer.named_parameters()]
    leaves = [value.detach().clone().requires_grad_() for _, value in layer.named_parameters()]

    def call(x, *values):
        y = functional_call(layer, dict(zip(names, values, strict=True)), (x, *rest))
        return torch.view_as_real(y) if y.is_complex() else y

    inputs = (x.detach().clone().requires_grad_(), *leaves)
    return torch.autograd.gradcheck(call, inputs) and torch.autograd.gradgradcheck(call, inputs)


def transforms(layer, x):
    """Hold vmap over examples, and the Jacobian of one, to the layer itself; x a batch of rows."""
    alone = vmap(lambda row: layer(row[None])[0])(x)
    torch.testing.assert_close(alone, layer(x), rtol=0, atol=1e-12)
    one = x[:1]
    jacobian = jacrev(lambda value: layer(value).sum(0))(one)
    push = numbers(*one.shape, seed=9)
    # along a line, by central differences of what is smooth
    found = torch.tensordot(jacobian, push, dims=one.dim())
    step = 1e-5
    wanted = (layer(one + step * push) - layer(one - step * push)).sum(0) / (2 * step)
    torch.testing.assert_close(found, wanted, rtol=0, atol=1e-7)


def travels(make, x):
    """Whether weights saved from one layer make another one the same, bit for bit."""
    first, second = seeded(make, 0), seeded(make, 1)
    before = second(x)
    second.load_state_dict(first.state_dict())
    return torch.equal(second(x), first(x)) and not torch.equal(before, first(x))
