"""One wiring, three ways to weigh it: the FFT, butterfly attention and spectral mixing.

Importing this package loads NumPy and nothing heavier; what needs PyTorch loads it when it is used.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from .options import StageOptions as StageOptions
from .schedule import BenesSchedule as BenesSchedule
from .schedule import ButterflySchedule as ButterflySchedule
from .schedule import PrefixSchedule as PrefixSchedule
from .schedule import Schedule as Schedule
from .schedule import ShiftSchedule as ShiftSchedule

if TYPE_CHECKING:
    from .attention import DenseAttention as DenseAttention
    from .attention import FFTInspiredAttention as FFTInspiredAttention
    from .attention import FFTInspiredMultiheadAttention as FFTInspiredMultiheadAttention
    from .attention import butterfly_attention as butterfly_attention
    from .attention import fft_ia_attention as fft_ia_attention
    from .attention import get_all_butterfly_indices as get_all_butterfly_indices
    from .attention import next_power_of_2 as next_power_of_2
    from .attention import pad_to_power_of_2 as pad_to_power_of_2
    from .attention import swap_attention as swap_attention
    from .attention import unpad as unpad
    from .mixing import CirculantAttention as CirculantAttention
    from .mixing import CirculantLinear as CirculantLinear
    from .mixing import DomainError as DomainError
    from .mixing import FourierMixing as FourierMixing
    from .mixing import FrequencyMatMul as FrequencyMatMul
    from .mixing import FrequencySignal as FrequencySignal
    from .mixing import GlobalFilter as GlobalFilter
    from .mixing import HybridSpectralAttention as HybridSpectralAttention
    from .mixing import LearnedButterfly as LearnedButterfly
    from .mixing import MemoryManager as MemoryManager
    from .mixing import SparseSpectralTensor as SparseSpectralTensor
    from .mixing import SpectralMixingLayer as SpectralMixingLayer
    from .mixing import SpectralMLPBlock as SpectralMLPBlock
    from .mixing import TimeSignal as TimeSignal
    from .mixing import causal_convolution as causal_convolution
    from .mixing import circulant_attention as circulant_attention
    from .mixing import circulant_matmul as circulant_matmul
    from .mixing import compress_linear_layers as compress_linear_layers
    from .mixing import lag_matrix as lag_matrix
    from .mixing import lag_scores as lag_scores
    from .mixing import nearest_circulant as nearest_circulant
    from .mixing import randn_sst as randn_sst
    from .mixing import spectral_matmul as spectral_matmul
    from .mixing import sst as sst
    from .mixing import toeplitz_matmul as toeplitz_matmul
    from .mixing import window_attention as window_attention
    from .mixing import zeros_sst as zeros_sst

__version__ = "0.1.0"
__all__ = [
    "BenesSchedule",
    "ButterflySchedule",
    "PrefixSchedule",
    "Schedule",
    "ShiftSchedule",
    "StageOptions",
]
if TYPE_CHECKING or find_spec("torch"):  # `import *` asks for nothing that is not there
    __all__ += [
        "CirculantAttention",
        "CirculantLinear",
        "DenseAttention",
        "DomainError",
        "FFTInspiredAttention",
        "FFTInspiredMultiheadAttention",
        "FourierMixing",
        "FrequencyMatMul",
        "FrequencySignal",
        "GlobalFilter",
        "HybridSpectralAttention",
        "LearnedButterfly",
        "MemoryManager",
        "SparseSpectralTensor",
        "SpectralMLPBlock",
        "SpectralMixingLayer",
        "TimeSignal",
        "butterfly_attention",
        "causal_convolution",
        "circulant_attention",
        "circulant_matmul",
        "compress_linear_layers",
        "fft_ia_attention",
        "get_all_butterfly_indices",
        "lag_matrix",
        "lag_scores",
        "nearest_circulant",
        "next_power_of_2",
        "pad_to_power_of_2",
        "randn_sst",
        "spectral_matmul",
        "sst",
        "swap_attention",
        "toeplitz_matmul",
        "unpad",
        "window_attention",
        "zeros_sst",
    ]


# Folders that are loaded when they are named.
PARTS = ("attention", "bench", "cost", "exercises", "kernels", "learn", "mixing", "transform")


def __getattr__(name: str) -> Any:
    if name in PARTS:
        return import_module(f"{__name__}.{name}")
    for room in ("attention", "mixing"):
        module = import_module(f"{__name__}.{room}")
        if name in module.NAMES:
            return getattr(module, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    lazy = (import_module(f"{__name__}.{room}").NAMES for room in ("attention", "mixing"))
    return sorted({*globals(), *PARTS}.union(*lazy))
