"""Fixed weights: the discrete Fourier transform, by definition and by its fast algorithms.

To learn from: dft, fft_recursive, fft_iterative, fft_stockham, fft_four_step, butterfly_factors.
To use: fft, ifft, rfft, irfft, which take every length and axis as NumPy does; radices says how.

All functions follow NumPy: forward sign e^{-2πi jk/N}, nothing divided on the way forward.
"""

from ..schedule import bit_reversal as bit_reversal
from .factors import butterfly_factors as butterfly_factors
from .fast import fft as fft
from .fast import ifft as ifft
from .fast import irfft as irfft
from .fast import radices as radices
from .fast import rfft as rfft
from .four_step import fft_four_step as fft_four_step
from .iterative import fft_iterative as fft_iterative
from .iterative import fft_stage as fft_stage
from .recursive import fft_recursive as fft_recursive
from .reference import dft as dft
from .reference import dft_matrix as dft_matrix
from .reference import roots_of_unity as roots_of_unity
from .reference import twiddles as twiddles
from .stockham import fft_stockham as fft_stockham
