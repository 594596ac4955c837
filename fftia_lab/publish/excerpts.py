"""What the search shows of a page: its words, section by section, as far as they are in sight.

Sphinx's own excerpts fetch the pages that were found, which a browser refuses from disk. Here the
build reads the pages that it has written, so that a student's edition tells no solution, and what
waits behind a button is left out: an excerpt must not tell an answer before its guess.
"""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from .assets import SEARCH

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FILE = "search-texts.js"
VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
# Elements, and elements of a class, whose words belong to no sentence of the page.
SILENT = {"details", "script", "style", "noscript", "button", "svg"}
SILENT_CLASSES = {"headerlink", "lab-run", "toctree-wrapper"}
HEADINGS = {"h1", "h2", "h3", "h4"}
BLOCKS = {"p", "li", "div", "pre", "td", "th", "dd", "dt", "tr"}


# A formula that can be read as it is written; another is left out, and seen to be.
PLAIN = re.compile(r"[\w\s=+−/,.()!<>-]{1,24}")


def spoken(formula: str) -> str:
    r"""Return a formula as words around it would say it.

    >>> spoken(r"\(x_n\)"), spoken(r"\(\frac{1}{N}\sum_n x_n\)")
    ('x_n', '…')
    """
    inside = formula.strip()[2:-2]
    return inside if PLAIN.fullmatch(inside) else "…"


class Element(NamedTuple):
    """An open element: its name, the number of its section, whether its words are left out."""

    name: str
    section: int
    silent: bool


class Sections(HTMLParser):
    """Reads a page: after `feed`, `found` holds [anchor, heading, words] of each section."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[list[str]] = []
        self.open: list[Element] = []  # from <article> inwards
        self.heading = self.formula = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID or not (self.open or tag == "article"):
            return
        given = {name: value or "" for name, value in attrs}
        classes = set(given.get("class", "").split())
        above = self.open[-1] if self.open else Element("", -1, False)
        section = above.section
        if tag == "section":
            self.found.append([given.get("id", ""), "", ""])
            section = len(self.found) - 1
        silent = above.silent or tag in SILENT or bool(SILENT_CLASSES & classes)
        self.open.append(Element(tag, section, silent))
        self.heading = tag in HEADINGS or self.heading
        self.formula = "math" in classes

    def handle_endtag(self, tag: str) -> None:
        if tag not in (element.name for element in self.open):
            return
        while (closed := self.open.pop()).name != tag:
            pass  # HTML need not close a paragraph
        if tag in BLOCKS and closed.section >= 0:
            self.found[closed.section][2] += " "
        self.formula = False
        self.heading = self.heading and tag not in HEADINGS

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1].silent or self.open[-1].section < 0:
            return
        said = spoken(data) if self.formula else data
        self.found[self.open[-1].section][1 if self.heading else 2] += said


def sections(page: str) -> list[list[str]]:
    """Return [anchor, heading, words] of each section of a page's HTML, in order.

    >>> sections('<article><section id="a"><h1>One</h1><p>Seen.</p>'
    ...          '<details><p>Not yet.</p></details></section></article>')
    [['a', 'One', 'Seen.']]
    """
    reader = Sections()
    reader.feed(page)
    return [
        [anchor, *(" ".join(part.split()) for part in parts)] for anchor, *parts in reader.found
    ]


def texts(site: Path, pages: list[str]) -> str:
    """Return the script that hands the sections of all pages to the search page, and which fold."""
    read = {page: (site / f"{page}.html").read_text("utf-8") for page in pages}
    held = {page: sections(html) for page, html in read.items()}
    folded = [page for page, html in read.items() if "<details" in html.partition("<article")[2]]
    return "".join(
        f"window.{name} = {json.dumps(value, ensure_ascii=False, separators=(',', ':'))};\n"
        for name, value in (("fftiaTexts", held), ("fftiaFolded", folded))
    )


def _ask(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object) -> None:
    if page == "search":
        for place, script in enumerate((FILE, *SEARCH)):
            app.add_js_file(f"lab/{script}", priority=600 + place, defer="defer")


def _write(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.format != "html":
        return
    site = Path(app.outdir)
    pages = sorted(app.env.found_docs & set(app.env.all_docs))
    (site / "_static" / "lab" / FILE).write_text(texts(site, pages), "utf-8")


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", _ask)
    app.connect("build-finished", _write)
