"""The Python side of the widget Corners: what it takes, refuses and says."""

import pytest
from traitlets import TraitError
from widgets.corners import oracle

from fftia_lab.widgets import Corners


def test_it_opens_with_something_demanded_and_the_row_of_this_book():
    figure = Corners()
    state = {name: getattr(figure, name) for name in Corners.STATE}
    assert 0 < len(oracle.those(state, "in")) < len(oracle.ROWS)
    assert figure.method == oracle.NAMES[-1] == "The layer of this book"
    assert repr(figure) == "Corners()"


def test_demands_and_the_row_hang_on_nothing():
    figure = Corners()
    for name in oracle.COLUMNS:
        before = {other: getattr(figure, other) for other in Corners.STATE if other != name}
        setattr(figure, name, not getattr(figure, name))
        assert {other: getattr(figure, other) for other in before} == before


@pytest.mark.parametrize(
    ("values", "kind", "message"),
    [
        ({"method": "Nobody"}, TraitError, "Nobody"),
        ({"cost": "yes"}, TraitError, "cost"),
        ({"speed": True}, TypeError, "has no argument 'speed'; it takes autoplay, causal, cost"),
    ],
)
def test_bad_values_are_refused(values, kind, message):
    with pytest.raises(kind, match=message):
        Corners(**values)
