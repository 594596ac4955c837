"""The figure of crossings: lines of a spectrum that stay above a limit, that go, that come."""

import pytest

from fftia_lab.figures import crossings_figure


def drawn(before, after, part):
    figure = crossings_figure(before, after, part=part, title="t", xlabel="k", alt="Lines.")
    heads = [trace for trace in figure.data if trace.mode == "markers"]
    return figure, {trace.name: dict(zip(trace.x, trace.y, strict=True)) for trace in heads}


def test_lines_are_told_apart_by_where_they_stood_and_stand():
    """Shares before: 1, 0.5, 0.2, 0.05, 0.1; after: 0.5, 0.05, 1, 0.1, 0.1, with a limit of 0.1."""
    figure, heads = drawn([20, 10, 4, 1, 2], [5, 0.5, 10, 1.01, 1], 0.1)
    assert heads == {"2 stay": {0: 50, 2: 100}, "1 go": {1: 5}, "1 come": {3: 10.1}}
    assert len({trace.marker.symbol for trace in figure.data[1::2]}) == 3, "not by colour alone"
    stems = [trace.y for trace in figure.data if trace.mode == "lines"]
    assert all(y[::3] == (10,) * len(y[::3]) for y in stems), "up or down from the limit"
    assert figure.layout.meta["alt"] == "Lines."


def test_nothing_crosses_where_nothing_changes():
    _, heads = drawn([4, 1, 0], [8, 2, 0], 0.2)
    assert heads == {"2 stay": {0: 100, 1: 25}, "0 go": {}, "0 come": {}}
    with pytest.raises(ValueError, match="two rows of one length"):
        drawn([1, 2], [1, 2, 3], 0.2)
