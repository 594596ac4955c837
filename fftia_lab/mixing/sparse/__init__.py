"""Spectra of which the largest entries are kept: what they cost, what they are good for.

`reference` needs NumPy only. All names below need PyTorch, which is imported when one is used.
"""

from typing import TYPE_CHECKING

from ...lazy import lazily

if TYPE_CHECKING:
    from .compress import CompressionReport as CompressionReport
    from .compress import compress_linear_layers as compress_linear_layers
    from .linear import SparseSpectralLinear as SparseSpectralLinear
    from .memory import MemoryManager as MemoryManager
    from .models import load_compressed as load_compressed
    from .models import save_compressed as save_compressed
    from .product import FrequencyMatMul as FrequencyMatMul
    from .product import spectral_matmul as spectral_matmul
    from .tensor import SparseSpectralTensor as SparseSpectralTensor
    from .tensor import randn_sst as randn_sst
    from .tensor import sst as sst
    from .tensor import zeros_sst as zeros_sst

NAMES = {
    "CompressionReport": "compress",
    "FrequencyMatMul": "product",
    "MemoryManager": "memory",
    "SparseSpectralLinear": "linear",
    "SparseSpectralTensor": "tensor",
    "compress_linear_layers": "compress",
    "load_compressed": "models",
    "randn_sst": "tensor",
    "save_compressed": "models",
    "spectral_matmul": "product",
    "sst": "tensor",
    "zeros_sst": "tensor",
}


__getattr__ = lazily(__name__, NAMES)


def __dir__() -> list[str]:
    return sorted([*globals(), *NAMES])
