"""A mark beside each page in the contents: how many of its sections have rested in sight."""

import pytest
from kit.figures import STILL, pass_time
from kit.tabs import STARTED, frames

CHAPTER = "notebooks/06-who-has-heard-whom"
LINK = ".bd-docs-nav a[href*='06-who-has-heard-whom'], .bd-docs-nav .current > a"
REST = 700
# Brings an end of a section's own blocks into sight.
SHOW = """([section, end]) => {
  const part = [...document.querySelectorAll('article section')].at(section);
  const own = [...part.children].filter(child => child.localName !== 'section');
  own.at(end).scrollIntoView({block: end ? 'end' : 'start', behavior: 'instant'});
}"""


def rest(page, section, end, time=REST):
    page.evaluate(SHOW, [section, end])
    frames(page, 2)  # the browser tells of a scroll at its next frame, and rest begins again
    page.evaluate("dispatchEvent(new Event('scroll'))")  # and of none where nothing has moved
    page.clock.run_for(time)


def said(page):
    """What a screen reader hears after the name of the chapter in the contents."""
    name = page.locator(LINK).first.inner_text().strip()
    return name.partition("(")[2].rstrip(")")


@pytest.fixture
def reader(visit, way):
    """A reader who has just opened the chapter; no time passes unless a test lets it."""
    tab = visit(CHAPTER, way, held=True, **STILL)
    pass_time(tab.page, STARTED)  # a figure that grows moves what is in sight
    return tab


def test_a_section_counts_once_both_its_ends_have_rested_in_sight(reader):
    page = reader.page
    sections = page.locator("article section").count()
    assert said(page) == ""
    rest(page, 2, 0)
    assert said(page) == "", "begun"
    rest(page, 2, -1)
    assert said(page) == f"1 of {sections} sections read"
    rest(page, 3, 0, time=100)
    rest(page, 3, -1, time=100)
    rest(page, 2, -1)
    assert said(page) == f"1 of {sections} sections read", "what flew by"
    for section in range(sections):
        rest(page, section, 0)
        rest(page, section, -1)
    assert said(page) == "read"
    forget = page.get_by_role("button", name="Forget what I have read")
    page.reload(wait_until="load")
    assert said(page) == "read", "and the browser has kept it"
    forget.click()
    assert said(page) == "" and not forget.is_visible()
    assert page.evaluate("Object.keys(localStorage).filter(key => key.includes(':read:'))") == []
    assert reader.trouble == []


def test_a_browser_that_keeps_nothing_shows_nothing_and_breaks_nothing(visit):
    refuse = """const set = Storage.prototype.setItem;
      Storage.prototype.setItem = function (key, text) {
        if (key.startsWith('fftia-lab')) throw new DOMException('full');
        set.call(this, key, text);
      }"""
    tab = visit(CHAPTER, held=True, script=refuse, **STILL)
    rest(tab.page, 2, 0)
    rest(tab.page, 2, -1)
    assert tab.page.locator(".lab-read").count() == 0
    assert not tab.page.locator(".lab-forget").is_visible()
    assert tab.trouble == []


def test_without_scripts_there_are_no_marks(visit):
    page = visit(CHAPTER, java_script_enabled=False).page
    assert page.locator(LINK).count() > 0
    assert page.locator(".lab-read, .lab-forget").count() == 0
