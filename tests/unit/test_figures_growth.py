"""The growth figure draws what it is given, on logarithmic axes, and refuses what has none."""

import pytest

from fftia_lab.figures import growth_figure


def drawn(costs):
    return growth_figure([8, 16, 32], costs, title="Costs", ylabel="operations", alt="Two lines.")


def test_every_cost_is_drawn_with_its_own_colour_dash_and_symbol():
    figure = drawn({"definition": [64, 256, 1024], "recursion": [12, 32, 80]})
    assert [list(trace.y) for trace in figure.data] == [[64, 256, 1024], [12, 32, 80]]
    assert [list(trace.x) for trace in figure.data] == [[8, 16, 32]] * 2
    for look in ("line.color", "line.dash", "marker.symbol"):
        first, second = (trace[look] for trace in figure.data)
        assert first != second, look
    assert figure.layout.xaxis.type == figure.layout.yaxis.type == "log"
    assert figure.layout.meta["alt"] == "Two lines."


@pytest.mark.parametrize(
    ("costs", "message"),
    [
        ({}, "draws 1 to 4 costs; got 0"),
        ({str(i): [1, 1, 1] for i in range(5)}, "draws 1 to 4 costs; got 5"),
        ({"free": [0, 1, 2]}, "'free' must hold 3 positive numbers"),
        ({"short": [1, 2]}, "'short' must hold 3 positive numbers, one a size"),
        ({"none": [1, float("nan"), 2]}, "'none' must hold 3 positive numbers"),
    ],
)
def test_what_cannot_be_drawn_is_refused(costs, message):
    with pytest.raises(ValueError) as caught:
        drawn(costs)
    assert message in str(caught.value)
