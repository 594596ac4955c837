"""No kernel touches memory beyond its tensors, whatever program it is: `make sanitize`."""

from __future__ import annotations

import contextlib
import io
import sys
import time

import planted_kernels
import torch
from kernel_cases import case, in_type
from sanitizer import sanitized

from fftia_lab.kernels import butterfly_attention

SIZES = (1, 5, 37, 64, 200)


def fused_forward():
    for kind in ("butterfly", "benes"):
        for n in SIZES:
            for mask in ("none", "right", "scattered"):
                job = case(kind, n, mask=mask, d=16 if n < 64 else 24)
                x, weights = in_type(job, torch.float32)
                butterfly_attention.forward(x, weights, job.schedule, job.real)


CALLS = {fused_forward: (butterfly_attention,)}


def planted_fault():
    """A store one place too far, only in the last of its programs, must be told."""
    x, y = torch.zeros(300), torch.zeros(300)
    planted_kernels.shift[(3,)](x, y, 300, TILE=128)


def main() -> int:
    told = io.StringIO()
    with sanitized(planted_kernels), contextlib.redirect_stdout(told):
        try:
            planted_fault()
        except SystemExit:
            print("a planted fault is found", file=sys.stderr)
        else:
            sys.exit("the planted fault was not found")
    for call, modules in CALLS.items():
        begun = time.monotonic()
        with sanitized(*modules):
            call()
        print(f"{call.__name__}: nothing leads outside ({time.monotonic() - begun:.1f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
