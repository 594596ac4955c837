"""A chapter as slides: from its title to what is settled, by a clicker alone, from disk."""

import json
import re

import pytest
from book.chapters import cells, source, tags
from book.test_solutions import SOLUTION
from kit.axe import faults
from kit.figures import STILL
from kit.tabs import STARTED, frames
from paths import NOTEBOOKS, ROOT

STAGE = "dialog.fl-enlarged"
# What the room sees: the kind of slide, what it says, the smallest letters of its prose in pixels.
SEEN = f"""() => {{
  const stage = document.querySelector('{STAGE}'), scaled = stage.querySelector('.fl-scaled');
  const scale = Number(/scale\\(([\\d.]+)\\)/.exec(scaled.style.transform)[1]);
  const prose = [...scaled.querySelectorAll(':is(p, li, pre, h1, h2)')]
    .filter(one => !one.closest('.fl-figure') && one.checkVisibility() && one.textContent.trim());
  const letters = prose.map(one => scale * parseFloat(getComputedStyle(one).fontSize));
  const fits = scaled.getBoundingClientRect().bottom
    <= stage.querySelector('.fl-hall').getBoundingClientRect().bottom + 1;
  return {{kind: scaled.lastElementChild.className.split(' ')[0], words: scaled.textContent, fits,
    least: Math.min(1e3, ...letters), place: stage.querySelector('.fl-notes').textContent}};
}}"""


def chapter(stem):
    (path,) = (path for path in NOTEBOOKS if path.stem.startswith(stem))
    return path


def plain(text):
    return "".join(text.split())


# ---- what all slides say, from the written pages alone -----------------------------------------

SLIDES = (ROOT / "fftia_lab" / "publish" / "slides.js").read_text("utf-8")
DECK = """() => fftiaSlides.slides([...document.querySelectorAll(
    '.lab-widget, .lab-guess, .lab-plotly')]).map(({ host, scene, words }) => ({
  kind: scene ? 'scene' : words ? 'words' : host.className, name: host?.dataset.name ?? null,
  scene: scene?.label, blocks: words && [...words().children].map(
    one => [one.localName, one.textContent.trim(), Boolean(one.querySelector('pre')),
      one.matches('.lab-asked')]) }))"""
SCRIPT = re.compile(r'<script(?! type="application/json").*?</script>', re.S)
PAGES = [f"notebooks/{path.stem}" for path in NOTEBOOKS] + ["book/three-weighings"]
# (chapter, scene, the question that it answers): none may come before its answer.
TELLS = [
    ("01", "a click is every frequency", "of the eight k, those with the dot in the middle"),
    ("01", "5½ cycles", "lines above 5 % of the highest, at 5.5 cycles"),
    ("01", "5½, faded, in decibels", "lines above 5 %, at 5.5 cycles, faded in and out"),
    ("02", "square them all", "different points, once all eight are squared"),
    ("03", "what has row 5 heard after two stages?", "samples in row 5 after two stages"),
    ("03", "turn a number of B₁", "entries that turn with one number of B₁"),
    ("04", "row 6, two stages", "rows that row 6 has heard after two stages"),
    ("06", "13 words, with relays", "pairs lost with relays, and stages in all"),
    ("06", "Beneš, around the gap", "pairs lost with relays, and stages in all"),
    ("06", "16 tokens, no peeking", "tokens that token 15 hears"),
    ("06", "64 tokens, no peeking", "pairs that are heard, of those that could be"),
    ("07", "add 3 to all scores", "a gate, with 3 added to all eight scores"),
    ("08", "exchange the two ends", "exchanging the two ends in three stages"),
    ("08", "two flags", "what the butterfly says, with flags at 5 and 10"),
    ("09", "cut what looks ahead", "the response after the cut"),
    ("13", "65,536 places, tile 256", "where the 256 places lie in the square"),
]


@pytest.fixture(scope="module")
def decks(site, browser):
    """The slides of every page, made from what the build has written: no other script runs."""
    page, found = browser.new_page(), {}
    page.route("**/*", lambda route: route.abort())
    for name in PAGES:
        written = (site / f"{name}.html").read_text("utf-8")
        page.set_content(SCRIPT.sub("", written), wait_until="domcontentloaded")
        page.evaluate(SLIDES)
        found[name] = page.evaluate(DECK)
    page.close()
    return found


