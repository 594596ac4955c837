"""A butterfly of free blocks: which matrices it holds exactly, that it learns them, its freedom."""

import numpy as np
import pytest
import scipy.fft
import scipy.linalg
import torch
from unit.layer_cases import differentiable, numbers, scattered, seeded, transforms, travels

from fftia_lab import BenesSchedule, ButterflySchedule, ShiftSchedule
from fftia_lab.mixing import CirculantAttention, CirculantLinear, LearnedButterfly, butterflies
from fftia_lab.schedule.digits import bit_reversal

EXACT = {"axis": "last", "dtype": torch.float64}
SIZES = [2, 4, 8, 16, 64]
RADICES = [2, 4, 8, 64]


def dense(layer):
    return layer.to_dense().detach().numpy()


def holds(layer, wanted):
    """Whether a layer's matrix, and what it makes of rows of numbers, are those wanted."""
    wanted = np.asarray(wanted)
    x = numbers(3, wanted.shape[0])
    bound = 1e-15 * len(wanted) * np.abs(wanted).max()
    np.testing.assert_allclose(dense(layer), wanted, rtol=0, atol=bound)
    np.testing.assert_allclose(layer(x).detach(), x.numpy() @ wanted.T, rtol=0, atol=8 * bound)
    return True


@pytest.mark.parametrize("decreasing", [False, True])
@pytest.mark.parametrize("radix", RADICES)
@pytest.mark.parametrize("size", SIZES)
def test_it_holds_the_dft(size, radix, decreasing):
    schedule = ButterflySchedule(size, decreasing=decreasing, radix=radix)
    assert holds(LearnedButterfly.dft(size, schedule=schedule, **EXACT), scipy.linalg.dft(size))
    inverse = LearnedButterfly.dft(size, schedule=schedule, inverse=True, **EXACT)
    assert holds(inverse, scipy.linalg.dft(size).conj() / size)


@pytest.mark.parametrize("radix", RADICES)
@pytest.mark.parametrize("size", SIZES)
def test_it_holds_hadamard_the_dct_and_the_identity(size, radix):
    hadamard = LearnedButterfly.hadamard(size, radix=radix, **EXACT)
    np.testing.assert_array_equal(dense(hadamard), scipy.linalg.hadamard(size))
    dct = LearnedButterfly.dct(size, radix=radix, **EXACT)
    assert holds(dct, scipy.fft.dct(np.eye(size), axis=0))
    identity = LearnedButterfly.identity(size, radix=radix, **EXACT)
    np.testing.assert_array_equal(dense(identity), np.eye(size))


@pytest.mark.parametrize("size", SIZES)
def test_it_holds_every_circulant(size):
    real, whole = numbers(size).numpy(), numbers(size, dtype=torch.complex128).numpy()
    for c in (real, whole):
        layer = LearnedButterfly.circulant(c, **EXACT)
        assert holds(layer, scipy.linalg.circulant(c))
        assert len(layer.blocks) == 2 * int(np.log2(size)) - 1
    assert not layer.real_output
    whole = LearnedButterfly.circulant(real, real_output=False, **EXACT)
    assert np.abs(dense(whole).imag).max() < 1e-14, "for a real c the real part is all there is"


def test_without_sorting_it_is_the_dft_on_sorted_samples():
    """The blocks alone do not hold the DFT: at N = 8 the nearest they come is far."""
    layer = LearnedButterfly.dft(8, **EXACT)
    layer.order = None
    sort = np.eye(8)[bit_reversal(8)]
    assert holds(layer, scipy.linalg.dft(8) @ sort.T)
    blocked = scipy.linalg.dft(8)[0::4, :4]  # of rank 1 in every product of butterflies
    assert np.linalg.svd(blocked, compute_uv=False)[1] > 1
    rows = dense(LearnedButterfly(8, complex=True, **EXACT))[0::4, :4]
    assert np.linalg.svd(rows, compute_uv=False)[1] < 1e-14


