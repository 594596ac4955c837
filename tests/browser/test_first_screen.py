"""A page's first figure is whole on the first screen; on a phone its drawing is."""

import pytest
from paths import NOTEBOOKS

PAGES = ["book/intro", *(f"notebooks/{path.stem}" for path in NOTEBOOKS)]
FIRST = ".lab-widget, .lab-plotly"
STARTED = f"document.querySelector('{FIRST}')?.dataset.mounted === 'ok'"
# Fonts move lines when they come.
SETTLED = "document.fonts.ready.then(() => document.fonts.status === 'loaded')"
BOX = """element => {
  const {left, top, right, bottom} = element.getBoundingClientRect();
  const header = document.querySelector('.bd-header-article').getBoundingClientRect();
  return {left, top, right, bottom, below: header.bottom};
}"""


def opened(visit, name, width, height):
    page = visit(name, viewport={"width": width, "height": height}).page
    page.wait_for_function(STARTED)
    page.wait_for_function(SETTLED)
    assert page.evaluate("scrollY") == 0
    return page


def assert_whole(page, element):
    box, size = element.evaluate(BOX), page.viewport_size
    assert box["top"] >= box["below"], "under the header"
    assert box["left"] >= 0 and box["right"] <= size["width"]
    assert box["bottom"] <= size["height"], f"ends at {box['bottom']:.0f}"


@pytest.mark.parametrize("name", PAGES)
def test_the_first_figure_is_whole_on_the_first_screen(visit, name):
    page = opened(visit, name, 1280, 800)
    assert_whole(page, page.locator(FIRST).first)


@pytest.mark.parametrize("name", PAGES)
def test_its_drawing_is_whole_on_a_phone(visit, name):
    page = opened(visit, name, 360, 740)
    drawing = page.locator(FIRST).first.locator(".fl-area, .main-svg").first
    assert_whole(page, drawing)


@pytest.mark.parametrize("name", PAGES[1:])
def test_words_and_folds_come_after_it_and_the_way_to_run_it_before_the_code(visit, name):
    page = visit(name).page
    order = page.eval_on_selector_all(
        f"article h1, article h1 ~ p, {FIRST}, .lab-run, article details.hide",
        "found => found.map(e => e.localName === 'div' ? 'figure' : e.className || e.localName)",
    )
    assert order[:4] == ["h1", "figure", "p", "lab-run"]
    assert "hide" in order[4].split(), "the set-up"
