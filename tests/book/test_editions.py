"""The book for students, made from what the tested build has run: no notebook runs again."""

import json
import re
from html import unescape

from book.chapters import cells, source
from book.test_solutions import SOLUTION
from book.told import files, telling
from paths import NOTEBOOKS, ROOT

from fftia_lab.publish.building import build, fingerprint, is_fresh
from fftia_lab.publish.editions import INSTEAD, STUDENT, place

TAG = re.compile(r"<[^>]+>")


def words(page):
    """What a page says, without tags and spaces."""
    return "".join(unescape(TAG.sub("", page.decode())).split())


def solutions(path):
    """The solutions of a chapter, without spaces."""
    found = [SOLUTION.search(source(cell)) for cell in cells(path, "markdown")]
    return ["".join(match[1].split()) for match in found if match]


def known(site):
    """The words that a site's search finds, in texts or in titles."""
    index = json.loads(re.search(rb"setIndex\((.+)\)", site["searchindex.js"])[1])
    return {*index["terms"], *index["titleterms"]}


# One test: two workers must not build into one folder at once.
def test_students_read_a_sentence_for_each_solution_and_miss_nothing_else(site):
    assert is_fresh(site.parent, fingerprint(ROOT)), "or all notebooks would run: make built"
    full, output = files(site), site.parents[1]
    assert build(ROOT, output, edition=STUDENT) == 0
    assert files(site) == full, "the whole book is left as it was"
    student = files(place(output, STUDENT) / "html")

    texts = "_static/lab/search-texts.js"
    excerpts = ["".join(held[texts].decode().split()) for held in (full, student)]
    told = 0
    for path in NOTEBOOKS:
        page = f"notebooks/{path.stem}.html"
        here, there = words(full[page]), words(student[page])
        for solution in solutions(path):
            assert solution in here and solution not in there, path.stem
            assert not [said for said in excerpts if json.dumps(solution)[1:-1] in said]
            told += 1
        assert student[page].decode().count(INSTEAD) == len(solutions(path))
        assert full[page].count(b"<summary>Show<") == student[page].count(b"<summary>Show<")
    assert told > 40
    assert telling("<summary>A solution", full) and not telling("<summary>A solution", student)
    assert {name.partition("/")[0] for name in set(full) - set(student)} == {"_sources"}
    more, fewer = known(student) - known(full), known(full) - known(student)
    assert more <= {"teacher"} and fewer, "whose edition has the plans"
    taught = "book/teaching.html"
    assert "Expect" in words(full[taught]) and "Expect" not in words(student[taught])
    assert "../notebooks/02-divide-and-conquer.html#" not in student[taught].decode()
