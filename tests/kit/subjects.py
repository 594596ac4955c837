"""Every widget under test: a folder of tests/widgets. Its oracle says with Python what it shows:

WIDGET        its class
PLACE         (page of the book, name of the figure there)
BARE          traits of the instance on the test's own page, with all its handles to be seen
LARGEST       the state that costs most to draw
NUDGES        selector of each handle -> a key that changes the state
HOSTILE       queries of deep links that must be refused
random_state  rng -> a state that can be, anywhere in the space of them
check         (state, view) -> asserts that the view is what Python computes
"""

from importlib import import_module

from paths import ROOT

FOLDERS = sorted(path.parent.name for path in (ROOT / "tests/widgets").glob("*/oracle.py"))
SUBJECTS = [import_module(f"widgets.{folder}.oracle") for folder in FOLDERS]


def name_of(subject):
    return subject.WIDGET.__name__.lower()
