"""A page on paper: every figure whole, though the reader never scrolled to it, and no controls."""

import re
import zlib

import pytest
from kit.figures import STILL
from kit.tabs import HOSTS, STARTED

CHAPTERS = ["notebooks/03-the-butterfly", "notebooks/06-who-has-heard-whom"]
CHAPTERS += ["notebooks/08-butterfly-attention"]
PRINT = "dispatchEvent(new Event('beforeprint'))"


def print_from(tab, wide):
    """What a window of this width prints: after the event, with paper's rules, A4 in pixels."""
    tab.page.set_viewport_size({"width": wide, "height": 900})
    tab.page.wait_for_function(STARTED)
    tab.settle()
    tab.page.evaluate(PRINT)
    tab.page.emulate_media(media="print")
    tab.page.set_viewport_size({"width": 718, "height": 1047})


def back_to_the_screen(tab):
    tab.page.evaluate("dispatchEvent(new Event('afterprint'))")
    tab.page.emulate_media(media="screen")


# Inner HTML of the article without what figures draw, and which folds are open.
AS_WRITTEN = """() => {
  const copy = document.querySelector('article').cloneNode(true);
  copy.querySelectorAll('.lab-widget, .lab-plotly, .lab-guess').forEach(host => host.remove());
  for (const part of copy.querySelectorAll('[tabindex]')) {
    part.removeAttribute('tabindex'); // the theme asks a moment later what has to scroll
  }
  return copy.innerHTML;
}"""
# The words of every fold, whether it is open, and where they are printed.
FOLDED = """() => [...document.querySelectorAll('.lab-fold')]
  .filter(fold => !fold.parentElement.closest('.lab-fold, .lab-answer-at-end'))
  .map(fold => [fold.open, fold.textContent.length])"""
AT_END = """() => [...document.querySelectorAll('.lab-end > .lab-answer-at-end')]
  .map(answer => answer.textContent)"""


def test_what_the_reader_has_not_opened_is_printed_at_the_end_and_comes_back(visit):
    tab = visit(CHAPTERS[0], **STILL)
    page = tab.page
    page.wait_for_function(STARTED)
    page.locator(".lab-answer").first.evaluate("fold => { fold.open = true }")
    page.locator(".lab-answer > summary", has_text="Hide").wait_for()
    tab.settle()
    before, (first, *others) = page.evaluate(AS_WRITTEN), page.evaluate(FOLDED)
    page.evaluate(PRINT)
    page.emulate_media(media="print")
    end = page.evaluate(AT_END)
    assert first[0] and page.evaluate(FOLDED)[0] == first, "what is open stays where it stands"
    assert [opened for opened, _ in others] == [False] * len(end)
    assert len(end) > 10 and end[0].startswith("Answer 1, to “")
    assert end[-1].startswith("Solution ") and "to “2. From nothing”" in end[-1]
    assert all(len(now) > length - 20 for now, (_, length) in zip(end, others, strict=True))
    said = page.locator(".lab-fold:not([open]) > summary").all_inner_texts()
    assert [words.split(" is")[0] for words in said] == [words.split(",")[0] for words in end]
    assert page.locator("article details.hide:not([open]):visible").count() == 0
    lines = page.locator(".fl-asks input:visible, .fl-asks .fl-word:visible")
    assert lines.count() > 5, "a line to write a guess on"
    back_to_the_screen(tab)
    assert page.evaluate(AS_WRITTEN) == before
    assert tab.trouble == []


def test_a_page_shown_as_paper_is_laid_out_like_one_that_is_printed(visit):
    tab = visit(CHAPTERS[2], color_scheme="dark", **STILL)
    page = tab.page
    page.emulate_media(media="print")  # and at once: figures start on their own
    page.wait_for_function(STARTED)
    page.wait_for_function("document.documentElement.matches('.lab-paper')")
    tab.settle()
    look = "[document.documentElement.dataset.theme, document.querySelectorAll('.lab-end').length]"
    assert page.evaluate(look) == ["light", 1]
    small = """hosts => hosts.filter(host => {
      const box = host.querySelector('.fl-drawing, .main-svg').getBoundingClientRect();
      return !(box.width > 300 && box.height > 60);
    }).length"""
    assert page.locator(HOSTS).count() > 5
    assert page.eval_on_selector_all(HOSTS, small) == 0, "drawn, also what waited in a fold"
    page.emulate_media(media="screen")
    page.wait_for_function(f"({look}).join() === 'dark,0'")  # the browser tells it with a frame
    assert tab.trouble == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_figures_fit_a_page_whole_and_without_controls(visit, name):
    tab = visit(name, **STILL)
    for wide in (360, 1280, 1600):
        print_from(tab, wide)
        assert_fits(tab.page)
        back_to_the_screen(tab)


