"""The drawing of `butterfly` says what is so: its scale, its names, its signs, its dial."""

import math
import re

import numpy as np
import pytest
from kit.figures import mouse_drag, press
from widgets.butterfly import oracle
from widgets.butterfly.page import POINT, arrows, bars, layer, length, names, part, places, stroke

from fftia_lab.schedule import bit_reversal
from fftia_lab.widgets import Butterfly

WIDTHS = (360, 900)
FLAT = [0.5, -0.25, 0.75, 0.35, -0.6, 0.45, -0.15, 0.8]

# ---- arrows ------------------------------------------------------------------------------------


def test_only_what_has_heard_a_sample_moves_with_it(solo):
    tab, figure = solo(Butterfly, samples=FLAT, stage=3)
    opening = figure.state()
    for decimation in ("time", "frequency"):
        figure.set(**{**opening, "decimation": decimation})
        check_only_what_has_heard_moves(tab, figure, decimation)


def check_only_what_has_heard_moves(tab, figure, decimation):
    before, old = arrows(figure), oracle.show(figure.state())["columns"]
    pad = figure.root.locator(".fl-pad").bounding_box()
    y = pad["y"] + pad["height"] * 1.5 / 8  # the bar of sample 1
    mouse_drag(tab.page, (pad["x"] + pad["width"] * 0.4, y), (pad["x"] + pad["width"] * 0.95, y))
    figure.settle()
    after, new = arrows(figure), oracle.show(figure.state())["columns"]
    assert figure.state()["samples"][1] > 0.8
    row = bit_reversal(8).tolist().index(1) if decimation == "time" else 1
    reach = [oracle.schedule_of(figure.state()).reach(column)[:, row] for column in range(4)]
    assert [hears.sum() for hears in reach] == [1, 2, 4, 8]
    for column, hears in enumerate(reach):
        for node in [(column, i) for i in range(8)]:
            if not hears[node[1]]:
                assert after.get(node) == before.get(node), f"{node} has not heard it: {decimation}"
            elif abs(new[column][node[1]] - old[column][node[1]]) > 0.5:
                assert after.get(node) != before.get(node), f"{node} has heard it: {decimation}"


def test_a_column_has_one_scale_whatever_the_signal(solo):
    _, figure = solo(Butterfly, stage=3)
    for weights in ("fft", "average"):
        areas = [[] for _ in range(4)]
        for signal in ("sunspots", "click", "ramp", "square", "one wave"):
            figure.set(weights=weights, signal=signal)
            columns = oracle.show(figure.state())["columns"]
            for (column, row), arrow in arrows(figure).items():
                value = abs(columns[column][row])
                if value > 0.1:
                    areas[column].append(length(arrow) ** 2 / value)
        for found in areas:
            assert np.ptp(found) < 0.1 * np.mean(found), f"the value alone tells it: {weights}"


def test_the_largest_number_that_can_be_still_fits(solo):
    _, figure = solo(Butterfly, samples=[1.0] * 8, stage=3)
    found = arrows(figure)
    _, radius = places(figure)
    longest = {length(found[column, 0]) for column in range(4)}
    assert max(longest) == pytest.approx(min(longest), abs=0.2), "1, 2, 4 and 8 are all they can be"
    assert max(longest) < 2 * 1.5 * radius


# ---- names, roles and signs ---------------------------------------------------------------------


def near(names, column, row, centres):
    """The name that stands with a node."""
    return min(names, key=lambda name: math.dist(name[1:3], centres[column, row]))


def test_the_halves_are_named_in_their_colours(solo):
    _, figure = solo(Butterfly, stage=3)
    colours = {role: figure.colour(role) for role in ("self", "partner")}
    for node in ([3, 1], [3, 5], []):
        figure.set(node=node)
        (centres, _), found = places(figure), names(figure)
        for row in range(8):
            text, _, _, fill = near(found, 2, row, centres)
            letter, role = ("E", "self") if row < 4 else ("O", "partner")
            assert (text, fill) == (letter + "₀₁₂₃"[row % 4], colours[role]), node
        for role, rows in (("self", (0, 3)), ("partner", (4, 7))):
            bracket = f"half-{role}"
            assert stroke(figure, bracket)[0] == colours[role], node
            ends = re.match(r"[-\d.]+ ([-\d.]+)H[-\d.]+V([-\d.]+)h", layer(figure, bracket)[0])
            top, end = map(float, ends.groups())
            wanted = centres[2, rows[0], 1], centres[2, rows[1], 1]
            assert (top, end) == pytest.approx(wanted, abs=15), "the bracket holds its half"


