"""Sparse spectra: which entries are kept, how many, in how many bytes; against NumPy and theory."""

from itertools import combinations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from fftia_lab import SparseSpectralTensor, randn_sst, sst, zeros_sst
from fftia_lab.mixing.sparse import reference
from fftia_lab.mixing.sparse.header import Header
from fftia_lab.mixing.sparse.layout import Layout
from fftia_lab.mixing.sparse.support import (
    BITS,
    GAPS,
    Support,
    decode_gaps,
    encode_bits,
    encode_gaps,
)

SHAPES = [(1,), (2,), (7,), (64,), (1, 1), (8, 6), (5, 7), (5, 2), (2, 1), (6, 1), (3, 4, 5)]
SHAPES += [(2, 2, 2), (4, 3, 2, 6), (1, 2, 1, 3)]


def normal(*shape, seed=0, dtype=torch.float64):
    return torch.randn(shape, dtype=dtype, generator=torch.Generator().manual_seed(seed))


def error(found, wanted):
    return float((found - wanted).norm() / wanted.norm())


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_entries_are_the_conjugate_pairs(shape):
    layout, pairs = Layout(shape), reference.independent(shape)
    assert layout.entries == len(pairs)
    columns, rows = layout.locate(torch.arange(layout.entries))
    found = rows * shape[-1] + columns
    assert found.tolist() == pairs.tolist(), "the same one of each pair, in the same order"
    images = reference.mirror(shape)
    assert {*pairs, *images[pairs]} == {*range(layout.numbers)}, "no entry is without a pair"


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.integers(1, 7), min_size=1, max_size=4),
    st.floats(0.01, 1),
    st.integers(0, 2**16),
)
def test_the_array_is_that_of_the_reference(shape, sparsity, seed):
    data = normal(*shape, seed=seed)
    compressed = sst(data, sparsity)
    assert compressed.kept == max(1, round(sparsity * Layout(tuple(shape)).entries))
    wanted = reference.approximation(data.numpy(), sparsity)
    np.testing.assert_allclose(compressed.to_spatial(), wanted, rtol=0, atol=1e-12)
    mask = reference.kept(data.numpy(), sparsity)
    half = np.fft.rfftn(data.numpy(), norm="ortho") * mask[..., : shape[-1] // 2 + 1]
    np.testing.assert_allclose(compressed.half_spectrum(), half, rtol=0, atol=1e-12)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_all_entries_are_the_array_and_energy_is_kept(shape):
    data = normal(*shape)
    whole = sst(data, 1.0)
    torch.testing.assert_close(whole.to_spatial(), data, rtol=0, atol=1e-13)
    kept = sst(data, 0.3)
    # what is dropped is at right angles to what is kept
    energy = kept.to_spatial().square().sum() + (data - kept.to_spatial()).square().sum()
    torch.testing.assert_close(energy, data.square().sum())
    _, times = kept.layout.gather(torch.fft.rfftn(data))
    energies = times[kept.support.ranks()] * kept.entries().abs().square()  # Parseval
    torch.testing.assert_close(energies.sum(), kept.to_spatial().square().sum())


@pytest.mark.parametrize("shape", [(7,), (8,), (3, 4), (2, 2, 3)], ids=str)
def test_no_other_choice_of_as_many_entries_is_nearer(shape):
    data = normal(*shape)
    spectrum = np.fft.fftn(data.numpy()).ravel()
    pairs, images = reference.independent(shape), reference.mirror(shape)
    for count in (1, 2, 3):
        compressed = sst(data, count / len(pairs))
        assert compressed.kept == count
        errors = []
        for chosen in combinations(pairs, count):
            left = np.zeros_like(spectrum)
            both = np.r_[chosen, images[list(chosen)]]
            left[both] = spectrum[both]
            near = np.fft.ifftn(left.reshape(shape)).real
            errors.append(np.linalg.norm(near - data.numpy()))
        assert float((compressed.to_spatial() - data).norm()) < min(errors) + 1e-12


@pytest.mark.parametrize("shape", [(16,), (9,), (8, 6), (5, 7), (4, 4, 4), (2, 3, 4, 5)], ids=str)
@pytest.mark.parametrize("sparsity", [0.05, 0.25, 0.5, 0.99])
def test_ties_keep_the_asked_count_and_the_first(shape, sparsity):
    """An impulse at the origin has every magnitude alike; a constant has one that is not 0."""
    impulse = torch.zeros(shape)
    impulse[(0,) * len(shape)] = 1
    for data in (impulse, torch.ones(shape), torch.zeros(shape)):
        compressed, again = sst(data, sparsity), sst(data.clone(), sparsity)
        assert compressed.kept == max(1, round(sparsity * Layout(shape).entries))
        assert len(compressed.support.ranks()) == compressed.kept
        found, repeated = compressed.parts(), again.parts()
        assert all(torch.equal(found[name], repeated[name]) for name in found)
    ranks = sst(impulse, sparsity).support.ranks()
    _, times = Layout(shape).gather(torch.fft.rfftn(impulse))
    pairs = (times == 2).nonzero().flatten()
    assert ranks[times[ranks] == 2].tolist() == pairs[: int((times[ranks] == 2).sum())].tolist()
    ones = torch.ones(shape)
    assert torch.equal(sst(ones, 0.01).to_spatial().round(decimals=5), ones)


@pytest.mark.parametrize("shape", [(512, 512), (300, 500), (255, 257), (64, 64, 3, 3), (2**17,)])
def test_every_byte_is_counted_and_the_ratios_are_met(shape):
    data = normal(*shape, dtype=torch.float32)
    for coefficients, ratio in ((torch.float32, 4.5), (torch.float16, 8)):
        compressed = sst(data, 0.20, coefficients=coefficients)
        parts = compressed.parts()
        written = sum(part.numel() * part.element_size() for part in parts.values())
        assert compressed.nbytes == written and compressed.memory_mb() == written / 2**20
        again = SparseSpectralTensor.from_parts({n: p.clone() for n, p in parts.items()})
        assert torch.equal(again.to_spatial(), compressed.to_spatial()), "no byte is elsewhere"
        assert compressed.compress_ratio() == 4 * data.numel() / written >= ratio
        assert error(compressed.to_spatial(), data) == pytest.approx(0.691, abs=0.01)


def test_ratios_by_arithmetic():
    """s M pairs of numbers, M / 8 bytes of bits and 7 whole numbers of header."""
    compressed = sst(normal(64, 64, dtype=torch.float32), 0.20)
    entries = (64 * 64 + 4) // 2
    assert compressed.nbytes == 8 * round(0.2 * entries) + -(-entries // 8) + 8 * 7
    assert zeros_sst((64, 64)).nbytes == 8 * 7


@pytest.mark.parametrize("share", [0.05, 0.2, 0.5, 0.8])
def test_white_noise_has_the_error_of_theory(share):
    data = normal(512, 512)
    assert error(sst(data, share).to_spatial(), data) == pytest.approx(
        reference.noise_error(share), rel=0.01
    )


def test_what_is_smooth_keeps_more():
    time = torch.arange(256) / 256
    wave = torch.cos(6.283185307 * (3 * time[:, None] + 5 * time)) + 2
    assert error(sst(wave, 1e-4).to_spatial(), wave) < 1e-6, "three entries are all there is"


DTYPES = [torch.float64, torch.float32, torch.float16, torch.bfloat16]


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("coefficients", [None, *DTYPES], ids=str)
def test_every_dtype(dtype, coefficients):
    data = normal(12, 10).to(dtype)
    compressed = sst(data, 1.0, coefficients=coefficients)
    assert compressed.coefficients.dtype == (coefficients or dtype)
    assert compressed.to_spatial().dtype == compressed.dtype == dtype
    coarsest = max(torch.finfo(dtype).eps, torch.finfo(coefficients or dtype).eps)
    assert error(compressed.to_spatial().double(), data.double()) < max(coarsest, 1e-7 * 10)


@pytest.mark.parametrize("size", [1e-30, 1e-6, 1.0, 1e6, 1e30])
def test_half_precision_neither_overflows_nor_vanishes(size):
    data = normal(32, 32, dtype=torch.float32) * size
    compressed = sst(data, 1.0, coefficients=torch.float16)
    assert compressed.coefficients.isfinite().all()
    assert error(compressed.to_spatial().double(), data.double()) < 1e-3
    doubled = (compressed * 1000.0) + compressed
    assert error(doubled.to_spatial().double() / 1001, data.double()) < 2e-3


def test_single_precision_holds_doubles_of_any_size():
    for size in (1e-200, 1e200):
        data = normal(8, 6) * size
        found = sst(data, 1.0, coefficients=torch.float32).to_spatial()
        assert error(found / size, data / size) < 1e-6


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 3000), st.floats(0, 1), st.integers(0, 2**16), st.integers(1, 300))
def test_both_codes_say_what_is_kept(entries, share, seed, step):
    kept = np.random.default_rng(seed).random(entries) < share**4
    ranks = torch.from_numpy(np.flatnonzero(kept))
    bits, gaps = encode_bits(ranks, entries), encode_gaps(ranks)
    assert bits.numpy().tobytes() == np.packbits(kept, bitorder="little").tobytes()
    assert len(Support.of(ranks, entries).code) == min(len(bits), len(gaps))
    edges = [*range(0, entries, step), entries]
    for support in (Support(entries, BITS, bits), Support(entries, GAPS, gaps)):
        assert torch.equal(support.ranks(), ranks)
        for low, high, found in zip(edges, edges[1:], support.walk(edges), strict=False):
            assert torch.equal(found, ranks[(ranks >= low) & (ranks < high)])


