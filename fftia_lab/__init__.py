"""One wiring, three ways to weigh it: the FFT, butterfly attention and spectral mixing.

Importing this package loads NumPy and nothing heavier.
"""

from .schedule import BenesSchedule as BenesSchedule
from .schedule import ButterflySchedule as ButterflySchedule
from .schedule import Schedule as Schedule
from .schedule import ShiftSchedule as ShiftSchedule

__version__ = "0.1.0"