def test_wires_have_the_colour_of_the_half_that_they_carry(solo):
    _, figure = solo(Butterfly, stage=3)
    for row, straight, across in (
        (1, ("own", "self"), ("cross", "partner")),
        (5, ("own-odd", "partner"), ("cross-even", "self")),
    ):
        figure.set(node=[3, row])
        last = places(figure)[0][3, row]
        for (name, role), dashed in ((straight, False), (across, True)):
            assert stroke(figure, name) == [figure.colour(role), dashed], row
            ends = [np.array(POINT.findall(wire), dtype=float)[-1] for wire in layer(figure, name)]
            assert min(np.hypot(*(end - last)) for end in ends) < 15, "it leads into the node"


# Both have a halo.
ANGLES_ON_NAMES = """root => {
  const boxes = (name) => [...root.querySelectorAll(`.fl-drawing .fl-${name}`)]
    .map((one) => [one.textContent, one.getBBox()]);
  return boxes('angle').flatMap(([angle, a]) => boxes('name')
    .filter(([, b]) => a.x < b.x + b.width + 3 && b.x < a.x + a.width + 3
      && a.y < b.y + b.height && b.y < a.y + a.height).map(([name]) => [angle, name]));
}"""


def test_an_angle_stands_beside_the_name_of_its_node(hands):
    for _, _, figure in hands(Butterfly, (), (620, 690, 900), stage=2.5):
        for decimation in ("time", "frequency"):
            figure.set(decimation=decimation)
            assert figure.root.evaluate(ANGLES_ON_NAMES) == [], decimation


FORMULAS = [
    ("time", [3, 1], ("X₁ = ", "E₁", " + ", "w¹", " · ", "O₁")),
    ("time", [3, 5], ("X₅ = ", "E₁", " − ", "w¹", " · ", "O₁")),
    ("time", [2, 7], ("", "E₁", " − ", "w²", " · ", "O₁")),
    ("time", [1, 1], ("", "x₀", " − ", "w⁰", " · ", "x₄")),
    ("frequency", [1, 6], ("", "w²", " · (", "x₂", " − ", "x₆", ")")),
    ("frequency", [2, 5], ("", "a₁", " + ", "b₁")),
    ("frequency", [3, 3], ("X₆ = ", "w⁰", " · (", "a₀", " − ", "b₀", ")")),
]


def test_the_card_names_what_meets_as_the_chapters_do(solo):
    _, figure = solo(Butterfly, stage=3)
    card = figure.root.locator(".fl-card .fl-on")
    for decimation, node, wanted in FORMULAS:
        figure.set(decimation=decimation, node=node)
        assert card.inner_text().startswith("".join(wanted) + " = "), node
        inputs = [text for text in wanted if text[:1] in "EOxab" and text]
        roles = [card.get_by_text(text, exact=True).get_attribute("class") for text in inputs]
        assert roles == ["fl-self", "fl-partner"], f"upper half, then lower: {decimation}, {node}"


def test_both_outputs_of_a_pair_are_lit_with_their_one_product(hands):
    """In time its two wires part at the twiddle; whichever output is chosen, both are ringed."""
    for _, _, figure in hands(Butterfly, (), WIDTHS, stage=3):
        for decimation, column, low, stride in (("time", 3, 1, 4), ("frequency", 1, 2, 4)):
            for row in (low, low + stride):
                figure.set(decimation=decimation, node=[column, row])
                check_pair(figure, decimation, column, {low, low + stride}, row)
        figure.set(weights="average", node=[2, 3])
        assert layer(figure, "ring-other") == layer(figure, "product") == []


