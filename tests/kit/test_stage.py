"""A figure for the whole room: large, moved by a clicker, and then the next one of the page."""

import re
import xml.etree.ElementTree as ElementTree

import pytest
from kit.axe import faults
from kit.figures import STILL, FigureOnPage
from kit.subjects import SUBJECTS, name_of
from kit.tabs import frames

from fftia_lab.widgets import Butterfly, CostExplorer, FactorProduct, Winding
from fftia_lab.widgets.guess import choose, guess

ROOM = {"width": 1600, "height": 900}
HELD = {"width": 844, "height": 390}  # a phone, held sideways
SCENES = [{"label": "eight samples", "set": {"n": 8, "stage": 0}}]
OPEN = "document.querySelector('dialog.fl-enlarged')"
TYPE = """() => {
  const words = document.querySelector('dialog .fl-status');
  const scale = Number(/scale\\(([\\d.]+)\\)/.exec(
    document.querySelector('.fl-scaled').style.transform)[1]);
  return [scale, scale * parseFloat(getComputedStyle(words).fontSize)];
}"""
# Labels that stay smaller than 28 pixels, at 1600 by 900, and how large they are: decision 31.
SMALLER = {"corners": 21.8, "sparsespectrum": 25.7}
LABELS = """() => {
  const scale = Number(/scale\\(([\\d.]+)\\)/.exec(
    document.querySelector('.fl-scaled').style.transform)[1]);
  const labels = [...document.querySelectorAll('dialog .fl-drawing text:not(.fl-fixed *)')]
    .filter(one => one.textContent.trim() && one.checkVisibility({visibilityProperty: true}));
  return Math.min(1e3, ...labels.map(one => scale * parseFloat(getComputedStyle(one).fontSize)));
}"""
OUTSIDE = """() => {
  const room = document.querySelector('.fl-hall').getBoundingClientRect();
  return [...document.querySelectorAll('dialog :is(.fl-drawing, .fl-status, .fl-timeline)')]
    .filter((one) => one.checkVisibility())
    .map((one) => [one.getAttribute('class'), one.getBoundingClientRect()])
    .filter(([, box]) => box.top < room.top - 1 || box.bottom > room.bottom + 1
        || box.left < room.left - 1 || box.right > room.right + 1)
    .map(([name, box]) => [name, box.top, box.bottom, box.left, box.right]);
}"""

CROWDED = """() => {
  const [words, line] = ['.fl-status', '.fl-timeline'].map(
    part => document.querySelector(`dialog ${part}`)?.getBoundingClientRect());
  return Boolean(words?.width && line?.width && words.bottom > line.top + 1
    && words.top < line.bottom - 1 && words.left < line.right && words.right > line.left);
}"""


# Controls that a fingertip of 24 pixels on their middle would miss, in part.
MISSED = """() => {
  const hands = 'dialog :is(.fl-handle, .fl-timeline :is(button, input))';
  return [...document.querySelectorAll(hands)]
    .filter((one) => one.checkVisibility({visibilityProperty: true}))
    .filter((one) => getComputedStyle(one).pointerEvents !== 'none').flatMap((one) => {
      const box = one.getBoundingClientRect();
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
      const tips = [[-11, 0], [11, 0], [0, -11], [0, 11]].map(([dx, dy]) =>
        document.elementFromPoint(x + dx, y + dy));
      return tips.every((found) => found === one) ? [] : [one.className];
    });
}"""


@pytest.fixture
def shown(bare):
    tab = bare(
        Butterfly(n=16, stage=0, scenes=SCENES),
        guess(28, "pairs", tempting={56: "You counted each twice."}),
        Winding(f=0.0, seen=[0.0, 0.0]),
        viewport=ROOM,
        **STILL,
    )
    return tab, FigureOnPage(tab.page, "butterfly")


def staged(page):
    return page.locator("dialog .fl-figure, dialog .fl-asks").get_attribute("class")


