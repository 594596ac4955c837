"""The table of the three weighings, cell by cell: a probe a row, which measures all three answers.

A probe returns what it found; a cell that says something else than was found is a red test.
"""

import numpy as np
import pytest
import scipy.linalg
import torch
from unit.layer_cases import numbers, seeded

from fftia_lab import ButterflySchedule, FFTInspiredAttention, LearnedButterfly, butterfly_attention
from fftia_lab.attention.matrices.arrays import degrees_of_freedom
from fftia_lab.mixing import butterflies
from fftia_lab.mixing.weighings import three_weighings, weighings_table
from fftia_lab.transform import butterfly_factors, fft_iterative

SIZE = 8
SCHEDULE = ButterflySchedule(SIZE)
EXACT = {"axis": "last", "dtype": torch.float64}
ROWS = {row.key: row for row in three_weighings()}


def yes(found):
    return "yes" if found else "no"


def fft(x):
    """The FFT of a tensor along its tokens."""
    return torch.fft.fft(x, dim=1)


def fixed_stages():
    """The twiddles' stages, without the sorting."""
    return np.array(butterfly_factors(SIZE)[1:])


def attention(size=SIZE, **options):
    return seeded(lambda: FFTInspiredAttention(4, 1, max_length=32, **options)).eval()


def learned(size=SIZE, seed=0, **options):
    return seeded(lambda: LearnedButterfly(size, **options), seed)


def core(x):
    """Butterfly attention alone, with random weights; x of shape (batch, tokens, channels)."""
    w_q, w_k = (numbers(SCHEDULE.depth, x.shape[2], x.shape[2], seed=seed) for seed in (10, 20))
    return butterfly_attention(x[:, None], w_q, w_k, schedule=SCHEDULE)[:, 0]


def close(one, other, bound=1e-10):
    return bool((torch.as_tensor(one) - torch.as_tensor(other)).abs().max() < bound)


def wiring():
    meets = np.eye(SIZE, dtype=bool) | np.array(
        [np.eye(SIZE)[SCHEDULE.partners(stage)] > 0 for stage in range(SCHEDULE.depth)]
    )
    stages = (
        fixed_stages(),
        attention().stage_factors(numbers(1, SIZE, 4))[:, 0, 0].detach().numpy(),
        learned().stage_factors()[:, 0].detach().numpy(),
    )
    return [yes(np.array_equal(stage != 0, meets)) for stage in stages]


def dft():
    wanted = scipy.linalg.dft(SIZE)
    sort, *stages = butterfly_factors(SIZE)
    whole = np.linalg.multi_dot([*stages[::-1], sort])
    positive = np.clip(wanted.real, 0, None)  # the nearest matrix without negative entries
    apart = np.linalg.norm(wanted - positive) / np.linalg.norm(wanted)
    matrix = attention().attention_matrix(numbers(1, SIZE, 4))
    assert (matrix >= 0).all()
    held = LearnedButterfly.dft(SIZE, **EXACT).to_dense().detach().numpy()
    return [
        yes(np.allclose(whole, wanted, atol=1e-13)),
        yes(apart < 0.5),
        yes(np.allclose(held, wanted, atol=1e-13)),
    ]


def data():
    a, b = numbers(1, SIZE, 4), numbers(1, SIZE, 4, seed=1)
    return [yes(not close(f(a + b), f(a) + f(b))) for f in (fft, core, learned())]


def lookup():
    """Tokens (1, key, payload): all take that of the largest key; then a pair sorts itself."""
    key, payload = numbers(400, SIZE), numbers(400, SIZE, seed=1)
    x = torch.stack((torch.ones_like(key), key, payload), 2)
    ask, answer = torch.zeros(1, 3, 3, dtype=x.dtype), torch.zeros(1, 3, 3, dtype=x.dtype)
    ask[0, 0, 0], answer[0, 1, 0] = 1e4, 1.0
    found = butterfly_attention(x[:, None], ask, answer, schedule=SCHEDULE)[:, 0, :, 2]
    best = payload.gather(1, key.argmax(1, keepdim=True))
    picks = close(found[gaps(key)], best.expand_as(found)[gaps(key)], 1e-6)

    side = torch.tensor([-1.0, 1.0], dtype=x.dtype).expand(400, 2)
    pair = torch.stack((side, key[:, :2], payload[:, :2]), 2)
    sorted_pair = butterfly_attention(pair[:, None], ask, answer, schedule=ButterflySchedule(2))
    order = key[:, :2].argsort(1)
    wanted = payload[:, :2].gather(1, order)
    apart = (key[:, 0] - key[:, 1]).abs() > 1e-2
    picks = picks and close(sorted_pair[apart, 0, :, 2], wanted[apart], 1e-6)
    return [linear_gap(x, best), yes(picks), linear_gap(x, best)]


