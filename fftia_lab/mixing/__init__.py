"""Weights that are learned: filters between two transforms, circulants, butterflies of free blocks.

`reference` needs NumPy only. Most names below need PyTorch, which is imported when one is used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

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
    from .spectral import SpectralMixingLayer as SpectralMixingLayer
    from .window import HybridSpectralAttention as HybridSpectralAttention
    from .window import window_attention as window_attention

NAMES = {
    "CirculantAttention": "lags",
    "CirculantLinear": "circulant",
    "DomainError": "domain",
    "FourierMixing": "fourier",
    "FrequencySignal": "domain",
    "GlobalFilter": "fourier",
    "HybridSpectralAttention": "window",
    "LearnedButterfly": "learned",
    "SpectralMLPBlock": "blocks",
    "SpectralMixingLayer": "spectral",
    "TimeSignal": "domain",
    "causal_convolution": "convolution",
    "circulant_attention": "lags",
    "circulant_matmul": "circulant",
    "lag_matrix": "lags",
    "lag_scores": "lags",
    "nearest_circulant": "circulant",
    "toeplitz_matmul": "circulant",
    "window_attention": "window",
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
