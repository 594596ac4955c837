"""Every guess a chapter asks for can be made before its answer, and what tempts is answered."""

import ast
import itertools
import re

import numpy as np
import pytest
from book.chapters import ASKS, GUESSES, SHOW, cells, source, tags, waits
from kit.settling import state_of
from paths import NOTEBOOKS
from unit.test_prose_links import is_figure, opened

from fftia_lab.widgets.guess import Stroke, choose, guess

WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()
WORDS += "thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split()
NONE = "none", "nobody", "nothing", "no "
by_chapter = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem[:2])


def events(path):
    """Yield ("asks", text), ("guess", cell) and ("answer", text) as a reader meets them."""
    for cell in cells(path):
        if cell["cell_type"] == "code":
            if cell["id"].startswith("guess-"):
                yield "guess", cell
            elif waits(cell):
                yield "answer", printed(cell)
            continue
        text = source(cell)
        if cell["id"].startswith("solution-"):
            continue
        folds = [(m.start(), "answer", m[1]) for m in FOLD.finditer(text)]
        inside = [range(m.start(), m.end()) for m in FOLD.finditer(text)]
        asked = [
            (m.start(), "asks", text[m.start() :])
            for m in ASKS.finditer(text)
            if not any(m.start() in fold for fold in inside)
        ]
        yield from ((kind, words) for _, kind, words in sorted(folds + asked))


FOLD = re.compile(rf"{SHOW}\n\n(.*?)(?:\n\n)?</details>", re.DOTALL)


def printed(cell):
    found = [source(cell)]
    for output in cell["metadata"].get("quoted", cell["outputs"]):
        found += output.get("text") or output.get("data", {}).get("text/plain", [])
    return "".join(found)


def made(cell, path):
    """The question that a cell asks; a curve may come from what the chapter has defined so far."""
    if not DRAWS.search(source(cell)):
        return eval(source(cell), {"guess": guess, "choose": choose})
    room, (*before, last) = defined(path, cell), ast.parse(source(cell)).body
    exec(compile(ast.Module(before, []), path.stem, "exec"), room)
    return eval(compile(ast.Expression(last.value), path.stem, "eval"), room)


DRAWS = re.compile(r"^draw\(", re.M)
DEFINES = ast.FunctionDef | ast.Import | ast.ImportFrom


def defined(path, cell):
    """What the cells before one have imported, and their functions."""
    room = {}
    for one in itertools.takewhile(lambda one: one["id"] != cell["id"], cells(path, "code")):
        if one["id"] != "set-up":
            body = [part for part in ast.parse(source(one)).body if isinstance(part, DEFINES)]
            exec(compile(ast.Module(body, []), path.stem, "exec"), room)
    return room


@by_chapter
def test_each_guess_is_asked_for_where_it_can_be_made_and_before_its_answer(path):
    kinds = [kind for kind, _ in events(path) if kind != "answer"]
    assert kinds == ["asks", "guess"] * GUESSES[path.stem[:2]]
    asked = False
    for kind, what in events(path):
        assert not (asked and kind == "answer"), f"the answer comes before the guess: {what}"
        asked = kind == "asks" or (asked and kind != "guess")


@by_chapter
def test_what_tempts_has_a_reply_and_the_code_is_out_of_sight(path):
    for kind, cell in events(path):
        if kind != "guess":
            continue
        question = made(cell, path)
        assert question.tempting, f"{cell['id']}: nothing tempts"
        assert len(question.what) <= 60, cell["id"]
        assert tags(cell) == {"remove-input"}, cell["id"]
        first = r"^(guess|choose|draw)\($"
        assert re.search(first, source(cell), re.M), "the line that JupyterLab shows"
        assert cell["metadata"]["jupyter"]["source_hidden"], "JupyterLab hides it so"


@by_chapter
def test_the_answer_is_that_of_the_chapter(path):
    """A number stands, in digits or in words, in what waits behind the button."""
    question, told = None, []
    for kind, what in [*events(path), ("asks", "")]:
        if kind == "answer":
            told.append(what)
        elif question is not None and (kind == "asks"):
            if not (isinstance(question, Stroke) or question.among):
                number = question.answer
                assert stands(float(number), " ".join(told)), (question.what, number)
            question = None
        if kind == "guess":
            question, told = made(what, path), []


# What a figure says of something else where a guess has the same number.
OTHERWISE = {
    "guess-reach": "1 of 4 deals",
    "guess-twist": "2 of the 8 samples",
    "guess-bank": "0, 1, 2, 3, 4, 5, 6, 7",
    "guess-gate": "8 of 8 entries",
    "guess-causal": "16 of 16: 0 to 15",  # before the future is forbidden, everyone hears all
}


