from .figure import FactorProduct as FactorProduct
