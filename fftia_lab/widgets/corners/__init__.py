from .figure import Corners as Corners
