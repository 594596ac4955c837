"""What the widget `factorproduct` says and draws, and what it can be, against Python."""

import functools
import itertools
import math
import re

import numpy as np
import pytest
from kit.figures import hold_time, press
from widgets.factor_product import oracle
from widgets.factor_product.page import START, cell, frames

from fftia_lab.schedule import ButterflySchedule
from fftia_lab.transform import dft_matrix
from fftia_lab.widgets import FactorProduct


@pytest.fixture
def show(solo):
    """Open the widget on a page of its own: show(weights="gates", touch=True) -> (tab, figure)."""
    return functools.partial(solo, FactorProduct, **START)


def said_numbers(text):
    """Complex numbers of a line, as the figure writes them, multiplied out where it says so."""
    plain = re.sub(r"([\d.]+)i", r"\1j", text.replace("−", "-").replace("·", "*"))
    return complex(eval(plain))


# ---- an entry and its one path ----------------------------------------------------------------


def test_the_line_runs_through_the_numbers_of_the_path(show):
    """Every lit cell stands where Python finds the path, in the drawing itself."""
    _, figure = show()
    places = ((8, [5, 3]), (8, [0, 7]), (16, [11, 6]), (4, [3, 0]))
    for weights, (n, entry) in itertools.product(["twiddles", "gates", "learned"], places):
        figure.set(weights=weights, n=n, entry=entry, stage=n.bit_length() - 1)
        ((rows, _),) = oracle.path_numbers(figure.state())
        lit = "".join(
            figure.root.locator(f".fl-lit-{kind}").get_attribute("d")
            for kind in ("self", "partner")
        )
        box = figure.root.locator(".fl-drawing").bounding_box()
        squares = re.findall(r"M([-.\d]+) ([-.\d]+)h([.\d]+)", lit)
        middles = {
            (round(box["x"] + float(x) + float(s) / 2), round(box["y"] + float(y) + float(s) / 2))
            for x, y, s in squares
        }
        depth = n.bit_length() - 1
        for stage in range(depth):
            place = cell(figure, depth - 1 - stage, rows[stage + 1], rows[stage])
            near = any(math.dist(place, seen) < 2 for seen in middles)
            assert near, (weights, entry, stage)
        assert len(middles) == depth, (weights, entry)


def test_the_card_is_the_entry_written_as_a_product(show):
    _, figure = show(weight=[])
    rng = np.random.default_rng(4)
    for weights, n, _ in itertools.product(["twiddles", "gates", "learned"], [4, 8, 16], range(6)):
        entry = rng.integers(0, n, 2).tolist()
        figure.set(weights=weights, n=n, entry=entry, stage=n.bit_length() - 1)
        lines = figure.root.locator(".fl-card > div").all_inner_texts()
        ((rows, numbers),) = oracle.path_numbers(figure.state())
        places = re.findall(r"B(.)\[(\d+), (\d+)\]", lines[0])
        wanted = [("₁₂₃₄"[s], str(rows[s + 1]), str(rows[s])) for s in range(len(numbers))]
        assert places == wanted[::-1]
        result, product = lines[1].split("=", 1)
        value = oracle.multiplied(figure.state())[-1][tuple(entry)]
        assert abs(said_numbers(result) - value) < 0.008
        assert abs(said_numbers(product) - value) < 0.02, "the numbers multiply to it"


def test_phases_add_to_the_dfts(show):
    _, figure = show(weight=[])
    for n, k in [(size, row) for size in (4, 8, 16) for row in range(size)]:
        entry = [k, (3 * k + 1) % n]
        figure.set(n=n, entry=entry, stage=n.bit_length() - 1)
        line = figure.root.locator(".fl-card > div").last.inner_text().replace("−", "-")
        terms, total = re.match(r"Phases add: (.*) = ([-.\d]+)°; the DFT", line).groups()
        angles = [float(angle) for angle in re.findall(r"[-.\d]+(?=°)", terms)]
        asked = float(re.search(r"= ([-.\d]+)°(, the same direction)?\.$", line)[1])
        assert sum(angles) == float(total) and "away" not in line
        assert (float(total) - asked) % 360 == 0 and asked == -360 * k * entry[1] / n
        turned = np.exp(1j * np.deg2rad(float(total)))
        assert np.isclose(turned, dft_matrix(n)[tuple(entry)])


