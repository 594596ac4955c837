"""The lessons of book/teaching.md: minutes, states of figures, questions with their answers."""

import ast
import json
import re
from collections import Counter
from functools import cache
from urllib.parse import parse_qsl

import pytest
from book.chapters import cells, source
from book.test_guesses import made
from kit.settling import changed
from paths import ROOT

from fftia_lab import exercises, widgets
from fftia_lab.publish.mime import question_id
from fftia_lab.publish.verify import toc_pages
from fftia_lab.widgets.guess import Guess

TEXT = (ROOT / "book" / "teaching.md").read_text("utf-8")
LINK = re.compile(r'<a href="([^"#]+)\.html#([^"?]+)\?([^"]+)">')
QUESTION = re.compile(r'<a href="([^"#]+)\.html#(asks-[^"?]+)">[^<]+\?</a>')
STEP = re.compile(r"^- (\d+) min: (.+)$", re.M)
ASKED = re.compile(r"\?</a> ([^?]+?)\. \*Expect ([^*]+)\*: \w")
NAMES = [name for name in vars(widgets) if name[0].isupper()]
DIRECTIVE = re.compile(r"^```\{lab-widget\} \S+:(\w+)\n(.+?)^```$", re.M | re.S)


def part(heading):
    """What stands under a heading, before the next one of any rank."""
    (found,) = re.findall(rf"^##+ {heading}[^\n]*\n(.*?)(?=^##|\Z)", TEXT, re.M | re.S)
    return found


def steps(heading):
    return [(int(minutes), words) for minutes, words in STEP.findall(part(heading))]


def total(*headings):
    return sum(minutes for heading in headings for minutes, _ in steps(heading))


def page_of(address):
    """The page that an address on this page leads to, as `_toc.yml` names it."""
    folder, _, name = address.rpartition("/")
    assert folder in ("", "../notebooks"), address
    return f"{folder.removeprefix('../') or 'book'}/{name}"


# ---- what stands on the pages that are linked ---------------------------------------------------


def shown(cell):
    """The figure that a cell of a notebook shows, or None: what its last statement makes."""
    text = source(cell)
    if not re.search(rf"^\w+ = (?:{'|'.join(NAMES)})\(", text, re.M):
        return None
    *before, last = ast.parse(text).body
    names = dict(vars(widgets))
    exec(compile(ast.Module(before, []), cell["id"], "exec"), names)
    return eval(compile(ast.Expression(last.value), cell["id"], "eval"), names)


@cache
def on(page):
    """(figures by their names in links, guesses) of a page, as its source makes them."""
    if page.startswith("notebooks/"):
        path = ROOT / f"{page}.ipynb"
        code = cells(path, "code")
        asked = [made(cell, path) for cell in code if cell["id"].startswith("guess-")]
        guesses = [one for one in asked if isinstance(one, Guess)]  # a curve is not said in words
        figures = [figure for figure in map(shown, code) if figure is not None]
    else:
        found = DIRECTIVE.findall((ROOT / f"{page}.md").read_text("utf-8"))
        given = [(name, json.loads(body)) for name, body in found]
        guesses = [Guess(**values) for name, values in given if name == "Guess"]
        figures = [getattr(widgets, name)(**v) for name, v in given if name != "Guess"]
    named, seen = {}, Counter()
    for figure in figures:
        name = figure.title or type(figure).__name__.lower()
        seen[name] += 1
        named[name if seen[name] == 1 else f"{name}-{seen[name]}"] = figure
    return named, guesses


# ---- the page ------------------------------------------------------------------------------------


def test_the_page_is_first_among_the_references():
    pages = toc_pages(ROOT / "_toc.yml")
    assert pages.index("book/teaching") + 1 == pages.index("book/related-work")


def test_the_minutes_of_each_lesson_add_up():
    assert total("50 minutes") == 50
    assert total("90 minutes") == 90 and steps("90 minutes")[0][0] == 50
    assert steps("180 minutes")[0][0] == 90 and steps("180 minutes")[1][1] == "a break."
    for way in ("Mixing", "Machines"):
        assert total("180 minutes", way) == 180
    assert len(STEP.findall(TEXT)) == len(re.findall(r"^- ", TEXT, re.M)), "each item has minutes"


