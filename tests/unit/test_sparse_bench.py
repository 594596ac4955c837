"""The suite of sparse products: its cases are right, and the peak of memory follows the block."""

import subprocess
import sys

import numpy as np
import pytest

from fftia_lab.bench import sparse
from fftia_lab.bench.__main__ import SUITES
from fftia_lab.bench.measure import check


def test_the_quick_suite_computes_what_it_times(monkeypatch):
    monkeypatch.setattr(sparse, "SIZES", (48,))
    found = list(sparse.cases(quick=True))
    assert [case.series for case in found] == ["16 tokens", "512 tokens"] and "sparse" in SUITES
    for case in found:
        assert [*case.contenders] == ["dense", "unpacked", "streamed, 128", "streamed, 512"]
        for name, contender in case.contenders.items():
            assert check(name, contender(), case.wanted, case.limit) < case.limit


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak where Linux keeps it")
def test_the_peak_follows_the_block():
    """Each in a process of its own: a slab of the half block is half as large."""
    found = sparse.peaks((sparse.WHOLE, 1024, 512), size=1024, tokens=16)
    slab = 4 * 1026 * 512
    assert found[1024] - found[512] > 0.6 * slab, found
    assert found[512] < found[sparse.WHOLE], found
    assert np.all([peak > 0 for peak in found.values()])


def test_a_process_that_fails_says_why(monkeypatch):
    def failed(command, **options):
        return subprocess.CompletedProcess(command, 1, "", "Traceback\nOSError: no such thing\n")

    monkeypatch.setattr(sparse.subprocess, "run", failed)
    with pytest.raises(RuntimeError, match="no peak was measured: Traceback\nOSError: no"):
        sparse.peaks((512,), size=8)
