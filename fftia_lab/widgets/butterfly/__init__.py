from .figure import Butterfly as Butterfly