def check_pair(figure, decimation, column, rows, row):
    centres, _ = places(figure)
    rings = [ring_at(figure, name) for name in ("ring", "ring-other")]
    wanted = [centres[column, one] for one in (row, *rows - {row})]
    np.testing.assert_allclose(rings, wanted, atol=0.2)
    product = ring_at(figure, "product")
    assert product[1] == pytest.approx(centres[column, max(rows), 1], abs=0.2)
    kinds = ("own", "own-odd", "cross", "cross-even")
    lit = [np.array(POINT.findall(w), dtype=float) for name in kinds for w in layer(figure, name)]
    last = [wire for wire in lit if abs(wire[-1, 0] - centres[column, 0, 0]) < 20]
    reached = [int(np.hypot(*(centres[column] - wire[-1]).T).argmin()) for wire in last]
    assert sorted(reached) == sorted([*rows, *rows]), "two wires lead into each"
    bends = [wire[1] for wire in last if len(wire) == 3]
    wanted = [product] if decimation == "time" else []
    np.testing.assert_allclose(np.reshape(bends, (-1, 2)), np.reshape(wanted, (-1, 2)), atol=0.2)
    assert f"Rows {min(rows)} and {max(rows)} need one product" in figure.says()


def ring_at(figure, name):
    """The middle of a ring."""
    x, y, r = map(float, re.match(r"([-\d.]+) ([-\d.]+)a([\d.]+)", layer(figure, name)[0]).groups())
    return np.array([x + r, y])


def test_every_lower_output_has_its_minus(solo):
    _, figure = solo(Butterfly, stage=3)
    centres, _ = places(figure)
    signs = part(figure, "minus").get_attribute("d").split("M")[1::2]  # a ring, then its dash
    assert len(signs) == 12
    found = sorted(float(POINT.search(sign)[2]) for sign in signs)
    lower = [row for stride in (1, 2, 4) for row in range(8) if row & stride]
    assert found == sorted(centres[0, row, 1] for row in lower)
    figure.set(weights="average")
    assert layer(figure, "minus") == [], "a mean has no sign"


def test_what_is_sorted_has_its_name(hands):
    for _, _, figure in hands(Butterfly, (), WIDTHS, stage=3, node=[]):
        for decimation, column, letter in (("time", 0, "x"), ("frequency", 3, "X")):
            figure.set(decimation=decimation)
            (centres, _), found = places(figure), names(figure)
            shown = [near(found, column, row, centres)[0] for row in range(8)]
            assert shown == [letter + "₀₁₂₃₄₅₆₇"[index] for index in bit_reversal(8)]


def test_bars_of_the_spectrum_say_their_scale(solo):
    _, figure = solo(Butterfly, stage=3)
    for change in ({"signal": "square"}, {"signal": "click"}, {"twist": [0, 0, 0.25]}):
        figure.set(node=[], **change)
        wanted = oracle.show(figure.state())
        full = max(np.abs(wanted["outputs"]).max(), np.abs(wanted["right"]).max())
        assert figure.root.get_by_text(f"|X| to {full:.2f}", exact=True).count() == 1
        drawn = bars(figure, "bars-right") | bars(figure, "bars-wrong")
        ratio = np.array([drawn[row] for row in range(8)]) / np.abs(wanted["outputs"]).clip(0.01)
        large = np.abs(wanted["outputs"]) > 0.1
        assert np.ptp(ratio[large]) < 0.05 * ratio[large].mean(), "no bar is cut off"


# ---- the dial -----------------------------------------------------------------------------------


def test_the_dial_stands_clear_of_the_network(hands):
    """Beside it, or below where there is no room; its words lie off its ring and inside."""
    for _, _, figure in hands(Butterfly, (), WIDTHS, stage=3):
        for node in ([1, 1], [2, 3], [3, 7]):
            figure.set(node=node)
            wide = figure.page.viewport_size["width"] == WIDTHS[1]
            ring, hand, *words = dial_boxes(figure)
            column, row = (figure.node(*end) for end in ((3, 0), (0, 7)))
            assert ring["left"] > column[0] + 100 if wide else ring["top"] > row[1] + 10
            area = figure.root.locator(".fl-drawing").bounding_box()
            for one in words:
                assert apart(one, ring) and apart(one, hand)
                assert area["x"] <= one["left"] and one["right"] <= area["x"] + area["width"]
                assert one["bottom"] <= area["y"] + area["height"]
            told = figure.root.locator(".fl-dial-value").text_content()
            lines = figure.root.locator(".fl-card > div").all_inner_texts()
            assert told == "= " + lines[0].rpartition(" = ")[2]


