"""What scenes and links give, bets, and the address of a state."""

import html
import json
import posixpath
import re
from functools import cache

import pytest
from kit.figures import STILL, FigureOnPage, follow
from kit.sentences import FACTS
from kit.settling import alike, asked, changed, state_of
from kit.subjects import SUBJECTS, name_of
from kit.tabs import Visit
from paths import ROOT

from fftia_lab.publish.verify import toc_pages
from fftia_lab.widgets import ReceptiveField

# ---- scenes and links ------------------------------------------------------------------------


CLASSES = {name_of(subject): subject.WIDGET for subject in SUBJECTS}


def opening(figure):
    """The widget of a figure as the page was built, again in Python: its class, its traits."""
    saved = json.loads(figure.host.locator("script").first.text_content())["state"]
    widget = CLASSES[figure.root.get_attribute("class").split()[1].removeprefix("fl-")]
    return widget, {name: saved[name] for name in widget.own_traits()}


def assert_named_apart(figure):
    """Two controls with one name would be two ways to one place, or one name for two."""
    named = figure.root.locator("button:visible, label:has(input:visible)").evaluate_all(
        "all => all.map(one => (one.ariaLabel ?? one.textContent).trim().toLowerCase())"
    )
    assert sorted(set(named)) == sorted(named)


def assert_there(figure, widget, traits, patch):
    """The figure has what was named, the rest follows from the opening state, and it says so."""
    wanted = changed(widget(**traits), patch)
    shown = figure.state()
    assert {name: shown[name] for name in patch} == patch
    assert alike(wanted, shown), patch
    facts = FACTS[widget.__name__.lower()](shown)
    missing = [fact for fact in facts if fact not in figure.says()]
    assert len(facts) > 0 and missing == [], figure.says()
    assert figure.root.locator("> .fl-wrong").count() == 0


PAGES = toc_pages(ROOT / "_toc.yml")


@pytest.fixture(scope="module", params=PAGES)
def tab(browser, addresses, request):
    """A page with all its figures; who follows a scene or a link on it resets them."""
    opened = Visit(browser, tuple(addresses.values()), **STILL)
    opened.name = request.param
    yield opened.open(f"{addresses['http']}/{request.param}.html").mount_all()
    assert opened.trouble == opened.outside == []
    opened.close()


def test_every_scene_gives_what_it_names(tab):
    for host in tab.page.locator(".lab-widget").all():
        figure = FigureOnPage(tab.page, host.get_attribute("data-name"))
        widget, traits = opening(figure)
        start = figure.state()
        assert alike(state_of(widget(**traits)), start)
        for scene in traits["scenes"]:
            assert set(scene["set"]) <= set(start), "a scene sets what readers can set"
            figure.root.get_by_role("button", name=scene["label"], exact=True).click()
            figure.settle()
            assert_there(figure, widget, traits, scene["set"])
            assert_named_apart(figure)
        if traits["scenes"]:
            figure.root.locator(".fl-reset").click()
            assert figure.state() == start


def links_of(site, page):
    """The links of a built page that set one of its figures: (name, query)."""
    text = html.unescape((site / f"{page}.html").read_text("utf-8"))
    return sorted(set(re.findall(r'href="#([^"?]+)[?]([^"]+)"', text)))


@cache
def links_across(site):
    """The links of built pages that set a figure of another page: (page, name, query)."""
    found = set()
    for at in PAGES:
        text = html.unescape((site / f"{at}.html").read_text("utf-8"))
        for path, *link in re.findall(r'href="([^"#:]+)#([^"?]+)[?]([^"]+)"', text):
            page = posixpath.normpath(posixpath.join(posixpath.dirname(at), path))
            found.add((page.removesuffix(".html"), *link))
    return sorted(found)


# A page that stands at a link already hears of no other: its last scene may have been noted late.
HEAR_OF_ADDRESS = """() => {
  history.replaceState(history.state, "", location.pathname);
  window.heard = new Promise(done => addEventListener("hashchange", () => done(), {once: true}));
}"""


def test_every_link_gives_what_it_names(tab, site):
    """Those in the page's text are clicked, those from other pages written as its address."""
    own = links_of(site, tab.name)
    across = [link for page, *link in links_across(site) if page == tab.name]
    for name, query in dict.fromkeys([*map(tuple, own), *map(tuple, across)]):
        if (name, query) in own:
            tab.page.evaluate(HEAR_OF_ADDRESS)  # the browser tells of it in a task of its own
            tab.page.locator(f"a[href='#{name}?{query}']").first.click()
            tab.page.evaluate("window.heard")
        else:
            follow(tab.page, f"#{name}?{query}")
        figure = FigureOnPage(tab.page, name)
        widget, traits = opening(figure)
        patch = asked(query, state_of(widget(**traits)))
        assert_there(figure, widget, traits, patch)


def test_there_are_links_to_follow(site):
    assert len(links_of(site, "book/intro")) == 5
    assert len(links_across(site)) > 15
    assert {page for page, _, _ in links_across(site)} <= set(PAGES)


@pytest.mark.parametrize("way", ["http", "file"])
def test_a_lesson_leads_to_a_state_on_another_page(visit, way):
    tab = visit("book/teaching", way, **STILL)
    tab.page.locator("article a[href*='#no-peeking?']").first.click()
    figure = FigureOnPage(tab.page, "no-peeking")
    figure.until(token=8, source=-1)
    assert tab.trouble == tab.outside == []


