"""The checkers, each with the solution that its notebook folds away."""

import json
import re

import numpy as np
from paths import NOTEBOOKS

import fftia_lab.exercises
from fftia_lab import ButterflySchedule
from fftia_lab.transform import fft, fft_iterative, ifft, irfft, rfft

CHECKERS = {
    name: checker for name, checker in vars(fftia_lab.exercises).items() if name.startswith("check")
}


def sigmoid(t):
    return 1 / (1 + np.exp(-t))


def solutions():
    """Yield (name of a checker, the solution's function) from the folds of all notebooks."""
    for path in NOTEBOOKS:
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            if cell["id"].startswith("solution-"):
                source = re.search(r"```python\n(.+?)\n```", "".join(cell["source"]), re.S)[1]
                checker, function = re.search(r"assert (check_\w+)\((\w+)\)", source).groups()
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
                yield checker, names[function]


SOLUTIONS = dict(solutions())