def dial_boxes(figure):
    """Where its ring, its hand and its three lines of words are on the page."""
    return figure.root.evaluate(
        """root => ["dial", "dial-handle", "dial-name", "dial-value", "dial-angle"].map(name =>
             root.querySelector(`.fl-${name}`).getBoundingClientRect().toJSON())"""
    )


def apart(a, b):
    beside = a["right"] <= b["left"] or b["right"] <= a["left"]
    return beside or a["bottom"] <= b["top"] + 1 or b["bottom"] <= a["top"] + 1


def test_the_dial_shows_its_angle(hands):
    for _, _, figure in hands(Butterfly, (), WIDTHS, stage=3):
        for node in ([1, 1], [2, 3], [3, 5], [3, 7]):
            figure.set(node=node, twist=[])
            check_dial(figure, *node)


def check_dial(figure, column, row):
    stride = 2 ** (column - 1)
    low, right = row - stride, -180 * ((row - stride) % stride) // stride
    words, hand = (figure.root.locator(f".fl-dial-{name}") for name in ("angle", "handle"))
    for turn in (0, 45, -100, 180):
        figure.set(twist=[column - 1, low, turn / 360] if turn else [])
        sum_of_both = f"{right}° {'-' if turn < 0 else '+'} {abs(turn)}°"
        wanted = sum_of_both if turn else f"{right}°"
        assert words.text_content().replace("−", "-") == wanted
        at, box = hand.bounding_box(), words.bounding_box()
        below, above = box["y"] > at["y"] + 20, box["y"] + box["height"] < at["y"] + 4
        beside = box["x"] >= at["x"] + 24 or box["x"] + box["width"] <= at["x"]
        assert below or above or beside, "the hand does not cover it"
        check_arc(figure, right + turn)


def check_arc(figure, degrees):
    """The arc runs from the right to the angle, the way it is counted."""
    arc = part(figure, "dial-arc").get_attribute("d")
    if not degrees:
        assert arc == ""
        return
    disc = re.match(r"([-\d.]+) ([-\d.]+)a([\d.]+)", layer(figure, "dial")[0])
    left, y, radius = map(float, disc.groups())
    numbers = re.match(r"M([-\d.]+) ([-\d.]+)A[\d.]+ [\d.]+ 0 (\d) (\d) ([-\d.]+) ([-\d.]+)$", arc)
    x1, y1, large, clockwise, x2, y2 = map(float, numbers.groups())
    assert y1 == pytest.approx(y, abs=0.1) and x1 > left + radius, "it begins at 0°"
    end = math.degrees(math.atan2(y - y2, x2 - left - radius))
    assert (end - degrees + 180) % 360 - 180 == pytest.approx(0, abs=1)
    assert (large, clockwise) == (abs(degrees) > 180, degrees < 0)


# ---- the twist of chapter 3 ---------------------------------------------------------------------


def test_every_output_that_the_book_calls_wrong_looks_wrong(twist):
    tab, figure = twist(viewport={"width": 1280, "height": 900})
    # as the chapter asks: the dial it opens with, a quarter round; then each scene
    for scene, count in (("", 8), ("stage 1", 8), ("stage 2", 4), ("stage 3", 2)):
        if scene:
            figure.root.get_by_role("button", name=f"a twiddle of {scene}").click()
            figure.settle()
        else:
            press(tab, figure, ".fl-dial-handle", "PageUp", "PageUp")
        assert f"{count} of 8 outputs are wrong" in figure.says()
        wrong, ghost = bars(figure, "bars-wrong"), bars(figure, "bars-ghost")
        assert len(wrong) == len(ghost) == count, scene
        assert min(abs(wrong[row] - ghost[row]) for row in wrong) > 10, f"pixels, {scene}"


def test_nobody_is_asked_to_guess_what_is_on_show(twist):
    _, figure = twist()
    bet = figure.root.locator(".fl-bet")
    assert "Before you turn this twiddle" in bet.inner_text()
    figure.root.get_by_role("button", name="a twiddle of stage 2").click()
    figure.settle()
    assert "Before" not in bet.inner_text() and bet.locator("button:visible").count() == 0