def test_gaps_are_leb128():
    """The example of the DWARF standard, table 7.3: 2, 127, 128, 129, 12857 in these bytes."""
    numbers = torch.tensor([2, 127, 128, 129, 12857])
    code = encode_gaps((numbers + 1).cumsum(0) - 1)
    assert code.tolist() == [2, 127, 0x80, 1, 0x81, 1, 0x80 + 57, 100]
    assert torch.equal(decode_gaps(code).diff(prepend=torch.tensor([-1])) - 1, numbers)


def test_long_codes_are_read_in_pieces(monkeypatch):
    monkeypatch.setattr("fftia_lab.mixing.sparse.support.CHUNK", 3)
    ranks = torch.arange(0, 40000, 401)
    support = Support(40000, GAPS, encode_gaps(ranks))
    assert torch.equal(torch.cat(list(support.walk([0, 7, 7, 9000, 9001, 40000]))), ranks)


def test_arithmetic_is_that_of_the_arrays():
    a, b = sst(normal(9, 8), 0.3), sst(normal(9, 8, seed=1), 0.2, coefficients=torch.float32)
    one, other = a.to_spatial(), b.to_spatial()
    for found, wanted in [
        (a + b, one + other),
        (a - b, one - other),
        (a * 3, 3 * one),
        (-0.5 * a, -0.5 * one),
        (np.float32(2) * a, 2 * one),
        (a - a, one - one),
    ]:
        torch.testing.assert_close(found.to_spatial(), wanted, rtol=0, atol=1e-6)
        assert isinstance(found, SparseSpectralTensor)
    both = {*a.support.ranks().tolist()} | {*b.support.ranks().tolist()}
    assert (a + b).support.ranks().tolist() == sorted(both), "a sum keeps what either keeps"
    assert (a + a).kept == a.kept and (a + b).dtype == torch.float64


