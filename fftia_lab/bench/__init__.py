"""Measure, record, read back: `python -m fftia_lab.bench run fft` repeats what the book shows."""

from .measure import Settings as Settings
from .measure import WrongAnswer as WrongAnswer
from .measure import measure as measure
from .record import IncompleteRecord as IncompleteRecord
from .record import Record as Record
from .record import find as find
from .record import find_peak as find_peak
from .record import floors_of as floors_of
from .record import load as load
from .record import medians as medians
from .record import recorded as recorded
from .suite import run_here as run_here