@pytest.mark.parametrize(
    "schedule",
    [
        ButterflySchedule(8),
        ButterflySchedule(8, radix=4),
        ButterflySchedule(8, decreasing=True),
        ButterflySchedule(8, causal=True),
        BenesSchedule(8),
        BenesSchedule(8, causal=True),
    ],
    ids=str,
)
@pytest.mark.parametrize("complex_", [False, True])
def test_the_layer_is_the_product_of_its_factors(schedule, complex_):
    layer = seeded(lambda: LearnedButterfly(8, schedule=schedule, complex=complex_, heads=2))
    x = numbers(3, 8, 6)
    product = torch.eye(8, dtype=torch.complex128 if complex_ else torch.float64)
    for factor in layer.stage_factors():
        product = factor @ product
    torch.testing.assert_close(layer.to_dense(), product, rtol=0, atol=1e-14)
    cut = x.unflatten(2, (2, 3)).to(product.dtype)
    wanted = torch.einsum("hij,bjhc->bihc", product, cut).flatten(2)
    torch.testing.assert_close(layer(x), wanted, rtol=0, atol=1e-14)
    blocks = [block[0].detach().numpy() for block in layer.stage_blocks()]
    first = np.linalg.multi_dot(butterflies.factors(blocks, schedule)[::-1])
    np.testing.assert_allclose(product[0].detach(), first, rtol=0, atol=1e-14)
    rows = butterflies.apply_blocks(x[0, :, :3].numpy().T, blocks, schedule).T
    np.testing.assert_allclose(layer(x)[0, :, :3].detach(), rows, rtol=0, atol=1e-14)
    heard = schedule.reach()
    assert not product.detach().numpy()[:, ~heard].any(), "nobody hears whom it cannot reach"
    assert (np.abs(product.detach().numpy()[:, heard]) > 1e-12).all()


@pytest.mark.parametrize("complex_", [False, True])
@pytest.mark.parametrize("schedule", [ButterflySchedule(16), BenesSchedule(16)], ids=str)
def test_at_random_it_turns_and_does_not_stretch(schedule, complex_):
    layer = seeded(lambda: LearnedButterfly(16, schedule=schedule, complex=complex_, **EXACT))
    found = dense(layer)
    np.testing.assert_allclose(found @ found.conj().T, np.eye(16), rtol=0, atol=1e-13)
    causal = ButterflySchedule(256, causal=True)
    norms = dense(seeded(lambda: LearnedButterfly(256, schedule=causal)))
    assert 0.5 < np.sqrt((norms**2).sum(1).mean()) < 2


def learn(layer, x, y, steps):
    """Fit the layer to pairs; return the root mean square of what is left over."""
    optimizer = torch.optim.LBFGS(
        layer.parameters(),
        max_iter=steps,
        tolerance_grad=1e-12,
        tolerance_change=1e-18,
        line_search_fn="strong_wolfe",
    )

    def loss():
        optimizer.zero_grad()
        left = (layer(x) - y).abs().square().mean()
        left.backward()
        return left

    optimizer.step(loss)
    return float(loss().detach()) ** 0.5


@pytest.mark.parametrize("size", [8, 16])
def test_it_recovers_the_dft_from_data(size):
    """From random blocks and 4 N random signals with their spectra, to 1e-7 of a unitary DFT."""
    wanted = torch.tensor(scipy.linalg.dft(size, scale="sqrtn"))
    x = numbers(4 * size, size, dtype=torch.complex128, seed=5)
    for seed in range(2):
        layer = seeded(
            lambda: LearnedButterfly(size, complex=True, order=bit_reversal(size), **EXACT), seed
        )
        assert learn(layer, x, x @ wanted.T, 300) < 1e-7
        np.testing.assert_allclose(dense(layer), wanted, rtol=0, atol=1e-7)


def distance(matrix):
    """Return how near, in its norm, any butterfly of radix 2 can come to a matrix, at least.

    Each product has rank 1 in the rows i ≡ u mod 2^s of the columns in the run of 2^s of u.
    """
    size, least = len(matrix), 0.0
    for cut in (1 << bit for bit in range(size.bit_length())):
        left = 0.0
        for row in range(cut):
            for run in range(0, size, cut):
                block = matrix[row::cut, run : run + cut]
                left += (np.linalg.svd(block, compute_uv=False)[1:] ** 2).sum()
        least = max(least, left**0.5 / np.linalg.norm(matrix))
    return least


def test_it_does_not_recover_what_it_does_not_hold():
    """Without the sorting, and for a matrix of no structure, it stays as far off as it must."""
    size = 8
    dft = scipy.linalg.dft(size, scale="sqrtn")
    assert distance(dft[:, bit_reversal(size)]) < 1e-14, "the bound lets what is held through"
    x = numbers(4 * size, size, dtype=torch.complex128, seed=5)
    for wanted in (dft, np.linalg.qr(numbers(size, size, dtype=torch.complex128).numpy()).Q):
        layer = seeded(lambda: LearnedButterfly(size, complex=True, **EXACT))
        learn(layer, x, x @ torch.tensor(wanted).T, 200)
        missed = np.linalg.norm(dense(layer) - wanted) / size**0.5
        assert missed >= distance(wanted) - 1e-9 and distance(wanted) > 0.4


