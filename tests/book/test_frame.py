"""The frame around a page: focus one can see, nothing over the controls, saving."""

import itertools
import json

import numpy as np
import pytest
from kit.figures import STILL
from kit.pixels import pixels
from kit.tabs import STARTED, frames
from paths import NOTEBOOKS

CHAPTERS = [f"notebooks/{path.stem}" for path in NOTEBOOKS]


KINDS = [
    ".bd-docs-nav a",
    "details.hide > summary",
    ".lab-answer > summary",
    "article .lab-run a",
    ".lab-present",
    ".copybtn",
    ".fl-figure select",
    ".fl-figure .fl-handle",
    ".fl-figure .fl-range",
    ".fl-figure .fl-scene",
    ".fl-figure .fl-tool",
    ".fl-asks input",
    ".prev-next-footer a",
]


def contrast(one, other):
    """WCAG's contrast of two colours of 0 to 255."""
    scaled = [np.asarray(colour) / 255 for colour in (one, other)]
    linear = [np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4) for c in scaled]
    dark, light = sorted(colour @ [0.2126, 0.7152, 0.0722] for colour in linear)
    return (light + 0.05) / (dark + 0.05)


def around(page, element):
    """The pixels of an element and what lies close around it."""
    box, size = element.bounding_box(), page.viewport_size
    left, top = max(0, box["x"] - 6), max(0, box["y"] - 6)
    right = min(size["width"], box["x"] + box["width"] + 6)
    bottom = min(size["height"], box["y"] + box["height"] + 6)
    clip = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    return pixels(page, clip)


def test_every_button_of_the_frame_shows_its_focus(visit):
    """WCAG 2.4.13: as many pixels as a line two pixels thick around it change by 3 to 1."""
    tab = visit(CHAPTERS[2], **STILL)
    for width, theme in itertools.product((360, 1280), ("light", "dark")):
        tab.page.set_viewport_size({"width": width, "height": 900})
        tab.page.emulate_media(color_scheme=theme)
        now = "theme => document.documentElement.dataset.theme === theme"
        tab.page.wait_for_function(now, arg=theme)
        tab.settle()
        check_focus(tab.page, f"{theme}, {width} pixels wide")


def test_all_that_is_pressed_shows_its_focus_in_forced_colours_too(visit):
    """A shadow is no ring there, and a box that is cut would cut it: one stop of each kind."""
    tab = visit(CHAPTERS[1], viewport={"width": 1280, "height": 900}, **STILL)
    tab.page.wait_for_function(STARTED)
    for forced in ("none", "active"):
        tab.page.emulate_media(forced_colors=forced)
        tab.settle()
        for kind in KINDS:
            assert shows_focus(tab.page, tab.page.locator(kind).filter(visible=True).first), (
                kind,
                forced,
            )
    tab.page.emulate_media(forced_colors="none")  # the next test may have this tab


def check_focus(page, where):
    width = page.viewport_size["width"]
    buttons = ":is(.bd-sidebar-primary, .bd-header-article, .bd-sidebar-secondary) button:visible"
    shown = [b for b in page.locator(buttons).all() if 0 <= b.bounding_box()["x"] < width]
    assert len(shown) >= 3, where
    for button in shown:
        assert shows_focus(page, button), f"{where}: {button.inner_text()}"


def shows_focus(page, element):
    """Whether as many pixels change by 3 to 1 as a line two pixels thick around it has."""
    page.evaluate("document.activeElement.blur()")
    element.scroll_into_view_if_needed()
    before = around(page, element)
    page.keyboard.press("Shift")  # a key: now focus is shown
    element.focus()
    after = around(page, element)
    changed = np.argwhere((before != after).any(axis=2))
    strong = sum(contrast(before[i, j], after[i, j]) >= 3 for i, j in changed)
    box = element.bounding_box()
    return strong >= 2 * 2 * (box["width"] + box["height"]) * 0.9


