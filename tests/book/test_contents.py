"""The contents beside a page: no number is missing, for what is not written yet is said there."""

import re

import yaml

from fftia_lab.publish.contents import with_unwritten

LINE = '<li class="toctree-l1"><a class="reference internal" href="{0}.html">{0}. {1}</a></li>\n'
LINES = [LINE.format(number, "A & B") for number in (1, 2, 4)]


def test_a_chapter_to_come_stands_where_its_number_belongs():
    end = '<li><a href="x">X</a></li></ul>'
    contents = "<ul>" + "".join(LINES[:2]) + "</ul><ul>" + LINES[2] + end
    found = with_unwritten(contents, {5: "Five", 3: "Three"})
    words = re.sub(r"<[^>]*>", "|", found)
    assert re.findall(r"(?:\d\. |X)[^|\n]*", words) == [
        "1. A & B",
        "2. A & B",
        "3. Three (not written yet)",
        "4. A & B",
        "5. Five (not written yet)",
        "X",
    ]
    assert found.count("<a ") == 4, "what is not there is no link"


def test_the_books_own_numbers_have_no_gap_and_the_cover_names_what_is_to_come(root):
    config = yaml.safe_load((root / "_config.yml").read_text("utf-8"))
    unwritten = config["sphinx"]["config"]["lab_unwritten"]
    written = map(int, re.findall(r'title: "(\d+)\. ', (root / "_toc.yml").read_text("utf-8")))
    numbers = sorted([*written, *unwritten])
    assert numbers == [*range(1, len(numbers) + 1)]
    cover = (root / "book" / "intro.md").read_text("utf-8")
    (sentence,) = re.findall(r".*not written yet: (.*)", cover)
    assert [int(number) for number in re.findall(r"\d+", sentence)] == sorted(unwritten)


def test_the_contents_of_each_page_say_it(site):
    pages = [*site.glob("notebooks/*.html"), site / "search.html", site / "book" / "intro.html"]
    for path in pages:
        nav = path.read_text("utf-8").partition("bd-docs-nav")[2].partition("</nav>")[0]
        numbers = re.findall(r"<li [^>]*>(?:<a [^>]*>)?\s*(\d+)\. ", nav)
        assert numbers == [str(1 + i) for i in range(len(numbers))] and len(numbers) > 14, path.stem
        assert nav.count("(not written yet)") == 2
    assert len(pages) > 12