def test_a_hadamard_matrix_is_recovered_with_real_blocks():
    wanted = torch.tensor(scipy.linalg.hadamard(16) / 4.0)
    x = numbers(64, 16)
    layer = seeded(lambda: LearnedButterfly(16, radix=4, **EXACT))
    assert learn(layer, x, x @ wanted.T, 300) < 1e-7


@pytest.mark.parametrize(("size", "radix"), [(4, 2), (8, 2), (8, 4), (16, 2), (16, 4)])
def test_its_freedom(size, radix):
    """N Σ r numbers, of which N at each of the depth - 1 joints only scale back and forth."""
    layer = seeded(lambda: LearnedButterfly(size, radix=radix, **EXACT))
    count = sum(block.numel() for block in layer.blocks)
    widths = layer.schedule.widths
    assert count == size * sum(widths)
    names = [name for name, _ in layer.named_parameters()]

    def product(*values):
        found = torch.func.functional_call(
            layer, dict(zip(names, values, strict=True)), (torch.eye(size, dtype=torch.float64),)
        )
        return found.flatten()

    values = tuple(value.detach() for value in layer.parameters())
    slopes = torch.func.jacrev(product, argnums=tuple(range(len(values))))(*values)
    matrix = torch.cat([slope.flatten(1) for slope in slopes], 1)
    assert int(torch.linalg.matrix_rank(matrix)) == count - size * (len(widths) - 1)


@pytest.mark.parametrize(
    "options", [{}, {"complex": True, "real_output": True}, {"radix": 4}], ids=str
)
def test_derivatives_and_transforms(options):
    layer = seeded(lambda: LearnedButterfly(4, **options))
    assert differentiable(layer, numbers(2, 4, 2))
    assert differentiable(layer, numbers(2, 4, 2), torch.tensor([[True, False, True, True]] * 2))
    transforms(layer, numbers(3, 4, 2))


def test_complex_outputs_and_benes_have_derivatives_too():
    layer = seeded(lambda: LearnedButterfly(4, complex=True, schedule=BenesSchedule(4)))
    assert differentiable(layer, numbers(2, 4, 1, dtype=torch.complex128))
    causal = ButterflySchedule(4, causal=True)
    assert differentiable(seeded(lambda: LearnedButterfly(4, schedule=causal)), numbers(2, 4, 1))


def test_masked_tokens_are_zeros_and_are_not_read():
    layer = seeded(lambda: LearnedButterfly(8, heads=2))
    x, mask = numbers(3, 8, 4), scattered(3, 8)
    silent = x.where(mask[..., None], 0)
    poisoned = x.where(mask[..., None], torch.nan).requires_grad_()
    found = layer(poisoned, mask)
    assert torch.equal(found, layer(silent).where(mask[..., None], 0))
    found.square().sum().backward()
    assert poisoned.grad.isfinite().all() and not poisoned.grad[~mask].any()


def test_a_causal_one_never_reads_ahead():
    for schedule in (ButterflySchedule(16, causal=True), ButterflySchedule(16, True, radix=4)):
        layer = seeded(lambda schedule=schedule: LearnedButterfly(16, schedule=schedule))
        x = numbers(1, 16, 3)
        now = layer(x)
        for cut in range(1, 16):
            changed = x.clone()
            changed[:, cut:] = 1e6
            assert torch.equal(layer(changed)[:, :cut], now[:, :cut])


