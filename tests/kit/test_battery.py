"""What every widget must do, whatever it shows: one battery for all of them."""

import itertools
import json
import os
from urllib.parse import quote

import numpy as np
import pytest
from kit.axe import faults
from kit.bare import as_in_the_book, unlike
from kit.figures import STILL, FigureOnPage, Finger, frames_asked
from kit.subjects import SUBJECTS, name_of

from fftia_lab import widgets

# With Colab's versions only the figures that differ from those of the first environment.
ASKED = unlike(SUBJECTS, os.environ.get("LAB_FIRST"))
each = pytest.mark.parametrize("subject", ASKED, ids=name_of)


@pytest.fixture
def alone(bare):
    """Open a widget on a page of its own: alone(subject, link="#…") -> (tab, figure)."""

    def opened(subject, link="", count=1, **context):
        copies = [subject.WIDGET(**subject.BARE) for _ in range(count)]
        tab = bare(*copies, link=link, **{**STILL, **context})
        return tab, FigureOnPage(tab.page, name_of(subject))

    return opened


def link_to(name, state):
    """The deep link to a state, written here and not by the page."""
    text = {k: v if isinstance(v, str) else json.dumps(v) for k, v in state.items()}
    return f"#{name}?" + "&".join(f"{k}={quote(v)}" for k, v in text.items())


def test_every_widget_has_an_oracle():
    classes = {c.__name__ for c in vars(widgets).values() if isinstance(c, type)}
    assert {subject.WIDGET.__name__ for subject in SUBJECTS} == classes


@each
def test_on_a_page_it_shows_what_it_shows_without_one_and_asks_for_no_frames(alone, subject):
    """A few states whole; test_models asks many of the same modules."""
    rng = np.random.default_rng(20261120)
    states = [subject.random_state(rng) for _ in range(10)]
    tab, figure = alone(subject)
    for state, (kept, view) in zip(states, figure.views(states), strict=True):
        assert kept == state, "a state that can be is kept as it is"
        subject.check(state, view)
    figure.settle()
    assert frames_asked(tab) == 0, "an idle figure draws nothing"
    assert tab.trouble == tab.outside == []


WRONG = """root => {
  const found = [...root.querySelectorAll(':scope > .fl-wrong')].map((note) => note.innerText);
  if (root.scrollWidth > root.clientWidth) found.push('it sticks out');
  const drawn = [...root.querySelectorAll('.fl-drawing')].map((one) => one.innerHTML).join();
  const said = root.innerText.match(/NaN|undefined|null|Infinity/g) ?? [];
  return [...found, ...said, ...(drawn.match(/NaN|undefined|Infinity/g) ?? [])];
}"""


@each
def test_every_state_can_be_drawn_and_shows_nothing_that_is_no_number(alone, subject):
    rng = np.random.default_rng(7)
    tab, figure = alone(subject, viewport={"width": 360, "height": 800})
    assert figure.looks([subject.random_state(rng) for _ in range(60)], WRONG) == []
    figure.settle()
    assert tab.trouble == []


@each
def test_a_link_to_any_state_leads_there(alone, subject):
    rng = np.random.default_rng(3)
    tab, figure = alone(subject)
    states = [subject.random_state(rng) for _ in range(15)]
    links = [link_to(name_of(subject), state) for state in states]
    found = figure.host.evaluate(LED, links)
    for link, state, (notes, shown) in zip(links, states, found, strict=True):
        assert shown == state, link
        assert notes == [], link
    assert tab.trouble == []


@each
def test_links_work_in_the_book_from_disk_and_touching_writes_them(visit, bare, site, subject):
    """Over HTTP test_places and test_states follow links; here a reader without a network does.

    What touching wrote is opened again without the chapter around the figure.
    """
    page, name = subject.PLACE
    state = subject.random_state(np.random.default_rng(11))
    tab = visit(page, "file", link=link_to(name, state), **STILL)
    figure = FigureOnPage(tab.page, name)
    assert figure.state() == state
    parts = ((figure.root.locator(part).first, key) for part, key in subject.NUDGES.items())
    handle, key = next((handle, key) for handle, key in parts if handle.is_visible())
    before = tab.page.url
    handle.press(key)
    tab.page.wait_for_function("before => location.href !== before", arg=before)
    changed, link = figure.state(), f"#{tab.page.url.partition('#')[2]}"
    assert tab.trouble == tab.outside == []
    again = bare(as_in_the_book(site, page, name, subject.WIDGET), link=link, **STILL)
    assert FigureOnPage(again.page, name).state() == changed
    assert again.trouble == []


# What each address in turn leads to: the notes beside the figure, and its state.
LED = """async (host, links) => {
  const found = [], root = host.querySelector('.fl-figure');
  for (const link of links) {
    await new Promise((done) => {
      addEventListener("hashchange", done, {once: true});  // after the page's own listener
      location.hash = link;
    });
    const notes = [...host.querySelectorAll('.lab-note')].map((note) => note.innerText);
    found.push([notes, root.figure.state()]);
  }
  return found;
}"""


@each
def test_hostile_links_are_refused_with_a_sentence(alone, subject):
    tab, figure = alone(subject)
    start = figure.state()
    links = [f"#{name_of(subject)}?{query}" for query in subject.HOSTILE]
    for link, (notes, state) in zip(links, figure.host.evaluate(LED, links), strict=True):
        assert len(notes) == 1, link
        assert "The link could not be followed:" in notes[0], link
        assert state == start, link
    assert tab.trouble == []


