from .figure import BitReversal as BitReversal
