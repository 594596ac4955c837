"""The widget SquaredPoints without a browser: what it takes and refuses, and what its card says."""

import re
from decimal import Decimal

import numpy as np
import pytest
from traitlets import TraitError
from widgets.squared_points import oracle

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


def parts(text):
    """The real and the imaginary part of a printed number, exactly."""
    text = text.strip("() ").replace("−", "-").replace(" ", "")
    real, imaginary = re.fullmatch(r"(-?[\d.]+(?![\d.i]))?([+-]?[\d.]+i)?", text).groups()
    return np.array([Decimal(real or 0), Decimal((imaginary or "0i").removesuffix("i"))])


def product(one, other):
    """Of two complex numbers as pairs of decimals."""
    (a, b), (c, d) = one, other
    return np.array([a * c - b * d, a * d + b * c])


CARD = """
const { arithmetic } = await import("./squared_points/words.js");
const view = makeView(model);
answer(given.states.map((state) => {
  const kept = settled(state), plain = (part) => Array.isArray(part) ? part[1] : part;
  return arithmetic(kept, view(kept)).map((line) => line.map(plain).join(""));
}));
"""


def test_printed_numbers_give_what_is_printed_or_the_sign_says_that_they_do_not(engine):
    """1.27 − (−0.88i) = 1.27 + 0.88i; where the value is 1.26 + 0.88i, "≈" stands before it."""
    rng, signs = np.random.default_rng(7), []
    states = [oracle.random_state(rng) for _ in range(60)]
    for card in engine.of(SquaredPoints(), CARD, states=states):
        for line in card[1:]:
            numbers, sign, result = re.fullmatch(r".* = (.*) ([=≈]) (.*)", line).groups()
            one, mark, other = re.fullmatch(r"(\(.*?\)|[^ ]+) ([·+−]) (.*)", numbers).groups()
            one, other = parts(one), parts(other)
            made = product(one, other) if mark == "·" else one + other * (1 if mark == "+" else -1)
            off = max(abs(made - parts(result)))
            assert off < Decimal("0.04"), line
            assert (sign == "=") == (off <= Decimal("0.005")), line
            signs.append(sign)
    assert {"=", "≈"} == set(signs)
