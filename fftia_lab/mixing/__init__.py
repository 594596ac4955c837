"""Weights that are learned: filters between two transforms, circulants, butterflies of free blocks.

`reference` needs NumPy only. Most names below need PyTorch, which is imported when one is used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .sparse.compress import compress_linear_layers as compress_linear_layers
    from .sparse.memory import MemoryManager as MemoryManager
    from .sparse.product import FrequencyMatMul as FrequencyMatMul
    from .sparse.product import spectral_matmul as spectral_matmul
    from .sparse.tensor import SparseSpectralTensor as SparseSpectralTensor
    from .sparse.tensor import randn_sst as randn_sst
    from .sparse.tensor import sst as sst
    from .sparse.tensor import zeros_sst as zeros_sst

NAMES: dict[str, str] = {
    "FrequencyMatMul": "sparse.product",
    "MemoryManager": "sparse.memory",
    "SparseSpectralTensor": "sparse.tensor",
    "compress_linear_layers": "sparse.compress",
    "randn_sst": "sparse.tensor",
    "spectral_matmul": "sparse.product",
    "sst": "sparse.tensor",
    "zeros_sst": "sparse.tensor",
}


def __getattr__(name: str) -> Any:
    if name not in NAMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(import_module(f"{__name__}.{NAMES[name]}"), name)
    except ModuleNotFoundError as error:
        if error.name != "torch":
            raise
        raise ModuleNotFoundError(
            f"{name} needs PyTorch: pip install 'fftia-lab[torch]'", name="torch"
        ) from None


def __dir__() -> list[str]:
    return sorted([*globals(), *NAMES])
