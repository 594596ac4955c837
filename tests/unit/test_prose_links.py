"""Links from a sentence to a state of a figure: the page has it, the state can be, it says so."""

import ast
import json
import re

import pytest
from book.chapters import cells, source
from kit.sentences import FACTS
from kit.settling import alike, asked, changed, state_of
from kit.subjects import SUBJECTS
from paths import NOTEBOOKS, ROOT
from unit.trap_links import SHOWN

from fftia_lab.publish.pages import load_object
from fftia_lab.widgets.guess import choose, guess

PAGES = [*NOTEBOOKS, *sorted((ROOT / "book").glob("*.md"))]
CLASSES = {subject.WIDGET.__name__: subject.WIDGET for subject in SUBJECTS}
DIRECTIVE = re.compile(r"^```\{lab-widget\} (\S+)\n(.*?)^```$", re.M | re.S)
LINK = re.compile(r'<a href="#([^"?]+)\?([^"]+)">(.*?)</a>')
each = pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)


def prose(path):
    text = path.read_text("utf-8")
    if path.suffix == ".md":
        return text
    return "\n\n".join(source(cell) for cell in cells(path, "markdown"))


def links(path):
    """(name of the figure, query, linked words) in the order of the text."""
    return LINK.findall(prose(path))


def made(path):
    """The figures of a page as they open, in their order."""
    if path.suffix == ".md":
        for target, traits in DIRECTIVE.findall(path.read_text("utf-8")):
            if target.rpartition(":")[2] in CLASSES:
                yield load_object(target)(**json.loads(traits or "{}"))
        return
    yield from (opened(cell) for cell in cells(path, "code") if is_figure(cell))


def is_figure(cell):
    return bool(re.search(rf"^(?:\w+ = )?(?:{'|'.join(CLASSES)})\(", source(cell), re.M))


def opened(cell):
    """The figure of a cell, as it opens."""
    *before, last = ast.parse(source(cell)).body
    room = dict(CLASSES)
    exec(compile(ast.Module(before, []), cell["id"], "exec"), room)
    return eval(compile(ast.Expression(last.value), cell["id"], "eval"), room)


def figures(path):
    """Name in links -> figure: its title, else its class; a name that comes again is counted."""
    found, seen = {}, {}
    for widget in made(path):
        name = widget.title or type(widget).__name__.lower()
        seen[name] = seen.get(name, 0) + 1
        found[name if seen[name] == 1 else f"{name}-{seen[name]}"] = widget
    return found


def in_traps(path):
    """The same of the replies of a chapter's traps."""
    traps = [cell for cell in cells(path, "code") if cell["id"].startswith("trap-")]
    asked = [eval(source(cell), {"choose": choose}) for cell in traps]
    replies = [reply for one in asked for reply in [*dict(one.tempting).values(), one.why]]
    assert sum(reply.count("<") for reply in replies) == 2 * sum(
        len(LINK.findall(reply)) for reply in replies
    ), "all of them in one form"
    return [link for reply in replies for link in LINK.findall(reply)]


def followed(path, links=links):
    """(figure, its links as (words, patch, state)) for every figure that a page links to."""
    found, told = figures(path), {}
    for name, query, words in links(path):
        assert name in found, f"{words}: there is no figure {name}"
        opening = found[name]
        patch = asked(query, state_of(opening))
        traits = {trait: getattr(opening, trait) for trait in opening.own_traits()}
        state = changed(type(opening)(**traits), patch)
        told.setdefault(name, []).append((words, patch, state))
    return [(found[name], those) for name, those in told.items()]


@each
def test_the_page_has_the_figure_and_the_state_can_be(path, engine):
    for widget, told in followed(path):
        settled = engine.settled(widget, [({}, patch) for _, patch, _ in told])
        for (words, patch, state), shown in zip(told, settled, strict=True):
            assert {name: state[name] for name in patch} == patch, words
            assert shown is not None, f"{words}: the figure refuses {patch}"
            assert alike(shown, state), words
        patches = [patch for _, patch, _ in told]
        assert [one for i, one in enumerate(patches) if one in patches[:i]] == [], "linked twice"


