"""The suite "kernels": fused kernels of attention, then of mixing and transforms, on a CUDA GPU.

Needs PyTorch, Triton and a CUDA GPU. What is measured under which conditions: decision 18.
"""

from __future__ import annotations

from collections.abc import Iterator

from . import gpu_attention, gpu_mixing
from .case import Planned
from .gpu_cases import LIBRARIES, SEED
from .record import COPY, PRODUCT

__all__ = ["CONDITIONS", "LIBRARIES", "SEED", "cases"]

CONDITIONS = gpu_attention.CONDITIONS | gpu_mixing.CONDITIONS
RATES = COPY, PRODUCT, "launch"


def cases(quick: bool = False) -> Iterator[Planned]:
    """Yield what the suite measures; the rates of the device once."""
    yield from gpu_attention.cases(quick)
    yield from (one for one in gpu_mixing.cases(quick) if one.series not in RATES)