def test_page_down_alone_goes_through_stages_scenes_and_the_page(shown):
    tab, figure = shown
    page = tab.page
    figure.root.get_by_role("button", name="Enlarge").click()
    page.evaluate("window.moves = 0; addEventListener('popstate', () => window.moves += 1)")
    page.evaluate("document.activeElement.blur()")  # as Tab past the last control leaves it
    page.keyboard.press("PageUp")
    assert page.locator("dialog [role=status]:has-text('This is the beginning')").is_visible()
    states = []
    for _ in range(30):
        if "butterfly" not in staged(page):
            break
        states.append(
            page.evaluate(
                f"(({{n, stage}}) => [n, stage])({OPEN}.querySelector('.fl-figure').figure.state())"
            )
        )
        page.keyboard.press("PageDown")
        page.locator("dialog").wait_for()
    assert page.get_by_text("This is the beginning").count() == 0
    assert states == [[16, i] for i in range(5)] + [[8, i] for i in range(4)]
    assert "fl-asks" in staged(page)
    page.keyboard.press("PageDown")
    page.locator("dialog .fl-winding").wait_for()
    page.keyboard.press("PageUp")  # it stood at its beginning
    page.locator("dialog .fl-asks").wait_for()
    assert page.evaluate("moves") == 0, "all slides have one entry of the history"
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="detached")
    assert page.locator("main .fl-figure").count() == 2, "all are back in their places"
    assert tab.trouble == []


def test_hands_work_where_everything_is_larger(shown):
    """A point of the page is a point of the drawing, whatever the scale."""
    tab, figure = shown
    page = tab.page
    figure.root.get_by_role("button", name="Enlarge").click()
    page.keyboard.press("n")
    notes = page.locator(".fl-notes")
    assert re.match(r"\d+:\d\d .*next: eight samples", notes.inner_text())
    drawing = page.locator("dialog .fl-drawing").first.bounding_box()
    scale = page.evaluate(TYPE)[0]
    assert scale > 1.5
    before = page.evaluate(f"{OPEN}.querySelector('.fl-figure').figure.state()")
    handle = page.locator("dialog .fl-handle:visible").first
    box = handle.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + drawing["height"] / 3, steps=4)
    page.mouse.up()
    assert page.evaluate(f"{OPEN}.querySelector('.fl-figure').figure.state()") != before
    drawn = page.evaluate(f"{OPEN}.querySelector('.fl-figure').figure.state().samples")
    for _ in range(4):
        page.keyboard.press("PageDown")
    assert "next" not in notes.inner_text(), "what was drawn stays"
    assert page.evaluate(f"{OPEN}.querySelector('.fl-figure').figure.state().samples") == drawn
    for key, shown in (("n", False), ("PageDown", False), ("N", True)):
        page.keyboard.press(key)  # past the end the next slide takes the room
        page.locator("dialog").wait_for()
        assert notes.is_visible() == shown, key
    assert faults(page) == []
    page.keyboard.press("b")
    assert page.locator("dialog").count() == 0
    assert tab.trouble == []


def test_the_question_of_a_figure_is_asked_on_the_stage_and_takes_the_bet(bare):
    page = bare(FactorProduct(stage=2, entry=[5, 3]), viewport=ROOM, **STILL).page
    figure = FigureOnPage(page, "factorproduct")
    figure.root.get_by_role("button", name="Enlarge").click()
    asked = page.locator("dialog .fl-bet")
    assert asked.inner_text().startswith("Before B₃ multiplies: how many of the 64 entries")
    scale = page.evaluate(TYPE)[0]
    letters = asked.evaluate("bet => parseFloat(getComputedStyle(bet.firstChild).fontSize)")
    assert scale * letters >= 26
    asked.get_by_role("button", name="32").click()
    page.keyboard.press("PageDown")
    said = page.locator("dialog .fl-status", has_text="64 of 64")
    assert "32" in said.inner_text(), "the stage answers, and names what was said"