def test_a_learned_entry_is_told_beside_the_dfts(show):
    _, figure = show(weights="learned", weight=[])
    for n, entry in ((4, [1, 3]), (8, [5, 3]), (16, [11, 6])):
        figure.set(n=n, entry=entry, stage=n.bit_length() - 1)
        line = figure.root.locator(".fl-card > div").last.inner_text()
        assert line.startswith("In the DFT it is ") and line.endswith(".")
        wanted = dft_matrix(n)[tuple(entry)]
        assert abs(said_numbers(line.removeprefix("In the DFT it is ")[:-1]) - wanted) < 0.001
        assert "≈ F" in figure.root.locator(".fl-drawing").text_content()


@pytest.mark.parametrize("n", [4, 8, 16])
def test_the_sentence_says_how_much_there_was_to_choose(show, n):
    """None, a gate in each row, two numbers in each row: and of these what changes the product."""
    _, figure = show(n=n, entry=[], weight=[])
    depth = n.bit_length() - 1
    for weights, words in (
        ("twiddles", f"None of their {2 * n * depth} numbers is free."),
        ("gates", f"{n * depth} numbers are free, a gate in each row"),
        ("learned", f"{2 * n * depth} numbers are free and training chose them"),
    ):
        figure.set(weights=weights, stage=depth)
        assert words in figure.says()
        figure.set(stage=depth - 1)
        assert "free" not in figure.says(), "when the product is whole"
    assert f"{n * depth + n} count" in oracle.FactorProduct().tables["learned"][str(n)]["freedom"]


def test_gates_say_who_takes_how_much(show):
    _, figure = show(weights="gates", entry=[6, 2], weight=[])
    share = 100 * oracle.multiplied(figure.state())[-1][6, 2]
    line = figure.root.locator(".fl-card > div").last.inner_text()
    assert line == f"Row 6 takes {share:.1f}\u00a0% of token 2."
    assert "each row sums to 1" in figure.says()


# ---- multiplying ------------------------------------------------------------------------------


def test_the_sentence_counts_what_python_counts(show):
    _, figure = show(entry=[], weight=[])
    sizes = ((n, done) for n in (4, 8, 16) for done in range(n.bit_length()))
    for (n, done), weights in itertools.product(sizes, ["twiddles", "gates"]):
        figure.set(n=n, weights=weights, stage=done)
        reach = ButterflySchedule(n).reach(done)
        row, total = int(reach[0].sum()), int(reach.sum())
        told = f"After {done} of {n.bit_length() - 1} factors, {row} of {n} entries in each row"
        assert figure.says().startswith(told)
        assert f"nonzero: {total} of {n * n}" in figure.says()
        kinds = ("disc",) if weights == "twiddles" else ("full", "hollow")
        drawn = "".join(
            figure.root.locator(f".fl-product.fl-{kind}").get_attribute("d") for kind in kinds
        )
        assert drawn.count("M") == total, "as many as are drawn"


STORED = [  # size, weights, numbers, multiplications
    (4, "twiddles", 20, 16),
    (8, "twiddles", 56, 48),
    (16, "twiddles", 144, 128),
    (8, "gates", 48, 48),
    (16, "learned", 144, 128),
]


def test_what_is_stored_and_multiplied(show):
    _, figure = show(entry=[], weight=[])
    for n, weights, stored, multiplications in STORED:
        figure.set(n=n, weights=weights)
        text = figure.root.locator(".fl-drawing").text_content()
        assert f"factors: {stored} numbers, {multiplications} multiplications" in text
        assert f"product: {n * n} numbers, {n * n} multiplications" in text
        widths = [
            float(re.search(r"h([.\d]+)", figure.root.locator(name).get_attribute("d"))[1])
            for name in (".fl-bars-factors", ".fl-bars-product")
        ]
        scale = pytest.approx(stored / n**2, rel=0.01)
        assert widths[0] / widths[1] == scale, (n, weights)