def in_sight(path):
    """(guess, figure) for every figure between the answer before a guess and the one after it."""
    guesses, shown = [], []
    for cell in cells(path):
        if SHOW in source(cell) or (cell["cell_type"] == "code" and waits(cell)):
            yield from itertools.product(guesses, shown)
            guesses, shown = [], (shown if not guesses else [])
        elif cell["id"].startswith("guess-"):
            guesses.append(cell)
        elif cell["cell_type"] == "code" and is_figure(cell):
            shown.append(cell)


@by_chapter
def test_no_figure_in_sight_of_a_guess_opens_with_its_answer(path, engine):
    """Its sentence, which tells what it draws, has neither the number nor the words."""
    for cell, shown in in_sight(path):
        question, figure = made(cell, path), opened(shown)
        if isinstance(question, Stroke):
            continue
        ((*_, said),) = engine.views(figure, [state_of(figure)])
        said = said.replace("\u00a0", " ").replace(OTHERWISE.get(cell["id"]) or "\0", "")
        told = question.answer if question.among else f"{float(question.answer):,.12g}"
        where = rf"(?<![\d.,]){re.escape(told)}(?![\d]|[.,]\d)"
        assert not re.search(where, said), f"{shown['id']} tells {cell['id']}: {said}"


def strokes(path):
    return [
        (cell, made(cell, path))
        for kind, cell in events(path)
        if kind == "guess" and DRAWS.search(source(cell))
    ]


@by_chapter
def test_a_curve_is_recorded_or_computed_and_tempts_nobody_who_is_right(path):
    """No values are typed; each shape has a range that the true curve is out of."""
    for cell, question in strokes(path):
        for one in ast.walk(ast.parse(source(cell))):
            typed = [part for part in getattr(one, "elts", []) if isinstance(part, ast.Constant)]
            assert not (isinstance(one, ast.List) and len(typed) > 2), "values are typed"
        for measure, low, high, reply in question.tempting:
            value = measured(question, measure)
            inside = (low is None or value >= low) and (high is None or value <= high)
            assert not inside, f"{cell['id']}: {reply} says the answer itself, {value:.3g}"


def measured(question, measure):
    """A measure of the true curve, by NumPy."""
    values, x = question.curves[0][1], question.x
    if measure == "slope":
        u = np.log2(x) if "x" in question.log else x
        return np.polyfit(u, np.log2(values) if "y" in question.log else values, 1)[0]
    if measure == "crossing":
        over = [a > b for a, b in zip(values, question.given[0][1], strict=True)]
        return x[over.index(not over[0])] if (not over[0]) in over else np.inf
    places = {"start": x[0], "end": x[-1]}
    return values[x.index(places.get(measure) or float(measure.removeprefix("at ")))]


def test_there_are_curves_to_draw():
    assert sum(len(strokes(path)) for path in NOTEBOOKS) >= 3


@by_chapter
def test_a_chapter_with_figures_ends_with_its_traps(path):
    """Two or three, before what is settled; each wrong answer names its error and shows it."""
    order = [cell["id"] for cell in cells(path)]
    first = order.index("traps") + 1
    ours = [cell for cell in cells(path) if cell["id"].startswith("trap-")]
    assert 2 <= len(ours) <= 3 and order[first + len(ours)] == "recap"
    assert order[first : first + len(ours)] == [cell["id"] for cell in ours]
    for cell in ours:
        question = made(cell, path)
        replies = dict(question.tempting)
        assert set(replies) == set(question.among) - {question.answer}, cell["id"]
        assert all('<a href="#' in reply for reply in replies.values()), cell["id"]
        assert question.why and question.what.endswith("?"), cell["id"]
        assert tags(cell) == {"remove-input"} and cell["metadata"]["jupyter"]["source_hidden"]


def stands(number, text):
    text = text.replace("{,}", "").replace(",", "").lower()
    if number == 0 and any(word in text for word in NONE):
        return True
    if number == int(number) and 0 <= number <= 20:
        if re.search(rf"\b{WORDS[int(number)]}\b", text):
            return True
    return any(abs(float(one) - number) < 1e-9 for one in re.findall(r"\d+(?:\.\d+)?", text))


def test_every_prose_page_that_asks_takes_the_guess(root):
    """After each "guess" of a page comes the widget, and then the answer."""
    found = 0
    for path in (root / "book").glob("*.md"):
        text = path.read_text("utf-8")
        parts = re.findall(r"\*Guess:\*|Guess first\.|widgets\.guess:Guess|<summary>Show", text)
        kinds = ["asks" if "uess" in part and ":Guess" not in part else part for part in parts]
        assert kinds == ["asks", "widgets.guess:Guess", "<summary>Show"] * (len(kinds) // 3), path
        found += len(kinds) // 3
    assert found >= 4