def test_every_slide_of_words_says_what_it_shows_and_is_whole(decks):
    for name, deck in decks.items():
        assert len(deck) > 5, name
        for kind, blocks in ((slide["kind"], slide["blocks"]) for slide in deck):
            if kind != "words":
                continue
            assert not blocks[-1][1].endswith(":"), (name, blocks)
            said = [one for one in blocks if one[0] not in ("h1", "h2") and not one[3]]
            words = [re.search("[a-z]{4}" if one[2] else "[a-z]{2}.* ", one[1]) for one in said]
            assert any(words), (name, blocks)
            assert all(text for _, text, *_ in blocks), (name, blocks)


LONG, LINES = "word " * 130, "line\n" * 9
FOLDS = f"""<article><h1>title</h1><p>words</p><div class="lab-guess" data-name="asked"></div>
  <details class="lab-answer"><summary>Show</summary><p>{LONG}</p><p>is made of:</p>
  <div><pre>{LINES}</pre></div><p>and a cell makes it:</p>
  <div class="cell"><div class="cell_input">code</div></div>
  </details></article>"""


def test_what_ends_with_a_colon_stays_with_what_it_leads_to(browser):
    page = browser.new_page()
    page.set_content(FOLDS)
    page.evaluate(SLIDES)
    slides = [slide["blocks"] for slide in page.evaluate(DECK) if slide["name"] is None]
    page.close()
    _, first, second = slides
    assert [text for _, text, *_ in first] == ["asked", LONG.strip()]
    assert [text[:5] for _, text, *_ in second] == ["asked", "is ma", "line\n"]


def test_an_answer_stands_below_its_question(decks):
    heads = {
        text.partition("Guess")[2].lstrip(": ")
        for deck in decks.values()
        for slide in deck
        if slide["kind"] == "words"
        for _, text, _, asked in slide["blocks"]
        if asked
    }
    assert "token 11 of 16, after three stages. Which tokens has it heard?" in heads
    assert len([head for head in heads if "?" in head]) > 80


def test_no_scene_tells_an_answer_before_its_question_and_none_comes_twice(decks):
    for name, deck in decks.items():
        scenes = [(slide["name"], slide["scene"]) for slide in deck if slide["kind"] == "scene"]
        assert len(scenes) == len(set(scenes)), name
        for chapter, scene, asked in TELLS:
            if not name.startswith(f"notebooks/{chapter}-"):
                continue
            (shown,) = (i for i, slide in enumerate(deck) if slide["scene"] == scene)
            (question,) = (i for i, slide in enumerate(deck) if slide["name"] == asked)
            between = {slide["kind"] for slide in deck[question + 1 : shown]}
            assert shown > question and "words" in between, (scene, asked)
    assert sum(slide["kind"] == "scene" for deck in decks.values() for slide in deck) >= len(TELLS)


# ---- what a clicker does ------------------------------------------------------------------------


@pytest.fixture
def presented(visit):
    """All that a clicker shows of a chapter, slide by slide: presented("02")."""

    def slides(stem):
        size = {"width": 1600, "height": 900}
        page = visit(f"notebooks/{chapter(stem).stem}", "file", viewport=size, **STILL).page
        page.wait_for_function(STARTED)
        page.get_by_role("button", name="Present").click()
        page.locator(STAGE).wait_for()
        page.keyboard.press("n")
        seen = [page.evaluate(SEEN)]
        for _ in range(150):
            page.keyboard.press("PageDown")
            page.locator(STAGE).wait_for()
            frames(page, 4)  # drawn, measured, and fitted anew if the sentence has grown
            seen.append(page.evaluate(SEEN))
            if "then" not in seen[-1]["place"] and seen[-1]["kind"] == "lab-slide":
                return page, seen
        raise AssertionError("the slides have no end")

    return slides


