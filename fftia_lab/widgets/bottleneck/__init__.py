from .figure import Bottleneck as Bottleneck