def gaps(key):
    """Rows in which no two keys are so near that a soft choice would mix them."""
    ordered = key.sort(1).values
    return (ordered[:, 1:] - ordered[:, :-1]).amin(1) > 1e-2


def linear_gap(x, wanted):
    """Whether some linear map of all numbers, the best on half of the rows, does it on the rest."""
    rows = x.flatten(1)
    half = len(rows) // 2
    weights = torch.linalg.lstsq(rows[:half], wanted[:half]).solution
    left = (rows[half:] @ weights - wanted[half:]).norm() / wanted[half:].norm()
    return yes(bool(left < 0.5))


def shift():
    """Each place must hear, at stage s, whoever has the right digit s of where it goes."""
    by_place, by_blocks = [], []
    for by in range(SIZE):
        swaps = swapped(by)
        x = numbers(1, SIZE, 3)
        place = torch.cat((torch.eye(SIZE, dtype=x.dtype)[None], x), 2)
        w_q, w_k = (torch.zeros(3, SIZE + 3, SIZE + 3, dtype=x.dtype) for _ in range(2))
        source = np.arange(SIZE)
        for stage, swap in enumerate(swaps):
            w_q[stage, :SIZE, :SIZE] = torch.eye(SIZE)
            partner = SCHEDULE.partners(stage)
            likes = np.where(swap, source[partner], source)  # whom the token at each place takes
            w_k[stage, likes, source] = 1e3
            source = likes
        moved = butterfly_attention(place[:, None], w_q, w_k, schedule=SCHEDULE)[:, 0, :, SIZE:]
        by_place.append(close(moved, x.roll(by, 1)))
        eye = np.eye(SIZE)
        stages = [np.where(s[:, None], eye[SCHEDULE.partners(n)], eye) for n, s in enumerate(swaps)]
        layer = LearnedButterfly(SIZE, dtype=torch.float64)
        layer.set_blocks(butterflies.blocks_of(stages, SCHEDULE))
        by_blocks.append(torch.equal(layer(x), x.roll(by, 1)))
    is_shift = close(fft(torch.eye(SIZE)[None])[0], torch.eye(SIZE).roll(1, 0), 0.5)
    told = "if tokens tell their places" if all(by_place) and blind_cannot() else "?"
    return [yes(is_shift), told, yes(all(by_blocks))]


def swapped(by):
    """Return, stage by stage, who takes its partner so that in the end all have moved on."""
    at = np.arange(SIZE)  # the place that each place's token came from
    found = []
    for stage in range(SCHEDULE.depth):
        # what stands here must be bound for a place with this digit
        swap = (((at + by) ^ np.arange(SIZE)) >> stage & 1).astype(bool)
        found.append(swap)
        at = np.where(swap, at[SCHEDULE.partners(stage)], at)
    assert np.array_equal((at + by) % SIZE, np.arange(SIZE))
    return found


def blind_cannot():
    """Without places, the same tokens flipped come out flipped, which a shift does not."""
    x = numbers(1, SIZE, 4)
    flip = torch.arange(SIZE) ^ 1
    return close(core(x[:, flip]), core(x)[:, flip]) and not close(
        x[:, flip].roll(1, 1), x.roll(1, 1)[:, flip]
    )


def translates(f, move):
    x = numbers(1, SIZE, 4)
    return all(close(f(x[:, move(t)]), f(x)[:, move(t)]) for t in range(1, SIZE))


def around(by):
    return (torch.arange(SIZE) - by) % SIZE


def flipped(by):
    return torch.arange(SIZE) ^ by


def commutes():
    circulant = LearnedButterfly.circulant(numbers(SIZE).numpy(), dtype=torch.float64)
    chosen = translates(circulant, around) and not translates(learned(), around)
    word = "if its blocks are a circulant's" if chosen else "?"
    return [yes(translates(fft, around)), yes(translates(core, around)), word]