def test_made_without_data():
    assert not zeros_sst((3, 5)).to_spatial().any() and zeros_sst((3, 5)).shape == (3, 5)
    assert (zeros_sst((3, 5)) + sst(torch.ones(3, 5), 0.2)).kept == 2
    one, two = (randn_sst((6, 5), 1.0, generator=torch.Generator().manual_seed(4)) for _ in "ab")
    assert torch.equal(one.to_spatial(), two.to_spatial())
    torch.testing.assert_close(one.to_spatial(), normal(6, 5, seed=4, dtype=torch.float32))


def test_the_data_may_lie_in_any_order_and_is_let_go():
    data = normal(6, 10).requires_grad_()
    strided = data.T[::2].detach()
    torch.testing.assert_close(sst(strided, 1.0).to_spatial(), strided)
    compressed = sst(data, 0.5)
    assert not compressed.coefficients.requires_grad
    before = compressed.to_spatial()
    with torch.no_grad():
        data.zero_()
    assert torch.equal(compressed.to_spatial(), before)
    assert "shape=(6, 10), kept=16 of 32" in repr(compressed)


@pytest.mark.parametrize("header", [Header(BITS, 3, -4, 1, (5, 6)), Header(GAPS, 0, 0, 0, (1,))])
def test_headers_are_read_as_they_were_written(header):
    assert Header.read(header.written()) == header