@each
def test_handles_have_names_values_and_room_and_answer_their_keys(alone, subject):
    tab, figure = alone(subject)
    handles = figure.root.locator(".fl-handle:visible").all()
    assert handles
    for handle in handles:
        box = handle.bounding_box()
        assert min(box["width"], box["height"]) >= 24
        for attribute in ("aria-label", "aria-valuenow", "aria-valuetext"):
            assert handle.get_attribute(attribute), attribute
    for button in figure.root.locator("button:visible, select:visible").all():
        assert button.bounding_box()["height"] >= 24, button.inner_text()
    check_keys(tab, figure, subject)


def check_keys(tab, figure, subject):
    for selector, key in subject.NUDGES.items():
        before = figure.state()
        figure.root.locator(selector).first.focus()
        tab.page.keyboard.press(key)
        figure.settle()
        assert figure.state() != before, (selector, key)
        assert tab.page.evaluate("document.activeElement.closest('.fl-figure') !== null")
    classes = "handles => handles.map(handle => handle.className)"
    for names in figure.root.locator(".fl-handle:visible").evaluate_all(classes):
        assert any(selector[1:] in names.split() for selector in subject.NUDGES), names


# What is to be chosen or pressed beside the drawing and its time: a row of alternatives is one
# choice. Bets, scenes and tools are offers, and what a reader drew elsewhere is one as well;
# what is taken hold of in a drawing or a table is part of it.
CONTROLS = """root => {
  const offers = '.fl-area, .fl-timeline, .fl-tools, .fl-scenes, .fl-bet, .fl-offer, .fl-play'
    + ', .fl-pick, .fl-handle, table';
  const all = [...root.querySelectorAll('select, input, button')]
    .filter((one) => one.checkVisibility() && !one.closest(offers));
  const rows = all.map((one) => one.closest('[role=group]:not(.fl-figure)') ?? one);
  return [...new Set(rows)].map((one) =>
    one.getAttribute('aria-label') ?? (one.closest('label') ?? one).innerText.split('\\n')[0]);
}"""
MORE = {
    "bottleneck": 4,  # in one of its modes: an order, and what passes it
    "corners": 6,  # its six demands are what it shows
    "livebenchmark": 7,  # what is recorded, and a bench to measure on
}
NONE = {"trips", "twoscores"}  # hands take hold of their drawings alone


@each
def test_three_controls_are_seen_and_the_others_wait_under_more(alone, subject):
    figure, rng = alone(subject)[1], np.random.default_rng(5)
    most = MORE.get(name_of(subject), 3)
    for state in figure.state(), *(subject.random_state(rng) for _ in range(3)):
        figure.set(**state)
        seen = figure.root.evaluate(CONTROLS)
        assert bool(seen) == (name_of(subject) not in NONE), seen
        assert len(seen) <= most, (seen, state)
    folds = figure.root.locator("details:visible")
    for fold in folds.all():
        fold.locator("summary").press("Enter")
    assert figure.root.locator("details[open]").count() == folds.count()


@each
def test_two_instances_do_not_disturb_each_other_and_each_may_leave(alone, subject):
    tab, figure = alone(subject, count=2)
    other = FigureOnPage(tab.page, f"{name_of(subject)}-2")
    before = other.state()
    figure.set(**subject.random_state(np.random.default_rng(9)))
    assert other.state() == before != figure.state()
    figure.host.evaluate("host => host.unmount()")
    assert figure.host.locator(".fl-figure").count() == 0
    assert other.state() == before
    other.host.evaluate("host => host.unmount()")
    assert tab.page.locator(".fl-figure").count() == 0
    tab.page.set_viewport_size({"width": 700, "height": 700})
    tab.page.keyboard.press("ArrowRight")
    tab.settle()
    assert tab.trouble == [], "nothing is left behind"


@each
def test_a_swipe_beside_the_hands_scrolls_the_page(alone, subject):
    tab, figure = alone(subject, has_touch=True, viewport={"width": 390, "height": 800})
    words = figure.root.locator(".fl-status").bounding_box()
    before = tab.page.evaluate("scrollY")
    start = words["x"] + words["width"] / 2, words["y"] + words["height"] / 2
    Finger(tab).drag(start, (start[0], start[1] - 200))
    assert tab.page.evaluate("scrollY") > before + 50


@each
def test_axe_finds_nothing(alone, subject):
    tab, figure = alone(subject)
    states = figure.state(), subject.random_state(np.random.default_rng(13)), subject.LARGEST
    themes = ("light", {}), ("dark", {"runOnly": ["color-contrast"]})
    for width, (theme, rules), now in itertools.product((360, 1280), themes, states):
        tab.page.set_viewport_size({"width": width, "height": 900})
        tab.page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
        figure.set(**now)
        tab.settle()
        assert faults(tab.page, **rules) == [], (width, theme, now)


OVERLAPS = """root => {
  const boxes = [...root.querySelectorAll('.fl-drawing text')].filter(text => text.textContent)
    .map(text => [text.textContent, text.getBoundingClientRect()]);
  const found = [], area = root.getBoundingClientRect();
  boxes.forEach(([a, p], i) => {
    if (p.left < area.left - 1 || p.right > area.right + 1) found.push(`${a} sticks out`);
    for (const [b, q] of boxes.slice(i + 1)) {
      const wide = Math.min(p.right, q.right) - Math.max(p.left, q.left);
      const tall = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
      if (wide > 1 && tall > 3) found.push(`${a} overlaps ${b}`);
    }
  });
  return found;
}"""


@each
def test_labels_lie_inside_and_apart(alone, subject):
    tab, figure = alone(subject)
    rng = np.random.default_rng(17)
    states = [figure.state(), subject.LARGEST, *(subject.random_state(rng) for _ in range(12))]
    for width in (360, 480, 768, 1280):
        tab.page.set_viewport_size({"width": width, "height": 900})
        tab.settle()
        assert figure.looks(states, OVERLAPS) == [], width
