"""Where kernels run: on a GPU, or in Triton's interpreter, which computes them with NumPy."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import torch
import triton
import triton.language as tl
from torch import Tensor


@triton.jit
def _probe():  # type: ignore[no-untyped-def]
    pass


# Triton decides where a kernel will run when it is defined: TRITON_INTERPRET=1 comes before import.
# A kernel reads it as a constant: 16-bit products are wrong or rough in the interpreter.
INTERPRETED = tl.constexpr(not isinstance(_probe, triton.JITFunction))


def require(x: Tensor) -> None:
    """Refuse a tensor that no kernel can work on here.

    Raises:
        RuntimeError: if it lies on no GPU and Triton does not interpret.
    """
    if x.device.type != "cuda" and not INTERPRETED:
        raise RuntimeError(
            f"a Triton kernel wants its tensors on a CUDA GPU; got {x.device}: move them there, "
            f"use another backend, or set TRITON_INTERPRET=1 before Python starts"
        )


def on_device_of(x: Tensor) -> AbstractContextManager[object]:
    """Return the context in which Triton launches on the GPU of a tensor, which may be any."""
    return torch.cuda.device(x.device) if x.is_cuda else nullcontext()


def has_tensor_cores(device: torch.device) -> bool:
    """Whether Triton multiplies on tensor cores there: from compute capability 8.0 on.

    In the interpreter there is nothing to miss.
    """
    return device.type != "cuda" or torch.cuda.get_device_capability(device) >= (8, 0)
