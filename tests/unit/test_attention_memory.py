"""Peak memory of a layer grows with the number of tokens, not with its square."""

import os
import subprocess
import sys

import pytest

PROGRAM = """
import re, sys, torch
from fftia_lab import FFTInspiredAttention
n, training = int(sys.argv[1]), sys.argv[2] == "training"
torch.set_num_threads(1)
layer = FFTInspiredAttention(256, 4)
def run(n):
    with torch.set_grad_enabled(training):
        y = layer(torch.zeros(1, n, 256))
        if training:
            y.sum().backward()
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1]) * 1024
run(64)
before = peak()
run(n)
print(peak() - before)
"""


def growth(n, how):
    """Bytes that a run over n tokens adds to the peak of its own process."""
    command = [sys.executable, "-c", PROGRAM, str(n), how]
    # memory goes back as soon as it is free, so that the peak is what is needed at one time
    environment = os.environ | {"MALLOC_MMAP_THRESHOLD_": "65536"}
    return int(subprocess.check_output(command, text=True, env=environment))


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak where Linux keeps it")
@pytest.mark.parametrize(
    ("how", "n", "arrays"),
    [
        # input, values and output in two layouts, and what the largest portion needs
        ("forward", 32768, 6),
        # and the state before each of the 14 stages, and gradients
        ("training", 16384, 14 + 10),
    ],
)
def test_peak_memory_is_linear(how, n, arrays):
    half, whole = growth(n // 2, how), growth(n, how)
    one = n * 256 * 4
    assert whole < arrays * one, f"{whole / one:.1f} arrays of the size of the input"
    assert 1.6 < whole / half < 2.4, "twice the tokens, twice the memory"
