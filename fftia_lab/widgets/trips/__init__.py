from .figure import Trips as Trips