QUOTED = re.compile(
    r"\b[Pp]ress (?:<a [^>]+>)?“([^”]+)”(?:</a>)?(?:, then (?:<a [^>]+>)?“([^”]+)”)?"
)
NAMED = re.compile(r"\b(?:[Pp]ress|[Tt]hen press) ([A-Z]\w+)|\b(Ask again|Reset|Enlarge)\b")
MADE = [*ROOT.glob("fftia_lab/**/*.js"), ROOT / "fftia_lab" / "publish" / "running.py"]


@each
def test_a_button_that_the_words_press_is_there(path):
    """Quoted, it is one of a figure on this page; by its name, one of figures or pages."""
    labels = {scene["label"] for one in figures(path).values() for scene in one.scenes}
    pressed = [words for pair in QUOTED.findall(prose(path)) for words in pair if words]
    assert set(pressed) <= labels
    made = "".join(file.read_text("utf-8") for file in MADE)
    for name in [a or b for a, b in NAMED.findall(prose(path))]:
        assert name == "PageDown" or re.search(rf"""["'`>]{name}\b""", made), name


by_chapter = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem[:2])


@by_chapter
def test_a_reply_leads_to_a_state_that_shows_it(path, engine):
    """Every link of every trap; what the figure says there is written down."""
    shown = {words: said for (page, words), said in SHOWN.items() if path.stem.startswith(page)}
    assert {words for *_, words in in_traps(path)} == set(shown)
    for widget, told in followed(path, in_traps):
        views = engine.views(widget, [state for *_, state in told])
        for (words, patch, state), (kept, _, sentence) in zip(told, views, strict=True):
            assert alike(kept, state), words
            assert {name: state[name] for name in patch} == patch, words
            assert shown[words] in sentence.replace("\u00a0", " "), words


def ghosts(path):
    """(cell, question) of each guess that a figure shows."""
    asked = [cell for cell in cells(path, "code") if "ghost=" in source(cell)]
    return [(cell, eval(source(cell), {"guess": guess, "choose": choose})) for cell in asked]


def beside(path, cell):
    """The names of the figures that stand nearest to a cell: before and after it."""
    code = cells(path, "code")
    until = code[: [one["id"] for one in code].index(cell["id"])]
    count = sum(map(is_figure, until))
    return list(figures(path))[max(count - 1, 0) : count + 1]


@by_chapter
def test_a_figure_can_show_the_guess_before_it(path, engine):
    for cell, question in ghosts(path):
        name, field, values = question.ghost
        assert set(values) <= {question.answer, *dict(question.tempting)}, cell["id"]
        assert question.answer in values, cell["id"]
        assert name in beside(path, cell), f"{cell['id']}: the figure before it, or the next"
        opening = figures(path)[name]
        state = state_of(opening)
        for said, value in values.items():
            bet = value[-1] if isinstance(value, list) else value
            assert said.split()[-1] == str(bet), f"{cell['id']}: who says {said} reads {bet}"
            (settled,) = engine.settled(opening, [({}, {field: value})])
            assert settled == state | {field: value}, (cell["id"], value)


def test_four_figures_show_a_guess():
    assert sum(len(ghosts(path)) for path in NOTEBOOKS) >= 4


@each
def test_links_stand_in_sentences(path):
    assert prose(path).count('href="#') == len(links(path)), "all of them in one form"
    for line in prose(path).splitlines():
        if LINK.search(line):
            assert not line.startswith(("#", "|", "    ")), line
            assert not LINK.search("".join(line.split("`")[1::2] + line.split("$")[1::2])), line


# ---- what the figure says where the sentence claims something ------------------------------------

