"""What tests of kernels share: Triton's interpreter where there is no GPU, memory full of NaN."""

import os
import sys
from importlib.util import find_spec

import pytest

NEED_NO_TRITON = {"test_plan.py", "test_table.py"}


def has_gpu():
    """Whether PyTorch finds a GPU."""
    import torch

    return torch.cuda.is_available()


# Deterministic algorithms, which fill memory with NaN, are asked of cuBLAS in this way.
os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")


def starts_interpreting():
    """Choose Triton's interpreter, which has to happen before anything imports Triton."""
    if "TRITON_INTERPRET" in os.environ or has_gpu():
        return
    if "triton" in sys.modules:
        raise pytest.UsageError(
            "Triton was imported before the tests of kernels could ask for its interpreter: run "
            "them first, by themselves, or set TRITON_INTERPRET=1"
        )
    os.environ["TRITON_INTERPRET"] = "1"


TRITON = find_spec("triton") is not None
if TRITON:
    starts_interpreting()


class Skipped(pytest.Module):
    """A file of tests that cannot even be imported here."""

    def collect(self):
        pytest.skip("Triton is not installed: pip install 'fftia-lab[triton]'")


def pytest_pycollect_makemodule(module_path, parent):
    """Skip what needs Triton where it is missing."""
    if not TRITON and module_path.name not in NEED_NO_TRITON:
        return Skipped.from_parent(parent, path=module_path)
    return None


@pytest.fixture(autouse=True)
def fresh_memory_is_nan():
    """Fill memory that PyTorch hands out with NaN, or the largest integer: who reads it is seen."""
    if "torch" not in sys.modules:
        yield
        return
    torch = sys.modules["torch"]
    before = torch.are_deterministic_algorithms_enabled()
    torch.use_deterministic_algorithms(True, warn_only=True)
    yield
    torch.use_deterministic_algorithms(before)


@pytest.fixture(autouse=True)
def memory_is_watched():
    """Let no program reach beyond its tensors, nor two of them meet in memory."""
    if not TRITON or os.environ.get("TRITON_INTERPRET") != "1":
        yield
        return
    from watched_memory import watched

    with watched():
        yield


@pytest.fixture
def device():
    """Where tensors of a test lie: on a GPU unless Triton interprets."""
    return "cpu" if os.environ.get("TRITON_INTERPRET") == "1" else "cuda"
