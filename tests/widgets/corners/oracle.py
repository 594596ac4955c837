"""What the table of methods must show: a filter over the same table, in Python."""

from fftia_lab.widgets import Corners
from fftia_lab.widgets.corners.tables import COLUMNS, FAMILIES

WIDGET = Corners
PLACE = ("book/related-work", "corners")
BARE = {}
ROWS = [row for rows in FAMILIES.values() for row in rows]
NAMES = [name for name, *_ in ROWS]
LARGEST = {**dict.fromkeys(COLUMNS, True), "method": "StripedHyena 2"}
NUDGES = {".fl-row": "ArrowUp"}
HOSTILE = [
    "cost=1",
    "exact=null",
    "reach=%22true%22",
    "method=Nobody",
    "method=",
    "columns=[]",
    "tables={}",
    "autoplay=true",
]


def demanded(state):
    """The columns that are asked for, as places in a row."""
    return [place for place, key in enumerate(COLUMNS) if state[key]]


def standing(row, state):
    """Whether a row stays in, is out, or is left open by what its source does not say."""
    marks = {row[3 + place][0] for place in demanded(state)}
    return "out" if "-" in marks else "open" if "?" in marks else "in"


def those(state, what):
    return [place for place, row in enumerate(ROWS) if standing(row, state) == what]


def random_state(rng):
    """A state that can be, anywhere in the space of them."""
    asked = {key: bool(rng.random() < 0.4) for key in COLUMNS}
    return {**asked, "method": str(rng.choice(NAMES))}


def check(state, view):
    """Assert that a view is what Python computes for the state."""
    assert view["wanted"] == demanded(state)
    assert view["standings"] == [standing(row, state) for row in ROWS], state
    assert view["kept"] == those(state, "in")
    assert view["open"] == those(state, "open")
    assert view["chosen"] == NAMES.index(state["method"])
    assert [method["name"] for method in view["methods"]] == NAMES