# What can be pressed in a question: how many stand in each row, how far all of them reach, how
# large the smallest letters are.
OFFERED = """() => {
  const scaled = document.querySelector('dialog .fl-scaled');
  const scale = Number(/scale\\(([\\d.]+)\\)/.exec(scaled.style.transform)[1]);
  const boxes = [...scaled.querySelectorAll(':is(input, button):not([hidden])')]
    .filter(one => one.checkVisibility()).map(one => one.getBoundingClientRect());
  const tops = boxes.map(box => Math.round(box.top));
  const words = [...scaled.querySelectorAll('p, label, span, input, button')];
  return {
    rows: [...new Set(tops)].map(top => tops.filter(one => one === top).length),
    wide: (Math.max(...boxes.map(box => box.right)) - Math.min(...boxes.map(box => box.left)))
      / document.querySelector('.fl-hall').clientWidth,
    least: scale * Math.min(...words.map(one => parseFloat(getComputedStyle(one).fontSize))),
    fits: scaled.getBoundingClientRect().bottom
      <= document.querySelector('.fl-hall').getBoundingClientRect().bottom + 1,
  };
}"""
LONG = ["the same wave, as high", "the same wave, a third as high", "another shape, lower", "none"]
ASKED = [
    (choose("2", ["1", "2"], "how many", why="So it is."), [2]),
    (choose("none", LONG[1:], "what comes out of the running mean"), [3]),
    (choose("none", LONG, "what comes out of the running mean"), [2, 2]),
    (choose("16", ["2", "4", "16", "64", "4,096"], "r with the least time"), [3, 2]),
    (guess(28, "pairs that are heard, of those that could be"), [2]),
]


def test_choices_fill_the_room_and_none_stands_alone_in_its_row(bare):
    tab = bare(Butterfly(), *(question for question, _ in ASKED), viewport=ROOM, **STILL)
    asks = tab.page.locator(".fl-asks")
    for size, least in ((ROOM, 40), ({"width": 1280, "height": 720}, 32)):
        tab.page.set_viewport_size(size)
        for i, (_, rows) in enumerate(ASKED):
            asks.nth(i).evaluate("root => { root.stage.enlarge(); }")
            offered = tab.page.evaluate(OFFERED)
            assert offered["rows"] == rows and offered["fits"], (i, offered)
            assert offered["least"] >= least, (i, offered)
            assert offered["wide"] > (0.5 if i == 4 else 0.98), (i, offered)
            tab.page.keyboard.press("b")
    asks.nth(2).evaluate("root => { root.stage.enlarge(); }")
    assert faults(tab.page) == []
    tab.page.set_viewport_size({"width": 360, "height": 740})
    frames(tab.page, 4)
    assert tab.page.evaluate(OFFERED)["rows"] == [1, 1, 1, 1], "in a hand"
    assert tab.trouble == []


@pytest.mark.parametrize("subject", SUBJECTS, ids=name_of)
def test_every_figure_fills_the_room_and_its_sentence_is_legible(bare, subject):
    tab = bare(subject.WIDGET(**subject.BARE), viewport=ROOM, **STILL)
    figure = FigureOnPage(tab.page, name_of(subject))
    figure.root.get_by_role("button", name="Enlarge").click()
    scale, letters = tab.page.evaluate(TYPE)
    assert letters >= 26, "28 but for what the last layout takes back"
    assert scale > 1.2
    assert tab.page.evaluate(LABELS) >= SMALLER.get(name_of(subject), 27.9)
    assert tab.page.evaluate(OUTSIDE) == [] and not tab.page.evaluate(CROWDED)
    tab.page.set_viewport_size(HELD)
    frames(tab.page, 4)
    assert tab.page.evaluate(OUTSIDE) == [] and not tab.page.evaluate(CROWDED)
    assert tab.page.evaluate(MISSED) == [], "for a finger"
    assert tab.trouble == []


