"""A sentence sets a figure that is out of sight: a small copy of it, and the way back."""

import json
from urllib.parse import parse_qsl

import pytest
from book.test_places import STILL_THERE, TOP, readers, settled, whole
from kit.axe import faults
from kit.figures import STILL, Finger

CHAPTER = "notebooks/06-who-has-heard-whom"
LINKS = [
    "#receptivefield?stage=3&token=11",
    "#no-peeking?causal=true&token=15",
    "#thirteen?schedule=shift&stage=4",
]
COPY = ".lab-beside .fl-figure[data-ready]"
# The copy of the link's figure, and not one that still stands there.
COPIED = """address => document.querySelector('.lab-beside .fl-figure[data-ready]')?.dataset.name
  === address.slice(1).split('?')[0]"""
# The copy and what is read: neither covers the other, both are in the window.
PLACES = """link => {
  const box = one => one.getBoundingClientRect();
  const copy = box(document.querySelector('.lab-beside')), words = box(link);
  const header = box(document.querySelector('.bd-header-article')).bottom;
  const apart = copy.left >= words.right || copy.top >= words.bottom;
  const inside = b => b.top >= header - 1 && b.bottom <= innerHeight + 1 && b.right <= innerWidth;
  return {apart, copy: inside(copy), words: inside(words)};
}"""
# What the copy shows, and the drawings that it shows it with.
SHOWN = """() => {
  const root = document.querySelector('.lab-beside .fl-figure');
  const said = root.querySelector('.fl-status');
  const sized = (one) => (({width, height}) => [width, height])(one.getBoundingClientRect());
  return {state: root.figure.state(), words: said.textContent,
    drawn: root.querySelector('.fl-drawing').getBoundingClientRect().height,
    square: sized(root.querySelector('.fl-field')),
    inside: [...root.querySelectorAll('.fl-drawing')].every((one) => {
      const a = one.getBoundingClientRect(), b = root.parentElement.getBoundingClientRect();
      return !a.height || a.left >= b.left && a.right <= b.right && a.bottom <= b.bottom;
    }),
    buttons: [...root.querySelectorAll('button, select')].filter(
      (one) => one.checkVisibility() && !one.matches('.fl-area *')).length};
}"""

COPIES = """() => {
  window.copies = 0;
  new MutationObserver(changes => {
    for (const one of changes.flatMap(change => [...change.addedNodes])) {
      if (one.className === 'lab-beside fl-small') window.copies += 1;
    }
  }).observe(document.body, { childList: true, subtree: true });
}"""


@pytest.fixture
def reading(visit, way, size):
    page = visit(CHAPTER, way, viewport=size, **STILL).open_folds().page
    settled(page)
    return page


def read_to(page, address):
    """Scroll until a link is in the middle, as a reader does, and rest; return the link."""
    link = page.locator(f'article a[href="{address}"]').first
    link.evaluate("link => link.scrollIntoView({block: 'center', behavior: 'instant'})")
    page.wait_for_function(f"history.state?.place?.top === ({TOP})()[1]")
    return link


def wanted_by(address):
    """The values that a link sets, read as JSON where they are no words."""
    values = {}
    for key, text in parse_qsl(address.partition("?")[2]):
        try:
            values[key] = json.loads(text)
        except ValueError:
            values[key] = text
    return values


def original(page, address):
    name = address[1:].partition("?")[0]
    root = page.locator(f'.lab-widget[data-name="{name}"] .fl-figure')
    return root.evaluate(
        "r => ({state: r.figure.state(), words: r.querySelector('.fl-status').textContent})"
    )