def test_every_link_into_a_figure_is_read():
    assert len(LINK.findall(TEXT) + QUESTION.findall(TEXT)) == TEXT.count("<a ") > 15
    assert {page_of(address) for address, _, _ in LINK.findall(TEXT)} <= set(
        toc_pages(ROOT / "_toc.yml")
    )


@pytest.mark.parametrize("link", dict.fromkeys(LINK.findall(TEXT)), ids=" ".join)
def test_a_link_sets_its_figure(link):
    """As on the page: what is named is changed in the figure as it opens there, and is kept."""
    address, name, query = link
    figures, _ = on(page_of(address))
    assert name in figures, sorted(figures)
    opens = figures[name]
    figure = type(opens)(**{trait: getattr(opens, trait) for trait in opens.own_traits()})
    given = parse_qsl(query, strict_parsing=True)
    assert {field for field, _ in given} <= set(figure.STATE)
    wanted = {
        field: text if isinstance(getattr(figure, field), str) else json.loads(text)
        for field, text in given
    }
    state = changed(figure, wanted)
    assert {field: state[field] for field in wanted} == wanted


def test_the_state_in_code_is_one_that_a_figure_takes():
    (call,) = re.findall(r"`(Butterfly\(.+?\))`", TEXT)
    assert eval(call, vars(widgets).copy()).node == [2, 5]


def said(text, question):
    """What a page's words stand for among the answers of a question, or None."""
    wanted = [question.answer, *(wrong for wrong, _ in question.tempting)]
    for one in wanted:
        if one.lower() == text.lower():
            return one
        if not question.among and re.fullmatch(r"[\d,.]+", text):
            if float(one) == float(text.replace(",", "")):
                return one
    return None


STEPS = [words for _, words in STEP.findall(TEXT) if "<a " in words]


@pytest.mark.parametrize("words", STEPS, ids=lambda words: re.search(r">(.+?)</a>", words)[1])
def test_a_question_is_one_of_the_chapter_with_its_answer_and_what_tempts(words):
    page = page_of(LINK.search(words)[1])
    ((right, wrong),) = ASKED.findall(words)
    found = [
        question
        for question in on(page)[1]
        if said(right, question) == question.answer and said(wrong, question) is not None
    ]
    assert found, f"no guess of {page} has the answer {right} and the reply to {wrong}"
    assert said(wrong, found[0]) != found[0].answer
    assert [(page_of(address), anchor) for address, anchor in QUESTION.findall(words)] == [
        (page, question_id(found[0].what))
    ], "its field is on the page of the chapter, and not in the figure"


PRESSES = {"once": 1, "twice": 2, "three times": 3}
SHOWS = re.compile(r"PageDown, (\w+(?: times)?), shows it\.")


def test_the_answer_is_shown_by_the_press_that_the_step_names_and_by_none_before(engine):
    told = [words for words in STEPS if SHOWS.search(words)]
    for words in told:
        address, name, query = LINK.search(words).groups()
        opens, ((right, _),) = on(page_of(address))[0][name], ASKED.findall(words)
        figure = type(opens)(**{trait: getattr(opens, trait) for trait in opens.own_traits()})
        state = changed(figure, {key: json.loads(text) for key, text in parse_qsl(query)})
        stages = range(PRESSES[SHOWS.search(words)[1]] + 1)
        states = [state | {"stage": state["stage"] + i} for i in stages]
        said = [sentence.replace("\xa0", " ") for *_, sentence in engine.views(figure, states)]
        answer = right.removeprefix("All ")
        shown = [bool(re.search(rf"(?:heard|:) {answer}\b", one)) for one in said]
        assert shown == [i == stages[-1] for i in stages], (words, said)
    assert len(told) == TEXT.count("shows it.") - TEXT.count("shift</a> shows it.") == 3


def test_every_checker_that_is_set_is_in_a_chapter_of_its_lesson():
    found = 0
    for section in ("50 minutes", "90 minutes", "Mixing", "Machines"):
        text = part(section)
        linked = [page_of(address) for address, _, _ in LINK.findall(text)]
        chapters = [page for page in linked if page.startswith("notebooks/")]
        code = [source(cell) for page in chapters for cell in cells(ROOT / f"{page}.ipynb", "code")]
        for name in re.findall(r"`(check_\w+)`", text):
            assert callable(getattr(exercises, name))
            assert any(re.search(rf"^{name}\(", one, re.M) for one in code), name
            found += 1
    assert found == len(re.findall(r"`check_\w+`", TEXT)) > 10
