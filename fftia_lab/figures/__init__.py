"""Data in, plotly figure out; every figure carries its alternative text in `layout.meta`."""

from .attention import moves_figure as moves_figure
from .attention import weights_figure as weights_figure
from .growth import growth_figure as growth_figure
from .levels import levels_figure as levels_figure
from .loglog import lines_figure as lines_figure
from .matrices import matrix_figure as matrix_figure
from .spectrum import crossings_figure as crossings_figure
from .spectrum import signal_figure as signal_figure
from .spectrum import spectrum_figure as spectrum_figure
from .tables import trip_figure as trip_figure
from .timings import timing_figure as timing_figure
