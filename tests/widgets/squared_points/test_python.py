"""The widget SquaredPoints without a browser: what it takes and refuses."""

import pytest
from traitlets import TraitError

from fftia_lab.widgets import SquaredPoints


def test_repr_is_the_same_in_every_run():
    assert repr(SquaredPoints()) == "SquaredPoints()"
    text = "SquaredPoints(call=3, fold=2.5, k=2.5, n=16)"
    assert repr(SquaredPoints(n=16, k=2.5, fold=2.5, call=3)) == text


@pytest.mark.parametrize(
    ("values", "kind", "message"),
    [
        ({"n": 2}, TraitError, "n must be one of (4, 8, 16); got 2"),
        ({"k": 8}, TraitError, "k must lie in 0 to below 8; got 8"),
        ({"k": -0.5}, TraitError, "k must lie in 0 to below 8; got -0.5"),
        ({"k": float("nan")}, TraitError, "k must lie in 0 to below 8; got nan"),
        ({"fold": 3.5}, TraitError, "fold must lie in 0 to 3; got 3.5"),
        ({"fold": 2, "call": 4}, TraitError, "call must lie in 0 to 3 at fold=2; got 4"),
        ({"call": 1}, TraitError, "call must lie in 0 to 0 at fold=0; got 1"),
        ({"z": 1}, TypeError, "has no argument 'z'; it takes autoplay, call, fold, k"),
    ],
)
def test_bad_values_are_refused(values, kind, message):
    with pytest.raises(kind) as caught:
        SquaredPoints(**values)
    assert message in str(caught.value)
