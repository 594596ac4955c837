"""Weights that are learned: filters between two transforms, circulants, butterflies of free blocks.

`reference` needs NumPy only. Most names below need PyTorch, which is imported when one is used.
"""

from typing import TYPE_CHECKING

from ..lazy import lazily

if TYPE_CHECKING:
    from .blocks import SpectralMLPBlock as SpectralMLPBlock
    from .circulant import CirculantLinear as CirculantLinear
    from .circulant import circulant_matmul as circulant_matmul
    from .circulant import nearest_circulant as nearest_circulant
    from .circulant import toeplitz_matmul as toeplitz_matmul
    from .convolution import causal_convolution as causal_convolution
    from .domain import DomainError as DomainError
    from .domain import FrequencySignal as FrequencySignal
    from .domain import TimeSignal as TimeSignal
    from .fourier import FourierMixing as FourierMixing
    from .fourier import GlobalFilter as GlobalFilter
    from .lags import CirculantAttention as CirculantAttention
    from .lags import circulant_attention as circulant_attention
    from .lags import lag_matrix as lag_matrix
    from .lags import lag_scores as lag_scores
    from .learned import LearnedButterfly as LearnedButterfly
    from .sparse.compress import compress_linear_layers as compress_linear_layers
    from .sparse.memory import MemoryManager as MemoryManager
    from .sparse.product import FrequencyMatMul as FrequencyMatMul
    from .sparse.product import spectral_matmul as spectral_matmul
    from .sparse.tensor import SparseSpectralTensor as SparseSpectralTensor
    from .sparse.tensor import randn_sst as randn_sst
    from .sparse.tensor import sst as sst
    from .sparse.tensor import zeros_sst as zeros_sst
    from .spectral import SpectralMixingLayer as SpectralMixingLayer
    from .window import HybridSpectralAttention as HybridSpectralAttention
    from .window import window_attention as window_attention

NAMES: dict[str, str] = {
    "CirculantAttention": "lags",
    "CirculantLinear": "circulant",
    "DomainError": "domain",
    "FourierMixing": "fourier",
    "FrequencyMatMul": "sparse.product",
    "FrequencySignal": "domain",
    "GlobalFilter": "fourier",
    "HybridSpectralAttention": "window",
    "LearnedButterfly": "learned",
    "MemoryManager": "sparse.memory",
    "SparseSpectralTensor": "sparse.tensor",
    "SpectralMLPBlock": "blocks",
    "SpectralMixingLayer": "spectral",
    "TimeSignal": "domain",
    "causal_convolution": "convolution",
    "circulant_attention": "lags",
    "circulant_matmul": "circulant",
    "compress_linear_layers": "sparse.compress",
    "lag_matrix": "lags",
    "lag_scores": "lags",
    "nearest_circulant": "circulant",
    "randn_sst": "sparse.tensor",
    "spectral_matmul": "sparse.product",
    "sst": "sparse.tensor",
    "toeplitz_matmul": "circulant",
    "window_attention": "window",
    "zeros_sst": "sparse.tensor",
}


__getattr__ = lazily(__name__, NAMES)


def __dir__() -> list[str]:
    return sorted([*globals(), *NAMES])
