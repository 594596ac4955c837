"""Figures span the right margin, nothing lies under the contents of the page, nothing jumps."""

import pytest
from kit.figures import STILL
from kit.tabs import STARTED

CHAPTER = "notebooks/03-the-butterfly"
EDGES = """() => {
  const box = (one) => one.getBoundingClientRect();
  const column = box(document.querySelector('article section'));
  const seen = [...document.querySelectorAll(':is(.lab-widget, .lab-plotly)')]
    .filter(one => one.checkVisibility() && !one.closest('.lab-first'));
  return {column: [column.left, column.right], room: document.documentElement.scrollWidth,
    figures: seen.map(one => [box(one).left, box(one).right])};
}"""
SHIFT = """() => new Promise(done => {
  const seen = new PerformanceObserver(list => done(
    list.getEntries().filter(e => !e.hadRecentInput).reduce((sum, e) => sum + e.value, 0)));
  seen.observe({type: 'layout-shift', buffered: true});
  setTimeout(() => done(0), 500);
})"""


@pytest.mark.parametrize(("wide", "high"), [(1280, 900), (1920, 1080)])
def test_figures_span_the_margin_and_text_keeps_its_column(visit, wide, high):
    page = visit(CHAPTER, viewport={"width": wide, "height": high}, **STILL).open_folds().page
    page.wait_for_function(STARTED)
    edges = page.evaluate(EDGES)
    left, right = edges["column"]
    assert edges["room"] == wide, "no scrolling to the side"
    assert len(edges["figures"]) > 4
    for figure in edges["figures"]:
        assert left - 1 <= figure[0] <= left + 20
        assert right + 200 < figure[1] <= wide - 16


def test_on_a_phone_and_a_tablet_figures_keep_to_the_text(visit):
    page = visit(CHAPTER, viewport={"width": 1024, "height": 768}, **STILL).open_folds().page
    for wide in (1024, 360):
        page.set_viewport_size({"width": wide, "height": 740})
        page.wait_for_function(STARTED)
        edges = page.evaluate(EDGES)
        for figure in edges["figures"]:
            assert edges["column"][0] - 10 <= figure[0] < figure[1] <= edges["column"][1] + 10


def test_the_contents_are_a_line_until_they_are_asked_for(visit):
    page = visit(CHAPTER, viewport={"width": 1280, "height": 900}, **STILL).page
    contents = page.locator(".bd-sidebar-secondary")
    header = page.locator(".bd-header-article").bounding_box()
    assert contents.bounding_box()["height"] <= header["height"] + 1
    contents.get_by_role("link").last.focus()
    assert contents.bounding_box()["height"] > 300, "for the keyboard"
    page.evaluate("document.activeElement.blur()")
    assert contents.bounding_box()["height"] <= header["height"] + 1
    page.locator(".onthispage").hover()
    assert contents.bounding_box()["height"] > 300, "under the mouse"


@pytest.mark.parametrize("size", [(1280, 800), (360, 740)], ids=["desk", "phone"])
def test_a_figure_that_starts_moves_nothing(visit, size):
    """Good is at most 0.1: web.dev on cumulative layout shift."""
    wide, high = size
    page = visit(CHAPTER, "file", viewport={"width": wide, "height": high}, **STILL).page
    page.wait_for_function(STARTED)
    assert page.evaluate(SHIFT) <= 0.1