def test_weights_travel_and_halves_come_out_as_halves():
    for options in ({}, {"complex": True, "real_output": True}, {"radix": 4, "heads": 2}):
        assert travels(lambda options=options: LearnedButterfly(8, **options), numbers(2, 8, 4))
    x = numbers(2, 16, 4)
    for kind in (torch.float16, torch.bfloat16, torch.float32):
        layer = seeded(lambda: LearnedButterfly(16)).to(kind)
        found = layer(x.to(kind))
        assert found.dtype == kind
        exact = layer.double()(x.to(kind).double())
        assert (found.double() - exact).norm() / exact.norm() < 2 * torch.finfo(kind).eps
    again = LearnedButterfly.dft(8)
    other = LearnedButterfly(8, complex=True, order=range(8))
    other.load_state_dict(again.state_dict())
    assert torch.equal(other.to_dense(), again.to_dense()), "its sorting travels too"


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: LearnedButterfly(6), ValueError, "power of two; got 6"),
        (lambda: LearnedButterfly(8, radix=3), ValueError, "radix must be a power of two"),
        (lambda: LearnedButterfly(4, schedule=ButterflySchedule(8)), ValueError, "schedule's, 8"),
        (lambda: LearnedButterfly(8, schedule=ShiftSchedule(8)), TypeError, "whoever hears is hea"),
        (lambda: LearnedButterfly(8, schedule=8), TypeError, "ButterflySchedule or a Benes"),
        (lambda: LearnedButterfly(8, complex=1), TypeError, "complex must be True or False"),
        (lambda: LearnedButterfly(8, axis="rows"), ValueError, "axis must be one of tokens, last"),
        (lambda: LearnedButterfly(8, axis="last", heads=2), ValueError, "heads cut channels"),
        (lambda: LearnedButterfly(8, init="zero"), ValueError, "init must be one of"),
        (lambda: LearnedButterfly(4, order=[0, 1, 1, 2]), ValueError, "each of 0 to 3 once"),
        (lambda: LearnedButterfly(4)(numbers(1, 3, 2)), ValueError, "pad to 4 tokens, with a mask"),
        (lambda: LearnedButterfly(4, heads=2)(numbers(1, 4, 3)), ValueError, "a multiple of heads"),
        (
            lambda: LearnedButterfly(4, **EXACT)(numbers(2, 3)),
            ValueError,
            r"\(..., 4\); got \(2, 3",
        ),
        (lambda: LearnedButterfly(4)(numbers(1, 4, 2) + 0j), TypeError, "use complex=True"),
        (lambda: LearnedButterfly(4)([[1.0]]), TypeError, "x must be a torch tensor; got list"),
        (
            lambda: LearnedButterfly(4, **EXACT)(numbers(4), torch.ones(4) > 0),
            ValueError,
            "a mask is of tokens",
        ),
        (
            lambda: LearnedButterfly.dft(8, schedule=ButterflySchedule(8, causal=True)),
            ValueError,
            "leave causal out",
        ),
        (lambda: LearnedButterfly.dft(8, schedule=BenesSchedule(8)), TypeError, "the DFT is held"),
        (lambda: LearnedButterfly.dct(1), ValueError, "at least two samples"),
        (lambda: LearnedButterfly.circulant(np.ones(6)), ValueError, "power of two of at least 2"),
        (lambda: LearnedButterfly(4).set_blocks([]), ValueError, "for 2 stages; got 0"),
        (
            lambda: LearnedButterfly(4).set_blocks(butterflies.dft_blocks(ButterflySchedule(4))),
            TypeError,
            "complex=True",
        ),
        (
            lambda: LearnedButterfly(4).set_blocks([np.eye(2), np.eye(2)]),
            ValueError,
            r"shape \(2, 2, 2\); got \(2, 2\)",
        ),
    ],
)
def test_what_does_not_fit_is_refused(call, error, words):
    with pytest.raises(error, match=words):
        call()


@pytest.mark.filterwarnings("default")  # the compiler's own
def test_layers_of_structure_compile_without_a_break():
    torch._dynamo.reset()
    for make, shape in (
        (lambda: LearnedButterfly(8, radix=4, heads=2), (2, 8, 4)),
        (lambda: LearnedButterfly(8, complex=True, real_output=True), (2, 8, 4)),
        (lambda: CirculantLinear(6, 9, 4), (3, 6)),
        (lambda: CirculantAttention(4, 2), (2, 5, 4)),
        (lambda: CirculantAttention(4, 2, causal=True), (2, 5, 4)),
        (lambda: CirculantAttention(4, 2, scores="pairs"), (2, 5, 4)),
    ):
        layer, x = seeded(make), numbers(*shape)
        whole = torch.compile(layer, fullgraph=True, backend="eager")
        torch.testing.assert_close(whole(x), layer(x), rtol=0, atol=1e-14)
    torch._dynamo.reset()


def test_one_place_is_left_alone():
    x = numbers(2, 1, 3)
    assert torch.equal(LearnedButterfly(1)(x), x)
    assert torch.equal(LearnedButterfly(1).to_dense(), torch.eye(1))
