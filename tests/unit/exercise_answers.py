"""The checkers, each with the solution that its notebook folds away."""

import json
import re

import numpy as np
from paths import NOTEBOOKS

import fftia_lab.exercises
from fftia_lab import ButterflySchedule
from fftia_lab.transform import fft, fft_iterative, ifft, irfft, rfft


def sigmoid(t):
    return 1 / (1 + np.exp(-t))


def sources():
    """Yield (name of a checker, name of a function, its text) from the folds of all notebooks."""
    for path in NOTEBOOKS:
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            if cell["id"].startswith("solution-"):
                source = re.search(r"```python\n(.+?)\n```", "".join(cell["source"]), re.S)[1]
                yield *re.search(r"assert (check_\w+)\((\w+)\)", source).groups(), source


def made(function, source):
    """Return the function that a solution defines, as in its notebook."""
    names = vars(fftia_lab.exercises) | {
        "np": np,
        "sigmoid": sigmoid,
        "fft": fft,
        "fft_iterative": fft_iterative,
        "ifft": ifft,
        "irfft": irfft,
        "rfft": rfft,
        "ButterflySchedule": ButterflySchedule,
    }
    exec(source, names)
    return names[function]


FOLDED = {checker: (function, source) for checker, function, source in sources()}
# What takes a kernel, and no function, is tested where Triton interprets: tests/kernels.
KERNELS = {checker for checker, (_, source) in FOLDED.items() if "@triton.jit" in source}
SOLUTIONS = {name: made(*FOLDED[name]) for name in FOLDED.keys() - KERNELS}
CHECKERS = {
    name: checker
    for name, checker in vars(fftia_lab.exercises).items()
    if name.startswith("check") and name not in KERNELS
}
