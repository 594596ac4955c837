"""A guess: what counts as a number, which reply it gets, what the page does then and remembers."""

import pytest
from kit.axe import faults
from traitlets import TraitError

from fftia_lab.publish.mime import plain_question
from fftia_lab.widgets import Butterfly
from fftia_lab.widgets.guess import choose, guess

JS = """//given
import { judge, understood } from "./guess/model.js";
import { replyTo } from "./guess/words.js";
"""
PAIRS = {"what": "pairs", "answer": 28, "near": 0.1, "tempting": {56: "You counted each twice."}}
LINK = '<a href="#butterfly?n=8&stage=2">there</a>'
MORE = "A mask takes nothing from the last word."


def pairs():
    return guess(**PAIRS)


def tiny():
    return guess(2.5e-8, "error")


def near_what_tempts():
    return guess(28, "pairs", near=0.1, tempting={29: "You counted yourself."})


def large():
    return guess(100, "entries", near=0.1)


def boat():
    words = ["less", "the same", "more"]
    return choose("the same", words, "what the boat gets", tempting={"more": MORE})


def trap():
    replies = {"sixteen": f"So many has the next, {LINK}."}
    why = "Eight is 2³."
    return choose("three", ["three", "sixteen"], "How many?", tempting=replies, why=why)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        (" 1,048,576 ", 1048576),
        ("1 048 576", 1048576),
        ("2^20", 2**20),
        ("3/8", 0.375),
        ("12.5 %", 12.5),
        ("−0.5", -0.5),
        (".5", 0.5),
        ("1e6", 1e6),
        ("20 times", 20),
        ("many", None),
        ("1,5", None),
        ("", None),
        ("12 13", None),
        ("constructor", None),
    ],
)
def test_numbers_are_read_as_people_write_them(engine, text, number):
    """What is read is right where it is the answer; a text that is no number is no guess."""
    question = as_json(guess(0 if number is None else number, "how many"))
    given = [text, question, question | {"answer": str(1 + (number or 0))}]
    code = f"""{JS}const [said, right, wrong] = given;
        answer([understood(said, right), judge(said, right).kind, judge(said, wrong).kind]);"""
    found = engine.run(code, given)
    assert found[0] == (number is not None)
    assert number is None or found[1:] == ["right", "other"]


@pytest.mark.parametrize(
    ("question", "said", "reply"),
    [
        (pairs, "28", "28: right."),
        (pairs, "28.0", "28: right."),
        (pairs, "56", "You said 56. You counted each twice. It is 28."),
        (pairs, "30", "You said 30. Near: it is 28."),
        (pairs, "40", "You said 40. It is 28."),
        (tiny, "1", "You said 1. It is 0.000000025."),
        (near_what_tempts, "29", "You said 29. You counted yourself. It is 28."),
        (large, "110", "You said 110. Near: it is 100."),
        (large, "111", "You said 111. It is 100."),
        (boat, "the same", "the same: right."),
        (boat, "more", f"You said more. {MORE} It is the same."),
        (boat, "less", "You said less. It is the same."),
        (trap, "three", "three: right. Eight is 2³."),
    ],
)
def test_what_tempts_is_answered_by_name(engine, question, said, reply):
    given = [said, as_json(question())]
    code = f"{JS}const [said, q] = given; answer([understood(said, q), replyTo(said, q)]);"
    assert engine.run(code, given) == [True, reply]


def test_a_unit_stands_in_the_name_of_the_field_and_beside_the_answer(engine):
    code = """//given
        import { asks, replyTo } from "./guess/words.js";
        answer([asks(given), replyTo("12.5", given), replyTo("3", given)]);"""
    found = engine.run(code, as_json(guess(12.5, "of them", unit="%")))
    assert found == ["of them, in %", "12.5\u00a0%: right.", "You said 3. It is 12.5\u00a0%."]


def as_json(question):
    names = ("what", "among", "answer", "unit", "near", "tempting", "why")
    return {name: getattr(question, name) for name in names}


@pytest.mark.parametrize(
    ("reply", "pieces"),
    [
        ("Plain.", ["Plain."]),
        (f"So it is {LINK}.", ["So it is ", ["there", "#butterfly?n=8&stage=2"], "."]),
        (f"{LINK}{LINK}", ["", *[["there", "#butterfly?n=8&stage=2"], ""] * 2]),
        ('<a href="https://elsewhere.org">x</a>', ['<a href="https://elsewhere.org">x</a>']),
        ('<a href="#f?n=8" onclick="x()">x</a>', ['<a href="#f?n=8" onclick="x()">x</a>']),
        ('<a href="#recap">x</a>', ['<a href="#recap">x</a>']),
        ("<b>1 < 2</b>", ["<b>1 < 2</b>"]),
    ],
)
def test_a_reply_holds_links_to_figures_and_nothing_else(engine, reply, pieces):
    code = '//given\nimport { linked } from "./guess/words.js";\nanswer(linked(given));'
    assert engine.run(code, reply) == pieces


