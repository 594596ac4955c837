"""The page "Related work" beside the figure's table: the same methods, the same words."""

import json
import re

import pytest
from paths import ROOT
from pybtex.database import parse_file
from widgets.corners import oracle

from fftia_lab.widgets.corners.tables import COLUMNS, FAMILIES, MARKS, STATES, markdown

TEXT = (ROOT / "book" / "related-work.md").read_text("utf-8")
ENTRIES = parse_file(str(ROOT / "book" / "references.bib")).entries
CITED = [(key, source) for _, key, source, *_ in oracle.ROWS if key]
EVERYTHING = dict.fromkeys(COLUMNS, True)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_page_without_figures_says_the_same(family):
    assert f"\n\n{markdown(family)}\n\n" in TEXT, f"markdown({family!r}) says what to paste"


def test_the_page_has_every_method_once():
    marks = "".join(MARKS.values())
    rows = re.findall(rf"^\| ([^|]+?) \| [{marks}] .+$", TEXT, re.MULTILINE)
    assert sorted(rows) == sorted(oracle.NAMES)
    assert len(set(oracle.NAMES)) == len(oracle.NAMES)


def test_every_cell_has_a_state_and_words():
    for name, _, _, *cells in oracle.ROWS:
        assert len(cells) == len(COLUMNS), name
        assert all(cell[0] in STATES and len(cell) > 2 and cell[1] == " " for cell in cells), name


@pytest.mark.parametrize(("key", "source"), CITED)
def test_every_method_has_its_reference(key, source):
    entry = ENTRIES[key]
    authors = [str(person.rich_last_names[-1]) for person in entry.persons["author"]]
    names, year = re.fullmatch(r"(.+) \((\d{4})\)", source).groups()
    assert year == entry.fields["year"]
    if names.endswith(" and others"):
        assert names.removesuffix(" and others") == authors[0] and len(authors) > 3
    else:
        given = [name.split()[-1] for name in re.split(", | and ", names)]
        assert given == authors
    number = entry.fields.get("eprint") or entry.fields.get("doi")
    link = number or entry.fields["url"].removeprefix("https://")
    assert f"{source}, [" in TEXT and f"{link}](" in TEXT, "and the page names it"


def kept(**asked):
    return oracle.those({**EVERYTHING, **asked}, "in")


def names(rows):
    return {oracle.NAMES[row] for row in rows}


def test_the_page_counts_as_the_table_does():
    assert f"how many of the {len(oracle.ROWS)} keep all six?" in TEXT
    assert kept() == [] and names(oracle.those(EVERYTHING, "open")) == {"Pixelated Butterfly"}
    (unsaid,) = (row[3:] for row in oracle.ROWS if row[0] == "Pixelated Butterfly")
    assert "a pattern for any layer, leaves four of them open" in TEXT
    assert [cell[0] for cell in unsaid].count("?") == 4
    assert "one softmax leave eleven methods. Nine read a part of the tokens in a layer;" in TEXT
    eleven = oracle.those({**dict.fromkeys(COLUMNS, False), "cost": True, "exact": True}, "in")
    assert len(eleven) == 11
    reach = {row for row in eleven if oracle.ROWS[row][5][0] == "+"}
    assert "CAT and circulant attention read all" in TEXT
    assert names(reach) == {"CAT", "Circulant attention"}
    assert "six keep the other five" in TEXT and len(kept(exact=False)) == 6
    beside = "beside Hyena, Performer, linear attention, Mamba and log-linear attention"
    assert beside in TEXT
    found = {name.lower() for name in names(kept(exact=False))} - {"the layer of this book"}
    assert found == {"hyena", "performer", "linear attention", "mamba", "log-linear attention"}


def test_the_scenes_show_what_the_text_links_to():
    options = json.loads(re.search(r"^\{.*\}$", TEXT, re.MULTILINE)[0])
    links = re.findall(r'href="#corners\?([^"]+)"', TEXT)
    asked = [dict(part.split("=") for part in link.split("&")) for link in links]
    linked = [{name: json.loads(value) for name, value in link.items()} for link in asked]
    assert all(scene["set"] in linked for scene in options["scenes"])
