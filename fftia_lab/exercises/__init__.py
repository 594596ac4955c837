"""One checker an exercise: it says what is right, or which typical mistake it recognises."""

from ._verdict import Verdict as Verdict
from .butterfly import check_fft as check_fft
from .butterfly import check_inverse as check_inverse
