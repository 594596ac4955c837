"""Spectra of which the largest entries are kept: what they cost, what they are good for."""
