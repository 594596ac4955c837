"""A guess that is a curve: drawn by every hand, told by its shape, kept as a ghost."""

import math

import numpy as np
import pytest
from book.test_guesses import strokes
from kit.axe import faults
from kit.figures import Finger
from kit.test_guess import with_folds
from paths import NOTEBOOKS
from traitlets import TraitError

from fftia_lab.widgets.guess import draw

JS = """//given
import { compared, missingText, pointText } from "./guess/compared.js";
import { curveIn, filled, isWhole, judgeCurve, written } from "./guess/curve.js";
"""
SIZES = [2**k for k in range(6)]  # 1 to 32
LINEAR = "You drew work that grows as N."
LATE = "They cross earlier."
FLAT = "It does not stay."


def work(**changes):
    """Work that grows as N squared, beside one that is 8 N: they cross at N = 8."""
    given = {
        "curves": {"squared": [n**2 for n in SIZES]},
        "x": SIZES,
        "what": "work by definition",
        "across": "N",
        "up": "work, s",
        "span": (0.5, 2000),
        "log": "xy",
        "given": {"eight N": [8 * n for n in SIZES]},
        "tempting": [
            ("at 32", None, 2, FLAT),
            ("slope", 0.8, 1.2, LINEAR),
            ("crossing", 16, None, LATE),
        ],
    }
    return draw(**given | changes)


def as_json(question):
    names = "what across up log x low high curves given tempting near".split()
    return {name: getattr(question, name) for name in names}


def power(a, b):
    return [a * n**b for n in SIZES]


@pytest.mark.parametrize(
    ("drawn", "kind", "reply"),
    [
        (power(1, 2), "near", ""),
        (power(1.1, 2), "near", ""),
        (power(1, 1), "tempting", LINEAR),
        (power(20, 1), "tempting", LINEAR),
        (power(1, 0), "tempting", FLAT),
        (power(0.6, 1.7), "tempting", LATE),
        (power(6, 1.4), "other", ""),
    ],
)
def test_a_shape_is_known_by_its_measure(engine, drawn, kind, reply):
    """Powers of N have their slope as exponent; a distance is one of logarithms."""
    question = work()
    code = f"{JS}const [drawn, q] = given; answer(judgeCurve(drawn, q));"
    found = engine.run(code, [drawn, as_json(question)])
    apart = [abs(math.log(one / n**2)) for one, n in zip(drawn, SIZES, strict=True)]
    off = sum(apart) / len(apart) / math.log(2000 / 0.5)
    assert (found["kind"], found["reply"]) == (kind, reply)
    assert found["off"] == pytest.approx(off, abs=1e-9)
    assert apart[found["place"]] == pytest.approx(max(apart))


def test_a_slope_is_that_of_the_axes(engine):
    """On even axes the rise a place; where x alone is logarithmic the rise a doubling."""
    code = f"{JS}answer(given.map(([drawn, q]) => judgeCurve(drawn, q).reply));"
    asked = []
    for log, drawn in (("x", [3 * k for k in range(6)]), ("", [3 * n for n in SIZES])):
        tempting = [("slope", 2.99, 3.01, "Three.")]
        curves = {"none": [1.0] * 6}
        question = work(
            curves=curves, span=(0, 100), log=log, tempting=tempting, near=0.001, given={}
        )
        asked.append([drawn, as_json(question)])
    assert engine.run(code, asked) == ["Three.", "Three."]


def test_the_reply_names_the_shape_and_compares_where_it_is_farthest(engine):
    given = [[" ".join(f"{one:.3g}" for one in drawn), as_json(work())] for drawn in DRAWN]
    code = f"{JS}answer(given.map(([said, q]) => compared(said, q)));"
    told = [one.replace("\u00a0", " ") for one in engine.run(code, [*given, ["1 2", given[0][1]]])]
    assert told == [
        f"{LINEAR} Furthest apart at N = 32: you drew 32 s, it is 1,020 s.",
        "Near. Furthest apart at N = 1: you drew 1.2 s, it is 1 s.",
        "The question has changed since you drew. Ask again.",
    ]


DRAWN = [power(1, 1), [1.2, 4, 16, 64, 256, 1024]]


