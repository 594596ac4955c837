"""The widget `butterfly` shows what the library computes, and fits where it stands."""

import itertools
import re

import numpy as np
import pytest
from widgets.butterfly import oracle

from fftia_lab.widgets import Butterfly


def spoken_number(text):
    """Read a complex number as the figure writes it."""
    return complex(text.replace("−", "-").replace(" ", "").replace("i", "j"))


NODES = [[1, 0], [1, 5], [2, 1], [2, 7], [3, 2], [3, 6]]


def test_the_card_tells_one_product_and_both_sums_of_it(twist):
    _, figure = twist()
    signs = set()
    for decimation, node in itertools.product(["time", "frequency"], NODES):
        turned = [0, 0, 0.125] if decimation == "time" else []
        figure.set(decimation=decimation, node=node, twist=turned, signal="sunspots", stage=3)
        card = figure.root.locator(".fl-card > div").all_inner_texts()
        state = figure.state()
        (column, row), columns = node, oracle.show(state)["columns"]
        stride = oracle.schedule_of(state).strides[column - 1]
        low, high = row & ~stride, row | stride
        top, bottom = columns[column][low], columns[column][high]
        product = (top - bottom) / 2 if decimation == "time" else bottom
        for line, wanted in zip(card, (product, top, bottom), strict=True):
            result = re.split("[=≈]", line)[-1]
            assert abs(spoken_number(result) - wanted) < 0.008, (node, line)
        for line in card[: 3 if decimation == "time" else 2]:
            numbers, sign, result = re.fullmatch(r".*= (.*?) ([=≈]) (.*?)", line).groups()
            shown = eval(re.sub(r"([\d.]+)i", r"\1j", numbers.replace("−", "-").replace("·", "*")))
            off = shown - spoken_number(result)
            assert abs(off) < 0.03, f"the numbers add up: {line}"
            assert (sign == "=") == (max(abs(off.real), abs(off.imag)) < 0.00501), line
            signs.add(sign)
        chosen = figure.root.locator(".fl-card .fl-on").inner_text()
        assert chosen == card[1 + (row == high)], "the chosen one is marked"
    assert signs == {"=", "≈"}, "what is rounded says so"


def test_an_impossible_wish_becomes_a_possible_state(twist):
    _, figure = twist()
    for wish in ({"schedule": "shift"}, {"causal": True}, {"schedule": "benes"}):
        figure.set(**wish)
        assert figure.state()["weights"] == "average", wish
        figure.set(weights="fft")
        state = figure.state()
        possible = state["schedule"], state["causal"], state["weights"]
        assert possible == ("butterfly", False, "fft"), wish


@pytest.mark.parametrize("wish", [{"schedule": "shift"}, {"causal": True}])
def test_what_was_learned_stays_on_its_wires_and_gates_go_anywhere(solo, wish):
    _, figure = solo(Butterfly, weights="learned")
    figure.set(**wish)
    assert figure.state()["weights"] == "average"
    figure.set(weights="gates")
    assert {name: figure.state()[name] for name in wish} == wish
    figure.set(weights="learned")
    state = figure.state()
    assert (state["schedule"], state["causal"], state["weights"]) == ("butterfly", False, "learned")


@pytest.mark.parametrize("weights", ["gates", "learned"])
def test_the_card_weighs_what_meets(solo, weights):
    """Two weights, two values, and their sum: as written, and as NumPy has it."""
    _, figure = solo(Butterfly, weights=weights, signal="two waves", stage=3)
    for column, row in ((1, 2), (2, 5), (3, 0)):
        figure.set(node=[column, row])
        state = figure.state()
        text = figure.root.locator(".fl-card").inner_text().replace("−", "-")
        *terms, result = [float(x) for x in re.findall(r"-?\d+\.\d+", text)]
        assert abs(terms[0] * terms[1] + terms[2] * terms[3] - result) < 0.02, text
        matrix = oracle.stage_matrices(state, [])[column - 1]
        partner = row ^ 2 ** (column - 1)
        assert np.allclose([terms[0], terms[2]], matrix[row, [row, partner]], atol=0.006)
        assert abs(result - oracle.show(state)["columns"][column][row].real) < 0.006


def test_everything_fits_and_can_be_hit(twist):
    tab, figure = twist()
    for width, n in itertools.product([360, 768, 1600], [2, 8, 64]):
        tab.page.set_viewport_size({"width": width, "height": 900})
        tab.settle()
        figure.set(n=n, stage=1, node=[1, 1])
        assert figure.root.evaluate(CRAMPED) == [], (width, n)


CRAMPED = """root => {
  const frame = root.getBoundingClientRect(), found = [], all = q => [...root.querySelectorAll(q)];
  for (const text of all('.fl-drawing text')) {
    const box = text.getBoundingClientRect();
    const inside = box.left > frame.left - 1 && box.right < frame.right + 1;
    if (!inside) found.push('out: ' + text.textContent);
  }
  const labels = all('.fl-label').map(e => [e.textContent, e.getBoundingClientRect()]);
  labels.forEach(([one, a], i) => labels.slice(i + 1).forEach(([two, b]) => {
    const across = a.left < b.right && b.left < a.right;
    const along = a.top + 4 < b.bottom && b.top + 4 < a.bottom;
    if (across && along) found.push(`overlap: ${one} ${two}`);
  }));
  for (const hand of all('button, select, input, summary')) {
    const box = (hand.type === 'checkbox' ? hand.closest('label') : hand).getBoundingClientRect();
    const hidden = !box.width && !box.height;
    if (!hidden && Math.min(box.width, box.height) < 23.9) found.push('small: ' + hand.outerHTML);
  }
  return found;
}"""


def test_on_a_phone_play_and_the_sentence_follow_the_drawing(twist):
    _, figure = twist(viewport={"width": 360, "height": 740})
    parts = (".fl-area", ".fl-timeline", ".fl-status", ".fl-bet", ".fl-head", ".fl-scenes")
    tops = [figure.root.locator(part).bounding_box()["y"] for part in parts]
    assert tops == sorted(tops)
    area = figure.root.locator(".fl-area").bounding_box()
    assert tops[1] - (area["y"] + area["height"]) < 24, "nothing stands between"