def test_at_400_percent_nothing_lies_over_the_page_but_the_header(visit):
    """1280 by 1024 at 400 %: after scrolling up, as after scrolling down."""
    size = {"width": 320, "height": 256}
    page = visit(CHAPTERS[2], viewport=size).page
    for y in (1500, 1300, 1280):
        page.mouse.wheel(0, y - page.evaluate("scrollY"))
        page.wait_for_function("y => Math.abs(scrollY - y) < 300", arg=y)
    over = page.evaluate(
        """() => [...document.querySelectorAll('body *')].filter(element => {
             const {position, visibility} = getComputedStyle(element);
             const {top, bottom, left, right} = element.getBoundingClientRect();
             return position === 'fixed' && visibility !== 'hidden' && element.checkVisibility()
               && bottom > 0 && top < innerHeight && right > 0 && left < innerWidth;
           }).map(element => element.id || element.className)"""
    )
    assert over == []
    contents = page.locator(".primary-toggle:visible")
    contents.press("Enter")
    page.locator("dialog .bd-docs-nav").wait_for()
    page.keyboard.press("Escape")
    page.locator("dialog .bd-docs-nav").wait_for(state="detached")
    assert contents.evaluate("button => button === document.activeElement"), "and the keyboard too"


def test_contents_that_are_closed_leave_no_name_of_their_button_behind(visit):
    """The theme tells a button's name half a second after it has the focus."""
    page = visit(CHAPTERS[2], held=True, viewport={"width": 360, "height": 740}).page
    contents = page.locator(".primary-toggle:visible")
    for _ in range(2):
        contents.press("Enter")
        page.locator("dialog .bd-docs-nav").wait_for()
        page.clock.run_for(1500)
        page.keyboard.press("Escape")
        page.locator("dialog .bd-docs-nav").wait_for(state="detached")
        page.clock.run_for(1500)
        assert page.locator(".tooltip").count() == 0
    page.keyboard.press("Tab")
    contents.focus()
    page.clock.run_for(1500)
    assert page.locator(".tooltip").count() == 1, "who comes by herself is told"


@pytest.mark.parametrize("way", ["http", "file"])
def test_a_notebook_is_saved_not_shown(visit, site, way):
    # By key: a page that grows between a button's down and up moves the link away from under it.
    tab = visit(CHAPTERS[2], way, accept_downloads=True)
    with tab.page.expect_download() as saved:
        tab.page.locator(".lab-run a", has_text="notebook").press("Enter")
    name = "03-the-butterfly.ipynb"
    assert saved.value.suggested_filename == name
    text = saved.value.path().read_text("utf-8")
    assert text == (site / "downloads" / name).read_text("utf-8")
    assert json.loads(text)["nbformat"] == 4
    assert tab.page.url.endswith(".html"), "the reader is where she was"
    assert tab.outside == []


UNREACHED = """() => [...document.querySelectorAll('article pre')].filter(code =>
  code.checkVisibility() && code.scrollWidth > code.clientWidth && code.tabIndex < 0).length"""


def test_code_in_a_fold_can_be_scrolled_by_keys_as_soon_as_it_opens(visit):
    page = visit(CHAPTERS[2], viewport={"width": 360, "height": 740}, **STILL).mount_all().page
    folds = "document.querySelectorAll('article details:not(.fl-figure *)')"
    page.evaluate(f"for (const fold of {folds}) fold.open = false")
    page.evaluate("for (const code of document.querySelectorAll('article pre')) code.tabIndex = -1")
    page.evaluate(
        f"""() => new Promise(done => {{
              const folds = [...{folds}];
              addEventListener('toggle', () => done(), {{once: true, capture: true}});
              for (const fold of folds) fold.open = true;
            }})"""
    )
    wide = "code => code.scrollWidth > code.clientWidth"
    assert page.eval_on_selector_all("article pre", f"all => all.some({wide})")
    frames(page, 1)
    assert page.evaluate(UNREACHED) == 0
    code = page.locator("article pre").filter(visible=True).and_(page.locator("pre[tabindex='0']"))
    cut = next(one for one in code.all() if one.evaluate(wide))
    assert fades(page, cut) == (False, True), "its lines go on to the right"
    cut.evaluate("code => { code.scrollLeft = code.scrollWidth; }")
    assert fades(page, cut) == (True, False), "and to the left, at their end"


def fades(page, code):
    """Whether a box of code is darker at its left edge, and at its right, than under its words."""
    code.scroll_into_view_if_needed()
    frames(page, 2)
    box = code.bounding_box()
    top = {"x": box["x"], "y": box["y"] + 1, "width": box["width"], "height": 3}
    row = pixels(page, top)[1].sum(axis=1)
    return tuple(bool(abs(row[edge] - row[len(row) // 2]) > 30) for edge in (2, -3))
