"""What answers a guess waits on the page until its button is pressed, by mouse or by key."""

import re

import pytest
from book.chapters import ASKS, GUESSES, cells, source, waiting_outputs
from kit.figures import STILL
from kit.tabs import STARTED, Visit
from paths import NOTEBOOKS

from fftia_lab.widgets import Butterfly

ANSWER = ".lab-answer"
# In document order what may be seen: words in italics, buttons, what cells printed.
SEEN = f"""found => found.filter(part => part.checkVisibility()).map(part => [
  part.matches('{ANSWER}') ? 'answer' : part.localName === 'em' ? 'em' : 'output',
  part.innerText])"""
PARTS = f"article em, {ANSWER}, article .cell_output"


def chapter(number):
    return next(path for path in NOTEBOOKS if path.stem.startswith(number))


def words(text):
    return " ".join(text.split())


def waiting_lines(path):
    return [words(line) for line in waiting_outputs(path)]


def article(page):
    return words(page.locator("article").inner_text())


def press(page, button, key):
    if key:
        button.focus()
        page.keyboard.press(key)
    else:
        button.click()


@pytest.fixture(scope="module", params=GUESSES)
def asking(browser, addresses, request):
    """A chapter that asks, looked at first and then opened."""
    tab = Visit(browser, tuple(addresses.values()), **STILL)
    tab.number = request.param
    yield tab.open(f"{addresses['http']}/notebooks/{chapter(tab.number).stem}.html")
    assert tab.trouble == tab.outside == []
    tab.close()


def test_every_guess_is_followed_by_its_button_and_by_nothing_that_tells(asking):
    number, path, page = asking.number, chapter(asking.number), asking.page
    asked, open_guess = 0, False
    for kind, text in page.eval_on_selector_all(PARTS, SEEN):
        if kind == "em" and ASKS.fullmatch(f"*{text}*"):
            assert not open_guess, f"guess {asked} has no button"
            asked, open_guess = asked + 1, True
        elif kind == "answer":
            assert open_guess, f"a second button for guess {asked}"
            assert text == "Show", "closed, with nothing but its button"
            open_guess = False
        elif kind == "output" and open_guess:
            assert text.strip() == "" or "\n" in text, f"guess {asked}: only figures stand here"
    assert asked == GUESSES[number] and not open_guess
    code = words("\n".join(map(source, cells(path, "code"))))  # it says heads of tables
    lines = [line for line in waiting_lines(path) if len(line) > 10 and re.search(r"\d", line)]
    told = [line for line in lines if line not in code]
    assert len(told) >= 3
    seen = article(page)
    assert [line for line in told if line in seen] == []


# Parts of a plot that reach out of it by more than a pixel; it is a drawing or a text.
STICKING_OUT = """plot => {
  const { left, right } = plot.getBoundingClientRect();
  return [...plot.querySelectorAll('.main-svg, .main-svg text')].filter((part) => {
    const box = part.getBoundingClientRect();
    return box.width && (box.left < left - 1 || box.right > right + 1);
  }).map((part) => part.textContent.slice(0, 40));
}"""


# The button of a fold says this to the eye and to the ear.
SAYS = """([{children: [button]}, says]) => [button.textContent, button.getAttribute('aria-label')]
  .every(words => words.trim().startsWith(says))"""


def test_buttons_open_by_mouse_and_by_key_and_show_everything(asking):
    path, page, folds = chapter(asking.number), asking.page, asking.page.locator(ANSWER)
    for which in range(folds.count()):
        page.wait_for_function(STARTED)  # what stands still can be hit
        fold, key = folds.nth(which), ("", "Enter", "Space")[which % 3]
        for says in ("Hide", "Show", "Hide") if which < 3 else ("Hide",):
            press(page, fold.locator("> summary"), key)
            is_open = fold.evaluate("fold => fold.open")
            assert is_open == (says == "Hide"), f"answer {which + 1}, {key or 'mouse'}"
            page.wait_for_function(SAYS, arg=[fold.element_handle(), says])
    seen = article(page)
    assert [line for line in waiting_lines(path) if line not in seen] == []
    for plot in folds.locator(".lab-plotly").all():
        plot.scroll_into_view_if_needed()
        plot.locator(".main-svg").first.wait_for()
        assert plot.get_attribute("data-mounted") == "ok"
        assert plot.locator(".main-svg").first.bounding_box()["width"] > 400, "drawn where it is"
        assert plot.evaluate(STICKING_OUT) == []
    wide = page.viewport_size
    page.set_viewport_size({**wide, "width": 360})
    for plot in folds.locator(".lab-plotly").all():
        plot.scroll_into_view_if_needed()
        page.wait_for_function(  # it is drawn again a moment after the page became narrow
            f"plot => ({STICKING_OUT})(plot).length === 0", arg=plot.element_handle()
        )
    page.set_viewport_size(wide)


def test_solutions_wait_too(visit):
    page = visit("notebooks/03-the-butterfly").page
    folds = page.locator(".lab-fold:not(.lab-answer)")
    assert folds.all_inner_texts() == ["A solution", "A solution"]
    folds.first.locator("summary").press("Enter")
    assert "return fft_iterative(spectrum.conj()).conj() / len(spectrum)" in article(page)


def test_without_scripts_an_answer_still_opens(visit):
    page = visit("notebooks/03-the-butterfly", java_script_enabled=False).page
    fold = page.locator(ANSWER).nth(1)
    telling = fold.get_by_text("Not 1 and not 2: card 4.")
    assert not telling.is_visible()
    fold.locator("> summary").click()
    assert telling.is_visible()


def test_a_search_in_the_page_opens_the_fold(visit):
    link = "#:~:text=the%20corners%20of%20an%20octagon"
    page = visit("notebooks/01-dft-by-definition", link=link).page
    page.wait_for_function(f"document.querySelectorAll('{ANSWER}')[2].open")
    assert page.locator(f"{ANSWER}[open]").count() == 1


def test_the_index_knows_what_waits(visit):
    page = visit("search", link="?q=octagon").page
    page.wait_for_selector("#search-results li a")
    assert "The DFT by definition" in page.locator("#search-results li a").all_inner_texts()


def folded(page):
    """The page with its figure in a fold in a fold."""
    host = re.search(r'<div class="lab-widget".*?</div>', page, re.S)[0]
    return page.replace(host, f"<details><details>{host}</details></details>")


def test_a_link_to_a_figure_opens_the_folds_around_it(bare):
    tab = bare(Butterfly(), link="#butterfly?stage=2", change=folded, **STILL)
    tab.page.wait_for_selector(".lab-widget[data-mounted=ok]")
    tab.page.locator(".fl-figure").wait_for(state="visible")
    assert tab.page.evaluate("document.querySelector('.fl-figure').figure.state().stage") == 2
    assert tab.trouble == []
