"""Fixed weights: the discrete Fourier transform, by definition and by its fast algorithms.

All functions follow NumPy: forward sign e^{-2πi jk/N}, nothing divided on the way forward.
"""

from ..schedule import bit_reversal as bit_reversal
from .factors import butterfly_factors as butterfly_factors
from .iterative import fft_iterative as fft_iterative
from .iterative import fft_stage as fft_stage
from .reference import dft as dft
from .reference import dft_matrix as dft_matrix
from .reference import twiddles as twiddles
from .stockham import fft_stockham as fft_stockham
