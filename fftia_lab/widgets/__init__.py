"""Interactive figures: one NAME.py and one NAME.js each, alive with and without a kernel."""

from .butterfly import Butterfly as Butterfly
