from .figure import ReceptiveField as ReceptiveField
