"""Interactive figures, a folder each, alive with and without a kernel. See README.md."""

from .attention_flow import AttentionFlow as AttentionFlow
from .bit_reversal import BitReversal as BitReversal
from .bottleneck import Bottleneck as Bottleneck
from .butterfly import Butterfly as Butterfly
from .corners import Corners as Corners
from .cost_explorer import CostExplorer as CostExplorer
from .factor_product import FactorProduct as FactorProduct
from .filter_lab import FilterLab as FilterLab
from .fusion_plan import FusionPlan as FusionPlan
from .live_benchmark import LiveBenchmark as LiveBenchmark
from .receptive_field import ReceptiveField as ReceptiveField
from .six_meetings import SixMeetings as SixMeetings
from .sparse_spectrum import SparseSpectrum as SparseSpectrum
from .trips import Trips as Trips
from .two_scores import TwoScores as TwoScores
from .winding import Winding as Winding
