"""The figure of one trip: its lit column is a group, and the arrows are twiddles."""

import numpy as np
import pytest

from fftia_lab.figures import trip_figure
from fftia_lab.transform import dft_matrix


def drawn(size, radix, column):
    """(places of the lit cells in each table, turns of each arrow) read off the figure."""
    figure = trip_figure(size, radix, column=column, alt="A column becomes a row.")
    columns, (numbers, arrows) = size // radix, figure.data
    cells = np.array([(s.x0, s.y0, bool(s.fillcolor)) for s in figure.layout.shapes])
    tables = cells.reshape(3, size, 3)
    places = [set(np.flatnonzero(table[:, 2]).tolist()) for table in tables]
    assert (tables[:, :, 1] == np.arange(size) // columns).all(), "row by row"
    assert np.allclose(np.diff(tables[:, :columns, 0]), 1)
    named = np.column_stack([numbers.x, numbers.y]).reshape(2, size, 2)
    assert np.allclose(named, tables[::2, :, :2] + 0.5), "each number stands in its cell"
    assert list(map(int, numbers.text)) == [*range(size), *range(size)]
    x, y = (np.array(values, dtype=float).reshape(-1, 7) for values in (arrows.x, arrows.y))
    return places, np.arctan2(y[:, 0] - y[:, 1], x[:, 1] - x[:, 0]) / (2 * np.pi)


@pytest.mark.parametrize(
    ("size", "radix", "column"), [(16, 4, 1), (16, 4, 3), (32, 4, 5), (8, 2, 2)]
)
def test_the_trip_it_draws_is_one_of_an_fft(size, radix, column):
    """Samples that are 0 outside of the lit column leave it where the third table is lit."""
    (first, second, third), turns = drawn(size, radix, column)
    x = np.zeros(size, dtype=complex)
    x[sorted(first)] = np.random.default_rng(1).normal(size=radix) + 1
    table = dft_matrix(radix) @ x.reshape(radix, -1)
    assert second == set(np.flatnonzero(table)) == first
    turned = table * np.exp(2j * np.pi * turns.reshape(radix, -1))
    moved = turned.T.ravel()
    assert third == set(np.flatnonzero(moved))
    # The rest of the transform: rows of the other factor, side by side.
    rest = np.fft.fft(moved.reshape(size // radix, radix), axis=0).ravel()
    assert np.allclose(rest, np.fft.fft(x)), "the twiddles are right"


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ((10, 4, 0), ValueError, "the radix must divide the size, 10; got 4"),
        ((16, 4, 4), ValueError, "column must lie in 0 to 3; got 4"),
        ((16, 1.5, 0), TypeError, "radix"),
    ],
)
def test_what_cannot_be_drawn_is_refused(arguments, kind, message):
    with pytest.raises(kind) as caught:
        drawn(*arguments)
    assert message in str(caught.value)
