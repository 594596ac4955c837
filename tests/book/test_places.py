"""Where a reader lands, by a link to a figure or a heading, by Back and by a reload."""

import pytest
from kit.figures import STILL
from kit.tabs import STARTED

CHAPTER = "notebooks/03-the-butterfly"
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
# How a page is laid out and where its files come from are two matters: one pair of each.
readers = pytest.mark.parametrize(("way", "size"), [("http", DESK), ("file", PHONE)])
# The text that stands at the top of the window, and how far down it begins.
TOP = """() => {
  const block = [...document.querySelectorAll('article section > :not(section)')]
    .find(block => block.getBoundingClientRect().bottom > 0);
  return [block.textContent.trim().slice(0, 60), Math.round(block.getBoundingClientRect().top)];
}"""
STILL_THERE = f"({TOP})()[0] === wanted[0] && Math.abs(({TOP})()[1] - wanted[1]) <= 3"
BOX = """element => {
  const {top, bottom, height} = element.getBoundingClientRect();
  const header = document.querySelector('.bd-header-article').getBoundingClientRect().bottom;
  return {top: top - header, bottom: innerHeight - bottom, fits: height <= innerHeight - header};
}"""


def settled(page):
    """Wait until every figure is drawn and nobody moves the page any more."""
    page.wait_for_function(STARTED)
    page.wait_for_function("history.state?.place")


def whole(page, name):
    """A figure is whole under the header, or its top is there where the window is too low."""
    host = page.locator(f'[data-name="{name}"]')
    page.wait_for_function(
        f"""name => {{
          const {{top, bottom, fits}} = ({BOX})(document.querySelector(`[data-name="${{name}}"]`));
          return top >= -1 && (fits ? bottom >= 0 : top <= 60);
        }}""",
        arg=name,
    )
    return host


@readers
@pytest.mark.parametrize(
    ("page", "name", "query"),
    [
        (CHAPTER, "twist", "stage=1"),
        ("notebooks/06-who-has-heard-whom", "thirteen", "length=9"),
        ("notebooks/08-butterfly-attention", "two-flags", "stage=2"),
    ],
)
def test_a_link_shows_its_figure_whole(visit, page, name, query, way, size):
    tab = visit(page, way, link=f"#{name}?{query}", viewport=size, **STILL)
    settled(tab.page)
    whole(tab.page, name)
    assert tab.trouble == []


@readers
def test_a_link_to_a_heading_stays_at_it(visit, way, size):
    page = visit(CHAPTER, way, link="#exercises", viewport=size, **STILL).page
    settled(page)
    place = page.locator("#exercises").evaluate(BOX)
    assert -1 <= place["top"] <= 60


def read_on(page, text):
    """Open what a paragraph waits behind, scroll to it as a reader does, and rest."""
    paragraph = page.locator("article p", has_text=text).first
    fold = page.locator(".lab-answer").filter(has_text=text)
    assert fold.count() == 1
    fold.locator("> summary").click()
    settled(page)
    paragraph.evaluate("p => { p.scrollIntoView({block: 'start'}); scrollBy(0, -30); }")
    page.wait_for_function(f"history.state?.place?.top === ({TOP})()[1]")
    return page.evaluate(TOP)


@readers
def test_back_returns_to_where_the_reader_was_not_to_what_she_touched(visit, way, size):
    """Touching a figure writes the address, and the address is no place."""
    tab = visit(CHAPTER, way, viewport=size, **STILL)
    page = tab.page
    settled(page)
    page.locator(".fl-figure [aria-label='one stage back']").first.click()
    page.wait_for_function("location.hash.startsWith('#butterfly')")
    wanted = read_on(page, "A mistake spreads as news does")
    page.goto(page.url.partition("notebooks")[0] + "book/glossary.html")
    page.go_back()
    settled(page)
    page.wait_for_function(f"wanted => {STILL_THERE}", arg=wanted)
    page.reload()
    settled(page)
    page.wait_for_function(f"wanted => {STILL_THERE}", arg=wanted)
    assert tab.outside == []


@readers
def test_a_link_in_the_text_shows_its_figure_and_back_returns_to_the_text(visit, way, size):
    page = visit(CHAPTER, way, viewport=size, **STILL).page
    settled(page)
    wanted = read_on(page, "A third of the array")
    entries = page.evaluate("history.length")
    page.locator('article a[href^="#bitreversal"]').first.click()
    page.get_by_role("button", name="Go to the figure").click()
    whole(page, "bitreversal")
    assert page.evaluate("history.length") == entries + 1
    page.go_back()
    page.wait_for_function(f"wanted => {STILL_THERE}", arg=wanted)
    page.go_forward()
    whole(page, "bitreversal")


def test_who_scrolls_while_figures_start_is_left_alone(visit, addresses):
    """The hand wins: a page that still grows does not pull the reader back to its link."""
    tab = visit("book/conventions", viewport=DESK, **STILL)
    page = tab.page
    held, freed = [], []
    page.route("**/plotly.min.js", lambda route: route.continue_() if freed else held.append(route))
    page.goto(f"{addresses['http']}/{CHAPTER}.html#twist?stage=1", wait_until="commit")
    page.wait_for_selector('[data-name="twist"] .fl-figure')
    page.mouse.wheel(0, -3000)
    page.wait_for_function("history.state?.place")
    wanted = page.evaluate(TOP)
    page.wait_for_function("document.querySelector('script[src*=plotly]')")
    freed.append(True)  # the script may be asked for only now
    for route in held:
        route.continue_()
    settled(page)
    words, top = page.evaluate(TOP)
    assert words == wanted[0] and abs(top - wanted[1]) <= 1, "but for a rounded pixel"


def test_touching_a_figure_makes_no_entry_in_the_history(visit):
    page = visit(CHAPTER, **STILL).page
    settled(page)
    entries = page.evaluate("history.length")
    back = page.locator(".fl-figure [aria-label='one stage back']").first
    for _ in range(2):
        back.click()
    page.wait_for_function("location.hash.includes('stage=1')")
    assert page.evaluate("history.length") == entries
