"""Data in, plotly figure out; every figure carries its alternative text in `layout.meta`."""

from .matrices import matrix_figure as matrix_figure
from .spectrum import signal_figure as signal_figure
from .spectrum import spectrum_figure as spectrum_figure
