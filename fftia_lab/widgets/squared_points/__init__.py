from .figure import SquaredPoints as SquaredPoints
