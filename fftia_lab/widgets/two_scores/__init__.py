from .figure import TwoScores as TwoScores
