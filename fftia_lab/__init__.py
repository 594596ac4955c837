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
    from .mixing import DomainError as DomainError
    from .mixing import FourierMixing as FourierMixing
    from .mixing import FrequencySignal as FrequencySignal
    from .mixing import GlobalFilter as GlobalFilter
    from .mixing import SpectralMixingLayer as SpectralMixingLayer
    from .mixing import SpectralMLPBlock as SpectralMLPBlock
    from .mixing import TimeSignal as TimeSignal
    from .mixing import causal_convolution as causal_convolution

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
        "DenseAttention",
        "DomainError",
        "FFTInspiredAttention",
        "FFTInspiredMultiheadAttention",
        "FourierMixing",
        "FrequencySignal",
        "GlobalFilter",
        "SpectralMLPBlock",
        "SpectralMixingLayer",
        "TimeSignal",
        "butterfly_attention",
        "causal_convolution",
        "fft_ia_attention",
        "get_all_butterfly_indices",
        "next_power_of_2",
        "pad_to_power_of_2",
        "swap_attention",
        "unpad",
    ]


def __getattr__(name: str) -> Any:
    for room in ("attention", "mixing"):
        module = import_module(f"{__name__}.{room}")
        if name in module.NAMES:
            return getattr(module, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    lazy = (import_module(f"{__name__}.{room}").NAMES for room in ("attention", "mixing"))
    return sorted({*globals()}.union(*lazy))
