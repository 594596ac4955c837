"""The suite of sparse products: its cases are right, and the peak of memory follows the block."""

import sys

import pytest
import torch

from fftia_lab.bench import compression
from fftia_lab.bench.measure import check
from fftia_lab.bench.memory import peak


def test_the_quick_suite_computes_what_it_times(monkeypatch):
    monkeypatch.setattr(compression, "SIZES", (48,))
    found = [planned.made() for planned in compression.cases(quick=True)]
    assert [case.series for case in found] == ["16 tokens", "512 tokens"]
    for case in found:
        assert [*case.contenders] == ["dense", "unpacked", "streamed, 128", "streamed, 512"]
        for name, contender in case.contenders.items():
            assert check(name, contender(), case.wanted, case.limit) < case.limit


@pytest.mark.parametrize("shape", [(8, 8), (9, 7), (64, 32), (5, 12)], ids=str)
def test_every_fifth_entry_is_what_it_says(shape):
    w = compression.every_fifth(*shape)
    assert w.support.ranks().tolist() == list(range(0, w.layout.entries, 5))
    x = torch.ones(2, shape[0])
    for how in ("unpacked", "4", "dense"):
        assert compression.remembered(how)((2, *shape)).shape == (2, shape[1])
    torch.testing.assert_close(
        compression.streamed(x, w, 4), compression.unpacked(x, w), rtol=0, atol=1e-4
    )


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak where Linux keeps it")
def test_the_peak_follows_the_block():
    """Each in a process of its own: half the block saves a slab of half the size."""
    whole, half = (
        peak(f"fftia_lab.bench.compression:remembered {block}", (2, 64, 64), (16, 1024, 1024))
        for block in (1024, 512)
    )
    slab = 4 * 1026 * 512
    assert 0.6 * slab < whole - half < 3 * slab, (whole, half)


def test_memory_is_asked_of_everybody(monkeypatch):
    asked = []
    monkeypatch.setattr(
        compression, "compare", lambda *given, **options: asked.append((given, options))
    )
    taken = [[one.take() for one in compression.memory(quick)] for quick in (True, False)]
    assert taken == [[None], [None, None]]
    names = [[*given[1]] for given, _ in asked]
    assert names[0] == ["dense", "unpacked", "streamed, 1024", "streamed, 512"]
    assert names[1][2:] == [f"streamed, {block}" for block in (2048, 1024, 512, 256, 128)]
    assert [given[2] for given, _ in asked] == [(16, n, n) for n in (1024, 2048, 4096)]
