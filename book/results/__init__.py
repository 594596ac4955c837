"""Recorded runs, a JSON file each, imported as fftia_lab.results; fftia_lab.bench wrote them."""
