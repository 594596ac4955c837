"""A chapter as slides: from its title to what is settled, by a clicker alone, from disk."""

import json

import pytest
from book.chapters import cells, source, tags
from book.test_solutions import SOLUTION
from kit.axe import faults
from kit.figures import STILL
from kit.tabs import STARTED, frames
from paths import NOTEBOOKS

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
    page.keyboard.press("PageUp")
    page.locator(STAGE).wait_for()
    assert page.get_by_role("dialog", name="What is settled").count() == 0, "the slide before it"
    assert faults(page) == []
    page.keyboard.press("b")
    assert page.locator(STAGE).count() == 0
    here = "document.activeElement.getBoundingClientRect().top"
    assert page.evaluate("document.activeElement !== document.body"), "the keyboard goes on here"
    assert 0 <= page.evaluate(here) < 900
