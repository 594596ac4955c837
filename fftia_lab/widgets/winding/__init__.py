from .figure import Winding as Winding