def test_without_scripts_a_trap_is_a_fold_and_a_guess_is_nothing():
    values = {"what": "Which <is> it?", "answer": "a", "why": f"It is {LINK}."}
    assert plain_question(values) == (
        "<p>Which &lt;is&gt; it?</p>"
        + "<details><summary>Show</summary><p>a. It is there.</p></details>"
    )
    assert plain_question({"what": "pairs", "answer": "28", "why": ""}) == ""


def test_what_cannot_be_said_is_no_guess(engine):
    code = f"{JS}answer(given.map(([said, q]) => understood(said, q)));"
    given = [["many", as_json(pairs())], ["much", as_json(boat())], ["28", as_json(boat())]]
    assert engine.run(code, given) == [False, False, False]


@pytest.mark.parametrize(
    ("asked", "trouble"),
    [
        (lambda: guess("28", "pairs"), "a number is wanted; got '28'"),
        (lambda: guess(True, "pairs"), "a number is wanted; got True"),
        (lambda: choose("a", ["a"], "it"), "two to six words can be chosen from; got 1"),
        (lambda: choose("a", "abcdefg", "it"), "two to six words can be chosen from; got 7"),
        (lambda: choose("c", ["a", "b"], "it"), "the answer must be one of"),
        (lambda: guess(2, "it", tempting={2: "This is right."}), "what tempts is wrong"),
        (lambda: guess(2, "it", tempting={3: "no sentence"}), "what tempts is wrong"),
        (lambda: choose("a", ["a", "b"], "it", tempting={"c": "It."}), "a tempting answer must be"),
        (lambda: choose("a", ["a", "b"], "it", why="no sentence"), "why is a sentence"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(asked, trouble):
    with pytest.raises(TraitError, match=trouble):
        asked()


def test_a_large_number_keeps_its_digits():
    assert guess(1048576, "entries").answer == "1048576"
    assert guess(0.125, "of them").answer == "0.125"


FOLDED = "<details class='lab-fold lab-answer'><summary>Show</summary><p>28, why.</p></details>"


def with_folds(page):
    """Each question in an article, with the fold of its answer after it."""
    parts = page.split('<div class="lab-guess"')
    return parts[0].replace("<main>", "<main><article>") + "".join(
        f'<div class="lab-guess"{part}{FOLDED}'
        if i < len(parts) - 2
        else f'<div class="lab-guess"{part.replace("</main>", FOLDED + "</article></main>")}'
        for i, part in enumerate(parts[1:])
    )


def test_a_guess_opens_its_answer_stays_and_can_be_taken_back(bare):
    """By keyboard alone; what is wrong is said; no answer is in sight before; axe finds nothing."""
    tab = bare(pairs(), boat(), change=with_folds)
    page, folds = tab.page, tab.page.locator(".lab-answer")
    page.locator(".fl-asks").nth(1).wait_for()
    seen = page.locator("main").inner_text()
    assert "28" not in seen and "It is" not in seen
    assert not folds.nth(0).evaluate("fold => fold.open")
    assert faults(page) == []
    field = page.get_by_role("textbox", name="pairs")
    field.focus()
    page.keyboard.type("many")
    page.keyboard.press("Enter")
    assert "Write a number" in page.locator(".fl-help").first.inner_text()
    assert field.get_attribute("aria-invalid") == "true"
    field.fill("56")
    page.keyboard.press("Enter")
    reply = page.locator(".fl-reply").first
    assert reply.inner_text() == "You said 56. You counted each twice. It is 28."
    assert page.locator(".fl-help").first.text_content() == "", "no complaint is left"
    assert page.locator(".fl-asks input").first.get_attribute("aria-invalid") == "false"
    assert [fold.evaluate("fold => fold.open") for fold in folds.all()] == [True, False]
    assert page.evaluate("document.activeElement.textContent") == "Ask again"
    page.get_by_role("button", name="more").press("Enter")
    assert page.locator(".fl-word:visible").count() == 0, "what was asked makes room"
    assert folds.nth(1).evaluate("fold => fold.open")
    assert faults(page) == []
    page.get_by_role("button", name="Ask again").last.press("Enter")
    assert [fold.evaluate("fold => fold.open") for fold in folds.all()] == [True, False]
    page.reload()
    page.locator(".fl-asks").nth(1).wait_for()
    assert reply.inner_text().startswith("You said 56."), "the page remembers"
    elsewhere = "Object.keys(localStorage).filter(key => !key.includes(location.pathname))"
    assert page.evaluate(elsewhere) == [], "and no other page has a question of this name"
    page.get_by_role("button", name="Ask again").first.press("Enter")
    assert page.evaluate("document.activeElement === document.querySelector('.fl-asks input')")
    page.reload()
    page.locator(".fl-asks").nth(1).wait_for()
    assert reply.inner_text() == "" and field.is_visible()
    assert tab.trouble == tab.outside == []


def test_a_trap_leads_to_a_state_and_a_figure_shows_the_guess_before_it(bare):
    """The question stays, no fold of others opens; the bet of the figure is the page's guess."""
    shown = guess(8, "outputs", tempting={2: "Two."}, ghost=("twist", "bet", {8: 8, 2: 2}))
    dial = Butterfly(title="twist", n=8, signal="two waves", stage=3, node=[1, 3])
    other = Butterfly(n=16, stage=0)
    tab = bare(shown, trap(), dial, other, change=with_folds)
    page, state = tab.page, "document.querySelector('[data-name=%s] .fl-figure').figure.state()"
    asks = page.locator(".fl-asks")
    asks.nth(1).wait_for()
    page.locator("[data-name=twist] .fl-figure[data-ready]").wait_for()
    page.get_by_role("button", name="sixteen").press("Enter")
    assert "How many?" in asks.nth(1).inner_text(), "the question stays"
    assert not page.locator(".lab-answer").nth(1).evaluate("fold => fold.open")
    link = asks.nth(1).get_by_role("link", name="there")
    link.press("Enter")
    page.wait_for_function(f"{state % 'butterfly'}.n === 8 && {state % 'butterfly'}.stage === 2")
    assert faults(page) == []

    asks.nth(0).get_by_role("textbox").fill("2^1")  # as she writes it
    page.keyboard.press("Enter")
    page.wait_for_function(f"{state % 'twist'}.bet === 2")
    page.goto(page.url.partition("#")[0])
    page.locator("[data-name=twist] .fl-figure[data-ready]").wait_for()
    assert page.evaluate(f"{state % 'twist'}.bet") == 2, "after a reload as well"
    asks.nth(0).get_by_role("button", name="Ask again").press("Enter")
    page.wait_for_function(f"{state % 'twist'}.bet === 0")
    asks.nth(0).get_by_role("textbox").fill("7")
    page.keyboard.press("Enter")
    assert page.evaluate(f"{state % 'twist'}.bet") == 0, "no bet of this figure"
    assert tab.trouble == tab.outside == []


def test_what_is_around_a_question_is_left_alone(bare):
    """The fold behind another question, the keyboard, keys of others, links where none lead."""
    tab = bare(pairs(), trap(), change=with_folds)
    page, asks = tab.page, tab.page.locator(".fl-asks")
    asks.nth(1).wait_for()
    page.locator(".lab-answer").first.evaluate("fold => fold.remove()")
    page.evaluate(
        "() => { window.heard = 0; addEventListener('keydown', () => window.heard += 1); }"
    )
    asks.first.get_by_role("textbox").press_sequentially("56")
    page.keyboard.press("Enter")
    assert "You said 56." in asks.first.inner_text()
    assert page.evaluate("heard") == 0, "letters are no one's shortcuts"
    assert not page.locator(".lab-answer").evaluate("fold => fold.open"), "of the next question"

    page.evaluate("document.activeElement.blur()")
    page.evaluate("document.body.append(document.querySelectorAll('.fl-asks')[1])")
    asks.nth(1).get_by_role("button", name="sixteen").evaluate("button => button.click()")
    assert page.evaluate("document.activeElement === document.body"), "a script moves no focus"
    assert "there" in asks.nth(1).locator(".fl-reply").inner_text()
    assert asks.nth(1).get_by_role("link").count() == 0, "only a page has addresses"
    asks.nth(1).evaluate("root => { root.stage.enlarge(); }")
    page.keyboard.press("PageDown")
    assert "You said sixteen." in asks.nth(1).locator(".fl-reply").inner_text(), "not overwritten"
    assert tab.trouble == tab.outside == []
