"""Large numbers of 16 bits against PyTorch's dense attention in float64: sums beyond float16."""

import pytest
import torch
from unit.attention_cases import KINDS, inputs, mask_of, schedule_of
from unit.attention_torch import BACKENDS, as_torch, by_dense_attention

from fftia_lab import ButterflySchedule, DenseAttention, FFTInspiredAttention
from fftia_lab.attention import butterfly_attention

N, WIDTH, LARGE = 13, 64, 300
LIMITS = {torch.float16: 2e-3, torch.bfloat16: 1.6e-2}  # a few roundings
TINY = 2.0**-24  # the least of float16

# How much weights and gradients are scaled by. Weights of 1 make scores of 10⁶, where float16 ends
# at 65,504, and gates that are shut or open; small ones leave gates in between, and then large
# gradients make sums beyond it on the way back.
SCALES = {"scores": (1, 2**-10), "gradients": (1 / LARGE, 64)}


def outcome(function, leaves, direction):
    """The result, and the gradients of all that was given."""
    leaves = [one.detach().requires_grad_() for one in leaves]
    y = function(*leaves)
    return [y.detach(), *torch.autograd.grad(y, leaves, direction.to(y.dtype))]


@pytest.mark.parametrize("what", SCALES)
@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dtype", LIMITS)
def test_sums_beyond_float16_are_those_of_dense_attention(dtype, kind, causal, what):
    schedule, (scale, steepness) = schedule_of(kind, N, causal), SCALES[what]
    x, w_q, w_k = as_torch(*inputs(N, schedule.depth, d=WIDTH), dtype=torch.float32)
    # weights as training has them beside autocast, exact in either type
    numbers = [(LARGE * x).to(dtype), *((scale * w).to(dtype).float() for w in (w_q, w_k))]
    direction = torch.randn(x.shape, generator=torch.Generator().manual_seed(1)).to(dtype)
    direction = (steepness * direction).double()
    for mask in (None, torch.tensor(mask_of("right", 3, N))):

        def dense(*leaves, mask=mask):
            return by_dense_attention(*leaves, schedule, mask)

        wanted = outcome(dense, [one.double() for one in numbers], direction)
        for backend in BACKENDS:
            for autocast in (False, True):

                def one(*leaves, mask=mask, backend=backend, autocast=autocast):
                    with torch.autocast("cpu", dtype, enabled=autocast):
                        return butterfly_attention(
                            *leaves, schedule=schedule, mask=mask, backend=backend
                        )

                found = outcome(one, numbers, direction)
                with torch.no_grad():
                    found.append(one(*numbers))
                for part, exact in zip(found, [*wanted, wanted[0]], strict=True):
                    assert part.isfinite().all(), (backend, autocast)
                    error, least = (part.double() - exact).norm(), TINY * exact.numel() ** 0.5
                    assert error <= LIMITS[dtype] * exact.norm() + least, (backend, autocast)
                assert found[0].dtype == found[1].dtype == dtype


@pytest.mark.parametrize("mix", [{"radix": 4}, {"projection": "model"}, {}], ids=str)
def test_under_autocast_a_layer_stays_finite_where_dense_attention_does(mix):
    torch.manual_seed(0)
    layer, dense = FFTInspiredAttention(WIDTH, 1, **mix), DenseAttention(WIDTH, 1)
    x = 3000 * torch.randn(1, 64, WIDTH)
    for one in (dense, layer):
        leaf = x.clone().requires_grad_()
        with torch.autocast("cpu", torch.float16):
            y = one(leaf)
        y.float().sum().backward()
        assert y.dtype == torch.float16 and y.isfinite().all() and leaf.grad.isfinite().all()


def test_weights_of_groups_are_summed_in_float32():
    torch.manual_seed(0)
    schedule = ButterflySchedule(16, radix=4)
    numbers = [LARGE * torch.randn(1, 1, 16, WIDTH), *torch.randn(2, 2, WIDTH, WIDTH) / 8]
    half = [one.half() for one in numbers]
    y, gates = butterfly_attention(*half, schedule=schedule, return_gates=True)
    assert y.isfinite().all() and gates.dtype == torch.float16
    torch.testing.assert_close(gates.float().sum(-1), torch.ones(2, 1, 1, 16), atol=2e-3, rtol=0)