def test_half_way_every_entry_is_between_its_two_values(show):
    """One copy stays and turns, one moves to the partner's row; at both ends they are exact."""
    _, figure = show(n=4, entry=[], weight=[], stage=1.5)
    staying = figure.root.locator(".fl-staying.fl-disc").get_attribute("d")
    moving = figure.root.locator(".fl-moving.fl-disc").get_attribute("d")
    assert staying.count("M") == moving.count("M") == 8
    heights = {
        kind: {float(y) for y in re.findall(r"M[-.\d]+ ([-.\d]+)a", path)}
        for kind, path in (("staying", staying), ("moving", moving))
    }
    left, top, side = frames(figure)[-1]
    top -= figure.root.locator(".fl-drawing").bounding_box()["y"]
    rows = [top + side * (row + 0.5) / 4 for row in range(4)]
    assert sorted(heights["staying"]) == pytest.approx(rows, abs=0.2), left
    middle = [(rows[0] + rows[2]) / 2, (rows[1] + rows[3]) / 2]
    assert sorted(heights["moving"]) == pytest.approx(middle, abs=0.2), "half way to row i XOR 2"
    assert figure.root.locator(".fl-product.fl-disc").get_attribute("d") == ""


def test_playing_pauses_and_ends_by_the_clock(show):
    tab, figure = show(stage=0, motion=True)
    hold_time(tab.page)
    figure.root.evaluate("root => root.figure.set({stage: 0})")
    tab.page.clock.run_for(50)
    play = figure.root.locator(".fl-play")
    play.click()
    tab.page.clock.run_for(700)
    middle = figure.state()["stage"]
    assert 0.3 < middle < 0.8
    play.click()
    tab.page.clock.run_for(2000)
    resting = figure.state()["stage"]
    assert middle <= resting < 1, "paused"
    play.click()
    tab.page.clock.run_for(8000)
    assert figure.state()["stage"] == 3


# ---- bets -------------------------------------------------------------------------------------


def test_a_bet_on_the_next_factor_is_told_beside_the_truth(show):
    tab, figure = show(stage=2)
    bet = figure.root.locator(".fl-bet")
    assert bet.inner_text().startswith("Before B₃ multiplies: how many of the 64 entries")
    assert bet.locator("button").all_inner_texts() == ["8", "16", "32", "64"]
    bet.get_by_role("button", name="32").click()
    figure.settle()
    assert "You said" not in figure.says() and "Your guess: 32" in bet.inner_text()
    figure.root.get_by_label("one factor on").click()
    figure.settle()
    assert "nonzero: 64 of 64. You said 32." in figure.says()
    assert tab.trouble == []


def test_a_bet_on_a_change_is_told_beside_the_truth(show):
    tab, figure = show(stage=3)
    bet = figure.root.locator(".fl-bet")
    assert bet.inner_text().startswith("Before you turn B₂[5, 7]: how many of the 64 entries will")
    bet.get_by_role("button", name="16").click()
    press(tab, figure, ".fl-knob", "ArrowUp")
    assert "4 of 64 entries change" in figure.says() and figure.says().endswith("You said 16.")
    press(tab, figure, ".fl-weight", "ArrowDown")
    assert figure.state()["bet"] == [] and figure.state()["change"] == 0


def strip(figure, which):
    """How long a mark along the edge of the product is, as a part of the edge."""
    path = figure.root.locator(f".fl-{which}").get_attribute("d")
    return float(re.search(r"h([.\d]+)", path)[1]) / frames(figure)[-1][2] if path else None


def test_a_guess_stays_in_the_drawing_beside_the_truth(show):
    _, figure = show(weights="gates")
    guessed = figure.root.locator(".fl-guessed")
    for n, factor, mine in ((8, 3, 16), (8, 1, 64), (4, 2, 8), (16, 4, 256)):
        figure.set(n=n, stage=factor - 1, bet=[factor, mine])
        assert strip(figure, "truth") is strip(figure, "guess") is None, "nothing is given away"
        figure.set(stage=factor)
        truth = np.count_nonzero(oracle.multiplied(figure.state())[factor])
        assert strip(figure, "truth") == pytest.approx(truth / n**2, abs=0.01)
        assert strip(figure, "guess") == pytest.approx(mine / n**2, abs=0.01)
        assert guessed.text_content() == f", you said {mine}"
    figure.set(n=8, stage=3, weight=[0, 0, 1], bet=[0, 16], change=0)
    assert strip(figure, "truth") is None and guessed.text_content() == ""
    figure.set(change=-0.25)
    truth = len(oracle.changed_entries(figure.state()))
    assert strip(figure, "truth") == pytest.approx(truth / 64, abs=0.01)
    assert strip(figure, "guess") == pytest.approx(16 / 64, abs=0.01)