def test_a_clicker_goes_from_the_title_to_what_is_settled(presented):
    page, seen = presented("02")
    notebook = cells(chapter("02"), "markdown")
    title = source(notebook[0]).splitlines()[0].removeprefix("# ")
    first, last = seen[0], seen[-1]
    assert first["kind"] == "lab-slide" and first["words"].startswith(title)
    assert last["words"].strip().startswith("What is settled")
    kinds = [slide["kind"] for slide in seen]
    guesses = [c for c in cells(chapter("02"), "code") if "remove-input" in tags(c)]
    traps = [c for c in guesses if c["id"].startswith("trap-")]
    assert kinds.count("fl-asks") == len(guesses) + len(traps) > 2
    right = [slide for slide in seen if ": right." in slide["words"]]
    assert len(right) == len(traps) > 0, "each tells its answer before it goes"
    asked = [i for i, kind in enumerate(kinds) if kind == "fl-asks"]
    for i in asked[: sum(c["id"].startswith("guess-") for c in guesses)]:
        assert kinds[i + 1] != "fl-asks", "its answer, or the figure that takes the bet"
    told = plain("".join(slide["words"] for slide in seen if slide["kind"] == "lab-slide"))
    solved = [m for m in (SOLUTION.search(source(cell)) for cell in notebook) if m]
    assert solved and not any(plain(m[1]) in told for m in solved), "no solution is a slide"
    assert "\\(" not in told, "formulas are set"
    for slide in seen:
        assert slide["fits"] and slide["least"] >= 28, json.dumps(slide)
    assert page.get_by_role("dialog", name="What is settled").count() == 1
    assert faults(page) == [], "words alone"
    assert page.locator(f"{STAGE} [role=status]:has-text('This is the end')").is_visible()
    page.keyboard.press("PageDown")
    assert page.locator(f"{STAGE} [role=status]:has-text('This is the end')").is_visible()
    assert page.evaluate(SEEN)["words"] == last["words"]
    page.keyboard.press("PageUp")
    page.locator(STAGE).wait_for()
    assert page.get_by_text("This is the end").count() == 0
    assert page.get_by_role("dialog", name="What is settled").count() == 0, "the slide before it"
    assert faults(page) == []
    page.keyboard.press("b")
    assert page.locator(STAGE).count() == 0
    here = "document.activeElement.getBoundingClientRect().top"
    assert page.evaluate("document.activeElement !== document.body"), "the keyboard goes on here"
    assert 0 <= page.evaluate(here) < 900


def test_a_linked_state_stays_and_a_guess_on_a_slide_opens_its_answer(visit):
    """From a step of a lesson: PageDown goes through its stages and on; then the field is used."""
    size, link = {"width": 1600, "height": 900}, "#receptivefield?stage=2&token=11&source=6"
    tab = visit(f"notebooks/{chapter('06').stem}", "file", link, viewport=size, **STILL)
    page = tab.page
    page.wait_for_function(STARTED)
    figure = page.locator('[data-name="receptivefield"] .fl-figure')
    figure.get_by_role("button", name="Enlarge").click()
    states = []
    for _ in range(9):
        states.append(
            page.evaluate(f"document.querySelector('{STAGE} .fl-figure')?.figure.state()")
        )
        if states[-1] is None:
            break
        page.keyboard.press("PageDown")
        page.locator(STAGE).wait_for()
    assert [(one["stage"], one["token"], one["source"]) for one in states[:-1]] == [
        (stage, 11, 6) for stage in (2, 3, 4)
    ]
    page.keyboard.press("PageDown")  # from the heading to its question
    page.locator(f"{STAGE} .fl-asks").wait_for()
    page.locator(STAGE).get_by_role("button", name="8 to 15").click()
    assert page.locator(f"{STAGE} .fl-reply").inner_text().startswith("8 to 15: right.")
    fold = "document.querySelector('.lab-guess[data-name^=\"tokens that 11\"]')"
    answer = f"{fold}.closest('.cell').parentElement.querySelector('.lab-answer').open"
    assert page.evaluate(answer), "its answer on the page"
    page.keyboard.press("b")
    assert figure.evaluate("root => root.figure.state().token") == 11
    thirteen = page.locator('[data-name="thirteen"] .fl-figure')
    thirteen.get_by_role("button", name="Enlarge").click()
    while page.locator(f"{STAGE} .fl-figure").count():  # words below lead to all of its scenes
        state = page.evaluate(f"document.querySelector('{STAGE} .fl-figure').figure.state()")
        assert (state["padding"], state["schedule"]) == ("keep", "butterfly")
        page.keyboard.press("PageDown")
        page.locator(STAGE).wait_for()
    page.keyboard.press("b")
    assert tab.trouble == []


def test_a_link_on_a_slide_leads_on_from_the_page_and_back_returns_to_it(visit):
    size = {"width": 1600, "height": 900}
    tab = visit(f"notebooks/{chapter('02').stem}", "file", viewport=size, **STILL)
    page = tab.page
    page.wait_for_function(STARTED)
    before = page.url
    page.locator(".lab-present").first.click()
    link = page.locator(f"{STAGE} a[href='#squaredpoints?fold=1']")
    for _ in range(15):
        if link.count():
            break
        page.keyboard.press("PageDown")
        frames(page, 4)
    link.click()
    page.locator(STAGE).wait_for(state="detached")
    state = "document.querySelector('[data-name=squaredpoints] .fl-figure').figure.state()"
    page.wait_for_function(f"{state}.fold === 1")
    assert page.url == f"{before}#squaredpoints?fold=1"
    page.go_back()
    page.wait_for_url(before)
    assert page.locator(STAGE).count() == 0
    assert tab.trouble == tab.outside == []
