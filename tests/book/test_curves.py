"""The measured figure of a prose page is what the run says."""

import json
import re

import numpy as np
import pytest
from paths import ROOT

from fftia_lab.publish.curves import Curves, curves_of, drawn, step_of

RUN = json.loads((ROOT / "book/results/attention.json").read_text("utf-8"))
SERIES, NAMES = "forward, float32", {"butterfly": "in <pairs>", "dense": "dense"}


def medians(contender):
    """Size -> seconds, read off the file."""
    return {
        one["shape"][-1]: one["seconds"]["median"]
        for one in RUN["entries"]
        if one["series"] == SERIES and one["contender"] == contender
    }


def test_both_lines_go_through_what_was_measured():
    html = drawn(curves_of(RUN, SERIES, NAMES), "tokens")
    top = max(medians("dense").values())
    for side, contender in (("what", "butterfly"), ("against", "dense")):
        line = re.search(rf'class="lab-{side}" d="M([^"]+)"', html)[1]
        x, y = np.array([place.split() for place in line.split("L")], dtype=float).T
        sizes, seconds = np.array([*medians(contender).items()]).T
        np.testing.assert_allclose(x / 100, sizes / sizes.max(), atol=1e-4)
        up = (100 - y) / 100
        np.testing.assert_allclose(up / up.max(), seconds / seconds.max(), atol=2e-2)
        assert abs(up.max() * 1.06 * top - seconds.max()) < 0.01 * top, "from 0, on one scale"


def test_the_numbers_stand_below_it_and_words_are_words():
    html = drawn(curves_of(RUN, SERIES, NAMES), "tokens")
    rows = re.findall(r"<tr><td>([^<]+)</td>.*?<td>([^<]+)</td></tr>", html)
    ours, dense = medians("butterfly"), medians("dense")
    assert [int(size.replace(",", "")) for size, _ in rows] == sorted(ours)
    for size, times in rows:
        n = int(size.replace(",", ""))
        assert abs(float(times) / (dense[n] / ours[n]) - 1) < 0.01
    assert "<pairs>" not in html and "in &lt;pairs&gt;" in html
    assert re.search(r'role="img" aria-label="Time over the number of tokens\. At 32,768: ', html)


def test_marks_are_few_and_round():
    for top in (0.0031, 0.9, 1, 4, 12.25, 977):
        step = step_of(top)
        assert 1 < top / step <= 4 and f"{step:e}"[0] in "125"


@pytest.mark.parametrize("names", [{}, {"dense": "a"}, {"dense": "a", "nobody": "b"}])
def test_what_cannot_be_compared_is_refused(names):
    with pytest.raises(ValueError, match=r"two contenders are compared|needs two sizes"):
        curves_of(RUN, SERIES, names)


def test_the_longest_is_the_top():
    assert Curves((1, 2), ("a", (1.0, 2.0)), ("b", (3.0, 1.0)), (3.0, 0.5)).top == 3