# ---- what can be ------------------------------------------------------------------------------


def test_a_smaller_matrix_keeps_what_still_has_a_place(show):
    _, figure = show(n=16, entry=[11, 6], weight=[3, 9, 1], change=0.1)
    figure.set(n=8)
    state = figure.state()
    assert (state["stage"], state["entry"], state["weight"], state["change"]) == (3, [3, 6], [], 0)
    figure.set(weight=[0, 1, 0], n=4)
    assert figure.state()["weight"] == [0, 1, 0]


def test_numbers_given_from_python_have_their_one_size(show):
    rng = np.random.default_rng(1)
    own, schedule = np.arange(4), ButterflySchedule(4, decreasing=True)
    factors = []
    for stage in range(2):
        matrix = np.zeros((4, 4), dtype=complex)
        matrix[own, own] = rng.normal(size=4) + 1j * rng.normal(size=4)
        matrix[own, schedule.partners(stage)] = rng.normal(size=4)
        factors.append(matrix)
    _, figure = show(factors=factors, note="Mine.", entry=[2, 1], weight=[])
    state, view = figure.views([figure.state()])[0]
    assert (state["n"], state["weights"]) == (4, "given")
    assert oracle.close(view["products"][-1], factors[1] @ factors[0])
    numbers = [complex(*number) for number in view["path"]["numbers"]]
    assert np.isclose(np.prod(numbers), (factors[1] @ factors[0])[2, 1])
    assert figure.root.locator(".fl-note").inner_text() == "Mine."
    figure.set(n=8)
    assert figure.state()["weights"] == "twiddles", "the given numbers have no size 8"
    figure.set(weights="given")
    assert figure.state()["n"] == 4


def test_the_card_and_the_knob_do_not_collide(show):
    _, figure = show(entry=[1, 2], weight=[])
    for width in (360, 600, 768, 1280):
        figure.page.set_viewport_size({"width": width, "height": 1200})
        figure.settle()
        rng = np.random.default_rng(width)
        for weights, n in itertools.product(["twiddles", "gates", "learned"], [4, 8, 16]):
            opened = {"n": n, "weights": weights, "stage": n.bit_length() - 1}
            told = {**opened, "weight": [0, 1, 0], "change": 0.1}
            entries = rng.integers(n // 2, n, (3, 2)).tolist()
            crowded = figure.looks([{**told, "entry": entry} for entry in entries], CROWDED)
            assert crowded == [], width
            assert figure.state()["change"] == 0.1


def test_on_a_phone_play_and_the_sentence_stand_between_factors_and_product(show):
    """However long the sentence is; and the choices come after."""
    _, figure = show(width=360)
    told = {"entry": [1, 2], "weight": [0, 1, 0], "change": 0.1, "bet": [0, 1]}
    for weights, n, more in itertools.product(["twiddles", "gates"], [4, 8, 16], [{}, told]):
        figure.set(n=n, weights=weights, stage=n.bit_length() - 1, entry=[], weight=[])
        figure.set(**more)
        figure.settle()  # the sentence has made its room
        *factors, (_, product, _) = frames(figure)
        lowest = max(top + side for _, top, side in factors)
        box = figure.root.locator(".fl-beside").bounding_box()
        assert lowest < box["y"], figure.state()
        assert box["y"] + box["height"] < product - 30, "under its title"
        assert figure.root.locator(".fl-head").bounding_box()["y"] > product + frames(figure)[-1][2]


CROWDED = """root => {
  const whole = document.createRange();
  whole.selectNodeContents(root.querySelector('.fl-card'));
  const card = whole.getBoundingClientRect(), found = [];
  if (card.right > root.getBoundingClientRect().right - 4) found.push('the card sticks out');
  for (const mark of root.querySelectorAll('.fl-drawing text, .fl-knob, .fl-knob-track')) {
    const other = mark.getBoundingClientRect();
    const across = card.left < other.right && other.left < card.right;
    if (across && card.top + 3 < other.bottom && other.top + 3 < card.bottom)
      found.push(mark.textContent || mark.getAttribute('class'));
  }
  return found;
}"""
