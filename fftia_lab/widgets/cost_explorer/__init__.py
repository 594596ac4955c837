from .figure import CostExplorer as CostExplorer
