"""Every page, over HTTP and from disk, with nothing but itself: three loads, each looked at whole.

The tests of one load stand in the order in which they may leave their marks on it.
"""

import re
import shutil
from collections import Counter

import pytest
from kit.axe import BUT_CONTRAST, faint, faults
from kit.figures import STILL
from kit.tabs import HOSTS, STARTED, Visit, serve
from kit.weight import IS_FIGURE, IS_SEARCH, weights
from paths import NOTEBOOKS, ROOT

from fftia_lab.palette import colours
from fftia_lab.publish.verify import toc_pages

PAGES = toc_pages(ROOT / "_toc.yml")
WITH_EXTRAS = [*PAGES, "search", "genindex"]
WITH_FIGURE = ["book/intro", *(f"notebooks/{path.stem}" for path in NOTEBOOKS)]
LOOK = {**STILL, "color_scheme": "light"}


def loaded(browser, addresses, name, way="http", **context):
    tab = Visit(browser, tuple(addresses.values()), way, **{**LOOK, **context})
    tab.name = name
    return tab.open(f"{addresses[way]}/{name}.html")


@pytest.fixture(scope="module", params=WITH_EXTRAS)
def desk(browser, addresses, request):
    """A page on a desk, over HTTP."""
    size = {"width": 1280, "height": 800}
    tab = loaded(browser, addresses, request.param, viewport=size)
    yield tab
    tab.close()


@pytest.fixture(scope="module", params=WITH_EXTRAS)
def phone(browser, addresses, request):
    """A page on a phone."""
    size = {"width": 360, "height": 740}
    tab = loaded(browser, addresses, request.param, viewport=size)
    yield tab
    tab.close()