def flips():
    layer = learned()
    alike = [
        np.broadcast_to(np.array([[a, b], [b, a]]), (SIZE // 2, 2, 2))
        for a, b in numbers(3, 2).numpy()
    ]
    same = LearnedButterfly(SIZE, dtype=torch.float64).set_blocks(alike)
    chosen = translates(same, flipped) and not translates(layer, flipped)
    word = "if each stage is one block (a b; b a)" if chosen else "?"
    return [yes(translates(fft, flipped)), yes(translates(core, flipped)), word]


def refuses(call):
    try:
        call()
    except ValueError:
        return True
    return False


def lengths():
    x = numbers(1, SIZE, 4)
    layer, mask = attention(), (torch.arange(SIZE) < 5)[None]
    padded = layer(x, mask)[:, :5]
    takes = close(layer(x[:, :5]), padded) and layer.reach(5).all()
    return [
        yes(not refuses(lambda: fft_iterative(np.ones(5)))),
        yes(takes),
        yes(not (refuses(lambda: LearnedButterfly(5)) and refuses(lambda: learned()(x[:, :5])))),
    ]


def serves():
    few, more = butterfly_factors(SIZE)[1:], butterfly_factors(2 * SIZE)[1:]
    same = all(np.allclose(b[:SIZE, :SIZE], a) for a, b in zip(few, more, strict=False))
    layer, x = attention(), numbers(1, 2 * SIZE, 4)
    runs = x[:, :SIZE]
    small, large = layer.stage_factors(runs)[:, 0, 0], layer.stage_factors(x)[:, 0, 0]
    also = all(close(b[:SIZE, :SIZE], a) for a, b in zip(small, large, strict=False))
    assert len(more) == len(few) + 1 and len(large) == len(small) + 1
    loads = not refuses_weights(learned(2 * SIZE), learned())
    word = "yes, but for one new stage"
    return [word if same else "no", word if also else "no", yes(loads)]


def refuses_weights(layer, other):
    try:
        layer.load_state_dict(other.state_dict(), strict=False)
    except RuntimeError:
        return True
    return False


def causal():
    """Pairs are of a place and an earlier one, or itself."""
    n = 32
    past = np.tril(np.ones((n, n), dtype=bool))
    wired = ButterflySchedule(n, causal=True)
    asked = FFTInspiredAttention(4, 1, causal=True, schedule="butterfly", max_length=n).double()
    matrix = asked.attention_matrix(numbers(1, n, 4))[0, 0].detach().numpy()
    blocks = seeded(lambda: LearnedButterfly(n, schedule=wired)).to_dense().detach().numpy()
    return [
        yes(not np.any(scipy.linalg.dft(n)[~past])),
        *(kept(found, past) for found in (matrix, blocks)),
    ]


def kept(matrix, past):
    if matrix[~past].any():
        return "no"
    return f"yes; {np.count_nonzero(matrix)} of {past.sum()} pairs stay"


def averages(matrix):
    sums = matrix.sum(-1)
    return bool((np.asarray(matrix).real >= 0).all() and np.allclose(sums, 1))


def average():
    layer = attention()
    x = numbers(1, SIZE, 4)
    gates = layer.stage_factors(x)[:, 0, 0].detach().numpy()
    matrix = layer.attention_matrix(x)[0, 0].detach().numpy()
    taken = LearnedButterfly(SIZE, dtype=torch.float64)
    taken.set_blocks(butterflies.blocks_of(gates, SCHEDULE))
    held = taken.to_dense().detach().numpy()
    assert np.allclose(held, matrix, atol=1e-14), "free blocks hold what attention did"
    chosen = averages(held) and not averages(learned().to_dense().detach().numpy())
    word = "if its blocks are averages" if chosen else "?"
    return [yes(averages(scipy.linalg.dft(SIZE))), yes(averages(matrix)), word]


def undone():
    spectrum = np.linalg.svd(scipy.linalg.dft(SIZE), compute_uv=False)
    layer = attention()
    layer.w_q.data.zero_()
    halves = layer.attention_matrix(numbers(1, SIZE, 4))[0, 0].detach().numpy()
    flat = learned()
    flat.blocks[1].data[0, 0] = 0
    least = [
        spectrum.min(),
        np.linalg.svd(halves, compute_uv=False).min(),
        np.linalg.svd(flat.to_dense().detach().numpy(), compute_uv=False).min(),
    ]
    assert np.isclose(least[0], SIZE**0.5)
    return [yes(value > 1e-6) for value in least]


def isometric(matrix):
    values = np.linalg.svd(matrix, compute_uv=False)
    return bool(values.max() - values.min() < 1e-5 * values.max())


def energy():
    layer = learned()
    start = isometric(layer.to_dense().detach().numpy())
    layer.blocks[0].data += 0.1
    later = isometric(layer.to_dense().detach().numpy())
    matrix = attention().attention_matrix(numbers(1, SIZE, 4))[0, 0].detach().numpy()
    word = "at the start, until it learns" if start and not later else "?"
    return [yes(isometric(scipy.linalg.dft(SIZE))), yes(isometric(matrix)), word]


def numbers_learned():
    for n, stages in ((8, 3), (16, 4)):
        layer = FFTInspiredAttention(12, 3, max_length=n)
        assert layer.w_q.numel() + layer.w_k.numel() == stages * 3 * 2 * 4**2
        assert sum(weight.numel() for weight in LearnedButterfly(n).parameters()) == 2 * n * stages
    assert not any(isinstance(value, torch.nn.Parameter) for value in butterfly_factors(8))
    return ["0", "2 d² a stage and head", "4 a pair: 2 N log2 N"]


def freedom():
    for n, stages in ((4, 2), (8, 3), (16, 4)):
        schedule = ButterflySchedule(n)
        gates = np.random.default_rng(0).uniform(0.1, 0.9, (stages, n))
        assert degrees_of_freedom(gates, schedule) == n * stages
        assert rank_of_blocks(n) == n * (stages + 1)
    return ["0", "N log2 N", "N (log2 N + 1)"]


def rank_of_blocks(n):
    layer = learned(n, **EXACT)
    names = [name for name, _ in layer.named_parameters()]
    values = tuple(value.detach() for value in layer.parameters())

    def product(*values):
        given = dict(zip(names, values, strict=True))
        eye = torch.eye(n, dtype=torch.float64)
        return torch.func.functional_call(layer, given, (eye,)).flatten()

    slopes = torch.func.jacrev(product, argnums=tuple(range(len(values))))(*values)
    return int(torch.linalg.matrix_rank(torch.cat([slope.flatten(1) for slope in slopes], 1)))


PROBES = {
    "wiring": wiring,
    "dft": dft,
    "data": data,
    "lookup": lookup,
    "shift": shift,
    "commutes": commutes,
    "flips": flips,
    "lengths": lengths,
    "serves": serves,
    "causal": causal,
    "average": average,
    "undone": undone,
    "energy": energy,
    "numbers": numbers_learned,
    "freedom": freedom,
}


@pytest.mark.parametrize("key", PROBES)
def test_each_cell_says_what_is_found(key):
    assert ROWS[key].answers == tuple(PROBES[key]()), ROWS[key].question


def test_every_row_is_probed_and_the_table_shows_it():
    assert list(ROWS) == list(PROBES)
    lines = weighings_table().splitlines()
    assert len(lines) == len(ROWS) + 2
    for line, row in zip(lines[2:], ROWS.values(), strict=True):
        assert [cell.strip() for cell in line.strip("|").split("|")] == [row.question, *row.answers]


def test_blocks_carry_all_three():
    """One layer, one schedule: the twiddles, what attention did once, and its own."""
    sort, *stages = butterfly_factors(SIZE)
    layer = LearnedButterfly(SIZE, complex=True, **EXACT)
    layer.set_blocks(butterflies.blocks_of(np.array(stages), SCHEDULE))
    found = layer.to_dense().detach().numpy() @ sort
    np.testing.assert_allclose(found, scipy.linalg.dft(SIZE), rtol=0, atol=1e-13)
    for mine, theirs in zip(layer.stage_factors()[:, 0], stages, strict=True):
        np.testing.assert_allclose(mine.detach(), theirs, rtol=0, atol=1e-15)
    model, x = attention(), numbers(1, SIZE, 4)
    layer.set_blocks(
        butterflies.blocks_of(model.stage_factors(x)[:, 0, 0].detach().numpy(), SCHEDULE)
    )
    torch.testing.assert_close(
        layer.to_dense().real, model.attention_matrix(x)[0, 0], rtol=0, atol=1e-14
    )


def test_what_does_not_meet_has_no_block():
    stages = np.array([np.eye(SIZE)] * 3)
    stages[1, 0, 1] = 1.0
    with pytest.raises(ValueError, match="stage 1 weighs two that do not meet"):
        butterflies.blocks_of(stages, SCHEDULE)
    with pytest.raises(ValueError, match=r"shape \(3, 8, 8\) .* got \(2, 8, 8\)"):
        butterflies.blocks_of(stages[:2], SCHEDULE)