def test_gaps_are_filled_on_the_straight_way_and_ends_are_not(engine):
    """On logarithmic axes the way between two places is their geometric mean."""
    code = f"""{JS}const [values, q] = given, whole = filled(values, q);
        answer([whole, isWhole(whole), missingText(whole, q), pointText(1, whole[1], q)]);"""
    values = [None, 4, None, 100, 2, None]
    whole, done, missing, said = engine.run(code, [values, as_json(work())])
    assert whole == [None, 4, pytest.approx(20), 100, 2, None]
    assert not done and missing == "Draw as far as N = 1." and said == "N = 2: 4\u00a0s"
    code = f"{JS}answer(given.map((one) => missingText(...one)));"
    cases = [[[None] * 6, as_json(work())], [[1] * 5 + [None], as_json(work())]]
    told = engine.run(code, cases)
    assert told[0].startswith("Draw a curve first") and told[1] == "Draw as far as N = 32."


def test_a_curve_is_kept_as_text(engine):
    code = f"{JS}const [v, q] = given; answer([curveIn(written(v), q), curveIn('', q)]);"
    assert engine.run(code, [[1.23456, 4, 16, 64, 256, 1999.9], as_json(work())]) == [
        [1.23, 4, 16, 64, 256, 2000],
        None,
    ]


@pytest.mark.parametrize(
    ("changes", "trouble"),
    [
        ({"x": [1, 2, 2, 3, 4, 5]}, "growing places are wanted"),
        ({"x": [1, 2, math.nan, 8, 16, 32]}, "growing places are wanted"),
        ({"x": [0, 1, 2, 3, 4, 5]}, "begins above 0; got 0 on x"),
        ({"span": (math.nan, 5)}, "from low to high; got nan to 5"),
        ({"span": (2000, 0.5)}, "from low to high; got 2000 to 0.5"),
        ({"curves": {}}, "a curve to draw is wanted"),
        ({"curves": {"w": [1, 2]}}, "a value at each of 6 places is wanted; 'w' has 2"),
        ({"curves": {"w": [1, 2, 3, 4, 5, 3000]}}, "'w' has 3000, outside of 0.5 to 2000"),
        ({"curves": {"w": [1, 2, 3, 4, 5, None]}}, "has a value everywhere"),
        ({"tempting": [("bend", 1, 2, "It.")]}, "a measure is one of .* got 'bend'"),
        ({"tempting": [("at 3", 1, 2, "It.")]}, "got 'at 3'"),
        ({"tempting": [("end", 2, 1, "It.")]}, "has a range and a sentence"),
        ({"tempting": [("end", 1, 2, "It")]}, "has a range and a sentence"),
        ({"tempting": [("crossing", 1, 2, "It.")], "given": {}}, "needs a given curve"),
    ],
)
def test_what_cannot_be_drawn_is_refused(changes, trouble):
    with pytest.raises(TraitError, match=trouble):
        work(**changes)


NAMED = """//given
import { measure } from "./guess/axes.js";
import { placesOf } from "./guess/sheet.js";
import { namesOf } from "./guess/names.js";
answer(given.map(([width, values, q]) => {
  const g = measure(width, q), all = [...q.given, ["", values], ...q.curves];
  const lines = all.map(([, heights]) => placesOf(g, q.x, heights));
  return [namesOf(g, q, values, true), lines, [g.left, width, g.bottom]];
}));
"""


def test_no_name_lies_on_a_curve_or_on_another_name(engine):
    """Every curve that the book asks for, with a guess too high, too low, flat and right."""
    asked = []
    for _, question in (one for path in NOTEBOOKS for one in strokes(path)):
        low, high = (
            (np.log(question.low), np.log(question.high))
            if "y" in question.log
            else (question.low, question.high)
        )
        value = np.log(question.curves[0][1]) if "y" in question.log else question.curves[0][1]
        for way in (
            lambda part: part,
            lambda part: 0.5 + 0 * part,
            lambda part: part / 2,
            lambda part: 1 - (1 - part) / 2,
        ):
            drawn = low + (high - low) * way((np.array(value) - low) / (high - low))
            drawn = np.exp(drawn) if "y" in question.log else drawn
            asked += [[width, list(drawn), as_json(question)] for width in (300, 340, 700)]
    for (width, *_), (named, lines, room) in zip(asked, engine.run(NAMED, asked), strict=True):
        boxes = [box(*one) for one in named]
        for i, (left, right, top, bottom) in enumerate(boxes):
            assert room[0] <= left and right <= room[1] and top >= 0 and bottom <= room[2], named
            assert not any(crosses(line, (left, right, top, bottom)) for line in lines), named
            for other in boxes[:i]:
                beside = right <= other[0] or other[1] <= left
                assert beside or bottom <= other[2] or other[3] <= top, (width, named)


def box(name, _layer, x, y):
    """What the letters of a name cover: 13 pixels high, 6.2 wide on average."""
    return x - 6.2 * len(name), x, y - 9, y + 2