NAN = float("nan")


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: sst(torch.ones(4), 0), ValueError, "above 0 and at most 1; got 0"),
        (lambda: sst(torch.ones(4), 1.5), ValueError, "above 0 and at most 1; got 1.5"),
        (lambda: sst(torch.ones(4), NAN), ValueError, "above 0 and at most 1; got nan"),
        (lambda: sst(torch.ones(4), True), TypeError, "must be a number, such as 0.05; got True"),
        (lambda: sst(torch.ones(4), "0.1"), TypeError, "must be a number"),
        (lambda: sst(torch.arange(4)), TypeError, "got torch.int64: call .float()"),
        (lambda: sst(torch.ones(4) + 0j), TypeError, "got torch.complex64: call .float()"),
        (lambda: sst(np.ones(4)), TypeError, "got ndarray: use torch.as_tensor"),
        (lambda: sst([1.0]), TypeError, "got list: use torch.as_tensor"),
        (lambda: sst(torch.tensor(1.0)), ValueError, "1 to 4 axes of at least one number; got"),
        (lambda: sst(torch.ones(2, 1, 1, 1, 1)), ValueError, "1 to 4 axes"),
        (lambda: sst(torch.ones(3, 0)), ValueError, "got shape (3, 0)"),
        (lambda: sst(torch.tensor([1.0, NAN])), ValueError, "finite numbers; look for nan or inf"),
        (lambda: sst(torch.tensor([1.0, torch.inf])), ValueError, "look for nan or inf"),
        (lambda: sst(torch.full((9,), 3e38)), ValueError, "overflows torch.float32: scale the"),
        (lambda: sst(torch.ones(4), coefficients=torch.int8), TypeError, "None or one of torch.fl"),
        (lambda: sst(torch.ones(4)) * NAN, ValueError, "a finite number; got nan"),
        (lambda: sst(torch.ones(4)) * "2", TypeError, "multiplied by a real number; got '2'"),
        (lambda: sst(torch.ones(4)) * 1j, TypeError, "multiplied by a real number; got 1j"),
        (lambda: sst(torch.ones(4)) * sst(torch.ones(4)), TypeError, "unsupported operand"),
        (lambda: sst(torch.ones(4)) + 1, TypeError, "unsupported operand"),
        (lambda: sst(torch.ones(4)) + sst(torch.ones(5)), ValueError, "got (4,) on cpu and (5,)"),
        (lambda: sst(torch.ones(4)) * 1e39, ValueError, "overflows"),
        (lambda: zeros_sst((0,)), ValueError, "got shape (0,)"),
        (lambda: zeros_sst((3,), dtype=torch.int32), TypeError, "got torch.int32"),
        (lambda: randn_sst((3,), 2.0), ValueError, "at most 1; got 2.0"),
    ],
)
def test_bad_input_is_told(call, kind, message):
    with pytest.raises(kind) as caught:
        call()
    assert message in str(caught.value) and "\n" not in str(caught.value)
