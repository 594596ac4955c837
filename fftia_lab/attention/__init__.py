"""Weights from the data: a token attends to one partner a stage, and so hears all in log N.

`reference` needs NumPy only. The names below need PyTorch, which is imported when one is used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .dropin import FFTInspiredMultiheadAttention as FFTInspiredMultiheadAttention
    from .dropin import swap_attention as swap_attention
    from .functional import butterfly_attention as butterfly_attention
    from .layers import DenseAttention as DenseAttention
    from .layers import FFTInspiredAttention as FFTInspiredAttention

_HOMES = {
    "DenseAttention": "layers",
    "FFTInspiredAttention": "layers",
    "FFTInspiredMultiheadAttention": "dropin",
    "butterfly_attention": "functional",
    "swap_attention": "dropin",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    except ModuleNotFoundError as error:
        if error.name != "torch":
            raise
        raise ModuleNotFoundError(
            f"{name} needs PyTorch: pip install 'fftia-lab[torch]'", name="torch"
        ) from None


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
