"""Every page, over HTTP and from disk, with nothing but itself."""

import json
import re
import shutil
from pathlib import Path

import axe_playwright_python
import pytest
from paths import ROOT
from tabs import Visit, serve

from fftia_lab.palette import colours
from fftia_lab.publish.verify import toc_pages

PAGES = toc_pages(ROOT / "_toc.yml")
WITH_EXTRAS = [*PAGES, "search", "genindex"]
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")


@pytest.mark.parametrize("way", ["http", "file"])
@pytest.mark.parametrize("name", WITH_EXTRAS)
def test_a_page_is_whole_and_alone(visit, name, way):
    tab = visit(name, way).mount_all()
    page = tab.page
    assert tab.outside == [], "nothing leaves the page"
    assert tab.trouble == []
    states = page.eval_on_selector_all(
        ".lab-widget, .lab-plotly", "hosts => hosts.map(host => host.dataset.mounted)"
    )
    assert set(states) <= {"ok"}
    formulas = page.locator(".math").count()
    assert page.locator(".math > mjx-container").count() == formulas
    assert page.locator("mjx-merror").count() == 0
    marks = ".scatterlayer .trace, .heatmaplayer .hm"
    empty = f"plots => plots.filter(plot => !plot.querySelector('{marks}')).length"
    assert page.eval_on_selector_all(".lab-plotly", empty) == 0
    broken = "images => images.filter(i => !i.complete || !i.naturalWidth).map(i => i.src)"
    assert page.eval_on_selector_all("img", broken) == []


@pytest.mark.parametrize("way", ["http", "file"])
def test_the_front_door_leads_to_the_intro(visit, way):
    tab = visit("index", way)
    tab.page.wait_for_url("**/book/intro.html")
    assert tab.page.locator("article h1").inner_text().startswith("One wiring")


def test_the_chapter_has_what_it_should(visit):
    """The counts above mean something: the chapter has maths, plots and widgets."""
    page = visit("notebooks/03-the-butterfly").mount_all().page
    assert page.locator(".math").count() > 30
    assert page.locator(".lab-plotly").count() == 2
    assert page.locator(".lab-widget .fl-drawing .fl-shell").count() == 3
    assert page.locator(".lab-widget .fl-factorproduct").count() == 1


@pytest.mark.parametrize("name", [page for page in PAGES if page.startswith("notebooks/")])
def test_no_empty_stub_has_a_verdict(visit, name):
    shown = visit(name).page.locator(".cell_output").all_inner_texts()
    assert shown, "the page shows outputs"
    assert not [text for text in shown if "It returned None" in text]


def faults(page, **options):
    """What axe finds, one line each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    run = f"axe.run(document, {json.dumps({'resultTypes': ['violations'], **options})})"
    found = page.evaluate(f"{run}.then(({{violations}}) => JSON.stringify(violations))")
    return [
        f"{v['id']}: {n['target']} {n['failureSummary']}"
        for v in json.loads(found)
        for n in v["nodes"]
    ]


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", WITH_EXTRAS)
def test_axe_finds_nothing_and_nothing_sticks_out(visit, name, width):
    viewport = {"width": width, "height": 900}
    tab = visit(name, color_scheme="light", viewport=viewport).mount_all()
    wide = "document.documentElement.scrollWidth"
    assert tab.page.evaluate(wide) <= width
    assert faults(tab.page) == []
    tab.page.emulate_media(color_scheme="dark")
    tab.page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    tab.page.wait_for_timeout(300)
    assert faults(tab.page, runOnly=["color-contrast"]) == [], "what else can differ in the dark"
    if width == 360:
        tab.page.set_viewport_size({"width": 768, "height": 900})
        tab.page.wait_for_timeout(100)
        assert tab.page.evaluate(wide) <= 768


def test_axe_can_find_something(visit):
    page = visit("book/conventions").page
    page.evaluate("document.querySelector('article').insertAdjacentHTML('beforeend', '<img>')")
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert [violation["id"] for violation in found] == ["image-alt"]


def rgb(colour):
    return f"rgb({', '.join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))})"


def seen_colours(page):
    """The colours of one thing of each kind: prose, formula, code, widget, plot, page."""
    return page.evaluate(
        """() => {
          const colour = (selector, property) =>
            getComputedStyle(document.querySelector(selector))[property];
          return {
            prose: colour("p .fl-twiddle", "color"),
            formula: colour("mjx-container .fl-twiddle", "color"),
            code: colour(".highlight .fl-twiddle", "color"),
            widget: colour(".fl-marks", "fill"),
            plot: colour(".lab-plotly .scatterlayer .js-line", "stroke"),
            page: colour("body", "backgroundColor"),
          };
        }"""
    )


def expected(theme):
    palette = {name: rgb(colour) for name, colour in colours(theme).items()}
    one = dict.fromkeys(["prose", "formula", "code", "widget"], palette["twiddle"])
    return {**one, "plot": palette["self"], "page": palette["paper"]}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_one_thing_has_one_colour(visit, theme):
    tab = visit("notebooks/03-the-butterfly", color_scheme=theme).mount_all()
    assert seen_colours(tab.page) == expected(theme)


def test_figures_follow_the_theme_switch(visit):
    tab = visit("notebooks/03-the-butterfly", color_scheme="light").mount_all()
    switch = tab.page.locator("button.theme-switch-button:visible").first
    for _ in range(3):
        switch.click()
        if tab.page.evaluate("document.documentElement.dataset.theme") == "dark":
            break
    tab.page.wait_for_timeout(500)
    assert seen_colours(tab.page) == expected("dark")


def test_search_finds_a_word_from_disk(visit):
    tab = visit("search", "file", link="?q=stockham")
    tab.page.wait_for_selector("#search-results li a")
    links = tab.page.locator("#search-results li a").all_inner_texts()
    assert "The butterfly" in links
    assert tab.outside == tab.trouble == []


def test_downloads_are_on_the_site(visit, site):
    page = visit("notebooks/03-the-butterfly").page
    for link in page.locator(".lab-run a").all():
        href = link.get_attribute("href")
        assert (site / "notebooks" / href).resolve().exists(), href


def damaged(site, tmp_path, name, change):
    """A copy of the site in which one page was changed, served."""
    copy = tmp_path / "site"
    shutil.copytree(site, copy)
    path = copy / f"{name}.html"
    path.write_text(change(path.read_text("utf-8")), "utf-8")
    return serve(copy)


def look_at(browser, server, name):
    tab = Visit(browser, (f"http://127.0.0.1:{server.server_port}",))
    tab.open(f"http://127.0.0.1:{server.server_port}/{name}.html").mount_all()
    state = tab.page.locator(".lab-widget").first.get_attribute("data-mounted")
    words = tab.page.locator(".lab-widget").first.inner_text()
    tab.close()
    server.shutdown()
    server.server_close()
    return tab, state, words


def test_an_outside_request_is_caught(browser, site, tmp_path):
    picture = '<img alt="x" src="https://example.org/x.png"></article>'
    server = damaged(site, tmp_path, "book/intro", lambda t: t.replace("</article>", picture))
    tab, _, _ = look_at(browser, server, "book/intro")
    assert tab.outside == ["https://example.org/x.png"]


def test_a_widget_that_cannot_start_says_so(browser, site, tmp_path):
    def without_module(text):
        return re.sub(r'data-module="[^"]+"', 'data-module="gone.js"', text)

    server = damaged(site, tmp_path, "book/intro", without_module)
    tab, state, words = look_at(browser, server, "book/intro")
    assert state == "error"
    assert "This figure could not start: modules/gone.js is missing from the site" in words
    assert tab.trouble