def heard_names(tab, *roles):
    """What a screen reader calls all parts of these roles, from Chromium's accessibility tree."""
    session = tab.context.new_cdp_session(tab.page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    heard = [node for node in nodes if not node.get("ignored")]
    return [
        node["name"]["value"].strip() for node in heard if node["role"]["value"].startswith(roles)
    ]


# ---- the first screen ---------------------------------------------------------------------------

BOX = """element => {
  const {left, top, right, bottom} = element.getBoundingClientRect();
  const header = document.querySelector('.bd-header-article').getBoundingClientRect();
  return {left, top, right, bottom, below: header.bottom};
}"""
FIRST_STARTED = f"document.querySelector('{HOSTS}')?.dataset.mounted === 'ok'"
# Fonts move lines when they come.
SETTLED = "document.fonts.ready.then(() => document.fonts.status === 'loaded')"


def assert_whole(page, element):
    page.wait_for_function(FIRST_STARTED)
    page.wait_for_function(SETTLED)
    assert page.evaluate("scrollY") == 0
    box, size = element.evaluate(BOX), page.viewport_size
    assert box["top"] >= box["below"], "under the header"
    assert box["left"] >= 0 and box["right"] <= size["width"]
    assert box["bottom"] <= size["height"], f"ends at {box['bottom']:.0f}"


def test_the_first_figure_is_whole_on_the_first_screen(desk):
    if desk.name in WITH_FIGURE:
        assert_whole(desk.page, desk.page.locator(HOSTS).first)
    assert desk.page.locator(HOSTS).count() > 0 or desk.name not in WITH_FIGURE


def test_words_and_folds_come_after_it_and_the_way_to_run_it_before_the_code(desk):
    order = desk.page.eval_on_selector_all(
        f"article h1, article h1 ~ p, {HOSTS}, .lab-run, article details.hide",
        "found => found.map(e => e.localName === 'div' ? 'figure' : e.className || e.localName)",
    )
    if desk.name.startswith("notebooks/"):
        ran = order.index("lab-run")
        assert order[:3] == ["h1", "figure", "p"] and set(order[2:ran]) == {"p"}
        assert "hide" in order[ran + 1].split(), "the set-up"
    elif desk.name in PAGES:
        assert order[0] == "h1" and "lab-run" not in order


# ---- on a desk ----------------------------------------------------------------------------------


def test_a_fold_is_called_what_stands_on_it_and_what_it_opens(desk):
    heard = heard_names(desk, "DisclosureTriangle")
    folds = "article details:not(.fl-more) > summary"
    shown = desk.page.locator(folds).filter(visible=True)
    seen = [words.strip() for words in shown.all_inner_texts()]
    assert all(seen) and (len(seen) > 2 or not desk.name.startswith("notebooks/"))
    names = iter(heard)
    assert all(any(name.startswith(words) for name in names) for words in seen), heard
    assert not [name for name in heard if "oggle" in name]


def assert_whole_and_alone(tab):
    page = tab.mount_all().page
    assert tab.outside == [], "nothing leaves the page"
    assert tab.trouble == []
    states = page.eval_on_selector_all(HOSTS, "hosts => hosts.map(host => host.dataset.mounted)")
    assert set(states) <= {"ok"}
    formulas = page.locator(".math").count()
    assert page.locator(".math > mjx-container").count() == formulas
    assert page.locator("mjx-merror").count() == 0
    marks = ".scatterlayer .trace, .heatmaplayer .hm"
    empty = f"plots => plots.filter(plot => !plot.querySelector('{marks}')).length"
    assert page.eval_on_selector_all(".lab-plotly", empty) == 0
    broken = "images => images.filter(i => !i.complete || !i.naturalWidth).map(i => i.src)"
    assert page.eval_on_selector_all("img", broken) == []


def test_a_page_is_whole_and_alone(desk):
    assert_whole_and_alone(desk)


@pytest.mark.parametrize("name", WITH_EXTRAS)
def test_from_disk_too_and_figures_start_though_nobody_scrolls(visit, name):
    tab = visit(name, "file", **STILL)
    tab.page.wait_for_function(STARTED)
    assert tab.page.evaluate("scrollY") == 0
    assert_whole_and_alone(tab)


def test_a_page_weighs_no_more_than_was_promised(desk, site):
    """1.2 MB without its figures and 2.8 with them; a third less is what pages have today."""
    held = weights(site, desk.asked)
    assert f"{desk.name}.html" in held and len(held) > 20
    assert 300_000 < sum(held.values()) < 2_400_000, held  # formulas and fonts alone are as many
    assert sum(size for name, size in held.items() if not IS_FIGURE.search(name)) < 800_000, held
    assert not IS_SEARCH.search(" ".join(held)) or desk.name == "search"


# A figure and a question are groups with a name: what is pressed in them is heard with it.
GROUPED = ".fl-figure :is(button:not(.fl-tool), summary), .fl-asks .fl-word, .fl-asks .fl-button"
NAMED = """(selector) => [...document.querySelectorAll(selector)].map((one) =>
  one.getAttribute('aria-label') ?? one.textContent.trim())"""


def test_what_is_pressed_has_a_name_that_means_something_in_a_list_of_buttons(desk):
    grouped = set(desk.page.evaluate(NAMED, GROUPED))
    heard = Counter(heard_names(desk, "button", "DisclosureTriangle"))
    heard.subtract(desk.page.evaluate(NAMED, ".bd-sidebar button, .bd-header button"))
    assert [name for name, count in heard.items() if count > 1 and name not in grouped] == []
    assert "" not in heard
    assert heard or not desk.name.startswith("notebooks/")
    fields = heard_names(desk, "combobox", "textbox", "checkbox", "slider")
    assert [name for name in fields if len(name) < 2] == [], "a letter alone"
    ways = heard_names(desk, "link", "navigation")
    assert [way for way in ways if not way or re.search("[▾\ue000-\uf8ff]", way)] == [], "signs"


def test_no_empty_stub_has_a_verdict(desk):
    shown = desk.page.locator(".cell_output").all_text_contents()
    assert shown or not desk.name.startswith("notebooks/"), "the page shows outputs"
    assert not [text for text in shown if "It returned None" in text]


def test_axe_finds_nothing(desk):
    assert faults(desk.page, **BUT_CONTRAST) == []
    assert faint(desk.page) == []
    desk.page.emulate_media(color_scheme="dark")
    desk.page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    desk.settle()
    assert faint(desk.page) == [], "what else can differ in the dark"
    desk.page.emulate_media(color_scheme="light")


# ---- on a phone ---------------------------------------------------------------------------------


def test_its_drawing_is_whole_on_the_first_screen_of_a_phone(phone):
    if phone.name in WITH_FIGURE:
        drawing = phone.page.locator(HOSTS).first.locator(".fl-area, .main-svg").first
        assert_whole(phone.page, drawing)
    assert phone.page.evaluate("scrollY") == 0


# A page has the same colours on a phone, which the desk sees in both themes; the battery looks at
# every figure's at this width.
def test_axe_finds_nothing_on_a_phone_and_nothing_sticks_out(phone):
    page, wide = phone.mount_all().page, "document.documentElement.scrollWidth"
    assert page.evaluate(wide) <= 360
    assert faults(page, **BUT_CONTRAST) == []
    page.set_viewport_size({"width": 768, "height": 900})
    phone.settle()
    assert page.evaluate(wide) <= 768


# Two lines that part a number from its unit, a sign from what follows it, or a complex number.
PARTED = r"""() => {
  const words = document.querySelector('article') ?? document.body;
  const walker = document.createTreeWalker(words, 4), found = [];
  const outside = 'pre, mjx-container, svg, script, noscript, .fl-spoken';
  const lineOf = (node, at) => {
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + 1);
    return range.getBoundingClientRect();
  };
  const term = /(?<!\S)[−+·×=≈] \S|\d [−+] [\d.]+i|\d (?:%|[kM]?B|KiB|GB|bytes?|[mµ]?s)(?!\w)/g;
  while (walker.nextNode()) {
    const {data, parentElement} = walker.currentNode;
    if (parentElement.closest(outside) || !parentElement.checkVisibility()) continue;
    for (const {0: {length}, index} of data.matchAll(term)) {
      const [first, last] = [index, index + length - 1].map((at) => lineOf(walker.currentNode, at));
      if (last.top > first.bottom) found.push(data.slice(Math.max(0, index - 20), index + 30));
    }
  }
  return found;
}"""


def test_no_line_of_a_phone_parts_a_number_from_its_unit_or_its_imaginary_part(phone):
    for width in (390, 360):
        phone.page.set_viewport_size({"width": width, "height": 740})
        phone.settle()
        assert phone.open_folds().page.evaluate(PARTED) == [], width


ZOOMED = ["book/intro", "book/teaching"]
ZOOMED += [page for page in PAGES if re.search(r"/(01|06|08)-", page)]
# What the window or a box that cannot be scrolled cuts off, and words outside their figure. Titles
# of plots are not asked: two are wider than 320 pixels.
CUT = """() => {
  const scrolls = (part) => part && (/auto|scroll/.test(getComputedStyle(part).overflowX)
    || scrolls(part.parentElement));
  const unseen = '.math mjx-assistive-mml, .fl-spoken, .visually-hidden';
  const read = '.bd-header-article *, article *:not(.math), .prev-next-footer *';
  return [...document.querySelectorAll(read)].filter(part => {
    const {left, right, width} = part.getBoundingClientRect();
    if (!width || !part.checkVisibility() || part.closest(unseen)) return false;
    const figure = part.localName === 'text' && part.closest('.fl-figure');
    if (figure) {
      const box = figure.getBoundingClientRect();
      return left < box.left - 1 || right > box.right + 1;
    }
    if (part.closest('svg')) return false;
    const hides = /hidden|clip/.test(getComputedStyle(part).overflowX) && part.clientWidth > 1;
    return hides && part.scrollWidth > part.clientWidth + 1
      || right > innerWidth + 1 && !scrolls(part.parentElement);
  }).map(part => `${part.outerHTML.slice(0, 60)} … ${part.textContent.slice(0, 60)}`);
}"""


# A plot follows its window a tenth of a second later.
FOLLOWED = """[...document.querySelectorAll('.lab-plotly')].every(plot =>
  !plot.checkVisibility() || plot.scrollWidth <= plot.clientWidth + 1)"""

# WCAG 1.4.12, of all words that a page can set apart; a drawing's are set where they belong.
APART = """* { line-height: 1.5 !important; letter-spacing: .12em !important;
  word-spacing: .16em !important; } p { margin-bottom: 2em !important; }
  :is(svg *, mjx-container, mjx-container *) { letter-spacing: 0 !important;
  word-spacing: 0 !important; line-height: normal !important; }"""


def test_at_200_and_400_percent_nothing_is_cut_and_nothing_scrolls_aside(phone):
    """A window of 1280 by 1024, zoomed."""
    if phone.name not in ZOOMED:
        return
    page = phone.mount_all().page
    for width, height in ((640, 512), (320, 256)):
        page.set_viewport_size({"width": width, "height": height})
        phone.settle()
        page.wait_for_function(FOLLOWED)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(CUT) == [], width
    page.add_style_tag(content=APART)
    phone.settle()
    assert page.evaluate(CUT) == [], "lines, letters and words further apart"
    assert len(ZOOMED) == 5


# ---- what the counts above mean -----------------------------------------------------------------


@pytest.mark.parametrize("way", ["http", "file"])
def test_the_front_door_leads_to_the_intro(visit, way):
    tab = visit("index", way)
    tab.page.wait_for_url("**/book/intro.html")
    assert tab.page.locator("article h1").inner_text().startswith("One wiring")


def test_the_chapter_has_what_it_should_and_its_downloads_are_on_the_site(visit, site):
    """The counts above mean something: the chapter has maths, plots and widgets."""
    page = visit("notebooks/03-the-butterfly").mount_all().page
    links = page.locator(".lab-run a").evaluate_all(
        "all => all.map(a => a.getAttribute('href').split('#')[0])"
    )
    assert len(links) > 0
    assert [link for link in links if not (site / "notebooks" / link).resolve().exists()] == []
    assert page.locator(".math").count() > 30
    assert page.locator(".lab-plotly").count() == 2
    assert page.locator(".lab-widget .fl-drawing .fl-shell").count() == 3
    assert page.locator(".lab-widget .fl-factorproduct").count() == 1


def test_axe_can_find_something(visit):
    page = visit("book/conventions").page
    page.evaluate("document.querySelector('article').insertAdjacentHTML('beforeend', '<img>')")
    (found,) = faults(page)
    assert found.startswith("image-alt: ")


def test_axe_can_find_faint_words_of_code_and_of_prose(visit):
    """Words of code that look alike are told once a block, words of prose each."""
    tab = visit("notebooks/01-dft-by-definition", **STILL).open_folds()
    tab.settle()  # while a fold fades in, all in it is faint
    page = tab.page
    found = []
    for words in (".highlight .mi", "article em"):
        assert page.locator(words).count() > 5
        page.add_style_tag(content=f"{words} {{ color: #bbb !important; }}")
        found.append(len(faint(page)))
    assert 0 < found[0] < found[1], found
    assert found[0] < page.locator(".highlight .mi").count()


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


def test_one_thing_has_one_colour_in_the_dark(visit):
    tab = visit("notebooks/03-the-butterfly", color_scheme="dark").mount_all()
    assert seen_colours(tab.page) == expected("dark")


def test_one_thing_has_one_colour_in_the_light_and_figures_follow_the_theme_switch(visit):
    tab = visit("notebooks/03-the-butterfly", color_scheme="light").mount_all()
    assert seen_colours(tab.page) == expected("light")
    switch = tab.page.locator("button.theme-switch-button:visible").first
    for _ in range(3):
        switch.click()
        if tab.page.evaluate("document.documentElement.dataset.theme") == "dark":
            break
    tab.settle()
    assert seen_colours(tab.page) == expected("dark")


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