@readers
def test_three_sentences_are_followed_and_back_returns_to_each(reading, way, size):
    page, places = reading, []
    for address in LINKS:
        link = read_to(page, address)
        places.append(page.evaluate(TOP))
        entries = page.evaluate("history.length")
        link.click()
        page.wait_for_function(COPIED, arg=address)
        shown = page.evaluate(SHOWN)
        figure = original(page, address)
        assert shown["state"] == figure["state"] and shown["words"] == figure["words"] != ""
        assert wanted_by(address).items() <= shown["state"].items()
        assert shown["drawn"] > 100 and shown["buttons"] == 0
        wide, high = shown["square"]
        assert wide == pytest.approx(high, abs=1) and high > 100, "who has heard whom"
        assert shown["inside"], "and by which wires"
        assert link.evaluate(PLACES) == {"apart": True, "copy": True, "words": True}
        assert link.evaluate("link => link === document.activeElement")
        assert page.evaluate("history.length") == entries + 1
        assert page.locator(".lab-said").inner_text() != ""
    assert faults(page) == []
    for wanted in reversed(places):
        page.go_back()
        page.wait_for_function(f"wanted => {STILL_THERE}", arg=wanted)
    assert page.locator(".lab-beside").count() == 0
    assert page.evaluate("location.hash") == ""
    assert original(page, LINKS[0])["state"]["token"] != 11, "Back undoes what the link has set"


@readers
def test_the_copy_is_closed_or_leads_to_the_figure(reading, way, size):
    page, address = reading, LINKS[1]
    link = read_to(page, address)
    wanted = page.evaluate(TOP)
    link.focus()
    page.keyboard.press("Enter")
    page.locator(COPY).wait_for()
    page.keyboard.press("Escape")
    assert page.locator(".lab-beside").count() == 0
    assert page.locator(".lab-said").inner_text() == "The small copy is closed."
    page.keyboard.press("Enter")  # the same address once more
    page.locator(COPY).wait_for()
    page.get_by_role("button", name="Close").last.focus()
    page.keyboard.press("Enter")
    assert page.locator(".lab-beside").count() == 0
    assert link.evaluate("link => link === document.activeElement")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Go to the figure").click()
    whole(page, "no-peeking")
    assert page.locator(".lab-beside").count() == 0
    assert (
        page.evaluate("document.activeElement.closest('[data-name]').dataset.name") == "no-peeking"
    )
    page.go_back()
    page.wait_for_function(f"wanted => {STILL_THERE}", arg=wanted)


def test_a_copy_that_cannot_start_goes_away(visit):
    page = visit(CHAPTER, **STILL).open_folds().page
    settled(page)
    link = read_to(page, LINKS[1])
    page.locator('.lab-widget[data-name="no-peeking"]').evaluate(
        "host => { host.again = () => { throw new Error('no second view'); }; }"
    )
    page.evaluate(COPIES)
    link.click()
    page.wait_for_function("window.copies === 1")
    settled(page)
    assert page.locator(".lab-beside").count() == 0
    assert original(page, LINKS[1])["state"]["token"] == 15, "the figure itself has heard"


def test_a_figure_in_sight_is_set_where_it_stands(visit):
    page = visit(CHAPTER, viewport={"width": 1280, "height": 2000}, **STILL).open_folds().page
    settled(page)
    link = page.locator(f'article a[href="{LINKS[1]}"]').first
    page.locator('.lab-widget[data-name="no-peeking"]').evaluate(
        "f => f.scrollIntoView({behavior: 'instant'})"
    )
    before = page.evaluate("scrollY")
    page.evaluate(COPIES)
    link.evaluate("link => link.click()")
    page.wait_for_function(
        "document.querySelector('[data-name=no-peeking] > div > .fl-figure').figure.state().causal"
    )
    settled(page)
    assert page.evaluate("window.copies") == 0, "not even for a moment"
    assert page.evaluate("scrollY") == before


PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
IN_SIGHT = """name => {
  const area = document.querySelector(`[data-name=${name}] .fl-area`).getBoundingClientRect();
  const above = document.querySelector('.bd-header-article').getBoundingClientRect().bottom;
  return Math.min(area.bottom, innerHeight) - Math.max(area.top, above) > 0.5 * area.height;
}"""


ACROSS = PHONE | {"viewport": {"width": 844, "height": 390}}