SAID = {
    ("01", "land on the point 1"): "0.50 from the middle",
    ("01", "Twice the right speed"): "0.00 from the middle",
    ("01", "except its own"): "32.00 from the start",
    ("01", "a trough runs into"): "25 are above 5 %",
    ("01", "one of them stands still"): "of mass at 0.50, the half that winds back at 0.00;",
    ("01", "at 59 turns"): "of mass at 0.00, the half that winds back at 0.50;",
    ("01", "In decibels"): "2 are the wave’s own and 31 leakage.",
    ("01", "those lines are zero"): "1 is the wave’s own, 0 leakage and 32 zero.",
    ("01", "little is left"): "4 are above 5 %",
    ("01", "it becomes three"): "3 are above 5 %",
    ("02", "All four pairs"): "every row has heard 2 of the 8",
    ("02", "both fours"): "every row has heard 4 of the 8",
    ("02", "the eight"): "every row has heard 8 of the 8",
    ("03", "“what has row 5 heard after two stages?”"): "x₁, x₃, x₅, x₇",
    ("03", "the three numbers on it"): "Entry (5, 3) is 3 numbers multiplied",
    ("03", "four rows of one column"): "4 of 64 entries change, rows 1, 3, 5, 7 by column 3",
    ("03", "two rows by two columns"): "4 of 64 entries change, rows 1, 5 by columns 3, 7",
    ("03", "one row's four columns"): "4 of 64 entries change, row 5 by columns 1, 3, 5, 7",
    ("03", "a twiddle that turns a zero"): "in stage 1 is turned by 90°. No output is wrong.",
    ("04", "Eight rows make three stages"): "After 3 of 4 stages, row 6 has heard 8 of",
    ("04", "sixteen make four"): "After 4 of 4 stages, row 6 has heard 16 of",
    ("05", "in every stage"): "B₃[4, 0] goes from 0.43 to 0.83, its neighbour gives way: 8 of 64",
    ("05", "its other number gives way"): "its neighbour gives way: 8 of 64 entries change",
    ("06", "8 to 15"): "After 3 of 4 stages, token 11 “told” has heard 8 of 16: 8 to 15.",
    ("06", "the empty places relay"): "169 of 169 pairs; nobody is missed",
    ("06", "hears token 0 and itself"): "has heard 2 of 9: 0 and 8. In all 81 of 136 pairs",
    ("06", "the last row is complete"): "has heard 16 of 16: 0 to 15. In all 81 of 136 pairs",
    ("06", "Sierpiński's triangle"): "729 of 2,080 pairs",
    ("06", "All of them"): "136 of 136 pairs; nobody is missed",
    ("08", "two tokens hold the letter"): "2 of 16 tokens listen mostly to token 5",
    ("08", "one full column"): "16 of 16 tokens listen mostly to token 5",
    ("08", "a letter that nobody flagged"): "and says D. Dense attention",
    ("09", "The end has come round"): "16 lie across the seam",
    ("09", "looks ahead as far"): "8 lie before it: padding is not causality.",
    ("09", "Zeros stop what comes round"): "Zeros after the end cut the seam",
    ("10", "listens ahead"): "9 lie before it",
    ("10", "has both cures"): "No output before it changes.",
    ("11", "16 % in order"): "an error of 16 %",
    ("11", "a pattern repeats"): "1 of 33 coefficients of the wave",
    ("11", "69 % with a fifth"): "an error of 69 %. Pruned to 944 bytes the error is 59 %",
    ("12", "four pairs meet"): "every token has heard 2 of the 8",
    ("12", "both partners lie in one block"): "token 5 has heard 4 of the 16 tokens: 4, 5, 6, 7",
    ("15", "Both less than twice"): "at least 657 ms, set by products",
    ("three", "one gate a row and factor"): "64 numbers are free",
    ("three", "Learned blocks"): "128 numbers are free and training chose them; 80 count",
    ("three", "only one task was measured"): "leave 28 % of the noise",
    ("related", "CAT and circulant attention read all"): "all: CAT and Circulant attention.",
    ("recorded", "The 215 do not come back"): "a ratio of 102",
    ("recorded", "even with SDPA at 4,096 tokens"): "a ratio of 1 ",
    ("recorded", "ahead at 8,192"): "a ratio of 1.64",
}


@each
def test_the_figure_says_what_the_sentence_says(path, engine):
    heard = {}
    for widget, told in followed(path):
        views = engine.views(widget, [state for *_, state in told])
        for (words, _, state), (kept, _, sentence) in zip(told, views, strict=True):
            assert alike(kept, state), words
            facts = FACTS[type(widget).__name__.lower()](state)
            assert [fact for fact in facts if fact not in sentence] == [], (words, sentence)
            heard[words] = sentence.replace("\u00a0", " ")
    for (page, words), wanted in SAID.items():
        if path.stem.startswith(page):
            assert wanted in heard[words], words


def test_there_are_links_and_every_page_of_the_table():
    assert sum(len(links(path)) for path in PAGES) > 80
    for page, _ in SAID:
        assert any(path.stem.startswith(page) for path in PAGES)
