from .figure import SparseSpectrum as SparseSpectrum