def test_on_a_phone_on_its_side_the_copy_stands_beside_what_is_read(visit):
    """As high as the window, where a third of 390 pixels would be too little to read."""
    page = visit(CHAPTER, **ACROSS, **STILL).open_folds().page
    settled(page)
    link = read_to(page, LINKS[1])
    before = link.bounding_box()
    figures = page.eval_on_selector_all(".lab-widget", "all => all.map(one => one.clientWidth)")
    link.click()
    page.wait_for_function(COPIED, arg=LINKS[1])
    copy = page.locator(".lab-beside").bounding_box()
    assert (copy["y"], copy["height"]) == (0, 390) and copy["x"] == copy["width"] == 422
    shown = page.evaluate(SHOWN)
    assert min(shown["square"]) > 160 and shown["inside"], "below the page it has 105"
    places = link.evaluate(PLACES)
    assert places["apart"] and places["words"]
    words = "all => Math.max(...all.map(one => one.getBoundingClientRect().right))"
    assert page.eval_on_selector_all("article :is(p, pre):not(.fl-figure *)", words) < copy["x"]
    assert page.evaluate("document.documentElement.scrollWidth") == 844
    now = page.eval_on_selector_all(".lab-widget", "all => all.map(one => one.clientWidth)")
    assert now == figures, "no figure is laid out anew"
    assert "beside the text" in page.locator(".lab-said").inner_text()
    assert faults(page) == []
    held = link.bounding_box()["y"]
    page.get_by_role("button", name="Close").last.tap()
    assert page.locator(".lab-beside").count() == 0
    after = link.bounding_box()
    assert abs(after["y"] - held) < 2 and after["height"] == before["height"]
    link.click()
    page.wait_for_function(COPIED, arg=LINKS[1])
    page.set_viewport_size(PHONE["viewport"])
    page.wait_for_function("document.querySelector('.lab-beside').getBoundingClientRect().x === 0")


# How much of each figure the copy covers, in pixels of height.
COVERED = """() => {
  const copy = document.querySelector('.lab-beside').getBoundingClientRect();
  const over = (a, b, from, to) => Math.min(a[to], b[to]) - Math.max(a[from], b[from]);
  return [...document.querySelectorAll(':is(.lab-widget, .lab-plotly)')]
    .map((one) => one.getBoundingClientRect())
    .filter((box) => over(box, copy, 'left', 'right') > 1)
    .map((box) => Math.round(over(box, copy, 'top', 'bottom'))).filter((high) => high > 1);
}"""


def test_a_copy_in_the_margin_covers_no_figure(visit):
    """Not even where the next one is in the window already."""
    size = {"width": 1440, "height": 900}
    page = visit("notebooks/08-butterfly-attention", viewport=size, **STILL).page
    settled(page)
    address = "#attentionflow?stage=1"
    read_to(page, address).click()
    page.wait_for_function(COPIED, arg=address)
    page.wait_for_function("document.querySelector('.lab-beside').style.top !== ''")
    assert page.evaluate(COVERED) == []
    assert page.locator(".lab-beside .fl-drawing").first.bounding_box()["height"] > 130


def test_words_about_a_bet_show_it_in_the_copy(visit):
    page = visit("notebooks/10-spectral-mixing", **PHONE, **STILL).open_folds().page
    settled(page)
    address = "#filterlab?mode=sample&ask=double"
    read_to(page, address).tap()
    page.wait_for_function(COPIED, arg=address)
    bet = page.locator(".lab-beside .fl-bet")
    own = page.locator('.lab-widget[data-name="filterlab"] .fl-bet')
    assert bet.inner_text() == own.inner_text() != ""
    bet.get_by_role("button", name="twice as long").tap()
    assert original(page, address)["state"]["bet"] == "twice"
    page.wait_for_function("document.querySelector('.lab-beside .fl-bet').innerText[0] === 'Y'")
    assert bet.inner_text().startswith("You said twice as long."), "and what is so"
    assert faults(page) == []


