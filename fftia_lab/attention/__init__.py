"""Weights from the data: a token attends to one partner a stage, and so hears all in log N.

`reference` needs NumPy only. Most names below need PyTorch, which is imported when one is used.
"""

from typing import TYPE_CHECKING

from ..lazy import lazily

if TYPE_CHECKING:
    from .dropin import FFTInspiredMultiheadAttention as FFTInspiredMultiheadAttention
    from .functional import butterfly_attention as butterfly_attention
    from .layers import DenseAttention as DenseAttention
    from .layers import FFTInspiredAttention as FFTInspiredAttention
    from .published_names import fft_ia_attention as fft_ia_attention
    from .published_names import get_all_butterfly_indices as get_all_butterfly_indices
    from .published_names import next_power_of_2 as next_power_of_2
    from .published_names import pad_to_power_of_2 as pad_to_power_of_2
    from .published_names import unpad as unpad
    from .swap import swap_attention as swap_attention

NAMES = {
    "DenseAttention": "layers",
    "FFTInspiredAttention": "layers",
    "FFTInspiredMultiheadAttention": "dropin",
    "butterfly_attention": "functional",
    "fft_ia_attention": "published_names",
    "get_all_butterfly_indices": "published_names",
    "next_power_of_2": "published_names",
    "pad_to_power_of_2": "published_names",
    "swap_attention": "swap",
    "unpad": "published_names",
}


__getattr__ = lazily(__name__, NAMES)


def __dir__() -> list[str]:
    return sorted([*globals(), *NAMES])
