"""Weights that are learned: filters between two transforms, circulants, butterflies of free blocks.

`reference` needs NumPy only. Most names below need PyTorch, which is imported when one is used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .blocks import SpectralMLPBlock as SpectralMLPBlock
    from .convolution import causal_convolution as causal_convolution
    from .domain import DomainError as DomainError
    from .domain import FrequencySignal as FrequencySignal
    from .domain import TimeSignal as TimeSignal
    from .fourier import FourierMixing as FourierMixing
    from .fourier import GlobalFilter as GlobalFilter
    from .spectral import SpectralMixingLayer as SpectralMixingLayer

NAMES = {
    "DomainError": "domain",
    "FourierMixing": "fourier",
    "FrequencySignal": "domain",
    "GlobalFilter": "fourier",
    "SpectralMLPBlock": "blocks",
    "SpectralMixingLayer": "spectral",
    "TimeSignal": "domain",
    "causal_convolution": "convolution",
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