def test_a_link_sets_what_follows_from_it(visit):
    link = "#no-peeking?n=64&causal=true&token=32"
    tab = visit("notebooks/06-who-has-heard-whom", link=link, **STILL)
    figure = FigureOnPage(tab.page, "no-peeking")
    state = figure.state()
    assert (state["length"], state["stage"], state["token"]) == (64, 6, 32)
    assert state["source"] == -1, "no pair of which the sentence does not speak"
    assert "After 6 of 6 stages, token 32 has heard 2 of 33: 0 and 32." in figure.says()
    assert "729 of 2,080 pairs" in figure.says(), "3^6, the triangle of Sierpinski"


CHAPTER_6 = [
    ("receptivefield", "64 tokens", ["After 6 of 6 stages", "4,096 of 4,096 pairs; nobody"]),
    ("no-peeking", "64 tokens, no peeking", ["token 32 has heard 2 of 33", "729 of 2,080"]),
    ("thirteen", "13 words, with relays", ["169 of 169 pairs; nobody", "59, 9 of them by relays"]),
    ("thirteen", "Beneš, around the gap", ["After 7 of 7 stages", "169 of 169 pairs; nobody"]),
    ("thirteen", "eight ways", ["After 7 of 7 stages", "256 of 256 pairs", "on 8 paths"]),
]


def test_scenes_of_chapter_6_show_what_its_text_says(visit):
    page = visit("notebooks/06-who-has-heard-whom", **STILL).mount_all().page
    for name, label, wanted in CHAPTER_6:
        figure = FigureOnPage(page, name)
        figure.root.get_by_role("button", name=label, exact=True).click()
        figure.settle()
        text = f"{figure.says()} {figure.root.locator('.fl-card').inner_text()}"
        assert [part for part in wanted if part not in text] == [], label


# ---- bets, and the address of a state --------------------------------------------------------


def test_a_scene_keeps_the_bet_that_it_answers(visit):
    tab = visit("notebooks/06-who-has-heard-whom", **STILL).mount_all()
    figure = FigureOnPage(tab.page, "no-peeking")
    field = tab.page.locator('[data-name="tokens that token 15 hears"]')
    field.locator("input").fill("16")
    field.get_by_role("button", name="Guess").click()
    figure.root.locator(".fl-answers").get_by_role("button", name="2", exact=True).click()
    assert_named_apart(figure)
    figure.root.get_by_role("button", name="16 tokens, no peeking", exact=True).click()
    figure.settle()
    assert (figure.state()["bet"], figure.state()["causal"]) == ([16, 2], True)
    assert "token 15 hears 16, you said 16; token 8 hears 2, you said 2" in figure.root.inner_text()
    figure.root.get_by_role("button", name="64 tokens, no peeking", exact=True).click()
    assert figure.state()["bet"] == [], "another question"


def test_reset_takes_the_bet_back(bare):
    scenes = [{"label": "quiet", "set": {"causal": True}}]
    tab = bare(ReceptiveField(scenes=scenes), **STILL)
    figure = FigureOnPage(tab.page, "receptivefield")
    figure.set(bet=[16, 2])
    figure.root.locator(".fl-reset").click()
    assert figure.state()["bet"] == []


def test_a_link_to_where_the_reader_is_leads_there(bare):
    """32 tokens, and back to stage 4: the address names the stage that does not follow."""
    tab = bare(ReceptiveField(), **STILL)
    figure = FigureOnPage(tab.page, "receptivefield")
    figure.root.locator("select").first.select_option("32")
    figure.root.get_by_label("one stage back").click()
    tab.page.wait_for_function("location.hash.includes('n=32')")
    tab.page.wait_for_function("location.hash.includes('stage=4')")
    state, link = figure.state(), tab.page.evaluate("location.hash")
    assert (state["n"], state["length"], state["stage"]) == (32, 32, 4)
    again = FigureOnPage(bare(ReceptiveField(), link=link, **STILL).page, "receptivefield")
    assert again.state() == state
    assert "token=" not in link, "and what is as it opens is not named"


# The figures' notes of the address, 250 ms after a touch, are kept instead of being made.
KEEP_NOTES = """() => {
  const later = window.setTimeout;
  window.notes = [];
  window.setTimeout = (task, wait) => wait === 250 ? window.notes.push(task) : later(task, wait);
}"""


def test_a_link_wins_over_what_the_last_touch_would_note(bare):
    """A link may be followed between a touch and the note of it, or before the page hears of it."""
    tab = bare(ReceptiveField(), **STILL)
    figure = FigureOnPage(tab.page, "receptivefield")
    tab.page.evaluate(KEEP_NOTES)
    figure.root.get_by_label("one stage back").click()
    link = "#receptivefield?n=32"
    tab.page.evaluate("link => { location.hash = link; window.notes.at(-1)(); }", link)
    figure.until(n=32)
    assert tab.page.evaluate("location.hash") == link


def test_who_follows_a_link_notes_no_address(bare):
    tab = bare(ReceptiveField(), **STILL)
    figure = FigureOnPage(tab.page, "receptivefield")
    figure.root.get_by_label("one stage back").click()
    tab.page.wait_for_function("location.hash.includes('stage=')")
    tab.page.evaluate(KEEP_NOTES)
    tab.page.evaluate("() => { location.hash = '#receptivefield?n=32'; }")
    figure.until(n=32)
    assert tab.page.evaluate("window.notes.length") == 0
    figure.root.get_by_label("one stage back").click()
    assert tab.page.evaluate("window.notes.length") > 0, "and a hand does again"