def test_a_scene_of_a_figure_higher_than_a_phone_is_seen_in_a_copy(visit):
    """The buttons are a screen below the drawing; whoever presses one sees what it does."""
    page = visit(CHAPTER, **PHONE, **STILL).open_folds().page
    settled(page)
    figure = page.locator('.lab-widget[data-name="thirteen"]')
    scene = figure.get_by_role("button", name="Beneš, around the gap")
    scene.evaluate("scene => scene.scrollIntoView({block: 'center', behavior: 'instant'})")
    assert not page.evaluate(IN_SIGHT, "thirteen"), "else nothing is to be shown"
    scene.tap()
    page.locator(COPY).wait_for()
    shown = page.evaluate(SHOWN)
    assert shown["state"] == original(page, "#thirteen")["state"]
    assert (shown["state"]["schedule"], shown["state"]["stage"]) == ("benes", 7)
    assert shown["drawn"] > 100 and shown["buttons"] == 0
    row = figure.locator(".fl-scenes")
    page.wait_for_function(
        f"row => Object.values(({PLACES})(row)).every(Boolean)", arg=row.element_handle()
    )
    other = figure.get_by_role("button", name="13 words, with relays")
    other.tap()
    assert page.locator(".lab-beside").count() == 1, "the same copy"
    assert page.evaluate(SHOWN)["state"]["padding"] == "relay"
    assert faults(page) == []
    page.get_by_role("button", name="Close").last.tap()
    assert page.locator(".lab-beside").count() == 0
    figure.locator(".fl-area").evaluate("a => a.scrollIntoView({behavior: 'instant'})")
    figure.locator(".fl-timeline .fl-button").nth(1).evaluate("back => back.click()")
    assert original(page, "#thirteen")["state"]["stage"] == 3
    assert page.locator(".lab-beside").count() == 0, "what is in sight needs no copy"


def test_a_control_below_a_drawing_that_is_half_in_sight_needs_no_copy(visit):
    """Held across, a window shows the lower part of a drawing and the buttons below it."""
    size = {"viewport": {"width": 844, "height": 390}}
    page = visit("notebooks/03-the-butterfly", **PHONE | size, **STILL).open_folds().page
    settled(page)
    figure = page.locator('.lab-widget[data-name="backwards"]')
    scenes = figure.locator(".fl-scenes")
    scenes.evaluate("row => row.scrollIntoView({block: 'end', behavior: 'instant'})")
    assert not page.evaluate(IN_SIGHT, "backwards"), "a sentence elsewhere would have a copy"
    page.evaluate(COPIES)
    scenes.get_by_role("button").first.evaluate("one => one.click()")
    settled(page)
    assert page.evaluate("window.copies") == 0
    scenes.evaluate("row => row.scrollIntoView({block: 'start', behavior: 'instant'})")
    scenes.get_by_role("button").last.evaluate("one => one.click()")
    page.locator(COPY).wait_for()


def test_the_bet_of_chapter_1_is_made_in_the_copy(visit):
    """At 390 pixels the question and the plane that it is about are never on one screen."""
    tab = visit("notebooks/01-dft-by-definition", **PHONE, **STILL)
    page = tab.page
    settled(page)
    figure = page.locator('.lab-widget[data-name="winding"]')
    place = figure.get_by_role("button", name="Place a guess")
    place.evaluate("one => one.scrollIntoView({block: 'center', behavior: 'instant'})")
    place.tap()
    page.locator(COPY).wait_for()
    question = figure.locator(".fl-bet")
    assert question.evaluate(PLACES) == {"apart": True, "copy": True, "words": True}
    box = page.locator(".lab-beside .fl-guess-handle").bounding_box()
    start = figure.evaluate("host => host.querySelector('.fl-figure').figure.state().bet")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    Finger(tab).drag((x, y), (x + 30, y - 20))
    bet = figure.evaluate("host => host.querySelector('.fl-figure').figure.state().bet")
    assert start and bet[0] > start[0] and bet[1] > start[1], "up and to the right"