def test_a_finger_finds_the_hands_of_a_high_drawing_on_a_low_screen(bare):
    tab = bare(Butterfly(n=64, node=[3, 5], stage=3), viewport=HELD, has_touch=True, **STILL)
    FigureOnPage(tab.page, "butterfly").root.get_by_role("button", name="Enlarge").click()
    frames(tab.page, 4)
    assert tab.page.evaluate(TYPE)[0] < 0.6, "else nothing is smaller than on the page"
    assert tab.page.evaluate(MISSED) == []
    assert tab.page.evaluate(OUTSIDE) == [] and not tab.page.evaluate(CROWDED)
    assert faults(tab.page) == []


def test_a_drawing_is_saved_as_it_is_seen_and_a_link_leads_back(bare):
    tab = bare(CostExplorer(), **STILL)
    figure = FigureOnPage(tab.page, "costexplorer")
    link = figure.root.get_by_role("button", name="Copy link")
    assert link.is_visible()  # before anything is touched
    figure.set(n=2048)
    with tab.page.expect_download() as waited:
        figure.root.get_by_role("button", name="Save SVG").click()
    assert waited.value.suggested_filename == "costexplorer.svg"
    drawing = ElementTree.parse(waited.value.path()).getroot()
    assert drawing.tag.endswith("}svg") and "class=" not in waited.value.path().read_text("utf-8")
    assert len(drawing.findall(".//{http://www.w3.org/2000/svg}path")) > 5
    address = f"{tab.page.url.split('#')[0]}#costexplorer?n=2048"
    tab.page.evaluate("void (navigator.clipboard.writeText = () => Promise.reject(new Error()))")
    link.click()
    figure.root.locator(".fl-tool", has_text="In the address bar").wait_for()
    assert tab.page.url == address
    tab.page.goto("about:blank")
    tab.page.goto(address)
    assert FigureOnPage(tab.page, "costexplorer").state()["n"] == 2048


# Enlarge and close by turns, so many times in all, and wait until the history has moved.
QUICKLY = """times => {
  const moved = new Promise(done => addEventListener("popstate", () => setTimeout(done, 50),
    {once: true}));
  for (let i = 0; i < times; i++) {
    if (i % 2) document.querySelector("dialog .fl-leave").click();
    else document.querySelector("main .fl-figure").stage.enlarge();
  }
  return moved;
}"""


def test_back_closes_the_stage_and_what_was_set_there_stays(bare):
    tab = bare(Butterfly(n=8, stage=0), link="#butterfly?stage=1", viewport=ROOM, **STILL)
    page, figure = tab.page, FigureOnPage(tab.page, "butterfly")
    figure.until(stage=1)
    stage, enlarge = page.locator("dialog"), figure.root.get_by_role("button", name="Enlarge")
    entries = page.evaluate("history.length")
    for way in ("back", "b", "Escape"):
        enlarge.click()
        page.keyboard.press("PageDown")
        at = page.evaluate(f"{OPEN}.querySelector('.fl-figure').figure.state().stage")
        if way == "back":
            page.go_back()
        else:
            page.keyboard.press(way)
        stage.wait_for(state="detached")
        page.wait_for_function("!history.state?.stage")
        figure.until(stage=at)
    assert at == 3 and page.evaluate("history.length") == entries + 1, "one that is used again"
    for times in (2, 4, 3):  # by hand, faster than the history moves
        page.evaluate(QUICKLY, times)
        assert stage.count() == times % 2
    assert page.evaluate("history.state.stage"), "an entry of its own again"
    page.go_back()
    stage.wait_for(state="detached")
    assert page.evaluate("history.length") == entries + 1 and figure.state()["stage"] == 3
    enlarge.click()
    page.keyboard.press("ArrowRight")  # a key in it is a reader's own, and writes the address
    page.locator("dialog .fl-range").press("ArrowLeft")
    page.wait_for_url("**#butterfly?stage=2")
    page.go_back()
    stage.wait_for(state="detached")
    page.wait_for_url("**#butterfly?stage=2")
    assert figure.state()["stage"] == 2, "nothing is followed, nothing set back"
    page.evaluate("location.hash = '#butterfly?stage=0'")
    figure.until(stage=0)
    page.go_back()
    figure.until(stage=2)
    assert tab.trouble == []