def crosses(line, box):
    """Whether a curve, looked at every pixel, passes through a box."""
    x, y = np.array(line).T
    seen = np.arange(max(x[0], box[0]), min(x[-1], box[1]))
    heights = np.interp(seen, x, y)
    return bool(((heights > box[2]) & (heights < box[3])).any())


def test_a_finger_draws_in_the_dark_and_the_page_stays(bare):
    """Down first, then along, twice; a tap sets one place. The page would scroll under it."""
    tab = bare(
        work(),
        work(what="again"),
        change=with_folds,
        theme="dark",
        has_touch=True,
        viewport={"width": 390, "height": 620},
    )
    page, finger = tab.page, Finger(tab)
    pad, drawn = page.locator(".fl-pad").first, page.locator(".fl-drawn").first
    pad.scroll_into_view_if_needed()
    before, box = page.evaluate("scrollY"), pad.bounding_box()
    left, right, low = box["x"] + 3, box["x"] + box["width"] - 3, box["y"] + box["height"] - 3
    finger.drag((left, low - 150), (left, low))
    finger.drag((left, low), (right, low - 40))
    assert drawn.get_attribute("d").count("L") == 5, "a line through all six places"
    page.get_by_role("button", name="Clear").first.click()
    assert drawn.get_attribute("d") == ""
    finger.tap((right, low - 40))
    assert page.locator(".fl-points").first.get_attribute("d").count("M") == 1
    finger.drag((left, low), (right, low - 40))
    assert drawn.get_attribute("d").count("L") == 5, "and again"
    assert page.evaluate("scrollY") == before
    page.get_by_role("button", name="That is my guess").first.click()
    assert page.locator(".fl-ghost").first.get_attribute("d").count("L") == 5


def names(page):
    return page.locator(".fl-names text").all_text_contents()


def test_a_curve_is_drawn_by_hand_and_by_keys_and_stays_as_a_ghost(bare):
    """The second question by keys alone; the true curve is out of sight before the guess."""
    tab = bare(
        work(), work(what="again"), change=with_folds, viewport={"width": 360, "height": 900}
    )
    page, pads = tab.page, tab.page.locator(".fl-pad")
    pads.nth(1).wait_for()
    assert faults(page) == []
    done = page.get_by_role("button", name="That is my guess")
    done.first.click()
    assert "Draw a curve first" in page.locator(".fl-help").first.inner_text()
    box = pads.first.bounding_box()
    left, right, low = box["x"] + 3, box["x"] + box["width"] - 3, box["y"] + box["height"] - 2
    page.mouse.move(left, low)
    page.mouse.down()
    page.mouse.move(right, low)  # in one leap: what lies between is filled
    page.mouse.up()
    assert page.locator(".fl-true").first.get_attribute("d") == "" and "squared" not in names(page)
    done.first.click()
    assert (
        page.locator(".fl-reply").first.inner_text().startswith(f"{FLAT} Furthest apart at N = 32")
    )
    assert not pads.first.is_visible(), "what was guessed stays"
    assert names(page)[:3] == ["squared", "eight N", "your guess"]
    assert page.locator(".fl-ghost").first.get_attribute("d").count("L") == 5
    assert page.locator(".lab-answer").first.evaluate("fold => fold.open")
    assert page.evaluate("document.activeElement.textContent") == "Ask again"

    def said():
        return pads.nth(1).get_attribute("aria-valuetext").replace("\u00a0", " ")

    pads.nth(1).focus()
    assert said() == "N = 1: nothing drawn yet"
    page.keyboard.press("PageUp")
    first = said()
    page.keyboard.press("End")
    page.keyboard.press("ArrowUp")
    assert first.startswith("N = 1: 1") and said().startswith("N = 32: 2")
    done.nth(0).press("Enter")
    assert faults(page) == []
    page.reload()
    page.locator(".fl-reply").nth(1).filter(has_text="Furthest").wait_for()
    assert page.locator(".fl-reply").first.inner_text().startswith(FLAT), "the page remembers"
    page.get_by_role("button", name="Ask again").first.press("Enter")
    assert not page.locator(".lab-answer").first.evaluate("fold => fold.open")
    assert page.evaluate("document.activeElement.matches('.fl-pad')")
    page.evaluate("localStorage.setItem(Object.keys(localStorage)[0], '1 2')")
    page.reload()
    page.locator(".fl-reply").filter(has_text="The question has changed since you drew").wait_for()
    page.get_by_role("button", name="Ask again").filter(visible=True).click()
    page.get_by_text("draw here").nth(1).wait_for()  # the other question was asked again above
    assert tab.trouble == tab.outside == []
