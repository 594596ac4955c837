"""The search shows the sentence in which a word stands, from disk as well, and tells no answer."""

import json
import re

from book.chapters import SHOW, cells, source
from paths import NOTEBOOKS

from fftia_lab.publish.excerpts import sections

PAGE = """<nav><p>Not the page.</p></nav><article class="bd-article">
<section id="one"><h1>One <b>thing</b><a class="headerlink" href="#one">#</a></h1>
<div class="lab-widget"><script type="application/json">{"answer": "<p>28"}</script></div>
<p>Two<br>words, <span class="math notranslate">\\(x_n\\)</span>.</p><p>And <img>three.</p>
<p>Or<details class="lab-fold"><summary>Show</summary><p>28.<details>7.</details></details>
<section id="two"><h2>Two</h2><table><tr><td>a</td><td>b</td></tr></table></section>
<p>After all.</p></section></article><p>Footer.</p>"""


def test_the_words_of_a_section_are_those_in_sight():
    assert sections(PAGE) == [
        ["one", "One thing", "Twowords, x_n. And three. Or After all."],
        ["two", "Two", "a b"],
    ]


def shown(site):
    """Page -> its sections, as the search page gets them."""
    text = (site / "_static" / "lab" / "search-texts.js").read_text("utf-8")
    return json.loads(text.partition("\n")[0].removeprefix("window.fftiaTexts = ").rstrip(";"))


def test_no_excerpt_tells_what_waits_behind_a_button(site):
    """Sentences of the notebooks' own folds, against all that an excerpt can be cut from."""
    pages, told = shown(site), 0
    for path in NOTEBOOKS:
        text = " ".join(words for _, _, words in pages[f"notebooks/{path.stem}"])
        assert len(text) > 3000
        said = "".join(map(source, cells(path)))
        outside = re.sub(rf"{SHOW}.*?</details>", "", said, flags=re.DOTALL)
        for cell in cells(path, "markdown"):
            for answer in re.findall(rf"{SHOW}(.*?)</details>", source(cell), re.DOTALL):
                for sentence in re.findall(r"[\w ,’;:]{25,}(?=\.)", answer):
                    if sentence.strip() not in outside:
                        assert sentence.strip() not in text, path.stem
                        told += 1
    assert told > 100


def found(tab):
    """Title of each page found -> its excerpt and the words marked in it."""
    entries = tab.page.locator("#search-results li").all()
    return {
        entry.locator("a").first.inner_text(): (
            " ".join(entry.locator(".lab-excerpt").all_inner_texts()),
            entry.locator("mark").all_inner_texts(),
        )
        for entry in entries
    }


def test_a_word_is_shown_in_its_sentence_and_leads_to_its_section(visit, way, site):
    tab = visit("search", way, link="?q=conjugates")
    _, marked = found(tab)["The DFT by definition"]
    assert "conjugate" in marked, "the plural finds the singular"
    link = tab.page.locator(".lab-excerpt a").first.get_attribute("href")
    name, anchor = link.split("#")
    assert f'id="{anchor}"' in (site / name).read_text("utf-8")
    assert tab.outside == tab.trouble == []


def test_the_answer_comes_while_one_types_and_is_told(visit, way):
    """In one place that stays, so that a screen reader says it; the field keeps the focus."""
    tab = visit("search", way, held=True, link="?q=benes")
    page, field = tab.page, tab.page.get_by_role("searchbox", name="Search this book")
    told = page.get_by_role("status").and_(page.locator(".search-summary"))
    stays = told.element_handle()
    for words, status, titles in (
        ("", "", set()),
        ("tagon", "No page of this book has “tagon”.", set()),
        ("", "", set()),
        ("octag", "1 result for “octag”.", {"The DFT by definition"}),
        ("xq", "No page of this book has “octagxq”.", set()),
        (" qqqq", "No page of this book has all the words of “octagxq qqqq”.", set()),
    ):
        if words:
            field.press_sequentially(words)
        else:
            field.fill("")
        assert told.inner_text() != status, "not before one rests"
        page.clock.run_for(300)
        assert told.inner_text() == status and {*found(tab)} == titles
        assert stays.evaluate("status => status.isConnected")
        assert field.evaluate("field => field === document.activeElement")
        asked = page.evaluate("new URLSearchParams(location.search).get('q') ?? ''")
        assert asked == field.input_value()
    page.reload(wait_until="load")
    assert told.inner_text() == status and field.input_value() == "octagxq qqqq"
    assert tab.outside == tab.trouble == []


def test_the_field_of_other_pages_says_that_it_waits_for_enter(visit):
    tab = visit("notebooks/01-dft-by-definition", "file", viewport={"width": 360, "height": 740})
    page, field = tab.page, tab.page.get_by_role("searchbox", name="Search, then press Enter")
    page.get_by_role("button", name="Search").click()
    room, words = field.evaluate(
        """field => {
          const pen = document.createElement("canvas").getContext("2d");
          const { font, paddingLeft, paddingRight } = getComputedStyle(field);
          pen.font = font;
          const room = field.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
          return [room, pen.measureText(field.placeholder).width];
        }"""
    )
    assert 100 < words < room
    field.fill("octagon")
    field.press("Enter")
    page.wait_for_selector("#search-results li")
    assert {*found(tab)} == {"The DFT by definition"}


def test_what_is_only_in_a_fold_is_found_and_not_told(visit):
    tab = visit("search", "file", link="?q=octagon")
    assert found(tab)["The DFT by definition"] == ("Behind a button of this page.", [])


def test_words_are_found_by_their_beginnings(visit):
    pages = found(visit("search", "file", link="?q=form")).values()
    marked = {word.lower() for _, words in pages for word in words}
    assert "form" in marked and "transform" not in marked


def test_a_word_is_found_while_it_is_longer_than_its_stem(visit):
    """The index holds "recurs" for recursion and recursive."""
    pages = found(visit("search", "file", link="?q=recursi"))
    assert "Divide and conquer" in pages
    marked = {word.lower()[:7] for _, words in pages.values() for word in words}
    assert marked == {"recursi"}


def test_a_name_is_found_without_its_accent_and_no_button_is_said_where_none_is(visit):
    pages = found(visit("search", link="?q=benes"))
    assert "Benes" in pages["Glossary"][1]
    assert pages["References"][0] and "button" not in pages["References"][0]


def test_a_word_of_a_heading_alone_is_behind_no_button(visit, site):
    """Though the page has buttons: it is shown from its beginning."""
    _, heading, words = shown(site)["notebooks/02-divide-and-conquer"][0]
    excerpt, marked = found(visit("search", "file", link="?q=conquer"))[heading]
    assert "conquer" in heading and marked == [], "the word stands in no text"
    assert excerpt.startswith(words[:60])
