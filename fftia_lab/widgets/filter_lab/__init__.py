from .figure import FilterLab as FilterLab