def assert_fits(page):
    for host in page.locator(HOSTS).all():
        box = host.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 698, "half an inch at each side"
        assert box["height"] <= 960, "a page of A4 or Letter holds it"
        assert host.evaluate("host => getComputedStyle(host).breakInside") == "avoid"
        drawing = host.locator(".fl-drawing, .main-svg").first.bounding_box()
        assert drawing["x"] >= box["x"]
        assert drawing["x"] + drawing["width"] <= box["x"] + box["width"] + 1, "not cut"
    assert page.evaluate("document.documentElement.scrollWidth") <= 718
    controls = (".fl-timeline", ".fl-scenes", ".fl-play", ".fl-tools", ".fl-asks [type=submit]")
    for control in (*controls, ".lab-run", ".lab-present", "nav.bd-docs-nav", ".bd-header-article"):
        assert page.locator(f"{control}:visible").count() == 0, control
    assert page.locator(".fl-status:visible").count() == page.locator(".fl-figure").count()


def test_hands_on_the_drawing_stay_where_it_is(visit):
    """The drawing is laid out anew for paper, not stretched under its handles."""
    tab = visit(CHAPTERS[1], **STILL)
    print_from(tab, 1280)
    page = tab.page
    for drawing in page.locator(".fl-drawing").all():
        box, view = drawing.bounding_box(), drawing.evaluate("d => d.viewBox.baseVal.width")
        assert box["width"] == pytest.approx(view, abs=1)


def test_a_dark_page_is_printed_light_and_comes_back(visit):
    tab = visit(CHAPTERS[0], color_scheme="dark", **STILL)
    page = tab.page
    page.wait_for_function(STARTED)
    title = page.locator(".lab-plotly .gtitle").first
    before, wide = title.evaluate("t => t.style.fill"), page.locator(HOSTS).first.bounding_box()
    page.evaluate(PRINT)
    assert page.locator(HOSTS).first.bounding_box()["width"] == 640
    assert title.evaluate("t => t.style.fill") != before, "at once: paper does not wait"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert title.evaluate("t => t.style.fill") == before
    assert page.locator(HOSTS).first.bounding_box()["width"] == wide["width"]
    assert tab.trouble == []


SAYS = "hosts => hosts.map(host => getComputedStyle(host, '::after').content)"
NAMED = "hosts => hosts.map(host => host.dataset.name ?? host.ariaLabel)"
ALL = ".lab-guess, .lab-widget, .lab-plotly"
# Modules are asked for and do not come: all that a page is in its first moments.
WITHOUT_MODULES = """const append = Element.prototype.append;
  Element.prototype.append = function (...parts) {
    if (!parts.some(one => one.src?.includes('modules/'))) append.apply(this, parts);
  };"""


def test_what_is_not_there_says_so_on_paper(visit):
    """Every question stands with a line or its words, every figure with its name."""
    page = visit(CHAPTERS[0], java_script_enabled=False).page
    page.emulate_media(media="print")
    said = dict(zip(*(page.eval_on_selector_all(ALL, what) for what in (NAMED, SAYS)), strict=True))
    assert all(name in words for name, words in said.items()), said
    assert len(said) > 15
    assert said["card that lies second"] == '"card that lies second: ________"'
    assert (
        "the same, with a minus, mirrored, or each turned"
        in said[next(n for n in said if "odd columns" in n)]
    )
    assert "“twist” had not started when the page was printed" in said["twist"]


def test_a_page_printed_before_its_figures_have_come_says_where_they_are(visit):
    tab = visit(CHAPTERS[1], script=WITHOUT_MODULES)
    page = tab.page
    page.evaluate(PRINT)
    page.emulate_media(media="print")
    assert page.locator("[data-mounted=ok]").count() == page.locator(".lab-plotly").count()
    hosts = ".lab-widget"
    names, said = (page.eval_on_selector_all(hosts, what) for what in (NAMED, SAYS))
    address = page.url.partition("#")[0]
    assert len(names) == 3
    assert all(
        f"“{n}”" in words and f"{address}#{n}" in words
        for n, words in zip(names, said, strict=True)
    )
    asked = page.eval_on_selector_all(".lab-guess", SAYS)
    assert len(asked) > 8 and "none" not in asked


@pytest.mark.parametrize(("name", "way"), [(CHAPTERS[0], "http"), (CHAPTERS[2], "file")])
def test_the_pdf_holds_every_plot(visit, name, way):
    """Chromium's own printing, without a scroll: what the plots say is in the file."""
    page = visit(name, way, **STILL).page
    page.wait_for_function(STARTED)
    strokes = drawn(page.pdf())
    paths = [len(stroke) for stroke in re.findall(rb"\n[^\n]* [lcm]\n", strokes)]
    empty = visit(name, way, java_script_enabled=False, **STILL).page
    none = [len(stroke) for stroke in re.findall(rb"\n[^\n]* [lcm]\n", drawn(empty.pdf()))]
    assert len(paths) > len(none) + 1000


def drawn(pdf):
    """The drawing instructions of a PDF."""
    streams = re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL)
    found = []
    for stream in streams:
        try:
            found.append(zlib.decompressobj().decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(found)
